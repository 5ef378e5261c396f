/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-source.h"

G_BEGIN_DECLS

/* A source that makes its weather up, the same for the same place and hour, and says so (weather_forecast_is_synthetic()): the
 * sample profile and the tests of screens use it.  It is plausible (seasons by latitude, warm afternoons, fronts that pass), and
 * means nothing.
 *
 * Threading, errors: as WeatherSource; it never fails. */

#define WEATHER_TYPE_SOURCE_SYNTHETIC (weather_source_synthetic_get_type ())
G_DECLARE_FINAL_TYPE (WeatherSourceSynthetic, weather_source_synthetic, WEATHER, SOURCE_SYNTHETIC, GObject)

/* Returns: (transfer full) */
WeatherSource *weather_source_synthetic_new (void);

/* What it would answer at @now_unix_us: yesterday and the eleven days from today.  Returns: (transfer full) */
WeatherForecast *weather_synthetic_forecast (WeatherPlace *place, gint64 now_unix_us);

G_END_DECLS
