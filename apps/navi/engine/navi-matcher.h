/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-match-search.h"
#include "navi-router.h"

#include "cloud-fix.h"

G_BEGIN_DECLS

/* NaviMatcher: on which road somebody is, fix by fix.
 *
 * A hidden Markov model whose states are places on roads, with a direction of travel, and one place off them
 * (navi-match-model.h), followed by Viterbi's algorithm while the fixes come.  Each fix gets an answer at once (what guidance
 * shows: the road, the place on it, how sure that is); and what was driven is decided as soon as all likely pasts agree, at the
 * latest NAVI_MATCH_MAX_LAG used fixes later.
 *
 * As in the paper, a fix is used only if it lies more than two sigma from the last one that was (so noise of a standing car is
 * not movement). Where a pause of more than NAVI_MATCH_SPLIT_S has led elsewhere, or the clock goes back as far, the trace is
 * split: what follows is a piece of its own.  A fix that lies off the roads for a moment is bridged, if a way leads on.  Unusable
 * fixes (no position, or older than the last one) are counted and left out.
 *
 * Directions of travel and speeds are used where the receiver measured them; those that merely come from the line between the
 * last two positions (CloudFix of a GPX file) say nothing new and are left out.  One-ways, barriers and turn restrictions of the
 * profile are honoured.
 *
 * Memory: bounded: 40 places for a fix, NAVI_MATCH_MAX_LAG fixes, one search (some 400 kB), and the roads around, decoded by the
 * router's graph. Time per fix: bounded: 40 searches of at most NAVI_MATCH_MAX_LABELS labels; docs/BENCHMARKS.md has what it is.
 *
 * Threading: one thread at a time.
 * Ownership: keeps the router alive.
 * Errors: none; see NaviMatchOutcome.  A region that turns out to be damaged matches nonsense: navi_graph_check().
 * Source: P. Newson, J. Krumm: Hidden Markov Map Matching Through Noise and Sparseness, ACM SIGSPATIAL GIS 2009; C. Goh and
 * others: Online map-matching based on hidden Markov model for real-time traffic sensing applications, IEEE ITSC 2012 (deciding
 * where the pasts converge). */

#define NAVI_MATCH_NO_ARC G_MAXUINT32
#define NAVI_MATCH_MAX_LAG 32
#define NAVI_MATCH_SPLIT_S 180

/**
 * NaviMatch:
 * @serial: which of the fixes that were added, from 0
 * @arc: 2 * edge + direction of travel; NAVI_MATCH_NO_ARC off the roads
 * @at_m: along the arc from its beginning
 * @lat_deg, @lon_deg: on the road; the fix's own off the roads
 * @distance_m: from the fix to there
 * @bearing_deg: of the road in the direction of travel; off the roads what the fix says, or NAN
 * @confidence: how probable it is, with all fixes up to this one: 0 to 1
 */
typedef struct
{
  guint serial;
  gint64 time_unix_us;
  gboolean is_on_road;
  guint32 arc;
  double at_m;
  double lat_deg;
  double lon_deg;
  double distance_m;
  double bearing_deg;
  double confidence;
} NaviMatch;

/**
 * NaviMatchStep:
 * @begins_piece: no way leads here from the last place on a road
 * @arcs: the way from the last place on a road; none at the beginning of a piece and off the roads
 */
typedef struct
{
  NaviMatch match;
  gboolean begins_piece;
  const NaviMatchedArc *arcs;
  guint n_arcs;
} NaviMatchStep;

/* What a used fix was decided to be; @step is valid during the call.  Fixes between two of them were not used. */
typedef void (*NaviMatchDecided) (const NaviMatchStep *step, gpointer user_data);

typedef enum
{
  NAVI_MATCH_DONE,
  NAVI_MATCH_STANDING, /* as good as the last fix: the answer is the last one */
  NAVI_MATCH_UNUSABLE, /* no position, or not later than the last one: there is no answer */
} NaviMatchOutcome;

typedef struct _NaviMatcher NaviMatcher;

/* @decided: (nullable) */
NaviMatcher *navi_matcher_new (NaviRouter *router, NaviProfile profile, NaviMatchDecided decided, gpointer user_data);
void navi_matcher_free (NaviMatcher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMatcher, navi_matcher_free)

/* For whole traces: sigma and beta known beforehand; 0: to be estimated. */
void navi_matcher_set_parameters (NaviMatcher *self, double sigma_m, double beta_m);

/* What is presently reckoned with, for a usual fix. */
double navi_matcher_get_sigma_m (NaviMatcher *self);
double navi_matcher_get_beta_m (NaviMatcher *self);

/* Takes the next fix.  @now: (out) (nullable): where one is, unless UNUSABLE is returned; without it fixes that are not used cost
 * nothing */
NaviMatchOutcome navi_matcher_add (NaviMatcher *self, const CloudFix *fix, NaviMatch *now);

/* The trace has ended: decides the rest.  What is added afterwards is a new piece. */
void navi_matcher_flush (NaviMatcher *self);

G_END_DECLS
