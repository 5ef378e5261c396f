/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-data.h"
#include "navi-map-labels.h"
#include "navi-route.h"

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

/* @routes: (nullable) (element-type NaviRoute): the one with the index @chosen is drawn above the others. */
void navi_map_layer_set_routes (NaviMapLayer *self, GPtrArray *routes, guint chosen);

/* The index of the other route that passes near a point of the layer, where the chosen one doesn't; -1: none. */
int navi_map_layer_pick_route (NaviMapLayer *self, double x, double y);

/* The view as it is now. */
void navi_map_layer_get_view (NaviMapLayer *self, NaviMapView *view);

/* See navi_map_labels_pick(). */
gboolean navi_map_layer_pick (NaviMapLayer *self, double x, double y, int *kind, NaviNames **names, double *lat_deg, double *lon_deg);

gboolean navi_map_layer_is_idle (NaviMapLayer *self);

/* Gives back the memory of pixels and labels. */
void navi_map_layer_trim (NaviMapLayer *self);

G_END_DECLS
