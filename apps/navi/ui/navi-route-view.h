/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-canvas.h"
#include "navi-planner.h"

G_BEGIN_DECLS

/* The planner's ends and routes on the map.
 *
 * Threading: the main thread. */

void navi_route_view_show (NaviCanvas *canvas, NaviPlanner *planner);

/* Brings all routes into view above what covers the lowest @bottom_px. */
void navi_route_view_fit (NaviCanvas *canvas, NaviPlanner *planner, int bottom_px);

G_END_DECLS
