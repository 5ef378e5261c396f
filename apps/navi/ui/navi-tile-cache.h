/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-data.h"

#include <cairo.h>
#include <glib-object.h>

G_BEGIN_DECLS

/* NaviTileCache: the map's ground as tiles, drawn on worker threads and kept while there is room.
 *
 * Usage, once a frame: navi_tile_cache_begin_frame(), then navi_tile_cache_get() for each tile in sight; what is missing is drawn and
 * "changed" is emitted when it is there.  Tiles that no frame asks for any more are not drawn.
 *
 * Threading: the main thread.  Ownership: GObject.  At most NAVI_TILE_CACHE_MAX_BYTES of pixels. */

#define NAVI_TILE_CACHE_MAX_BYTES (24 << 20)

#define NAVI_TYPE_TILE_CACHE (navi_tile_cache_get_type ())
G_DECLARE_FINAL_TYPE (NaviTileCache, navi_tile_cache, NAVI, TILE_CACHE, GObject)

/* Signal "changed". */

NaviTileCache *navi_tile_cache_new (void);

/* Each forgets all tiles.  @regions: (element-type NaviMapData). */
void navi_tile_cache_set_regions (NaviTileCache *self, GPtrArray *regions);
void navi_tile_cache_set_look (NaviTileCache *self, gboolean dark, double scale);

void navi_tile_cache_begin_frame (NaviTileCache *self);

/* TRUE if the tile is here; *@surface is (transfer none), NULL where the map is empty.  @want: have it drawn if it isn't. */
gboolean navi_tile_cache_get (NaviTileCache *self, int zoom, int x, int y, gboolean want, cairo_surface_t **surface);

/* TRUE if nothing is being drawn. */
gboolean navi_tile_cache_is_idle (NaviTileCache *self);

/* Gives back all pixels, for a hidden window or a system short of memory. */
void navi_tile_cache_trim (NaviTileCache *self);

G_END_DECLS
