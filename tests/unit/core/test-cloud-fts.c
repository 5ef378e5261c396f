/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fts.h"
#include "cloud-query.h"
#include "cloud-snippet.h"
#include "cloud-time.h"

#include <string.h>

/* The index against the truth: documents are put together from known words, so it is known which document holds which word. */

static const char *const chinese[] = {
  "重庆", "火锅", "圖書館", "车站", "渡轮", "博物馆", "雨", "雪", "天气预报", "林登瑙", "老城", "書", "灣", "咖啡馆", "行",
};
static const char *const latin[] = {
  "ferry", "Müller", "museum", "recipe", "Straße", "hiking", "weather", "ticket", "W700", "café", "ferryman", "Ｗｉｄｅ",
};
static const char *const fillers[] = { "，", "。", " ", "的", "在", "the", "了", "\n" };

typedef struct
{
  sqlite3 *db;
  GPtrArray *texts;
} Corpus;

static const char *
pick (GRand *rand, const char *const *from, gsize n)
{
  return from[g_rand_int_range (rand, 0, n)];
}

static void
exec (sqlite3 *db, const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

static sqlite3 *
open_index (void)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_true (cloud_fts_register (db, &error));
  g_assert_no_error (error);
  exec (db, "CREATE VIRTUAL TABLE docs USING fts5 (title, body, tokenize = 'cirrus', content = '')");
  return db;
}

static void
insert (sqlite3 *db, gint64 rowid, const char *title, const char *body)
{
  sqlite3_stmt *stmt;

  g_assert_cmpint (sqlite3_prepare_v2 (db, "INSERT INTO docs (rowid, title, body) VALUES (?1, ?2, ?3)", -1, &stmt, NULL), ==, SQLITE_OK);
  sqlite3_bind_int64 (stmt, 1, rowid);
  sqlite3_bind_text (stmt, 2, title, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, body, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_DONE);
  sqlite3_finalize (stmt);
}

static GArray *
search (sqlite3 *db, const char *typed, gboolean typing)
{
  g_autoptr (CloudQuery) query = cloud_query_new (typed, typing);
  g_autofree char *match = cloud_query_to_match (query, NULL);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *stmt;
  int rc;

  if (match == NULL)
    return rows;
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT rowid FROM docs WHERE docs MATCH ?1 ORDER BY bm25 (docs, 4.0, 1.0), rowid", -1, &stmt, NULL),
                   ==, SQLITE_OK);
  sqlite3_bind_text (stmt, 1, match, -1, SQLITE_STATIC);
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      gint64 rowid = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (rows, rowid);
    }
  g_assert_cmpint (rc, ==, SQLITE_DONE);
  sqlite3_finalize (stmt);
  return rows;
}

static Corpus
make_corpus (guint n_documents)
{
  Corpus corpus = { open_index (), g_ptr_array_new_with_free_func (g_free) };
  GRand *rand = g_rand_new_with_seed (20261123);

  exec (corpus.db, "BEGIN");
  for (guint i = 0; i < n_documents; i++)
    {
      GString *body = g_string_new (NULL);

      for (guint k = g_rand_int_range (rand, 3, 30); k > 0; k--)
        {
          gboolean western = g_rand_boolean (rand);
          const char *word = western ? pick (rand, latin, G_N_ELEMENTS (latin)) : pick (rand, chinese, G_N_ELEMENTS (chinese));

          g_string_append_printf (body, " %s%s", word, pick (rand, fillers, G_N_ELEMENTS (fillers)));
        }
      insert (corpus.db, i + 1, "", body->str);
      g_ptr_array_add (corpus.texts, g_string_free (body, FALSE));
    }
  exec (corpus.db, "COMMIT");
  g_rand_free (rand);
  return corpus;
}

static void
corpus_clear (Corpus *corpus)
{
  sqlite3_close (corpus->db);
  g_ptr_array_unref (corpus->texts);
}

/* @asked in any spelling must find exactly the documents that hold @written as it was put into them. */
static void
assert_finds_truth (Corpus *corpus, const char *asked, const char *written)
{
  g_autoptr (GArray) rows = search (corpus->db, asked, FALSE);
  g_autoptr (CloudQuery) query = cloud_query_new (asked, FALSE);
  gboolean chinese_word = g_unichar_get_script (g_utf8_get_char (written)) == G_UNICODE_SCRIPT_HAN;
  guint truth = 0;

  for (guint i = 0; i < corpus->texts->len; i++)
    {
      const char *text = g_ptr_array_index (corpus->texts, i);
      gboolean there = FALSE;

      /* Words stand behind a blank and before a filler: "ferry" must not be taken from "ferryman". */
      for (const char *p = strstr (text, written); p != NULL && !there; p = strstr (p + 1, written))
        there = chinese_word || !g_ascii_isalnum (p[strlen (written)]);
      truth += there;
      g_assert_cmpint (cloud_query_matches (query, text, -1), ==, there);
    }
  g_assert_cmpuint (truth, >, 0);
  g_assert_cmpuint (rows->len, ==, truth);
}

static void
test_recall (void)
{
  static const char *const cases[][2] = {
    { "重庆", "重庆" },     { "重慶", "重庆" },       { "图书馆", "圖書館" }, { "圖書館", "圖書館" },     { "天气", "天气预报" },
    { "气预", "天气预报" }, { "天气预报", "天气预报" }, { "雨", "雨" },       { "书", "書" },             { "湾", "灣" },
    { "林登瑙", "林登瑙" }, { "博", "博物馆" },       { "ferry", "ferry" },   { "FERRY", "ferry" },       { "muller", "Müller" },
    { "MÜLLER", "Müller" }, { "strasse", "Straße" },  { "w700", "W700" },     { "Ｗ７００", "W700" },     { "cafe", "café" },
    { "cafe\u0301", "café" }, { "wide", "Ｗｉｄｅ" },
  };
  Corpus corpus = make_corpus (2000);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_finds_truth (&corpus, cases[i][0], cases[i][1]);
  corpus_clear (&corpus);
}

static gboolean
finds (const char *typed, gboolean typing, const char *body)
{
  sqlite3 *db = open_index ();
  g_autoptr (GArray) rows = NULL;
  g_autoptr (CloudQuery) query = cloud_query_new (typed, typing);
  gboolean found;

  insert (db, 1, "", body);
  rows = search (db, typed, typing);
  found = rows->len == 1;
  g_assert_cmpint (found, ==, !cloud_query_is_empty (query) && cloud_query_matches (query, body, -1));
  sqlite3_close (db);
  return found;
}

static void
test_query_rules (void)
{
  g_assert_true (finds ("fer", TRUE, "the ferry"));
  g_assert_false (finds ("fer", FALSE, "the ferry"));
  g_assert_false (finds ("fer ", TRUE, "the ferry"));
  g_assert_true (finds ("ferry th", TRUE, "the ferry"));
  g_assert_false (finds ("fe the", TRUE, "the ferry"));
  g_assert_true (finds ("\"old town\"", FALSE, "the Old Town hall"));
  g_assert_false (finds ("\"town old\"", FALSE, "the Old Town hall"));
  g_assert_false (finds ("\"old hall\"", FALSE, "the Old Town hall"));
  g_assert_true (finds ("“old town", FALSE, "the Old Town hall"));
  g_assert_true (finds ("town old", FALSE, "the Old Town hall"));
  g_assert_true (finds ("跑", FALSE, "重跑gen"));
  g_assert_true (finds ("gen", FALSE, "重跑gen"));
  g_assert_true (finds ("重跑ge", TRUE, "重跑gen"));
  g_assert_false (finds ("跑重", FALSE, "重跑gen"));
  g_assert_true (finds ("foo-bar", FALSE, "foo bar"));
  g_assert_false (finds ("foo-bar", FALSE, "bar foo"));
  g_assert_false (finds ("", TRUE, "anything"));
  g_assert_false (finds ("...", TRUE, "anything"));
}

static void
test_no_syntax (void)
{
  static const char *const typed[] = {
    "foo OR bar", "foo AND", "NOT", "NEAR(foo bar)", "title:foo", "{title} : foo", "foo*", "\"foo", "foo\"", "\"\"\"", "^foo", "foo + bar",
    "-foo", "(foo", "foo)", "'; DROP TABLE docs; --", "\\", "foo\" OR \"bar", "\xff\xfe", "foo\001bar", "％foo", "a:b:c",
  };
  sqlite3 *db = open_index ();

  insert (db, 1, "other", "neither of them");
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    for (int typing = 0; typing < 2; typing++)
      {
        g_autoptr (GArray) rows = search (db, typed[i], typing);

        g_assert_cmpuint (rows->len, ==, 0);
      }
  sqlite3_close (db);
}

static void
test_columns_and_rank (void)
{
  sqlite3 *db = open_index ();
  g_autoptr (CloudQuery) query = cloud_query_new ("ferry", FALSE);
  g_autofree char *match = cloud_query_to_match (query, "title");
  g_autoptr (GArray) rows = NULL;

  insert (db, 1, "timetable", "the ferry and the bridge");
  insert (db, 2, "ferry", "the boat and the bridge");
  for (int i = 3; i < 20; i++)
    insert (db, i, "nothing", "of the kind");
  g_assert_cmpstr (match, ==, "{title} : (\"ferry\")");
  rows = search (db, "ferry", FALSE);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpint (g_array_index (rows, gint64, 0), ==, 2);
  sqlite3_close (db);
}

static void
test_recency (void)
{
  const gint64 day = G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC;
  gint64 now = 1000 * day;

  g_assert_cmpfloat (cloud_fts_recency (now, now, 30), ==, 1.0);
  g_assert_cmpfloat (cloud_fts_recency (now + day, now, 30), ==, 1.0);
  g_assert_cmpfloat_with_epsilon (cloud_fts_recency (now - 30 * day, now, 30), 0.75, 1e-9);
  g_assert_cmpfloat (cloud_fts_recency (0, now, 30), >=, 0.5);
}

static void
assert_snippet (const char *text, const char *typed, guint max_chars, const char *expected)
{
  g_autoptr (CloudQuery) query = cloud_query_new (typed, TRUE);
  g_autoptr (GArray) ranges = NULL;
  g_autofree char *snippet = cloud_snippet_new (text, -1, query, max_chars, &ranges);
  g_autofree char *markup = cloud_snippet_to_markup (snippet, ranges, "[", "]");

  g_assert_cmpstr (markup, ==, expected);
}

static void
test_snippets (void)
{
  assert_snippet ("The ferry leaves at noon.", "ferr", 80, "The [ferry] leaves at noon.");
  assert_snippet ("我们坐渡轮过河。", "渡轮", 80, "我们坐[渡轮]过河。");
  assert_snippet ("去圖書館借書", "图书馆", 80, "去[圖書館]借書");
  assert_snippet ("去圖書館借書", "书", 80, "去圖[書]館借[書]");
  assert_snippet ("重跑gen 了", "跑gen", 80, "重[跑gen] 了");
  assert_snippet ("Ｃａｆｅ\u0301 Müller", "cafe muller", 80, "[Ｃａｆｅ\u0301] [Müller]");
  assert_snippet ("a <b> & ferry", "ferry", 80, "a &lt;b&gt; &amp; [ferry]");
  assert_snippet ("one\n\n  two\tthree", "two", 80, "one [two] three");
  assert_snippet ("nothing here", "ferry", 7, "nothing…");
  assert_snippet ("", "ferry", 10, "");
  assert_snippet ("First sentence, long enough to be left out entirely. Then the old ferry came by and left again.", "ferry", 30,
                  "…Then the old [ferry] came by and…");
}

static void
test_snippet_prefers_all_words (void)
{
  g_autoptr (GString) text = g_string_new ("ferry ");

  for (int i = 0; i < 100; i++)
    g_string_append (text, "filler ");
  g_string_append (text, "museum by the ferry");
  assert_snippet (text->str, "ferry museum", 45, "…filler filler filler [museum] by the [ferry]");
}

static void
test_highlight_ranges (void)
{
  g_autoptr (CloudQuery) query = cloud_query_new ("老城 城门", FALSE);
  g_autoptr (GArray) ranges = cloud_snippet_highlight ("林登瑙老城门票", query);
  CloudSnippetRange *range = &g_array_index (ranges, CloudSnippetRange, 0);

  g_assert_cmpuint (ranges->len, ==, 1);
  g_assert_cmpuint (range->start_byte, ==, 9);
  g_assert_cmpuint (range->end_byte, ==, 18);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/fts/finds-exactly-what-is-there", test_recall);
  g_test_add_func ("/cloud/fts/words-phrases-and-the-word-being-typed", test_query_rules);
  g_test_add_func ("/cloud/fts/nothing-typed-is-syntax", test_no_syntax);
  g_test_add_func ("/cloud/fts/titles-weigh-more", test_columns_and_rank);
  g_test_add_func ("/cloud/fts/recency-decides-between-equals", test_recency);
  g_test_add_func ("/cloud/snippet/shows-the-hit-and-marks-it", test_snippets);
  g_test_add_func ("/cloud/snippet/prefers-the-place-with-all-words", test_snippet_prefers_all_words);
  g_test_add_func ("/cloud/snippet/overlapping-hits-are-one-range", test_highlight_ranges);
  return g_test_run ();
}
