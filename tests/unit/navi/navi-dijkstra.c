/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-dijkstra.h"

/* Dijkstra's search over arcs with turns. */

typedef struct
{
  guint32 cost_plus_1; /* to the arc's end; 0: never reached */
  guint32 parent;      /* label, NO_LABEL at an origin */
} Label;

#define NO_LABEL G_MAXUINT32

typedef struct
{
  guint32 cost;
  guint32 label;
} Entry;

typedef struct
{
  const NaviGraph *graph;
  const NaviMetric *metric;
  const NaviArcPoint *targets;
  guint n_targets;
  Label *labels; /* 2 * state + phase */
  GArray *heap;  /* Entry, a heap of four children a node; outdated ones are dropped when they come up */
  guint32 best_cost;
  guint32 best_parent; /* label before the target's arc, NO_LABEL if the target lies on the origin's arc */
  guint32 best_arc;
} Search;

static void
heap_push (GArray *heap, Entry entry)
{
  guint at = heap->len;
  Entry *entries;

  g_array_append_val (heap, entry);
  entries = (Entry *) heap->data;
  while (at > 0 && entries[(at - 1) / 4].cost > entry.cost)
    {
      entries[at] = entries[(at - 1) / 4];
      at = (at - 1) / 4;
    }
  entries[at] = entry;
}

static Entry
heap_pop (GArray *heap)
{
  Entry *entries = (Entry *) heap->data;
  Entry top = entries[0], last = entries[heap->len - 1];
  guint n = heap->len - 1, at = 0;

  g_array_set_size (heap, n);
  for (;;)
    {
      guint first = at * 4 + 1, least = first;
      if (first >= n)
        break;
      for (guint child = first + 1; child < MIN (first + 4, n); child++)
        if (entries[child].cost < entries[least].cost)
          least = child;
      if (entries[least].cost >= last.cost)
        break;
      entries[at] = entries[least];
      at = least;
    }
  if (n > 0)
    entries[at] = last;
  return top;
}

static void
improve (Search *self, guint32 label, guint64 cost, guint32 parent)
{
  Label *at = &self->labels[label];

  if (cost >= G_MAXUINT32 - 1 || (at->cost_plus_1 != 0 && cost + 1 >= at->cost_plus_1))
    return;
  at->cost_plus_1 = (guint32) cost + 1;
  at->parent = parent;
  heap_push (self->heap, (Entry){ (guint32) cost, label });
}

static void
consider_target (Search *self, guint32 arc, guint64 cost_before_arc, guint32 parent)
{
  for (guint i = 0; i < self->n_targets; i++)
    if (self->targets[i].arc == arc && cost_before_arc + self->targets[i].before_ms < self->best_cost)
      {
        self->best_cost = (guint32) (cost_before_arc + self->targets[i].before_ms);
        self->best_parent = parent;
        self->best_arc = arc;
      }
}

static void
settle (Search *self, guint32 label, guint32 cost)
{
  const NaviGraph *graph = self->graph;
  NaviProfile profile = self->metric->profile;
  guint32 state = label >> 1, phase = label & 1, arc = navi_graph_state_arc (graph, profile, state);
  NaviAccess access = navi_graph_access (graph, self->metric, arc);
  guint32 n_exceptions, first, end;
  const guint32 *exceptions = navi_graph_exceptions (graph, profile, state, &n_exceptions);

  end = navi_graph_out_arcs (graph, navi_graph_head (graph, arc), &first);
  for (guint32 i = first; i < end; i++)
    {
      guint32 next = navi_graph_out_arc (graph, i), ms = navi_graph_arc_ms (graph, self->metric, next), next_state, turn;
      guint32 next_phase = phase;
      if (ms == 0)
        continue;
      if (navi_graph_access (graph, self->metric, next) == NAVI_ACCESS_YES)
        {
          if (phase == 1)
            continue;
        }
      else if (access == NAVI_ACCESS_YES)
        next_phase = 1;
      next_state = navi_graph_next_state (graph, self->metric, exceptions, n_exceptions, next);
      if (next_state == NAVI_TURN_FORBIDDEN)
        continue;
      turn = navi_graph_turn_ms (graph, self->metric, arc, next);
      if (turn == NAVI_NO_TURN)
        continue;
      consider_target (self, next, (guint64) cost + turn, label);
      improve (self, next_state * 2 + next_phase, (guint64) cost + turn + ms, label);
    }
}

static void
begin (Search *self, const NaviArcPoint *origins, guint n_origins)
{
  for (guint i = 0; i < n_origins; i++)
    {
      const NaviArcPoint *origin = &origins[i];
      for (guint j = 0; j < self->n_targets; j++)
        if (self->targets[j].arc == origin->arc && self->targets[j].before_ms >= origin->before_ms
            && self->targets[j].before_ms - origin->before_ms < self->best_cost)
          {
            self->best_cost = self->targets[j].before_ms - origin->before_ms;
            self->best_parent = NO_LABEL;
            self->best_arc = origin->arc;
          }
      improve (self, origin->arc * 2, origin->after_ms, NO_LABEL);
    }
}

static void
unwind (Search *self, NaviPath *path)
{
  path->cost_ms = self->best_cost;
  path->arcs = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (path->arcs, self->best_arc);
  for (guint32 label = self->best_parent; label != NO_LABEL; label = self->labels[label].parent)
    {
      guint32 arc = navi_graph_state_arc (self->graph, self->metric->profile, label >> 1);
      g_array_append_val (path->arcs, arc);
    }
  for (guint i = 0, j = path->arcs->len; i + 1 < j; i++)
    {
      guint32 swap = g_array_index (path->arcs, guint32, i);
      g_array_index (path->arcs, guint32, i) = g_array_index (path->arcs, guint32, --j);
      g_array_index (path->arcs, guint32, j) = swap;
    }
}

gboolean
navi_dijkstra (const NaviGraph *graph, const NaviMetric *metric, const NaviArcPoint *origins, guint n_origins, const NaviArcPoint *targets,
               guint n_targets, GCancellable *cancellable, NaviPath *path)
{
  Search self = { .graph = graph, .metric = metric, .targets = targets, .n_targets = n_targets, .best_cost = G_MAXUINT32 };
  gboolean cancelled = FALSE;

  memset (path, 0, sizeof *path);
  /* Zeroed lazily by the kernel: a short route touches little of it. */
  self.labels = g_new0 (Label, 2 * (gsize) navi_graph_n_states (graph, metric->profile));
  self.heap = g_array_new (FALSE, FALSE, sizeof (Entry));
  begin (&self, origins, n_origins);
  while (self.heap->len > 0 && !cancelled)
    {
      Entry entry = heap_pop (self.heap);
      if (entry.cost >= self.best_cost)
        break;
      if (entry.cost + 1 != self.labels[entry.label].cost_plus_1)
        continue;
      settle (&self, entry.label, entry.cost);
      cancelled = (++path->n_settled & 0xfff) == 0 && g_cancellable_is_cancelled (cancellable);
    }
  if (self.best_cost != G_MAXUINT32 && !cancelled)
    unwind (&self, path);
  g_array_unref (self.heap);
  g_free (self.labels);
  return path->arcs != NULL;
}
