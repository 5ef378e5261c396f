/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-extract.h"

#include "cloud-error.h"

#include <string.h>

#define LOREM "The ferry crosses the river below the harbour, every twenty minutes, and carries people, bicycles and cars."

static SearchExtract *
extract (const char *html, const char *content_type)
{
  g_autoptr (GBytes) bytes = g_bytes_new (html, strlen (html));
  g_autoptr (GError) error = NULL;
  SearchExtract *page = search_extract_page (bytes, content_type, "https://example.org/dir/page", &error);

  g_assert_no_error (error);
  return page;
}

static void
test_article (void)
{
  g_autoptr (SearchExtract) page = extract (
      "<html lang=zh-CN><head><title> The\n ferry </title><link rel=canonical href='/ferry?utm_source=a'></head><body><nav>Home About</nav>"
      "<article><h1>The ferry</h1><p>" LOREM "</p><script>var a = 'no';</script><h2>Tickets</h2><ul><li>Adults<li>Children</ul>"
      "<blockquote>Mind the gap</blockquote><pre>a  b\nc</pre><p hidden>secret</p></article><footer>Imprint</footer></body>", "text/html");

  g_assert_cmpstr (page->title, ==, "The ferry");
  g_assert_cmpstr (page->language, ==, "zh-CN");
  g_assert_cmpstr (page->canonical_url, ==, "https://example.org/ferry");
  g_assert_cmpstr (page->text, ==, LOREM "\n\nTickets\n\nAdults\n\nChildren\n\nMind the gap\n\na  b\nc");
  g_assert_cmpstr (page->kinds, ==, "phllqc");
}

static void
test_no_article (void)
{
  g_autoptr (SearchExtract) page = extract (
      "<body><div id=menu><ul><li><a href=/>Home</a></li><li><a href=/a>About everything that this site has</a></li></ul></div>"
      "<div id=content><div><p>" LOREM "</p><p>Second " LOREM "</p></div></div><div id=side><p>Buy now</p></div></body>", NULL);

  g_assert_cmpstr (page->text, ==, LOREM "\n\nSecond " LOREM);
  g_assert_cmpstr (page->title, ==, "example.org › dir › page");
}

static void
test_says_how_it_is_searched (void)
{
  g_autoptr (SearchExtract) page = extract (
      "<head><meta name=generator content='searx/1.1.0'><link rel=search type='application/opensearchdescription+xml' href='../osd.xml'>"
      "<link rel=EditURI type='application/rsd+xml' href='//example.org/w/api.php?action=rsd'></head><body>x", "text/html; charset=utf-8");

  g_assert_true (page->is_searx);
  g_assert_cmpstr (page->opensearch_url, ==, "https://example.org/osd.xml");
  g_assert_cmpstr (page->mediawiki_api, ==, "https://example.org/w/api.php");
}

static void
test_encodings (void)
{
  static const struct
  {
    const char *html;
    const char *content_type;
    const char *text;
  } cases[] = {
    { "<body><p>\xb6\xc9\xc2\xd6", "text/html; charset=gb18030", "渡轮" },
    { "<head><meta charset=gbk></head><body><p>\xb6\xc9\xc2\xd6", "text/html", "渡轮" },
    { "<head><meta http-equiv=content-type content='text/html; charset=big5'></head><body><p>\xb4\xe7", NULL, "渡" },
    { "<body><p>caf\xc3\xa9", "text/html; charset=UTF-8", "café" },
    { "caf\xe9\n\nzwei", "text/plain; charset=iso-8859-1", "café\n\nzwei" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SearchExtract) page = extract (cases[i].html, cases[i].content_type);

      g_assert_cmpstr (page->text, ==, cases[i].text);
    }
}

static void
test_refusals (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("%PDF", 4);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (search_extract_page (bytes, "application/pdf", "https://example.org/", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (search_extract_page (empty, "text/html", "https://example.org/", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
}

static void
test_deep (void)
{
  g_autoptr (GString) html = g_string_new ("<body>");
  g_autoptr (SearchExtract) page = NULL;

  for (int i = 0; i < 20000; i++)
    g_string_append (html, "<div>");
  g_string_append (html, LOREM);
  page = extract (html->str, "text/html");
  g_assert_nonnull (page->text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/extract/article-without-what-surrounds-it", test_article);
  g_test_add_func ("/search/extract/finds-the-text-without-an-article", test_no_article);
  g_test_add_func ("/search/extract/says-how-the-site-is-searched", test_says_how_it_is_searched);
  g_test_add_func ("/search/extract/encodings", test_encodings);
  g_test_add_func ("/search/extract/what-holds-no-text", test_refusals);
  g_test_add_func ("/search/extract/deep-nesting", test_deep);
  return g_test_run ();
}
