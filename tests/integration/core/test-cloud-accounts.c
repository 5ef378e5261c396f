/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-accounts.h"
#include "cloud-error.h"
#include "peer.h"

#include <glib/gstdio.h>
#include <string.h>

/* The accounts file between processes. */

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = peer_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "accounts.json", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  peer_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static CloudAccounts *
open_list (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  CloudAccounts *accounts = cloud_accounts_new (fixture->path, &error);

  g_assert_no_error (error);
  return accounts;
}

static CloudAccount *
example (const char *name)
{
  g_autofree char *address = g_strconcat (name, "@example.org", NULL);
  CloudAccount *account = cloud_account_new (NULL, name, "Alice 李", address);
  g_autoptr (CloudEndpoint) imap = cloud_endpoint_new (CLOUD_ENDPOINT_IMAP, "imap.example.org", 993, CLOUD_SECURITY_TLS, "alice");
  g_autoptr (CloudEndpoint) smtp
      = cloud_endpoint_new (CLOUD_ENDPOINT_SMTP, "smtp.example.org", 587, CLOUD_SECURITY_STARTTLS, "alice");

  smtp->method = CLOUD_AUTH_OAUTH2;
  cloud_account_set_endpoint (account, imap);
  cloud_account_set_endpoint (account, smtp);
  return account;
}

static void
save (CloudAccounts *accounts, CloudAccount *account)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cloud_accounts_save_sync (accounts, account, &error));
  g_assert_no_error (error);
}

static void
test_round (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudAccounts) accounts = open_list (fixture);
  g_autoptr (CloudAccounts) again = NULL;
  g_autoptr (CloudAccount) account = example ("work");
  g_autoptr (CloudAccount) found = NULL;
  g_autofree char *credential = g_strconcat (cloud_account_get_uuid (account), "/imap", NULL);
  const CloudEndpoint *endpoint;
  GStatBuf info;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (accounts)), ==, 0);
  save (accounts, account);
  again = open_list (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 1);
  found = cloud_accounts_find (again, "WORK@example.org");
  g_assert_cmpstr (cloud_account_get_uuid (found), ==, cloud_account_get_uuid (account));
  g_assert_cmpstr (cloud_account_get_display_name (found), ==, "Alice 李");
  endpoint = cloud_account_get_endpoint (found, CLOUD_ENDPOINT_IMAP);
  g_assert_cmpstr (endpoint->host, ==, "imap.example.org");
  g_assert_cmpstr (endpoint->credential, ==, credential);
  endpoint = cloud_account_get_endpoint (found, CLOUD_ENDPOINT_SMTP);
  g_assert_cmpuint (endpoint->port, ==, 587);
  g_assert_cmpint (endpoint->security, ==, CLOUD_SECURITY_STARTTLS);
  g_assert_cmpint (endpoint->method, ==, CLOUD_AUTH_OAUTH2);
  g_assert_null (cloud_account_get_endpoint (found, CLOUD_ENDPOINT_WEBDAV));
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudAccounts) accounts = open_list (fixture);
  g_autoptr (CloudAccount) account = example ("work");
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GAsyncResult) removed = NULL;
  g_autoptr (GError) error = NULL;

  cloud_accounts_save_async (accounts, account, NULL, on_result, &saved);
  while (saved == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (cloud_accounts_save_finish (accounts, saved, &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (accounts)), ==, 1);
  cloud_accounts_remove_async (accounts, cloud_account_get_uuid (account), NULL, on_result, &removed);
  while (removed == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (cloud_accounts_remove_finish (accounts, removed, &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (accounts)), ==, 0);
}

static int
add_accounts (const char *path, const char *prefix)
{
  g_autoptr (CloudAccounts) accounts = cloud_accounts_new (path, NULL);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", prefix, i);
      g_autoptr (CloudAccount) account = example (name);

      if (!cloud_accounts_save_sync (accounts, account, NULL))
        return 1;
    }
  return 0;
}

/* Three processes at once: no one's change is lost, and a fourth sees them all arrive. */
static void
test_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudAccounts) watcher = open_list (fixture);
  GSubprocess *children[3];

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("p%u-", i);

      children[i] = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, g_get_prgname (), "--add", fixture->path, prefix, NULL);
      g_assert_nonnull (children[i]);
    }
  while (g_list_model_get_n_items (G_LIST_MODEL (watcher)) < 60)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (g_subprocess_wait_check (children[i], NULL, NULL));
      g_object_unref (children[i]);
    }
}

/* What another process changes arrives in the object that a window holds. */
static void
test_identity (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudAccounts) here = open_list (fixture);
  g_autoptr (CloudAccounts) there = open_list (fixture);
  g_autoptr (CloudAccount) account = example ("work");
  g_autoptr (CloudAccount) held = NULL;
  CloudAccount *other;

  save (here, account);
  held = cloud_accounts_find (here, "work");
  g_assert_true (cloud_accounts_reload (there, NULL));
  other = cloud_accounts_lookup (there, cloud_account_get_uuid (account));
  cloud_account_set_name (other, "Office");
  cloud_account_remove_endpoint (other, CLOUD_ENDPOINT_SMTP);
  save (there, other);
  while (strcmp (cloud_account_get_name (held), "Office") != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (cloud_accounts_lookup (here, cloud_account_get_uuid (account)) == held);
  g_assert_null (cloud_account_get_endpoint (held, CLOUD_ENDPOINT_SMTP));
  g_assert_true (cloud_accounts_remove_sync (there, cloud_account_get_uuid (account), NULL));
  while (g_list_model_get_n_items (G_LIST_MODEL (here)) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {
    "{\"version\":1,\"accounts\":[{\"uuid\":\"half",         "nonsense", "{\"version\":1}", "[]",
    "{\"version\":1,\"accounts\":[{\"uuid\":\"not one\"}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CloudAccounts) accounts = NULL;
      g_autoptr (CloudAccount) account = example ("new");
      g_autofree char *kept = NULL;

      g_assert_true (g_file_set_contents (fixture->path, texts[i], -1, NULL));
      accounts = cloud_accounts_new (fixture->path, &error);
      g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (accounts)), ==, 0);
      g_assert_true (g_file_get_contents (cloud_accounts_get_damaged_path (accounts), &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, texts[i]);
      save (accounts, account);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (accounts)), ==, 1);
    }
}

/* A newer version's file is neither read nor written over. */
static void
test_newer (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "{\"version\":2,\"accounts\":[]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) save_error = NULL;
  g_autoptr (CloudAccounts) accounts = NULL;
  g_autoptr (CloudAccount) account = example ("new");
  g_autofree char *after = NULL;

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  accounts = cloud_accounts_new (fixture->path, &error);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED);
  g_assert_false (cloud_accounts_save_sync (accounts, account, &save_error));
  g_assert_error (save_error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED);
  g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, text);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "round", test_round },
    { "async", test_async },
    { "several-processes", test_processes },
    { "changes-arrive", test_identity },
    { "damaged", test_damaged },
    { "newer", test_newer },
  };

  if (argc == 4 && strcmp (argv[1], "--add") == 0)
    return add_accounts (argv[2], argv[3]);
  g_set_prgname (argv[0]);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/accounts/", tests[i].name, NULL);

      g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}
