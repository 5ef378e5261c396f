/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-random.h"

guint
navi_random_ends (const NaviGraph *graph, const NaviMetric *metric, GRand *random, NaviArcPoint points[2])
{
  for (;;)
    {
      guint32 edge = (guint32) g_rand_int_range (random, 0, (gint32) graph->n_edges);
      guint percent = (guint) g_rand_int_range (random, 0, 101), n = 0;
      for (guint32 arc = edge * 2; arc < edge * 2 + 2; arc++)
        {
          guint32 ms = navi_graph_arc_ms (graph, metric, arc);
          guint32 before = (guint32) ((guint64) ms * ((arc & 1) == 0 ? percent : 100 - percent) / 100);
          if (ms != 0)
            points[n++] = (NaviArcPoint){ arc, before, ms - before };
        }
      if (n > 0)
        return n;
    }
}

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;
  return left < right ? -1 : left > right;
}

void
navi_random_wishes (const NaviGraph *graph, NaviProfile profile, GRand *random, NaviMetric *metric, GArray *edges)
{
  memset (metric, 0, sizeof *metric);
  metric->profile = profile;
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    switch (g_rand_int_range (random, 0, 6))
      {
      case 0:
        metric->avoid |= 1u << i;
        break;
      case 1:
      case 2:
        metric->price_s[i] = (guint16) g_rand_int_range (random, 1, 1200);
        break;
      default:
        break;
      }
  for (guint i = 0; i < NAVI_N_ROAD_CLASSES; i++)
    if (g_rand_int_range (random, 0, 6) == 0)
      metric->speed_percent[i] = (guint8) g_rand_int_range (random, 30, 200);
  g_array_set_size (edges, 0);
  for (guint n = (guint) g_rand_int_range (random, 0, 200); n > 0; n--)
    {
      guint32 edge = (guint32) g_rand_int_range (random, 0, (gint32) graph->n_edges);
      g_array_append_val (edges, edge);
    }
  g_array_sort (edges, compare_words);
  metric->blocked = (const guint32 *) edges->data;
  metric->n_blocked = edges->len / 2;
  metric->slowed = metric->blocked + metric->n_blocked;
  metric->n_slowed = edges->len - metric->n_blocked;
  metric->slowed_percent = (guint16) g_rand_int_range (random, 110, 500);
}

static const NaviArcPoint *
find_end (const NaviArcPoint *ends, guint n_ends, guint32 arc)
{
  for (guint i = 0; i < n_ends; i++)
    if (ends[i].arc == arc)
      return &ends[i];
  return NULL;
}

/* The turn from one arc of a path to the next and the arc after it; -1 if one may not go so. */
static gint64
add_step (const NaviGraph *graph, const NaviMetric *metric, guint32 *state, guint32 arc, guint32 next, gboolean *has_left_public)
{
  guint32 n, turn, ms = navi_graph_arc_ms (graph, metric, next);
  const guint32 *exceptions = navi_graph_exceptions (graph, metric->profile, *state, &n);

  *state = navi_graph_next_state (graph, metric, exceptions, n, next);
  turn = navi_graph_turn_ms (graph, metric, arc, next);
  if (navi_graph_tail (graph, next) != navi_graph_head (graph, arc) || *state == NAVI_TURN_FORBIDDEN || turn == NAVI_NO_TURN || ms == 0)
    return -1;
  if (navi_graph_access (graph, metric, next) != NAVI_ACCESS_YES)
    *has_left_public |= navi_graph_access (graph, metric, arc) == NAVI_ACCESS_YES;
  else if (*has_left_public)
    return -1;
  return (gint64) turn + ms;
}

guint64
navi_add_up (const NaviGraph *graph, const NaviMetric *metric, const NaviArcPoint *origins, guint n_origins, const NaviArcPoint *targets,
             guint n_targets, const NaviPath *path)
{
  const guint32 *arcs = (const guint32 *) path->arcs->data;
  guint n = path->arcs->len;
  const NaviArcPoint *origin = find_end (origins, n_origins, arcs[0]), *target = find_end (targets, n_targets, arcs[n - 1]);
  gboolean has_left_public = FALSE;
  guint32 state = arcs[0];
  guint64 cost;

  if (origin == NULL || target == NULL)
    {
      g_test_message ("the path does not lead from the origin to the target");
      return G_MAXUINT64;
    }
  if (n == 1)
    return target->before_ms - origin->before_ms;
  cost = origin->after_ms;
  for (guint i = 1; i < n; i++)
    {
      gint64 step = add_step (graph, metric, &state, arcs[i - 1], arcs[i], &has_left_public);
      if (step < 0)
        {
          g_test_message ("the path may not go from arc %u to arc %u", arcs[i - 1], arcs[i]);
          return G_MAXUINT64;
        }
      cost += (guint64) step;
    }
  return cost - navi_graph_arc_ms (graph, metric, arcs[n - 1]) + target->before_ms;
}
