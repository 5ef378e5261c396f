/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-store-private.h"

#include "cloud-error.h"
#include "cloud-fts.h"
#include "cloud-text.h"
#include "cloud-time.h"

#include <string.h>

/* The schema; history, providers and kept answers.  Pages are in search-pages-store.c. */

#define HISTORY_MAX 1000
#define ANSWERS_MAX 500

struct _SearchStore
{
  CloudStore *store;
  GCancellable *ending; /* (nullable): of rebuilding the index */
  gulong rescued_id;
};

/* ---- Schema ---- */

static gboolean
add_wikipedia (sqlite3 *db, const char *language, GError **error)
{
  g_autofree char *url = g_strdup_printf ("https://%s.wikipedia.org/w/api.php", language);
  g_autofree char *name = strcmp (language, "zh") == 0 ? g_strdup ("维基百科") : g_strdup ("Wikipedia");
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR IGNORE INTO providers (kind, name, url) VALUES ('mediawiki', ?1, ?2)", error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, name);
  cloud_sql_bind_text (stmt, 2, url);
  return cloud_sql_run (stmt, error);
}

/* The first question on a fresh phone is answered without setting anything up. */
static gboolean
add_first_providers (sqlite3 *db, GError **error)
{
  static const char *const known[] = { "zh", "de", "fr", "es", "it", "ja", "ko", "ru", "pt", "pl", "nl", "ar", "vi", "sv", "uk" };
  const char *const *languages = g_get_language_names ();

  for (gsize i = 0; languages[i] != NULL; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
      if (strcmp (languages[i], known[k]) == 0)
        return add_wikipedia (db, known[k], error) && add_wikipedia (db, "en", error);
  return add_wikipedia (db, "en", error);
}

static gboolean
migrate_1 (sqlite3 *db, GError **error)
{
  static const char sql[] =
      "CREATE TABLE pages (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,"
      "  kinds TEXT NOT NULL, language TEXT, sounds TEXT NOT NULL, saved_us INTEGER NOT NULL);"
      "CREATE INDEX pages_saved ON pages (saved_us);"
      "CREATE VIRTUAL TABLE pages_fts USING fts5 (title, text, sounds, tokenize = 'cirrus', content = 'pages', content_rowid = 'id');"
      "CREATE TABLE history (folded TEXT PRIMARY KEY, text TEXT NOT NULL, sounds TEXT NOT NULL, used_us INTEGER NOT NULL,"
      "  uses INTEGER NOT NULL DEFAULT 1);"
      "CREATE INDEX history_used ON history (used_us);"
      "CREATE TABLE providers (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL UNIQUE,"
      "  index_offset INTEGER NOT NULL DEFAULT 1, page_offset INTEGER NOT NULL DEFAULT 1, enabled INTEGER NOT NULL DEFAULT 1);"
      "CREATE TABLE answers (provider INTEGER NOT NULL, folded TEXT NOT NULL,"
      "  results BLOB NOT NULL, fetched_us INTEGER NOT NULL, PRIMARY KEY (provider, folded));"
      "CREATE INDEX answers_fetched ON answers (fetched_us);";

  return cloud_sql_exec (db, sql, error) && cloud_index_store_create (db, "pages", error) && add_first_providers (db, error);
}

/* Titles are found in pinyin from any character on. */
static gboolean
migrate_2 (sqlite3 *db, GError **error)
{
  return search_pages_outdate (db, error);
}

static int
salvage (sqlite3 *db)
{
  int rows = cloud_sql_salvage_table (db, "pages", "id, url, title, text, kinds, language, sounds, saved_us")
             + cloud_sql_salvage_table (db, "history", "folded, text, sounds, used_us, uses");
  int before = sqlite3_total_changes (db);

  cloud_sql_exec (db, "INSERT OR REPLACE INTO providers SELECT * FROM damaged.providers", NULL);
  rows += sqlite3_total_changes (db) - before;
  search_pages_outdate (db, NULL);
  return rows;
}

static const CloudStoreMigrate migrations[] = { migrate_1, migrate_2 };
static const CloudStoreSchema schema = {
  .name = "search",
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
  .prepare = cloud_fts_register,
  .salvage = salvage,
  .durable = TRUE,
};

/* ---- Jobs ---- */

SearchJob *
search_job_new (const char *text, gint64 a, gint64 b)
{
  SearchJob *job = g_new0 (SearchJob, 1);

  job->text = g_strdup (text);
  job->a = a;
  job->b = b;
  return job;
}

void
search_job_free (gpointer data)
{
  SearchJob *job = data;

  g_free (job->text);
  g_clear_object (&job->object);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_free (job);
}

char *
search_store_sounds (const char *text)
{
  g_autofree char *full = NULL;
  g_autofree char *initials = NULL;

  if (!cloud_text_pinyin (text, -1, &full, &initials))
    return g_strdup ("");
  return g_strdup_printf ("%s %s", full, initials);
}

static SearchStore *
store_new (CloudStore *store)
{
  SearchStore *self;

  if (store == NULL)
    return NULL;
  self = g_atomic_rc_box_new0 (SearchStore);
  self->store = store;
  return self;
}

SearchStore *
search_store_open (const char *path, GError **error)
{
  return store_new (cloud_store_open (path, &schema, error));
}

void
search_store_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_open_async (path, &schema, cancellable, callback, user_data);
}

SearchStore *
search_store_open_finish (GAsyncResult *result, GError **error)
{
  return store_new (cloud_store_open_finish (result, error));
}

void
search_store_close (SearchStore *self)
{
  if (self == NULL)
    return;
  g_clear_signal_handler (&self->rescued_id, self->store);
  g_clear_object (&self->ending);
  cloud_store_close (self->store);
  search_store_unref (self);
}

SearchStore *
search_store_ref (SearchStore *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_store (gpointer data)
{
  g_object_unref (((SearchStore *) data)->store);
}

void
search_store_unref (SearchStore *self)
{
  g_atomic_rc_box_release_full (self, clear_store);
}

CloudStore *
search_store_get_store (SearchStore *self)
{
  return self->store;
}

gint64
search_store_get_size_bytes (SearchStore *self)
{
  return cloud_store_get_size_bytes (self->store);
}

/* The store gives a cancelled reader what it has read already; here cancelled means cancelled, so that the caller may be gone. */
static gpointer
finish (GAsyncResult *result, GDestroyNotify drop, GError **error)
{
  gpointer value = g_task_propagate_pointer (G_TASK (result), error);

  if (value == NULL || !g_cancellable_set_error_if_cancelled (g_task_get_cancellable (G_TASK (result)), error))
    return value;
  if (drop != NULL)
    drop (value);
  return NULL;
}

GPtrArray *
search_store_list_finish (SearchStore *self, GAsyncResult *result, GError **error)
{
  return finish (result, (GDestroyNotify) g_ptr_array_unref, error);
}

GObject *
search_store_object_finish (SearchStore *self, GAsyncResult *result, GError **error)
{
  return finish (result, g_object_unref, error);
}

gboolean
search_store_done_finish (SearchStore *self, GAsyncResult *result, GError **error)
{
  return finish (result, NULL, error) != NULL;
}

static void
on_index_rebuilt (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cloud_index_rebuild_finish (CLOUD_STORE (source), result, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("The index of saved pages is not up to date: %s", error->message);
}

static void
rebuild (SearchStore *self)
{
  cloud_index_rebuild_async (self->store, &search_pages_index, self->ending, on_index_rebuilt, NULL);
}

void
search_store_rebuild_index (SearchStore *self, GCancellable *cancellable)
{
  g_set_object (&self->ending, cancellable);
  if (self->rescued_id == 0)
    self->rescued_id = g_signal_connect_swapped (self->store, "rescued", G_CALLBACK (rebuild), self);
  rebuild (self);
}

/* ---- History ---- */

static gpointer
add_history_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  g_autofree char *folded = cloud_text_fold (job->text, -1);
  g_autofree char *sounds = search_store_sounds (job->text);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT INTO history (folded, text, sounds, used_us) VALUES (?1, ?2, ?3, ?4) "
                                              "ON CONFLICT (folded) DO UPDATE SET text = ?2, used_us = ?4, uses = uses + 1", error);
  sqlite3_stmt *trim = cloud_sql_prepare (
      db, "DELETE FROM history WHERE used_us < (SELECT used_us FROM history ORDER BY used_us DESC LIMIT 1 OFFSET ?1)", error);

  if (stmt == NULL || trim == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, folded[0] != '\0' ? folded : job->text);
  cloud_sql_bind_text (stmt, 2, job->text);
  cloud_sql_bind_text (stmt, 3, sounds);
  sqlite3_bind_int64 (stmt, 4, cloud_time_now_unix_us ());
  sqlite3_bind_int (trim, 1, HISTORY_MAX);
  return cloud_sql_run (stmt, error) && cloud_sql_run (trim, error) ? SEARCH_DONE : NULL;
}

void
search_store_add_history_async (SearchStore *self, const char *text, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_write_async (self->store, add_history_job, search_job_new (text, 0, 0), search_job_free, NULL, NULL, callback, user_data);
}

static gpointer
remove_history_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "DELETE FROM history WHERE text = ?1", error);

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, ((SearchJob *) data)->text);
  return cloud_sql_run (stmt, error) ? SEARCH_DONE : NULL;
}

void
search_store_remove_history_async (SearchStore *self, const char *text, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_write_async (self->store, remove_history_job, search_job_new (text, 0, 0), search_job_free, NULL, NULL, callback, user_data);
}

static gpointer
clear_history_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "DELETE FROM history WHERE used_us >= ?1", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, ((SearchJob *) data)->a);
  return cloud_sql_run (stmt, error) ? SEARCH_DONE : NULL;
}

void
search_store_clear_history_async (SearchStore *self, gint64 since_unix_us, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_write_async (self->store, clear_history_job, search_job_new (NULL, since_unix_us, 0), search_job_free, NULL, NULL, callback,
                           user_data);
}

/* Prefixes are compared by range: from the prefix to the prefix followed by the last character there is. */
static gpointer
list_history_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  g_autofree char *folded = cloud_text_fold (job->text, -1);
  g_autofree char *after = g_strconcat (folded, "\364\217\277\277", NULL);
  g_autofree char *initials = g_strdup_printf ("%% %s%%", folded);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT text FROM history WHERE (folded >= ?1 AND folded < ?2) OR (sounds >= ?1 AND sounds < ?2 AND "
                                              "sounds != '') OR (?1 != '' AND sounds LIKE ?3) ORDER BY used_us DESC LIMIT ?4", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, folded);
  cloud_sql_bind_text (stmt, 2, after);
  cloud_sql_bind_text (stmt, 3, initials);
  sqlite3_bind_int64 (stmt, 4, job->a);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (texts, cloud_sql_column_text (stmt, 0));
  return rc == SQLITE_DONE ? g_steal_pointer (&texts) : NULL;
}

void
search_store_list_history_async (SearchStore *self, const char *prefix, guint limit, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_read_async (self->store, list_history_job, search_job_new (prefix, limit, 0), search_job_free,
                          (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/* ---- Providers ---- */

static SearchProvider *
provider_from_row (sqlite3_stmt *stmt)
{
  SearchProviderKind kind = SEARCH_PROVIDER_OPENSEARCH;

  search_provider_kind_from_name ((const char *) sqlite3_column_text (stmt, 1), &kind);
  return search_provider_new (sqlite3_column_int64 (stmt, 0), kind, (const char *) sqlite3_column_text (stmt, 2),
                              (const char *) sqlite3_column_text (stmt, 3), sqlite3_column_int (stmt, 4), sqlite3_column_int (stmt, 5),
                              sqlite3_column_int (stmt, 6) != 0);
}

static gpointer
list_providers_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) providers = g_ptr_array_new_with_free_func (g_object_unref);
  sqlite3_stmt *stmt =
      cloud_sql_prepare (db, "SELECT id, kind, name, url, index_offset, page_offset, enabled FROM providers ORDER BY id", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (providers, provider_from_row (stmt));
  return rc == SQLITE_DONE ? g_steal_pointer (&providers) : NULL;
}

void
search_store_list_providers_async (SearchStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_read_async (self->store, list_providers_job, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

static gpointer
add_provider_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchProvider *provider = ((SearchJob *) data)->object;
  sqlite3_stmt *stmt = cloud_sql_prepare (
      db, "INSERT INTO providers (kind, name, url, index_offset, page_offset) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (url) DO UPDATE SET "
          "kind = ?1, name = ?2, index_offset = ?4, page_offset = ?5, enabled = 1 RETURNING id", error);
  gint64 id;

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, search_provider_kind_name (search_provider_get_kind (provider)));
  cloud_sql_bind_text (stmt, 2, search_provider_get_name (provider));
  cloud_sql_bind_text (stmt, 3, search_provider_get_url (provider));
  sqlite3_bind_int (stmt, 4, search_provider_get_index_offset (provider));
  sqlite3_bind_int (stmt, 5, search_provider_get_page_offset (provider));
  if (cloud_sql_step (stmt, error) != SQLITE_ROW)
    return NULL;
  id = sqlite3_column_int64 (stmt, 0);
  if (cloud_sql_step (stmt, error) == SQLITE_ERROR)
    return NULL;
  sqlite3_reset (stmt);
  return search_provider_new (id, search_provider_get_kind (provider), search_provider_get_name (provider), search_provider_get_url (provider),
                              search_provider_get_index_offset (provider), search_provider_get_page_offset (provider), TRUE);
}

void
search_store_add_provider_async (SearchStore *self, SearchProvider *provider, GAsyncReadyCallback callback, gpointer user_data)
{
  SearchJob *job = search_job_new (NULL, 0, 0);

  job->object = g_object_ref (provider);
  cloud_store_write_async (self->store, add_provider_job, job, search_job_free, g_object_unref, NULL, callback, user_data);
}

static gpointer
remove_provider_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  static const char *const statements[] = { "DELETE FROM answers WHERE provider = ?1", "DELETE FROM providers WHERE id = ?1" };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, statements[i], error);

      if (stmt == NULL)
        return NULL;
      sqlite3_bind_int64 (stmt, 1, ((SearchJob *) data)->a);
      if (!cloud_sql_run (stmt, error))
        return NULL;
    }
  if (sqlite3_changes (db) == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no such provider");
      return NULL;
    }
  return SEARCH_DONE;
}

void
search_store_remove_provider_async (SearchStore *self, gint64 id, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_write_async (self->store, remove_provider_job, search_job_new (NULL, id, 0), search_job_free, NULL, NULL, callback, user_data);
}

static gpointer
enable_provider_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE providers SET enabled = ?2 WHERE id = ?1", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, job->a);
  sqlite3_bind_int64 (stmt, 2, job->b);
  return cloud_sql_run (stmt, error) ? SEARCH_DONE : NULL;
}

void
search_store_enable_provider_async (SearchStore *self, gint64 id, gboolean enabled, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_write_async (self->store, enable_provider_job, search_job_new (NULL, id, enabled), search_job_free, NULL, NULL, callback,
                           user_data);
}

/* ---- Answers ---- */

static gpointer
keep_answer_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  g_autofree char *folded = cloud_text_fold (job->text, -1);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR REPLACE INTO answers (provider, folded, results, fetched_us) VALUES (?1, ?2, ?3, ?4)",
                                          error);
  sqlite3_stmt *trim = cloud_sql_prepare (
      db, "DELETE FROM answers WHERE fetched_us < (SELECT fetched_us FROM answers ORDER BY fetched_us DESC LIMIT 1 OFFSET ?1)", error);

  if (stmt == NULL || trim == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, job->a);
  cloud_sql_bind_text (stmt, 2, folded);
  cloud_sql_bind_bytes (stmt, 3, job->bytes);
  sqlite3_bind_int64 (stmt, 4, cloud_time_now_unix_us ());
  sqlite3_bind_int (trim, 1, ANSWERS_MAX);
  return cloud_sql_run (stmt, error) && cloud_sql_run (trim, error) ? SEARCH_DONE : NULL;
}

void
search_store_keep_answer_async (SearchStore *self, gint64 provider_id, const char *text, const GPtrArray *results)
{
  SearchJob *job = search_job_new (text, provider_id, 0);

  job->bytes = search_results_to_bytes (results);
  cloud_store_write_async (self->store, keep_answer_job, job, search_job_free, NULL, NULL, NULL, NULL);
}

static gpointer
load_answer_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  SearchProvider *provider = job->object;
  g_autofree char *folded = cloud_text_fold (job->text, -1);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT results, fetched_us FROM answers WHERE provider = ?1 AND folded = ?2", error);
  GPtrArray *results = NULL;
  int rc;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, search_provider_get_id (provider));
  cloud_sql_bind_text (stmt, 2, folded);
  rc = cloud_sql_step (stmt, error);
  if (rc == SQLITE_ROW)
    {
      g_autoptr (GBytes) bytes = cloud_sql_column_bytes (stmt, 0);

      *job->out = sqlite3_column_int64 (stmt, 1);
      results = search_results_from_bytes (bytes, search_provider_get_name (provider));
      sqlite3_reset (stmt);
    }
  else if (rc == SQLITE_DONE)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No answer is kept");
  return results;
}

void
search_store_load_answer_async (SearchStore *self, SearchProvider *provider, const char *text, gint64 *fetched_unix_us,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  SearchJob *job = search_job_new (text, 0, 0);

  job->object = g_object_ref (provider);
  job->out = fetched_unix_us;
  cloud_store_read_async (self->store, load_answer_job, job, search_job_free, (GDestroyNotify) g_ptr_array_unref, cancellable, callback,
                          user_data);
}

static gpointer
clear_answers_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return cloud_sql_exec (db, "DELETE FROM answers", error) ? SEARCH_DONE : NULL;
}

void
search_store_clear_answers_async (SearchStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_clear_async (self->store, clear_answers_job, NULL, NULL, callback, user_data);
}

/* A blob's length stands in its row's header: the answers themselves are not read. */
static gpointer
measure_answers_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT coalesce (sum (length (results) + length (folded)), 0) FROM answers", error);

  if (stmt == NULL || cloud_sql_step (stmt, error) != SQLITE_ROW)
    return NULL;
  *(gint64 *) data = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return SEARCH_DONE;
}

gint64
search_store_measure_answers_sync (SearchStore *self)
{
  g_autoptr (GError) error = NULL;
  gint64 bytes = 0;

  if (cloud_store_read_sync (self->store, measure_answers_job, &bytes, NULL, &error) == NULL)
    g_message ("Storage: %s", error->message);
  return bytes;
}
