/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-customize.h"
#include "navi-leaf.h"
#include "navi-threads.h"

#include <string.h>

/* Searches each cell from each of its entries. */

enum
{
  LARGE_JOB = 64, /* cells of a level that are worth a second thread */
};

/* A job's cells are taken one by one. */
typedef struct
{
  const NaviOverlay *overlay;
  const NaviMetric *metric;
  NaviWeights *weights;
  GCancellable *cancellable;
  guint level;
  const guint32 *cells;
  guint n_cells;
  guint8 *changed; /* of each: it is not as in the weights below */
  gint next;       /* atomic */
} Job;

/* A point inside a larger cell: what lies across the smaller cell that it leads into. */
typedef struct
{
  guint32 first_target; /* the smaller cell's exits in the nest's targets */
  guint32 n_targets;
  guint32 first_value;  /* the point's row in the nest's values */
} NestPoint;

/* A larger cell unfolded: the points inside it are numbered from 0, then come its exits. */
typedef struct
{
  guint32 first_inner; /* the first point inside, as an index of the level below */
  GArray *points;      /* NestPoint */
  GArray *targets;     /* guint32 */
  GArray *values;      /* guint32: the matrices of the smaller cells */
} Nest;

typedef struct
{
  const Job *job;
  NaviLeaf leaf;
  Nest nest;
  NaviHeap heap;
  GArray *costs; /* guint32 */
  GArray *steps; /* NaviLeafStep */
  GArray *values; /* guint32 */
} Worker;

static inline void
improve (Worker *self, guint32 at, guint64 cost)
{
  guint32 *costs = (guint32 *) self->costs->data;

  if (cost < costs[at])
    {
      costs[at] = (guint32) cost;
      navi_heap_push (&self->heap, (guint32) cost, at);
    }
}

static void
begin_search (Worker *self, guint n)
{
  g_array_set_size (self->costs, n);
  memset (self->costs->data, 0xff, n * sizeof (guint32));
  self->heap.n = 0;
}

/* ---- The smallest cells ---- */

static void
search_leaf (Worker *self, guint32 state)
{
  NaviLeaf *leaf = &self->leaf;
  const guint32 *first_step = (const guint32 *) leaf->first_step->data;
  const NaviLeafStep *steps = (const NaviLeafStep *) leaf->steps->data;

  begin_search (self, leaf->states->len);
  g_array_set_size (self->steps, 0);
  navi_leaf_append_steps (leaf, state, self->steps);
  for (guint i = 0; i < self->steps->len; i++)
    improve (self, g_array_index (self->steps, NaviLeafStep, i).to, g_array_index (self->steps, NaviLeafStep, i).units);
  while (self->heap.n > 0)
    {
      guint64 entry = navi_heap_pop (&self->heap);
      guint32 at = navi_heap_entry_label (entry), cost = navi_heap_entry_cost (entry);
      if (cost != g_array_index (self->costs, guint32, at))
        continue;
      for (guint32 i = first_step[at]; i < first_step[at + 1]; i++)
        improve (self, steps[i].to, (guint64) cost + steps[i].units);
    }
}

static void
customize_leaf (Worker *self, guint32 cell)
{
  const NaviOverlay *overlay = self->job->overlay;
  guint32 first = overlay->levels[0].first_entry[cell], end = overlay->levels[0].first_entry[cell + 1];

  navi_leaf_set (&self->leaf, overlay, self->job->metric, cell);
  g_array_set_size (self->values, 0);
  for (guint32 point = first; point < end; point++)
    {
      search_leaf (self, overlay->states[point]);
      for (guint32 column = 0; column < self->leaf.exits->len; column++)
        {
          guint32 exit = g_array_index (self->leaf.exits, guint32, column);
          guint32 value = exit != G_MAXUINT32 ? g_array_index (self->costs, guint32, exit) : NAVI_NO_WAY;
          g_array_append_val (self->values, value);
        }
    }
}

/* ---- Larger cells ---- */

static void
append_points (Worker *self, guint level, guint32 cell)
{
  NaviCellWeights weights = navi_weights_cell (self->job->weights, level, cell);
  guint32 n_rows = navi_overlay_n_entries (self->job->overlay, level, cell);

  for (guint32 row = 0; row < n_rows; row++)
    {
      NestPoint point = { self->nest.targets->len, weights.n_columns, self->nest.values->len };
      g_array_append_val (self->nest.points, point);
      for (guint32 column = 0; column < weights.n_columns; column++)
        {
          guint32 value = navi_weights_get (&weights, row, column);
          g_array_append_val (self->nest.values, value);
        }
    }
}

static void
set_nest (Worker *self, guint32 cell)
{
  const NaviOverlay *overlay = self->job->overlay;
  const NaviCells *cells = &overlay->graph->levels;
  guint level = self->job->level, below = level - 1;
  const NaviOverlayLevel *at = &overlay->levels[below];
  guint32 first = navi_cells_find (cells, below, cells->first_node[level][cell]);
  guint32 end = navi_cells_find (cells, below, cells->first_node[level][cell + 1] - 1) + 1;
  guint32 n_inner = at->first_entry[end] - at->first_entry[first];
  Nest *nest = &self->nest;

  g_array_set_size (nest->points, 0);
  g_array_set_size (nest->targets, 0);
  g_array_set_size (nest->values, 0);
  nest->first_inner = at->first_entry[first];
  for (guint32 i = first; i < end; i++)
    {
      append_points (self, below, i);
      for (guint32 j = at->first_exit[i]; j < at->first_exit[i + 1]; j++)
        {
          guint32 target = at->exits[j] - nest->first_inner;
          if (target >= n_inner)
            target = n_inner + navi_overlay_column (overlay, level, cell, at->points[at->exits[j]]);
          g_array_append_val (nest->targets, target);
        }
    }
}

static void
search_nest (Worker *self, guint32 entry, guint32 n_columns)
{
  const NestPoint *points = (const NestPoint *) self->nest.points->data;
  const guint32 *targets = (const guint32 *) self->nest.targets->data, *values = (const guint32 *) self->nest.values->data;
  guint32 n_inner = self->nest.points->len;

  begin_search (self, n_inner + n_columns);
  improve (self, entry, 0);
  while (self->heap.n > 0)
    {
      guint64 popped = navi_heap_pop (&self->heap);
      guint32 at = navi_heap_entry_label (popped), cost = navi_heap_entry_cost (popped);
      if (at >= n_inner || cost != g_array_index (self->costs, guint32, at))
        continue;
      for (guint32 i = 0; i < points[at].n_targets; i++)
        if (values[points[at].first_value + i] != NAVI_NO_WAY)
          improve (self, targets[points[at].first_target + i], (guint64) cost + values[points[at].first_value + i]);
    }
}

static void
customize_nest (Worker *self, guint32 cell)
{
  const NaviOverlay *overlay = self->job->overlay;
  const NaviOverlayLevel *at = &overlay->levels[self->job->level], *below = at - 1;
  guint32 n_columns = navi_overlay_n_exits (overlay, self->job->level, cell), inner = 0;

  set_nest (self, cell);
  g_array_set_size (self->values, 0);
  for (guint32 i = at->first_entry[cell]; i < at->first_entry[cell + 1]; i++)
    {
      /* Its entries are some of the points inside, in the same order. */
      while (below->points[self->nest.first_inner + inner] != at->points[i])
        inner++;
      search_nest (self, inner, n_columns);
      g_array_append_vals (self->values, (const guint32 *) self->costs->data + self->nest.points->len, n_columns);
    }
}

/* ---- Jobs ---- */

static gpointer
work (gpointer data)
{
  Job *job = data;
  Worker self = { .job = job };
  guint at;

  self.nest.points = g_array_new (FALSE, FALSE, sizeof (NestPoint));
  self.nest.targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.nest.values = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.costs = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.steps = g_array_new (FALSE, FALSE, sizeof (NaviLeafStep));
  self.values = g_array_new (FALSE, FALSE, sizeof (guint32));
  while ((at = (guint) g_atomic_int_add (&job->next, 1)) < job->n_cells && !g_cancellable_is_cancelled (job->cancellable))
    {
      if (job->level == 0)
        customize_leaf (&self, job->cells[at]);
      else
        customize_nest (&self, job->cells[at]);
      job->changed[at] = navi_weights_set_cell (job->weights, job->level, job->cells[at], (const guint32 *) self.values->data);
    }
  navi_leaf_clear (&self.leaf);
  navi_heap_clear (&self.heap);
  g_array_unref (self.nest.points);
  g_array_unref (self.nest.targets);
  g_array_unref (self.nest.values);
  g_array_unref (self.costs);
  g_array_unref (self.steps);
  g_array_unref (self.values);
  return NULL;
}

static void
run (Job *job)
{
  GThread *helper = job->n_cells >= LARGE_JOB && navi_threads () > 1 ? g_thread_try_new ("customize", work, job, NULL) : NULL;

  work (job);
  if (helper != NULL)
    g_thread_join (helper);
}

NaviWeights *
navi_customize_cells (const NaviOverlay *overlay, const NaviMetric *metric, NaviWeights *below, const guint8 *affected, GCancellable *cancellable)
{
  g_autoptr (NaviWeights) weights = navi_weights_new (overlay, below);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < overlay->first_cell[1]; i++)
    if (affected == NULL || affected[i])
      g_array_append_val (cells, i);
  for (guint level = 0; level < overlay->n_levels; level++)
    {
      g_autofree guint8 *changed = g_new0 (guint8, cells->len + 1);
      Job job = { .overlay = overlay, .metric = metric, .weights = weights, .cancellable = cancellable, .level = level, .changed = changed };
      guint n_parents = 0;
      job.cells = (const guint32 *) cells->data;
      job.n_cells = cells->len;
      run (&job);
      if (g_cancellable_is_cancelled (cancellable))
        return NULL;
      for (guint i = 0; level + 1 < overlay->n_levels && i < cells->len; i++)
        {
          guint32 parent = overlay->levels[level].parents[g_array_index (cells, guint32, i)];
          if (!changed[i])
            continue;
          if (n_parents == 0 || g_array_index (cells, guint32, n_parents - 1) != parent)
            g_array_index (cells, guint32, n_parents++) = parent;
        }
      g_array_set_size (cells, n_parents);
    }
  return g_steal_pointer (&weights);
}

NaviWeights *
navi_customize (const NaviOverlay *overlay, const NaviMetric *metric, GCancellable *cancellable)
{
  return navi_customize_cells (overlay, metric, NULL, NULL, cancellable);
}
