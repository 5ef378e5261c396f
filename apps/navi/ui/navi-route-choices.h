/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"
#include "navi-planner.h"

G_BEGIN_DECLS

/* NaviRouteChoices: the planner's routes where there are several, each with its difference in words; a tap chooses one.
 *
 * Threading: the main thread.  Ownership: GtkWidget's.
 * It has children only where there is something to choose: navi_route_choices_get_any(). */

#define NAVI_TYPE_ROUTE_CHOICES (navi_route_choices_get_type ())
G_DECLARE_FINAL_TYPE (NaviRouteChoices, navi_route_choices, NAVI, ROUTE_CHOICES, GtkWidget)

GtkWidget *navi_route_choices_new (NaviPlanner *planner);

gboolean navi_route_choices_get_any (NaviRouteChoices *self);

G_END_DECLS
