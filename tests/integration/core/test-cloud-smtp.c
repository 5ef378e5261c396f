/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-smtp.h"
#include "peer.h"

#include <string.h>

/* Submission to a server that fails at each step in each way: what is said of it must be what the server knows. */

enum
{
  IMPLICIT,
  STARTTLS,
  STRIPPED,
  PLAINLESS,
  LOGIN_ONLY,
};

static Peer *server;

static const char message_text[] = "From: a@test\r\nTo: b@test\r\nSubject: x\r\n\r\nHello\r\n.\r\n..dots\r\nbye\r\n";

typedef struct
{
  CloudSmtpResult *result;
  GError *error;
  gboolean verified;
  gboolean done;
  GCancellable *cancellable; /* cancelled at the first progress */
} Outcome;

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->result = cloud_smtp_send_finish (CLOUD_SMTP (source), result);
  outcome->done = TRUE;
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->verified = cloud_smtp_verify_finish (CLOUD_SMTP (source), result, &outcome->error);
  outcome->done = TRUE;
}

static CloudSmtp *
smtp_new (int kind, const char *user)
{
  gboolean starttls = kind == STARTTLS || kind == STRIPPED;
  CloudSmtp *smtp = cloud_smtp_new ("localhost", server->ports[kind], starttls ? CLOUD_SMTP_STARTTLS : CLOUD_SMTP_TLS);
  g_autofree char *ca = g_build_filename (peer_certs (), "ca.pem", NULL);

  cloud_smtp_set_ca_file (smtp, ca);
  cloud_smtp_set_timeout (smtp, test_seconds (30));
  if (user != NULL)
    cloud_smtp_set_password (smtp, user, "secret");
  return smtp;
}

static CloudSmtpResult *
send_as (CloudSmtp *smtp, const char *from, const char *const *recipients, const char *text)
{
  g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));
  Outcome outcome = { 0 };

  cloud_smtp_send_async (smtp, from, recipients, message, NULL, NULL, on_sent, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  return outcome.result;
}

/* Only where silence is what is tried must it be short: elsewhere a slow machine's pauses are no time-outs. */
static void
give_up_early_if_silent (CloudSmtp *smtp, const char *step)
{
  if (g_str_has_prefix (step, "silent"))
    cloud_smtp_set_timeout (smtp, test_seconds (2));
}

static CloudSmtpResult *
send_simple (const char *step)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, "tester");
  const char *const recipients[] = { "b@test", "c@test", NULL };
  g_autofree char *from = g_strconcat (step, "@test", NULL);

  give_up_early_if_silent (smtp, step);
  return send_as (smtp, from, recipients, message_text);
}

static int
arrived (void)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, "tester");
  const char *const recipients[] = { "count@test", NULL };
  g_autoptr (CloudSmtpResult) result = send_as (smtp, "ok@test", recipients, "");

  g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_REJECTED_PERMANENT);
  return atoi (strrchr (result->reply, ' ') + 1);
}

static void
test_accepted (gconstpointer data)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (GPOINTER_TO_INT (data), "tester");
  const char *const recipients[] = { "b@test", NULL };
  int before = arrived ();
  g_autoptr (CloudSmtpResult) result = send_as (smtp, "ok@test", recipients, message_text);

  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_ACCEPTED);
  g_assert_cmpint (result->reply_code, ==, 250);
  g_assert_nonnull (strstr (result->reply, "taken as"));
  g_assert_cmpint (arrived (), ==, before + 1);
}

/* A connection that is cut where the farewell would be changes nothing any more. */
static void
test_cut_at_quit (void)
{
  g_autoptr (CloudSmtpResult) result = send_simple ("cut-quit");

  g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_ACCEPTED);
  g_assert_no_error (result->error);
}

static void
test_each_step (void)
{
  static const struct
  {
    const char *step;
    CloudSmtpOutcome outcome;
    CloudError code;
  } cases[] = {
    { "cut-mail", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { "cut-rcpt", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { "cut-data", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { "cut-end", CLOUD_SMTP_UNCERTAIN, CLOUD_ERROR_OFFLINE },
    { "silent-mail", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { "silent-data", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { "silent-end", CLOUD_SMTP_UNCERTAIN, CLOUD_ERROR_OFFLINE },
    { "450-mail", CLOUD_SMTP_TRY_LATER, CLOUD_ERROR_TRY_LATER },
    { "421-rcpt", CLOUD_SMTP_TRY_LATER, CLOUD_ERROR_TRY_LATER },
    { "451-data", CLOUD_SMTP_TRY_LATER, CLOUD_ERROR_TRY_LATER },
    { "452-end", CLOUD_SMTP_TRY_LATER, CLOUD_ERROR_TRY_LATER },
    { "550-mail", CLOUD_SMTP_REJECTED_PERMANENT, CLOUD_ERROR_DENIED },
    { "550-rcpt", CLOUD_SMTP_REJECTED_PERMANENT, CLOUD_ERROR_DENIED },
    { "554-data", CLOUD_SMTP_REJECTED_PERMANENT, CLOUD_ERROR_DENIED },
    { "554-end", CLOUD_SMTP_REJECTED_PERMANENT, CLOUD_ERROR_DENIED },
    { "552-end", CLOUD_SMTP_REJECTED_PERMANENT, CLOUD_ERROR_TOO_LARGE },
    { "530-mail", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_AUTH_REQUIRED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CloudSmtpResult) result = send_simple (cases[i].step);

      g_test_message ("%s: %d, %d %s, %s", cases[i].step, result->outcome, result->reply_code, result->reply,
                      result->error != NULL ? result->error->message : "no error");
      g_assert_cmpint (result->outcome, ==, cases[i].outcome);
      g_assert_error (result->error, CLOUD_ERROR, (int) cases[i].code);
      if (g_ascii_isdigit (cases[i].step[0]))
        {
          g_assert_cmpint (result->reply_code, ==, atoi (cases[i].step));
          g_assert_nonnull (strstr (result->reply, "as told"));
        }
    }
}

static char *
large_text (void)
{
  GString *text = g_string_new ("Subject: large\r\n\r\n");

  while (text->len < 8 << 20)
    g_string_append (text, "a line of a message that is much longer than any buffer between here and there\r\n");
  return g_string_free (text, FALSE);
}

static void
test_cut_in_the_body (void)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, "tester");
  const char *const recipients[] = { "b@test", NULL };
  g_autofree char *text = large_text ();
  int before = arrived ();
  g_autoptr (CloudSmtpResult) result = send_as (smtp, "cut-body@test", recipients, text);

  g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_NOT_SENT);
  g_assert_error (result->error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
  g_assert_cmpint (arrived (), ==, before);
}

/* One recipient is refused: nobody gets it, and all refused ones are named. */
static void
test_refused_recipients (void)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, "tester");
  const char *const mixed[] = { "good@test", "bad1@test", "busy@test", "bad2@test", NULL };
  const char *const busy[] = { "good@test", "busy@test", NULL };
  int before = arrived ();
  g_autoptr (CloudSmtpResult) first = send_as (smtp, "ok@test", mixed, message_text);
  g_autoptr (CloudSmtpResult) second = send_as (smtp, "ok@test", busy, message_text);

  g_assert_cmpint (first->outcome, ==, CLOUD_SMTP_REJECTED_PERMANENT);
  g_assert_cmpint (first->reply_code, ==, 550);
  g_assert_cmpstr (first->reply, ==, "5.1.1 no such user");
  g_assert_cmpuint (g_strv_length (first->refused), ==, 3);
  g_assert_cmpstr (first->refused[0], ==, "bad1@test");
  g_assert_cmpstr (first->refused[2], ==, "bad2@test");
  g_assert_cmpint (second->outcome, ==, CLOUD_SMTP_TRY_LATER);
  g_assert_cmpstr (second->refused[0], ==, "busy@test");
  g_assert_cmpint (arrived (), ==, before);
}

static void
test_logins (void)
{
  static const struct
  {
    int kind;
    const char *user;
    CloudSmtpOutcome outcome;
    int code;
  } cases[] = {
    { IMPLICIT, "stranger", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_AUTH_REQUIRED },
    { IMPLICIT, "cut", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { IMPLICIT, "silent", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_OFFLINE },
    { IMPLICIT, "later", CLOUD_SMTP_TRY_LATER, CLOUD_ERROR_TRY_LATER },
    { PLAINLESS, "tester", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_AUTH_REQUIRED },
    { STRIPPED, "tester", CLOUD_SMTP_NOT_SENT, CLOUD_ERROR_UNTRUSTED },
  };
  const char *const recipients[] = { "b@test", NULL };
  int before = arrived ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CloudSmtp) smtp = smtp_new (cases[i].kind, cases[i].user);
      g_autoptr (CloudSmtpResult) result = NULL;

      give_up_early_if_silent (smtp, cases[i].user);
      result = send_as (smtp, "ok@test", recipients, message_text);
      g_test_message ("%s: %d %s", cases[i].user, result->outcome, result->error->message);
      g_assert_cmpint (result->outcome, ==, cases[i].outcome);
      g_assert_error (result->error, CLOUD_ERROR, cases[i].code);
    }
  g_assert_cmpint (arrived (), ==, before);
}

static void
test_bearer (void)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, NULL);
  const char *const recipients[] = { "b@test", NULL };
  g_autoptr (CloudSmtpResult) right = NULL;
  g_autoptr (CloudSmtpResult) wrong = NULL;

  cloud_smtp_set_bearer (smtp, "tester", "token");
  right = send_as (smtp, "ok@test", recipients, message_text);
  g_assert_no_error (right->error);
  g_assert_cmpint (right->outcome, ==, CLOUD_SMTP_ACCEPTED);
  cloud_smtp_set_bearer (smtp, "tester", "expired");
  wrong = send_as (smtp, "ok@test", recipients, message_text);
  g_assert_cmpint (wrong->outcome, ==, CLOUD_SMTP_NOT_SENT);
  g_assert_error (wrong->error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED);
}

static gboolean
verify (CloudSmtp *smtp, GError **error)
{
  Outcome outcome = { 0 };

  cloud_smtp_verify_async (smtp, NULL, on_verified, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.verified;
}

static void
test_verify (void)
{
  static const struct
  {
    int kind;
    const char *user;
    int code; /* -1: fine */
  } cases[] = {
    { IMPLICIT, "tester", -1 },
    { STARTTLS, "tester", -1 },
    { LOGIN_ONLY, "tester", -1 },
    { IMPLICIT, "stranger", CLOUD_ERROR_AUTH_REQUIRED },
    { PLAINLESS, "tester", CLOUD_ERROR_AUTH_REQUIRED },
    { STRIPPED, "tester", CLOUD_ERROR_UNTRUSTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CloudSmtp) smtp = smtp_new (cases[i].kind, cases[i].user);
      g_autoptr (GError) error = NULL;
      gboolean fine = verify (smtp, &error);

      if (cases[i].code < 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, CLOUD_ERROR, cases[i].code);
      g_assert_true (fine == (cases[i].code < 0));
    }
}

/* A certificate that does not prove the name: not one command is sent, least of all the password. */
static void
test_bad_certificates (void)
{
  static const char *const names[] = { "expired", "wronghost", "selfsigned" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int kind = IMPLICIT; kind <= STARTTLS; kind++)
      {
        g_autofree char *pem = g_strdup_printf ("%s/%s.pem", peer_certs (), names[i]);
        g_autofree char *key = g_strdup_printf ("%s/%s.key", peer_certs (), names[i]);
        const char *const argv[] = { "hostile_smtp.py", pem, key, NULL };
        const char *const recipients[] = { "b@test", NULL };
        Peer *good = server;
        g_autoptr (CloudSmtp) smtp = NULL;
        g_autoptr (CloudSmtpResult) result = NULL;

        server = peer_start (argv);
        smtp = smtp_new (kind, "tester");
        result = send_as (smtp, "ok@test", recipients, message_text);
        g_test_message ("%s %d: %s", names[i], kind, result->error->message);
        g_assert_error (result->error, CLOUD_ERROR, CLOUD_ERROR_UNTRUSTED);
        g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_NOT_SENT);
        peer_stop (server);
        server = good;
      }
}

static void
test_addresses (void)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, "tester");
  static const char *const bad[] = { "b@test>\r\nDATA", "two words@test", "noat", "", "<b@test>", "b@" };
  const char *const unicode[] = { "用户@test", NULL };
  g_autoptr (CloudSmtpResult) utf8 = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      const char *const recipients[] = { bad[i], NULL };
      g_autoptr (CloudSmtpResult) result = send_as (smtp, "ok@test", recipients, message_text);

      g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_NOT_SENT);
      g_assert_error (result->error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
    }
  utf8 = send_as (smtp, "ok@test", unicode, message_text);
  g_assert_no_error (utf8->error);
  g_assert_nonnull (strstr (utf8->reply, "utf8"));
}

static void
on_progress_cancel (gint64 sent, gint64 total, gpointer data)
{
  g_assert_cmpint (sent, >, 0);
  g_assert_cmpint (sent, <=, total);
  g_cancellable_cancel (((Outcome *) data)->cancellable);
}

/* Stopped in the middle, the half message must not be taken for a whole one. */
static void
test_cancel_in_the_body (void)
{
  g_autoptr (CloudSmtp) smtp = smtp_new (IMPLICIT, "tester");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const char *const recipients[] = { "b@test", NULL };
  g_autofree char *text = large_text ();
  g_autoptr (GBytes) message = g_bytes_new (text, strlen (text));
  int before = arrived ();
  Outcome outcome = { .cancellable = cancellable };

  /* The server falls silent after the first line of the body: the rest of it cannot leave. */
  cloud_smtp_send_async (smtp, "silent-body@test", recipients, message, on_progress_cancel, cancellable, on_sent, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (outcome.result->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (outcome.result->outcome, ==, CLOUD_SMTP_NOT_SENT);
  g_assert_cmpint (arrived (), ==, before);
  cloud_smtp_result_free (outcome.result);
}

static void
test_unreachable (void)
{
  g_autofree char *pem = g_build_filename (peer_certs (), "good.pem", NULL);
  g_autofree char *key = g_build_filename (peer_certs (), "good.key", NULL);
  const char *const argv[] = { "hostile_smtp.py", pem, key, NULL };
  const char *const recipients[] = { "b@test", NULL };
  Peer *gone = peer_start (argv);
  Peer *good = server;
  g_autoptr (CloudSmtp) smtp = NULL;
  g_autoptr (CloudSmtpResult) result = NULL;

  server = gone;
  smtp = smtp_new (IMPLICIT, "tester");
  server = good;
  peer_stop (gone);
  result = send_as (smtp, "ok@test", recipients, message_text);
  g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_NOT_SENT);
  g_assert_error (result->error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE);
}

int
main (int argc, char **argv)
{
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  const char *command[] = { "hostile_smtp.py", NULL, NULL, NULL };
  int result;

  g_test_init (&argc, &argv, NULL);
  command[1] = pem = g_build_filename (peer_certs (), "good.pem", NULL);
  command[2] = key = g_build_filename (peer_certs (), "good.key", NULL);
  server = peer_start (command);
  g_test_add_data_func ("/cloud/smtp/accepted/tls", GINT_TO_POINTER (IMPLICIT), test_accepted);
  g_test_add_data_func ("/cloud/smtp/accepted/starttls", GINT_TO_POINTER (STARTTLS), test_accepted);
  g_test_add_data_func ("/cloud/smtp/accepted/auth-login", GINT_TO_POINTER (LOGIN_ONLY), test_accepted);
  g_test_add_func ("/cloud/smtp/cut-at-quit-is-accepted", test_cut_at_quit);
  g_test_add_func ("/cloud/smtp/each-step", test_each_step);
  g_test_add_func ("/cloud/smtp/cut-in-the-body", test_cut_in_the_body);
  g_test_add_func ("/cloud/smtp/refused-recipients", test_refused_recipients);
  g_test_add_func ("/cloud/smtp/logins", test_logins);
  g_test_add_func ("/cloud/smtp/bearer", test_bearer);
  g_test_add_func ("/cloud/smtp/verify", test_verify);
  g_test_add_func ("/cloud/smtp/bad-certificates", test_bad_certificates);
  g_test_add_func ("/cloud/smtp/addresses", test_addresses);
  g_test_add_func ("/cloud/smtp/cancel-in-the-body", test_cancel_in_the_body);
  g_test_add_func ("/cloud/smtp/unreachable", test_unreachable);
  result = g_test_run ();
  peer_stop (server);
  peer_remove_certs ();
  return result;
}
