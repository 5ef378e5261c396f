/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-planner.h"
#include "navi-plan.h"
#include "navi-router.h"

#include "cloud-error.h"
#include "cloud-status.h"

/* From two places to a route, remembered across restarts. */

#define N_ALTERNATIVES 2

typedef struct
{
  NaviNames *names; /* (nullable): NULL: not known */
  double lat_deg;
  double lon_deg;
} End;

struct _NaviPlanner
{
  GObject parent_instance;
  NaviRegions *regions;
  GSettings *settings;
  NaviRouter *router; /* (nullable): of the region that was last used */
  NaviProfile profile;
  End start;
  End position;
  End destination;
  NaviPlannerState state;
  NaviWishes wishes;  /* of the profile */
  GPtrArray *routes;  /* (nullable): NaviRoute, the best first */
  guint chosen;
  guint obstacles;    /* NaviAvoid */
  GError *error;
  GCancellable *cancellable; /* of the running search */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (NaviPlanner, navi_planner, G_TYPE_OBJECT)

static void
end_clear (End *end)
{
  g_clear_pointer (&end->names, navi_names_unref);
}

static void
end_set (End *end, const NaviNames *names, double lat_deg, double lon_deg)
{
  NaviNames *own = names != NULL ? navi_names_ref (names) : navi_names_new (NULL, NULL, NULL);

  end_clear (end);
  *end = (End){ own, lat_deg, lon_deg };
}

/* The home window's live line: where to next, or which map there is. */
static void
write_status (NaviPlanner *self)
{
  GVariantDict parameters;
  const char *kind = "no-region";

  if (self->destination.names != NULL)
    {
      NaviRoute *route = navi_planner_get_route (self);

      navi_plan_write_status (self->destination.names, route != NULL ? navi_route_get_distance_m (route) : -1);
      return;
    }
  g_variant_dict_init (&parameters, NULL);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->regions)) > 0)
    {
      g_autoptr (NaviRegion) region = g_list_model_get_item (G_LIST_MODEL (self->regions), 0);

      kind = "region";
      g_variant_dict_insert (&parameters, "name", "s", navi_region_get_name (region));
    }
  cloud_status_write ("navi", kind, g_variant_dict_end (&parameters), NULL);
}

static void
set_state (NaviPlanner *self, NaviPlannerState state)
{
  self->state = state;
  write_status (self);
  g_signal_emit (self, changed_signal, 0);
}

/* ---- The plan in the settings ---- */

static void
load_end (GSettings *settings, const char *key, End *end)
{
  end->names = navi_plan_load_end (settings, key, &end->lat_deg, &end->lon_deg);
}

static void
save (NaviPlanner *self)
{
  navi_plan_save_end (self->settings, "plan-start", self->start.names, self->start.lat_deg, self->start.lon_deg);
  navi_plan_save_end (self->settings, "plan-destination", self->destination.names, self->destination.lat_deg, self->destination.lon_deg);
  g_settings_set_string (self->settings, "profile", navi_profile_to_string (self->profile));
}

/* ---- Finding the route ---- */

static void
fail (NaviPlanner *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, NAVI_PLANNER_FAILED);
}

static void
on_route_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NaviPlanner) self = user_data;
  g_autoptr (GError) error = NULL;
  guint obstacles;
  GPtrArray *routes = navi_router_route_all_finish (NAVI_ROUTER (source), result, &obstacles, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (routes == NULL)
    {
      self->obstacles = obstacles;
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->routes = routes;
  set_state (self, NAVI_PLANNER_READY);
}

/* The router of a region that holds both ends. */
static gboolean
ensure_router (NaviPlanner *self, const End *start, GError **error)
{
  g_autoptr (NaviRegion) region = navi_regions_find (self->regions, self->destination.lat_deg, self->destination.lon_deg);
  g_autoptr (NaviRegion) start_region = navi_regions_find (self->regions, start->lat_deg, start->lon_deg);

  if (region == NULL || start_region == NULL)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No installed map holds both ends of the route");
      return FALSE;
    }
  if (self->router != NULL && navi_router_get_region (self->router) == region)
    return TRUE;
  g_clear_object (&self->router);
  self->router = navi_router_new (region, error);
  return self->router != NULL;
}

static void
plan (NaviPlanner *self)
{
  const End *start = self->start.names != NULL ? &self->start : &self->position;
  g_autoptr (NaviRouteRequest) request = NULL;
  GError *error = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->routes, g_ptr_array_unref);
  self->chosen = self->obstacles = 0;
  g_clear_error (&self->error);
  if (self->destination.names == NULL)
    {
      set_state (self, NAVI_PLANNER_EMPTY);
      return;
    }
  if (start->names == NULL)
    {
      set_state (self, NAVI_PLANNER_NEEDS_START);
      return;
    }
  if (!ensure_router (self, start, &error))
    {
      fail (self, error);
      return;
    }
  request = navi_route_request_new (self->profile);
  navi_route_request_add_point (request, start->lat_deg, start->lon_deg);
  navi_route_request_add_point (request, self->destination.lat_deg, self->destination.lon_deg);
  navi_wishes_apply (&self->wishes, request);
  navi_route_request_set_alternatives (request, N_ALTERNATIVES);
  self->cancellable = g_cancellable_new ();
  navi_router_route_all_async (self->router, request, self->cancellable, on_route_ready, g_object_ref (self));
  set_state (self, NAVI_PLANNER_SEARCHING);
}

/* ---- Public ---- */

void
navi_planner_set_destination (NaviPlanner *self, const NaviNames *names, double lat_deg, double lon_deg)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  end_set (&self->destination, names, lat_deg, lon_deg);
  end_clear (&self->start);
  save (self);
  plan (self);
}

void
navi_planner_set_start (NaviPlanner *self, const NaviNames *names, double lat_deg, double lon_deg)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  end_set (&self->start, names, lat_deg, lon_deg);
  save (self);
  plan (self);
}

void
navi_planner_set_position (NaviPlanner *self, double lat_deg, double lon_deg)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  end_set (&self->position, NULL, lat_deg, lon_deg);
  if (self->state == NAVI_PLANNER_NEEDS_START)
    plan (self);
}

void
navi_planner_set_profile (NaviPlanner *self, NaviProfile profile)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  if (self->profile == profile)
    return;
  self->profile = profile;
  navi_wishes_load (self->settings, profile, &self->wishes);
  save (self);
  plan (self);
}

const NaviWishes *
navi_planner_get_wishes (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), NULL);
  return &self->wishes;
}

void
navi_planner_set_wishes (NaviPlanner *self, const NaviWishes *wishes)
{
  g_return_if_fail (NAVI_IS_PLANNER (self) && wishes != NULL);

  self->wishes = *wishes;
  navi_wishes_save (self->settings, self->profile, wishes);
  plan (self);
}

guint
navi_planner_get_obstacles (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), 0);
  return self->obstacles;
}

NaviProfile
navi_planner_get_profile (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), NAVI_CAR);
  return self->profile;
}

void
navi_planner_clear (NaviPlanner *self)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  end_clear (&self->start);
  end_clear (&self->destination);
  save (self);
  plan (self);
}

void
navi_planner_retry (NaviPlanner *self)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  if (self->state == NAVI_PLANNER_FAILED || self->state == NAVI_PLANNER_EMPTY)
    plan (self);
}

NaviPlannerState
navi_planner_get_state (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), NAVI_PLANNER_EMPTY);
  return self->state;
}

NaviRoute *
navi_planner_get_route (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), NULL);
  return self->routes != NULL ? g_ptr_array_index (self->routes, self->chosen) : NULL;
}

GPtrArray *
navi_planner_get_routes (NaviPlanner *self, guint *chosen)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self) && chosen != NULL, NULL);
  *chosen = self->chosen;
  return self->routes;
}

void
navi_planner_choose (NaviPlanner *self, guint index)
{
  g_return_if_fail (NAVI_IS_PLANNER (self));

  if (self->routes == NULL || index >= self->routes->len || index == self->chosen)
    return;
  self->chosen = index;
  set_state (self, self->state);
}

const GError *
navi_planner_get_error (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), NULL);
  return self->error;
}

const NaviNames *
navi_planner_get_destination_names (NaviPlanner *self)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), NULL);
  return self->destination.names;
}

static gboolean
end_get (const End *end, double *lat_deg, double *lon_deg)
{
  if (end->names == NULL)
    return FALSE;
  *lat_deg = end->lat_deg;
  *lon_deg = end->lon_deg;
  return TRUE;
}

gboolean
navi_planner_get_destination (NaviPlanner *self, double *lat_deg, double *lon_deg)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), FALSE);
  return end_get (&self->destination, lat_deg, lon_deg);
}

gboolean
navi_planner_get_start (NaviPlanner *self, double *lat_deg, double *lon_deg)
{
  g_return_val_if_fail (NAVI_IS_PLANNER (self), FALSE);
  return end_get (&self->start, lat_deg, lon_deg);
}

static void
navi_planner_dispose (GObject *object)
{
  NaviPlanner *self = NAVI_PLANNER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->regions);
  g_clear_object (&self->settings);
  g_clear_object (&self->router);
  g_clear_pointer (&self->routes, g_ptr_array_unref);
  g_clear_error (&self->error);
  end_clear (&self->start);
  end_clear (&self->position);
  end_clear (&self->destination);
  G_OBJECT_CLASS (navi_planner_parent_class)->dispose (object);
}

static void
navi_planner_class_init (NaviPlannerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = navi_planner_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
navi_planner_init (NaviPlanner *self)
{
}

NaviPlanner *
navi_planner_new (NaviRegions *regions, GSettings *settings)
{
  NaviPlanner *self = g_object_new (NAVI_TYPE_PLANNER, NULL);
  g_autofree char *profile = g_settings_get_string (settings, "profile");

  self->regions = g_object_ref (regions);
  self->settings = g_object_ref (settings);
  navi_profile_from_string (profile, &self->profile);
  navi_wishes_load (settings, self->profile, &self->wishes);
  load_end (settings, "plan-start", &self->start);
  load_end (settings, "plan-destination", &self->destination);
  plan (self);
  return self;
}
