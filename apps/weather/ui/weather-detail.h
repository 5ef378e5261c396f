/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherDetail: the page of one place: now, the sentence, the hours, the days, the details, and how old all that is.
 *
 * It follows its entry and the units, and goes on by itself as time passes, once a minute while it is on screen.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_DETAIL (weather_detail_get_type ())
G_DECLARE_FINAL_TYPE (WeatherDetail, weather_detail, WEATHER, DETAIL, GtkWidget)

/* @menu_button: (transfer floating): the header's menu. */
GtkWidget *weather_detail_new (WeatherService *service, GSettings *settings, GtkWidget *menu_button);

/* @entry: (nullable): nothing to show */
void weather_detail_set_entry (WeatherDetail *self, WeatherEntry *entry);
WeatherEntry *weather_detail_get_entry (WeatherDetail *self);

G_END_DECLS
