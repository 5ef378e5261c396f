/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-place.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The cities that the device knows without a network: libgweather's database (4,200 of them, named in the user's language), found
 * by name, by beginnings of words, across accents, and Chinese names by pinyin and initials; and the city nearest to a position.
 *
 * The database is mapped from disk; an index of names (about 1 MB) is made on the first search and lives until
 * weather_places_forget().
 *
 * Threading: any thread; the plain functions block for some 10 ms (the first search some 60 ms on a desktop), the _async ones do
 * that on a worker thread.
 * Ownership: results are the caller's.  Errors: only cancellation.
 * Source: libgweather 4 (GWeatherLocation). */

/* The best @limit hits; empty if there is none.  A hit's id is made of its coordinates and so stays the same.
 * Returns: (transfer full) (element-type WeatherPlace) */
GPtrArray *weather_places_search (const char *text, guint limit);

void weather_places_search_async (const char *text, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *weather_places_search_finish (GAsyncResult *result, GError **error);

/* The city nearest to a position, with its own coordinates (ask weather_place_distance_m()).
 * Returns: (transfer full) (nullable) */
WeatherPlace *weather_places_nearest (double latitude_deg, double longitude_deg);

void weather_places_nearest_async (double latitude_deg, double longitude_deg, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
WeatherPlace *weather_places_nearest_finish (GAsyncResult *result, GError **error);

/* The place at a position, called by the nearest city ("Near Porto" beyond 15 km), in its time zone; @id as in
 * weather_place_new(). Blocks like weather_places_nearest().  Returns: (transfer full) */
WeatherPlace *weather_places_name_position (const char *id, double latitude_deg, double longitude_deg);

void weather_places_name_position_async (const char *id, double latitude_deg, double longitude_deg, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
WeatherPlace *weather_places_name_position_finish (GAsyncResult *result, GError **error);

/* What the database calls each of @places (element-type WeatherPlace) in the language that the program speaks: those that it
 * knows under another name or region, with id, position and time zone as they were.  Blocks like the first search. Returns:
 * (transfer full) (element-type WeatherPlace) */
GPtrArray *weather_places_translate (GPtrArray *places);

/* Frees the index of names. */
void weather_places_forget (void);

G_END_DECLS
