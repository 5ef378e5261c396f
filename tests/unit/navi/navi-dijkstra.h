/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-path.h"

G_BEGIN_DECLS

/* The plain search: Dijkstra's over arcs, with turn costs, turn restrictions and private roads at the ends only.  Exact, in whole
 * milliseconds; the measure for every faster engine.
 *
 * A label is a state of the graph (navi-graph.h) and a phase: 1 once the route has gone from a public to a private road, after which it stays
 * on private ones.
 *
 * Threading: any thread; a search touches nothing but its own memory.
 * Source: E. Dijkstra: A note on two problems in connexion with graphs (1959). */

/* The cheapest way from any of @origins to any of @targets.
 * Returns: FALSE if there is none, or if @cancellable was cancelled.  @path: (out): to be cleared with navi_path_clear() */
gboolean navi_dijkstra (const NaviGraph *graph, const NaviMetric *metric, const NaviArcPoint *origins, guint n_origins, const NaviArcPoint *targets,
                        guint n_targets, GCancellable *cancellable, NaviPath *path);

G_END_DECLS
