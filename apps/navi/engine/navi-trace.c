/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-trace.h"
#include "navi-geo.h"
#include "navi-match-column.h"

#include "cloud-error.h"

#include <math.h>

/* Runs a recording through the matcher and strings together what it decides. */

#define ENOUGH_STEPS 16 /* fewer say too little about sigma and beta */
#define CHECK_EVERY 256 /* fixes between two looks at the cancellable */

struct _NaviTrace
{
  GObject parent_instance;

  GArray *matches; /* NaviMatch */
  GArray *pieces;  /* NaviTracePiece */
  GArray *arcs;    /* NaviMatchedArc */
  GArray *points;  /* NaviTracePoint */
  guint n_unusable;
  double sigma_m;
  double beta_m;
};

G_DEFINE_FINAL_TYPE (NaviTrace, navi_trace, G_TYPE_OBJECT)

static void
navi_trace_finalize (GObject *object)
{
  NaviTrace *self = NAVI_TRACE (object);

  g_array_unref (self->matches);
  g_array_unref (self->pieces);
  g_array_unref (self->arcs);
  g_array_unref (self->points);
  G_OBJECT_CLASS (navi_trace_parent_class)->finalize (object);
}

static void
navi_trace_class_init (NaviTraceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_trace_finalize;
}

static void
navi_trace_init (NaviTrace *self)
{
  self->matches = g_array_new (FALSE, FALSE, sizeof (NaviMatch));
  self->pieces = g_array_new (FALSE, FALSE, sizeof (NaviTracePiece));
  self->arcs = g_array_new (FALSE, FALSE, sizeof (NaviMatchedArc));
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviTracePoint));
}

/* ---- The first pass ---- */

typedef struct
{
  GPtrArray *fixes;
  GArray *distances_m;   /* double */
  GArray *differences_m; /* double */
  gint last;             /* the fix of the last step on a road; -1: none */
} Estimate;

static void
on_estimate_step (const NaviMatchStep *step, gpointer user_data)
{
  Estimate *self = user_data;
  double way_m = 0, difference_m;

  if (!step->match.is_on_road)
    {
      self->last = -1;
      return;
    }
  g_array_append_val (self->distances_m, step->match.distance_m);
  if (step->n_arcs > 0 && self->last >= 0)
    {
      const CloudFix *a = g_ptr_array_index (self->fixes, self->last), *b = g_ptr_array_index (self->fixes, step->match.serial);
      for (guint i = 0; i < step->n_arcs; i++)
        way_m += step->arcs[i].to_m - step->arcs[i].from_m;
      difference_m = fabs (navi_match_distance_m (a->latitude_deg, a->longitude_deg, b->latitude_deg, b->longitude_deg) - way_m);
      g_array_append_val (self->differences_m, difference_m);
    }
  self->last = (gint) step->match.serial;
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;
  return left < right ? -1 : left > right;
}

static double
median (GArray *values)
{
  g_array_sort (values, compare_doubles);
  return values->len > 0 ? g_array_index (values, double, values->len / 2) : 0;
}

static gboolean
run (NaviMatcher *matcher, GPtrArray *fixes, guint *n_unusable, GCancellable *cancellable, GError **error)
{
  *n_unusable = 0;
  for (guint i = 0; i < fixes->len; i++)
    {
      if (i % CHECK_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      *n_unusable += navi_matcher_add (matcher, g_ptr_array_index (fixes, i), NULL) == NAVI_MATCH_UNUSABLE;
    }
  navi_matcher_flush (matcher);
  return TRUE;
}

/* The paper's equations 3 and 4 over the whole recording; 0 where it is too short for them. */
static gboolean
estimate (NaviRouter *router, NaviProfile profile, GPtrArray *fixes, double *sigma_m, double *beta_m, GCancellable *cancellable,
          GError **error)
{
  Estimate self = { .fixes = fixes, .last = -1 };
  g_autoptr (NaviMatcher) matcher = navi_matcher_new (router, profile, on_estimate_step, &self);
  g_autoptr (GArray) distances_m = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) differences_m = g_array_new (FALSE, FALSE, sizeof (double));
  guint n_unusable;

  self.distances_m = distances_m;
  self.differences_m = differences_m;
  if (!run (matcher, fixes, &n_unusable, cancellable, error))
    return FALSE;
  if (differences_m->len >= ENOUGH_STEPS)
    {
      *sigma_m = MAX (1.4826 * median (distances_m), 0.1);
      *beta_m = MAX (median (differences_m) / G_LN2, 0.1);
    }
  return TRUE;
}

/* ---- The second pass ---- */

/* A corner of a way. */
typedef struct
{
  double lat_deg;
  double lon_deg;
  guint32 arc;
  double at_m;
} Corner;

typedef struct
{
  NaviTrace *trace;
  const NaviGraph *graph;
  GPtrArray *fixes;
  GArray *shape;   /* NaviPoint */
  GArray *corners; /* Corner: of the present step's way */
  guint next_fix;  /* that has no match yet */
  gboolean has_last;
  NaviMatch last; /* of the last used fix */
  NaviMatch last_on_road;
  gint off_since; /* the match since which the trace is off the roads; -1: it is not */
} Builder;

static void
append_corner (GArray *corners, NaviPoint a, NaviPoint b, double t, guint32 arc, double at_m)
{
  Corner corner = { (a.lat_e7 + t * ((double) b.lat_e7 - a.lat_e7)) / 1e7,
                    (a.lon_e7 + t * (double) navi_geo_lon_difference (a.lon_e7, b.lon_e7)) / 1e7, arc, at_m };
  g_array_append_val (corners, corner);
}

/* The corners of a stretch of a road, its ends included. */
static void
append_stretch (Builder *self, const NaviMatchedArc *stretch)
{
  double at_m = 0;
  gboolean has_begun = FALSE;

  g_array_set_size (self->shape, 0);
  navi_graph_append_shape (self->graph, stretch->arc, self->shape);
  for (guint i = 1; i < self->shape->len; i++)
    {
      NaviPoint a = g_array_index (self->shape, NaviPoint, i - 1), b = g_array_index (self->shape, NaviPoint, i);
      double length_m = (double) navi_geo_distance_mm (a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7) / 1000.0, end_m = at_m + length_m;
      gboolean is_last = i + 1 == self->shape->len;
      if (!has_begun && (end_m >= stretch->from_m || is_last))
        {
          append_corner (self->corners, a, b, length_m > 0 ? CLAMP ((stretch->from_m - at_m) / length_m, 0, 1) : 0, stretch->arc,
                         stretch->from_m);
          has_begun = TRUE;
        }
      if (has_begun && (end_m >= stretch->to_m || is_last))
        {
          append_corner (self->corners, a, b, length_m > 0 ? CLAMP ((stretch->to_m - at_m) / length_m, 0, 1) : 1, stretch->arc,
                         stretch->to_m);
          return;
        }
      if (has_begun)
        append_corner (self->corners, a, b, 1, stretch->arc, end_m);
      at_m = end_m;
    }
}

/* Puts a match at the place of the present way that is nearest to its fix. */
static void
project (const Builder *self, const CloudFix *fix, NaviMatch *match)
{
  double scale_x = cos (fix->latitude_deg * G_PI / 180) * 111195.08, scale_y = 111195.08;

  match->distance_m = INFINITY;
  for (guint i = 1; i < self->corners->len; i++)
    {
      const Corner *a = &g_array_index (self->corners, Corner, i - 1), *b = a + 1;
      double ax = remainder (a->lon_deg - fix->longitude_deg, 360) * scale_x, ay = (a->lat_deg - fix->latitude_deg) * scale_y;
      double dx = (b->lon_deg - a->lon_deg) * scale_x, dy = (b->lat_deg - a->lat_deg) * scale_y, square = dx * dx + dy * dy;
      double t = square > 0 ? CLAMP (-(ax * dx + ay * dy) / square, 0, 1) : 0, distance_m = hypot (ax + t * dx, ay + t * dy);
      if (a->arc != b->arc || distance_m >= match->distance_m)
        continue;
      match->distance_m = distance_m;
      match->arc = a->arc;
      match->at_m = a->at_m + t * (b->at_m - a->at_m);
      match->lat_deg = a->lat_deg + t * (b->lat_deg - a->lat_deg);
      match->lon_deg = a->lon_deg + t * (b->lon_deg - a->lon_deg);
      if (square > 0)
        match->bearing_deg = fmod (atan2 (dx, dy) * 180 / G_PI + 360, 360);
    }
}

static gboolean
is_usable (const Builder *self, guint serial)
{
  const CloudFix *fix = g_ptr_array_index (self->fixes, serial);
  const GArray *matches = self->trace->matches;

  return fabs (fix->latitude_deg) <= 90 && fabs (fix->longitude_deg) <= 180
         && fix->time_unix_us > g_array_index (matches, NaviMatch, matches->len - 1).time_unix_us;
}

/* Matches for the fixes between the last used one and @end. */
static void
add_unused (Builder *self, guint end)
{
  for (; self->next_fix < end; self->next_fix++)
    {
      const CloudFix *fix = g_ptr_array_index (self->fixes, self->next_fix);
      NaviMatch match = self->last;
      if (!self->has_last || !is_usable (self, self->next_fix))
        continue;
      match.serial = self->next_fix;
      match.time_unix_us = fix->time_unix_us;
      if (!match.is_on_road)
        {
          match.lat_deg = fix->latitude_deg;
          match.lon_deg = fix->longitude_deg;
          match.bearing_deg = fix->bearing_deg;
        }
      else if (self->corners->len > 1)
        project (self, fix, &match);
      else
        match.distance_m = navi_match_distance_m (match.lat_deg, match.lon_deg, fix->latitude_deg, fix->longitude_deg);
      g_array_append_val (self->trace->matches, match);
    }
}

static NaviTracePiece *
present_piece (const Builder *self)
{
  GArray *pieces = self->trace->pieces;
  return pieces->len > 0 ? &g_array_index (pieces, NaviTracePiece, pieces->len - 1) : NULL;
}

static void
begin_piece (Builder *self, gboolean is_on_road, guint first_match)
{
  NaviTrace *trace = self->trace;
  NaviTracePiece piece = {
    .is_on_road = is_on_road, .first_match = first_match, .first_arc = trace->arcs->len, .first_point = trace->points->len
  };

  g_array_append_val (trace->pieces, piece);
}

static void
append_point (Builder *self, double lat_deg, double lon_deg, gint64 time_unix_us)
{
  NaviTracePiece *piece = present_piece (self);
  GArray *points = self->trace->points;
  const NaviTracePoint *last = piece->n_points > 0 ? &g_array_index (points, NaviTracePoint, points->len - 1) : NULL;
  NaviTracePoint point = { lat_deg, lon_deg > 180 ? lon_deg - 360 : lon_deg < -180 ? lon_deg + 360 : lon_deg, time_unix_us };
  double step_m = last != NULL ? navi_match_distance_m (last->lat_deg, last->lon_deg, point.lat_deg, point.lon_deg) : 0;

  if (last != NULL && step_m < 0.1)
    return;
  piece->distance_m += step_m;
  g_array_append_val (points, point);
  piece->n_points = points->len - piece->first_point;
}

/* The matches from @first up to @end were off the roads: a piece with the fixes themselves as its line. */
static void
add_off_road (Builder *self, guint first, guint end)
{
  begin_piece (self, FALSE, first);
  for (guint i = first; i < end; i++)
    {
      const NaviMatch *match = &g_array_index (self->trace->matches, NaviMatch, i);
      append_point (self, match->lat_deg, match->lon_deg, match->time_unix_us);
    }
  present_piece (self)->n_matches = end - first;
}

static void
append_arc (Builder *self, const NaviMatchedArc *arc)
{
  NaviTracePiece *piece = present_piece (self);
  GArray *arcs = self->trace->arcs;
  NaviMatchedArc *last = piece->n_arcs > 0 ? &g_array_index (arcs, NaviMatchedArc, arcs->len - 1) : NULL;

  if (last != NULL && last->arc == arc->arc && fabs (last->to_m - arc->from_m) < 0.02)
    last->to_m = arc->to_m;
  else
    g_array_append_val (arcs, *arc);
  piece->n_arcs = arcs->len - piece->first_arc;
}

/* The way to a used fix, its time shared out by distance. */
static void
append_way (Builder *self, const NaviMatchStep *step)
{
  gint64 begin_us = self->last_on_road.time_unix_us, end_us = step->match.time_unix_us;
  double whole_m = 0, done_m = 0;

  for (guint i = 0; i < step->n_arcs; i++)
    {
      append_stretch (self, &step->arcs[i]);
      append_arc (self, &step->arcs[i]);
      whole_m += step->arcs[i].to_m - step->arcs[i].from_m;
    }
  for (guint i = 0; i < self->corners->len; i++)
    {
      const Corner *corner = &g_array_index (self->corners, Corner, i);
      if (i > 0 && corner[-1].arc == corner->arc)
        done_m += corner->at_m - corner[-1].at_m;
      append_point (self, corner->lat_deg, corner->lon_deg,
                    begin_us + (gint64) (whole_m > 0 ? (double) (end_us - begin_us) * done_m / whole_m : 0));
    }
}

static void
on_step (const NaviMatchStep *step, gpointer user_data)
{
  Builder *self = user_data;
  NaviTrace *trace = self->trace;
  gboolean is_way = step->n_arcs > 0;
  guint first;

  g_array_set_size (self->corners, 0);
  if (is_way)
    append_way (self, step);
  add_unused (self, step->match.serial);
  first = trace->matches->len;
  g_array_append_val (trace->matches, step->match);
  self->next_fix = step->match.serial + 1;
  self->has_last = TRUE;
  self->last = step->match;
  if (!step->match.is_on_road)
    {
      if (self->off_since < 0)
        self->off_since = (gint) first;
      return;
    }
  if (step->begins_piece)
    {
      NaviMatchedArc place = { step->match.arc, step->match.at_m, step->match.at_m };
      if (self->off_since >= 0)
        add_off_road (self, (guint) self->off_since, first);
      begin_piece (self, TRUE, first);
      append_arc (self, &place);
      append_point (self, step->match.lat_deg, step->match.lon_deg, step->match.time_unix_us);
    }
  self->off_since = -1;
  self->last_on_road = step->match;
}

static void
finish (Builder *self)
{
  GArray *pieces = self->trace->pieces;

  g_array_set_size (self->corners, 0);
  add_unused (self, self->fixes->len);
  if (self->off_since >= 0)
    add_off_road (self, (guint) self->off_since, self->trace->matches->len);
  for (guint i = 0; i < pieces->len; i++)
    {
      NaviTracePiece *piece = &g_array_index (pieces, NaviTracePiece, i);
      piece->n_matches = (i + 1 < pieces->len ? piece[1].first_match : self->trace->matches->len) - piece->first_match;
    }
}

static gboolean
build (NaviTrace *trace, NaviRouter *router, NaviProfile profile, GPtrArray *fixes, double sigma_m, double beta_m,
       GCancellable *cancellable, GError **error)
{
  Builder self = { .trace = trace, .graph = navi_router_get_graph (router), .fixes = fixes, .off_since = -1 };
  g_autoptr (NaviMatcher) matcher = navi_matcher_new (router, profile, on_step, &self);
  g_autoptr (GArray) shape = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (Corner));

  self.shape = shape;
  self.corners = corners;
  navi_matcher_set_parameters (matcher, sigma_m, beta_m);
  if (!run (matcher, fixes, &trace->n_unusable, cancellable, error))
    return FALSE;
  finish (&self);
  trace->sigma_m = navi_matcher_get_sigma_m (matcher);
  trace->beta_m = navi_matcher_get_beta_m (matcher);
  return TRUE;
}

static gboolean
check (const NaviTrace *self, const NaviGraph *graph, NaviProfile profile, GError **error)
{
  if (!navi_graph_check (graph, error))
    return FALSE;
  if (self->matches->len == 0)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "There is no usable position in the recording");
      return FALSE;
    }
  for (guint i = 0; i < self->pieces->len; i++)
    if (g_array_index (self->pieces, NaviTracePiece, i).is_on_road)
      return TRUE;
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No part of the recording lies on a %s road of this region",
               navi_profile_to_string (profile));
  return FALSE;
}

NaviTrace *
navi_trace_match (NaviRouter *router, NaviProfile profile, GPtrArray *fixes, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviTrace) self = NULL;
  double sigma_m = 0, beta_m = 0;
  const NaviGraph *graph;
  gboolean ok;

  g_return_val_if_fail (NAVI_IS_ROUTER (router) && profile < NAVI_N_PROFILES && fixes != NULL, NULL);

  graph = navi_router_get_graph (router);
  self = g_object_new (NAVI_TYPE_TRACE, NULL);
  ok = estimate (router, profile, fixes, &sigma_m, &beta_m, cancellable, error)
       && build (self, router, profile, fixes, sigma_m, beta_m, cancellable, error) && check (self, graph, profile, error);
  return ok ? g_steal_pointer (&self) : NULL;
}

typedef struct
{
  NaviProfile profile;
  GPtrArray *fixes;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_ptr_array_unref (self->fixes);
  g_free (self);
}

static void
match_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  GError *error = NULL;
  NaviTrace *trace = navi_trace_match (source, question->profile, question->fixes, cancellable, &error);

  if (trace != NULL)
    g_task_return_pointer (task, trace, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
navi_trace_match_async (NaviRouter *router, NaviProfile profile, GPtrArray *fixes, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (router, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->profile = profile;
  question->fixes = g_ptr_array_ref (fixes);
  g_task_set_source_tag (task, navi_trace_match_async);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, match_in_thread);
}

NaviTrace *
navi_trace_match_finish (NaviRouter *router, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, router), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const NaviMatch *
navi_trace_get_matches (NaviTrace *self, guint *n_matches)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self) && n_matches != NULL, NULL);

  *n_matches = self->matches->len;
  return (const NaviMatch *) self->matches->data;
}

const NaviTracePiece *
navi_trace_get_pieces (NaviTrace *self, guint *n_pieces)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self) && n_pieces != NULL, NULL);

  *n_pieces = self->pieces->len;
  return (const NaviTracePiece *) self->pieces->data;
}

const NaviMatchedArc *
navi_trace_get_arcs (NaviTrace *self, guint *n_arcs)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self) && n_arcs != NULL, NULL);

  *n_arcs = self->arcs->len;
  return (const NaviMatchedArc *) self->arcs->data;
}

const NaviTracePoint *
navi_trace_get_points (NaviTrace *self, guint *n_points)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self) && n_points != NULL, NULL);

  *n_points = self->points->len;
  return (const NaviTracePoint *) self->points->data;
}

guint
navi_trace_get_n_unusable (NaviTrace *self)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self), 0);
  return self->n_unusable;
}

double
navi_trace_get_sigma_m (NaviTrace *self)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self), 0);
  return self->sigma_m;
}

double
navi_trace_get_beta_m (NaviTrace *self)
{
  g_return_val_if_fail (NAVI_IS_TRACE (self), 0);
  return self->beta_m;
}
