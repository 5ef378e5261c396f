/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-unpack.h"

/* Searches inside one cell, on the level below, for the way whose cost is known; what was found lately is kept with the weights. */

enum
{
  FIRST_LABELS = 256,
};

void
navi_unpacker_init (NaviUnpacker *self, const NaviWeights *weights, const NaviMetric *metric)
{
  memset (self, 0, sizeof *self);
  self->weights = weights;
  self->metric = metric;
  self->points = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->locked = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_path_cache_unlock);
  self->refused = g_ptr_array_new ();
  navi_labels_grow (&self->labels, FIRST_LABELS);
}

void
navi_unpacker_clear (NaviUnpacker *self)
{
  navi_labels_clear (&self->labels);
  navi_heap_clear (&self->heap);
  g_array_unref (self->points);
  g_ptr_array_unref (self->locked);
  g_ptr_array_unref (self->refused);
}

/* The cache of the weights that made the cell's matrix, locked; (nullable). */
static NaviPathCache *
find_cache (NaviUnpacker *self, guint level, guint32 cell)
{
  NaviPathCache *cache = navi_weights_cache (self->weights, level, cell);

  if (g_ptr_array_find (self->locked, cache, NULL))
    return cache;
  if (g_ptr_array_find (self->refused, cache, NULL))
    return NULL;
  if (navi_path_cache_try_lock (cache))
    {
      g_ptr_array_add (self->locked, cache);
      return cache;
    }
  g_ptr_array_add (self->refused, cache);
  return NULL;
}

static void
begin_search (NaviUnpacker *self, guint32 key)
{
  navi_labels_empty (&self->labels);
  self->heap.n = 0;
  self->labels.labels[navi_labels_ensure (&self->labels, key)].cost = 0;
  navi_heap_push (&self->heap, 0, 0);
}

static inline guint32
improve (NaviUnpacker *self, guint32 key, guint64 cost, guint32 parent, guint32 most)
{
  guint32 at;

  if (cost > most)
    return NAVI_NO_LABEL;
  at = navi_labels_ensure (&self->labels, key);
  if (cost >= self->labels.labels[at].cost)
    return NAVI_NO_LABEL;
  self->labels.labels[at].cost = (guint32) cost;
  self->labels.labels[at].parent = parent;
  navi_heap_push (&self->heap, (guint32) cost, at);
  return at;
}

/* The next label that is up to date; FALSE if there is none. */
static gboolean
pop (NaviUnpacker *self, guint32 *label, guint32 *cost)
{
  while (self->heap.n > 0)
    {
      guint64 entry = navi_heap_pop (&self->heap);
      *label = navi_heap_entry_label (entry);
      *cost = navi_heap_entry_cost (entry);
      if (self->labels.labels[*label].cost == *cost)
        return TRUE;
    }
  return FALSE;
}

/* Reverses what was appended to the array since it had @start items. */
static void
reverse_from (GArray *array, guint start)
{
  for (guint i = start, j = array->len; i + 1 < j; i++)
    {
      guint32 swap = g_array_index (array, guint32, i);
      g_array_index (array, guint32, i) = g_array_index (array, guint32, --j);
      g_array_index (array, guint32, j) = swap;
    }
}

/* ---- The smallest cells ---- */

/* From one state of a cell to the next ones; returns the label of @exit if it was reached at just the cost looked for. */
static guint32
settle_state (NaviUnpacker *self, guint32 cell, guint32 label, guint32 so_far, guint32 exit, guint32 cost)
{
  const NaviGraph *graph = self->weights->overlay->graph;
  NaviProfile profile = self->metric->profile;
  guint32 state = self->labels.labels[label].key, arc = navi_graph_state_arc (graph, profile, state), node = navi_graph_head (graph, arc);
  guint32 first_node = graph->levels.first_node[0][cell], end_node = graph->levels.first_node[0][cell + 1], n_exceptions, first, end;
  const guint32 *exceptions;

  if (node < first_node || node >= end_node)
    return NAVI_NO_LABEL;
  exceptions = navi_graph_exceptions (graph, profile, state, &n_exceptions);
  end = navi_graph_out_arcs (graph, node, &first);
  for (guint32 i = first; i < end; i++)
    {
      guint32 next = navi_graph_out_arc (graph, i), head = navi_graph_head (graph, next), next_state, turn, ms, reached;
      if (navi_graph_access (graph, self->metric, next) != NAVI_ACCESS_YES)
        continue;
      next_state = navi_graph_next_state (graph, self->metric, exceptions, n_exceptions, next);
      if (next_state == NAVI_TURN_FORBIDDEN || ((head < first_node || head >= end_node) && next_state != exit))
        continue;
      ms = navi_graph_arc_ms (graph, self->metric, next);
      turn = ms != 0 ? navi_graph_turn_ms (graph, self->metric, arc, next) : NAVI_NO_TURN;
      if (turn == NAVI_NO_TURN)
        continue;
      reached = improve (self, next_state, (guint64) so_far + turn / NAVI_COST_UNIT_MS + ms / NAVI_COST_UNIT_MS, label, cost);
      if (next_state == exit && reached != NAVI_NO_LABEL && self->labels.labels[reached].cost == cost)
        return reached;
    }
  return NAVI_NO_LABEL;
}

static gboolean
unpack_leaf (NaviUnpacker *self, guint32 cell, guint32 entry, guint32 exit, guint32 cost, GArray *arcs)
{
  const NaviOverlay *overlay = self->weights->overlay;
  guint32 label, so_far, found = NAVI_NO_LABEL;
  guint start = arcs->len;

  begin_search (self, overlay->states[entry]);
  while (found == NAVI_NO_LABEL && pop (self, &label, &so_far))
    found = settle_state (self, cell, label, so_far, overlay->states[exit], cost);
  for (guint32 at = found; at != NAVI_NO_LABEL && self->labels.labels[at].parent != NAVI_NO_LABEL; at = self->labels.labels[at].parent)
    {
      guint32 arc = navi_graph_state_arc (overlay->graph, overlay->profile, self->labels.labels[at].key);
      g_array_append_val (arcs, arc);
    }
  reverse_from (arcs, start);
  return found != NAVI_NO_LABEL;
}

/* ---- Larger cells ---- */

static guint32
cell_of (const NaviOverlay *overlay, guint level, guint32 point)
{
  guint32 cell = overlay->head_cells[point];

  for (guint i = 0; i < level; i++)
    cell = overlay->levels[i].parents[cell];
  return cell;
}

/* From one point inside a larger cell across the smaller one behind it; as settle_state(). */
static guint32
settle_point (NaviUnpacker *self, guint level, guint32 cell, guint32 label, guint32 so_far, guint32 exit, guint32 cost)
{
  const NaviOverlay *overlay = self->weights->overlay;
  guint32 point = self->labels.labels[label].key, smaller = cell_of (overlay, level - 1, point), row;
  NaviCellWeights weights;

  if (overlay->levels[level - 1].parents[smaller] != cell)
    return NAVI_NO_LABEL;
  row = navi_overlay_row (overlay, level - 1, smaller, point);
  weights = navi_weights_cell (self->weights, level - 1, smaller);
  for (guint32 column = 0; column < weights.n_columns && row != NAVI_NO_POINT; column++)
    {
      guint32 units = navi_weights_get (&weights, row, column), next, reached;
      if (units == NAVI_NO_WAY || (guint64) so_far + units > cost)
        continue;
      next = navi_overlay_exit (overlay, level - 1, smaller, column);
      reached = improve (self, next, (guint64) so_far + units, label, cost);
      if (next == exit && reached != NAVI_NO_LABEL && self->labels.labels[reached].cost == cost)
        return reached;
    }
  return NAVI_NO_LABEL;
}

/* The points of the level below between @entry and @exit, both included, onto the stack. */
static gboolean
find_points (NaviUnpacker *self, guint level, guint32 cell, guint32 entry, guint32 exit, guint32 cost)
{
  guint32 label, so_far, found = NAVI_NO_LABEL;
  guint start = self->points->len;

  begin_search (self, entry);
  while (found == NAVI_NO_LABEL && pop (self, &label, &so_far))
    found = settle_point (self, level, cell, label, so_far, exit, cost);
  for (guint32 at = found; at != NAVI_NO_LABEL; at = self->labels.labels[at].parent)
    g_array_append_val (self->points, self->labels.labels[at].key);
  reverse_from (self->points, start);
  return found != NAVI_NO_LABEL;
}

/* Appends to @out the arcs of a smallest cell, or the points of a larger one. */
static gboolean
find_step (NaviUnpacker *self, guint level, guint32 cell, guint32 entry, guint32 exit, GArray *out)
{
  const NaviOverlay *overlay = self->weights->overlay;
  NaviPathCache *cache = find_cache (self, level, cell);
  guint32 row, column, cost;
  guint n, start = out->len;
  const guint32 *kept = cache != NULL ? navi_path_cache_get (cache, level, entry, exit, &n) : NULL;
  NaviCellWeights weights;

  if (kept != NULL)
    {
      g_array_append_vals (out, kept, n);
      return TRUE;
    }
  row = navi_overlay_row (overlay, level, cell, entry);
  column = navi_overlay_column (overlay, level, cell, exit);
  if (row == NAVI_NO_POINT || column == NAVI_NO_POINT)
    return FALSE;
  weights = navi_weights_cell (self->weights, level, cell);
  cost = navi_weights_get (&weights, row, column);
  if (cost == NAVI_NO_WAY)
    return FALSE;
  if (!(level == 0 ? unpack_leaf (self, cell, entry, exit, cost, out) : find_points (self, level, cell, entry, exit, cost)))
    return FALSE;
  if (cache != NULL)
    navi_path_cache_put (cache, level, entry, exit, (const guint32 *) out->data + start, out->len - start);
  return TRUE;
}

gboolean
navi_unpack (NaviUnpacker *self, guint level, guint32 entry, guint32 exit, GArray *arcs)
{
  guint32 cell = cell_of (self->weights->overlay, level, entry);
  guint start = self->points->len;
  gboolean ok;

  if (level == 0)
    return find_step (self, 0, cell, entry, exit, arcs);
  ok = find_step (self, level, cell, entry, exit, self->points);
  for (guint i = start; ok && i + 1 < self->points->len; i++)
    ok = navi_unpack (self, level - 1, g_array_index (self->points, guint32, i), g_array_index (self->points, guint32, i + 1), arcs);
  g_array_set_size (self->points, start);
  return ok;
}
