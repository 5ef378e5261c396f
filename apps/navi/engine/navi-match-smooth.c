/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-match-smooth.h"

#include <math.h>
#include <string.h>

/* East and north are filtered alike, in metres from the last estimate. */

#define METRES_PER_DEGREE 111195.08
#define MOST_PAUSE_S 3.0        /* fixes farther apart tell nothing about each other's errors */
#define ENOUGH 8                /* second differences */
#define MOST_SIGMAS 6.0         /* a position farther off begins anew */
#define MEDIAN_PER_SIGMA 1.1774 /* of the length of a vector whose parts are normally distributed */

void
navi_match_smooth_init (NaviMatchSmooth *self, NaviProfile profile)
{
  memset (self, 0, sizeof *self);
  self->profile = profile;
}

void
navi_match_smooth_restart (NaviMatchSmooth *self)
{
  self->has_state = FALSE;
  self->n_last = 0;
}

static void
difference_m (const NaviMatchSample *a, const NaviMatchSample *b, double *east_m, double *north_m)
{
  *east_m = remainder (b->lon_deg - a->lon_deg, 360) * METRES_PER_DEGREE * cos (a->lat_deg * G_PI / 180);
  *north_m = (b->lat_deg - a->lat_deg) * METRES_PER_DEGREE;
}

static void
measure_jitter (NaviMatchSmooth *self, const NaviMatchSample *sample)
{
  const NaviMatchSample *last = self->last;
  double newer_s = (double) (sample->time_unix_us - last[0].time_unix_us) / G_USEC_PER_SEC;
  double older_s = (double) (last[0].time_unix_us - last[1].time_unix_us) / G_USEC_PER_SEC;

  if (self->n_last == 2 && newer_s <= MOST_PAUSE_S && fabs (newer_s - older_s) < 0.2 * newer_s)
    {
      double east_a, north_a, east_b, north_b;
      difference_m (&last[1], &last[0], &east_a, &north_a);
      difference_m (&last[0], sample, &east_b, &north_b);
      navi_match_window_add (&self->jitter_m, hypot (east_b - east_a, north_b - north_a));
      self->sigma_m = self->jitter_m.n >= ENOUGH ? navi_match_window_median (&self->jitter_m) / MEDIAN_PER_SIGMA / sqrt (6) : 0;
    }
  self->last[1] = self->last[0];
  self->last[0] = *sample;
  self->n_last = MIN (self->n_last + 1, 2);
}

static void
begin (NaviMatchSmooth *self, const NaviMatchSample *sample)
{
  self->has_state = TRUE;
  self->state = *sample;
  self->east_mps = self->north_mps = 0;
  self->variance[0] = self->sigma_m * self->sigma_m;
  self->variance[1] = 0;
  self->variance[2] = 400;
}

static void
predict (NaviMatchSmooth *self, double seconds)
{
  static const double accelerations[NAVI_N_PROFILES] = { 2.5, 1.0, 0.5 };
  double q = accelerations[self->profile] * accelerations[self->profile], *p = self->variance;

  p[0] += 2 * seconds * p[1] + seconds * seconds * p[2] + q * pow (seconds, 4) / 4;
  p[1] += seconds * p[2] + q * pow (seconds, 3) / 2;
  p[2] += q * seconds * seconds;
}

void
navi_match_smooth_next (NaviMatchSmooth *self, double *lat_deg, double *lon_deg, gint64 time_unix_us)
{
  NaviMatchSample sample = { *lat_deg, *lon_deg, time_unix_us };
  double seconds = (double) (time_unix_us - self->state.time_unix_us) / G_USEC_PER_SEC, *p = self->variance;
  double east_m, north_m, variance, gain_m, gain_mps, cosine;

  measure_jitter (self, &sample);
  if (!self->has_state || self->sigma_m < 1 || seconds > MOST_PAUSE_S || fabs (*lat_deg) > 89)
    {
      begin (self, &sample);
      return;
    }
  predict (self, seconds);
  difference_m (&self->state, &sample, &east_m, &north_m);
  east_m -= self->east_mps * seconds;
  north_m -= self->north_mps * seconds;
  variance = p[0] + self->sigma_m * self->sigma_m;
  if (hypot (east_m, north_m) > MOST_SIGMAS * sqrt (variance))
    {
      begin (self, &sample);
      return;
    }
  gain_m = p[0] / variance;
  gain_mps = p[1] / variance;
  cosine = cos (self->state.lat_deg * G_PI / 180);
  self->state.lat_deg += (self->north_mps * seconds + gain_m * north_m) / METRES_PER_DEGREE;
  self->state.lon_deg
      = remainder (self->state.lon_deg + (self->east_mps * seconds + gain_m * east_m) / METRES_PER_DEGREE / cosine, 360);
  self->state.time_unix_us = time_unix_us;
  self->east_mps += gain_mps * east_m;
  self->north_mps += gain_mps * north_m;
  p[2] -= gain_mps * p[1];
  p[1] -= gain_mps * p[0];
  p[0] -= gain_m * p[0];
  *lat_deg = self->state.lat_deg;
  *lon_deg = self->state.lon_deg;
}
