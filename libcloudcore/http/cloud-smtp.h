/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudSmtp: hands one message to a submission server, and says exactly how far that got, so that the outbox neither loses nor doubles it.
 *
 * TLS always, verified with the host name: on connect (smtps, RFC 8314), or STARTTLS, which is required and never skipped.  Logs in by PLAIN or
 * LOGIN, or by OAUTHBEARER or XOAUTH2 with a token; a server that offers no login although one is set gets nothing.  Either all recipients
 * are accepted, or nothing is sent to anybody.
 *
 * Threading: one thread's main context; each exchange runs on a thread of its own (curl waits for the last answer without returning).
 * Ownership: a CloudSmtp may be dropped while it sends.  Results are the caller's.
 * Errors: a result always comes; its error (nullable) has the code that says what to do: OFFLINE, TRY_LATER, AUTH_REQUIRED, UNTRUSTED
 * (certificate, or no STARTTLS), DENIED (refused for good), INVALID (an address that is none), TOO_LARGE, PROTOCOL, or G_IO_ERROR_CANCELLED.
 * Source: RFC 5321, 6409, 3207, 4954, 6531, 7628, 8314. */

typedef enum
{
  CLOUD_SMTP_TLS,      /* on connect, port 465 */
  CLOUD_SMTP_STARTTLS, /* port 587 */
} CloudSmtpSecurity;

typedef enum
{
  CLOUD_SMTP_NOT_SENT,           /* the server cannot have it: safe to repeat when the error's cause is gone */
  CLOUD_SMTP_ACCEPTED,           /* the server took responsibility (250 after the message) */
  CLOUD_SMTP_UNCERTAIN,          /* all was sent and no answer came: look into Sent, or ask the user, before it is repeated */
  CLOUD_SMTP_REJECTED_PERMANENT, /* 5xx: the server will not take this message as it is */
  CLOUD_SMTP_TRY_LATER,          /* 4xx: safe to repeat, later */
} CloudSmtpOutcome;

typedef struct
{
  CloudSmtpOutcome outcome;
  int reply_code;       /* the server's last word on it, 0 if it had none */
  char *reply;          /* (nullable): its sentence, one line, without the code */
  GStrv refused;        /* recipients that it named, maybe empty */
  GError *error;        /* (nullable): NULL if accepted */
} CloudSmtpResult;

void cloud_smtp_result_free (CloudSmtpResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudSmtpResult, cloud_smtp_result_free)

#define CLOUD_TYPE_SMTP (cloud_smtp_get_type ())
G_DECLARE_FINAL_TYPE (CloudSmtp, cloud_smtp, CLOUD, SMTP, GObject)

CloudSmtp *cloud_smtp_new (const char *host, guint port, CloudSmtpSecurity security);
void cloud_smtp_set_password (CloudSmtp *self, const char *user, const char *password);
void cloud_smtp_set_bearer (CloudSmtp *self, const char *user, const char *token);
/* As cloud_http_client_set_ca_file(). */
void cloud_smtp_set_ca_file (CloudSmtp *self, const char *path);
/* @answer_s: the longest wait for one answer (300 unless told; RFC 5321 4.5.3.2 wants minutes). */
void cloud_smtp_set_timeout (CloudSmtp *self, guint answer_s);

typedef void (*CloudSmtpProgress) (gint64 sent_bytes, gint64 total_bytes, gpointer user_data);

/* @from: the envelope's sender, a bare address ("" for none); @recipients: bare addresses.
 * The message is an RFC 5322 text; line ends become CRLF, nothing else is changed (no Bcc is removed).
 * @progress (nullable): called in the caller's context with @user_data. */
void cloud_smtp_send_async (CloudSmtp *self, const char *from, const char *const *recipients, GBytes *message,
                            CloudSmtpProgress progress, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void cloud_smtp_send_file_async (CloudSmtp *self, const char *from, const char *const *recipients, GFile *message,
                                 CloudSmtpProgress progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* Returns: (transfer full), never NULL */
CloudSmtpResult *cloud_smtp_send_finish (CloudSmtp *self, GAsyncResult *result);

/* Connects, proves the server's name, logs in, leaves: for the account page. */
void cloud_smtp_verify_async (CloudSmtp *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_smtp_verify_finish (CloudSmtp *self, GAsyncResult *result, GError **error);

G_END_DECLS
