/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-url.h"

typedef char *(*UrlFunc) (const char *text);

static void
assert_all (UrlFunc func, const char *const cases[][2], gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *url = func (cases[i][0]);

      if (g_strcmp0 (url, cases[i][1]) != 0)
        g_error ("\"%s\" gives \"%s\", not \"%s\"", cases[i][0], url, cases[i][1]);
    }
}

static void
test_clean (void)
{
  static const char *const cases[][2] = {
    { "HTTPS://Example.ORG", "https://example.org/" },
    { "https://example.org/a?utm_source=x&q=1&fbclid=2#f", "https://example.org/a?q=1#f" },
    { "https://example.org/?gclid=1", "https://example.org/" },
    { "ftp://example.org/", NULL },
    { "javascript:alert(1)", NULL },
    { "no address", NULL },
    { "", NULL },
    { "http://user:secret@example.org/", "http://example.org/" },
  };

  assert_all (search_url_clean, cases, G_N_ELEMENTS (cases));
}

static void
test_key (void)
{
  static const char *const cases[][2] = {
    { "http://www.Example.org:80/a/#x", "example.org/a" },   { "https://m.example.org/a", "example.org/a" },
    { "https://en.m.wikipedia.org/wiki/Ferry", "en.wikipedia.org/wiki/Ferry" }, { "https://example.org", "example.org" },
    { "https://example.org:8080/", "example.org:8080" },     { "https://example.org/%7ea", "example.org/~a" },
    { "https://example.org/a?b=1", "example.org/a?b=1" },
  };

  assert_all (search_url_key, cases, G_N_ELEMENTS (cases));
}

static void
test_typed (void)
{
  static const char *const cases[][2] = {
    { "example.org", "https://example.org" },       { " example.org/a?b ", "https://example.org/a?b" },
    { "http://x", "http://x" },                     { "localhost:8080", "http://localhost:8080" },
    { "192.168.1.1", "http://192.168.1.1" },        { "sub.example.co.uk:8443/x", "https://sub.example.co.uk:8443/x" },
    { "例子.中国", "https://例子.中国" },           { "ferry times", NULL },
    { "3.14", NULL },                               { "readme.txt", NULL },
    { "e.g.", NULL },                               { "node.js", NULL },
    { "what is example.org", NULL },                { "me@example.org", NULL },
    { "重庆", NULL },                               { "", NULL },
    { "https://", NULL },                           { "javascript:alert(1)", NULL },
  };

  assert_all (search_url_from_typed, cases, G_N_ELEMENTS (cases));
}

static void
test_display (void)
{
  static const char *const cases[][2] = {
    { "https://www.example.org/a/b%20c/", "example.org › a › b c" },
    { "https://zh.example.org/wiki/%E6%B8%A1", "zh.example.org › wiki › 渡" },
    { "file:///tmp", NULL },
  };

  assert_all (search_url_display, cases, G_N_ELEMENTS (cases));
}

static void
test_browser (void)
{
  g_autofree char *chosen = search_url_for_browser ("bing", "a&b 渡", NULL);
  g_autofree char *china = search_url_for_browser ("auto", "x", "zh_CN.UTF-8");
  g_autofree char *elsewhere = search_url_for_browser ("auto", "x", "de_DE.UTF-8");

  g_assert_cmpstr (chosen, ==, "https://www.bing.com/search?q=a%26b%20%E6%B8%A1");
  g_assert_cmpstr (china, ==, "https://www.baidu.com/s?wd=x");
  g_assert_cmpstr (elsewhere, ==, "https://duckduckgo.com/?q=x");
  g_assert_cmpstr (search_url_browser_name ("no-such", "zh_TW"), ==, "Bing");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/url/cleaned-of-tracking", test_clean);
  g_test_add_func ("/search/url/one-page-one-key", test_key);
  g_test_add_func ("/search/url/addresses-are-told-from-words", test_typed);
  g_test_add_func ("/search/url/shown-for-people", test_display);
  g_test_add_func ("/search/url/browser-search-by-locale-and-choice", test_browser);
  return g_test_run ();
}
