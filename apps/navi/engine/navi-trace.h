/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-matcher.h"

G_BEGIN_DECLS

/* NaviTrace: a recorded drive, laid on the roads of a region.
 *
 * The whole recording goes through a NaviMatcher twice: first to estimate sigma and beta from all of it, then with them.  It
 * falls into pieces: ways without a break on the roads, and stretches off them (parks, car parks, roads that the map lacks, what
 * lies outside the region).
 *
 * Threading: immutable; any thread.  navi_trace_match() blocks and may be called from any thread, navi_trace_match_async() from
 * that of your main context; it works on a thread of GLib's pool. Ownership: what getters give belongs to the trace. Errors:
 * CLOUD_ERROR_INVALID (no usable fix: not a recording), NOT_FOUND (no part of it lies on a road of this region that the profile
 * may use: another region, or another profile), CORRUPT (the region is damaged), G_IO_ERROR_CANCELLED. Source: as for
 * NaviMatcher. */

#define NAVI_TYPE_TRACE (navi_trace_get_type ())
G_DECLARE_FINAL_TYPE (NaviTrace, navi_trace, NAVI, TRACE, GObject)

typedef struct
{
  double lat_deg;
  double lon_deg;
  gint64 time_unix_us; /* between two fixes as if driven evenly */
} NaviTracePoint;

typedef struct
{
  gboolean is_on_road;
  double distance_m;
  guint first_match;
  guint n_matches;
  guint first_arc; /* none off the roads */
  guint n_arcs;
  guint first_point;
  guint n_points;
} NaviTracePiece;

/* @fixes: (element-type CloudFix).  Returns: (transfer full) (nullable) */
NaviTrace *navi_trace_match (NaviRouter *router, NaviProfile profile, GPtrArray *fixes, GCancellable *cancellable,
                             GError **error);

void navi_trace_match_async (NaviRouter *router, NaviProfile profile, GPtrArray *fixes, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
NaviTrace *navi_trace_match_finish (NaviRouter *router, GAsyncResult *result, GError **error);

/* One for each usable fix, in their order; serial is the fix's index.  One that was not used itself (NaviMatcher) lies where the
 * way passes it. */
const NaviMatch *navi_trace_get_matches (NaviTrace *self, guint *n_matches);

const NaviTracePiece *navi_trace_get_pieces (NaviTrace *self, guint *n_pieces);

/* What the pieces' numbers refer to. */
const NaviMatchedArc *navi_trace_get_arcs (NaviTrace *self, guint *n_arcs);
const NaviTracePoint *navi_trace_get_points (NaviTrace *self, guint *n_points);

/* Fixes without a position or out of order. */
guint navi_trace_get_n_unusable (NaviTrace *self);

double navi_trace_get_sigma_m (NaviTrace *self);
double navi_trace_get_beta_m (NaviTrace *self);

G_END_DECLS
