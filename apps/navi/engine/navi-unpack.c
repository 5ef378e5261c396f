/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-unpack.h"

/* Searches inside one cell, on the level below, for the way whose cost is known. */

void
navi_unpacker_init (NaviUnpacker *self, const NaviWeights *weights, const NaviMetric *metric)
{
  memset (self, 0, sizeof *self);
  self->weights = weights;
  self->metric = metric;
  self->labels = g_array_new (FALSE, FALSE, sizeof (NaviUnpackLabel));
  self->steps = g_array_new (FALSE, FALSE, sizeof (NaviLeafStep));
  self->points = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
navi_unpacker_clear (NaviUnpacker *self)
{
  navi_leaf_clear (&self->leaf);
  navi_heap_clear (&self->heap);
  g_array_unref (self->labels);
  g_array_unref (self->steps);
  g_array_unref (self->points);
}

static void
begin_search (NaviUnpacker *self, guint n)
{
  g_array_set_size (self->labels, n);
  memset (self->labels->data, 0xff, n * sizeof (NaviUnpackLabel));
  self->heap.n = 0;
}

static inline void
improve (NaviUnpacker *self, guint32 at, guint64 cost, guint32 parent, guint32 most)
{
  NaviUnpackLabel *label = &g_array_index (self->labels, NaviUnpackLabel, at);

  if (cost >= label->cost || cost > most)
    return;
  label->cost = (guint32) cost;
  label->parent = parent;
  navi_heap_push (&self->heap, (guint32) cost, at);
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

static gboolean
unpack_leaf (NaviUnpacker *self, guint32 cell, guint32 entry, guint32 column, guint32 cost, GArray *arcs)
{
  const NaviOverlay *overlay = self->weights->overlay;
  guint32 exit, start = arcs->len;
  NaviLeaf *leaf = &self->leaf;

  navi_leaf_set (leaf, overlay, self->metric, cell);
  exit = g_array_index (leaf->exits, guint32, column);
  begin_search (self, leaf->states->len);
  g_array_set_size (self->steps, 0);
  navi_leaf_append_steps (leaf, overlay->states[entry], self->steps);
  for (guint i = 0; i < self->steps->len; i++)
    improve (self, g_array_index (self->steps, NaviLeafStep, i).to, g_array_index (self->steps, NaviLeafStep, i).units, G_MAXUINT32, cost);
  while (self->heap.n > 0 && exit != G_MAXUINT32 && g_array_index (self->labels, NaviUnpackLabel, exit).cost != cost)
    {
      guint64 popped = navi_heap_pop (&self->heap);
      guint32 at = navi_heap_entry_label (popped), so_far = navi_heap_entry_cost (popped);
      if (so_far != g_array_index (self->labels, NaviUnpackLabel, at).cost)
        continue;
      for (guint32 i = g_array_index (leaf->first_step, guint32, at); i < g_array_index (leaf->first_step, guint32, at + 1); i++)
        {
          const NaviLeafStep *step = &g_array_index (leaf->steps, NaviLeafStep, i);
          improve (self, step->to, (guint64) so_far + step->units, at, cost);
        }
    }
  if (exit == G_MAXUINT32 || g_array_index (self->labels, NaviUnpackLabel, exit).cost != cost)
    return FALSE;
  for (guint32 at = exit; at != G_MAXUINT32; at = g_array_index (self->labels, NaviUnpackLabel, at).parent)
    g_array_append_val (arcs, g_array_index (leaf->arcs, NaviLeafArc, g_array_index (leaf->state_arcs, guint32, at)).arc);
  reverse_from (arcs, start);
  return TRUE;
}

/* The points of the level below between @entry and @exit, both included, onto the stack. */
static gboolean
find_points (NaviUnpacker *self, guint level, guint32 cell, guint32 entry, guint32 exit, guint32 cost)
{
  const NaviOverlay *overlay = self->weights->overlay;
  const NaviCells *cells = &overlay->graph->levels;
  const NaviOverlayLevel *below = &overlay->levels[level - 1];
  guint32 first = navi_cells_find (cells, level - 1, cells->first_node[level][cell]);
  guint32 end = navi_cells_find (cells, level - 1, cells->first_node[level][cell + 1] - 1) + 1;
  guint32 first_inner = below->first_entry[first], n_inner = below->first_entry[end] - first_inner, start = self->points->len, inner;

  begin_search (self, n_inner + 1);
  for (inner = 0; inner < n_inner && below->points[first_inner + inner] != entry;)
    inner++;
  if (inner == n_inner)
    return FALSE;
  improve (self, inner, 0, G_MAXUINT32, cost);
  while (self->heap.n > 0 && g_array_index (self->labels, NaviUnpackLabel, n_inner).cost != cost)
    {
      guint64 popped = navi_heap_pop (&self->heap);
      guint32 at = navi_heap_entry_label (popped), so_far = navi_heap_entry_cost (popped), smaller;
      NaviCellWeights weights;
      if (at == n_inner || so_far != g_array_index (self->labels, NaviUnpackLabel, at).cost)
        continue;
      for (smaller = overlay->head_cells[below->points[first_inner + at]], inner = 0; inner + 1 < level; inner++)
        smaller = overlay->levels[inner].parents[smaller];
      weights = navi_weights_cell (self->weights, level - 1, smaller);
      for (guint32 column = 0; column < weights.n_columns; column++)
        {
          guint32 units = navi_weights_get (&weights, first_inner + at - below->first_entry[smaller], column);
          guint32 index = below->exits[below->first_exit[smaller] + column];
          if (units == NAVI_NO_WAY)
            continue;
          if (index - first_inner < n_inner)
            improve (self, index - first_inner, (guint64) so_far + units, at, cost);
          else if (below->points[index] == exit)
            improve (self, n_inner, (guint64) so_far + units, at, cost);
        }
    }
  if (g_array_index (self->labels, NaviUnpackLabel, n_inner).cost != cost)
    return FALSE;
  g_array_append_val (self->points, exit);
  for (guint32 at = g_array_index (self->labels, NaviUnpackLabel, n_inner).parent; at != G_MAXUINT32;
       at = g_array_index (self->labels, NaviUnpackLabel, at).parent)
    g_array_append_val (self->points, below->points[first_inner + at]);
  reverse_from (self->points, start);
  return TRUE;
}

gboolean
navi_unpack (NaviUnpacker *self, guint level, guint32 entry, guint32 exit, GArray *arcs)
{
  const NaviOverlay *overlay = self->weights->overlay;
  guint32 cell = overlay->head_cells[entry], row, column, cost, start = self->points->len;
  NaviCellWeights weights;
  gboolean ok = TRUE;

  for (guint i = 0; i < level; i++)
    cell = overlay->levels[i].parents[cell];
  row = navi_overlay_row (overlay, level, cell, entry);
  column = navi_overlay_column (overlay, level, cell, exit);
  if (row == NAVI_NO_POINT || column == NAVI_NO_POINT)
    return FALSE;
  weights = navi_weights_cell (self->weights, level, cell);
  cost = navi_weights_get (&weights, row, column);
  if (cost == NAVI_NO_WAY)
    return FALSE;
  if (level == 0)
    return unpack_leaf (self, cell, entry, column, cost, arcs);
  if (!find_points (self, level, cell, entry, exit, cost))
    return FALSE;
  for (guint i = start; ok && i + 1 < self->points->len; i++)
    ok = navi_unpack (self, level - 1, g_array_index (self->points, guint32, i), g_array_index (self->points, guint32, i + 1), arcs);
  g_array_set_size (self->points, start);
  return ok;
}
