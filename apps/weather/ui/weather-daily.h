/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"
#include "weather-units.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherDaily: ten days, a row each: weekday, icon, chance of rain, and the span from minimum to maximum as a bar on one scale
 * for all.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_DAILY (weather_daily_get_type ())
G_DECLARE_FINAL_TYPE (WeatherDaily, weather_daily, WEATHER, DAILY, GtkWidget)

GtkWidget *weather_daily_new (void);

/* FALSE, and no rows, if @forecast has no days from today on. */
gboolean weather_daily_set (WeatherDaily *self, WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us);

G_END_DECLS
