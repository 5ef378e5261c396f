/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-store-private.h"

#include "cloud-error.h"

#include <string.h>

/* What a window shows: keys of lists, rows, the messages of a conversation, bodies. */

#define MAX_SENDERS 4
#define MAX_THREAD 1000
#define MAX_SOURCE_BYTES (256 * 1024 * 1024)

typedef struct
{
  MailerStore *self;
  const GArray *threads;
  const GArray *folders;
  gint64 id;
  const char *text;
  guint max;
} ViewJob;

void
mailer_conversation_row_free (MailerConversationRow *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->senders);
  g_free (self->sender_address);
  g_free (self->preview);
  g_free (self);
}

void
mailer_message_row_free (MailerMessageRow *self)
{
  if (self == NULL)
    return;
  g_free (self->message_id);
  g_free (self->subject);
  g_free (self->from_name);
  g_free (self->from_address);
  g_free (self->to);
  g_free (self->cc);
  g_free (self->preview);
  g_free (self->folder_path);
  g_free (self);
}

MailerMessageRow *
mailer_store_take_message_row (MailerStore *self, sqlite3_stmt *stmt)
{
  MailerMessageRow *row = g_new0 (MailerMessageRow, 1);

  row->id = sqlite3_column_int64 (stmt, 0);
  row->thread = sqlite3_column_int64 (stmt, 1);
  row->location = sqlite3_column_int64 (stmt, 2);
  row->folder = sqlite3_column_int64 (stmt, 3);
  row->message_id = cloud_sql_column_text (stmt, 4);
  row->subject = cloud_sql_column_text (stmt, 5);
  row->from_name = cloud_sql_column_text (stmt, 6);
  row->from_address = cloud_sql_column_text (stmt, 7);
  row->to = cloud_sql_column_text (stmt, 8);
  row->cc = cloud_sql_column_text (stmt, 9);
  row->preview = cloud_sql_column_text (stmt, 10);
  row->folder_path = cloud_sql_column_text (stmt, 11);
  row->folder_role = sqlite3_column_int (stmt, 12);
  row->date_unix_us = sqlite3_column_int64 (stmt, 13);
  row->size_bytes = sqlite3_column_int64 (stmt, 14);
  row->flags = sqlite3_column_int (stmt, 15);
  row->has_attachment = sqlite3_column_int (stmt, 16);
  row->has_body = sqlite3_column_int (stmt, 17) == MAILER_BODY_HERE;
  row->outgoing = g_ascii_strcasecmp (row->from_address, self->address) == 0;
  return row;
}

/* ---- Keys ---- */

static int
compare_key (const void *a, const void *b)
{
  const MailerKey *x = a;
  const MailerKey *y = b;

  if (x->date_unix_us != y->date_unix_us)
    return x->date_unix_us < y->date_unix_us ? 1 : -1;
  return x->thread < y->thread ? 1 : x->thread > y->thread ? -1 : 0;
}

static gpointer
job_list_keys (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (MailerKey));

  for (guint i = 0; i < job->folders->len; i++)
    {
      sqlite3_stmt *stmt =
        cloud_sql_prepare (db, "SELECT thread, max (date_us) FROM location WHERE folder = ?1 AND hidden = 0 GROUP BY thread", error);
      int rc;

      if (stmt == NULL)
        return NULL;
      sqlite3_bind_int64 (stmt, 1, g_array_index (job->folders, gint64, i));
      while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
        {
          MailerKey key = { sqlite3_column_int64 (stmt, 0), sqlite3_column_int64 (stmt, 1) };

          g_array_append_val (keys, key);
        }
      if (rc != SQLITE_DONE)
        return NULL;
    }
  g_array_sort (keys, compare_key);
  return g_steal_pointer (&keys);
}

GArray *
mailer_store_list_keys (MailerStore *self, const GArray *folders, GError **error)
{
  ViewJob job = { .self = self, .folders = folders };

  return cloud_store_read_sync (self->database, job_list_keys, &job, NULL, error);
}

/* ---- Conversations ---- */

static gboolean
is_in (const GArray *folders, gint64 folder)
{
  for (guint i = 0; i < folders->len; i++)
    if (g_array_index (folders, gint64, i) == folder)
      return TRUE;
  return FALSE;
}

/* Who wrote, oldest first, each once; when there are many, the first and the last ones. */
static char *
format_senders (const GPtrArray *names)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    {
      if (names->len > MAX_SENDERS && i == 1)
        {
          i = names->len - MAX_SENDERS + 1;
          g_string_append (out, " … ");
        }
      else if (i > 0)
        g_string_append (out, ", ");
      g_string_append (out, g_ptr_array_index (names, i));
    }
  return g_string_free (out, FALSE);
}

/* What a row gathers while the messages of its thread pass by, oldest first. */
typedef struct
{
  MailerConversationRow *row;
  GPtrArray *names;
  GHashTable *seen; /* what was counted: Message-IDs, or ids for messages without one */
  gboolean any_here;
} Gathering;

/* What two copies of one message have in common: what one sent to a list comes back from it with other headers. */
static char *
identity (gint64 message, const char *message_id)
{
  return message_id != NULL && *message_id != '\0' ? g_strdup (message_id) : g_strdup_printf ("%" G_GINT64_FORMAT, message);
}

static void
gather (Gathering *self, MailerStore *store, sqlite3_stmt *stmt, const GArray *folders)
{
  gint64 message = sqlite3_column_int64 (stmt, 0);
  const char *name = (const char *) sqlite3_column_text (stmt, 4);
  const char *address = (const char *) sqlite3_column_text (stmt, 5);
  gint64 date_us = sqlite3_column_int64 (stmt, 7);
  int flags = sqlite3_column_int (stmt, 2);
  gboolean here = is_in (folders, sqlite3_column_int64 (stmt, 1));
  MailerConversationRow *row = self->row;
  const char *shown = *name != '\0' ? name : address;

  if (here)
    {
      row->unread |= !(flags & MAILER_FLAG_SEEN);
      row->starred |= (flags & MAILER_FLAG_FLAGGED) != 0;
    }
  if (here && (!self->any_here || date_us >= row->date_unix_us))
    {
      self->any_here = TRUE;
      row->date_unix_us = date_us;
      row->answered = (flags & MAILER_FLAG_ANSWERED) != 0;
      row->forwarded = (flags & MAILER_FLAG_FORWARDED) != 0;
      g_free (row->sender_address);
      row->sender_address = g_strdup (address);
      g_free (row->preview);
      row->preview = cloud_sql_column_text (stmt, 6);
    }
  if (!g_hash_table_add (self->seen, identity (message, (const char *) sqlite3_column_text (stmt, 10))))
    return;
  row->count++;
  row->has_attachment |= sqlite3_column_int (stmt, 8) != 0;
  if (row->subject == NULL)
    row->subject = cloud_sql_column_text (stmt, 3);
  if (!g_ptr_array_find_with_equal_func (self->names, shown, g_str_equal, NULL))
    g_ptr_array_add (self->names, g_strdup (shown));
}

static MailerConversationRow *
load_conversation (MailerStore *self, sqlite3 *db, gint64 thread, const GArray *folders, GError **error)
{
  /* What lies in the trash or among junk shows in conversations only there. */
  sqlite3_stmt *stmt =
    cloud_sql_prepare (db,
                       "SELECT m.id, l.folder, l.flags, m.subject, m.from_name, m.from_address, m.preview, m.date_us, m.has_attachment, f.role, m.message_id FROM location l"
                       " JOIN message m ON m.id = l.message JOIN folder f ON f.id = l.folder WHERE l.thread = " MAILER_THREAD_OF_1 "AND l.hidden = 0 ORDER BY m.date_us, m.id LIMIT 5000",
                       error);
  Gathering gathering = { g_new0 (MailerConversationRow, 1), g_ptr_array_new_with_free_func (g_free),
                          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), FALSE };
  MailerConversationRow *row = gathering.row;
  int rc = SQLITE_ERROR;

  if (stmt != NULL)
    {
      sqlite3_bind_int64 (stmt, 1, thread);
      while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
        {
          int role = sqlite3_column_int (stmt, 9);

          if ((role != MAILER_ROLE_TRASH && role != MAILER_ROLE_JUNK) || is_in (folders, sqlite3_column_int64 (stmt, 1)))
            gather (&gathering, self, stmt, folders);
        }
    }
  row->thread = thread;
  row->senders = format_senders (gathering.names);
  g_ptr_array_unref (gathering.names);
  g_hash_table_unref (gathering.seen);
  if (rc == SQLITE_DONE && gathering.any_here)
    return row;
  mailer_conversation_row_free (row);
  return NULL;
}

static gpointer
job_load_conversations (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_conversation_row_free);

  for (guint i = 0; i < job->threads->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      MailerConversationRow *row = load_conversation (job->self, db, g_array_index (job->threads, gint64, i), job->folders, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (row != NULL)
        g_ptr_array_add (rows, row);
    }
  return g_steal_pointer (&rows);
}

GPtrArray *
mailer_store_load_conversations (MailerStore *self, const GArray *threads, const GArray *folders, GError **error)
{
  ViewJob job = { .self = self, .threads = threads, .folders = folders };

  return cloud_store_read_sync (self->database, job_load_conversations, &job, NULL, error);
}

/* ---- Messages ---- */

/* Where a message lies twice, what shows is its place in the inbox, another folder, Sent, junk, the trash: in this order. */
#define BEST_PLACE "f.role = 6, f.role = 5, f.role = 3, f.role <> 1, f.role "

/* Runs @sql with @id and @max; a message of which there are several copies is taken once, the first of them. */
static GPtrArray *
load_messages (MailerStore *self, sqlite3 *db, const char *sql, gint64 id, guint max, const char *text, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_message_row_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);
  int rc;

  if (stmt == NULL)
    return NULL;
  if (text != NULL)
    cloud_sql_bind_text (stmt, 1, text);
  else
    sqlite3_bind_int64 (stmt, 1, id);
  sqlite3_bind_int64 (stmt, 2, max);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    if (g_hash_table_add (seen, identity (sqlite3_column_int64 (stmt, 0), (const char *) sqlite3_column_text (stmt, 4))))
      g_ptr_array_add (rows, mailer_store_take_message_row (self, stmt));
  return rc == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

#define FROM_MESSAGES "FROM location l JOIN message m ON m.id = l.message JOIN folder f ON f.id = l.folder "

static gpointer
job_load_thread (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;

  return load_messages (job->self, db,
                        "SELECT " MAILER_MESSAGE_COLUMNS FROM_MESSAGES "WHERE l.thread = " MAILER_THREAD_OF_1 "AND l.hidden = 0"
                        " ORDER BY m.date_us, " BEST_PLACE ", m.id LIMIT ?2",
                        job->id, MAX_THREAD, NULL, error);
}

GPtrArray *
mailer_store_load_thread (MailerStore *self, gint64 thread, GError **error)
{
  ViewJob job = { .self = self, .id = thread };

  return cloud_store_read_sync (self->database, job_load_thread, &job, NULL, error);
}

static gpointer
job_load_folder (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;

  return load_messages (job->self, db,
                        "SELECT " MAILER_MESSAGE_COLUMNS FROM_MESSAGES "WHERE l.folder = ?1 AND l.hidden = 0 ORDER BY l.date_us DESC, l.id DESC LIMIT ?2", job->id,
                        job->max, NULL, error);
}

GPtrArray *
mailer_store_load_folder (MailerStore *self, gint64 folder, guint max, GError **error)
{
  ViewJob job = { .self = self, .id = folder, .max = max };

  return cloud_store_read_sync (self->database, job_load_folder, &job, NULL, error);
}

static gpointer
take_only (GPtrArray *rows, const char *what, GError **error)
{
  MailerMessageRow *row;

  if (rows == NULL)
    return NULL;
  if (rows->len == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no message %s", what);
      g_ptr_array_unref (rows);
      return NULL;
    }
  row = g_ptr_array_steal_index (rows, 0);
  g_ptr_array_unref (rows);
  return row;
}

static gpointer
job_load_message (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, job->id);

  return take_only (load_messages (job->self, db, "SELECT " MAILER_MESSAGE_COLUMNS FROM_MESSAGES "WHERE l.message = ?1 ORDER BY l.hidden, " BEST_PLACE "LIMIT ?2",
                                   job->id, 5, NULL, error),
                    name, error);
}

MailerMessageRow *
mailer_store_load_message (MailerStore *self, gint64 message, GError **error)
{
  ViewJob job = { .self = self, .id = message };

  return cloud_store_read_sync (self->database, job_load_message, &job, NULL, error);
}

static gpointer
job_find_message (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;

  return take_only (load_messages (job->self, db,
                                   "SELECT " MAILER_MESSAGE_COLUMNS FROM_MESSAGES "WHERE m.message_id = ?1 ORDER BY l.hidden, " BEST_PLACE "LIMIT ?2", 0, 5, job->text,
                                   error),
                    job->text, error);
}

MailerMessageRow *
mailer_store_find_message (MailerStore *self, const char *message_id, GError **error)
{
  ViewJob job = { .self = self, .text = message_id };

  return cloud_store_read_sync (self->database, job_find_message, &job, NULL, error);
}

/* ---- Bodies ---- */

static gboolean
check_body_state (sqlite3 *db, gint64 message, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT body_state FROM message WHERE id = ?1", error);
  int state = -1;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, message);
  if (cloud_sql_step (stmt, error) == SQLITE_ROW)
    state = sqlite3_column_int (stmt, 0);
  sqlite3_reset (stmt);
  if (state == MAILER_BODY_MISSING || state == MAILER_BODY_CLEARED)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "The message's text is not on this device");
  else if (state == MAILER_BODY_REFUSED)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "The message is too large for this device");
  else if (state < 0 && (error == NULL || *error == NULL))
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no such message");
  return state == MAILER_BODY_HERE;
}

static gpointer
job_load_source (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 message = *(gint64 *) data;
  GByteArray *source;
  sqlite3_stmt *stmt;
  int rc;

  if (!check_body_state (db, message, error))
    return NULL;
  stmt = cloud_sql_prepare (db, "SELECT b.data, CASE WHEN b.with_text THEN cirrus_unzstd (t.data) END FROM body b LEFT JOIN message_text t ON t.message = b.message"
                                " WHERE b.message = ?1 ORDER BY b.seq", error);
  if (stmt == NULL)
    return NULL;
  source = g_byte_array_new ();
  sqlite3_bind_int64 (stmt, 1, message);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      gsize length = 0;
      const char *text = (const char *) sqlite3_column_text (stmt, 1);
      g_autofree char *piece = mailer_store_decompress (sqlite3_column_blob (stmt, 0), sqlite3_column_bytes (stmt, 0), text, &length);

      if (piece == NULL || source->len + length > MAX_SOURCE_BYTES)
        {
          sqlite3_reset (stmt);
          g_byte_array_unref (source);
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "A stored message is damaged");
          return NULL;
        }
      g_byte_array_append (source, (guint8 *) piece, length);
    }
  if (rc == SQLITE_DONE)
    return g_byte_array_free_to_bytes (source);
  g_byte_array_unref (source);
  return NULL;
}

GBytes *
mailer_store_load_source (MailerStore *self, gint64 message, GError **error)
{
  return cloud_store_read_sync (self->database, job_load_source, &message, NULL, error);
}

static gpointer
job_newest_unread (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  ViewJob *job = data;
  g_autoptr (GPtrArray) rows = load_messages (job->self, db,
                                              "SELECT " MAILER_MESSAGE_COLUMNS FROM_MESSAGES
                                              "WHERE f.role = ?1 AND l.hidden = 0 AND l.flags & 1 = 0 ORDER BY l.date_us DESC LIMIT ?2",
                                              MAILER_ROLE_INBOX, 1, NULL, error);

  return rows != NULL && rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
}

MailerMessageRow *
mailer_store_load_newest_unread (MailerStore *self, GError **error)
{
  ViewJob job = { .self = self };

  return cloud_store_read_sync (self->database, job_newest_unread, &job, NULL, error);
}

static gpointer
job_count_unread (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "SELECT count (DISTINCT l.thread) FROM location l JOIN folder f ON f.id = l.folder WHERE f.role = 1 AND l.hidden = 0"
                                          " AND l.flags & 1 = 0",
                                          error);

  if (stmt == NULL || cloud_sql_step (stmt, error) != SQLITE_ROW)
    return NULL;
  *(guint *) data = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_count_unread (MailerStore *self, guint *unread, GError **error)
{
  return cloud_store_read_sync (self->database, job_count_unread, unread, NULL, error) != NULL;
}
