/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-smtp"

#include "cloud-smtp.h"

#include "cloud-curl.h"
#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One message to one server, by curl on a thread of its own.
 *
 * The dialogue is watched line by line (through curl's debug function, whose text goes nowhere else), because curl's own code
 * does not say whether the message may have arrived.  What decides: the end of the message was handed to curl or not, and the
 * reply after that. A running transfer is only ever ended by an error from a callback: taken out of a multi handle, curl 7.88
 * would finish the half message with a dot (smtp_done), and the server would take it. */

typedef enum
{
  STAGE_CONNECT,
  STAGE_STARTTLS,
  STAGE_AUTH,
  STAGE_MAIL,
  STAGE_RCPT,
  STAGE_DATA,
  STAGE_END, /* the whole message was handed over */
} Stage;

struct _CloudSmtp
{
  GObject parent_instance;
  char *host;
  guint port;
  CloudSmtpSecurity security;
  char *user;
  char *secret;
  gboolean bearer;
  char *ca_file;
  guint answer_s;
};

G_DEFINE_FINAL_TYPE (CloudSmtp, cloud_smtp, G_TYPE_OBJECT)

typedef struct
{
  /* what to do: a copy, so that the object may change meanwhile */
  char *host;
  char *url;
  CloudSmtpSecurity security;
  char *user;
  char *secret;
  gboolean bearer;
  char *ca_file;
  guint answer_s;
  gboolean verify;
  char *from;
  GStrv recipients;
  GBytes *bytes;
  GFile *file;
  GCancellable *cancellable;
  GMainContext *context;
  CloudSmtpProgress progress;
  gpointer progress_data;

  /* the message on its way */
  int fd;
  gsize bytes_read;
  gint64 total_bytes;
  gint64 sent_bytes;
  gint64 progress_told_us;
  char before; /* the last byte handed over */
  GError *read_error;

  /* the dialogue */
  Stage stage;
  gboolean logged_in;
  gboolean login_missing;
  gboolean leaving; /* QUIT was said: what follows is about nothing */
  int n_rcpt;       /* the recipient that is being asked about, from 1 */
  int reply_code;
  char *reply;
  int refusal_code;
  char *refusal;
  int final_code;
  GPtrArray *refused;
} Exchange;

static void
free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  free_secret (self->secret);
  g_free (self->host);
  g_free (self->url);
  g_free (self->user);
  g_free (self->ca_file);
  g_free (self->from);
  g_strfreev (self->recipients);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->context, g_main_context_unref);
  if (self->fd >= 0)
    close (self->fd);
  g_clear_error (&self->read_error);
  g_free (self->reply);
  g_free (self->refusal);
  g_ptr_array_unref (self->refused);
  g_free (self);
}

/* ---- The dialogue ---- */

static void
note_command (Exchange *self, const char *line, gsize length)
{
  static const struct
  {
    const char *word;
    Stage stage;
  } words[] = {
    { "STARTTLS", STAGE_STARTTLS }, { "AUTH ", STAGE_AUTH }, { "MAIL ", STAGE_MAIL },
    { "RCPT ", STAGE_RCPT },        { "DATA", STAGE_DATA },
  };

  self->leaving |= length >= 4 && g_ascii_strncasecmp (line, "QUIT", 4) == 0;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (length >= strlen (words[i].word) && g_ascii_strncasecmp (line, words[i].word, strlen (words[i].word)) == 0
        && words[i].stage >= self->stage)
      {
        self->stage = words[i].stage;
        self->n_rcpt += self->stage == STAGE_RCPT;
        /* Without a login the server would have to refuse; it must not even be asked. */
        self->login_missing |= self->stage == STAGE_MAIL && self->user != NULL && !self->logged_in;
      }
}

static void
note_reply (Exchange *self, const char *line, gsize length)
{
  int code;

  /* Of an answer of several lines ("250-SIZE") the last one counts, where the code is followed by a space. */
  if (self->leaving || length < 3 || !g_ascii_isdigit (line[0]) || !g_ascii_isdigit (line[1]) || !g_ascii_isdigit (line[2])
      || (length > 3 && line[3] == '-'))
    return;
  code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  self->reply_code = code;
  g_free (self->reply);
  self->reply = length > 4 ? g_strstrip (g_utf8_make_valid (line + 4, (gssize) length - 4)) : g_strdup ("");
  self->logged_in |= self->stage == STAGE_AUTH && code == 235;
  if (self->stage == STAGE_END && self->final_code == 0)
    self->final_code = code;
  if (self->stage == STAGE_RCPT && code >= 400 && self->n_rcpt >= 1 && self->n_rcpt <= (int) g_strv_length (self->recipients))
    {
      g_ptr_array_add (self->refused, g_strdup (self->recipients[self->n_rcpt - 1]));
      /* One refused for good weighs more than one that may be asked again. */
      if (code > self->refusal_code)
        {
          self->refusal_code = code;
          g_free (self->refusal);
          self->refusal = g_strdup (self->reply);
        }
    }
}

static int
on_dialogue (CURL *easy, curl_infotype type, char *data, size_t length, void *user_data)
{
  if (type == CURLINFO_HEADER_OUT)
    note_command (user_data, data, length);
  else if (type == CURLINFO_HEADER_IN)
    note_reply (user_data, data, length);
  return 0;
}

/* ---- The message ---- */

static gssize
read_source (Exchange *self, char *buffer, gsize size)
{
  gssize n;

  if (self->bytes != NULL)
    {
      gsize length;
      const char *data = g_bytes_get_data (self->bytes, &length);

      n = (gssize) MIN (size, length - self->bytes_read);
      if (n > 0)
        memcpy (buffer, data + self->bytes_read, (gsize) n);
      self->bytes_read += (gsize) n;
      return n;
    }
  do
    n = read (self->fd, buffer, size);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    self->read_error
        = g_error_new (CLOUD_ERROR, cloud_error_code_from_errno (errno), "The message cannot be read: %s", g_strerror (errno));
  return n;
}

/* Lone line feeds and lone carriage returns become line ends: servers that read them differently could be told two messages in
 * one. */
static gsize
put_lines (Exchange *self, const char *in, gsize length, char *out)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (in[i] == '\n' && self->before != '\r')
        out[n++] = '\r';
      else if (in[i] != '\n' && self->before == '\r')
        out[n++] = '\n';
      out[n++] = in[i];
      self->before = in[i];
    }
  return n;
}

static size_t
on_read (char *buffer, size_t size, size_t n, void *data)
{
  Exchange *self = data;
  gsize room = size * n / 2;
  g_autofree char *chunk = g_malloc (room);
  gssize got;

  if (self->refused->len > 0 || self->login_missing || g_cancellable_is_cancelled (self->cancellable))
    return CURL_READFUNC_ABORT;
  got = read_source (self, chunk, room);
  if (got < 0)
    return CURL_READFUNC_ABORT;
  self->sent_bytes += got;
  if (got > 0)
    return put_lines (self, chunk, (gsize) got, buffer);
  if (self->before == '\r')
    {
      self->before = '\n';
      buffer[0] = '\n';
      return 1;
    }
  self->stage = STAGE_END;
  return 0;
}

typedef struct
{
  CloudSmtpProgress progress;
  gint64 sent_bytes;
  gint64 total_bytes;
  gpointer data;
} Report;

static gboolean
report_in_context (gpointer data)
{
  Report *report = data;

  report->progress (report->sent_bytes, report->total_bytes, report->data);
  return G_SOURCE_REMOVE;
}

static int
on_progress (void *data, curl_off_t total, curl_off_t received, curl_off_t upload_total, curl_off_t sent)
{
  Exchange *self = data;
  gint64 now_us = g_get_monotonic_time ();

  if (self->progress != NULL && self->sent_bytes > 0
      && (now_us - self->progress_told_us > G_USEC_PER_SEC / 10 || self->stage == STAGE_END))
    {
      GSource *source = g_idle_source_new ();
      Report *report = g_new (Report, 1);

      self->progress_told_us = self->stage == STAGE_END ? G_MAXINT64 / 2 : now_us;
      *report = (Report){ self->progress, self->sent_bytes, self->total_bytes, self->progress_data };
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, report_in_context, report, g_free);
      g_source_attach (source, self->context);
      g_source_unref (source);
      if (self->stage == STAGE_END)
        self->progress = NULL;
    }
  return g_cancellable_is_cancelled (self->cancellable) ? 1 : 0;
}

/* ---- What came of it ---- */

static GError *
error_of_reply (Exchange *self, CloudError code, int reply_code, const char *reply)
{
  return g_error_new (CLOUD_ERROR, code, "%s answered %d %s", self->host, reply_code, reply != NULL ? reply : "");
}

static CloudSmtpResult *
result_of_reply (Exchange *self, CloudSmtpResult *result, int code, const char *reply)
{
  gboolean login = code == 530 || (self->stage <= STAGE_AUTH && (code == 534 || code == 535 || code == 538));

  result->reply_code = code;
  result->reply = g_strdup (reply);
  if (code < 500)
    {
      result->outcome = CLOUD_SMTP_TRY_LATER;
      result->error = error_of_reply (self, CLOUD_ERROR_TRY_LATER, code, reply);
    }
  else if (login || self->stage < STAGE_MAIL)
    {
      result->outcome = CLOUD_SMTP_NOT_SENT;
      result->error = error_of_reply (self, login ? CLOUD_ERROR_AUTH_REQUIRED : CLOUD_ERROR_DENIED, code, reply);
    }
  else
    {
      result->outcome = CLOUD_SMTP_REJECTED_PERMANENT;
      result->error = error_of_reply (self, code == 552 ? CLOUD_ERROR_TOO_LARGE : CLOUD_ERROR_DENIED, code, reply);
    }
  return result;
}

static CloudSmtpResult *
conclude (Exchange *self, CURLcode code, const char *detail)
{
  CloudSmtpResult *result = g_new0 (CloudSmtpResult, 1);

  g_ptr_array_add (self->refused, NULL);
  result->refused = g_strdupv ((GStrv) self->refused->pdata);
  if (self->final_code >= 200 && self->final_code < 300)
    {
      result->outcome = CLOUD_SMTP_ACCEPTED;
      result->reply_code = self->final_code;
      result->reply = g_strdup (self->reply);
      return result;
    }
  if (self->final_code >= 400)
    return result_of_reply (self, result, self->final_code, self->reply);
  if (self->refusal_code >= 400)
    return result_of_reply (self, result, self->refusal_code, self->refusal);

  result->outcome = self->stage == STAGE_END ? CLOUD_SMTP_UNCERTAIN : CLOUD_SMTP_NOT_SENT;
  if (g_cancellable_is_cancelled (self->cancellable))
    result->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
  else if (self->read_error != NULL)
    result->error = g_error_copy (self->read_error);
  else if (self->login_missing)
    result->error = g_error_new (CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED, "%s offers no way to log in", self->host);
  else if (code == CURLE_USE_SSL_FAILED)
    result->error = g_error_new (CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED, "%s does not offer STARTTLS", self->host);
  else if (self->reply_code >= 400 && self->stage != STAGE_END)
    return result_of_reply (self, result, self->reply_code, self->reply);
  else
    result->error = cloud_curl_error (code == CURLE_OK ? CURLE_WEIRD_SERVER_REPLY : code, self->host, detail);
  return result;
}

/* ---- The exchange ---- */

static gboolean
address_is_sound (const char *address, gboolean may_be_empty)
{
  const char *at = strrchr (address, '@');

  if (*address == '\0')
    return may_be_empty;
  for (const char *c = address; *c != '\0'; c++)
    if ((guchar) *c <= ' ' || *c == 0x7f || *c == '<' || *c == '>')
      return FALSE;
  return at != NULL && at != address && at[1] != '\0' && g_utf8_validate (address, -1, NULL);
}

static gboolean
prepare_message (Exchange *self, GError **error)
{
  g_autofree char *path = NULL;
  struct stat info;

  for (guint i = 0; self->recipients[i] != NULL; i++)
    if (!address_is_sound (self->recipients[i], FALSE))
      {
        g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "Not an address: %s", self->recipients[i]);
        return FALSE;
      }
  if (!address_is_sound (self->from, TRUE) || self->recipients[0] == NULL)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "The message has no sound sender or no recipient");
      return FALSE;
    }
  if (self->bytes != NULL)
    {
      self->total_bytes = (gint64) g_bytes_get_size (self->bytes);
      return TRUE;
    }
  path = g_file_get_path (self->file);
  self->fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    {
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "The message cannot be opened: %s",
                   g_strerror (errno));
      return FALSE;
    }
  self->total_bytes = info.st_size;
  return TRUE;
}

static void
set_login (Exchange *self, CURL *easy)
{
  if (self->user == NULL)
    return;
  curl_easy_setopt (easy, CURLOPT_USERNAME, self->user);
  if (self->bearer)
    {
      curl_easy_setopt (easy, CURLOPT_XOAUTH2_BEARER, self->secret);
      curl_easy_setopt (easy, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
    }
  else
    {
      curl_easy_setopt (easy, CURLOPT_PASSWORD, self->secret);
      curl_easy_setopt (easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }
}

static struct curl_slist *
set_envelope (Exchange *self, CURL *easy)
{
  struct curl_slist *recipients = NULL;
  g_autofree char *from = g_strdup_printf ("<%s>", self->from);

  for (guint i = 0; self->recipients[i] != NULL; i++)
    {
      g_autofree char *recipient = g_strdup_printf ("<%s>", self->recipients[i]);

      recipients = curl_slist_append (recipients, recipient);
    }
  curl_easy_setopt (easy, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (easy, CURLOPT_MAIL_RCPT, recipients);
  /* All are asked about, to name every refused one; on_read then sends nothing if there was any. */
  curl_easy_setopt (easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  curl_easy_setopt (easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (easy, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt (easy, CURLOPT_READDATA, self);
  return recipients;
}

static CloudSmtpResult *
perform (Exchange *self)
{
  g_autoptr (GError) error = NULL;
  char detail[CURL_ERROR_SIZE] = "";
  struct curl_slist *recipients = NULL;
  CloudSmtpResult *result;
  CURLcode code;
  CURL *easy;
  int ca_fd;

  ca_fd = cloud_curl_open_ca (self->ca_file, &error);
  if (error != NULL || (!self->verify && !prepare_message (self, &error)))
    {
      if (ca_fd >= 0)
        close (ca_fd);
      result = g_new0 (CloudSmtpResult, 1);
      result->refused = g_new0 (char *, 1);
      result->error = g_steal_pointer (&error);
      return result;
    }
  easy = curl_easy_init ();
  cloud_curl_setup (easy, ca_fd);
  curl_easy_setopt (easy, CURLOPT_URL, self->url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (easy, CURLOPT_USE_SSL, (long) CURLUSESSL_ALL);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt (easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long) self->answer_s);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, (long) self->answer_s);
  curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (easy, CURLOPT_XFERINFODATA, self);
  curl_easy_setopt (easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt (easy, CURLOPT_DEBUGFUNCTION, on_dialogue);
  curl_easy_setopt (easy, CURLOPT_DEBUGDATA, self);
  set_login (self, easy);
  if (self->verify)
    curl_easy_setopt (easy, CURLOPT_CONNECT_ONLY, 1L);
  else
    recipients = set_envelope (self, easy);
  code = curl_easy_perform (easy);
  if (self->verify && code == CURLE_OK)
    {
      self->login_missing = self->user != NULL && !self->logged_in;
      self->final_code = self->login_missing ? 0 : 200;
    }
  result = conclude (self, code, detail);
  curl_easy_cleanup (easy);
  curl_slist_free_all (recipients);
  if (ca_fd >= 0)
    close (ca_fd);
  return result;
}

static gpointer
exchange_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);

  g_task_return_pointer (task, perform (exchange), (GDestroyNotify) cloud_smtp_result_free);
  return NULL;
}

static Exchange *
exchange_new (CloudSmtp *self, GCancellable *cancellable)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->host = g_strdup (self->host);
  exchange->security = self->security;
  /* The path is the name in EHLO: an address literal tells nothing about the user's machine. */
  exchange->url
      = g_strdup_printf (strchr (self->host, ':') != NULL ? "%s://[%s]:%u/%s" : "%s://%s:%u/%s",
                         self->security == CLOUD_SMTP_TLS ? "smtps" : "smtp", self->host, self->port, "%5B127.0.0.1%5D");
  exchange->user = g_strdup (self->user);
  exchange->secret = g_strdup (self->secret);
  exchange->bearer = self->bearer;
  exchange->ca_file = g_strdup (self->ca_file);
  exchange->answer_s = self->answer_s;
  exchange->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  exchange->context = g_main_context_ref_thread_default ();
  exchange->fd = -1;
  exchange->refused = g_ptr_array_new_with_free_func (g_free);
  return exchange;
}

static void
start (CloudSmtp *self, Exchange *exchange, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, exchange->cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* What became of the message counts, even if the user stopped it. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, exchange, exchange_free);
  g_thread_unref (g_thread_new ("smtp", exchange_thread, task));
}

static Exchange *
message_new (CloudSmtp *self, const char *from, const char *const *recipients, CloudSmtpProgress progress,
             GCancellable *cancellable, gpointer user_data)
{
  Exchange *exchange = exchange_new (self, cancellable);

  exchange->from = g_strdup (from);
  exchange->recipients = g_strdupv ((GStrv) recipients);
  exchange->progress = progress;
  exchange->progress_data = user_data;
  return exchange;
}

/* ---- Lifecycle ---- */

static void
cloud_smtp_finalize (GObject *object)
{
  CloudSmtp *self = CLOUD_SMTP (object);

  free_secret (self->secret);
  g_free (self->host);
  g_free (self->user);
  g_free (self->ca_file);
  G_OBJECT_CLASS (cloud_smtp_parent_class)->finalize (object);
}

static void
cloud_smtp_class_init (CloudSmtpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cloud_smtp_finalize;
}

static void
cloud_smtp_init (CloudSmtp *self)
{
  self->answer_s = 300;
}

/* ---- Public ---- */

void
cloud_smtp_result_free (CloudSmtpResult *result)
{
  if (result == NULL)
    return;
  g_free (result->reply);
  g_strfreev (result->refused);
  g_clear_error (&result->error);
  g_free (result);
}

CloudSmtp *
cloud_smtp_new (const char *host, guint port, CloudSmtpSecurity security)
{
  CloudSmtp *self;

  g_return_val_if_fail (host != NULL && port > 0 && port < 65536, NULL);

  self = g_object_new (CLOUD_TYPE_SMTP, NULL);
  self->host = g_strdup (host);
  self->port = port;
  self->security = security;
  return self;
}

static void
set_secret (CloudSmtp *self, const char *user, const char *secret, gboolean bearer)
{
  free_secret (self->secret);
  g_free (self->user);
  self->user = g_strdup (user);
  self->secret = g_strdup (secret);
  self->bearer = bearer;
}

void
cloud_smtp_set_password (CloudSmtp *self, const char *user, const char *password)
{
  g_return_if_fail (CLOUD_IS_SMTP (self) && user != NULL && password != NULL);
  set_secret (self, user, password, FALSE);
}

void
cloud_smtp_set_bearer (CloudSmtp *self, const char *user, const char *token)
{
  g_return_if_fail (CLOUD_IS_SMTP (self) && user != NULL && token != NULL);
  set_secret (self, user, token, TRUE);
}

void
cloud_smtp_set_ca_file (CloudSmtp *self, const char *path)
{
  g_return_if_fail (CLOUD_IS_SMTP (self));

  g_free (self->ca_file);
  self->ca_file = g_strdup (path);
}

void
cloud_smtp_set_timeout (CloudSmtp *self, guint answer_s)
{
  g_return_if_fail (CLOUD_IS_SMTP (self) && answer_s > 0);
  self->answer_s = answer_s;
}

void
cloud_smtp_send_async (CloudSmtp *self, const char *from, const char *const *recipients, GBytes *message,
                       CloudSmtpProgress progress, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Exchange *exchange;

  g_return_if_fail (CLOUD_IS_SMTP (self) && from != NULL && recipients != NULL && message != NULL);

  exchange = message_new (self, from, recipients, progress, cancellable, user_data);
  exchange->bytes = g_bytes_ref (message);
  start (self, exchange, cloud_smtp_send_async, callback, user_data);
}

void
cloud_smtp_send_file_async (CloudSmtp *self, const char *from, const char *const *recipients, GFile *message,
                            CloudSmtpProgress progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Exchange *exchange;

  g_return_if_fail (CLOUD_IS_SMTP (self) && from != NULL && recipients != NULL && G_IS_FILE (message));

  exchange = message_new (self, from, recipients, progress, cancellable, user_data);
  exchange->file = g_object_ref (message);
  start (self, exchange, cloud_smtp_send_async, callback, user_data);
}

CloudSmtpResult *
cloud_smtp_send_finish (CloudSmtp *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

void
cloud_smtp_verify_async (CloudSmtp *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Exchange *exchange;

  g_return_if_fail (CLOUD_IS_SMTP (self));

  exchange = exchange_new (self, cancellable);
  exchange->verify = TRUE;
  exchange->recipients = g_new0 (char *, 1);
  start (self, exchange, cloud_smtp_verify_async, callback, user_data);
}

gboolean
cloud_smtp_verify_finish (CloudSmtp *self, GAsyncResult *result, GError **error)
{
  g_autoptr (CloudSmtpResult) outcome = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  outcome = g_task_propagate_pointer (G_TASK (result), NULL);
  if (outcome->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&outcome->error));
  return FALSE;
}
