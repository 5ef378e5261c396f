/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-stream.h"

#include "cloud-error.h"

#include <string.h>

/* GIO under libetpan. */

#define MAX_LINE_BYTES (8 * 1024 * 1024)
#define MAX_IDLE_LINE_BYTES 65536
#define STREAM_BUFFER_BYTES 16384

/* Follows the bytes of the server just far enough to know lines from literals. */
typedef struct
{
  gint64 literal_left;
  gint64 line_bytes;
  gint64 number; /* digits since the last '{'; -1: none */
  char last[2];
  gint64 max_literal;
  gint64 total_left;
} Meter;

struct _MailerStream
{
  char *host;
  guint timeout_s;
  GCancellable *cancellable;
  GSocketConnection *connection;
  GIOStream *tls; /* (nullable) */
  GTlsDatabase *own_authorities;
  mailstream *handed;
  mailstream_low *low;
  GArray *literals;     /* gint64: their lengths, since the limits were set */
  GByteArray *pushback; /* read ahead, not yet given to libetpan */
  Meter meter;
  gint64 deadline_us;
  gint64 received_bytes;
  GError *error;
};

static mailstream_low_driver driver;

static void
take_error (MailerStream *self, GError *error)
{
  /* An end without TLS's goodbye is an end like any other: what was announced and did not come is missed by whoever reads. */
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    {
      error->domain = CLOUD_ERROR;
      error->code = CLOUD_ERROR_OFFLINE;
    }
  cloud_error_convert_gio (&error);
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

static GIOStream *
current_io (MailerStream *self)
{
  return self->tls != NULL ? self->tls : G_IO_STREAM (self->connection);
}

/* ---- TLS ---- */

/* A certificate that the system does not know may still be vouched for by the authorities of CIRRUS_CA_FILE; a wrong name, an expired or a
 * revoked one may not. */
static gboolean
on_accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors, gpointer user_data)
{
  MailerStream *self = user_data;
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GError) error = NULL;
  GTlsCertificateFlags remaining;

  if (errors != G_TLS_CERTIFICATE_UNKNOWN_CA || self->own_authorities == NULL)
    return FALSE;
  identity = g_network_address_new (self->host, 0);
  remaining = g_tls_database_verify_chain (self->own_authorities, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                           G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
  return error == NULL && remaining == 0;
}

static gboolean
load_own_authorities (MailerStream *self, GError **error)
{
  const char *path = g_getenv ("CIRRUS_CA_FILE");

  if (path == NULL || *path == '\0')
    return TRUE;
  self->own_authorities = g_tls_file_database_new (path, error);
  return self->own_authorities != NULL;
}

static gboolean
handshake (MailerStream *self, GError **error)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (self->host, 0);
  g_autoptr (GIOStream) tls = NULL;
  GError *local_error = NULL;

  if (!load_own_authorities (self, &local_error))
    {
      cloud_error_convert_gio (&local_error);
      g_propagate_error (error, local_error);
      return FALSE;
    }
  tls = g_tls_client_connection_new (G_IO_STREAM (self->connection), identity, &local_error);
  if (tls != NULL)
    {
      g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
      if (g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->cancellable, &local_error))
        {
          self->tls = g_steal_pointer (&tls);
          return TRUE;
        }
    }
  cloud_error_convert_gio (&local_error);
  g_prefix_error (&local_error, "TLS with %s: ", self->host);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* ---- Bounds ---- */

static gboolean
refuse (MailerStream *self, CloudError code, const char *what)
{
  take_error (self, g_error_new (CLOUD_ERROR, code, "%s: %s", self->host, what));
  return FALSE;
}

/* FALSE if a bound is exceeded within these bytes. */
static gboolean
measure (MailerStream *self, const char *bytes, gsize length)
{
  Meter *meter = &self->meter;

  meter->total_left -= length;
  if (meter->total_left < 0)
    return refuse (self, CLOUD_ERROR_TOO_LARGE, "the server sends more than was asked for");
  for (gsize i = 0; i < length; i++)
    {
      char c = bytes[i];

      if (meter->literal_left > 0)
        {
          gsize skip = MIN (meter->literal_left, (gint64) (length - i));

          meter->literal_left -= skip;
          i += skip - 1;
          continue;
        }
      meter->line_bytes++;
      if (meter->line_bytes > MAX_LINE_BYTES)
        return refuse (self, CLOUD_ERROR_PROTOCOL, "the server sends an endless line");
      if (c == '{')
        meter->number = 0;
      else if (meter->number >= 0 && g_ascii_isdigit (c))
        meter->number = MIN (meter->number * 10 + (c - '0'), G_MAXINT64 / 20);
      else if (c == '\n')
        {
          if (meter->number >= 0 && meter->last[0] == '}' && meter->last[1] == '\r')
            {
              if (meter->number > meter->max_literal)
                return refuse (self, CLOUD_ERROR_TOO_LARGE, "the server announces more than was asked for");
              meter->literal_left = meter->number;
              g_array_append_val (self->literals, meter->number);
            }
          else
            meter->line_bytes = 0;
          meter->number = -1;
        }
      else if (c != '}' && c != '\r' && c != '+')
        meter->number = -1;
      meter->last[0] = meter->last[1];
      meter->last[1] = c;
    }
  return TRUE;
}

void
mailer_stream_set_limits (MailerStream *self, gint64 max_literal_bytes, gint64 max_total_bytes, guint deadline_s)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->literals, 0);
  self->meter.max_literal = max_literal_bytes;
  self->meter.total_left = max_total_bytes;
  self->deadline_us = g_get_monotonic_time () + (gint64) deadline_s * G_USEC_PER_SEC;
}

/* ---- Bytes ---- */

/* From the network, metered; 0 < n, or -1 with the error kept. */
static gssize
receive (MailerStream *self, char *buffer, gsize count)
{
  GError *error = NULL;
  gssize n;

  if (self->error != NULL)
    return -1;
  if (g_get_monotonic_time () > self->deadline_us)
    {
      refuse (self, CLOUD_ERROR_OFFLINE, "the server takes too long");
      return -1;
    }
  n = g_input_stream_read (g_io_stream_get_input_stream (current_io (self)), buffer, count, self->cancellable, &error);
  if (n < 0)
    {
      take_error (self, error);
      return -1;
    }
  if (n == 0)
    {
      refuse (self, CLOUD_ERROR_OFFLINE, "the server closed the connection");
      return -1;
    }
  self->received_bytes += n;
  return measure (self, buffer, n) ? n : -1;
}

static ssize_t
low_read (mailstream_low *low, void *buffer, size_t count)
{
  MailerStream *self = low->data;

  if (self->pushback->len > 0)
    {
      gsize n = MIN (count, self->pushback->len);

      memcpy (buffer, self->pushback->data, n);
      g_byte_array_remove_range (self->pushback, 0, n);
      return n;
    }
  return receive (self, buffer, count);
}

static ssize_t
low_write (mailstream_low *low, const void *buffer, size_t count)
{
  MailerStream *self = low->data;
  GError *error = NULL;
  gsize written = 0;

  if (self->error != NULL)
    return -1;
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (current_io (self)), buffer, count, &written, self->cancellable, &error))
    {
      take_error (self, error);
      return -1;
    }
  return written;
}

static int
low_close (mailstream_low *low)
{
  MailerStream *self = low->data;

  if (self->connection != NULL)
    g_socket_close (g_socket_connection_get_socket (self->connection), NULL);
  return 0;
}

static int
low_get_fd (mailstream_low *low)
{
  MailerStream *self = low->data;

  return g_socket_get_fd (g_socket_connection_get_socket (self->connection));
}

static void
stream_clear (MailerStream *self)
{
  if (self->tls != NULL)
    g_signal_handlers_disconnect_by_data (self->tls, self);
  g_clear_object (&self->tls);
  g_clear_object (&self->connection);
  g_clear_object (&self->own_authorities);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_array_unref (self->literals);
  g_byte_array_unref (self->pushback);
  g_free (self->host);
  g_free (self);
}

static void
low_free (mailstream_low *low)
{
  stream_clear (low->data);
  free (low);
}

static void
low_cancel (mailstream_low *low)
{
  MailerStream *self = low->data;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static mailstream_low_driver driver = {
  .mailstream_read = low_read,
  .mailstream_write = low_write,
  .mailstream_close = low_close,
  .mailstream_get_fd = low_get_fd,
  .mailstream_free = low_free,
  .mailstream_cancel = low_cancel,
};

/* ---- Public ---- */

MailerStream *
mailer_stream_open (const char *host, guint16 port, MailerSecurity security, guint timeout_s, GCancellable *cancellable, GError **error)
{
  g_autoptr (MailerStream) self = g_new0 (MailerStream, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GError *local_error = NULL;

  g_return_val_if_fail (host != NULL && timeout_s > 0, NULL);

  self->host = g_strdup (host);
  self->timeout_s = timeout_s;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->literals = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pushback = g_byte_array_new ();
  self->meter.number = -1;
  mailer_stream_set_limits (self, 65536, 1024 * 1024, timeout_s * 4);
  g_socket_client_set_timeout (client, timeout_s);
  self->connection = g_socket_client_connect_to_host (client, host, port, cancellable, &local_error);
  if (self->connection == NULL)
    {
      cloud_error_convert_gio (&local_error);
      g_prefix_error (&local_error, "%s: ", host);
      g_propagate_error (error, local_error);
      return NULL;
    }
  g_tcp_connection_set_graceful_disconnect (G_TCP_CONNECTION (self->connection), FALSE);
  if (security == MAILER_SECURITY_TLS && !handshake (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
mailer_stream_start_tls (MailerStream *self, GError **error)
{
  g_return_val_if_fail (self->tls == NULL, FALSE);

  if (self->pushback->len > 0 || (self->handed != NULL && self->handed->read_buffer_len > 0))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "%s: something was sent in the clear ahead of the TLS handshake", self->host);
      return FALSE;
    }
  return handshake (self, error);
}

gboolean
mailer_stream_is_secure (MailerStream *self)
{
  return self->tls != NULL;
}

void
mailer_stream_free (MailerStream *self)
{
  if (self != NULL && self->handed == NULL)
    stream_clear (self);
}

mailstream *
mailer_stream_as_mailstream (MailerStream *self)
{
  g_return_val_if_fail (self->handed == NULL, NULL);

  self->low = mailstream_low_new (self, &driver);
  self->handed = mailstream_new (self->low, STREAM_BUFFER_BYTES);
  return self->handed;
}

const GError *
mailer_stream_get_error (MailerStream *self)
{
  return self->error;
}

const GArray *
mailer_stream_get_literals (MailerStream *self)
{
  return self->literals;
}

gint64
mailer_stream_get_received_bytes (MailerStream *self)
{
  return self->received_bytes;
}

/* ---- Lines, for IDLE ---- */

gboolean
mailer_stream_send_text (MailerStream *self, const char *text, GError **error)
{
  if (low_write (self->low, text, strlen (text)) >= 0)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

static char *
take_pushback_line (MailerStream *self)
{
  guint8 *end = self->pushback->len > 0 ? memchr (self->pushback->data, '\n', self->pushback->len) : NULL;
  gsize n = end != NULL ? (gsize) (end - self->pushback->data) : 0;
  char *line;

  if (end == NULL)
    return NULL;
  line = g_strndup ((char *) self->pushback->data, n > 0 && end[-1] == '\r' ? n - 1 : n);
  g_byte_array_remove_range (self->pushback, 0, n + 1);
  return line;
}

/* Takes what has arrived without waiting; FALSE on an error. */
static gboolean
receive_available (MailerStream *self, gboolean *would_block)
{
  GPollableInputStream *in = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (current_io (self)));
  GError *error = NULL;
  char buffer[4096];
  gssize n = g_pollable_input_stream_read_nonblocking (in, buffer, sizeof buffer, NULL, &error);

  *would_block = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  if (*would_block)
    {
      g_error_free (error);
      return TRUE;
    }
  if (n < 0)
    {
      take_error (self, error);
      return FALSE;
    }
  if (n == 0)
    return refuse (self, CLOUD_ERROR_OFFLINE, "the server closed the connection");
  self->received_bytes += n;
  g_byte_array_append (self->pushback, (guint8 *) buffer, n);
  if (self->pushback->len > MAX_IDLE_LINE_BYTES)
    return refuse (self, CLOUD_ERROR_PROTOCOL, "the server sends an endless line");
  return TRUE;
}

gboolean
mailer_stream_wait_line (MailerStream *self, gint64 deadline_us, GCancellable *wake, char **line, GError **error)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);

  /* What libetpan read ahead comes first. */
  if (self->handed != NULL && self->handed->read_buffer_len > 0)
    {
      g_byte_array_append (self->pushback, (guint8 *) self->handed->read_buffer, self->handed->read_buffer_len);
      self->handed->read_buffer_len = 0;
    }
  while ((*line = take_pushback_line (self)) == NULL)
    {
      gint64 left_us = deadline_us - g_get_monotonic_time ();
      gboolean would_block;
      g_autoptr (GError) wait_error = NULL;

      if (self->error != NULL || !receive_available (self, &would_block))
        {
          g_propagate_error (error, g_error_copy (self->error));
          return FALSE;
        }
      if (!would_block)
        continue;
      if (left_us <= 0 || g_cancellable_is_cancelled (wake))
        return TRUE;
      if (!g_socket_condition_timed_wait (socket, G_IO_IN, left_us, wake, &wait_error))
        return TRUE;
    }
  return TRUE;
}
