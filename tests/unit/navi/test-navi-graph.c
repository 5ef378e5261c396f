/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-graph.h"
#include "navi-import.h"
#include "navi-roads-build.h"
#include "navi-varint.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <string.h>

/* The blocks in which a region keeps its roads: what is written comes back arc by arc, on random graphs and on a real one; damage
 * is told and never leads out of bounds. */

/* ---- A graph without sense ---- */

typedef struct
{
  NaviRoads roads;
  NaviRoadsBuild build;
  GArray *nodes;
} Random;

static NaviGraphWay
random_way (GRand *rand, GByteArray *strings)
{
  NaviGraphWay way;
  guint32 *own = &way.name;

  memset (&way, 0, sizeof way);
  for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
    {
      gint length = g_rand_int_range (rand, 1, 60);
      if (g_rand_int_range (rand, 0, 3) != 0)
        continue;
      own[i] = strings->len;
      for (gint k = 0; k < length; k++)
        g_byte_array_append (strings, (const guint8 *) &"abcdefgh"[g_rand_int_range (rand, 0, 8)], 1);
      g_byte_array_append (strings, (const guint8 *) "", 1);
    }
  way.speed_dkmh[NAVI_CAR][0] = (guint16) g_rand_int_range (rand, 0, 30);
  way.access = (guint16) g_rand_int_range (rand, 0, 4);
  way.lanes = (guint8) g_rand_int_range (rand, 0, 256);
  return way;
}

static void
add_node (Random *self, GRand *rand)
{
  const NaviGraphNode *last = self->nodes->len > 0 ? &g_array_index (self->nodes, NaviGraphNode, self->nodes->len - 1) : NULL;
  NaviGraphNode node = { .access = 0x2a };

  if (last == NULL || g_rand_int_range (rand, 0, 50) == 0)
    {
      node.lat_e7 = g_rand_int_range (rand, -900000000, 900000001);
      node.lon_e7 = g_rand_int_range (rand, -1800000000, 1800000001);
    }
  else
    {
      node.lat_e7 = last->lat_e7 + g_rand_int_range (rand, -20000, 20000);
      node.lon_e7 = last->lon_e7 + g_rand_int_range (rand, -20000, 20000);
      node.lat_e7 = CLAMP (node.lat_e7, -900000000, 900000000);
      node.lon_e7 = CLAMP (node.lon_e7, -1800000000, 1800000000);
    }
  if (g_rand_int_range (rand, 0, 20) == 0)
    {
      node.access = (guint16) g_rand_int_range (rand, 0, 64);
      node.flags = (guint16) (g_rand_int_range (rand, 0, 4) << 1);
    }
  g_array_append_val (self->nodes, node);
}

static guint32
random_node (Random *self, GRand *rand, guint32 near)
{
  gint n = (gint) self->nodes->len, node = (gint) near + g_rand_int_range (rand, -20, 21);

  if (g_rand_int_range (rand, 0, 10) == 0)
    return (guint32) g_rand_int_range (rand, 0, n);
  return (guint32) CLAMP (node, 0, n - 1);
}

static void
add_edge (Random *self, GRand *rand)
{
  static const guint16 usual[] = { 0xfff, 0x03f, 0x0, 0x1fff };
  NaviGraphEdge edge = { .from = (guint32) g_rand_int_range (rand, 0, (gint) self->nodes->len) };

  edge.to = random_node (self, rand, edge.from);
  edge.way = (guint32) g_rand_int_range (rand, 0, (gint) self->roads.attributes->len);
  edge.flags
      = g_rand_int_range (rand, 0, 30) == 0 ? (guint16) g_rand_int_range (rand, 0, 16384) : usual[g_rand_int_range (rand, 0, 4)];
  g_array_append_val (self->build.edges, edge);
}

static gint
compare_owners (gconstpointer a, gconstpointer b)
{
  const NaviGraphEdge *left = a, *right = b;
  guint32 left_owner = MIN (left->from, left->to), right_owner = MIN (right->from, right->to);

  return left_owner < right_owner ? -1 : left_owner > right_owner;
}

static void
shape_edge (Random *self, GRand *rand, NaviGraphEdge *edge)
{
  const NaviGraphNode *from = &g_array_index (self->nodes, NaviGraphNode, edge->from),
                      *to = &g_array_index (self->nodes, NaviGraphNode, edge->to);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  NaviPoint at = { from->lat_e7, from->lon_e7 }, last = { to->lat_e7, to->lon_e7 };
  gint n = g_rand_int_range (rand, -10, 12);

  g_array_append_val (points, at);
  if (n > 0)
    {
      edge->shape = self->build.shapes->len;
      navi_varint_append (self->build.shapes, (guint64) n);
    }
  for (gint i = 0; i < n; i++)
    {
      gint32 lat = g_rand_int_range (rand, -9000, 9000), lon = g_rand_int_range (rand, -9000, 9000);
      lat = CLAMP (at.lat_e7 + lat, -900000000, 900000000) - at.lat_e7;
      lon = CLAMP (at.lon_e7 + lon, -1800000000, 1800000000) - at.lon_e7;
      navi_varint_append (self->build.shapes, navi_zigzag_encode (lat));
      navi_varint_append (self->build.shapes, navi_zigzag_encode (lon));
      at.lat_e7 += lat;
      at.lon_e7 += lon;
      g_array_append_val (points, at);
    }
  g_array_append_val (points, last);
  navi_graph_measure (edge, (const NaviPoint *) (gpointer) points->data, points->len);
}

/* The lists of arcs that leave a node, made the slow way. */
static void
list_arcs (Random *self)
{
  NaviGraph *graph = &self->build.graph;
  guint32 at = 0;

  self->build.first_arc = g_new0 (guint32, graph->n_nodes + 1);
  self->build.arcs = g_new0 (guint32, graph->n_arcs + 1);
  for (guint32 node = 0; node < graph->n_nodes; node++)
    {
      self->build.first_arc[node] = at;
      for (guint32 arc = 0; arc < graph->n_arcs; arc++)
        {
          const NaviGraphEdge *edge = &g_array_index (self->build.edges, NaviGraphEdge, arc / 2);
          if ((arc % 2 == 0 ? edge->from : edge->to) == node)
            self->build.arcs[at++] = arc;
        }
      if (at - self->build.first_arc[node] >= 3)
        g_array_index (self->nodes, NaviGraphNode, node).flags |= NAVI_NODE_IS_JUNCTION;
    }
  self->build.first_arc[graph->n_nodes] = at;
}

static void
view (Random *self)
{
  NaviGraph *graph = &self->build.graph;

  graph->n_ways = self->roads.attributes->len;
  graph->nodes = self->build.nodes = (NaviGraphNode *) (gpointer) self->nodes->data;
  graph->first_arc = self->build.first_arc;
  graph->arcs = self->build.arcs;
  graph->edges = (const NaviGraphEdge *) (gpointer) self->build.edges->data;
  graph->ways = (const NaviGraphWay *) (gpointer) self->roads.attributes->data;
  graph->shapes = self->build.shapes->data;
  graph->shapes_bytes = self->build.shapes->len;
  graph->strings = (const char *) self->roads.strings->data;
  graph->strings_bytes = self->roads.strings->len;
}

static Random *
random_new (guint32 seed, guint n_nodes, guint n_edges, guint n_ways)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Random *self = g_new0 (Random, 1);

  self->build.roads = &self->roads;
  self->nodes = g_array_new (FALSE, FALSE, sizeof (NaviGraphNode));
  self->roads.attributes = g_array_new (FALSE, FALSE, sizeof (NaviGraphWay));
  self->roads.ruled_ways = g_array_new (FALSE, FALSE, sizeof (NaviRoadsRuled));
  self->roads.strings = g_byte_array_new ();
  self->build.edges = g_array_new (FALSE, FALSE, sizeof (NaviGraphEdge));
  self->build.shapes = g_byte_array_new ();
  navi_varint_append (self->build.shapes, 0);
  g_byte_array_append (self->roads.strings, (const guint8 *) "", 1);
  for (guint i = 0; i < n_ways; i++)
    {
      NaviGraphWay way = random_way (rand, self->roads.strings);
      g_array_append_val (self->roads.attributes, way);
    }
  for (guint i = 0; i < n_nodes; i++)
    add_node (self, rand);
  for (guint i = 0; i < n_edges; i++)
    add_edge (self, rand);
  g_array_sort (self->build.edges, compare_owners);
  for (guint i = 0; i < n_edges; i++)
    shape_edge (self, rand, &g_array_index (self->build.edges, NaviGraphEdge, i));
  navi_roads_build_order_ways (&self->build);
  self->build.graph.n_nodes = n_nodes;
  self->build.graph.n_edges = n_edges;
  self->build.graph.n_arcs = n_edges * 2;
  list_arcs (self);
  view (self);
  return self;
}

static void
random_free (Random *self)
{
  g_array_unref (self->nodes);
  g_array_unref (self->roads.attributes);
  g_array_unref (self->roads.ruled_ways);
  g_byte_array_unref (self->roads.strings);
  g_array_unref (self->build.edges);
  g_byte_array_unref (self->build.shapes);
  g_free (self->build.first_arc);
  g_free (self->build.arcs);
  g_free (self);
}

static void
write_graph (NaviRoadsBuild *build, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegionWriter) writer = navi_region_writer_new (path, &error);
  NaviGraphHeader header = { .n_nodes = build->graph.n_nodes, .n_edges = build->graph.n_edges, .n_ways = build->graph.n_ways };
  const guint32 levels[] = { 1, 1, 0, header.n_nodes };

  g_assert_no_error (error);
  g_assert_true (navi_region_writer_add (writer, NAVI_SECTION_GRAPH_LEVELS, sizeof (guint32), levels, sizeof levels, &error));
  header.strings_bytes = (guint32) build->graph.strings_bytes;
  g_assert_true (navi_roads_build_write_ways (build, writer, &header.n_commons, &error));
  g_assert_true (navi_roads_build_write_blocks (build, writer, header.common_flags, &error));
  g_assert_true (navi_region_writer_add (writer, NAVI_SECTION_GRAPH_HEADER, sizeof header, &header, sizeof header, &error));
  g_assert_true (navi_region_writer_commit (writer, &error));
  g_assert_no_error (error);
}

/* ---- Comparing ---- */

static void
assert_same_way (const NaviGraph *a, const NaviGraph *b, guint32 arc)
{
  const NaviGraphWay *left = navi_graph_way (a, arc), *right = navi_graph_way (b, arc);

  g_assert_cmpmem (&left->speed_dkmh, sizeof (NaviGraphCommon), &right->speed_dkmh, sizeof (NaviGraphCommon));
  for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
    g_assert_cmpstr (navi_graph_string (a, (&left->name)[i]), ==, navi_graph_string (b, (&right->name)[i]));
}

static void
assert_same_edge (const NaviGraph *a, const NaviGraph *b, guint32 arc)
{
  NaviGraphEdge left = *navi_graph_edge (a, arc), right = *navi_graph_edge (b, arc);
  g_autoptr (GArray) left_points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  g_autoptr (GArray) right_points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));

  left.shape = right.shape = 0;
  g_assert_cmpmem (&left, sizeof left, &right, sizeof right);
  navi_graph_append_shape (a, arc, left_points);
  navi_graph_append_shape (b, arc, right_points);
  g_assert_cmpmem (left_points->data, left_points->len * sizeof (NaviPoint), right_points->data,
                   right_points->len * sizeof (NaviPoint));
}

/* Nodes are asked for in a strange order: blocks are decoded in any. */
static void
assert_same_graph (const NaviGraph *a, const NaviGraph *b)
{
  guint32 step = 7919;

  while (a->n_nodes % step == 0)
    step++;
  g_assert_cmpuint (a->n_nodes, ==, b->n_nodes);
  g_assert_cmpuint (a->n_edges, ==, b->n_edges);
  g_assert_cmpuint (a->n_ways, ==, b->n_ways);
  for (guint32 i = 0, node = 0; i < a->n_nodes; i++, node = (node + step) % a->n_nodes)
    {
      guint32 first_a, first_b, end_a = navi_graph_out_arcs (a, node, &first_a), end_b = navi_graph_out_arcs (b, node, &first_b);
      g_assert_cmpmem (navi_graph_node (a, node), sizeof (NaviGraphNode), navi_graph_node (b, node), sizeof (NaviGraphNode));
      g_assert_cmpuint (end_a, ==, end_b);
      g_assert_cmpuint (first_a, ==, first_b);
      for (guint32 k = first_a; k < end_a; k++)
        {
          guint32 arc = navi_graph_out_arc (a, k);
          g_assert_cmpuint (arc, ==, navi_graph_out_arc (b, k));
          g_assert_cmpuint (navi_graph_tail (b, arc), ==, node);
          assert_same_edge (a, b, arc);
          assert_same_way (a, b, arc);
        }
    }
}

static char *
temporary_path (void)
{
  g_autofree char *folder = g_dir_make_tmp ("navi-graph-XXXXXX", NULL);

  return g_build_filename (folder, "x.region", NULL);
}

static void
remove_temporary (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static NaviGraph *
open_graph (const char *path, GError **error)
{
  g_autoptr (NaviRegion) region = navi_region_open (path, error);

  return region != NULL ? navi_graph_new (region, error) : NULL;
}

static void
test_random (void)
{
  static const struct
  {
    guint n_nodes;
    guint n_edges;
    guint n_ways;
  } sizes[] = { { 1, 1, 1 },       { 2, 300, 5 },       { 255, 200, 64 }, { 256, 400, 65 },
                { 257, 500, 300 }, { 1500, 2500, 900 }, { 1024, 70, 3 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = temporary_path ();
      g_autoptr (NaviGraph) graph = NULL;
      Random *made = random_new ((guint32) i + 1, sizes[i].n_nodes, sizes[i].n_edges, sizes[i].n_ways);

      write_graph (&made->build, path);
      graph = open_graph (path, &error);
      g_assert_no_error (error);
      navi_graph_enter (graph);
      assert_same_graph (&made->build.graph, graph);
      g_assert_true (navi_graph_check (graph, &error));
      navi_graph_leave (graph);
      random_free (made);
      remove_temporary (path);
    }
}

/* ---- Many at once ---- */

typedef struct
{
  const NaviGraph *graph;
  const NaviGraph *expected;
  guint32 seed;
} Walker;

/* Looks here and there, and comes and goes. */
static gpointer
walk (gpointer user_data)
{
  const Walker *self = user_data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (self->seed);

  for (guint round = 0; round < 60; round++)
    {
      navi_graph_enter (self->graph);
      for (guint i = 0; i < 40; i++)
        {
          guint32 arc = (guint32) g_rand_int_range (rand, 0, (gint32) self->expected->n_arcs), first, first_expected;
          assert_same_edge (self->expected, self->graph, arc);
          assert_same_way (self->expected, self->graph, arc);
          g_assert_cmpuint (navi_graph_out_arcs (self->graph, navi_graph_head (self->graph, arc), &first), ==,
                            navi_graph_out_arcs (self->expected, navi_graph_head (self->expected, arc), &first_expected));
          g_assert_cmpuint (first, ==, first_expected);
        }
      if (round % 3 == 0)
        navi_graph_trim (self->graph);
      navi_graph_leave (self->graph);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = temporary_path ();
  g_autoptr (NaviGraph) graph = NULL;
  Random *made = random_new (3, 3000, 5000, 1500);
  Walker walkers[4];
  GThread *threads[G_N_ELEMENTS (walkers)];

  write_graph (&made->build, path);
  graph = open_graph (path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (walkers); i++)
    {
      walkers[i] = (Walker){ graph, &made->build.graph, i };
      threads[i] = g_thread_new ("walker", walk, &walkers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (walkers); i++)
    g_thread_join (threads[i]);
  g_assert_true (navi_graph_check (graph, &error));
  random_free (made);
  remove_temporary (path);
}

/* ---- Damage ---- */

static void
touch_everything (const NaviGraph *graph)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));

  for (guint32 node = 0; node < graph->n_nodes; node++)
    {
      guint32 first, end = navi_graph_out_arcs (graph, node, &first);
      g_assert_cmpuint (first, <=, end);
      g_assert_cmpuint (end, <=, graph->n_arcs);
      for (guint32 i = first; i < end; i++)
        g_assert_cmpuint (navi_graph_out_arc (graph, i), <, graph->n_arcs);
    }
  for (guint32 arc = 0; arc < graph->n_arcs; arc++)
    {
      const NaviGraphWay *way = navi_graph_way (graph, arc);
      g_assert_cmpuint (navi_graph_head (graph, arc), <, graph->n_nodes);
      for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
        g_assert_cmpuint (strlen (navi_graph_string (graph, (&way->name)[i])), <, NAVI_STRING_BLOCK_BYTES);
      g_array_set_size (points, 0);
      navi_graph_append_shape (graph, arc, points);
    }
}

static void
test_damage (void)
{
  g_autofree char *path = temporary_path ();
  g_autofree char *contents = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  Random *made = random_new (77, 600, 900, 200);
  gsize length;
  guint told = 0;

  write_graph (&made->build, path);
  random_free (made);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (guint i = 0; i < 400; i++)
    {
      gsize at = 64 + (gsize) g_rand_int (rand) % (length - 64);
      char was = contents[at];
      g_autoptr (GError) error = NULL;
      g_autoptr (NaviGraph) graph = NULL;

      contents[at] ^= (char) (1 << g_rand_int_range (rand, 0, 8));
      g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
      contents[at] = was;
      graph = open_graph (path, &error);
      if (graph != NULL)
        {
          navi_graph_enter (graph);
          touch_everything (graph);
          navi_graph_leave (graph);
          navi_graph_check (graph, &error);
        }
      if (error != NULL)
        {
          g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
          told++;
        }
    }
  g_assert_cmpuint (told, >, 50);
  remove_temporary (path);
}

/* ---- A real one ---- */

/* What was decoded, as it would look while an import builds it. */
static Random *
rebuild (const NaviGraph *graph)
{
  Random *self = g_new0 (Random, 1);
  NaviGraph *own = &self->build.graph;

  self->build.roads = &self->roads;
  self->nodes = g_array_new (FALSE, FALSE, sizeof (NaviGraphNode));
  self->roads.attributes = g_array_new (FALSE, FALSE, sizeof (NaviGraphWay));
  self->roads.ruled_ways = g_array_new (FALSE, FALSE, sizeof (NaviRoadsRuled));
  self->build.edges = g_array_new (FALSE, FALSE, sizeof (NaviGraphEdge));
  self->roads.strings = g_byte_array_new ();
  self->build.shapes = g_byte_array_new ();
  for (guint32 node = 0; node < graph->n_nodes; node++)
    g_array_append_vals (self->nodes, navi_graph_node (graph, node), 1);
  for (guint32 arc = 0; arc < graph->n_arcs; arc += 2)
    {
      NaviGraphWay way = *navi_graph_way (graph, arc);
      g_array_append_vals (self->build.edges, navi_graph_edge (graph, arc), 1);
      if (navi_graph_edge (graph, arc)->way == self->roads.attributes->len)
        g_array_append_val (self->roads.attributes, way);
      for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
        navi_graph_string (graph, (&way.name)[i]);
    }
  g_byte_array_append (self->roads.strings, (const guint8 *) graph->strings, (guint) graph->strings_bytes);
  g_byte_array_append (self->build.shapes, graph->shapes, (guint) graph->shapes_bytes);
  self->build.first_arc = g_memdup2 (graph->first_arc, (graph->n_nodes + 1) * sizeof (guint32));
  self->build.arcs = g_memdup2 (graph->arcs, graph->n_arcs * sizeof (guint32));
  own->n_nodes = graph->n_nodes;
  own->n_edges = graph->n_edges;
  own->n_arcs = graph->n_arcs;
  view (self);
  return self;
}

static void
assert_same_section (const char *path_a, const char *path_b, guint32 id)
{
  g_autoptr (NaviRegion) a = navi_region_open (path_a, NULL);
  g_autoptr (NaviRegion) b = navi_region_open (path_b, NULL);
  gsize bytes_a, bytes_b;
  gconstpointer data_a = navi_region_get_section (a, id, &bytes_a), data_b = navi_region_get_section (b, id, &bytes_b);

  g_assert_cmpmem (data_a, bytes_a, data_b, bytes_b);
}

/* What a region holds, written again, gives the same bytes: nothing is lost or made up on the way. */
static void
on_progress (const char *phase, double done, gpointer user_data)
{
  double *last = user_data;

  g_assert_true (g_str_equal (phase, "reading") || g_str_equal (phase, "building"));
  g_assert_cmpfloat (done, >=, *last);
  *last = done;
}

static void
write_again (const char *source)
{
  double done = 0;
  g_autofree char *path = temporary_path ();
  g_autofree char *again = temporary_path ();
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviGraph) graph = NULL;
  Random *made;

  g_assert_true (navi_import_run (source, path, NULL, on_progress, &done, NULL, &error));
  g_assert_cmpfloat (done, ==, 1.0);
  g_assert_no_error (error);
  graph = open_graph (path, &error);
  g_assert_no_error (error);
  navi_graph_enter (graph);
  touch_everything (graph);
  made = rebuild (graph);
  navi_graph_leave (graph);
  g_assert_true (navi_graph_check (graph, &error));
  write_graph (&made->build, again);
  for (guint32 id = NAVI_SECTION_GRAPH_BLOCKS; id <= NAVI_SECTION_GRAPH_STRING_DATA; id++)
    assert_same_section (path, again, id);
  random_free (made);
  remove_temporary (path);
  remove_temporary (again);
}

static void
test_real (void)
{
  const char *data = g_getenv ("CIRRUS_TEST_DATA");
  g_autofree char *sample = g_build_filename (g_getenv ("CIRRUS_BUILD_ROOT"), "data", "sample", "lindenau.osm", NULL);

  write_again (sample);
  if (data != NULL)
    {
      g_autofree char *porto = g_build_filename (data, "osm", "porto.osm.pbf", NULL);
      write_again (porto);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/graph/random-graphs-come-back", test_random);
  g_test_add_func ("/navi/graph/many-threads-come-and-go", test_threads);
  g_test_add_func ("/navi/graph/damage-is-told-and-stays-in-bounds", test_damage);
  g_test_add_func ("/navi/graph/a-region-written-again-is-the-same", test_real);
  return g_test_run ();
}
