/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-snap.h"
#include "navi-geo.h"
#include "navi-graph-store.h"

#include <math.h>

/* Looks through the blocks of roads whose boxes are near a point, the nearest first, until no nearer road can come. */

#define METRES_PER_E7 0.0111195080
#define LONG_CM 2000000

typedef struct
{
  const NaviGraph *graph;
  const NaviMetric *metric; /* NULL: any road with a name */
  NaviSnapRole role;
  gboolean main_only;
  gint32 lat_e7;
  gint32 lon_e7;
  double lon_scale; /* metres of 1e-7 degrees of longitude */
  GArray *points;
  NaviSnap best;
} Finder;

static gboolean
is_main (const NaviGraph *graph, const NaviMetric *metric, guint32 edge, NaviSnapRole role)
{
  guint flag = role == NAVI_SNAP_ORIGIN ? NAVI_EDGE_TO_MAIN : NAVI_EDGE_FROM_MAIN;

  for (guint direction = 0; direction < 2; direction++)
    if ((navi_graph_edge (graph, edge * 2)->flags & flag << (2 * metric->profile + 6 * direction)) != 0
        && navi_graph_arc_ms (graph, metric, edge * 2 + direction) != 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_usable (Finder *self, guint32 edge)
{
  if (self->metric == NULL)
    return navi_graph_way (self->graph, edge * 2)->name != 0;
  if (self->main_only)
    return is_main (self->graph, self->metric, edge, self->role);
  return navi_graph_arc_ms (self->graph, self->metric, edge * 2) != 0 || navi_graph_arc_ms (self->graph, self->metric, edge * 2 + 1) != 0;
}

/* Where the point lies beside one segment; lengths in metres. */
static void
try_segment (Finder *self, guint32 edge, NaviPoint a, NaviPoint b, double before_m)
{
  double ax = (double) navi_geo_lon_difference (self->lon_e7, a.lon_e7) * self->lon_scale;
  double ay = ((double) a.lat_e7 - self->lat_e7) * METRES_PER_E7;
  double dx = (double) navi_geo_lon_difference (a.lon_e7, b.lon_e7) * self->lon_scale;
  double dy = ((double) b.lat_e7 - a.lat_e7) * METRES_PER_E7;
  double square = dx * dx + dy * dy;
  double t = square > 0 ? CLAMP (-(ax * dx + ay * dy) / square, 0.0, 1.0) : 0.0;
  double x = ax + t * dx, y = ay + t * dy;
  double distance = sqrt (x * x + y * y);

  if (distance > self->best.distance_m || (distance == self->best.distance_m && edge >= self->best.edge))
    return;
  self->best.edge = edge;
  self->best.distance_m = distance;
  self->best.at_cm = (guint32) ((before_m + t * sqrt (square)) * 100.0 + 0.5);
  self->best.lat_deg = (a.lat_e7 + t * ((double) b.lat_e7 - a.lat_e7)) / 1e7;
  self->best.lon_deg = (a.lon_e7 + t * (double) navi_geo_lon_difference (a.lon_e7, b.lon_e7)) / 1e7;
  self->best.is_right = dx * ay - dy * ax > 0;
}

/* FALSE if the edge cannot come nearer than what was found: it is no longer than the way to its first node beyond that. */
static gboolean
may_be_nearer (Finder *self, const NaviGraphEdge *edge)
{
  const NaviGraphNode *node = navi_graph_node (self->graph, edge->from);
  double x = (double) navi_geo_lon_difference (self->lon_e7, node->lon_e7) * self->lon_scale;
  double y = ((double) node->lat_e7 - self->lat_e7) * METRES_PER_E7;
  double reach = self->best.distance_m + edge->length_cm * 0.0105 + 1;

  /* Of long ones the plane around the point says too little. */
  return edge->length_cm > LONG_CM || x * x + y * y <= reach * reach;
}

static void
try_edge (Finder *self, guint32 edge)
{
  double before_m = 0;

  if (!may_be_nearer (self, navi_graph_edge (self->graph, edge * 2)) || !is_usable (self, edge))
    return;
  g_array_set_size (self->points, 0);
  navi_graph_append_shape (self->graph, edge * 2, self->points);
  for (guint i = 1; i < self->points->len; i++)
    {
      NaviPoint a = g_array_index (self->points, NaviPoint, i - 1), b = g_array_index (self->points, NaviPoint, i);
      try_segment (self, edge, a, b, before_m);
      before_m += (double) navi_geo_distance_mm (a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7) / 1000.0;
    }
}

typedef struct
{
  double distance_m;
  const NaviGraphBlock *block;
} Near;

double
navi_snap_block_distance_m (const NaviGraphBlock *block, gint32 lat_e7, gint32 lon_e7)
{
  gint64 east = navi_geo_lon_difference (block->west_e7, lon_e7), north = (gint64) lat_e7 - block->south_e7;
  double x, y;

  if (east < 0)
    east += G_GINT64_CONSTANT (3600000000);
  x = east <= block->width_e7 ? 0 : (double) MIN (east - block->width_e7, G_GINT64_CONSTANT (3600000000) - east) * METRES_PER_E7;
  y = (double) (north < 0 ? -north : MAX (north - (gint64) block->height_e7, 0)) * METRES_PER_E7;
  return hypot (x * navi_geo_cos_q30 (lat_e7) / (1 << 30), y);
}

static gint
compare_near (gconstpointer a, gconstpointer b)
{
  const Near *left = a, *right = b;

  if (left->distance_m != right->distance_m)
    return left->distance_m < right->distance_m ? -1 : 1;
  return left->block < right->block ? -1 : left->block > right->block;
}

static void
try_blocks (Finder *self)
{
  guint32 n_blocks;
  const NaviGraphBlock *blocks = navi_graph_store_get_blocks (self->graph->store, &n_blocks);
  g_autoptr (GArray) near = g_array_new (FALSE, FALSE, sizeof (Near));

  for (guint32 i = 0; i < n_blocks; i++)
    {
      Near entry = { navi_snap_block_distance_m (&blocks[i], self->lat_e7, self->lon_e7), &blocks[i] };
      if (entry.distance_m <= NAVI_SNAP_MAX_M)
        g_array_append_val (near, entry);
    }
  g_array_sort (near, compare_near);
  for (guint i = 0; i < near->len && g_array_index (near, Near, i).distance_m <= self->best.distance_m; i++)
    {
      const NaviGraphBlock *block = g_array_index (near, Near, i).block;
      for (guint32 edge = block[0].first_edge; edge < block[1].first_edge; edge++)
        try_edge (self, edge);
    }
}

static gboolean
begin (Finder *self, double lat_deg, double lon_deg, double max_m)
{
  if (!(lat_deg >= -90 && lat_deg <= 90 && lon_deg >= -180 && lon_deg <= 180))
    return FALSE;
  self->lat_e7 = (gint32) lround (lat_deg * 1e7);
  self->lon_e7 = (gint32) lround (lon_deg * 1e7);
  self->lon_scale = METRES_PER_E7 * navi_geo_cos_q30 (self->lat_e7) / (1 << 30);
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  self->best.edge = G_MAXUINT32;
  self->best.distance_m = max_m;
  return TRUE;
}

static gboolean
find (Finder *self, double lat_deg, double lon_deg, double max_m, NaviSnap *snap)
{
  if (!begin (self, lat_deg, lon_deg, max_m))
    return FALSE;
  try_blocks (self);
  g_array_unref (self->points);
  *snap = self->best;
  if (snap->edge == G_MAXUINT32)
    return FALSE;
  if (snap->lon_deg > 180)
    snap->lon_deg -= 360;
  else if (snap->lon_deg < -180)
    snap->lon_deg += 360;
  snap->at_cm = MIN (snap->at_cm, navi_graph_edge (self->graph, snap->edge * 2)->length_cm);
  return TRUE;
}

void
navi_snap_find_within (const NaviGraph *graph, const NaviMetric *metric, double lat_deg, double lon_deg, double radius_m, GArray *edges)
{
  guint32 n_blocks;
  const NaviGraphBlock *blocks = navi_graph_store_get_blocks (graph->store, &n_blocks);
  Finder self = { .graph = graph, .metric = metric };

  if (!begin (&self, lat_deg, lon_deg, radius_m))
    return;
  for (guint32 i = 0; i < n_blocks; i++)
    for (guint32 edge = blocks[i].first_edge; edge < blocks[i + 1].first_edge && navi_snap_block_distance_m (&blocks[i], self.lat_e7, self.lon_e7) <= radius_m; edge++)
      {
        self.best.edge = G_MAXUINT32;
        self.best.distance_m = radius_m;
        try_edge (&self, edge);
        if (self.best.edge == edge)
          g_array_append_val (edges, edge);
      }
  g_array_unref (self.points);
}

gboolean
navi_snap (const NaviGraph *graph, const NaviMetric *metric, double lat_deg, double lon_deg, NaviSnapRole role, gboolean main_only, NaviSnap *snap)
{
  Finder self = { .graph = graph, .metric = metric, .role = role, .main_only = main_only };

  return find (&self, lat_deg, lon_deg, NAVI_SNAP_MAX_M, snap);
}

gboolean
navi_snap_named (const NaviGraph *graph, double lat_deg, double lon_deg, double max_m, NaviSnap *snap)
{
  Finder self = { .graph = graph };

  return find (&self, lat_deg, lon_deg, MIN (max_m, NAVI_SNAP_MAX_M), snap);
}

gboolean
navi_snap_is_main (const NaviGraph *graph, const NaviMetric *metric, const NaviSnap *snap, NaviSnapRole role)
{
  return is_main (graph, metric, snap->edge, role);
}

guint
navi_snap_arc_points (const NaviGraph *graph, const NaviMetric *metric, const NaviSnap *snap, NaviArcPoint points[2])
{
  guint n = 0;

  for (guint32 direction = 0; direction < 2; direction++)
    {
      guint32 arc = snap->edge * 2 + direction, ms = navi_graph_arc_ms (graph, metric, arc);
      guint64 length = MAX (navi_graph_edge (graph, snap->edge * 2)->length_cm, 1);
      guint64 at = direction == 0 ? snap->at_cm : length - MIN (snap->at_cm, length);
      if (ms == 0)
        continue;
      points[n].arc = arc;
      points[n].before_ms = (guint32) (ms * at / length);
      points[n].after_ms = ms - points[n].before_ms;
      n++;
    }
  return n;
}
