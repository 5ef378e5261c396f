/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-clip.h"

/* Clipping, simplification and a place for a label: the importer's plane geometry. */

typedef enum
{
  EDGE_SOUTH,
  EDGE_NORTH,
  EDGE_WEST,
  EDGE_EAST,
} Edge;

static gboolean
inside (NaviMapPoint p, const NaviMapRect *rect, Edge edge)
{
  switch (edge)
    {
    case EDGE_SOUTH:
      return p.lat_e7 >= rect->south_e7;
    case EDGE_NORTH:
      return p.lat_e7 <= rect->north_e7;
    case EDGE_WEST:
      return p.lon_e7 >= rect->west_e7;
    default:
      return p.lon_e7 <= rect->east_e7;
    }
}

/* Where a-b crosses the edge's line; the products fit, being at most 3.6e9 times 3.6e9. */
static NaviMapPoint
crossing (NaviMapPoint a, NaviMapPoint b, const NaviMapRect *rect, Edge edge)
{
  gint64 dlat = (gint64) b.lat_e7 - a.lat_e7;
  gint64 dlon = (gint64) b.lon_e7 - a.lon_e7;

  if (edge == EDGE_SOUTH || edge == EDGE_NORTH)
    {
      gint64 lat = edge == EDGE_SOUTH ? rect->south_e7 : rect->north_e7;

      return (NaviMapPoint){ (gint32) lat, (gint32) (a.lon_e7 + dlon * (lat - a.lat_e7) / dlat) };
    }
  else
    {
      gint64 lon = edge == EDGE_WEST ? rect->west_e7 : rect->east_e7;

      return (NaviMapPoint){ (gint32) (a.lat_e7 + dlat * (lon - a.lon_e7) / dlon), (gint32) lon };
    }
}

static void
append_distinct (GArray *out, NaviMapPoint p)
{
  const NaviMapPoint *last = out->len > 0 ? &g_array_index (out, NaviMapPoint, out->len - 1) : NULL;

  if (last == NULL || last->lat_e7 != p.lat_e7 || last->lon_e7 != p.lon_e7)
    g_array_append_val (out, p);
}

static void
clip_edge (const NaviMapPoint *points, guint n, const NaviMapRect *rect, Edge edge, GArray *out)
{
  g_array_set_size (out, 0);
  for (guint i = 0; i < n; i++)
    {
      NaviMapPoint a = points[i > 0 ? i - 1 : n - 1];
      NaviMapPoint b = points[i];
      gboolean a_in = inside (a, rect, edge);
      gboolean b_in = inside (b, rect, edge);

      if (a_in != b_in)
        append_distinct (out, crossing (a, b, rect, edge));
      if (b_in)
        append_distinct (out, b);
    }
}

void
navi_map_clip_ring (const NaviMapPoint *points, guint n, const NaviMapRect *rect, GArray *out, GArray *scratch)
{
  clip_edge (points, n, rect, EDGE_SOUTH, scratch);
  clip_edge ((NaviMapPoint *) scratch->data, scratch->len, rect, EDGE_NORTH, out);
  clip_edge ((NaviMapPoint *) out->data, out->len, rect, EDGE_WEST, scratch);
  clip_edge ((NaviMapPoint *) scratch->data, scratch->len, rect, EDGE_EAST, out);
}

/* Cuts the segment a-b to the rectangle; FALSE if nothing of it is inside. */
static gboolean
clip_segment (NaviMapPoint *a, NaviMapPoint *b, const NaviMapRect *rect)
{
  for (Edge edge = EDGE_SOUTH; edge <= EDGE_EAST; edge++)
    {
      gboolean a_in = inside (*a, rect, edge);
      gboolean b_in = inside (*b, rect, edge);

      if (!a_in && !b_in)
        return FALSE;
      if (!a_in)
        *a = crossing (*a, *b, rect, edge);
      else if (!b_in)
        *b = crossing (*a, *b, rect, edge);
    }
  return TRUE;
}

static gboolean
same (NaviMapPoint a, NaviMapPoint b)
{
  return a.lat_e7 == b.lat_e7 && a.lon_e7 == b.lon_e7;
}

void
navi_map_clip_line (const NaviMapPoint *points, guint n, const NaviMapRect *rect, GArray *scratch, NaviMapPartFunc func,
                    gpointer user_data)
{
  g_array_set_size (scratch, 0);
  for (guint i = 1; i < n; i++)
    {
      NaviMapPoint a = points[i - 1];
      NaviMapPoint b = points[i];

      if (!clip_segment (&a, &b, rect))
        continue;
      if (scratch->len > 0 && !same (g_array_index (scratch, NaviMapPoint, scratch->len - 1), a))
        {
          if (scratch->len > 1)
            func ((NaviMapPoint *) scratch->data, scratch->len, user_data);
          g_array_set_size (scratch, 0);
        }
      append_distinct (scratch, a);
      append_distinct (scratch, b);
    }
  if (scratch->len > 1)
    func ((NaviMapPoint *) scratch->data, scratch->len, user_data);
}

static double
distance2_to_segment (NaviMapPoint p, NaviMapPoint a, NaviMapPoint b)
{
  double abx = (double) b.lon_e7 - a.lon_e7;
  double aby = (double) b.lat_e7 - a.lat_e7;
  double apx = (double) p.lon_e7 - a.lon_e7;
  double apy = (double) p.lat_e7 - a.lat_e7;
  double length2 = abx * abx + aby * aby;
  double t = length2 > 0 ? (apx * abx + apy * aby) / length2 : 0;
  double dx, dy;

  t = CLAMP (t, 0, 1);
  dx = apx - t * abx;
  dy = apy - t * aby;
  return dx * dx + dy * dy;
}

void
navi_map_simplify (const NaviMapPoint *points, guint n, gint32 tolerance_e7, GArray *out)
{
  double tolerance2 = (double) tolerance_e7 * tolerance_e7;
  g_autofree guint8 *keep = NULL;
  g_autoptr (GArray) todo = NULL;

  g_array_set_size (out, 0);
  if (n <= 2 || tolerance_e7 <= 0)
    {
      g_array_append_vals (out, points, n);
      return;
    }
  keep = g_new0 (guint8, n);
  keep[0] = keep[n - 1] = 1;
  todo = g_array_new (FALSE, FALSE, sizeof (guint) * 2);
  g_array_append_vals (todo, (guint[]){ 0, n - 1 }, 1);
  while (todo->len > 0)
    {
      guint *span = (guint *) (void *) (todo->data + (todo->len - 1) * sizeof (guint) * 2);
      guint first = span[0], last = span[1], farthest = first;
      double most = tolerance2;

      g_array_set_size (todo, todo->len - 1);
      for (guint i = first + 1; i < last; i++)
        {
          double d = distance2_to_segment (points[i], points[first], points[last]);

          if (d > most)
            {
              most = d;
              farthest = i;
            }
        }
      if (farthest == first)
        continue;
      keep[farthest] = 1;
      g_array_append_vals (todo, (guint[]){ first, farthest }, 1);
      g_array_append_vals (todo, (guint[]){ farthest, last }, 1);
    }
  for (guint i = 0; i < n; i++)
    if (keep[i])
      g_array_append_val (out, points[i]);
}

static int
compare_int64 (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* The middle of the widest inside span on the best of a few horizontal lines through the ring. */
NaviMapPoint
navi_map_label_point (const NaviMapPoint *points, guint n)
{
  gint64 south = G_MAXINT64, north = G_MININT64, widest = -1;
  NaviMapPoint best = points[0];
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < n; i++)
    {
      south = MIN (south, points[i].lat_e7);
      north = MAX (north, points[i].lat_e7);
    }
  for (int step = 0; step < 5; step++)
    {
      static const int eighths[] = { 4, 3, 5, 2, 6 };
      gint64 lat = south + (north - south) * eighths[step] / 8;

      g_array_set_size (crossings, 0);
      for (guint i = 0; i < n; i++)
        {
          NaviMapPoint a = points[i > 0 ? i - 1 : n - 1];
          NaviMapPoint b = points[i];

          if ((a.lat_e7 > lat) != (b.lat_e7 > lat))
            {
              gint64 lon = a.lon_e7 + ((gint64) b.lon_e7 - a.lon_e7) * (lat - a.lat_e7) / ((gint64) b.lat_e7 - a.lat_e7);

              g_array_append_val (crossings, lon);
            }
        }
      g_array_sort (crossings, compare_int64);
      for (guint i = 0; i + 1 < crossings->len; i += 2)
        {
          gint64 from = g_array_index (crossings, gint64, i);
          gint64 to = g_array_index (crossings, gint64, i + 1);
          gint64 width = step == 0 ? (to - from) * 5 / 4 : to - from; /* the middle line is worth a little more */

          if (width > widest)
            {
              widest = width;
              best = (NaviMapPoint){ (gint32) lat, (gint32) ((from + to) / 2) };
            }
        }
    }
  return best;
}

double
navi_map_signed_area (const NaviMapPoint *points, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    {
      NaviMapPoint a = points[i];
      NaviMapPoint b = points[i + 1 < n ? i + 1 : 0];

      sum += ((double) a.lon_e7 - points[0].lon_e7) * ((double) b.lat_e7 - points[0].lat_e7) -
             ((double) b.lon_e7 - points[0].lon_e7) * ((double) a.lat_e7 - points[0].lat_e7);
    }
  return sum;
}
