/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-error.h"
#include "cloud-store.h"

#include <glib/gstdio.h>

#include <sys/stat.h>

/* The store within one process: migrations, transactions, readers, rescue. */

typedef struct
{
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->dir = g_dir_make_tmp ("cloud-store-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "notes.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (f->dir, name, NULL);

      g_assert_cmpint (g_unlink (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->dir);
  g_free (f->path);
}

/* ---- A schema with a history: version 1 notes, version 2 a colour, version 3 tags of their own ---- */

static gboolean
to_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, tags TEXT NOT NULL DEFAULT '')", error);
}

static gboolean
to_2 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "ALTER TABLE note ADD COLUMN colour TEXT NOT NULL DEFAULT 'yellow'", error);
}

static gboolean
to_3 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db,
                         "CREATE TABLE tag (note INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (note, name)) WITHOUT ROWID;"
                         "INSERT INTO tag SELECT id, tags FROM note WHERE tags != '';"
                         "ALTER TABLE note DROP COLUMN tags",
                         error);
}

static const CloudStoreMigrate migrations[] = { to_1, to_2, to_3 };

static int
salvage (sqlite3 *db)
{
  return cloud_sql_salvage_table (db, "note", "id, text, colour");
}

static const CloudStoreSchema schema = { "notes", migrations, G_N_ELEMENTS (migrations), NULL, salvage, FALSE };
static const CloudStoreSchema schema_of_old = { "notes", migrations, 1, NULL, NULL, FALSE };

/* ---- Jobs ---- */

static gpointer
add_notes (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  int n = GPOINTER_TO_INT (data);

  for (int i = 0; i < n; i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT INTO note (text) VALUES (printf ('note %d %s', ?, hex (randomblob (60))))", error);

      if (stmt == NULL)
        return NULL;
      sqlite3_bind_int (stmt, 1, i);
      if (!cloud_sql_run (stmt, error))
        return NULL;
    }
  return GINT_TO_POINTER (n);
}

static gpointer
add_then_fail (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  add_notes (db, data, cancellable, error);
  g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "on purpose");
  return NULL;
}

static gpointer
count_notes (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT count(*) FROM note", error);
  int n = 0;

  if (stmt != NULL && cloud_sql_step (stmt, error) == SQLITE_ROW)
    n = sqlite3_column_int (stmt, 0);
  return GINT_TO_POINTER (n);
}

static gpointer
read_text (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, data, error);

  return stmt != NULL && cloud_sql_step (stmt, error) == SQLITE_ROW ? cloud_sql_column_text (stmt, 0) : NULL;
}

static gpointer
run_sql (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  cloud_sql_exec (db, data, error);
  return NULL;
}

static CloudStore *
open_ok (const char *path, const CloudStoreSchema *with)
{
  g_autoptr (GError) error = NULL;
  CloudStore *store = cloud_store_open (path, with, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

static void
write_ok (CloudStore *store, CloudStoreFunc func, gpointer data)
{
  g_autoptr (GError) error = NULL;

  cloud_store_write_sync (store, func, data, NULL, &error);
  g_assert_no_error (error);
}

static int
count (CloudStore *store)
{
  g_autoptr (GError) error = NULL;
  int n = GPOINTER_TO_INT (cloud_store_read_sync (store, count_notes, NULL, NULL, &error));

  g_assert_no_error (error);
  return n;
}

static char *
text_of (CloudStore *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  char *text = cloud_store_read_sync (store, read_text, (gpointer) sql, NULL, &error);

  g_assert_no_error (error);
  return text;
}

/* ---- Cases ---- */

static void
test_private_and_kept (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  struct stat st;

  write_ok (store, add_notes, GINT_TO_POINTER (3));
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (cloud_store_get_size_bytes (store), >, 4096);
  g_assert_null (cloud_store_get_damaged_path (store));
  g_clear_object (&store);
  store = open_ok (f->path, &schema);
  g_assert_cmpint (count (store), ==, 3);
}

static void
test_rollback (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  g_autoptr (GError) error = NULL;

  write_ok (store, add_notes, GINT_TO_POINTER (2));
  cloud_store_write_sync (store, add_then_fail, GINT_TO_POINTER (5), NULL, &error);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
  g_assert_cmpint (count (store), ==, 2);
}

/* Loads the dump of a former schema's database, as that version left it. */
static void
load_dump (const char *path, const char *name)
{
  g_autofree char *file = g_test_build_filename (G_TEST_DIST, "data", "store", name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  g_file_get_contents (file, &sql, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_migrations (Fixture *f, gconstpointer dump)
{
  g_autoptr (CloudStore) store = NULL;
  g_autofree char *version = NULL;
  g_autofree char *texts = NULL;
  g_autofree char *tags = NULL;
  g_autofree char *colour = NULL;

  load_dump (f->path, dump);
  store = open_ok (f->path, &schema);
  version = text_of (store, "PRAGMA user_version");
  texts = text_of (store, "SELECT group_concat(text, '|') FROM note");
  tags = text_of (store, "SELECT group_concat(note || name, '|') FROM tag");
  colour = text_of (store, "SELECT group_concat(colour, '|') FROM note");
  g_assert_cmpstr (version, ==, "3");
  g_assert_cmpstr (texts, ==, "buy rice|买米");
  g_assert_cmpstr (tags, ==, "1shopping");
  g_assert_cmpstr (colour, ==, strstr (dump, "v1") != NULL ? "yellow|yellow" : "yellow|blue");
}

static gboolean
broken_migration (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "CREATE TABLE half (a)", error) && cloud_sql_exec (db, "ALTER TABLE missing ADD COLUMN b", error);
}

static void
test_failed_migration (Fixture *f, gconstpointer unused)
{
  static const CloudStoreMigrate with_broken[] = { to_1, broken_migration };
  static const CloudStoreSchema broken = { "notes", with_broken, 2, NULL, NULL, FALSE };
  g_autoptr (CloudStore) store = open_ok (f->path, &schema_of_old);
  g_autoptr (CloudStore) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *half = NULL;

  write_ok (store, run_sql, (gpointer) "INSERT INTO note (text) VALUES ('kept')");
  g_clear_object (&store);
  none = cloud_store_open (f->path, &broken, &error);
  g_assert_null (none);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
  store = open_ok (f->path, &schema_of_old);
  g_assert_cmpint (count (store), ==, 1);
  half = text_of (store, "SELECT name FROM sqlite_schema WHERE name = 'half'");
  g_assert_null (half);
}

static void
test_newer_refused (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  g_autoptr (CloudStore) none = NULL;
  g_autoptr (GError) error = NULL;

  write_ok (store, add_notes, GINT_TO_POINTER (1));
  g_clear_object (&store);
  none = cloud_store_open (f->path, &schema_of_old, &error);
  g_assert_null (none);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "update Cirrus"));
  store = open_ok (f->path, &schema);
  g_assert_cmpint (count (store), ==, 1);
}

/* Two readers meet each other inside their jobs: neither could return alone. */
typedef struct
{
  GMutex lock;
  GCond cond;
  int inside;
} Meeting;

static gpointer
meet (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Meeting *meeting = data;
  gint64 until = g_get_monotonic_time () + test_seconds_us (5);

  g_mutex_lock (&meeting->lock);
  meeting->inside++;
  g_cond_broadcast (&meeting->cond);
  while (meeting->inside < 2 && g_cond_wait_until (&meeting->cond, &meeting->lock, until))
    ;
  g_mutex_unlock (&meeting->lock);
  return count_notes (db, NULL, cancellable, error);
}

typedef struct
{
  int pending;
  int sum;
  GError *error;
} Answers;

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Answers *answers = data;

  answers->sum += GPOINTER_TO_INT (cloud_store_read_finish (CLOUD_STORE (source), result, &answers->error));
  g_assert_no_error (answers->error);
  answers->pending--;
}

static void
test_parallel_readers (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  Meeting meeting = { 0 };
  Answers answers = { .pending = 2 };

  write_ok (store, add_notes, GINT_TO_POINTER (7));
  for (int i = 0; i < 2; i++)
    cloud_store_read_async (store, meet, &meeting, NULL, NULL, NULL, on_read, &answers);
  while (answers.pending > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (meeting.inside, ==, 2);
  g_assert_cmpint (answers.sum, ==, 14);
}

static void
on_cancelled_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GError **error = data;

  cloud_store_read_finish (CLOUD_STORE (source), result, error);
}

static gpointer
endless_read (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_cancellable_cancel (cancellable);
  cloud_sql_exec (db, "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c", error);
  return NULL;
}

static void
test_cancelled_reads (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      /* The first is cancelled while it runs, the second before it begins. */
      cloud_store_read_async (store, endless_read, NULL, NULL, NULL, cancellable, on_cancelled_read, &error);
      while (error == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_assert_cmpint (count (store), ==, 0);
}

static void
on_changed (CloudStore *store, gboolean by_other, gpointer data)
{
  int *n = data;

  g_assert_false (by_other);
  (*n)++;
}

static gboolean
on_time_out (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
test_changed_is_gathered (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  gboolean over = FALSE;
  int n_changed = 0;

  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &n_changed);
  for (int i = 0; i < 100; i++)
    write_ok (store, add_notes, GINT_TO_POINTER (1));
  g_timeout_add (700, on_time_out, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (n_changed, >=, 1);
  g_assert_cmpint (n_changed, <=, 3);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(CloudStore **) data = cloud_store_open_finish (result, &error);
  g_assert_no_error (error);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  cloud_store_write_finish (CLOUD_STORE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
test_async (Fixture *f, gconstpointer unused)
{
  CloudStore *store = NULL;
  gboolean written = FALSE;

  cloud_store_open_async (f->path, &schema, NULL, on_opened, &store);
  while (store == NULL)
    g_main_context_iteration (NULL, TRUE);
  cloud_store_write_async (store, add_notes, GINT_TO_POINTER (4), NULL, NULL, NULL, on_written, &written);
  /* The job alone keeps the store. */
  g_object_unref (store);
  while (!written)
    g_main_context_iteration (NULL, TRUE);
  store = open_ok (f->path, &schema);
  g_assert_cmpint (count (store), ==, 4);
  g_object_unref (store);
}

static void
put_notes (CloudStore *store)
{
  for (int i = 0; i < 20; i++)
    write_ok (store, add_notes, GINT_TO_POINTER (1000));
  write_ok (store, run_sql, (gpointer) "DELETE FROM note WHERE id % 100 != 0");
}

/* Another process reads the file meanwhile. */
static void
test_shrink (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  g_autoptr (CloudStore) other = open_ok (f->path, &schema);
  g_autoptr (GError) error = NULL;
  gint64 before;

  put_notes (store);
  g_assert_cmpint (count (other), ==, 200);
  before = cloud_store_get_size_bytes (store);
  g_assert_true (cloud_store_shrink_sync (store, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (cloud_store_get_size_bytes (store), <, before / 10);
  g_assert_cmpint (count (other), ==, 200);
  g_assert_cmpint (count (store), ==, 200);
  write_ok (other, add_notes, GINT_TO_POINTER (1));
  g_assert_cmpint (count (store), ==, 201);
}

/* A file from before databases were made for it. */
static void
test_shrink_old (Fixture *f, gconstpointer dump)
{
  g_autoptr (CloudStore) store = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;
  int n;

  load_dump (f->path, dump);
  store = open_ok (f->path, &schema);
  n = count (store);
  write_ok (store, run_sql, (gpointer) "UPDATE note SET id = id * 100");
  put_notes (store);
  before = cloud_store_get_size_bytes (store);
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (cloud_store_shrink_sync (store, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (cloud_store_get_size_bytes (store), <, before / 10);
      g_assert_cmpint (count (store), >=, 200 + n - 1);
      /* From now on it is one of the others. */
      if (i == 0)
        put_notes (store);
    }
}

static void
on_shrunk (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (cloud_store_shrink_finish (CLOUD_STORE (source), result, &error));
  g_assert_no_error (error);
  g_main_loop_quit (user_data);
}

static void
test_shrink_async (Fixture *f, gconstpointer unused)
{
  g_autoptr (CloudStore) store = open_ok (f->path, &schema);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gint64 before;

  put_notes (store);
  before = cloud_store_get_size_bytes (store);
  cloud_store_shrink_async (store, NULL, on_shrunk, loop);
  g_main_loop_run (loop);
  g_assert_cmpint (cloud_store_get_size_bytes (store), <, before / 10);
  g_assert_cmpint (count (store), ==, 200);
}

#define ADD(name, func) g_test_add ("/cloud/store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("files-are-private-and-rows-kept", test_private_and_kept);
  ADD ("failed-job-leaves-nothing", test_rollback);
  g_test_add ("/cloud/store/migrates-dump-of-version-1", Fixture, "notes-v1.sql", set_up, test_migrations, tear_down);
  g_test_add ("/cloud/store/migrates-dump-of-version-2", Fixture, "notes-v2.sql", set_up, test_migrations, tear_down);
  ADD ("failed-migration-leaves-the-former-version", test_failed_migration);
  ADD ("newer-version-is-refused-with-advice", test_newer_refused);
  ADD ("readers-run-in-parallel", test_parallel_readers);
  ADD ("cancelled-reads-stop", test_cancelled_reads);
  ADD ("changed-is-gathered", test_changed_is_gathered);
  ADD ("async-open-and-write", test_async);
  ADD ("shrinks-beside-another-process", test_shrink);
  g_test_add ("/cloud/store/shrinks-a-file-of-former-times", Fixture, "notes-v2.sql", set_up, test_shrink_old, tear_down);
  ADD ("shrinks-without-waiting", test_shrink_async);
  return g_test_run ();
}
