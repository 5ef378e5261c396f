/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-data.h"

#include <cairo.h>

G_BEGIN_DECLS

/* Drawing the map's ground: everything but labels and signs (navi-map-labels.h).
 *
 * World pixels: the square Web Mercator world at a zoom is 256 * 2^zoom pixels times the display's scale wide, y to the south.
 *
 * Threading: any thread; no shared state but the regions' caches.
 * Source: EPSG:3857; the classes and their order follow what OpenStreetMap Carto's documentation calls road classes and layers. */

typedef struct
{
  double x; /* of the picture's upper left corner, in world pixels */
  double y;
  int width; /* in pixels */
  int height;
  double zoom;  /* what to show and how wide; world pixels = 256 * 2^zoom * scale */
  double scale; /* device pixels per map pixel: 1, 2 */
} NaviMapFrame;

/* Longitude and latitude to world pixels in a world @world pixels wide, and back. */
double navi_map_world_x (double lon_deg, double world);
double navi_map_world_y (double lat_deg, double world);
double navi_map_world_lon_deg (double x, double world);
double navi_map_world_lat_deg (double y, double world);
double navi_map_frame_world (const NaviMapFrame *frame);

/* @regions: (element-type NaviMapData): all of them are drawn. */
void navi_map_render (cairo_t *cr, GPtrArray *regions, const NaviMapFrame *frame, gboolean dark);

/* The tile @x, @y of @zoom as an RGB24 surface of 256 * @scale pixels, or NULL if no region has anything there.
 * Returns: (transfer full) (nullable) */
cairo_surface_t *navi_map_render_tile (GPtrArray *regions, int zoom, int x, int y, double scale, gboolean dark);

/* ---- For the labels, which project the same cells ---- */

#define NAVI_MAP_PROJECTION_STEPS 64

/* From a cell's units to a frame's pixels: exact in x, by a table in y (the error stays under a hundredth of a pixel). */
typedef struct
{
  double x0;
  double kx;
  double ys[NAVI_MAP_PROJECTION_STEPS + 1];
} NaviMapProjection;

void navi_map_projection_init (NaviMapProjection *self, const NaviMapCell *cell, const NaviMapFrame *frame);

static inline double
navi_map_project_x (const NaviMapProjection *self, gint32 x)
{
  return self->x0 + self->kx * x;
}

static inline double
navi_map_project_y (const NaviMapProjection *self, gint32 y)
{
  double at = (double) (y + NAVI_MAP_CELL_MARGIN) * NAVI_MAP_PROJECTION_STEPS / (NAVI_MAP_CELL_UNITS + 2 * NAVI_MAP_CELL_MARGIN);
  int step = CLAMP ((int) at, 0, NAVI_MAP_PROJECTION_STEPS - 1);

  return self->ys[step] + (self->ys[step + 1] - self->ys[step]) * (at - step);
}

/* The cells that a frame shows, with @margin_px around it.  (element-type NaviMapCell) (transfer full) */
GPtrArray *navi_map_frame_cells (GPtrArray *regions, const NaviMapFrame *frame, double margin_px);

G_END_DECLS
