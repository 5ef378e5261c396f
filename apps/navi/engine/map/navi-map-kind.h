/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-osm.h"

G_BEGIN_DECLS

/* What things are on the map: the classes that the importer stores and the style draws, and how OpenStreetMap tags become them.
 * The numbers are part of the region format: add at the end of a range, never renumber.
 *
 * Threading: pure functions.
 * Source: OpenStreetMap wiki, Map features. */

typedef enum
{
  NAVI_MAP_NONE = 0,

  /* Areas, in the order in which they are painted. */
  NAVI_MAP_AREA_RESIDENTIAL = 1,
  NAVI_MAP_AREA_COMMERCIAL,
  NAVI_MAP_AREA_INDUSTRIAL,
  NAVI_MAP_AREA_FARMLAND,
  NAVI_MAP_AREA_GRASS,
  NAVI_MAP_AREA_FOREST,
  NAVI_MAP_AREA_INSTITUTION,
  NAVI_MAP_AREA_PARK,
  NAVI_MAP_AREA_CEMETERY,
  NAVI_MAP_AREA_SAND,
  NAVI_MAP_AREA_ROCK,
  NAVI_MAP_AREA_GLACIER,
  NAVI_MAP_AREA_WETLAND,
  NAVI_MAP_AREA_AERODROME,
  NAVI_MAP_AREA_WATER,
  NAVI_MAP_AREA_ISLAND,
  NAVI_MAP_AREA_PITCH,
  NAVI_MAP_AREA_PARKING,
  NAVI_MAP_AREA_PEDESTRIAN,
  NAVI_MAP_AREA_PIER,
  NAVI_MAP_AREA_RUNWAY,
  NAVI_MAP_AREA_BUILDING,
  NAVI_MAP_AREA_LAST = NAVI_MAP_AREA_BUILDING,

  /* Lines other than roads. */
  NAVI_MAP_LINE_STREAM = 40,
  NAVI_MAP_LINE_CANAL,
  NAVI_MAP_LINE_RIVER,
  NAVI_MAP_LINE_COAST,
  NAVI_MAP_LINE_RAIL,
  NAVI_MAP_LINE_TRAM,
  NAVI_MAP_LINE_AERIALWAY,
  NAVI_MAP_LINE_FERRY,
  NAVI_MAP_LINE_BORDER,
  NAVI_MAP_LINE_BORDER_STATE,
  NAVI_MAP_LINE_RUNWAY,
  NAVI_MAP_LINE_TAXIWAY,
  NAVI_MAP_LINE_LAST = NAVI_MAP_LINE_TAXIWAY,

  /* Roads, the least important first: painted in this order. */
  NAVI_MAP_ROAD_CONSTRUCTION = 70,
  NAVI_MAP_ROAD_STEPS,
  NAVI_MAP_ROAD_FOOTWAY,
  NAVI_MAP_ROAD_CYCLEWAY,
  NAVI_MAP_ROAD_TRACK,
  NAVI_MAP_ROAD_SERVICE,
  NAVI_MAP_ROAD_PEDESTRIAN,
  NAVI_MAP_ROAD_LIVING,
  NAVI_MAP_ROAD_RESIDENTIAL,
  NAVI_MAP_ROAD_UNCLASSIFIED,
  NAVI_MAP_ROAD_TERTIARY,
  NAVI_MAP_ROAD_SECONDARY,
  NAVI_MAP_ROAD_PRIMARY,
  NAVI_MAP_ROAD_TRUNK,
  NAVI_MAP_ROAD_MOTORWAY,
  NAVI_MAP_ROAD_LAST = NAVI_MAP_ROAD_MOTORWAY,

  /* Points. */
  NAVI_MAP_PLACE_COUNTRY = 100,
  NAVI_MAP_PLACE_CITY,
  NAVI_MAP_PLACE_TOWN,
  NAVI_MAP_PLACE_VILLAGE,
  NAVI_MAP_PLACE_SUBURB,
  NAVI_MAP_PLACE_HAMLET,
  NAVI_MAP_PLACE_LOCALITY,
  NAVI_MAP_PLACE_ISLAND,
  NAVI_MAP_LABEL_WATER, /* the name of a lake, placed inside it */
  NAVI_MAP_LABEL_GREEN, /* of a park, forest or cemetery */
  NAVI_MAP_LABEL_AREA,  /* of a school, hospital, shopping centre, works */
  NAVI_MAP_HOUSE_NUMBER,
  NAVI_MAP_JUNCTION,    /* motorway exit, its number as the name */
  NAVI_MAP_PEAK,

  NAVI_MAP_POI_FIRST = 130,
  NAVI_MAP_POI_STATION = NAVI_MAP_POI_FIRST,
  NAVI_MAP_POI_BUS,
  NAVI_MAP_POI_FERRY,
  NAVI_MAP_POI_AIRPORT,
  NAVI_MAP_POI_HOSPITAL,
  NAVI_MAP_POI_PHARMACY,
  NAVI_MAP_POI_DOCTOR,
  NAVI_MAP_POI_POLICE,
  NAVI_MAP_POI_FIRE,
  NAVI_MAP_POI_TOWNHALL,
  NAVI_MAP_POI_POST,
  NAVI_MAP_POI_BANK,
  NAVI_MAP_POI_FUEL,
  NAVI_MAP_POI_CHARGING,
  NAVI_MAP_POI_PARKING,
  NAVI_MAP_POI_RESTAURANT,
  NAVI_MAP_POI_CAFE,
  NAVI_MAP_POI_BAR,
  NAVI_MAP_POI_HOTEL,
  NAVI_MAP_POI_CAMPING,
  NAVI_MAP_POI_SUPERMARKET,
  NAVI_MAP_POI_SHOP,
  NAVI_MAP_POI_SCHOOL,
  NAVI_MAP_POI_LIBRARY,
  NAVI_MAP_POI_MUSEUM,
  NAVI_MAP_POI_THEATRE,
  NAVI_MAP_POI_ATTRACTION,
  NAVI_MAP_POI_VIEWPOINT,
  NAVI_MAP_POI_MONUMENT,
  NAVI_MAP_POI_CASTLE,
  NAVI_MAP_POI_WORSHIP,
  NAVI_MAP_POI_SPORT,
  NAVI_MAP_POI_SWIMMING,
  NAVI_MAP_POI_PLAYGROUND,
  NAVI_MAP_POI_TOILETS,
  NAVI_MAP_POI_INFORMATION,
  NAVI_MAP_POI_LAST = NAVI_MAP_POI_INFORMATION,

  NAVI_MAP_N_KINDS,
} NaviMapKind;

typedef enum
{
  NAVI_MAP_FLAG_BRIDGE = 1 << 0,
  NAVI_MAP_FLAG_TUNNEL = 1 << 1,
  NAVI_MAP_FLAG_ONEWAY = 1 << 2,
  NAVI_MAP_FLAG_BACKWARD = 1 << 3, /* the one way is against the order of the points */
  NAVI_MAP_FLAG_LINK = 1 << 4,
  NAVI_MAP_FLAG_MINOR = 1 << 5,    /* less important than its kind says: driveways, sidings, intermittent streams */
} NaviMapFlags;

/* What an object is. */
typedef struct
{
  NaviMapKind kind;
  guint8 flags; /* NaviMapFlags */
  gint8 layer;  /* -5 to 5 */
  guint8 rank;  /* 0 most important, within its kind */
} NaviMapClass;

/* FALSE where the map shows nothing of it. */
gboolean navi_map_classify_line (const NaviOsmTags *tags, NaviMapClass *out);
gboolean navi_map_classify_area (const NaviOsmTags *tags, NaviMapClass *out);
/* Points of interest and places, on nodes; also for areas, whose sign stands inside them. */
gboolean navi_map_classify_point (const NaviOsmTags *tags, NaviMapClass *out);

static inline gboolean
navi_map_kind_is_area (int kind)
{
  return kind >= NAVI_MAP_AREA_RESIDENTIAL && kind <= NAVI_MAP_AREA_LAST;
}

static inline gboolean
navi_map_kind_is_road (int kind)
{
  return kind >= NAVI_MAP_ROAD_CONSTRUCTION && kind <= NAVI_MAP_ROAD_LAST;
}

static inline gboolean
navi_map_kind_is_line (int kind)
{
  return kind >= NAVI_MAP_LINE_STREAM && kind <= NAVI_MAP_ROAD_LAST;
}

static inline gboolean
navi_map_kind_is_point (int kind)
{
  return kind >= NAVI_MAP_PLACE_COUNTRY && kind < NAVI_MAP_N_KINDS;
}

static inline gboolean
navi_map_kind_is_poi (int kind)
{
  return kind >= NAVI_MAP_POI_FIRST && kind <= NAVI_MAP_POI_LAST;
}

G_END_DECLS
