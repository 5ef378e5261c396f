/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"

/* Marks the edges that cross the border of a country: boundaries of admin_level=2 on land.  Border and roads often share nodes, so the border is
 * taken to lie half a grid step (5 mm) beside: then a road either crosses it or does not.
 *
 * Source: https://wiki.openstreetmap.org/wiki/Tag:boundary=administrative (admin_level=2, maritime=yes). */

enum
{
  CELL_E7 = 100000,      /* a hundredth of a degree */
  MOST_CELLS = 4096,     /* of one segment; a longer one is tried against all roads */
  LONGEST_E7 = 200000000 /* what products of 64 bits bear */
};

typedef struct
{
  NaviPoint a;
  NaviPoint b;
} Segment;

typedef struct
{
  const GArray *segments; /* Segment */
  GHashTable *cells;      /* gint64 -> GArray of guint32: segments; looked up only, never walked */
  GArray *everywhere;     /* guint32 */
} Borders;

/* Twice as fine as the grid, the border beside it. */
static gint
side_of (const NaviPoint *a, const NaviPoint *b, const NaviPoint *p, gint64 a_shift, gint64 p_shift)
{
  gint64 ax = 4 * (gint64) a->lon_e7 + 2 * a_shift, ay = 4 * (gint64) a->lat_e7 + a_shift;
  gint64 dx = 4 * ((gint64) b->lon_e7 - a->lon_e7), dy = 4 * ((gint64) b->lat_e7 - a->lat_e7);
  gint64 px = 4 * (gint64) p->lon_e7 + 2 * p_shift - ax, py = 4 * (gint64) p->lat_e7 + p_shift - ay;

  return dx * py - dy * px >= 0 ? 1 : -1;
}

static gboolean
is_long (gint64 a, gint64 b)
{
  return ABS (a - b) > LONGEST_E7;
}

static gboolean
crosses (const Segment *road, const Segment *border)
{
  if (is_long (road->a.lon_e7, border->a.lon_e7) || is_long (road->a.lon_e7, road->b.lon_e7) || is_long (border->a.lon_e7, border->b.lon_e7))
    return FALSE;
  return side_of (&border->a, &border->b, &road->a, 1, 0) != side_of (&border->a, &border->b, &road->b, 1, 0)
         && side_of (&road->a, &road->b, &border->a, 0, 1) != side_of (&road->a, &road->b, &border->b, 0, 1);
}

/* The cells of a segment's box, as rows and columns; returns how many. */
static guint64
box_of (const Segment *segment, gint64 box[4])
{
  box[0] = (MIN ((gint64) segment->a.lat_e7, segment->b.lat_e7) + 900000000) / CELL_E7;
  box[1] = (MIN ((gint64) segment->a.lon_e7, segment->b.lon_e7) + 1800000000) / CELL_E7;
  box[2] = (MAX ((gint64) segment->a.lat_e7, segment->b.lat_e7) + 1 + 900000000) / CELL_E7;
  box[3] = (MAX ((gint64) segment->a.lon_e7, segment->b.lon_e7) + 1 + 1800000000) / CELL_E7;
  return (guint64) ((box[2] - box[0] + 1) * (box[3] - box[1] + 1));
}

static void
add_segment (Borders *self, guint32 index)
{
  gint64 box[4];

  if (box_of (&g_array_index (self->segments, Segment, index), box) > MOST_CELLS)
    {
      g_array_append_val (self->everywhere, index);
      return;
    }
  for (gint64 row = box[0]; row <= box[2]; row++)
    for (gint64 column = box[1]; column <= box[3]; column++)
      {
        gint64 key = row << 32 | column;
        GArray *here = g_hash_table_lookup (self->cells, &key);
        if (here == NULL)
          {
            here = g_array_new (FALSE, FALSE, sizeof (guint32));
            g_hash_table_insert (self->cells, g_memdup2 (&key, sizeof key), here);
          }
        g_array_append_val (here, index);
      }
}

static gboolean
crosses_any (const Borders *self, const Segment *road, const GArray *segments)
{
  for (guint i = 0; segments != NULL && i < segments->len; i++)
    if (crosses (road, &g_array_index (self->segments, Segment, g_array_index (segments, guint32, i))))
      return TRUE;
  return FALSE;
}

static gboolean
segment_crosses (const Borders *self, const Segment *road)
{
  gint64 box[4];

  if (crosses_any (self, road, self->everywhere))
    return TRUE;
  /* Beyond this it goes over the antimeridian, where no two countries meet. */
  if (is_long (road->a.lon_e7, road->b.lon_e7))
    return FALSE;
  box_of (road, box);
  for (gint64 row = box[0]; row <= box[2]; row++)
    for (gint64 column = box[1]; column <= box[3]; column++)
      {
        gint64 key = row << 32 | column;
        if (crosses_any (self, road, g_hash_table_lookup (self->cells, &key)))
          return TRUE;
      }
  return FALSE;
}

static void
mark_edges (NaviRoadsBuild *self, const Borders *borders)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));

  for (guint32 i = 0; i < self->edges->len; i++)
    {
      gboolean found = FALSE;
      g_array_set_size (points, 0);
      navi_graph_append_shape (&self->graph, i * 2, points);
      for (guint j = 1; j < points->len && !found; j++)
        {
          Segment road = { g_array_index (points, NaviPoint, j - 1), g_array_index (points, NaviPoint, j) };
          found = segment_crosses (borders, &road);
        }
      if (found)
        g_array_index (self->edges, NaviGraphEdge, i).flags |= NAVI_EDGE_HAS_BORDER;
    }
}

void
navi_roads_build_borders (NaviRoadsBuild *self)
{
  const GArray *points = self->roads->border_points;
  g_autoptr (GArray) segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  Borders borders = { .segments = segments };

  /* Each two points in a row are a piece of border. */
  for (guint i = 0; i + 1 < points->len; i += 2)
    {
      Segment segment = { g_array_index (points, NaviPoint, i), g_array_index (points, NaviPoint, i + 1) };
      g_array_append_val (segments, segment);
    }
  if (segments->len == 0)
    return;
  borders.cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_array_unref);
  borders.everywhere = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < segments->len; i++)
    add_segment (&borders, i);
  mark_edges (self, &borders);
  g_hash_table_unref (borders.cells);
  g_array_unref (borders.everywhere);
}
