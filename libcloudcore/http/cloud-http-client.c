/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-flight.h"

#include "cloud-error.h"
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The client: who waits for what.  Each request is a waiter with its own deadline, cancellable and progress; identical ones share
 * a flight, which ends early when nobody waits for it any more. */

struct _CloudHttpClient
{
  GObject parent_instance;
  CloudHttpEngine engine;
  GHashTable *flights; /* key -> Shared, those that others may join */
  gboolean is_private;
};

G_DEFINE_FINAL_TYPE (CloudHttpClient, cloud_http_client, G_TYPE_OBJECT)

typedef struct
{
  CloudHttpClient *client; /* kept alive by the waiters' tasks */
  CloudHttpFlight *flight;
  GPtrArray *waiters;
  char *key; /* (nullable): not to be joined */
} Shared;

typedef struct
{
  Shared *shared;
  GTask *task;
  CloudHttpRequest *request;
  GSource *deadline;
  GSource *cancel;
  gint64 deadline_us;
} Waiter;

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  drop_source (&waiter->deadline);
  drop_source (&waiter->cancel);
  g_object_unref (waiter->task);
  cloud_http_request_unref (waiter->request);
  g_free (waiter);
}

static void
shared_free (Shared *shared)
{
  if (shared->key != NULL && g_hash_table_lookup (shared->client->flights, shared->key) == shared)
    g_hash_table_remove (shared->client->flights, shared->key);
  cloud_http_flight_unref (shared->flight);
  g_ptr_array_unref (shared->waiters);
  g_free (shared->key);
  g_free (shared);
}

/* One waiter goes before the others; the last one takes the flight along. */
static void
waiter_leave (Waiter *waiter, CloudHttpResponse *response, GError *error)
{
  Shared *shared = waiter->shared;
  g_autoptr (GTask) task = g_object_ref (waiter->task);

  g_ptr_array_remove (shared->waiters, waiter);
  if (shared->waiters->len == 0)
    {
      cloud_http_flight_abort (shared->flight);
      shared_free (shared);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, response, (GDestroyNotify) cloud_http_response_unref);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  waiter_leave (data, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));
  return G_SOURCE_REMOVE;
}

static gboolean
on_deadline (gpointer data)
{
  Waiter *waiter = data;
  CloudHttpResponse *stale = cloud_http_flight_get_stale (waiter->shared->flight);

  waiter_leave (waiter, stale,
                stale != NULL
                    ? NULL
                    : g_error_new (CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "No answer within %u ms", waiter->request->deadline_ms));
  return G_SOURCE_REMOVE;
}

static void
on_flight_progress (CloudHttpFlight *flight, gint64 sent, gint64 received, gint64 total, gpointer data)
{
  Shared *shared = data;

  for (guint i = 0; i < shared->waiters->len; i++)
    {
      CloudHttpRequest *request = ((Waiter *) shared->waiters->pdata[i])->request;

      if (request->progress != NULL)
        request->progress (sent, received, total, request->progress_data);
    }
}

static void
on_flight_done (CloudHttpFlight *flight, CloudHttpResponse *response, GError *error, gpointer data)
{
  Shared *shared = data;
  g_autoptr (CloudHttpClient) client = g_object_ref (shared->client);
  g_autoptr (GPtrArray) waiters = g_ptr_array_ref (shared->waiters);

  /* Whoever asks again from a callback begins a new flight. */
  if (shared->key != NULL)
    g_hash_table_remove (client->flights, shared->key);
  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = waiters->pdata[i];

      drop_source (&waiter->deadline);
      drop_source (&waiter->cancel);
      if (error != NULL)
        g_task_return_error (waiter->task, g_error_copy (error));
      else
        g_task_return_pointer (waiter->task, cloud_http_response_ref (response), (GDestroyNotify) cloud_http_response_unref);
    }
  shared_free (shared);
}

/* Two requests with one key get one answer.  NULL: the request stands alone. */
static char *
join_key (CloudHttpRequest *request, CloudHttpCacheMode mode)
{
  g_autofree char *headers = NULL;

  if (strcmp (request->method, "GET") != 0 || request->body != NULL || request->upload_file != NULL
      || (mode != CLOUD_HTTP_CACHE_DEFAULT && mode != CLOUD_HTTP_CACHE_REVALIDATE))
    return NULL;
  headers = cloud_http_headers_to_text (request->headers);
  return g_strdup_printf ("%d %d %u %" G_GINT64_FORMAT "\n%s\n%s\n%s", mode, request->raw_status, request->max_retries,
                          cloud_http_request_get_max_bytes (request), request->url,
                          request->account != NULL ? request->account : "", headers);
}

static gboolean
start_flight (gpointer data)
{
  cloud_http_flight_start (data);
  return G_SOURCE_REMOVE;
}

static Shared *
shared_new (CloudHttpClient *self, CloudHttpRequest *request, CloudHttpCacheMode mode, char *key)
{
  Shared *shared = g_new0 (Shared, 1);

  shared->client = self;
  shared->waiters = g_ptr_array_new_with_free_func (waiter_free);
  shared->key = key;
  shared->flight = cloud_http_flight_new (&self->engine, request, mode, on_flight_progress, on_flight_done, shared);
  if (key != NULL)
    g_hash_table_insert (self->flights, key, shared);
  return shared;
}

static GSource *
attach (CloudHttpClient *self, GSource *source, GSourceFunc func, gpointer data)
{
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->engine.context);
  return source;
}

void
cloud_http_client_send_async (CloudHttpClient *self, CloudHttpRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  CloudHttpCacheMode mode;
  Shared *shared = NULL;
  Waiter *waiter;
  g_autofree char *key = NULL;
  gboolean is_new;

  g_return_if_fail (CLOUD_IS_HTTP_CLIENT (self) && request != NULL);

  mode = self->is_private ? CLOUD_HTTP_CACHE_PRIVATE : cloud_http_flight_mode (request);
  key = join_key (request, mode);
  if (key != NULL)
    shared = g_hash_table_lookup (self->flights, key);
  is_new = shared == NULL;
  if (is_new)
    shared = shared_new (self, request, mode, g_steal_pointer (&key));

  waiter = g_new0 (Waiter, 1);
  waiter->shared = shared;
  waiter->request = cloud_http_request_ref (request);
  waiter->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (waiter->task, cloud_http_client_send_async);
  waiter->deadline = attach (self, g_timeout_source_new (request->deadline_ms), on_deadline, waiter);
  if (cancellable != NULL)
    waiter->cancel = attach (self, g_cancellable_source_new (cancellable), G_SOURCE_FUNC (on_cancelled), waiter);
  waiter->deadline_us = g_get_monotonic_time () + (gint64) request->deadline_ms * 1000;
  g_ptr_array_add (shared->waiters, waiter);
  for (guint i = 0; i < shared->waiters->len; i++)
    waiter->deadline_us = MAX (waiter->deadline_us, ((Waiter *) shared->waiters->pdata[i])->deadline_us);
  cloud_http_flight_set_deadline (shared->flight, waiter->deadline_us);
  if (is_new)
    {
      GSource *source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, start_flight, cloud_http_flight_ref (shared->flight),
                             (GDestroyNotify) cloud_http_flight_unref);
      g_source_attach (source, self->engine.context);
      g_source_unref (source);
    }
}

CloudHttpResponse *
cloud_http_client_send_finish (CloudHttpClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_sync_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

CloudHttpResponse *
cloud_http_client_send_sync (CloudHttpClient *self, CloudHttpRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_return_val_if_fail (CLOUD_IS_HTTP_CLIENT (self) && request != NULL, NULL);

  cloud_http_client_send_async (self, request, cancellable, on_sync_result, &result);
  while (result == NULL)
    g_main_context_iteration (self->engine.context, TRUE);
  return cloud_http_client_send_finish (self, result, error);
}

gint64
cloud_http_client_get_cache_bytes (CloudHttpClient *self)
{
  g_return_val_if_fail (CLOUD_IS_HTTP_CLIENT (self), 0);
  return self->engine.cache != NULL ? cloud_http_cache_get_bytes (self->engine.cache) : 0;
}

void
cloud_http_client_clear_cache_async (CloudHttpClient *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CLOUD_IS_HTTP_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cloud_http_client_clear_cache_async);
  if (self->engine.cache != NULL)
    cloud_http_cache_clear_async (self->engine.cache, task);
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
cloud_http_client_clear_cache_finish (CloudHttpClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cloud_http_client_set_ca_file (CloudHttpClient *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  int former;

  g_return_if_fail (CLOUD_IS_HTTP_CLIENT (self));

  /* The former is closed last: a kept connection is known by its file's name and must not pass for one of the new trust. */
  former = self->engine.ca_fd;
  self->engine.ca_fd = cloud_curl_open_ca (path, &error);
  if (error != NULL)
    g_warning ("The certificates to trust besides the system's cannot be read: %s", error->message);
  if (former >= 0)
    close (former);
}

void
cloud_http_client_set_private (CloudHttpClient *self, gboolean is_private)
{
  g_return_if_fail (CLOUD_IS_HTTP_CLIENT (self));
  self->is_private = is_private;
}

static void
cloud_http_client_finalize (GObject *object)
{
  CloudHttpClient *self = CLOUD_HTTP_CLIENT (object);

  g_assert (g_hash_table_size (self->flights) == 0);
  g_hash_table_unref (self->flights);
  cloud_curl_loop_free (self->engine.loop);
  cloud_http_cache_free (self->engine.cache);
  g_hash_table_unref (self->engine.hosts);
  g_main_context_unref (self->engine.context);
  g_free (self->engine.user_agent);
  if (self->engine.ca_fd >= 0)
    close (self->engine.ca_fd);
  G_OBJECT_CLASS (cloud_http_client_parent_class)->finalize (object);
}

static void
cloud_http_client_class_init (CloudHttpClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cloud_http_client_finalize;
}

static void
cloud_http_client_init (CloudHttpClient *self)
{
  self->engine.context = g_main_context_ref_thread_default ();
  self->engine.hosts = cloud_http_hosts_new ();
  self->engine.user_agent = g_strdup ("Cirrus/" CIRRUS_VERSION " (+" CIRRUS_CONTACT ")");
  self->engine.ca_fd = -1;
  self->flights = g_hash_table_new (g_str_hash, g_str_equal);
  cloud_http_client_set_ca_file (self, NULL);
}

CloudHttpClient *
cloud_http_client_new (const char *cache_path, gint64 cache_max_bytes)
{
  CloudHttpClient *self = g_object_new (CLOUD_TYPE_HTTP_CLIENT, NULL);

  if (cache_path != NULL && cache_max_bytes > 0)
    self->engine.cache = cloud_http_cache_new (cache_path, cache_max_bytes);
  return self;
}
