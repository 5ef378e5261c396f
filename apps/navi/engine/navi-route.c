/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-route.h"
#include "navi-geo.h"
#include "navi-route-private.h"

/* A route, made of the arcs that a search found. */

struct _NaviRoute
{
  GObject parent_instance;

  NaviProfile profile;
  guint64 time_ms;
  double distance_m;
  GArray *geometry; /* NaviCoordinate */
  GArray *legs;     /* NaviLeg */
  GArray *remained; /* NaviRemained */
  GArray *stretches; /* NaviStretch */
  guint traits;     /* NaviAvoid */
  NaviNames *via;
  NaviSide via_side;
  GListStore *steps;
};

G_DEFINE_FINAL_TYPE (NaviRoute, navi_route, G_TYPE_OBJECT)

static void
navi_route_finalize (GObject *object)
{
  NaviRoute *self = NAVI_ROUTE (object);

  g_array_unref (self->geometry);
  g_array_unref (self->legs);
  g_array_unref (self->remained);
  g_array_unref (self->stretches);
  g_clear_pointer (&self->via, navi_names_unref);
  g_object_unref (self->steps);
  G_OBJECT_CLASS (navi_route_parent_class)->finalize (object);
}

static void
navi_route_class_init (NaviRouteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_route_finalize;
}

static void
clear_remained (gpointer data)
{
  navi_names_unref (((NaviRemained *) data)->names);
}

static void
navi_route_init (NaviRoute *self)
{
  self->geometry = g_array_new (FALSE, FALSE, sizeof (NaviCoordinate));
  self->legs = g_array_new (FALSE, FALSE, sizeof (NaviLeg));
  self->remained = g_array_new (FALSE, FALSE, sizeof (NaviRemained));
  g_array_set_clear_func (self->remained, clear_remained);
  self->stretches = g_array_new (FALSE, FALSE, sizeof (NaviStretch));
  self->steps = g_list_store_new (NAVI_TYPE_STEP);
}

NaviRoute *
navi_route_new (NaviProfile profile)
{
  NaviRoute *self = g_object_new (NAVI_TYPE_ROUTE, NULL);

  self->profile = profile;
  return self;
}

static void
append_coordinate (NaviRoute *self, double lat_deg, double lon_deg)
{
  NaviCoordinate coordinate = { lat_deg, lon_deg };
  const NaviCoordinate *last
      = self->geometry->len > 0 ? &g_array_index (self->geometry, NaviCoordinate, self->geometry->len - 1) : NULL;

  if (last == NULL || last->lat_deg != lat_deg || last->lon_deg != lon_deg)
    g_array_append_val (self->geometry, coordinate);
}

/* Appends the inner points of the arc that lie between @from_cm and @to_cm along it. */
static void
append_between (NaviRoute *self, const NaviGraph *graph, guint32 arc, double from_cm, double to_cm, gboolean with_end)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));
  double at_cm = 0;

  navi_graph_append_shape (graph, arc, points);
  for (guint i = 1; i < points->len; i++)
    {
      NaviPoint a = g_array_index (points, NaviPoint, i - 1), b = g_array_index (points, NaviPoint, i);
      gboolean is_end = i + 1 == points->len;
      at_cm += (double) navi_geo_distance_mm (a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7) / 10.0;
      if (is_end ? with_end : at_cm > from_cm && at_cm < to_cm)
        append_coordinate (self, b.lat_e7 / 1e7, b.lon_e7 / 1e7);
    }
}

/* Where a snapped point lies along an arc, from the arc's beginning. */
static double
along_cm (const NaviGraph *graph, guint32 arc, const NaviSnap *snap)
{
  double length = navi_graph_edge (graph, arc)->length_cm;

  return (arc & 1) == 0 ? snap->at_cm : length - snap->at_cm;
}

static NaviLegArc
measure_arc (NaviRoute *self, const NaviGraph *graph, const NaviMetric *metric, const NaviPath *path, guint index, const NaviSnap *from,
             const NaviSnap *to)
{
  NaviLegArc leg_arc = { .arc = g_array_index (path->arcs, guint32, index) };
  gboolean is_first = index == 0, is_last = index + 1 == path->arcs->len;
  double length_cm = navi_graph_edge (graph, leg_arc.arc)->length_cm;
  double begin_cm = is_first ? along_cm (graph, leg_arc.arc, from) : 0.0;
  double end_cm = is_last ? along_cm (graph, leg_arc.arc, to) : length_cm;
  guint32 ms = navi_graph_arc_ms (graph, metric, leg_arc.arc);

  leg_arc.first_point = MAX (self->geometry->len, 1) - 1;
  leg_arc.distance_m = MAX (end_cm - begin_cm, 0.0) / 100.0;
  leg_arc.duration_s = ms / 1000.0 * leg_arc.distance_m * 100.0 / MAX (length_cm, 1.0);
  if (!is_first)
    {
      guint32 turn = navi_graph_turn_ms (graph, metric, g_array_index (path->arcs, guint32, index - 1), leg_arc.arc);
      leg_arc.duration_s += turn != NAVI_NO_TURN ? turn / 1000.0 : 0.0;
    }
  append_between (self, graph, leg_arc.arc, begin_cm, end_cm, !is_last);
  return leg_arc;
}

NaviNames *
navi_route_name_road (const NaviGraph *graph, guint32 arc)
{
  const NaviGraphWay *way = navi_graph_way (graph, arc);

  if (way->name == 0 && way->name_en == 0 && way->name_zh == 0)
    return navi_names_new (navi_graph_string (graph, way->ref), NULL, NULL);
  return navi_names_new (navi_graph_string (graph, way->name), navi_graph_string (graph, way->name_en), navi_graph_string (graph, way->name_zh));
}

static void
begin_remained (NaviRoute *self, const NaviGraph *graph, const NaviLegArc *arc, guint what)
{
  NaviRemained remained = { .what = (NaviAvoid) what, .first_point = arc->first_point, .longer_s = -1 };

  remained.names = navi_route_name_road (graph, arc->arc);
  g_array_append_val (self->remained, remained);
}

/* Notes each stretch of roads, and each node that is passed, that one would rather not have used. */
static void
add_remained (NaviRoute *self, const NaviGraph *graph, const NaviMetric *metric, const NaviLegArc *arcs, guint n_arcs)
{
  for (guint i = 0; i < NAVI_N_TRAITS; i++)
    {
      gboolean is_open = FALSE;
      for (guint j = 0; j < n_arcs && metric->price_s[i] != 0; j++)
        {
          guint passed = j > 0 ? navi_graph_node_traits (graph, metric, navi_graph_tail (graph, arcs[j].arc)) : 0;
          NaviRemained *last;
          if ((navi_graph_traits (graph, metric, arcs[j].arc) >> i & 1) == 0)
            {
              if ((passed >> i & 1) != 0 && !is_open)
                begin_remained (self, graph, &arcs[j], 1u << i);
              is_open = FALSE;
              continue;
            }
          if (!is_open)
            begin_remained (self, graph, &arcs[j], 1u << i);
          is_open = TRUE;
          last = &g_array_index (self->remained, NaviRemained, self->remained->len - 1);
          last->distance_m += arcs[j].distance_m;
        }
    }
}

NaviMetric
navi_metric_time_only (const NaviMetric *metric)
{
  NaviMetric time = { .profile = metric->profile, .rules = metric->rules };

  memcpy (time.speed_percent, metric->speed_percent, sizeof time.speed_percent);
  return time;
}

guint64
navi_route_time_ms (const NaviGraph *graph, const NaviMetric *metric, const NaviPath *path, const NaviSnap *from, const NaviSnap *to)
{
  const NaviMetric time = navi_metric_time_only (metric);
  const guint32 *arcs = (const guint32 *) path->arcs->data;
  guint n_arcs = path->arcs->len, n_origins, n_targets;
  NaviArcPoint origins[2], targets[2], origin = { 0 }, target = { 0 };
  guint64 ms;

  n_origins = navi_snap_arc_points (graph, &time, from, origins);
  n_targets = navi_snap_arc_points (graph, &time, to, targets);
  for (guint i = 0; i < n_origins; i++)
    origin = origins[i].arc == arcs[0] ? origins[i] : origin;
  for (guint i = 0; i < n_targets; i++)
    target = targets[i].arc == arcs[n_arcs - 1] ? targets[i] : target;
  if (n_arcs == 1)
    return target.before_ms - MIN (origin.before_ms, target.before_ms);
  ms = (guint64) origin.after_ms + target.before_ms;
  for (guint i = 1; i < n_arcs; i++)
    {
      guint32 turn = navi_graph_turn_ms (graph, &time, arcs[i - 1], arcs[i]);
      ms += turn != NAVI_NO_TURN ? turn : 0;
      ms += i + 1 < n_arcs ? navi_graph_arc_ms (graph, &time, arcs[i]) : 0;
    }
  return ms;
}

static void
add_stretch (NaviRoute *self, const NaviGraph *graph, const NaviMetric *metric, const NaviLegArc *arc)
{
  const NaviRuledWay *ruled = navi_graph_ruled_way (graph, metric, arc->arc);
  const NaviGraphWay *way = ruled != NULL ? &ruled->record : navi_graph_way (graph, arc->arc);
  const NaviStretch stretch = { .first_point = arc->first_point, .distance_m = arc->distance_m, .limit_kmh = way->limit_kmh[arc->arc & 1],
                                .is_tunnel = (way->flags & NAVI_ROAD_IS_TUNNEL) != 0 };
  NaviStretch *last = self->stretches->len > 0 ? &g_array_index (self->stretches, NaviStretch, self->stretches->len - 1) : NULL;

  if (last != NULL && last->limit_kmh == stretch.limit_kmh && last->is_tunnel == stretch.is_tunnel)
    last->distance_m += stretch.distance_m;
  else
    g_array_append_val (self->stretches, stretch);
}

void
navi_route_add_leg (NaviRoute *self, const NaviGraph *graph, const NaviMetric *metric, const NaviPath *path, const NaviSnap *from, const NaviSnap *to)
{
  const NaviMetric time = navi_metric_time_only (metric);
  NaviLeg leg = { .first_step = g_list_model_get_n_items (G_LIST_MODEL (self->steps)) };
  guint64 time_ms = navi_route_time_ms (graph, metric, path, from, to);
  g_autoptr (GArray) arcs = g_array_new (FALSE, FALSE, sizeof (NaviLegArc));

  append_coordinate (self, from->lat_deg, from->lon_deg);
  for (guint i = 0; i < path->arcs->len; i++)
    {
      NaviLegArc leg_arc = measure_arc (self, graph, &time, path, i, from, to);
      leg.distance_m += leg_arc.distance_m;
      self->traits |= navi_graph_traits (graph, &time, leg_arc.arc);
      if (i > 0)
        self->traits |= navi_graph_node_traits (graph, &time, navi_graph_tail (graph, leg_arc.arc));
      add_stretch (self, graph, &time, &leg_arc);
      g_array_append_val (arcs, leg_arc);
    }
  append_coordinate (self, to->lat_deg, to->lon_deg);
  if (self->geometry->len == 1)
    {
      /* Begin and end are one point: still a line. */
      NaviCoordinate only = g_array_index (self->geometry, NaviCoordinate, 0);
      g_array_append_val (self->geometry, only);
    }
  navi_maneuvers_append (graph, &time, (const NaviLegArc *) arcs->data, arcs->len, to, (const NaviCoordinate *) self->geometry->data,
                         self->geometry->len - 1, self->steps);
  add_remained (self, graph, metric, (const NaviLegArc *) arcs->data, arcs->len);
  leg.duration_s = (double) time_ms / 1000.0;
  leg.n_steps = g_list_model_get_n_items (G_LIST_MODEL (self->steps)) - leg.first_step;
  self->time_ms += time_ms;
  self->distance_m += leg.distance_m;
  g_array_append_val (self->legs, leg);
}

const NaviStretch *
navi_route_get_stretches (NaviRoute *self, guint *n_stretches)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self) && n_stretches != NULL, NULL);

  *n_stretches = self->stretches->len;
  return (const NaviStretch *) self->stretches->data;
}

void
navi_route_set_via (NaviRoute *self, const NaviNames *via)
{
  g_clear_pointer (&self->via, navi_names_unref);
  self->via = navi_names_ref (via);
}

const NaviNames *
navi_route_get_via (NaviRoute *self)
{
  static const NaviNames nothing = { "", "", "" };

  g_return_val_if_fail (NAVI_IS_ROUTE (self), &nothing);
  return self->via != NULL ? self->via : &nothing;
}

void
navi_route_set_via_side (NaviRoute *self, NaviSide side)
{
  self->via_side = side;
}

NaviSide
navi_route_get_via_side (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), NAVI_SIDE_NONE);
  return self->via_side;
}

guint
navi_route_get_traits (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), 0);
  return self->traits;
}

void
navi_route_set_longer (NaviRoute *self, NaviAvoid what, double longer_s)
{
  for (guint i = 0; i < self->remained->len; i++)
    if (g_array_index (self->remained, NaviRemained, i).what == what)
      g_array_index (self->remained, NaviRemained, i).longer_s = longer_s;
}

const NaviRemained *
navi_route_get_remained (NaviRoute *self, guint *n_remained)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self) && n_remained != NULL, NULL);
  *n_remained = self->remained->len;
  return (const NaviRemained *) self->remained->data;
}

NaviProfile
navi_route_get_profile (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), NAVI_CAR);
  return self->profile;
}

double
navi_route_get_distance_m (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), 0);
  return self->distance_m;
}

double
navi_route_get_duration_s (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), 0);
  return (double) self->time_ms / 1000.0;
}

guint64
navi_route_get_time_ms (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), 0);
  return self->time_ms;
}

const NaviCoordinate *
navi_route_get_geometry (NaviRoute *self, guint *n_points)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self) && n_points != NULL, NULL);
  *n_points = self->geometry->len;
  return (const NaviCoordinate *) self->geometry->data;
}

const NaviLeg *
navi_route_get_legs (NaviRoute *self, guint *n_legs)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self) && n_legs != NULL, NULL);
  *n_legs = self->legs->len;
  return (const NaviLeg *) self->legs->data;
}

GListModel *
navi_route_get_steps (NaviRoute *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE (self), NULL);
  return G_LIST_MODEL (self->steps);
}

static const char *const profile_names[NAVI_N_PROFILES] = { "car", "bicycle", "foot" };

gboolean
navi_profile_from_string (const char *name, NaviProfile *profile)
{
  for (guint i = 0; i < NAVI_N_PROFILES; i++)
    if (g_strcmp0 (name, profile_names[i]) == 0)
      {
        *profile = (NaviProfile) i;
        return TRUE;
      }
  return FALSE;
}

const char *
navi_profile_to_string (NaviProfile profile)
{
  g_return_val_if_fail (profile < NAVI_N_PROFILES, NULL);
  return profile_names[profile];
}
