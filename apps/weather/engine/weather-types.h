/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The plain data that every provider is decoded into and every screen reads.
 *
 * Units are fixed and stand in the names: degrees Celsius, millimetres of water, metres a second, hectopascals, metres, per cent;
 * times are UTC microseconds.  What a provider does not say is NaN (never zero), a condition it does not say is UNKNOWN.
 *
 * Threading: plain data, any thread. */

typedef enum
{
  WEATHER_CONDITION_UNKNOWN,
  WEATHER_CONDITION_CLEAR,
  WEATHER_CONDITION_MOSTLY_CLEAR,
  WEATHER_CONDITION_PARTLY_CLOUDY,
  WEATHER_CONDITION_CLOUDY,
  WEATHER_CONDITION_FOG,
  WEATHER_CONDITION_DRIZZLE,
  WEATHER_CONDITION_RAIN,
  WEATHER_CONDITION_HEAVY_RAIN,
  WEATHER_CONDITION_SHOWERS,
  WEATHER_CONDITION_SLEET, /* freezing drizzle and freezing rain too */
  WEATHER_CONDITION_SNOW,
  WEATHER_CONDITION_HEAVY_SNOW,
  WEATHER_CONDITION_SNOW_SHOWERS,
  WEATHER_CONDITION_THUNDER,
  WEATHER_CONDITION_HAIL, /* a thunderstorm with hail */
  WEATHER_N_CONDITIONS,
} WeatherCondition;

/* The weather at a moment (now) or over the time that follows it (an hour, a quarter of an hour). */
typedef struct
{
  gint64 start_unix_us;
  WeatherCondition condition;
  int is_day; /* 1, 0, or -1 where the provider does not say */
  /* From here on only doubles: weather_point_value() and the store walk over them. */
  double temperature_c;
  double feels_like_c;
  double dew_point_c;
  double humidity_pct;
  double precipitation_mm;
  double precipitation_chance_pct;
  double snowfall_mm; /* of water */
  double cloud_cover_pct;
  double pressure_hpa; /* at sea level */
  double visibility_m;
  double wind_mps;
  double gust_mps;
  double wind_from_deg;
  double uv_index;
} WeatherPoint;

/* A civil day at the place, from one local midnight to the next (23, 24 or 25 hours). */
typedef struct
{
  gint64 start_unix_us;
  gint64 end_unix_us;
  int year, month, day;
  WeatherCondition condition;
  double min_c;
  double max_c;
  double feels_min_c;
  double feels_max_c;
  double precipitation_mm;
  double precipitation_chance_pct;
  double snowfall_mm;
  double wind_max_mps;
  double gust_max_mps;
  double wind_from_deg;
  double uv_max;
} WeatherDay;

/* What is in an hour's air, in micrograms a cubic metre, and the two indexes that providers compute from it. */
typedef struct
{
  gint64 start_unix_us;
  double pm2_5_ugm3;
  double pm10_ugm3;
  double carbon_monoxide_ugm3;
  double nitrogen_dioxide_ugm3;
  double sulphur_dioxide_ugm3;
  double ozone_ugm3;
  double european_aqi;
  double us_aqi;
} WeatherAir;

#define WEATHER_POINT_N_VALUES ((sizeof (WeatherPoint) - G_STRUCT_OFFSET (WeatherPoint, temperature_c)) / sizeof (double))
#define WEATHER_DAY_N_VALUES ((sizeof (WeatherDay) - G_STRUCT_OFFSET (WeatherDay, min_c)) / sizeof (double))
#define WEATHER_AIR_N_VALUES ((sizeof (WeatherAir) - G_STRUCT_OFFSET (WeatherAir, pm2_5_ugm3)) / sizeof (double))

/* Set everything to "not said". */
void weather_point_init (WeatherPoint *self);
void weather_day_init (WeatherDay *self);
void weather_air_init (WeatherAir *self);

/* The doubles of each as an array of its _N_VALUES. (transfer none) */
double *weather_point_values (WeatherPoint *self);
double *weather_day_values (WeatherDay *self);
double *weather_air_values (WeatherAir *self);

/* Stable lower-case names ("heavy-rain"), as the command line and the icons use them; (transfer none). */
const char *weather_condition_name (WeatherCondition condition);

/* UNKNOWN if no condition has the name. */
WeatherCondition weather_condition_from_name (const char *name);

/* The subset of WMO code table 4677 that Open-Meteo uses (0-3, 45, 48, 51-57, 61-67, 71-77, 80-82, 85, 86, 95, 96, 99). */
WeatherCondition weather_condition_from_wmo (int code);

/* TRUE if something falls. */
gboolean weather_condition_is_wet (WeatherCondition condition);

/* What of rain every screen shows and every sentence counts, here and nowhere else:
 *   - a chance below 10 % or an amount below 0.05 mm is not shown, and only what shows none of either is called dry;
 *   - an hour counts as wet, and "Rain 15:00 to 17:00" is said of it, from 0.2 mm and a chance of 50 % on;
 *   - a day counts as wet from 1 mm on;
 *   - what lies between is called unlikely rain or little rain, and its highest chance is said.
 * A chance or an amount that is not said (NaN) is not shown and counts for nothing. */
#define WEATHER_SHOWN_CHANCE_PCT 10
#define WEATHER_SHOWN_RAIN_MM 0.05
#define WEATHER_WET_CHANCE_PCT 50
#define WEATHER_WET_HOUR_MM 0.2
#define WEATHER_WET_DAY_MM 1

gboolean weather_shows_chance (double chance_pct);
gboolean weather_shows_rain (double mm);

/* Seconds east of UTC in @zone at @unix_us. */
int weather_offset_at (GTimeZone *zone, gint64 unix_us);

/* The UTC microseconds at which the local day @year-@month-@day starts in @zone: the first instant that bears the date, also
 * where a clock change swallows midnight. */
gint64 weather_day_start (GTimeZone *zone, int year, int month, int day);

/* Fills the date and both ends of the local day that contains @unix_us. */
void weather_day_at (GTimeZone *zone, gint64 unix_us, WeatherDay *day);

/* Days from the civil date 1970-01-01 (negative before). */
gint64 weather_days_from_civil (int year, int month, int day);
void weather_civil_from_days (gint64 days, int *year, int *month, int *day);

G_END_DECLS
