/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi"

#include "navi-opening-hours-private.h"

#include <string.h>

/* The rules of opening hours, laid over a day. */

#define DAY NAVI_HOURS_DAY_MIN
#define LOOK_AHEAD_DAYS 366

/* ---- The calendar ---- */

/* Days since 1970-01-01, after Howard Hinnant's algorithm. */
static int
days_of (int year, int month, int day)
{
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void
set_days (NaviLocalTime *self, int days)
{
  int z = days + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int day_of_era = z - era * 146097;
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted = (5 * day_of_year + 2) / 153;

  self->day = day_of_year - (153 * shifted + 2) / 5 + 1;
  self->month = shifted < 10 ? shifted + 3 : shifted - 9;
  self->year = year_of_era + era * 400 + (self->month <= 2);
}

void
navi_local_time_add_days (NaviLocalTime *self, int days)
{
  g_return_if_fail (self != NULL);
  set_days (self, days_of (self->year, self->month, self->day) + days);
}

int
navi_local_time_get_weekday (const NaviLocalTime *self)
{
  int days;

  g_return_val_if_fail (self != NULL, 0);
  days = days_of (self->year, self->month, self->day) + 3; /* 1970-01-01 was a Thursday */
  return (days % 7 + 7) % 7;
}

/* ---- Which rules a day has ---- */

static gboolean
is_nth (const NaviHoursRule *rule, const NaviLocalTime *day)
{
  NaviLocalTime week_later = *day;

  if (rule->nth == 0 || (rule->nth & (1 << ((day->day - 1) / 7 + 1))) != 0)
    return TRUE;
  navi_local_time_add_days (&week_later, 7);
  return (rule->nth & 1) != 0 && week_later.month != day->month;
}

/* After ISO 8601: that of its Thursday. */
static int
week_of (const NaviLocalTime *day)
{
  NaviLocalTime thursday = *day;

  navi_local_time_add_days (&thursday, 3 - navi_local_time_get_weekday (day));
  return (days_of (thursday.year, thursday.month, thursday.day) - days_of (thursday.year, 1, 1)) / 7 + 1;
}

/* TRUE too if there are no ranges. */
static gboolean
is_in_range (const NaviHoursRange *ranges, guint n, int value)
{
  for (guint i = 0; i < n; i++)
    if (value >= ranges[i].from && value <= ranges[i].to && (value - ranges[i].from) % ranges[i].step == 0)
      return TRUE;
  return n == 0;
}

static gboolean
is_in_dates (const NaviHoursDates *dates, const NaviLocalTime *day)
{
  int date = day->month * 32 + day->day;

  if (dates->from_year != 0)
    {
      int at = day->year * 512 + date;
      return at >= dates->from_year * 512 + dates->from && at <= dates->to_year * 512 + dates->to;
    }
  return dates->from <= dates->to ? date >= dates->from && date <= dates->to : date >= dates->from || date <= dates->to;
}

static gboolean
matches (const NaviHoursRule *rule, const NaviLocalTime *day)
{
  gboolean in = rule->n_dates == 0;

  if (rule->only_holidays || !is_in_range (rule->years, rule->n_years, day->year)
      || (rule->n_weeks > 0 && !is_in_range (rule->weeks, rule->n_weeks, week_of (day))))
    return FALSE;
  if (rule->weekdays != 0 && ((rule->weekdays & (1 << navi_local_time_get_weekday (day))) == 0 || !is_nth (rule, day)))
    return FALSE;
  for (guint i = 0; i < rule->n_dates && !in; i++)
    in = is_in_dates (&rule->dates[i], day);
  return in;
}

/* ---- The spans of a day ---- */

typedef struct
{
  NaviHoursSpan *spans;
  guint n;
} Spans;

static void
add_span (Spans *day, NaviHoursSpan span)
{
  if (day->n < NAVI_HOURS_MAX_SPANS && span.start_min < span.end_min)
    day->spans[day->n++] = span;
}

/* "12:00-13:00 off" */
static void
cut_out (Spans *day, const NaviHoursSpan *hole)
{
  NaviHoursSpan former[NAVI_HOURS_MAX_SPANS];
  guint n = day->n;

  memcpy (former, day->spans, sizeof *former * n);
  day->n = 0;
  for (guint i = 0; i < n; i++)
    {
      NaviHoursSpan before = former[i], after = former[i];

      before.end_min = MIN (before.end_min, hole->start_min);
      after.start_min = MAX (after.start_min, hole->end_min);
      add_span (day, before);
      add_span (day, after);
    }
}

static void
apply (const NaviHoursRule *rule, Spans *day)
{
  if ((!rule->adds && !rule->closes) || (rule->closes && rule->n_spans == 0))
    day->n = 0;
  for (guint i = 0; i < rule->n_spans; i++)
    if (rule->closes)
      cut_out (day, &rule->spans[i]);
    else
      add_span (day, rule->spans[i]);
}

static guint
list_day (const NaviOpeningHours *self, const NaviLocalTime *at, NaviHoursSpan *spans)
{
  Spans day = { spans, 0 };

  for (guint i = 0; i < self->rules->len; i++)
    {
      const NaviHoursRule *rule = &g_array_index (self->rules, NaviHoursRule, i);

      if (matches (rule, at))
        apply (rule, &day);
    }
  /* A handful: by insertion. */
  for (guint i = 1; i < day.n; i++)
    for (guint k = i; k > 0 && spans[k].start_min < spans[k - 1].start_min; k--)
      {
        NaviHoursSpan swap = spans[k];

        spans[k] = spans[k - 1];
        spans[k - 1] = swap;
      }
  return day.n;
}

guint
navi_opening_hours_list_day (const NaviOpeningHours *self, int year, int month, int day,
                             NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS])
{
  g_return_val_if_fail (self != NULL && month >= 1 && month <= 12 && day >= 1 && day <= 31, 0);
  return list_day (self, &(NaviLocalTime){ year, month, day, 0 }, spans);
}

/* ---- A moment ---- */

/* Of the spans that hold @minute of the day that has them, the surest. */
static gboolean
pick (const NaviHoursSpan *spans, guint n, int minute, NaviHoursSpan *found)
{
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++)
    if (minute >= spans[i].start_min && minute < spans[i].end_min && (!any || spans[i].state == NAVI_HOURS_OPEN))
      {
        *found = spans[i];
        any = TRUE;
      }
  return any;
}

gboolean
navi_opening_hours_find_span (const NaviOpeningHours *self, const NaviLocalTime *at, NaviHoursSpan *span)
{
  NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS];
  NaviLocalTime yesterday;

  g_return_val_if_fail (self != NULL && at != NULL && span != NULL, FALSE);

  if (pick (spans, list_day (self, at, spans), at->minute_of_day, span))
    return TRUE;
  yesterday = *at;
  navi_local_time_add_days (&yesterday, -1);
  return pick (spans, list_day (self, &yesterday, spans), at->minute_of_day + DAY, span);
}

NaviHoursState
navi_opening_hours_at (const NaviOpeningHours *self, const NaviLocalTime *at)
{
  NaviHoursSpan span;

  g_return_val_if_fail (self != NULL && at != NULL, NAVI_HOURS_UNKNOWN);
  return navi_opening_hours_find_span (self, at, &span) ? (NaviHoursState) span.state : NAVI_HOURS_CLOSED;
}

/* The next minute of @day after @minute at which a span of it or of the day before begins or ends; DAY if there is none. */
static int
next_edge (const NaviOpeningHours *self, const NaviLocalTime *day, int minute)
{
  NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS];
  NaviLocalTime yesterday = *day;
  guint n = list_day (self, day, spans);
  int best = DAY;

  for (guint i = 0; i < n; i++)
    {
      if (spans[i].start_min > minute)
        best = MIN (best, spans[i].start_min);
      if (spans[i].end_min > minute)
        best = MIN (best, spans[i].end_min);
    }
  navi_local_time_add_days (&yesterday, -1);
  n = list_day (self, &yesterday, spans);
  for (guint i = 0; i < n; i++)
    if (spans[i].end_min > minute + DAY)
      best = MIN (best, spans[i].end_min - DAY);
  return best;
}

gboolean
navi_opening_hours_next_change (const NaviOpeningHours *self, const NaviLocalTime *at, NaviLocalTime *when, NaviHoursState *state)
{
  NaviHoursState now;
  NaviLocalTime day;

  g_return_val_if_fail (self != NULL && at != NULL && when != NULL && state != NULL, FALSE);

  now = navi_opening_hours_at (self, at);
  day = *at;
  for (guint i = 0; i <= LOOK_AHEAD_DAYS;)
    {
      day.minute_of_day = next_edge (self, &day, day.minute_of_day);
      if (day.minute_of_day >= DAY)
        {
          navi_local_time_add_days (&day, 1);
          day.minute_of_day = 0;
          i++;
        }
      *state = navi_opening_hours_at (self, &day);
      if (*state != now)
        {
          *when = day;
          return TRUE;
        }
    }
  return FALSE;
}

NaviHoursState
navi_opening_hours_get_holidays (const NaviOpeningHours *self)
{
  g_return_val_if_fail (self != NULL, NAVI_HOURS_UNKNOWN);
  return self->holidays;
}

NaviOpeningHours *
navi_opening_hours_parse (const char *text)
{
  g_autoptr (NaviOpeningHours) self = NULL;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return NULL;
  self = g_new0 (NaviOpeningHours, 1);
  self->rules = g_array_new (FALSE, FALSE, sizeof (NaviHoursRule));
  self->holidays = NAVI_HOURS_UNKNOWN;
  return navi_opening_hours_read (self, text) ? g_steal_pointer (&self) : NULL;
}

void
navi_opening_hours_free (NaviOpeningHours *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rules);
  g_free (self);
}
