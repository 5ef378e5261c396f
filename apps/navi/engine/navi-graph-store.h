/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"

G_BEGIN_DECLS

/* NaviGraphStore: decodes the blocks of a region's road sections (navi-graph-format.h) into the arrays of a NaviGraph when they are first touched.
 *
 * The arrays are reserved in whole but take memory only where something was decoded, so indices and pointers are plain ones; what has
 * gathered beyond NAVI_GRAPH_KEPT_BYTES is given back when the last user leaves.
 *
 * Threading: any number of threads; one decodes at a time.
 * Ownership: the graph keeps the region, whose sections the store reads.
 * Errors: a damaged block decodes to nothing and is remembered; navi_graph_store_is_damaged(). */

#define NAVI_GRAPH_KEPT_BYTES ((gsize) 28 << 20)

/* Takes the sections of @region and makes @graph's arrays a view of the store.  Returns: (transfer full) (nullable): NULL if the
 * sections do not fit together. */
NaviGraphStore *navi_graph_store_new (NaviGraph *graph, NaviRegion *region);
void navi_graph_store_free (NaviGraphStore *self);

void navi_graph_store_enter (NaviGraphStore *self);
void navi_graph_store_leave (NaviGraphStore *self);
void navi_graph_store_trim (NaviGraphStore *self);
gboolean navi_graph_store_is_damaged (NaviGraphStore *self);

/* Makes sure that the string at @offset is there. */
void navi_graph_store_need_string (NaviGraphStore *self, guint32 offset);

/* The table of blocks, to find roads near a point; its last entry stands for the end. */
const NaviGraphBlock *navi_graph_store_get_blocks (NaviGraphStore *self, guint32 *n_blocks);

G_END_DECLS
