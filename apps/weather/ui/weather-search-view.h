/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherSearchView: finds a place by name, without a network (the database on the device), and further on the Internet if that
 * is wished; or takes the position of the device, without ever making one wait for it.
 *
 * Signals: "chosen" (WeatherPlace *): a place to add; "here" (double latitude_deg, double longitude_deg): the device's position.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_SEARCH_VIEW (weather_search_view_get_type ())
G_DECLARE_FINAL_TYPE (WeatherSearchView, weather_search_view, WEATHER, SEARCH_VIEW, GtkWidget)

/* @welcome: it is the first screen, and greets. */
GtkWidget *weather_search_view_new (WeatherService *service, gboolean welcome);

/* Looks for @text at once. */
void weather_search_view_set_text (WeatherSearchView *self, const char *text);

void weather_search_view_focus (WeatherSearchView *self);

G_END_DECLS
