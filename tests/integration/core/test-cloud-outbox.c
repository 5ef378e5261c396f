/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-outbox.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* The outbox with a real server in one process and senders in others: killed before each write to the disk and at each step of an executor, and
 * with the lease's holder killed in the middle.  The server records each idempotency key once, in order of arrival. */

static char *self_path;

/* ---- The sender's death at the n-th step: a step is a write or sync of SQLite, or one of the executor ---- */

static int steps_left; /* 0: lives on */

static void
step (void)
{
  static GMutex lock;

  g_mutex_lock (&lock);
  if (steps_left > 0 && --steps_left == 0)
    kill (getpid (), SIGKILL);
  g_mutex_unlock (&lock);
}

static sqlite3_vfs counting_vfs;
static int (*real_open) (sqlite3_vfs *, const char *, sqlite3_file *, int, int *);

/* SQLite has one table of methods for databases and another one for their logs. */
typedef struct
{
  sqlite3_io_methods counting;
  const sqlite3_io_methods *real;
} Methods;

static Methods methods[4];

static const sqlite3_io_methods *
real_methods (sqlite3_file *file)
{
  return ((const Methods *) file->pMethods)->real;
}

static int
counting_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
  step ();
  return real_methods (file)->xWrite (file, data, n, at);
}

static int
counting_sync (sqlite3_file *file, int flags)
{
  step ();
  return real_methods (file)->xSync (file, flags);
}

static int
counting_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  static GMutex lock;
  int rc = real_open (vfs, name, file, flags, out_flags);
  guint i = 0;

  if (rc != SQLITE_OK || file->pMethods == NULL)
    return rc;
  g_mutex_lock (&lock);
  while (methods[i].real != NULL && methods[i].real != file->pMethods)
    g_assert_cmpint (++i, <, G_N_ELEMENTS (methods));
  methods[i].real = file->pMethods;
  methods[i].counting = *file->pMethods;
  methods[i].counting.xWrite = counting_write;
  methods[i].counting.xSync = counting_sync;
  file->pMethods = &methods[i].counting;
  g_mutex_unlock (&lock);
  return rc;
}

static void
count_steps (int n)
{
  counting_vfs = *sqlite3_vfs_find (NULL);
  real_open = counting_vfs.xOpen;
  counting_vfs.xOpen = counting_open;
  counting_vfs.zName = "counting";
  g_assert_cmpint (sqlite3_vfs_register (&counting_vfs, TRUE), ==, SQLITE_OK);
  steps_left = n;
}

/* ---- A sender ---- */

static guint16 server_port;

static void
tell_server (const char *target, const char *key)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", server_port, NULL, &error);
  g_autofree char *line = g_strdup_printf ("%s %s\n", target, key);
  char answer = 0;

  g_assert_no_error (error);
  step ();
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &answer, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (answer, ==, '+');
  step ();
}

static void
file_in_sent (CloudOutboxEntry *entry, GTask *task)
{
  g_autofree char *key = g_strconcat (cloud_outbox_entry_get_uuid (entry), "/sent", NULL);

  tell_server (cloud_outbox_entry_get_target (entry), key);
  cloud_outbox_task_return_done (task);
  g_object_unref (task);
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  cloud_outbox_set_progress_finish (CLOUD_OUTBOX (source), result, &error);
  g_assert_no_error (error);
  step ();
  file_in_sent (g_task_get_task_data (task), task);
}

static void
execute (CloudOutbox *outbox, CloudOutboxEntry *entry, GTask *task, gpointer user_data)
{
  g_autoptr (GBytes) note = g_bytes_new_static ("accepted", 8);

  step ();
  g_task_set_task_data (task, g_object_ref (entry), g_object_unref);
  if (cloud_outbox_entry_get_progress (entry) != NULL)
    {
      file_in_sent (entry, task);
      return;
    }
  tell_server (cloud_outbox_entry_get_target (entry), cloud_outbox_entry_get_uuid (entry));
  cloud_outbox_set_progress_async (outbox, entry, note, on_noted, task);
}

static const CloudOutboxKind message_kind = { execute, cloud_outbox_resume_repeat };

static void
on_appended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uuid = cloud_outbox_append_finish (CLOUD_OUTBOX (source), result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (uuid);
  *(int *) user_data += 1;
}

static void
append (CloudOutbox *outbox, const char *uuid, const char *target)
{
  g_autoptr (GBytes) payload = g_bytes_new_static ("hello", 5);
  int done = 0;

  cloud_outbox_append_async (outbox, uuid, target, "message", payload, "Message to Anna", 0, NULL, on_appended, &done);
  while (done == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(CloudOutboxEntry **) user_data = cloud_outbox_lookup_finish (CLOUD_OUTBOX (source), result, &error);
  g_assert_no_error (error);
}

static CloudOutboxEntry *
lookup (CloudOutbox *outbox, const char *uuid)
{
  CloudOutboxEntry *entry = NULL;

  cloud_outbox_lookup_async (outbox, uuid, NULL, on_looked_up, &entry);
  while (entry == NULL)
    g_main_context_iteration (NULL, TRUE);
  return entry;
}

static CloudOutbox *
open_ok (const char *path)
{
  g_autoptr (GError) error = NULL;
  CloudOutbox *outbox = cloud_outbox_open (path, &error);

  g_assert_no_error (error);
  return outbox;
}

static void
wait_until_empty (CloudOutbox *outbox)
{
  while (g_list_model_get_n_items (cloud_outbox_get_entries (outbox)) > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The user's message and its sending; begun again after a death it is the same message. */
static int
child_once (const char *path, int n_steps)
{
  g_autoptr (CloudOutbox) outbox = NULL;
  CloudOutboxState state = CLOUD_OUTBOX_STATE_WAITING;

  count_steps (n_steps);
  outbox = open_ok (path);
  append (outbox, "the-message", "account/smtp");
  cloud_outbox_add_kind (outbox, "message", &message_kind, NULL);
  cloud_outbox_run (outbox);
  while (state != CLOUD_OUTBOX_STATE_DONE)
    {
      g_autoptr (CloudOutboxEntry) entry = lookup (outbox, "the-message");

      state = cloud_outbox_entry_get_state (entry);
      g_assert_cmpint (state, !=, CLOUD_OUTBOX_STATE_FAILED);
      if (state != CLOUD_OUTBOX_STATE_DONE)
        g_main_context_iteration (NULL, TRUE);
    }
  return 0;
}

/* Sends whatever is there, says so when it holds the lease. */
static G_GNUC_NORETURN void
child_run (const char *path)
{
  CloudOutbox *outbox = open_ok (path);
  gboolean told = FALSE;

  cloud_outbox_add_kind (outbox, "message", &message_kind, NULL);
  cloud_outbox_run (outbox);
  for (;;)
    {
      gboolean sending;

      g_object_get (outbox, "sending", &sending, NULL);
      if (sending && !told)
        told = write (STDOUT_FILENO, "L", 1) == 1;
      g_main_context_iteration (NULL, TRUE);
    }
}

/* ---- The server ---- */

typedef struct
{
  char *dir;
  char *path;
  GSocketService *service;
  GMutex lock;
  GPtrArray *lines; /* each key once */
  guint n_repeated;
  char *port;
} Fixture;

static gboolean
on_connection (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (GDataInputStream) in = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  char *line = g_data_input_stream_read_line (in, NULL, NULL, NULL);

  if (line == NULL)
    return TRUE;
  g_mutex_lock (&f->lock);
  if (g_ptr_array_find_with_equal_func (f->lines, line, g_str_equal, NULL))
    {
      f->n_repeated++;
      g_free (line);
    }
  else
    g_ptr_array_add (f->lines, line);
  g_mutex_unlock (&f->lock);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), "+", 1, NULL, NULL, NULL);
  return TRUE;
}

static guint
n_received (Fixture *f)
{
  guint n;

  g_mutex_lock (&f->lock);
  n = f->lines->len;
  g_mutex_unlock (&f->lock);
  return n;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  guint16 port;

  f->dir = g_dir_make_tmp ("cloud-outbox-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "outbox.db", NULL);
  f->lines = g_ptr_array_new_with_free_func (g_free);
  f->service = g_threaded_socket_service_new (4);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (f->service), NULL, &error);
  g_assert_no_error (error);
  f->port = g_strdup_printf ("%u", port);
  g_signal_connect (f->service, "run", G_CALLBACK (on_connection), f);
}

static void
empty_dir (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (f->dir, name, NULL);

      g_unlink (file);
    }
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_socket_service_stop (f->service);
  g_object_unref (f->service);
  empty_dir (f);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_ptr_array_unref (f->lines);
  g_free (f->dir);
  g_free (f->path);
  g_free (f->port);
}

static pid_t
spawn (Fixture *f, int *out_fd, const char *mode, const char *arg)
{
  const char *argv[] = { self_path, mode, f->path, f->port, arg, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, out_fd, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

/* The server lives on the main context meanwhile. */
static void
on_child (GPid pid, int status, gpointer user_data)
{
  *(int *) user_data = status;
}

static int
wait_for (pid_t pid)
{
  int status = -1;

  g_child_watch_add (pid, on_child, &status);
  while (status == -1)
    g_main_context_iteration (NULL, TRUE);
  return status;
}

static void
test_killed_at_each_step (Fixture *f, gconstpointer unused)
{
  int status = SIGKILL, n;

  for (n = 1; WIFSIGNALED (status); n++)
    {
      g_autofree char *steps = g_strdup_printf ("%d", n);

      status = wait_for (spawn (f, NULL, "--once", steps));
      if (WIFSIGNALED (status))
        {
          int again = wait_for (spawn (f, NULL, "--once", "0"));

          g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
          g_assert_true (WIFEXITED (again));
          g_assert_cmpint (WEXITSTATUS (again), ==, 0);
        }
      g_assert_cmpint (f->lines->len, ==, 2);
      g_assert_cmpstr (f->lines->pdata[0], ==, "account/smtp the-message");
      g_assert_cmpstr (f->lines->pdata[1], ==, "account/smtp the-message/sent");
      g_ptr_array_set_size (f->lines, 0);
      empty_dir (f);
    }
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_test_message ("killed at %d steps", n - 2);
  g_assert_cmpint (n, >, 25);
}

#define N_MESSAGES 30

static void
assert_complete_and_ordered (Fixture *f)
{
  int next[2] = { 0, 0 };

  g_assert_cmpint (f->lines->len, ==, 2 * N_MESSAGES);
  for (guint i = 0; i < f->lines->len; i++)
    {
      const char *line = f->lines->pdata[i];
      int lane = line[1] - '0';
      g_autofree char *expected =
        g_strdup_printf ("t%d m%02d%s", lane, next[lane] / 2 * 2 + lane, next[lane] % 2 != 0 ? "/sent" : "");

      g_assert_cmpstr (line, ==, expected);
      next[lane]++;
    }
}

/* The holder dies once the server has got @n_before lines. */
static void
kill_holder (Fixture *f, int n_before)
{
  g_autoptr (CloudOutbox) outbox = open_ok (f->path);
  int fds[2];
  pid_t pids[2];
  char c;

  for (int i = 0; i < 2; i++)
    {
      pids[i] = spawn (f, &fds[i], "--run", "");
      if (i == 0)
        g_assert_cmpint (read (fds[0], &c, 1), ==, 1);
    }
  for (int i = 0; i < N_MESSAGES; i++)
    {
      g_autofree char *uuid = g_strdup_printf ("m%02d", i);

      append (outbox, uuid, i % 2 == 0 ? "t0" : "t1");
    }
  while (n_received (f) < n_before)
    g_main_context_iteration (NULL, FALSE);
  kill (pids[0], SIGKILL);
  wait_for (pids[0]);
  /* This process, a window, sees the list empty itself. */
  while (n_received (f) < 2 * N_MESSAGES)
    g_main_context_iteration (NULL, FALSE);
  {
    gint64 since = g_get_monotonic_time ();

    wait_until_empty (outbox);
    g_assert_cmpint (g_get_monotonic_time () - since, <, test_seconds_us (1));
  }
  g_assert_cmpint (read (fds[1], &c, 1), ==, 1);
  kill (pids[1], SIGTERM);
  wait_for (pids[1]);
  close (fds[0]);
  close (fds[1]);
  assert_complete_and_ordered (f);
  /* At most what was under way in each lane went out a second time, with its key. */
  g_assert_cmpint (f->n_repeated, <=, 2);
}

static void
test_holder_killed (Fixture *f, gconstpointer unused)
{
  int n_rounds = g_getenv ("CIRRUS_TEST_ROUNDS") != NULL ? atoi (g_getenv ("CIRRUS_TEST_ROUNDS")) : 1;

  for (int round = 0; round < n_rounds; round++)
    {
      int n_before = g_test_rand_int_range (1, 2 * N_MESSAGES - 1);

      g_test_message ("killed after %d of %d", n_before, 2 * N_MESSAGES);
      kill_holder (f, n_before);
      g_ptr_array_set_size (f->lines, 0);
      f->n_repeated = 0;
      empty_dir (f);
    }
}

#define ADD(name, func) g_test_add ("/cloud/outbox/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_has_prefix (argv[1], "--"))
    {
      server_port = (guint16) atoi (argv[3]);
      if (g_str_equal (argv[1], "--once"))
        return child_once (argv[2], atoi (argv[4]));
      child_run (argv[2]);
    }
  g_test_init (&argc, &argv, NULL);
  self_path = g_file_read_link ("/proc/self/exe", NULL);
  ADD ("killed-at-each-step-ends-in-the-same-state", test_killed_at_each_step);
  ADD ("holder-killed-nothing-twice-nothing-missed", test_holder_killed);
  return g_test_run ();
}
