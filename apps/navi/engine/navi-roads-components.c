/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"

/* Finds for each profile the main network: the largest set of public arcs that lead to one another, turn restrictions and barriers heeded;
 * then what it leads to and what leads to it, so that a route does not begin or end on an island if that can be avoided.
 *
 * Source: R. Tarjan: Depth-first search and linear graph algorithms (1972), without recursion. */

typedef struct
{
  NaviRoadsBuild *build;
  const NaviGraph *graph;
  NaviMetric metric;
  guint8 *usable;  /* NaviAccess of each arc */
} Finder;

static gboolean
may_turn (Finder *self, guint32 from, guint32 to)
{
  guint32 n;
  const guint32 *exceptions = navi_graph_exceptions (self->graph, self->metric.profile, from, &n);

  return navi_graph_next_state (self->graph, &self->metric, exceptions, n, to) != NAVI_TURN_FORBIDDEN
         && navi_graph_turn_ms (self->graph, &self->metric, from, to) != NAVI_NO_TURN;
}

typedef struct
{
  guint32 arc;
  guint32 next; /* index of the next way out to look at */
} Frame;

typedef struct
{
  guint32 *order; /* 0: not seen */
  guint32 *low;
  GArray *stack;
  GArray *frames;
  guint32 counter;
  guint8 *done;
  GArray *best; /* arcs of the largest component so far */
} Tarjan;

static void
push (Finder *self, Tarjan *tarjan, guint32 arc)
{
  Frame frame = { .arc = arc };

  navi_graph_out_arcs (self->graph, navi_graph_head (self->graph, arc), &frame.next);
  tarjan->order[arc] = tarjan->low[arc] = ++tarjan->counter;
  g_array_append_val (tarjan->stack, arc);
  g_array_append_val (tarjan->frames, frame);
}

static void
pop_component (Tarjan *tarjan, guint32 arc)
{
  guint first = tarjan->stack->len;

  while (g_array_index (tarjan->stack, guint32, first - 1) != arc)
    first--;
  first--;
  for (guint i = first; i < tarjan->stack->len; i++)
    tarjan->done[g_array_index (tarjan->stack, guint32, i)] = 1;
  if (tarjan->stack->len - first > tarjan->best->len)
    {
      g_array_set_size (tarjan->best, 0);
      g_array_append_vals (tarjan->best, &g_array_index (tarjan->stack, guint32, first), tarjan->stack->len - first);
    }
  g_array_set_size (tarjan->stack, first);
}

static void
explore (Finder *self, Tarjan *tarjan, guint32 start)
{
  push (self, tarjan, start);
  while (tarjan->frames->len > 0)
    {
      Frame *frame = &g_array_index (tarjan->frames, Frame, tarjan->frames->len - 1);
      guint32 arc = frame->arc, first, end = navi_graph_out_arcs (self->graph, navi_graph_head (self->graph, arc), &first);
      if (frame->next < end)
        {
          guint32 next = navi_graph_out_arc (self->graph, frame->next++);
          if (self->usable[next] != NAVI_ACCESS_YES || tarjan->done[next] || !may_turn (self, arc, next))
            continue;
          if (tarjan->order[next] == 0)
            push (self, tarjan, next);
          else
            tarjan->low[arc] = MIN (tarjan->low[arc], tarjan->order[next]);
          continue;
        }
      if (tarjan->low[arc] == tarjan->order[arc])
        pop_component (tarjan, arc);
      g_array_set_size (tarjan->frames, tarjan->frames->len - 1);
      if (tarjan->frames->len > 0)
        {
          guint32 parent = g_array_index (tarjan->frames, Frame, tarjan->frames->len - 1).arc;
          tarjan->low[parent] = MIN (tarjan->low[parent], tarjan->low[arc]);
        }
    }
}

/* The arcs of the largest component; (transfer full). */
static GArray *
find_main (Finder *self)
{
  Tarjan tarjan = { 0 };
  guint32 n = self->graph->n_arcs;

  tarjan.order = g_new0 (guint32, n + 1);
  tarjan.low = g_new0 (guint32, n + 1);
  tarjan.done = g_new0 (guint8, n + 1);
  tarjan.stack = g_array_new (FALSE, FALSE, sizeof (guint32));
  tarjan.frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  tarjan.best = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 arc = 0; arc < n; arc++)
    if (self->usable[arc] == NAVI_ACCESS_YES && tarjan.order[arc] == 0)
      explore (self, &tarjan, arc);
  g_free (tarjan.order);
  g_free (tarjan.low);
  g_free (tarjan.done);
  g_array_unref (tarjan.stack);
  g_array_unref (tarjan.frames);
  return tarjan.best;
}

static void
set_flag (Finder *self, guint32 arc, guint flag)
{
  NaviGraphEdge *edge = &g_array_index (self->build->edges, NaviGraphEdge, arc >> 1);
  edge->flags |= (guint16) (flag << (2 * self->metric.profile + 6 * (arc & 1)));
}

/* Spreads along (or, if @backward, against) the arcs of just this @access; what is reached is appended. */
static void
spread (Finder *self, GArray *reached, guint8 *seen, NaviAccess access, gboolean backward)
{
  for (guint i = 0; i < reached->len; i++)
    {
      guint32 arc = g_array_index (reached, guint32, i);
      guint32 node = backward ? navi_graph_tail (self->graph, arc) : navi_graph_head (self->graph, arc);
      guint32 first, end = navi_graph_out_arcs (self->graph, node, &first);
      for (guint32 j = first; j < end; j++)
        {
          guint32 next = navi_graph_out_arc (self->graph, j) ^ (backward ? 1 : 0);
          if (seen[next] || self->usable[next] != access)
            continue;
          if (backward ? may_turn (self, next, arc) : may_turn (self, arc, next))
            {
              seen[next] = 1;
              g_array_append_val (reached, next);
            }
        }
    }
}

static void
flag_reached (Finder *self, const GArray *main_arcs, gboolean backward)
{
  g_autofree guint8 *seen = g_new0 (guint8, self->graph->n_arcs + 1);
  g_autoptr (GArray) reached = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_array_append_vals (reached, main_arcs->data, main_arcs->len);
  for (guint i = 0; i < main_arcs->len; i++)
    seen[g_array_index (main_arcs, guint32, i)] = 1;
  spread (self, reached, seen, NAVI_ACCESS_YES, backward);
  /* Public roads behind private ones are not reached: private roads are only for the ends. */
  spread (self, reached, seen, NAVI_ACCESS_ENDS, backward);
  for (guint i = 0; i < reached->len; i++)
    set_flag (self, g_array_index (reached, guint32, i), backward ? NAVI_EDGE_TO_MAIN : NAVI_EDGE_FROM_MAIN);
}

void
navi_roads_build_components (NaviRoadsBuild *self)
{
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      g_autofree guint8 *usable = g_new0 (guint8, self->graph.n_arcs + 1);
      /* What is closed at times counts as open: who comes at another time finds no way, but does not stand on an island. */
      g_autoptr (NaviRules) rules = self->graph.rulebook != NULL ? navi_rulebook_get_open (self->graph.rulebook, (NaviProfile) profile) : NULL;
      Finder finder = { self, &self->graph, { .profile = (NaviProfile) profile, .rules = rules }, usable };
      g_autoptr (GArray) main_arcs = NULL;
      for (guint32 arc = 0; arc < self->graph.n_arcs; arc++)
        usable[arc] = (guint8) navi_graph_access (&self->graph, &finder.metric, arc);
      main_arcs = find_main (&finder);
      flag_reached (&finder, main_arcs, FALSE);
      flag_reached (&finder, main_arcs, TRUE);
    }
}
