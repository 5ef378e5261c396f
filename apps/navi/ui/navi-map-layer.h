/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-data.h"
#include "navi-map-labels.h"

#include <shumate/shumate.h>

G_BEGIN_DECLS

/* NaviMapLayer: the regions' map in a ShumateMap: ground, route and labels in one layer and one cairo node.
 *
 * Tiles are drawn and labels placed on worker threads; a frame only copies pixels.  Where a tile isn't there yet, a larger or smaller
 * one that is stands in.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_MAP_LAYER (navi_map_layer_get_type ())
G_DECLARE_FINAL_TYPE (NaviMapLayer, navi_map_layer, NAVI, MAP_LAYER, ShumateLayer)

/* Property "idle" (gboolean): everything in sight is drawn and labelled. */

NaviMapLayer *navi_map_layer_new (ShumateViewport *viewport);

/* @regions: (element-type NaviMapData). */
void navi_map_layer_set_regions (NaviMapLayer *self, GPtrArray *regions);
void navi_map_layer_set_dark (NaviMapLayer *self, gboolean dark);

/* @language: "en", "zh" or NULL for local names. */
void navi_map_layer_set_language (NaviMapLayer *self, const char *language);

/* A route's course, latitude and longitude in degrees in turn; @n_points 0: none. */
void navi_map_layer_set_route (NaviMapLayer *self, const double *lat_lon_deg, guint n_points);

/* The view as it is now. */
void navi_map_layer_get_view (NaviMapLayer *self, NaviMapView *view);

/* See navi_map_labels_pick(). */
gboolean navi_map_layer_pick (NaviMapLayer *self, double x, double y, int *kind, NaviNames **names, double *lat_deg, double *lon_deg);

gboolean navi_map_layer_is_idle (NaviMapLayer *self);

/* Gives back the memory of pixels and labels. */
void navi_map_layer_trim (NaviMapLayer *self);

G_END_DECLS
