/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-flight.h"

#include "cloud-error.h"
#include "cloud-http-rules.h"
#include "cloud-http-transfer.h"
#include "cloud-time.h"

#include <string.h>

/* The life of a question, hop by hop:
 *
 *   hop: look into the cache -> fresh: answer
 *                            -> otherwise wait for the host's turn -> exchange -> 304: answer from the cache, freshened
 *                                                                             -> redirect: next hop
 *                                                                             -> passing failure: wait, exchange again
 *                                                                             -> lasting failure: a stale answer, or the error
 *                                                                             -> answer: store it, answer */

#define REDIRECTS_MAX 10
#define PER_HOST_MAX 6
#define BACKOFF_FIRST_MS 400
#define BACKOFF_MAX_MS 30000
#define STALL_MAX_S 60

typedef struct
{
  guint active;
  GQueue waiting; /* CloudHttpFlight, not owned */
} Host;

struct _CloudHttpFlight
{
  gatomicrefcount refs;
  CloudHttpEngine *engine;
  CloudHttpRequest *request;
  CloudHttpCacheMode mode;
  CloudHttpFlightProgress progress;
  CloudHttpFlightDone done;
  gpointer data;
  gint64 deadline_us;
  gboolean over;

  /* this hop */
  CloudHttpUrl *url;
  char *method;
  CloudHttpHeaders *headers;
  gboolean with_body;
  gboolean with_secrets;
  CloudHttpStored *stored;
  gboolean unconditional; /* the stored answer's validator proved useless */
  guint n_redirects;

  guint n_retries;
  GSource *timer;
  Host *host; /* while in its queue or active */
  gboolean queued;
  CloudHttpTransfer *transfer;
  CloudHttpDownload *download;
  CloudHttpResponse *finished; /* while a file is put in place */
};

static void flight_hop (CloudHttpFlight *self);
static void flight_enqueue (CloudHttpFlight *self);
static void host_start_next (Host *host);

/* ---- Reference counting and the end ---- */

static void
host_free (gpointer data)
{
  Host *host = data;

  g_queue_clear (&host->waiting);
  g_free (host);
}

GHashTable *
cloud_http_hosts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, host_free);
}

CloudHttpFlight *
cloud_http_flight_ref (CloudHttpFlight *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
stop_timer (CloudHttpFlight *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
leave_host (CloudHttpFlight *self)
{
  Host *host = g_steal_pointer (&self->host);

  if (host == NULL)
    return;
  if (self->queued)
    g_queue_remove (&host->waiting, self);
  else
    host->active--;
  self->queued = FALSE;
  host_start_next (host);
}

static void
drop_exchange (CloudHttpFlight *self)
{
  stop_timer (self);
  g_clear_pointer (&self->transfer, cloud_http_transfer_free);
  g_clear_pointer (&self->download, cloud_http_download_free);
  leave_host (self);
}

void
cloud_http_flight_unref (CloudHttpFlight *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  drop_exchange (self);
  g_clear_pointer (&self->finished, cloud_http_response_unref);
  g_clear_pointer (&self->stored, cloud_http_stored_free);
  g_clear_pointer (&self->headers, cloud_http_headers_free);
  g_clear_pointer (&self->url, cloud_http_url_free);
  cloud_http_request_unref (self->request);
  g_free (self->method);
  g_free (self);
}

static void
end (CloudHttpFlight *self, CloudHttpResponse *response, GError *error)
{
  if (!self->over)
    {
      self->over = TRUE;
      cloud_http_flight_ref (self);
      drop_exchange (self);
      self->done (self, response, error, self->data);
      cloud_http_flight_unref (self);
    }
  g_clear_pointer (&response, cloud_http_response_unref);
  g_clear_error (&error);
}

void
cloud_http_flight_abort (CloudHttpFlight *self)
{
  self->over = TRUE;
  drop_exchange (self);
}

/* ---- What is stored ---- */

static const char *
account_of (CloudHttpFlight *self)
{
  return self->with_secrets && self->request->account != NULL ? self->request->account : "";
}

static CloudHttpResponse *
response_from_stored (CloudHttpFlight *self, CloudHttpOrigin origin)
{
  CloudHttpStored *stored = self->stored;

  return cloud_http_response_new (stored->status, self->url->text, cloud_http_headers_copy (stored->headers), stored->body,
                                  origin, stored->request_us, stored->response_us);
}

static gboolean
stored_is_fresh (CloudHttpStored *stored)
{
  return cloud_http_rules_is_fresh (stored->status, stored->headers, stored->request_us, stored->response_us,
                                    cloud_time_now_unix_us ());
}

static gboolean
may_serve_stale (CloudHttpFlight *self, gboolean unreachable)
{
  CloudHttpStored *stored = self->stored;

  if (stored == NULL || self->mode == CLOUD_HTTP_CACHE_NETWORK)
    return FALSE;
  return stored_is_fresh (stored)
         || cloud_http_rules_may_serve_stale (stored->status, stored->headers, stored->request_us, stored->response_us,
                                              cloud_time_now_unix_us (), unreachable);
}

CloudHttpResponse *
cloud_http_flight_get_stale (CloudHttpFlight *self)
{
  return may_serve_stale (self, TRUE) && self->stored->status < 300 ? response_from_stored (self, CLOUD_HTTP_ORIGIN_STALE) : NULL;
}

/* ---- Redirects ---- */

static gboolean
is_redirect (guint status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Another host is told what is asked for, nothing of who asks. */
static void
drop_private_headers (CloudHttpHeaders *headers)
{
  static const char *const harmless[] = {
    "accept",        "accept-language",     "content-type", "depth", "if-match", "if-modified-since",
    "if-none-match", "if-unmodified-since", "range",        NULL,
  };

  for (guint i = cloud_http_headers_get_n (headers); i > 0; i--)
    {
      g_autofree char *name = g_ascii_strdown (cloud_http_headers_get_name (headers, i - 1), -1);

      if (!g_strv_contains (harmless, name))
        cloud_http_headers_remove (headers, name);
    }
}

static gboolean
follow (CloudHttpFlight *self, guint status, const char *location, GError **error)
{
  g_autoptr (CloudHttpUrl) next = cloud_http_url_resolve (self->url, location, error);

  if (next == NULL)
    {
      g_clear_error (error);
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "%s redirects to something that is no address", self->url->host);
      return FALSE;
    }
  if (++self->n_redirects > REDIRECTS_MAX)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "%s redirects without end", self->url->host);
      return FALSE;
    }
  if (cloud_http_url_is_secure (self->url) && !cloud_http_url_is_secure (next))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "%s redirects from https to http", self->url->host);
      return FALSE;
    }
  if (!cloud_http_url_may_carry_secrets (self->url, next))
    {
      self->with_secrets = FALSE;
      drop_private_headers (self->headers);
    }
  if (status == 303 ? strcmp (self->method, "HEAD") != 0 : (status == 301 || status == 302) && strcmp (self->method, "POST") == 0)
    {
      g_free (self->method);
      self->method = g_strdup ("GET");
      self->with_body = FALSE;
      cloud_http_headers_remove (self->headers, "Content-Type");
    }
  cloud_http_url_free (self->url);
  self->url = g_steal_pointer (&next);
  return TRUE;
}

/* ---- Answers ---- */

static void
answer (CloudHttpFlight *self, CloudHttpResponse *response)
{
  guint status = cloud_http_response_get_status (response);
  const char *location = cloud_http_response_get_header (response, "Location");
  GError *error = NULL;

  if (is_redirect (status) && location != NULL)
    {
      if (follow (self, status, location, &error))
        flight_hop (self);
      else
        end (self, NULL, error);
      cloud_http_response_unref (response);
      return;
    }
  if (!self->request->raw_status)
    error = cloud_http_status_error (status, self->url->host, cloud_http_response_get_headers (response),
                                     cloud_time_now_unix_us ());
  if (error == NULL)
    end (self, response, NULL);
  else
    {
      cloud_http_response_unref (response);
      end (self, NULL, error);
    }
}

typedef struct
{
  CloudHttpFlight *flight;
  CloudHttpResponse *response;
} Pending;

static void
on_cache_written (gpointer data)
{
  Pending *pending = data;

  if (!pending->flight->over)
    answer (pending->flight, g_steal_pointer (&pending->response));
  g_clear_pointer (&pending->response, cloud_http_response_unref);
  cloud_http_flight_unref (pending->flight);
  g_free (pending);
}

static Pending *
pending_new (CloudHttpFlight *self, CloudHttpResponse *response)
{
  Pending *pending = g_new (Pending, 1);

  *pending = (Pending){ cloud_http_flight_ref (self), response };
  return pending;
}

static gboolean
writes_cache (CloudHttpFlight *self)
{
  return self->engine->cache != NULL && strcmp (self->method, "GET") == 0 && self->mode != CLOUD_HTTP_CACHE_PRIVATE
         && self->mode != CLOUD_HTTP_CACHE_ONLY;
}

static void
on_not_modified (CloudHttpFlight *self)
{
  CloudHttpStored *stored = self->stored;
  CloudHttpHeaders *merged = cloud_http_rules_merge (stored->headers, cloud_http_transfer_get_headers (self->transfer));

  cloud_http_headers_free (stored->headers);
  stored->headers = merged;
  stored->request_us = cloud_http_transfer_get_request_us (self->transfer);
  stored->response_us = cloud_http_transfer_get_response_us (self->transfer);
  drop_exchange (self);
  cloud_http_cache_freshen (self->engine->cache, stored, on_cache_written,
                            pending_new (self, response_from_stored (self, CLOUD_HTTP_ORIGIN_REVALIDATED)));
}

/* 4.4: an unsafe method that worked makes what is stored of its target untrue. */
static void
invalidate (CloudHttpFlight *self, CloudHttpResponse *response)
{
  static const char *const naming[] = { "Location", "Content-Location" };
  g_autoptr (GPtrArray) urls = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (urls, g_strdup (self->url->text));
  for (guint i = 0; i < G_N_ELEMENTS (naming); i++)
    {
      const char *value = cloud_http_response_get_header (response, naming[i]);
      g_autoptr (CloudHttpUrl) url = value != NULL ? cloud_http_url_resolve (self->url, value, NULL) : NULL;

      if (url != NULL && strcmp (url->origin, self->url->origin) == 0)
        g_ptr_array_add (urls, g_strdup (url->text));
    }
  g_ptr_array_add (urls, NULL);
  cloud_http_cache_invalidate (self->engine->cache, (const char *const *) urls->pdata, on_cache_written,
                               pending_new (self, response));
}

static void
on_answer (CloudHttpFlight *self)
{
  guint status = cloud_http_transfer_get_status (self->transfer);
  g_autoptr (CloudHttpHeaders) headers = cloud_http_headers_copy (cloud_http_transfer_get_headers (self->transfer));
  g_autoptr (GBytes) body = cloud_http_transfer_get_body (self->transfer);
  gint64 request_us = cloud_http_transfer_get_request_us (self->transfer);
  gint64 response_us = cloud_http_transfer_get_response_us (self->transfer);
  CloudHttpResponse *response;

  cloud_http_rules_strip (headers, TRUE);
  response = cloud_http_response_new (status, self->url->text, cloud_http_headers_copy (headers), body, CLOUD_HTTP_ORIGIN_NETWORK,
                                      request_us, response_us);
  drop_exchange (self);
  if (self->engine->cache != NULL && !cloud_http_method_is_safe (self->method) && status >= 200 && status < 400)
    invalidate (self, response);
  else if (writes_cache (self) && cloud_http_rules_may_store (status, headers))
    {
      CloudHttpStored stored = { 0, status, headers, body, request_us, response_us };

      cloud_http_cache_put (self->engine->cache, account_of (self), self->url->text, self->headers, &stored, on_cache_written,
                            pending_new (self, response));
    }
  else
    answer (self, response);
}

/* ---- Failures ---- */

static gint64
left_ms (CloudHttpFlight *self)
{
  return (self->deadline_us - g_get_monotonic_time ()) / 1000;
}

static gboolean
on_retry (gpointer data)
{
  CloudHttpFlight *self = data;

  stop_timer (self);
  flight_enqueue (self);
  return G_SOURCE_REMOVE;
}

static gboolean
retry (CloudHttpFlight *self, guint retry_after_s)
{
  gint64 wait_ms = MIN (BACKOFF_FIRST_MS << MIN (self->n_retries, 10), BACKOFF_MAX_MS);

  if (self->n_retries >= self->request->max_retries || !cloud_http_method_is_idempotent (self->method))
    return FALSE;
  /* Not all of a crowd at the same instant. */
  wait_ms = g_random_int_range ((gint32) wait_ms / 2, (gint32) wait_ms + 1);
  wait_ms = MAX (wait_ms, (gint64) retry_after_s * 1000 + g_random_int_range (0, 100));
  if (wait_ms >= left_ms (self))
    return FALSE;
  self->n_retries++;
  drop_exchange (self);
  self->timer = g_timeout_source_new ((guint) wait_ms);
  g_source_set_callback (self->timer, on_retry, self, NULL);
  g_source_attach (self->timer, self->engine->context);
  return TRUE;
}

static gboolean
serve_stale (CloudHttpFlight *self, gboolean unreachable)
{
  if (!may_serve_stale (self, unreachable))
    return FALSE;
  drop_exchange (self);
  cloud_http_cache_touch (self->engine->cache, self->stored->id);
  answer (self, response_from_stored (self, CLOUD_HTTP_ORIGIN_STALE));
  return TRUE;
}

static gboolean
status_may_pass (guint status)
{
  return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

static void
on_failed_exchange (CloudHttpFlight *self)
{
  gboolean transient = cloud_http_transfer_is_transient (self->transfer);
  gboolean unreachable = cloud_http_transfer_is_unreachable (self->transfer);
  GError *error = g_error_copy (cloud_http_transfer_get_error (self->transfer));

  /* Nobody there: what is stored at once rather than after three more calls. */
  if (transient && !unreachable && retry (self, 0))
    g_clear_error (&error);
  else if (transient && serve_stale (self, TRUE))
    g_clear_error (&error);
  else
    end (self, NULL, error);
}

static void
on_file_in_place (GError *error, gpointer data)
{
  CloudHttpFlight *self = data;

  if (error != NULL)
    end (self, NULL, g_error_copy (error));
  else
    end (self, g_steal_pointer (&self->finished), NULL);
}

static gboolean
finish_download (CloudHttpFlight *self, guint status)
{
  if (self->download == NULL || status < 200 || status > 299)
    return FALSE;
  self->finished = cloud_http_response_new (status, self->url->text,
                                            cloud_http_headers_copy (cloud_http_transfer_get_headers (self->transfer)), NULL,
                                            CLOUD_HTTP_ORIGIN_NETWORK, cloud_http_transfer_get_request_us (self->transfer),
                                            cloud_http_transfer_get_response_us (self->transfer));
  g_clear_pointer (&self->transfer, cloud_http_transfer_free);
  leave_host (self);
  cloud_http_download_finish (self->download, on_file_in_place, self);
  return TRUE;
}

static gboolean
etag_differs (CloudHttpFlight *self)
{
  const char *ours = cloud_http_headers_get (self->stored->headers, "ETag");
  const char *theirs = cloud_http_headers_get (cloud_http_transfer_get_headers (self->transfer), "ETag");

  if (ours == NULL || theirs == NULL)
    return FALSE;
  ours += g_str_has_prefix (ours, "W/") ? 2 : 0;
  theirs += g_str_has_prefix (theirs, "W/") ? 2 : 0;
  return strcmp (ours, theirs) != 0;
}

static void
on_exchanged (CloudHttpTransfer *transfer, gpointer data)
{
  CloudHttpFlight *self = data;
  guint status = cloud_http_transfer_get_status (transfer);
  const CloudHttpHeaders *headers = cloud_http_transfer_get_headers (transfer);

  if (cloud_http_transfer_get_error (transfer) != NULL)
    on_failed_exchange (self);
  else if (status == 304 && self->stored != NULL && !self->unconditional)
    {
      if (etag_differs (self))
        {
          self->unconditional = TRUE;
          drop_exchange (self);
          flight_enqueue (self);
        }
      else
        on_not_modified (self);
    }
  else if (status == 416 && self->download != NULL && cloud_http_download_get_have (self->download) > 0)
    {
      cloud_http_download_discard (self->download);
      drop_exchange (self);
      flight_enqueue (self);
    }
  else if (status_may_pass (status) && retry (self, cloud_http_retry_after_s (headers, cloud_time_now_unix_us ())))
    return;
  else if ((status >= 500 || status == 429) && serve_stale (self, FALSE))
    return;
  else if (!finish_download (self, status))
    on_answer (self);
}

/* ---- Exchanges ---- */

static void
on_transfer_progress (gint64 sent, gint64 received, gint64 total, gpointer data)
{
  CloudHttpFlight *self = data;

  if (self->progress != NULL && !self->over)
    self->progress (self, sent, received, total, self->data);
}

static void
add_conditions (CloudHttpFlight *self, CloudHttpHeaders *headers)
{
  const char *etag, *modified;

  if (self->stored == NULL || self->unconditional)
    return;
  etag = cloud_http_headers_get (self->stored->headers, "ETag");
  modified = cloud_http_headers_get (self->stored->headers, "Last-Modified");
  if (etag != NULL)
    cloud_http_headers_set (headers, "If-None-Match", etag);
  if (modified != NULL)
    cloud_http_headers_set (headers, "If-Modified-Since", modified);
}

static gboolean
open_files (CloudHttpFlight *self, CloudHttpExchange *exchange, CloudHttpHeaders *headers, GError **error)
{
  const CloudHttpRequest *request = self->request;

  if (request->upload_file != NULL && self->with_body)
    {
      exchange->upload = cloud_http_upload_new (self->engine->context, request->upload_file, request->upload_offset_bytes,
                                                request->upload_length_bytes, error);
      if (exchange->upload == NULL)
        return FALSE;
    }
  if (request->download_file != NULL)
    {
      /* A repetition goes on where the broken attempt ended. */
      self->download = cloud_http_download_new (self->engine->context, request->download_file,
                                                request->resume || self->n_retries > 0, error);
      if (self->download == NULL)
        {
          g_clear_pointer (&exchange->upload, cloud_http_upload_free);
          return FALSE;
        }
      exchange->download = self->download;
      if (cloud_http_download_get_have (self->download) > 0)
        {
          g_autofree char *range = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-", cloud_http_download_get_have (self->download));

          cloud_http_headers_set (headers, "Range", range);
          cloud_http_headers_set (headers, "If-Range", cloud_http_download_get_validator (self->download));
        }
    }
  return TRUE;
}

static void
flight_exchange (CloudHttpFlight *self)
{
  g_autoptr (CloudHttpHeaders) headers = cloud_http_headers_copy (self->headers);
  GError *error = NULL;
  CloudHttpExchange exchange = {
    .request = self->request,
    .method = self->method,
    .url = self->url,
    .headers = headers,
    .body = self->with_body ? self->request->body : NULL,
    .with_secrets = self->with_secrets,
    .user_agent = self->engine->user_agent,
    .ca_fd = self->engine->ca_fd,
    .timeout_ms = left_ms (self) + 500, /* whose time is up is told by the client; this is the net below */
    .stall_s = (guint) CLAMP (self->request->deadline_ms / 3000, 1, STALL_MAX_S),
  };

  if (!open_files (self, &exchange, headers, &error))
    {
      end (self, NULL, error);
      return;
    }
  add_conditions (self, headers);
  if (self->engine->loop == NULL)
    self->engine->loop = cloud_curl_loop_new (self->engine->context);
  self->transfer = cloud_http_transfer_start (self->engine->loop, &exchange, on_transfer_progress, on_exchanged, self);
}

static void
host_start_next (Host *host)
{
  while (host->active < PER_HOST_MAX && !g_queue_is_empty (&host->waiting))
    {
      CloudHttpFlight *flight = g_queue_pop_head (&host->waiting);

      flight->queued = FALSE;
      host->active++;
      flight_exchange (flight);
    }
}

static void
flight_enqueue (CloudHttpFlight *self)
{
  Host *host = g_hash_table_lookup (self->engine->hosts, self->url->origin);

  if (host == NULL)
    {
      host = g_new0 (Host, 1);
      g_queue_init (&host->waiting);
      g_hash_table_insert (self->engine->hosts, g_strdup (self->url->origin), host);
    }
  self->host = host;
  self->queued = TRUE;
  g_queue_push_tail (&host->waiting, self);
  host_start_next (host);
}

/* ---- Hops ---- */

static void
answer_only_from_cache (CloudHttpFlight *self)
{
  if (self->stored != NULL && may_serve_stale (self, TRUE))
    {
      cloud_http_cache_touch (self->engine->cache, self->stored->id);
      answer (self,
              response_from_stored (self, stored_is_fresh (self->stored) ? CLOUD_HTTP_ORIGIN_CACHE : CLOUD_HTTP_ORIGIN_STALE));
    }
  else
    end (self, NULL, g_error_new (CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "%s: nothing is stored of it", self->url->host));
}

static void
on_found (CloudHttpStored *stored, gpointer data)
{
  CloudHttpFlight *self = data;
  CloudHttpCacheControl control;
  gboolean use;

  self->stored = stored;
  if (self->over)
    goto out;
  if (self->mode == CLOUD_HTTP_CACHE_ONLY)
    {
      answer_only_from_cache (self);
      goto out;
    }
  use = stored != NULL && stored_is_fresh (stored);
  if (use && self->mode == CLOUD_HTTP_CACHE_REVALIDATE)
    {
      cloud_http_cache_control_parse (cloud_http_headers_get (stored->headers, "Cache-Control"), &control);
      use = control.immutable;
    }
  if (use)
    {
      cloud_http_cache_touch (self->engine->cache, stored->id);
      answer (self, response_from_stored (self, CLOUD_HTTP_ORIGIN_CACHE));
    }
  else
    flight_enqueue (self);

out:
  cloud_http_flight_unref (self);
}

static void
flight_hop (CloudHttpFlight *self)
{
  gboolean reads = self->mode == CLOUD_HTTP_CACHE_DEFAULT || self->mode == CLOUD_HTTP_CACHE_REVALIDATE
                   || self->mode == CLOUD_HTTP_CACHE_ONLY;

  g_clear_pointer (&self->stored, cloud_http_stored_free);
  self->unconditional = FALSE;
  if (self->engine->cache != NULL && reads && strcmp (self->method, "GET") == 0)
    cloud_http_cache_lookup (self->engine->cache, account_of (self), self->url->text, self->headers, on_found,
                             cloud_http_flight_ref (self));
  else if (self->mode == CLOUD_HTTP_CACHE_ONLY)
    answer_only_from_cache (self);
  else
    flight_enqueue (self);
}

/* ---- The client's side ---- */

CloudHttpCacheMode
cloud_http_flight_mode (const CloudHttpRequest *request)
{
  static const char *const own[] = {
    "range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "authorization", "cookie",
  };
  CloudHttpCacheControl control;

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (cloud_http_headers_get (request->headers, own[i]) != NULL)
      return CLOUD_HTTP_CACHE_PRIVATE;
  if (request->download_file != NULL || (request->auth != CLOUD_HTTP_AUTH_NONE && request->account == NULL))
    return CLOUD_HTTP_CACHE_PRIVATE;
  cloud_http_cache_control_parse (cloud_http_headers_get (request->headers, "Cache-Control"), &control);
  if (control.no_store)
    return CLOUD_HTTP_CACHE_PRIVATE;
  if (request->mode == CLOUD_HTTP_CACHE_DEFAULT && control.only_if_cached)
    return CLOUD_HTTP_CACHE_ONLY;
  if (request->mode == CLOUD_HTTP_CACHE_DEFAULT && (control.no_cache || control.max_age_s == 0))
    return CLOUD_HTTP_CACHE_REVALIDATE;
  return request->mode;
}

CloudHttpFlight *
cloud_http_flight_new (CloudHttpEngine *engine, CloudHttpRequest *request, CloudHttpCacheMode mode,
                       CloudHttpFlightProgress progress, CloudHttpFlightDone done, gpointer data)
{
  CloudHttpFlight *self = g_new0 (CloudHttpFlight, 1);

  g_atomic_ref_count_init (&self->refs);
  self->engine = engine;
  self->request = cloud_http_request_ref (request);
  self->mode = mode;
  self->progress = progress;
  self->done = done;
  self->data = data;
  self->method = g_strdup (request->method);
  self->headers = cloud_http_headers_copy (request->headers);
  self->with_body = request->body != NULL || request->upload_file != NULL;
  self->with_secrets = request->auth != CLOUD_HTTP_AUTH_NONE;
  return self;
}

void
cloud_http_flight_start (CloudHttpFlight *self)
{
  GError *error = NULL;

  self->url = cloud_http_url_new (self->request->url, &error);
  if (self->url != NULL && self->request->invalid)
    g_set_error_literal (&error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "A field of the request cannot be sent");
  if (error != NULL)
    end (self, NULL, error);
  else
    flight_hop (self);
}

void
cloud_http_flight_set_deadline (CloudHttpFlight *self, gint64 deadline_us)
{
  self->deadline_us = deadline_us;
}
