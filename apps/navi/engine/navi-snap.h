/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-path.h"

G_BEGIN_DECLS

/* Finds the road that a point means.
 *
 * Threading: any thread. */

enum
{
  NAVI_SNAP_MAX_M = 2000, /* farther away is nothing near */
};

typedef struct
{
  guint32 edge;
  guint32 at_cm;      /* along the edge from its first node */
  double lat_deg;     /* the nearest point on it */
  double lon_deg;
  double distance_m;  /* from the point asked for */
  gboolean is_right;  /* the point asked for lies to the right of the edge's direction 0 */
} NaviSnap;

typedef enum
{
  NAVI_SNAP_ORIGIN,
  NAVI_SNAP_TARGET,
} NaviSnapRole;

/* The nearest road that the metric allows; @main_only: and that hangs together with the main network in the way its role needs.  FALSE if
 * nothing is near. */
gboolean navi_snap (const NaviGraph *graph, const NaviMetric *metric, double lat_deg, double lon_deg, NaviSnapRole role, gboolean main_only,
                    NaviSnap *snap);

/* The nearest road that has a name, whoever may use it; FALSE if there is none within @max_m. */
gboolean navi_snap_named (const NaviGraph *graph, double lat_deg, double lon_deg, double max_m, NaviSnap *snap);

/* How far the point is from the box that holds the block's nodes and edges; 0 inside. */
double navi_snap_block_distance_m (const NaviGraphBlock *block, gint32 lat_e7, gint32 lon_e7);

/* Appends the edges that the metric allows and that come nearer than @radius_m to the point. */
void navi_snap_find_within (const NaviGraph *graph, const NaviMetric *metric, double lat_deg, double lon_deg, double radius_m, GArray *edges);

/* TRUE if the road hangs together with the main network. */
gboolean navi_snap_is_main (const NaviGraph *graph, const NaviMetric *metric, const NaviSnap *snap, NaviSnapRole role);

/* The one or two directed points that the snap stands for; returns how many. */
guint navi_snap_arc_points (const NaviGraph *graph, const NaviMetric *metric, const NaviSnap *snap, NaviArcPoint points[2]);

G_END_DECLS
