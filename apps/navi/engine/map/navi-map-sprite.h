/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-style.h"

#include <cairo.h>

G_BEGIN_DECLS

/* The pictures of labels: text with a halo, badges, road shields, made once and kept.
 *
 * Threading: a NaviMapSpriteMaker is used by one thread at a time; a NaviMapSprite is immutable. */

typedef struct
{
  gatomicrefcount ref_count;
  cairo_surface_t *surface; /* with the display's scale set */
  double width;             /* in map pixels */
  double height;
  double anchor_x; /* which of its points lies on the place it names */
  double anchor_y;
} NaviMapSprite;

NaviMapSprite *navi_map_sprite_ref (NaviMapSprite *self);
void navi_map_sprite_unref (NaviMapSprite *self);

typedef struct
{
  double size_px;
  gboolean bold;
  gboolean italic;
  NaviMapColor color;
  NaviMapColor halo;
  int wrap_px;     /* 0: one line */
  int icon;        /* a NAVI_MAP_POI_ kind whose badge stands above the text, NAVI_MAP_PEAK for a small triangle, or 0 */
  NaviMapColor shield; /* a rounded plate of this colour behind the text; NAVI_MAP_NO_COLOR: none */
} NaviMapTextStyle;

typedef struct _NaviMapSpriteMaker NaviMapSpriteMaker;

NaviMapSpriteMaker *navi_map_sprite_maker_new (double scale);
void navi_map_sprite_maker_free (NaviMapSpriteMaker *self);

/* @text: "" for a badge alone.  Returns: (transfer none): kept until the maker forgets the least recently made ones; ref to keep. */
NaviMapSprite *navi_map_sprite_maker_get (NaviMapSpriteMaker *self, const char *text, const NaviMapTextStyle *style, gboolean dark);

G_END_DECLS
