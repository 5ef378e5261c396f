/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-tagging.h"

G_BEGIN_DECLS

/* NaviMatchModel: how likely measurements and movements are, as natural logarithms up to what all choices at one fix have in
 * common.
 *
 * Of the paper (its equation numbers):
 * - (1) a measurement lies beside the true place on the road by a normal distribution of its distance, sigma;
 * - (2) the length of the way between two places differs from the great circle between their measurements by an exponential
 * distribution, beta;
 * - (3) sigma = 1.4826 median of the distances, (4) beta = median of the differences / ln 2: from the last matches, as they are
 * decided, and from what is usual as long as there are few; a fix that says that it is worse counts as worse. Added to it:
 * - the direction of travel, where the receiver measured it, falls around the road's by a normal distribution that narrows with
 * speed;
 * - who drives much faster than is usual on a road by car is rather not on it;
 * - a way over a longer pause than usual has a proportionally larger beta (tunnels), and beta is never far below sigma;
 * - differences beyond five beta, at corners and bends, cost less and less: the tail is heavier than an exponential one;
 * - one may leave the roads and come back: off the roads all places are as likely as one at a distance of 3 sigma (at least 25
 * m);
 * - U-turns have a price.
 *
 * Threading: one thread.
 * Source: P. Newson, J. Krumm: Hidden Markov Map Matching Through Noise and Sparseness, ACM SIGSPATIAL GIS 2009, section 4. */

#define NAVI_MATCH_WINDOW 64

typedef struct
{
  double values[NAVI_MATCH_WINDOW];
  guint n; /* how many there were ever */
} NaviMatchWindow;

void navi_match_window_add (NaviMatchWindow *self, double value);

/* Of the values that are kept; 0 if there are none. */
double navi_match_window_median (const NaviMatchWindow *self);

typedef struct
{
  NaviProfile profile;
  double fixed_sigma_m; /* 0: estimated */
  double fixed_beta_m;
  double sigma_m; /* of usual fixes */
  double beta_m;  /* of usual pauses */
  double pause_s; /* the usual one between two fixes that are used; 0: not known yet */
  NaviMatchWindow distances_m;
  NaviMatchWindow differences_m;
  NaviMatchWindow pauses_s;
} NaviMatchModel;

void navi_match_model_init (NaviMatchModel *self, NaviProfile profile);

/* What a decided match tells about sigma. */
void navi_match_model_learn_distance (NaviMatchModel *self, double distance_m);

/* What a decided way tells about beta. */
void navi_match_model_learn_way (NaviMatchModel *self, double great_circle_m, double way_m, double pause_s);

/* Of a fix with this accuracy (NAN: unknown), which is a radius that holds 68 %. */
double navi_match_model_sigma_m (const NaviMatchModel *self, double accuracy_m);

double navi_match_model_beta_m (const NaviMatchModel *self, double pause_s);

/* @off_deg: how far the road's direction is from the measured one; @speed_mps: NAN: unknown. */
double navi_match_model_bearing (double off_deg, double speed_mps);

/* Measured speed on a road of which one usually drives @usual_mps: who is much faster is elsewhere, say on the motorway beside
 * it. */
double navi_match_model_speed (const NaviMatchModel *self, double speed_mps, double usual_mps);

static inline double
navi_match_model_emission (double distance_m, double sigma_m)
{
  return -0.5 * (distance_m / sigma_m) * (distance_m / sigma_m);
}

/* What a place off the roads is worth. */
static inline double
navi_match_model_off_road (double sigma_m)
{
  return navi_match_model_emission (MAX (3 * sigma_m, 25), sigma_m);
}

/* What a fix counts that comes @seconds after the last one that was used. */
static inline double
navi_match_model_weight (double seconds)
{
  return CLAMP (seconds / 5, 0.2, 1);
}

double navi_match_model_transition (const NaviMatchModel *self, double great_circle_m, double way_m, guint n_uturns,
                                    double pause_s);

/* Faster than that nobody goes. */
double navi_match_model_max_speed_mps (NaviProfile profile);

/* Changes between the roads and off them. */
#define NAVI_MATCH_BEGIN_OFF -3.0
#define NAVI_MATCH_LEAVE_ROADS -7.0
#define NAVI_MATCH_STAY_OFF -1.0
#define NAVI_MATCH_COME_BACK -4.0

G_END_DECLS
