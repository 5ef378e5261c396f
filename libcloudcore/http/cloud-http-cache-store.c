/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-http"

#include "cloud-http-cache.h"

#include "cloud-error.h"
#include "cloud-store.h"
#include "cloud-time.h"

#include <string.h>

/* The table of stored answers.  The sum of their sizes is kept by triggers, so that the bound costs no scan.  Uses of rows are
 * gathered in memory and written with the next change: reading a page from the cache writes nothing. */

#define ROW_OVERHEAD_BYTES 512
#define VARIANTS_MAX 32

struct _CloudHttpCache
{
  gatomicrefcount refs;
  char *path;
  gint64 max_bytes;
  CloudStore *store; /* NULL until it is open, or if it cannot be */
  gboolean opening;
  gboolean freed;
  gboolean write_failed;
  GQueue waiting;      /* Job, until the store is open */
  GHashTable *touched; /* gint64* id -> gint64* unix_us */
  gint64 bytes;
};

/* What one call carries to the store's thread and back. */
typedef struct _Job Job;
struct _Job
{
  CloudHttpCache *cache;
  CloudStoreFunc func;
  gboolean is_read;
  gboolean is_clear;
  char *account;
  char *url;
  GStrv urls;
  CloudHttpHeaders *request_headers;
  CloudHttpStored *stored;
  GHashTable *touched;
  gint64 max_bytes;
  CloudHttpCacheFound found;
  CloudHttpCacheDone done;
  GTask *task;
  gpointer data;
  /* back */
  CloudHttpStored *result;
  gint64 bytes;
};

static void cache_unref (CloudHttpCache *self);

/* ---- On the store's threads ---- */

static gboolean
migrate_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (
      db,
      "CREATE TABLE answer (id INTEGER PRIMARY KEY, account TEXT NOT NULL, url TEXT NOT NULL, vary TEXT NOT NULL,"
      "  status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL, request_us INTEGER NOT NULL,"
      "  response_us INTEGER NOT NULL, used_us INTEGER NOT NULL, bytes INTEGER NOT NULL,"
      "  UNIQUE (url, account, vary));"
      "CREATE INDEX answer_by_use ON answer (used_us, bytes);"
      "CREATE TABLE total (bytes INTEGER NOT NULL);"
      "INSERT INTO total VALUES (0);"
      "CREATE TRIGGER answer_in AFTER INSERT ON answer BEGIN UPDATE total SET bytes = bytes + new.bytes; END;"
      "CREATE TRIGGER answer_out AFTER DELETE ON answer BEGIN UPDATE total SET bytes = bytes - old.bytes; END;"
      "CREATE TRIGGER answer_size AFTER UPDATE OF bytes ON answer BEGIN"
      "  UPDATE total SET bytes = bytes + new.bytes - old.bytes; END;",
      error);
}

static const CloudStoreMigrate migrations[] = { migrate_1 };

static const CloudStoreSchema schema = {
  .name = "http-cache",
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
  .durable = FALSE,
};

/* The request fields that an answer depends on, with their values in this request: "accept-language: zh\n". */
static char *
vary_text (const char *const *names, const CloudHttpHeaders *request_headers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *value = cloud_http_headers_get (request_headers, names[i]);

      g_string_append_printf (text, "%s: %s\n", names[i], value != NULL ? value : "");
    }
  return g_string_free (text, FALSE);
}

static gboolean
vary_matches (const char *stored, const CloudHttpHeaders *request_headers)
{
  g_auto (GStrv) lines = g_strsplit (stored, "\n", -1);
  GStrvBuilder *builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autofree char *now = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      g_strv_builder_add (builder, lines[i]);
    }
  names = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  now = vary_text ((const char *const *) names, request_headers);
  return strcmp (now, stored) == 0;
}

static CloudHttpStored *
read_row (sqlite3_stmt *stmt)
{
  CloudHttpStored *stored = g_new0 (CloudHttpStored, 1);
  g_autofree char *headers = cloud_sql_column_text (stmt, 2);

  stored->id = sqlite3_column_int64 (stmt, 0);
  stored->status = (guint) sqlite3_column_int (stmt, 1);
  stored->headers = cloud_http_headers_from_text (headers);
  stored->body = cloud_sql_column_bytes (stmt, 3);
  if (stored->body == NULL)
    stored->body = g_bytes_new_static ("", 0);
  stored->request_us = sqlite3_column_int64 (stmt, 4);
  stored->response_us = sqlite3_column_int64 (stmt, 5);
  return stored;
}

static gpointer
lookup_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  gint64 id = 0;
  sqlite3_stmt *stmt
      = cloud_sql_prepare (db, "SELECT id, vary FROM answer WHERE url = ?1 AND account = ?2 ORDER BY response_us DESC", error);

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, job->url);
  cloud_sql_bind_text (stmt, 2, job->account);
  while (id == 0 && cloud_sql_step (stmt, error) == SQLITE_ROW)
    {
      g_autofree char *vary = cloud_sql_column_text (stmt, 1);

      if (vary_matches (vary != NULL ? vary : "", job->request_headers))
        id = sqlite3_column_int64 (stmt, 0);
    }
  sqlite3_reset (stmt);
  if (id == 0)
    return NULL;
  stmt = cloud_sql_prepare (db, "SELECT id, status, headers, body, request_us, response_us FROM answer WHERE id = ?1", error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, id);
  if (cloud_sql_step (stmt, error) == SQLITE_ROW)
    job->result = read_row (stmt);
  sqlite3_reset (stmt);
  return NULL;
}

static gboolean
write_touched (sqlite3 *db, GHashTable *touched, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE answer SET used_us = MAX (used_us, ?2) WHERE id = ?1", error);
  GHashTableIter iter;
  gint64 *id, *used_us;

  if (stmt == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &used_us))
    {
      sqlite3_bind_int64 (stmt, 1, *id);
      sqlite3_bind_int64 (stmt, 2, *used_us);
      if (!cloud_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_total (sqlite3 *db, gint64 *bytes, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT bytes FROM total", error);

  if (stmt == NULL)
    return FALSE;
  *bytes = cloud_sql_step (stmt, error) == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : 0;
  sqlite3_reset (stmt);
  return TRUE;
}

static gboolean
evict (sqlite3 *db, Job *job, GError **error)
{
  sqlite3_stmt *stmt;

  if (!read_total (db, &job->bytes, error))
    return FALSE;
  while (job->bytes > job->max_bytes)
    {
      stmt = cloud_sql_prepare (db, "DELETE FROM answer WHERE id = (SELECT id FROM answer ORDER BY used_us, id LIMIT 1)", error);
      if (stmt == NULL || !cloud_sql_run (stmt, error))
        return FALSE;
      if (sqlite3_changes (db) == 0)
        break;
      if (!read_total (db, &job->bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* What has become unreachable by a changing Vary would otherwise pile up. */
static gboolean
limit_variants (sqlite3 *db, Job *job, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE url = ?1 AND account = ?2"
                                          " ORDER BY response_us DESC LIMIT -1 OFFSET ?3)",
                                          error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, job->url);
  cloud_sql_bind_text (stmt, 2, job->account);
  sqlite3_bind_int (stmt, 3, VARIANTS_MAX);
  return cloud_sql_run (stmt, error);
}

static gint64
row_bytes (Job *job, const char *headers)
{
  return (gint64) (g_bytes_get_size (job->stored->body) + strlen (headers) + (job->url != NULL ? strlen (job->url) : 0))
         + ROW_OVERHEAD_BYTES;
}

static gpointer
put_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  CloudHttpStored *stored = job->stored;
  g_auto (GStrv) names = cloud_http_headers_get_tokens (stored->headers, "Vary");
  g_autofree char *vary = vary_text ((const char *const *) names, job->request_headers);
  g_autofree char *headers = cloud_http_headers_to_text (stored->headers);
  sqlite3_stmt *stmt;

  if (row_bytes (job, headers) > job->max_bytes)
    {
      read_total (db, &job->bytes, error);
      return NULL;
    }
  stmt = cloud_sql_prepare (
      db,
      "INSERT INTO answer (account, url, vary, status, headers, body, request_us, response_us, used_us, bytes)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
      " ON CONFLICT (url, account, vary) DO UPDATE SET status = ?4, headers = ?5, body = ?6, request_us = ?7,"
      " response_us = ?8, used_us = ?9, bytes = ?10",
      error);
  if (stmt == NULL || !write_touched (db, job->touched, error))
    return NULL;
  cloud_sql_bind_text (stmt, 1, job->account);
  cloud_sql_bind_text (stmt, 2, job->url);
  cloud_sql_bind_text (stmt, 3, vary);
  sqlite3_bind_int (stmt, 4, (int) stored->status);
  cloud_sql_bind_text (stmt, 5, headers);
  cloud_sql_bind_bytes (stmt, 6, stored->body);
  sqlite3_bind_int64 (stmt, 7, stored->request_us);
  sqlite3_bind_int64 (stmt, 8, stored->response_us);
  sqlite3_bind_int64 (stmt, 9, g_get_real_time ());
  sqlite3_bind_int64 (stmt, 10, row_bytes (job, headers));
  if (cloud_sql_run (stmt, error) && limit_variants (db, job, error))
    evict (db, job, error);
  return NULL;
}

static gpointer
freshen_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autofree char *headers = cloud_http_headers_to_text (job->stored->headers);
  sqlite3_stmt *stmt = cloud_sql_prepare (
      db, "UPDATE answer SET headers = ?2, request_us = ?3, response_us = ?4, used_us = ?5 WHERE id = ?1", error);

  if (stmt == NULL || !write_touched (db, job->touched, error))
    return NULL;
  sqlite3_bind_int64 (stmt, 1, job->stored->id);
  cloud_sql_bind_text (stmt, 2, headers);
  sqlite3_bind_int64 (stmt, 3, job->stored->request_us);
  sqlite3_bind_int64 (stmt, 4, job->stored->response_us);
  sqlite3_bind_int64 (stmt, 5, g_get_real_time ());
  if (cloud_sql_run (stmt, error))
    read_total (db, &job->bytes, error);
  return NULL;
}

static gpointer
invalidate_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;

  for (guint i = 0; job->urls[i] != NULL; i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, "DELETE FROM answer WHERE url = ?1", error);

      if (stmt == NULL)
        return NULL;
      cloud_sql_bind_text (stmt, 1, job->urls[i]);
      if (!cloud_sql_run (stmt, error))
        return NULL;
    }
  read_total (db, &job->bytes, error);
  return NULL;
}

static gpointer
clear_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;

  if (cloud_sql_exec (db, "DELETE FROM answer", error))
    read_total (db, &job->bytes, error);
  return NULL;
}

static gpointer
total_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  read_total (db, &((Job *) data)->bytes, error);
  return NULL;
}

/* ---- On the client's thread ---- */

void
cloud_http_stored_free (CloudHttpStored *self)
{
  if (self == NULL)
    return;
  cloud_http_headers_free (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}

static CloudHttpStored *
stored_copy (const CloudHttpStored *stored)
{
  CloudHttpStored *copy = g_new (CloudHttpStored, 1);

  *copy = *stored;
  copy->headers = cloud_http_headers_copy (stored->headers);
  copy->body = g_bytes_ref (stored->body);
  return copy;
}

static Job *
job_new (CloudHttpCache *self, CloudStoreFunc func, gpointer data)
{
  Job *job = g_new0 (Job, 1);

  g_atomic_ref_count_inc (&self->refs);
  job->cache = self;
  job->func = func;
  job->max_bytes = self->max_bytes;
  job->bytes = -1;
  job->data = data;
  return job;
}

static void
job_finish (Job *job, GError *error)
{
  CloudHttpCache *self = job->cache;

  if (job->bytes >= 0 && error == NULL)
    self->bytes = job->bytes;
  if (error != NULL && job->task == NULL && !self->write_failed)
    {
      self->write_failed = TRUE;
      g_message ("The HTTP cache is not usable now: %s", error->message);
    }
  if (job->found != NULL)
    job->found (g_steal_pointer (&job->result), job->data);
  if (job->done != NULL)
    job->done (job->data);
  if (job->task != NULL && error != NULL)
    g_task_return_error (job->task, g_error_copy (error));
  else if (job->task != NULL)
    g_task_return_boolean (job->task, TRUE);
  g_clear_pointer (&job->result, cloud_http_stored_free);
  g_clear_pointer (&job->stored, cloud_http_stored_free);
  g_clear_pointer (&job->request_headers, cloud_http_headers_free);
  g_clear_pointer (&job->touched, g_hash_table_unref);
  g_clear_object (&job->task);
  g_strfreev (job->urls);
  g_free (job->account);
  g_free (job->url);
  g_free (job);
  cache_unref (self);
}

static void
on_job_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = data;
  CloudStore *store = CLOUD_STORE (source);
  g_autoptr (GError) error = NULL;

  if (job->is_read)
    cloud_store_read_finish (store, result, &error);
  else
    cloud_store_write_finish (store, result, &error);
  job_finish (job, error);
}

static gboolean
finish_without_store (gpointer data)
{
  job_finish (data, NULL);
  return G_SOURCE_REMOVE;
}

static void
submit (Job *job)
{
  CloudHttpCache *self = job->cache;

  if (self->opening)
    g_queue_push_tail (&self->waiting, job);
  else if (self->store == NULL)
    {
      GSource *source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, finish_without_store, job, NULL);
      g_source_attach (source, g_main_context_get_thread_default ());
      g_source_unref (source);
    }
  else if (job->is_read)
    cloud_store_read_async (self->store, job->func, job, NULL, NULL, NULL, on_job_done, job);
  else if (job->is_clear)
    cloud_store_clear_async (self->store, job->func, job, NULL, on_job_done, job);
  else
    cloud_store_write_async (self->store, job->func, job, NULL, NULL, NULL, on_job_done, job);
}

static void
on_store_open (GObject *source, GAsyncResult *result, gpointer data)
{
  CloudHttpCache *self = data;
  g_autoptr (GError) error = NULL;
  Job *job;

  self->opening = FALSE;
  self->store = cloud_store_open_finish (result, &error);
  if (self->freed) /* nobody waits for an answer any more */
    g_clear_object (&self->store);
  if (error != NULL)
    g_message ("No HTTP cache: %s", error->message);
  while ((job = g_queue_pop_head (&self->waiting)) != NULL)
    submit (job);
  cache_unref (self);
}

static GHashTable *
new_touched (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

CloudHttpCache *
cloud_http_cache_new (const char *path, gint64 max_bytes)
{
  CloudHttpCache *self = g_new0 (CloudHttpCache, 1);
  Job *job;

  g_atomic_ref_count_init (&self->refs);
  self->path = g_strdup (path);
  self->max_bytes = max_bytes;
  self->opening = TRUE;
  self->touched = new_touched ();
  g_queue_init (&self->waiting);
  g_atomic_ref_count_inc (&self->refs);
  cloud_store_open_async (path, &schema, NULL, on_store_open, self);
  job = job_new (self, total_job, NULL);
  job->is_read = TRUE;
  submit (job);
  return self;
}

static void
cache_unref (CloudHttpCache *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_object (&self->store);
  g_hash_table_unref (self->touched);
  g_free (self->path);
  g_free (self);
}

void
cloud_http_cache_free (CloudHttpCache *self)
{
  if (self == NULL)
    return;
  self->freed = TRUE;
  cache_unref (self);
}

void
cloud_http_cache_lookup (CloudHttpCache *self, const char *account, const char *url, const CloudHttpHeaders *request_headers,
                         CloudHttpCacheFound found, gpointer data)
{
  Job *job = job_new (self, lookup_job, data);

  job->is_read = TRUE;
  job->account = g_strdup (account);
  job->url = g_strdup (url);
  job->request_headers = cloud_http_headers_copy (request_headers);
  job->found = found;
  submit (job);
}

static void
submit_write (Job *job)
{
  job->touched = job->cache->touched;
  job->cache->touched = new_touched ();
  submit (job);
}

void
cloud_http_cache_put (CloudHttpCache *self, const char *account, const char *url, const CloudHttpHeaders *request_headers,
                      const CloudHttpStored *stored, CloudHttpCacheDone done, gpointer data)
{
  Job *job = job_new (self, put_job, data);

  job->account = g_strdup (account);
  job->url = g_strdup (url);
  job->request_headers = cloud_http_headers_copy (request_headers);
  job->stored = stored_copy (stored);
  job->done = done;
  submit_write (job);
}

void
cloud_http_cache_freshen (CloudHttpCache *self, const CloudHttpStored *stored, CloudHttpCacheDone done, gpointer data)
{
  Job *job = job_new (self, freshen_job, data);

  job->stored = stored_copy (stored);
  job->done = done;
  submit_write (job);
}

void
cloud_http_cache_invalidate (CloudHttpCache *self, const char *const *urls, CloudHttpCacheDone done, gpointer data)
{
  Job *job = job_new (self, invalidate_job, data);

  job->urls = g_strdupv ((GStrv) urls);
  job->done = done;
  submit (job);
}

void
cloud_http_cache_touch (CloudHttpCache *self, gint64 id)
{
  gint64 *key = g_new (gint64, 1);
  gint64 *used_us = g_new (gint64, 1);

  *key = id;
  *used_us = g_get_real_time ();
  g_hash_table_replace (self->touched, key, used_us);
}

gint64
cloud_http_cache_get_bytes (CloudHttpCache *self)
{
  return self->bytes;
}

void
cloud_http_cache_clear_async (CloudHttpCache *self, GTask *task)
{
  Job *job = job_new (self, clear_job, NULL);

  job->is_clear = TRUE;
  job->task = g_object_ref (task);
  submit (job);
}
