/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-leaf.h"

/* Unfolds the smallest cells. */

static void
clear_array (GArray **array)
{
  g_clear_pointer (array, g_array_unref);
}

void
navi_leaf_clear (NaviLeaf *self)
{
  clear_array (&self->first_arc);
  clear_array (&self->arcs);
  clear_array (&self->states);
  clear_array (&self->state_arcs);
  clear_array (&self->first_step);
  clear_array (&self->steps);
  clear_array (&self->exits);
}

static void
make_arrays (NaviLeaf *self)
{
  if (self->arcs != NULL)
    {
      g_array_set_size (self->first_arc, 0);
      g_array_set_size (self->arcs, 0);
      g_array_set_size (self->states, 0);
      g_array_set_size (self->state_arcs, 0);
      g_array_set_size (self->first_step, 0);
      g_array_set_size (self->steps, 0);
      g_array_set_size (self->exits, 0);
      return;
    }
  self->first_arc = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->arcs = g_array_new (FALSE, FALSE, sizeof (NaviLeafArc));
  self->states = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->state_arcs = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->first_step = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->steps = g_array_new (FALSE, FALSE, sizeof (NaviLeafStep));
  self->exits = g_array_new (FALSE, FALSE, sizeof (guint32));
}

static void
list_arcs (NaviLeaf *self)
{
  const NaviGraph *graph = self->overlay->graph;

  for (guint32 node = 0; node < self->n_nodes; node++)
    {
      guint32 first, end = navi_graph_out_arcs (graph, self->first_node + node, &first);
      g_array_append_val (self->first_arc, self->arcs->len);
      for (guint32 i = first; i < end; i++)
        {
          NaviLeafArc arc = { .arc = navi_graph_out_arc (graph, i) };
          guint32 head = navi_graph_head (graph, arc.arc);
          arc.head = head - self->first_node < self->n_nodes ? head - self->first_node : self->n_nodes;
          if (navi_graph_access (graph, self->metric, arc.arc) == NAVI_ACCESS_YES)
            arc.units = navi_graph_arc_ms (graph, self->metric, arc.arc) / NAVI_COST_UNIT_MS;
          g_array_append_val (self->arcs, arc);
        }
    }
  g_array_append_val (self->first_arc, self->arcs->len);
}

static void
list_states (NaviLeaf *self)
{
  for (guint32 i = 0; i < self->arcs->len; i++)
    {
      g_array_append_val (self->states, g_array_index (self->arcs, NaviLeafArc, i).arc);
      g_array_append_val (self->state_arcs, i);
    }
  for (guint32 i = 0; i < self->arcs->len && self->overlay->n_extras > 0; i++)
    {
      guint32 first, end = navi_overlay_find_extras (self->overlay, g_array_index (self->arcs, NaviLeafArc, i).arc, &first);
      for (guint32 j = first; j < end; j++)
        {
          g_array_append_val (self->states, self->overlay->extras[j]);
          g_array_append_val (self->state_arcs, i);
        }
    }
}

/* The number of an extra state. */
static guint32
find_extra (const NaviLeaf *self, guint32 state)
{
  for (guint32 i = self->arcs->len; i < self->states->len; i++)
    if (g_array_index (self->states, guint32, i) == state)
      return i;
  return G_MAXUINT32;
}

static void
append_steps (NaviLeaf *self, guint32 state, guint32 arc, guint32 node, GArray *steps)
{
  const NaviGraph *graph = self->overlay->graph;
  NaviProfile profile = self->overlay->profile;
  guint32 n_exceptions;
  const guint32 *exceptions = navi_graph_exceptions (graph, profile, state, &n_exceptions);

  for (guint32 i = g_array_index (self->first_arc, guint32, node); i < g_array_index (self->first_arc, guint32, node + 1); i++)
    {
      const NaviLeafArc *next = &g_array_index (self->arcs, NaviLeafArc, i);
      NaviLeafStep step = { .to = i };
      guint32 next_state, turn;
      if (next->units == 0)
        continue;
      next_state = navi_graph_next_state (graph, self->metric, exceptions, n_exceptions, next->arc);
      if (next_state == NAVI_TURN_FORBIDDEN)
        continue;
      turn = navi_graph_turn_ms (graph, self->metric, arc, next->arc);
      if (turn == NAVI_NO_TURN)
        continue;
      if (next_state != next->arc)
        step.to = find_extra (self, next_state);
      step.units = turn / NAVI_COST_UNIT_MS + next->units;
      if (step.to != G_MAXUINT32)
        g_array_append_val (steps, step);
    }
}

void
navi_leaf_append_steps (NaviLeaf *self, guint32 state, GArray *steps)
{
  guint32 arc = navi_graph_state_arc (self->overlay->graph, self->overlay->profile, state);
  guint32 node = navi_graph_head (self->overlay->graph, arc) - self->first_node;

  if (node < self->n_nodes)
    append_steps (self, state, arc, node, steps);
}

static void
list_steps (NaviLeaf *self)
{
  for (guint32 i = 0; i < self->states->len; i++)
    {
      const NaviLeafArc *arc = &g_array_index (self->arcs, NaviLeafArc, g_array_index (self->state_arcs, guint32, i));
      g_array_append_val (self->first_step, self->steps->len);
      if (arc->units != 0 && arc->head < self->n_nodes)
        append_steps (self, g_array_index (self->states, guint32, i), arc->arc, arc->head, self->steps);
    }
  g_array_append_val (self->first_step, self->steps->len);
}

static void
list_exits (NaviLeaf *self)
{
  guint32 n = navi_overlay_n_exits (self->overlay, 0, self->cell);

  for (guint32 column = 0; column < n; column++)
    {
      guint32 state = self->overlay->states[navi_overlay_exit (self->overlay, 0, self->cell, column)], found = G_MAXUINT32;
      for (guint32 i = 0; i < self->states->len && found == G_MAXUINT32; i++)
        if (g_array_index (self->states, guint32, i) == state
            && g_array_index (self->arcs, NaviLeafArc, g_array_index (self->state_arcs, guint32, i)).units != 0)
          found = i;
      g_array_append_val (self->exits, found);
    }
}

void
navi_leaf_set (NaviLeaf *self, const NaviOverlay *overlay, const NaviMetric *metric, guint32 cell)
{
  const NaviCells *cells = &overlay->graph->levels;

  self->overlay = overlay;
  self->metric = metric;
  self->cell = cell;
  self->first_node = cells->first_node[0][cell];
  self->n_nodes = cells->first_node[0][cell + 1] - self->first_node;
  make_arrays (self);
  list_arcs (self);
  list_states (self);
  list_steps (self);
  list_exits (self);
}
