/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-secrets.h"
#include "peer.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Secrets in the encrypted file; and, run again by itself inside a session bus (--keyring), in a real gnome-keyring. */

#define PASSPHRASE "correct horse battery staple"

typedef struct
{
  char *folder;
  char *path;
  CloudSecrets *secrets;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = peer_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "secrets", NULL);
  fixture->secrets = cloud_secrets_new (fixture->path);
}

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

static char *
lookup (CloudSecrets *secrets, const char *reference, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_lookup_async (secrets, reference, NULL, on_result, &result);
  return cloud_secrets_lookup_finish (secrets, wait_for (&result), error);
}

static gboolean
store (CloudSecrets *secrets, const char *reference, const char *secret, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_store_async (secrets, reference, "a test", secret, NULL, on_result, &result);
  return cloud_secrets_store_finish (secrets, wait_for (&result), error);
}

static gboolean
drop (CloudSecrets *secrets, const char *reference, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_remove_async (secrets, reference, NULL, on_result, &result);
  return cloud_secrets_remove_finish (secrets, wait_for (&result), error);
}

static gboolean
unlock (CloudSecrets *secrets, const char *passphrase, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_unlock_async (secrets, passphrase, NULL, on_result, &result);
  return cloud_secrets_unlock_finish (secrets, wait_for (&result), error);
}

static gboolean
set_passphrase (CloudSecrets *secrets, const char *passphrase, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_set_passphrase_async (secrets, passphrase, NULL, on_result, &result);
  return cloud_secrets_set_passphrase_finish (secrets, wait_for (&result), error);
}

static void
lock (CloudSecrets *secrets)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cloud_secrets_lock_async (secrets, NULL, on_result, &result);
  g_assert_true (cloud_secrets_lock_finish (secrets, wait_for (&result), &error));
  g_assert_no_error (error);
}

static CloudSecretsState
state (CloudSecrets *secrets)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_refresh_async (secrets, NULL, on_result, &result);
  g_assert_true (cloud_secrets_refresh_finish (secrets, wait_for (&result), NULL));
  return cloud_secrets_get_state (secrets);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  lock (fixture->secrets); /* leaves no key in the kernel */
  g_clear_object (&fixture->secrets);
  peer_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
fill (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (set_passphrase (fixture->secrets, PASSPHRASE, &error));
  g_assert_no_error (error);
  g_assert_true (store (fixture->secrets, "a/imap", "first secret", &error));
  g_assert_true (store (fixture->secrets, "a/smtp", "second secret 密码", &error));
  g_assert_no_error (error);
}

static void
assert_secret (CloudSecrets *secrets, const char *reference, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char *secret = lookup (secrets, reference, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (secret, ==, expected);
  cloud_secret_free (secret);
}

static void
assert_refused (CloudSecrets *secrets, const char *reference, CloudError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lookup (secrets, reference, &error));
  g_assert_error (error, CLOUD_ERROR, (int) code);
}

static void
test_round (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fill (fixture);
  g_assert_cmpint (cloud_secrets_get_state (fixture->secrets), ==, CLOUD_SECRETS_AVAILABLE);
  g_assert_false (cloud_secrets_uses_keyring (fixture->secrets));
  assert_secret (fixture->secrets, "a/imap", "first secret");
  assert_secret (fixture->secrets, "a/smtp", "second secret 密码");
  assert_refused (fixture->secrets, "a/webdav", CLOUD_ERROR_NOT_FOUND);
  g_assert_true (store (fixture->secrets, "a/imap", "another", &error));
  assert_secret (fixture->secrets, "a/imap", "another");
  assert_secret (fixture->secrets, "a/smtp", "second secret 密码");
  g_assert_true (drop (fixture->secrets, "a/smtp", &error));
  assert_refused (fixture->secrets, "a/smtp", CLOUD_ERROR_NOT_FOUND);
  g_assert_true (drop (fixture->secrets, "a/smtp", &error));
  assert_secret (fixture->secrets, "a/imap", "another");
}

static void
test_none_yet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (state (fixture->secrets), ==, CLOUD_SECRETS_NONE_YET);
  assert_refused (fixture->secrets, "a/imap", CLOUD_ERROR_LOCKED);
  g_assert_false (store (fixture->secrets, "a/imap", "x", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED);
  g_clear_error (&error);
  g_assert_false (set_passphrase (fixture->secrets, "", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) right = NULL;
  g_autoptr (GError) refused = NULL;

  fill (fixture);
  lock (fixture->secrets);
  g_assert_cmpint (cloud_secrets_get_state (fixture->secrets), ==, CLOUD_SECRETS_LOCKED);
  assert_refused (fixture->secrets, "a/imap", CLOUD_ERROR_LOCKED);
  g_assert_false (store (fixture->secrets, "a/imap", "x", &refused));
  g_assert_error (refused, CLOUD_ERROR, CLOUD_ERROR_LOCKED);
  g_assert_false (unlock (fixture->secrets, "correct horse", &wrong));
  g_assert_error (wrong, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED);
  g_assert_cmpint (cloud_secrets_get_state (fixture->secrets), ==, CLOUD_SECRETS_LOCKED);
  g_assert_true (unlock (fixture->secrets, PASSPHRASE, &right));
  g_assert_no_error (right);
  assert_secret (fixture->secrets, "a/imap", "first secret");
}

/* Window, command line and service are unlocked together; a new passphrase shuts out who has only the old key. */
static void
test_two_of_them (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudSecrets) other = cloud_secrets_new (fixture->path);
  g_autoptr (GError) error = NULL;

  fill (fixture);
  g_assert_true (unlock (other, PASSPHRASE, &error));
  assert_secret (other, "a/imap", "first secret");
  g_assert_true (store (other, "b/imap", "from the other", &error));
  assert_secret (fixture->secrets, "b/imap", "from the other");
  g_assert_true (set_passphrase (fixture->secrets, "a new one", &error));
  g_assert_no_error (error);
  lock (fixture->secrets);
  assert_refused (other, "a/imap", CLOUD_ERROR_LOCKED);
  g_assert_false (unlock (other, PASSPHRASE, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED);
  g_clear_error (&error);
  g_assert_true (unlock (other, "a new one", &error));
  assert_secret (other, "a/imap", "first secret");
  assert_secret (other, "b/imap", "from the other");
  lock (other);
}

/* Each byte of the file flipped in turn, and the file cut at each length: told apart from a wrong passphrase, and left alone. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = NULL;
  gsize length;

  fill (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &whole, &length, NULL));
  for (gsize i = 0; i < 2 * length; i++)
    {
      g_autofree char *bad = g_memdup2 (whole, length);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) store_error = NULL;
      gsize bad_length = i < length ? length : i - length;
      gsize after_length;

      if (i < length)
        bad[i] ^= 0x10;
      g_assert_true (g_file_set_contents (fixture->path, bad, (gssize) bad_length, NULL));
      g_assert_null (lookup (fixture->secrets, "a/imap", &error));
      g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
      g_assert_false (store (fixture->secrets, "a/imap", "x", &store_error));
      g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
      g_assert_cmpmem (after, after_length, bad, bad_length);
    }
  g_assert_true (g_file_set_contents (fixture->path, whole, (gssize) length, NULL));
  assert_secret (fixture->secrets, "a/imap", "first secret");
}

static gboolean
folder_contains (const char *folder, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      if (memmem (data, length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_nothing_in_clear (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = { "first secret", "second secret", PASSPHRASE, "a/imap", "correct" };
  GStatBuf info;

  fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_false (folder_contains (fixture->folder, words[i]));
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

/* A child replaces the file as fast as it can until it is killed. */

static int
store_until_killed (const char *path)
{
  g_autoptr (CloudSecrets) secrets = cloud_secrets_new (path);
  g_autoptr (GError) error = NULL;
  g_autofree char *filler = g_strnfill (20000, 'x');

  if (!unlock (secrets, PASSPHRASE, &error))
    return 1;
  for (guint i = 0;; i++)
    {
      g_autofree char *secret = g_strdup_printf ("%u %s", i, filler);

      if (!store (secrets, "a/imap", secret, &error) || !store (secrets, "a/smtp", secret, &error))
        return 1;
      fputs (".", stdout);
      fflush (stdout);
    }
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  for (guint round = 0; round < 15; round++)
    {
      g_autoptr (GSubprocess) child
          = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, g_get_prgname (), "--store", fixture->path, NULL);
      g_autoptr (GError) error = NULL;
      char *imap, *smtp;
      char dots[4];
      gsize n;

      g_assert_nonnull (child);
      g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), dots, 1, &n, NULL, NULL);
      g_assert_cmpuint (n, ==, 1);
      /* Anywhere in the next two replacements. */
      g_usleep (g_test_rand_int_range (0, 4000));
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);
      imap = lookup (fixture->secrets, "a/imap", &error);
      g_assert_no_error (error);
      smtp = lookup (fixture->secrets, "a/smtp", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (strlen (imap), >=, 20000);
      /* The second is the same, or still the one before. */
      g_assert_cmpint (ABS (atoi (imap) - atoi (smtp)), <=, 1);
      cloud_secret_free (imap);
      cloud_secret_free (smtp);
    }
}

/* ---- A real keyring ---- */

/* The daemon returns to its starter before it owns its name on the bus. */
static CloudSecrets *
keyring_new (const char *path)
{
  CloudSecrets *secrets = cloud_secrets_new (path);

  while (state (secrets) != CLOUD_SECRETS_AVAILABLE)
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (cloud_secrets_uses_keyring (secrets));
  return secrets;
}

static int
run_keyring (void)
{
  g_autofree char *folder = peer_make_folder ();
  g_autofree char *path = g_build_filename (folder, "secrets", NULL);
  g_autoptr (CloudSecrets) secrets = keyring_new (path);
  g_autoptr (GError) error = NULL;

  assert_refused (secrets, "k/imap", CLOUD_ERROR_NOT_FOUND);
  g_assert_true (store (secrets, "k/imap", "ring 密码", &error));
  g_assert_no_error (error);
  assert_secret (secrets, "k/imap", "ring 密码");
  g_assert_true (store (secrets, "k/imap", "other", &error));
  assert_secret (secrets, "k/imap", "other");
  g_assert_true (drop (secrets, "k/imap", &error));
  assert_refused (secrets, "k/imap", CLOUD_ERROR_NOT_FOUND);
  g_assert_true (unlock (secrets, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (set_passphrase (secrets, "x", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  peer_remove_folder (folder);
  return 0;
}

/* Locked by its own D-Bus interface, the keyring makes no window appear and nobody wait: LOCKED, soon. */
static int
run_locked_keyring (void)
{
  g_autofree char *folder = peer_make_folder ();
  g_autofree char *path = g_build_filename (folder, "secrets", NULL);
  g_autoptr (CloudSecrets) secrets = keyring_new (path);
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin_us;
  const char *paths[] = { "/org/freedesktop/secrets/collection/login", NULL };

  g_assert_true (store (secrets, "k/imap", "ring", &error));
  g_assert_no_error (error);
  reply
      = g_dbus_connection_call_sync (bus, "org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service",
                                     "Lock", g_variant_new ("(^ao)", paths), NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
  g_assert_no_error (error);
  begin_us = g_get_monotonic_time ();
  g_assert_cmpint (state (secrets), ==, CLOUD_SECRETS_LOCKED);
  assert_refused (secrets, "k/imap", CLOUD_ERROR_LOCKED);
  g_assert_false (store (secrets, "k/smtp", "ring", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED);
  g_clear_error (&error);
  /* Saying that it is gone would leave it there for ever. */
  g_assert_false (drop (secrets, "k/imap", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, test_seconds_us (8));
  peer_remove_folder (folder);
  return 0;
}

static void
test_keyring (gconstpointer mode)
{
  g_autofree char *home = peer_make_folder ();
  g_autofree char *command
      = g_strdup_printf ("printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec '%s' %s",
                         g_get_prgname (), (const char *) mode);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) session = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "HOME", home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", home, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "DBUS_SESSION_BUS_ADDRESS");
  session = g_subprocess_launcher_spawn (launcher, &error, "dbus-run-session", "--", "/bin/sh", "-c", command, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (session, NULL, &error));
  g_assert_no_error (error);
  peer_remove_folder (home);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "file/round", test_round },
    { "file/none-yet", test_none_yet },
    { "file/locked-and-wrong-passphrase", test_locked },
    { "file/two-of-them", test_two_of_them },
    { "file/damaged-anywhere", test_damaged },
    { "file/nothing-in-clear", test_nothing_in_clear },
    { "file/killed-while-replacing", test_killed },
  };

  if (argc == 3 && strcmp (argv[1], "--store") == 0)
    return store_until_killed (argv[2]);
  if (argc == 2 && strcmp (argv[1], "--keyring") == 0)
    return run_keyring ();
  if (argc == 2 && strcmp (argv[1], "--locked-keyring") == 0)
    return run_locked_keyring ();
  g_set_prgname (argv[0]);
  g_test_init (&argc, &argv, NULL);
  /* The file is what is meant here, whatever session runs the tests. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strconcat ("/cloud/secrets/", tests[i].name, NULL);

      g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  g_test_add_data_func ("/cloud/secrets/keyring/round", "--keyring", test_keyring);
  g_test_add_data_func ("/cloud/secrets/keyring/locked", "--locked-keyring", test_keyring);
  return g_test_run ();
}
