/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-private.h"
#include "cloud-http-rules.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <string.h>

/* An answer: immutable, shared by all who waited for it. */

struct _CloudHttpResponse
{
  gatomicrefcount refs;
  guint status;
  char *url;
  CloudHttpHeaders *headers;
  GBytes *body;
  CloudHttpOrigin origin;
  gint64 request_us;
  gint64 response_us;
};

/* The last words of a TRY_LATER error's message: how cloud_http_error_get_retry_s() finds the seconds again. */
#define RETRY_MARK " (retry after "

CloudHttpResponse *
cloud_http_response_new (guint status, const char *url, CloudHttpHeaders *headers, GBytes *body, CloudHttpOrigin origin,
                         gint64 request_us, gint64 response_us)
{
  CloudHttpResponse *self = g_new0 (CloudHttpResponse, 1);

  g_atomic_ref_count_init (&self->refs);
  self->status = status;
  self->url = g_strdup (url);
  self->headers = headers;
  self->body = body != NULL ? g_bytes_ref (body) : g_bytes_new_static ("", 0);
  self->origin = origin;
  self->request_us = request_us;
  self->response_us = response_us;
  return self;
}

CloudHttpResponse *
cloud_http_response_ref (CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
cloud_http_response_unref (CloudHttpResponse *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->url);
  cloud_http_headers_free (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}

guint
cloud_http_response_get_status (const CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->status;
}

const char *
cloud_http_response_get_url (const CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->url;
}

const char *
cloud_http_response_get_header (const CloudHttpResponse *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  return cloud_http_headers_get (self->headers, name);
}

const CloudHttpHeaders *
cloud_http_response_get_headers (const CloudHttpResponse *self)
{
  return self->headers;
}

GBytes *
cloud_http_response_get_body (const CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->body;
}

CloudHttpOrigin
cloud_http_response_get_origin (const CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, CLOUD_HTTP_ORIGIN_NETWORK);
  return self->origin;
}

gint64
cloud_http_response_get_fetched_unix_us (const CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->response_us;
}

gint64
cloud_http_response_get_age_s (const CloudHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return cloud_http_rules_age_s (self->headers, self->request_us, self->response_us, cloud_time_now_unix_us ());
}

gint64
cloud_http_response_get_expires_unix_us (const CloudHttpResponse *self)
{
  gint64 age_s, left_s;

  g_return_val_if_fail (self != NULL, 0);

  age_s = cloud_http_rules_age_s (self->headers, self->request_us, self->response_us, self->response_us);
  left_s = cloud_http_rules_lifetime_s (self->status, self->headers, self->response_us) - age_s;
  return left_s > 0 ? self->response_us + left_s * G_USEC_PER_SEC : 0;
}

static CloudError
status_code (guint status)
{
  switch (status)
    {
    case 401:
      return CLOUD_ERROR_AUTH_REQUIRED;
    case 403:
    case 407:
    case 451:
      return CLOUD_ERROR_DENIED;
    case 404:
    case 410:
      return CLOUD_ERROR_NOT_FOUND;
    case 429:
    case 503:
      return CLOUD_ERROR_TRY_LATER;
    default:
      return CLOUD_ERROR_PROTOCOL;
    }
}

GError *
cloud_http_status_error (guint status, const char *host, const CloudHttpHeaders *headers, gint64 now_us)
{
  CloudError code = status_code (status);
  guint retry_s = cloud_http_retry_after_s (headers, now_us);

  /* 304 is what a caller with validators of its own asked for. */
  if ((status >= 200 && status < 300) || status == 304)
    return NULL;
  if (code == CLOUD_ERROR_TRY_LATER && retry_s > 0)
    return g_error_new (CLOUD_ERROR, code, "%s answered %u" RETRY_MARK "%u s)", host, status, retry_s);
  return g_error_new (CLOUD_ERROR, code, "%s answered %u", host, status);
}

guint
cloud_http_error_get_retry_s (const GError *error)
{
  const char *mark;

  if (!g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER))
    return 0;
  mark = g_strrstr (error->message, RETRY_MARK);
  return mark != NULL ? (guint) CLAMP (g_ascii_strtoll (mark + strlen (RETRY_MARK), NULL, 10), 0, G_MAXINT) : 0;
}
