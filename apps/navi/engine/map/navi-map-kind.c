/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-kind.h"

#include <stdlib.h>
#include <string.h>

/* From OpenStreetMap tags to the classes of the map: tables of key, value, kind; the first row that fits decides. */

typedef struct
{
  const char *key;
  const char *value; /* NULL: any but "no" */
  NaviMapKind kind;
  guint8 flags;
  guint8 rank;
} Row;

static const Row road_rows[] = {
  { "highway", "motorway", NAVI_MAP_ROAD_MOTORWAY, 0, 0 },
  { "highway", "motorway_link", NAVI_MAP_ROAD_MOTORWAY, NAVI_MAP_FLAG_LINK, 0 },
  { "highway", "trunk", NAVI_MAP_ROAD_TRUNK, 0, 0 },
  { "highway", "trunk_link", NAVI_MAP_ROAD_TRUNK, NAVI_MAP_FLAG_LINK, 0 },
  { "highway", "primary", NAVI_MAP_ROAD_PRIMARY, 0, 0 },
  { "highway", "primary_link", NAVI_MAP_ROAD_PRIMARY, NAVI_MAP_FLAG_LINK, 0 },
  { "highway", "secondary", NAVI_MAP_ROAD_SECONDARY, 0, 0 },
  { "highway", "secondary_link", NAVI_MAP_ROAD_SECONDARY, NAVI_MAP_FLAG_LINK, 0 },
  { "highway", "tertiary", NAVI_MAP_ROAD_TERTIARY, 0, 0 },
  { "highway", "tertiary_link", NAVI_MAP_ROAD_TERTIARY, NAVI_MAP_FLAG_LINK, 0 },
  { "highway", "unclassified", NAVI_MAP_ROAD_UNCLASSIFIED, 0, 0 },
  { "highway", "road", NAVI_MAP_ROAD_UNCLASSIFIED, 0, 0 },
  { "highway", "residential", NAVI_MAP_ROAD_RESIDENTIAL, 0, 0 },
  { "highway", "living_street", NAVI_MAP_ROAD_LIVING, 0, 0 },
  { "highway", "pedestrian", NAVI_MAP_ROAD_PEDESTRIAN, 0, 0 },
  { "highway", "service", NAVI_MAP_ROAD_SERVICE, 0, 0 },
  { "highway", "track", NAVI_MAP_ROAD_TRACK, 0, 0 },
  { "highway", "cycleway", NAVI_MAP_ROAD_CYCLEWAY, 0, 0 },
  { "highway", "footway", NAVI_MAP_ROAD_FOOTWAY, 0, 0 },
  { "highway", "path", NAVI_MAP_ROAD_FOOTWAY, 0, 0 },
  { "highway", "bridleway", NAVI_MAP_ROAD_FOOTWAY, 0, 0 },
  { "highway", "corridor", NAVI_MAP_ROAD_FOOTWAY, 0, 0 },
  { "highway", "steps", NAVI_MAP_ROAD_STEPS, 0, 0 },
  { "highway", "construction", NAVI_MAP_ROAD_CONSTRUCTION, 0, 0 },
  { "highway", "busway", NAVI_MAP_ROAD_SERVICE, 0, 0 },
};

static const Row line_rows[] = {
  { "railway", "rail", NAVI_MAP_LINE_RAIL, 0, 0 },
  { "railway", "narrow_gauge", NAVI_MAP_LINE_RAIL, 0, 0 },
  { "railway", "light_rail", NAVI_MAP_LINE_RAIL, 0, 0 },
  { "railway", "funicular", NAVI_MAP_LINE_RAIL, 0, 0 },
  { "railway", "monorail", NAVI_MAP_LINE_RAIL, 0, 0 },
  { "railway", "subway", NAVI_MAP_LINE_TRAM, 0, 0 },
  { "railway", "tram", NAVI_MAP_LINE_TRAM, 0, 0 },
  { "route", "ferry", NAVI_MAP_LINE_FERRY, 0, 0 },
  { "natural", "coastline", NAVI_MAP_LINE_COAST, 0, 0 },
  { "waterway", "river", NAVI_MAP_LINE_RIVER, 0, 0 },
  { "waterway", "canal", NAVI_MAP_LINE_CANAL, 0, 0 },
  { "waterway", "stream", NAVI_MAP_LINE_STREAM, 0, 0 },
  { "waterway", "drain", NAVI_MAP_LINE_STREAM, NAVI_MAP_FLAG_MINOR, 0 },
  { "waterway", "ditch", NAVI_MAP_LINE_STREAM, NAVI_MAP_FLAG_MINOR, 0 },
  { "aerialway", "cable_car", NAVI_MAP_LINE_AERIALWAY, 0, 0 },
  { "aerialway", "gondola", NAVI_MAP_LINE_AERIALWAY, 0, 0 },
  { "aerialway", "chair_lift", NAVI_MAP_LINE_AERIALWAY, 0, 0 },
  { "aerialway", "mixed_lift", NAVI_MAP_LINE_AERIALWAY, 0, 0 },
  { "aerialway", "drag_lift", NAVI_MAP_LINE_AERIALWAY, NAVI_MAP_FLAG_MINOR, 0 },
  { "aeroway", "runway", NAVI_MAP_LINE_RUNWAY, 0, 0 },
  { "aeroway", "taxiway", NAVI_MAP_LINE_TAXIWAY, 0, 0 },
};

static const Row area_rows[] = {
  { "building", NULL, NAVI_MAP_AREA_BUILDING, 0, 0 },
  { "natural", "water", NAVI_MAP_AREA_WATER, 0, 0 },
  { "waterway", "riverbank", NAVI_MAP_AREA_WATER, 0, 0 },
  { "waterway", "dock", NAVI_MAP_AREA_WATER, 0, 0 },
  { "landuse", "reservoir", NAVI_MAP_AREA_WATER, 0, 0 },
  { "landuse", "basin", NAVI_MAP_AREA_WATER, 0, 0 },
  { "leisure", "swimming_pool", NAVI_MAP_AREA_WATER, NAVI_MAP_FLAG_MINOR, 0 },
  { "natural", "wood", NAVI_MAP_AREA_FOREST, 0, 0 },
  { "landuse", "forest", NAVI_MAP_AREA_FOREST, 0, 0 },
  { "natural", "scrub", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "natural", "heath", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "natural", "grassland", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "grass", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "meadow", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "village_green", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "recreation_ground", NAVI_MAP_AREA_PARK, 0, 0 },
  { "leisure", "park", NAVI_MAP_AREA_PARK, 0, 0 },
  { "leisure", "garden", NAVI_MAP_AREA_PARK, 0, 0 },
  { "leisure", "golf_course", NAVI_MAP_AREA_PARK, 0, 0 },
  { "leisure", "playground", NAVI_MAP_AREA_PARK, 0, 0 },
  { "leisure", "dog_park", NAVI_MAP_AREA_PARK, 0, 0 },
  { "tourism", "camp_site", NAVI_MAP_AREA_PARK, 0, 0 },
  { "tourism", "zoo", NAVI_MAP_AREA_PARK, 0, 0 },
  { "leisure", "pitch", NAVI_MAP_AREA_PITCH, 0, 0 },
  { "leisure", "track", NAVI_MAP_AREA_PITCH, 0, 0 },
  { "leisure", "stadium", NAVI_MAP_AREA_PITCH, 0, 0 },
  { "landuse", "cemetery", NAVI_MAP_AREA_CEMETERY, 0, 0 },
  { "amenity", "grave_yard", NAVI_MAP_AREA_CEMETERY, 0, 0 },
  { "natural", "beach", NAVI_MAP_AREA_SAND, 0, 0 },
  { "natural", "sand", NAVI_MAP_AREA_SAND, 0, 0 },
  { "natural", "bare_rock", NAVI_MAP_AREA_ROCK, 0, 0 },
  { "natural", "scree", NAVI_MAP_AREA_ROCK, 0, 0 },
  { "natural", "shingle", NAVI_MAP_AREA_ROCK, 0, 0 },
  { "landuse", "quarry", NAVI_MAP_AREA_ROCK, 0, 0 },
  { "natural", "glacier", NAVI_MAP_AREA_GLACIER, 0, 0 },
  { "natural", "wetland", NAVI_MAP_AREA_WETLAND, 0, 0 },
  { "place", "island", NAVI_MAP_AREA_ISLAND, 0, 0 },
  { "place", "islet", NAVI_MAP_AREA_ISLAND, 0, 0 },
  { "landuse", "residential", NAVI_MAP_AREA_RESIDENTIAL, 0, 0 },
  { "landuse", "garages", NAVI_MAP_AREA_RESIDENTIAL, 0, 0 },
  { "landuse", "commercial", NAVI_MAP_AREA_COMMERCIAL, 0, 0 },
  { "landuse", "retail", NAVI_MAP_AREA_COMMERCIAL, 0, 0 },
  { "landuse", "industrial", NAVI_MAP_AREA_INDUSTRIAL, 0, 0 },
  { "landuse", "railway", NAVI_MAP_AREA_INDUSTRIAL, 0, 0 },
  { "landuse", "port", NAVI_MAP_AREA_INDUSTRIAL, 0, 0 },
  { "landuse", "construction", NAVI_MAP_AREA_INDUSTRIAL, 0, 0 },
  { "landuse", "landfill", NAVI_MAP_AREA_INDUSTRIAL, 0, 0 },
  { "landuse", "farmland", NAVI_MAP_AREA_FARMLAND, 0, 0 },
  { "landuse", "farmyard", NAVI_MAP_AREA_FARMLAND, 0, 0 },
  { "landuse", "orchard", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "vineyard", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "allotments", NAVI_MAP_AREA_GRASS, 0, 0 },
  { "landuse", "plant_nursery", NAVI_MAP_AREA_FARMLAND, 0, 0 },
  { "landuse", "greenhouse_horticulture", NAVI_MAP_AREA_FARMLAND, 0, 0 },
  { "amenity", "school", NAVI_MAP_AREA_INSTITUTION, 0, 0 },
  { "amenity", "kindergarten", NAVI_MAP_AREA_INSTITUTION, 0, 0 },
  { "amenity", "university", NAVI_MAP_AREA_INSTITUTION, 0, 0 },
  { "amenity", "college", NAVI_MAP_AREA_INSTITUTION, 0, 0 },
  { "amenity", "hospital", NAVI_MAP_AREA_INSTITUTION, 0, 0 },
  { "amenity", "parking", NAVI_MAP_AREA_PARKING, 0, 0 },
  { "aeroway", "aerodrome", NAVI_MAP_AREA_AERODROME, 0, 0 },
  { "aeroway", "apron", NAVI_MAP_AREA_RUNWAY, 0, 0 },
  { "aeroway", "runway", NAVI_MAP_AREA_RUNWAY, 0, 0 },
  { "man_made", "pier", NAVI_MAP_AREA_PIER, 0, 0 },
  { "railway", "platform", NAVI_MAP_AREA_PIER, 0, 0 },
  { "public_transport", "platform", NAVI_MAP_AREA_PIER, 0, 0 },
  { "highway", "pedestrian", NAVI_MAP_AREA_PEDESTRIAN, 0, 0 },
  { "highway", "footway", NAVI_MAP_AREA_PEDESTRIAN, 0, 0 },
  { "place", "square", NAVI_MAP_AREA_PEDESTRIAN, 0, 0 },
};

static const Row point_rows[] = {
  { "place", "country", NAVI_MAP_PLACE_COUNTRY, 0, 0 },
  { "place", "city", NAVI_MAP_PLACE_CITY, 0, 0 },
  { "place", "town", NAVI_MAP_PLACE_TOWN, 0, 0 },
  { "place", "village", NAVI_MAP_PLACE_VILLAGE, 0, 0 },
  { "place", "suburb", NAVI_MAP_PLACE_SUBURB, 0, 0 },
  { "place", "borough", NAVI_MAP_PLACE_SUBURB, 0, 0 },
  { "place", "quarter", NAVI_MAP_PLACE_SUBURB, 0, 1 },
  { "place", "neighbourhood", NAVI_MAP_PLACE_LOCALITY, 0, 0 },
  { "place", "hamlet", NAVI_MAP_PLACE_HAMLET, 0, 0 },
  { "place", "isolated_dwelling", NAVI_MAP_PLACE_LOCALITY, 0, 1 },
  { "place", "farm", NAVI_MAP_PLACE_LOCALITY, 0, 1 },
  { "place", "locality", NAVI_MAP_PLACE_LOCALITY, 0, 1 },
  { "place", "island", NAVI_MAP_PLACE_ISLAND, 0, 0 },
  { "place", "islet", NAVI_MAP_PLACE_ISLAND, 0, 1 },
  { "natural", "peak", NAVI_MAP_PEAK, 0, 0 },
  { "natural", "volcano", NAVI_MAP_PEAK, 0, 0 },
  { "highway", "motorway_junction", NAVI_MAP_JUNCTION, 0, 0 },
  { "railway", "station", NAVI_MAP_POI_STATION, 0, 0 },
  { "railway", "halt", NAVI_MAP_POI_STATION, 0, 1 },
  { "railway", "tram_stop", NAVI_MAP_POI_BUS, 0, 0 },
  { "amenity", "bus_station", NAVI_MAP_POI_BUS, 0, 0 },
  { "highway", "bus_stop", NAVI_MAP_POI_BUS, 0, 2 },
  { "amenity", "ferry_terminal", NAVI_MAP_POI_FERRY, 0, 0 },
  { "aeroway", "aerodrome", NAVI_MAP_POI_AIRPORT, 0, 0 },
  { "amenity", "hospital", NAVI_MAP_POI_HOSPITAL, 0, 0 },
  { "amenity", "pharmacy", NAVI_MAP_POI_PHARMACY, 0, 1 },
  { "amenity", "clinic", NAVI_MAP_POI_DOCTOR, 0, 1 },
  { "amenity", "doctors", NAVI_MAP_POI_DOCTOR, 0, 2 },
  { "amenity", "dentist", NAVI_MAP_POI_DOCTOR, 0, 2 },
  { "amenity", "police", NAVI_MAP_POI_POLICE, 0, 0 },
  { "amenity", "fire_station", NAVI_MAP_POI_FIRE, 0, 1 },
  { "amenity", "townhall", NAVI_MAP_POI_TOWNHALL, 0, 0 },
  { "amenity", "courthouse", NAVI_MAP_POI_TOWNHALL, 0, 1 },
  { "amenity", "post_office", NAVI_MAP_POI_POST, 0, 1 },
  { "amenity", "bank", NAVI_MAP_POI_BANK, 0, 1 },
  { "amenity", "atm", NAVI_MAP_POI_BANK, 0, 2 },
  { "amenity", "fuel", NAVI_MAP_POI_FUEL, 0, 0 },
  { "amenity", "charging_station", NAVI_MAP_POI_CHARGING, 0, 1 },
  { "amenity", "parking", NAVI_MAP_POI_PARKING, 0, 2 },
  { "amenity", "restaurant", NAVI_MAP_POI_RESTAURANT, 0, 1 },
  { "amenity", "fast_food", NAVI_MAP_POI_RESTAURANT, 0, 2 },
  { "amenity", "food_court", NAVI_MAP_POI_RESTAURANT, 0, 2 },
  { "amenity", "cafe", NAVI_MAP_POI_CAFE, 0, 1 },
  { "amenity", "ice_cream", NAVI_MAP_POI_CAFE, 0, 2 },
  { "amenity", "bar", NAVI_MAP_POI_BAR, 0, 2 },
  { "amenity", "pub", NAVI_MAP_POI_BAR, 0, 1 },
  { "amenity", "biergarten", NAVI_MAP_POI_BAR, 0, 1 },
  { "amenity", "nightclub", NAVI_MAP_POI_BAR, 0, 2 },
  { "tourism", "hotel", NAVI_MAP_POI_HOTEL, 0, 1 },
  { "tourism", "hostel", NAVI_MAP_POI_HOTEL, 0, 1 },
  { "tourism", "guest_house", NAVI_MAP_POI_HOTEL, 0, 2 },
  { "tourism", "motel", NAVI_MAP_POI_HOTEL, 0, 2 },
  { "tourism", "camp_site", NAVI_MAP_POI_CAMPING, 0, 1 },
  { "tourism", "caravan_site", NAVI_MAP_POI_CAMPING, 0, 1 },
  { "tourism", "museum", NAVI_MAP_POI_MUSEUM, 0, 0 },
  { "tourism", "gallery", NAVI_MAP_POI_MUSEUM, 0, 1 },
  { "tourism", "attraction", NAVI_MAP_POI_ATTRACTION, 0, 0 },
  { "tourism", "theme_park", NAVI_MAP_POI_ATTRACTION, 0, 0 },
  { "tourism", "zoo", NAVI_MAP_POI_ATTRACTION, 0, 0 },
  { "tourism", "viewpoint", NAVI_MAP_POI_VIEWPOINT, 0, 1 },
  { "tourism", "information", NAVI_MAP_POI_INFORMATION, 0, 2 },
  { "historic", "castle", NAVI_MAP_POI_CASTLE, 0, 0 },
  { "historic", "ruins", NAVI_MAP_POI_CASTLE, 0, 1 },
  { "historic", "monument", NAVI_MAP_POI_MONUMENT, 0, 0 },
  { "historic", "memorial", NAVI_MAP_POI_MONUMENT, 0, 2 },
  { "amenity", "place_of_worship", NAVI_MAP_POI_WORSHIP, 0, 1 },
  { "amenity", "school", NAVI_MAP_POI_SCHOOL, 0, 1 },
  { "amenity", "kindergarten", NAVI_MAP_POI_SCHOOL, 0, 2 },
  { "amenity", "college", NAVI_MAP_POI_SCHOOL, 0, 1 },
  { "amenity", "university", NAVI_MAP_POI_SCHOOL, 0, 0 },
  { "amenity", "library", NAVI_MAP_POI_LIBRARY, 0, 1 },
  { "amenity", "theatre", NAVI_MAP_POI_THEATRE, 0, 0 },
  { "amenity", "cinema", NAVI_MAP_POI_THEATRE, 0, 1 },
  { "amenity", "arts_centre", NAVI_MAP_POI_THEATRE, 0, 1 },
  { "amenity", "toilets", NAVI_MAP_POI_TOILETS, 0, 2 },
  { "leisure", "stadium", NAVI_MAP_POI_SPORT, 0, 0 },
  { "leisure", "sports_centre", NAVI_MAP_POI_SPORT, 0, 1 },
  { "leisure", "fitness_centre", NAVI_MAP_POI_SPORT, 0, 2 },
  { "leisure", "swimming_pool", NAVI_MAP_POI_SWIMMING, 0, 2 },
  { "leisure", "water_park", NAVI_MAP_POI_SWIMMING, 0, 1 },
  { "leisure", "playground", NAVI_MAP_POI_PLAYGROUND, 0, 2 },
  { "shop", "supermarket", NAVI_MAP_POI_SUPERMARKET, 0, 1 },
  { "shop", "mall", NAVI_MAP_POI_SUPERMARKET, 0, 0 },
  { "shop", "department_store", NAVI_MAP_POI_SUPERMARKET, 0, 0 },
  { "shop", "convenience", NAVI_MAP_POI_SUPERMARKET, 0, 2 },
  { "shop", NULL, NAVI_MAP_POI_SHOP, 0, 2 },
  { "landuse", "forest", NAVI_MAP_LABEL_GREEN, 0, 1 },
  { "natural", "wood", NAVI_MAP_LABEL_GREEN, 0, 1 },
  { "leisure", "park", NAVI_MAP_LABEL_GREEN, 0, 0 },
  { "leisure", "garden", NAVI_MAP_LABEL_GREEN, 0, 1 },
  { "leisure", "golf_course", NAVI_MAP_LABEL_GREEN, 0, 1 },
  { "leisure", "nature_reserve", NAVI_MAP_LABEL_GREEN, 0, 1 },
  { "landuse", "cemetery", NAVI_MAP_LABEL_GREEN, 0, 2 },
  { "natural", "water", NAVI_MAP_LABEL_WATER, 0, 0 },
  { "natural", "bay", NAVI_MAP_LABEL_WATER, 0, 0 },
  { "landuse", "reservoir", NAVI_MAP_LABEL_WATER, 0, 0 },
  { "landuse", "commercial", NAVI_MAP_LABEL_AREA, 0, 1 },
  { "landuse", "retail", NAVI_MAP_LABEL_AREA, 0, 1 },
  { "landuse", "industrial", NAVI_MAP_LABEL_AREA, 0, 1 },
  { "place", "square", NAVI_MAP_LABEL_AREA, 0, 0 },
};

static gboolean
is_set (const NaviOsmTags *tags, const char *key)
{
  const char *value = navi_osm_tag (tags, key);

  return value != NULL && strcmp (value, "no") != 0;
}

static gboolean
find_row (const NaviOsmTags *tags, const Row *rows, gsize n_rows, NaviMapClass *out)
{
  const char *value = NULL;
  const char *key = NULL;

  for (gsize i = 0; i < n_rows; i++)
    {
      if (key == NULL || strcmp (key, rows[i].key) != 0)
        {
          key = rows[i].key;
          value = navi_osm_tag (tags, key);
        }
      if (value == NULL)
        continue;
      if (rows[i].value == NULL ? strcmp (value, "no") != 0 : strcmp (value, rows[i].value) == 0)
        {
          *out = (NaviMapClass){ .kind = rows[i].kind, .flags = rows[i].flags, .rank = rows[i].rank };
          return TRUE;
        }
    }
  return FALSE;
}

static gint8
layer_of (const NaviOsmTags *tags, guint flags)
{
  const char *text = navi_osm_tag (tags, "layer");
  long layer = text != NULL ? strtol (text, NULL, 10) : 0;

  if (layer == 0 && (flags & NAVI_MAP_FLAG_BRIDGE))
    layer = 1;
  else if (layer == 0 && (flags & NAVI_MAP_FLAG_TUNNEL))
    layer = -1;
  return (gint8) CLAMP (layer, -5, 5);
}

static void
add_structure (const NaviOsmTags *tags, NaviMapClass *out)
{
  if (is_set (tags, "bridge"))
    out->flags |= NAVI_MAP_FLAG_BRIDGE;
  else if (is_set (tags, "tunnel") || navi_osm_tag_is (tags, "covered", "yes"))
    out->flags |= NAVI_MAP_FLAG_TUNNEL;
  out->layer = layer_of (tags, out->flags);
}

static void
refine_road (const NaviOsmTags *tags, NaviMapClass *out)
{
  const char *oneway = navi_osm_tag (tags, "oneway");
  const char *junction = navi_osm_tag (tags, "junction");
  gboolean implied = (junction != NULL && (strcmp (junction, "roundabout") == 0 || strcmp (junction, "circular") == 0)) ||
                     out->kind == NAVI_MAP_ROAD_MOTORWAY;

  if (oneway != NULL ? (strcmp (oneway, "yes") == 0 || strcmp (oneway, "true") == 0 || strcmp (oneway, "1") == 0) : implied)
    out->flags |= NAVI_MAP_FLAG_ONEWAY;
  else if (oneway != NULL && (strcmp (oneway, "-1") == 0 || strcmp (oneway, "reverse") == 0))
    out->flags |= NAVI_MAP_FLAG_ONEWAY | NAVI_MAP_FLAG_BACKWARD;
  if (out->kind == NAVI_MAP_ROAD_SERVICE && navi_osm_tag (tags, "service") != NULL)
    out->flags |= NAVI_MAP_FLAG_MINOR;
  if (out->kind == NAVI_MAP_ROAD_FOOTWAY && navi_osm_tag_is (tags, "bicycle", "designated"))
    out->kind = NAVI_MAP_ROAD_CYCLEWAY;
}

gboolean
navi_map_classify_line (const NaviOsmTags *tags, NaviMapClass *out)
{
  if (find_row (tags, road_rows, G_N_ELEMENTS (road_rows), out))
    {
      if (navi_osm_tag_is (tags, "area", "yes"))
        return FALSE;
      refine_road (tags, out);
    }
  else if (find_row (tags, line_rows, G_N_ELEMENTS (line_rows), out))
    {
      if (out->kind == NAVI_MAP_LINE_RAIL && navi_osm_tag (tags, "service") != NULL)
        out->flags |= NAVI_MAP_FLAG_MINOR;
      if (navi_map_kind_is_line (out->kind) && out->kind <= NAVI_MAP_LINE_RIVER && navi_osm_tag_is (tags, "intermittent", "yes"))
        out->flags |= NAVI_MAP_FLAG_MINOR;
    }
  else if (navi_osm_tag_is (tags, "boundary", "administrative") && navi_osm_tag_is (tags, "admin_level", "2"))
    *out = (NaviMapClass){ .kind = NAVI_MAP_LINE_BORDER };
  else if (navi_osm_tag_is (tags, "boundary", "administrative") && navi_osm_tag_is (tags, "admin_level", "4"))
    *out = (NaviMapClass){ .kind = NAVI_MAP_LINE_BORDER_STATE };
  else
    return FALSE;
  add_structure (tags, out);
  return TRUE;
}

gboolean
navi_map_classify_area (const NaviOsmTags *tags, NaviMapClass *out)
{
  if (!find_row (tags, area_rows, G_N_ELEMENTS (area_rows), out))
    return FALSE;
  if (out->kind == NAVI_MAP_AREA_BUILDING && navi_osm_tag_is (tags, "location", "underground"))
    return FALSE;
  if (out->kind == NAVI_MAP_AREA_WATER && navi_osm_tag_is (tags, "tunnel", "culvert"))
    return FALSE;
  return TRUE;
}

gboolean
navi_map_classify_point (const NaviOsmTags *tags, NaviMapClass *out)
{
  gboolean named = navi_osm_tag (tags, "name") != NULL;

  if (find_row (tags, point_rows, G_N_ELEMENTS (point_rows), out))
    {
      if (out->kind == NAVI_MAP_JUNCTION)
        return navi_osm_tag (tags, "ref") != NULL;
      /* A swimming pool or car park is a sign of its own only if the public may use it. */
      if (navi_osm_tag_is (tags, "access", "private") || navi_osm_tag_is (tags, "access", "no"))
        return FALSE;
      if (out->kind == NAVI_MAP_POI_SWIMMING && !named)
        return FALSE;
      return named || navi_map_kind_is_poi (out->kind);
    }
  if (navi_osm_tag (tags, "addr:housenumber") != NULL)
    {
      *out = (NaviMapClass){ .kind = NAVI_MAP_HOUSE_NUMBER };
      return TRUE;
    }
  return FALSE;
}
