/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "navi-path.h"
#include "navi-weights.h"

G_BEGIN_DECLS

/* The cheapest way between two points, over the overlay of a network.
 *
 * A search from the origin and one from the target meet.  Both look at single arcs only in the cells where they begin; elsewhere they
 * cross cells in one step, larger ones the farther away they are.  Turn costs, turn restrictions and private roads at the ends only are
 * kept exactly: the cost is that of Dijkstra's search over all arcs.
 *
 * A way is private roads, then public ones, then private ones, each of the three possibly none.  Private roads at either end are
 * searched arc by arc before the rest; every cell where a search comes out of them counts as one where it begins.
 *
 * Threading: any thread.
 * Source: navi-overlay.h */

/* The cheapest way from any of @origins to any of @targets.  @weights are those of @metric.
 * Returns: FALSE if there is none, or if @cancellable was cancelled, or if the region is damaged.
 * @path: (out): to be cleared with navi_path_clear() */
gboolean navi_query (const NaviWeights *weights, const NaviMetric *metric, const NaviArcPoint *origins, guint n_origins,
                     const NaviArcPoint *targets, guint n_targets, GCancellable *cancellable, NaviPath *path);

G_END_DECLS
