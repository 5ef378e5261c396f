/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "navi-weights.h"

G_BEGIN_DECLS

/* NaviMetrics: the weights of a region's overlays, by metric.
 *
 * Those of the plain profiles lie in the region.  Those of a wish are found when they are first asked for, in the cells that it concerns
 * alone, and the last few are kept; those of blocked or slowed edges are made anew each time, which is a matter of a few cells.
 *
 * Threading: any thread.
 * Ownership: uses the graph, which must live as long; weights must be dropped before the metrics are freed.
 * Errors: CLOUD_ERROR_CORRUPT (the region is damaged), G_IO_ERROR_CANCELLED. */

typedef struct _NaviMetrics NaviMetrics;

/* (transfer full) */
NaviMetrics *navi_metrics_new (const NaviGraph *graph);
void navi_metrics_free (NaviMetrics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMetrics, navi_metrics_free)

/* (transfer full) (nullable): NULL with @error set */
NaviWeights *navi_metrics_get (NaviMetrics *self, const NaviMetric *metric, GCancellable *cancellable, GError **error);

/* ---- What an import stores for it ---- */

/* What a smallest cell has: NaviAvoid, and a bit for each road class from this one on. */
#define NAVI_CELL_CLASS_SHIFT 8

/* For each cell of level 0 what its roads have; (transfer full) (element-type guint32). */
GArray *navi_metrics_list_traits (const NaviGraph *graph);

G_END_DECLS
