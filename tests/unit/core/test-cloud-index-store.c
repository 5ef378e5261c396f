/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fts.h"
#include "cloud-index-store.h"

#include <glib/gstdio.h>

/* A table of notes with an index, as an app has one, whose index an older version of the pipeline made. */

#define N_NOTES 500

static gboolean
migrate_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
                             "CREATE VIRTUAL TABLE notes_fts USING fts5 (text, tokenize = 'cirrus', content = '')", error) &&
         cloud_index_store_create (db, "notes", error);
}

static const CloudStoreMigrate migrations[] = { migrate_1 };
static const CloudStoreSchema schema = { "notes", migrations, 1, cloud_fts_register, NULL, FALSE };

static gboolean
clear_notes (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "INSERT INTO notes_fts (notes_fts) VALUES ('delete-all')", error);
}

static gint64
add_notes_after (sqlite3 *db, gint64 after, guint limit, GError **error)
{
  sqlite3_stmt *last = cloud_sql_prepare (db, "SELECT max (id) FROM (SELECT id FROM notes WHERE id > ?1 ORDER BY id LIMIT ?2)", error);
  sqlite3_stmt *add = cloud_sql_prepare (db, "INSERT INTO notes_fts (rowid, text) SELECT id, text FROM notes WHERE id > ?1 AND id <= ?2", error);
  gint64 to;

  g_assert_true (last != NULL && add != NULL);
  sqlite3_bind_int64 (last, 1, after);
  sqlite3_bind_int (last, 2, limit);
  g_assert_cmpint (cloud_sql_step (last, error), ==, SQLITE_ROW);
  to = sqlite3_column_int64 (last, 0);
  sqlite3_reset (last);
  sqlite3_bind_int64 (add, 1, after);
  sqlite3_bind_int64 (add, 2, to);
  return cloud_sql_run (add, error) ? to : -1;
}

static const CloudIndexSpec spec = { "notes", clear_notes, add_notes_after };

static gpointer
fill_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  for (int i = 1; i <= N_NOTES; i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO notes VALUES (%d, 'note %d 渡轮')", i, i);

      g_assert_true (cloud_sql_exec (db, sql, error));
    }
  return GINT_TO_POINTER (1);
}

static gpointer
age_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_assert_true (cloud_sql_exec (db, "INSERT INTO notes_fts (rowid, text) VALUES (1, 'as an old pipeline did'); UPDATE cloud_index SET version = 0",
                                 error));
  g_assert_false (cloud_index_store_is_current (db, "notes"));
  g_assert_true (cloud_index_store_covers (db, "notes", 400));
  return GINT_TO_POINTER (1);
}

static gpointer
count_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT count(*) FROM notes_fts WHERE notes_fts MATCH ?1", error);
  int n;

  cloud_sql_bind_text (stmt, 1, data);
  g_assert_cmpint (cloud_sql_step (stmt, error), ==, SQLITE_ROW);
  n = sqlite3_column_int (stmt, 0);
  sqlite3_reset (stmt);
  return GINT_TO_POINTER (n + 1);
}

static int
count (CloudStore *store, const char *match)
{
  return GPOINTER_TO_INT (cloud_store_read_sync (store, count_job, (gpointer) match, NULL, NULL)) - 1;
}

static gpointer
state_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (1 | (cloud_index_store_is_current (db, "notes") ? 2 : 0) | (cloud_index_store_covers (db, "notes", 150) ? 4 : 0) |
                          (cloud_index_store_covers (db, "notes", N_NOTES) ? 8 : 0));
}

static int
state (CloudStore *store)
{
  return GPOINTER_TO_INT (cloud_store_read_sync (store, state_job, NULL, NULL, NULL));
}

static void
on_rebuilt (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean done = cloud_index_rebuild_finish (CLOUD_STORE (source), result, &error);

  *(int *) user_data = done ? 1 : g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? 2 : 3;
}

static int
rebuild (CloudStore *store, GCancellable *cancellable)
{
  int outcome = 0;

  cloud_index_rebuild_async (store, &spec, cancellable, on_rebuilt, &outcome);
  while (outcome == 0)
    g_main_context_iteration (NULL, TRUE);
  return outcome;
}

static CloudStore *
open_store (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "notes.db", NULL);
  g_autoptr (GError) error = NULL;
  CloudStore *store = cloud_store_open (path, &schema, &error);

  g_assert_no_error (error);
  return store;
}

static void
remove_dir (const char *dir)
{
  g_spawn_sync (NULL, (char *[]) { "rm", "-r", (char *) dir, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
test_rebuild (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cirrus-index-XXXXXX", NULL);
  g_autoptr (CloudStore) store = open_store (dir);

  g_assert_cmpint (rebuild (store, NULL), ==, 1);
  g_assert_cmpint (count (store, "\"渡轮\""), ==, 0); /* current: nothing was done */
  cloud_store_write_sync (store, fill_job, NULL, NULL, NULL);
  cloud_store_write_sync (store, age_job, NULL, NULL, NULL);
  g_assert_cmpint (rebuild (store, NULL), ==, 1);
  g_assert_cmpint (count (store, "\"渡轮\""), ==, N_NOTES);
  g_assert_cmpint (count (store, "\"pipeline\""), ==, 0);
  g_assert_cmpint (state (store), ==, 15);
  remove_dir (dir);
}

static void
test_goes_on (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cirrus-index-XXXXXX", NULL);
  g_autoptr (CloudStore) store = open_store (dir);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  int outcome = 0;

  cloud_store_write_sync (store, fill_job, NULL, NULL, NULL);
  cloud_store_write_sync (store, age_job, NULL, NULL, NULL);
  /* Ended in the middle, as when the process is: by hand one clearing and one batch, then the end. */
  cloud_index_rebuild_async (store, &spec, cancellable, on_rebuilt, &outcome);
  while (count (store, "\"渡轮\"") == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  while (outcome == 0)
    g_main_context_iteration (NULL, TRUE);
  if (outcome == 2)
    {
      g_assert_cmpint (count (store, "\"渡轮\""), <, N_NOTES);
      g_assert_cmpint (state (store) & 2, ==, 0);
      g_assert_cmpint (state (store) & 4, ==, 4);
      g_assert_cmpint (state (store) & 8, ==, 0);
    }
  g_clear_object (&store);
  store = open_store (dir);
  g_assert_cmpint (rebuild (store, NULL), ==, 1);
  g_assert_cmpint (count (store, "\"渡轮\""), ==, N_NOTES);
  remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/index/rebuilds-when-the-pipeline-changed", test_rebuild);
  g_test_add_func ("/cloud/index/goes-on-after-being-ended", test_goes_on);
  return g_test_run ();
}
