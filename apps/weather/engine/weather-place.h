/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* WeatherPlace: a point on the earth that somebody wants the weather of; immutable.
 *
 * Threading: any thread, as nothing changes after construction.  Ownership: getters are transfer none. */

#define WEATHER_TYPE_PLACE (weather_place_get_type ())
G_DECLARE_FINAL_TYPE (WeatherPlace, weather_place, WEATHER, PLACE, GObject)

/* @id: (nullable): a stable id; NULL makes a new UUID.  @name: as the user knows it.  @region: (nullable): what tells it from
 * others of its name ("Norte, Portugal").  @timezone: (nullable): an IANA name; without one the offset of the last reply serves.
 * @latitude_deg is brought into -90..90, @longitude_deg into -180..180.
 * Returns: (transfer full) */
WeatherPlace *weather_place_new (const char *id, const char *name, const char *region, double latitude_deg, double longitude_deg,
                                 const char *timezone);

/* The place that follows the device: it keeps its id ("here") wherever it is. */
#define WEATHER_PLACE_HERE "here"

/* The same place under another name, zone or region (NULL keeps each).  Returns: (transfer full) */
WeatherPlace *weather_place_with (WeatherPlace *self, const char *name, const char *region, const char *timezone);

const char *weather_place_get_id (WeatherPlace *self);
const char *weather_place_get_name (WeatherPlace *self);
const char *weather_place_get_region (WeatherPlace *self);   /* (nullable) */
const char *weather_place_get_timezone (WeatherPlace *self); /* (nullable) */
double weather_place_get_latitude_deg (WeatherPlace *self);
double weather_place_get_longitude_deg (WeatherPlace *self);
gboolean weather_place_is_here (WeatherPlace *self);

/* Great-circle distance in metres (haversine). */
double weather_place_distance_m (WeatherPlace *self, double latitude_deg, double longitude_deg);

/* (transfer full): the zone of the place; @fallback_offset_s where it has no name or the system does not know it. */
GTimeZone *weather_place_dup_zone (WeatherPlace *self, int fallback_offset_s);

G_END_DECLS
