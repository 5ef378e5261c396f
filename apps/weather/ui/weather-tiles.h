/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"
#include "weather-units.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherTiles: the details of now, a tile each: sun, wind, rain, UV, humidity, pressure, visibility.  The sun's is right without
 * any forecast.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_TILES (weather_tiles_get_type ())
G_DECLARE_FINAL_TYPE (WeatherTiles, weather_tiles, WEATHER, TILES, GtkWidget)

GtkWidget *weather_tiles_new (void);

/* @forecast: (nullable) */
void weather_tiles_set (WeatherTiles *self, WeatherPlace *place, WeatherForecast *forecast, const WeatherUnits *units,
                        gint64 now_unix_us);

G_END_DECLS
