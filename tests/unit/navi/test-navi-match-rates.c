/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-drive.h"
#include "navi-import.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <stdlib.h>

/* Random drives, by receivers with known errors, through the sample town and, where CIRRUS_TEST_DATA names the folder, real
 * cities: how many fixes are matched to the arc (a road with a direction) that was driven, and the paper's route mismatch
 * fraction: (missing + extra length) / driven length.  The rates are printed; the bounds lie well below what was measured, so
 * that other random drives pass too.
 *
 * An argument says how many drives are made for each receiver (10). */

enum
{
  SEED = 20261124,
  LEAST_M = 2500,
};

typedef struct
{
  NaviReceiver receiver;
  double least_right; /* share of fixes on the right arc, by car */
  double most_mismatch;
} Case;

static const Case cases[] = {
  { { 5, 0, 1, FALSE }, 0.85, 0.06 },   { { 5, 0, 5, FALSE }, 0.85, 0.06 },   { { 5, 0, 15, FALSE }, 0.85, 0.06 },
  { { 5, 60, 1, FALSE }, 0.85, 0.06 },  { { 5, 60, 5, FALSE }, 0.85, 0.06 },  { { 5, 60, 15, FALSE }, 0.85, 0.06 },
  { { 10, 0, 1, FALSE }, 0.75, 0.10 },  { { 10, 0, 5, FALSE }, 0.75, 0.10 },  { { 10, 0, 15, FALSE }, 0.75, 0.10 },
  { { 10, 60, 1, FALSE }, 0.75, 0.10 }, { { 10, 60, 5, FALSE }, 0.75, 0.10 }, { { 10, 60, 15, FALSE }, 0.75, 0.10 },
  { { 20, 0, 1, FALSE }, 0.60, 0.20 },  { { 20, 0, 5, FALSE }, 0.60, 0.20 },  { { 20, 0, 15, FALSE }, 0.60, 0.25 },
  { { 20, 60, 1, FALSE }, 0.60, 0.20 }, { { 20, 60, 5, FALSE }, 0.60, 0.20 }, { { 20, 60, 15, FALSE }, 0.60, 0.25 },
  { { 5, 60, 1, TRUE }, 0.85, 0.06 },   { { 10, 60, 1, TRUE }, 0.75, 0.10 },  { { 20, 60, 1, TRUE }, 0.60, 0.25 },
};

static guint n_drives = 10;
static char *folder;

static void
print_score (const char *network, const char *profile, const NaviReceiver *receiver, const NaviDriveScore *score, double sigma_m,
             double beta_m)
{
  g_test_message ("%-13s %-7s %2.0f m %-7s %2.0f s%s: right arc %5.1f %%, right road %5.1f %%, route mismatch %.3f (missing "
                  "%.3f, extra %.3f), %u fixes, "
                  "%u drives in %u pieces, sigma %.1f, beta %.1f",
                  network, profile, receiver->sigma_m, receiver->memory_s > 0 ? "slow" : "white", receiver->interval_s,
                  receiver->has_motion ? " +motion" : "", 100.0 * score->n_right_arcs / score->n_fixes,
                  100.0 * score->n_right_edges / score->n_fixes, (score->missing_m + score->extra_m) / score->driven_m,
                  score->missing_m / score->driven_m, score->extra_m / score->driven_m, score->n_fixes, score->n_drives,
                  score->n_pieces, sigma_m / score->n_drives, beta_m / score->n_drives);
}

static void
drive (NaviRouter *router, const char *name, NaviProfile profile, const Case *own)
{
  const NaviGraph *graph = navi_router_get_graph (router);
  g_autoptr (NaviMetrics) metrics = navi_metrics_new (graph);
  GRand *random = g_rand_new_with_seed (SEED + profile);
  NaviDriveScore score = { 0 };
  double sigma_m = 0, beta_m = 0;

  for (guint i = 0; i < n_drives; i++)
    {
      g_autoptr (NaviDrive) way = navi_drive_new ();
      g_autoptr (NaviTrace) trace = NULL;
      g_autoptr (GError) error = NULL;
      navi_drive_plan (way, graph, metrics, profile, profile == NAVI_FOOT ? LEAST_M / 2 : LEAST_M, random);
      navi_drive_record (way, graph, profile, &own->receiver, G_GINT64_CONSTANT (1795478400000000), random);
      trace = navi_trace_match (router, profile, way->fixes, NULL, &error);
      g_assert_no_error (error);
      navi_drive_compare (way, trace, &score);
      sigma_m += navi_trace_get_sigma_m (trace);
      beta_m += navi_trace_get_beta_m (trace);
    }
  g_rand_free (random);
  print_score (name, navi_profile_to_string (profile), &own->receiver, &score, sigma_m, beta_m);
  g_assert_cmpfloat ((double) score.n_right_arcs / score.n_fixes, >, own->least_right);
  g_assert_cmpfloat ((score.missing_m + score.extra_m) / score.driven_m, <, own->most_mismatch);
}

static void
test_rates (gconstpointer data)
{
  g_autofree char *file = g_strconcat (data, ".region", NULL), *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = navi_region_open (path, &error);
  g_autoptr (NaviRouter) router = NULL;

  g_assert_no_error (error);
  router = navi_router_new (region, &error);
  g_assert_no_error (error);
  navi_graph_enter (navi_router_get_graph (router));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    drive (router, data, NAVI_CAR, &cases[i]);
  drive (router, data, NAVI_BICYCLE, &cases[6]);
  drive (router, data, NAVI_FOOT, &cases[6]);
  navi_graph_leave (navi_router_get_graph (router));
}

static void
add_network (const char *in, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".region", NULL), *out = g_build_filename (folder, file, NULL);
  g_autofree char *test = g_strconcat ("/navi/match/rates/", name, NULL);
  g_autoptr (GError) error = NULL;

  navi_import_run (in, out, name, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_add_data_func (test, name, test_rates);
}

int
main (int argc, char **argv)
{
  static const char *const real[] = { "liechtenstein-2021", "porto" };
  const char *data = g_getenv ("CIRRUS_TEST_DATA");
  g_autofree char *town = g_build_filename (g_getenv ("CIRRUS_BUILD_ROOT"), "data", "sample", "lindenau.osm", NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  int result;

  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_drives = (guint) MAX (atoi (argv[1]), 1);
  folder = g_dir_make_tmp ("navi-match-XXXXXX", NULL);
  add_network (town, "town");
  for (gsize i = 0; data != NULL && i < G_N_ELEMENTS (real); i++)
    {
      g_autofree char *file = g_strconcat (real[i], ".osm.pbf", NULL), *path = g_build_filename (data, "osm", file, NULL);
      add_network (path, real[i]);
    }
  result = g_test_run ();
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (folder);
  g_free (folder);
  return result;
}
