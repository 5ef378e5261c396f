/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-request.h"
#include "navi-route.h"

G_BEGIN_DECLS

/* NaviRouter: finds routes in one region.
 *
 * Threading: make it and call _async from the thread of your main context; the search runs on a thread of GLib's pool, several at once if
 * asked for.  navi_router_route() blocks and may be called from any thread.
 * Ownership: the router keeps its region alive.
 * Errors: CLOUD_ERROR_NOT_FOUND (no road near a point, or no way between them: tell the user), CORRUPT (the region is damaged), INVALID (fewer
 * than two points), G_IO_ERROR_CANCELLED. */

#define NAVI_TYPE_ROUTER (navi_router_get_type ())
G_DECLARE_FINAL_TYPE (NaviRouter, navi_router, NAVI, ROUTER, GObject)

/* Returns: (transfer full) (nullable): NULL with NOT_FOUND if the region has no roads, or CORRUPT */
NaviRouter *navi_router_new (NaviRegion *region, GError **error);

/* (transfer none) */
NaviRegion *navi_router_get_region (NaviRouter *self);

/* The roads, for other parts of the engine that would otherwise decode them a second time.  (transfer none) */
const NaviGraph *navi_router_get_graph (NaviRouter *self);

/* Returns: (transfer full) (nullable): NULL with @error set */
NaviRoute *navi_router_route (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error);

/* The best route first, then the alternatives that were asked for, the fastest first, as far as there are any worth offering.
 * Returns: (transfer full) (nullable) (element-type NaviRoute) */
GPtrArray *navi_router_route_all (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error);

/* After NOT_FOUND: which of the kinds of road that were to be avoided, or that the vehicle is too much for, no way can do without (NaviAvoid);
 * 0 if there is no way even so.  @way: (out) (transfer full) (nullable) (optional): that way: its remained stretches are what stands in the way.
 * Blocks. */
guint navi_router_find_obstacles (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, NaviRoute **way);

void navi_router_route_all_async (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);

/* As navi_router_route_all(); @obstacles: (out): what navi_router_find_obstacles() says, after NOT_FOUND. */
GPtrArray *navi_router_route_all_finish (NaviRouter *self, GAsyncResult *result, guint *obstacles, GError **error);

G_END_DECLS
