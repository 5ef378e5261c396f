/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-alternatives.h"
#include "navi-customize.h"
#include "navi-dijkstra.h"
#include "navi-import.h"
#include "navi-metrics.h"
#include "navi-query.h"
#include "navi-random.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The overlay gives what Dijkstra's search over all arcs gives: for each profile, plain and with random wishes, on the sample town and, where
 * CIRRUS_TEST_DATA names the folder, on real extracts.  Each path is added up again arc by arc.
 *
 * An argument says how many pairs are compared for each profile (100). */

enum
{
  SEED = 20261123,
  N_WISHES = 5,
};

typedef struct
{
  NaviRegion *region;
  NaviGraph *graph;
  NaviMetrics *metrics;
} Network;

static guint n_pairs = 100;
static char *folder;

static Network *
network_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  Network *self = g_new0 (Network, 1);

  self->region = navi_region_open (path, &error);
  g_assert_no_error (error);
  self->graph = navi_graph_new (self->region, &error);
  g_assert_no_error (error);
  self->metrics = navi_metrics_new (self->graph);
  navi_graph_enter (self->graph);
  return self;
}

static void
network_free (Network *self)
{
  navi_graph_leave (self->graph);
  g_assert_true (navi_graph_check (self->graph, NULL));
  navi_metrics_free (self->metrics);
  navi_graph_free (self->graph);
  g_object_unref (self->region);
  g_free (self);
}

static char *
region_path (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".region", NULL);
  return g_build_filename (folder, file, NULL);
}

static void
compare (const Network *network, const NaviMetric *metric, GRand *random, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviWeights) weights = navi_metrics_get (network->metrics, metric, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      NaviArcPoint origins[2], targets[2];
      guint n_origins = navi_random_ends (network->graph, metric, random, origins);
      guint n_targets = navi_random_ends (network->graph, metric, random, targets);
      NaviPath path, expected;
      gboolean found = navi_query (weights, metric, origins, n_origins, targets, n_targets, NULL, &path);
      g_assert_cmpint (found, ==, navi_dijkstra (network->graph, metric, origins, n_origins, targets, n_targets, NULL, &expected));
      if (found)
        {
          g_assert_cmpuint (navi_add_up (network->graph, metric, origins, n_origins, targets, n_targets, &path), ==, path.cost_ms);
          g_assert_cmpuint (path.cost_ms, ==, expected.cost_ms);
        }
      navi_path_clear (&path);
      navi_path_clear (&expected);
    }
}

static void
test_plain (gconstpointer data)
{
  g_autofree char *path = region_path (data);
  Network *network = network_open (path);

  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      const NaviMetric metric = { .profile = (NaviProfile) profile };
      GRand *random = g_rand_new_with_seed (SEED + profile);
      compare (network, &metric, random, n_pairs);
      g_rand_free (random);
    }
  network_free (network);
}

static void
test_wishes (gconstpointer data)
{
  g_autofree char *path = region_path (data);
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint32));
  Network *network = network_open (path);

  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      GRand *random = g_rand_new_with_seed (SEED + 100 + profile);
      for (guint i = 0; i < N_WISHES; i++)
        {
          NaviMetric metric;
          navi_random_wishes (network->graph, (NaviProfile) profile, random, &metric, edges);
          compare (network, &metric, random, n_pairs / N_WISHES);
        }
      g_rand_free (random);
    }
  network_free (network);
}

/* Wishes that are found only where they matter are those that are found everywhere. */
static void
test_few_cells_are_enough (gconstpointer data)
{
  g_autofree char *path = region_path (data);
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GError) error = NULL;
  Network *network = network_open (path);
  GRand *random = g_rand_new_with_seed (SEED);

  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      g_autoptr (NaviOverlay) overlay = navi_overlay_build (network->graph, (NaviProfile) profile);
      g_autoptr (NaviWeights) all = NULL;
      g_autoptr (NaviWeights) few = NULL;
      g_autoptr (GByteArray) all_bytes = NULL;
      g_autoptr (GByteArray) few_bytes = NULL;
      NaviMetric metric;
      navi_random_wishes (network->graph, (NaviProfile) profile, random, &metric, edges);
      all = navi_customize (overlay, &metric, NULL);
      few = navi_metrics_get (network->metrics, &metric, NULL, &error);
      g_assert_no_error (error);
      all_bytes = navi_weights_write (all);
      few_bytes = navi_weights_write (few);
      g_assert_cmpmem (all_bytes->data, all_bytes->len, few_bytes->data, few_bytes->len);
    }
  g_rand_free (random);
  network_free (network);
}

/* ---- Moments and vehicles ---- */

/* A working morning, a winter's night with a lorry, a summer weekend with something wide, and one at random. */
static NaviRules *
random_rules (const Network *network, NaviProfile profile, GRand *random)
{
  static const struct
  {
    NaviLocalTime at;
    guint32 sizes[NAVI_N_SIZES];
  } moments[] = {
    { { 2026, 11, 23, 490 }, { 0 } },
    { { 2026, 12, 2, 1410 }, { 2700, 0, 0, 4000, 0 } },
    { { 2026, 7, 18, 720 }, { 0, 2200, 0, 3200, 0 } },
  };
  guint i = (guint) g_rand_int_range (random, 0, G_N_ELEMENTS (moments) + 1);
  NaviLocalTime at = { 2026, g_rand_int_range (random, 1, 13), g_rand_int_range (random, 1, 29), g_rand_int_range (random, 0, 1440) };
  const guint32 unknown[NAVI_N_SIZES] = { 0 };

  if (i < G_N_ELEMENTS (moments))
    return navi_rulebook_get (network->graph->rulebook, profile, &moments[i].at, moments[i].sizes);
  return navi_rulebook_get (network->graph->rulebook, profile, &at, unknown);
}

/* At each of several moments, with wishes and without, and that it is the weights of all cells that a few made anew give. */
static void
test_moments (gconstpointer data)
{
  g_autofree char *path = region_path (data);
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint32));
  Network *network = network_open (path);
  GRand *random = g_rand_new_with_seed (SEED + 300);
  guint n_moments = 0;

  g_assert_nonnull (network->graph->rulebook);
  for (guint i = 0; i < 4 * NAVI_N_PROFILES; i++)
    {
      NaviProfile profile = (NaviProfile) (i % NAVI_N_PROFILES);
      g_autoptr (NaviRules) rules = random_rules (network, profile, random);
      g_autoptr (NaviOverlay) overlay = navi_overlay_build (network->graph, profile);
      g_autoptr (NaviWeights) all = NULL;
      g_autoptr (NaviWeights) few = NULL;
      g_autoptr (GByteArray) all_bytes = NULL;
      g_autoptr (GByteArray) few_bytes = NULL;
      NaviMetric metric = { .profile = profile };
      if (i >= 2 * NAVI_N_PROFILES)
        navi_random_wishes (network->graph, profile, random, &metric, edges);
      metric.rules = rules;
      metric.avoid |= rules != NULL ? rules->too_much : 0;
      n_moments += rules != NULL ? 1 : 0;
      compare (network, &metric, random, n_pairs / 4);
      all = navi_customize (overlay, &metric, NULL);
      few = navi_metrics_get (network->metrics, &metric, NULL, NULL);
      all_bytes = navi_weights_write (all);
      few_bytes = navi_weights_write (few);
      g_assert_cmpmem (all_bytes->data, all_bytes->len, few_bytes->data, few_bytes->len);
    }
  g_assert_cmpuint (n_moments, >, 4);
  g_rand_free (random);
  network_free (network);
}

static void
test_cancelled (gconstpointer data)
{
  g_autofree char *path = region_path (data);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const NaviMetric metric = { .profile = NAVI_CAR, .avoid = NAVI_AVOID_UNPAVED };
  Network *network = network_open (path);

  g_cancellable_cancel (cancellable);
  g_assert_null (navi_metrics_get (network->metrics, &metric, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  network_free (network);
}

/* ---- Alternatives ---- */

static guint
shared_percent (const NaviGraph *graph, const NaviPath *path, const NaviPath *other)
{
  guint64 all = 0, shared = 0;

  for (guint i = 0; i < path->arcs->len; i++)
    {
      guint32 arc = g_array_index (path->arcs, guint32, i), length = navi_graph_edge (graph, arc)->length_cm;
      gboolean is_shared = FALSE;
      for (guint j = 0; j < other->arcs->len && !is_shared; j++)
        is_shared = g_array_index (other->arcs, guint32, j) >> 1 == arc >> 1;
      all += length;
      shared += is_shared ? length : 0;
    }
  return (guint) (shared * 100 / MAX (all, 1));
}

/* No piece of the path that is an eighth of the best way long is a detour: by Dijkstra's search, at random places. */
static void
assert_no_detours (const NaviGraph *graph, const NaviMetric *metric, const NaviPath *path, guint32 best_ms, GRand *random)
{
  for (guint n = 0; n < 3 && path->arcs->len > 2; n++)
    {
      guint first = (guint) g_rand_int_range (random, 0, (gint32) path->arcs->len - 1), last = first;
      NaviPath piece = { .arcs = g_array_new (FALSE, FALSE, sizeof (guint32)) }, expected;
      NaviArcPoint from = { g_array_index (path->arcs, guint32, first), 0, 0 }, to = { 0 };
      g_array_append_val (piece.arcs, from.arc);
      from.before_ms = navi_graph_arc_ms (graph, metric, from.arc);
      while (last + 1 < path->arcs->len)
        {
          guint32 arc = g_array_index (path->arcs, guint32, last + 1);
          NaviArcPoint end = { arc, navi_graph_arc_ms (graph, metric, arc), 0 };
          g_array_append_val (piece.arcs, arc);
          if (navi_add_up (graph, metric, &from, 1, &end, 1, &piece) > best_ms / 8)
            break;
          to = end;
          last++;
        }
      g_array_set_size (piece.arcs, last - first + 1);
      if (last > first)
        {
          g_assert_true (navi_dijkstra (graph, metric, &from, 1, &to, 1, NULL, &expected));
          g_assert_cmpuint (navi_add_up (graph, metric, &from, 1, &to, 1, &piece), ==, expected.cost_ms);
          navi_path_clear (&expected);
        }
      navi_path_clear (&piece);
    }
}

static guint
check_alternatives (const NaviAlternatives *question, GRand *random)
{
  const NaviGraph *graph = question->graph;
  NaviPath best;
  GArray *found;
  guint n;

  if (!navi_query (question->weights, question->metric, question->origins, question->n_origins, question->targets, question->n_targets, NULL, &best))
    return 0;
  found = navi_alternatives_find (question, &best, 3);
  n = found->len;
  for (guint i = 0; i < n; i++)
    {
      const NaviPath *path = &g_array_index (found, NaviPath, i);
      g_assert_cmpuint (path->cost_ms, >=, best.cost_ms);
      g_assert_cmpuint (path->cost_ms, <=, (guint64) best.cost_ms * NAVI_ALTERNATIVE_COST / 100);
      g_assert_cmpuint (navi_add_up (graph, question->metric, question->origins, question->n_origins, question->targets, question->n_targets, path), ==,
                        path->cost_ms);
      g_assert_cmpuint (shared_percent (graph, path, &best), <, NAVI_ALTERNATIVE_SHARED);
      for (guint j = 0; j < i; j++)
        g_assert_cmpuint (shared_percent (graph, path, &g_array_index (found, NaviPath, j)), <, NAVI_ALTERNATIVE_SHARED);
      assert_no_detours (graph, question->metric, path, best.cost_ms, random);
    }
  g_array_unref (found);
  navi_path_clear (&best);
  return n;
}

static void
test_alternatives (gconstpointer data)
{
  g_autofree char *path = region_path (data);
  Network *network = network_open (path);
  const NaviMetric metric = { .profile = NAVI_CAR };
  NaviWeights *weights = navi_metrics_get (network->metrics, &metric, NULL, NULL);
  GRand *random = g_rand_new_with_seed (SEED + 200);
  guint n_found = 0;

  g_assert_nonnull (weights);
  for (guint i = 0; i < 20; i++)
    {
      NaviArcPoint origins[2], targets[2];
      NaviAlternatives question = { network->metrics, network->graph, &metric, weights, origins, 0, targets, 0, NULL };
      question.n_origins = navi_random_ends (network->graph, &metric, random, origins);
      question.n_targets = navi_random_ends (network->graph, &metric, random, targets);
      n_found += check_alternatives (&question, random);
    }
  g_test_message ("%u alternatives to 20 ways", n_found);
  g_assert_cmpuint (n_found, >, 0);
  g_rand_free (random);
  navi_weights_unref (weights);
  network_free (network);
}

/* ---- Damage ---- */

/* Where a section lies in the file, by the bytes of its table entry (navi-region-format.h). */
static gboolean
find_section (const guint8 *bytes, guint32 id, guint64 *offset, guint64 *length)
{
  guint64 table;
  guint32 n;

  memcpy (&n, bytes + 12, sizeof n);
  memcpy (&table, bytes + 24, sizeof table);
  for (guint32 i = 0; i < n; i++)
    {
      guint32 at;
      memcpy (&at, bytes + table + i * 40, sizeof at);
      memcpy (offset, bytes + table + i * 40 + 8, sizeof *offset);
      memcpy (length, bytes + table + i * 40 + 16, sizeof *length);
      if (at == id)
        return *length > 0;
    }
  return FALSE;
}

static void
use_damaged (const char *path, GRand *random)
{
  const NaviLocalTime at = { 2026, 11, 23, 490 };
  const guint32 sizes[NAVI_N_SIZES] = { 2700, 0, 0, 4000, 0 };
  g_autoptr (NaviRegion) region = navi_region_open (path, NULL);
  g_autoptr (NaviGraph) graph = region != NULL ? navi_graph_new (region, NULL) : NULL;
  g_autoptr (NaviMetrics) metrics = graph != NULL ? navi_metrics_new (graph) : NULL;
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (graph != NULL)
    navi_graph_enter (graph);
  for (guint i = 0; metrics != NULL && i < 6; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NaviWeights) weights = NULL;
      NaviMetric metric = { .profile = (NaviProfile) (i % NAVI_N_PROFILES) };
      g_autoptr (NaviRules) rules = NULL;
      if (i >= NAVI_N_PROFILES)
        navi_random_wishes (graph, (NaviProfile) (i % NAVI_N_PROFILES), random, &metric, edges);
      if (graph->rulebook != NULL)
        rules = navi_rulebook_get (graph->rulebook, metric.profile, &at, sizes);
      metric.rules = rules;
      weights = navi_metrics_get (metrics, &metric, NULL, &error);
      if (weights == NULL)
        g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
      for (guint j = 0; weights != NULL && j < 5; j++)
        {
          NaviArcPoint origins[2], targets[2];
          guint n_origins = navi_random_ends (graph, &metric, random, origins), n_targets = navi_random_ends (graph, &metric, random, targets);
          NaviPath way;
          navi_query (weights, &metric, origins, n_origins, targets, n_targets, NULL, &way);
          navi_path_clear (&way);
        }
    }
  if (graph != NULL)
    navi_graph_leave (graph);
}

static void
test_damage (gconstpointer data)
{
  static const guint32 sections[] = { NAVI_SECTION_GRAPH_LEVELS, NAVI_SECTION_CELL_TRAITS, NAVI_SECTION_OVERLAY_CAR, NAVI_SECTION_OVERLAY_BICYCLE,
                                      NAVI_SECTION_OVERLAY_FOOT, NAVI_SECTION_WEIGHTS_CAR, NAVI_SECTION_WEIGHTS_BICYCLE, NAVI_SECTION_WEIGHTS_FOOT,
                                      NAVI_SECTION_GRAPH_TURNS_CAR, NAVI_SECTION_RULES };
  g_autofree char *path = region_path (data);
  g_autofree char *whole = NULL;
  GRand *random = g_rand_new_with_seed (SEED);
  gsize n_bytes;

  g_assert_true (g_file_get_contents (path, &whole, &n_bytes, NULL));
  for (guint i = 0; i < 40 * G_N_ELEMENTS (sections); i++)
    {
      g_autofree guint8 *bytes = g_memdup2 (whole, n_bytes);
      g_autofree char *damaged = NULL;
      guint64 offset, length;
      int fd;
      if (!find_section (bytes, sections[i % G_N_ELEMENTS (sections)], &offset, &length))
        continue;
      for (guint n = (guint) g_rand_int_range (random, 1, 8); n > 0; n--)
        bytes[offset + (guint64) g_rand_int_range (random, 0, (gint32) length)] = (guint8) g_rand_int (random);
      fd = memfd_create ("damaged", MFD_CLOEXEC);
      damaged = g_strdup_printf ("/proc/self/fd/%d", fd);
      g_assert_cmpint (write (fd, bytes, n_bytes), ==, (gssize) n_bytes);
      use_damaged (damaged, random);
      close (fd);
    }
  g_rand_free (random);
}

/* ---- Networks ---- */

static void
import (const char *in, const char *name)
{
  g_autofree char *out = region_path (name);
  g_autoptr (GError) error = NULL;

  navi_import_run (in, out, name, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* The same network with more turn restrictions and one-way streets. */
static char *
add_turns (const char *in, const char *restrictions)
{
  g_autofree char *script = g_build_filename (g_getenv ("CIRRUS_SOURCE_ROOT"), "tests", "bench", "navi", "with-turns.py", NULL);
  char *out = g_build_filename (folder, "turns.osm.pbf", NULL);
  const char *const argv[] = { "/usr/bin/python3", script, in, out, "--restrictions", restrictions, NULL };

  run (argv);
  return out;
}

/* The same network with conditional tags and limits. */
static void
add_conditions (const char *in, const char *name, GPtrArray *names)
{
  g_autofree char *script = g_build_filename (g_getenv ("CIRRUS_SOURCE_ROOT"), "tests", "integration", "navi", "add_conditions.py", NULL);
  g_autofree char *out = g_build_filename (folder, "conditions.osm", NULL);
  g_autofree char *test = g_strconcat ("/navi/overlay/", name, "/moments", NULL);
  const char *const argv[] = { "/usr/bin/python3", script, in, out, NULL };

  run (argv);
  import (out, name);
  g_remove (out);
  g_ptr_array_add (names, g_strdup (name));
  g_test_add_data_func (test, g_ptr_array_index (names, names->len - 1), test_moments);
}

static void
add_network (const char *in, const char *name, const char *restrictions, GPtrArray *names)
{
  g_autofree char *turns = restrictions != NULL ? add_turns (in, restrictions) : NULL;
  g_autofree char *plain = g_strconcat ("/navi/overlay/", name, "/plain", NULL), *wishes = g_strconcat ("/navi/overlay/", name, "/wishes", NULL);
  g_autofree char *alternatives = g_strconcat ("/navi/overlay/", name, "/alternatives", NULL);

  import (turns != NULL ? turns : in, name);
  if (turns != NULL)
    g_remove (turns);
  g_ptr_array_add (names, g_strdup (name));
  g_test_add_data_func (plain, g_ptr_array_index (names, names->len - 1), test_plain);
  g_test_add_data_func (wishes, g_ptr_array_index (names, names->len - 1), test_wishes);
  g_test_add_data_func (alternatives, g_ptr_array_index (names, names->len - 1), test_alternatives);
}

int
main (int argc, char **argv)
{
  const char *data = g_getenv ("CIRRUS_TEST_DATA");
  g_autofree char *town = g_build_filename (g_getenv ("CIRRUS_BUILD_ROOT"), "data", "sample", "lindenau.osm", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int result;

  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_pairs = (guint) atoi (argv[1]);
  folder = g_dir_make_tmp ("navi-overlay-XXXXXX", NULL);
  add_network (town, "town", NULL, names);
  add_network (town, "town-with-turns", "200", names);
  add_conditions (town, "town-with-conditions", names);
  if (data != NULL)
    {
      g_autofree char *liechtenstein = g_build_filename (data, "osm", "liechtenstein-2021.osm.pbf", NULL);
      g_autofree char *porto = g_build_filename (data, "osm", "porto.osm.pbf", NULL), *metro5 = g_build_filename (data, "osm", "metro5.osm.pbf", NULL);
      add_network (liechtenstein, "liechtenstein", NULL, names);
      add_network (porto, "porto", NULL, names);
      add_network (metro5, "metro5-with-turns", "20000", names);
    }
  g_test_add_data_func ("/navi/overlay/few-cells-are-enough", "town-with-turns", test_few_cells_are_enough);
  g_test_add_data_func ("/navi/overlay/cancelled", "town", test_cancelled);
  g_test_add_data_func ("/navi/overlay/damage", "town-with-turns", test_damage);
  g_test_add_data_func ("/navi/overlay/damaged-rules", "town-with-conditions", test_damage);
  result = g_test_run ();
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = region_path (g_ptr_array_index (names, i));
      g_remove (path);
    }
  g_rmdir (folder);
  g_free (folder);
  return result;
}
