/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-private.h"
#include "cloud-error.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* One connection to a database: how it is opened, brought up to the schema's version, and how a job runs on it in one transaction. */

#define BUSY_TIMEOUT_MS 10000
#define OPS_BETWEEN_CANCEL_CHECKS 1000
#define CHECKPOINT_PAGES 1000

static GMutex registry_lock;
static GHashTable *registry; /* sqlite3 -> CloudConnection */

static void
registry_add (CloudConnection *self)
{
  g_mutex_lock (&registry_lock);
  if (registry == NULL)
    registry = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (registry, self->db, self);
  g_mutex_unlock (&registry_lock);
}

static void
registry_remove (CloudConnection *self)
{
  g_mutex_lock (&registry_lock);
  g_hash_table_remove (registry, self->db);
  if (g_hash_table_size (registry) == 0)
    g_clear_pointer (&registry, g_hash_table_unref);
  g_mutex_unlock (&registry_lock);
}

CloudConnection *
cloud_connection_lookup (sqlite3 *db)
{
  CloudConnection *self;

  g_mutex_lock (&registry_lock);
  self = registry != NULL ? g_hash_table_lookup (registry, db) : NULL;
  g_mutex_unlock (&registry_lock);
  return self;
}

static int
on_progress (gpointer data)
{
  CloudConnection *self = data;

  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

/* Called after a commit that wrote something. */
static int
on_commit (gpointer data, sqlite3 *db, const char *schema, int n_pages)
{
  CloudConnection *self = data;

  self->committed = TRUE;
  /* What a reader holds back is copied another time; a full disk does not undo the commit. */
  if (n_pages >= CHECKPOINT_PAGES)
    sqlite3_wal_checkpoint_v2 (db, schema, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return SQLITE_OK;
}

/* SQLite would create the file readable by all: make it first. */
static gboolean
create_private_file (const char *path, GError **error)
{
  int fd = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0 && errno != EEXIST)
    {
      int saved = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "%s: %s", path, g_strerror (saved));
      return FALSE;
    }
  if (fd >= 0)
    close (fd);
  return TRUE;
}

static gboolean
set_pragmas (CloudConnection *self, const CloudStoreSchema *schema, CloudConnectionKind kind, GError **error)
{
  struct stat st;

  /* Takes effect in a file that is still empty (cloud-shrink.c); in others it would wait for whoever writes, at every opening. */
  if (kind == CLOUD_CONNECTION_WRITER && stat (self->path, &st) == 0 && st.st_size == 0 &&
      !cloud_sql_exec (self->db, "PRAGMA auto_vacuum = INCREMENTAL", error))
    return FALSE;
  if (!cloud_sql_exec (self->db, "PRAGMA journal_mode = WAL", error))
    return FALSE;
  if (!cloud_sql_exec (self->db, schema->durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error))
    return FALSE;
  if (!cloud_sql_exec (self->db,
                       "PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY;"
                       "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
                       error))
    return FALSE;
  return kind == CLOUD_CONNECTION_WRITER || cloud_sql_exec (self->db, "PRAGMA query_only = ON", error);
}

CloudConnection *
cloud_connection_open (const char *path, const CloudStoreSchema *schema, CloudConnectionKind kind, GError **error)
{
  g_autoptr (CloudConnection) self = NULL;
  g_autofree char *doing = NULL;
  struct stat st;

  if (!create_private_file (path, error))
    return NULL;
  doing = g_strdup_printf ("open %s", path);
  self = g_new0 (CloudConnection, 1);
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sqlite3_finalize);
  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
    {
      if (self->db != NULL)
        cloud_sql_set_error (self->db, error, doing);
      else
        g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "%s: out of memory", doing);
      return NULL;
    }
  registry_add (self);
  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MS);
  sqlite3_progress_handler (self->db, OPS_BETWEEN_CANCEL_CHECKS, on_progress, self);
  sqlite3_wal_hook (self->db, on_commit, self);
  if (schema->prepare != NULL && !schema->prepare (self->db, error))
    return NULL;
  if (!set_pragmas (self, schema, kind, error))
    {
      g_prefix_error (error, "%s: ", doing);
      return NULL;
    }
  if (stat (path, &st) != 0)
    {
      int saved = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "%s: %s", doing, g_strerror (saved));
      return NULL;
    }
  self->dev = st.st_dev;
  self->ino = st.st_ino;
  return g_steal_pointer (&self);
}

void
cloud_connection_close (CloudConnection *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (self->db != NULL)
    {
      if (cloud_connection_lookup (self->db) != NULL)
        registry_remove (self);
      if (sqlite3_close (self->db) != SQLITE_OK)
        {
          g_warning ("%s: a statement was left open", self->path);
          sqlite3_close_v2 (self->db);
        }
    }
  g_clear_error (&self->rollback_reason);
  g_free (self->path);
  g_free (self);
}

gboolean
cloud_connection_is_current (CloudConnection *self)
{
  struct stat st;

  return stat (self->path, &st) == 0 && st.st_dev == self->dev && st.st_ino == self->ino;
}

static gint64
query_int64 (CloudConnection *self, const char *sql, gint64 fallback, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (self->db, sql, error);
  gint64 value = fallback;

  if (stmt != NULL && cloud_sql_step (stmt, error) == SQLITE_ROW)
    {
      value = sqlite3_column_int64 (stmt, 0);
      sqlite3_reset (stmt);
    }
  return value;
}

int
cloud_connection_get_version (CloudConnection *self, GError **error)
{
  return (int) query_int64 (self, "PRAGMA user_version", -1, error);
}

gint64
cloud_connection_get_data_version (CloudConnection *self)
{
  return query_int64 (self, "PRAGMA data_version", -1, NULL);
}

gboolean
cloud_connection_quick_check (CloudConnection *self)
{
  sqlite3_stmt *stmt = NULL;
  gboolean ok = FALSE;

  if (sqlite3_prepare_v2 (self->db, "PRAGMA quick_check(1)", -1, &stmt, NULL) == SQLITE_OK && sqlite3_step (stmt) == SQLITE_ROW)
    ok = g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), "ok") == 0;
  sqlite3_finalize (stmt);
  return ok;
}

typedef struct
{
  const CloudStoreSchema *schema;
  int version;
} MigrateStep;

static gpointer
migrate_step (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  MigrateStep *step = data;
  char sql[64];

  g_snprintf (sql, sizeof sql, "PRAGMA user_version = %d", step->version + 1);
  if (!step->schema->migrations[step->version](db, error) || !cloud_sql_exec (db, sql, error))
    g_prefix_error (error, "%s: migration to version %d: ", step->schema->name, step->version + 1);
  return NULL;
}

gboolean
cloud_connection_migrate (CloudConnection *self, const CloudStoreSchema *schema, GError **error)
{
  g_autoptr (GError) local = NULL;
  MigrateStep step = { schema, cloud_connection_get_version (self, &local) };

  for (; local == NULL && step.version < schema->n_migrations; step.version++)
    cloud_connection_run (self, CLOUD_CONNECTION_WRITER, migrate_step, &step, NULL, NULL, &local);
  if (local == NULL && step.version > schema->n_migrations)
    local = g_error_new (CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED,
                         "%s was written by a newer version of Cirrus (schema %d, this one knows %d): update Cirrus, "
                         "or move the file away to begin anew",
                         self->path, step.version, schema->n_migrations);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
reset_statements (CloudConnection *self)
{
  for (sqlite3_stmt *stmt = sqlite3_next_stmt (self->db, NULL); stmt != NULL; stmt = sqlite3_next_stmt (self->db, stmt))
    if (sqlite3_stmt_busy (stmt))
      sqlite3_reset (stmt);
}

gpointer
cloud_connection_run (CloudConnection *self, CloudConnectionKind kind, CloudStoreFunc func, gpointer data, GDestroyNotify free_result,
                      GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  gpointer result = NULL;

  if (!cloud_sql_exec (self->db, kind == CLOUD_CONNECTION_WRITER ? "BEGIN IMMEDIATE" : "BEGIN", error))
    return NULL;
  self->in_transaction = TRUE;
  self->committed = FALSE;
  self->cancellable = kind == CLOUD_CONNECTION_READER ? cancellable : NULL;
  result = func (self->db, data, cancellable, &local);
  reset_statements (self);
  if (local == NULL)
    cloud_sql_exec (self->db, "COMMIT", &local);
  self->in_transaction = FALSE;
  self->cancellable = NULL;
  g_clear_error (&self->rollback_reason);
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  if (local != NULL)
    {
      if (result != NULL && free_result != NULL)
        free_result (result);
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return result;
}

int
cloud_connection_lock_open (const char *path, GError **error)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  g_mkdir_with_parents (folder, 0700);
  fd = open (lock_path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      int saved = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "%s: %s", lock_path, g_strerror (saved));
    }
  return fd;
}

gboolean
cloud_connection_lock (int lock_fd, int operation, GError **error)
{
  int rc;

  do
    rc = flock (lock_fd, operation);
  while (rc != 0 && errno == EINTR);
  if (rc != 0)
    {
      int saved = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "lock: %s", g_strerror (saved));
    }
  return rc == 0;
}
