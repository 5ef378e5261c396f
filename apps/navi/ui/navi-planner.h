/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-regions.h"
#include "navi-route.h"
#include "navi-wishes.h"

G_BEGIN_DECLS

/* NaviPlanner: the one route that the window is about: from where, to where, how, and what came of it.  It outlives the process: the plan is in
 * the settings, and the route is found anew.
 *
 * Threading: the main thread; the search runs elsewhere.  Ownership: GObject.
 * Signal "changed": any of what the getters give. */

typedef enum
{
  NAVI_PLANNER_EMPTY,       /* no destination */
  NAVI_PLANNER_NEEDS_START, /* a destination, and neither a start nor a position */
  NAVI_PLANNER_SEARCHING,
  NAVI_PLANNER_READY,
  NAVI_PLANNER_FAILED,
} NaviPlannerState;

#define NAVI_TYPE_PLANNER (navi_planner_get_type ())
G_DECLARE_FINAL_TYPE (NaviPlanner, navi_planner, NAVI, PLANNER, GObject)

/* Takes up the plan that the settings hold. */
NaviPlanner *navi_planner_new (NaviRegions *regions, GSettings *settings);

/* @names: (nullable) */
void navi_planner_set_destination (NaviPlanner *self, const NaviNames *names, double lat_deg, double lon_deg);
void navi_planner_set_start (NaviPlanner *self, const NaviNames *names, double lat_deg, double lon_deg);

/* Where the device is: the start of a plan that has none. */
void navi_planner_set_position (NaviPlanner *self, double lat_deg, double lon_deg);

void navi_planner_set_profile (NaviPlanner *self, NaviProfile profile);
NaviProfile navi_planner_get_profile (NaviPlanner *self);

/* What routes of this profile keep clear of; kept for the next time. */
const NaviWishes *navi_planner_get_wishes (NaviPlanner *self);
void navi_planner_set_wishes (NaviPlanner *self, const NaviWishes *wishes);

/* Forgets start, destination and route. */
void navi_planner_clear (NaviPlanner *self);

/* After a failure, or when a region was added. */
void navi_planner_retry (NaviPlanner *self);

NaviPlannerState navi_planner_get_state (NaviPlanner *self);
NaviRoute *navi_planner_get_route (NaviPlanner *self);            /* the chosen one: (transfer none) (nullable) */
const GError *navi_planner_get_error (NaviPlanner *self);         /* (nullable) */
const NaviNames *navi_planner_get_destination_names (NaviPlanner *self); /* (nullable): NULL without one */

/* The best route first; @chosen: (out): which of them navi_planner_get_route() gives.  (transfer none) (nullable) (element-type NaviRoute) */
GPtrArray *navi_planner_get_routes (NaviPlanner *self, guint *chosen);
void navi_planner_choose (NaviPlanner *self, guint index);

/* Where no route was found: which of the kinds of road that are never to be used (NaviAvoid) no way can do without; 0: no way in any case. */
guint navi_planner_get_obstacles (NaviPlanner *self);

/* FALSE where there is none. */
gboolean navi_planner_get_destination (NaviPlanner *self, double *lat_deg, double *lon_deg);
gboolean navi_planner_get_start (NaviPlanner *self, double *lat_deg, double *lon_deg);

G_END_DECLS
