/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "home-lines.h"

#include <locale.h>
#include <stdlib.h>

#define NOW_US G_GINT64_CONSTANT (1795464900000000)

static void
check (const char *app, const char *kind, const char *parameters, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE_VARDICT, parameters, NULL, NULL, &error);
  g_autoptr (CloudStatus) status = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  g_assert_true (cloud_status_write (app, kind, value, &error));
  status = cloud_status_read (app);
  line = home_line_for (app, status, NOW_US);
  g_assert_cmpstr (line, ==, expected);
  cloud_status_remove (app);
}

static void
test_lines (void)
{
  check ("mail", "unread", "{'count': <0>}", "All read");
  check ("mail", "unread", "{'count': <12>}", "12 unread");
  check ("mail", "unread", "{'count': <1>, 'sender': <'李雷'>, 'subject': <'周末'>}", "1 unread · 李雷: 周末");
  check ("mail", "no-account", "{}", "Add an account to get started");
  check ("weather", "now", "{'place': <'Lindenau'>, 'temperature': <-0.2>, 'condition': <'snow'>}", "0° · Snow · Lindenau");
  check ("weather", "now", "{'place': <'Lindenau'>, 'temperature': <12.4>, 'condition': <'frogs'>}", "12° in Lindenau");
  check ("navi", "guiding", "{'name': <'Station'>, 'arrival_unix_us': <int64 1795466100000000>}", "To Station · 20 min left");
  check ("navi", "guiding", "{'name': <'Station'>, 'distance_m': <900.0>, 'arrival_unix_us': <int64 5>}", "Next: Station · 900 m");
  check ("navi", "next-stop", "{'name': <'Station'>}", "Next: Station");
  check ("navi", "next-stop", "{'name': <'渡口'>, 'name-en': <'Ferry'>, 'name-zh': <''>}", "Next: Ferry");
  check ("navi", "region", "{'name': <'Lindenau'>}", "Map of Lindenau, offline");
  check ("search", "last", "{'query': <'green tea'>}", "Last: “green tea”");
}

/* An app that knows more than this home: the line falls back to what the app is for. */
static void
test_unknown (void)
{
  g_autofree char *nothing = home_line_for ("search", NULL, NOW_US);

  g_assert_cmpstr (nothing, ==, "The Web and this device in one box");
  check ("search", "dreaming", "{}", "The Web and this device in one box");
  check ("weather", "now", "{'temperature': <1.0>}", "The weather, now and for ten days");
  check ("navi", "region", "{'name': <3>}", "Maps and routes without a network");
}

int
main (int argc, char **argv)
{
  g_autofree char *profile = g_dir_make_tmp ("home-lines-XXXXXX", NULL);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", profile);
  int result = 0;

  g_setenv ("CIRRUS_PROFILE", profile, TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/home/lines/each-kind-in-words", test_lines);
  g_test_add_func ("/home/lines/what-is-not-known-falls-back", test_unknown);
  result = g_test_run ();
  return system (command) == 0 ? result : 1;
}
