/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-osm.h"

G_BEGIN_DECLS

/* What OpenStreetMap's tags mean for a car, a bicycle and a person on foot.
 *
 * Threading: pure functions.
 * Source: https://wiki.openstreetmap.org/wiki/Key:access, .../Key:oneway, .../Key:highway, .../Key:maxspeed, .../Key:barrier,
 * .../Bicycle (contraflow), .../Tag:route=ferry, .../Key:duration, .../Key:surface, .../Key:tracktype, .../Key:smoothness, .../Key:incline,
 * .../Key:maxheight, .../Key:maxweight, .../Key:toll, .../Key:construction, .../Key:conveying */

typedef enum
{
  NAVI_CAR,
  NAVI_BICYCLE,
  NAVI_FOOT,
  NAVI_N_PROFILES,
} NaviProfile;

typedef enum
{
  NAVI_ACCESS_NO,
  NAVI_ACCESS_ENDS, /* destination, private, customers...: only at the beginning and the end of a route */
  NAVI_ACCESS_YES,
} NaviAccess;

/* In the order of importance. */
typedef enum
{
  NAVI_ROAD_MOTORWAY,
  NAVI_ROAD_TRUNK,
  NAVI_ROAD_PRIMARY,
  NAVI_ROAD_SECONDARY,
  NAVI_ROAD_TERTIARY,
  NAVI_ROAD_UNCLASSIFIED,
  NAVI_ROAD_RESIDENTIAL,
  NAVI_ROAD_LIVING_STREET,
  NAVI_ROAD_SERVICE,
  NAVI_ROAD_TRACK,
  NAVI_ROAD_PEDESTRIAN,
  NAVI_ROAD_CYCLEWAY,
  NAVI_ROAD_FOOTWAY,
  NAVI_ROAD_PATH,
  NAVI_ROAD_STEPS,
  NAVI_ROAD_FERRY,
  NAVI_N_ROAD_CLASSES,
} NaviRoadClass;

typedef enum
{
  NAVI_ROAD_IS_LINK = 1 << 0,
  NAVI_ROAD_IS_ROUNDABOUT = 1 << 1,
  NAVI_ROAD_IS_TOLL = 1 << 2,
  NAVI_ROAD_IS_UNPAVED = 1 << 3,
  NAVI_ROAD_IS_TUNNEL = 1 << 4,
  NAVI_ROAD_IS_BRIDGE = 1 << 5,
  NAVI_ROAD_IS_ONEWAY = 1 << 6,
} NaviRoadFlags;

/* What of a vehicle may be too much for a road. */
typedef enum
{
  NAVI_SIZE_HEIGHT, /* mm, as the next two */
  NAVI_SIZE_WIDTH,
  NAVI_SIZE_LENGTH,
  NAVI_SIZE_WEIGHT, /* kg, as the next */
  NAVI_SIZE_AXLELOAD,
  NAVI_N_SIZES,
} NaviSize;

typedef struct
{
  NaviRoadClass road_class;
  guint flags;                                 /* NaviRoadFlags */
  NaviAccess access[NAVI_N_PROFILES][2];       /* [1]: against the way's direction */
  guint16 speed_dkmh[NAVI_N_PROFILES][2];      /* tenths of km/h; 0 where there is no access */
  guint8 limit_kmh[2];                         /* what the sign says; 0: none known, 255: no limit */
  guint8 lanes;                                /* in all; 0: not known */
  guint32 duration_s;                          /* of a ferry over its whole way; 0: not known */
  guint32 most[NAVI_N_SIZES][2];               /* that a vehicle may be; 0: any */
} NaviRoad;

/* FALSE if nobody of ours may use it. */
gboolean navi_tagging_road (const NaviOsmTags *tags, NaviRoad *road);

typedef enum
{
  NAVI_STOP_SIGNALS_FORWARD = 1 << 0,
  NAVI_STOP_SIGNALS_BACKWARD = 1 << 1,
  NAVI_STOP_TOLL = 1 << 2,   /* a booth */
  NAVI_STOP_BORDER = 1 << 3, /* a border's control */
} NaviStopFlags;

typedef struct
{
  NaviAccess access[NAVI_N_PROFILES]; /* of a barrier; YES where there is none */
  guint stops;                        /* NaviStopFlags; signals along the way's direction */
  guint32 most[NAVI_N_SIZES];         /* that a vehicle may be; 0: any */
} NaviCrossing;

/* FALSE if the node means nothing to a route. */
gboolean navi_tagging_crossing (const NaviOsmTags *tags, NaviCrossing *crossing);

/* ---- Values ---- */

#define NAVI_SPEED_NO_LIMIT_KMH 255

/* km/h of a maxspeed value ("50", "30 mph", "DE:urban", "zone:30", "walk", "none" is 255); 0 if it says nothing. */
guint navi_tagging_parse_speed_kmh (const char *value);

/* Seconds of a duration ("90", "01:30", "01:30:00", "PT1H30M"); 0 if it says nothing. */
guint32 navi_tagging_parse_duration_s (const char *value);

/* "3.5", "3.5 m", "350 cm", "11'6\"", "11 ft"; 0 if it says nothing. */
guint32 navi_tagging_parse_length_mm (const char *value);

/* "7.5", "7.5 t", "7500 kg", "16000 lbs", "8 st" (short tons), "8 lt" (long tons), "150 cwt"; 0 if it says nothing. */
guint32 navi_tagging_parse_weight_kg (const char *value);

/* "height", "width", "length", "weight", "axleload" */
const char *navi_size_to_string (NaviSize size);

/* mm or kg of a number with or without a unit; 0 if it says nothing. */
guint32 navi_tagging_parse_size (NaviSize size, const char *value);

/* "10%", "-4 %", "5°", "up", "down": percent along the way's direction; 0 if it says nothing. */
gint navi_tagging_parse_incline_percent (const char *value);

/* What "up" is taken for. */
#define NAVI_INCLINE_UNKNOWN_PERCENT 6

G_END_DECLS
