/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"
#include "weather-units.h"

#include <jansson.h>

G_BEGIN_DECLS

/* A forecast as the command line prints it: every time in UTC, every number in the engine's unit (named in its key), what is not
 * said null.
 *
 * Threading: pure.  Ownership: the caller's. */

/* @now_unix_us: for the age, the sentence and the weather "now". */
json_t *weather_forecast_to_json (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us);

json_t *weather_place_to_json (WeatherPlace *place);

G_END_DECLS
