/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-match-column.h"
#include "navi-geo.h"

#include <math.h>
#include <string.h>

/* One step of Viterbi's algorithm, and of the forward algorithm beside it, which tells how sure the answer is. */

#define BEAM 25.0 /* pasts that are less probable than exp (-BEAM) times the best are dropped */
#define MOST_DETOUR_M 2000.0

double
navi_match_distance_m (double lat_a_deg, double lon_a_deg, double lat_b_deg, double lon_b_deg)
{
  return (double) navi_geo_distance_mm ((gint32) lround (lat_a_deg * 1e7), (gint32) lround (lon_a_deg * 1e7),
                                        (gint32) lround (lat_b_deg * 1e7), (gint32) lround (lon_b_deg * 1e7))
         / 1000.0;
}

static double
angle_between (double a_deg, double b_deg)
{
  double angle = fabs (fmod (a_deg - b_deg, 360));
  return angle > 180 ? 360 - angle : angle;
}

static void
add_place (NaviMatchColumn *self, const NaviGraph *graph, const NaviMatchModel *model, const NaviMatchPoint *point, guint32 arc)
{
  NaviMatchPlace *place = &self->places[self->n++];
  guint32 length_cm = navi_graph_edge (graph, arc)->length_cm;
  double usual_mps = navi_graph_way (graph, arc)->speed_dkmh[model->profile][arc & 1] / 36.0;

  *place = (NaviMatchPlace){
    .arc = arc, .state = arc, .distance_m = point->distance_m, .lat_deg = point->lat_deg, .lon_deg = point->lon_deg, .back = -1
  };
  place->at_cm = (arc & 1) == 0 ? point->at_cm : length_cm - MIN (point->at_cm, length_cm);
  place->bearing_deg = (arc & 1) == 0 ? point->bearing_deg : fmod (point->bearing_deg + 180, 360);
  place->emission
      = navi_match_model_emission (point->distance_m, self->sigma_m) + navi_match_model_speed (model, self->speed_mps, usual_mps);
  if (isfinite (self->bearing_deg))
    place->emission += navi_match_model_bearing (angle_between (self->bearing_deg, place->bearing_deg), self->speed_mps);
  place->emission *= self->weight;
}

void
navi_match_column_fill (NaviMatchColumn *self, const NaviGraph *graph, const NaviMatchModel *model, NaviMatchPoints *points)
{
  const NaviMetric metric = { .profile = model->profile };
  double radius_m = CLAMP (4 * self->sigma_m + 10, 40, 200);
  guint n;
  const NaviMatchPoint *found
      = navi_match_points_find (points, self->lat_deg, self->lon_deg, radius_m, NAVI_MATCH_MAX_POINTS, &n);
  NaviMatchPlace *off;

  self->n = 0;
  for (guint i = 0; i < n; i++)
    for (guint32 arc = found[i].edge * 2; arc < found[i].edge * 2 + 2; arc++)
      if (navi_graph_arc_ms (graph, &metric, arc) != 0)
        add_place (self, graph, model, &found[i], arc);
  off = &self->places[self->n++];
  *off = (NaviMatchPlace){
    .arc = NAVI_MATCH_OFF_ROAD, .lat_deg = self->lat_deg, .lon_deg = self->lon_deg, .bearing_deg = self->bearing_deg, .back = -1
  };
  off->emission = navi_match_model_off_road (self->sigma_m) * self->weight;
  memset (&self->anchor, 0, sizeof self->anchor);
}

void
navi_match_column_begin (NaviMatchColumn *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      NaviMatchPlace *place = &self->places[i];
      place->score = place->forward = place->emission + (place->arc == NAVI_MATCH_OFF_ROAD ? NAVI_MATCH_BEGIN_OFF : 0);
    }
}

static double
add_logarithms (double a, double b)
{
  double most = MAX (a, b), least = MIN (a, b);

  return least == -INFINITY ? most : most + log1p (exp (least - most));
}

/* The past @back may have led to @place with probability exp (@transition). */
static void
weigh (const NaviMatchColumn *before, guint back, NaviMatchPlace *place, double transition, const NaviMatchTarget *way,
       gboolean is_bridge)
{
  double score = before->places[back].score + transition;

  place->forward = add_logarithms (place->forward, before->places[back].forward + transition);
  if (score <= place->score)
    return;
  place->score = score;
  place->back = (gint) back;
  place->is_bridge = is_bridge;
  place->state = way != NULL ? way->state : place->arc;
  place->cost_cm = way != NULL ? way->cost_cm : 0;
}

guint32
navi_match_column_back_cm (const NaviMatchColumn *self)
{
  return (guint32) (150 * self->sigma_m) + 500;
}

typedef struct
{
  NaviMatchColumn *self;
  const NaviMatchColumn *before;
  const NaviMatchModel *model;
  NaviMatchSearch *search;
} Step;

/* All ways from one place, which is that of a fix with the given position and time, to those of the column. */
static void
follow_ways (const Step *step, guint back, guint32 state, guint32 at_cm, double lat_deg, double lon_deg, gint64 time_unix_us,
             gboolean is_bridge)
{
  NaviMatchColumn *self = step->self;
  NaviMatchTarget targets[NAVI_MATCH_MAX_PLACES];
  guint n = self->n - 1;
  double great_circle_m = navi_match_distance_m (lat_deg, lon_deg, self->lat_deg, self->lon_deg);
  double seconds = (double) (self->time_unix_us - time_unix_us) / G_USEC_PER_SEC;
  double pause_s = is_bridge ? MAX (self->pause_s, step->before->pause_s) * 2 : self->pause_s;
  double most_m = navi_match_model_max_speed_mps (step->model->profile) * seconds + 6 * self->sigma_m + 50;
  double detour_m = CLAMP (15 * navi_match_model_beta_m (step->model, pause_s), 150 + great_circle_m / 2, MOST_DETOUR_M);

  for (guint i = 0; i < n; i++)
    targets[i] = (NaviMatchTarget){ .arc = self->places[i].arc, .at_cm = self->places[i].at_cm };
  if (n > 0)
    navi_match_search_run (step->search, state, at_cm, navi_match_column_back_cm (self),
                           (guint32) (MIN (great_circle_m + detour_m, most_m) * 100), targets, n);
  for (guint i = 0; i < n; i++)
    if (targets[i].is_found)
      weigh (
          step->before, back, &self->places[i],
          navi_match_model_transition (step->model, great_circle_m, targets[i].length_cm / 100.0, targets[i].n_uturns, pause_s),
          &targets[i], is_bridge);
}

static void
follow_place (const Step *step, guint back)
{
  NaviMatchColumn *self = step->self;
  const NaviMatchColumn *before = step->before;
  const NaviMatchPlace *past = &before->places[back];
  const NaviMatchAnchor *anchor = &before->anchor;
  NaviMatchPlace *off = &self->places[self->n - 1];

  if (past->arc != NAVI_MATCH_OFF_ROAD)
    {
      follow_ways (step, back, past->state, past->at_cm, before->lat_deg, before->lon_deg, before->time_unix_us, FALSE);
      weigh (before, back, off, NAVI_MATCH_LEAVE_ROADS, NULL, FALSE);
      return;
    }
  for (guint i = 0; i + 1 < self->n; i++)
    weigh (before, back, &self->places[i], NAVI_MATCH_COME_BACK, NULL, FALSE);
  weigh (before, back, off, NAVI_MATCH_STAY_OFF, NULL, FALSE);
  if (anchor->n_off > 0 && anchor->n_off <= NAVI_MATCH_MAX_BRIDGED)
    follow_ways (step, back, anchor->state, anchor->at_cm, anchor->lat_deg, anchor->lon_deg, anchor->time_unix_us, TRUE);
}

static void
set_anchor (NaviMatchColumn *self, const NaviMatchColumn *before)
{
  const NaviMatchPlace *off = &self->places[self->n - 1], *past;

  memset (&self->anchor, 0, sizeof self->anchor);
  if (off->back < 0)
    return;
  past = &before->places[off->back];
  if (past->arc != NAVI_MATCH_OFF_ROAD)
    self->anchor = (NaviMatchAnchor){ 1, past->state, past->at_cm, before->lat_deg, before->lon_deg, before->time_unix_us };
  else if (before->anchor.n_off > 0 && before->anchor.n_off <= NAVI_MATCH_MAX_BRIDGED)
    {
      self->anchor = before->anchor;
      self->anchor.n_off++;
    }
}

void
navi_match_column_follow (NaviMatchColumn *self, const NaviMatchColumn *before, const NaviMatchModel *model,
                          NaviMatchSearch *search)
{
  const Step step = { self, before, model, search };
  double best = before->places[navi_match_column_best (before)].score, most = -INFINITY;

  for (guint i = 0; i < self->n; i++)
    self->places[i].score = self->places[i].forward = -INFINITY;
  for (guint i = 0; i < before->n; i++)
    if (before->places[i].score > best - BEAM)
      follow_place (&step, i);
  for (guint i = 0; i < self->n; i++)
    {
      self->places[i].score += self->places[i].emission;
      self->places[i].forward += self->places[i].emission;
      most = MAX (most, self->places[i].score);
    }
  /* All by the same, so that numbers stay small. */
  for (guint i = 0; i < self->n; i++)
    {
      self->places[i].score -= most;
      self->places[i].forward -= most;
    }
  set_anchor (self, before);
}

guint
navi_match_column_best (const NaviMatchColumn *self)
{
  guint best = 0;

  for (guint i = 1; i < self->n; i++)
    if (self->places[i].score > self->places[best].score)
      best = i;
  return best;
}

double
navi_match_column_confidence (const NaviMatchColumn *self, guint place)
{
  double all = -INFINITY, own = -INFINITY;

  for (guint i = 0; i < self->n; i++)
    {
      all = add_logarithms (all, self->places[i].forward);
      if (self->places[i].arc == self->places[place].arc)
        own = add_logarithms (own, self->places[i].forward);
    }
  return own > -INFINITY ? MIN (exp (own - all), 1) : 0;
}
