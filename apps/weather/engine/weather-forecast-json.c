/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-forecast-json.h"

#include "weather-sentence.h"
#include "weather-sun.h"

#include "cloud-time.h"

#include <math.h>

/* The normalized forecast in JSON. */

/* In the order of the doubles of the structs. */
static const char *const point_keys[] = {
  "temperature_c", "feels_like_c",    "dew_point_c",  "humidity_pct", "precipitation_mm", "precipitation_chance_pct",
  "snowfall_mm",   "cloud_cover_pct", "pressure_hpa", "visibility_m", "wind_mps",         "gust_mps",
  "wind_from_deg", "uv_index",
};
static const char *const day_keys[] = {
  "min_c",       "max_c",        "feels_min_c",  "feels_max_c",   "precipitation_mm", "precipitation_chance_pct",
  "snowfall_mm", "wind_max_mps", "gust_max_mps", "wind_from_deg", "uv_max",
};
static const char *const air_keys[] = {
  "pm2_5_ugm3",           "pm10_ugm3",  "carbon_monoxide_ugm3", "nitrogen_dioxide_ugm3",
  "sulphur_dioxide_ugm3", "ozone_ugm3", "european_aqi",         "us_aqi",
};
G_STATIC_ASSERT (G_N_ELEMENTS (point_keys) == WEATHER_POINT_N_VALUES);
G_STATIC_ASSERT (G_N_ELEMENTS (day_keys) == WEATHER_DAY_N_VALUES);
G_STATIC_ASSERT (G_N_ELEMENTS (air_keys) == WEATHER_AIR_N_VALUES);

static json_t *
number (double value)
{
  return isfinite (value) ? json_real (round (value * 1000) / 1000) : json_null ();
}

static json_t *
text (const char *value)
{
  return value != NULL && *value != '\0' ? json_string (value) : json_null ();
}

static json_t *
moment (gint64 unix_us)
{
  g_autofree char *utc = unix_us != 0 ? cloud_time_format_utc (unix_us) : NULL;

  return text (utc);
}

static void
set_values (json_t *object, const char *const *keys, const double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    json_object_set_new (object, keys[i], number (values[i]));
}

static json_t *
point_to_json (const WeatherPoint *point)
{
  json_t *object = json_object ();

  json_object_set_new (object, "time", moment (point->start_unix_us));
  json_object_set_new (object, "condition", json_string (weather_condition_name (point->condition)));
  json_object_set_new (object, "is_day", point->is_day < 0 ? json_null () : json_boolean (point->is_day));
  set_values (object, point_keys, weather_point_values ((WeatherPoint *) point), WEATHER_POINT_N_VALUES);
  return object;
}

static json_t *
points_to_json (const WeatherPoint *points, guint n)
{
  json_t *array = json_array ();

  for (guint i = 0; i < n; i++)
    json_array_append_new (array, point_to_json (&points[i]));
  return array;
}

static json_t *
day_to_json (WeatherForecast *forecast, const WeatherDay *day)
{
  static const char *const sun_names[] = { "rises-and-sets", "always-up", "always-down" };
  WeatherPlace *place = weather_forecast_get_place (forecast);
  json_t *object = json_object ();
  WeatherSunDay sun;
  char date[32];

  g_snprintf (date, sizeof date, "%04d-%02d-%02d", day->year, day->month, day->day);
  weather_sun_day (weather_place_get_latitude_deg (place), weather_place_get_longitude_deg (place), day->start_unix_us,
                   day->end_unix_us, &sun);
  json_object_set_new (object, "date", json_string (date));
  json_object_set_new (object, "start", moment (day->start_unix_us));
  json_object_set_new (object, "end", moment (day->end_unix_us));
  json_object_set_new (object, "condition", json_string (weather_condition_name (day->condition)));
  set_values (object, day_keys, weather_day_values ((WeatherDay *) day), WEATHER_DAY_N_VALUES);
  json_object_set_new (object, "sun", json_string (sun_names[sun.kind]));
  json_object_set_new (object, "sunrise", moment (sun.rise_unix_us));
  json_object_set_new (object, "sunset", moment (sun.set_unix_us));
  return object;
}

static json_t *
days_to_json (WeatherForecast *forecast)
{
  json_t *array = json_array ();
  guint n;
  const WeatherDay *days = weather_forecast_get_daily (forecast, &n);

  for (guint i = 0; i < n; i++)
    json_array_append_new (array, day_to_json (forecast, &days[i]));
  return array;
}

static json_t *
air_to_json (WeatherForecast *forecast)
{
  json_t *array = json_array ();
  guint n;
  const WeatherAir *air = weather_forecast_get_air (forecast, &n);

  for (guint i = 0; i < n; i++)
    {
      json_t *object = json_object ();

      json_object_set_new (object, "time", moment (air[i].start_unix_us));
      set_values (object, air_keys, weather_air_values ((WeatherAir *) &air[i]), WEATHER_AIR_N_VALUES);
      json_array_append_new (array, object);
    }
  return array;
}

json_t *
weather_place_to_json (WeatherPlace *place)
{
  json_t *object = json_object ();

  g_return_val_if_fail (WEATHER_IS_PLACE (place), object);

  json_object_set_new (object, "id", json_string (weather_place_get_id (place)));
  json_object_set_new (object, "name", text (weather_place_get_name (place)));
  json_object_set_new (object, "region", text (weather_place_get_region (place)));
  json_object_set_new (object, "lat", json_real (weather_place_get_latitude_deg (place)));
  json_object_set_new (object, "lon", json_real (weather_place_get_longitude_deg (place)));
  json_object_set_new (object, "timezone", text (weather_place_get_timezone (place)));
  return object;
}

static json_t *
source_to_json (WeatherForecast *forecast)
{
  json_t *object = json_object ();

  json_object_set_new (object, "id", text (weather_forecast_get_source_id (forecast)));
  json_object_set_new (object, "credit", text (weather_forecast_get_credit (forecast)));
  json_object_set_new (object, "url", text (weather_forecast_get_credit_url (forecast)));
  json_object_set_new (object, "synthetic", json_boolean (weather_forecast_is_synthetic (forecast)));
  return object;
}

json_t *
weather_forecast_to_json (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  static const char *const origins[] = { "file", "network", "cache", "stale", "store", "synthetic" };
  json_t *object = json_object ();
  g_autofree char *sentence = NULL;
  const WeatherPoint *points;
  gint64 fetched;
  WeatherPoint now;
  guint n;

  g_return_val_if_fail (WEATHER_IS_FORECAST (forecast), object);

  sentence = weather_sentence (forecast, units, now_unix_us);
  fetched = weather_forecast_get_fetched_unix_us (forecast);
  json_object_set_new (object, "kind", json_string ("forecast"));
  json_object_set_new (object, "place", weather_place_to_json (weather_forecast_get_place (forecast)));
  json_object_set_new (object, "source", source_to_json (forecast));
  json_object_set_new (object, "lat", number (weather_forecast_get_latitude_deg (forecast)));
  json_object_set_new (object, "lon", number (weather_forecast_get_longitude_deg (forecast)));
  json_object_set_new (object, "elevation_m", number (weather_forecast_get_elevation_m (forecast)));
  json_object_set_new (object, "timezone", text (weather_forecast_get_timezone (forecast)));
  json_object_set_new (object, "utc_offset_s", json_integer (weather_forecast_get_utc_offset_s (forecast)));
  json_object_set_new (object, "issued", moment (weather_forecast_get_issued_unix_us (forecast)));
  json_object_set_new (object, "fetched", moment (fetched));
  json_object_set_new (object, "expires", moment (weather_forecast_get_expires_unix_us (forecast)));
  json_object_set_new (object, "origin", json_string (origins[weather_forecast_get_origin (forecast)]));
  json_object_set_new (object, "age_s", fetched != 0 ? json_integer ((now_unix_us - fetched) / G_USEC_PER_SEC) : json_null ());
  json_object_set_new (object, "sentence", text (sentence));
  if (fetched == 0 && weather_forecast_get_now (forecast) != NULL)
    json_object_set_new (object, "now", point_to_json (weather_forecast_get_now (forecast)));
  else
    json_object_set_new (object, "now", weather_forecast_at (forecast, now_unix_us, &now) ? point_to_json (&now) : json_null ());
  points = weather_forecast_get_hourly (forecast, &n);
  json_object_set_new (object, "hourly", points_to_json (points, n));
  points = weather_forecast_get_quarters (forecast, &n);
  json_object_set_new (object, "quarter_hourly", points_to_json (points, n));
  json_object_set_new (object, "daily", days_to_json (forecast));
  json_object_set_new (object, "air", air_to_json (forecast));
  return object;
}
