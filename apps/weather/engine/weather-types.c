/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-types.h"

#include <math.h>
#include <string.h>

/* Names, codes and civil days: what all providers and screens need of the plain data. */

static const char *const condition_names[WEATHER_N_CONDITIONS] = {
  [WEATHER_CONDITION_UNKNOWN] = "unknown",
  [WEATHER_CONDITION_CLEAR] = "clear",
  [WEATHER_CONDITION_MOSTLY_CLEAR] = "mostly-clear",
  [WEATHER_CONDITION_PARTLY_CLOUDY] = "partly-cloudy",
  [WEATHER_CONDITION_CLOUDY] = "cloudy",
  [WEATHER_CONDITION_FOG] = "fog",
  [WEATHER_CONDITION_DRIZZLE] = "drizzle",
  [WEATHER_CONDITION_RAIN] = "rain",
  [WEATHER_CONDITION_HEAVY_RAIN] = "heavy-rain",
  [WEATHER_CONDITION_SHOWERS] = "showers",
  [WEATHER_CONDITION_SLEET] = "sleet",
  [WEATHER_CONDITION_SNOW] = "snow",
  [WEATHER_CONDITION_HEAVY_SNOW] = "heavy-snow",
  [WEATHER_CONDITION_SNOW_SHOWERS] = "snow-showers",
  [WEATHER_CONDITION_THUNDER] = "thunder",
  [WEATHER_CONDITION_HAIL] = "hail",
};

static void
fill_nan (double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = NAN;
}

double *
weather_point_values (WeatherPoint *self)
{
  return &self->temperature_c;
}

double *
weather_day_values (WeatherDay *self)
{
  return &self->min_c;
}

double *
weather_air_values (WeatherAir *self)
{
  return &self->pm2_5_ugm3;
}

void
weather_point_init (WeatherPoint *self)
{
  memset (self, 0, sizeof *self);
  self->is_day = -1;
  fill_nan (weather_point_values (self), WEATHER_POINT_N_VALUES);
}

void
weather_day_init (WeatherDay *self)
{
  memset (self, 0, sizeof *self);
  fill_nan (weather_day_values (self), WEATHER_DAY_N_VALUES);
}

void
weather_air_init (WeatherAir *self)
{
  memset (self, 0, sizeof *self);
  fill_nan (weather_air_values (self), WEATHER_AIR_N_VALUES);
}

const char *
weather_condition_name (WeatherCondition condition)
{
  g_return_val_if_fail ((guint) condition < WEATHER_N_CONDITIONS, "unknown");
  return condition_names[condition];
}

WeatherCondition
weather_condition_from_name (const char *name)
{
  for (guint i = 0; name != NULL && i < WEATHER_N_CONDITIONS; i++)
    if (strcmp (condition_names[i], name) == 0)
      return i;
  return WEATHER_CONDITION_UNKNOWN;
}

WeatherCondition
weather_condition_from_wmo (int code)
{
  static const struct
  {
    guint8 code;
    guint8 condition;
  } table[] = {
    { 0, WEATHER_CONDITION_CLEAR },         { 1, WEATHER_CONDITION_MOSTLY_CLEAR }, { 2, WEATHER_CONDITION_PARTLY_CLOUDY },
    { 3, WEATHER_CONDITION_CLOUDY },        { 45, WEATHER_CONDITION_FOG },         { 48, WEATHER_CONDITION_FOG },
    { 51, WEATHER_CONDITION_DRIZZLE },      { 53, WEATHER_CONDITION_DRIZZLE },     { 55, WEATHER_CONDITION_DRIZZLE },
    { 56, WEATHER_CONDITION_SLEET },        { 57, WEATHER_CONDITION_SLEET },       { 61, WEATHER_CONDITION_RAIN },
    { 63, WEATHER_CONDITION_RAIN },         { 65, WEATHER_CONDITION_HEAVY_RAIN },  { 66, WEATHER_CONDITION_SLEET },
    { 67, WEATHER_CONDITION_SLEET },        { 71, WEATHER_CONDITION_SNOW },        { 73, WEATHER_CONDITION_SNOW },
    { 75, WEATHER_CONDITION_HEAVY_SNOW },   { 77, WEATHER_CONDITION_SNOW },        { 80, WEATHER_CONDITION_SHOWERS },
    { 81, WEATHER_CONDITION_SHOWERS },      { 82, WEATHER_CONDITION_HEAVY_RAIN },  { 85, WEATHER_CONDITION_SNOW_SHOWERS },
    { 86, WEATHER_CONDITION_SNOW_SHOWERS }, { 95, WEATHER_CONDITION_THUNDER },     { 96, WEATHER_CONDITION_HAIL },
    { 99, WEATHER_CONDITION_HAIL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].code == code)
      return table[i].condition;
  return WEATHER_CONDITION_UNKNOWN;
}

gboolean
weather_condition_is_wet (WeatherCondition condition)
{
  return condition >= WEATHER_CONDITION_DRIZZLE && condition < WEATHER_N_CONDITIONS;
}

gboolean
weather_shows_chance (double chance_pct)
{
  return chance_pct >= WEATHER_SHOWN_CHANCE_PCT;
}

gboolean
weather_shows_rain (double mm)
{
  return mm >= WEATHER_SHOWN_RAIN_MM;
}

int
weather_offset_at (GTimeZone *zone, gint64 unix_us)
{
  gint64 seconds = unix_us / G_USEC_PER_SEC - (unix_us % G_USEC_PER_SEC < 0);
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);

  return interval >= 0 ? g_time_zone_get_offset (zone, interval) : 0;
}

/* Howard Hinnant's civil calendar algorithms. */
gint64
weather_days_from_civil (int year, int month, int day)
{
  gint64 y = (gint64) year - (month <= 2);
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

void
weather_civil_from_days (gint64 days, int *year, int *month, int *day)
{
  gint64 shifted = days + 719468;
  gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  gint64 day_of_era = shifted - era * 146097;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 shifted_month = (5 * day_of_year + 2) / 153;

  *day = (int) (day_of_year - (153 * shifted_month + 2) / 5 + 1);
  *month = (int) (shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  *year = (int) (year_of_era + era * 400 + (*month <= 2));
}

static gint64
civil_day_at (GTimeZone *zone, gint64 unix_us)
{
  gint64 local_s = unix_us / G_USEC_PER_SEC - (unix_us % G_USEC_PER_SEC < 0) + weather_offset_at (zone, unix_us);

  return local_s >= 0 ? local_s / 86400 : -((-local_s + 86399) / 86400);
}

gint64
weather_day_start (GTimeZone *zone, int year, int month, int day)
{
  gint64 wanted = weather_days_from_civil (year, month, day);
  gint64 low = (wanted * 86400 - 26 * 3600) * G_USEC_PER_SEC;
  gint64 high = (wanted * 86400 + 26 * 3600) * G_USEC_PER_SEC;

  /* Local dates never run backwards over a whole day, so the first instant of a date can be bisected (to the second). */
  while (high - low > G_USEC_PER_SEC)
    {
      gint64 middle = low + (high - low) / (2 * G_USEC_PER_SEC) * G_USEC_PER_SEC;

      if (civil_day_at (zone, middle) >= wanted)
        high = middle;
      else
        low = middle;
    }
  return high;
}

void
weather_day_at (GTimeZone *zone, gint64 unix_us, WeatherDay *day)
{
  gint64 days = civil_day_at (zone, unix_us);
  int year, month, mday;

  weather_civil_from_days (days, &day->year, &day->month, &day->day);
  day->start_unix_us = weather_day_start (zone, day->year, day->month, day->day);
  weather_civil_from_days (days + 1, &year, &month, &mday);
  day->end_unix_us = weather_day_start (zone, year, month, mday);
}
