/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"
#include "weather-units.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherHourly: the coming two days hour by hour: time, icon, the line of the temperature, bars of rain and its chance, in one
 * drawing that scrolls sideways and says itself to a screen reader.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_HOURLY (weather_hourly_get_type ())
G_DECLARE_FINAL_TYPE (WeatherHourly, weather_hourly, WEATHER, HOURLY, GtkWidget)

GtkWidget *weather_hourly_new (void);

/* FALSE, and nothing is drawn, if @forecast has no hours from @now_unix_us on. */
gboolean weather_hourly_set (WeatherHourly *self, WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us);

/* Back to now. */
void weather_hourly_rewind (WeatherHourly *self);

G_END_DECLS
