/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-heap.h"
#include "navi-weights.h"

G_BEGIN_DECLS

/* NaviLeaf: a cell of level 0 unfolded for one metric: its states with numbers of their own and what it costs to go from one to the next.
 *
 * Its states are those of the arcs that begin in the cell and that the metric allows to pass through: inner ones, and those that lead
 * out.  The points that lead in come from outside.
 *
 * Threading: one thread.
 * Ownership: a leaf is memory for one cell after the other; zeroed memory is an empty one, navi_leaf_clear() frees what it holds. */

typedef struct
{
  guint32 to;    /* a state of the leaf */
  guint32 units; /* of the turn and the arc after it */
} NaviLeafStep;

typedef struct
{
  guint32 arc;
  guint32 head;  /* a node of the cell, or n_nodes if it leads out */
  guint32 units; /* 0: not allowed */
} NaviLeafArc;

typedef struct
{
  const NaviOverlay *overlay;
  const NaviMetric *metric;
  guint32 cell;
  guint32 first_node;
  guint32 n_nodes;
  GArray *first_arc;  /* guint32, n_nodes + 1: where a node's arcs begin */
  GArray *arcs;       /* NaviLeafArc */
  GArray *states;     /* guint32: first the arcs', in their order, then extra ones */
  GArray *state_arcs; /* guint32: the index of a state's arc */
  GArray *first_step; /* guint32, n_states + 1 */
  GArray *steps;      /* NaviLeafStep */
  GArray *exits;      /* guint32: the state of each column; G_MAXUINT32 if the metric does not allow it */
} NaviLeaf;

void navi_leaf_clear (NaviLeaf *self);

/* Unfolds a cell. */
void navi_leaf_set (NaviLeaf *self, const NaviOverlay *overlay, const NaviMetric *metric, guint32 cell);

/* Appends the steps that may follow a state (of the graph) whose arc ends in the cell. */
void navi_leaf_append_steps (NaviLeaf *self, guint32 state, GArray *steps);

G_END_DECLS
