/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherPlaceRow: a place of the list as a small sky: name, local time, temperature, and the age of old data; with buttons to
 * move and remove it while the list is edited.
 *
 * Signals: "remove"; "move" (int: -1 up, 1 down).
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_PLACE_ROW (weather_place_row_get_type ())
G_DECLARE_FINAL_TYPE (WeatherPlaceRow, weather_place_row, WEATHER, PLACE_ROW, GtkListBoxRow)

GtkWidget *weather_place_row_new (WeatherEntry *entry, GSettings *settings);
WeatherEntry *weather_place_row_get_entry (WeatherPlaceRow *self);
void weather_place_row_set_editing (WeatherPlaceRow *self, gboolean editing);

/* Time has passed, or the units changed. */
void weather_place_row_update (WeatherPlaceRow *self);

G_END_DECLS
