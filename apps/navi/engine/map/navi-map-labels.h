/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-data.h"

#include <cairo.h>

G_BEGIN_DECLS

/* The names and signs on the map, placed for one view at a time: never baked into tiles, upright however the map is turned, never cut and
 * never on top of one another.
 *
 * A layout is made on a worker thread and then drawn as often as wanted while the map moves a little: each label knows its place on
 * the earth and finds its place on the screen anew.
 *
 * Threading: navi_map_labeler_layout() from one thread at a time per labeler; a NaviMapLabels is immutable, any thread draws it. */

typedef struct
{
  double lat_deg; /* what is in the middle */
  double lon_deg;
  double zoom;         /* map pixels: the world is 256 * 2^zoom of them wide */
  double rotation_rad; /* the map is turned clockwise by this */
  int width;           /* in map pixels */
  int height;
} NaviMapView;

typedef struct _NaviMapLabeler NaviMapLabeler;
typedef struct _NaviMapLabels NaviMapLabels;

/* @language: of the reader, "en" or "zh" (navi-names.h), or NULL for local names only.  @scale: device pixels per map pixel. */
NaviMapLabeler *navi_map_labeler_new (const char *language, double scale);
void navi_map_labeler_free (NaviMapLabeler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapLabeler, navi_map_labeler_free)

/* @regions: (element-type NaviMapData).  @margin: labels are placed this many map pixels beyond the view's edges as well, for the moves to
 * come.  Returns: (transfer full) */
NaviMapLabels *navi_map_labeler_layout (NaviMapLabeler *self, GPtrArray *regions, const NaviMapView *view, int margin, gboolean dark);

NaviMapLabels *navi_map_labels_ref (NaviMapLabels *self);
void navi_map_labels_unref (NaviMapLabels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapLabels, navi_map_labels_unref)

/* Draws them where they are in @view, in map pixels. */
void navi_map_labels_draw (NaviMapLabels *self, cairo_t *cr, const NaviMapView *view);

/* The point of interest or place whose sign is at @x, @y of @view; FALSE if there is none.  @names: (out) (transfer full) (nullable). */
gboolean navi_map_labels_pick (NaviMapLabels *self, const NaviMapView *view, double x, double y, int *kind, NaviNames **names,
                               double *lat_deg, double *lon_deg);

guint navi_map_labels_get_n (NaviMapLabels *self);

G_END_DECLS
