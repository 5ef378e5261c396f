/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* From the engine's units to what a person reads, by locale and by choice.
 *
 * Threading: plain data and pure functions.  Ownership: returned strings are the caller's, translated, and never NULL: what is
 * not said reads "–". */

typedef enum
{
  WEATHER_TEMPERATURE_CELSIUS,
  WEATHER_TEMPERATURE_FAHRENHEIT,
} WeatherTemperatureUnit;

typedef enum
{
  WEATHER_SPEED_KMH,
  WEATHER_SPEED_MPS,
  WEATHER_SPEED_MPH,
  WEATHER_SPEED_KNOTS,
  WEATHER_SPEED_BEAUFORT,
} WeatherSpeedUnit;

typedef enum
{
  WEATHER_PRESSURE_HPA,
  WEATHER_PRESSURE_INHG,
  WEATHER_PRESSURE_MMHG,
} WeatherPressureUnit;

typedef struct
{
  WeatherTemperatureUnit temperature;
  WeatherSpeedUnit speed;
  WeatherPressureUnit pressure;
  gboolean inches; /* of rain; else millimetres */
  gboolean miles;  /* of sight; else kilometres */
  gboolean clock_24h;
} WeatherUnits;

/* What the locale's country uses (LC_MEASUREMENT, LC_TIME). */
void weather_units_from_locale (WeatherUnits *units);

/* The locale's, changed by what the user chose in org.cirrussuite.Weather (keys *-unit, "auto" leaves it). */
void weather_units_from_settings (WeatherUnits *units, GSettings *settings);

char *weather_units_temperature (const WeatherUnits *units, double celsius);            /* "−4°" */
char *weather_units_temperature_full (const WeatherUnits *units, double celsius);       /* "−4 °C" */
char *weather_units_temperature_step (const WeatherUnits *units, double difference_c);  /* "4°", without a sign */
char *weather_units_speed (const WeatherUnits *units, double mps);                      /* "12 km/h" */
char *weather_units_rain (const WeatherUnits *units, double mm);                        /* "1.2 mm" */
char *weather_units_pressure (const WeatherUnits *units, double hpa);                   /* "1013 hPa" */
char *weather_units_distance (const WeatherUnits *units, double m);                     /* "24 km" */
char *weather_units_percent (const WeatherUnits *units, double percent);                /* "60 %" */
char *weather_units_clock (const WeatherUnits *units, GTimeZone *zone, gint64 unix_us); /* "15:00", "3:00 PM" */
char *weather_units_hour (const WeatherUnits *units, GTimeZone *zone, gint64 unix_us);  /* "15:00", "3 PM" */
char *weather_units_weekday (GTimeZone *zone, gint64 unix_us);                          /* "Tue" */
char *weather_units_weekday_full (GTimeZone *zone, gint64 unix_us);                     /* "Tuesday" */

/* Rounded in the user's unit, for comparing and drawing; NaN stays NaN. */
double weather_units_convert_temperature (const WeatherUnits *units, double celsius);

/* "Heavy rain"; at night "Clear" rather than "Sunny". (transfer none) */
const char *weather_condition_text (WeatherCondition condition, gboolean is_day);

/* "north-west", and for a chip "NW". (transfer none) */
const char *weather_wind_from_text (double from_deg);
const char *weather_wind_from_short (double from_deg);

/* 0 to 12. */
int weather_beaufort (double mps);

/* "High", for the WHO's UV index. (transfer none) */
const char *weather_uv_text (double uv_index);

/* "just now", "5 minutes ago", "3 hours ago", "2 days ago". */
char *weather_age_text (gint64 now_unix_us, gint64 then_unix_us);

G_END_DECLS
