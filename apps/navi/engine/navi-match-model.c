/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-match"

#include "navi-match-model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Numbers that say what is likely.  Sigma is at least that of the paper's receiver: lanes and maps have errors too. */

#define LEAST_SIGMA_M 4.07
#define MOST_SIGMA_M 60.0
#define USUAL_SIGMA_M 7.0
#define MOST_BETA_M 200.0
#define KNEE 5.0 /* betas from which on a difference counts a TAILth */
#define TAIL 8.0
#define PRIOR_WEIGHT 12.0         /* usual values count as much as so many measured ones */
#define ACCURACY_PER_SIGMA 1.5096 /* sqrt (-2 ln 0.32): a circle that holds 68 % of a normal distribution in the plane */

void
navi_match_model_init (NaviMatchModel *self, NaviProfile profile)
{
  memset (self, 0, sizeof *self);
  self->profile = profile;
  self->sigma_m = USUAL_SIGMA_M;
}

void
navi_match_window_add (NaviMatchWindow *self, double value)
{
  self->values[self->n++ % NAVI_MATCH_WINDOW] = value;
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;
  return left < right ? -1 : left > right;
}

double
navi_match_window_median (const NaviMatchWindow *self)
{
  double sorted[NAVI_MATCH_WINDOW];
  guint n = MIN (self->n, NAVI_MATCH_WINDOW);

  memcpy (sorted, self->values, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  return n == 0 ? 0 : sorted[n / 2];
}

static double
blend (double usual, double measured, guint n)
{
  n = MIN (n, NAVI_MATCH_WINDOW);
  return (usual * PRIOR_WEIGHT + measured * n) / (PRIOR_WEIGHT + n);
}

void
navi_match_model_learn_distance (NaviMatchModel *self, double distance_m)
{
  navi_match_window_add (&self->distances_m, distance_m);
  self->sigma_m = CLAMP (blend (USUAL_SIGMA_M, 1.4826 * navi_match_window_median (&self->distances_m), self->distances_m.n),
                         LEAST_SIGMA_M, MOST_SIGMA_M);
}

/* What beta is without experience: the great circle has the errors of both ends, and a longer pause hides more bends. */
static double
usual_beta_m (const NaviMatchModel *self, double pause_s)
{
  return 1.2 * self->sigma_m + 0.4 * MIN (pause_s, 60);
}

void
navi_match_model_learn_way (NaviMatchModel *self, double great_circle_m, double way_m, double pause_s)
{
  navi_match_window_add (&self->pauses_s, pause_s);
  self->pause_s = MAX (navi_match_window_median (&self->pauses_s), 0.1);
  /* Other pauses than the usual ones have a beta of their own. */
  if (pause_s > self->pause_s * 2)
    return;
  navi_match_window_add (&self->differences_m, fabs (great_circle_m - way_m));
  self->beta_m = blend (usual_beta_m (self, self->pause_s), navi_match_window_median (&self->differences_m) / G_LN2,
                        self->differences_m.n);
}

double
navi_match_model_sigma_m (const NaviMatchModel *self, double accuracy_m)
{
  double sigma_m = self->fixed_sigma_m > 0 ? self->fixed_sigma_m : self->sigma_m;

  if (isfinite (accuracy_m) && accuracy_m > 0)
    sigma_m = MAX (sigma_m, accuracy_m / ACCURACY_PER_SIGMA);
  return CLAMP (sigma_m, LEAST_SIGMA_M, MOST_SIGMA_M);
}

double
navi_match_model_beta_m (const NaviMatchModel *self, double pause_s)
{
  double beta_m = self->fixed_beta_m > 0 ? self->fixed_beta_m : self->beta_m > 0 ? self->beta_m : usual_beta_m (self, pause_s);

  if (self->pause_s > 0 && pause_s > self->pause_s)
    beta_m *= pause_s / self->pause_s;
  return CLAMP (beta_m, 0.4 * navi_match_model_sigma_m (self, NAN) + 0.3 * MIN (pause_s, 60), MOST_BETA_M);
}

double
navi_match_model_bearing (double off_deg, double speed_mps)
{
  double sigma_deg, ratio;

  if (!isfinite (off_deg) || (isfinite (speed_mps) && speed_mps < 1))
    return 0;
  sigma_deg = isfinite (speed_mps) ? 15 + 30 / speed_mps : 30;
  ratio = MIN (off_deg / sigma_deg, 3.5);
  return -0.5 * ratio * ratio;
}

double
navi_match_model_speed (const NaviMatchModel *self, double speed_mps, double usual_mps)
{
  double ratio;

  if (self->profile != NAVI_CAR || !(speed_mps > 1.3 * usual_mps))
    return 0;
  ratio = MIN ((speed_mps - 1.3 * usual_mps) / (0.2 * usual_mps + 2), 2.5);
  return -0.5 * ratio * ratio;
}

double
navi_match_model_transition (const NaviMatchModel *self, double great_circle_m, double way_m, guint n_uturns, double pause_s)
{
  static const double uturns[NAVI_N_PROFILES] = { 6.0, 4.0, 2.5 };

  double ratio = fabs (great_circle_m - way_m) / navi_match_model_beta_m (self, pause_s);

  if (ratio > KNEE)
    ratio = KNEE + (ratio - KNEE) / TAIL;
  return -ratio - n_uturns * uturns[self->profile];
}

double
navi_match_model_max_speed_mps (NaviProfile profile)
{
  static const double speeds[NAVI_N_PROFILES] = { 70, 25, 10 };

  return speeds[profile];
}
