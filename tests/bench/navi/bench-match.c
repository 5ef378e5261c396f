/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* bench-match REGION [DRIVES]: what map matching costs: microseconds a fix while driving (an answer for each fix), fixes a second
 * for whole recordings (matched twice), and how much memory that takes; by receivers whose errors change slowly.  One "name
 * value" a line. */

enum
{
  SEED = 20261124,
  LEAST_M = 8000,
};

static const NaviReceiver receivers[]
    = { { 5, 60, 1, TRUE }, { 10, 60, 1, TRUE }, { 20, 60, 1, TRUE }, { 10, 60, 5, FALSE }, { 10, 60, 15, FALSE } };

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;
  return left < right ? -1 : left > right;
}

/* Memory that no other process could share. */
static double
private_mb (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return -1;
  line = strstr (text, "Private_Dirty:");
  return line != NULL ? g_ascii_strtod (line + strlen ("Private_Dirty:"), NULL) / 1024 : -1;
}

typedef struct
{
  GArray *us; /* double: of each fix */
  double trace_s;
  guint n_right;
  NaviDriveScore score;
} Figures;

static void
measure_drive (NaviRouter *router, const NaviDrive *drive, Figures *figures)
{
  g_autoptr (NaviMatcher) matcher = navi_matcher_new (router, NAVI_CAR, NULL, NULL);
  g_autoptr (NaviTrace) trace = NULL;
  gint64 start_us;

  for (guint i = 0; i < drive->fixes->len; i++)
    {
      NaviMatch now;
      double us;
      start_us = g_get_monotonic_time ();
      navi_matcher_add (matcher, g_ptr_array_index (drive->fixes, i), &now);
      us = (double) (g_get_monotonic_time () - start_us);
      g_array_append_val (figures->us, us);
      figures->n_right += now.arc == g_array_index (drive->truth, NaviMatch, i).arc;
    }
  start_us = g_get_monotonic_time ();
  trace = navi_trace_match (router, NAVI_CAR, drive->fixes, NULL, NULL);
  figures->trace_s += (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  if (trace != NULL)
    navi_drive_compare (drive, trace, &figures->score);
}

static void
measure (NaviRouter *router, NaviMetrics *metrics, const NaviReceiver *receiver, guint n_drives)
{
  const NaviGraph *graph = navi_router_get_graph (router);
  GRand *random = g_rand_new_with_seed (SEED);
  g_autofree char *name = g_strdup_printf ("match_%.0fm_%.0fs", receiver->sigma_m, receiver->interval_s);
  Figures figures = { .us = g_array_new (FALSE, FALSE, sizeof (double)) };
  const double *us;
  guint n;

  for (guint i = 0; i < n_drives; i++)
    {
      g_autoptr (NaviDrive) drive = navi_drive_new ();
      navi_graph_enter (graph);
      navi_drive_plan (drive, graph, metrics, NAVI_CAR, LEAST_M, random);
      navi_drive_record (drive, graph, NAVI_CAR, receiver, G_GINT64_CONSTANT (1795478400000000), random);
      navi_graph_leave (graph);
      measure_drive (router, drive, &figures);
    }
  g_rand_free (random);
  g_array_sort (figures.us, compare_doubles);
  us = (const double *) figures.us->data;
  n = figures.us->len;
  printf ("%s_fixes %u\n%s_us_p50 %.0f\n%s_us_p99 %.0f\n%s_us_max %.0f\n", name, n, name, us[n / 2], name,
          us[(gsize) n * 99 / 100], name, us[n - 1]);
  printf ("%s_whole_fixes_per_s %.0f\n%s_now_right_percent %.1f\n", name, n / figures.trace_s, name, 100.0 * figures.n_right / n);
  printf ("%s_right_percent %.1f\n%s_route_mismatch %.3f\n", name, 100.0 * figures.score.n_right_arcs / figures.score.n_fixes,
          name, (figures.score.missing_m + figures.score.extra_m) / figures.score.driven_m);
  g_array_unref (figures.us);
}

int
main (int argc, char **argv)
{
  guint n_drives = argc > 2 ? (guint) MAX (atoi (argv[2]), 1) : 20;
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = argc > 1 ? navi_region_open (argv[1], &error) : NULL;
  g_autoptr (NaviRouter) router = region != NULL ? navi_router_new (region, &error) : NULL;
  g_autoptr (NaviMetrics) metrics = NULL;

  if (router == NULL)
    {
      fprintf (stderr, "usage: bench-match REGION [DRIVES]: %s\n", error != NULL ? error->message : "");
      return 64;
    }
  metrics = navi_metrics_new (navi_router_get_graph (router));
  for (gsize i = 0; i < G_N_ELEMENTS (receivers); i++)
    measure (router, metrics, &receivers[i], n_drives);
  printf ("private_mb %.1f\n", private_mb ());
  return 0;
}
