/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-lease.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <unistd.h>

/* One holder at a time; who waits gets it when it is given up, or when its holder is killed. */

static void
on_event (CloudLease *lease, gpointer data)
{
  *(int *) data += 1;
}

static void
on_acquired (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cloud_lease_acquire_finish (CLOUD_LEASE (source), result, &error));
  g_assert_no_error (error);
  *(int *) data += 1;
}

static void
test_handed_over (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cloud-lease-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "mail.db", NULL);
  g_autofree char *file = g_strconcat (path, ".lease", NULL);
  g_autoptr (CloudLease) first = cloud_lease_new (path);
  g_autoptr (CloudLease) second = cloud_lease_new (path);
  g_autoptr (GError) error = NULL;
  int acquired = 0, gained = 0, lost = 0;
  gint64 since;

  g_assert_true (cloud_lease_try_acquire (first, &error));
  g_assert_no_error (error);
  g_assert_false (cloud_lease_try_acquire (second, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_BUSY);
  g_signal_connect (first, "lost", G_CALLBACK (on_event), &lost);
  g_signal_connect (second, "gained", G_CALLBACK (on_event), &gained);
  cloud_lease_acquire_async (second, NULL, on_acquired, &acquired);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (acquired, ==, 0);
  since = g_get_monotonic_time ();
  cloud_lease_release (first);
  g_assert_cmpint (lost, ==, 1);
  while (acquired == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - since, <, test_seconds_us (1));
  g_assert_cmpint (gained, ==, 1);
  g_assert_true (cloud_lease_get_held (second));
  g_assert_false (cloud_lease_get_held (first));
  cloud_lease_release (second);
  g_unlink (file);
  g_rmdir (dir);
}

/* Holds the lease, says so, and lives until it is killed. */
static int
child_hold (const char *path)
{
  g_autoptr (CloudLease) lease = cloud_lease_new (path);
  char end;

  if (!cloud_lease_try_acquire (lease, NULL) || write (STDOUT_FILENO, "L", 1) != 1)
    return 1;
  return read (STDIN_FILENO, &end, 1) == 0 ? 0 : 1;
}

static void
test_holder_killed (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cloud-lease-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "mail.db", NULL);
  g_autofree char *file = g_strconcat (path, ".lease", NULL);
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (CloudLease) waiter = cloud_lease_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) holder = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self_path,
                                                     "--hold", path, NULL);
  int acquired = 0;
  gint64 since;
  char said = 0;

  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (holder), &said, 1, NULL, &error), ==, 1);
  g_assert_false (cloud_lease_try_acquire (waiter, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_BUSY);
  cloud_lease_acquire_async (waiter, NULL, on_acquired, &acquired);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (acquired, ==, 0);
  since = g_get_monotonic_time ();
  g_subprocess_force_exit (holder);
  while (acquired == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - since, <, test_seconds_us (1));
  g_assert_true (cloud_lease_get_held (waiter));
  g_assert_true (g_subprocess_wait (holder, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_term_sig (holder), ==, SIGKILL);
  cloud_lease_release (waiter);
  g_unlink (file);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--hold"))
    return child_hold (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/lease/handed-over-when-given-up", test_handed_over);
  g_test_add_func ("/cloud/lease/freed-when-its-holder-is-killed", test_holder_killed);
  return g_test_run ();
}
