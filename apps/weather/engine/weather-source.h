/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"

G_BEGIN_DECLS

/* WeatherSource: a provider of forecasts, and perhaps of places; one file per provider.
 *
 * Threading: the main context in which the source was made.  Ownership: a fetched forecast is the caller's.
 * Errors: OFFLINE, TRY_LATER, DENIED, PROTOCOL, INVALID, as CloudHttpClient and the decoders give them; UNSUPPORTED where a
 * source has no search. */

#define WEATHER_TYPE_SOURCE (weather_source_get_type ())
G_DECLARE_INTERFACE (WeatherSource, weather_source, WEATHER, SOURCE, GObject)

struct _WeatherSourceInterface
{
  GTypeInterface parent_iface;

  const char *id;     /* "open-meteo", as settings and the command line name it */
  const char *name;   /* "Open-Meteo", as people call it */
  const char *credit; /* what its licence wants to be shown */
  const char *credit_url;

  void (*fetch_async) (WeatherSource *self, WeatherPlace *place, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data);
  WeatherForecast *(*fetch_finish) (WeatherSource *self, GAsyncResult *result, GError **error);

  /* (nullable) both */
  void (*search_async) (WeatherSource *self, const char *text, const char *language, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray *(*search_finish) (WeatherSource *self, GAsyncResult *result, GError **error);
};

const char *weather_source_get_id (WeatherSource *self);
const char *weather_source_get_name (WeatherSource *self);
const char *weather_source_get_credit (WeatherSource *self);
const char *weather_source_get_credit_url (WeatherSource *self);

void weather_source_fetch_async (WeatherSource *self, WeatherPlace *place, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) */
WeatherForecast *weather_source_fetch_finish (WeatherSource *self, GAsyncResult *result, GError **error);

/* Places that bear a name, asked of the provider: for villages that the database on the device does not know.  @language: "zh".
 */
void weather_source_search_async (WeatherSource *self, const char *text, const char *language, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (element-type WeatherPlace) */
GPtrArray *weather_source_search_finish (WeatherSource *self, GAsyncResult *result, GError **error);

G_END_DECLS
