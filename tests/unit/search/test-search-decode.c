/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-feed.h"
#include "search-json.h"
#include "search-merge.h"
#include "search-opensearch.h"
#include "search-plain.h"

#include "cloud-error.h"

#include <math.h>
#include <string.h>

/* What providers answer: our small copies, and the recorded replies where CIRRUS_TEST_DATA says they are. */

static char *
load (const char *name, gsize *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "search", name, NULL);
  g_autoptr (GError) error = NULL;
  char *content = NULL;

  g_file_get_contents (path, &content, length, &error);
  g_assert_no_error (error);
  return content;
}

/* NULL where the recordings are not at hand: then only the small copies are tested. */
static char *
load_recording (const char *folder, const char *name, gsize *length)
{
  const char *data = g_getenv ("CIRRUS_TEST_DATA");
  g_autofree char *path = data != NULL ? g_build_filename (data, "search", folder, name, NULL) : NULL;
  char *content = NULL;

  return path != NULL && g_file_get_contents (path, &content, length, NULL) ? content : NULL;
}

static void
assert_result (SearchReply *reply, guint index, const char *title, const char *url, const char *snippet)
{
  SearchResult *result;

  g_assert_cmpuint (index, <, reply->results->len);
  result = g_ptr_array_index (reply->results, index);
  g_assert_cmpstr (search_result_get_title (result), ==, title);
  g_assert_cmpstr (search_result_get_url (result), ==, url);
  if (snippet != NULL)
    g_assert_cmpstr (search_result_get_snippet (result), ==, snippet);
}

static void
test_mediawiki (void)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *generated = load ("mediawiki-generator.json", &length);
  g_autoptr (SearchReply) reply = search_json_decode_mediawiki (generated, length, "https://en.example.org/w/api.php", "W", &error);
  g_autofree char *listed = NULL;
  g_autoptr (SearchReply) list = NULL;
  double lat;
  double lon;

  g_assert_no_error (error);
  g_assert_cmpuint (reply->results->len, ==, 2);
  assert_result (reply, 0, "Ferry", "https://en.example.org/wiki/Ferry", "vessel that carries people");
  g_assert_cmpstr (search_result_get_image_url (g_ptr_array_index (reply->results, 0)), ==, "https://upload.example.org/ferry.jpg");
  assert_result (reply, 1, "Reaction ferry", "https://en.example.org/wiki/Reaction_ferry", "A reaction ferry is moved by the current.");
  g_assert_true (search_result_get_position (g_ptr_array_index (reply->results, 1), &lat, &lon));
  g_assert_cmpfloat (lat, ==, 50.5);
  g_assert_cmpfloat (lon, ==, 7.25);

  listed = load ("mediawiki-list.json", &length);
  list = search_json_decode_mediawiki (listed, length, "https://zh.example.org/w/api.php", "W", &error);
  g_assert_no_error (error);
  assert_result (list, 0, "渡轮", "https://zh.example.org/wiki/%E6%B8%A1%E8%BD%AE", "渡轮是一种\"船\"");
  assert_result (list, 1, "A/B: test?", "https://zh.example.org/wiki/A/B:_test%3F", "");
}

static void
test_mediawiki_recorded (void)
{
  static const struct
  {
    const char *name;
    guint n;
    const char *first;
  } cases[] = { { "full_text_search_results.json", 20, NULL }, { "full_text_search_results_empty.json", 0, NULL },
                { "prefix_search_results.json", 21, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = 0;
      g_autofree char *json = load_recording ("mediawiki", cases[i].name, &length);
      g_autoptr (GError) error = NULL;
      g_autoptr (SearchReply) reply = NULL;

      if (json == NULL)
        continue;
      reply = search_json_decode_mediawiki (json, length, "https://en.wikipedia.org/w/api.php", "W", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (reply->results->len, ==, cases[i].n);
      for (guint k = 0; k < reply->results->len; k++)
        g_assert_true (g_str_has_prefix (search_result_get_url (g_ptr_array_index (reply->results, k)), "https://en.wikipedia.org/wiki/"));
    }
}

static void
assert_refused (const char *json, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SearchReply) reply = search_json_decode_mediawiki (json, strlen (json), "https://en.example.org/w/api.php", "W", &error);

  g_assert_null (reply);
  g_assert_error (error, CLOUD_ERROR, code);
}

static void
test_mediawiki_errors (void)
{
  assert_refused ("{\"error\":{\"code\":\"maxlag\",\"info\":\"Waiting\"}}", CLOUD_ERROR_TRY_LATER);
  assert_refused ("{\"errors\":[{\"code\":\"unknown_action\"}]}", CLOUD_ERROR_DENIED);
  assert_refused ("{\"something\":1}", CLOUD_ERROR_PROTOCOL);
  assert_refused ("[1,2]", CLOUD_ERROR_PROTOCOL);
  assert_refused ("<html>", CLOUD_ERROR_PROTOCOL);
  assert_refused ("", CLOUD_ERROR_PROTOCOL);
}

static void
test_searxng (void)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *json = load ("searxng.json", &length);
  g_autoptr (SearchReply) reply = search_json_decode_searxng (json, length, "S", &error);
  g_autoptr (SearchReply) none = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (reply->results->len, ==, 2);
  assert_result (reply, 0, "Ferry & more", "https://example.org/ferry", "All about ferries");
  assert_result (reply, 1, "https://example.net/", "https://example.net/", "");
  g_assert_cmpuint (reply->notices->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (reply->notices, 0), ==, "brave: too many requests");
  none = search_json_decode_searxng ("{}", 2, "S", &error);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL);
}

static void
test_suggestions (void)
{
  static const char json[] = "[\"fer\",[\"ferry\",7,\"ferret\"],[\"\"],[\"\"]]";
  g_auto (GStrv) words = search_json_decode_suggestions (json, strlen (json), NULL);

  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_assert_cmpstr (words[1], ==, "ferret");
  g_assert_null (search_json_decode_suggestions ("{}", 2, NULL));
}

static void
test_feeds (void)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *rss = load ("answers.rss", &length);
  g_autoptr (SearchReply) reply = search_feed_decode (rss, length, "http://example.org/search?q=ferry", "F", &error);
  g_autofree char *atom = NULL;
  g_autoptr (SearchReply) entries = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (reply->results->len, ==, 2);
  assert_result (reply, 0, "Ferry", "http://example.org/content/town/ferry.html", "...the ferry leaves...");
  assert_result (reply, 1, "渡轮", "http://example.org/zh", "twice escaped");
  atom = load ("answers.atom", &length);
  entries = search_feed_decode (atom, length, "http://example.org/", "F", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->results->len, ==, 2);
  assert_result (entries, 0, "Ferry times", "http://example.org/times", "At noon");
  assert_result (entries, 1, "Second", "http://example.org/second", "One Two");
}

static void
test_feeds_sloppy (void)
{
  static const char broken[] = "<rss><channel><item><title>A & B</title><link>http://example.org/a</link></item><item><title>Cut";
  static const char page[] = "<html><body>No feed</body></html>";
  g_autoptr (GError) error = NULL;
  g_autoptr (SearchReply) reply = search_feed_decode (broken, strlen (broken), "http://example.org/", "F", &error);
  g_autoptr (SearchReply) none = NULL;
  gsize length = 0;
  g_autofree char *recorded = load_recording ("opensearch", "spec-05.xml", &length);

  g_assert_no_error (error);
  g_assert_cmpuint (reply->results->len, ==, 1);
  none = search_feed_decode (page, strlen (page), "http://example.org/", "F", &error);
  g_assert_null (none);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL);
  if (recorded != NULL)
    {
      g_autoptr (SearchReply) spec = search_feed_decode (recorded, length, "http://example.com/", "F", NULL);

      g_assert_cmpuint (spec->results->len, ==, 0);
    }
}

static void
test_opensearch (void)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *xml = load ("description.xml", &length);
  g_autoptr (SearchOpenSearch) description = search_opensearch_parse (xml, length, "http://town.example/osd.xml", &error);
  g_autofree char *url = NULL;
  g_autofree char *required = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (description->name, ==, "Town search");
  g_assert_cmpstr (description->results_type, ==, "application/rss+xml");
  g_assert_cmpstr (description->suggest_template, ==, "http://example.org/suggest?q={searchTerms}");
  url = search_opensearch_expand (description->results_template, "café 渡", 20, 2, description->index_offset, description->page_offset, "zh-CN");
  g_assert_cmpstr (url, ==, "http://town.example/rss?q=caf%C3%A9%20%E6%B8%A1&n=20&from=40&p=2&l=zh-CN&x=");
  required = search_opensearch_expand ("http://a/?q={searchTerms}&k={example:key}", "x", 20, 0, 1, 1, NULL);
  g_assert_null (required);
}

static void
test_opensearch_recorded (void)
{
  static const char *const names[] = { "spec-01.xml", "spec-02.xml", "searxng-template.xml" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length = 0;
      g_autofree char *xml = load_recording ("opensearch", names[i], &length);
      g_autoptr (SearchOpenSearch) description = NULL;

      if (xml == NULL)
        continue;
      description = search_opensearch_parse (xml, length, "http://example.com/", NULL);
      g_assert_nonnull (description);
      /* The last one answers only in a browser (and is a template whose method is not filled in). */
      g_assert_true (i == 2 ? description->results_template == NULL && description->suggest_template != NULL : description->results_template != NULL);
    }
}

static void
test_plain (void)
{
  static const char *const cases[][2] = {
    { "a <b>bold</b> word", "a bold word" },     { "one<br>two<p>three", "one two three" }, { "&lt;b&gt;x&lt;/b&gt; y", "x y" },
    { "5 &lt; 6 &amp; 7", "5 < 6 & 7" },         { "&#20013;&#x56fd; &hellip; &bogus;", "中国 … &bogus;" },
    { "  a \n\t b ", "a b" },                    { "<unclosed", "" },                          { "a &#0; b", "a \357\277\275 b" },
    { "x<!-- no -->y", "xy" },                   { "2 < 3", "2 < 3" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = search_plain_from_html (cases[i][0]);

      g_assert_cmpstr (plain, ==, cases[i][1]);
    }
}

static GPtrArray *
list_of (const char *source, const char *first, ...)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  va_list urls;

  va_start (urls, first);
  for (const char *url = first; url != NULL; url = va_arg (urls, const char *))
    g_ptr_array_add (list, search_result_new (SEARCH_RESULT_WEB, url, source[0] == 'B' ? "text" : "", url, source));
  va_end (urls);
  return list;
}

static void
test_merge (void)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  g_ptr_array_add (lists, list_of ("A", "https://a.example/", "https://both.example/page", "https://c.example/", NULL));
  g_ptr_array_add (lists, list_of ("B", "https://d.example/", "http://www.both.example/page/?utm_source=x#top", NULL));
  for (int round = 0; round < 2; round++) /* merging again, as answers arrive, changes nothing */
    {
      g_autoptr (GPtrArray) merged = search_merge (lists);
      SearchResult *first = g_ptr_array_index (merged, 0);

      g_assert_cmpuint (merged->len, ==, 4);
      g_assert_cmpstr (search_result_get_source_name (first), ==, "A, B");
      g_assert_cmpstr (search_result_get_snippet (first), ==, "text");
      g_assert_cmpstr (search_result_get_url (g_ptr_array_index (merged, 1)), ==, "https://a.example/");
      g_assert_cmpstr (search_result_get_url (g_ptr_array_index (merged, 2)), ==, "https://d.example/");
      g_assert_cmpstr (search_result_get_source_name (g_ptr_array_index (merged, 2)), ==, "B");
    }
}

static void
test_kept_answers (void)
{
  g_autoptr (GPtrArray) list = list_of ("B", "https://a.example/", "https://b.example/", NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) junk = g_bytes_new_static ("\xff\xff\xff\xff\x01", 5);
  g_autoptr (GPtrArray) back = NULL;
  g_autoptr (GPtrArray) none = NULL;
  double lat;
  double lon;

  search_result_set_position (g_ptr_array_index (list, 1), 31.2, 121.5);
  bytes = search_results_to_bytes (list);
  back = search_results_from_bytes (bytes, "Again");
  g_assert_cmpuint (back->len, ==, 2);
  g_assert_cmpstr (search_result_get_url (g_ptr_array_index (back, 1)), ==, "https://b.example/");
  g_assert_cmpstr (search_result_get_source_name (g_ptr_array_index (back, 1)), ==, "Again");
  g_assert_true (search_result_get_position (g_ptr_array_index (back, 1), &lat, &lon));
  g_assert_false (search_result_get_position (g_ptr_array_index (back, 0), &lat, &lon));
  none = search_results_from_bytes (junk, "Again");
  g_assert_nonnull (none);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/decode/mediawiki-in-all-its-shapes", test_mediawiki);
  g_test_add_func ("/search/decode/mediawiki-recorded", test_mediawiki_recorded);
  g_test_add_func ("/search/decode/mediawiki-errors-say-what-to-do", test_mediawiki_errors);
  g_test_add_func ("/search/decode/searxng", test_searxng);
  g_test_add_func ("/search/decode/suggestions", test_suggestions);
  g_test_add_func ("/search/decode/rss-and-atom", test_feeds);
  g_test_add_func ("/search/decode/sloppy-feeds", test_feeds_sloppy);
  g_test_add_func ("/search/opensearch/description-and-template", test_opensearch);
  g_test_add_func ("/search/opensearch/recorded", test_opensearch_recorded);
  g_test_add_func ("/search/plain/tags-and-entities", test_plain);
  g_test_add_func ("/search/merge/reciprocal-rank-and-duplicates", test_merge);
  g_test_add_func ("/search/result/kept-answers-come-back", test_kept_answers);
  return g_test_run ();
}
