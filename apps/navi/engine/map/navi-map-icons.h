/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-kind.h"

#include <cairo.h>

G_BEGIN_DECLS

/* The signs of points of interest: a round badge in the colour of the category with a white glyph.
 *
 * Threading: any thread, on a context of one's own. */

enum
{
  NAVI_MAP_ICON_SIZE = 20, /* px at scale 1 */
};

/* Draws the badge of @kind centred on 0, 0. */
void navi_map_icon_draw (cairo_t *cr, int kind, gboolean dark);

/* The category's colour, 0xRRGGBB, for text beside the badge. */
guint32 navi_map_icon_color (int kind, gboolean dark);

G_END_DECLS
