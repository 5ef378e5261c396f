/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "navi-metrics.h"
#include "navi-path.h"

G_BEGIN_DECLS

/* Other ways that are worth being offered beside the best one.
 *
 * What was found is made slower and the search repeated (the penalty method).  A way is offered if it shares less than NAVI_ALTERNATIVE_SHARED
 * percent of its length with each of the others, costs at most NAVI_ALTERNATIVE_COST percent of the best one, goes nowhere twice, and
 * has no detours inside: each piece of it that is an eighth of the best way's cost long is itself the best way between its ends (where one is
 * not, it is replaced by the best before the rest is looked at).
 *
 * Threading: any thread.
 * Source: I. Abraham, D. Delling, A. Goldberg, R. Werneck: Alternative routes in road networks, JEA 18 (2013), for what is worth offering;
 * R. Bader et al.: Alternative route graphs in road networks (2011), for penalties. */

#define NAVI_ALTERNATIVE_SHARED 70
#define NAVI_ALTERNATIVE_COST 140

typedef struct
{
  NaviMetrics *metrics;
  const NaviGraph *graph;
  const NaviMetric *metric;
  const NaviWeights *weights; /* of the metric */
  const NaviArcPoint *origins;
  guint n_origins;
  const NaviArcPoint *targets;
  guint n_targets;
  GCancellable *cancellable;
} NaviAlternatives;

/* Up to @n ways beside @best, in the order they were found.  (transfer full) (element-type NaviPath) */
GArray *navi_alternatives_find (const NaviAlternatives *self, const NaviPath *best, guint n);

/* What the arcs cost from one of the origins to one of the targets; G_MAXUINT64 if one may not go so. */
guint64 navi_alternatives_add_up (const NaviAlternatives *self, const guint32 *arcs, guint n_arcs);

G_END_DECLS
