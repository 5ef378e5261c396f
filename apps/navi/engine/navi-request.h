/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"

G_BEGIN_DECLS

/* NaviRouteRequest: what a route is asked for: points, a profile, and wishes.
 *
 * A wish to avoid is a must: without such a way there is no route.  A price says how many seconds longer another way may be than one
 * that comes onto such a road; where the road remains, the route says so (navi_route_get_remained()).
 *
 * Threading: one thread until it is handed over. */

typedef struct _NaviRouteRequest NaviRouteRequest;

/* (transfer full) */
NaviRouteRequest *navi_route_request_new (NaviProfile profile);
NaviRouteRequest *navi_route_request_copy (const NaviRouteRequest *self);
void navi_route_request_free (NaviRouteRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviRouteRequest, navi_route_request_free)

/* The first point is where the route begins, the last where it ends, those between are passed in order. */
void navi_route_request_add_point (NaviRouteRequest *self, double lat_deg, double lon_deg);

/* @avoid: NaviAvoid */
void navi_route_request_set_avoid (NaviRouteRequest *self, guint avoid);

/* When the route begins: conditional tags are read for this minute, on all of it.  Without: now, by the device's clock. */
void navi_route_request_set_depart (NaviRouteRequest *self, const NaviLocalTime *at);

/* What of the vehicle is not to be more than a road allows: mm or kg; 0: not known.  A must, for a car or a bicycle. */
void navi_route_request_set_size (NaviRouteRequest *self, NaviSize size, guint32 value);

/* @what: one NaviAvoid; @seconds: 0 takes the price away, at most 65535. */
void navi_route_request_set_price (NaviRouteRequest *self, NaviAvoid what, guint seconds);

/* @percent: of the usual speed on roads of the class, 10 to 250. */
void navi_route_request_set_speed (NaviRouteRequest *self, NaviRoadClass road_class, guint percent);

/* Not over the piece of road nearest to the point, up to the next junctions. */
void navi_route_request_block_road (NaviRouteRequest *self, double lat_deg, double lon_deg);

/* Not over any road that comes nearer than @radius_m to the point. */
void navi_route_request_block_area (NaviRouteRequest *self, double lat_deg, double lon_deg, double radius_m);

/* Not over the next @metres of the way that one would go, from the next junction on. */
void navi_route_request_block_ahead (NaviRouteRequest *self, double metres);

/* How many routes beside the best one are wanted, if there are any worth it: at most 5; only from one point to another. */
void navi_route_request_set_alternatives (NaviRouteRequest *self, guint n);

/* ---- Words ---- */

/* "toll", "ferry", "motorway", "unpaved", "tunnel", "border"; of a vehicle that is too much "height", "width", "length", "weight", "axleload" */
const char *navi_avoid_to_string (NaviAvoid what);

/* A comma-separated list of the former to NaviAvoid; FALSE if a word is not known. */
gboolean navi_avoid_from_string (const char *list, guint *avoid);

/* "toll,ferry=900": prices, with a usual one where none is given; FALSE if it does not say that. */
gboolean navi_route_request_parse_prices (NaviRouteRequest *self, const char *list);

/* "motorway=80,residential=110": percent of the usual speeds */
gboolean navi_route_request_parse_speeds (NaviRouteRequest *self, const char *list);

/* "height=3.5,weight=7.5t,width=8'2\"": FALSE if it does not say that. */
gboolean navi_route_request_parse_vehicle (NaviRouteRequest *self, const char *list);

/* "LON,LAT" for a road, "LON,LAT,METRES" for an area; several with a semicolon between. */
gboolean navi_route_request_parse_blocks (NaviRouteRequest *self, const char *list);

G_END_DECLS
