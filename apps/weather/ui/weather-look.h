/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-types.h"

G_BEGIN_DECLS

/* What the weather looks like: which icon of ours, which colours of the sky.
 *
 * White text stands on every colour of a sky with a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3); a test walks over all of
 * them.
 *
 * Threading: pure functions. */

typedef struct
{
  float red, green, blue;
} WeatherColor;

typedef enum
{
  WEATHER_HOUR_NIGHT,
  WEATHER_HOUR_TWILIGHT, /* the sun is just below or just above the horizon */
  WEATHER_HOUR_DAY,
  WEATHER_N_HOURS,
} WeatherHour;

/* By the sun's elevation. */
WeatherHour weather_look_hour (double sun_elevation_deg);

/* Top and bottom of the sky; @dark: for the dark style, a shade deeper. */
void weather_look_sky (WeatherCondition condition, WeatherHour hour, gboolean dark, WeatherColor *top, WeatherColor *bottom);

/* "cirrus-weather-rain", ... (transfer none) */
const char *weather_look_icon (WeatherCondition condition, gboolean is_day);

/* The colour of a temperature, from deep cold to heat, for bars and curves. */
void weather_look_temperature (double celsius, WeatherColor *color);

G_END_DECLS
