/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <shumate/shumate.h>

G_BEGIN_DECLS

/* NaviMarkerLayer: what moves or is chosen on the map: the own position with its accuracy and heading, the start, the destination, the
 * selected place.  Apart from the map, so that a new fix repaints a few pixels and not the map.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

typedef enum
{
  NAVI_MARKER_POSITION,
  NAVI_MARKER_START,
  NAVI_MARKER_DESTINATION,
  NAVI_MARKER_SELECTED,
  NAVI_N_MARKERS,
} NaviMarker;

#define NAVI_TYPE_MARKER_LAYER (navi_marker_layer_get_type ())
G_DECLARE_FINAL_TYPE (NaviMarkerLayer, navi_marker_layer, NAVI, MARKER_LAYER, ShumateLayer)

NaviMarkerLayer *navi_marker_layer_new (ShumateViewport *viewport);

void navi_marker_layer_show (NaviMarkerLayer *self, NaviMarker marker, double lat_deg, double lon_deg);
void navi_marker_layer_hide (NaviMarkerLayer *self, NaviMarker marker);

/* FALSE if it isn't shown. */
gboolean navi_marker_layer_get (NaviMarkerLayer *self, NaviMarker marker, double *lat_deg, double *lon_deg);

/* @accuracy_m: radius, 0: no circle.  @heading_deg: clockwise from north, NAN: none.  @is_old: drawn grey. */
void navi_marker_layer_set_position_quality (NaviMarkerLayer *self, double accuracy_m, double heading_deg, gboolean is_old);

G_END_DECLS
