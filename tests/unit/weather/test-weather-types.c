/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-types.h"
#include "weather-units.h"

#include "cloud-time.h"

#include <math.h>

/* Civil days across clock changes, codes, and numbers in words. */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static void
test_civil (void)
{
  for (gint64 days = -800000; days < 800000; days += 97)
    {
      int year, month, day;

      weather_civil_from_days (days, &year, &month, &day);
      g_assert_cmpint (weather_days_from_civil (year, month, day), ==, days);
    }
  g_assert_cmpint (weather_days_from_civil (1970, 1, 1), ==, 0);
  g_assert_cmpint (weather_days_from_civil (2000, 3, 1), ==, 11017);
}

/* How long a civil day is, and when it starts. */
static void
test_days_across_clock_changes (void)
{
  static const struct
  {
    const char *zone;
    const char *inside; /* an instant of that day */
    const char *start;
    int hours;
    int day;
  } cases[] = {
    { "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z", 23, 29 },
    { "Europe/Berlin", "2026-10-25T22:30:00Z", "2026-10-24T22:00:00Z", 25, 25 },
    { "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z", 25, 1 },
    { "Asia/Shanghai", "2026-11-23T16:30:00Z", "2026-11-23T16:00:00Z", 24, 24 },
    { "Australia/Lord_Howe", "2026-04-05T03:00:00Z", "2026-04-04T13:00:00Z", 24, 5 }, /* half an hour more: 24.5 h */
    /* Midnight itself does not exist: the day starts at one. */
    { "America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", 23, 4 },
    /* A date that Samoa left out: the day before ends where the one after begins. */
    { "Pacific/Apia", "2011-12-30T05:00:00Z", "2011-12-29T10:00:00Z", 24, 29 },
    { "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z", 24, 31 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (cases[i].zone);
      g_autofree char *start = NULL;
      gint64 inside;
      WeatherDay day;

      g_assert_nonnull (zone);
      g_assert_true (cloud_time_parse (cases[i].inside, &inside));
      weather_day_init (&day);
      weather_day_at (zone, inside, &day);
      start = cloud_time_format_utc (day.start_unix_us);
      g_assert_cmpstr (start, ==, cases[i].start);
      g_assert_cmpint ((day.end_unix_us - day.start_unix_us) / HOUR_US, ==, cases[i].hours);
      g_assert_cmpint (day.day, ==, cases[i].day);
      g_assert_cmpint (day.start_unix_us, <=, inside);
      g_assert_cmpint (day.end_unix_us, >, inside);
    }
}

static void
test_conditions (void)
{
  static const int known[]
      = { 0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77, 80, 81, 82, 85, 86, 95, 96, 99 };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpint (weather_condition_from_wmo (known[i]), !=, WEATHER_CONDITION_UNKNOWN);
  g_assert_cmpint (weather_condition_from_wmo (4), ==, WEATHER_CONDITION_UNKNOWN);
  g_assert_cmpint (weather_condition_from_wmo (-1), ==, WEATHER_CONDITION_UNKNOWN);
  for (guint i = 0; i < WEATHER_N_CONDITIONS; i++)
    g_assert_cmpint (weather_condition_from_name (weather_condition_name (i)), ==, i);
  g_assert_cmpint (weather_condition_from_name ("frogs"), ==, WEATHER_CONDITION_UNKNOWN);
}

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_units (void)
{
  WeatherUnits metric = { .clock_24h = TRUE };
  WeatherUnits american = { .temperature = WEATHER_TEMPERATURE_FAHRENHEIT,
                            .speed = WEATHER_SPEED_MPH,
                            .pressure = WEATHER_PRESSURE_INHG,
                            .inches = TRUE,
                            .miles = TRUE };
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  assert_text (weather_units_temperature (&metric, -3.6), "−4°");
  assert_text (weather_units_temperature (&metric, -0.4), "0°");
  assert_text (weather_units_temperature (&american, -40), "−40°");
  assert_text (weather_units_temperature_full (&american, 20), "68 °F");
  assert_text (weather_units_temperature_step (&american, -4), "7°");
  assert_text (weather_units_temperature (&metric, NAN), "–");
  assert_text (weather_units_speed (&metric, 10), "36 km/h");
  assert_text (weather_units_speed (&american, 10), "22 mph");
  assert_text (weather_units_rain (&american, 25.4), "1.00 in");
  assert_text (weather_units_pressure (&american, 1013.25), "29.92 inHg");
  assert_text (weather_units_distance (&american, 16093.44), "10 mi");
  assert_text (weather_units_clock (&metric, utc, 15 * HOUR_US), "15:00");
  assert_text (weather_units_hour (&american, utc, 15 * HOUR_US), "3 PM");
  g_assert_cmpint (weather_beaufort (0), ==, 0);
  g_assert_cmpint (weather_beaufort (10.9), ==, 6);
  g_assert_cmpint (weather_beaufort (40), ==, 12);
  g_assert_cmpstr (weather_wind_from_short (315), ==, "NW");
  g_assert_cmpstr (weather_wind_from_short (359), ==, "N");
  g_assert_cmpstr (weather_wind_from_short (-1), ==, "N");
  g_assert_cmpstr (weather_wind_from_short (NAN), ==, "–");
}

static void
test_age (void)
{
  gint64 now = 1795464900 * (gint64) G_USEC_PER_SEC;

  assert_text (weather_age_text (now, now - 20 * G_USEC_PER_SEC), "just now");
  assert_text (weather_age_text (now, now - HOUR_US / 12), "5 minutes ago");
  assert_text (weather_age_text (now, now - HOUR_US), "1 hour ago");
  assert_text (weather_age_text (now, now - 72 * HOUR_US), "3 days ago");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/types/civil-days-round-trip", test_civil);
  g_test_add_func ("/weather/types/days-across-clock-changes", test_days_across_clock_changes);
  g_test_add_func ("/weather/types/conditions", test_conditions);
  g_test_add_func ("/weather/units/by-choice", test_units);
  g_test_add_func ("/weather/units/age", test_age);
  return g_test_run ();
}
