/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-metrics.h"
#include "navi-trace.h"

G_BEGIN_DECLS

/* Made-up drives: along arcs of a network, at the speed of each road, and what a receiver with known errors would report of them.
 */

typedef struct
{
  double sigma_m;      /* of the error, in each of east and north */
  double memory_s;     /* errors this long ago count 1 / e; 0: each fix errs for itself */
  double interval_s;   /* between fixes */
  gboolean has_motion; /* speed and direction of travel are measured too */
} NaviReceiver;

typedef struct
{
  GArray *arcs;     /* NaviMatchedArc: what was driven */
  GArray *truth;    /* NaviMatch: where each fix was taken: arc, at_m, lat_deg, lon_deg, bearing_deg */
  GPtrArray *fixes; /* CloudFix */
} NaviDrive;

NaviDrive *navi_drive_new (void);
void navi_drive_free (NaviDrive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviDrive, navi_drive_free)

/* Arcs of the fastest way between two random points, at least @least_m and about twice that at most; whole but for a little at
 * both ends. */
void navi_drive_plan (NaviDrive *self, const NaviGraph *graph, NaviMetrics *metrics, NaviProfile profile, double least_m,
                      GRand *random);

/* Drives the arcs, which end at the last fix then; @start_unix_us is the time of the first fix. */
void navi_drive_record (NaviDrive *self, const NaviGraph *graph, NaviProfile profile, const NaviReceiver *receiver,
                        gint64 start_unix_us, GRand *random);

/* How well a trace repeats a drive, added up over many. */
typedef struct
{
  guint n_fixes;
  guint n_right_arcs;  /* fixes matched to the arc that was driven */
  guint n_right_edges; /* in either direction */
  double driven_m;
  double missing_m; /* driven, but not matched */
  double extra_m;   /* matched, but not driven */
  guint n_pieces;
  guint n_drives;
} NaviDriveScore;

void navi_drive_compare (const NaviDrive *self, NaviTrace *trace, NaviDriveScore *score);

/* A normally distributed number. */
double navi_drive_gauss (GRand *random);

G_END_DECLS
