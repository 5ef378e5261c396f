/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-source.h"

#include "cloud-error.h"

/* The interface that all providers have. */

G_DEFINE_INTERFACE (WeatherSource, weather_source, G_TYPE_OBJECT)

static void
weather_source_default_init (WeatherSourceInterface *iface)
{
}

const char *
weather_source_get_id (WeatherSource *self)
{
  g_return_val_if_fail (WEATHER_IS_SOURCE (self), NULL);
  return WEATHER_SOURCE_GET_IFACE (self)->id;
}

const char *
weather_source_get_name (WeatherSource *self)
{
  g_return_val_if_fail (WEATHER_IS_SOURCE (self), NULL);
  return WEATHER_SOURCE_GET_IFACE (self)->name;
}

const char *
weather_source_get_credit (WeatherSource *self)
{
  g_return_val_if_fail (WEATHER_IS_SOURCE (self), NULL);
  return WEATHER_SOURCE_GET_IFACE (self)->credit;
}

const char *
weather_source_get_credit_url (WeatherSource *self)
{
  g_return_val_if_fail (WEATHER_IS_SOURCE (self), NULL);
  return WEATHER_SOURCE_GET_IFACE (self)->credit_url;
}

void
weather_source_fetch_async (WeatherSource *self, WeatherPlace *place, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SOURCE (self) && WEATHER_IS_PLACE (place));
  WEATHER_SOURCE_GET_IFACE (self)->fetch_async (self, place, cancellable, callback, user_data);
}

WeatherForecast *
weather_source_fetch_finish (WeatherSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WEATHER_IS_SOURCE (self), NULL);
  return WEATHER_SOURCE_GET_IFACE (self)->fetch_finish (self, result, error);
}

void
weather_source_search_async (WeatherSource *self, const char *text, const char *language, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  WeatherSourceInterface *iface;

  g_return_if_fail (WEATHER_IS_SOURCE (self) && text != NULL);

  iface = WEATHER_SOURCE_GET_IFACE (self);
  if (iface->search_async != NULL)
    iface->search_async (self, text, language, cancellable, callback, user_data);
  else
    g_task_report_new_error (self, callback, user_data, weather_source_search_async, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED,
                             "%s has no search for places", iface->name);
}

GPtrArray *
weather_source_search_finish (WeatherSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WEATHER_IS_SOURCE (self), NULL);

  if (g_async_result_is_tagged (result, weather_source_search_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return WEATHER_SOURCE_GET_IFACE (self)->search_finish (self, result, error);
}
