/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-matcher.h"
#include "navi-match-column.h"
#include "navi-match-smooth.h"

#include <math.h>
#include <string.h>

/* Keeps the columns of the fixes that are not decided yet, the oldest first. */

#define SPLIT_US (NAVI_MATCH_SPLIT_S * G_USEC_PER_SEC)
#define SPLIT_M 200
#define STANDING_MPS 0.5
#define DERIVED_DEG 0.2

G_STATIC_ASSERT (NAVI_MATCH_NO_ARC == NAVI_MATCH_OFF_ROAD);

struct _NaviMatcher
{
  NaviRouter *router;
  const NaviGraph *graph;
  NaviMatchDecided decided;
  gpointer user_data;
  NaviMatchModel model;
  NaviMatchSmooth smooth;
  NaviMatchPoints *points;
  NaviMatchSearch *search;
  NaviMatchColumn columns[NAVI_MATCH_MAX_LAG];
  guint n_columns;
  NaviMatchColumn latest; /* of the last fix, used or not */
  guint n_fixes;
  /* The last usable fix. */
  gboolean has_last;
  gint64 last_unix_us;
  double last_lat_deg;
  double last_lon_deg;
  double pause_s;   /* the longest time without a fix since the last one that was used */
  CloudFix pending; /* the last one that was not used */
  guint pending_serial;
  gboolean has_pending;
  NaviMatch now;
  /* What was decided last. */
  gboolean has_past;
  NaviMatchPlace past;
  NaviMatchColumn past_column;
  guint32 driven_arc;
  double driven_m;
  GArray *arcs; /* NaviMatchedArc */
};

NaviMatcher *
navi_matcher_new (NaviRouter *router, NaviProfile profile, NaviMatchDecided decided, gpointer user_data)
{
  NaviMatcher *self;

  g_return_val_if_fail (NAVI_IS_ROUTER (router) && profile < NAVI_N_PROFILES, NULL);

  self = g_new0 (NaviMatcher, 1);
  self->router = g_object_ref (router);
  self->graph = navi_router_get_graph (router);
  self->decided = decided;
  self->user_data = user_data;
  navi_match_model_init (&self->model, profile);
  navi_match_smooth_init (&self->smooth, profile);
  self->points = navi_match_points_new (self->graph, profile);
  self->search = navi_match_search_new (self->graph, profile);
  self->arcs = g_array_new (FALSE, FALSE, sizeof (NaviMatchedArc));
  self->driven_arc = NAVI_MATCH_NO_ARC;
  return self;
}

void
navi_matcher_free (NaviMatcher *self)
{
  g_array_unref (self->arcs);
  navi_match_points_free (self->points);
  navi_match_search_free (self->search);
  g_object_unref (self->router);
  g_free (self);
}

void
navi_matcher_set_parameters (NaviMatcher *self, double sigma_m, double beta_m)
{
  g_return_if_fail (self != NULL && sigma_m >= 0 && beta_m >= 0);

  self->model.fixed_sigma_m = sigma_m;
  self->model.fixed_beta_m = beta_m;
}

double
navi_matcher_get_sigma_m (NaviMatcher *self)
{
  return navi_match_model_sigma_m (&self->model, NAN);
}

double
navi_matcher_get_beta_m (NaviMatcher *self)
{
  return navi_match_model_beta_m (&self->model, self->model.pause_s);
}

static void
place_to_match (const NaviMatchColumn *column, guint index, NaviMatch *match)
{
  const NaviMatchPlace *place = &column->places[index];

  *match = (NaviMatch){ .serial = column->serial,
                        .time_unix_us = column->time_unix_us,
                        .is_on_road = place->arc != NAVI_MATCH_OFF_ROAD,
                        .arc = place->arc,
                        .at_m = place->at_cm / 100.0,
                        .lat_deg = place->lat_deg,
                        .lon_deg = place->lon_deg,
                        .distance_m = place->distance_m,
                        .bearing_deg = place->bearing_deg,
                        .confidence = navi_match_column_confidence (column, index) };
}

/* ---- Deciding ---- */

/* The way to a place that was decided, to arcs; what the last one has driven already is left out. */
static void
find_way (NaviMatcher *self, const NaviMatchColumn *column, const NaviMatchPlace *place)
{
  const NaviMatchAnchor *anchor = &self->past_column.anchor;
  guint32 state = place->is_bridge ? anchor->state : self->past.state,
          at_cm = place->is_bridge ? anchor->at_cm : self->past.at_cm;
  NaviMatchTarget target = { .arc = place->arc, .at_cm = place->at_cm };
  NaviMatchedArc *first;

  navi_match_search_run (self->search, state, at_cm, navi_match_column_back_cm (column), place->cost_cm, &target, 1);
  g_return_if_fail (target.is_found);
  navi_match_search_append_path (self->search, &target, self->arcs);
  first = &g_array_index (self->arcs, NaviMatchedArc, 0);
  if (first->arc == self->driven_arc && first->from_m < self->driven_m)
    {
      first->from_m = self->driven_m;
      first->to_m = MAX (first->to_m, first->from_m);
    }
  if (!place->is_bridge)
    navi_match_model_learn_way (
        &self->model,
        navi_match_distance_m (self->past_column.lat_deg, self->past_column.lon_deg, column->lat_deg, column->lon_deg),
        target.length_cm / 100.0, column->pause_s);
}

static void
decide (NaviMatcher *self, const NaviMatchColumn *column, guint index)
{
  const NaviMatchPlace *place = &column->places[index];
  gboolean is_on_road = place->arc != NAVI_MATCH_OFF_ROAD;
  NaviMatchStep step = { 0 };

  place_to_match (column, index, &step.match);
  g_array_set_size (self->arcs, 0);
  if (is_on_road && self->has_past && place->back >= 0 && (place->is_bridge || self->past.arc != NAVI_MATCH_OFF_ROAD))
    find_way (self, column, place);
  if (is_on_road)
    {
      const NaviMatchedArc *last = self->arcs->len > 0 ? &g_array_index (self->arcs, NaviMatchedArc, self->arcs->len - 1) : NULL;
      self->driven_arc = place->arc;
      self->driven_m = last != NULL ? last->to_m : step.match.at_m;
      navi_match_model_learn_distance (&self->model, place->distance_m);
    }
  step.begins_piece = is_on_road && self->arcs->len == 0;
  step.arcs = (const NaviMatchedArc *) self->arcs->data;
  step.n_arcs = self->arcs->len;
  self->has_past = TRUE;
  self->past = *place;
  self->past_column = *column;
  if (self->decided != NULL)
    self->decided (&step, self->user_data);
}

/* The places of the first @n columns that a place of the column @n - 1 comes from. */
static void
trace_back (const NaviMatcher *self, guint n, guint place, guint *places)
{
  for (guint i = n; i-- > 0;)
    {
      places[i] = place;
      place = (guint) MAX (self->columns[i].places[place].back, 0);
    }
}

static void
decide_first (NaviMatcher *self, const guint *places, guint n)
{
  for (guint i = 0; i < n; i++)
    decide (self, &self->columns[i], places[i]);
  memmove (self->columns, self->columns + n, (self->n_columns - n) * sizeof *self->columns);
  self->n_columns -= n;
}

/* Pasts that go through another place of the oldest column than the one that was decided are no longer possible. */
static void
drop_other_pasts (NaviMatcher *self, guint chosen)
{
  gboolean is_alive[NAVI_MATCH_MAX_PLACES] = { FALSE };

  is_alive[chosen] = TRUE;
  for (guint i = 1; i < self->n_columns; i++)
    {
      NaviMatchColumn *column = &self->columns[i];
      gboolean alive[NAVI_MATCH_MAX_PLACES] = { FALSE };
      for (guint j = 0; j < column->n; j++)
        {
          alive[j] = column->places[j].back >= 0 && is_alive[column->places[j].back];
          if (!alive[j])
            column->places[j].score = column->places[j].forward = -INFINITY;
        }
      memcpy (is_alive, alive, sizeof alive);
    }
}

/* Decides all columns up to the one where all pasts of the newest meet; if there is no room for another one, the oldest in any
 * case. */
static void
decide_agreed (NaviMatcher *self)
{
  gboolean alive[NAVI_MATCH_MAX_PLACES] = { FALSE };
  guint places[NAVI_MATCH_MAX_LAG], newest = self->n_columns - 1, best = navi_match_column_best (&self->columns[newest]);

  trace_back (self, self->n_columns, best, places);
  for (guint j = 0; j < self->columns[newest].n; j++)
    alive[j] = self->columns[newest].places[j].score > -INFINITY;
  for (guint i = newest; i > 0; i--)
    {
      gboolean before[NAVI_MATCH_MAX_PLACES] = { FALSE };
      guint n_alive = 0;
      for (guint j = 0; j < self->columns[i].n; j++)
        if (alive[j] && self->columns[i].places[j].back >= 0)
          before[self->columns[i].places[j].back] = TRUE;
      for (guint j = 0; j < self->columns[i - 1].n; j++)
        n_alive += before[j];
      if (n_alive <= 1)
        {
          decide_first (self, places, i);
          return;
        }
      memcpy (alive, before, sizeof alive);
    }
  if (self->n_columns < NAVI_MATCH_MAX_LAG)
    return;
  drop_other_pasts (self, places[0]);
  decide_first (self, places, 1);
}

/* ---- Fixes ---- */

/* A direction that is the line from the last position to this one is not measured. */
static double
measured_bearing_deg (const NaviMatcher *self, const CloudFix *fix)
{
  double x, y, line_deg, off_deg;

  if (!isfinite (fix->bearing_deg) || !self->has_last)
    return fix->bearing_deg;
  x = remainder (fix->longitude_deg - self->last_lon_deg, 360) * cos (fix->latitude_deg * G_PI / 180);
  y = fix->latitude_deg - self->last_lat_deg;
  line_deg = atan2 (x, y) * 180 / G_PI;
  off_deg = fabs (remainder (fix->bearing_deg - line_deg, 360));
  return off_deg < DERIVED_DEG ? NAN : fix->bearing_deg;
}

/* The column of a fix after the newest one. */
static void
make_column (NaviMatcher *self, const CloudFix *fix, guint serial, double bearing_deg)
{
  NaviMatchColumn *column = &self->latest;
  const NaviMatchColumn *before = self->n_columns > 0 ? &self->columns[self->n_columns - 1] : NULL;

  column->serial = serial;
  column->time_unix_us = fix->time_unix_us;
  column->lat_deg = fix->latitude_deg;
  column->lon_deg = fix->longitude_deg;
  column->bearing_deg = bearing_deg;
  /* Where the direction is not measured the speed is not either. */
  column->speed_mps = isfinite (fix->bearing_deg) && !isfinite (bearing_deg) ? NAN : fix->speed_mps;
  column->pause_s = self->pause_s;
  column->weight = navi_match_model_weight (before != NULL ? (double) (fix->time_unix_us - before->time_unix_us) / G_USEC_PER_SEC
                                                           : INFINITY);
  column->sigma_m = navi_match_model_sigma_m (&self->model, fix->accuracy_m);
  navi_match_column_fill (column, self->graph, &self->model, self->points);
  if (before != NULL)
    navi_match_column_follow (column, before, &self->model, self->search);
  else
    navi_match_column_begin (column);
}

static void
use_latest (NaviMatcher *self)
{
  self->columns[self->n_columns++] = self->latest;
  self->pause_s = 0;
  self->has_pending = FALSE;
  decide_agreed (self);
}

static void
flush (NaviMatcher *self)
{
  guint places[NAVI_MATCH_MAX_LAG];

  if (self->has_pending && self->n_columns > 0)
    {
      make_column (self, &self->pending, self->pending_serial, NAN);
      use_latest (self);
    }
  if (self->n_columns > 0)
    {
      trace_back (self, self->n_columns, navi_match_column_best (&self->columns[self->n_columns - 1]), places);
      decide_first (self, places, self->n_columns);
    }
  self->has_pending = FALSE;
  self->has_past = FALSE;
  self->has_last = FALSE;
  navi_match_smooth_restart (&self->smooth);
  self->driven_arc = NAVI_MATCH_NO_ARC;
  self->pause_s = 0;
}

void
navi_matcher_flush (NaviMatcher *self)
{
  g_return_if_fail (self != NULL);

  navi_graph_enter (self->graph);
  flush (self);
  navi_graph_leave (self->graph);
}

static gboolean
is_position (const CloudFix *fix)
{
  return fabs (fix->latitude_deg) <= 90 && fabs (fix->longitude_deg) <= 180;
}

static double
distance_to_used_m (const NaviMatcher *self, const CloudFix *fix)
{
  const NaviMatchColumn *used = &self->columns[self->n_columns - 1];
  return navi_match_distance_m (used->lat_deg, used->lon_deg, fix->latitude_deg, fix->longitude_deg);
}

/* A new piece begins where the clock was put back, or after a long pause elsewhere.  FALSE: the fix is out of order. */
static gboolean
check_time (NaviMatcher *self, const CloudFix *fix)
{
  if (!self->has_last)
    return TRUE;
  if (fix->time_unix_us <= self->last_unix_us && fix->time_unix_us >= self->last_unix_us - SPLIT_US)
    return FALSE;
  if (fix->time_unix_us < self->last_unix_us
      || (fix->time_unix_us - self->last_unix_us > SPLIT_US && self->n_columns > 0 && distance_to_used_m (self, fix) > SPLIT_M))
    flush (self);
  else
    self->pause_s = MAX (self->pause_s, (double) (fix->time_unix_us - self->last_unix_us) / G_USEC_PER_SEC);
  return TRUE;
}

/* The receiver says that it stands, and the position agrees. */
static gboolean
is_standing (const NaviMatcher *self, const CloudFix *fix, double sigma_m)
{
  const NaviMatchColumn *latest = &self->latest;

  return self->n_columns > 0 && fix->speed_mps < STANDING_MPS
         && navi_match_distance_m (latest->lat_deg, latest->lon_deg, fix->latitude_deg, fix->longitude_deg) < 3 * sigma_m + 10;
}

static NaviMatchOutcome
add (NaviMatcher *self, const CloudFix *given, guint serial, gboolean wants_now)
{
  CloudFix values = *given;
  const CloudFix *fix = &values;
  double sigma_m = navi_match_model_sigma_m (&self->model, fix->accuracy_m), moved_m, bearing_deg;

  if (!is_position (fix) || !check_time (self, fix))
    return NAVI_MATCH_UNUSABLE;
  bearing_deg = measured_bearing_deg (self, fix);
  self->has_last = TRUE;
  self->last_unix_us = fix->time_unix_us;
  self->last_lat_deg = fix->latitude_deg;
  self->last_lon_deg = fix->longitude_deg;
  navi_match_smooth_next (&self->smooth, &values.latitude_deg, &values.longitude_deg, fix->time_unix_us);
  moved_m = self->n_columns > 0 ? distance_to_used_m (self, fix) : INFINITY;
  if (is_standing (self, fix, sigma_m))
    {
      self->now.serial = serial;
      self->now.time_unix_us = fix->time_unix_us;
      return NAVI_MATCH_STANDING;
    }
  if (moved_m < 2 * sigma_m)
    {
      self->pending = *fix;
      self->pending_serial = serial;
      self->has_pending = TRUE;
      if (!wants_now)
        return NAVI_MATCH_DONE;
    }
  make_column (self, fix, serial, bearing_deg);
  place_to_match (&self->latest, navi_match_column_best (&self->latest), &self->now);
  if (moved_m >= 2 * sigma_m)
    use_latest (self);
  return NAVI_MATCH_DONE;
}

NaviMatchOutcome
navi_matcher_add (NaviMatcher *self, const CloudFix *fix, NaviMatch *now)
{
  NaviMatchOutcome outcome;

  g_return_val_if_fail (self != NULL && fix != NULL, NAVI_MATCH_UNUSABLE);

  navi_graph_enter (self->graph);
  outcome = add (self, fix, self->n_fixes++, now != NULL);
  navi_graph_leave (self->graph);
  if (now != NULL && outcome != NAVI_MATCH_UNUSABLE)
    *now = self->now;
  return outcome;
}
