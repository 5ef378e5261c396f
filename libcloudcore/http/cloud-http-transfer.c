/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-transfer.h"

#include "cloud-error.h"
#include "cloud-http-rules.h"
#include "cloud-time.h"

#include <string.h>

/* One curl easy handle from its options to its outcome.  curl's callbacks only count, copy and say no. */

#define HEADERS_MAX 300
#define HEADER_BYTES_MAX (256 * 1024)
#define STALL_BYTES_PER_S 32L

struct _CloudHttpTransfer
{
  CloudCurlLoop *loop;
  CURL *easy;
  struct curl_slist *sent_headers;
  char error_text[CURL_ERROR_SIZE];
  char *host;
  CloudHttpTransferProgress progress;
  CloudHttpTransferDone done;
  gpointer data;

  GBytes *body_out;
  gsize body_out_read;
  CloudHttpUpload *upload;
  CloudHttpDownload *download; /* not owned */
  gboolean is_head;
  gboolean paused_send;
  gboolean paused_receive;
  gboolean body_begun;
  gboolean decodes;

  gint64 max_bytes;
  gint64 received_bytes;
  guint n_headers;
  gsize header_bytes;
  CloudHttpHeaders *headers;
  GByteArray *body;
  guint status;
  gint64 request_us;
  gint64 response_us;
  CURLcode code;
  GError *error;
};

static gboolean
refuse (CloudHttpTransfer *self, CloudError code, const char *why)
{
  if (self->error == NULL)
    self->error = g_error_new (CLOUD_ERROR, code, "%s: %s", self->host, why);
  return FALSE;
}

/* Two different lengths are how answers are smuggled into one another. */
static gboolean
check_length (CloudHttpTransfer *self, const char *line, gsize length)
{
  const char *before = cloud_http_headers_get (self->headers, "Content-Length");
  g_autofree char *value = NULL;
  gint64 n;

  if (length < 15 || g_ascii_strncasecmp (line, "Content-Length:", 15) != 0)
    return TRUE;
  value = g_strndup (line + 15, length - 15);
  g_strstrip (value);
  if (!g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &n, NULL) || (before != NULL && strcmp (before, value) != 0))
    return refuse (self, CLOUD_ERROR_PROTOCOL, "the answer's length makes no sense");
  if (!self->is_head && n > self->max_bytes)
    return refuse (self, CLOUD_ERROR_TOO_LARGE, "the answer is larger than allowed");
  return TRUE;
}

static size_t
on_header (char *line, size_t size, size_t n, void *data)
{
  CloudHttpTransfer *self = data;
  gsize length = size * n;

  self->header_bytes += length;
  if (++self->n_headers > HEADERS_MAX || self->header_bytes > HEADER_BYTES_MAX)
    {
      refuse (self, CLOUD_ERROR_PROTOCOL, "the answer's header does not end");
      return 0;
    }
  if (length >= 5 && memcmp (line, "HTTP/", 5) == 0)
    {
      /* An interim answer (1xx) came before this one. */
      g_clear_pointer (&self->headers, cloud_http_headers_free);
      self->headers = cloud_http_headers_new ();
      return length;
    }
  if (!check_length (self, line, length))
    return 0;
  if (!self->body_begun) /* trailers say nothing that counts here */
    cloud_http_headers_add_line (self->headers, line, length);
  return length;
}

static size_t
on_body (char *bytes, size_t size, size_t n, void *data)
{
  CloudHttpTransfer *self = data;
  gsize length = size * n;
  long status = 0;

  self->body_begun = TRUE;
  if (self->received_bytes + (gint64) length > self->max_bytes)
    {
      refuse (self, CLOUD_ERROR_TOO_LARGE, "the answer is larger than allowed");
      return 0;
    }
  curl_easy_getinfo (self->easy, CURLINFO_RESPONSE_CODE, &status);
  if (self->download != NULL && status >= 200 && status < 300)
    {
      const char *range = cloud_http_headers_get (self->headers, "Content-Range");
      int taken;

      if (self->received_bytes == 0)
        {
          const char *validator = cloud_http_headers_get (self->headers, "ETag");
          g_autofree char *expected
              = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-", cloud_http_download_get_have (self->download));

          if (validator == NULL || g_str_has_prefix (validator, "W/"))
            validator = cloud_http_headers_get (self->headers, "Last-Modified");
          if (status == 206 && (range == NULL || !g_str_has_prefix (range, expected)))
            {
              refuse (self, CLOUD_ERROR_PROTOCOL, "the server sent another part than asked for");
              return 0;
            }
          cloud_http_download_begin (self->download, status == 206, validator);
        }
      taken = cloud_http_download_write (self->download, bytes, length);
      if (taken == 0)
        {
          self->paused_receive = TRUE;
          return CURL_WRITEFUNC_PAUSE;
        }
      if (taken < 0)
        {
          g_clear_error (&self->error);
          self->error = cloud_http_download_get_error (self->download);
          return 0;
        }
    }
  else
    g_byte_array_append (self->body, (const guint8 *) bytes, (guint) length);
  self->received_bytes += (gint64) length;
  return length;
}

static size_t
on_upload (char *buffer, size_t size, size_t n, void *data)
{
  CloudHttpTransfer *self = data;
  gsize room = size * n;
  gssize got;

  if (self->upload == NULL)
    {
      gsize length;
      const char *bytes = g_bytes_get_data (self->body_out, &length);
      gsize take = MIN (room, length - self->body_out_read);

      if (take > 0)
        memcpy (buffer, bytes + self->body_out_read, take);
      self->body_out_read += take;
      return take;
    }
  got = cloud_http_upload_read (self->upload, buffer, room);
  if (got == -1)
    {
      self->paused_send = TRUE;
      return CURL_READFUNC_PAUSE;
    }
  if (got < 0)
    {
      g_clear_error (&self->error);
      self->error = cloud_http_upload_get_error (self->upload);
      return CURL_READFUNC_ABORT;
    }
  return (size_t) got;
}

static int
on_seek (void *data, curl_off_t offset, int origin)
{
  CloudHttpTransfer *self = data;

  if (self->upload != NULL || origin != SEEK_SET || (guint64) offset > g_bytes_get_size (self->body_out))
    return CURL_SEEKFUNC_CANTSEEK; /* the whole request is repeated instead, with the file opened again */
  self->body_out_read = (gsize) offset;
  return CURL_SEEKFUNC_OK;
}

static int
on_progress (void *data, curl_off_t total, curl_off_t received, curl_off_t upload_total, curl_off_t sent)
{
  CloudHttpTransfer *self = data;

  if (self->progress != NULL)
    self->progress (sent, self->received_bytes, total > 0 ? total : -1, self->data);
  return 0;
}

static void
on_file_may_go_on (gpointer data)
{
  CloudHttpTransfer *self = data;

  if (!self->paused_receive && !self->paused_send)
    return;
  self->paused_receive = FALSE;
  self->paused_send = FALSE;
  curl_easy_pause (self->easy, CURLPAUSE_CONT);
}

static void
on_finished (CURL *easy, CURLcode code, gpointer data)
{
  CloudHttpTransfer *self = data;
  long status = 0;

  self->code = code;
  self->response_us = cloud_time_now_unix_us ();
  curl_easy_getinfo (easy, CURLINFO_RESPONSE_CODE, &status);
  self->status = (guint) status;
  if (code != CURLE_OK && self->error == NULL)
    self->error = cloud_curl_error (code, self->host, self->error_text);
  if (code == CURLE_OK && self->error == NULL && (status < 200 || status > 599))
    refuse (self, CLOUD_ERROR_PROTOCOL, "the answer's status makes no sense");
  self->done (self, self->data);
}

static void
set_method (CloudHttpTransfer *self, const char *method, gint64 upload_bytes)
{
  CURL *easy = self->easy;

  if (strcmp (method, "HEAD") == 0)
    curl_easy_setopt (easy, CURLOPT_NOBODY, 1L);
  else if (strcmp (method, "POST") == 0 && upload_bytes < 0)
    {
      curl_easy_setopt (easy, CURLOPT_POST, 1L);
      curl_easy_setopt (easy, CURLOPT_POSTFIELDS, "");
      curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) 0);
      self->sent_headers = curl_slist_append (self->sent_headers, "Content-Type:");
    }
  else if (upload_bytes >= 0)
    {
      curl_easy_setopt (easy, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt (easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t) upload_bytes);
      curl_easy_setopt (easy, CURLOPT_READFUNCTION, on_upload);
      curl_easy_setopt (easy, CURLOPT_READDATA, self);
      curl_easy_setopt (easy, CURLOPT_SEEKFUNCTION, on_seek);
      curl_easy_setopt (easy, CURLOPT_SEEKDATA, self);
      curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, method);
    }
  else if (strcmp (method, "GET") != 0)
    curl_easy_setopt (easy, CURLOPT_CUSTOMREQUEST, method);
}

static void
set_headers (CloudHttpTransfer *self, const CloudHttpExchange *exchange)
{
  for (guint i = 0; i < cloud_http_headers_get_n (exchange->headers); i++)
    {
      const char *value = cloud_http_headers_get_value (exchange->headers, i);
      g_autofree char *line
          = g_strdup_printf (*value != '\0' ? "%s: %s" : "%s;", cloud_http_headers_get_name (exchange->headers, i), value);

      self->sent_headers = curl_slist_append (self->sent_headers, line);
    }
  curl_easy_setopt (self->easy, CURLOPT_HTTPHEADER, self->sent_headers);
}

static void
set_secrets (CloudHttpTransfer *self, const CloudHttpRequest *request)
{
  if (request->auth == CLOUD_HTTP_AUTH_BASIC)
    {
      curl_easy_setopt (self->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
      curl_easy_setopt (self->easy, CURLOPT_USERNAME, request->user);
      curl_easy_setopt (self->easy, CURLOPT_PASSWORD, request->secret);
    }
  else if (request->auth == CLOUD_HTTP_AUTH_BEARER)
    {
      curl_easy_setopt (self->easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
      curl_easy_setopt (self->easy, CURLOPT_XOAUTH2_BEARER, request->secret);
    }
}

static void
set_bounds (CloudHttpTransfer *self, const CloudHttpExchange *exchange)
{
  CURL *easy = self->easy;

  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, (long) CLAMP (exchange->timeout_ms, 1, G_MAXINT));
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_PER_S);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, (long) exchange->stall_s);
  /* curl itself repeats a request whose kept connection turns out dead: right for what may be repeated, and only for that. */
  if (!cloud_http_method_is_idempotent (exchange->method))
    curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, 1L);
  if (cloud_http_url_is_secure (exchange->url))
    {
      curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
      curl_easy_setopt (easy, CURLOPT_PIPEWAIT, 1L);
    }
  self->decodes = exchange->download == NULL;
  if (self->decodes)
    curl_easy_setopt (easy, CURLOPT_ACCEPT_ENCODING, "");
}

CloudHttpTransfer *
cloud_http_transfer_start (CloudCurlLoop *loop, const CloudHttpExchange *exchange, CloudHttpTransferProgress progress,
                           CloudHttpTransferDone done, gpointer data)
{
  CloudHttpTransfer *self = g_new0 (CloudHttpTransfer, 1);
  gint64 upload_bytes = -1;

  self->loop = loop;
  self->easy = curl_easy_init ();
  self->host = g_strdup (exchange->url->host);
  self->progress = progress;
  self->done = done;
  self->data = data;
  self->is_head = strcmp (exchange->method, "HEAD") == 0;
  self->max_bytes = cloud_http_request_get_max_bytes (exchange->request);
  self->headers = cloud_http_headers_new ();
  self->body = g_byte_array_new ();
  self->upload = exchange->upload;
  self->download = exchange->download;
  if (exchange->upload != NULL)
    {
      upload_bytes = cloud_http_upload_get_length (exchange->upload);
      cloud_http_upload_set_resume (exchange->upload, on_file_may_go_on, self);
    }
  else if (exchange->body != NULL)
    {
      self->body_out = g_bytes_ref (exchange->body);
      upload_bytes = (gint64) g_bytes_get_size (exchange->body);
    }
  if (exchange->download != NULL)
    cloud_http_download_set_resume (exchange->download, on_file_may_go_on, self);

  cloud_curl_setup (self->easy, exchange->ca_fd);
  curl_easy_setopt (self->easy, CURLOPT_ERRORBUFFER, self->error_text);
  curl_easy_setopt (self->easy, CURLOPT_URL, exchange->url->text);
  curl_easy_setopt (self->easy, CURLOPT_USERAGENT, exchange->user_agent);
  curl_easy_setopt (self->easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (self->easy, CURLOPT_HEADERDATA, self);
  curl_easy_setopt (self->easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (self->easy, CURLOPT_WRITEDATA, self);
  curl_easy_setopt (self->easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (self->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (self->easy, CURLOPT_XFERINFODATA, self);
  set_bounds (self, exchange);
  set_method (self, exchange->method, upload_bytes);
  set_headers (self, exchange);
  if (exchange->with_secrets)
    set_secrets (self, exchange->request);
  self->request_us = cloud_time_now_unix_us ();
  g_assert (cloud_curl_loop_add (loop, self->easy, on_finished, self));
  return self;
}

void
cloud_http_transfer_free (CloudHttpTransfer *self)
{
  if (self == NULL)
    return;
  if (self->download != NULL)
    cloud_http_download_set_resume (self->download, NULL, NULL);
  cloud_curl_loop_remove (self->loop, self->easy);
  curl_easy_cleanup (self->easy);
  curl_slist_free_all (self->sent_headers);
  g_clear_pointer (&self->upload, cloud_http_upload_free);
  g_clear_pointer (&self->body_out, g_bytes_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
  cloud_http_headers_free (self->headers);
  g_clear_error (&self->error);
  g_free (self->host);
  g_free (self);
}

const GError *
cloud_http_transfer_get_error (CloudHttpTransfer *self)
{
  return self->error;
}

gboolean
cloud_http_transfer_is_transient (CloudHttpTransfer *self)
{
  return self->error != NULL && cloud_curl_code_is_transient (self->code);
}

gboolean
cloud_http_transfer_is_unreachable (CloudHttpTransfer *self)
{
  return self->error != NULL && cloud_curl_code_is_unreachable (self->code);
}

guint
cloud_http_transfer_get_status (CloudHttpTransfer *self)
{
  return self->status;
}

CloudHttpHeaders *
cloud_http_transfer_get_headers (CloudHttpTransfer *self)
{
  return self->headers;
}

GBytes *
cloud_http_transfer_get_body (CloudHttpTransfer *self)
{
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
}

gint64
cloud_http_transfer_get_request_us (CloudHttpTransfer *self)
{
  return self->request_us;
}

gint64
cloud_http_transfer_get_response_us (CloudHttpTransfer *self)
{
  return self->response_us;
}
