/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-private.h"

#include <string.h>

/* What to ask: a plain description that the client reads and never changes. */

CloudHttpRequest *
cloud_http_request_new (const char *method, const char *url)
{
  CloudHttpRequest *self;

  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  self = g_new0 (CloudHttpRequest, 1);
  g_atomic_ref_count_init (&self->refs);
  self->method = g_ascii_strup (method, -1);
  self->url = g_strdup (url);
  self->headers = cloud_http_headers_new ();
  self->mode = CLOUD_HTTP_CACHE_DEFAULT;
  self->max_bytes = -1;
  self->deadline_ms = 30000;
  self->max_retries = 3;
  self->invalid = !cloud_http_header_is_valid (method, "");
  return self;
}

CloudHttpRequest *
cloud_http_request_ref (CloudHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
cloud_http_request_unref (CloudHttpRequest *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  cloud_http_headers_free (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_object (&self->upload_file);
  g_clear_object (&self->download_file);
  free_secret (self->secret);
  g_free (self->user);
  g_free (self->account);
  g_free (self->method);
  g_free (self->url);
  g_free (self);
}

void
cloud_http_request_set_header (CloudHttpRequest *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL && name != NULL && value != NULL);

  if (cloud_http_header_is_valid (name, value))
    cloud_http_headers_set (self->headers, name, value);
  else
    self->invalid = TRUE;
}

void
cloud_http_request_set_body (CloudHttpRequest *self, GBytes *body, const char *content_type)
{
  g_return_if_fail (self != NULL && body != NULL);

  g_clear_object (&self->upload_file);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_ref (body);
  if (content_type != NULL)
    cloud_http_request_set_header (self, "Content-Type", content_type);
}

void
cloud_http_request_set_upload_file (CloudHttpRequest *self, GFile *file, gint64 offset_bytes, gint64 length_bytes,
                                    const char *content_type)
{
  g_return_if_fail (self != NULL && G_IS_FILE (file) && offset_bytes >= 0);

  g_clear_pointer (&self->body, g_bytes_unref);
  g_set_object (&self->upload_file, file);
  self->upload_offset_bytes = offset_bytes;
  self->upload_length_bytes = length_bytes;
  if (content_type != NULL)
    cloud_http_request_set_header (self, "Content-Type", content_type);
}

void
cloud_http_request_set_download_file (CloudHttpRequest *self, GFile *file, gboolean resume)
{
  g_return_if_fail (self != NULL && G_IS_FILE (file));

  g_set_object (&self->download_file, file);
  self->resume = resume;
}

static void
set_auth (CloudHttpRequest *self, CloudHttpAuth auth, const char *account, const char *user, const char *secret)
{
  free_secret (self->secret);
  g_free (self->user);
  g_free (self->account);
  self->auth = auth;
  self->account = g_strdup (account);
  self->user = g_strdup (user);
  self->secret = g_strdup (secret);
  if (!cloud_http_header_is_valid ("x", secret) || (user != NULL && strchr (user, ':') != NULL))
    self->invalid = TRUE;
}

void
cloud_http_request_set_basic_auth (CloudHttpRequest *self, const char *account, const char *user, const char *password)
{
  g_return_if_fail (self != NULL && user != NULL && password != NULL);
  set_auth (self, CLOUD_HTTP_AUTH_BASIC, account, user, password);
}

void
cloud_http_request_set_bearer (CloudHttpRequest *self, const char *account, const char *token)
{
  g_return_if_fail (self != NULL && token != NULL);
  set_auth (self, CLOUD_HTTP_AUTH_BEARER, account, NULL, token);
}

void
cloud_http_request_set_cache_mode (CloudHttpRequest *self, CloudHttpCacheMode mode)
{
  g_return_if_fail (self != NULL);
  self->mode = mode;
}

void
cloud_http_request_set_max_bytes (CloudHttpRequest *self, gint64 max_bytes)
{
  g_return_if_fail (self != NULL && max_bytes >= 0);
  self->max_bytes = max_bytes;
}

gint64
cloud_http_request_get_max_bytes (const CloudHttpRequest *self)
{
  if (self->max_bytes >= 0)
    return self->max_bytes;
  return self->download_file != NULL ? G_MAXINT64 : CLOUD_HTTP_MAX_BYTES_DEFAULT;
}

void
cloud_http_request_set_deadline_ms (CloudHttpRequest *self, guint ms)
{
  g_return_if_fail (self != NULL);
  self->deadline_ms = ms;
}

void
cloud_http_request_set_max_retries (CloudHttpRequest *self, guint retries)
{
  g_return_if_fail (self != NULL);
  self->max_retries = retries;
}

void
cloud_http_request_set_raw_status (CloudHttpRequest *self, gboolean raw)
{
  g_return_if_fail (self != NULL);
  self->raw_status = raw;
}

void
cloud_http_request_set_progress (CloudHttpRequest *self, CloudHttpProgress progress, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL);

  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  self->progress = progress;
  self->progress_data = user_data;
  self->progress_destroy = destroy;
}
