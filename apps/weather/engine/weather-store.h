/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"

#include "cloud-error.h"

G_BEGIN_DECLS

/* WeatherStore: the places that the user chose and the last forecast of each, in the profile.
 *
 * A forecast is only ever replaced by a newer one; it goes with its place, or when the user clears it.  The only file of Weather
 * with SQL in it.
 *
 * Threading: as CloudStore: one main context; the _sync calls are for the command line and worker threads.
 * Ownership: results are the caller's.
 * Errors: those of CloudStore; NOT_FOUND for a place that is not in the list. */

#define WEATHER_TYPE_STORE (weather_store_get_type ())
G_DECLARE_FINAL_TYPE (WeatherStore, weather_store, WEATHER, STORE, GObject)

/* A place as the store knows it. */
typedef struct
{
  WeatherPlace *place;
  gboolean listed;           /* in the user's list; else somebody only asked about it */
  WeatherForecast *forecast; /* (nullable) */
  gint64 tried_unix_us;      /* when somebody last asked the source; 0: never */
  gint64 not_before_unix_us; /* the source asked to be left alone until then; 0: no */
  int failure;               /* -1, or the CloudError of the last try, if that failed */
} WeatherRecord;

void weather_record_free (WeatherRecord *record);

/* In the profile's data folder.  Signal "changed" as CloudStore's. */
void weather_store_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
WeatherStore *weather_store_open_finish (GAsyncResult *result, GError **error);
WeatherStore *weather_store_open (GError **error);

const char *weather_store_get_path (WeatherStore *self);

/* After a rescue of a damaged database: TRUE, and how many rows of places and forecasts were carried over. */
gboolean weather_store_get_rescued (WeatherStore *self, int *n_salvaged);

/* All places in the user's order, then those that are not in the list.  Returns: (transfer full) (element-type WeatherRecord) */
void weather_store_load_async (WeatherStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *weather_store_load_finish (WeatherStore *self, GAsyncResult *result, GError **error);
GPtrArray *weather_store_load (WeatherStore *self, GError **error);

/* Each change is one transaction; they are finished by weather_store_change_finish().  With @callback NULL a failure is only
 * logged. */
gboolean weather_store_change_finish (WeatherStore *self, GAsyncResult *result, GError **error);

/* Adds @place at the end, or replaces the one of its id where it stands (the "here" place goes first). */
void weather_store_put_place_async (WeatherStore *self, WeatherPlace *place, GAsyncReadyCallback callback, gpointer user_data);
/* Makes room for the forecast of a place that is not in the list; the last 20 of them stay.  Changes nothing of a place that is.
 */
void weather_store_visit_place_async (WeatherStore *self, WeatherPlace *place, gint64 now_unix_us, GAsyncReadyCallback callback,
                                      gpointer user_data);
void weather_store_remove_place_async (WeatherStore *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
/* @position: 0 is the first. */
void weather_store_move_place_async (WeatherStore *self, const char *id, guint position, GAsyncReadyCallback callback,
                                     gpointer user_data);

/* Keeps @forecast for its place, unless a newer one is there; forgets an earlier failure. */
void weather_store_put_forecast_async (WeatherStore *self, WeatherForecast *forecast, GAsyncReadyCallback callback,
                                       gpointer user_data);

/* A try failed: @code says why, @not_before_unix_us when the next makes sense. */
void weather_store_put_failure_async (WeatherStore *self, const char *place_id, CloudError code, gint64 tried_unix_us,
                                      gint64 not_before_unix_us, GAsyncReadyCallback callback, gpointer user_data);

/* Forgets all forecasts and failures, and gives the disk their room back; the places stay. */
void weather_store_clear_forecasts_async (WeatherStore *self, GAsyncReadyCallback callback, gpointer user_data);

gboolean weather_store_put_place (WeatherStore *self, WeatherPlace *place, GError **error);
gboolean weather_store_remove_place (WeatherStore *self, const char *id, GError **error);
gboolean weather_store_move_place (WeatherStore *self, const char *id, guint position, GError **error);
gboolean weather_store_put_forecast (WeatherStore *self, WeatherForecast *forecast, GError **error);

G_END_DECLS
