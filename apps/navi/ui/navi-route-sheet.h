/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-planner.h"
#include "navi-step.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* NaviRouteSheet: the plan: by car, bicycle or on foot, how long, how far, the steps; or what is missing.
 *
 * Signals: "step-chosen" (NaviStep *), "closed".
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_ROUTE_SHEET (navi_route_sheet_get_type ())
G_DECLARE_FINAL_TYPE (NaviRouteSheet, navi_route_sheet, NAVI, ROUTE_SHEET, GtkWidget)

GtkWidget *navi_route_sheet_new (NaviPlanner *planner);

G_END_DECLS
