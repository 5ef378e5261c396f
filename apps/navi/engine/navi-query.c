/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-query.h"
#include "navi-heap.h"
#include "navi-labels.h"
#include "navi-unpack.h"

/* The search from both sides. */

#define POINT (1u << 31) /* a key is a state, or a point of the overlay with this bit */

enum
{
  FIRST_LABELS = 1 << 11,
};

typedef enum
{
  FORWARD,
  BACKWARD,
  N_SIDES,
} Direction;

/* The labels of one direction.  A label's cost is, forward, that to the end of its key's arc; backward, that from there to the target.  Its
 * how is the step from or to its parent: 0 over an arc, level + 1 across a cell; at the target's end the target's index. */
typedef struct
{
  NaviLabels labels;
  NaviHeap open;
  NaviHeap private; /* states of private roads */
} Side;

typedef struct
{
  const NaviWeights *weights;
  const NaviOverlay *overlay;
  const NaviGraph *graph;
  const NaviMetric *metric;
  NaviProfile profile;
  const NaviArcPoint *targets;
  Side sides[N_SIDES];
  guint8 *opened; /* a bit for each cell of all levels: it holds a beginning or an end */
  GCancellable *cancellable;
  gboolean is_cancelled;
  guint n_settled;
  guint32 least_beyond[N_SIDES]; /* what is left at least where the other side has not been */
  guint32 best_cost;
  guint32 best_labels[N_SIDES];
  guint32 best_target; /* where there is no label of the target's side */
} Query;

/* ---- Labels ---- */

static void
improve (Query *self, Direction direction, gboolean is_private, guint32 key, guint64 cost, guint32 parent, guint32 how)
{
  Side *side = &self->sides[direction];
  guint32 at, other;

  if (cost >= self->best_cost)
    return;
  at = navi_labels_ensure (&side->labels, key);
  if (cost >= side->labels.labels[at].cost)
    return;
  side->labels.labels[at] = (NaviLabel){ key, (guint32) cost, parent, how };
  /* What the other side has not settled costs it at least its next label. */
  if (is_private || cost + self->least_beyond[direction] < self->best_cost)
    navi_heap_push (is_private ? &side->private : &side->open, (guint32) cost, at);
  other = navi_labels_find (&self->sides[!direction].labels, key);
  if (other == NAVI_NO_LABEL || cost + self->sides[!direction].labels.labels[other].cost >= self->best_cost)
    return;
  self->best_cost = (guint32) (cost + self->sides[!direction].labels.labels[other].cost);
  self->best_labels[direction] = at;
  self->best_labels[!direction] = other;
}

/* ---- Cells ---- */

static inline gboolean
is_opened (const Query *self, guint level, guint32 cell)
{
  guint32 at = self->overlay->first_cell[level] + cell;
  return (self->opened[at >> 3] >> (at & 7) & 1) != 0;
}

/* In the cells that hold @node arcs are looked at, not crossings. */
static void
open_cells (Query *self, guint32 node)
{
  guint32 cell = navi_cells_find (&self->graph->levels, 0, node);

  for (guint level = 0; level < self->overlay->n_levels; level++)
    {
      guint32 at = self->overlay->first_cell[level] + cell;
      self->opened[at >> 3] |= (guint8) (1u << (at & 7));
      if (level + 1 < self->overlay->n_levels)
        cell = self->overlay->levels[level].parents[cell];
    }
}

static inline gboolean
is_in_cell (const Query *self, guint32 cell, guint32 node)
{
  const guint32 *first = self->graph->levels.first_node[0];
  return node >= first[cell] && node < first[cell + 1];
}

/* The key of a public state; NAVI_NO_POINT if it crosses a border but is no point (only in a damaged region).  @cell holds one of its ends. */
static guint32
key_of (const Query *self, guint32 cell, guint32 state, guint32 arc)
{
  guint32 head = navi_graph_head (self->graph, arc), point;

  if (is_in_cell (self, cell, head) && is_in_cell (self, cell, navi_graph_tail (self->graph, arc)))
    return state;
  if (!is_in_cell (self, cell, head))
    cell = navi_cells_find (&self->graph->levels, 0, head);
  point = navi_overlay_find_point (self->overlay, cell, state);
  return point != NAVI_NO_POINT ? point | POINT : NAVI_NO_POINT;
}

static inline guint32
state_of (const Query *self, guint32 key)
{
  return (key & POINT) != 0 ? self->overlay->states[key & ~POINT] : key;
}

/* ---- Steps over arcs ---- */

/* From the end of a state's arc to each arc that may follow. */
static void
step_forward (Query *self, guint32 label, guint32 cost, gboolean from_private)
{
  const NaviGraph *graph = self->graph;
  guint32 state = state_of (self, self->sides[FORWARD].labels.labels[label].key), arc = navi_graph_state_arc (graph, self->profile, state);
  guint32 node = navi_graph_head (graph, arc), n_exceptions, first, end = navi_graph_out_arcs (graph, node, &first);
  guint32 cell = navi_cells_find (&graph->levels, 0, node);
  const guint32 *exceptions = navi_graph_exceptions (graph, self->profile, state, &n_exceptions);

  for (guint32 i = first; i < end; i++)
    {
      guint32 next = navi_graph_out_arc (graph, i), ms = navi_graph_arc_ms (graph, self->metric, next), next_state, turn, key;
      NaviAccess access = navi_graph_access (graph, self->metric, next);
      if (ms == 0 || (!from_private && access != NAVI_ACCESS_YES))
        continue;
      next_state = navi_graph_next_state (graph, self->metric, exceptions, n_exceptions, next);
      if (next_state == NAVI_TURN_FORBIDDEN)
        continue;
      turn = navi_graph_turn_ms (graph, self->metric, arc, next);
      if (turn == NAVI_NO_TURN)
        continue;
      key = access == NAVI_ACCESS_YES ? key_of (self, cell, next_state, next) : next_state;
      if (key == NAVI_NO_POINT)
        continue;
      if (from_private && access == NAVI_ACCESS_YES)
        open_cells (self, node);
      improve (self, FORWARD, access != NAVI_ACCESS_YES, key, (guint64) cost + turn + ms, label, 0);
    }
}

/* What a step backward goes to: the arc @next with @state, or the target that lies on it. */
typedef struct
{
  guint32 next;
  guint32 cell;  /* that @next begins in */
  guint32 state; /* NAVI_TURN_FORBIDDEN: whatever the state, at a target */
  gboolean is_private;
  guint32 label;
  guint32 how;
  guint64 cost; /* from the beginning of @next to the target */
} BackStep;

static void
step_back_to (Query *self, const BackStep *step, guint32 state, guint32 arc)
{
  const NaviGraph *graph = self->graph;
  NaviAccess access = navi_graph_access (graph, self->metric, arc);
  guint32 n_exceptions, next_state, turn, key, stub;
  const guint32 *exceptions = navi_graph_exceptions (graph, self->profile, state, &n_exceptions);

  next_state = navi_graph_next_state (graph, self->metric, exceptions, n_exceptions, step->next);
  if (next_state == NAVI_TURN_FORBIDDEN || (step->state != NAVI_TURN_FORBIDDEN && next_state != step->state))
    return;
  turn = navi_graph_turn_ms (graph, self->metric, arc, step->next);
  if (turn == NAVI_NO_TURN)
    return;
  if (access == NAVI_ACCESS_YES)
    {
      key = key_of (self, step->cell, state, arc);
      if (key == NAVI_NO_POINT)
        return;
      if (step->label == NAVI_NO_LABEL || step->is_private)
        open_cells (self, navi_graph_head (graph, arc));
      improve (self, BACKWARD, FALSE, key, step->cost + turn, step->label, step->how);
    }
  else if (step->is_private)
    improve (self, BACKWARD, TRUE, state, step->cost + turn, step->label, step->how);
  else if (step->label == NAVI_NO_LABEL)
    {
      /* From a private road straight to a target on a public one: the search from the origin has been on all private roads by now. */
      stub = navi_labels_find (&self->sides[FORWARD].labels, state);
      if (stub == NAVI_NO_LABEL || self->sides[FORWARD].labels.labels[stub].cost + step->cost + turn >= self->best_cost)
        return;
      self->best_cost = (guint32) (self->sides[FORWARD].labels.labels[stub].cost + step->cost + turn);
      self->best_labels[FORWARD] = stub;
      self->best_labels[BACKWARD] = NAVI_NO_LABEL;
      self->best_target = step->how;
    }
}

static void
step_back (Query *self, BackStep *step)
{
  const NaviGraph *graph = self->graph;
  guint32 node = navi_graph_tail (graph, step->next), first, end = navi_graph_out_arcs (graph, node, &first);

  step->cell = navi_cells_find (&graph->levels, 0, node);
  for (guint32 i = first; i < end; i++)
    {
      guint32 arc = navi_graph_out_arc (graph, i) ^ 1, first_extra, end_extra;
      if (navi_graph_arc_ms (graph, self->metric, arc) == 0)
        continue;
      step_back_to (self, step, arc, arc);
      if (self->overlay->n_extras == 0)
        continue;
      end_extra = navi_overlay_find_extras (self->overlay, arc, &first_extra);
      for (guint32 j = first_extra; j < end_extra; j++)
        step_back_to (self, step, self->overlay->extras[j], arc);
    }
}

static void
step_backward (Query *self, guint32 label, guint32 cost, gboolean is_private)
{
  guint32 state = state_of (self, self->sides[BACKWARD].labels.labels[label].key), arc = navi_graph_state_arc (self->graph, self->profile, state);
  guint32 ms = navi_graph_arc_ms (self->graph, self->metric, arc);
  BackStep step = { .next = arc, .state = state, .is_private = is_private, .label = label, .cost = (guint64) cost + ms };

  /* A point is known by what lies behind it, even if its own arc is not allowed. */
  if (ms != 0)
    step_back (self, &step);
}

/* ---- Steps across cells ---- */

/* The largest cell of a point that is not opened; FALSE if the smallest is. */
static gboolean
find_cell (const Query *self, guint32 *cell, guint *level)
{
  *level = 0;
  if (is_opened (self, 0, *cell))
    return FALSE;
  while (*level + 1 < self->overlay->n_levels && !is_opened (self, *level + 1, self->overlay->levels[*level].parents[*cell]))
    *cell = self->overlay->levels[(*level)++].parents[*cell];
  return TRUE;
}

static void
cross_forward (Query *self, guint32 label, guint32 cost, guint level, guint32 cell)
{
  guint32 row = navi_overlay_row (self->overlay, level, cell, self->sides[FORWARD].labels.labels[label].key & ~POINT);
  NaviCellWeights weights = navi_weights_cell (self->weights, level, cell);

  for (guint32 column = 0; column < weights.n_columns && row != NAVI_NO_POINT; column++)
    {
      guint32 units = navi_weights_get (&weights, row, column);
      if (units != NAVI_NO_WAY)
        improve (self, FORWARD, FALSE, navi_overlay_exit (self->overlay, level, cell, column) | POINT,
                 cost + (guint64) units * NAVI_COST_UNIT_MS, label, level + 1);
    }
}

static void
cross_backward (Query *self, guint32 label, guint32 cost, guint level, guint32 cell)
{
  const NaviOverlayLevel *at = &self->overlay->levels[level];
  guint32 column = navi_overlay_column (self->overlay, level, cell, self->sides[BACKWARD].labels.labels[label].key & ~POINT);
  guint32 n_rows = navi_overlay_n_entries (self->overlay, level, cell);
  NaviCellWeights weights = navi_weights_cell (self->weights, level, cell);

  for (guint32 row = 0; row < n_rows && column != NAVI_NO_POINT; row++)
    {
      guint32 units = navi_weights_get (&weights, row, column);
      if (units != NAVI_NO_WAY)
        improve (self, BACKWARD, FALSE, at->points[at->first_entry[cell] + row] | POINT, cost + (guint64) units * NAVI_COST_UNIT_MS, label,
                 level + 1);
    }
}

/* ---- The search ---- */

static void
settle (Query *self, Direction direction, guint32 label, guint32 cost)
{
  guint32 key = self->sides[direction].labels.labels[label].key, cell;
  guint level;

  if ((key & POINT) == 0)
    {
      if (direction == FORWARD)
        step_forward (self, label, cost, FALSE);
      else
        step_backward (self, label, cost, FALSE);
      return;
    }
  cell = direction == FORWARD ? self->overlay->head_cells[key & ~POINT] : self->overlay->tail_cells[key & ~POINT];
  if (!find_cell (self, &cell, &level))
    {
      if (direction == FORWARD)
        step_forward (self, label, cost, FALSE);
      else
        step_backward (self, label, cost, FALSE);
    }
  else if (direction == FORWARD)
    cross_forward (self, label, cost, level, cell);
  else
    cross_backward (self, label, cost, level, cell);
}

/* The next label of a heap that is up to date; FALSE at its end. */
static gboolean
pop (Query *self, Side *side, NaviHeap *heap, guint32 *label, guint32 *cost)
{
  while (heap->n > 0)
    {
      guint64 entry = navi_heap_pop (heap);
      *label = navi_heap_entry_label (entry);
      *cost = navi_heap_entry_cost (entry);
      if (side->labels.labels[*label].cost != *cost)
        continue;
      if ((++self->n_settled & 0x3ff) == 0)
        self->is_cancelled |= g_cancellable_is_cancelled (self->cancellable);
      return !self->is_cancelled;
    }
  return FALSE;
}

static void
search_private (Query *self, Direction direction)
{
  Side *side = &self->sides[direction];
  guint32 label, cost;

  while (pop (self, side, &side->private, &label, &cost) && cost < self->best_cost)
    if (direction == FORWARD)
      step_forward (self, label, cost, TRUE);
    else
      step_backward (self, label, cost, TRUE);
}

static void
search (Query *self)
{
  NaviHeap *forward = &self->sides[FORWARD].open, *backward = &self->sides[BACKWARD].open;
  guint32 label, cost;

  while (forward->n > 0 && backward->n > 0 && (guint64) navi_heap_least (forward) + navi_heap_least (backward) < self->best_cost)
    {
      Direction direction = navi_heap_least (forward) <= navi_heap_least (backward) ? FORWARD : BACKWARD;
      self->least_beyond[FORWARD] = navi_heap_least (backward);
      self->least_beyond[BACKWARD] = navi_heap_least (forward);
      if (pop (self, &self->sides[direction], &self->sides[direction].open, &label, &cost))
        settle (self, direction, label, cost);
      else if (self->is_cancelled)
        return;
    }
}

static void
begin_forward (Query *self, const NaviArcPoint *origins, guint n_origins)
{
  for (guint i = 0; i < n_origins; i++)
    {
      guint32 arc = origins[i].arc, key = arc;
      gboolean is_private = navi_graph_access (self->graph, self->metric, arc) != NAVI_ACCESS_YES;
      if (!is_private)
        {
          open_cells (self, navi_graph_head (self->graph, arc));
          key = key_of (self, navi_cells_find (&self->graph->levels, 0, navi_graph_head (self->graph, arc)), arc, arc);
        }
      if (key != NAVI_NO_POINT)
        improve (self, FORWARD, is_private, key, origins[i].after_ms, NAVI_NO_LABEL, 0);
    }
}

static void
begin_backward (Query *self, guint n_targets)
{
  for (guint i = 0; i < n_targets; i++)
    {
      BackStep step = { .next = self->targets[i].arc, .state = NAVI_TURN_FORBIDDEN, .label = NAVI_NO_LABEL, .how = i, .cost = self->targets[i].before_ms };
      step.is_private = navi_graph_access (self->graph, self->metric, step.next) != NAVI_ACCESS_YES;
      step_back (self, &step);
    }
}

/* ---- The path ---- */

static gboolean
append_step (Query *self, NaviUnpacker *unpacker, guint32 from, guint32 to, guint32 how, GArray *arcs)
{
  guint32 arc;

  if (how > 0)
    return navi_unpack (unpacker, how - 1, from & ~POINT, to & ~POINT, arcs);
  arc = navi_graph_state_arc (self->graph, self->profile, state_of (self, to));
  g_array_append_val (arcs, arc);
  return TRUE;
}

/* The labels of one side, from where the searches met to its end. */
static GArray *
list_labels (const Side *side, guint32 label)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (; label != NAVI_NO_LABEL; label = side->labels.labels[label].parent)
    g_array_append_val (labels, label);
  return labels;
}

static gboolean
unwind (Query *self, GArray *arcs)
{
  const Side *forward = &self->sides[FORWARD], *backward = &self->sides[BACKWARD];
  g_autoptr (GArray) before = list_labels (forward, self->best_labels[FORWARD]);
  g_autoptr (GArray) after = list_labels (backward, self->best_labels[BACKWARD]);
  guint32 target = self->best_target;
  NaviUnpacker unpacker;
  gboolean ok;

  navi_unpacker_init (&unpacker, self->weights, self->metric);
  ok = append_step (self, &unpacker, 0, forward->labels.labels[g_array_index (before, guint32, before->len - 1)].key, 0, arcs);
  for (guint i = before->len - 1; ok && i > 0; i--)
    {
      const NaviLabel *from = &forward->labels.labels[g_array_index (before, guint32, i)], *to = &forward->labels.labels[g_array_index (before, guint32, i - 1)];
      ok = append_step (self, &unpacker, from->key, to->key, to->how, arcs);
    }
  for (guint i = 0; ok && i + 1 < after->len; i++)
    {
      const NaviLabel *from = &backward->labels.labels[g_array_index (after, guint32, i)], *to = &backward->labels.labels[g_array_index (after, guint32, i + 1)];
      ok = append_step (self, &unpacker, from->key, to->key, from->how, arcs);
    }
  navi_unpacker_clear (&unpacker);
  if (after->len > 0)
    target = backward->labels.labels[g_array_index (after, guint32, after->len - 1)].how;
  g_array_append_val (arcs, self->targets[target].arc);
  return ok;
}

/* Origin and target on one arc, in this order. */
static void
try_one_arc (Query *self, const NaviArcPoint *origins, guint n_origins, guint n_targets)
{
  for (guint i = 0; i < n_origins; i++)
    for (guint j = 0; j < n_targets; j++)
      if (self->targets[j].arc == origins[i].arc && self->targets[j].before_ms >= origins[i].before_ms
          && self->targets[j].before_ms - origins[i].before_ms < self->best_cost)
        {
          self->best_cost = self->targets[j].before_ms - origins[i].before_ms;
          self->best_target = j;
        }
}

static void
clear (Query *self)
{
  for (guint i = 0; i < N_SIDES; i++)
    {
      navi_labels_clear (&self->sides[i].labels);
      navi_heap_clear (&self->sides[i].open);
      navi_heap_clear (&self->sides[i].private);
    }
  g_free (self->opened);
}

gboolean
navi_query (const NaviWeights *weights, const NaviMetric *metric, const NaviArcPoint *origins, guint n_origins, const NaviArcPoint *targets,
            guint n_targets, GCancellable *cancellable, NaviPath *path)
{
  Query self = { .weights = weights, .overlay = weights->overlay, .graph = weights->overlay->graph, .metric = metric, .targets = targets };

  memset (path, 0, sizeof *path);
  self.profile = metric->profile;
  self.cancellable = cancellable;
  self.best_cost = G_MAXUINT32;
  self.best_labels[FORWARD] = self.best_labels[BACKWARD] = NAVI_NO_LABEL;
  self.opened = g_new0 (guint8, self.overlay->n_cells / 8 + 1);
  navi_labels_grow (&self.sides[FORWARD].labels, FIRST_LABELS);
  navi_labels_grow (&self.sides[BACKWARD].labels, FIRST_LABELS);
  try_one_arc (&self, origins, n_origins, n_targets);
  begin_forward (&self, origins, n_origins);
  search_private (&self, FORWARD);
  begin_backward (&self, n_targets);
  search_private (&self, BACKWARD);
  search (&self);
  path->n_settled = self.n_settled;
  if (self.best_cost != G_MAXUINT32 && !self.is_cancelled)
    {
      path->cost_ms = self.best_cost;
      path->arcs = g_array_new (FALSE, FALSE, sizeof (guint32));
      if (self.best_labels[FORWARD] == NAVI_NO_LABEL)
        g_array_append_val (path->arcs, targets[self.best_target].arc);
      else if (!unwind (&self, path->arcs))
        navi_path_clear (path);
    }
  clear (&self);
  return path->arcs != NULL;
}
