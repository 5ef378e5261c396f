/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cirrus-text.h"

#include "cloud-error.h"

#include <gio/gio.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_US G_GINT64_CONSTANT (60000000)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

/* Monday, 2026-11-23, 20:15 UTC */
#define NOW_US G_GINT64_CONSTANT (1795464900000000)

static void
test_ages (void)
{
  static const struct
  {
    gint64 before_us;
    const char *words;
  } cases[] = {
    { -5 * MINUTE_US, "just now" }, { 59 * G_USEC_PER_SEC, "just now" }, { MINUTE_US, "1 minute ago" },
    { 5 * MINUTE_US, "5 minutes ago" }, { 59 * MINUTE_US, "59 minutes ago" }, { HOUR_US, "1 hour ago" },
    { 20 * HOUR_US, "20 hours ago" }, { 21 * HOUR_US, "yesterday" }, { 2 * DAY_US, "2 days ago" },
    { 6 * DAY_US, "6 days ago" }, { 7 * DAY_US, "16 Nov 2026" }, { 400 * DAY_US, "19 Oct 2025" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = cirrus_format_age (NOW_US - cases[i].before_us, NOW_US);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_list_times (void)
{
  g_autofree char *today = cirrus_format_list_time (NOW_US - HOUR_US, NOW_US);
  g_autofree char *week = cirrus_format_list_time (NOW_US - 3 * DAY_US, NOW_US);
  g_autofree char *year = cirrus_format_list_time (NOW_US - 20 * DAY_US, NOW_US);
  g_autofree char *before = cirrus_format_list_time (NOW_US - 400 * DAY_US, NOW_US);

  g_assert_cmpstr (today, ==, "19:15");
  g_assert_cmpstr (week, ==, "Fri");
  g_assert_cmpstr (year, ==, "3 Nov");
  g_assert_cmpstr (before, ==, "19 Oct 2025");
}

static void
test_every_code_has_words (void)
{
  for (int code = CLOUD_ERROR_OFFLINE; code <= CLOUD_ERROR_BUSY; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (CLOUD_ERROR, code, "libfoo: 0x7f said no");

      g_assert_cmpstr (cirrus_error_title (error), !=, "That Did Not Work");
      g_assert_nonnull (cirrus_error_sentence (error));
      g_assert_null (strstr (cirrus_error_sentence (error), "libfoo"));
      g_assert_true (g_str_has_suffix (cirrus_error_sentence (error), "."));
      g_assert_true ((cirrus_error_remedy (error) == CIRRUS_REMEDY_NONE) == (cirrus_remedy_label (cirrus_error_remedy (error)) == NULL));
    }
}

static void
test_foreign_and_cancelled (void)
{
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "secret detail");
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");

  g_assert_cmpstr (cirrus_error_sentence (foreign), ==, "Something unexpected went wrong. Try again.");
  g_assert_cmpint (cirrus_error_remedy (foreign), ==, CIRRUS_REMEDY_RETRY);
  g_assert_null (cirrus_error_title (cancelled));
  g_assert_null (cirrus_error_sentence (cancelled));
  g_assert_cmpint (cirrus_error_remedy (cancelled), ==, CIRRUS_REMEDY_NONE);
}

static void
test_distances (void)
{
  static const struct
  {
    double distance_m;
    const char *words;
  } cases[] = {
    { -1, "0 m" }, { 0, "0 m" }, { 7.4, "7 m" }, { 44, "40 m" }, { 296, "300 m" }, { 730, "750 m" }, { 974, "950 m" },
    { 990, "1.0 km" }, { 1249, "1.2 km" }, { 9960, "10 km" }, { 87400, "87 km" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = cirrus_format_distance (cases[i].distance_m);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_durations (void)
{
  static const struct
  {
    double duration_s;
    const char *words;
  } cases[] = { { 0, "1 min" }, { 59, "1 min" }, { 300, "5 min" }, { 3600, "1 h" }, { 4810, "1 h 20 min" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = cirrus_format_duration (cases[i].duration_s);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_scripts (void)
{
  static const char *const cases[][2] = {
    { "在浏览器中用DuckDuckGo搜索", "在浏览器中用 DuckDuckGo 搜索" }, { "在浏览器中用百度搜索", "在浏览器中用百度搜索" },
    { "阵风3级", "阵风 3 级" },          { "比昨天冷 4°", "比昨天冷 4°" }, { "询问（Open-Meteo）", "询问（Open-Meteo）" },
    { "Search with Bing", "Search with Bing" }, { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *spaced = cirrus_space_scripts (cases[i][0]);

      g_assert_cmpstr (spaced, ==, cases[i][1]);
    }
}

int
main (int argc, char **argv)
{
  setenv ("TZ", "UTC", 1);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cirrus/text/age-in-words", test_ages);
  g_test_add_func ("/cirrus/text/time-in-a-list", test_list_times);
  g_test_add_func ("/cirrus/text/every-error-code-has-a-sentence", test_every_code_has_words);
  g_test_add_func ("/cirrus/text/foreign-errors-and-cancellation", test_foreign_and_cancelled);
  g_test_add_func ("/cirrus/text/distances-are-rounded-as-people-say-them", test_distances);
  g_test_add_func ("/cirrus/text/durations", test_durations);
  g_test_add_func ("/cirrus/text/a-space-between-scripts", test_scripts);
  return g_test_run ();
}
