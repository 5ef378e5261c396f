/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the sun stands and when it rises and sets, computed here: right without a network and for any date.
 *
 * Accurate to about a minute away from the poles (the refraction of a real horizon varies by more).
 *
 * Threading: pure functions, any thread.
 * Source: NOAA Solar Calculator; J. Meeus, Astronomical Algorithms, 2nd edition, chapters 7, 25 and 28; refraction and half the
 * disc together put the centre at -0.833 degrees at rise and set. */

typedef enum
{
  WEATHER_SUN_RISES_AND_SETS,
  WEATHER_SUN_ALWAYS_UP,   /* polar day */
  WEATHER_SUN_ALWAYS_DOWN, /* polar night */
} WeatherSunKind;

typedef struct
{
  WeatherSunKind kind;
  gint64 rise_unix_us; /* 0 if it does not rise between @start and @end */
  gint64 set_unix_us;  /* 0 if it does not set then */
  gint64 noon_unix_us; /* when it stands highest */
  double noon_elevation_deg;
} WeatherSunDay;

/* The sun's elevation above the horizon, without refraction. */
double weather_sun_elevation_deg (double latitude_deg, double longitude_deg, gint64 unix_us);

/* What the sun does between two instants (a local day's ends: see weather_day_at()). */
void weather_sun_day (double latitude_deg, double longitude_deg, gint64 start_unix_us, gint64 end_unix_us, WeatherSunDay *day);

/* TRUE while the sun is up. */
gboolean weather_sun_is_up (double latitude_deg, double longitude_deg, gint64 unix_us);

G_END_DECLS
