/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-source-open-meteo.h"

#include "weather-open-meteo-decoder.h"

#include "cloud-error.h"

#include <string.h>

/* URLs out, replies in; what the replies mean is weather-open-meteo-decoder.c's. */

#define GOOD_FOR_US (15 * 60 * G_GINT64_CONSTANT (1000000))
#define MAX_BYTES (4 * 1024 * 1024)
#define DEADLINE_MS 20000

#define CURRENT                                                                                                                  \
  "temperature_2m,apparent_temperature,dew_point_2m,relative_humidity_2m,is_day,precipitation,weather_code,cloud_cover,"         \
  "pressure_msl,"                                                                                                                \
  "wind_speed_10m,wind_gusts_10m,wind_direction_10m"
#define HOURLY                                                                                                                   \
  "temperature_2m,apparent_temperature,dew_point_2m,relative_humidity_2m,is_day,precipitation,precipitation_probability,"        \
  "snowfall,"                                                                                                                    \
  "weather_code,cloud_cover,pressure_msl,visibility,wind_speed_10m,wind_gusts_10m,wind_direction_10m,uv_index"
#define DAILY                                                                                                                    \
  "weather_code,temperature_2m_max,temperature_2m_min,apparent_temperature_max,apparent_temperature_min,precipitation_sum,"      \
  "precipitation_probability_max,snowfall_sum,wind_speed_10m_max,wind_gusts_10m_max,wind_direction_10m_dominant,uv_index_max"
#define REST "&timezone=auto&timeformat=unixtime&wind_speed_unit=ms&past_days=1&forecast_days=11"

struct _WeatherSourceOpenMeteo
{
  GObject parent_instance;

  CloudHttpClient *client;
  char *forecast_url;
  char *search_url;
};

/* What a reply is decoded for. */
typedef struct
{
  WeatherPlace *place; /* (nullable): a search has none */
  CloudHttpResponse *response;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->place);
  g_clear_pointer (&job->response, cloud_http_response_unref);
  g_free (job);
}

static CloudHttpRequest *
make_request (const char *url)
{
  CloudHttpRequest *request = cloud_http_request_new ("GET", url);

  cloud_http_request_set_max_bytes (request, MAX_BYTES);
  cloud_http_request_set_deadline_ms (request, DEADLINE_MS);
  cloud_http_request_set_max_retries (request, 1);
  /* A refusal (400) carries its reason in the body: the decoder reads it. */
  cloud_http_request_set_raw_status (request, FALSE);
  return request;
}

static char *
forecast_url_for (WeatherSourceOpenMeteo *self, WeatherPlace *place)
{
  char latitude[G_ASCII_DTOSTR_BUF_SIZE], longitude[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (latitude, sizeof latitude, "%.4f", weather_place_get_latitude_deg (place));
  g_ascii_formatd (longitude, sizeof longitude, "%.4f", weather_place_get_longitude_deg (place));
  return g_strconcat (self->forecast_url, "?latitude=", latitude, "&longitude=", longitude,
                      "&current=" CURRENT "&hourly=" HOURLY "&daily=" DAILY REST, NULL);
}

static WeatherOrigin
origin_of (const CloudHttpResponse *response)
{
  switch (cloud_http_response_get_origin (response))
    {
    case CLOUD_HTTP_ORIGIN_CACHE:
      return WEATHER_ORIGIN_CACHE;
    case CLOUD_HTTP_ORIGIN_STALE:
      return WEATHER_ORIGIN_STALE;
    case CLOUD_HTTP_ORIGIN_NETWORK:
    case CLOUD_HTTP_ORIGIN_REVALIDATED:
    default:
      return WEATHER_ORIGIN_NETWORK;
    }
}

static void
decode_forecast_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GBytes *body = cloud_http_response_get_body (job->response);
  gint64 fetched = cloud_http_response_get_fetched_unix_us (job->response);
  gint64 expires = MAX (cloud_http_response_get_expires_unix_us (job->response), fetched + GOOD_FOR_US);
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  GError *error = NULL;
  WeatherForecast *forecast
      = weather_open_meteo_decode_forecast (text, length, job->place, origin_of (job->response), fetched, expires, &error);

  if (forecast == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, forecast, g_object_unref);
}

static void
decode_places_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  gsize length;
  const char *text = g_bytes_get_data (cloud_http_response_get_body (job->response), &length);
  GError *error = NULL;
  GPtrArray *places = weather_open_meteo_decode_places (text, length, &error);

  if (places == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, places, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_response (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->response = cloud_http_client_send_finish (CLOUD_HTTP_CLIENT (source), result, &error);
  if (job->response == NULL)
    g_task_return_error (task, error);
  else
    g_task_run_in_thread (task, job->place != NULL ? decode_forecast_thread : decode_places_thread);
}

static void
send (WeatherSourceOpenMeteo *self, const char *url, WeatherPlace *place, GCancellable *cancellable, GAsyncReadyCallback callback,
      gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (CloudHttpRequest) request = make_request (url);
  Job *job = g_new0 (Job, 1);

  if (place != NULL)
    job->place = g_object_ref (place);
  g_task_set_task_data (task, job, job_free);
  cloud_http_client_send_async (self->client, request, cancellable, on_response, task);
}

static void
open_meteo_fetch_async (WeatherSource *source, WeatherPlace *place, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  WeatherSourceOpenMeteo *self = WEATHER_SOURCE_OPEN_METEO (source);
  g_autofree char *url = forecast_url_for (self, place);

  send (self, url, place, cancellable, callback, user_data);
}

static WeatherForecast *
open_meteo_fetch_finish (WeatherSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
open_meteo_search_async (WeatherSource *source, const char *text, const char *language, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  WeatherSourceOpenMeteo *self = WEATHER_SOURCE_OPEN_METEO (source);
  g_autofree char *name = g_uri_escape_string (text, NULL, FALSE);
  g_autofree char *tongue = g_uri_escape_string (language != NULL ? language : "en", NULL, FALSE);
  g_autofree char *url = g_strconcat (self->search_url, "?name=", name, "&count=20&language=", tongue, "&format=json", NULL);

  send (self, url, NULL, cancellable, callback, user_data);
}

static GPtrArray *
open_meteo_search_finish (WeatherSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
weather_source_open_meteo_iface_init (WeatherSourceInterface *iface)
{
  iface->id = "open-meteo";
  iface->name = "Open-Meteo";
  iface->credit = "Weather data by Open-Meteo.com (CC BY 4.0)";
  iface->credit_url = "https://open-meteo.com/";
  iface->fetch_async = open_meteo_fetch_async;
  iface->fetch_finish = open_meteo_fetch_finish;
  iface->search_async = open_meteo_search_async;
  iface->search_finish = open_meteo_search_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (WeatherSourceOpenMeteo, weather_source_open_meteo, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WEATHER_TYPE_SOURCE, weather_source_open_meteo_iface_init))

static void
weather_source_open_meteo_finalize (GObject *object)
{
  WeatherSourceOpenMeteo *self = WEATHER_SOURCE_OPEN_METEO (object);

  g_clear_object (&self->client);
  g_free (self->forecast_url);
  g_free (self->search_url);
  G_OBJECT_CLASS (weather_source_open_meteo_parent_class)->finalize (object);
}

static void
weather_source_open_meteo_class_init (WeatherSourceOpenMeteoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = weather_source_open_meteo_finalize;
}

static void
weather_source_open_meteo_init (WeatherSourceOpenMeteo *self)
{
}

WeatherSource *
weather_source_open_meteo_new (CloudHttpClient *client, const char *forecast_url, const char *search_url)
{
  WeatherSourceOpenMeteo *self;

  g_return_val_if_fail (CLOUD_IS_HTTP_CLIENT (client) && forecast_url != NULL && search_url != NULL, NULL);

  self = g_object_new (WEATHER_TYPE_SOURCE_OPEN_METEO, NULL);
  self->client = g_object_ref (client);
  self->forecast_url = g_strdup (forecast_url);
  self->search_url = g_strdup (search_url);
  return WEATHER_SOURCE (self);
}
