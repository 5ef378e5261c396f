/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-path.h"
#include "navi-route.h"
#include "navi-snap.h"

G_BEGIN_DECLS

/* How the router makes a NaviRoute, leg by leg. */

NaviRoute *navi_route_new (NaviProfile profile);

/* Adds a leg: its line, its times and its steps. */
void navi_route_add_leg (NaviRoute *self, const NaviGraph *graph, const NaviMetric *metric, const NaviPath *path, const NaviSnap *from,
                         const NaviSnap *to);

/* The metric without wishes other than speeds: what the route takes. */
NaviMetric navi_metric_time_only (const NaviMetric *metric);

/* What a leg takes. */
guint64 navi_route_time_ms (const NaviGraph *graph, const NaviMetric *metric, const NaviPath *path, const NaviSnap *from, const NaviSnap *to);

/* Names the road by which the route is told from others. */
void navi_route_set_via (NaviRoute *self, const NaviNames *via);
void navi_route_set_via_side (NaviRoute *self, NaviSide side);

/* What the arc's road is called, else its number; (transfer full). */
NaviNames *navi_route_name_road (const NaviGraph *graph, guint32 arc);

/* Says what a way without @what would take longer. */
void navi_route_set_longer (NaviRoute *self, NaviAvoid what, double longer_s);

/* One arc of a leg, with what of it is driven. */
typedef struct
{
  guint32 arc;
  double distance_m;
  double duration_s;  /* the turn into it included */
  guint first_point;  /* in the route's geometry */
} NaviLegArc;

/* Appends the steps of a leg (navi-maneuvers.c). */
void navi_maneuvers_append (const NaviGraph *graph, const NaviMetric *metric, const NaviLegArc *arcs, guint n_arcs, const NaviSnap *to,
                            const NaviCoordinate *geometry, guint last_point, GListStore *steps);

G_END_DECLS
