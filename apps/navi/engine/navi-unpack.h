/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-heap.h"
#include "navi-labels.h"
#include "navi-weights.h"

G_BEGIN_DECLS

/* Finds the arcs that one step across a cell stands for.
 *
 * Threading: one thread.
 * Ownership: an unpacker is memory for one step after the other; navi_unpacker_clear() frees what it holds. */

typedef struct
{
  const NaviWeights *weights;
  const NaviMetric *metric;
  NaviLabels labels;
  NaviHeap heap;
  GArray *points;     /* guint32: a stack */
  GPtrArray *locked;  /* NaviPathCache */
  GPtrArray *refused; /* NaviPathCache that another thread has */
} NaviUnpacker;

void navi_unpacker_init (NaviUnpacker *self, const NaviWeights *weights, const NaviMetric *metric);
void navi_unpacker_clear (NaviUnpacker *self);

/* Appends the arcs from @entry (without its own) to @exit (with its own), both points of one cell of @level; FALSE if the weights don't fit. */
gboolean navi_unpack (NaviUnpacker *self, guint level, guint32 entry, guint32 exit, GArray *arcs);

G_END_DECLS
