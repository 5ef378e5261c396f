/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-store-private.h"

#include "mailer-text.h"

#include "cloud-error.h"
#include "cloud-text.h"
#include "cloud-time.h"

#include <string.h>

/* What a sync writes: arrivals, bodies, flags, what is gone; and the threads that arrivals belong to. */

#define CHUNK_BYTES (256 * 1024)
#define MAX_REFERENCES 100
#define MAX_CONTACTS 50
#define PREVIEW_CHARS 160
#define SUBJECT_DAYS 30
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

void
mailer_arrival_free (MailerArrival *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->message, mailer_message_unref);
  g_clear_pointer (&self->source, g_bytes_unref);
  g_free (self);
}

typedef struct
{
  MailerStore *self;
  gint64 folder;
  gconstpointer items;
  guint max;
} SyncJob;

static gboolean
run_with_int (sqlite3 *db, const char *sql, gint64 value, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, value);
  return cloud_sql_run (stmt, error);
}

/* FNV-1a, 64 bits: message ids and subjects are looked up by it. */
static gint64
hash_text (const char *text)
{
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (; *text != '\0'; text++)
    hash = (hash ^ (guchar) *text) * G_GUINT64_CONSTANT (1099511628211);
  return (gint64) hash;
}

/* ---- Threads ---- */

static gboolean
merge_threads (sqlite3 *db, gint64 keep, gint64 other, GError **error)
{
  static const char *const statements[] = { "UPDATE message SET thread = ?1 WHERE thread = ?2", "UPDATE location SET thread = ?1 WHERE thread = ?2",
                                            "INSERT OR IGNORE INTO reference SELECT hash, ?1 FROM reference WHERE thread = ?2",
                                            "DELETE FROM reference WHERE thread = ?2 AND ?1 <> 0", "UPDATE thread SET merged_into = ?1 WHERE id = ?2 OR merged_into = ?2" };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, statements[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, keep);
      sqlite3_bind_int64 (stmt, 2, other);
      if (!cloud_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

/* The first integer that @sql gives for @a and @b; 0 if there is none. */
static gboolean
lookup (sqlite3 *db, const char *sql, gint64 a, gint64 b, gint64 *value, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);
  int rc;

  *value = 0;
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, a);
  sqlite3_bind_int64 (stmt, 2, b);
  rc = cloud_sql_step (stmt, error);
  if (rc == SQLITE_ROW)
    *value = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return rc != SQLITE_ERROR;
}

/* The thread of each id in @hashes; all of them become one.  A new one if none is known. */
static gboolean
settle_thread (sqlite3 *db, const GArray *hashes, gint64 fallback, gint64 *thread, GError **error)
{
  *thread = fallback;
  for (guint i = 0; i < hashes->len; i++)
    {
      gint64 found;

      if (!lookup (db, "SELECT thread FROM reference WHERE hash = ?1 AND ?2 = 0", g_array_index (hashes, gint64, i), 0, &found, error))
        return FALSE;
      if (found == 0 || found == *thread)
        continue;
      if (*thread != 0 && !merge_threads (db, MIN (*thread, found), MAX (*thread, found), error))
        return FALSE;
      *thread = *thread != 0 ? MIN (*thread, found) : found;
    }
  if (*thread == 0)
    {
      if (!cloud_sql_exec (db, "INSERT INTO thread DEFAULT VALUES", error))
        return FALSE;
      *thread = sqlite3_last_insert_rowid (db);
    }
  for (guint i = 0; i < hashes->len; i++)
    {
      sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT OR IGNORE INTO reference VALUES (?1, ?2)", error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, g_array_index (hashes, gint64, i));
      sqlite3_bind_int64 (stmt, 2, *thread);
      if (!cloud_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_thread (sqlite3 *db, const MailerMessage *message, gint64 subject_hash, gboolean is_reply, gint64 date_us, gint64 *thread, GError **error)
{
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (gint64));
  const char *const *references = mailer_message_get_references (message);
  const char *id = mailer_message_get_id (message);
  guint n = g_strv_length ((char **) references);
  gint64 fallback = 0;

  if (id != NULL)
    {
      gint64 hash = hash_text (id);

      g_array_append_val (hashes, hash);
    }
  for (guint i = n > MAX_REFERENCES ? n - MAX_REFERENCES : 0; i < n; i++)
    {
      gint64 hash = hash_text (references[i]);

      g_array_append_val (hashes, hash);
    }
  /* A reply that names nothing belongs to what bears its subject and is near in time. */
  if (n == 0 && is_reply && subject_hash != 0 &&
      !lookup (db, "SELECT thread FROM message WHERE subject_hash = ?1 AND date_us > ?2 ORDER BY date_us DESC LIMIT 1", subject_hash,
               date_us - SUBJECT_DAYS * DAY_US, &fallback, error))
    return FALSE;
  return settle_thread (db, hashes, fallback, thread, error);
}

/* ---- Contacts ---- */

static gboolean
count_contact (sqlite3 *db, const MailerAddress *address, gboolean written_to, gint64 date_us, GError **error)
{
  sqlite3_stmt *stmt;
  g_autofree char *key = g_utf8_strdown (address->address, -1);
  g_autofree char *folded = NULL;
  g_autofree char *full = NULL;
  g_autofree char *initials = NULL;
  g_autofree char *keys = NULL;

  if (*key == '\0' || strchr (key, '@') == NULL)
    return TRUE;
  folded = cloud_text_fold (address->name, -1);
  cloud_text_pinyin (address->name, -1, &full, &initials);
  keys = g_strdup_printf (" %s %s %s %s", folded, key, full != NULL ? full : "", initials != NULL ? initials : "");
  stmt = cloud_sql_prepare (db,
                            "INSERT INTO contact VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (address) DO UPDATE SET n_from = n_from + ?4, n_to = n_to + ?5,"
                            " name = CASE WHEN ?2 <> '' AND ?6 >= last_us THEN ?2 ELSE name END, keys = CASE WHEN ?2 <> '' AND ?6 >= last_us THEN ?3 ELSE keys END,"
                            " last_us = max (last_us, ?6)",
                            error);
  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, key);
  cloud_sql_bind_text (stmt, 2, address->name);
  cloud_sql_bind_text (stmt, 3, keys);
  sqlite3_bind_int (stmt, 4, !written_to);
  sqlite3_bind_int (stmt, 5, written_to);
  sqlite3_bind_int64 (stmt, 6, date_us);
  return cloud_sql_run (stmt, error);
}

static gboolean
count_contacts (MailerStore *self, sqlite3 *db, const MailerMessage *message, gint64 date_us, GError **error)
{
  const GPtrArray *from = mailer_message_get_from (message);
  const MailerAddress *sender = from->len > 0 ? g_ptr_array_index (from, 0) : NULL;
  const GPtrArray *to = mailer_message_get_to (message);

  if (sender == NULL)
    return TRUE;
  if (g_ascii_strcasecmp (sender->address, self->address) != 0)
    return count_contact (db, sender, FALSE, date_us, error);
  for (guint i = 0; i < MIN (to->len, MAX_CONTACTS); i++)
    if (!count_contact (db, g_ptr_array_index (to, i), TRUE, date_us, error))
      return FALSE;
  return TRUE;
}

/* ---- Messages ---- */

/* The message that this one is another copy of; 0 if it is new. */
static gboolean
find_copy (sqlite3 *db, const MailerArrival *arrival, gint64 date_us, gint64 *message, GError **error)
{
  const char *id = mailer_message_get_id (arrival->message);
  sqlite3_stmt *stmt;
  int rc;

  *message = 0;
  if (id == NULL)
    return TRUE;
  stmt = cloud_sql_prepare (db, "SELECT id FROM message WHERE message_id = ?1 AND size = ?2 AND date_us = ?3 AND subject = ?4", error);
  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, id);
  sqlite3_bind_int64 (stmt, 2, arrival->size_bytes);
  sqlite3_bind_int64 (stmt, 3, date_us);
  cloud_sql_bind_text (stmt, 4, mailer_message_get_subject (arrival->message));
  rc = cloud_sql_step (stmt, error);
  if (rc == SQLITE_ROW)
    *message = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return rc != SQLITE_ERROR;
}

static gboolean
insert_message (MailerStore *self, sqlite3 *db, const MailerArrival *arrival, gint64 date_us, gint64 *id, gint64 *thread, GError **error)
{
  MailerMessage *message = arrival->message;
  const GPtrArray *from = mailer_message_get_from (message);
  const MailerAddress *sender = from->len > 0 ? g_ptr_array_index (from, 0) : NULL;
  g_autofree char *to = mailer_addresses_format (mailer_message_get_to (message));
  g_autofree char *cc = mailer_addresses_format (mailer_message_get_cc (message));
  g_autofree char *type = mailer_message_dup_header (message, "Content-Type");
  gboolean is_reply;
  g_autofree char *base = mailer_text_base_subject (mailer_message_get_subject (message), &is_reply);
  gint64 subject_hash = *base != '\0' ? hash_text (base) : 0;
  sqlite3_stmt *stmt;

  if (!find_thread (db, message, subject_hash, is_reply, date_us, thread, error))
    return FALSE;
  stmt = cloud_sql_prepare (db, "INSERT INTO message VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', 0)", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, *thread);
  cloud_sql_bind_text (stmt, 2, mailer_message_get_id (message) != NULL ? mailer_message_get_id (message) : "");
  sqlite3_bind_int64 (stmt, 3, date_us);
  cloud_sql_bind_text (stmt, 4, mailer_message_get_subject (message));
  sqlite3_bind_int64 (stmt, 5, subject_hash);
  cloud_sql_bind_text (stmt, 6, sender != NULL ? sender->name : "");
  cloud_sql_bind_text (stmt, 7, sender != NULL ? sender->address : "");
  cloud_sql_bind_text (stmt, 8, to);
  cloud_sql_bind_text (stmt, 9, cc);
  sqlite3_bind_int64 (stmt, 10, arrival->size_bytes);
  /* A guess until the body is here. */
  sqlite3_bind_int (stmt, 11, type != NULL && g_ascii_strncasecmp (type, "multipart/mixed", 15) == 0);
  if (!cloud_sql_run (stmt, error))
    return FALSE;
  *id = sqlite3_last_insert_rowid (db);
  return count_contacts (self, db, message, date_us, error);
}

static gboolean
store_source (sqlite3 *db, gint64 message, GBytes *source, const char *text, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (source, &length);
  int seq = 0;

  if (!run_with_int (db, "DELETE FROM body WHERE message = ?1", message, error))
    return FALSE;
  for (gsize at = 0; at < length || seq == 0; at += CHUNK_BYTES)
    {
      g_autoptr (GBytes) packed = mailer_store_compress (data + at, MIN (CHUNK_BYTES, length - at), seq == 0 ? text : NULL);
      sqlite3_stmt *stmt = cloud_sql_prepare (db, "INSERT INTO body (message, seq, data, with_text) VALUES (?1, ?2, ?3, ?2 = 0)", error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, message);
      sqlite3_bind_int (stmt, 2, seq++);
      cloud_sql_bind_bytes (stmt, 3, packed);
      if (!cloud_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_attachment (MailerMessage *message)
{
  for (guint i = 0; i < mailer_message_get_n_parts (message); i++)
    {
      MailerPart *part = mailer_message_get_part (message, i);

      if (!mailer_part_is_inline (part) && strcmp (mailer_part_get_mime_type (part), "application/pgp-signature") != 0 &&
          strstr (mailer_part_get_mime_type (part), "pkcs7-signature") == NULL)
        return TRUE;
    }
  return FALSE;
}

/* The whole of message @id is here: its source, its text, its row's preview and its place in the index. */
static gboolean
store_body (sqlite3 *db, gint64 id, MailerMessage *message, GBytes *source, GError **error)
{
  const char *text = mailer_message_get_text (message);
  g_autofree char *preview = mailer_text_preview (text, PREVIEW_CHARS);
  g_autoptr (GBytes) packed = mailer_store_compress (text, strlen (text), NULL);
  sqlite3_stmt *stmt;

  /* What was refused or cleared is in the index already, without a text. */
  if (!mailer_store_index_remove (db, id, error) || !store_source (db, id, source, text, error))
    return FALSE;
  stmt = cloud_sql_prepare (db, "UPDATE message SET preview = ?2, has_attachment = ?3, body_state = 1 WHERE id = ?1", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, id);
  cloud_sql_bind_text (stmt, 2, preview);
  sqlite3_bind_int (stmt, 3, has_attachment (message));
  if (!cloud_sql_run (stmt, error) || !run_with_int (db, "DELETE FROM wanted_body WHERE message = ?1", id, error))
    return FALSE;
  stmt = cloud_sql_prepare (db, "INSERT OR REPLACE INTO message_text VALUES (?1, ?2)", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, id);
  cloud_sql_bind_bytes (stmt, 2, packed);
  return cloud_sql_run (stmt, error) && mailer_store_index_add (db, id, error);
}

/* ---- Arrivals ---- */

/* A place that this device invented for the message becomes the real one. */
static gboolean
adopt_location (sqlite3 *db, gint64 folder, gint64 message, const MailerArrival *arrival, gboolean *adopted, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "UPDATE location SET uid = ?3, server_flags = ?4, modseq = ?5 WHERE id = (SELECT id FROM location WHERE folder = ?1 AND"
                                          " uid IS NULL AND message = ?2 LIMIT 1)",
                                          error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, folder);
  sqlite3_bind_int64 (stmt, 2, message);
  sqlite3_bind_int64 (stmt, 3, arrival->uid);
  sqlite3_bind_int64 (stmt, 4, arrival->flags);
  sqlite3_bind_int64 (stmt, 5, arrival->modseq);
  if (!cloud_sql_run (stmt, error))
    return FALSE;
  *adopted = sqlite3_changes (db) > 0;
  return TRUE;
}

static gboolean
add_location (sqlite3 *db, gint64 folder, gint64 message, gint64 thread, gint64 date_us, const MailerArrival *arrival, GError **error)
{
  gboolean adopted;
  sqlite3_stmt *stmt;

  if (!adopt_location (db, folder, message, arrival, &adopted, error))
    return FALSE;
  if (adopted)
    return TRUE;
  stmt = cloud_sql_prepare (db,
                            "INSERT OR IGNORE INTO location (folder, uid, message, thread, date_us, server_flags, flags, modseq, hidden)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, (?6 & 16) <> 0)",
                            error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, folder);
  sqlite3_bind_int64 (stmt, 2, arrival->uid);
  sqlite3_bind_int64 (stmt, 3, message);
  sqlite3_bind_int64 (stmt, 4, thread);
  sqlite3_bind_int64 (stmt, 5, date_us);
  sqlite3_bind_int64 (stmt, 6, arrival->flags);
  sqlite3_bind_int64 (stmt, 7, arrival->modseq);
  return cloud_sql_run (stmt, error);
}

static gboolean
add_arrival (MailerStore *self, sqlite3 *db, gint64 folder, const MailerArrival *arrival, GError **error)
{
  gint64 date_us = arrival->received_unix_us;
  gint64 message = 0;
  gint64 thread = 0;
  gint64 state = MAILER_BODY_MISSING;

  /* A date in the future would stay on top of the list for ever. */
  if (mailer_message_get_date (arrival->message, &date_us) && arrival->received_unix_us > 0 && date_us > arrival->received_unix_us + DAY_US)
    date_us = arrival->received_unix_us;
  if (!find_copy (db, arrival, date_us, &message, error))
    return FALSE;
  if (message == 0)
    {
      if (!insert_message (self, db, arrival, date_us, &message, &thread, error))
        return FALSE;
    }
  else if (!lookup (db, "SELECT thread FROM message WHERE id = ?1 AND ?2 = 0", message, 0, &thread, error) ||
           !lookup (db, "SELECT body_state FROM message WHERE id = ?1 AND ?2 = 0", message, 0, &state, error))
    return FALSE;
  if (arrival->source != NULL && state != MAILER_BODY_HERE && !store_body (db, message, arrival->message, arrival->source, error))
    return FALSE;
  return add_location (db, folder, message, thread, date_us, arrival, error);
}

static gpointer
job_add_arrivals (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  const GPtrArray *arrivals = job->items;

  for (guint i = 0; i < arrivals->len; i++)
    if (!add_arrival (job->self, db, job->folder, g_ptr_array_index (arrivals, i), error))
      return NULL;
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_add_arrivals (MailerStore *self, gint64 folder, GPtrArray *arrivals, GError **error)
{
  SyncJob job = { self, folder, arrivals, 0 };

  return cloud_store_write_sync (self->database, job_add_arrivals, &job, NULL, error) != NULL;
}

static gpointer
job_add_bodies (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  const GPtrArray *arrivals = job->items;

  for (guint i = 0; i < arrivals->len; i++)
    {
      MailerArrival *arrival = g_ptr_array_index (arrivals, i);
      gint64 message;

      if (!lookup (db, "SELECT m.id FROM message m JOIN location l ON l.message = m.id WHERE l.folder = ?1 AND l.uid = ?2 AND m.body_state <> 1", job->folder,
                   arrival->uid, &message, error))
        return NULL;
      if (message != 0 && !store_body (db, message, arrival->message, arrival->source, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_add_bodies (MailerStore *self, gint64 folder, GPtrArray *arrivals, GError **error)
{
  SyncJob job = { self, folder, arrivals, 0 };

  return cloud_store_write_sync (self->database, job_add_bodies, &job, NULL, error) != NULL;
}

static gpointer
job_refuse_body (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 message = *(gint64 *) data;

  return GINT_TO_POINTER (mailer_store_index_remove (db, message, error) &&
                          run_with_int (db, "UPDATE message SET body_state = 2 WHERE id = ?1", message, error) &&
                          run_with_int (db, "DELETE FROM wanted_body WHERE message = ?1", message, error) && mailer_store_index_add (db, message, error));
}

gboolean
mailer_store_refuse_body (MailerStore *self, gint64 message, GError **error)
{
  return cloud_store_write_sync (self->database, job_refuse_body, &message, NULL, error) != NULL;
}

typedef struct
{
  MailerStore *self;
  MailerRole role;
  MailerArrival *arrival;
} LocalJob;

static gpointer
job_add_local (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  LocalJob *job = data;
  gint64 folder, uid;

  if (!lookup (db, "SELECT id FROM folder WHERE role = ?1 AND ?2 = 0", job->role, 0, &folder, error))
    return NULL;
  if (folder == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account has no folder for that");
      return NULL;
    }
  if (!lookup (db, "SELECT max (uid) FROM location WHERE folder = ?1 AND ?2 = 0", folder, 0, &uid, error))
    return NULL;
  job->arrival->uid = uid + 1;
  return GINT_TO_POINTER (add_arrival (job->self, db, folder, job->arrival, error));
}

gboolean
mailer_store_add_local (MailerStore *self, MailerRole role, MailerFlags flags, GBytes *source, GError **error)
{
  MailerArrival *arrival = g_new0 (MailerArrival, 1);
  LocalJob job = { self, role, arrival };
  gboolean ok;

  arrival->flags = flags;
  arrival->received_unix_us = cloud_time_now_unix_us ();
  arrival->size_bytes = g_bytes_get_size (source);
  arrival->source = g_bytes_ref (source);
  arrival->message = mailer_message_new_from_bytes (source);
  ok = cloud_store_write_sync (self->database, job_add_local, &job, NULL, error) != NULL;
  mailer_arrival_free (arrival);
  return ok;
}

/* ---- Flags, and what is gone ---- */

static gpointer
job_set_flags (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  const GPtrArray *items = job->items;

  for (guint i = 0; i < items->len; i++)
    {
      const MailerImapItem *item = g_ptr_array_index (items, i);
      sqlite3_stmt *stmt =
        cloud_sql_prepare (db,
                           "UPDATE location SET server_flags = ?3, modseq = ?4, flags = (?3 | coalesce ((SELECT add_flags FROM pending WHERE location = location.id"
                           " ORDER BY id DESC LIMIT 1), 0)) & ~coalesce ((SELECT remove_flags FROM pending WHERE location = location.id ORDER BY id DESC LIMIT 1), 0),"
                           " hidden = (?3 & 16) <> 0 OR EXISTS (SELECT 1 FROM pending WHERE location = location.id AND target <> 0)"
                           " WHERE folder = ?1 AND uid = ?2 AND (server_flags <> ?3 OR modseq <> ?4)",
                           error);

      if (stmt == NULL)
        return NULL;
      sqlite3_bind_int64 (stmt, 1, job->folder);
      sqlite3_bind_int64 (stmt, 2, item->uid);
      sqlite3_bind_int64 (stmt, 3, item->flags);
      sqlite3_bind_int64 (stmt, 4, item->modseq);
      if (!cloud_sql_run (stmt, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_set_flags (MailerStore *self, gint64 folder, const GPtrArray *items, GError **error)
{
  SyncJob job = { self, folder, items, 0 };

  return items->len == 0 || cloud_store_write_sync (self->database, job_set_flags, &job, NULL, error) != NULL;
}

static gpointer
job_remove_uids (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  const GArray *uids = job->items;

  for (guint i = 0; i < uids->len; i++)
    {
      gint64 location;

      if (!lookup (db, "SELECT id FROM location WHERE folder = ?1 AND uid = ?2", job->folder, g_array_index (uids, guint32, i), &location, error) ||
          !run_with_int (db, "DELETE FROM pending WHERE location = ?1", location, error) ||
          !run_with_int (db, "DELETE FROM location WHERE id = ?1", location, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_remove_uids (MailerStore *self, gint64 folder, const GArray *uids, GError **error)
{
  SyncJob job = { self, folder, uids, 0 };

  return uids->len == 0 || cloud_store_write_sync (self->database, job_remove_uids, &job, NULL, error) != NULL;
}

static gboolean
set_validity (sqlite3 *db, gint64 folder, guint32 uidvalidity, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE folder SET uidvalidity = ?2, uidnext = 0, modseq = 0 WHERE id = ?1", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, folder);
  sqlite3_bind_int64 (stmt, 2, uidvalidity);
  return cloud_sql_run (stmt, error);
}

static gpointer
job_begin_folder (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  guint32 uidvalidity = *(const guint32 *) job->items;
  gint64 known;

  if (!lookup (db, "SELECT uidvalidity FROM folder WHERE id = ?1 AND ?2 = 0", job->folder, 0, &known, error))
    return NULL;
  if (known == uidvalidity)
    return GINT_TO_POINTER (TRUE);
  if (known != 0 && (!run_with_int (db, "DELETE FROM pending WHERE location IN (SELECT id FROM location WHERE folder = ?1)", job->folder, error) ||
                     !run_with_int (db, "DELETE FROM location WHERE folder = ?1", job->folder, error)))
    return NULL;
  return GINT_TO_POINTER (set_validity (db, job->folder, uidvalidity, error));
}

gboolean
mailer_store_begin_folder (MailerStore *self, gint64 folder, guint32 uidvalidity, GError **error)
{
  SyncJob job = { self, folder, &uidvalidity, 0 };

  return cloud_store_write_sync (self->database, job_begin_folder, &job, NULL, error) != NULL;
}

static gpointer
job_finish_folder (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  const MailerImapState *state = job->items;
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE folder SET uidvalidity = ?2, uidnext = ?3, modseq = ?4, synced_us = ?5 WHERE id = ?1", error);

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, job->folder);
  sqlite3_bind_int64 (stmt, 2, state->uidvalidity);
  sqlite3_bind_int64 (stmt, 3, state->uidnext);
  sqlite3_bind_int64 (stmt, 4, state->modseq);
  sqlite3_bind_int64 (stmt, 5, cloud_time_now_unix_us ());
  return GINT_TO_POINTER (cloud_sql_run (stmt, error));
}

gboolean
mailer_store_finish_folder (MailerStore *self, gint64 folder, const MailerImapState *state, GError **error)
{
  SyncJob job = { self, folder, state, 0 };

  return cloud_store_write_sync (self->database, job_finish_folder, &job, NULL, error) != NULL;
}

/* ---- What a sync must know ---- */

static gpointer
job_list_uids (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT uid FROM location WHERE folder = ?1 AND uid IS NOT NULL ORDER BY uid", error);

  if (stmt != NULL)
    {
      int rc;

      sqlite3_bind_int64 (stmt, 1, *(gint64 *) data);
      while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
        {
          guint32 uid = sqlite3_column_int64 (stmt, 0);

          g_array_append_val (uids, uid);
        }
      if (rc == SQLITE_DONE)
        return uids;
    }
  g_array_unref (uids);
  return NULL;
}

GArray *
mailer_store_list_uids (MailerStore *self, gint64 folder, GError **error)
{
  return cloud_store_read_sync (self->database, job_list_uids, &folder, NULL, error);
}

static gpointer
job_list_missing (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SyncJob *job = data;
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (MailerMissing));
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "SELECT l.uid, m.id, m.size FROM location l JOIN message m ON m.id = l.message WHERE l.folder = ?1 AND l.uid IS NOT NULL AND"
                                          " m.body_state = 0 ORDER BY l.uid DESC LIMIT ?2",
                                          error);

  if (stmt != NULL)
    {
      int rc;

      sqlite3_bind_int64 (stmt, 1, job->folder);
      sqlite3_bind_int64 (stmt, 2, job->max);
      while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
        {
          MailerMissing one = { sqlite3_column_int64 (stmt, 0), sqlite3_column_int64 (stmt, 1), sqlite3_column_int64 (stmt, 2) };

          g_array_append_val (missing, one);
        }
      if (rc == SQLITE_DONE)
        return missing;
    }
  g_array_unref (missing);
  return NULL;
}

GArray *
mailer_store_list_missing (MailerStore *self, gint64 folder, guint max, GError **error)
{
  SyncJob job = { self, folder, NULL, max };

  return cloud_store_read_sync (self->database, job_list_missing, &job, NULL, error);
}

static gpointer
job_drop_unconfirmed (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (cloud_sql_exec (db, "DELETE FROM location WHERE uid IS NULL AND id NOT IN (SELECT twin FROM pending)", error));
}

gboolean
mailer_store_drop_unconfirmed (MailerStore *self, GError **error)
{
  return cloud_store_write_sync (self->database, job_drop_unconfirmed, NULL, NULL, error) != NULL;
}

static gpointer
job_purge (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) orphans = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT id FROM message WHERE NOT EXISTS (SELECT 1 FROM location WHERE message = message.id) LIMIT 500", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (orphans, id);
    }
  if (rc != SQLITE_DONE)
    return NULL;
  for (guint i = 0; i < orphans->len; i++)
    {
      gint64 id = g_array_index (orphans, gint64, i);

      if (!mailer_store_index_remove (db, id, error) || !run_with_int (db, "DELETE FROM message_text WHERE message = ?1", id, error) ||
          !run_with_int (db, "DELETE FROM body WHERE message = ?1", id, error) ||
          !run_with_int (db, "DELETE FROM wanted_body WHERE message = ?1", id, error) || !run_with_int (db, "DELETE FROM message WHERE id = ?1", id, error))
        return NULL;
    }
  return GUINT_TO_POINTER (orphans->len + 1);
}

gboolean
mailer_store_purge (MailerStore *self, GError **error)
{
  guint n;

  /* In small transactions, so that nobody waits for a large one. */
  do
    n = GPOINTER_TO_UINT (cloud_store_write_sync (self->database, job_purge, NULL, NULL, error));
  while (n > 500);
  return n > 0;
}
