/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-account-change.h"
#include "cloud-error.h"
#include "peer.h"

#include <glib/gstdio.h>
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
save (Fixture *f, const char *secret, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_account_change_save_async (f->accounts, f->secrets, f->edited, secret, KINDS, "a test", on_result, &result);
  return cloud_account_change_save_finish (f->accounts, wait_for (&result), error);
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
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cloud_secrets_lock_async (f->secrets, NULL, on_result, &result);
  cloud_secrets_lock_finish (f->secrets, wait_for (&result), &error);
  g_assert_no_error (error);
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
  return g_test_run ();
}
