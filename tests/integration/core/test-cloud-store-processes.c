/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-store.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The store against the world: other processes, death at any instant, damaged files, a full disk.  The program starts itself again
 * for the other processes. */

#define N_KILLS 200 /* CIRRUS_TEST_KILLS says another number */
#define WRITES_PER_RUN 60

static const char *self_path;

static gboolean
to_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)", error);
}

static const CloudStoreMigrate migrations[] = { to_1 };

static int
salvage (sqlite3 *db)
{
  return cloud_sql_salvage_table (db, "note", "id, text");
}

static const CloudStoreSchema schema = { "notes", migrations, 1, NULL, salvage, TRUE };

typedef struct
{
  volatile int in_write;       /* in shared memory: what the process was doing when it died */
  volatile gint64 shortest_us; /* what the shortest write took so far; 0: none yet */
} Marker;

typedef struct
{
  int id;
  Marker *marker;
} Row;

static gpointer
add_row (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Row *row = data;
  sqlite3_stmt *stmt;

  if (row->marker != NULL)
    row->marker->in_write = 1;
  stmt = cloud_sql_prepare (db, "INSERT INTO note (id, text) VALUES (?, hex (randomblob (700)))", error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int (stmt, 1, row->id);
  cloud_sql_run (stmt, error);
  return NULL;
}

static gpointer
count_rows (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT count(*), sum(length(text)) FROM note", error);
  int n = 0;

  if (stmt != NULL && cloud_sql_step (stmt, error) == SQLITE_ROW)
    n = sqlite3_column_int (stmt, 0);
  return GINT_TO_POINTER (n);
}

static CloudStore *
open_ok (const char *path)
{
  g_autoptr (GError) error = NULL;
  CloudStore *store = cloud_store_open (path, &schema, &error);

  g_assert_no_error (error);
  return store;
}

static int
count (CloudStore *store)
{
  g_autoptr (GError) error = NULL;
  int n = GPOINTER_TO_INT (cloud_store_read_sync (store, count_rows, NULL, NULL, &error));

  g_assert_no_error (error);
  return n;
}

static void
add_ok (CloudStore *store, int id, Marker *marker)
{
  g_autoptr (GError) error = NULL;
  Row row = { id, marker };

  cloud_store_write_sync (store, add_row, &row, NULL, &error);
  g_assert_no_error (error);
}

/* ---- The other processes ---- */

/* Writes rows and tells each one through stdout once it is there. */
static int
child_write (const char *path, const char *marker_path, int first, int n)
{
  int fd = open (marker_path, O_RDWR | O_CLOEXEC);
  Marker *marker = mmap (NULL, sizeof *marker, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_autoptr (CloudStore) store = open_ok (path);

  for (int id = first; id < first + n; id++)
    {
      gint64 begin = g_get_monotonic_time (), took_us;

      add_ok (store, id, marker);
      marker->in_write = 0;
      took_us = g_get_monotonic_time () - begin;
      if (marker->shortest_us == 0 || took_us < marker->shortest_us)
        marker->shortest_us = took_us;
      if (write (STDOUT_FILENO, &id, sizeof id) != sizeof id)
        return 1;
    }
  return 0;
}

/* Makes room: the file system grows, or the limit goes. */
static void
make_room (const char *how, const char *dir)
{
  if (g_str_equal (how, "tmpfs"))
    g_assert_cmpint (mount ("none", dir, "tmpfs", MS_REMOUNT, "size=16m"), ==, 0);
  else
    {
      struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

      g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      limit.rlim_cur = limit.rlim_max;
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
    }
}

static void
make_small (const char *how, const char *dir)
{
  if (g_str_equal (how, "tmpfs"))
    {
      g_assert_cmpint (unshare (CLONE_NEWNS), ==, 0);
      g_assert_cmpint (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
      g_assert_cmpint (mount ("none", dir, "tmpfs", 0, "size=512k"), ==, 0);
    }
  else
    {
      struct rlimit limit;

      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      limit.rlim_cur = 400 * 1024;
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
    }
}

static int
child_full_disk (const char *how, const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "notes.db", NULL);
  g_autoptr (GError) error = NULL;
  CloudStore *store;
  int n = 0;

  make_small (how, dir);
  store = open_ok (path);
  while (error == NULL && n < 5000)
    {
      Row row = { n + 1, NULL };

      cloud_store_write_sync (store, add_row, &row, NULL, &error);
      n += error == NULL;
    }
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE);
  g_assert_cmpint (n, >, 20);
  g_assert_cmpint (count (store), ==, n);
  make_room (how, dir);
  for (int i = 0; i < 100; i++)
    add_ok (store, ++n, NULL);
  g_assert_cmpint (count (store), ==, n);
  g_object_unref (store);
  store = open_ok (path);
  g_assert_cmpint (count (store), ==, n);
  g_assert_null (cloud_store_get_damaged_path (store));
  g_object_unref (store);
  return 0;
}

static pid_t
spawn (int *out_fd, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const char *arg;
  GPid pid = 0;
  va_list args;

  g_ptr_array_add (argv, (gpointer) self_path);
  va_start (args, out_fd);
  while ((arg = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  g_spawn_async_with_pipes (NULL, (char **) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, out_fd, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

static void
assert_ends_well (pid_t pid)
{
  int status = 0;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* ---- Cases ---- */

typedef struct
{
  char *dir;
  char *path;
  char *marker_path;
  Marker *marker;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  int fd;

  f->dir = g_dir_make_tmp ("cloud-store-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "notes.db", NULL);
  f->marker_path = g_build_filename (f->dir, "marker", NULL);
  fd = open (f->marker_path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  g_assert_cmpint (ftruncate (fd, sizeof *f->marker), ==, 0);
  f->marker = mmap (NULL, sizeof *f->marker, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close (fd);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  munmap (f->marker, sizeof *f->marker);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (f->dir, name, NULL);

      g_unlink (file);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
  g_free (f->path);
  g_free (f->marker_path);
}

static gint64
elapsed_us (gint64 since)
{
  return g_get_monotonic_time () - since;
}

/* Collects acknowledgements until @limit_us after @start, or the end of the writer; FALSE at the end. */
static gboolean
read_acks (int fd, gint64 start, gint64 limit_us, GArray *acks)
{
  for (;;)
    {
      struct pollfd poll_fd = { fd, POLLIN, 0 };
      gint64 left_us = MAX (limit_us - elapsed_us (start), 0);
      struct timespec left = { left_us / G_USEC_PER_SEC, (left_us % G_USEC_PER_SEC) * 1000 };
      int rc = ppoll (&poll_fd, 1, &left, NULL), id;

      if (rc == 0)
        return TRUE;
      if (rc < 0)
        continue;
      if (read (fd, &id, sizeof id) != sizeof id)
        return FALSE;
      g_array_append_val (acks, id);
    }
}

/* Waits on for the writer to be inside a write, and then for @into_us; FALSE if the writer ended before.  Never asleep: where the disk is
 * memory, a write is over before a sleeper wakes. */
static gboolean
await_write (int fd, const Marker *marker, gint64 into_us, GArray *acks)
{
  gint64 since;

  while (!marker->in_write)
    if (!read_acks (fd, 0, 0, acks))
      return FALSE;
  since = g_get_monotonic_time ();
  while (elapsed_us (since) < into_us)
    ;
  return TRUE;
}

/* Plain SQLite, as any other program would see the file. */
static void
assert_whole_with (const char *path, GArray *acks)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpint (acks->len, ==, 0);
      return;
    }
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (stmt, 0), ==, "ok");
  sqlite3_finalize (stmt);
  if (acks->len > 0)
    {
      g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT 1 FROM note WHERE id = ?", -1, &stmt, NULL), ==, SQLITE_OK);
      for (guint i = 0; i < acks->len; i++)
        {
          sqlite3_bind_int (stmt, 1, g_array_index (acks, int, i));
          g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
          sqlite3_reset (stmt);
        }
      sqlite3_finalize (stmt);
    }
  sqlite3_close (db);
}

static void
test_killed (Fixture *f, gconstpointer unused)
{
  g_autoptr (GArray) acks = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree char *n_writes = g_strdup_printf ("%d", WRITES_PER_RUN);
  gint64 run_us = 300000;
  int write_us = 0; /* a part of what one write takes */
  int n_in_write = 0, n_killed = 0;
  int n_kills = g_getenv ("CIRRUS_TEST_KILLS") != NULL ? atoi (g_getenv ("CIRRUS_TEST_KILLS")) : N_KILLS;

  /* Run -1 is not killed and tells how long a run takes; an instant after the end of a run is drawn again.  Three of four instants
   * are moved on into the next write, to somewhere in it: however slow the machine, most kills then come inside one. */
  for (int run = -1; n_killed < n_kills; run++)
    {
      g_autofree char *first = g_strdup_printf ("%d", (run + 2) * 1000);
      gint64 start = g_get_monotonic_time ();
      gint64 limit_us = run < 0 ? 30 * G_USEC_PER_SEC : (gint64) (g_test_rand_double () * (double) run_us);
      int fd = -1, status = 0;
      pid_t pid = spawn (&fd, "--write", f->path, f->marker_path, first, n_writes, NULL);
      gboolean alive;

      f->marker->in_write = 0;
      alive = read_acks (fd, start, limit_us, acks);
      if (alive && run >= 0 && run % 4 != 0)
        alive = await_write (fd, f->marker, g_test_rand_int_range (0, MAX (write_us, 1)), acks);
      if (alive)
        kill (pid, SIGKILL);
      read_acks (fd, start, G_MAXINT64 / 2, acks);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      close (fd);
      if (run < 0)
        {
          g_assert_cmpint (acks->len, ==, WRITES_PER_RUN);
          run_us = elapsed_us (start);
          write_us = (int) MIN (f->marker->shortest_us / 2, 1000);
        }
      if (WIFSIGNALED (status))
        {
          n_killed++;
          n_in_write += f->marker->in_write;
        }
      assert_whole_with (f->path, acks);
    }
  g_test_message ("%d kills over %" G_GINT64_FORMAT " ms, %d inside a write, %u acknowledged writes, all there", n_killed, run_us / 1000,
                  n_in_write, acks->len);
  g_assert_cmpint (n_in_write * 2, >=, n_killed);
}

static void
on_changed (CloudStore *store, gboolean by_other, gpointer data)
{
  if (by_other)
    *(gint64 *) data = g_get_monotonic_time ();
}

static guint n_polls;

static int
counting_poll (GPollFD *fds, guint n, int timeout)
{
  n_polls++;
  return g_poll (fds, n, timeout);
}

static gboolean
on_time_out (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
let_pass_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time_out, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_seen_by_others (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path);
  gint64 seen_at = 0;
  int n_before = 0;

  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &seen_at);
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *first = g_strdup_printf ("%d", i + 1);
      g_autoptr (GArray) acks = g_array_new (FALSE, FALSE, sizeof (int));
      gint64 acked_at;
      int fd = -1;
      pid_t pid;

      let_pass_ms (600);
      seen_at = 0;
      pid = spawn (&fd, "--write", f->path, f->marker_path, first, "1", NULL);
      read_acks (fd, g_get_monotonic_time (), test_seconds_us (20), acks);
      acked_at = g_get_monotonic_time ();
      assert_ends_well (pid);
      close (fd);
      while (seen_at == 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (seen_at - acked_at, <, test_seconds_us (1));
      g_assert_cmpint (count (store), ==, ++n_before);
    }
}

static void
test_plain_program_seen (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path);
  gint64 seen_at = 0, written_at;
  sqlite3 *db = NULL;

  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &seen_at);
  let_pass_ms (600);
  g_assert_cmpint (seen_at, ==, 0);
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "INSERT INTO note (text) VALUES ('x')", NULL, NULL, NULL), ==, SQLITE_OK);
  written_at = g_get_monotonic_time ();
  while (seen_at == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (seen_at - written_at, <, test_seconds_us (1));
  sqlite3_close (db);
}

static void
test_asleep_when_idle (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path);

  add_ok (store, 1, NULL);
  let_pass_ms (1000);
  g_main_context_set_poll_func (NULL, counting_poll);
  n_polls = 0;
  let_pass_ms (2000);
  g_main_context_set_poll_func (NULL, NULL);
  /* The time-out of this test alone. */
  g_assert_cmpint (n_polls, <=, 3);
}

typedef enum
{
  FLIP_PAGES,
  FLIP_HEADER,
  TRUNCATE,
} Harm;

/* Keeps the descriptor: closing it would free SQLite's locks in this process. */
static void
harm_file (const char *path, Harm harm)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  gint64 size = lseek (fd, 0, SEEK_END);
  char junk[4096];

  for (gsize i = 0; i < sizeof junk; i++)
    junk[i] = (char) (i * 37 + 11);
  if (harm == FLIP_PAGES)
    for (int i = 0; i < 5; i++)
      g_assert_cmpint (pwrite (fd, junk, sizeof junk, size / 8192 * 4096 + i * 12288), ==, sizeof junk);
  else if (harm == FLIP_HEADER)
    g_assert_cmpint (pwrite (fd, junk, 100, 0), ==, 100);
  else
    g_assert_cmpint (ftruncate (fd, size / 8192 * 4096), ==, 0);
}

static void
fill (const char *path, int n)
{
  g_autoptr (CloudStore) store = open_ok (path);

  for (int id = 1; id <= n; id++)
    add_ok (store, id, NULL);
}

static void
test_rescue_at_open (Fixture *f, gconstpointer data)
{
  Harm harm = GPOINTER_TO_INT (data);
  g_autoptr (CloudStore) store = NULL;
  g_autofree char *damaged = NULL;
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  int n;

  fill (f->path, 200);
  harm_file (f->path, harm);
  /* As a killed process leaves it: with a log, so that the file is looked through. */
  if (harm == FLIP_PAGES)
    g_assert_true (g_file_set_contents (wal, "unfinished", -1, NULL));
  store = open_ok (f->path);
  damaged = g_strdup (cloud_store_get_damaged_path (store));
  g_assert_nonnull (damaged);
  g_assert_true (g_file_test (damaged, G_FILE_TEST_EXISTS));
  n = cloud_store_get_salvaged (store);
  g_test_message ("%d of 200 rows salvaged", n);
  g_assert_cmpint (n, >=, harm == FLIP_HEADER ? 200 : harm == FLIP_PAGES ? 100 : 1);
  g_assert_cmpint (count (store), ==, n);
  add_ok (store, 1000, NULL);
  g_clear_object (&store);
  store = open_ok (f->path);
  g_assert_null (cloud_store_get_damaged_path (store));
  g_assert_cmpint (count (store), ==, n + 1);
}

static void
on_rescued (CloudStore *store, const char *damaged_path, int salvaged, gpointer data)
{
  g_assert_true (g_file_test (damaged_path, G_FILE_TEST_EXISTS));
  *(int *) data = salvaged;
}

static void
test_rescue_in_use (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = NULL;
  g_autoptr (CloudStore) other = NULL;
  g_autoptr (GError) error = NULL;
  int salvaged = -1;

  fill (f->path, 200);
  store = open_ok (f->path);
  other = open_ok (f->path);
  g_signal_connect (store, "rescued", G_CALLBACK (on_rescued), &salvaged);
  harm_file (f->path, FLIP_PAGES);
  cloud_store_read_sync (store, count_rows, NULL, NULL, &error);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
  while (salvaged < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (salvaged, >=, 100);
  /* Both write to the new file, the one that did not notice as well. */
  add_ok (store, 1001, NULL);
  add_ok (other, 1002, NULL);
  g_assert_cmpint (count (store), ==, salvaged + 2);
  g_assert_cmpint (count (other), ==, salvaged + 2);
}

static void
test_full_disk (Fixture *f, gconstpointer how)
{
  assert_ends_well (spawn (NULL, "--full-disk", how, f->dir, NULL));
}

#define ADD(name, func, data) g_test_add ("/cloud/store/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  self_path = "/proc/self/exe";
  if (argc == 6 && g_str_equal (argv[1], "--write"))
    return child_write (argv[2], argv[3], atoi (argv[4]), atoi (argv[5]));
  if (argc == 4 && g_str_equal (argv[1], "--full-disk"))
    return child_full_disk (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  self_path = g_file_read_link ("/proc/self/exe", NULL);
  ADD ("acknowledged-writes-survive-kill", test_killed, NULL);
  ADD ("other-process-is-seen-within-a-second", test_seen_by_others, NULL);
  ADD ("plain-program-is-seen-within-a-second", test_plain_program_seen, NULL);
  ADD ("asleep-when-idle", test_asleep_when_idle, NULL);
  ADD ("rescue-of-flipped-pages", test_rescue_at_open, GINT_TO_POINTER (FLIP_PAGES));
  ADD ("rescue-of-flipped-header", test_rescue_at_open, GINT_TO_POINTER (FLIP_HEADER));
  ADD ("rescue-of-truncated-file", test_rescue_at_open, GINT_TO_POINTER (TRUNCATE));
  ADD ("rescue-while-in-use", test_rescue_in_use, NULL);
  ADD ("full-disk-by-limit-loses-nothing", test_full_disk, "rlimit");
  /* A file system of its own needs a right to mount. */
  if (geteuid () == 0)
    ADD ("full-file-system-loses-nothing", test_full_disk, "tmpfs");
  return g_test_run ();
}
