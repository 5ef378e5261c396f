/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-outbox"

#include "cloud-outbox-private.h"
#include "cloud-error.h"

/* The outbox's rows.  Every step of an entry's life is one transaction here, fsynced before its caller goes on; a step that the entry's
 * present state does not allow changes nothing. */

#define KEEP_FINISHED_US (7 * G_TIME_SPAN_DAY)
#define STATES_OPEN "(0, 1, 2, 3, 4)"
#define STATES_READY "(0, 2)"

G_STATIC_ASSERT (CLOUD_OUTBOX_STATE_WAITING == 0 && CLOUD_OUTBOX_STATE_SENDING == 1 && CLOUD_OUTBOX_STATE_INTERRUPTED == 2 &&
                 CLOUD_OUTBOX_STATE_FAILED == 3 && CLOUD_OUTBOX_STATE_UNCERTAIN == 4 && CLOUD_OUTBOX_STATE_DONE == 5 &&
                 CLOUD_OUTBOX_STATE_CANCELLED == 6);

static gboolean
to_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db,
                         "CREATE TABLE entry (seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, target TEXT NOT NULL,"
                         " kind TEXT NOT NULL, payload BLOB, label TEXT NOT NULL, created_us INTEGER NOT NULL, not_before_us INTEGER NOT NULL,"
                         " state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, next_attempt_us INTEGER NOT NULL DEFAULT 0,"
                         " error_code INTEGER NOT NULL DEFAULT -1, error_message TEXT, progress BLOB, finished_us INTEGER);"
                         "CREATE INDEX entry_open ON entry (target, seq) WHERE state IN " STATES_OPEN ";"
                         "CREATE TABLE stop (target TEXT PRIMARY KEY, error_code INTEGER NOT NULL) WITHOUT ROWID",
                         error);
}

static const CloudStoreMigrate migrations[] = { to_1 };

static int
salvage (sqlite3 *db)
{
  return cloud_sql_salvage_table (db, "entry",
                                  "seq, uuid, target, kind, payload, label, created_us, not_before_us, state, attempts, next_attempt_us, "
                                  "error_code, error_message, progress, finished_us");
}

const CloudStoreSchema outbox_store_schema = { "outbox", migrations, G_N_ELEMENTS (migrations), NULL, salvage, TRUE };

void
outbox_job_free (OutboxJob *job)
{
  g_free (job->uuid);
  g_free (job->target);
  g_free (job->kind);
  g_free (job->label);
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_strfreev (job->kinds);
  g_free (job->error_message);
  g_free (job);
}

void
outbox_pick_free (OutboxPick *pick)
{
  g_clear_object (&pick->entry);
  g_free (pick);
}

#define COLUMNS                                                                                                                            \
  "e.seq, e.uuid, e.target, e.kind, e.label, e.created_us, e.not_before_us, e.state, e.attempts, e.next_attempt_us, e.error_code, "        \
  "e.error_message, EXISTS (SELECT 1 FROM stop s WHERE s.target = e.target)"
#define COLUMN_PAYLOAD 13

static CloudOutboxEntry *
entry_from_row (sqlite3_stmt *stmt, gboolean with_payload)
{
  CloudOutboxEntry *entry = g_object_new (CLOUD_TYPE_OUTBOX_ENTRY, NULL);

  entry->seq = sqlite3_column_int64 (stmt, 0);
  entry->uuid = cloud_sql_column_text (stmt, 1);
  entry->target = cloud_sql_column_text (stmt, 2);
  entry->kind = cloud_sql_column_text (stmt, 3);
  entry->label = cloud_sql_column_text (stmt, 4);
  entry->created_unix_us = sqlite3_column_int64 (stmt, 5);
  entry->not_before_unix_us = sqlite3_column_int64 (stmt, 6);
  entry->state = sqlite3_column_int (stmt, 7);
  entry->attempts = sqlite3_column_int (stmt, 8);
  entry->next_attempt_unix_us = sqlite3_column_int64 (stmt, 9);
  entry->error_code = sqlite3_column_int (stmt, 10);
  entry->error_message = cloud_sql_column_text (stmt, 11);
  entry->stopped = sqlite3_column_int (stmt, 12);
  entry->interrupted = entry->state == CLOUD_OUTBOX_STATE_INTERRUPTED;
  if (with_payload)
    {
      entry->payload = cloud_sql_column_bytes (stmt, COLUMN_PAYLOAD);
      entry->progress = cloud_sql_column_bytes (stmt, COLUMN_PAYLOAD + 1);
    }
  return entry;
}

gpointer
outbox_store_append (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  sqlite3_stmt *stmt = cloud_sql_prepare (
    db, "INSERT OR IGNORE INTO entry (uuid, target, kind, payload, label, created_us, not_before_us) VALUES (?, ?, ?, ?, ?, ?, ?)", error);

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, job->uuid);
  cloud_sql_bind_text (stmt, 2, job->target);
  cloud_sql_bind_text (stmt, 3, job->kind);
  cloud_sql_bind_bytes (stmt, 4, job->bytes);
  cloud_sql_bind_text (stmt, 5, job->label);
  sqlite3_bind_int64 (stmt, 6, job->now_unix_us);
  sqlite3_bind_int64 (stmt, 7, job->not_before_unix_us);
  return cloud_sql_run (stmt, error) ? g_strdup (job->uuid) : NULL;
}

gpointer
outbox_store_list (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_object_unref);
  sqlite3_stmt *stmt =
    cloud_sql_prepare (db, "SELECT " COLUMNS " FROM entry e WHERE e.state IN " STATES_OPEN " ORDER BY e.seq", error);
  int rc = SQLITE_ERROR;

  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (entries, entry_from_row (stmt, FALSE));
  return rc == SQLITE_DONE ? g_steal_pointer (&entries) : NULL;
}

static CloudOutboxEntry *
lookup (sqlite3 *db, const char *uuid, GError **error)
{
  g_autoptr (GError) local = NULL;
  CloudOutboxEntry *entry = NULL;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT " COLUMNS ", e.payload, e.progress FROM entry e WHERE e.uuid = ?", &local);

  if (stmt != NULL)
    {
      cloud_sql_bind_text (stmt, 1, uuid);
      if (cloud_sql_step (stmt, &local) == SQLITE_ROW)
        {
          entry = entry_from_row (stmt, TRUE);
          sqlite3_reset (stmt);
        }
      else if (local == NULL)
        local = g_error_new (CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The outbox has no entry %s", uuid);
    }
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return entry;
}

gpointer
outbox_store_lookup (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return lookup (db, ((OutboxJob *) data)->uuid, error);
}

/* Runs @sql with the uuid as ?1 and the time as ?2. */
static gboolean
change (sqlite3 *db, const char *sql, const char *uuid, gint64 now_unix_us, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, uuid);
  sqlite3_bind_int64 (stmt, 2, now_unix_us);
  return cloud_sql_run (stmt, error);
}

static gboolean
refuse (CloudOutboxEntry *entry, GError **error)
{
  g_set_error (error, CLOUD_ERROR, entry->state == CLOUD_OUTBOX_STATE_SENDING ? CLOUD_ERROR_BUSY : CLOUD_ERROR_INVALID,
               "The entry %s is %s", entry->uuid, cloud_outbox_state_name (entry->state));
  return FALSE;
}

/* (transfer full) (nullable): an entry that nobody is carrying out and that is not over. */
static CloudOutboxEntry *
lookup_resting (sqlite3 *db, const char *uuid, GError **error)
{
  g_autoptr (CloudOutboxEntry) entry = lookup (db, uuid, error);

  if (entry == NULL || entry->state == CLOUD_OUTBOX_STATE_WAITING || entry->state == CLOUD_OUTBOX_STATE_FAILED ||
      entry->state == CLOUD_OUTBOX_STATE_UNCERTAIN)
    return g_steal_pointer (&entry);
  refuse (entry, error);
  return NULL;
}

gpointer
outbox_store_cancel (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  g_autoptr (CloudOutboxEntry) entry = lookup_resting (db, job->uuid, error);

  if (entry == NULL)
    return NULL;
  if (!change (db, "UPDATE entry SET state = 6, finished_us = ?2, payload = NULL, progress = NULL WHERE uuid = ?1", job->uuid,
               job->now_unix_us, error))
    return NULL;
  return g_steal_pointer (&entry);
}

gpointer
outbox_store_retry (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  g_autoptr (CloudOutboxEntry) entry = lookup_resting (db, job->uuid, error);

  if (entry == NULL)
    return NULL;
  /* Who wants an uncertain one once more has looked: how far it came the last time no longer counts. */
  change (db,
          "UPDATE entry SET state = 0, attempts = 0, next_attempt_us = 0, not_before_us = min (not_before_us, ?2),"
          " progress = CASE state WHEN 4 THEN NULL ELSE progress END WHERE uuid = ?1",
          job->uuid, job->now_unix_us, error);
  return NULL;
}

gpointer
outbox_store_confirm (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  g_autoptr (CloudOutboxEntry) entry = lookup (db, job->uuid, error);

  if (entry == NULL)
    return NULL;
  if (entry->state != CLOUD_OUTBOX_STATE_UNCERTAIN)
    {
      refuse (entry, error);
      return NULL;
    }
  change (db, "UPDATE entry SET state = 5, finished_us = ?2, payload = NULL, progress = NULL WHERE uuid = ?1", job->uuid,
          job->now_unix_us, error);
  return NULL;
}

gpointer
outbox_store_resume_target (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;

  if (change (db, "DELETE FROM stop WHERE substr (target, 1, length (?1)) = ?1", job->target, 0, error))
    change (db,
            "UPDATE entry SET next_attempt_us = 0 WHERE state = 0 AND next_attempt_us > 0 AND substr (target, 1, length (?1)) = ?1",
            job->target, 0, error);
  return NULL;
}

/* The lease is ours: what is "sending" was being sent by a process that is dead. */
gpointer
outbox_store_take_over (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;

  if (cloud_sql_exec (db, "UPDATE entry SET state = 2 WHERE state = 1", error))
    change (db, "DELETE FROM entry WHERE state IN (5, 6) AND finished_us < ?2 AND ?1 IS NULL", NULL, job->now_unix_us - KEEP_FINISHED_US,
            error);
  return NULL;
}

/* The first open entry of each target that is due: those that wait for their time, or are settled in failure, hold nobody back. */
static const char pick_sql[] =
  "SELECT " COLUMNS ", e.payload, e.progress FROM entry e WHERE e.state IN " STATES_READY " AND e.not_before_us <= ?1"
  " AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.target = e.target)"
  " AND NOT EXISTS (SELECT 1 FROM entry b WHERE b.target = e.target AND b.seq < e.seq AND b.state IN (0, 1, 2) AND b.not_before_us <= ?1)"
  " AND e.next_attempt_us <= ?1 ORDER BY e.seq";

static const char next_due_sql[] =
  "SELECT min (max (e.not_before_us, e.next_attempt_us)) FROM entry e WHERE e.state IN " STATES_READY
  " AND max (e.not_before_us, e.next_attempt_us) > ?1 AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.target = e.target)";

gpointer
outbox_store_pick (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  OutboxPick *pick = g_new0 (OutboxPick, 1);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, pick_sql, &local);

  pick->next_due_unix_us = G_MAXINT64;
  if (stmt != NULL)
    {
      sqlite3_bind_int64 (stmt, 1, job->now_unix_us);
      while (pick->entry == NULL && cloud_sql_step (stmt, &local) == SQLITE_ROW)
        if (g_strv_contains ((const char *const *) job->kinds, (const char *) sqlite3_column_text (stmt, 3)))
          pick->entry = entry_from_row (stmt, TRUE);
      sqlite3_reset (stmt);
    }
  if (local == NULL && pick->entry != NULL)
    {
      change (db, "UPDATE entry SET state = 1 WHERE uuid = ?1", pick->entry->uuid, 0, &local);
      pick->entry->state = CLOUD_OUTBOX_STATE_SENDING;
    }
  stmt = local == NULL ? cloud_sql_prepare (db, next_due_sql, &local) : NULL;
  if (stmt != NULL)
    {
      sqlite3_bind_int64 (stmt, 1, job->now_unix_us);
      if (cloud_sql_step (stmt, &local) == SQLITE_ROW && sqlite3_column_type (stmt, 0) != SQLITE_NULL)
        pick->next_due_unix_us = sqlite3_column_int64 (stmt, 0);
      sqlite3_reset (stmt);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      g_clear_pointer (&pick, outbox_pick_free);
    }
  return pick;
}

/* Doubled with each attempt, and shortened by up to a half at random, so that many clients do not come back at the same moment. */
static gint64
pause_us (OutboxJob *job, int attempts)
{
  double pause = (double) job->first_pause_ms * (double) (G_GINT64_CONSTANT (1) << MIN (attempts, 30));

  return (gint64) (MIN (pause, (double) job->longest_pause_ms) * g_random_double_range (0.5, 1.0) * 1000.0);
}

static gboolean
stop_target (sqlite3 *db, const char *target, int error_code, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR REPLACE INTO stop (target, error_code) VALUES (?, ?)", error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, target);
  sqlite3_bind_int (stmt, 2, error_code);
  return cloud_sql_run (stmt, error);
}

static gboolean
set_outcome (sqlite3 *db, OutboxJob *job, CloudOutboxState state, int attempts, gint64 next_attempt_us, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "UPDATE entry SET state = ?2, attempts = ?3, next_attempt_us = ?4, error_code = ?5, error_message = ?6"
                                          " WHERE uuid = ?1 AND state = 1",
                                          error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, job->uuid);
  sqlite3_bind_int (stmt, 2, state);
  sqlite3_bind_int (stmt, 3, attempts);
  sqlite3_bind_int64 (stmt, 4, next_attempt_us);
  sqlite3_bind_int (stmt, 5, job->error_code);
  cloud_sql_bind_text (stmt, 6, job->error_message);
  return cloud_sql_run (stmt, error);
}

gpointer
outbox_store_settle (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  g_autoptr (CloudOutboxEntry) entry = lookup (db, job->uuid, error);

  if (entry == NULL)
    return NULL;
  switch (job->settle)
    {
    case OUTBOX_SETTLE_DONE:
      change (db,
              "UPDATE entry SET state = 5, finished_us = ?2, payload = NULL, progress = NULL, error_code = -1, error_message = NULL"
              " WHERE uuid = ?1 AND state = 1",
              job->uuid, job->now_unix_us, error);
      break;
    case OUTBOX_SETTLE_UNCERTAIN:
      set_outcome (db, job, CLOUD_OUTBOX_STATE_UNCERTAIN, entry->attempts + 1, 0, error);
      break;
    case OUTBOX_SETTLE_FAILED:
      set_outcome (db, job, CLOUD_OUTBOX_STATE_FAILED, entry->attempts + 1, 0, error);
      break;
    case OUTBOX_SETTLE_LATER:
      set_outcome (db, job, CLOUD_OUTBOX_STATE_WAITING, entry->attempts + 1, job->now_unix_us + pause_us (job, entry->attempts), error);
      break;
    case OUTBOX_SETTLE_STOPPED:
      if (stop_target (db, entry->target, job->error_code, error))
        set_outcome (db, job, CLOUD_OUTBOX_STATE_WAITING, entry->attempts, 0, error);
      break;
    case OUTBOX_SETTLE_UNTRIED:
      set_outcome (db, job, CLOUD_OUTBOX_STATE_WAITING, entry->attempts, 0, error);
      break;
    }
  return NULL;
}

gpointer
outbox_store_set_progress (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  OutboxJob *job = data;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE entry SET progress = ?2 WHERE uuid = ?1 AND state = 1", error);

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, job->uuid);
  cloud_sql_bind_bytes (stmt, 2, job->bytes);
  if (cloud_sql_run (stmt, error) && sqlite3_changes (db) != 1)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The entry %s is not being sent", job->uuid);
  return NULL;
}
