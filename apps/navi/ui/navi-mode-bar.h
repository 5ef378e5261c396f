/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"
#include "navi-planner.h"

G_BEGIN_DECLS

/* NaviModeBar: car, bicycle or foot: shows and sets the planner's profile.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_MODE_BAR (navi_mode_bar_get_type ())
G_DECLARE_FINAL_TYPE (NaviModeBar, navi_mode_bar, NAVI, MODE_BAR, GtkWidget)

GtkWidget *navi_mode_bar_new (NaviPlanner *planner);

G_END_DECLS
