/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* CloudStore: one SQLite database of an app, shared by its window, command line and service.
 *
 * WAL mode; one owner thread does every write, each job in one IMMEDIATE transaction that is rolled back if the job fails;
 * a small pool of read-only connections serves reads, each job in one snapshot.  Schema changes are migrations counted by
 * PRAGMA user_version.  A database that SQLite calls corrupt is set aside (renamed, never deleted), a new one takes its
 * place, and what the schema's salvage function can still read is carried over.
 *
 * Only a file named *-store.c writes SQL; everything else calls that file.
 *
 * Threading: created, used and finalized from one thread's main context; jobs run on the store's own threads and must touch nothing
 * but their data and the connection; results and signals land in the context of the caller.  The _sync calls are for worker
 * threads and programs without a main loop, never for a UI.
 * Ownership: a job's data belong to the store from the call on and are freed (in any thread) when the job is done.
 * Errors: NO_SPACE (nothing of the transaction was kept, what was there stays readable; free space and repeat), CORRUPT,
 * BUSY (another process held the write lock longer than 10 s), DENIED (unwritable folder), UNSUPPORTED (the file was written
 * by a newer version).  Cancelled reads are skipped; an accepted write is always carried out.
 * Source: https://sqlite.org/wal.html, /isolation.html, /pragma.html#pragma_user_version, /recovery.html */

#define CLOUD_TYPE_STORE (cloud_store_get_type ())
G_DECLARE_FINAL_TYPE (CloudStore, cloud_store, CLOUD, STORE, GObject)

/* Brings the schema from version n-1 to n, inside the transaction that the store opened. */
typedef gboolean (*CloudStoreMigrate) (sqlite3 *db, GError **error);

/* Called once after a rescue, with the new empty database and the damaged one attached read-only as "damaged", to carry over what the user
 * made (what can be fetched again is not worth it).  Each statement may fail; go on with the next.  Returns how many rows came over. */
typedef int (*CloudStoreSalvage) (sqlite3 *db);

/* Called on each new connection, before anything else: registers tokenizers and functions. */
typedef gboolean (*CloudStorePrepare) (sqlite3 *db, GError **error);

typedef struct
{
  const char *name;                     /* for logs and thread names: "weather" */
  const CloudStoreMigrate *migrations;  /* migrations[0] makes version 1 out of nothing */
  int n_migrations;
  CloudStorePrepare prepare;            /* (nullable) */
  CloudStoreSalvage salvage;            /* (nullable): nothing of the user's own in it */
  gboolean durable;                     /* TRUE: a write survives power loss (synchronous=FULL), for what the user did;
                                           FALSE: it survives the process's death, for what can be fetched again */
} CloudStoreSchema;

/* A job.  @data is what was passed in; the result is handed to the _finish function.  Sets @error and returns NULL on failure (a
 * read that found nothing may return NULL without an error).  Runs in a transaction: don't BEGIN or COMMIT. */
typedef gpointer (*CloudStoreFunc) (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);

/* @path: the file; created if absent.  Blocks for milliseconds (longer when migrating): use the _async form in a window.
 * @schema must outlive the store (a static const). */
CloudStore *cloud_store_open (const char *path, const CloudStoreSchema *schema, GError **error);
void cloud_store_open_async (const char *path, const CloudStoreSchema *schema, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
CloudStore *cloud_store_open_finish (GAsyncResult *result, GError **error);

/* @free_result (nullable): how to drop a result that nobody fetches. */
void cloud_store_write_async (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data,
                              GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
gpointer cloud_store_write_finish (CloudStore *self, GAsyncResult *result, GError **error);
void cloud_store_read_async (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data,
                             GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gpointer cloud_store_read_finish (CloudStore *self, GAsyncResult *result, GError **error);

/* The same, waiting; @data stays the caller's. */
gpointer cloud_store_write_sync (CloudStore *self, CloudStoreFunc func, gpointer data, GCancellable *cancellable, GError **error);
gpointer cloud_store_read_sync (CloudStore *self, CloudStoreFunc func, gpointer data, GCancellable *cancellable, GError **error);

/* Makes the file as small as what is in it, after much was deleted: deleting by itself only leaves room for what comes.  Takes seconds for hundreds of
 * megabytes, in small transactions between which other writes get their turn, here and in other processes.  Stopped by @cancellable, or killed, it has
 * given back a part; what is in the database is never touched.  A file from before databases were made for this is written anew in one go. */
void cloud_store_shrink_async (CloudStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_store_shrink_finish (CloudStore *self, GAsyncResult *result, GError **error);
gboolean cloud_store_shrink_sync (CloudStore *self, GCancellable *cancellable, GError **error);

/* What a user's "Clear" does: the write @func, which deletes much, then cloud_store_shrink_async().  Done when the disk has its room back; what it could not
 * get back now (logged), or for the process's death, the next clearing gives back, also if it finds nothing to delete.  cloud_store_write_finish() gives
 * what @func gave, which nobody frees. */
void cloud_store_clear_async (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data, GAsyncReadyCallback callback,
                              gpointer user_data);

/* Waits for all accepted writes, then closes and joins the threads.  The last unref does the same. */
void cloud_store_close (CloudStore *self);

const char *cloud_store_get_path (CloudStore *self);

/* (nullable): after a rescue, where the damaged file was set aside. */
const char *cloud_store_get_damaged_path (CloudStore *self);
/* After a rescue: how many rows of the user's own were carried over. */
int cloud_store_get_salvaged (CloudStore *self);

/* Bytes on disk, the write-ahead log included. */
gint64 cloud_store_get_size_bytes (CloudStore *self);

/* Signal "changed" (CloudStore *, gboolean by_other_process): some write was committed, here or by another process; comes at most
 * once per 50 ms, and within one second of the commit.
 *
 * Signal "rescued" (CloudStore *, const char *damaged_path, int salvaged): a damaged file was set aside while the store was open, or just
 * before; tell the user.  The write that met the damage failed with CORRUPT, with nothing of it kept: the next one goes to the new file. */

/* ---- Helpers for *-store.c ---- */

/* Maps SQLite's last error on @db; the one place where its codes become a CloudError.  Always returns FALSE. */
gboolean cloud_sql_set_error (sqlite3 *db, GError **error, const char *doing);
/* Runs one or more statements without result. */
gboolean cloud_sql_exec (sqlite3 *db, const char *sql, GError **error);
/* Prepares, or takes from the connection's cache, the statement @sql (a string literal), reset and unbound; never finalize it.
 * Returns: (transfer none) (nullable) */
sqlite3_stmt *cloud_sql_prepare (sqlite3 *db, const char *sql, GError **error);
/* Steps: SQLITE_ROW, SQLITE_DONE, or SQLITE_ERROR with @error set.  On DONE and ERROR the statement is reset. */
int cloud_sql_step (sqlite3_stmt *stmt, GError **error);
/* Steps a statement that gives no rows, and resets it. */
gboolean cloud_sql_run (sqlite3_stmt *stmt, GError **error);
void cloud_sql_bind_text (sqlite3_stmt *stmt, int index, const char *text); /* copies; NULL binds NULL */
void cloud_sql_bind_bytes (sqlite3_stmt *stmt, int index, GBytes *bytes);   /* copies; NULL binds NULL */
char *cloud_sql_column_text (sqlite3_stmt *stmt, int column);               /* (transfer full) (nullable) */
GBytes *cloud_sql_column_bytes (sqlite3_stmt *stmt, int column);            /* (transfer full) (nullable) */
/* For salvage functions: copies the readable rows of "damaged".@table into the table of that name, past damaged pages, keeping rows
 * that are there already.  @columns: a comma-separated list with the primary key in it (not for WITHOUT ROWID tables).
 * Returns how many came over. */
int cloud_sql_salvage_table (sqlite3 *db, const char *table, const char *columns);

G_END_DECLS
