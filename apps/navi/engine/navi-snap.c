/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-snap.h"
#include "navi-geo.h"

#include <math.h>

/* Looks through the cells around a point, ring by ring, until no nearer road can come. */

#define METRES_PER_E7 0.0111195080

typedef struct
{
  const NaviGraph *graph;
  const NaviMetric *metric;
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
    if ((graph->edges[edge].flags & flag << (2 * metric->profile + 6 * direction)) != 0
        && navi_graph_arc_ms (graph, metric, edge * 2 + direction) != 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_usable (Finder *self, guint32 edge)
{
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

static void
try_edge (Finder *self, guint32 edge)
{
  double before_m = 0;

  if (edge >= self->graph->n_edges || !is_usable (self, edge))
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

static void
try_cell (Finder *self, gint64 y, gint64 x)
{
  const NaviGraph *graph = self->graph;
  guint32 key;
  gsize low = 0, high = graph->n_cells;

  if (y < 0 || y > G_MAXINT16)
    return;
  x = (x % NAVI_N_CELL_COLUMNS + NAVI_N_CELL_COLUMNS) % NAVI_N_CELL_COLUMNS;
  key = (guint32) (y << 16 | x);
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      if (graph->cells[middle].key < key)
        low = middle + 1;
      else
        high = middle;
    }
  if (low + 1 >= graph->n_cells || graph->cells[low].key != key)
    return;
  for (gsize i = graph->cells[low].first; i < MIN (graph->cells[low + 1].first, graph->n_cell_edges); i++)
    try_edge (self, graph->cell_edges[i]);
}

/* All cells at distance @ring (in cells) from the one in the middle. */
static void
try_ring (Finder *self, gint64 y, gint64 x, gint64 ring)
{
  if (ring == 0)
    {
      try_cell (self, y, x);
      return;
    }
  for (gint64 i = -ring; i <= ring; i++)
    {
      try_cell (self, y - ring, x + i);
      try_cell (self, y + ring, x + i);
    }
  for (gint64 i = -ring + 1; i < ring; i++)
    {
      try_cell (self, y + i, x - ring);
      try_cell (self, y + i, x + ring);
    }
}

gboolean
navi_snap (const NaviGraph *graph, const NaviMetric *metric, double lat_deg, double lon_deg, NaviSnapRole role, gboolean main_only, NaviSnap *snap)
{
  Finder self = { .graph = graph, .metric = metric, .role = role, .main_only = main_only };
  double cell_m;

  if (!(lat_deg >= -90 && lat_deg <= 90 && lon_deg >= -180 && lon_deg <= 180))
    return FALSE;
  self.lat_e7 = (gint32) lround (lat_deg * 1e7);
  self.lon_e7 = (gint32) lround (lon_deg * 1e7);
  self.lon_scale = METRES_PER_E7 * navi_geo_cos_q30 (self.lat_e7) / (1 << 30);
  self.points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  self.best.edge = G_MAXUINT32;
  self.best.distance_m = NAVI_SNAP_MAX_M;
  /* A cell's shorter side: what lies in ring n is at least n - 1 of them away. */
  cell_m = MAX ((double) (1 << NAVI_CELL_SHIFT) * MIN (self.lon_scale, METRES_PER_E7), 20.0);
  for (gint64 ring = 0; (double) (ring - 1) * cell_m <= self.best.distance_m; ring++)
    try_ring (&self, navi_cell_y (self.lat_e7), navi_cell_x (self.lon_e7), ring);
  g_array_unref (self.points);
  *snap = self.best;
  if (snap->edge == G_MAXUINT32)
    return FALSE;
  if (snap->lon_deg > 180)
    snap->lon_deg -= 360;
  else if (snap->lon_deg < -180)
    snap->lon_deg += 360;
  snap->at_cm = MIN (snap->at_cm, graph->edges[snap->edge].length_cm);
  return TRUE;
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
      guint64 length = MAX (graph->edges[snap->edge].length_cm, 1);
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
