/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-store-private.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <string.h>

/* What the user did and the server has not confirmed, or waits for; how the account is doing; drafts. */

#define WANTED_FOR_US (24 * G_TIME_SPAN_HOUR)
/* Longer than the journal can take to close an entry that was carried out; what still waits is remembered however long it takes. */
#define APPLIED_FOR_US (30 * G_TIME_SPAN_DAY)

typedef struct
{
  const char *token;
  const GArray *targets;
  const GArray *threads, *messages, *folders;
  const GArray *locations, *new_uids;
  MailerFlags add, remove;
  gboolean moves;
  gint64 target_folder;
  gboolean again;
} PendingJob;

void
mailer_target_clear (MailerTarget *self)
{
  g_free (self->message_id);
}

void
mailer_pending_clear (MailerPending *self)
{
  g_free (self->wire);
  g_free (self->target_wire);
}

/* Binds up to five integers and runs. */
static gboolean
run_with_ints (sqlite3 *db, const char *sql, const gint64 *values, int n, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  for (int i = 0; i < n; i++)
    sqlite3_bind_int64 (stmt, i + 1, values[i]);
  return cloud_sql_run (stmt, error);
}

#define RUN(db, sql, error, ...) run_with_ints (db, sql, (const gint64[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const gint64[]){ __VA_ARGS__ })), error)

/* ---- Finding ---- */

static gboolean
is_wanted (const GArray *folders, gint64 folder, int role)
{
  if (folders == NULL)
    return role != MAILER_ROLE_TRASH && role != MAILER_ROLE_JUNK && role != MAILER_ROLE_SENT && role != MAILER_ROLE_DRAFTS;
  for (guint i = 0; i < folders->len; i++)
    if (g_array_index (folders, gint64, i) == folder)
      return TRUE;
  return FALSE;
}

static gboolean
find_targets (sqlite3 *db, const char *sql, const GArray *ids, const GArray *folders, GArray *found, GError **error)
{
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);
      int rc;

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, g_array_index (ids, gint64, i));
      while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
        if (is_wanted (folders, sqlite3_column_int64 (stmt, 2), sqlite3_column_int (stmt, 4)))
          {
            MailerTarget target = { sqlite3_column_int64 (stmt, 0), sqlite3_column_int64 (stmt, 1), sqlite3_column_int64 (stmt, 2),
                                    cloud_sql_column_text (stmt, 3), sqlite3_column_int (stmt, 5) };

            g_array_append_val (found, target);
          }
      if (rc != SQLITE_DONE)
        return FALSE;
    }
  return TRUE;
}

#define TARGET_COLUMNS "SELECT l.id, l.message, l.folder, m.message_id, f.role, l.flags FROM location l JOIN message m ON m.id = l.message JOIN folder f ON f.id = l.folder "

static gpointer
job_find_targets (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  PendingJob *job = data;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (MailerTarget));

  g_array_set_clear_func (found, (GDestroyNotify) mailer_target_clear);
  if (!find_targets (db, TARGET_COLUMNS "WHERE l.thread = " MAILER_THREAD_OF_1 "AND l.hidden = 0 ORDER BY l.id", job->threads, job->folders, found, error) ||
      !find_targets (db, TARGET_COLUMNS "WHERE l.message = ?1 AND l.hidden = 0 ORDER BY l.id", job->messages, job->folders, found, error))
    return NULL;
  return g_steal_pointer (&found);
}

GArray *
mailer_store_find_targets (MailerStore *self, const GArray *threads, const GArray *messages, const GArray *folders, GError **error)
{
  PendingJob job = { .threads = threads, .messages = messages, .folders = folders };

  return cloud_store_read_sync (self->database, job_find_targets, &job, NULL, error);
}

/* ---- Applying ---- */

/* What earlier changes of the same message that are still pending add up to with this one. */
static gboolean
merge_flags (sqlite3 *db, gint64 location, MailerFlags *add, MailerFlags *remove, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT add_flags, remove_flags FROM pending WHERE location = ?1 ORDER BY id DESC LIMIT 1", error);
  MailerFlags before_add = 0;
  MailerFlags before_remove = 0;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, location);
  if (cloud_sql_step (stmt, error) == SQLITE_ROW)
    {
      before_add = sqlite3_column_int (stmt, 0);
      before_remove = sqlite3_column_int (stmt, 1);
    }
  sqlite3_reset (stmt);
  *add = (before_add & ~*remove) | *add;
  *remove = (before_remove & ~*add) | *remove;
  return TRUE;
}

/* The message's new place, shown until the server tells its UID. */
static gboolean
add_twin (sqlite3 *db, gint64 location, gint64 folder, gint64 *twin, GError **error)
{
  if (!RUN (db,
            "INSERT INTO location (folder, uid, message, thread, date_us, server_flags, flags) SELECT ?2, NULL, message, thread, date_us, server_flags, flags"
            " FROM location WHERE id = ?1",
            error, location, folder))
    return FALSE;
  *twin = sqlite3_last_insert_rowid (db);
  return TRUE;
}

static gboolean
apply_one (sqlite3 *db, const PendingJob *job, gint64 location, GError **error)
{
  MailerFlags add = job->add;
  MailerFlags remove = job->remove;
  gint64 twin = 0;
  sqlite3_stmt *stmt;

  if (!merge_flags (db, location, &add, &remove, error))
    return FALSE;
  if (!RUN (db, "UPDATE location SET flags = (flags | ?2) & ~?3, hidden = max (hidden, ?4) WHERE id = ?1", error, location, job->add, job->remove, job->moves))
    return FALSE;
  if (job->moves && job->target_folder != 0 && !add_twin (db, location, job->target_folder, &twin, error))
    return FALSE;
  stmt = cloud_sql_prepare (db, "INSERT INTO pending (token, location, add_flags, remove_flags, target, twin) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);
  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, job->token);
  sqlite3_bind_int64 (stmt, 2, location);
  sqlite3_bind_int64 (stmt, 3, add);
  sqlite3_bind_int64 (stmt, 4, remove);
  sqlite3_bind_int64 (stmt, 5, !job->moves ? 0 : job->target_folder != 0 ? job->target_folder : -1);
  sqlite3_bind_int64 (stmt, 6, twin);
  return cloud_sql_run (stmt, error);
}

/* Notes that @token is shown; @first: FALSE if it was before. */
static gboolean
note_applied (sqlite3 *db, const char *token, gboolean *first, GError **error)
{
  gint64 now_us = cloud_time_now_unix_us ();
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR IGNORE INTO applied VALUES (?1, ?2)", error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, token);
  sqlite3_bind_int64 (stmt, 2, now_us);
  if (!cloud_sql_run (stmt, error))
    return FALSE;
  *first = sqlite3_changes (db) > 0;
  return !*first || RUN (db, "DELETE FROM applied WHERE at_us < ?1 AND token NOT IN (SELECT token FROM pending)", error, now_us - APPLIED_FOR_US);
}

static gboolean
is_still_there (sqlite3 *db, const MailerTarget *target, gboolean *there, GError **error)
{
  sqlite3_stmt *stmt =
      cloud_sql_prepare (db, "SELECT 1 FROM location l JOIN message m ON m.id = l.message WHERE l.id = ?1 AND m.message_id = ?2", error);
  int rc;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, target->location);
  cloud_sql_bind_text (stmt, 2, target->message_id);
  rc = cloud_sql_step (stmt, error);
  *there = rc == SQLITE_ROW;
  sqlite3_reset (stmt);
  return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

static gpointer
job_apply (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  PendingJob *job = data;
  gboolean first = FALSE;

  if (!note_applied (db, job->token, &first, error))
    return NULL;
  for (guint i = 0; first && i < job->targets->len; i++)
    {
      const MailerTarget *target = &g_array_index (job->targets, MailerTarget, i);
      gboolean there = FALSE;

      if (!is_still_there (db, target, &there, error) || (there && !apply_one (db, job, target->location, error)))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_apply (MailerStore *self, const char *token, const GArray *targets, MailerFlags add, MailerFlags remove, gboolean moves, gint64 target_folder,
                    GError **error)
{
  PendingJob job = { .token = token, .targets = targets, .add = add, .remove = remove, .moves = moves, .target_folder = target_folder };

  return cloud_store_write_sync (self->database, job_apply, &job, NULL, error) != NULL;
}

static gpointer
job_apply_local (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  PendingJob *job = data;

  for (guint i = 0; i < job->targets->len; i++)
    {
      gint64 location = g_array_index (job->targets, MailerTarget, i).location;
      gboolean ok = RUN (db, "UPDATE location SET flags = (flags | ?2) & ~?3, server_flags = (flags | ?2) & ~?3 WHERE id = ?1", error, location, job->add, job->remove);

      if (ok && job->moves && job->target_folder != 0)
        ok = RUN (db,
                  "UPDATE location SET folder = ?2, uid = (SELECT coalesce (max (uid), 0) + 1 FROM location WHERE folder = ?2) WHERE id = ?1 AND folder <> ?2", error,
                  location, job->target_folder);
      else if (ok && job->moves)
        ok = RUN (db, "DELETE FROM location WHERE id = ?1", error, location);
      if (!ok)
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_apply_local (MailerStore *self, const GArray *targets, MailerFlags add, MailerFlags remove, gboolean moves, gint64 target_folder, GError **error)
{
  PendingJob job = { .targets = targets, .add = add, .remove = remove, .moves = moves, .target_folder = target_folder };

  return cloud_store_write_sync (self->database, job_apply_local, &job, NULL, error) != NULL &&
         (!moves || target_folder != 0 || mailer_store_purge (self, error));
}

/* ---- Carrying out ---- */

static gpointer
job_list_pending (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, TRUE, sizeof (MailerPending));
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "SELECT p.location, l.uid, l.folder, f.wire, f.uidvalidity, p.add_flags, p.remove_flags, p.target,"
                                          " (SELECT wire FROM folder WHERE id = p.target) FROM pending p JOIN location l ON l.id = p.location"
                                          " JOIN folder f ON f.id = l.folder WHERE p.token = ?1 ORDER BY l.folder, l.uid",
                                          error);
  int rc;

  if (stmt == NULL)
    return NULL;
  g_array_set_clear_func (found, (GDestroyNotify) mailer_pending_clear);
  cloud_sql_bind_text (stmt, 1, data);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      MailerPending one = { .location = sqlite3_column_int64 (stmt, 0),
                            .uid = sqlite3_column_int64 (stmt, 1),
                            .folder = sqlite3_column_int64 (stmt, 2),
                            .wire = cloud_sql_column_text (stmt, 3),
                            .uidvalidity = sqlite3_column_int64 (stmt, 4),
                            .add = sqlite3_column_int (stmt, 5),
                            .remove = sqlite3_column_int (stmt, 6),
                            .moves = sqlite3_column_int64 (stmt, 7) != 0,
                            .target = MAX (sqlite3_column_int64 (stmt, 7), 0),
                            .target_wire = cloud_sql_column_text (stmt, 8) };

      g_array_append_val (found, one);
    }
  return rc == SQLITE_DONE ? g_steal_pointer (&found) : NULL;
}

GArray *
mailer_store_list_pending (MailerStore *self, const char *token, GError **error)
{
  return cloud_store_read_sync (self->database, job_list_pending, (gpointer) token, NULL, error);
}

static gpointer
job_list_tokens (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT DISTINCT token FROM pending", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (tokens, cloud_sql_column_text (stmt, 0));
  if (rc != SQLITE_DONE)
    return NULL;
  g_ptr_array_add (tokens, NULL);
  return g_ptr_array_free (g_steal_pointer (&tokens), FALSE);
}

char **
mailer_store_list_pending_tokens (MailerStore *self, GError **error)
{
  return cloud_store_read_sync (self->database, job_list_tokens, NULL, NULL, error);
}

static gboolean
settle_one (sqlite3 *db, const char *token, gint64 location, guint32 new_uid, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT add_flags, remove_flags, target, twin FROM pending WHERE token = ?1 AND location = ?2", error);
  gint64 add, remove, target, twin;

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, token);
  sqlite3_bind_int64 (stmt, 2, location);
  if (cloud_sql_step (stmt, error) != SQLITE_ROW)
    return error == NULL || *error == NULL;
  add = sqlite3_column_int64 (stmt, 0);
  remove = sqlite3_column_int64 (stmt, 1);
  target = sqlite3_column_int64 (stmt, 2);
  twin = sqlite3_column_int64 (stmt, 3);
  sqlite3_reset (stmt);
  if (target == 0)
    return RUN (db, "UPDATE location SET server_flags = (server_flags | ?2) & ~?3 WHERE id = ?1", error, location, add, remove);
  if (!RUN (db, "UPDATE pending SET location = ?2 WHERE location = ?1 AND target = 0", error, location, twin) ||
      !RUN (db, "DELETE FROM location WHERE id = ?1", error, location))
    return FALSE;
  if (twin == 0 || new_uid == 0)
    return TRUE;
  /* A sync may have met it there already. */
  if (!RUN (db, "UPDATE OR IGNORE location SET uid = ?2 WHERE id = ?1 AND uid IS NULL", error, twin, new_uid))
    return FALSE;
  return RUN (db, "DELETE FROM location WHERE id = ?1 AND uid IS NULL", error, twin);
}

static gboolean
run_with_token (sqlite3 *db, const char *sql, const char *token, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, token);
  return cloud_sql_run (stmt, error);
}

static gboolean
forget (sqlite3 *db, const char *token, GError **error)
{
  return run_with_token (db, "DELETE FROM pending WHERE token = ?1", token, error);
}

static gpointer
job_settle (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  PendingJob *job = data;

  for (guint i = 0; i < job->locations->len; i++)
    {
      guint32 new_uid = job->new_uids != NULL && i < job->new_uids->len ? g_array_index (job->new_uids, guint32, i) : 0;

      if (!settle_one (db, job->token, g_array_index (job->locations, gint64, i), new_uid, error))
        return NULL;
    }
  return GINT_TO_POINTER (forget (db, job->token, error));
}

gboolean
mailer_store_settle (MailerStore *self, const char *token, const GArray *locations, const GArray *new_uids, GError **error)
{
  PendingJob job = { .token = token, .locations = locations, .new_uids = new_uids };

  return cloud_store_write_sync (self->database, job_settle, &job, NULL, error) != NULL;
}

static gpointer
job_revert (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  PendingJob *job = data;
  gboolean first;

  if (!run_with_token (db, "DELETE FROM location WHERE uid IS NULL AND id IN (SELECT twin FROM pending WHERE token = ?1)", job->token, error) ||
      !run_with_token (db,
                       "UPDATE location SET hidden = (server_flags & 16) <> 0, flags = server_flags WHERE id IN (SELECT location FROM pending WHERE token = ?1)",
                       job->token, error) ||
      !forget (db, job->token, error))
    return NULL;
  if (!(job->again ? run_with_token (db, "DELETE FROM applied WHERE token = ?1", job->token, error) : note_applied (db, job->token, &first, error)))
    return NULL;
  /* What other actions still want of the same messages. */
  return GINT_TO_POINTER (cloud_sql_exec (db,
                                          "UPDATE location SET flags = (flags | (SELECT add_flags FROM pending WHERE location = location.id ORDER BY id DESC LIMIT 1)) &"
                                          " ~(SELECT remove_flags FROM pending WHERE location = location.id ORDER BY id DESC LIMIT 1)"
                                          " WHERE id IN (SELECT location FROM pending)",
                                          error));
}

gboolean
mailer_store_revert (MailerStore *self, const char *token, gboolean again, GError **error)
{
  PendingJob job = { .token = token, .again = again };

  return cloud_store_write_sync (self->database, job_revert, &job, NULL, error) != NULL;
}

/* ---- Status ---- */

static gpointer
job_get_status (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  MailerSyncStatus *status = data;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT key, value FROM meta WHERE key LIKE 'sync-%'", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  *status = (MailerSyncStatus){ .error_code = -1 };
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      const char *key = (const char *) sqlite3_column_text (stmt, 0);

      if (strcmp (key, "sync-state") == 0)
        status->state = sqlite3_column_int (stmt, 1);
      else if (strcmp (key, "sync-done") == 0)
        status->done = sqlite3_column_int64 (stmt, 1);
      else if (strcmp (key, "sync-total") == 0)
        status->total = sqlite3_column_int64 (stmt, 1);
      else if (strcmp (key, "sync-last") == 0)
        status->last_sync_unix_us = sqlite3_column_int64 (stmt, 1);
      else if (strcmp (key, "sync-error") == 0)
        status->error_code = sqlite3_column_int (stmt, 1);
      else if (strcmp (key, "sync-message") == 0)
        status->message = cloud_sql_column_text (stmt, 1);
    }
  return GINT_TO_POINTER (rc == SQLITE_DONE);
}

gboolean
mailer_store_get_status (MailerStore *self, MailerSyncStatus *status, GError **error)
{
  return cloud_store_read_sync (self->database, job_get_status, status, NULL, error) != NULL;
}

static gpointer
job_set_status (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  const MailerSyncStatus *status = data;
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "INSERT OR REPLACE INTO meta VALUES ('sync-state', ?1), ('sync-done', ?2), ('sync-total', ?3), ('sync-last', ?4),"
                                          " ('sync-error', ?5), ('sync-message', ?6)",
                                          error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int (stmt, 1, status->state);
  sqlite3_bind_int64 (stmt, 2, status->done);
  sqlite3_bind_int64 (stmt, 3, status->total);
  sqlite3_bind_int64 (stmt, 4, status->last_sync_unix_us);
  sqlite3_bind_int (stmt, 5, status->error_code);
  cloud_sql_bind_text (stmt, 6, status->message);
  return GINT_TO_POINTER (cloud_sql_run (stmt, error));
}

gboolean
mailer_store_set_status (MailerStore *self, const MailerSyncStatus *status, GError **error)
{
  return cloud_store_write_sync (self->database, job_set_status, (gpointer) status, NULL, error) != NULL;
}

/* ---- Bodies that somebody waits for ---- */

void
mailer_wanted_clear (MailerWanted *self)
{
  g_free (self->wire);
}

static gpointer
job_want_body (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR REPLACE INTO wanted_body VALUES (?1, ?2)", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, *(gint64 *) data);
  sqlite3_bind_int64 (stmt, 2, cloud_time_now_unix_us ());
  return GINT_TO_POINTER (cloud_sql_run (stmt, error));
}

gboolean
mailer_store_want_body (MailerStore *self, gint64 message, GError **error)
{
  return cloud_store_write_sync (self->database, job_want_body, &message, NULL, error) != NULL;
}

static gpointer
job_forget_wanted (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 now_us = cloud_time_now_unix_us ();

  /* What was asked for in the future was asked for by a clock that has been set right since. */
  return GINT_TO_POINTER (RUN (db, "DELETE FROM wanted_body WHERE asked_us NOT BETWEEN ?1 AND ?2", error, now_us - WANTED_FOR_US, now_us + WANTED_FOR_US));
}

gboolean
mailer_store_forget_wanted (MailerStore *self, GError **error)
{
  return cloud_store_write_sync (self->database, job_forget_wanted, NULL, NULL, error) != NULL;
}

static gpointer
job_list_wanted (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (MailerWanted));
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "SELECT l.uid, m.id, m.size, f.id, f.wire, f.uidvalidity FROM wanted_body w JOIN message m ON m.id = w.message JOIN location l ON l.message = m.id"
                                          " JOIN folder f ON f.id = l.folder WHERE m.body_state IN (0, 3) AND l.uid IS NOT NULL AND f.selectable"
                                          " ORDER BY w.asked_us DESC, m.id, l.id",
                                          error);
  int rc;

  g_array_set_clear_func (wanted, (GDestroyNotify) mailer_wanted_clear);
  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      MailerWanted one = { { sqlite3_column_int64 (stmt, 0), sqlite3_column_int64 (stmt, 1), sqlite3_column_int64 (stmt, 2) }, sqlite3_column_int64 (stmt, 3),
                           cloud_sql_column_text (stmt, 4), sqlite3_column_int64 (stmt, 5) };

      g_array_append_val (wanted, one);
    }
  return rc == SQLITE_DONE ? g_steal_pointer (&wanted) : NULL;
}

GArray *
mailer_store_list_wanted (MailerStore *self, GError **error)
{
  return cloud_store_read_sync (self->database, job_list_wanted, NULL, NULL, error);
}

/* ---- Drafts ---- */

typedef struct
{
  const char *id;
  GBytes *data;
} DraftJob;

static gpointer
job_save_draft (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DraftJob *job = data;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR REPLACE INTO draft VALUES (?1, ?2, ?3)", error);

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, job->id);
  sqlite3_bind_int64 (stmt, 2, cloud_time_now_unix_us ());
  cloud_sql_bind_bytes (stmt, 3, job->data);
  return GINT_TO_POINTER (cloud_sql_run (stmt, error));
}

gboolean
mailer_store_save_draft (MailerStore *self, const char *id, GBytes *data, GError **error)
{
  DraftJob job = { id, data };

  return cloud_store_write_sync (self->database, job_save_draft, &job, NULL, error) != NULL;
}

static gpointer
job_delete_draft (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "DELETE FROM draft WHERE id = ?1", error);

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, data);
  return GINT_TO_POINTER (cloud_sql_run (stmt, error));
}

gboolean
mailer_store_delete_draft (MailerStore *self, const char *id, GError **error)
{
  return cloud_store_write_sync (self->database, job_delete_draft, (gpointer) id, NULL, error) != NULL;
}

static gpointer
job_list_drafts (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT data FROM draft ORDER BY saved_us DESC LIMIT 200", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (drafts, cloud_sql_column_bytes (stmt, 0));
  return rc == SQLITE_DONE ? g_steal_pointer (&drafts) : NULL;
}

GPtrArray *
mailer_store_list_drafts (MailerStore *self, GError **error)
{
  return cloud_store_read_sync (self->database, job_list_drafts, NULL, NULL, error);
}
