/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-path.h"

G_BEGIN_DECLS

/* Random questions to a route engine, and an answer added up again. */

/* A random point of a road that the metric allows: fills @points and returns how many directions it has. */
guint navi_random_ends (const NaviGraph *graph, const NaviMetric *metric, GRand *random, NaviArcPoint points[2]);

/* Random wishes for a profile; blocked edges are appended to @edges, to which the metric then points. */
void navi_random_wishes (const NaviGraph *graph, NaviProfile profile, GRand *random, NaviMetric *metric, GArray *edges);

/* What the path costs, arc by arc; G_MAXUINT64 with a message if it is no way that one may go from one of @origins to one of @targets. */
guint64 navi_add_up (const NaviGraph *graph, const NaviMetric *metric, const NaviArcPoint *origins, guint n_origins,
                     const NaviArcPoint *targets, guint n_targets, const NaviPath *path);

G_END_DECLS
