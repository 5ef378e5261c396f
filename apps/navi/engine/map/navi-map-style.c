/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-style.h"

/* Two palettes of one design: warm paper by day, slate by night; green, blue and one warm ramp for the roads. */

#define NONE NAVI_MAP_NO_COLOR

static const NaviMapStyle day = {
  .land = 0xf5f2ec,
  .sea = 0xa8d2ee,
  .arrow = 0x8a8f99,
  .text = 0x33373d,
  .halo = 0xffffff,
  .text_water = 0x2f6f9f,
  .text_green = 0x3f7a3a,
  .text_quiet = 0x7b7469,
  .paints = {
    [NAVI_MAP_AREA_RESIDENTIAL] = { 0xede8df, NONE },
    [NAVI_MAP_AREA_COMMERCIAL] = { 0xf3e7df, NONE },
    [NAVI_MAP_AREA_INDUSTRIAL] = { 0xe9e6e9, NONE },
    [NAVI_MAP_AREA_FARMLAND] = { 0xf1efdf, NONE },
    [NAVI_MAP_AREA_GRASS] = { 0xe0edcd, NONE },
    [NAVI_MAP_AREA_FOREST] = { 0xc9dfb6, NONE },
    [NAVI_MAP_AREA_INSTITUTION] = { 0xf3ecd6, NONE },
    [NAVI_MAP_AREA_PARK] = { 0xcfe8bc, NONE },
    [NAVI_MAP_AREA_CEMETERY] = { 0xd3e0c8, NONE },
    [NAVI_MAP_AREA_SAND] = { 0xf6ebc6, NONE },
    [NAVI_MAP_AREA_ROCK] = { 0xe4e0d9, NONE },
    [NAVI_MAP_AREA_GLACIER] = { 0xe9f5fb, NONE },
    [NAVI_MAP_AREA_WETLAND] = { 0xd8e9dc, NONE },
    [NAVI_MAP_AREA_AERODROME] = { 0xe8e8ee, NONE },
    [NAVI_MAP_AREA_WATER] = { 0xa8d2ee, NONE },
    [NAVI_MAP_AREA_ISLAND] = { 0xf5f2ec, NONE },
    [NAVI_MAP_AREA_PITCH] = { 0xbfe2b5, 0xa8d09c },
    [NAVI_MAP_AREA_PARKING] = { 0xe9e6ea, 0xd8d4da },
    [NAVI_MAP_AREA_PEDESTRIAN] = { 0xf3eef3, 0xdfd6e0 },
    [NAVI_MAP_AREA_PIER] = { 0xe6e0d8, 0xd2cabf },
    [NAVI_MAP_AREA_RUNWAY] = { 0xd6d6df, NONE },
    [NAVI_MAP_AREA_BUILDING] = { 0xdfd6ca, 0xccc1b2 },
    [NAVI_MAP_LINE_STREAM] = { 0xa8d2ee, NONE },
    [NAVI_MAP_LINE_CANAL] = { 0xa8d2ee, NONE },
    [NAVI_MAP_LINE_RIVER] = { 0xa8d2ee, NONE },
    [NAVI_MAP_LINE_COAST] = { 0x7fb4d8, NONE },
    [NAVI_MAP_LINE_RAIL] = { 0xffffff, 0x8e8e98 },
    [NAVI_MAP_LINE_TRAM] = { 0xa9a4ae, NONE },
    [NAVI_MAP_LINE_AERIALWAY] = { 0x6c6c76, NONE },
    [NAVI_MAP_LINE_FERRY] = { 0x4f8fc4, NONE },
    [NAVI_MAP_LINE_BORDER] = { 0x9a7fb0, NONE },
    [NAVI_MAP_LINE_BORDER_STATE] = { 0xb6a5c4, NONE },
    [NAVI_MAP_LINE_RUNWAY] = { 0xcfcfd9, NONE },
    [NAVI_MAP_LINE_TAXIWAY] = { 0xd6d6df, NONE },
    [NAVI_MAP_ROAD_CONSTRUCTION] = { 0xb9b3a9, NONE },
    [NAVI_MAP_ROAD_STEPS] = { 0xc07f68, NONE },
    [NAVI_MAP_ROAD_FOOTWAY] = { 0xc98f78, NONE },
    [NAVI_MAP_ROAD_CYCLEWAY] = { 0x4f86cf, NONE },
    [NAVI_MAP_ROAD_TRACK] = { 0xb1946a, NONE },
    [NAVI_MAP_ROAD_SERVICE] = { 0xffffff, 0xd5cec3 },
    [NAVI_MAP_ROAD_PEDESTRIAN] = { 0xeee8f1, 0xcfc6d6 },
    [NAVI_MAP_ROAD_LIVING] = { 0xf7f5f2, 0xd2cbc0 },
    [NAVI_MAP_ROAD_RESIDENTIAL] = { 0xffffff, 0xcfc8bc },
    [NAVI_MAP_ROAD_UNCLASSIFIED] = { 0xffffff, 0xc8c0b3 },
    [NAVI_MAP_ROAD_TERTIARY] = { 0xffffff, 0xbdb4a5 },
    [NAVI_MAP_ROAD_SECONDARY] = { 0xfdeeab, 0xd3bf76 },
    [NAVI_MAP_ROAD_PRIMARY] = { 0xfcd682, 0xd6a84c },
    [NAVI_MAP_ROAD_TRUNK] = { 0xf9b876, 0xd68d43 },
    [NAVI_MAP_ROAD_MOTORWAY] = { 0xf2945c, 0xcb6a38 },
  },
};

static const NaviMapStyle night = {
  .land = 0x1c2027,
  .sea = 0x10304a,
  .arrow = 0x8b93a1,
  .text = 0xd7dce4,
  .halo = 0x14171c,
  .text_water = 0x7db4dd,
  .text_green = 0x8dbd86,
  .text_quiet = 0x8d93a0,
  .paints = {
    [NAVI_MAP_AREA_RESIDENTIAL] = { 0x22262e, NONE },
    [NAVI_MAP_AREA_COMMERCIAL] = { 0x28272e, NONE },
    [NAVI_MAP_AREA_INDUSTRIAL] = { 0x25262d, NONE },
    [NAVI_MAP_AREA_FARMLAND] = { 0x20241f, NONE },
    [NAVI_MAP_AREA_GRASS] = { 0x1e2a22, NONE },
    [NAVI_MAP_AREA_FOREST] = { 0x1a2c20, NONE },
    [NAVI_MAP_AREA_INSTITUTION] = { 0x29281f, NONE },
    [NAVI_MAP_AREA_PARK] = { 0x1c3023, NONE },
    [NAVI_MAP_AREA_CEMETERY] = { 0x1f2b25, NONE },
    [NAVI_MAP_AREA_SAND] = { 0x302d20, NONE },
    [NAVI_MAP_AREA_ROCK] = { 0x282a2e, NONE },
    [NAVI_MAP_AREA_GLACIER] = { 0x2a3740, NONE },
    [NAVI_MAP_AREA_WETLAND] = { 0x1c2c2b, NONE },
    [NAVI_MAP_AREA_AERODROME] = { 0x262932, NONE },
    [NAVI_MAP_AREA_WATER] = { 0x10304a, NONE },
    [NAVI_MAP_AREA_ISLAND] = { 0x1c2027, NONE },
    [NAVI_MAP_AREA_PITCH] = { 0x1f3826, 0x2a4631 },
    [NAVI_MAP_AREA_PARKING] = { 0x282b33, 0x31353e },
    [NAVI_MAP_AREA_PEDESTRIAN] = { 0x2a2a34, 0x363542 },
    [NAVI_MAP_AREA_PIER] = { 0x2c2e34, 0x383b42 },
    [NAVI_MAP_AREA_RUNWAY] = { 0x31343f, NONE },
    [NAVI_MAP_AREA_BUILDING] = { 0x2c313a, 0x3a404a },
    [NAVI_MAP_LINE_STREAM] = { 0x1b4262, NONE },
    [NAVI_MAP_LINE_CANAL] = { 0x1b4262, NONE },
    [NAVI_MAP_LINE_RIVER] = { 0x1b4262, NONE },
    [NAVI_MAP_LINE_COAST] = { 0x2a5677, NONE },
    [NAVI_MAP_LINE_RAIL] = { 0x1c2027, 0x6a6f7a },
    [NAVI_MAP_LINE_TRAM] = { 0x565a65, NONE },
    [NAVI_MAP_LINE_AERIALWAY] = { 0x8b909b, NONE },
    [NAVI_MAP_LINE_FERRY] = { 0x4a83b3, NONE },
    [NAVI_MAP_LINE_BORDER] = { 0x8a74a0, NONE },
    [NAVI_MAP_LINE_BORDER_STATE] = { 0x63577a, NONE },
    [NAVI_MAP_LINE_RUNWAY] = { 0x3b3f4a, NONE },
    [NAVI_MAP_LINE_TAXIWAY] = { 0x343843, NONE },
    [NAVI_MAP_ROAD_CONSTRUCTION] = { 0x4d5058, NONE },
    [NAVI_MAP_ROAD_STEPS] = { 0x94685a, NONE },
    [NAVI_MAP_ROAD_FOOTWAY] = { 0x80655b, NONE },
    [NAVI_MAP_ROAD_CYCLEWAY] = { 0x4a76ad, NONE },
    [NAVI_MAP_ROAD_TRACK] = { 0x6f6350, NONE },
    [NAVI_MAP_ROAD_SERVICE] = { 0x373c46, 0x15181d },
    [NAVI_MAP_ROAD_PEDESTRIAN] = { 0x3c3a48, 0x15181d },
    [NAVI_MAP_ROAD_LIVING] = { 0x3b404a, 0x15181d },
    [NAVI_MAP_ROAD_RESIDENTIAL] = { 0x414753, 0x15181d },
    [NAVI_MAP_ROAD_UNCLASSIFIED] = { 0x474d59, 0x15181d },
    [NAVI_MAP_ROAD_TERTIARY] = { 0x525966, 0x15181d },
    [NAVI_MAP_ROAD_SECONDARY] = { 0x6b6344, 0x15181d },
    [NAVI_MAP_ROAD_PRIMARY] = { 0x83703d, 0x15181d },
    [NAVI_MAP_ROAD_TRUNK] = { 0x936638, 0x15181d },
    [NAVI_MAP_ROAD_MOTORWAY] = { 0xad5f37, 0x15181d },
  },
};

/* Widths at these zooms; between them they grow geometrically where both are above nothing, else linearly. */
static const double width_zooms[] = { 6, 8, 10, 12, 14, 16, 18 };

static const float widths[NAVI_MAP_N_KINDS][G_N_ELEMENTS (width_zooms)] = {
  [NAVI_MAP_LINE_STREAM] = { 0, 0, 0, 0.5f, 0.9f, 1.8f, 3.0f },
  [NAVI_MAP_LINE_CANAL] = { 0, 0, 0.6f, 1.2f, 2.0f, 4.0f, 8.0f },
  [NAVI_MAP_LINE_RIVER] = { 0, 0.9f, 1.3f, 1.9f, 2.8f, 5.0f, 9.0f },
  [NAVI_MAP_LINE_COAST] = { 0.8f, 0.8f, 0.9f, 1.0f, 1.2f, 1.4f, 1.6f },
  [NAVI_MAP_LINE_RAIL] = { 0, 0.5f, 0.8f, 1.1f, 1.8f, 2.6f, 4.0f },
  [NAVI_MAP_LINE_TRAM] = { 0, 0, 0, 0.5f, 0.9f, 1.4f, 2.2f },
  [NAVI_MAP_LINE_AERIALWAY] = { 0, 0, 0, 0.7f, 1.0f, 1.3f, 1.6f },
  [NAVI_MAP_LINE_FERRY] = { 0, 0.8f, 0.9f, 1.1f, 1.4f, 1.8f, 2.2f },
  [NAVI_MAP_LINE_BORDER] = { 1.0f, 1.2f, 1.5f, 1.8f, 2.2f, 2.6f, 3.0f },
  [NAVI_MAP_LINE_BORDER_STATE] = { 0, 0.8f, 1.0f, 1.2f, 1.4f, 1.6f, 1.8f },
  [NAVI_MAP_LINE_RUNWAY] = { 0, 0, 1.2f, 3.0f, 9.0f, 30.0f, 90.0f },
  [NAVI_MAP_LINE_TAXIWAY] = { 0, 0, 0, 1.0f, 3.0f, 10.0f, 30.0f },
  [NAVI_MAP_ROAD_CONSTRUCTION] = { 0, 0, 0, 0, 1.4f, 4.0f, 9.0f },
  [NAVI_MAP_ROAD_STEPS] = { 0, 0, 0, 0, 0.9f, 2.4f, 4.5f },
  [NAVI_MAP_ROAD_FOOTWAY] = { 0, 0, 0, 0, 0.7f, 1.2f, 2.2f },
  [NAVI_MAP_ROAD_CYCLEWAY] = { 0, 0, 0, 0, 0.8f, 1.3f, 2.4f },
  [NAVI_MAP_ROAD_TRACK] = { 0, 0, 0, 0, 0.9f, 1.5f, 2.8f },
  [NAVI_MAP_ROAD_SERVICE] = { 0, 0, 0, 0, 1.2f, 4.2f, 9.0f },
  [NAVI_MAP_ROAD_PEDESTRIAN] = { 0, 0, 0, 0.6f, 1.8f, 5.5f, 12.0f },
  [NAVI_MAP_ROAD_LIVING] = { 0, 0, 0, 0.7f, 2.2f, 6.5f, 14.0f },
  [NAVI_MAP_ROAD_RESIDENTIAL] = { 0, 0, 0, 0.8f, 2.5f, 7.0f, 15.0f },
  [NAVI_MAP_ROAD_UNCLASSIFIED] = { 0, 0, 0, 1.0f, 2.8f, 7.5f, 15.5f },
  [NAVI_MAP_ROAD_TERTIARY] = { 0, 0, 0.5f, 1.6f, 3.6f, 8.5f, 17.0f },
  [NAVI_MAP_ROAD_SECONDARY] = { 0, 0, 1.0f, 2.1f, 4.2f, 9.5f, 18.0f },
  [NAVI_MAP_ROAD_PRIMARY] = { 0, 0.8f, 1.5f, 2.6f, 4.8f, 10.5f, 19.0f },
  [NAVI_MAP_ROAD_TRUNK] = { 0.7f, 1.2f, 1.9f, 3.0f, 5.3f, 11.0f, 20.0f },
  [NAVI_MAP_ROAD_MOTORWAY] = { 1.0f, 1.6f, 2.3f, 3.4f, 5.8f, 12.0f, 22.0f },
};

const NaviMapStyle *
navi_map_style_get (gboolean dark)
{
  return dark ? &night : &day;
}

double
navi_map_style_line_width (int kind, guint flags, double zoom)
{
  const float *row = widths[kind];
  gsize last = G_N_ELEMENTS (width_zooms) - 1;
  double width = row[last];

  g_assert (kind > 0 && kind < NAVI_MAP_N_KINDS);

  if (zoom <= width_zooms[0])
    width = row[0];
  else
    for (gsize i = 0; i < last; i++)
      if (zoom < width_zooms[i + 1])
        {
          double t = (zoom - width_zooms[i]) / (width_zooms[i + 1] - width_zooms[i]);

          width = row[i] + (row[i + 1] - row[i]) * t * t * 0.5 + (row[i + 1] - row[i]) * t * 0.5;
          break;
        }
  if (zoom > width_zooms[last])
    width *= 1 + (zoom - width_zooms[last]) * 0.7;
  if (flags & NAVI_MAP_FLAG_LINK)
    width *= 0.7;
  if (flags & NAVI_MAP_FLAG_MINOR)
    width *= 0.6;
  return width;
}

double
navi_map_style_casing_width (int kind, double width, double zoom)
{
  if (kind < NAVI_MAP_ROAD_SERVICE || kind > NAVI_MAP_ROAD_LAST || width < 1.6)
    return 0;
  return zoom < 13 ? 0.45 : zoom < 16 ? 0.7 : 0.9;
}

const double *
navi_map_style_dash (int kind, double zoom)
{
  static const double path[] = { 3.0, 2.2 };
  static const double steps[] = { 1.0, 1.0 };
  static const double track[] = { 6.0, 2.5 };
  static const double ferry[] = { 6.0, 5.0 };
  static const double border[] = { 9.0, 4.0 };
  static const double construction[] = { 5.0, 4.0 };

  switch (kind)
    {
    case NAVI_MAP_ROAD_FOOTWAY:
    case NAVI_MAP_ROAD_CYCLEWAY:
      return path;
    case NAVI_MAP_ROAD_STEPS:
      return zoom >= 15 ? steps : path;
    case NAVI_MAP_ROAD_TRACK:
      return track;
    case NAVI_MAP_ROAD_CONSTRUCTION:
      return construction;
    case NAVI_MAP_LINE_FERRY:
      return ferry;
    case NAVI_MAP_LINE_BORDER:
    case NAVI_MAP_LINE_BORDER_STATE:
      return border;
    default:
      return NULL;
    }
}

int
navi_map_style_area_zoom (int kind)
{
  switch (kind)
    {
    case NAVI_MAP_AREA_BUILDING:
    case NAVI_MAP_AREA_PARKING:
      return 15;
    case NAVI_MAP_AREA_PITCH:
    case NAVI_MAP_AREA_PEDESTRIAN:
    case NAVI_MAP_AREA_INSTITUTION:
    case NAVI_MAP_AREA_PIER:
      return 14;
    default:
      return 0;
    }
}
