/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"
#include "navi-geo.h"

/* The spatial index: for each cell of a grid the edges that pass it. */

typedef struct
{
  guint32 cell;
  guint32 edge;
} Entry;

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = a, *right = b;

  if (left->cell != right->cell)
    return left->cell < right->cell ? -1 : 1;
  return left->edge < right->edge ? -1 : left->edge > right->edge;
}

static void
add_cell (GArray *entries, gint32 lat_e7, gint32 lon_e7, guint32 edge)
{
  Entry entry = { navi_cell_y (lat_e7) << 16 | navi_cell_x (lon_e7), edge };
  const Entry *last = entries->len > 0 ? &g_array_index (entries, Entry, entries->len - 1) : NULL;

  if (last == NULL || last->cell != entry.cell || last->edge != edge)
    g_array_append_val (entries, entry);
}

/* Samples a segment so densely that it cannot pass more than the corner of a cell unseen. */
static void
add_segment (GArray *entries, NaviPoint from, NaviPoint to, guint32 edge)
{
  gint64 lat = (gint64) to.lat_e7 - from.lat_e7, lon = navi_geo_lon_difference (from.lon_e7, to.lon_e7);
  gint64 n = (MAX (ABS (lat), ABS (lon)) >> (NAVI_CELL_SHIFT - 3)) + 1;

  for (gint64 i = 0; i <= n; i++)
    {
      gint64 at_lon = from.lon_e7 + lon * i / n;
      if (at_lon > 1800000000)
        at_lon -= G_GINT64_CONSTANT (3600000000);
      else if (at_lon < -1800000000)
        at_lon += G_GINT64_CONSTANT (3600000000);
      add_cell (entries, (gint32) (from.lat_e7 + lat * i / n), (gint32) at_lon, edge);
    }
}

static GArray *
make_entries (NaviRoadsBuild *self)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  guint kept = 0;

  for (guint32 edge = 0; edge < self->graph.n_edges; edge++)
    {
      g_array_set_size (points, 0);
      navi_graph_append_shape (&self->graph, edge * 2, points);
      add_cell (entries, g_array_index (points, NaviPoint, 0).lat_e7, g_array_index (points, NaviPoint, 0).lon_e7, edge);
      for (guint i = 1; i < points->len; i++)
        add_segment (entries, g_array_index (points, NaviPoint, i - 1), g_array_index (points, NaviPoint, i), edge);
    }
  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    if (kept == 0 || compare_entries (&g_array_index (entries, Entry, kept - 1), &g_array_index (entries, Entry, i)) != 0)
      g_array_index (entries, Entry, kept++) = g_array_index (entries, Entry, i);
  g_array_set_size (entries, kept);
  return entries;
}

gboolean
navi_roads_build_cells (NaviRoadsBuild *self, NaviRegionWriter *writer, GError **error)
{
  g_autoptr (GArray) entries = make_entries (self);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (NaviGraphCell));
  NaviGraphCell cell = { G_MAXUINT32, 0 };

  navi_region_writer_begin (writer, NAVI_SECTION_GRAPH_CELL_EDGES, sizeof (guint32));
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      if (i == 0 || entry->cell != cell.key)
        {
          cell = (NaviGraphCell){ entry->cell, i };
          g_array_append_val (cells, cell);
        }
      navi_region_writer_append (writer, &entry->edge, sizeof entry->edge);
    }
  if (!navi_region_writer_end (writer, error))
    return FALSE;
  cell = (NaviGraphCell){ G_MAXUINT32, entries->len };
  g_array_append_val (cells, cell);
  return navi_region_writer_add (writer, NAVI_SECTION_GRAPH_CELLS, sizeof cell, cells->data, cells->len * sizeof cell, error);
}
