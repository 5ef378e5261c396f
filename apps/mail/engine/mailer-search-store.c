/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-store-private.h"

#include "cloud-index-store.h"
#include "cloud-query.h"
#include "cloud-snippet.h"
#include "cloud-text.h"

#include <stdio.h>
#include <string.h>

/* The search index, what one types, and people's names. */

#define SNIPPET_CHARS 140

/* A window names no header of the index. */
G_STATIC_ASSERT (sizeof (MailerRange) == sizeof (CloudSnippetRange) && G_STRUCT_OFFSET (MailerRange, end_byte) == G_STRUCT_OFFSET (CloudSnippetRange, end_byte));

/* ---- Index ---- */

static gboolean
index_write (sqlite3 *db, const char *sql, gint64 message, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, message);
  return cloud_sql_run (stmt, error);
}

gboolean
mailer_store_index_add (sqlite3 *db, gint64 message, GError **error)
{
  return !cloud_index_store_covers (db, MAILER_INDEX_NAME, message) ||
         index_write (db,
                      "INSERT INTO search (rowid, subject, sender, recipients, body) SELECT id, subject, sender, recipients, body FROM search_source WHERE id = ?1",
                      message, error);
}

gboolean
mailer_store_index_remove (sqlite3 *db, gint64 message, GError **error)
{
  /* Only what was indexed (body_state is not 0) may be taken out. */
  return !cloud_index_store_covers (db, MAILER_INDEX_NAME, message) ||
         index_write (db,
                      "INSERT INTO search (search, rowid, subject, sender, recipients, body) SELECT 'delete', s.id, s.subject, s.sender, s.recipients, s.body"
                      " FROM search_source s JOIN message m ON m.id = s.id WHERE s.id = ?1 AND m.body_state <> 0",
                      message, error);
}

static gboolean
clear_index (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "INSERT INTO search (search) VALUES ('delete-all')", error);
}

static gint64
index_after (sqlite3 *db, gint64 after, guint limit, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT max (id) FROM (SELECT id FROM message WHERE id > ?1 AND body_state <> 0 ORDER BY id LIMIT ?2)", error);
  gint64 last = 0;

  if (stmt == NULL)
    return -1;
  sqlite3_bind_int64 (stmt, 1, after);
  sqlite3_bind_int64 (stmt, 2, limit);
  if (cloud_sql_step (stmt, error) != SQLITE_ROW)
    return -1;
  last = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (last == 0)
    return 0;
  stmt = cloud_sql_prepare (db,
                            "INSERT INTO search (rowid, subject, sender, recipients, body) SELECT s.id, s.subject, s.sender, s.recipients, s.body"
                            " FROM message m JOIN search_source s ON s.id = m.id WHERE m.id > ?1 AND m.id <= ?2 AND m.body_state <> 0",
                            error);
  if (stmt == NULL)
    return -1;
  sqlite3_bind_int64 (stmt, 1, after);
  sqlite3_bind_int64 (stmt, 2, last);
  return cloud_sql_run (stmt, error) ? last : -1;
}

static void
on_rebuilt (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cloud_index_rebuild_finish (CLOUD_STORE (source), result, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("Search index: %s", error->message);
}

static const CloudIndexSpec spec = { MAILER_INDEX_NAME, clear_index, index_after };

void
mailer_store_refresh_index (MailerStore *self, GCancellable *cancellable)
{
  cloud_index_rebuild_async (self->database, &spec, cancellable, on_rebuilt, NULL);
}

gboolean
mailer_store_refresh_index_sync (MailerStore *self, GCancellable *cancellable, GError **error)
{
  return cloud_index_rebuild_sync (self->database, &spec, cancellable, error);
}

/* ---- What one types ---- */

/* The query taken apart: words for the index, conditions for the rows. */
typedef struct
{
  GString *match;        /* FTS5 expression */
  GString *words;        /* all words, for the snippet */
  gboolean unread, starred, attachment;
  char *folder;          /* (nullable): folded */
  gint64 after_us, before_us;
  gboolean typing;
} Filter;

static void
filter_clear (Filter *self)
{
  g_string_free (self->match, TRUE);
  g_string_free (self->words, TRUE);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

static gint64
parse_day (const char *text)
{
  int year, month, day;
  g_autoptr (GDateTime) date = NULL;

  if (sscanf (text, "%4d-%2d-%2d", &year, &month, &day) != 3)
    return 0;
  date = g_date_time_new_local (year, month, day, 0, 0, 0);
  return date != NULL ? g_date_time_to_unix (date) * G_USEC_PER_SEC : 0;
}

static void
add_words (Filter *filter, const char *words, const char *columns, gboolean typing)
{
  g_autoptr (CloudQuery) query = cloud_query_new (words, typing);
  g_autofree char *match = cloud_query_to_match (query, columns);

  if (match == NULL)
    return;
  g_string_append_printf (filter->match, "%s(%s)", filter->match->len > 0 ? " AND " : "", match);
  g_string_append_printf (filter->words, "%s ", words);
}

/* from:, to:, is: and so on; FALSE if @word is none of them. */
static gboolean
take_condition (Filter *filter, const char *word, gboolean last)
{
  const char *colon = strchr (word, ':');
  const char *value = colon != NULL ? colon + 1 : NULL;
  g_autofree char *key = colon != NULL ? g_ascii_strdown (word, colon - word) : NULL;
  g_autofree char *bare = NULL;

  if (key == NULL || *value == '\0')
    return FALSE;
  bare = g_strdup (value);
  g_strdelimit (bare, "\"", ' ');
  g_strstrip (bare);
  if (strcmp (key, "from") == 0)
    add_words (filter, value, "sender", last);
  else if (strcmp (key, "to") == 0 || strcmp (key, "cc") == 0)
    add_words (filter, value, "recipients", last);
  else if (strcmp (key, "subject") == 0)
    add_words (filter, value, "subject", last);
  else if (strcmp (key, "is") == 0 && strcmp (bare, "unread") == 0)
    filter->unread = TRUE;
  else if (strcmp (key, "is") == 0 && (strcmp (bare, "starred") == 0 || strcmp (bare, "flagged") == 0))
    filter->starred = TRUE;
  else if (strcmp (key, "has") == 0 && strcmp (bare, "attachment") == 0)
    filter->attachment = TRUE;
  else if (strcmp (key, "in") == 0)
    {
      g_free (filter->folder);
      filter->folder = g_utf8_casefold (bare, -1);
    }
  else if (strcmp (key, "after") == 0 && parse_day (bare) != 0)
    filter->after_us = parse_day (bare);
  else if (strcmp (key, "before") == 0 && parse_day (bare) != 0)
    filter->before_us = parse_day (bare);
  else
    return FALSE;
  return TRUE;
}

static void
parse_filter (Filter *filter, const char *typed, gboolean typing)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  const char *p = typed;

  filter->match = g_string_new (NULL);
  filter->words = g_string_new (NULL);
  filter->before_us = G_MAXINT64;
  filter->typing = typing;
  while (*p != '\0')
    {
      const char *start = p;
      gboolean quoted = FALSE;
      g_autofree char *word = NULL;

      for (; *p != '\0' && (quoted || !g_ascii_isspace (*p)); p++)
        quoted ^= *p == '"';
      word = g_strndup (start, p - start);
      if (*word != '\0' && !take_condition (filter, word, typing && *p == '\0'))
        g_string_append_printf (plain, "%s ", word);
      while (g_ascii_isspace (*p))
        p++;
    }
  if (plain->len > 0)
    {
      /* The last word is open only if the text ends in it. */
      if (typing && *typed != '\0' && !g_ascii_isspace (typed[strlen (typed) - 1]))
        g_string_truncate (plain, plain->len - 1);
      add_words (filter, plain->str, NULL, typing);
    }
}

typedef struct
{
  MailerStore *self;
  Filter *filter;
  CloudQuery *words;
  guint max;
} SearchJob;

#define CONDITIONS \
  "l.hidden = 0 AND (?2 = 0 OR l.flags & 1 = 0) AND (?3 = 0 OR l.flags & 2 <> 0) AND (?4 = 0 OR m.has_attachment) AND m.date_us >= ?5 AND m.date_us < ?6" \
  " AND (?7 IS NULL OR lower (f.path) = lower (?7) OR (f.role = 1 AND lower (?7) = 'inbox')) AND (?7 IS NOT NULL OR f.role NOT IN (5, 6))"

/* First the few rows to show, then what they show: texts are unpacked for those only. */
#define FOUND(from, match) \
  "SELECT " MAILER_MESSAGE_COLUMNS ", (SELECT cirrus_unzstd (data) FROM message_text WHERE message = m.id) FROM" \
  " (SELECT m.id AS mid, min (l.id) AS lid FROM " from " JOIN location l ON l.message = m.id JOIN folder f ON f.id = l.folder" \
  "  WHERE " match " AND " CONDITIONS " GROUP BY m.id ORDER BY m.date_us DESC LIMIT ?8) x" \
  " JOIN message m ON m.id = x.mid JOIN location l ON l.id = x.lid JOIN folder f ON f.id = l.folder ORDER BY m.date_us DESC"

static const char sql_words[] = FOUND ("search s JOIN message m ON m.id = s.rowid", "search MATCH ?1");
static const char sql_conditions[] = FOUND ("message m", "?1 IS NULL");

static MailerHitRow *
take_hit (SearchJob *job, sqlite3_stmt *stmt)
{
  MailerHitRow *hit = g_new0 (MailerHitRow, 1);
  const char *body = (const char *) sqlite3_column_text (stmt, 18);

  hit->row = mailer_store_take_message_row (job->self, stmt);
  hit->snippet = cloud_snippet_new (body != NULL && *body != '\0' ? body : hit->row->preview, -1, job->words, SNIPPET_CHARS, &hit->ranges);
  return hit;
}

static gpointer
job_search (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  Filter *filter = job->filter;
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_hit_row_free);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, filter->match->len > 0 ? sql_words : sql_conditions, error);
  int rc;

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, filter->match->len > 0 ? filter->match->str : NULL);
  sqlite3_bind_int (stmt, 2, filter->unread);
  sqlite3_bind_int (stmt, 3, filter->starred);
  sqlite3_bind_int (stmt, 4, filter->attachment);
  sqlite3_bind_int64 (stmt, 5, filter->after_us);
  sqlite3_bind_int64 (stmt, 6, filter->before_us);
  cloud_sql_bind_text (stmt, 7, filter->folder);
  sqlite3_bind_int64 (stmt, 8, job->max);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    {
      g_ptr_array_add (hits, take_hit (job, stmt));
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          sqlite3_reset (stmt);
          return NULL;
        }
    }
  return rc == SQLITE_DONE ? g_steal_pointer (&hits) : NULL;
}

void
mailer_hit_row_free (MailerHitRow *self)
{
  if (self == NULL)
    return;
  mailer_message_row_free (self->row);
  g_free (self->snippet);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_free (self);
}

GPtrArray *
mailer_store_search (MailerStore *self, const char *query, gboolean typing, guint max, GCancellable *cancellable, GError **error)
{
  g_auto (Filter) filter = { 0 };
  g_autoptr (CloudQuery) words = NULL;
  SearchJob job = { self, &filter, NULL, max };

  parse_filter (&filter, query, typing);
  if (filter.match->len == 0 && !filter.unread && !filter.starred && !filter.attachment && filter.folder == NULL && filter.after_us == 0 &&
      filter.before_us == G_MAXINT64)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_hit_row_free);
  g_strchomp (filter.words->str);
  words = job.words = cloud_query_new (filter.words->str, typing);
  return cloud_store_read_sync (self->database, job_search, &job, cancellable, error);
}

/* ---- People ---- */

typedef struct
{
  char *pattern;
  guint max;
} SuggestJob;

static gpointer
job_suggest (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SuggestJob *job = data;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_address_free);
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "SELECT name, address FROM contact WHERE keys LIKE ?1 ESCAPE '\\' ORDER BY n_to > 0 DESC, n_to * 5 + n_from DESC,"
                                          " last_us DESC LIMIT ?2",
                                          error);
  int rc;

  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, job->pattern);
  sqlite3_bind_int (stmt, 2, job->max);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (found, mailer_address_new ((const char *) sqlite3_column_text (stmt, 0), (const char *) sqlite3_column_text (stmt, 1)));
  return rc == SQLITE_DONE ? g_steal_pointer (&found) : NULL;
}

GPtrArray *
mailer_store_suggest (MailerStore *self, const char *prefix, guint max, GError **error)
{
  g_autofree char *folded = strchr (prefix, '@') != NULL || strchr (prefix, '.') != NULL ? g_utf8_strdown (prefix, -1) : cloud_text_fold (prefix, -1);
  g_autoptr (GString) pattern = g_string_new ("% ");
  SuggestJob job;

  for (const char *p = g_strstrip (folded); *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '\\')
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  job.pattern = pattern->str;
  job.max = max;
  if (*folded == '\0')
    return g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_address_free);
  return cloud_store_read_sync (self->database, job_suggest, &job, NULL, error);
}
