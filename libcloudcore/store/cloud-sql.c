/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-private.h"
#include "cloud-error.h"

#include <errno.h>

/* Helpers for the files that write SQL: errors, the statement cache, binding and reading values, and the walk over what is still
 * readable of a damaged table. */

static int
code_from_system (sqlite3 *db, int fallback)
{
  int err_no = sqlite3_system_errno (db);

  return err_no != 0 ? (int) cloud_error_code_from_errno (err_no) : fallback;
}

/* Returns a CloudError, or -1 for "cancelled". */
static int
code_from_sqlite (sqlite3 *db, int extended)
{
  switch (extended & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return CLOUD_ERROR_BUSY;
    case SQLITE_FULL:
      return CLOUD_ERROR_NO_SPACE;
    case SQLITE_IOERR:
      if (extended == SQLITE_IOERR_CORRUPTFS)
        return CLOUD_ERROR_CORRUPT;
      /* SQLite may have lost errno on its way out; a refused write is a full disk, a quota or a limit. */
      return code_from_system (db, extended == SQLITE_IOERR_WRITE || extended == SQLITE_IOERR_SHMSIZE ? CLOUD_ERROR_NO_SPACE
                                                                                                      : CLOUD_ERROR_TRY_LATER);
    case SQLITE_CANTOPEN:
      return code_from_system (db, CLOUD_ERROR_DENIED);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return CLOUD_ERROR_CORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return CLOUD_ERROR_DENIED;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return CLOUD_ERROR_TOO_LARGE;
    case SQLITE_INTERRUPT:
      return -1;
    default:
      return CLOUD_ERROR_INVALID;
    }
}

gboolean
cloud_sql_set_error (sqlite3 *db, GError **error, const char *doing)
{
  g_autoptr (GError) local = NULL;
  CloudConnection *connection = NULL;
  int extended, code;

  g_return_val_if_fail (db != NULL, FALSE);

  connection = cloud_connection_lookup (db);
  extended = sqlite3_extended_errcode (db);
  code = code_from_sqlite (db, extended);
  if (code < 0)
    local = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s: cancelled", doing);
  else
    local = g_error_new (CLOUD_ERROR, code, "%s: %s (%d)", doing, sqlite3_errmsg (db), extended);
  if (connection != NULL)
    {
      if ((extended & 0xff) == SQLITE_CORRUPT || (extended & 0xff) == SQLITE_NOTADB)
        connection->corrupt = extended;
      if (connection->in_transaction && sqlite3_get_autocommit (db) && connection->rollback_reason == NULL)
        connection->rollback_reason = g_error_copy (local);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* After SQLite rolled back by itself (disk full), the rest of a job must not run outside a transaction and be kept. */
static gboolean
refuse_outside_transaction (sqlite3 *db, GError **error)
{
  CloudConnection *connection = cloud_connection_lookup (db);

  if (connection == NULL || !connection->in_transaction || !sqlite3_get_autocommit (db))
    return FALSE;
  if (connection->rollback_reason != NULL)
    g_propagate_error (error, g_error_copy (connection->rollback_reason));
  else
    g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "The job ended its transaction");
  return TRUE;
}

gboolean
cloud_sql_exec (sqlite3 *db, const char *sql, GError **error)
{
  g_return_val_if_fail (db != NULL && sql != NULL, FALSE);

  if (refuse_outside_transaction (db, error))
    return FALSE;
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return cloud_sql_set_error (db, error, sql);
}

sqlite3_stmt *
cloud_sql_prepare (sqlite3 *db, const char *sql, GError **error)
{
  CloudConnection *connection;
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && sql != NULL, NULL);

  connection = cloud_connection_lookup (db);
  g_return_val_if_fail (connection != NULL, NULL);

  if (refuse_outside_transaction (db, error))
    return NULL;
  stmt = g_hash_table_lookup (connection->statements, sql);
  if (stmt != NULL)
    {
      sqlite3_reset (stmt);
      sqlite3_clear_bindings (stmt);
      return stmt;
    }
  if (sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
    {
      cloud_sql_set_error (db, error, "prepare");
      return NULL;
    }
  g_hash_table_insert (connection->statements, g_strdup (sql), stmt);
  return stmt;
}

int
cloud_sql_step (sqlite3_stmt *stmt, GError **error)
{
  sqlite3 *db;
  int rc;

  g_return_val_if_fail (stmt != NULL, SQLITE_ERROR);

  db = sqlite3_db_handle (stmt);
  if (refuse_outside_transaction (db, error))
    return SQLITE_ERROR;
  rc = sqlite3_step (stmt);
  if (rc == SQLITE_ROW)
    return SQLITE_ROW;
  if (rc != SQLITE_DONE)
    cloud_sql_set_error (db, error, "step");
  sqlite3_reset (stmt);
  return rc == SQLITE_DONE ? SQLITE_DONE : SQLITE_ERROR;
}

gboolean
cloud_sql_run (sqlite3_stmt *stmt, GError **error)
{
  int rc;

  do
    rc = cloud_sql_step (stmt, error);
  while (rc == SQLITE_ROW);
  return rc == SQLITE_DONE;
}

void
cloud_sql_bind_text (sqlite3_stmt *stmt, int index, const char *text)
{
  sqlite3_bind_text (stmt, index, text, -1, SQLITE_TRANSIENT);
}

void
cloud_sql_bind_bytes (sqlite3_stmt *stmt, int index, GBytes *bytes)
{
  gsize size = 0;
  gconstpointer data;

  if (bytes == NULL)
    {
      sqlite3_bind_null (stmt, index);
      return;
    }
  data = g_bytes_get_data (bytes, &size);
  if (size == 0)
    sqlite3_bind_zeroblob (stmt, index, 0);
  else
    sqlite3_bind_blob64 (stmt, index, data, size, SQLITE_TRANSIENT);
}

char *
cloud_sql_column_text (sqlite3_stmt *stmt, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (stmt, column));
}

GBytes *
cloud_sql_column_bytes (sqlite3_stmt *stmt, int column)
{
  gconstpointer data;

  if (sqlite3_column_type (stmt, column) == SQLITE_NULL)
    return NULL;
  data = sqlite3_column_blob (stmt, column);
  return g_bytes_new (data, sqlite3_column_bytes (stmt, column));
}

/* Copies rows in one direction from @from on until the end or the first damaged page; *@last is the last row id that was read. */
static int
copy_readable_rows (sqlite3 *db, sqlite3 *damaged, const char *table, const char *columns, gboolean ascending, gint64 from, gint64 *last, gboolean *complete)
{
  g_autofree char *select = NULL;
  g_autofree char *insert = NULL;
  sqlite3_stmt *in = NULL, *out = NULL;
  int n_rows = 0, rc = SQLITE_ERROR;

  select = g_strdup_printf ("SELECT rowid, %s FROM %s WHERE rowid %s ? ORDER BY rowid %s", columns, table,
                            ascending ? ">=" : "<=", ascending ? "ASC" : "DESC");
  if (sqlite3_prepare_v2 (damaged, select, -1, &in, NULL) == SQLITE_OK)
    {
      int n = sqlite3_column_count (in);
      GString *marks = g_string_new ("?");

      for (int i = 2; i < n; i++)
        g_string_append (marks, ",?");
      insert = g_strdup_printf ("INSERT OR IGNORE INTO main.%s (%s) VALUES (%s)", table, columns, marks->str);
      g_string_free (marks, TRUE);
      sqlite3_bind_int64 (in, 1, from);
      if (sqlite3_prepare_v2 (db, insert, -1, &out, NULL) == SQLITE_OK)
        while ((rc = sqlite3_step (in)) == SQLITE_ROW)
          {
            for (int i = 1; i < n; i++)
              sqlite3_bind_value (out, i, sqlite3_column_value (in, i));
            if (sqlite3_step (out) == SQLITE_DONE)
              n_rows += sqlite3_changes (db);
            sqlite3_reset (out);
            *last = sqlite3_column_int64 (in, 0);
          }
    }
  sqlite3_finalize (in);
  sqlite3_finalize (out);
  *complete = rc == SQLITE_DONE;
  return n_rows;
}

/* @damaged is a connection of its own: SQLite lets no commit through on one that has met damage in an attached file. */
static int
salvage_from (sqlite3 *db, sqlite3 *damaged, const char *table, const char *columns)
{
  gint64 last = G_MININT64, end = G_MAXINT64, step = 1;
  gboolean complete = FALSE;
  int n_rows = copy_readable_rows (db, damaged, table, columns, TRUE, G_MININT64, &last, &complete);

  if (complete)
    return n_rows;
  n_rows += copy_readable_rows (db, damaged, table, columns, FALSE, G_MAXINT64, &end, &complete);
  /* Between the two ends, feel for readable pages with growing strides. */
  while (!complete && last != G_MININT64 && end != G_MAXINT64 && last < end - step)
    {
      gint64 before = last + step;
      int got = copy_readable_rows (db, damaged, table, columns, TRUE, before, &last, &complete);

      n_rows += got;
      step = got > 0 ? 1 : step * 2;
      if (got == 0)
        last = before;
    }
  return n_rows;
}

int
cloud_sql_salvage_table (sqlite3 *db, const char *table, const char *columns)
{
  const char *path;
  sqlite3 *damaged = NULL;
  int n_rows = 0;

  g_return_val_if_fail (db != NULL && table != NULL && columns != NULL, 0);

  path = sqlite3_db_filename (db, "damaged");
  if (path != NULL && sqlite3_open_v2 (path, &damaged, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
    n_rows = salvage_from (db, damaged, table, columns);
  sqlite3_close (damaged);
  return n_rows;
}
