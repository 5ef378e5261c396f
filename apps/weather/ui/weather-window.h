/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include "cirrus-common.h"

G_BEGIN_DECLS

/* WeatherWindow: the list of places and the weather of one, side by side or one after the other; the search where there is no
 * place yet.
 *
 * Threading: the main thread.  Ownership: GtkWindow's. */

#define WEATHER_TYPE_WINDOW (weather_window_get_type ())
G_DECLARE_FINAL_TYPE (WeatherWindow, weather_window, WEATHER, WINDOW, CirrusWindow)

/* Empty until weather_window_set_service(). */
GtkWidget *weather_window_new (CirrusApplication *application, GSettings *settings);

/* The places are known from now on. */
void weather_window_set_service (WeatherWindow *self, WeatherService *service);

/* Why there is no service: the store does not open. */
void weather_window_set_error (WeatherWindow *self, const GError *error);

/* Waits for the service if need be. */
void weather_window_show_place (WeatherWindow *self, const char *id);
void weather_window_search (WeatherWindow *self, const char *text);

G_END_DECLS
