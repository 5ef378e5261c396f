/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-store-private.h"

#include "cloud-error.h"
#include "cloud-fts.h"
#include "cloud-index-store.h"
#include "cloud-paths.h"

#include <errno.h>
#include <string.h>
#include <zstd.h>

/* The database of an account: schema, opening, folders. */

#define ZSTD_LEVEL 3
#define MAX_DICTIONARY_BYTES (128 * 1024)
#define MAX_TEXT_BYTES (64 * 1024 * 1024)

G_DEFINE_FINAL_TYPE (MailerStore, mailer_store, G_TYPE_OBJECT)

/* ---- Compression ---- */

GBytes *
mailer_store_compress (const void *data, gsize length, const char *text)
{
  gsize bound = ZSTD_compressBound (length);
  g_autofree char *buffer = g_malloc (bound);
  gsize text_length = text != NULL ? strnlen (text, MAX_DICTIONARY_BYTES) : 0;
  ZSTD_CCtx *context = ZSTD_createCCtx ();
  gsize n = ZSTD_compress_usingDict (context, buffer, bound, data, length, text, text_length, ZSTD_LEVEL);

  ZSTD_freeCCtx (context);
  g_assert (!ZSTD_isError (n));
  return g_bytes_new (buffer, n);
}

char *
mailer_store_decompress (const void *data, gsize length, const char *dictionary, gsize *out_length)
{
  unsigned long long size = ZSTD_getFrameContentSize (data, length);
  gsize dictionary_length = dictionary != NULL ? strnlen (dictionary, MAX_DICTIONARY_BYTES) : 0;
  ZSTD_DCtx *context;
  char *text;
  gsize n;

  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > MAX_TEXT_BYTES)
    return NULL;
  text = g_malloc (size + 1);
  context = ZSTD_createDCtx ();
  n = ZSTD_decompress_usingDict (context, text, size, data, length, dictionary, dictionary_length);
  ZSTD_freeDCtx (context);
  if (ZSTD_isError (n))
    {
      g_free (text);
      return NULL;
    }
  text[n] = '\0';
  if (out_length != NULL)
    *out_length = n;
  return text;
}

/* cirrus_unzstd(blob): the text of it; '' for NULL. */
static void
sql_unzstd (sqlite3_context *context, int argc, sqlite3_value **argv)
{
  gsize length = 0;
  char *text = NULL;

  if (sqlite3_value_type (argv[0]) == SQLITE_BLOB)
    text = mailer_store_decompress (sqlite3_value_blob (argv[0]), sqlite3_value_bytes (argv[0]), NULL, &length);
  if (text == NULL)
    sqlite3_result_text (context, "", 0, SQLITE_STATIC);
  else
    sqlite3_result_text64 (context, text, length, g_free, SQLITE_UTF8);
}

/* ---- Schema ---- */

static const char schema_1[] =
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
  "CREATE TABLE folder (id INTEGER PRIMARY KEY, wire TEXT NOT NULL UNIQUE, path TEXT NOT NULL, role INTEGER NOT NULL, selectable INTEGER NOT NULL,"
  "  uidvalidity INTEGER NOT NULL DEFAULT 0, uidnext INTEGER NOT NULL DEFAULT 0, modseq INTEGER NOT NULL DEFAULT 0, synced_us INTEGER NOT NULL DEFAULT 0);"
  "CREATE TABLE thread (id INTEGER PRIMARY KEY);"
  "CREATE TABLE message (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL, message_id TEXT NOT NULL, date_us INTEGER NOT NULL, subject TEXT NOT NULL,"
  "  subject_hash INTEGER NOT NULL, from_name TEXT NOT NULL, from_address TEXT NOT NULL, recipients TEXT NOT NULL, cc TEXT NOT NULL, size INTEGER NOT NULL,"
  "  has_attachment INTEGER NOT NULL, preview TEXT NOT NULL, body_state INTEGER NOT NULL);"
  "CREATE INDEX message_by_id ON message (message_id);"
  "CREATE INDEX message_by_thread ON message (thread);"
  "CREATE INDEX message_by_subject ON message (subject_hash, date_us);"
  /* uid is NULL while only this device knows that the message is (about to be) there; hidden: the user moved it away or deleted it. */
  "CREATE TABLE location (id INTEGER PRIMARY KEY, folder INTEGER NOT NULL, uid INTEGER, message INTEGER NOT NULL, thread INTEGER NOT NULL,"
  "  date_us INTEGER NOT NULL, server_flags INTEGER NOT NULL, flags INTEGER NOT NULL, modseq INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0);"
  "CREATE UNIQUE INDEX location_by_uid ON location (folder, uid);"
  "CREATE INDEX location_by_view ON location (folder, hidden, thread, date_us, flags);"
  "CREATE INDEX location_by_message ON location (message);"
  "CREATE INDEX location_by_thread ON location (thread);"
  "CREATE TABLE reference (hash INTEGER NOT NULL, thread INTEGER NOT NULL, PRIMARY KEY (hash, thread)) WITHOUT ROWID;"
  "CREATE INDEX reference_by_thread ON reference (thread);"
  "CREATE TABLE body (message INTEGER NOT NULL, seq INTEGER NOT NULL, data BLOB NOT NULL);"
  "CREATE UNIQUE INDEX body_by_message ON body (message, seq);"
  "CREATE TABLE message_text (message INTEGER PRIMARY KEY, data BLOB NOT NULL);"
  "CREATE TABLE contact (address TEXT PRIMARY KEY, name TEXT NOT NULL, keys TEXT NOT NULL, n_from INTEGER NOT NULL, n_to INTEGER NOT NULL,"
  "  last_us INTEGER NOT NULL) WITHOUT ROWID;"
  /* What the user did and the server has not confirmed: one row for each location concerned. */
  "CREATE TABLE pending (id INTEGER PRIMARY KEY, token TEXT NOT NULL, location INTEGER NOT NULL, add_flags INTEGER NOT NULL, remove_flags INTEGER NOT NULL,"
  "  target INTEGER NOT NULL DEFAULT 0, twin INTEGER NOT NULL DEFAULT 0);"
  "CREATE INDEX pending_by_token ON pending (token);"
  "CREATE INDEX pending_by_location ON pending (location);"
  "CREATE TABLE draft (id TEXT PRIMARY KEY, saved_us INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;"
  "CREATE VIEW search_source AS SELECT m.id AS id, m.subject AS subject, m.from_name || ' ' || m.from_address AS sender,"
  "  m.recipients || ' ' || m.cc AS recipients, cirrus_unzstd (t.data) AS body FROM message m LEFT JOIN message_text t ON t.message = m.id;"
  "CREATE VIRTUAL TABLE search USING fts5 (subject, sender, recipients, body, content = 'search_source', content_rowid = 'id', tokenize = 'cirrus');";

static gboolean
migrate_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, schema_1, error);
}

/* A thread that went into another keeps its row, which tells where it went: who still has it open follows, and its number means no other one.  The index
 * remembers the text pipeline's version; until now there had been one. */
static gboolean
migrate_2 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db,
                         "ALTER TABLE thread ADD COLUMN merged_into INTEGER;"
                         "CREATE INDEX thread_by_merged ON thread (merged_into) WHERE merged_into IS NOT NULL",
                         error) &&
         cloud_index_store_create (db, MAILER_INDEX_NAME, error) && cloud_sql_exec (db, "UPDATE cloud_index SET version = 1", error);
}

/* Bodies that somebody waits for; and whether a piece of a body was compressed with the message's text as its dictionary. */
static gboolean
migrate_3 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db,
                         "CREATE TABLE wanted_body (message INTEGER PRIMARY KEY, asked_us INTEGER NOT NULL);"
                         "ALTER TABLE body ADD COLUMN with_text INTEGER NOT NULL DEFAULT 0",
                         error);
}

/* The journal's entries that were shown here: what was done and confirmed is not shown once more. */
static gboolean
migrate_4 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db,
                         "CREATE TABLE applied (token TEXT PRIMARY KEY, at_us INTEGER NOT NULL) WITHOUT ROWID;"
                         "INSERT INTO applied SELECT DISTINCT token, CAST (strftime ('%s') AS INTEGER) * 1000000 FROM pending",
                         error);
}

static gboolean
prepare (sqlite3 *db, GError **error)
{
  if (!cloud_fts_register (db, error))
    return FALSE;
  if (sqlite3_create_function_v2 (db, "cirrus_unzstd", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, sql_unzstd, NULL, NULL, NULL) != SQLITE_OK)
    return cloud_sql_set_error (db, error, "cirrus_unzstd");
  return TRUE;
}

/* Drafts and what waits to be done are the user's own; all else the server has. */
static int
salvage (sqlite3 *db)
{
  sqlite3_exec (db, "INSERT OR IGNORE INTO draft SELECT id, saved_us, data FROM damaged.draft", NULL, NULL, NULL);
  return sqlite3_changes (db);
}

static const CloudStoreMigrate migrations[] = { migrate_1, migrate_2, migrate_3, migrate_4 };

static const CloudStoreSchema schema = {
  .name = "mail",
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
  .prepare = prepare,
  .salvage = salvage,
  .durable = FALSE,
};

/* ---- Opening ---- */

static void
mailer_store_finalize (GObject *object)
{
  MailerStore *self = MAILER_STORE (object);

  g_clear_object (&self->database);
  g_free (self->id);
  g_free (self->address);
  G_OBJECT_CLASS (mailer_store_parent_class)->finalize (object);
}

static void
mailer_store_class_init (MailerStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mailer_store_finalize;
}

static void
mailer_store_init (MailerStore *self)
{
}

char *
mailer_store_dup_dir (const char *id)
{
  g_autofree char *root = cloud_paths_data_dir ("mail");

  return g_build_filename (root, id, NULL);
}

/* (transfer full) (nullable): the database's path, in a folder that exists. */
static char *
prepare_path (const char *id, GError **error)
{
  g_autofree char *dir = mailer_store_dup_dir (id);

  if (g_mkdir_with_parents (dir, 0700) != 0)
    {
      int why = errno;

      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (why), "%s: %s", dir, g_strerror (why));
      return NULL;
    }
  return g_build_filename (dir, "mail.db", NULL);
}

static MailerStore *
store_new (const char *id, const char *address)
{
  MailerStore *self = g_object_new (MAILER_TYPE_STORE, NULL);

  self->id = g_strdup (id);
  self->address = g_strdup (address);
  return self;
}

MailerStore *
mailer_store_open (const char *id, const char *address, GError **error)
{
  g_autofree char *path = prepare_path (id, error);
  g_autoptr (MailerStore) self = path != NULL ? store_new (id, address) : NULL;

  if (self != NULL)
    self->database = cloud_store_open (path, &schema, error);
  return self != NULL && self->database != NULL ? g_steal_pointer (&self) : NULL;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MailerStore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->database = cloud_store_open_finish (result, &error);
  if (self->database != NULL)
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
mailer_store_open_async (const char *id, const char *address, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  GError *error = NULL;
  g_autofree char *path = prepare_path (id, &error);

  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, store_new (id, address), g_object_unref);
  cloud_store_open_async (path, &schema, NULL, on_opened, g_steal_pointer (&task));
}

MailerStore *
mailer_store_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

CloudStore *
mailer_store_get_database (MailerStore *self)
{
  return self->database;
}

const char *
mailer_store_get_id (MailerStore *self)
{
  return self->id;
}

const char *
mailer_store_get_address (MailerStore *self)
{
  return self->address;
}

/* ---- Folders ---- */

void
mailer_folder_row_free (MailerFolderRow *self)
{
  if (self == NULL)
    return;
  g_free (self->wire);
  g_free (self->path);
  g_free (self);
}

#define FOLDER_COLUMNS \
  "f.id, f.wire, f.path, f.role, f.selectable, f.uidvalidity, f.uidnext, f.modseq," \
  " (SELECT count (*) FROM location l WHERE l.folder = f.id AND l.uid IS NOT NULL)," \
  " (SELECT count (*) FROM location l WHERE l.folder = f.id AND l.hidden = 0)," \
  " (SELECT count (*) FROM location l WHERE l.folder = f.id AND l.hidden = 0 AND l.flags & 1 = 0) "

static MailerFolderRow *
take_folder (sqlite3_stmt *stmt)
{
  MailerFolderRow *row = g_new0 (MailerFolderRow, 1);

  row->id = sqlite3_column_int64 (stmt, 0);
  row->wire = cloud_sql_column_text (stmt, 1);
  row->path = cloud_sql_column_text (stmt, 2);
  row->role = sqlite3_column_int (stmt, 3);
  row->selectable = sqlite3_column_int (stmt, 4);
  row->state.uidvalidity = sqlite3_column_int64 (stmt, 5);
  row->state.uidnext = sqlite3_column_int64 (stmt, 6);
  row->state.modseq = sqlite3_column_int64 (stmt, 7);
  row->state.exists = sqlite3_column_int64 (stmt, 8);
  row->total = sqlite3_column_int64 (stmt, 9);
  row->unread = sqlite3_column_int64 (stmt, 10);
  return row;
}

static gpointer
job_list_folders (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_folder_row_free);
  sqlite3_stmt *stmt =
    cloud_sql_prepare (db, "SELECT " FOLDER_COLUMNS "FROM folder f ORDER BY f.role = 0, f.role, f.path COLLATE NOCASE", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (rows, take_folder (stmt));
  return rc == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

GPtrArray *
mailer_store_list_folders (MailerStore *self, GError **error)
{
  return cloud_store_read_sync (self->database, job_list_folders, NULL, NULL, error);
}

static gpointer
job_find_role (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT " FOLDER_COLUMNS "FROM folder f WHERE f.role = ?1 AND f.selectable LIMIT 1", error);
  MailerFolderRow *row = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int (stmt, 1, *(MailerRole *) data);
  if (cloud_sql_step (stmt, error) == SQLITE_ROW)
    row = take_folder (stmt);
  sqlite3_reset (stmt);
  return row;
}

MailerFolderRow *
mailer_store_find_role (MailerStore *self, MailerRole role, GError **error)
{
  return cloud_store_read_sync (self->database, job_find_role, &role, NULL, error);
}

static gboolean
upsert_folder (sqlite3 *db, const MailerImapFolder *folder, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "INSERT INTO folder (wire, path, role, selectable) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (wire) DO UPDATE SET"
                                          " path = excluded.path, role = excluded.role, selectable = excluded.selectable"
                                          " WHERE path <> excluded.path OR role <> excluded.role OR selectable <> excluded.selectable",
                                          error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, folder->wire);
  cloud_sql_bind_text (stmt, 2, folder->path);
  sqlite3_bind_int (stmt, 3, folder->role);
  sqlite3_bind_int (stmt, 4, folder->selectable && folder->role != MAILER_ROLE_ALL);
  return cloud_sql_run (stmt, error);
}

static gboolean
drop_folder (sqlite3 *db, gint64 folder, GError **error)
{
  static const char *const statements[] = { "DELETE FROM pending WHERE location IN (SELECT id FROM location WHERE folder = ?1)",
                                            "DELETE FROM location WHERE folder = ?1", "DELETE FROM folder WHERE id = ?1" };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, statements[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, folder);
      if (!cloud_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_listed (const GPtrArray *folders, const char *wire)
{
  for (guint i = 0; i < folders->len; i++)
    if (strcmp (((MailerImapFolder *) g_ptr_array_index (folders, i))->wire, wire) == 0)
      return TRUE;
  return FALSE;
}

static gpointer
job_set_folders (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const GPtrArray *folders = data;
  g_autoptr (GPtrArray) known = job_list_folders (db, NULL, NULL, error);

  if (known == NULL)
    return NULL;
  for (guint i = 0; i < known->len; i++)
    {
      MailerFolderRow *row = g_ptr_array_index (known, i);

      if (!is_listed (folders, row->wire) && !drop_folder (db, row->id, error))
        return NULL;
    }
  for (guint i = 0; i < folders->len; i++)
    if (!upsert_folder (db, g_ptr_array_index (folders, i), error))
      return NULL;
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_set_folders (MailerStore *self, const GPtrArray *folders, GError **error)
{
  return cloud_store_write_sync (self->database, job_set_folders, (gpointer) folders, NULL, error) != NULL;
}
