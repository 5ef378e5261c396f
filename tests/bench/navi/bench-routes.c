/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-customize.h"
#include "navi-metrics.h"
#include "navi-query.h"
#include "navi-random.h"
#include "navi-router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* bench-routes REGION [PAIRS [FILE]]: what routes by car cost in one process: milliseconds and megabytes, one "name value" a line.  The pairs
 * of points are written to FILE for others to be measured by ("lon lat lon lat" a line).
 *
 * Random pairs of points on roads; the first tenth of them warms up and is not counted. */

enum
{
  SEED = 20261123,
};

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;
  return left < right ? -1 : left > right;
}

static void
print_percentiles (const char *name, double *ms, guint n)
{
  qsort (ms, n, sizeof *ms, compare_doubles);
  printf ("%s_p50_ms %.3f\n%s_p99_ms %.3f\n", name, ms[n / 2], name, ms[n * 99 / 100]);
}

static double
since_ms (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1000.0;
}

/* Memory that no other process could share. */
static double
private_mb (void)
{
  g_autofree char *text = NULL;
  double kb = 0;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return -1;
  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (g_str_has_prefix (line, "Private_Dirty:"))
        kb += g_ascii_strtod (line + strlen ("Private_Dirty:"), NULL);
    }
  return kb / 1024;
}

/* Random points of roads, as somebody would give them; found by a graph of its own, so that the measured one is cold. */
static NaviCoordinate *
make_points (const char *path, guint n)
{
  const NaviMetric metric = { .profile = NAVI_CAR };
  g_autoptr (NaviRegion) region = navi_region_open (path, NULL);
  g_autoptr (NaviGraph) graph = region != NULL ? navi_graph_new (region, NULL) : NULL;
  NaviCoordinate *points = g_new0 (NaviCoordinate, n);
  GRand *random = g_rand_new_with_seed (SEED);

  if (graph != NULL)
    navi_graph_enter (graph);
  for (guint i = 0; graph != NULL && i < n; i++)
    {
      NaviArcPoint ends[2];
      const NaviGraphNode *node;
      navi_random_ends (graph, &metric, random, ends);
      node = navi_graph_node (graph, navi_graph_head (graph, ends[0].arc));
      points[i] = (NaviCoordinate){ node->lat_e7 / 1e7, node->lon_e7 / 1e7 };
    }
  if (graph != NULL)
    navi_graph_leave (graph);
  g_rand_free (random);
  return points;
}

static void
write_pairs (const NaviCoordinate *points, guint n, const char *path)
{
  FILE *file = fopen (path, "w");

  for (guint i = 0; file != NULL && i < n; i++)
    fprintf (file, "%.7f %.7f %.7f %.7f\n", points[2 * i].lon_deg, points[2 * i].lat_deg, points[2 * i + 1].lon_deg, points[2 * i + 1].lat_deg);
  if (file != NULL)
    fclose (file);
}

static void
measure_routes (const char *path, guint n, const char *pairs)
{
  g_autofree NaviCoordinate *points = make_points (path, 2 * (n + n / 10));
  g_autofree double *ms = g_new (double, n);
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (NaviRegion) region = navi_region_open (path, NULL);
  g_autoptr (NaviRouter) router = region != NULL ? navi_router_new (region, NULL) : NULL;
  guint n_found = 0;

  if (pairs != NULL)
    write_pairs (points, n, pairs);
  for (guint i = 0; router != NULL && i < n + n / 10; i++)
    {
      g_autoptr (NaviRouteRequest) request = navi_route_request_new (NAVI_CAR);
      g_autoptr (NaviRoute) route = NULL;
      gint64 start_us = g_get_monotonic_time ();
      navi_route_request_add_point (request, points[2 * i].lat_deg, points[2 * i].lon_deg);
      navi_route_request_add_point (request, points[2 * i + 1].lat_deg, points[2 * i + 1].lon_deg);
      route = navi_router_route (router, request, NULL, NULL);
      if (i >= n / 10)
        ms[i - n / 10] = since_ms (start_us);
      n_found += route != NULL;
      if (i == 0)
        printf ("open_and_first_route_ms %.1f\n", since_ms (began_us));
    }
  printf ("routes_found %u of %u\n", n_found, n + n / 10);
  print_percentiles ("route_with_instructions", ms, n);
  printf ("private_mb %.1f\n", private_mb ());
}

static void
measure_queries (const NaviGraph *graph, NaviMetrics *metrics, guint n)
{
  const NaviMetric metric = { .profile = NAVI_CAR };
  g_autoptr (NaviWeights) weights = navi_metrics_get (metrics, &metric, NULL, NULL);
  GRand *random = g_rand_new_with_seed (SEED + 1);
  g_autofree double *ms = g_new (double, n);
  guint64 n_settled = 0;

  for (guint i = 0; i < n + n / 10; i++)
    {
      NaviArcPoint origins[2], targets[2];
      guint n_origins = navi_random_ends (graph, &metric, random, origins), n_targets = navi_random_ends (graph, &metric, random, targets);
      gint64 start_us = g_get_monotonic_time ();
      NaviPath path;
      navi_query (weights, &metric, origins, n_origins, targets, n_targets, NULL, &path);
      if (i >= n / 10)
        ms[i - n / 10] = since_ms (start_us);
      n_settled += path.n_settled;
      navi_path_clear (&path);
    }
  print_percentiles ("query_with_path", ms, n);
  printf ("labels_settled %u\n", (guint) (n_settled / (n + n / 10)));
  g_rand_free (random);
}

static void
measure_wishes (const NaviGraph *graph, NaviMetrics *metrics, guint n)
{
  const NaviMetric motorways = { .profile = NAVI_CAR, .avoid = NAVI_AVOID_MOTORWAY };
  NaviMetric metric = { .profile = NAVI_CAR };
  g_autofree double *ms = g_new (double, n);
  GRand *random = g_rand_new_with_seed (SEED + 2);
  gint64 start_us;

  /* Another speed for each class of road is a metric that nothing is known of. */
  memset (metric.speed_percent, 90, sizeof metric.speed_percent);
  start_us = g_get_monotonic_time ();
  navi_weights_unref (navi_metrics_get (metrics, &metric, NULL, NULL));
  printf ("new_metric_ms %.0f\n", since_ms (start_us));
  start_us = g_get_monotonic_time ();
  navi_weights_unref (navi_metrics_get (metrics, &motorways, NULL, NULL));
  printf ("avoid_motorways_ms %.1f\n", since_ms (start_us));
  memset (&metric, 0, sizeof metric);
  for (guint i = 0; i < n; i++)
    {
      guint32 edge = (guint32) g_rand_int_range (random, 0, (gint32) graph->n_edges);
      metric.blocked = &edge;
      metric.n_blocked = 1;
      start_us = g_get_monotonic_time ();
      navi_weights_unref (navi_metrics_get (metrics, &metric, NULL, NULL));
      ms[i] = since_ms (start_us);
    }
  print_percentiles ("block_a_road", ms, n);
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  guint n = argc > 2 ? (guint) MAX (atoi (argv[2]), 10) : 1000;
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = argc > 1 ? navi_region_open (argv[1], &error) : NULL;
  g_autoptr (NaviGraph) graph = region != NULL ? navi_graph_new (region, &error) : NULL;
  g_autoptr (NaviMetrics) metrics = NULL;

  if (graph == NULL)
    {
      fprintf (stderr, "usage: bench-routes REGION [PAIRS [FILE]]: %s\n", error != NULL ? error->message : "");
      return 64;
    }
  measure_routes (argv[1], n, argc > 3 ? argv[3] : NULL);
  navi_graph_enter (graph);
  metrics = navi_metrics_new (graph);
  measure_queries (graph, metrics, n);
  measure_wishes (graph, metrics, MIN (n, 300));
  navi_graph_leave (graph);
  printf ("nodes %u\nedges %u\n", graph->n_nodes, graph->n_edges);
  return 0;
}
