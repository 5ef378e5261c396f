/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-status.h"

#include <glib/gstdio.h>

#include <stdlib.h>
#include <sys/stat.h>

static char *profile;

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudStatus) status = NULL;

  g_assert_null (cloud_status_read ("weather"));
  g_assert_true (cloud_status_write ("weather", "now", g_variant_new_parsed ("{'place': <'河口'>, 'temperature': <%d>, 'count': <3>}", -2.5), &error));
  g_assert_no_error (error);
  status = cloud_status_read ("weather");
  g_assert_nonnull (status);
  g_assert_cmpstr (cloud_status_get_kind (status), ==, "now");
  g_assert_cmpstr (cloud_status_get_string (status, "place", NULL), ==, "河口");
  g_assert_cmpfloat (cloud_status_get_double (status, "temperature", 0), ==, -2.5);
  g_assert_cmpint (cloud_status_get_int (status, "count", 0), ==, 3);
  /* missing, and of another type */
  g_assert_cmpint (cloud_status_get_int (status, "place", 7), ==, 7);
  g_assert_cmpint (cloud_status_get_int64 (status, "nothing", 9), ==, 9);
}

static void
test_private_and_unchanged (void)
{
  g_autofree char *path = g_build_filename (profile, "data", "mail", "status", NULL);
  GStatBuf first, second;

  g_assert_true (cloud_status_write ("mail", "no-account", NULL, NULL));
  g_assert_cmpint (g_stat (path, &first), ==, 0);
  g_assert_cmpint (first.st_mode & 0777, ==, 0600);
  g_assert_true (cloud_status_write ("mail", "no-account", NULL, NULL));
  g_assert_cmpint (g_stat (path, &second), ==, 0);
  g_assert_cmpint (first.st_ino, ==, second.st_ino);
  cloud_status_remove ("mail");
  g_assert_null (cloud_status_read ("mail"));
}

static void
test_garbage (void)
{
  static const char *const garbage[] = { "", "(", "('now', 1)", "('now', int64 1, {'a': 1})", "\xff\xfe" };
  g_autofree char *dir = g_build_filename (profile, "data", "navi", NULL);
  g_autofree char *path = g_build_filename (dir, "status", NULL);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_assert_true (g_file_set_contents (path, garbage[i], -1, NULL));
      g_assert_null (cloud_status_read ("navi"));
    }
}

static void
on_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  g_autoptr (CloudStatus) status = cloud_status_read ("search");

  if (status != NULL)
    g_main_loop_quit (user_data);
}

static void
test_watch (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GFileMonitor) monitor = cloud_status_watch ("search");

  g_assert_nonnull (monitor);
  g_signal_connect (monitor, "changed", G_CALLBACK (on_changed), loop);
  g_assert_true (cloud_status_write ("search", "last", g_variant_new_parsed ("{'query': <'tea'>}"), NULL));
  g_main_loop_run (loop);
}

int
main (int argc, char **argv)
{
  int result = 0;
  g_autofree char *command = NULL;

  profile = g_dir_make_tmp ("cloud-status-XXXXXX", NULL);
  g_assert_nonnull (profile);
  g_setenv ("CIRRUS_PROFILE", profile, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/status/kind-and-parameters-come-back", test_round_trip);
  g_test_add_func ("/cloud/status/is-private-and-not-rewritten-when-unchanged", test_private_and_unchanged);
  g_test_add_func ("/cloud/status/garbage-is-nothing", test_garbage);
  g_test_add_func ("/cloud/status/watch-tells-of-a-write", test_watch);
  result = g_test_run ();
  command = g_strdup_printf ("rm -rf '%s'", profile);
  if (system (command) != 0)
    g_printerr ("cannot remove %s\n", profile);
  g_free (profile);
  return result;
}
