/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"
#include "navi-geo.h"
#include "navi-varint.h"

#include "cloud-error.h"

/* Cuts ways into edges, puts nodes and edges in a spatial order, and writes the graph. */

/* An edge before sorting: a piece of a way. */
typedef struct
{
  guint32 from;
  guint32 to;
  guint32 way;   /* index into roads->ways */
  guint32 first; /* of its points, in roads->points */
  guint32 n_points;
} Piece;

typedef struct
{
  guint64 curve;
  guint32 index;
  gint32 lat_e7;
  gint32 lon_e7;
} NodeKey;

static const NaviImportPoint *
point_at (const NaviRoads *roads, guint32 index)
{
  return &g_array_index (roads->points, NaviImportPoint, index);
}

/* Interleaves the bits of both coordinates: near in this order is mostly near on the ground. */
static guint64
spread_bits (guint64 value)
{
  value = (value | value << 16) & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  value = (value | value << 8) & G_GUINT64_CONSTANT (0x00ff00ff00ff00ff);
  value = (value | value << 4) & G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f);
  value = (value | value << 2) & G_GUINT64_CONSTANT (0x3333333333333333);
  return (value | value << 1) & G_GUINT64_CONSTANT (0x5555555555555555);
}

static guint64
curve_key (gint32 lat_e7, gint32 lon_e7)
{
  guint64 y = (guint64) ((gint64) lat_e7 + 900000000), x = (guint64) ((gint64) lon_e7 + 1800000000);
  return spread_bits (y) << 1 | spread_bits (x);
}

static gint
compare_node_keys (gconstpointer a, gconstpointer b)
{
  const NodeKey *left = a, *right = b;

  if (left->curve != right->curve)
    return left->curve < right->curve ? -1 : 1;
  return left->index < right->index ? -1 : left->index > right->index;
}

/* Which points become nodes: ends of ways, points that are passed twice, points that stop somebody. */
static guint8 *
count_uses (NaviRoadsBuild *self)
{
  const NaviRoads *roads = self->roads;
  guint8 *uses;

  for (guint i = 0; i < roads->points->len; i++)
    self->n_indices = MAX (self->n_indices, point_at (roads, i)->index + 1);
  uses = g_new0 (guint8, self->n_indices + 1);
  for (guint i = 0; i < roads->points->len; i++)
    {
      guint8 *use = &uses[point_at (roads, i)->index];
      *use = (guint8) MIN (*use + 1, 2);
    }
  for (guint i = 0; i < roads->ways->len; i++)
    {
      const NaviRoadsWay *way = &g_array_index (roads->ways, NaviRoadsWay, i);
      uses[point_at (roads, way->first_point)->index] = 2;
      uses[point_at (roads, way->first_point + way->n_points - 1)->index] = 2;
    }
  for (guint i = 0; i < roads->crossings->len; i++)
    {
      guint32 index = g_array_index (roads->crossings, NaviRoadsCrossing, i).index;
      if (index < self->n_indices && uses[index] > 0)
        uses[index] = 2;
    }
  return uses;
}

static void
make_nodes (NaviRoadsBuild *self)
{
  const NaviRoads *roads = self->roads;
  g_autofree guint8 *uses = count_uses (self);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (NodeKey));

  for (guint i = 0; i < roads->points->len; i++)
    {
      const NaviImportPoint *point = point_at (roads, i);
      NodeKey key = { curve_key (point->lat_e7, point->lon_e7), point->index, point->lat_e7, point->lon_e7 };
      if (uses[point->index] != 2)
        continue;
      uses[point->index] = 3;
      g_array_append_val (keys, key);
    }
  g_array_sort (keys, compare_node_keys);
  self->graph.n_nodes = keys->len;
  self->nodes = g_new0 (NaviGraphNode, keys->len + 1);
  self->node_of_index = g_new (guint32, self->n_indices + 1);
  memset (self->node_of_index, 0xff, (self->n_indices + 1) * sizeof (guint32));
  for (guint i = 0; i < keys->len; i++)
    {
      const NodeKey *key = &g_array_index (keys, NodeKey, i);
      self->node_of_index[key->index] = i;
      self->nodes[i] = (NaviGraphNode){ .lat_e7 = key->lat_e7, .lon_e7 = key->lon_e7 };
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        self->nodes[i].access |= (guint16) (NAVI_ACCESS_YES << (profile * 2));
    }
  for (guint i = 0; i < roads->crossings->len; i++)
    {
      const NaviRoadsCrossing *crossing = &g_array_index (roads->crossings, NaviRoadsCrossing, i);
      guint32 node = crossing->index < self->n_indices ? self->node_of_index[crossing->index] : G_MAXUINT32;
      if (node == G_MAXUINT32)
        continue;
      self->nodes[node].access = crossing->access;
      if ((crossing->stops & NAVI_STOP_SIGNALS_FORWARD) != 0)
        self->nodes[node].flags |= NAVI_NODE_SIGNALS_FORWARD;
      if ((crossing->stops & NAVI_STOP_SIGNALS_BACKWARD) != 0)
        self->nodes[node].flags |= NAVI_NODE_SIGNALS_BACKWARD;
      if ((crossing->stops & NAVI_STOP_TOLL) != 0)
        self->nodes[node].flags |= NAVI_NODE_HAS_TOLL;
      if ((crossing->stops & NAVI_STOP_BORDER) != 0)
        self->nodes[node].flags |= NAVI_NODE_HAS_BORDER;
      if (crossing->rule != 0)
        self->nodes[node].flags |= NAVI_NODE_HAS_RULES;
    }
}

static gint
compare_pieces (gconstpointer a, gconstpointer b)
{
  const Piece *left = a, *right = b;
  guint32 left_low = MIN (left->from, left->to), right_low = MIN (right->from, right->to);

  if (left_low != right_low)
    return left_low < right_low ? -1 : 1;
  return left->first < right->first ? -1 : left->first > right->first;
}

static GArray *
cut_ways (NaviRoadsBuild *self)
{
  const NaviRoads *roads = self->roads;
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  for (guint i = 0; i < roads->ways->len; i++)
    {
      const NaviRoadsWay *way = &g_array_index (roads->ways, NaviRoadsWay, i);
      guint32 first = way->first_point;
      for (guint32 at = first + 1; at < way->first_point + way->n_points; at++)
        {
          Piece piece = { .way = i, .first = first, .n_points = at - first + 1 };
          piece.to = self->node_of_index[point_at (roads, at)->index];
          if (piece.to == G_MAXUINT32)
            continue;
          piece.from = self->node_of_index[point_at (roads, first)->index];
          g_array_append_val (pieces, piece);
          first = at;
        }
    }
  return pieces;
}

static void
on_partition_progress (double done, gpointer user_data)
{
  const NaviRoadsBuild *self = user_data;

  if (self->pass->tell != NULL)
    self->pass->tell (0.1 + done * 0.6, self->pass->tell_data);
}

/* Puts aside what the partition does not look at, and what is needed later still; does nothing where memory is not short. */
static gboolean
make_room (NaviRoadsBuild *self, GArray *pieces, NaviPark **park, GError **error)
{
  const char *folder = navi_import_work_get_folder (self->pass->work);

  if (!self->pass->is_small)
    return TRUE;
  *park = navi_park_new (folder, error);
  self->names = *park != NULL ? navi_park_new (folder, error) : NULL;
  if (self->names == NULL)
    return FALSE;
  navi_park_put (*park, self->roads->points);
  navi_park_put (*park, self->roads->ways);
  navi_park_put (*park, pieces);
  navi_park_put (self->names, self->roads->attributes);
  navi_park_put_bytes (self->names, self->roads->strings);
  return TRUE;
}

/* Numbers the nodes anew, in the order of the cells that the network is cut into. */
static gboolean
order_nodes (NaviRoadsBuild *self, GArray *pieces, GCancellable *cancellable, GError **error)
{
  guint32 n_nodes = self->graph.n_nodes;
  g_autofree NaviPartitionNode *places = g_new (NaviPartitionNode, n_nodes + 1);
  g_autofree NaviPartitionEdge *edges = g_new (NaviPartitionEdge, pieces->len + 1);
  g_autofree guint32 *order = g_new (guint32, n_nodes + 1);
  g_autofree guint32 *number = NULL;
  g_autoptr (NaviPark) park = NULL;
  guint32 n_edges = pieces->len;
  NaviGraphNode *nodes;

  for (guint32 i = 0; i < n_nodes; i++)
    places[i] = (NaviPartitionNode){ self->nodes[i].lat_e7, self->nodes[i].lon_e7 };
  for (guint i = 0; i < pieces->len; i++)
    edges[i] = (NaviPartitionEdge){ g_array_index (pieces, Piece, i).from, g_array_index (pieces, Piece, i).to };
  if (!make_room (self, pieces, &park, error))
    return FALSE;
  if (n_nodes == 0)
    self->level_words = g_array_new (FALSE, FALSE, sizeof (guint32));
  else
    self->level_words = navi_roads_build_cut (self, places, n_nodes, edges, n_edges, order, on_partition_progress, cancellable, error);
  g_clear_pointer (&places, g_free);
  g_clear_pointer (&edges, g_free);
  if (self->level_words == NULL || (park != NULL && !navi_park_take_back (park, error)))
    return FALSE;
  number = g_new (guint32, n_nodes + 1);
  nodes = g_new0 (NaviGraphNode, n_nodes + 1);
  for (guint32 i = 0; i < n_nodes; i++)
    {
      nodes[i] = self->nodes[order[i]];
      number[order[i]] = i;
    }
  g_free (self->nodes);
  self->nodes = nodes;
  for (guint i = 0; i < self->n_indices; i++)
    if (self->node_of_index[i] != G_MAXUINT32)
      self->node_of_index[i] = number[self->node_of_index[i]];
  for (guint i = 0; i < pieces->len; i++)
    {
      Piece *piece = &g_array_index (pieces, Piece, i);
      piece->from = number[piece->from];
      piece->to = number[piece->to];
    }
  return TRUE;
}

static void
append_shape (NaviRoadsBuild *self, const Piece *piece, NaviGraphEdge *edge)
{
  const NaviImportPoint *last = point_at (self->roads, piece->first);

  if (piece->n_points == 2)
    return; /* 0: no inner points */
  edge->shape = self->shapes->len;
  navi_varint_append (self->shapes, piece->n_points - 2);
  for (guint32 i = 1; i + 1 < piece->n_points; i++)
    {
      const NaviImportPoint *point = point_at (self->roads, piece->first + i);
      navi_varint_append (self->shapes, navi_zigzag_encode ((gint64) point->lat_e7 - last->lat_e7));
      navi_varint_append (self->shapes, navi_zigzag_encode ((gint64) point->lon_e7 - last->lon_e7));
      last = point;
    }
}

static gint
compare_members (gconstpointer a, gconstpointer b)
{
  const NaviEdgeMember *left = a, *right = b;

  if (left->member != right->member)
    return left->member < right->member ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

static gboolean
make_edges (NaviRoadsBuild *self, GCancellable *cancellable, GError **error)
{
  const NaviRoads *roads = self->roads;
  g_autoptr (GArray) pieces = cut_ways (self);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));

  if (!order_nodes (self, pieces, cancellable, error))
    return FALSE;
  g_array_sort (pieces, compare_pieces);
  self->edges = g_array_sized_new (FALSE, TRUE, sizeof (NaviGraphEdge), pieces->len);
  self->edge_members = g_array_new (FALSE, FALSE, sizeof (NaviEdgeMember));
  self->shapes = g_byte_array_new ();
  navi_varint_append (self->shapes, 0);
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);
      const NaviRoadsWay *way = &g_array_index (roads->ways, NaviRoadsWay, piece->way);
      NaviGraphEdge edge = { .from = piece->from, .to = piece->to, .way = way->way };
      NaviEdgeMember member = { way->member, piece->first, i };
      g_array_set_size (points, 0);
      for (guint32 j = 0; j < piece->n_points; j++)
        {
          const NaviImportPoint *at = point_at (roads, piece->first + j);
          NaviPoint point = { at->lat_e7, at->lon_e7 };
          g_array_append_val (points, point);
        }
      navi_graph_measure (&edge, (const NaviPoint *) (gpointer) points->data, points->len);
      append_shape (self, piece, &edge);
      g_array_append_val (self->edges, edge);
      if (way->member >= 0)
        g_array_append_val (self->edge_members, member);
    }
  g_array_sort (self->edge_members, compare_members);
  return TRUE;
}

static void
make_arcs (NaviRoadsBuild *self)
{
  guint32 n_nodes = self->graph.n_nodes, n_arcs = self->edges->len * 2;
  const NaviGraphEdge *edges = (const NaviGraphEdge *) self->edges->data;
  g_autofree guint32 *at = NULL;

  self->first_arc = g_new0 (guint32, n_nodes + 2);
  self->arcs = g_new0 (guint32, n_arcs + 1);
  for (guint32 arc = 0; arc < n_arcs; arc++)
    self->first_arc[((arc & 1) == 0 ? edges[arc >> 1].from : edges[arc >> 1].to) + 1]++;
  for (guint32 node = 0; node < n_nodes; node++)
    {
      if (self->first_arc[node + 1] >= 3)
        self->nodes[node].flags |= NAVI_NODE_IS_JUNCTION;
      self->first_arc[node + 1] += self->first_arc[node];
    }
  at = g_memdup2 (self->first_arc, (n_nodes + 1) * sizeof (guint32));
  for (guint32 arc = 0; arc < n_arcs; arc++)
    self->arcs[at[(arc & 1) == 0 ? edges[arc >> 1].from : edges[arc >> 1].to]++] = arc;
}

static void
view_graph (NaviRoadsBuild *self)
{
  NaviGraph *graph = &self->graph;

  graph->n_edges = self->edges->len;
  graph->n_arcs = self->edges->len * 2;
  graph->n_ways = self->roads->attributes->len;
  graph->nodes = self->nodes;
  graph->first_arc = self->first_arc;
  graph->arcs = self->arcs;
  graph->edges = (const NaviGraphEdge *) self->edges->data;
  graph->ways = (const NaviGraphWay *) self->roads->attributes->data;
  graph->shapes = self->shapes->data;
  graph->shapes_bytes = self->shapes->len;
  graph->strings = (const char *) self->roads->strings->data;
  graph->strings_bytes = self->roads->strings->len;
  navi_cells_init (&graph->levels, (const guint32 *) self->level_words->data, self->level_words->len, graph->n_nodes);
}

static gboolean
write_sections (NaviRoadsBuild *self, NaviRegionWriter *writer, GError **error)
{
  const NaviGraph *graph = &self->graph;
  static const guint32 turn_sections[NAVI_N_PROFILES]
      = { NAVI_SECTION_GRAPH_TURNS_CAR, NAVI_SECTION_GRAPH_TURNS_BICYCLE, NAVI_SECTION_GRAPH_TURNS_FOOT };
  NaviGraphHeader header = { .n_nodes = graph->n_nodes, .n_edges = graph->n_edges, .n_ways = graph->n_ways };

  header.strings_bytes = (guint32) graph->strings_bytes;
  if (graph->n_edges > 0
      && (!navi_roads_build_write_ways (self, writer, &header.n_commons, error)
          || !navi_roads_build_write_blocks (self, writer, header.common_flags, error)))
    return FALSE;
  if (self->rules != NULL && !navi_region_writer_add (writer, NAVI_SECTION_RULES, 0, self->rules->data, self->rules->len, error))
    return FALSE;
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    if (!navi_region_writer_add (writer, turn_sections[profile], sizeof (guint32), self->turn_words[profile]->data,
                                 self->turn_words[profile]->len * sizeof (guint32), error))
      return FALSE;
  return navi_region_writer_add (writer, NAVI_SECTION_GRAPH_LEVELS, sizeof (guint32), self->level_words->data,
                                 self->level_words->len * sizeof (guint32), error)
         && navi_region_writer_add (writer, NAVI_SECTION_GRAPH_HEADER, sizeof header, &header, sizeof header, error);
}

/* Names and shapes are of no concern to the overlays. */
static void
forget_what_is_written (NaviRoadsBuild *self)
{
  self->graph.strings = NULL;
  self->graph.strings_bytes = 0;
  self->graph.shapes = NULL;
  self->graph.shapes_bytes = 0;
  g_clear_pointer (&self->roads->strings, g_byte_array_unref);
  g_clear_pointer (&self->shapes, g_byte_array_unref);
}

static gboolean
build (NaviRoadsBuild *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  make_nodes (self);
  if (!make_edges (self, cancellable, error))
    return FALSE;
  g_clear_pointer (&self->roads->points, g_array_unref);
  g_clear_pointer (&self->roads->ways, g_array_unref);
  if (self->names != NULL && !navi_park_take_back (self->names, error))
    return FALSE;
  navi_roads_build_order_ways (self);
  make_arcs (self);
  view_graph (self);
  navi_roads_build_turns (self);
  navi_roads_build_borders (self);
  navi_roads_build_rulebook (self);
  g_clear_pointer (&self->node_of_index, g_free);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  navi_roads_build_components (self);
  if (!write_sections (self, writer, error))
    return FALSE;
  forget_what_is_written (self);
  return navi_roads_build_overlays (self, writer, cancellable, error);
}

gboolean
navi_roads_build (NaviRoads *roads, const NaviImportPass *pass, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  NaviRoadsBuild self = { .roads = roads, .pass = pass };
  gboolean ok = build (&self, writer, cancellable, error);

  g_free (self.node_of_index);
  g_free (self.nodes);
  g_free (self.first_arc);
  g_free (self.arcs);
  g_clear_pointer (&self.edges, g_array_unref);
  g_clear_pointer (&self.edge_members, g_array_unref);
  g_clear_pointer (&self.shapes, g_byte_array_unref);
  g_clear_pointer (&self.level_words, g_array_unref);
  g_clear_pointer (&self.names, navi_park_free);
  g_clear_pointer (&self.rules, g_byte_array_unref);
  g_clear_pointer (&self.graph.rulebook, navi_rulebook_free);
  for (guint i = 0; i < NAVI_N_PROFILES; i++)
    g_clear_pointer (&self.turn_words[i], g_array_unref);
  return ok;
}
