/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-account-change.h"
#include "cloud-error.h"
#include "peer.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

/* An account and its secrets change together or not at all. */

#define KINDS (1u << CLOUD_ENDPOINT_IMAP | 1u << CLOUD_ENDPOINT_SMTP)

typedef struct
{
  char *folder;
  char *path;
  CloudAccounts *accounts;
  CloudSecrets *secrets;
  CloudAccount *edited;
} Fixture;

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static gboolean
save_kinds (Fixture *f, const char *secret, guint kinds, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_account_change_save_async (f->accounts, f->secrets, f->edited, secret, kinds, on_result, &result);
  return cloud_account_change_save_finish (f->accounts, wait_for (&result), error);
}

static gboolean
save (Fixture *f, const char *secret, GError **error)
{
  return save_kinds (f, secret, KINDS, error);
}

static gboolean
remove_it (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_account_change_remove_async (f->accounts, f->secrets, cloud_account_get_uuid (f->edited), on_result, &result);
  return cloud_account_change_remove_finish (f->accounts, wait_for (&result), error);
}

static void
assert_secret (Fixture *f, const char *reference, const char *expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *secret;

  cloud_secrets_lookup_async (f->secrets, reference, NULL, on_result, &result);
  secret = cloud_secrets_lookup_finish (f->secrets, wait_for (&result), &error);
  g_assert_cmpstr (secret, ==, expected);
  if (expected == NULL)
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  cloud_secret_free (secret);
}

static char *
dup_reference (Fixture *f, CloudEndpointKind kind)
{
  CloudAccount *live = cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited));

  g_assert_nonnull (live);
  return g_strdup (cloud_account_get_endpoint (live, kind)->credential);
}

static void
set_host (Fixture *f, const char *host)
{
  g_autoptr (CloudEndpoint) imap = cloud_endpoint_new (CLOUD_ENDPOINT_IMAP, host, 993, CLOUD_SECURITY_TLS, "alice");
  g_autoptr (CloudEndpoint) smtp = cloud_endpoint_new (CLOUD_ENDPOINT_SMTP, host, 465, CLOUD_SECURITY_TLS, "alice");

  cloud_account_set_endpoint (f->edited, imap);
  cloud_account_set_endpoint (f->edited, smtp);
}

static void
lock (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cloud_secrets_lock_async (f->secrets, NULL, on_result, &result);
  cloud_secrets_lock_finish (f->secrets, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
unlock (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cloud_secrets_unlock_async (f->secrets, "passphrase", NULL, on_result, &result);
  cloud_secrets_unlock_finish (f->secrets, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *secrets_path = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  f->folder = peer_make_folder ();
  f->path = g_build_filename (f->folder, "accounts.json", NULL);
  secrets_path = g_build_filename (f->folder, "secrets", NULL);
  f->accounts = cloud_accounts_new (f->path, &error);
  f->secrets = cloud_secrets_new (secrets_path);
  while (cloud_secrets_get_state (f->secrets) == CLOUD_SECRETS_STARTING)
    g_main_context_iteration (NULL, TRUE);
  cloud_secrets_set_passphrase_async (f->secrets, "passphrase", NULL, on_result, &result);
  cloud_secrets_set_passphrase_finish (f->secrets, wait_for (&result), &error);
  g_assert_no_error (error);
  f->edited = cloud_account_new (NULL, "Work", "Alice", "alice@example.test");
  set_host (f, "one.example.test");
  save (f, "first", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->edited);
  g_object_unref (f->secrets);
  g_object_unref (f->accounts);
  peer_remove_folder (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static void
edit (Fixture *f, const char *host)
{
  CloudAccount *live = cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited));

  g_object_unref (f->edited);
  f->edited = cloud_account_copy (live);
  set_host (f, host);
}

static void
test_new_secret (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *after = NULL;
  g_autofree char *smtp = NULL;
  g_autoptr (GError) error = NULL;

  assert_secret (f, before, "first");
  edit (f, "two.example.test");
  g_assert_cmpstr (cloud_account_get_endpoint (cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited)), CLOUD_ENDPOINT_IMAP)->host, ==, "one.example.test");
  save (f, "second", &error);
  g_assert_no_error (error);
  after = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  smtp = dup_reference (f, CLOUD_ENDPOINT_SMTP);
  assert_secret (f, after, "second");
  assert_secret (f, smtp, "second");
  assert_secret (f, before, NULL);
}

static void
test_secret_stays (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  CloudAccount *live = cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited));

  g_object_unref (f->edited);
  f->edited = cloud_account_copy (live);
  cloud_account_set_display_name (f->edited, "Alice Li");
  save (f, NULL, &error);
  g_assert_no_error (error);
  after = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_assert_cmpstr (before, ==, after);
  assert_secret (f, after, "first");
}

/* A newer version has written the file meanwhile: it must not be touched. */
static void
break_file (Fixture *f)
{
  g_assert_true (g_file_set_contents (f->path, "{\"version\": 99, \"accounts\": []}", -1, NULL));
}

static void
test_account_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  edit (f, "two.example.test");
  break_file (f);
  g_assert_false (save (f, "second", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED);
  after = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_assert_cmpstr (before, ==, after);
  assert_secret (f, before, "first");
  g_assert_cmpstr (cloud_account_get_endpoint (cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited)), CLOUD_ENDPOINT_IMAP)->host, ==, "one.example.test");
}

static void
test_secret_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  lock (f);
  edit (f, "two.example.test");
  g_assert_false (save (f, "second", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED);
  cloud_accounts_reload (f->accounts, NULL);
  after = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_assert_cmpstr (before, ==, after);
}

static void
test_remove (Fixture *f, gconstpointer data)
{
  g_autofree char *reference = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *good = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (f->path, &good, NULL, NULL));
  break_file (f);
  g_assert_false (remove_it (f, &error));
  g_clear_error (&error);
  assert_secret (f, reference, "first");
  g_assert_true (g_file_set_contents (f->path, good, -1, NULL));
  remove_it (f, &error);
  g_assert_no_error (error);
  g_assert_null (cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited)));
  assert_secret (f, reference, NULL);
}

/* Two services of one account, and another account, with one secret: it goes with the last that names it. */
static void
test_shared (Fixture *f, gconstpointer data)
{
  g_autofree char *shared = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autoptr (CloudEndpoint) smtp = NULL;
  g_autoptr (CloudAccount) other = cloud_account_new (NULL, "Other", "Alice", "alice@other.test");
  g_autoptr (GError) error = NULL;

  edit (f, "one.example.test");
  smtp = cloud_endpoint_copy (cloud_account_get_endpoint (f->edited, CLOUD_ENDPOINT_SMTP));
  g_free (smtp->credential);
  smtp->credential = g_strdup (shared);
  cloud_account_set_endpoint (f->edited, smtp);
  cloud_account_set_endpoint (other, smtp);
  g_assert_true (save (f, NULL, &error));
  g_assert_true (cloud_accounts_save_sync (f->accounts, other, &error));
  g_object_unref (f->edited);
  f->edited = cloud_account_copy (cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (other)));
  g_assert_true (save_kinds (f, NULL, KINDS, &error));
  g_assert_true (remove_it (f, &error));
  g_assert_no_error (error);
  assert_secret (f, shared, "first");
}

static void
test_shared_renamed (Fixture *f, gconstpointer data)
{
  g_autofree char *shared = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *imap = NULL;
  g_autofree char *smtp = NULL;
  g_autoptr (CloudEndpoint) endpoint = NULL;
  g_autoptr (GError) error = NULL;

  edit (f, "one.example.test");
  for (guint kind = CLOUD_ENDPOINT_IMAP; kind <= CLOUD_ENDPOINT_SMTP; kind++)
    {
      g_clear_pointer (&endpoint, cloud_endpoint_free);
      endpoint = cloud_endpoint_copy (cloud_account_get_endpoint (f->edited, (CloudEndpointKind) kind));
      g_free (endpoint->credential);
      endpoint->credential = g_strdup (shared);
      cloud_account_set_endpoint (f->edited, endpoint);
    }
  g_assert_true (save (f, NULL, &error));
  assert_secret (f, shared, "first");
  g_assert_true (save_kinds (f, "second", 1u << CLOUD_ENDPOINT_IMAP, &error));
  imap = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  smtp = dup_reference (f, CLOUD_ENDPOINT_SMTP);
  assert_secret (f, imap, "second");
  g_assert_cmpstr (smtp, ==, shared);
  assert_secret (f, shared, "first");
}

/* What the next test program, or the same person tomorrow, sees: another process with the same files. */
static void
begin_again (Fixture *f)
{
  g_autofree char *secrets_path = g_build_filename (f->folder, "secrets", NULL);
  g_autoptr (GError) error = NULL;

  g_object_unref (f->secrets);
  g_object_unref (f->accounts);
  f->accounts = cloud_accounts_new (f->path, &error);
  g_assert_no_error (error);
  f->secrets = cloud_secrets_new (secrets_path);
  cloud_account_change_sweep_when_available (f->accounts, f->secrets);
}

static void
wait_until_swept (Fixture *f)
{
  while (*cloud_accounts_get_unused_credentials (f->accounts) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_removed_while_locked (Fixture *f, gconstpointer data)
{
  g_autofree char *imap = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autofree char *smtp = dup_reference (f, CLOUD_ENDPOINT_SMTP);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  lock (f);
  g_assert_true (remove_it (f, &error));
  g_assert_no_error (error);
  g_assert_null (cloud_accounts_lookup (f->accounts, cloud_account_get_uuid (f->edited)));
  g_assert_cmpuint (g_strv_length ((GStrv) cloud_accounts_get_unused_credentials (f->accounts)), ==, 2);
  begin_again (f);
  unlock (f);
  wait_until_swept (f);
  assert_secret (f, imap, NULL);
  assert_secret (f, smtp, NULL);
  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_null (strstr (text, imap));
}

/* Dies right after the account went: what is kept is what the step that decides left. */
static void
test_killed_while_removing (Fixture *f, gconstpointer data)
{
  g_autofree char *imap = dup_reference (f, CLOUD_ENDPOINT_IMAP);
  g_autoptr (GError) error = NULL;

  g_assert_true (cloud_accounts_remove_sync (f->accounts, cloud_account_get_uuid (f->edited), &error));
  g_assert_no_error (error);
  assert_secret (f, imap, "first");
  begin_again (f);
  unlock (f);
  wait_until_swept (f);
  assert_secret (f, imap, NULL);
}

/* The user's own language in the keyring's window, as the catalogue of this build has it. */
static void
test_label (Fixture *f, gconstpointer data)
{
  g_autofree char *messages = g_build_filename (f->folder, "zh_CN", "LC_MESSAGES", NULL);
  g_autofree char *catalogue = g_build_filename (messages, "cirrus.mo", NULL);
  g_autofree char *source = g_build_filename (g_getenv ("CIRRUS_SOURCE_ROOT"), "po", "zh_CN.po", NULL);
  const char *argv[] = { "msgfmt", "-o", catalogue, source, NULL };
  g_autofree char *label = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_cmpint (g_mkdir_with_parents (messages, 0700), ==, 0);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error));
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_setenv ("LANGUAGE", "zh_CN", TRUE);
  g_assert_nonnull (setlocale (LC_MESSAGES, "C.UTF-8"));
  bindtextdomain ("cirrus", f->folder);
  bind_textdomain_codeset ("cirrus", "UTF-8");
  label = cloud_account_dup_secret_label (f->edited);
  setlocale (LC_MESSAGES, "C");
  g_assert_cmpstr (label, ==, "邮件：alice@example.test");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The list warns of the file that a newer version wrote, if it happens to look while it is there. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
#define ADD(name, func) g_test_add ("/cloud/account-change/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("new-secret-takes-the-former-ones-place", test_new_secret);
  ADD ("without-a-new-secret-the-former-stays", test_secret_stays);
  ADD ("what-cannot-be-saved-changes-nothing", test_account_fails);
  ADD ("what-cannot-be-kept-secret-changes-nothing", test_secret_fails);
  ADD ("removed-account-then-its-secrets", test_remove);
  ADD ("shared-secret-goes-with-the-last-that-names-it", test_shared);
  ADD ("new-secret-for-one-of-two-that-shared-it", test_shared_renamed);
  ADD ("removed-while-locked-secrets-go-at-the-next-unlock", test_removed_while_locked);
  ADD ("killed-while-removing-nothing-stays", test_killed_while_removing);
  ADD ("label-in-the-users-language", test_label);
  return g_test_run ();
}
