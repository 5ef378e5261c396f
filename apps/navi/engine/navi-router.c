/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-router.h"
#include "navi-alternatives.h"
#include "navi-metrics.h"
#include "navi-query.h"
#include "navi-request-private.h"
#include "navi-route-private.h"

#include "cloud-error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Snaps the points asked for to roads, searches leg by leg and makes a NaviRoute. */

struct _NaviRouter
{
  GObject parent_instance;

  NaviRegion *region;
  NaviGraph *graph;
  NaviMetrics *metrics;
};

G_DEFINE_FINAL_TYPE (NaviRouter, navi_router, G_TYPE_OBJECT)

static void
navi_router_finalize (GObject *object)
{
  NaviRouter *self = NAVI_ROUTER (object);

  g_clear_pointer (&self->metrics, navi_metrics_free);
  g_clear_pointer (&self->graph, navi_graph_free);
  g_clear_object (&self->region);
  G_OBJECT_CLASS (navi_router_parent_class)->finalize (object);
}

static void
navi_router_class_init (NaviRouterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_router_finalize;
}

static void
navi_router_init (NaviRouter *self)
{
}

NaviRouter *
navi_router_new (NaviRegion *region, GError **error)
{
  g_autoptr (NaviRouter) self = NULL;

  g_return_val_if_fail (NAVI_IS_REGION (region), NULL);

  self = g_object_new (NAVI_TYPE_ROUTER, NULL);
  self->region = g_object_ref (region);
  self->graph = navi_graph_new (region, error);
  if (self->graph == NULL)
    return NULL;
  self->metrics = navi_metrics_new (self->graph);
  return g_steal_pointer (&self);
}

NaviRegion *
navi_router_get_region (NaviRouter *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTER (self), NULL);
  return self->region;
}

const NaviGraph *
navi_router_get_graph (NaviRouter *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTER (self), NULL);
  return self->graph;
}

static gboolean
snap_point (NaviRouter *self, const NaviMetric *metric, const NaviCoordinate *point, NaviSnapRole role, gboolean main_only, NaviSnap *snap,
            GError **error)
{
  if (navi_snap (self->graph, metric, point->lat_deg, point->lon_deg, role, main_only, snap))
    return TRUE;
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no %s road within %d m of a point of the route",
               navi_profile_to_string (metric->profile), NAVI_SNAP_MAX_M);
  return FALSE;
}

/* From one point asked for to the next. */
typedef struct
{
  NaviSnap from;
  NaviSnap to;
  NaviPath path;
} Leg;

static void
clear_leg (gpointer data)
{
  navi_path_clear (&((Leg *) data)->path);
}

/* A request while it is being answered. */
typedef struct
{
  NaviRouter *router;
  const NaviRouteRequest *request;
  NaviMetric metric;
  GArray *blocked; /* guint32 */
  NaviWeights *weights;
  GCancellable *cancellable;
} Plan;

static gboolean
search (const Plan *plan, Leg *leg)
{
  const NaviGraph *graph = plan->router->graph;
  NaviArcPoint origins[2], targets[2];
  guint n_origins = navi_snap_arc_points (graph, &plan->metric, &leg->from, origins);
  guint n_targets = navi_snap_arc_points (graph, &plan->metric, &leg->to, targets);

  return navi_query (plan->weights, &plan->metric, origins, n_origins, targets, n_targets, plan->cancellable, &leg->path);
}

/* The nearest roads, unless one of them is an island that the other does not lie on. */
static gboolean
find_leg (const Plan *plan, const NaviCoordinate *a, const NaviCoordinate *b, Leg *leg, GError **error)
{
  NaviRouter *self = plan->router;
  const NaviMetric *metric = &plan->metric;
  gboolean from_main, to_main;

  if (!snap_point (self, metric, a, NAVI_SNAP_ORIGIN, FALSE, &leg->from, error)
      || !snap_point (self, metric, b, NAVI_SNAP_TARGET, FALSE, &leg->to, error))
    return FALSE;
  from_main = navi_snap_is_main (self->graph, metric, &leg->from, NAVI_SNAP_ORIGIN);
  to_main = navi_snap_is_main (self->graph, metric, &leg->to, NAVI_SNAP_TARGET);
  if (from_main == to_main && search (plan, leg))
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (plan->cancellable, error))
    return FALSE;
  if (!from_main && !snap_point (self, metric, a, NAVI_SNAP_ORIGIN, TRUE, &leg->from, error))
    return FALSE;
  if (!to_main && !snap_point (self, metric, b, NAVI_SNAP_TARGET, TRUE, &leg->to, error))
    return FALSE;
  if ((!from_main || !to_main) && search (plan, leg))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (plan->cancellable, error))
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No way leads there by %s", navi_profile_to_string (metric->profile));
  return FALSE;
}

static gint
compare_edges (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;
  return left < right ? -1 : left > right;
}

/* All legs by the plan's metric and blocked edges.  (transfer full) (nullable) (element-type Leg) */
static GArray *
find_legs (Plan *plan, GError **error)
{
  const GArray *points = plan->request->points;
  g_autoptr (GArray) legs = g_array_new (FALSE, TRUE, sizeof (Leg));

  g_array_set_clear_func (legs, clear_leg);
  g_array_sort (plan->blocked, compare_edges);
  plan->metric.blocked = (const guint32 *) plan->blocked->data;
  plan->metric.n_blocked = plan->blocked->len;
  g_clear_pointer (&plan->weights, navi_weights_unref);
  plan->weights = navi_metrics_get (plan->router->metrics, &plan->metric, plan->cancellable, error);
  if (plan->weights == NULL)
    return NULL;
  for (guint i = 1; i < points->len; i++)
    {
      Leg leg = { 0 };
      if (!find_leg (plan, &g_array_index (points, NaviCoordinate, i - 1), &g_array_index (points, NaviCoordinate, i), &leg, error))
        return NULL;
      g_array_append_val (legs, leg);
    }
  return g_steal_pointer (&legs);
}

/* Blocks the edges of the way from its first junction on. */
static void
block_ahead (Plan *plan, const GArray *legs)
{
  double left_m = plan->request->ahead_m;

  for (guint i = 0; i < legs->len; i++)
    {
      const Leg *leg = &g_array_index (legs, Leg, i);
      for (guint j = 0; j < leg->path.arcs->len && left_m > 0; j++)
        {
          guint32 arc = g_array_index (leg->path.arcs, guint32, j), edge = arc >> 1;
          double length_cm = navi_graph_edge (plan->router->graph, arc)->length_cm;
          /* Where one stands and where one wants to go are left. */
          if (i + 1 == legs->len && j + 1 == leg->path.arcs->len)
            break;
          if (i == 0 && j == 0)
            {
              left_m -= MAX (((arc & 1) == 0 ? length_cm - leg->from.at_cm : leg->from.at_cm), 0) / 100.0;
              continue;
            }
          g_array_append_val (plan->blocked, edge);
          left_m -= length_cm / 100.0;
        }
    }
}

static guint64
add_up_time (const Plan *plan, const GArray *legs)
{
  guint64 ms = 0;

  for (guint i = 0; i < legs->len; i++)
    {
      const Leg *leg = &g_array_index (legs, Leg, i);
      ms += navi_route_time_ms (plan->router->graph, &plan->metric, &leg->path, &leg->from, &leg->to);
    }
  return ms;
}

/* For each kind of road that remained although one would rather not: what a way without it takes. */
static void
explain_remained (Plan *plan, NaviRoute *route)
{
  guint n_remained, kinds = 0;
  const NaviRemained *remained = navi_route_get_remained (route, &n_remained);
  const NaviMetric metric = plan->metric;

  for (guint i = 0; i < n_remained; i++)
    kinds |= remained[i].what;
  for (guint i = 0; kinds >> i != 0; i++)
    {
      g_autoptr (GArray) legs = NULL;
      if ((kinds >> i & 1) == 0)
        continue;
      plan->metric.avoid |= 1u << i;
      legs = find_legs (plan, NULL);
      if (legs != NULL)
        navi_route_set_longer (route, (NaviAvoid) (1u << i),
                               MAX (((double) add_up_time (plan, legs) - (double) navi_route_get_time_ms (route)) / 1000.0, 0));
      plan->metric = metric;
    }
}

static void
plan_init (Plan *plan, NaviRouter *router, const NaviRouteRequest *request, GCancellable *cancellable)
{
  memset (plan, 0, sizeof *plan);
  plan->router = router;
  plan->request = request;
  plan->metric = request->metric;
  plan->cancellable = cancellable;
  plan->blocked = g_array_new (FALSE, FALSE, sizeof (guint32));
  plan->metric.rules = navi_request_get_rules (request, router->graph);
  if (plan->metric.rules != NULL)
    plan->metric.avoid |= plan->metric.rules->too_much;
  navi_request_append_blocked (request, router->graph, plan->metric.rules, plan->blocked);
}

static void
plan_clear (Plan *plan)
{
  g_array_unref (plan->blocked);
  g_clear_pointer (&plan->weights, navi_weights_unref);
  g_clear_pointer (&plan->metric.rules, navi_rules_unref);
}

/* The legs with all that is blocked.  (transfer full) (nullable) */
static GArray *
follow_plan (Plan *plan, GError **error)
{
  g_autoptr (GArray) legs = find_legs (plan, error);

  if (legs == NULL || plan->request->ahead_m <= 0)
    return g_steal_pointer (&legs);
  block_ahead (plan, legs);
  return find_legs (plan, error);
}

static NaviRoute *
make_route (Plan *plan, const GArray *legs)
{
  NaviRoute *route = navi_route_new (plan->metric.profile);

  for (guint i = 0; i < legs->len; i++)
    {
      const Leg *leg = &g_array_index (legs, Leg, i);
      navi_route_add_leg (route, plan->router->graph, &plan->metric, &leg->path, &leg->from, &leg->to);
    }
  return route;
}

/* ---- Alternatives ---- */

static gboolean
uses (const NaviPath *path, guint32 arc)
{
  for (guint i = 0; i < path->arcs->len; i++)
    if (g_array_index (path->arcs, guint32, i) >> 1 == arc >> 1)
      return TRUE;
  return FALSE;
}

/* The longest road of the leg that none of the others uses, if possible with a name that is not among @taken, to which it is added; an arc of it,
 * or G_MAXUINT32. */
static guint32
find_via (const NaviGraph *graph, const GArray *legs, guint own, GHashTable *taken)
{
  const NaviPath *path = &g_array_index (legs, Leg, own).path;
  g_autoptr (GHashTable) lengths = g_hash_table_new (NULL, NULL); /* name -> cm */
  guint32 best = G_MAXUINT32, best_name = 0;
  guint64 best_cm = 0;
  gboolean is_best_taken = TRUE;

  for (guint i = 0; i < path->arcs->len; i++)
    {
      guint32 arc = g_array_index (path->arcs, guint32, i);
      const NaviGraphWay *way = navi_graph_way (graph, arc);
      guint32 name = way->name != 0 ? way->name : way->ref;
      gboolean is_shared = name == 0, is_taken = g_hash_table_contains (taken, GUINT_TO_POINTER (name));
      guint64 cm;
      for (guint j = 0; j < legs->len && !is_shared; j++)
        is_shared = j != own && uses (&g_array_index (legs, Leg, j).path, arc);
      if (is_shared)
        continue;
      cm = GPOINTER_TO_SIZE (g_hash_table_lookup (lengths, GUINT_TO_POINTER (name))) + navi_graph_edge (graph, arc)->length_cm;
      g_hash_table_insert (lengths, GUINT_TO_POINTER (name), GSIZE_TO_POINTER (cm));
      if (is_taken == is_best_taken ? cm > best_cm : is_best_taken)
        {
          best_cm = cm;
          is_best_taken = is_taken;
          best = arc;
          best_name = name;
        }
    }
  if (best != G_MAXUINT32)
    g_hash_table_add (taken, GUINT_TO_POINTER (best_name));
  return best;
}

/* Appends alternatives to a single leg as further ones. */
static void
append_alternatives (Plan *plan, GArray *legs)
{
  const NaviGraph *graph = plan->router->graph;
  const Leg best = g_array_index (legs, Leg, 0);
  NaviArcPoint origins[2], targets[2];
  NaviAlternatives question = { plan->router->metrics, graph, &plan->metric, plan->weights, origins, 0, targets, 0, plan->cancellable };
  g_autoptr (GArray) found = NULL;

  question.n_origins = navi_snap_arc_points (graph, &plan->metric, &best.from, origins);
  question.n_targets = navi_snap_arc_points (graph, &plan->metric, &best.to, targets);
  found = navi_alternatives_find (&question, &best.path, plan->request->n_alternatives);
  for (guint i = 0; i < found->len; i++)
    {
      Leg leg = { best.from, best.to, g_array_index (found, NaviPath, i) };
      leg.path.arcs = g_array_ref (leg.path.arcs);
      g_array_append_val (legs, leg);
    }
}

static NaviCoordinate
middle_of (NaviRoute *route)
{
  guint n_points;
  const NaviCoordinate *points = navi_route_get_geometry (route, &n_points);
  NaviCoordinate middle = { 0 };

  for (guint i = 0; i < n_points; i++)
    {
      middle.lat_deg += points[i].lat_deg / n_points;
      middle.lon_deg += points[i].lon_deg / n_points;
    }
  return middle;
}

static NaviSide
side_of (NaviRoute *route, NaviRoute *other)
{
  NaviCoordinate a = middle_of (route), b = middle_of (other);
  double north = a.lat_deg - b.lat_deg, east = (a.lon_deg - b.lon_deg) * cos (a.lat_deg * G_PI / 180);

  if (fabs (north) > fabs (east))
    return north > 0 ? NAVI_SIDE_NORTH : NAVI_SIDE_SOUTH;
  return east > 0 ? NAVI_SIDE_EAST : NAVI_SIDE_WEST;
}

/* Two ways around a town by one ring road: the one in the north, the one in the south. */
static void
tell_apart (GPtrArray *routes)
{
  for (guint i = 0; i < routes->len; i++)
    for (guint j = 0; j < routes->len; j++)
      {
        NaviRoute *route = g_ptr_array_index (routes, i), *other = g_ptr_array_index (routes, j);
        const char *via = navi_route_get_via (route)->local;
        if (i != j && *via != '\0' && strcmp (via, navi_route_get_via (other)->local) == 0)
          navi_route_set_via_side (route, side_of (route, other));
      }
}

static gint
compare_routes (gconstpointer a, gconstpointer b)
{
  guint64 left = navi_route_get_time_ms (*(NaviRoute *const *) a), right = navi_route_get_time_ms (*(NaviRoute *const *) b);
  return left < right ? -1 : left > right;
}

/* Each leg as a route of its own; the first stays the best, be it the fastest or not. */
static void
make_alternatives (Plan *plan, const GArray *legs, GPtrArray *routes)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL); /* names */

  for (guint i = 0; i < legs->len; i++)
    {
      const Leg *leg = &g_array_index (legs, Leg, i);
      NaviRoute *route = navi_route_new (plan->metric.profile);
      guint32 arc = find_via (plan->router->graph, legs, i, taken);
      g_autoptr (NaviNames) via = arc != G_MAXUINT32 ? navi_route_name_road (plan->router->graph, arc) : navi_names_new (NULL, NULL, NULL);
      navi_route_add_leg (route, plan->router->graph, &plan->metric, &leg->path, &leg->from, &leg->to);
      navi_route_set_via (route, via);
      g_ptr_array_add (routes, route);
    }
  tell_apart (routes);
  if (routes->len > 2)
    qsort (routes->pdata + 1, routes->len - 1, sizeof (gpointer), compare_routes);
}

static GPtrArray *
find_routes (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) routes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) legs = NULL;
  Plan plan;

  plan_init (&plan, self, request, cancellable);
  legs = follow_plan (&plan, error);
  if (legs != NULL && legs->len == 1 && request->n_alternatives > 0)
    {
      append_alternatives (&plan, legs);
      make_alternatives (&plan, legs, routes);
    }
  else if (legs != NULL)
    g_ptr_array_add (routes, make_route (&plan, legs));
  for (guint i = 0; i < routes->len; i++)
    explain_remained (&plan, g_ptr_array_index (routes, i));
  plan_clear (&plan);
  return routes->len > 0 ? g_steal_pointer (&routes) : NULL;
}

guint
navi_router_find_obstacles (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, NaviRoute **way)
{
  g_autoptr (NaviRoute) route = NULL;
  g_autoptr (GArray) legs = NULL;
  const NaviRemained *remained = NULL;
  guint obstacles = 0, n_remained = 0, avoid;
  Plan plan;

  g_return_val_if_fail (NAVI_IS_ROUTER (self) && request != NULL, 0);

  if (way != NULL)
    *way = NULL;
  if (request->points->len < 2)
    return 0;
  navi_graph_enter (self->graph);
  plan_init (&plan, self, request, cancellable);
  avoid = plan.metric.avoid;
  plan.metric.avoid = 0;
  for (guint i = 0; i < NAVI_N_TRAITS; i++)
    plan.metric.price_s[i] = (avoid >> i & 1) != 0 ? G_MAXUINT16 : 0;
  legs = avoid != 0 ? follow_plan (&plan, NULL) : NULL;
  if (legs != NULL)
    route = make_route (&plan, legs);
  if (route != NULL)
    remained = navi_route_get_remained (route, &n_remained);
  for (guint i = 0; i < n_remained; i++)
    obstacles |= remained[i].what;
  plan_clear (&plan);
  navi_graph_leave (self->graph);
  if (way != NULL && obstacles != 0)
    *way = g_steal_pointer (&route);
  return obstacles;
}

GPtrArray *
navi_router_route_all (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) routes = NULL;

  g_return_val_if_fail (NAVI_IS_ROUTER (self) && request != NULL, NULL);

  if (request->points->len < 2)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "A route needs at least two points");
      return NULL;
    }
  navi_graph_enter (self->graph);
  routes = find_routes (self, request, cancellable, error);
  navi_graph_leave (self->graph);
  if (navi_graph_check (self->graph, NULL))
    return g_steal_pointer (&routes);
  g_clear_error (error);
  navi_graph_check (self->graph, error);
  return NULL;
}

NaviRoute *
navi_router_route (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) routes = navi_router_route_all (self, request, cancellable, error);

  return routes != NULL ? g_object_ref (g_ptr_array_index (routes, 0)) : NULL;
}

/* ---- Asynchronously ---- */

typedef struct
{
  NaviRouteRequest *request;
  guint obstacles;
} RouteJob;

static void
route_job_free (gpointer data)
{
  RouteJob *job = data;

  navi_route_request_free (job->request);
  g_free (job);
}

static void
route_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RouteJob *job = task_data;
  GError *error = NULL;
  GPtrArray *routes = navi_router_route_all (source, job->request, cancellable, &error);

  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    job->obstacles = navi_router_find_obstacles (source, job->request, cancellable, NULL);
  if (routes != NULL)
    g_task_return_pointer (task, routes, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
navi_router_route_all_async (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  RouteJob *job;

  g_return_if_fail (NAVI_IS_ROUTER (self) && request != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  job = g_new0 (RouteJob, 1);
  job->request = navi_route_request_copy (request);
  g_task_set_source_tag (task, navi_router_route_all_async);
  g_task_set_task_data (task, job, route_job_free);
  g_task_run_in_thread (task, route_in_thread);
}

GPtrArray *
navi_router_route_all_finish (NaviRouter *self, GAsyncResult *result, guint *obstacles, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self) && obstacles != NULL, NULL);

  *obstacles = ((RouteJob *) g_task_get_task_data (G_TASK (result)))->obstacles;
  return g_task_propagate_pointer (G_TASK (result), error);
}
