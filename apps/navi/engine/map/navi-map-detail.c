/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-detail.h"

/* From which zoom on things are kept, and what of them: no level stores what none of its zooms shows. */

int
navi_map_first_zoom_of_line (const NaviMapClass *class)
{
  gboolean minor = class->flags & NAVI_MAP_FLAG_MINOR;

  if (class->flags & NAVI_MAP_FLAG_LINK)
    return class->kind >= NAVI_MAP_ROAD_TRUNK ? 11 : 13;
  switch (class->kind)
    {
    case NAVI_MAP_ROAD_MOTORWAY:
    case NAVI_MAP_LINE_COAST:
    case NAVI_MAP_LINE_BORDER:
      return 5;
    case NAVI_MAP_ROAD_TRUNK:
      return 6;
    case NAVI_MAP_LINE_BORDER_STATE:
      return 7;
    case NAVI_MAP_ROAD_PRIMARY:
    case NAVI_MAP_LINE_RIVER:
    case NAVI_MAP_LINE_FERRY:
      return 8;
    case NAVI_MAP_LINE_RAIL:
      return minor ? 14 : 9;
    case NAVI_MAP_ROAD_SECONDARY:
      return 10;
    case NAVI_MAP_ROAD_TERTIARY:
    case NAVI_MAP_LINE_CANAL:
    case NAVI_MAP_LINE_RUNWAY:
      return 11;
    case NAVI_MAP_ROAD_UNCLASSIFIED:
    case NAVI_MAP_LINE_AERIALWAY:
      return 12;
    case NAVI_MAP_ROAD_RESIDENTIAL:
    case NAVI_MAP_ROAD_LIVING:
    case NAVI_MAP_ROAD_PEDESTRIAN:
    case NAVI_MAP_LINE_TRAM:
      return 13;
    case NAVI_MAP_LINE_STREAM:
      return minor ? 14 : 13;
    default:
      return 14;
    }
}

int
navi_map_first_zoom_of_area (const NaviMapClass *class)
{
  switch (class->kind)
    {
    case NAVI_MAP_AREA_WATER:
    case NAVI_MAP_AREA_ISLAND:
      return class->flags & NAVI_MAP_FLAG_MINOR ? 14 : 6;
    case NAVI_MAP_AREA_GLACIER:
    case NAVI_MAP_AREA_FOREST:
      return 8;
    case NAVI_MAP_AREA_RESIDENTIAL:
      return 9;
    case NAVI_MAP_AREA_COMMERCIAL:
    case NAVI_MAP_AREA_INDUSTRIAL:
    case NAVI_MAP_AREA_PARK:
    case NAVI_MAP_AREA_AERODROME:
      return 11;
    case NAVI_MAP_AREA_FARMLAND:
    case NAVI_MAP_AREA_GRASS:
    case NAVI_MAP_AREA_SAND:
    case NAVI_MAP_AREA_ROCK:
    case NAVI_MAP_AREA_WETLAND:
    case NAVI_MAP_AREA_CEMETERY:
    case NAVI_MAP_AREA_RUNWAY:
      return 12;
    case NAVI_MAP_AREA_INSTITUTION:
    case NAVI_MAP_AREA_PEDESTRIAN:
    case NAVI_MAP_AREA_PIER:
    case NAVI_MAP_AREA_PITCH:
      return 13;
    default:
      return 14;
    }
}

int
navi_map_first_zoom_of_point (const NaviMapClass *class)
{
  switch (class->kind)
    {
    case NAVI_MAP_PLACE_COUNTRY:
    case NAVI_MAP_PLACE_CITY:
      return 5;
    case NAVI_MAP_PLACE_TOWN:
      return 8;
    case NAVI_MAP_PLACE_VILLAGE:
    case NAVI_MAP_PLACE_ISLAND:
    case NAVI_MAP_POI_AIRPORT:
      return 10;
    case NAVI_MAP_PLACE_SUBURB:
    case NAVI_MAP_PEAK:
    case NAVI_MAP_LABEL_WATER:
      return 12;
    case NAVI_MAP_PLACE_HAMLET:
    case NAVI_MAP_POI_STATION:
    case NAVI_MAP_POI_HOSPITAL:
    case NAVI_MAP_LABEL_GREEN:
    case NAVI_MAP_JUNCTION:
      return 13;
    default:
      return 14;
    }
}

gboolean
navi_map_has_name (const NaviMapClass *class, int level)
{
  if (!navi_map_kind_is_line (class->kind))
    return TRUE;
  if (level == NAVI_MAP_N_LEVELS - 1)
    return navi_map_kind_is_road (class->kind) || class->kind == NAVI_MAP_LINE_RIVER || class->kind == NAVI_MAP_LINE_CANAL;
  return navi_map_levels[level].max_zoom >= 13 && class->kind >= NAVI_MAP_ROAD_SECONDARY;
}

gboolean
navi_map_has_ref (const NaviMapClass *class, int level)
{
  /* secondary, primary, trunk, motorway */
  static const int from_zoom[] = { 12, 10, 9, 8 };

  return class->kind >= NAVI_MAP_ROAD_SECONDARY && navi_map_kind_is_road (class->kind) && (class->flags & NAVI_MAP_FLAG_LINK) == 0
         && navi_map_levels[level].max_zoom >= from_zoom[class->kind - NAVI_MAP_ROAD_SECONDARY];
}

guint8
navi_map_flags_on_level (const NaviMapClass *class, int level)
{
  /* Arrows are drawn on the last one only. */
  return level == NAVI_MAP_N_LEVELS - 1 ? class->flags : class->flags & ~(NAVI_MAP_FLAG_ONEWAY | NAVI_MAP_FLAG_BACKWARD);
}

gint64
navi_map_clip_margin_e7 (const NaviMapClass *class, int level)
{
  gint64 units;

  if (!navi_map_kind_is_area (class->kind))
    units = 0;
  else
    switch (class->kind)
      {
      case NAVI_MAP_AREA_PITCH:
      case NAVI_MAP_AREA_PARKING:
      case NAVI_MAP_AREA_PEDESTRIAN:
      case NAVI_MAP_AREA_PIER:
      case NAVI_MAP_AREA_BUILDING:
        units = NAVI_MAP_CELL_MARGIN;
        break;
      default:
        units = 20;
      }
  return units * navi_map_levels[level].unit_e7;
}
