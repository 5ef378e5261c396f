/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-store-private.h"

#include "cloud-error.h"
#include "cloud-snippet.h"
#include "cloud-text.h"
#include "cloud-time.h"

#include <string.h>

/* Saved pages and their full-text index (an external-content FTS5 table: the text is stored once). */

#define SNIPPET_CHARS 160
#define SOUNDS_MOST_CHARS 8  /* of a form that begins within a run of Chinese; the run itself is there whole */
#define SOUNDS_MOST_BYTES 4096
#define SOUNDS_LEAST_LETTERS 2 /* one letter is no pinyin yet */

/* ---- Pinyin ---- */

static void
append_sounds (GString *sounds, const char *from, const char *to)
{
  g_autofree char *full = NULL;
  g_autofree char *initials = NULL;

  if (!cloud_text_pinyin (from, to - from, &full, &initials))
    return;
  g_string_append_printf (sounds, "%s%s", sounds->len > 0 ? " " : "", full);
  if (initials[0] != '\0' && initials[1] != '\0')
    g_string_append_printf (sounds, " %s", initials);
}

/* @run to @end are Chinese: a form for each character that one may begin at. */
static void
append_run (GString *sounds, const char *run, const char *end)
{
  append_sounds (sounds, run, end);
  for (const char *from = g_utf8_next_char (run); from < end && sounds->len < SOUNDS_MOST_BYTES; from = g_utf8_next_char (from))
    {
      const char *to = from;

      for (guint i = 0; i < SOUNDS_MOST_CHARS && to < end; i++)
        to = g_utf8_next_char (to);
      append_sounds (sounds, from, to);
    }
}

char *
search_pages_sounds (const char *title)
{
  g_autofree char *text = g_utf8_make_valid (title, -1);
  GString *sounds = g_string_new (NULL);
  const char *run = NULL;

  for (const char *at = text; sounds->len < SOUNDS_MOST_BYTES; at = g_utf8_next_char (at))
    {
      gboolean chinese = *at != '\0' && g_unichar_get_script (g_utf8_get_char (at)) == G_UNICODE_SCRIPT_HAN;

      if (chinese && run == NULL)
        run = at;
      if (!chinese && run != NULL)
        {
          append_run (sounds, run, at);
          run = NULL;
        }
      if (*at == '\0')
        break;
    }
  return g_string_free (sounds, FALSE);
}

/* ---- Index ---- */

static gboolean
index_row (sqlite3 *db, const char *sql, gint64 id, const char *title, const char *text, const char *sounds, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, id);
  cloud_sql_bind_text (stmt, 2, title);
  cloud_sql_bind_text (stmt, 3, text);
  cloud_sql_bind_text (stmt, 4, sounds);
  return cloud_sql_run (stmt, error);
}

static gboolean
insert_into_index (sqlite3 *db, gint64 id, const char *title, const char *text, const char *sounds, GError **error)
{
  return index_row (db, "INSERT INTO pages_fts (rowid, title, text, sounds) VALUES (?1, ?2, ?3, ?4)", id, title, text, sounds, error);
}

static gboolean
add_to_index (sqlite3 *db, gint64 id, const char *title, const char *text, const char *sounds, GError **error)
{
  if (!cloud_index_store_covers (db, "pages", id))
    return TRUE;
  return insert_into_index (db, id, title, text, sounds, error);
}

static gboolean
remove_from_index (sqlite3 *db, gint64 id, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT title, text, sounds FROM pages WHERE id = ?1", error);
  gboolean done = stmt != NULL;

  if (!done || !cloud_index_store_covers (db, "pages", id))
    return done;
  sqlite3_bind_int64 (stmt, 1, id);
  if (cloud_sql_step (stmt, error) == SQLITE_ROW)
    {
      g_autofree char *title = cloud_sql_column_text (stmt, 0);
      g_autofree char *text = cloud_sql_column_text (stmt, 1);
      g_autofree char *sounds = cloud_sql_column_text (stmt, 2);

      sqlite3_reset (stmt);
      done = index_row (db, "INSERT INTO pages_fts (pages_fts, rowid, title, text, sounds) VALUES ('delete', ?1, ?2, ?3, ?4)", id, title, text,
                        sounds, error);
    }
  return done;
}

static gboolean
set_sounds (sqlite3 *db, gint64 id, const char *sounds, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "UPDATE pages SET sounds = ?2 WHERE id = ?1", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, id);
  cloud_sql_bind_text (stmt, 2, sounds);
  return cloud_sql_run (stmt, error);
}

static gboolean
clear_index (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "INSERT INTO pages_fts (pages_fts) VALUES ('delete-all')", error);
}

/* The row after @after_rowid, its sounds as this version makes them.  Returns its id, 0 if there is none, -1 with @error. */
static gint64
index_next (sqlite3 *db, gint64 after_rowid, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT id, title, text, sounds FROM pages WHERE id > ?1 ORDER BY id LIMIT 1", error);
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autofree char *former = NULL;
  g_autofree char *sounds = NULL;
  gint64 id;
  int rc;

  if (stmt == NULL)
    return -1;
  sqlite3_bind_int64 (stmt, 1, after_rowid);
  rc = cloud_sql_step (stmt, error);
  if (rc != SQLITE_ROW)
    return rc == SQLITE_DONE ? 0 : -1;
  id = sqlite3_column_int64 (stmt, 0);
  title = cloud_sql_column_text (stmt, 1);
  text = cloud_sql_column_text (stmt, 2);
  former = cloud_sql_column_text (stmt, 3);
  sqlite3_reset (stmt);
  sounds = search_pages_sounds (title);
  if (g_strcmp0 (sounds, former) != 0 && !set_sounds (db, id, sounds, error))
    return -1;
  return insert_into_index (db, id, title, text, sounds, error) ? id : -1;
}

static gint64
index_after (sqlite3 *db, gint64 after_rowid, guint limit, GError **error)
{
  gint64 last = 0;

  for (guint i = 0; i < limit; i++)
    {
      gint64 id = index_next (db, i > 0 ? last : after_rowid, error);

      if (id <= 0)
        return id < 0 ? -1 : last;
      last = id;
    }
  return last;
}

const CloudIndexSpec search_pages_index = { "pages", clear_index, index_after };

gboolean
search_pages_outdate (sqlite3 *db, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT 1 FROM pages LIMIT 1", error);
  int rc;

  if (stmt == NULL)
    return FALSE;
  rc = cloud_sql_step (stmt, error);
  sqlite3_reset (stmt);
  if (rc != SQLITE_ROW)
    return rc == SQLITE_DONE;
  return cloud_index_store_outdate (db, search_pages_index.name, error);
}

/* ---- Saving and removing ---- */

static gint64
find_page (sqlite3 *db, const char *url, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT id FROM pages WHERE url = ?1", error);
  gint64 id = 0;
  int rc;

  if (stmt == NULL)
    return -1;
  cloud_sql_bind_text (stmt, 1, url);
  rc = cloud_sql_step (stmt, error);
  if (rc == SQLITE_ROW)
    id = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return rc == SQLITE_ERROR ? -1 : id;
}

static gboolean
delete_page (sqlite3 *db, gint64 id, GError **error)
{
  sqlite3_stmt *stmt;

  if (!remove_from_index (db, id, error))
    return FALSE;
  stmt = cloud_sql_prepare (db, "DELETE FROM pages WHERE id = ?1", error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, id);
  return cloud_sql_run (stmt, error);
}

static gpointer
save_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchPage *page = ((SearchJob *) data)->object;
  g_autofree char *sounds = search_pages_sounds (search_page_get_title (page));
  gint64 former = find_page (db, search_page_get_url (page), error);
  sqlite3_stmt *stmt;
  gint64 id;

  if (former < 0 || (former > 0 && !delete_page (db, former, error)))
    return NULL;
  stmt = cloud_sql_prepare (db, "INSERT INTO pages (url, title, text, kinds, language, sounds, saved_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                            error);
  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, search_page_get_url (page));
  cloud_sql_bind_text (stmt, 2, search_page_get_title (page));
  cloud_sql_bind_text (stmt, 3, search_page_get_text (page));
  cloud_sql_bind_text (stmt, 4, search_page_get_kinds (page));
  cloud_sql_bind_text (stmt, 5, search_page_get_language (page));
  cloud_sql_bind_text (stmt, 6, sounds);
  sqlite3_bind_int64 (stmt, 7, search_page_get_saved_unix_us (page));
  if (!cloud_sql_run (stmt, error))
    return NULL;
  id = sqlite3_last_insert_rowid (db);
  if (!add_to_index (db, id, search_page_get_title (page), search_page_get_text (page), sounds, error))
    return NULL;
  return search_page_new (id, search_page_get_url (page), search_page_get_title (page), search_page_get_text (page),
                          search_page_get_kinds (page), search_page_get_language (page), search_page_get_saved_unix_us (page));
}

void
search_store_save_page_async (SearchStore *self, SearchPage *page, GAsyncReadyCallback callback, gpointer user_data)
{
  SearchJob *job = search_job_new (NULL, 0, 0);

  job->object = g_object_ref (page);
  cloud_store_write_async (search_store_get_store (self), save_job, job, search_job_free, g_object_unref, NULL, callback, user_data);
}

static gpointer
remove_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return delete_page (db, ((SearchJob *) data)->a, error) ? SEARCH_DONE : NULL;
}

void
search_store_remove_page_async (SearchStore *self, gint64 id, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_write_async (search_store_get_store (self), remove_job, search_job_new (NULL, id, 0), search_job_free, NULL, NULL, callback,
                           user_data);
}

static gpointer
clear_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return clear_index (db, error) && cloud_sql_exec (db, "DELETE FROM pages", error) ? SEARCH_DONE : NULL;
}

void
search_store_clear_pages_async (SearchStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_clear_async (search_store_get_store (self), clear_job, NULL, NULL, callback, user_data);
}

/* ---- Reading ---- */

static gpointer
load_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT id, url, title, text, kinds, language, saved_us FROM pages WHERE id = ?1", error);
  SearchPage *page = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, ((SearchJob *) data)->a);
  if (cloud_sql_step (stmt, error) == SQLITE_ROW)
    page = search_page_new (sqlite3_column_int64 (stmt, 0), (const char *) sqlite3_column_text (stmt, 1),
                            (const char *) sqlite3_column_text (stmt, 2), (const char *) sqlite3_column_text (stmt, 3),
                            (const char *) sqlite3_column_text (stmt, 4), (const char *) sqlite3_column_text (stmt, 5),
                            sqlite3_column_int64 (stmt, 6));
  sqlite3_reset (stmt);
  return page;
}

void
search_store_load_page_async (SearchStore *self, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_read_async (search_store_get_store (self), load_job, search_job_new (NULL, id, 0), search_job_free, g_object_unref, cancellable,
                          callback, user_data);
}

static gpointer
list_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT id, url, title, language, saved_us FROM pages ORDER BY saved_us DESC, id DESC", error);
  GPtrArray *pages = g_ptr_array_new_with_free_func (g_object_unref);
  int rc = SQLITE_ERROR;

  while (stmt != NULL && (rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (pages, search_page_new (sqlite3_column_int64 (stmt, 0), (const char *) sqlite3_column_text (stmt, 1),
                                             (const char *) sqlite3_column_text (stmt, 2), NULL, NULL,
                                             (const char *) sqlite3_column_text (stmt, 3), sqlite3_column_int64 (stmt, 4)));
  if (rc != SQLITE_DONE)
    g_clear_pointer (&pages, g_ptr_array_unref);
  return pages;
}

void
search_store_list_pages_async (SearchStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_read_async (search_store_get_store (self), list_job, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, cancellable, callback,
                          user_data);
}

static SearchResult *
result_from_row (sqlite3_stmt *stmt, const CloudQuery *query)
{
  const char *text = (const char *) sqlite3_column_text (stmt, 3);
  g_autofree char *snippet = cloud_snippet_new (text != NULL ? text : "", -1, query, SNIPPET_CHARS, NULL);
  SearchResult *result = search_result_new (SEARCH_RESULT_SAVED, (const char *) sqlite3_column_text (stmt, 2), snippet,
                                            (const char *) sqlite3_column_text (stmt, 1), NULL);

  search_result_set_page_id (result, sqlite3_column_int64 (stmt, 0));
  return result;
}

/* Each phrase in the text, or, if it may be pinyin, at the beginning of a sound: what is typed of that is seldom the whole. */
static char *
match_pages (const CloudQuery *query)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; i < cloud_query_get_n_phrases (query); i++)
    {
      gboolean prefix;
      const char *const *terms = cloud_query_get_phrase (query, i, &prefix);
      g_autofree char *words = g_strjoinv (" ", (char **) terms); /* folded: no quotes in them */
      gboolean latin = terms[1] == NULL && words[strspn (words, "abcdefghijklmnopqrstuvwxyz")] == '\0';

      g_string_append_printf (match, "%s({title text} : \"%s\"%s", i > 0 ? " AND " : "", words, prefix ? "*" : "");
      if (latin && strlen (words) >= SOUNDS_LEAST_LETTERS)
        g_string_append_printf (match, " OR sounds : \"%s\"*", words);
      g_string_append_c (match, ')');
    }
  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

static gpointer
search_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SearchJob *job = data;
  g_autoptr (CloudQuery) query = cloud_query_new (job->text, job->b != 0);
  g_autofree char *match = match_pages (query);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  sqlite3_stmt *stmt;
  int rc;

  if (match == NULL)
    return g_steal_pointer (&results);
  stmt = cloud_sql_prepare (db, "SELECT p.id, p.url, p.title, p.text FROM "
                                "(SELECT rowid AS id, bm25 (pages_fts, 8.0, 1.0, 2.0) AS score FROM pages_fts WHERE pages_fts MATCH ?1) AS f "
                                "JOIN pages AS p ON p.id = f.id ORDER BY f.score * cirrus_recency (p.saved_us, 180), p.id LIMIT ?2", error);
  if (stmt == NULL)
    return NULL;
  cloud_sql_bind_text (stmt, 1, match);
  sqlite3_bind_int64 (stmt, 2, job->a);
  while ((rc = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (results, result_from_row (stmt, query));
  return rc == SQLITE_DONE ? g_steal_pointer (&results) : NULL;
}

void
search_store_search_pages_async (SearchStore *self, const char *text, gboolean typing, guint limit, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  cloud_store_read_async (search_store_get_store (self), search_job, search_job_new (text, limit, typing), search_job_free,
                          (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}
