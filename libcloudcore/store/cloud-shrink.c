/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-engine.h"

/* Gives the disk back what deleted rows have left free in a database.
 *
 * Databases are made with auto_vacuum = INCREMENTAL: pages from the end of the file move into the free ones, some thousand in a transaction of their own.
 * So nobody waits long for the write lock, the log stays small (the disk may be full: that is why one clears), and killed or stopped at any instant it
 * has done a part of the work.  The free pages do not fall from the file before a checkpoint has seen the last commit: that is the end of it.
 *
 * A database from before that is written anew once, by VACUUM, which makes it one of the others.  It is small by then, having been cleared; its copy is
 * built in a file, since temp_store = MEMORY would have it in memory. */

#define PAGES_A_STEP 2000
#define AUTO_VACUUM_INCREMENTAL 2

enum
{
  STEP_DONE = 1,
  STEP_MORE,
};

/* -1 with @error. */
static int
query_pragma (sqlite3 *db, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);
  int value = -1;

  if (stmt != NULL && cloud_sql_step (stmt, error) == SQLITE_ROW)
    {
      value = sqlite3_column_int (stmt, 0);
      sqlite3_reset (stmt);
    }
  return value;
}

gpointer
cloud_shrink_step (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  int mode = query_pragma (db, "PRAGMA auto_vacuum", error);
  int before = mode >= 0 ? query_pragma (db, "PRAGMA freelist_count", error) : -1;
  int after;

  if (before < 0)
    return NULL;
  if (mode != AUTO_VACUUM_INCREMENTAL || before == 0)
    return GINT_TO_POINTER (STEP_DONE);
  if (!cloud_sql_exec (db, "PRAGMA incremental_vacuum(" G_STRINGIFY (PAGES_A_STEP) ")", error))
    return NULL;
  after = query_pragma (db, "PRAGMA freelist_count", error);
  if (after < 0)
    return NULL;
  return GINT_TO_POINTER (after > 0 && after < before ? STEP_MORE : STEP_DONE);
}

gboolean
cloud_shrink_is_done (gpointer step)
{
  return step == NULL || GPOINTER_TO_INT (step) == STEP_DONE;
}

static gboolean
rewrite (CloudConnection *connection, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  connection->cancellable = cancellable;
  ok = cloud_sql_exec (connection->db, "PRAGMA temp_store = FILE; PRAGMA auto_vacuum = INCREMENTAL; VACUUM", error);
  connection->cancellable = NULL;
  return cloud_sql_exec (connection->db, "PRAGMA temp_store = MEMORY", ok ? error : NULL) && ok;
}

gboolean
cloud_shrink_end (CloudConnection *connection, GCancellable *cancellable, GError **error)
{
  int mode = query_pragma (connection->db, "PRAGMA auto_vacuum", error);
  int n_free = mode >= 0 ? query_pragma (connection->db, "PRAGMA freelist_count", error) : -1;

  if (n_free < 0 || (mode != AUTO_VACUUM_INCREMENTAL && n_free > 0 && !rewrite (connection, cancellable, error)))
    return FALSE;
  /* A reader that stays longer than the time-out leaves the end of it to a later checkpoint. */
  sqlite3_wal_checkpoint_v2 (connection->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return TRUE;
}
