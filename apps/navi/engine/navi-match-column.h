/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-match-model.h"
#include "navi-match-points.h"
#include "navi-match-search.h"

#include "cloud-fix.h"

G_BEGIN_DECLS

/* NaviMatchColumn: the places that one fix may stand for, and how probable each is after those of the fix before.
 *
 * Threading: one thread, between navi_graph_enter() and navi_graph_leave(). */

#define NAVI_MATCH_MAX_POINTS 20
#define NAVI_MATCH_MAX_PLACES (2 * NAVI_MATCH_MAX_POINTS + 1)
#define NAVI_MATCH_OFF_ROAD G_MAXUINT32 /* instead of an arc */
#define NAVI_MATCH_MAX_BRIDGED 2        /* used fixes off the roads that a way may pass over */

typedef struct
{
  guint32 arc;
  guint32 at_cm;
  guint32 state;   /* on the arc, by the best past (navi-graph.h) */
  guint32 cost_cm; /* of the way from the best past */
  double distance_m;
  double lat_deg;
  double lon_deg;
  double bearing_deg; /* in the direction of travel */
  double emission;
  double score;       /* of the best past: Viterbi's */
  double forward;     /* of all pasts */
  gint back;          /* the best past: a place of the column before; -1: none, a piece begins */
  gboolean is_bridge; /* the way comes from the column before's anchor */
} NaviMatchPlace;

/* The last place on a road of a past that has left the roads. */
typedef struct
{
  guint n_off; /* used fixes since; 0: there is none */
  guint32 state;
  guint32 at_cm;
  double lat_deg; /* of its fix */
  double lon_deg;
  gint64 time_unix_us;
} NaviMatchAnchor;

typedef struct
{
  guint serial;
  gint64 time_unix_us;
  double lat_deg; /* of the fix */
  double lon_deg;
  double bearing_deg; /* measured, or NAN */
  double speed_mps;   /* or NAN */
  double pause_s;     /* the longest time without a fix since the column before */
  double sigma_m;
  double weight; /* of what the fix says, beside the others: errors of fixes that follow closely are much the same */
  guint n;       /* places; the last one is off the roads */
  NaviMatchPlace places[NAVI_MATCH_MAX_PLACES];
  NaviMatchAnchor anchor; /* of the place off the roads */
} NaviMatchColumn;

double navi_match_distance_m (double lat_a_deg, double lon_a_deg, double lat_b_deg, double lon_b_deg);

/* Fills the places, each alone; what the fix says must be there already. */
void navi_match_column_fill (NaviMatchColumn *self, const NaviGraph *graph, const NaviMatchModel *model, NaviMatchPoints *points);

/* Weighs the places as the first of a piece. */
void navi_match_column_begin (NaviMatchColumn *self);

/* Weighs the places after those of the column before. */
void navi_match_column_follow (NaviMatchColumn *self, const NaviMatchColumn *before, const NaviMatchModel *model,
                               NaviMatchSearch *search);

/* How far behind on its arc a place after @before still counts as reached. */
guint32 navi_match_column_back_cm (const NaviMatchColumn *self);

/* The most probable place, by its best past. */
guint navi_match_column_best (const NaviMatchColumn *self);

/* How probable the place's arc is among all. */
double navi_match_column_confidence (const NaviMatchColumn *self, guint place);

G_END_DECLS
