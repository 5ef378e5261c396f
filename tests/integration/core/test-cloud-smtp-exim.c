/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-smtp.h"
#include "peer.h"

#include <jansson.h>
#include <string.h>

/* Submission to a real Exim, whose mail ends in a Maildir behind a real Dovecot. */

static Peer *servers;
static char *ca;
static char *maildir;
static guint ports[2]; /* by CloudSmtpSecurity */

static CloudSmtp *
smtp_new (CloudSmtpSecurity security, const char *password)
{
  CloudSmtp *smtp = cloud_smtp_new ("localhost", ports[security], security);

  cloud_smtp_set_ca_file (smtp, ca);
  cloud_smtp_set_timeout (smtp, test_seconds (30));
  cloud_smtp_set_password (smtp, "test", password);
  return smtp;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static CloudSmtpResult *
send_file (CloudSmtp *smtp, const char *recipient, const char *text)
{
  const char *const recipients[] = { recipient, NULL };
  g_autofree char *folder = peer_make_folder ();
  g_autofree char *path = g_build_filename (folder, "message.eml", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  cloud_smtp_send_file_async (smtp, "test@example.test", recipients, file, NULL, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  peer_remove_folder (folder);
  return cloud_smtp_send_finish (smtp, result);
}

/* (nullable): the delivered message that contains @mark. */
static char *
find_delivered (const char *mark)
{
  g_autofree char *folder = g_build_filename (maildir, "new", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL) && strstr (text, mark) != NULL)
        return g_steal_pointer (&text);
    }
  return NULL;
}

static char *
wait_delivered (const char *mark)
{
  char *text = NULL;

  while (text == NULL)
    {
      text = find_delivered (mark);
      g_thread_yield ();
    }
  return text;
}

static void
test_delivered (gconstpointer data)
{
  CloudSmtpSecurity security = (CloudSmtpSecurity) GPOINTER_TO_INT (data);
  g_autoptr (CloudSmtp) smtp = smtp_new (security, "testpass");
  g_autofree char *mark = g_uuid_string_random ();
  /* Lone line feeds, lines that begin with dots, a last line without an end: all must arrive as they are meant. */
  g_autofree char *text = g_strdup_printf (
      "From: test@example.test\nTo: test@example.test\nSubject: %s\n\n.one dot\n..two\n.\nafter the dot", mark);
  g_autoptr (CloudSmtpResult) result = send_file (smtp, "test@example.test", text);
  g_autofree char *delivered = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_no_error (result->error);
  g_assert_cmpint (result->outcome, ==, CLOUD_SMTP_ACCEPTED);
  delivered = wait_delivered (mark);
  lines = g_strsplit (delivered, "\r", -1);
  g_clear_pointer (&delivered, g_free);
  delivered = g_strjoinv ("", lines);
  g_assert_true (g_str_has_suffix (delivered, "\n\n.one dot\n..two\n.\nafter the dot\n"));
}

static void
test_refusals (void)
{
  static const char text[] = "Subject: never\r\n\r\nnever\r\n";
  g_autoptr (CloudSmtp) smtp = smtp_new (CLOUD_SMTP_STARTTLS, "testpass");
  g_autoptr (CloudSmtp) stranger = smtp_new (CLOUD_SMTP_TLS, "wrong");
  g_autoptr (CloudSmtpResult) rejected = send_file (smtp, "reject550@example.test", text);
  g_autoptr (CloudSmtpResult) deferred = send_file (smtp, "defer451@example.test", text);
  g_autoptr (CloudSmtpResult) relayed = send_file (smtp, "someone@elsewhere.test", text);
  g_autoptr (CloudSmtpResult) unknown = send_file (stranger, "test@example.test", text);

  g_assert_cmpint (rejected->outcome, ==, CLOUD_SMTP_REJECTED_PERMANENT);
  g_assert_cmpint (rejected->reply_code, ==, 550);
  g_assert_nonnull (strstr (rejected->reply, "no such user (test)"));
  g_assert_cmpstr (rejected->refused[0], ==, "reject550@example.test");
  g_assert_cmpint (deferred->outcome, ==, CLOUD_SMTP_TRY_LATER);
  g_assert_cmpint (deferred->reply_code, ==, 451);
  g_assert_cmpint (relayed->outcome, ==, CLOUD_SMTP_REJECTED_PERMANENT);
  g_assert_cmpint (unknown->outcome, ==, CLOUD_SMTP_NOT_SENT);
  g_assert_error (unknown->error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED);
  g_assert_null (find_delivered ("never"));
}

static void
test_verify (void)
{
  for (int security = CLOUD_SMTP_TLS; security <= CLOUD_SMTP_STARTTLS; security++)
    {
      g_autoptr (CloudSmtp) right = smtp_new ((CloudSmtpSecurity) security, "testpass");
      g_autoptr (CloudSmtp) wrong = smtp_new ((CloudSmtpSecurity) security, "wrong");
      g_autoptr (GAsyncResult) right_result = NULL;
      g_autoptr (GAsyncResult) wrong_result = NULL;
      g_autoptr (GError) error = NULL;

      cloud_smtp_verify_async (right, NULL, on_result, &right_result);
      cloud_smtp_verify_async (wrong, NULL, on_result, &wrong_result);
      while (right_result == NULL || wrong_result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (cloud_smtp_verify_finish (right, right_result, &error));
      g_assert_no_error (error);
      g_assert_false (cloud_smtp_verify_finish (wrong, wrong_result, &error));
      g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED);
    }
}

int
main (int argc, char **argv)
{
  const char *const command[] = { "mail_servers.py", NULL };
  json_t *said;
  int result;

  g_test_init (&argc, &argv, NULL);
  servers = peer_start (command);
  said = json_loads (servers->line, 0, NULL);
  ca = g_strdup (json_string_value (json_object_get (said, "ca")));
  maildir = g_strdup (json_string_value (json_object_get (said, "maildir")));
  ports[CLOUD_SMTP_TLS] = (guint) json_integer_value (json_object_get (said, "submissions"));
  ports[CLOUD_SMTP_STARTTLS] = (guint) json_integer_value (json_object_get (said, "submission"));
  json_decref (said);
  g_test_add_data_func ("/cloud/smtp-exim/delivered/tls", GINT_TO_POINTER (CLOUD_SMTP_TLS), test_delivered);
  g_test_add_data_func ("/cloud/smtp-exim/delivered/starttls", GINT_TO_POINTER (CLOUD_SMTP_STARTTLS), test_delivered);
  g_test_add_func ("/cloud/smtp-exim/refusals", test_refusals);
  g_test_add_func ("/cloud/smtp-exim/verify", test_verify);
  result = g_test_run ();
  peer_stop (servers);
  g_free (ca);
  g_free (maildir);
  return result;
}
