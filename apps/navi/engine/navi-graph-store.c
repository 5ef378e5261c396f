/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-graph"

#include "navi-graph-store.h"
#include "navi-varint.h"

#include <string.h>
#include <sys/mman.h>
#include <zstd.h>

/* Blocks of roads, ways and strings: found, decoded, given back. */

/* An array of the whole region, reserved but empty. */
typedef struct
{
  gpointer data;
  gsize bytes;
} Area;

typedef struct
{
  guint8 *flags; /* one byte for each block */
  gsize n;
} Ready;

struct _NaviGraphStore
{
  NaviGraph *graph;
  GMutex lock; /* guards all that follows, but for the reading of flags and of what they say is there */
  guint users;
  gsize used_bytes;
  gsize kept_bytes; /* what may stay when the last user leaves */
  gboolean is_damaged;

  guint16 common_flags[NAVI_N_COMMON_FLAGS];
  const NaviGraphBlock *blocks;
  guint32 n_blocks;
  const guint8 *data;
  const NaviGraphWayBlock *way_blocks;
  guint32 n_way_blocks;
  const guint8 *way_data;
  gsize way_data_bytes;
  NaviGraphCommon *commons;
  guint32 n_commons;
  const guint32 *string_offsets;
  guint32 n_string_blocks;
  const guint8 *string_data;
  gsize string_data_bytes;

  Area nodes;
  Area first_arc;
  Area arcs;
  Area edges;
  Area ways;
  Area strings;
  Ready node_ready; /* positions */
  Ready block_ready;
  Ready edge_ready;
  Ready way_ready;
  Ready string_ready;
  GArray *foreign; /* scratch: guint32 arcs of edges of earlier blocks, node by node */
  GArray *points;  /* scratch: NaviPoint */
};

typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean is_bad;
} Reader;

static inline guint32
read_number (Reader *reader)
{
  guint64 value;

  if (reader->at < reader->end && *reader->at < 0x80)
    return *reader->at++;
  if (!navi_varint_read (&reader->at, reader->end, &value) || value > G_MAXUINT32)
    {
      reader->is_bad = TRUE;
      return 0;
    }
  return (guint32) value;
}

/* Coordinates wrap around, which keeps hostile ones defined. */
static inline gint32
read_difference (Reader *reader, gint32 from)
{
  guint64 value = 0;

  if (!navi_varint_read (&reader->at, reader->end, &value))
    reader->is_bad = TRUE;
  return (gint32) ((guint32) from + (guint32) navi_zigzag_decode (value));
}

static inline guint8
read_byte (Reader *reader)
{
  if (reader->at < reader->end)
    return *reader->at++;
  reader->is_bad = TRUE;
  return 0;
}

/* ---- What is there ---- */

static gboolean
is_ready (const Ready *ready, gsize index)
{
  return navi_graph_is_ready (&ready->flags[index]);
}

static void
set_ready (Ready *ready, gsize index)
{
  __atomic_store_n (&ready->flags[index], 1, __ATOMIC_RELEASE);
}

static void
ready_init (Ready *ready, gsize n)
{
  ready->n = n;
  ready->flags = g_new0 (guint8, n + 1);
}

static gboolean
area_init (Area *area, gsize n, gsize item_bytes)
{
  if (n >= G_MAXSIZE / 2 / item_bytes)
    return FALSE;
  area->bytes = (n + 1) * item_bytes;
  area->data = mmap (NULL, area->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area->data == MAP_FAILED)
    area->data = NULL;
  return area->data != NULL;
}

static void
area_clear (Area *area)
{
  if (area->data != NULL)
    munmap (area->data, area->bytes);
  area->data = NULL;
}

static void
area_empty (Area *area)
{
  if (madvise (area->data, area->bytes, MADV_DONTNEED) != 0)
    memset (area->data, 0, area->bytes);
}

static void
note_damage (NaviGraphStore *self, const char *what, guint32 index)
{
  g_debug ("%s: %s %u is damaged", navi_region_get_path (self->graph->region), what, index);
  self->is_damaged = TRUE;
}

/* ---- Nodes and edges ---- */

typedef struct
{
  const NaviGraphBlock *block; /* block[1] is the next */
  guint32 first_node;
  guint32 n_nodes;
  Reader reader;
  guint8 n_owned[NAVI_BLOCK_NODES + 1]; /* as packed: 3 and more follow */
  guint8 n_foreign[NAVI_BLOCK_NODES + 1];
  guint32 n_foreign_outs[NAVI_BLOCK_NODES];
  guint32 n_outs[NAVI_BLOCK_NODES];
} Decoder;

static void
begin_block (NaviGraphStore *self, guint32 index, Decoder *decoder)
{
  decoder->block = &self->blocks[index];
  decoder->first_node = index << NAVI_BLOCK_NODES_SHIFT;
  decoder->n_nodes = MIN (self->graph->n_nodes - decoder->first_node, NAVI_BLOCK_NODES);
  decoder->reader = (Reader){ self->data + decoder->block[0].offset, self->data + decoder->block[1].offset, FALSE };
}

/* Where the nodes are; leaves the reader behind them.  They are written once only: others may be reading them. */
static void
decode_positions (NaviGraphStore *self, guint32 index, Decoder *decoder)
{
  NaviGraphNode *nodes = (NaviGraphNode *) self->nodes.data + decoder->first_node;
  gboolean is_known = is_ready (&self->node_ready, index);
  gint32 lat = decoder->block->south_e7, lon = decoder->block->west_e7;

  for (guint32 i = 0; i < decoder->n_nodes; i++)
    {
      lat = read_difference (&decoder->reader, lat);
      lon = read_difference (&decoder->reader, lon);
      if (is_known)
        continue;
      nodes[i] = (NaviGraphNode){ .lat_e7 = lat, .lon_e7 = lon };
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        nodes[i].access |= (guint16) (NAVI_ACCESS_YES << (profile * 2));
    }
  if (decoder->reader.is_bad)
    note_damage (self, "block", index);
  if (!is_known)
    self->used_bytes += decoder->n_nodes * sizeof (NaviGraphNode);
  set_ready (&self->node_ready, index);
}

static const NaviGraphNode *
position_of (NaviGraphStore *self, guint32 node)
{
  guint32 index = node >> NAVI_BLOCK_NODES_SHIFT;

  if (!is_ready (&self->node_ready, index))
    {
      Decoder decoder;
      begin_block (self, index, &decoder);
      decode_positions (self, index, &decoder);
    }
  return (const NaviGraphNode *) self->nodes.data + node;
}

/* The shape's points, both ends included, to points; leaves the reader behind them. */
static void
read_shape (NaviGraphStore *self, Reader *reader, const NaviGraphEdge *edge, gboolean has_inner)
{
  const NaviGraphNode *from = position_of (self, edge->from), *to = position_of (self, edge->to);
  NaviPoint at = { from->lat_e7, from->lon_e7 }, last = { to->lat_e7, to->lon_e7 };
  guint32 n = has_inner ? read_number (reader) : 0;

  g_array_set_size (self->points, 0);
  g_array_append_val (self->points, at);
  for (guint32 i = 0; i < n && !reader->is_bad; i++)
    {
      at.lat_e7 = read_difference (reader, at.lat_e7);
      at.lon_e7 = read_difference (reader, at.lon_e7);
      g_array_append_val (self->points, at);
    }
  g_array_append_val (self->points, last);
}

enum
{
  CONTROL_TO_OWNS = 1 << 0,
  CONTROL_HAS_SHAPE = 1 << 1,
  CONTROL_FLAGS_SHIFT = 2,
  CONTROL_WAY_SHIFT = 4,
  WAY_FOLLOWS = 15,
};

/* The state that goes from edge to edge. */
typedef struct
{
  guint32 way;
  guint32 next_way;
} WayState;

static guint32
read_way (Reader *reader, guint code, WayState *state)
{
  if (code == 1)
    state->way = state->next_way++;
  else if (code != 0)
    state->way = state->next_way - 1 - (code == WAY_FOLLOWS ? read_number (reader) : code - 2);
  return state->way;
}

static gboolean
read_edge (NaviGraphStore *self, Decoder *decoder, guint32 owner, WayState *state, NaviGraphEdge *edge)
{
  Reader *reader = &decoder->reader;
  guint8 control = read_byte (reader);
  guint32 other = owner + read_number (reader);
  guint flags = control >> CONTROL_FLAGS_SHIFT & 3;

  memset (edge, 0, sizeof *edge);
  edge->way = read_way (reader, control >> CONTROL_WAY_SHIFT, state);
  edge->flags = flags < NAVI_N_COMMON_FLAGS ? self->common_flags[flags] : (guint16) read_number (reader);
  edge->from = (control & CONTROL_TO_OWNS) != 0 ? other : owner;
  edge->to = (control & CONTROL_TO_OWNS) != 0 ? owner : other;
  if (reader->is_bad || other < owner || other >= self->graph->n_nodes || edge->way >= self->graph->n_ways)
    return FALSE;
  if ((control & CONTROL_HAS_SHAPE) != 0)
    edge->shape = (guint32) (reader->at - self->data);
  read_shape (self, reader, edge, (control & CONTROL_HAS_SHAPE) != 0);
  if (reader->is_bad)
    return FALSE;
  navi_graph_measure (edge, (const NaviPoint *) (gpointer) self->points->data, self->points->len);
  return TRUE;
}

static gboolean
read_foreign (NaviGraphStore *self, Decoder *decoder, guint32 n)
{
  for (guint32 k = 0; k < n; k++)
    {
      guint32 code = read_number (&decoder->reader), back = (code >> 1) + 1, arc;
      if (decoder->reader.is_bad || back > decoder->block->first_edge)
        return FALSE;
      arc = (decoder->block->first_edge - back) * 2 + (code & 1);
      g_array_append_val (self->foreign, arc);
    }
  return TRUE;
}

static void
count_out (Decoder *decoder, guint32 node)
{
  if (node - decoder->first_node < decoder->n_nodes)
    decoder->n_outs[node - decoder->first_node]++;
}

static gboolean
decode_edges (NaviGraphStore *self, Decoder *decoder)
{
  NaviGraphEdge *edges = (NaviGraphEdge *) self->edges.data;
  guint32 next = decoder->block[0].first_edge, end = decoder->block[1].first_edge;
  WayState state = { 0, decoder->block->first_way };

  g_array_set_size (self->foreign, 0);
  for (guint32 i = 0; i < decoder->n_nodes; i++)
    {
      guint32 n_owned = decoder->n_owned[i], n_foreign = decoder->n_foreign[i];
      if (n_owned == 3)
        n_owned += read_number (&decoder->reader);
      if (n_foreign == 3)
        n_foreign += read_number (&decoder->reader);
      if (!read_foreign (self, decoder, n_foreign) || n_owned > end - next)
        return FALSE;
      decoder->n_foreign_outs[i] = n_foreign;
      decoder->n_outs[i] += n_foreign;
      for (guint32 k = 0; k < n_owned; k++, next++)
        {
          if (!read_edge (self, decoder, decoder->first_node + i, &state, &edges[next]))
            return FALSE;
          count_out (decoder, edges[next].from);
          count_out (decoder, edges[next].to);
        }
    }
  return next == end;
}

/* The end of a block is the beginning of the next, which others may be reading: it is written once. */
static void
set_first (guint32 *first, guint32 out)
{
  if (*first != out)
    *first = out;
}

/* The arcs that leave each node, by rising number. */
static gboolean
fill_arcs (NaviGraphStore *self, Decoder *decoder)
{
  const NaviGraphEdge *edges = (const NaviGraphEdge *) self->edges.data;
  guint32 *first = (guint32 *) self->first_arc.data + decoder->first_node, *arcs = (guint32 *) self->arcs.data;
  guint32 out = decoder->block[0].first_out, foreign = 0;
  guint32 at[NAVI_BLOCK_NODES];

  for (guint32 i = 0; i < decoder->n_nodes; i++)
    {
      if (decoder->n_outs[i] > decoder->block[1].first_out - out)
        return FALSE;
      set_first (&first[i], out);
      at[i] = out;
      out += decoder->n_outs[i];
      for (guint32 k = 0; k < decoder->n_foreign_outs[i]; k++)
        arcs[at[i]++] = g_array_index (self->foreign, guint32, foreign++);
    }
  if (out != decoder->block[1].first_out)
    return FALSE;
  set_first (&first[decoder->n_nodes], out);
  for (guint32 arc = decoder->block[0].first_edge * 2; arc < decoder->block[1].first_edge * 2; arc++)
    {
      guint32 tail = ((arc & 1) == 0 ? edges[arc >> 1].from : edges[arc >> 1].to) - decoder->first_node;
      if (tail < decoder->n_nodes)
        arcs[at[tail]++] = arc;
    }
  return TRUE;
}

static gboolean
decode_stops (NaviGraphStore *self, Decoder *decoder)
{
  NaviGraphNode *nodes = (NaviGraphNode *) self->nodes.data + decoder->first_node;
  guint32 n = read_number (&decoder->reader), at = 0;

  for (guint32 i = 0; i < n; i++)
    {
      at += read_number (&decoder->reader);
      if (decoder->reader.is_bad || at >= decoder->n_nodes)
        return FALSE;
      nodes[at].flags |= (guint16) (read_number (&decoder->reader) & ~(guint32) NAVI_NODE_IS_JUNCTION);
      nodes[at].access = (guint16) read_number (&decoder->reader);
    }
  for (guint32 i = 0; i < decoder->n_nodes; i++)
    if (decoder->n_outs[i] >= 3)
      nodes[i].flags |= NAVI_NODE_IS_JUNCTION;
  return !decoder->reader.is_bad && decoder->reader.at == decoder->reader.end;
}

static void
forget_block (NaviGraphStore *self, const Decoder *decoder)
{
  guint32 *first = (guint32 *) self->first_arc.data + decoder->first_node;

  /* No arcs leave its nodes; those of the last are nonsense, but arcs. */
  for (guint32 i = 0; i < decoder->n_nodes; i++)
    set_first (&first[i], decoder->block[0].first_out);
  set_first (&first[decoder->n_nodes], decoder->block[1].first_out);
  memset ((NaviGraphEdge *) self->edges.data + decoder->block[0].first_edge, 0,
          (decoder->block[1].first_edge - decoder->block[0].first_edge) * sizeof (NaviGraphEdge));
}

static void
read_counts (Decoder *decoder)
{
  for (guint32 i = 0; i < decoder->n_nodes; i += 2)
    {
      guint8 byte = read_byte (&decoder->reader);
      decoder->n_owned[i] = byte & 3;
      decoder->n_foreign[i] = byte >> 2 & 3;
      decoder->n_owned[i + 1] = byte >> 4 & 3;
      decoder->n_foreign[i + 1] = byte >> 6;
    }
}

static void
decode_block (NaviGraphStore *self, guint32 index)
{
  Decoder decoder = { 0 };
  guint32 n_edges, n_outs;

  if (is_ready (&self->block_ready, index))
    return;
  begin_block (self, index, &decoder);
  decode_positions (self, index, &decoder);
  read_counts (&decoder);
  if (!decode_edges (self, &decoder) || !fill_arcs (self, &decoder) || !decode_stops (self, &decoder))
    {
      forget_block (self, &decoder);
      note_damage (self, "block", index);
    }
  n_edges = decoder.block[1].first_edge - decoder.block[0].first_edge;
  n_outs = decoder.block[1].first_out - decoder.block[0].first_out;
  self->used_bytes += n_edges * sizeof (NaviGraphEdge) + (n_outs + decoder.n_nodes) * sizeof (guint32);
  set_ready (&self->block_ready, index);
}

/* The block that owns @edge. */
static guint32
block_of_edge (NaviGraphStore *self, guint32 edge)
{
  guint32 low = 0, high = self->n_blocks;

  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;
      if (self->blocks[middle].first_edge <= edge)
        low = middle;
      else
        high = middle;
    }
  return low;
}

void
navi_graph_load_block (const NaviGraph *graph, guint32 node)
{
  NaviGraphStore *self = graph->store;

  g_mutex_lock (&self->lock);
  decode_block (self, node >> NAVI_BLOCK_NODES_SHIFT);
  g_mutex_unlock (&self->lock);
}

void
navi_graph_load_edge (const NaviGraph *graph, guint32 edge)
{
  NaviGraphStore *self = graph->store;
  guint32 some = edge >> NAVI_READY_EDGES_SHIFT, first = some << NAVI_READY_EDGES_SHIFT;
  guint32 last = MIN (first + (1u << NAVI_READY_EDGES_SHIFT), graph->n_edges) - 1;

  g_mutex_lock (&self->lock);
  for (guint32 block = block_of_edge (self, first); block < self->n_blocks && self->blocks[block].first_edge <= last; block++)
    decode_block (self, block);
  set_ready (&self->edge_ready, some);
  g_mutex_unlock (&self->lock);
}

/* ---- Ways ---- */

static gboolean
read_strings (NaviGraphStore *self, Reader *reader, guint8 mask, NaviGraphWay *way, guint32 *last)
{
  guint32 *const strings = &way->name;

  for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
    {
      guint32 code;
      if ((mask >> i & 1) == 0)
        continue;
      code = read_number (reader);
      strings[i] = (code & 1) == 0 ? *last + (code >> 1) : *last - (code >> 1);
      if (strings[i] >= self->graph->strings_bytes)
        return FALSE;
      if ((code & 1) == 0)
        *last = strings[i];
    }
  return !reader->is_bad;
}

static gboolean
decode_ways (NaviGraphStore *self, guint32 index)
{
  guint32 first = index << NAVI_BLOCK_WAYS_SHIFT, n = MIN (self->graph->n_ways - first, NAVI_BLOCK_WAYS);
  gsize end = index + 1 < self->n_way_blocks ? self->way_blocks[index + 1].offset : self->way_data_bytes;
  gsize start = MIN (self->way_blocks[index].offset, end);
  guint32 last = self->way_blocks[index].last_string;
  Reader reader = { self->way_data + start, self->way_data + MIN (end, self->way_data_bytes), FALSE };

  for (guint32 i = 0; i < n; i++)
    {
      NaviGraphWay *way = (NaviGraphWay *) self->ways.data + first + i;
      guint32 common = read_number (&reader);
      guint8 mask = read_byte (&reader);
      if (reader.is_bad || common >= self->n_commons || !read_strings (self, &reader, mask, way, &last))
        {
          memset ((NaviGraphWay *) self->ways.data + first, 0, n * sizeof (NaviGraphWay));
          return FALSE;
        }
      memcpy (&way->speed_dkmh, &self->commons[common], sizeof (NaviGraphCommon));
    }
  return TRUE;
}

void
navi_graph_load_way (const NaviGraph *graph, guint32 way)
{
  NaviGraphStore *self = graph->store;
  guint32 index = way >> NAVI_BLOCK_WAYS_SHIFT;

  g_mutex_lock (&self->lock);
  if (!is_ready (&self->way_ready, index))
    {
      if (!decode_ways (self, index))
        note_damage (self, "block of ways", index);
      self->used_bytes += NAVI_BLOCK_WAYS * sizeof (NaviGraphWay);
      set_ready (&self->way_ready, index);
    }
  g_mutex_unlock (&self->lock);
}

/* ---- Strings ---- */

static gboolean
decode_strings (NaviGraphStore *self, guint32 index)
{
  gsize start = self->string_offsets[index], end = self->string_offsets[index + 1];
  gsize first = (gsize) index << NAVI_STRING_BLOCK_SHIFT;
  gsize room = MIN (self->graph->strings_bytes - first, NAVI_STRING_BLOCK_BYTES);
  char *strings = (char *) self->strings.data + first;

  if (start > end || end > self->string_data_bytes
      || ZSTD_decompress (strings, room, self->string_data + start, end - start) != room)
    {
      memset (strings, 0, room);
      return FALSE;
    }
  strings[room - 1] = '\0';
  return TRUE;
}

void
navi_graph_store_need_string (NaviGraphStore *self, guint32 offset)
{
  guint32 index = offset >> NAVI_STRING_BLOCK_SHIFT;

  if (is_ready (&self->string_ready, index))
    return;
  g_mutex_lock (&self->lock);
  if (!is_ready (&self->string_ready, index))
    {
      if (!decode_strings (self, index))
        note_damage (self, "block of strings", index);
      self->used_bytes += NAVI_STRING_BLOCK_BYTES;
      set_ready (&self->string_ready, index);
    }
  g_mutex_unlock (&self->lock);
}

/* ---- All ---- */

static gboolean
check_blocks (const NaviGraphStore *self, const NaviGraph *graph, gsize data_bytes)
{
  for (guint32 i = 0; i < self->n_blocks; i++)
    {
      const NaviGraphBlock *block = &self->blocks[i], *next = block + 1;
      guint64 n_nodes = MIN (graph->n_nodes - (i << NAVI_BLOCK_NODES_SHIFT), NAVI_BLOCK_NODES);
      if (block->offset > next->offset || block->first_edge > next->first_edge || block->first_out > next->first_out
          || (n_nodes + next->first_edge - block->first_edge) * 2 > next->offset - block->offset)
        return FALSE;
    }
  return self->blocks[0].first_edge == 0 && self->blocks[0].first_out == 0
         && self->blocks[self->n_blocks].first_edge == graph->n_edges && self->blocks[self->n_blocks].first_out == graph->n_arcs
         && self->blocks[self->n_blocks].offset <= data_bytes && data_bytes <= G_MAXUINT32;
}

static gboolean
take_sections (NaviGraphStore *self, NaviGraph *graph, NaviRegion *region)
{
  gsize n_blocks, n_way_blocks, n_offsets, data_bytes;

  self->blocks = navi_region_get_array (region, NAVI_SECTION_GRAPH_BLOCKS, sizeof (NaviGraphBlock), &n_blocks);
  self->data = navi_region_get_section (region, NAVI_SECTION_GRAPH_BLOCK_DATA, &data_bytes);
  self->way_blocks = navi_region_get_array (region, NAVI_SECTION_GRAPH_WAY_BLOCKS, sizeof (NaviGraphWayBlock), &n_way_blocks);
  self->way_data = navi_region_get_section (region, NAVI_SECTION_GRAPH_WAY_DATA, &self->way_data_bytes);
  self->string_offsets = navi_region_get_array (region, NAVI_SECTION_GRAPH_STRING_BLOCKS, sizeof (guint32), &n_offsets);
  self->string_data = navi_region_get_section (region, NAVI_SECTION_GRAPH_STRING_DATA, &self->string_data_bytes);
  self->n_blocks = ((graph->n_nodes - 1) >> NAVI_BLOCK_NODES_SHIFT) + 1;
  self->n_way_blocks = ((graph->n_ways - 1) >> NAVI_BLOCK_WAYS_SHIFT) + 1;
  self->n_string_blocks = (guint32) ((graph->strings_bytes - 1) >> NAVI_STRING_BLOCK_SHIFT) + 1;
  graph->shapes = self->data;
  graph->shapes_bytes = data_bytes;
  return n_blocks == (gsize) self->n_blocks + 1 && n_way_blocks == self->n_way_blocks
         && n_offsets == (gsize) self->n_string_blocks + 1 && graph->n_ways <= self->way_data_bytes && data_bytes > 0
         && check_blocks (self, graph, data_bytes);
}

static gboolean
take_commons (NaviGraphStore *self, NaviRegion *region, guint32 n)
{
  gsize packed_bytes, bytes = (gsize) n * sizeof (NaviGraphCommon);
  gconstpointer packed = navi_region_get_section (region, NAVI_SECTION_GRAPH_COMMONS, &packed_bytes);

  if (packed == NULL || n == 0 || n > self->graph->n_ways || ZSTD_getFrameContentSize (packed, packed_bytes) != bytes)
    return FALSE;
  self->n_commons = n;
  self->commons = g_new (NaviGraphCommon, n);
  return ZSTD_decompress (self->commons, bytes, packed, packed_bytes) == bytes;
}

static gboolean
make_areas (NaviGraphStore *self, NaviGraph *graph)
{
  if (!area_init (&self->nodes, graph->n_nodes, sizeof (NaviGraphNode))
      || !area_init (&self->first_arc, graph->n_nodes, sizeof (guint32))
      || !area_init (&self->arcs, graph->n_arcs, sizeof (guint32))
      || !area_init (&self->edges, graph->n_edges, sizeof (NaviGraphEdge))
      || !area_init (&self->ways, graph->n_ways, sizeof (NaviGraphWay)) || !area_init (&self->strings, graph->strings_bytes, 1))
    return FALSE;
  ready_init (&self->node_ready, self->n_blocks);
  ready_init (&self->block_ready, self->n_blocks);
  ready_init (&self->edge_ready, (graph->n_edges >> NAVI_READY_EDGES_SHIFT) + 1);
  ready_init (&self->way_ready, self->n_way_blocks);
  ready_init (&self->string_ready, self->n_string_blocks);
  graph->nodes = self->nodes.data;
  graph->first_arc = self->first_arc.data;
  graph->arcs = self->arcs.data;
  graph->edges = self->edges.data;
  graph->ways = self->ways.data;
  graph->strings = self->strings.data;
  graph->block_ready = self->block_ready.flags;
  graph->edge_ready = self->edge_ready.flags;
  graph->way_ready = self->way_ready.flags;
  return TRUE;
}

NaviGraphStore *
navi_graph_store_new (NaviGraph *graph, NaviRegion *region)
{
  NaviGraphStore *self = g_new0 (NaviGraphStore, 1);
  gsize n;
  const NaviGraphHeader *header = navi_region_get_array (region, NAVI_SECTION_GRAPH_HEADER, sizeof (NaviGraphHeader), &n);

  g_mutex_init (&self->lock);
  self->kept_bytes = NAVI_GRAPH_KEPT_BYTES;
  self->graph = graph;
  self->foreign = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  graph->strings_bytes = header->strings_bytes;
  memcpy (self->common_flags, header->common_flags, sizeof self->common_flags);
  if (n == 1 && graph->strings_bytes > 0 && take_sections (self, graph, region) && take_commons (self, region, header->n_commons)
      && make_areas (self, graph))
    return self;
  navi_graph_store_free (self);
  return NULL;
}

void
navi_graph_store_free (NaviGraphStore *self)
{
  area_clear (&self->nodes);
  area_clear (&self->first_arc);
  area_clear (&self->arcs);
  area_clear (&self->edges);
  area_clear (&self->ways);
  area_clear (&self->strings);
  g_free (self->node_ready.flags);
  g_free (self->block_ready.flags);
  g_free (self->edge_ready.flags);
  g_free (self->way_ready.flags);
  g_free (self->string_ready.flags);
  g_free (self->commons);
  g_array_unref (self->foreign);
  g_array_unref (self->points);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
navi_graph_store_enter (NaviGraphStore *self)
{
  g_mutex_lock (&self->lock);
  self->users++;
  g_mutex_unlock (&self->lock);
}

static void
give_back (NaviGraphStore *self)
{
  area_empty (&self->nodes);
  area_empty (&self->first_arc);
  area_empty (&self->arcs);
  area_empty (&self->edges);
  area_empty (&self->ways);
  area_empty (&self->strings);
  memset (self->node_ready.flags, 0, self->node_ready.n);
  memset (self->block_ready.flags, 0, self->block_ready.n);
  memset (self->edge_ready.flags, 0, self->edge_ready.n);
  memset (self->way_ready.flags, 0, self->way_ready.n);
  memset (self->string_ready.flags, 0, self->string_ready.n);
  self->used_bytes = 0;
  self->kept_bytes = NAVI_GRAPH_KEPT_BYTES;
}

void
navi_graph_store_leave (NaviGraphStore *self)
{
  g_mutex_lock (&self->lock);
  g_assert (self->users > 0);
  if (--self->users == 0 && self->used_bytes > self->kept_bytes)
    give_back (self);
  g_mutex_unlock (&self->lock);
}

void
navi_graph_store_trim (NaviGraphStore *self)
{
  g_mutex_lock (&self->lock);
  if (self->users == 0)
    give_back (self);
  else
    self->kept_bytes = 0;
  g_mutex_unlock (&self->lock);
}

gboolean
navi_graph_store_is_damaged (NaviGraphStore *self)
{
  gboolean is_damaged;

  g_mutex_lock (&self->lock);
  is_damaged = self->is_damaged;
  g_mutex_unlock (&self->lock);
  return is_damaged;
}

const NaviGraphBlock *
navi_graph_store_get_blocks (NaviGraphStore *self, guint32 *n_blocks)
{
  *n_blocks = self->n_blocks;
  return self->blocks;
}
