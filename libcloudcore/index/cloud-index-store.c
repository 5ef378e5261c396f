/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-index-store.h"
#include "cloud-error.h"
#include "cloud-text.h"

/* One row per index in the table cloud_index: the pipeline's version and how far a rebuild has come (NULL: all of it). */

#define BATCH_ROWS 200

enum
{
  STEP_DONE = 1,
  STEP_MORE,
};

typedef struct
{
  int version;
  gboolean rebuilding;
  gint64 rebuilt_to;
} State;

gboolean
cloud_index_store_create (sqlite3 *db, const char *name, GError **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && name != NULL, FALSE);

  if (!cloud_sql_exec (db, "CREATE TABLE IF NOT EXISTS cloud_index (name TEXT PRIMARY KEY, version INTEGER NOT NULL, rebuilt_to INTEGER)", error))
    return FALSE;
  stmt = cloud_sql_prepare (db, "INSERT OR REPLACE INTO cloud_index (name, version, rebuilt_to) VALUES (?1, ?2, NULL)", error);
  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, name);
  sqlite3_bind_int (stmt, 2, CLOUD_TEXT_VERSION);
  return cloud_sql_run (stmt, error);
}

static gboolean
load_state (sqlite3 *db, const char *name, State *state, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT version, rebuilt_to FROM cloud_index WHERE name = ?1", error);
  int rc;

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, name);
  rc = cloud_sql_step (stmt, error);
  if (rc == SQLITE_ROW)
    {
      state->version = sqlite3_column_int (stmt, 0);
      state->rebuilding = sqlite3_column_type (stmt, 1) != SQLITE_NULL;
      state->rebuilt_to = sqlite3_column_int64 (stmt, 1);
      sqlite3_reset (stmt);
      return TRUE;
    }
  if (rc == SQLITE_DONE)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no index \"%s\"", name);
  return FALSE;
}

static gboolean
save_state (sqlite3 *db, const char *name, const State *state, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE cloud_index SET version = ?2, rebuilt_to = ?3 WHERE name = ?1", error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, name);
  sqlite3_bind_int (stmt, 2, state->version);
  if (state->rebuilding)
    sqlite3_bind_int64 (stmt, 3, state->rebuilt_to);
  else
    sqlite3_bind_null (stmt, 3);
  return cloud_sql_run (stmt, error);
}

gboolean
cloud_index_store_covers (sqlite3 *db, const char *name, gint64 rowid)
{
  State state;

  return !load_state (db, name, &state, NULL) || !state.rebuilding || rowid <= state.rebuilt_to;
}

gboolean
cloud_index_store_outdate (sqlite3 *db, const char *name, GError **error)
{
  const State state = { CLOUD_TEXT_VERSION - 1, TRUE, 0 };

  return save_state (db, name, &state, error);
}

gboolean
cloud_index_store_is_current (sqlite3 *db, const char *name)
{
  State state;

  return load_state (db, name, &state, NULL) && state.version == CLOUD_TEXT_VERSION && !state.rebuilding;
}

static gpointer
check_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const CloudIndexSpec *spec = data;

  return GINT_TO_POINTER (cloud_index_store_is_current (db, spec->name) ? STEP_DONE : STEP_MORE);
}

static gpointer
batch_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const CloudIndexSpec *spec = data;
  State state;
  gint64 last;

  if (!load_state (db, spec->name, &state, error))
    return NULL;
  if (state.version != CLOUD_TEXT_VERSION)
    {
      state = (State) { CLOUD_TEXT_VERSION, TRUE, 0 };
      return spec->clear (db, error) && save_state (db, spec->name, &state, error) ? GINT_TO_POINTER (STEP_MORE) : NULL;
    }
  if (!state.rebuilding)
    return GINT_TO_POINTER (STEP_DONE);
  last = spec->add_after (db, state.rebuilt_to, BATCH_ROWS, error);
  if (last < 0)
    return NULL;
  state.rebuilding = last > 0;
  state.rebuilt_to = last;
  if (!save_state (db, spec->name, &state, error))
    return NULL;
  return GINT_TO_POINTER (state.rebuilding ? STEP_MORE : STEP_DONE);
}

static void on_batch_ready (GObject *source, GAsyncResult *result, gpointer user_data);

static void
next_step (GTask *task, CloudStore *store, gpointer step, GError *error)
{
  const CloudIndexSpec *spec = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (GPOINTER_TO_INT (step) == STEP_DONE)
    g_task_return_boolean (task, TRUE);
  else if (!g_task_return_error_if_cancelled (task))
    {
      cloud_store_write_async (store, batch_job, (gpointer) spec, NULL, NULL, NULL, on_batch_ready, task);
      return;
    }
  g_object_unref (task);
}

static void
on_batch_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gpointer step = cloud_store_write_finish (CLOUD_STORE (source), result, &error);

  next_step (user_data, CLOUD_STORE (source), step, error);
}

static void
on_check_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gpointer step = cloud_store_read_finish (CLOUD_STORE (source), result, &error);

  next_step (user_data, CLOUD_STORE (source), step, error);
}

void
cloud_index_rebuild_async (CloudStore *store, const CloudIndexSpec *spec, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CLOUD_IS_STORE (store) && spec != NULL);

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_task_data (task, (gpointer) spec, NULL);
  cloud_store_read_async (store, check_job, (gpointer) spec, NULL, NULL, cancellable, on_check_ready, task);
}

gboolean
cloud_index_rebuild_finish (CloudStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
cloud_index_rebuild_sync (CloudStore *store, const CloudIndexSpec *spec, GCancellable *cancellable, GError **error)
{
  gpointer step;

  g_return_val_if_fail (CLOUD_IS_STORE (store) && spec != NULL, FALSE);

  step = cloud_store_read_sync (store, check_job, (gpointer) spec, cancellable, error);
  while (GPOINTER_TO_INT (step) == STEP_MORE)
    step = cloud_store_write_sync (store, batch_job, (gpointer) spec, cancellable, error);
  return step != NULL;
}
