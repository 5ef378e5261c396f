/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-place.h"
#include "weather-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* WeatherForecast: what one source said about one place at one time; immutable.
 *
 * A decoder fills a WeatherForecastParts and hands it over.  Hours and days are in order of time, each time once; a series that
 * the source left out is empty.
 *
 * Threading: any thread, as nothing changes after construction.  Ownership: getters are transfer none and live as long as the
 * forecast. */

#define WEATHER_TYPE_FORECAST (weather_forecast_get_type ())
G_DECLARE_FINAL_TYPE (WeatherForecast, weather_forecast, WEATHER, FORECAST, GObject)

/* Where the data came from this time (not kept with them). */
typedef enum
{
  WEATHER_ORIGIN_FILE,      /* a recording */
  WEATHER_ORIGIN_NETWORK,   /* the source said it, or confirmed it, just now */
  WEATHER_ORIGIN_CACHE,     /* still fresh by the source's own words */
  WEATHER_ORIGIN_STALE,     /* the network failed and this was left */
  WEATHER_ORIGIN_STORE,     /* the last one kept on the device */
  WEATHER_ORIGIN_SYNTHETIC, /* nowhere: it is made up, whenever and from wherever it was read */
} WeatherOrigin;

typedef struct
{
  WeatherPlace *place; /* the place that was asked for */
  char *source_id;     /* "open-meteo" */
  char *credit;        /* "Weather data by Open-Meteo.com, CC BY 4.0" */
  char *credit_url;
  double latitude_deg; /* of the model's grid cell, not of the question */
  double longitude_deg;
  double elevation_m;
  char *timezone;         /* (nullable): an IANA name */
  int utc_offset_s;       /* at the time of the reply */
  gint64 issued_unix_us;  /* 0 if the source does not say */
  gint64 fetched_unix_us; /* when the source last vouched for it */
  gint64 expires_unix_us; /* when asking again makes sense */
  WeatherOrigin origin;
  gboolean synthetic; /* made up, and every screen says so */
  gboolean has_now;
  WeatherPoint now;
  GArray *hourly;   /* of WeatherPoint */
  GArray *quarters; /* of WeatherPoint, each 15 minutes */
  GArray *daily;    /* of WeatherDay */
  GArray *air;      /* of WeatherAir */
} WeatherForecastParts;

WeatherForecastParts *weather_forecast_parts_new (WeatherPlace *place, const char *source_id);
void weather_forecast_parts_free (WeatherForecastParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WeatherForecastParts, weather_forecast_parts_free)

/* @parts: (transfer full): series are sorted, repeated times dropped (the first stays).  Returns: (transfer full) */
WeatherForecast *weather_forecast_new (WeatherForecastParts *parts);

WeatherPlace *weather_forecast_get_place (WeatherForecast *self);
const char *weather_forecast_get_source_id (WeatherForecast *self);
const char *weather_forecast_get_credit (WeatherForecast *self);
const char *weather_forecast_get_credit_url (WeatherForecast *self);
double weather_forecast_get_latitude_deg (WeatherForecast *self);
double weather_forecast_get_longitude_deg (WeatherForecast *self);
double weather_forecast_get_elevation_m (WeatherForecast *self);
const char *weather_forecast_get_timezone (WeatherForecast *self); /* (nullable) */
int weather_forecast_get_utc_offset_s (WeatherForecast *self);
gint64 weather_forecast_get_issued_unix_us (WeatherForecast *self);
gint64 weather_forecast_get_fetched_unix_us (WeatherForecast *self);
gint64 weather_forecast_get_expires_unix_us (WeatherForecast *self);
WeatherOrigin weather_forecast_get_origin (WeatherForecast *self);
gboolean weather_forecast_is_synthetic (WeatherForecast *self);

/* The place's zone: the reply's name, else the place's, else the reply's fixed offset. */
GTimeZone *weather_forecast_get_zone (WeatherForecast *self);

/* (nullable): what the source calls "now"; it was now when it was fetched. */
const WeatherPoint *weather_forecast_get_now (WeatherForecast *self);
const WeatherPoint *weather_forecast_get_hourly (WeatherForecast *self, guint *n);
const WeatherPoint *weather_forecast_get_quarters (WeatherForecast *self, guint *n);
const WeatherDay *weather_forecast_get_daily (WeatherForecast *self, guint *n);
const WeatherAir *weather_forecast_get_air (WeatherForecast *self, guint *n);

/* (nullable): the hour that contains @unix_us, the day that does. */
const WeatherPoint *weather_forecast_find_hour (WeatherForecast *self, gint64 unix_us);
const WeatherDay *weather_forecast_find_day (WeatherForecast *self, gint64 unix_us);

/* The weather to show for @unix_us: "now" while it is less than an hour old, else the hour that contains it, with the one's
 * gaps filled from the other.  FALSE if the forecast does not reach there. */
gboolean weather_forecast_at (WeatherForecast *self, gint64 unix_us, WeatherPoint *point);

/* The hours to show from @unix_us on, at most @most.  The first is the weather at @unix_us, the same that weather_forecast_at()
 * gives to the large figure above it, with the rain of its whole hour; the others are the source's own.  Returns: (transfer full)
 * (element-type WeatherPoint): empty if the forecast does not reach there. */
GArray *weather_forecast_list_hours (WeatherForecast *self, gint64 unix_us, guint most);

/* TRUE once @now_unix_us is past the expiry. */
gboolean weather_forecast_is_expired (WeatherForecast *self, gint64 now_unix_us);

/* The same forecast for a place that was renamed or moved in the list (its coordinates must be the same).  Returns: (transfer
 * full) */
WeatherForecast *weather_forecast_with_place (WeatherForecast *self, WeatherPlace *place);

/* As bytes for the store, and back.  Unknown fields at the end of a record are skipped and missing ones are "not said", so that
 * older and newer versions read each other.  Errors: CORRUPT. */
GBytes *weather_forecast_serialize (WeatherForecast *self);
WeatherForecast *weather_forecast_deserialize (GBytes *bytes, WeatherPlace *place, GError **error);

G_END_DECLS
