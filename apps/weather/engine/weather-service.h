/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-entry.h"
#include "weather-source.h"
#include "weather-store.h"
#include "weather-units.h"

G_BEGIN_DECLS

/* WeatherService: the user's places and their weather, as a GListModel of WeatherEntry; ties source and store.
 *
 * Window, command line and background service each have one on the same profile and see each other's changes within a second.
 * Only the holder of the database's lease asks the source: the others wait for it, find the new data in the store and ask
 * nothing.  A place is asked about at most once per expiry of its forecast, whoever wants it.  Old data stay until new ones are
 * in.
 *
 * Properties: "loaded" (gboolean): the store was read, the list is the user's; "refreshing" (gboolean).
 *
 * Threading: the main context in which it was made; nothing blocks.
 * Errors: OFFLINE, TRY_LATER, DENIED, PROTOCOL of the source; those of CloudStore.  A refresh that fails leaves the old data and
 * says why in the entry's "failure". */

#define WEATHER_TYPE_SERVICE (weather_service_get_type ())
G_DECLARE_FINAL_TYPE (WeatherService, weather_service, WEATHER, SERVICE, GObject)

typedef enum
{
  WEATHER_REFRESH_WHEN_DUE, /* by the user's interval; 0 there: never */
  WEATHER_REFRESH_ASKED,    /* the user wants it now: whatever has expired, also soon after a failure */
} WeatherRefresh;

/* @settings: org.cirrussuite.Weather, for the interval.  Starts loading.  Returns: (transfer full) */
WeatherService *weather_service_new (WeatherStore *store, WeatherSource *source, GSettings *settings);

WeatherStore *weather_service_get_store (WeatherService *self);
WeatherSource *weather_service_get_source (WeatherService *self);
void weather_service_set_source (WeatherService *self, WeatherSource *source);
GSettings *weather_service_get_settings (WeatherService *self);
gboolean weather_service_get_loaded (WeatherService *self);
gboolean weather_service_get_refreshing (WeatherService *self);

/* Also a visited place.  (transfer none) (nullable) */
WeatherEntry *weather_service_find (WeatherService *self, const char *id);

/* Whether it is in the list. */
gboolean weather_service_is_listed (WeatherService *self, const char *id);

/* @id: (nullable): NULL for all places. */
void weather_service_refresh_async (WeatherService *self, const char *id, WeatherRefresh mode, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* @n_fetched: (out) (optional): how many places got new data; 0 without an error: what is there is still good.
 * FALSE if any place failed; the first error. */
gboolean weather_service_refresh_finish (WeatherService *self, GAsyncResult *result, guint *n_fetched, GError **error);

/* The weather of a place that need not be in the list: asks the source if what is kept has expired, and keeps the answer for the
 * next who asks.  The entry is given also when the source failed but something is kept (see its "failure"). Returns: (transfer
 * full) */
void weather_service_visit_async (WeatherService *self, WeatherPlace *place, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
WeatherEntry *weather_service_visit_finish (WeatherService *self, GAsyncResult *result, GError **error);

/* Changes of the list, each done when the list shows it. */
void weather_service_add_async (WeatherService *self, WeatherPlace *place, GAsyncReadyCallback callback, gpointer user_data);
/* A listed place under another name; to be finished like the other changes. */
void weather_service_rename_async (WeatherService *self, WeatherPlace *place, GAsyncReadyCallback callback, gpointer user_data);
void weather_service_remove_async (WeatherService *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
void weather_service_move_async (WeatherService *self, const char *id, guint position, GAsyncReadyCallback callback,
                                 gpointer user_data);
void weather_service_clear_async (WeatherService *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean weather_service_change_finish (WeatherService *self, GAsyncResult *result, GError **error);

/* Puts the place that follows the device where it is now, called by the nearest city. */
void weather_service_set_here_async (WeatherService *self, double latitude_deg, double longitude_deg,
                                     GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
