/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "navi-weights.h"

G_BEGIN_DECLS

/* Finds the weights of an overlay for a metric: what it costs to cross each cell, from the smallest cells up, each level on the one below it.
 *
 * Threading: any thread; uses a second one of its own for large jobs.  The result does not depend on it. */

/* All cells.  (transfer full) (nullable): NULL if cancelled */
NaviWeights *navi_customize (const NaviOverlay *overlay, const NaviMetric *metric, GCancellable *cancellable);

/* As @below, but for the cells of level 0 that @affected (a byte for each) says and those that hold them.  (transfer full) (nullable) */
NaviWeights *navi_customize_cells (const NaviOverlay *overlay, const NaviMetric *metric, NaviWeights *below, const guint8 *affected,
                                   GCancellable *cancellable);

G_END_DECLS
