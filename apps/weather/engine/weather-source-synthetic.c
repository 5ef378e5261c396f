/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-source-synthetic.h"

#include "weather-sun.h"

#include "cloud-time.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include <math.h>
#include <string.h>

/* Invented weather out of smooth noise in time, seeded by the place: any hour can be asked for and always has the same answer. */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define N_DAYS 11
#define EXPIRY_US HOUR_US
#define SOURCE_ID "synthetic"
/* Kept with the forecast in English; the window says it in the user's language. */
#define CREDIT N_ ("Sample data, made up: not a forecast")

struct _WeatherSourceSynthetic
{
  GObject parent_instance;
};

enum
{
  CHANNEL_AIR_MASS,
  CHANNEL_CLOUD,
  CHANNEL_FRONT,
  CHANNEL_WIND,
  CHANNEL_DIRECTION,
  CHANNEL_PRESSURE,
  CHANNEL_FOG,
};

/* A 64-bit finalizer (SplitMix64) as a hash of place, channel and step. */
static double
hash_unit (guint64 seed, guint channel, gint64 step)
{
  guint64 z = seed + (guint64) channel * 0xD1B54A32D192ED03u + (guint64) step * 0x9E3779B97F4A7C15u;

  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return (double) (z >> 11) / 9007199254740992.0;
}

/* Noise in 0..1 that changes over @period_h hours. */
static double
noise (guint64 seed, guint channel, gint64 unix_us, double period_h)
{
  double position = (double) unix_us / (double) HOUR_US / period_h;
  double step = floor (position);
  double part = position - step;
  double eased = part * part * (3 - 2 * part);
  double from = hash_unit (seed, channel, (gint64) step);
  double to = hash_unit (seed, channel, (gint64) step + 1);

  return from + (to - from) * eased;
}

static guint64
seed_of (WeatherPlace *place)
{
  gint64 latitude = llround (weather_place_get_latitude_deg (place) * 10);
  gint64 longitude = llround (weather_place_get_longitude_deg (place) * 10);

  return (guint64) (latitude * 7919 + longitude) * 0x2545F4914F6CDD1Du;
}

/* The year's mean temperature here and how far it swings. */
static double
season_c (double latitude_deg, gint64 unix_us)
{
  double day_of_year = fmod ((double) (unix_us / HOUR_US) / 24, 365.2425);
  double mean = 27 - 0.0071 * latitude_deg * latitude_deg;
  double swing = 1.5 + 0.17 * ABS (latitude_deg);
  double phase = cos (2 * G_PI * (day_of_year - (latitude_deg >= 0 ? 200 : 17)) / 365.2425);

  return mean + swing * phase;
}

static WeatherCondition
pick_condition (const WeatherPoint *hour, double fog)
{
  if (hour->precipitation_mm >= 0.1)
    {
      if (hour->temperature_c < -0.5)
        return hour->precipitation_mm > 2 ? WEATHER_CONDITION_HEAVY_SNOW : WEATHER_CONDITION_SNOW;
      if (hour->temperature_c < 1.5)
        return WEATHER_CONDITION_SLEET;
      if (hour->precipitation_mm > 3.2)
        return hour->temperature_c > 18 ? WEATHER_CONDITION_THUNDER : WEATHER_CONDITION_HEAVY_RAIN;
      return hour->precipitation_mm < 0.4 ? WEATHER_CONDITION_DRIZZLE : WEATHER_CONDITION_RAIN;
    }
  if (fog > 0.9 && hour->wind_mps < 3)
    return WEATHER_CONDITION_FOG;
  if (hour->cloud_cover_pct < 15)
    return WEATHER_CONDITION_CLEAR;
  if (hour->cloud_cover_pct < 35)
    return WEATHER_CONDITION_MOSTLY_CLEAR;
  return hour->cloud_cover_pct < 75 ? WEATHER_CONDITION_PARTLY_CLOUDY : WEATHER_CONDITION_CLOUDY;
}

static void
fill_rain (WeatherPoint *point, guint64 seed)
{
  double front
      = noise (seed, CHANNEL_FRONT, point->start_unix_us, 13) * 0.7 + noise (seed, CHANNEL_FRONT, point->start_unix_us, 5) * 0.3;
  double wet = front - 0.68;

  point->precipitation_mm = wet > 0 ? round (wet * wet * 600 + wet * 8) / 10 : 0;
  point->precipitation_chance_pct = CLAMP (round ((front - 0.56) * 400 / 5) * 5, 0, 95);
  point->cloud_cover_pct = MAX (point->cloud_cover_pct, CLAMP ((front - 0.4) * 350, 0, 100));
  point->snowfall_mm = point->temperature_c < 0 ? point->precipitation_mm : 0;
}

static void
fill_point (WeatherPoint *point, WeatherPlace *place, GTimeZone *zone, guint64 seed)
{
  double latitude = weather_place_get_latitude_deg (place);
  gint64 at = point->start_unix_us;
  double sun_deg = weather_sun_elevation_deg (latitude, weather_place_get_longitude_deg (place), at);
  double late_sun_deg = weather_sun_elevation_deg (latitude, weather_place_get_longitude_deg (place), at - 2 * HOUR_US);
  double clear, vapour;

  point->is_day = weather_sun_is_up (latitude, weather_place_get_longitude_deg (place), at);
  point->cloud_cover_pct = CLAMP (noise (seed, CHANNEL_CLOUD, at, 17) * 170 - 40, 0, 100);
  clear = 1 - point->cloud_cover_pct / 130;
  point->temperature_c = season_c (latitude, at) + (noise (seed, CHANNEL_AIR_MASS, at, 61) - 0.5) * 14
                         + 5.5 * clear * sin (CLAMP (late_sun_deg, -35, 60) * G_PI / 180);
  fill_rain (point, seed);
  point->temperature_c = round ((point->temperature_c - MIN (2, point->precipitation_mm)) * 10) / 10;
  point->wind_mps = round ((1 + pow (noise (seed, CHANNEL_WIND, at, 11), 2) * 13) * 10) / 10;
  point->gust_mps = round (point->wind_mps * (1.4 + noise (seed, CHANNEL_WIND, at, 4) * 0.5) * 10) / 10;
  point->wind_from_deg = round (noise (seed, CHANNEL_DIRECTION, at, 37) * 359);
  point->pressure_hpa = round ((1033 - 32 * noise (seed, CHANNEL_PRESSURE, at, 53)) * 10) / 10;
  point->humidity_pct
      = round (CLAMP (88 - 38 * clear * sin (CLAMP (sun_deg, 0, 60) * G_PI / 180) + point->precipitation_mm * 3, 25, 100));
  point->uv_index
      = sun_deg > 0 ? round (11 * pow (sin (sun_deg * G_PI / 180), 1.4) * (1 - point->cloud_cover_pct / 180) * 10) / 10 : 0;
  point->condition = pick_condition (point, noise (seed, CHANNEL_FOG, at, 9));
  point->visibility_m
      = point->condition == WEATHER_CONDITION_FOG ? 400 : CLAMP (32000 - point->precipitation_mm * 5000, 2500, 32000);
  /* Magnus for the dew point; an apparent temperature after Steadman (1994). */
  vapour = point->humidity_pct / 100 * 6.105 * exp (17.27 * point->temperature_c / (237.7 + point->temperature_c));
  point->dew_point_c = round (237.7 * log (vapour / 6.105) / (17.27 - log (vapour / 6.105)) * 10) / 10;
  point->feels_like_c = round ((point->temperature_c + 0.33 * vapour - 0.7 * point->wind_mps - 4) * 10) / 10;
}

/* The condition that a day is called by: what falls if enough of it does, else the sky of its bright hours. */
static WeatherCondition
name_day (const WeatherDay *day, const guint counts[WEATHER_N_CONDITIONS])
{
  WeatherCondition most = WEATHER_CONDITION_UNKNOWN;
  guint most_hours = 0;
  gboolean wet = day->precipitation_mm >= 1;

  for (guint i = WEATHER_CONDITION_CLEAR; i < WEATHER_N_CONDITIONS; i++)
    if (weather_condition_is_wet (i) == wet && counts[i] > most_hours)
      {
        most = i;
        most_hours = counts[i];
      }
  return most;
}

static double
larger (double known, double value)
{
  return isnan (known) || value > known ? value : known;
}

static void
add_day (WeatherForecastParts *parts, WeatherDay *day)
{
  guint counts[WEATHER_N_CONDITIONS] = { 0 };

  day->precipitation_mm = 0;
  day->snowfall_mm = 0;
  for (guint i = 0; i < parts->hourly->len; i++)
    {
      const WeatherPoint *hour = &g_array_index (parts->hourly, WeatherPoint, i);

      if (hour->start_unix_us < day->start_unix_us || hour->start_unix_us >= day->end_unix_us)
        continue;
      day->max_c = larger (day->max_c, hour->temperature_c);
      day->min_c = -larger (-day->min_c, -hour->temperature_c);
      day->feels_max_c = larger (day->feels_max_c, hour->feels_like_c);
      day->feels_min_c = -larger (-day->feels_min_c, -hour->feels_like_c);
      day->precipitation_mm += hour->precipitation_mm;
      day->snowfall_mm += hour->snowfall_mm;
      day->precipitation_chance_pct = larger (day->precipitation_chance_pct, hour->precipitation_chance_pct);
      if (!(day->wind_max_mps >= hour->wind_mps))
        day->wind_from_deg = hour->wind_from_deg;
      day->wind_max_mps = larger (day->wind_max_mps, hour->wind_mps);
      day->gust_max_mps = larger (day->gust_max_mps, hour->gust_mps);
      day->uv_max = larger (day->uv_max, hour->uv_index);
      if (hour->is_day != 0 || weather_condition_is_wet (hour->condition))
        counts[hour->condition]++;
    }
  day->condition = name_day (day, counts);
  g_array_append_val (parts->daily, *day);
}

WeatherForecast *
weather_synthetic_forecast (WeatherPlace *place, gint64 now_unix_us)
{
  WeatherForecastParts *parts;
  g_autoptr (GTimeZone) zone = NULL;
  WeatherDay today, day;
  gint64 first, last;
  guint64 seed;

  g_return_val_if_fail (WEATHER_IS_PLACE (place), NULL);

  parts = weather_forecast_parts_new (place, SOURCE_ID);
  seed = seed_of (place);
  parts->credit = g_strdup (CREDIT);
  parts->synthetic = TRUE;
  parts->timezone = g_strdup (weather_place_get_timezone (place));
  zone = weather_place_dup_zone (place, (int) round (weather_place_get_longitude_deg (place) / 15) * 3600);
  parts->utc_offset_s = weather_offset_at (zone, now_unix_us);
  parts->fetched_unix_us = now_unix_us;
  parts->expires_unix_us = now_unix_us + EXPIRY_US;
  parts->elevation_m = round (hash_unit (seed, CHANNEL_FOG, -1) * 300);
  weather_day_init (&today);
  weather_day_at (zone, now_unix_us, &today);
  first = weather_day_start (zone, today.year, today.month, today.day) - 25 * HOUR_US;
  last = today.start_unix_us + (N_DAYS * 24 + 1) * HOUR_US;
  for (gint64 at = first; at < last; at += HOUR_US)
    {
      WeatherPoint hour;

      weather_point_init (&hour);
      hour.start_unix_us = at;
      fill_point (&hour, place, zone, seed);
      g_array_append_val (parts->hourly, hour);
    }
  for (gint64 at = today.start_unix_us - 1, i = 0; i <= N_DAYS; at = day.end_unix_us, i++)
    {
      weather_day_init (&day);
      weather_day_at (zone, at, &day);
      add_day (parts, &day);
    }
  parts->now.start_unix_us = now_unix_us;
  fill_point (&parts->now, place, zone, seed);
  parts->has_now = TRUE;
  return weather_forecast_new (parts);
}

static void
synthetic_fetch_async (WeatherSource *source, WeatherPlace *place, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, synthetic_fetch_async);
  g_task_return_pointer (task, weather_synthetic_forecast (place, cloud_time_now_unix_us ()), g_object_unref);
}

static WeatherForecast *
synthetic_fetch_finish (WeatherSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
weather_source_synthetic_iface_init (WeatherSourceInterface *iface)
{
  iface->id = SOURCE_ID;
  iface->name = N_ ("made-up weather");
  iface->credit = CREDIT;
  iface->credit_url = "";
  iface->fetch_async = synthetic_fetch_async;
  iface->fetch_finish = synthetic_fetch_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (WeatherSourceSynthetic, weather_source_synthetic, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEATHER_TYPE_SOURCE, weather_source_synthetic_iface_init))

static void
weather_source_synthetic_class_init (WeatherSourceSyntheticClass *klass)
{
}

static void
weather_source_synthetic_init (WeatherSourceSynthetic *self)
{
}

WeatherSource *
weather_source_synthetic_new (void)
{
  return g_object_new (WEATHER_TYPE_SOURCE_SYNTHETIC, NULL);
}
