/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-router.h"
#include "navi-metrics.h"
#include "navi-query.h"
#include "navi-route-private.h"

#include "cloud-error.h"

/* Snaps the points asked for to roads, searches leg by leg and makes a NaviRoute. */

struct _NaviRouteRequest
{
  NaviMetric metric;
  GArray *points; /* NaviCoordinate */
};

struct _NaviRouter
{
  GObject parent_instance;

  NaviRegion *region;
  NaviGraph *graph;
  NaviMetrics *metrics;
};

G_DEFINE_FINAL_TYPE (NaviRouter, navi_router, G_TYPE_OBJECT)

NaviRouteRequest *
navi_route_request_new (NaviProfile profile)
{
  NaviRouteRequest *self;

  g_return_val_if_fail (profile < NAVI_N_PROFILES, NULL);

  self = g_new0 (NaviRouteRequest, 1);
  self->metric.profile = profile;
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviCoordinate));
  return self;
}

NaviRouteRequest *
navi_route_request_copy (const NaviRouteRequest *self)
{
  NaviRouteRequest *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = navi_route_request_new (self->metric.profile);
  copy->metric = self->metric;
  g_array_append_vals (copy->points, self->points->data, self->points->len);
  return copy;
}

void
navi_route_request_free (NaviRouteRequest *self)
{
  g_array_unref (self->points);
  g_free (self);
}

void
navi_route_request_add_point (NaviRouteRequest *self, double lat_deg, double lon_deg)
{
  NaviCoordinate point = { lat_deg, lon_deg };

  g_return_if_fail (self != NULL);
  g_array_append_val (self->points, point);
}

void
navi_route_request_set_avoid (NaviRouteRequest *self, guint avoid)
{
  g_return_if_fail (self != NULL);
  self->metric.avoid = avoid;
}

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

static gboolean
search (NaviRouter *self, const NaviMetric *metric, const NaviSnap *from, const NaviSnap *to, GCancellable *cancellable, NaviPath *path,
        GError **error)
{
  g_autoptr (NaviWeights) weights = navi_metrics_get (self->metrics, metric, cancellable, error);
  NaviArcPoint origins[2], targets[2];
  guint n_origins = navi_snap_arc_points (self->graph, metric, from, origins);
  guint n_targets = navi_snap_arc_points (self->graph, metric, to, targets);

  return weights != NULL && navi_query (weights, metric, origins, n_origins, targets, n_targets, cancellable, path);
}

/* The nearest roads, unless one of them is an island that the other does not lie on. */
static gboolean
find_leg (NaviRouter *self, const NaviMetric *metric, const NaviCoordinate *a, const NaviCoordinate *b, GCancellable *cancellable, NaviSnap *from,
          NaviSnap *to, NaviPath *path, GError **error)
{
  gboolean from_main, to_main;
  GError *own_error = NULL;

  if (!snap_point (self, metric, a, NAVI_SNAP_ORIGIN, FALSE, from, error) || !snap_point (self, metric, b, NAVI_SNAP_TARGET, FALSE, to, error))
    return FALSE;
  from_main = navi_snap_is_main (self->graph, metric, from, NAVI_SNAP_ORIGIN);
  to_main = navi_snap_is_main (self->graph, metric, to, NAVI_SNAP_TARGET);
  if (from_main == to_main && search (self, metric, from, to, cancellable, path, &own_error))
    return TRUE;
  if (own_error != NULL)
    {
      g_propagate_error (error, own_error);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!from_main && !snap_point (self, metric, a, NAVI_SNAP_ORIGIN, TRUE, from, error))
    return FALSE;
  if (!to_main && !snap_point (self, metric, b, NAVI_SNAP_TARGET, TRUE, to, error))
    return FALSE;
  if ((!from_main || !to_main) && search (self, metric, from, to, cancellable, path, &own_error))
    return TRUE;
  if (own_error != NULL)
    g_propagate_error (error, own_error);
  else if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No way leads there by %s", navi_profile_to_string (metric->profile));
  return FALSE;
}

static NaviRoute *
find_route (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviRoute) route = navi_route_new (request->metric.profile);

  for (guint i = 1; i < request->points->len; i++)
    {
      NaviSnap from, to;
      NaviPath path = { 0 };
      if (!find_leg (self, &request->metric, &g_array_index (request->points, NaviCoordinate, i - 1),
                     &g_array_index (request->points, NaviCoordinate, i), cancellable, &from, &to, &path, error))
        return NULL;
      navi_route_add_leg (route, self->graph, &request->metric, &path, &from, &to);
      navi_path_clear (&path);
    }
  return g_steal_pointer (&route);
}

NaviRoute *
navi_router_route (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (NaviRoute) route = NULL;

  g_return_val_if_fail (NAVI_IS_ROUTER (self) && request != NULL, NULL);

  if (request->points->len < 2)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "A route needs at least two points");
      return NULL;
    }
  navi_graph_enter (self->graph);
  route = find_route (self, request, cancellable, error);
  navi_graph_leave (self->graph);
  if (navi_graph_check (self->graph, NULL))
    return g_steal_pointer (&route);
  g_clear_error (error);
  navi_graph_check (self->graph, error);
  return NULL;
}

static void
route_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  NaviRoute *route = navi_router_route (source, task_data, cancellable, &error);

  if (route != NULL)
    g_task_return_pointer (task, route, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
navi_router_route_async (NaviRouter *self, const NaviRouteRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (NAVI_IS_ROUTER (self) && request != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, navi_router_route_async);
  g_task_set_task_data (task, navi_route_request_copy (request), (GDestroyNotify) navi_route_request_free);
  g_task_run_in_thread (task, route_in_thread);
}

NaviRoute *
navi_router_route_finish (NaviRouter *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
