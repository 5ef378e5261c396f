/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-store.h"

#include <sys/stat.h>

G_BEGIN_DECLS

/* What the files of the store share: a connection with its statement cache, the lock file that keeps a rescue and the writers of all
 * processes apart, the rescue itself, and the watch for other processes' commits.
 *
 * Beside the database <path> lies <path>.lock.  A write transaction holds it shared, a migration and a rescue exclusively; after each
 * commit its time stamp is set, which wakes the watches of the other processes once the commit is visible.
 *
 * Threading: a connection belongs to the thread that opened it.  Errors: CloudError, from cloud_sql_set_error. */

typedef struct
{
  sqlite3 *db;
  char *path;
  GHashTable *statements; /* SQL text -> sqlite3_stmt */
  dev_t dev;
  ino_t ino;
  int corrupt;               /* SQLite's extended code when it called the file damaged, else 0 */
  gboolean committed;        /* the last job wrote something */
  gboolean in_transaction;   /* a job runs: a statement outside its transaction is refused */
  GCancellable *cancellable; /* (nullable) (unowned): of the running read */
  GError *rollback_reason;   /* why SQLite rolled the job's transaction back by itself */
} CloudConnection;

typedef enum
{
  CLOUD_CONNECTION_WRITER,
  CLOUD_CONNECTION_READER,
} CloudConnectionKind;

/* ---- cloud-connection.c ---- */

/* Opens @path under the caller's lock (see cloud_connection_lock).  Returns: (transfer full) (nullable) */
CloudConnection *cloud_connection_open (const char *path, const CloudStoreSchema *schema, CloudConnectionKind kind, GError **error);
void cloud_connection_close (CloudConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudConnection, cloud_connection_close)

/* The connection of @db; NULL for a handle that no store opened. */
CloudConnection *cloud_connection_lookup (sqlite3 *db);

/* FALSE if another file lies at the path by now (a rescue took place): close and open again. */
gboolean cloud_connection_is_current (CloudConnection *self);

/* The version of the schema in the file, or -1 with @error set. */
int cloud_connection_get_version (CloudConnection *self, GError **error);
/* Brings the schema up to date; the caller holds the lock exclusively. */
gboolean cloud_connection_migrate (CloudConnection *self, const CloudStoreSchema *schema, GError **error);
/* Changes whenever another connection committed. */
gint64 cloud_connection_get_data_version (CloudConnection *self);
/* FALSE if the file is damaged as far as a quick look tells. */
gboolean cloud_connection_quick_check (CloudConnection *self);

/* Runs @func in a transaction of its own.  On failure nothing of it is kept, and @error is set. */
gpointer cloud_connection_run (CloudConnection *self, CloudConnectionKind kind, CloudStoreFunc func, gpointer data,
                               GDestroyNotify free_result, GCancellable *cancellable, GError **error);

/* The lock file: @operation is LOCK_SH, LOCK_EX or LOCK_UN; waits. */
int cloud_connection_lock_open (const char *path, GError **error);
gboolean cloud_connection_lock (int lock_fd, int operation, GError **error);

/* ---- cloud-rescue.c ---- */

/* Replaces the damaged file at @path, the lock held exclusively and this thread's connection closed: a new database with what could be
 * salvaged takes its place, the damaged one gets another name.  Killed at any instant, it is carried on or begun again at the next open. */
gboolean cloud_rescue_run (const char *path, const CloudStoreSchema *schema, char **damaged_path, int *salvaged, GError **error);
/* Completes the exchange of files that a killed rescue left half done. */
gboolean cloud_rescue_resume (const char *path, char **damaged_path, GError **error);

/* ---- cloud-shrink.c ---- */

/* A CloudStoreFunc: takes some free pages out of the file. */
gpointer cloud_shrink_step (sqlite3 *db, gpointer unused, GCancellable *cancellable, GError **error);
/* Whether what the above returned says that nothing is left to be done. */
gboolean cloud_shrink_is_done (gpointer step);
/* Outside of a transaction, under the lock held shared: makes the file as small as its contents. */
gboolean cloud_shrink_end (CloudConnection *connection, GCancellable *cancellable, GError **error);

/* ---- cloud-store-watch.c ---- */

typedef void (*CloudStoreWatchFunc) (gpointer user_data);

/* A GSource that calls @func in its context soon after some process wrote to the database at @path; asleep otherwise.
 * Returns: (transfer full) (nullable): NULL where the system cannot watch files. */
GSource *cloud_store_watch_new (const char *path, CloudStoreWatchFunc func, gpointer user_data);
/* The files at the path are others now.  Any thread. */
void cloud_store_watch_renew (GSource *source);

G_END_DECLS
