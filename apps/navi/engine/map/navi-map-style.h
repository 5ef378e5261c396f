/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-kind.h"

G_BEGIN_DECLS

/* The look of the map, for day and night: colours and widths by kind and zoom.
 *
 * Widths are in units of 1/256 of a tile ("px" at scale 1).
 * Threading: constants. */

typedef guint32 NaviMapColor; /* 0xRRGGBB; NAVI_MAP_NO_COLOR: not painted */
#define NAVI_MAP_NO_COLOR ((NaviMapColor) 0xff000000u)

typedef struct
{
  NaviMapColor fill;
  NaviMapColor line; /* casing of roads, outline of areas */
} NaviMapPaint;

typedef struct
{
  NaviMapColor land;
  NaviMapColor sea;
  NaviMapColor arrow;      /* one-way arrows */
  NaviMapColor text;       /* labels of streets and places */
  NaviMapColor halo;
  NaviMapColor text_water;
  NaviMapColor text_green;
  NaviMapColor text_quiet; /* house numbers, areas */
  NaviMapPaint paints[NAVI_MAP_N_KINDS];
} NaviMapStyle;

const NaviMapStyle *navi_map_style_get (gboolean dark);

/* 0 where nothing is drawn at @zoom (which may be fractional). */
double navi_map_style_line_width (int kind, guint flags, double zoom);

/* How much the casing adds on each side; 0: none. */
double navi_map_style_casing_width (int kind, double width, double zoom);

/* (nullable): dash lengths in px, two of them. */
const double *navi_map_style_dash (int kind, double zoom);

/* The zoom from which on an area is painted. */
int navi_map_style_area_zoom (int kind);

G_END_DECLS
