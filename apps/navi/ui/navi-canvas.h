/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-layer.h"
#include "navi-marker-layer.h"

G_BEGIN_DECLS

/* NaviCanvas: the map as hands expect it: libshumate's gestures and projection, our drawing.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_CANVAS (navi_canvas_get_type ())
G_DECLARE_FINAL_TYPE (NaviCanvas, navi_canvas, NAVI, CANVAS, GtkWidget)

/* Signals:
 * "tapped" (double lat_deg, double lon_deg, int kind, NaviNames *names): a short press; kind (NaviMapKind) and names of the sign that was
 *   hit, 0 and NULL where there was none.  The place is then the sign's.
 * "route-tapped" (int index): one of the map layer's routes that is not the chosen one.
 * "pressed-long" (double lat_deg, double lon_deg): what is here?
 * "moved-by-hand": the user dragged, pinched or turned the map. */

GtkWidget *navi_canvas_new (void);

NaviMapLayer *navi_canvas_get_map_layer (NaviCanvas *self);
NaviMarkerLayer *navi_canvas_get_markers (NaviCanvas *self);
ShumateViewport *navi_canvas_get_viewport (NaviCanvas *self);

/* At once; @zoom < 0: as it is. */
void navi_canvas_center_on (NaviCanvas *self, double lat_deg, double lon_deg, double zoom);

/* With a short motion where the system allows it. */
void navi_canvas_go_to (NaviCanvas *self, double lat_deg, double lon_deg, double zoom);

/* Shows the whole box, with so many px covered by other widgets above and below. */
void navi_canvas_fit (NaviCanvas *self, double south, double west, double north, double east, int covered_top, int covered_bottom);

void navi_canvas_zoom_by (NaviCanvas *self, double steps);

/* Turns the map so that @heading_deg is up; 0: north. */
void navi_canvas_set_heading_up (NaviCanvas *self, double heading_deg);

G_END_DECLS
