/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-store-private.h"

#include "cloud-index-store.h"

/* Takes texts and attachments off the device that the server has, and gives their room back.
 *
 * What stays: the list with subjects, people, dates, flags and the line of preview, so that one can go on browsing; drafts, and what the user did that the
 * server does not know yet; the words of subjects and people in the index, so that these are still found.  The words of the texts go with them: they are a
 * third of the whole, and a hit could show nothing of what it found.
 *
 * What is cleared has a state of its own.  "Missing" would be wrong: the next sync fetches all that is missing, and a minute later all would be back.  So a
 * cleared text comes back when somebody opens it, and only that one; what arrives from now on is kept as before.
 *
 * Safe beside other processes and when killed: each step is one transaction, after which every message is either whole or cleared, and the index says so.  No
 * step needs the lease, since nothing is asked of the server. */

#define STEP_MESSAGES 50

/* Only what is sure to come again: it lies in a folder of the server under a known UID.  Not what the user is writing (?1: the role of the drafts' folder), nor
 * what waits to be changed there. */
#define IS_CLEARABLE \
  "m.body_state = 1 AND EXISTS (SELECT 1 FROM location l JOIN folder f ON f.id = l.folder WHERE l.message = m.id AND l.uid IS NOT NULL AND f.uidvalidity <> 0" \
  " AND f.selectable) AND NOT EXISTS (SELECT 1 FROM location l JOIN folder f ON f.id = l.folder WHERE l.message = m.id AND f.role = ?1)" \
  " AND NOT EXISTS (SELECT 1 FROM location l JOIN pending p ON p.location = l.id WHERE l.message = m.id) "

/* ---- How much there is ---- */

static gboolean
read_row (sqlite3 *db, const char *sql, gint64 *first, gint64 *second, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  if (sqlite3_bind_parameter_count (stmt) > 0)
    sqlite3_bind_int (stmt, 1, MAILER_ROLE_DRAFTS);
  if (cloud_sql_step (stmt, error) != SQLITE_ROW)
    return FALSE;
  *first = sqlite3_column_int64 (stmt, 0);
  if (second != NULL)
    *second = sqlite3_column_int64 (stmt, 1);
  sqlite3_reset (stmt);
  return TRUE;
}

static gpointer
job_measure (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  MailerClearable *clearable = data;
  gint64 messages, sources, texts, page_bytes, free_pages, pages, index_bytes, indexed;

  /* A blob's length stands in its row's header: the blobs themselves are not read. */
  if (!read_row (db, "SELECT count (*), coalesce (sum ((SELECT sum (length (b.data)) FROM body b WHERE b.message = m.id)), 0) FROM message m WHERE " IS_CLEARABLE,
                 &messages, &sources, error) ||
      !read_row (db, "SELECT coalesce (sum (length (t.data)), 0) FROM message m JOIN message_text t ON t.message = m.id WHERE " IS_CLEARABLE, &texts, NULL, error) ||
      !read_row (db, "SELECT (SELECT coalesce (sum (length (block)), 0) FROM search_data), (SELECT count (*) FROM message WHERE body_state <> 0)", &index_bytes, &indexed,
                 error) ||
      !read_row (db, "PRAGMA page_size", &page_bytes, NULL, error) || !read_row (db, "PRAGMA freelist_count", &free_pages, NULL, error) ||
      !read_row (db, "PRAGMA page_count", &pages, NULL, error))
    return NULL;
  clearable->messages = messages;
  clearable->body_bytes = sources + texts;
  clearable->index_bytes = index_bytes * messages / MAX (indexed, 1);
  clearable->free_bytes = free_pages * page_bytes;
  clearable->log_bytes = MAX (clearable->log_bytes - pages * page_bytes, 0);
  return GINT_TO_POINTER (TRUE);
}

gboolean
mailer_store_measure_clearable (MailerStore *self, MailerClearable *clearable, GCancellable *cancellable, GError **error)
{
  clearable->log_bytes = cloud_store_get_size_bytes (self->database); /* the job takes the pages off it */
  return cloud_store_read_sync (self->database, job_measure, clearable, cancellable, error) != NULL;
}

/* ---- Clearing ---- */

static gpointer
job_begin (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (cloud_index_store_outdate (db, MAILER_INDEX_NAME, error));
}

gboolean
mailer_store_begin_clear (MailerStore *self, GError **error)
{
  return cloud_store_write_sync (self->database, job_begin, NULL, NULL, error) != NULL;
}

static gboolean
run_on (sqlite3 *db, const char *sql, gint64 message, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, message);
  return cloud_sql_run (stmt, error);
}

/* Another process may have begun to make the index anew: where it has been, it follows. */
static gboolean
clear_message (sqlite3 *db, gint64 message, GError **error)
{
  return mailer_store_index_remove (db, message, error) && run_on (db, "DELETE FROM body WHERE message = ?1", message, error) &&
         run_on (db, "DELETE FROM message_text WHERE message = ?1", message, error) &&
         run_on (db, "UPDATE message SET body_state = 3 WHERE id = ?1", message, error) && mailer_store_index_add (db, message, error);
}

static gpointer
job_step (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 *cursor = data;
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT m.id FROM message m WHERE m.id > ?2 AND " IS_CLEARABLE "ORDER BY m.id LIMIT ?3", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int (stmt, 1, MAILER_ROLE_DRAFTS);
  sqlite3_bind_int64 (stmt, 2, *cursor);
  sqlite3_bind_int (stmt, 3, STEP_MESSAGES);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (messages, id);
    }
  if (rc != SQLITE_DONE)
    return NULL;
  for (guint i = 0; i < messages->len; i++)
    {
      *cursor = g_array_index (messages, gint64, i);
      if (!clear_message (db, *cursor, error))
        return NULL;
    }
  return GUINT_TO_POINTER (messages->len + 1);
}

int
mailer_store_clear_step (MailerStore *self, gint64 *cursor, GError **error)
{
  return GPOINTER_TO_INT (cloud_store_write_sync (self->database, job_step, cursor, NULL, error)) - 1;
}

gboolean
mailer_store_end_clear (MailerStore *self, GCancellable *cancellable, GError **error)
{
  return mailer_store_refresh_index_sync (self, cancellable, error) && cloud_store_shrink_sync (self->database, cancellable, error);
}
