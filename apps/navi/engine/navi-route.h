/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "navi-graph.h"
#include "navi-names.h"
#include "navi-step.h"

G_BEGIN_DECLS

/* NaviRoute: a way from one point over others to a last one, with its line and its instructions.
 *
 * Threading: immutable; any thread.
 * Ownership: what getters give belongs to the route. */

typedef struct
{
  double lat_deg;
  double lon_deg;
} NaviCoordinate;

/* From one point asked for to the next. */
typedef struct
{
  double distance_m;
  double duration_s;
  guint first_step; /* in the route's steps */
  guint n_steps;
} NaviLeg;

/* On which side of another route a route passes that is named by the same road. */
typedef enum
{
  NAVI_SIDE_NONE,
  NAVI_SIDE_NORTH,
  NAVI_SIDE_EAST,
  NAVI_SIDE_SOUTH,
  NAVI_SIDE_WEST,
  NAVI_N_SIDES,
} NaviSide;

/* A stretch of road that one would rather not have used. */
typedef struct
{
  NaviAvoid what;
  NaviNames *names;
  guint first_point; /* in the geometry */
  double distance_m;
  double longer_s; /* that a way without any such road takes; negative: there is none */
} NaviRemained;

/* Road along which the limit and what it is stay the same. */
typedef struct
{
  guint first_point; /* in the geometry */
  double distance_m;
  guint limit_kmh;   /* what the signs say; 0: not known, 255: no limit */
  gboolean is_tunnel;
} NaviStretch;

#define NAVI_TYPE_ROUTE (navi_route_get_type ())
G_DECLARE_FINAL_TYPE (NaviRoute, navi_route, NAVI, ROUTE, GObject)

NaviProfile navi_route_get_profile (NaviRoute *self);
double navi_route_get_distance_m (NaviRoute *self);
double navi_route_get_duration_s (NaviRoute *self);

/* The exact time in milliseconds, as the search counts it: without prices. */
guint64 navi_route_get_time_ms (NaviRoute *self);

/* The line, at least two points. */
const NaviCoordinate *navi_route_get_geometry (NaviRoute *self, guint *n_points);

const NaviLeg *navi_route_get_legs (NaviRoute *self, guint *n_legs);

/* The whole way, in pieces of one limit. */
const NaviStretch *navi_route_get_stretches (NaviRoute *self, guint *n_stretches);

/* Which NaviAvoid the route uses. */
guint navi_route_get_traits (NaviRoute *self);

/* Of a route among alternatives: the longest road of its own that has a name, else empty. */
const NaviNames *navi_route_get_via (NaviRoute *self);

/* Where another of the alternatives goes by the same road: on which side of it this one does. */
NaviSide navi_route_get_via_side (NaviRoute *self);

/* The stretches of roads that were to be used rather not (navi_route_request_set_price()) and yet are. */
const NaviRemained *navi_route_get_remained (NaviRoute *self, guint *n_remained);

/* All steps of all legs, as a model of NaviStep.  (transfer none) */
GListModel *navi_route_get_steps (NaviRoute *self);

/* "car", "bicycle", "foot"; FALSE if @name is none of them. */
gboolean navi_profile_from_string (const char *name, NaviProfile *profile);
const char *navi_profile_to_string (NaviProfile profile);

G_END_DECLS
