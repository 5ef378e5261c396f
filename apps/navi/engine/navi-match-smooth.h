/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-match-model.h"

G_BEGIN_DECLS

/* NaviMatchSmooth: takes the jitter out of fixes that come faster than they are good.
 *
 * Where each fix has an error of its own, larger than the way from one to the next, the fixes that lie far enough from the last
 * one to be used are those with the largest errors.  How much the positions jitter is measured by their second differences; by
 * that much a Kalman filter of position and velocity smooths them.  Receivers that smooth by themselves, and fixes that are
 * seconds apart, are left as they are.
 *
 * Threading: one thread.
 * Source: R. Kalman: A new approach to linear filtering and prediction problems, 1960; white noise acceleration as in Bar-Shalom,
 * Li, Kirubarajan: Estimation with Applications to Tracking and Navigation, 6.3.2. */

typedef struct
{
  double lat_deg;
  double lon_deg;
  gint64 time_unix_us;
} NaviMatchSample;

typedef struct
{
  NaviProfile profile;
  NaviMatchWindow jitter_m; /* lengths of second differences */
  double sigma_m;           /* of the jitter, in each of east and north */
  NaviMatchSample last[2];  /* the newest first */
  guint n_last;
  gboolean has_state;
  NaviMatchSample state;
  double east_mps;
  double north_mps;
  double variance[3]; /* of position, position and velocity, velocity */
} NaviMatchSmooth;

void navi_match_smooth_init (NaviMatchSmooth *self, NaviProfile profile);

/* Forgets where one was, but not how the receiver jitters. */
void navi_match_smooth_restart (NaviMatchSmooth *self);

/* Replaces the position of the next fix by the smoothed one. */
void navi_match_smooth_next (NaviMatchSmooth *self, double *lat_deg, double *lon_deg, gint64 time_unix_us);

G_END_DECLS
