/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"
#include "navi-geo.h"
#include "navi-varint.h"

/* Writes nodes and edges in blocks (navi-graph-format.h; navi-graph-store.c reads them). */

typedef struct
{
  const NaviGraph *graph;
  guint16 common_flags[NAVI_N_COMMON_FLAGS];
  guint32 *first_owned; /* by node: its first edge */
  GByteArray *bytes;    /* of the block */
  GArray *points;       /* scratch: NaviPoint */
  guint32 way;          /* of the last edge */
  guint32 next_way;
} Encoder;

static guint32
owner_of (const NaviGraphEdge *edge)
{
  return MIN (edge->from, edge->to);
}

static gint
compare_flags (gconstpointer a, gconstpointer b)
{
  const guint32 *left = a, *right = b; /* count, flags */

  if (left[0] != right[0])
    return left[0] > right[0] ? -1 : 1;
  return left[1] < right[1] ? -1 : left[1] > right[1];
}

static void
find_common_flags (Encoder *self)
{
  guint32 (*counts)[2] = g_malloc0_n (G_MAXUINT16 + 1, sizeof *counts);

  for (guint32 flags = 0; flags <= G_MAXUINT16; flags++)
    counts[flags][1] = flags;
  for (guint32 i = 0; i < self->graph->n_edges; i++)
    counts[self->graph->edges[i].flags][0]++;
  qsort (counts, G_MAXUINT16 + 1, sizeof *counts, compare_flags);
  for (guint i = 0; i < NAVI_N_COMMON_FLAGS; i++)
    self->common_flags[i] = (guint16) counts[i][1];
  g_free (counts);
}

static void
find_owned (Encoder *self)
{
  guint32 edge = 0;

  self->first_owned = g_new (guint32, self->graph->n_nodes + 1);
  for (guint32 node = 0; node <= self->graph->n_nodes; node++)
    {
      while (edge < self->graph->n_edges && owner_of (&self->graph->edges[edge]) < node)
        edge++;
      self->first_owned[node] = edge;
    }
  self->first_owned[self->graph->n_nodes] = self->graph->n_edges;
}

/* ---- The box ---- */

typedef struct
{
  gint32 base_e7; /* a longitude; those of west and east are counted from here, so that they may cross the antimeridian */
  gint64 south;
  gint64 north;
  gint64 west;
  gint64 east;
} Box;

static void
grow (Box *box, gint32 lat_e7, gint32 lon_e7)
{
  gint64 lon = navi_geo_lon_difference (box->base_e7, lon_e7);

  box->south = MIN (box->south, lat_e7);
  box->north = MAX (box->north, lat_e7);
  box->west = MIN (box->west, lon);
  box->east = MAX (box->east, lon);
}

static void
set_box (Encoder *self, guint32 first, guint32 end, NaviGraphBlock *block)
{
  const NaviGraph *graph = self->graph;
  Box box = { graph->nodes[first].lon_e7, G_MAXINT64, G_MININT64, 0, 0 };
  gint64 west;

  for (guint32 node = first; node < end; node++)
    grow (&box, graph->nodes[node].lat_e7, graph->nodes[node].lon_e7);
  for (guint32 edge = self->first_owned[first]; edge < self->first_owned[end]; edge++)
    {
      g_array_set_size (self->points, 0);
      navi_graph_append_shape (graph, edge * 2, self->points);
      for (guint i = 0; i < self->points->len; i++)
        grow (&box, g_array_index (self->points, NaviPoint, i).lat_e7, g_array_index (self->points, NaviPoint, i).lon_e7);
    }
  west = box.base_e7 + box.west;
  block->south_e7 = (gint32) box.south;
  block->west_e7 = (gint32) (west < -1800000000 ? west + G_GINT64_CONSTANT (3600000000) : west);
  block->height_e7 = (guint32) (box.north - box.south);
  block->width_e7 = (guint32) (box.east - box.west);
}

/* ---- What is in it ---- */

static void
append_byte (Encoder *self, guint value)
{
  guint8 byte = (guint8) value;

  g_byte_array_append (self->bytes, &byte, 1);
}

static void
append_number (Encoder *self, guint64 value)
{
  navi_varint_append (self->bytes, value);
}

static void
append_difference (Encoder *self, gint32 from, gint32 to)
{
  /* As guint32, the way round that the reader goes. */
  append_number (self, navi_zigzag_encode ((gint32) ((guint32) to - (guint32) from)));
}

static guint32
count_owned (const Encoder *self, guint32 node)
{
  return self->first_owned[node + 1] - self->first_owned[node];
}

/* How many of the node's arcs are of edges of earlier blocks; they are its first. */
static guint32
count_foreign (const Encoder *self, guint32 node, guint32 first_edge)
{
  const NaviGraph *graph = self->graph;
  guint32 n = 0;

  while (graph->first_arc[node] + n < graph->first_arc[node + 1] && graph->arcs[graph->first_arc[node] + n] >> 1 < first_edge)
    n++;
  return n;
}

static guint
flags_code (const Encoder *self, guint16 flags)
{
  guint code = 0;

  while (code < NAVI_N_COMMON_FLAGS && self->common_flags[code] != flags)
    code++;
  return code;
}

static guint
way_code (Encoder *self, guint32 way)
{
  guint code;

  if (way == self->way && way < self->next_way)
    code = 0;
  else if (way == self->next_way)
    code = 1;
  else
    code = MIN (self->next_way - 1 - way + 2, 15);
  self->next_way = MAX (self->next_way, way + 1);
  self->way = way;
  return code;
}

/* As it lies in memory: a number of points and their differences. */
static void
append_shape (Encoder *self, const NaviGraphEdge *edge)
{
  const guint8 *start = self->graph->shapes + edge->shape, *at = start, *end = self->graph->shapes + self->graph->shapes_bytes;
  guint64 n = 0, number;

  if (!navi_varint_read (&at, end, &n))
    g_assert_not_reached ();
  for (guint64 i = 0; i < 2 * n; i++)
    if (!navi_varint_read (&at, end, &number))
      g_assert_not_reached ();
  g_byte_array_append (self->bytes, start, (guint) (at - start));
}

static void
append_edge (Encoder *self, guint32 owner, const NaviGraphEdge *edge)
{
  gboolean to_owns = edge->from != owner;
  guint flags = flags_code (self, edge->flags);
  guint32 highest = self->next_way - 1;
  guint way = way_code (self, edge->way);

  append_byte (self, (to_owns ? 1u : 0u) | (edge->shape != 0 ? 2u : 0u) | flags << 2 | way << 4);
  append_number (self, (to_owns ? edge->from : edge->to) - owner);
  if (way == 15)
    append_number (self, highest - edge->way);
  if (flags == NAVI_N_COMMON_FLAGS)
    append_number (self, edge->flags);
  if (edge->shape != 0)
    append_shape (self, edge);
}

static void
append_counts (Encoder *self, guint32 first, guint32 end)
{
  for (guint32 node = first; node < end; node += 2)
    {
      guint byte = 0;
      for (guint32 i = 0; i < 2 && node + i < end; i++)
        byte |= (MIN (count_owned (self, node + i), 3) | MIN (count_foreign (self, node + i, self->first_owned[first]), 3) << 2)
                << (i * 4);
      append_byte (self, byte);
    }
}

static void
append_edges_of (Encoder *self, guint32 node, guint32 first_edge)
{
  const NaviGraph *graph = self->graph;
  guint32 n_owned = count_owned (self, node), n_foreign = count_foreign (self, node, first_edge);

  if (n_owned >= 3)
    append_number (self, n_owned - 3);
  if (n_foreign >= 3)
    append_number (self, n_foreign - 3);
  for (guint32 i = 0; i < n_foreign; i++)
    {
      guint32 arc = graph->arcs[graph->first_arc[node] + i];
      append_number (self, (guint64) (first_edge - 1 - (arc >> 1)) << 1 | (arc & 1));
    }
  for (guint32 edge = self->first_owned[node]; edge < self->first_owned[node + 1]; edge++)
    append_edge (self, node, &graph->edges[edge]);
}

static gboolean
stops_somebody (const NaviGraphNode *node)
{
  guint16 open = 0;

  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    open |= (guint16) (NAVI_ACCESS_YES << (profile * 2));
  return node->access != open || (node->flags & ~NAVI_NODE_IS_JUNCTION) != 0;
}

static void
append_stops (Encoder *self, guint32 first, guint32 end)
{
  guint32 n = 0, last = first;

  for (guint32 node = first; node < end; node++)
    n += stops_somebody (&self->graph->nodes[node]) ? 1 : 0;
  append_number (self, n);
  for (guint32 node = first; node < end; node++)
    {
      const NaviGraphNode *at = &self->graph->nodes[node];
      if (!stops_somebody (at))
        continue;
      append_number (self, node - last);
      append_number (self, at->flags & ~(guint) NAVI_NODE_IS_JUNCTION);
      append_number (self, at->access);
      last = node;
    }
}

static void
encode_block (Encoder *self, guint32 first, guint32 end, NaviGraphBlock *block)
{
  const NaviGraph *graph = self->graph;
  gint32 lat, lon;

  g_byte_array_set_size (self->bytes, 0);
  self->way = 0;
  block->first_edge = self->first_owned[first];
  block->first_out = graph->first_arc[first];
  block->first_way = self->next_way;
  set_box (self, first, end, block);
  lat = block->south_e7;
  lon = block->west_e7;
  for (guint32 node = first; node < end; node++)
    {
      append_difference (self, lat, graph->nodes[node].lat_e7);
      append_difference (self, lon, graph->nodes[node].lon_e7);
      lat = graph->nodes[node].lat_e7;
      lon = graph->nodes[node].lon_e7;
    }
  append_counts (self, first, end);
  for (guint32 node = first; node < end; node++)
    append_edges_of (self, node, block->first_edge);
  append_stops (self, first, end);
}

static gboolean
write_blocks (Encoder *self, NaviRegionWriter *writer, GError **error)
{
  const NaviGraph *graph = self->graph;
  g_autoptr (GArray) blocks = g_array_new (FALSE, TRUE, sizeof (NaviGraphBlock));
  NaviGraphBlock block = { .offset = 1 };

  navi_region_writer_begin (writer, NAVI_SECTION_GRAPH_BLOCK_DATA, 0);
  /* No shape lies at 0. */
  navi_region_writer_append (writer, "", 1);
  for (guint32 first = 0; first < graph->n_nodes; first += NAVI_BLOCK_NODES)
    {
      encode_block (self, first, MIN (first + NAVI_BLOCK_NODES, graph->n_nodes), &block);
      g_array_append_val (blocks, block);
      navi_region_writer_append (writer, self->bytes->data, self->bytes->len);
      block.offset += self->bytes->len;
    }
  if (!navi_region_writer_end (writer, error))
    return FALSE;
  block = (NaviGraphBlock){
    .offset = block.offset, .first_edge = graph->n_edges, .first_out = graph->n_arcs, .first_way = self->next_way
  };
  g_array_append_val (blocks, block);
  return navi_region_writer_add (writer, NAVI_SECTION_GRAPH_BLOCKS, sizeof (NaviGraphBlock), blocks->data,
                                 blocks->len * sizeof (NaviGraphBlock), error);
}

gboolean
navi_roads_build_write_blocks (NaviRoadsBuild *self, NaviRegionWriter *writer, guint16 common_flags[NAVI_N_COMMON_FLAGS],
                               GError **error)
{
  Encoder encoder = { .graph = &self->graph };
  gboolean ok;

  find_common_flags (&encoder);
  find_owned (&encoder);
  encoder.bytes = g_byte_array_new ();
  encoder.points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  ok = write_blocks (&encoder, writer, error);
  memcpy (common_flags, encoder.common_flags, sizeof encoder.common_flags);
  g_free (encoder.first_owned);
  g_byte_array_unref (encoder.bytes);
  g_array_unref (encoder.points);
  return ok;
}
