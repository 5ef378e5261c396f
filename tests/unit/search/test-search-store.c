/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-store.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* What is kept: saved pages and their index, history, providers, answers. */

typedef struct
{
  char *dir;
  SearchStore *store;
  GAsyncResult *result;
} Fixture;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return fixture->result;
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = search_store_list_finish (fixture->store, wait_for (fixture), &error);

  g_assert_no_error (error);
  g_clear_object (&fixture->result);
  return items;
}

static GObject *
object (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GObject *item = search_store_object_finish (fixture->store, wait_for (fixture), &error);

  g_assert_no_error (error);
  g_clear_object (&fixture->result);
  return item;
}

static void
done (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (search_store_done_finish (fixture->store, wait_for (fixture), &error));
  g_assert_no_error (error);
  g_clear_object (&fixture->result);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("cirrus-search-XXXXXX", NULL);
  path = g_build_filename (fixture->dir, "search.db", NULL);
  fixture->store = search_store_open (path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  search_store_close (fixture->store);
  g_spawn_sync (NULL, (char *[]) { "rm", "-r", fixture->dir, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (fixture->dir);
}

static gint64
save (Fixture *fixture, const char *url, const char *title, const char *text)
{
  g_autoptr (SearchPage) page = search_page_new (0, url, title, text, "p", "en", cloud_time_now_unix_us ());
  g_autoptr (GObject) kept = NULL;

  search_store_save_page_async (fixture->store, page, on_ready, fixture);
  kept = object (fixture);
  return search_page_get_id (SEARCH_PAGE (kept));
}

static char *
found (Fixture *fixture, const char *text, gboolean typing)
{
  g_autoptr (GString) titles = g_string_new (NULL);
  g_autoptr (GPtrArray) results = NULL;

  search_store_search_pages_async (fixture->store, text, typing, 10, NULL, on_ready, fixture);
  results = list (fixture);
  for (guint i = 0; i < results->len; i++)
    g_string_append_printf (titles, "%s|", search_result_get_title (g_ptr_array_index (results, i)));
  return g_string_free (g_steal_pointer (&titles), FALSE);
}

static void
assert_found (Fixture *fixture, const char *text, gboolean typing, const char *titles)
{
  g_autofree char *actual = found (fixture, text, typing);

  g_assert_cmpstr (actual, ==, titles);
}

static void
test_pages (Fixture *fixture, gconstpointer data)
{
  gint64 ferry = save (fixture, "https://a.example/", "The ferry", "It crosses the river.");
  gint64 museum = save (fixture, "https://b.example/", "林登瑙博物馆", "盐仓里有一座圖書館。The ferry is near.");
  g_autoptr (GObject) page = NULL;

  assert_found (fixture, "ferry", FALSE, "The ferry|林登瑙博物馆|");
  assert_found (fixture, "riv", TRUE, "The ferry|");
  assert_found (fixture, "图书馆", FALSE, "林登瑙博物馆|");
  assert_found (fixture, "ldn", TRUE, "林登瑙博物馆|");
  assert_found (fixture, "lindengn", TRUE, "林登瑙博物馆|");
  assert_found (fixture, "bridge", FALSE, "");
  /* Saved again: replaced, not doubled. */
  ferry = save (fixture, "https://a.example/", "The bridge", "It crosses the river too.");
  assert_found (fixture, "ferry", FALSE, "林登瑙博物馆|");
  assert_found (fixture, "bridge", FALSE, "The bridge|");
  search_store_load_page_async (fixture->store, ferry, NULL, on_ready, fixture);
  page = object (fixture);
  g_assert_cmpstr (search_page_get_text (SEARCH_PAGE (page)), ==, "It crosses the river too.");
  search_store_remove_page_async (fixture->store, museum, on_ready, fixture);
  done (fixture);
  assert_found (fixture, "ferry", FALSE, "");
  search_store_clear_pages_async (fixture->store, on_ready, fixture);
  done (fixture);
  assert_found (fixture, "bridge", FALSE, "");
  save (fixture, "https://a.example/", "The ferry", "again");
  assert_found (fixture, "ferry", FALSE, "The ferry|");
}

/* From any character of a title, as it is typed; also after other words, and with words in characters. */
static void
test_pinyin (Fixture *fixture, gconstpointer data)
{
  save (fixture, "https://a.example/", "林德河渡轮：时刻与票价", "渡轮在港口下游。");
  save (fixture, "https://b.example/", "Bus times", "A man and his dulcimer.");
  assert_found (fixture, "dulun", TRUE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "dulun", FALSE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "dul", FALSE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "dul", TRUE, "Bus times|林德河渡轮：时刻与票价|");
  assert_found (fixture, "dl", TRUE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "lindehedulun", FALSE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "dulun piaojia", FALSE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "dulun 时刻", FALSE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "dulun museum", FALSE, "");
  assert_found (fixture, "ulun", TRUE, "");
  assert_found (fixture, "man", FALSE, "Bus times|");
}

static void
remember (Fixture *fixture, const char *text)
{
  search_store_add_history_async (fixture->store, text, on_ready, fixture);
  done (fixture);
}

static void
assert_history (Fixture *fixture, const char *prefix, const char *expected)
{
  g_autoptr (GPtrArray) texts = NULL;
  g_autofree char *joined = NULL;

  search_store_list_history_async (fixture->store, prefix, 10, NULL, on_ready, fixture);
  texts = list (fixture);
  g_ptr_array_set_free_func (texts, NULL);
  g_ptr_array_add (texts, NULL);
  joined = g_strjoinv ("|", (char **) texts->pdata);
  g_assert_cmpstr (joined, ==, expected);
  g_ptr_array_foreach (texts, (GFunc) (void *) g_free, NULL);
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  remember (fixture, "Ferry times");
  remember (fixture, "重庆火锅");
  remember (fixture, "museum");
  remember (fixture, "FERRY TIMES"); /* the same question */
  assert_history (fixture, "", "FERRY TIMES|museum|重庆火锅");
  assert_history (fixture, "fer", "FERRY TIMES");
  assert_history (fixture, "重", "重庆火锅");
  assert_history (fixture, "chongq", "重庆火锅");
  assert_history (fixture, "cqhg", "重庆火锅");
  assert_history (fixture, "%", "FERRY TIMES|museum|重庆火锅"); /* nothing but punctuation is no prefix */
  search_store_remove_history_async (fixture->store, "museum", on_ready, fixture);
  done (fixture);
  assert_history (fixture, "", "FERRY TIMES|重庆火锅");
  search_store_clear_history_async (fixture->store, cloud_time_now_unix_us () + 1000000, on_ready, fixture);
  done (fixture);
  assert_history (fixture, "", "FERRY TIMES|重庆火锅");
  search_store_clear_history_async (fixture->store, 0, on_ready, fixture);
  done (fixture);
  assert_history (fixture, "", "");
}

static gboolean
is_found (Fixture *fixture, const char *text)
{
  g_autofree char *titles = found (fixture, text, FALSE);

  return *titles != '\0';
}

static char *
ask (const char *path, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  sqlite3 *db = NULL;
  char *text;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  text = sqlite3_step (stmt) == SQLITE_ROW ? g_strdup ((const char *) sqlite3_column_text (stmt, 0)) : NULL;
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return text;
}

#define SOUNDS "SELECT sounds FROM pages WHERE id = 1"

/* A database as the first release wrote it: what is in it is found by its new sounds, once the index is made anew. */
static void
test_former_schema (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_test_build_filename (G_TEST_DIST, "data", "search", "search-v1.sql", NULL);
  g_autofree char *path = g_build_filename (fixture->dir, "former.db", NULL);
  g_autofree char *sql = NULL;
  g_autofree char *before = NULL;
  g_autofree char *version = NULL;
  g_autofree char *opened = NULL;
  g_autofree char *rebuilt = NULL;
  g_autoptr (GError) error = NULL;
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  sqlite3 *db = NULL;

  g_file_get_contents (file, &sql, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  before = ask (path, SOUNDS);
  search_store_close (fixture->store);
  fixture->store = search_store_open (path, &error);
  g_assert_no_error (error);
  /* Opening takes as long with ten thousand pages as with two: the rows are gone through later. */
  version = ask (path, "PRAGMA user_version");
  g_assert_cmpstr (version, ==, "2");
  opened = ask (path, SOUNDS);
  g_assert_cmpstr (opened, ==, before);
  search_store_rebuild_index (fixture->store, NULL);
  while (!is_found (fixture, "dulun") && g_get_monotonic_time () < until)
    ;
  assert_found (fixture, "dulun", FALSE, "林德河渡轮：时刻与票价|");
  assert_found (fixture, "museum", FALSE, "Town museum in the salt store|");
  assert_history (fixture, "dul", "渡轮");
  rebuilt = ask (path, SOUNDS);
  g_assert_nonnull (strstr (rebuilt, "dulun"));
  g_assert_null (strstr (before, " dulun"));
}

/* Zeroes over the first page of an index, as a worn card leaves them: what was kept is taken over and found again. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "search.db", NULL);
  g_autofree char *root = NULL;
  g_autofree char *page_size = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (SearchPage) page = search_page_new (0, "http://b.example/", "Museum", "Salt.", "p", "en", cloud_time_now_unix_us ());
  g_autoptr (GError) error = NULL;
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  gsize length, size;

  save (fixture, "http://a.example/ferry", "林德河渡轮", "渡轮在港口下游横渡林德河。");
  search_store_close (fixture->store);
  root = ask (path, "SELECT rootpage FROM sqlite_schema WHERE name = 'pages_saved'");
  page_size = ask (path, "PRAGMA page_size");
  size = (gsize) atoi (page_size);
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  memset (bytes + (gsize) (atoi (root) - 1) * size, 0, size);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, &error));
  fixture->store = search_store_open (path, &error);
  g_assert_no_error (error);
  search_store_rebuild_index (fixture->store, NULL);
  search_store_save_page_async (fixture->store, page, on_ready, fixture);
  g_assert_null (search_store_object_finish (fixture->store, wait_for (fixture), &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
  g_clear_object (&fixture->result);
  while (!is_found (fixture, "dulun") && g_get_monotonic_time () < until)
    ;
  assert_found (fixture, "dulun", FALSE, "林德河渡轮|");
}

static void
test_providers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SearchProvider) added = search_provider_new (0, SEARCH_PROVIDER_OPENSEARCH, "Town", "http://town.example/?q={searchTerms}", 0, 1, TRUE);
  g_autoptr (GPtrArray) providers = NULL;
  g_autoptr (GPtrArray) fewer = NULL;
  g_autoptr (GObject) kept = NULL;
  guint n;

  search_store_list_providers_async (fixture->store, NULL, on_ready, fixture);
  providers = list (fixture);
  n = providers->len;
  g_assert_cmpuint (n, >=, 1); /* a fresh phone can ask somebody */
  g_assert_cmpint (search_provider_get_kind (g_ptr_array_index (providers, 0)), ==, SEARCH_PROVIDER_MEDIAWIKI);
  search_store_add_provider_async (fixture->store, added, on_ready, fixture);
  kept = object (fixture);
  search_store_enable_provider_async (fixture->store, search_provider_get_id (SEARCH_PROVIDER (kept)), FALSE, on_ready, fixture);
  done (fixture);
  search_store_remove_provider_async (fixture->store, search_provider_get_id (g_ptr_array_index (providers, 0)), on_ready, fixture);
  done (fixture);
  search_store_list_providers_async (fixture->store, NULL, on_ready, fixture);
  fewer = list (fixture);
  g_assert_cmpuint (fewer->len, ==, n);
  g_assert_cmpstr (search_provider_get_name (g_ptr_array_index (fewer, n - 1)), ==, "Town");
  g_assert_cmpint (search_provider_get_index_offset (g_ptr_array_index (fewer, n - 1)), ==, 0);
  g_assert_false (search_provider_get_enabled (g_ptr_array_index (fewer, n - 1)));
}

static void
test_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SearchProvider) provider = search_provider_new (7, SEARCH_PROVIDER_SEARXNG, "S", "http://s.example/", 1, 1, TRUE);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) back = NULL;
  g_autoptr (GError) error = NULL;
  gint64 fetched = 0;

  g_ptr_array_add (results, search_result_new (SEARCH_RESULT_WEB, "Ferry", "", "https://a.example/", "S"));
  search_store_keep_answer_async (fixture->store, 7, "Ferry", results);
  remember (fixture, "wait"); /* writes are done in order */
  search_store_load_answer_async (fixture->store, provider, "FERRY ", &fetched, NULL, on_ready, fixture);
  back = list (fixture);
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_cmpint (fetched, >, 0);
  search_store_clear_answers_async (fixture->store, on_ready, fixture);
  done (fixture);
  search_store_load_answer_async (fixture->store, provider, "ferry", &fetched, NULL, on_ready, fixture);
  g_assert_null (search_store_list_finish (fixture->store, wait_for (fixture), &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  g_clear_object (&fixture->result);
}

static gint64
disk_usage (Fixture *fixture)
{
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->dir);
  guint64 bytes = 0;

  g_assert_true (g_file_measure_disk_usage (folder, G_FILE_MEASURE_NONE, NULL, NULL, NULL, &bytes, NULL, NULL, NULL));
  return (gint64) bytes;
}

static void
keep_much (Fixture *fixture)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < 40; i++)
    {
      g_autofree char *url = g_strdup_printf ("https://a.example/%d", i);
      g_autoptr (GString) text = g_string_new (NULL);

      for (int j = 0; j < 2000; j++)
        g_string_append_printf (text, "word%d ", g_test_rand_int_range (0, 100000));
      save (fixture, url, "The ferry", text->str);
      g_ptr_array_add (results, search_result_new (SEARCH_RESULT_WEB, "Ferry", text->str, url, "S"));
    }
  for (int i = 0; i < 5; i++)
    {
      g_autofree char *question = g_strdup_printf ("question %d", i);

      search_store_keep_answer_async (fixture->store, 7, question, results);
    }
  remember (fixture, "wait"); /* writes are done in order */
}

/* Either clearing takes what it names and gives the disk its room back; the history stays. */
static void
test_clear_frees_the_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SearchStore) held = search_store_ref (fixture->store);
  gint64 begin = disk_usage (fixture), all, answers, pages;

  keep_much (fixture);
  all = disk_usage (fixture);
  answers = search_store_measure_answers_sync (held);
  g_assert_cmpint (answers, >, 100000);
  search_store_clear_answers_async (fixture->store, on_ready, fixture);
  done (fixture);
  pages = disk_usage (fixture);
  g_test_message ("%" G_GINT64_FORMAT " bytes, %" G_GINT64_FORMAT " of them answers; then %" G_GINT64_FORMAT, all, answers, pages);
  g_assert_cmpint (pages, <=, all - answers);
  g_assert_cmpint (search_store_measure_answers_sync (held), ==, 0);
  g_assert_true (is_found (fixture, "ferry"));

  search_store_clear_pages_async (fixture->store, on_ready, fixture);
  done (fixture);
  g_test_message ("then %" G_GINT64_FORMAT, disk_usage (fixture));
  g_assert_cmpint (disk_usage (fixture), <=, begin);
  g_assert_false (is_found (fixture, "ferry"));
  assert_history (fixture, "", "wait");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  search_store_list_providers_async (fixture->store, cancellable, on_ready, fixture);
  g_cancellable_cancel (cancellable);
  g_assert_null (search_store_list_finish (fixture->store, wait_for (fixture), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&fixture->result);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/search/store/pages-are-found-replaced-and-removed", test_pages);
  ADD ("/search/store/titles-in-pinyin-from-any-character", test_pinyin);
  ADD ("/search/store/former-schema-1", test_former_schema);
  ADD ("/search/store/damaged-database-is-found-again", test_damaged);
  ADD ("/search/store/history-by-prefix-pinyin-and-initials", test_history);
  ADD ("/search/store/providers", test_providers);
  ADD ("/search/store/answers-are-kept-for-offline", test_answers);
  ADD ("/search/store/clearing-frees-the-disk", test_clear_frees_the_disk);
  ADD ("/search/store/cancelled-means-cancelled", test_cancelled);
  return g_test_run ();
}
