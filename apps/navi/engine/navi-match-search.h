/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"

G_BEGIN_DECLS

/* NaviMatchSearch: the shortest ways, in metres, from one place on a road to several others nearby, as a vehicle may drive them:
 * along one-way roads, through the profile's turn restrictions (also those over several ways) and not past its barriers; private
 * roads are allowed, for a trace shows where somebody did go.
 *
 * A U-turn is possible on any road that is open both ways, in its middle or at its end; each counts as NAVI_MATCH_UTURN_CM in the
 * choice of a way, and is told apart, so that the caller can weigh it.
 *
 * Time and memory: at most NAVI_MATCH_MAX_LABELS labels; beyond them nothing more is found.
 * Threading: one thread, between navi_graph_enter() and navi_graph_leave().
 * Ownership: uses the graph, which must live as long.
 * Source: E. Dijkstra: A note on two problems in connexion with graphs (1959), over states as in navi-graph-format.h. */

#define NAVI_MATCH_UTURN_CM 3000
#define NAVI_MATCH_MAX_LABELS 8192

typedef struct _NaviMatchSearch NaviMatchSearch;

typedef struct
{
  guint32 arc;
  guint32 at_cm; /* along the arc from its beginning */
  /* What the search fills in. */
  gboolean is_found;
  guint32 cost_cm;   /* with U-turns as said */
  guint32 length_cm; /* without */
  guint n_uturns;
  guint32 state; /* in which one is on the arc (navi-graph.h) */
  guint32 label; /* for navi_match_search_append_path() */
} NaviMatchTarget;

/* A stretch of a road that was driven: from_m <= to_m, from the beginning of the arc. */
typedef struct
{
  guint32 arc;
  double from_m;
  double to_m;
} NaviMatchedArc;

NaviMatchSearch *navi_match_search_new (const NaviGraph *graph, NaviProfile profile);
void navi_match_search_free (NaviMatchSearch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMatchSearch, navi_match_search_free)

/* Finds the ways from @at_cm along the arc of @state to @targets that cost at most @bound_cm.  A target up to @back_cm behind on
 * the same arc is one that has been reached: measurements jump, cars seldom go back. */
void navi_match_search_run (NaviMatchSearch *self, guint32 state, guint32 at_cm, guint32 back_cm, guint32 bound_cm,
                            NaviMatchTarget *targets, guint n_targets);

/* Appends the way of the last search to one of its targets that was found (element-type NaviMatchedArc). */
void navi_match_search_append_path (const NaviMatchSearch *self, const NaviMatchTarget *target, GArray *arcs);

G_END_DECLS
