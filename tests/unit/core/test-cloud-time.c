/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-time.h"

static void
test_round_trip (void)
{
  static const struct
  {
    const char *text;
    gint64 unix_us;
    const char *utc;
  } cases[] = {
    { "2026-11-23T20:15:00Z", G_GINT64_CONSTANT (1795464900000000), "2026-11-23T20:15:00Z" },
    { "2026-11-24T04:15:00+08:00", G_GINT64_CONSTANT (1795464900000000), "2026-11-23T20:15:00Z" },
    { "2040-01-01T00:00:00.250Z", G_GINT64_CONSTANT (2208988800250000), "2040-01-01T00:00:00.250Z" },
    { "1969-12-31T23:59:59.500Z", -500000, "1969-12-31T23:59:59.500Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 unix_us = 0;
      g_autofree char *utc = NULL;

      g_assert_true (cloud_time_parse (cases[i].text, &unix_us));
      g_assert_cmpint (unix_us, ==, cases[i].unix_us);
      utc = cloud_time_format_utc (unix_us);
      g_assert_cmpstr (utc, ==, cases[i].utc);
    }
}

static void
test_nonsense (void)
{
  gint64 unix_us = 7;

  g_assert_false (cloud_time_parse ("yesterday", &unix_us));
  g_assert_false (cloud_time_parse (NULL, &unix_us));
  g_assert_cmpint (unix_us, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/time/parses-offsets-and-formats-utc", test_round_trip);
  g_test_add_func ("/cloud/time/refuses-nonsense", test_nonsense);
  return g_test_run ();
}
