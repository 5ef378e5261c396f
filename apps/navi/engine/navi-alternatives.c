/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-alternatives.h"
#include "navi-query.h"

#include <stdlib.h>
#include <string.h>

/* The penalty method. */

enum
{
  FIRST_PENALTY = 140, /* percent of the time of roads that were found already */
  MOST_PENALTY = 400,
  TRIES_PER_ROUTE = 5,
  WINDOWS = 4, /* a piece is best way's cost / WINDOWS long; the next begins half of it later */
};

typedef struct
{
  const NaviAlternatives *question;
  guint64 best_cost;
  GArray *found;  /* NaviPath, the best first */
  GArray *slowed; /* guint32: edges of all that was found, rising */
} Finder;

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;
  return left < right ? -1 : left > right;
}

/* The rising edges of a path; (transfer full). */
static GArray *
list_edges (const guint32 *arcs, guint n_arcs)
{
  GArray *edges = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n_arcs);

  for (guint i = 0; i < n_arcs; i++)
    {
      guint32 edge = arcs[i] >> 1;
      g_array_append_val (edges, edge);
    }
  g_array_sort (edges, compare_words);
  return edges;
}

static gboolean
holds (const GArray *sorted, guint32 word)
{
  return sorted->len > 0 && bsearch (&word, sorted->data, sorted->len, sizeof word, compare_words) != NULL;
}

/* ---- Costs ---- */

static const NaviArcPoint *
find_end (const NaviArcPoint *ends, guint n_ends, guint32 arc)
{
  for (guint i = 0; i < n_ends; i++)
    if (ends[i].arc == arc)
      return &ends[i];
  return NULL;
}

/* From the end of arc i - 1 to the end of arc i for each i > 0, into costs[i]; FALSE if one may not go so. */
static gboolean
add_up_steps (const NaviAlternatives *self, const guint32 *arcs, guint n_arcs, guint32 *costs)
{
  NaviProfile profile = self->metric->profile;
  gboolean has_left_public = FALSE;
  guint32 state = arcs[0];

  costs[0] = 0;
  for (guint i = 1; i < n_arcs; i++)
    {
      guint32 n, turn, ms = navi_graph_arc_ms (self->graph, self->metric, arcs[i]);
      const guint32 *exceptions = navi_graph_exceptions (self->graph, profile, state, &n);
      gboolean is_public = navi_graph_access (self->graph, self->metric, arcs[i]) == NAVI_ACCESS_YES;
      state = navi_graph_next_state (self->graph, self->metric, exceptions, n, arcs[i]);
      turn = navi_graph_turn_ms (self->graph, self->metric, arcs[i - 1], arcs[i]);
      if (ms == 0 || state == NAVI_TURN_FORBIDDEN || turn == NAVI_NO_TURN || (is_public && has_left_public))
        return FALSE;
      has_left_public |= !is_public && navi_graph_access (self->graph, self->metric, arcs[i - 1]) == NAVI_ACCESS_YES;
      costs[i] = turn + ms;
    }
  return TRUE;
}

guint64
navi_alternatives_add_up (const NaviAlternatives *self, const guint32 *arcs, guint n_arcs)
{
  const NaviArcPoint *origin = find_end (self->origins, self->n_origins, arcs[0]);
  const NaviArcPoint *target = find_end (self->targets, self->n_targets, arcs[n_arcs - 1]);
  g_autofree guint32 *costs = g_new (guint32, n_arcs);
  guint64 cost;

  if (origin == NULL || target == NULL || !add_up_steps (self, arcs, n_arcs, costs))
    return G_MAXUINT64;
  if (n_arcs == 1)
    return target->before_ms >= origin->before_ms ? target->before_ms - origin->before_ms : G_MAXUINT64;
  cost = (guint64) origin->after_ms + target->before_ms;
  for (guint i = 1; i < n_arcs; i++)
    cost += costs[i];
  return cost - navi_graph_arc_ms (self->graph, self->metric, arcs[n_arcs - 1]);
}

/* ---- What is worth offering ---- */

static gboolean
goes_nowhere_twice (const guint32 *arcs, guint n_arcs)
{
  g_autoptr (GArray) edges = list_edges (arcs, n_arcs);

  for (guint i = 1; i < edges->len; i++)
    if (g_array_index (edges, guint32, i) == g_array_index (edges, guint32, i - 1))
      return FALSE;
  return TRUE;
}

static gboolean
is_different (const Finder *self, const GArray *arcs)
{
  for (guint i = 0; i < self->found->len; i++)
    {
      const NaviPath *other = &g_array_index (self->found, NaviPath, i);
      g_autoptr (GArray) edges = list_edges ((const guint32 *) other->arcs->data, other->arcs->len);
      guint64 shared = 0, all = 0;
      for (guint j = 0; j < arcs->len; j++)
        {
          guint32 arc = g_array_index (arcs, guint32, j), length = navi_graph_edge (self->question->graph, arc)->length_cm;
          all += length;
          shared += holds (edges, arc >> 1) ? length : 0;
        }
      if (shared * 100 >= all * NAVI_ALTERNATIVE_SHARED)
        return FALSE;
    }
  return TRUE;
}

/* Replaces what lies between the ends of arcs @first and @last if there is a better way; returns the index of the arc that @last has become. */
static guint
mend_piece (const Finder *self, GArray *arcs, guint first, guint last, guint64 cost, gboolean *was_mended)
{
  const NaviAlternatives *question = self->question;
  guint32 from = g_array_index (arcs, guint32, first), to = g_array_index (arcs, guint32, last);
  const NaviArcPoint origin = { from, navi_graph_arc_ms (question->graph, question->metric, from), 0 };
  const NaviArcPoint target = { to, navi_graph_arc_ms (question->graph, question->metric, to), 0 };
  NaviPath better;

  if (!navi_query (question->weights, question->metric, &origin, 1, &target, 1, question->cancellable, &better))
    return last;
  if (better.cost_ms < cost && better.arcs->len >= 2)
    {
      g_array_remove_range (arcs, first, last - first + 1);
      g_array_insert_vals (arcs, first, better.arcs->data, better.arcs->len);
      last = first + better.arcs->len - 1;
      *was_mended = TRUE;
    }
  navi_path_clear (&better);
  return last;
}

/* One walk along the way; FALSE if something was mended or is not allowed. */
static gboolean
mend (const Finder *self, GArray *arcs)
{
  g_autofree guint32 *costs = g_new (guint32, arcs->len);
  gboolean was_mended = FALSE;
  guint64 window = MAX (self->best_cost / WINDOWS, 1);

  if (!add_up_steps (self->question, (const guint32 *) arcs->data, arcs->len, costs))
    return FALSE;
  for (guint first = 0; first + 1 < arcs->len && !was_mended;)
    {
      guint64 cost = 0;
      guint last = first, half = first;
      while (last + 1 < arcs->len && cost < window)
        {
          cost += costs[++last];
          half = cost <= window / 2 || half == first ? last : half;
        }
      mend_piece (self, arcs, first, last, cost, &was_mended);
      if (last + 1 == arcs->len)
        break;
      first = half;
    }
  return !was_mended;
}

static gboolean
is_worth_offering (const Finder *self, GArray *arcs, guint64 *cost)
{
  gboolean is_whole = FALSE;

  for (guint i = 0; i < 2 * WINDOWS && !is_whole; i++)
    is_whole = mend (self, arcs);
  if (!is_whole || !goes_nowhere_twice ((const guint32 *) arcs->data, arcs->len))
    return FALSE;
  *cost = navi_alternatives_add_up (self->question, (const guint32 *) arcs->data, arcs->len);
  return *cost <= self->best_cost * NAVI_ALTERNATIVE_COST / 100 && is_different (self, arcs);
}

/* ---- The search ---- */

/* TRUE if some of the arcs' edges were not slowed yet. */
static gboolean
slow_down (Finder *self, const GArray *arcs)
{
  g_autoptr (GArray) fresh = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < arcs->len; i++)
    {
      guint32 edge = g_array_index (arcs, guint32, i) >> 1;
      if (!holds (self->slowed, edge))
        g_array_append_val (fresh, edge);
    }
  g_array_append_vals (self->slowed, fresh->data, fresh->len);
  g_array_sort (self->slowed, compare_words);
  return fresh->len > 0;
}

static gboolean
search_slowed (Finder *self, guint penalty, NaviPath *path)
{
  const NaviAlternatives *question = self->question;
  NaviMetric metric = *question->metric;
  g_autoptr (NaviWeights) weights = NULL;
  NaviArcPoint origins[2], targets[2];

  metric.slowed = (const guint32 *) self->slowed->data;
  metric.n_slowed = self->slowed->len;
  metric.slowed_percent = (guint16) penalty;
  weights = navi_metrics_get (question->metrics, &metric, question->cancellable, NULL);
  if (weights == NULL || question->n_origins > 2 || question->n_targets > 2)
    return FALSE;
  /* Beginning and end are as they are: only the way between them is made slower. */
  memcpy (origins, question->origins, question->n_origins * sizeof *origins);
  memcpy (targets, question->targets, question->n_targets * sizeof *targets);
  return navi_query (weights, &metric, origins, question->n_origins, targets, question->n_targets, question->cancellable, path);
}

static void
clear_path (gpointer data)
{
  navi_path_clear (data);
}

GArray *
navi_alternatives_find (const NaviAlternatives *question, const NaviPath *best, guint n)
{
  Finder self = { .question = question, .best_cost = best->cost_ms };
  guint penalty = FIRST_PENALTY;
  NaviPath first = *best;

  self.found = g_array_new (FALSE, TRUE, sizeof (NaviPath));
  g_array_set_clear_func (self.found, clear_path);
  self.slowed = g_array_new (FALSE, FALSE, sizeof (guint32));
  first.arcs = g_array_ref (best->arcs);
  g_array_append_val (self.found, first);
  slow_down (&self, best->arcs);
  for (guint tries = 0; tries < n * TRIES_PER_ROUTE && self.found->len <= n && penalty <= MOST_PENALTY; tries++)
    {
      NaviPath path;
      guint64 cost;
      if (!search_slowed (&self, penalty, &path))
        break;
      if (!slow_down (&self, path.arcs))
        penalty += penalty / 4;
      if (is_worth_offering (&self, path.arcs, &cost))
        {
          slow_down (&self, path.arcs);
          path.cost_ms = (guint32) cost;
          g_array_append_val (self.found, path);
        }
      else
        navi_path_clear (&path);
    }
  g_array_remove_index (self.found, 0);
  g_array_unref (self.slowed);
  return self.found;
}
