/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-request.h"
#include "navi-route.h"

G_BEGIN_DECLS

typedef struct
{
  NaviCoordinate at;
  double radius_m; /* negative: the road there */
} NaviBlock;

struct _NaviRouteRequest
{
  NaviMetric metric; /* without edges */
  GArray *points;    /* NaviCoordinate */
  GArray *blocks;    /* NaviBlock */
  double ahead_m;    /* 0: nothing is blocked ahead */
  guint n_alternatives;
  gboolean has_depart;
  NaviLocalTime depart;
  guint32 sizes[NAVI_N_SIZES];
};

/* Appends the edges that the blocks mean; they may come twice.  @rules: (nullable) */
void navi_request_append_blocked (const NaviRouteRequest *self, const NaviGraph *graph, NaviRules *rules, GArray *edges);

/* What counts at the request's time for its vehicle.  (transfer full) (nullable) */
NaviRules *navi_request_get_rules (const NaviRouteRequest *self, const NaviGraph *graph);

G_END_DECLS
