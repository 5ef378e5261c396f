/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"

G_BEGIN_DECLS

/* NaviMatchPoints: the places on roads that a measured position may stand for.
 *
 * A road that passes the position more than once, as a hairpin does, gives a place for each time: each local minimum of the
 * distance along it, at most NAVI_MATCH_PER_EDGE.  The blocks of roads around the position are remembered, so that a region of
 * any size costs the same per fix.
 *
 * Threading: one thread, between navi_graph_enter() and navi_graph_leave().
 * Ownership: uses the graph, which must live as long. */

#define NAVI_MATCH_PER_EDGE 3

typedef struct
{
  guint32 edge;
  guint32 at_cm;     /* along the edge from its first node */
  double distance_m; /* from the position */
  double lat_deg;
  double lon_deg;
  double bearing_deg; /* of the edge's direction 0 there */
} NaviMatchPoint;

typedef struct _NaviMatchPoints NaviMatchPoints;

NaviMatchPoints *navi_match_points_new (const NaviGraph *graph, NaviProfile profile);
void navi_match_points_free (NaviMatchPoints *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMatchPoints, navi_match_points_free)

/* The @max nearest places within @radius_m (at most 500) on roads that the profile may use, the nearest first: valid until the
 * next call.
 * @lat_deg, @lon_deg: in range.  Returns: (transfer none): *n of them */
const NaviMatchPoint *navi_match_points_find (NaviMatchPoints *self, double lat_deg, double lon_deg, double radius_m, guint max,
                                              guint *n);

G_END_DECLS
