/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-http-headers.h"
#include "cloud-http.h"

G_BEGIN_DECLS

/* The insides of requests and answers, for the other files of libcloudcore/http. */

typedef enum
{
  CLOUD_HTTP_AUTH_NONE,
  CLOUD_HTTP_AUTH_BASIC,
  CLOUD_HTTP_AUTH_BEARER,
} CloudHttpAuth;

struct _CloudHttpRequest
{
  gatomicrefcount refs;
  char *method;
  char *url;
  CloudHttpHeaders *headers;
  GBytes *body;
  GFile *upload_file;
  gint64 upload_offset_bytes;
  gint64 upload_length_bytes;
  GFile *download_file;
  gboolean resume;
  CloudHttpAuth auth;
  char *account;
  char *user;
  char *secret;
  CloudHttpCacheMode mode;
  gint64 max_bytes; /* -1: not told */
  guint deadline_ms;
  guint max_retries;
  gboolean raw_status;
  gboolean invalid; /* a header that cannot be sent */
  CloudHttpProgress progress;
  gpointer progress_data;
  GDestroyNotify progress_destroy;
};

#define CLOUD_HTTP_MAX_BYTES_DEFAULT (16 * 1024 * 1024)

gint64 cloud_http_request_get_max_bytes (const CloudHttpRequest *self);

/* Takes @headers; @body may be NULL (empty). */
CloudHttpResponse *cloud_http_response_new (guint status, const char *url, CloudHttpHeaders *headers, GBytes *body,
                                            CloudHttpOrigin origin, gint64 request_us, gint64 response_us);
const CloudHttpHeaders *cloud_http_response_get_headers (const CloudHttpResponse *self);

/* The error for a status that is no success, or NULL. */
GError *cloud_http_status_error (guint status, const char *host, const CloudHttpHeaders *headers, gint64 now_us);

G_END_DECLS
