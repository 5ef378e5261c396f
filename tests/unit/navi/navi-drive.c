/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-drive.h"
#include "navi-geo.h"
#include "navi-query.h"
#include "navi-random.h"

#include <math.h>

#define METRES_PER_DEGREE 111195.08

NaviDrive *
navi_drive_new (void)
{
  NaviDrive *self = g_new0 (NaviDrive, 1);

  self->arcs = g_array_new (FALSE, FALSE, sizeof (NaviMatchedArc));
  self->truth = g_array_new (FALSE, FALSE, sizeof (NaviMatch));
  self->fixes = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_fix_unref);
  return self;
}

void
navi_drive_free (NaviDrive *self)
{
  g_array_unref (self->arcs);
  g_array_unref (self->truth);
  g_ptr_array_unref (self->fixes);
  g_free (self);
}

double
navi_drive_gauss (GRand *random)
{
  double u = 1 - g_rand_double (random), v = g_rand_double (random);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

/* Takes the first @most_m or so; returns how long they are. */
static double
set_arcs (NaviDrive *self, const NaviGraph *graph, const NaviPath *path, double most_m)
{
  double driven_m = 0;

  g_array_set_size (self->arcs, 0);
  for (guint i = 0; i < path->arcs->len && driven_m < most_m; i++)
    {
      guint32 arc = g_array_index (path->arcs, guint32, i);
      double length_m = navi_graph_edge (graph, arc)->length_cm / 100.0;
      NaviMatchedArc entry = { arc, i == 0 ? length_m * 0.3 : 0, i + 1 == path->arcs->len ? length_m * 0.7 : length_m };
      driven_m += entry.to_m - entry.from_m;
      g_array_append_val (self->arcs, entry);
    }
  return driven_m;
}

void
navi_drive_plan (NaviDrive *self, const NaviGraph *graph, NaviMetrics *metrics, NaviProfile profile, double least_m,
                 GRand *random)
{
  const NaviMetric metric = { .profile = profile };
  g_autoptr (NaviWeights) weights = navi_metrics_get (metrics, &metric, NULL, NULL);
  double length_m = 0;

  while (length_m < least_m)
    {
      NaviArcPoint origins[2], targets[2];
      guint n_origins = navi_random_ends (graph, &metric, random, origins),
            n_targets = navi_random_ends (graph, &metric, random, targets);
      NaviPath path;
      length_m = 0;
      if (navi_query (weights, &metric, origins, n_origins, targets, n_targets, NULL, &path) && path.arcs->len > 1)
        length_m = set_arcs (self, graph, &path, least_m * 2);
      navi_path_clear (&path);
    }
}

typedef struct
{
  const NaviReceiver *receiver;
  GRand *random;
  double east_m;
  double north_m;
  gboolean has_begun;
} Error;

static void
next_error (Error *self)
{
  double kept
      = self->receiver->memory_s > 0 && self->has_begun ? exp (-self->receiver->interval_s / self->receiver->memory_s) : 0;
  double fresh = sqrt (1 - kept * kept) * self->receiver->sigma_m;

  self->east_m = self->east_m * kept + navi_drive_gauss (self->random) * fresh;
  self->north_m = self->north_m * kept + navi_drive_gauss (self->random) * fresh;
  self->has_begun = TRUE;
}

static void
add_fix (NaviDrive *self, const NaviMatch *truth, double speed_mps, Error *error)
{
  CloudFix values;

  next_error (error);
  cloud_fix_values_init (&values);
  values.time_unix_us = truth->time_unix_us;
  values.latitude_deg = truth->lat_deg + error->north_m / METRES_PER_DEGREE;
  values.longitude_deg = truth->lon_deg + error->east_m / METRES_PER_DEGREE / cos (truth->lat_deg * G_PI / 180);
  values.mode = 2;
  if (error->receiver->has_motion)
    {
      values.speed_mps = MAX (speed_mps + navi_drive_gauss (error->random) * 0.3, 0);
      values.bearing_deg
          = fmod (truth->bearing_deg + navi_drive_gauss (error->random) * (2 + 20 / MAX (speed_mps, 1)) + 720, 360);
    }
  g_array_append_val (self->truth, *truth);
  g_ptr_array_add (self->fixes, cloud_fix_new (&values));
}

/* Where one is @at_m along an arc. */
static void
locate (const NaviGraph *graph, guint32 arc, double at_m, NaviMatch *place)
{
  g_autoptr (GArray) shape = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  double before_m = 0;

  navi_graph_append_shape (graph, arc, shape);
  for (guint i = 1; i < shape->len; i++)
    {
      NaviPoint a = g_array_index (shape, NaviPoint, i - 1), b = g_array_index (shape, NaviPoint, i);
      double length_m = (double) navi_geo_distance_mm (a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7) / 1000.0;
      if (before_m + length_m >= at_m || i + 1 == shape->len)
        {
          double t = length_m > 0 ? CLAMP ((at_m - before_m) / length_m, 0, 1) : 0;
          double dx = (double) (b.lon_e7 - a.lon_e7) * cos (a.lat_e7 / 1e7 * G_PI / 180), dy = (double) b.lat_e7 - a.lat_e7;
          place->lat_deg = (a.lat_e7 + t * ((double) b.lat_e7 - a.lat_e7)) / 1e7;
          place->lon_deg = (a.lon_e7 + t * ((double) b.lon_e7 - a.lon_e7)) / 1e7;
          place->bearing_deg = fmod (atan2 (dx, dy) * 180 / G_PI + 360, 360);
          return;
        }
      before_m += length_m;
    }
}

/* What was driven after the last fix nobody can know. */
static void
trim (NaviDrive *self, guint last_arc)
{
  if (self->truth->len == 0)
    return;
  g_array_set_size (self->arcs, last_arc + 1);
  g_array_index (self->arcs, NaviMatchedArc, last_arc).to_m = g_array_index (self->truth, NaviMatch, self->truth->len - 1).at_m;
}

void
navi_drive_record (NaviDrive *self, const NaviGraph *graph, NaviProfile profile, const NaviReceiver *receiver,
                   gint64 start_unix_us, GRand *random)
{
  Error error = { receiver, random, 0, 0, FALSE };
  double now_s = 0, next_s = 0;
  guint last_arc = 0;

  for (guint i = 0; i < self->arcs->len; i++)
    {
      const NaviMatchedArc *stretch = &g_array_index (self->arcs, NaviMatchedArc, i);
      double speed_mps = MAX (navi_graph_way (graph, stretch->arc)->speed_dkmh[profile][stretch->arc & 1] / 36.0, 0.5);
      double end_s = now_s + (stretch->to_m - stretch->from_m) / speed_mps;
      for (; next_s <= end_s; next_s += receiver->interval_s)
        {
          NaviMatch truth = { .is_on_road = TRUE,
                              .serial = self->truth->len,
                              .arc = stretch->arc,
                              .at_m = stretch->from_m + (next_s - now_s) * speed_mps };
          truth.time_unix_us = start_unix_us + (gint64) (next_s * G_USEC_PER_SEC);
          locate (graph, truth.arc, truth.at_m, &truth);
          add_fix (self, &truth, speed_mps, &error);
          last_arc = i;
        }
      now_s = end_s;
    }
  trim (self, last_arc);
}

static void
add_lengths (GHashTable *lengths, const NaviMatchedArc *arcs, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      double *sum = g_hash_table_lookup (lengths, GUINT_TO_POINTER (arcs[i].arc));
      if (sum == NULL)
        g_hash_table_insert (lengths, GUINT_TO_POINTER (arcs[i].arc), sum = g_new0 (double, 1));
      *sum += arcs[i].to_m - arcs[i].from_m;
    }
}

/* How much more of each arc is in the first. */
static double
surplus_m (GHashTable *first, GHashTable *second)
{
  GHashTableIter iter;
  gpointer arc, sum;
  double all_m = 0;

  g_hash_table_iter_init (&iter, first);
  while (g_hash_table_iter_next (&iter, &arc, &sum))
    {
      const double *other = g_hash_table_lookup (second, arc);
      all_m += MAX (*(double *) sum - (other != NULL ? *other : 0), 0);
    }
  return all_m;
}

void
navi_drive_compare (const NaviDrive *self, NaviTrace *trace, NaviDriveScore *score)
{
  g_autoptr (GHashTable) driven = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GHashTable) matched = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  guint n_matches, n_pieces, n_arcs;
  const NaviMatch *matches = navi_trace_get_matches (trace, &n_matches);
  const NaviTracePiece *pieces = navi_trace_get_pieces (trace, &n_pieces);
  const NaviMatchedArc *arcs = navi_trace_get_arcs (trace, &n_arcs), *own = (const NaviMatchedArc *) self->arcs->data;

  for (guint i = 0; i < n_matches; i++)
    {
      const NaviMatch *truth = &g_array_index (self->truth, NaviMatch, matches[i].serial);
      score->n_right_arcs += matches[i].arc == truth->arc;
      score->n_right_edges += matches[i].is_on_road && matches[i].arc >> 1 == truth->arc >> 1;
    }
  score->n_fixes += self->fixes->len;
  add_lengths (driven, own, self->arcs->len);
  add_lengths (matched, arcs, n_arcs);
  for (guint i = 0; i < self->arcs->len; i++)
    score->driven_m += own[i].to_m - own[i].from_m;
  score->missing_m += surplus_m (driven, matched);
  score->extra_m += surplus_m (matched, driven);
  for (guint i = 0; i < n_pieces; i++)
    score->n_pieces += pieces[i].is_on_road;
  score->n_drives++;
}
