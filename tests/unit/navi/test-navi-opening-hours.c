/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-opening-hours.h"

/* Opening hours as they stand in OpenStreetMap.  2026-11-23 is a Monday. */

static NaviLocalTime
at (int month, int day, int hour, int minute)
{
  return (NaviLocalTime){ 2026, month, day, hour * 60 + minute };
}

static NaviOpeningHours *
parse (const char *text)
{
  NaviOpeningHours *hours = navi_opening_hours_parse (text);

  if (hours == NULL)
    g_error ("not understood: %s", text);
  return hours;
}

typedef struct
{
  const char *text;
  int month, day, hour, minute;
  NaviHoursState state;
} Moment;

static void
test_moments (void)
{
  static const Moment moments[] = {
    { "24/7", 11, 23, 3, 0, NAVI_HOURS_OPEN },
    { "Mo-Fr 08:00-18:00", 11, 23, 7, 59, NAVI_HOURS_CLOSED },
    { "Mo-Fr 08:00-18:00", 11, 23, 8, 0, NAVI_HOURS_OPEN },
    { "Mo-Fr 08:00-18:00", 11, 23, 18, 0, NAVI_HOURS_CLOSED },
    { "Mo-Fr 08:00-18:00", 11, 28, 12, 0, NAVI_HOURS_CLOSED },
    { "Mo-Fr 08:00-12:00,14:00-18:00", 11, 24, 13, 0, NAVI_HOURS_CLOSED },
    { "Mo-Fr 08:00-12:00, 14:00-18:00; Sa 09:00-13:00; PH off", 11, 24, 15, 0, NAVI_HOURS_OPEN },
    { "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-13:00; PH off", 11, 28, 12, 0, NAVI_HOURS_OPEN },
    { "Mo-Fr 08:00-18:00, Sa,Su 10:00-14:00", 11, 29, 13, 59, NAVI_HOURS_OPEN },
    { "Mo–Fr 08:00–18:00", 11, 23, 9, 0, NAVI_HOURS_OPEN },
    { "mo-fr 8:00-18:00", 11, 23, 9, 0, NAVI_HOURS_OPEN },
    { "08:00-20:00", 11, 29, 9, 0, NAVI_HOURS_OPEN },
    { "Su-Tu 10:00-12:00", 11, 23, 11, 0, NAVI_HOURS_OPEN }, /* over the end of the week */
    /* Of years and weeks (as ISO 8601 counts them: this one is the 48th). */
    { "2026 Nov 23 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_OPEN },
    { "2025 Nov 23 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_CLOSED },
    { "2026-2028 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_OPEN },
    { "2024-2028/4 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_CLOSED },
    { "2026 Dec 01-Mar 01 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_CLOSED },
    { "2025 Dec 01-2026 Dec 01 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_OPEN },
    { "week 48 Mo 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_OPEN },
    { "week 47,49 Mo 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_CLOSED },
    { "week 02-52/2 08:00-12:00", 11, 23, 11, 0, NAVI_HOURS_OPEN },
    { "Fr-Su 22:00-02:00", 11, 29, 1, 59, NAVI_HOURS_OPEN }, /* Saturday's night */
    { "Fr,Sa 22:00-26:00", 11, 29, 1, 59, NAVI_HOURS_OPEN },
    { "Fr,Sa 22:00-02:00; Su off", 11, 29, 1, 0, NAVI_HOURS_OPEN },
    { "Fr,Sa 22:00-02:00", 11, 30, 1, 0, NAVI_HOURS_CLOSED },
    { "Mo-Su 05:00-24:00", 11, 23, 23, 59, NAVI_HOURS_OPEN },
    { "Mo-Su 18:00+", 11, 23, 19, 0, NAVI_HOURS_OPEN },
    { "Mo-Su 10:00-20:00; We off", 11, 25, 12, 0, NAVI_HOURS_CLOSED },
    { "Mo-Su 10:00-20:00; We closed", 11, 26, 12, 0, NAVI_HOURS_OPEN },
    { "Mo-Su 10:00-20:00; 12:00-13:00 off", 11, 25, 12, 30, NAVI_HOURS_CLOSED },
    { "Mo-Su 10:00-20:00; 12:00-13:00 off", 11, 25, 13, 0, NAVI_HOURS_OPEN },
    { "Mo-Su 10:00-20:00; Mo 12:00-14:00", 11, 23, 15, 0, NAVI_HOURS_CLOSED }, /* a later rule replaces */
    { "Mo-Su 10:00-20:00, Mo 21:00-22:00", 11, 23, 15, 0, NAVI_HOURS_OPEN },  /* one after a comma adds */
    { "May-Sep Mo-Su 09:00-20:00", 11, 23, 12, 0, NAVI_HOURS_CLOSED },
    { "May-Sep: Mo-Su 09:00-20:00", 7, 1, 12, 0, NAVI_HOURS_OPEN },
    { "Oct-Mar 09:00-16:00; Apr-Sep 09:00-20:00", 1, 31, 17, 0, NAVI_HOURS_CLOSED },
    { "Oct-Mar 09:00-16:00; Apr-Sep 09:00-20:00", 2, 28, 12, 0, NAVI_HOURS_OPEN },
    { "Mo-Su 09:00-20:00; Dec 24-26 off", 12, 26, 12, 0, NAVI_HOURS_CLOSED },
    { "Mo-Su 09:00-20:00; Dec 24,26 off", 12, 25, 12, 0, NAVI_HOURS_OPEN },
    { "Mo-Su 09:00-20:00; Dec 24-Jan 06 off", 1, 6, 12, 0, NAVI_HOURS_CLOSED },
    { "Mo-Su 09:00-20:00; Dec 24-Jan 06 off", 1, 7, 12, 0, NAVI_HOURS_OPEN },
    { "Sa[1] 10:00-12:00", 11, 7, 11, 0, NAVI_HOURS_OPEN },
    { "Sa[1] 10:00-12:00", 11, 14, 11, 0, NAVI_HOURS_CLOSED },
    { "Su[-1] 10:00-12:00", 11, 29, 11, 0, NAVI_HOURS_OPEN },
    { "Su[-1] 10:00-12:00", 11, 22, 11, 0, NAVI_HOURS_CLOSED },
    { "Su,PH off; Mo-Sa 10:00-12:00", 11, 29, 11, 0, NAVI_HOURS_CLOSED },
    { "Mo-Fr 09:00-17:00; Sa unknown", 11, 28, 11, 0, NAVI_HOURS_UNKNOWN },
    { "\"by appointment\"", 11, 28, 11, 0, NAVI_HOURS_UNKNOWN },
    { "Mo-Fr 09:00-17:00 \"ring the bell\"", 11, 23, 11, 0, NAVI_HOURS_OPEN },
    { "Mo-Fr 09:00-17:00; Mo-Fr 12:00-13:00 unknown \"perhaps\";", 11, 23, 12, 30, NAVI_HOURS_UNKNOWN },
    { "off", 11, 23, 11, 0, NAVI_HOURS_CLOSED },
    { "Mo-Fr", 11, 23, 3, 0, NAVI_HOURS_OPEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      const Moment *m = &moments[i];
      g_autoptr (NaviOpeningHours) hours = parse (m->text);
      NaviLocalTime when = at (m->month, m->day, m->hour, m->minute);

      if (navi_opening_hours_at (hours, &when) != m->state)
        g_error ("%s at %d-%d %02d:%02d is %d", m->text, m->month, m->day, m->hour, m->minute, navi_opening_hours_at (hours, &when));
    }
}

/* What is not understood is not half understood. */
static void
test_refused (void)
{
  static const char *const texts[] = {
    "",          "   ",          "sunrise-sunset",    "Mo-Fr sunrise-20:00", "(sunrise+01:00)-18:00", "week 0-10 Mo 08:00-10:00", "week Mo", "2026-2024 off",
    "2026 Dec 24-2027 off", "easter off", "Mo-Fr 08:00-18:00 || \"ask\"", "Mo-Fr 8-18",  "Mo-Fr 08:00",  "Mo-Xx 08:00-18:00",
    "Monday 08:00-18:00", "Mo-Fr 25:61-26:00", "Mo-Fr 08:00-18:00;;", "daily", "Mo-Fr 08:00-18:00 \"no end", "Sa[6] 10:00-12:00", "Dec 32 off",
    "Mo-Fr 08:00-18:00 and Sa", "\xff\xfe",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (NaviOpeningHours) hours = navi_opening_hours_parse (texts[i]);

      if (hours != NULL)
        g_error ("understood: %s", texts[i]);
    }
  g_assert_null (navi_opening_hours_parse (NULL));
}

static void
assert_change (const char *text, NaviLocalTime from, NaviLocalTime expected, NaviHoursState expected_state)
{
  g_autoptr (NaviOpeningHours) hours = parse (text);
  NaviLocalTime when;
  NaviHoursState state;

  g_assert_true (navi_opening_hours_next_change (hours, &from, &when, &state));
  g_assert_cmpint (state, ==, expected_state);
  g_assert_cmpint (when.year, ==, expected.year);
  g_assert_cmpint (when.month, ==, expected.month);
  g_assert_cmpint (when.day, ==, expected.day);
  g_assert_cmpint (when.minute_of_day, ==, expected.minute_of_day);
}

static void
test_next_change (void)
{
  const char *shop = "Mo-Fr 08:00-12:00,14:00-18:00";
  const char *bar = "Fr,Sa 20:00-03:00";
  NaviLocalTime new_year = { 2027, 5, 1, 9 * 60 };
  g_autoptr (NaviOpeningHours) always = parse ("24/7");
  g_autoptr (NaviOpeningHours) whole_week = parse ("Mo-Su 00:00-24:00");
  g_autoptr (NaviOpeningHours) never = parse ("off");
  NaviLocalTime from = at (11, 23, 9, 0), when;
  NaviHoursState state;

  assert_change (shop, at (11, 23, 9, 0), at (11, 23, 12, 0), NAVI_HOURS_CLOSED);
  assert_change (shop, at (11, 23, 12, 0), at (11, 23, 14, 0), NAVI_HOURS_OPEN);
  assert_change (shop, at (11, 27, 18, 0), at (11, 30, 8, 0), NAVI_HOURS_OPEN); /* over the weekend */
  assert_change (bar, at (11, 27, 23, 0), at (11, 28, 3, 0), NAVI_HOURS_CLOSED);
  assert_change (bar, at (11, 28, 1, 0), at (11, 28, 3, 0), NAVI_HOURS_CLOSED);
  assert_change ("Mo-We 00:00-24:00", at (11, 23, 9, 0), at (11, 26, 0, 0), NAVI_HOURS_CLOSED); /* midnight is no change */
  assert_change ("May-Sep 09:00-20:00", at (11, 23, 9, 0), new_year, NAVI_HOURS_OPEN);
  g_assert_false (navi_opening_hours_next_change (always, &from, &when, &state));
  g_assert_false (navi_opening_hours_next_change (whole_week, &from, &when, &state));
  g_assert_false (navi_opening_hours_next_change (never, &from, &when, &state));
}

static void
test_days (void)
{
  g_autoptr (NaviOpeningHours) hours = parse ("Mo-Fr 14:00-18:00,08:00-12:00; We 10:00-12:00; Fr 18:00+; PH off");
  g_autoptr (NaviOpeningHours) silent = parse ("Mo-Fr 08:00-12:00");
  g_autoptr (NaviOpeningHours) on_holidays = parse ("Mo-Fr 08:00-12:00; PH 10:00-11:00");
  NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS];

  g_assert_cmpuint (navi_opening_hours_list_day (hours, 2026, 11, 23, spans), ==, 2);
  g_assert_cmpuint (spans[0].start_min, ==, 8 * 60);
  g_assert_cmpuint (spans[1].end_min, ==, 18 * 60);
  g_assert_cmpuint (navi_opening_hours_list_day (hours, 2026, 11, 25, spans), ==, 1);
  g_assert_cmpuint (navi_opening_hours_list_day (hours, 2026, 11, 27, spans), ==, 1);
  g_assert_true (spans[0].open_ended);
  g_assert_cmpuint (navi_opening_hours_list_day (hours, 2026, 11, 28, spans), ==, 0);
  g_assert_cmpint (navi_opening_hours_get_holidays (hours), ==, NAVI_HOURS_CLOSED);
  g_assert_cmpint (navi_opening_hours_get_holidays (silent), ==, NAVI_HOURS_UNKNOWN);
  g_assert_cmpint (navi_opening_hours_get_holidays (on_holidays), ==, NAVI_HOURS_OPEN);
}

static void
test_calendar (void)
{
  NaviLocalTime day = { 2028, 2, 28, 60 };

  navi_local_time_add_days (&day, 1);
  g_assert_cmpint (day.day, ==, 29);
  navi_local_time_add_days (&day, 1);
  g_assert_cmpint (day.month, ==, 3);
  navi_local_time_add_days (&day, -366);
  g_assert_cmpint (day.year, ==, 2027);
  g_assert_cmpint (day.day, ==, 1);
  g_assert_cmpint (day.minute_of_day, ==, 60);
  day = at (11, 23, 0, 0);
  g_assert_cmpint (navi_local_time_get_weekday (&day), ==, 0);
  navi_local_time_add_days (&day, -1);
  g_assert_cmpint (navi_local_time_get_weekday (&day), ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/opening-hours/moments-of-real-forms", test_moments);
  g_test_add_func ("/navi/opening-hours/what-is-not-understood-is-refused", test_refused);
  g_test_add_func ("/navi/opening-hours/next-change", test_next_change);
  g_test_add_func ("/navi/opening-hours/days-and-holidays", test_days);
  g_test_add_func ("/navi/opening-hours/calendar", test_calendar);
  return g_test_run ();
}
