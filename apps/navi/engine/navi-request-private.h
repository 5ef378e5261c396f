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
};

/* Appends the edges that the blocks mean; they may come twice. */
void navi_request_append_blocked (const NaviRouteRequest *self, const NaviGraph *graph, GArray *edges);

G_END_DECLS
