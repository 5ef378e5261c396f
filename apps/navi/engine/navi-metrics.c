/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-metrics.h"
#include "navi-customize.h"

#include "cloud-error.h"

/* Keeps the weights of the metrics in use. */

enum
{
  MOST_KEPT = 6, /* metrics of moments and wishes; each takes at most what the plain one takes in the file */
};

typedef struct
{
  NaviMetric metric; /* without edges of its own */
  NaviWeights *weights;
} Kept;

struct _NaviMetrics
{
  const NaviGraph *graph;
  const guint32 *traits;
  gsize n_traits;
  GMutex lock;
  NaviOverlay *overlays[NAVI_N_PROFILES];
  NaviWeights *plain[NAVI_N_PROFILES];
  GQueue kept; /* Kept, the last used first */
};

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  navi_weights_unref (kept->weights);
  g_clear_pointer (&kept->metric.rules, navi_rules_unref);
  g_free (kept);
}

NaviMetrics *
navi_metrics_new (const NaviGraph *graph)
{
  NaviMetrics *self = g_new0 (NaviMetrics, 1);

  self->graph = graph;
  self->traits = navi_region_get_array (graph->region, NAVI_SECTION_CELL_TRAITS, sizeof (guint32), &self->n_traits);
  g_mutex_init (&self->lock);
  g_queue_init (&self->kept);
  return self;
}

void
navi_metrics_free (NaviMetrics *self)
{
  g_queue_clear_full (&self->kept, kept_free);
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      g_clear_pointer (&self->plain[profile], navi_weights_unref);
      g_clear_pointer (&self->overlays[profile], navi_overlay_free);
    }
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* With the lock held. */
static gboolean
open_profile (NaviMetrics *self, NaviProfile profile, GError **error)
{
  const guint8 *bytes;
  gsize n_bytes;

  if (self->plain[profile] != NULL)
    return TRUE;
  if (self->overlays[profile] == NULL)
    {
      bytes = navi_region_get_section (self->graph->region, NAVI_SECTION_OVERLAY_CAR + profile, &n_bytes);
      self->overlays[profile] = navi_overlay_read (self->graph, profile, bytes, n_bytes, error);
      if (self->overlays[profile] == NULL)
        return FALSE;
    }
  bytes = navi_region_get_section (self->graph->region, NAVI_SECTION_WEIGHTS_CAR + profile, &n_bytes);
  self->plain[profile] = navi_weights_read (self->overlays[profile], bytes, n_bytes, error);
  return self->plain[profile] != NULL;
}

static gboolean
is_plain (const NaviMetric *metric)
{
  NaviMetric plain = { .profile = metric->profile };

  return navi_metric_has_same_wishes (metric, &plain);
}

/* The smallest cells in which the wishes matter; (transfer full). */
static guint8 *
find_affected (NaviMetrics *self, const NaviMetric *metric)
{
  guint32 n_cells = self->graph->levels.n_cells[0], traits = metric->avoid & ((1u << NAVI_N_AVOIDS) - 1);
  guint8 *affected = g_new0 (guint8, n_cells);

  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if (metric->price_s[i] != 0)
      traits |= 1u << i;
  for (guint i = 0; i < NAVI_N_ROAD_CLASSES; i++)
    if (metric->speed_percent[i] != 0)
      traits |= 1u << (NAVI_CELL_CLASS_SHIFT + i);
  for (guint32 i = 0; i < n_cells; i++)
    affected[i] = self->n_traits != n_cells || (self->traits[i] & traits) != 0;
  for (guint i = 0; metric->rules != NULL && i < metric->rules->cells->len; i++)
    affected[g_array_index (metric->rules->cells, guint32, i)] = 1;
  return affected;
}

static void
mark_edges (NaviMetrics *self, const guint32 *edges, guint n_edges, guint8 *affected)
{
  for (guint i = 0; i < n_edges; i++)
    for (guint32 end = 0; end < 2 && edges[i] < self->graph->n_edges; end++)
      affected[navi_cells_find (&self->graph->levels, 0, navi_graph_tail (self->graph, edges[i] * 2 + end))] = 1;
}

/* With the lock held: (transfer full) (nullable). */
static NaviWeights *
find_kept (NaviMetrics *self, const NaviMetric *metric)
{
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    {
      Kept *kept = link->data;
      if (!navi_metric_has_same_wishes (&kept->metric, metric))
        continue;
      g_queue_unlink (&self->kept, link);
      g_queue_push_head_link (&self->kept, link);
      return navi_weights_ref (kept->weights);
    }
  return NULL;
}

static void
keep (NaviMetrics *self, const NaviMetric *metric, NaviWeights *weights)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->metric = *metric;
  if (kept->metric.rules != NULL)
    navi_rules_ref (kept->metric.rules);
  kept->weights = navi_weights_ref (weights);
  g_mutex_lock (&self->lock);
  g_queue_push_head (&self->kept, kept);
  if (self->kept.length > MOST_KEPT)
    kept_free (g_queue_pop_tail (&self->kept));
  g_mutex_unlock (&self->lock);
}

static NaviWeights *get_wishes (NaviMetrics *self, const NaviMetric *metric, GCancellable *cancellable, GError **error);

/* The weights that those of the wishes are to lie on: those of the moment's rules alone, if there are such and wishes beside.
 * (transfer full) (nullable) */
static NaviWeights *
get_below (NaviMetrics *self, const NaviMetric *wishes, GCancellable *cancellable, GError **error)
{
  const NaviMetric moment = { .profile = wishes->profile, .rules = wishes->rules };

  if (moment.rules == NULL || navi_metric_has_same_wishes (&moment, wishes))
    return navi_weights_ref (self->plain[wishes->profile]);
  return get_wishes (self, &moment, cancellable, error);
}

/* The weights of a metric's wishes, without its edges. */
static NaviWeights *
get_wishes (NaviMetrics *self, const NaviMetric *metric, GCancellable *cancellable, GError **error)
{
  NaviMetric wishes = *metric;
  g_autofree guint8 *affected = NULL;
  g_autoptr (NaviWeights) below = NULL;
  NaviWeights *weights = NULL;
  gboolean ok;

  wishes.blocked = wishes.slowed = NULL;
  wishes.n_blocked = wishes.n_slowed = 0;
  g_mutex_lock (&self->lock);
  ok = open_profile (self, metric->profile, error);
  if (ok)
    weights = is_plain (metric) ? navi_weights_ref (self->plain[metric->profile]) : find_kept (self, &wishes);
  g_mutex_unlock (&self->lock);
  if (!ok || weights != NULL)
    return weights;
  below = get_below (self, &wishes, cancellable, error);
  if (below == NULL)
    return NULL;
  affected = find_affected (self, &wishes);
  weights = navi_customize_cells (self->overlays[metric->profile], &wishes, below, affected, cancellable);
  if (weights == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  else
    keep (self, &wishes, weights);
  return weights;
}

NaviWeights *
navi_metrics_get (NaviMetrics *self, const NaviMetric *metric, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviWeights) wishes = get_wishes (self, metric, cancellable, error);
  g_autofree guint8 *affected = NULL;
  NaviWeights *weights;

  if (wishes == NULL || (metric->n_blocked == 0 && metric->n_slowed == 0))
    return g_steal_pointer (&wishes);
  affected = g_new0 (guint8, self->graph->levels.n_cells[0]);
  mark_edges (self, metric->blocked, metric->n_blocked, affected);
  mark_edges (self, metric->slowed, metric->n_slowed, affected);
  weights = navi_customize_cells (wishes->overlay, metric, wishes, affected, cancellable);
  if (weights == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return weights;
}

GArray *
navi_metrics_list_traits (const NaviGraph *graph)
{
  GArray *traits = g_array_new (FALSE, TRUE, sizeof (guint32));

  g_array_set_size (traits, graph->levels.n_cells[0]);
  for (guint32 cell = 0; cell < traits->len; cell++)
    for (guint32 node = graph->levels.first_node[0][cell]; node < graph->levels.first_node[0][cell + 1]; node++)
      {
        guint32 first, end = navi_graph_out_arcs (graph, node, &first);
        g_array_index (traits, guint32, cell) |= navi_graph_node_traits (graph, NULL, node);
        for (guint32 i = first; i < end; i++)
          {
            guint32 arc = navi_graph_out_arc (graph, i);
            g_array_index (traits, guint32, cell)
                |= navi_graph_traits (graph, NULL, arc) | 1u << (NAVI_CELL_CLASS_SHIFT + MIN (navi_graph_way (graph, arc)->road_class, NAVI_N_ROAD_CLASSES - 1));
          }
      }
  return traits;
}
