/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-match-points.h"
#include "navi-geo.h"
#include "navi-graph-store.h"
#include "navi-snap.h"

#include <math.h>

/* Looks at each road near a position as a line on the plane that touches the globe there. */

#define METRES_PER_E7 0.0111195080
#define KEPT_RADIUS_M 1500
#define APART_CM 1500 /* nearer to each other along a road two places are one */

struct _NaviMatchPoints
{
  const NaviGraph *graph;
  NaviMetric metric;
  GArray *blocks; /* guint32: those within KEPT_RADIUS_M of the centre */
  gboolean has_center;
  gint32 center_lat_e7;
  gint32 center_lon_e7;
  GArray *shape; /* NaviPoint */
  GArray *found; /* NaviMatchPoint */
  /* The present question. */
  gint32 lat_e7;
  gint32 lon_e7;
  double lon_scale; /* metres of 1e-7 degrees of longitude */
  double radius_m;
};

NaviMatchPoints *
navi_match_points_new (const NaviGraph *graph, NaviProfile profile)
{
  NaviMatchPoints *self = g_new0 (NaviMatchPoints, 1);

  self->graph = graph;
  self->metric.profile = profile;
  self->blocks = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->shape = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  self->found = g_array_new (FALSE, FALSE, sizeof (NaviMatchPoint));
  return self;
}

void
navi_match_points_free (NaviMatchPoints *self)
{
  g_array_unref (self->blocks);
  g_array_unref (self->shape);
  g_array_unref (self->found);
  g_free (self);
}

static void
gather_blocks (NaviMatchPoints *self)
{
  guint32 n_blocks;
  const NaviGraphBlock *blocks = navi_graph_store_get_blocks (self->graph->store, &n_blocks);

  if (self->has_center
      && navi_geo_distance_mm (self->lat_e7, self->lon_e7, self->center_lat_e7, self->center_lon_e7) / 1000.0 + self->radius_m
             < KEPT_RADIUS_M)
    return;
  self->has_center = TRUE;
  self->center_lat_e7 = self->lat_e7;
  self->center_lon_e7 = self->lon_e7;
  g_array_set_size (self->blocks, 0);
  for (guint32 i = 0; i < n_blocks; i++)
    if (navi_snap_block_distance_m (&blocks[i], self->lat_e7, self->lon_e7) <= KEPT_RADIUS_M)
      g_array_append_val (self->blocks, i);
}

/* FALSE if the edge cannot come within the radius: it is no longer than the way to its first node beyond that. */
static gboolean
may_be_near (const NaviMatchPoints *self, const NaviGraphEdge *edge)
{
  const NaviGraphNode *node = navi_graph_node (self->graph, edge->from);
  double x = (double) navi_geo_lon_difference (self->lon_e7, node->lon_e7) * self->lon_scale;
  double y = ((double) node->lat_e7 - self->lat_e7) * METRES_PER_E7;
  double reach = self->radius_m + edge->length_cm * 0.0105 + 1;

  return edge->length_cm > 2000000 || x * x + y * y <= reach * reach;
}

/* The place on a piece of the shape that is nearest to the position. */
static NaviMatchPoint
nearest_on_piece (const NaviMatchPoints *self, guint32 edge, NaviPoint a, NaviPoint b, double before_m)
{
  double ax = (double) navi_geo_lon_difference (self->lon_e7, a.lon_e7) * self->lon_scale;
  double ay = ((double) a.lat_e7 - self->lat_e7) * METRES_PER_E7;
  double dx = (double) navi_geo_lon_difference (a.lon_e7, b.lon_e7) * self->lon_scale;
  double dy = ((double) b.lat_e7 - a.lat_e7) * METRES_PER_E7;
  double square = dx * dx + dy * dy;
  double t = square > 0 ? CLAMP (-(ax * dx + ay * dy) / square, 0.0, 1.0) : 0.0;
  double bearing = atan2 (dx, dy) * 180 / G_PI;
  NaviMatchPoint point = { .edge = edge };

  point.distance_m = hypot (ax + t * dx, ay + t * dy);
  point.at_cm = (guint32) ((before_m + t * sqrt (square)) * 100.0 + 0.5);
  point.lat_deg = (a.lat_e7 + t * ((double) b.lat_e7 - a.lat_e7)) / 1e7;
  point.lon_deg = (a.lon_e7 + t * (double) navi_geo_lon_difference (a.lon_e7, b.lon_e7)) / 1e7;
  if (point.lon_deg > 180)
    point.lon_deg -= 360;
  else if (point.lon_deg < -180)
    point.lon_deg += 360;
  point.bearing_deg = bearing < 0 ? bearing + 360 : bearing;
  return point;
}

/* Adds a local minimum of an edge, unless a nearer one is beside it; @first: where the edge's own begin in the list. */
static void
add_minimum (NaviMatchPoints *self, guint first, const NaviMatchPoint *point)
{
  NaviMatchPoint *farthest = NULL;

  if (point->distance_m > self->radius_m)
    return;
  for (guint i = first; i < self->found->len; i++)
    {
      NaviMatchPoint *other = &g_array_index (self->found, NaviMatchPoint, i);
      if (ABS ((gint64) other->at_cm - point->at_cm) < APART_CM)
        {
          if (point->distance_m < other->distance_m)
            *other = *point;
          return;
        }
      if (farthest == NULL || other->distance_m > farthest->distance_m)
        farthest = other;
    }
  if (self->found->len - first < NAVI_MATCH_PER_EDGE)
    g_array_append_val (self->found, *point);
  else if (point->distance_m < farthest->distance_m)
    *farthest = *point;
}

static void
try_edge (NaviMatchPoints *self, guint32 edge)
{
  const NaviGraphEdge *data = navi_graph_edge (self->graph, edge * 2);
  guint first = self->found->len;
  NaviMatchPoint last = { .distance_m = INFINITY };
  gboolean is_falling = TRUE;
  double before_m = 0;

  if (!may_be_near (self, data)
      || (navi_graph_arc_ms (self->graph, &self->metric, edge * 2) == 0
          && navi_graph_arc_ms (self->graph, &self->metric, edge * 2 + 1) == 0))
    return;
  g_array_set_size (self->shape, 0);
  navi_graph_append_shape (self->graph, edge * 2, self->shape);
  for (guint i = 1; i < self->shape->len; i++)
    {
      NaviPoint a = g_array_index (self->shape, NaviPoint, i - 1), b = g_array_index (self->shape, NaviPoint, i);
      NaviMatchPoint point = nearest_on_piece (self, edge, a, b, before_m);
      point.at_cm = MIN (point.at_cm, data->length_cm);
      if (point.distance_m >= last.distance_m)
        {
          if (is_falling)
            add_minimum (self, first, &last);
          is_falling = FALSE;
        }
      else
        is_falling = TRUE;
      last = point;
      before_m += (double) navi_geo_distance_mm (a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7) / 1000.0;
    }
  if (is_falling)
    add_minimum (self, first, &last);
}

static gint
compare_points (gconstpointer a, gconstpointer b)
{
  const NaviMatchPoint *left = a, *right = b;

  if (left->distance_m != right->distance_m)
    return left->distance_m < right->distance_m ? -1 : 1;
  if (left->edge != right->edge)
    return left->edge < right->edge ? -1 : 1;
  return left->at_cm < right->at_cm ? -1 : left->at_cm > right->at_cm;
}

const NaviMatchPoint *
navi_match_points_find (NaviMatchPoints *self, double lat_deg, double lon_deg, double radius_m, guint max, guint *n)
{
  guint32 n_blocks;
  const NaviGraphBlock *blocks = navi_graph_store_get_blocks (self->graph->store, &n_blocks);

  self->lat_e7 = (gint32) lround (lat_deg * 1e7);
  self->lon_e7 = (gint32) lround (lon_deg * 1e7);
  self->lon_scale = METRES_PER_E7 * navi_geo_cos_q30 (self->lat_e7) / (1 << 30);
  self->radius_m = MIN (radius_m, KEPT_RADIUS_M / 3);
  gather_blocks (self);
  g_array_set_size (self->found, 0);
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const NaviGraphBlock *block = &blocks[g_array_index (self->blocks, guint32, i)];
      if (navi_snap_block_distance_m (block, self->lat_e7, self->lon_e7) > self->radius_m)
        continue;
      for (guint32 edge = block[0].first_edge; edge < block[1].first_edge; edge++)
        try_edge (self, edge);
    }
  g_array_sort (self->found, compare_points);
  *n = MIN (self->found->len, max);
  return (const NaviMatchPoint *) self->found->data;
}
