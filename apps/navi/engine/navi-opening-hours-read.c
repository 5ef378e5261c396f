/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi"

#include "navi-opening-hours-private.h"

#include <string.h>

/* The syntax of opening hours, by descent.  Each take_ function moves @at behind what it knows and is TRUE if there was any; what
 * is malformed is told by Reader.bad. */

#define MOST_RULES 64

typedef struct
{
  const char *at;
  gboolean bad;
} Reader;

static void
skip_blanks (Reader *r)
{
  while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')
    r->at++;
}

static gboolean
take_char (Reader *r, char wanted)
{
  skip_blanks (r);
  if (*r->at != wanted)
    return FALSE;
  r->at++;
  return TRUE;
}

/* A dash, also the one that people paste. */
static gboolean
take_dash (Reader *r)
{
  skip_blanks (r);
  if (g_str_has_prefix (r->at, "–") || g_str_has_prefix (r->at, "—"))
    {
      r->at += strlen ("–");
      return TRUE;
    }
  return take_char (r, '-');
}

static gboolean
take_word (Reader *r, const char *word)
{
  gsize length = strlen (word);

  skip_blanks (r);
  if (g_ascii_strncasecmp (r->at, word, length) != 0 || g_ascii_isalpha (r->at[length]))
    return FALSE;
  r->at += length;
  return TRUE;
}

/* -1: none of @names. */
static int
take_name (Reader *r, const char *const *names, int n)
{
  for (int i = 0; i < n; i++)
    if (take_word (r, names[i]))
      return i;
  return -1;
}

static int
take_weekday (Reader *r)
{
  static const char *const names[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" };

  return take_name (r, names, G_N_ELEMENTS (names));
}

static int
take_month (Reader *r)
{
  static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  return take_name (r, names, G_N_ELEMENTS (names)) + 1;
}

/* -1: no number of at most four digits stands there. */
static int
take_number (Reader *r)
{
  int value = 0, digits = 0;

  skip_blanks (r);
  for (; g_ascii_isdigit (*r->at) && digits < 4; r->at++, digits++)
    value = value * 10 + (*r->at - '0');
  return digits > 0 && !g_ascii_isdigit (*r->at) ? value : -1;
}

/* A day of a month, not the hour of a time.  0: none. */
static int
take_day (Reader *r)
{
  const char *before = r->at;
  int day = take_number (r);

  if (day < 0 || *r->at == ':')
    {
      r->at = before;
      return 0;
    }
  r->bad |= day < 1 || day > 31;
  return day;
}

/* ---- Dates ---- */

/* A year, not the hour of a time.  0: none. */
static int
take_year (Reader *r)
{
  const char *before = r->at;
  int year = take_number (r);

  if (year >= 1900 && *r->at != ':')
    return year;
  r->at = before;
  return 0;
}

/* @year: 0: each */
static void
add_dates (Reader *r, NaviHoursRule *rule, int year, int from_month, int from_day, int to_year, int to_month, int to_day)
{
  if (rule->n_dates == G_N_ELEMENTS (rule->dates))
    {
      r->bad = TRUE;
      return;
    }
  rule->dates[rule->n_dates++] = (NaviHoursDates){ (guint16) (from_month * 32 + from_day), (guint16) (to_month * 32 + to_day),
                                                   (guint16) year, (guint16) to_year };
}

/* "Apr", "Apr-Oct", "Dec 24", "Dec 24-26", "Dec 24-Jan 06", after a year "Dec 24-2027 Jan 06" too */
static void
read_dates_from (Reader *r, NaviHoursRule *rule, int year, int month)
{
  int day = take_day (r), to_month = month, to_day = day, to_year = year;

  if (take_dash (r))
    {
      int last_year = year > 0 ? take_year (r) : 0, other = take_month (r);

      to_month = other > 0 ? other : month;
      to_day = take_day (r);
      r->bad |= other == 0 && to_day == 0;
      r->bad |= (day == 0) != (to_day == 0);
      to_year = last_year > 0 ? last_year : year > 0 && to_month < month ? year + 1 : year;
    }
  add_dates (r, rule, year, month, day > 0 ? day : 1, to_year, to_month, to_day > 0 ? to_day : 31);
  /* "Dec 24,26": more days of the same month */
  while (!r->bad && day > 0)
    {
      const char *before = r->at;
      int more = take_char (r, ',') ? take_day (r) : 0;

      if (more == 0)
        {
          r->at = before;
          return;
        }
      add_dates (r, rule, to_year, to_month, more, to_year, to_month, more);
    }
}

/* "2026", "2025-2027", "2026-2030/2"; @first was read. */
static void
read_range (Reader *r, NaviHoursRange *ranges, guint8 *n, guint most, int first)
{
  int last = first, step = 1;

  if (take_dash (r))
    last = take_number (r);
  if (take_char (r, '/'))
    step = take_number (r);
  if (last < first || step < 1 || *n == most)
    {
      r->bad = TRUE;
      return;
    }
  ranges[(*n)++] = (NaviHoursRange){ (guint16) first, (guint16) last, (guint16) step };
}

/* "week 10-20,40-50/2" */
static gboolean
take_weeks (Reader *r, NaviHoursRule *rule)
{
  if (!take_word (r, "week"))
    return FALSE;
  do
    {
      int first = take_number (r);

      r->bad |= first < 1 || first > 53;
      if (!r->bad)
        read_range (r, rule->weeks, &rule->n_weeks, G_N_ELEMENTS (rule->weeks), first);
    }
  while (!r->bad && take_char (r, ','));
  return TRUE;
}

static gboolean
take_dates (Reader *r, NaviHoursRule *rule)
{
  int year = take_year (r), month = take_month (r);

  if (year > 0 && month == 0)
    {
      read_range (r, rule->years, &rule->n_years, G_N_ELEMENTS (rule->years), year);
      year = 0;
      month = take_month (r);
      if (month == 0)
        return TRUE;
    }
  if (month == 0)
    return FALSE;
  while (month > 0 && !r->bad)
    {
      const char *before;

      read_dates_from (r, rule, year, month);
      before = r->at;
      month = 0;
      if (take_char (r, ','))
        {
          int next_year = take_year (r);
          month = take_month (r);
          year = next_year > 0 ? next_year : year;
        }
      if (month == 0)
        r->at = before;
    }
  return TRUE;
}

/* ---- Weekdays ---- */

/* "[1]", "[1,3]", "[1-2]", "[-1]" */
static void
read_nth (Reader *r, NaviHoursRule *rule)
{
  do
    {
      gboolean last = take_dash (r);
      int from = take_number (r), to = from;

      if (!last && take_dash (r))
        to = take_number (r);
      if (from < 1 || to < from || to > 5 || (last && from != 1))
        {
          r->bad = TRUE;
          return;
        }
      for (int n = from; n <= to; n++)
        rule->nth |= (guint8) (last ? 1 : 1 << n);
    }
  while (take_char (r, ','));
  r->bad |= !take_char (r, ']');
}

static gboolean
take_day_name (Reader *r, NaviHoursRule *rule, gboolean *holiday)
{
  int from, to;

  if (take_word (r, "PH") || take_word (r, "SH"))
    {
      *holiday = TRUE;
      return TRUE;
    }
  from = to = take_weekday (r);
  if (from < 0)
    return FALSE;
  if (take_char (r, '['))
    read_nth (r, rule);
  else if (take_dash (r))
    {
      to = take_weekday (r);
      r->bad |= to < 0;
    }
  for (int day = from; !r->bad; day = (day + 1) % 7)
    {
      rule->weekdays |= (guint8) (1 << day);
      if (day == to)
        break;
    }
  return TRUE;
}

static gboolean
take_weekdays (Reader *r, NaviHoursRule *rule, gboolean *holiday)
{
  if (!take_day_name (r, rule, holiday))
    return FALSE;
  while (!r->bad)
    {
      const char *before = r->at;

      if (take_char (r, ',') && take_day_name (r, rule, holiday))
        continue;
      r->at = before;
      break;
    }
  return TRUE;
}

/* ---- Times ---- */

/* Minutes; -1: none. */
static int
take_time (Reader *r)
{
  int hour = take_number (r), minute;

  if (hour < 0 || *r->at != ':')
    return -1;
  r->at++;
  if (!g_ascii_isdigit (*r->at))
    return -1;
  minute = take_number (r);
  return hour <= 48 && minute >= 0 && minute < 60 && hour * 60 + minute <= 2 * NAVI_HOURS_DAY_MIN ? hour * 60 + minute : -1;
}

static void
read_span (Reader *r, NaviHoursRule *rule)
{
  NaviHoursSpan *span = &rule->spans[rule->n_spans];
  int start = take_time (r), end = NAVI_HOURS_DAY_MIN;
  gboolean open_ended = start >= 0 && take_char (r, '+');

  if (start >= 0 && !open_ended)
    {
      end = take_dash (r) ? take_time (r) : -1;
      open_ended = end >= 0 && take_char (r, '+');
    }
  if (start < 0 || start > NAVI_HOURS_DAY_MIN || end < 0 || rule->n_spans == G_N_ELEMENTS (rule->spans))
    {
      r->bad = TRUE;
      return;
    }
  if (end <= start)
    end += NAVI_HOURS_DAY_MIN;
  *span = (NaviHoursSpan){ (guint16) start, (guint16) MIN (end, 2 * NAVI_HOURS_DAY_MIN), NAVI_HOURS_OPEN, open_ended };
  rule->n_spans++;
}

static void
read_times (Reader *r, NaviHoursRule *rule)
{
  for (;;)
    {
      const char *before;

      read_span (r, rule);
      before = r->at;
      if (r->bad || !take_char (r, ','))
        return;
      skip_blanks (r);
      if (!g_ascii_isdigit (*r->at))
        {
          r->at = before; /* the comma before another rule */
          return;
        }
    }
}

/* ---- Rules ---- */

/* "by appointment" in quotes.  FALSE: none. */
static gboolean
take_comment (Reader *r)
{
  const char *end;

  if (!take_char (r, '"'))
    return FALSE;
  end = strchr (r->at, '"');
  r->bad |= end == NULL;
  r->at = end != NULL ? end + 1 : r->at;
  return TRUE;
}

static void
read_modifier (Reader *r, NaviHoursRule *rule, gboolean has_selector)
{
  gboolean unknown = FALSE, said = FALSE, comment;

  if (take_word (r, "off") || take_word (r, "closed"))
    rule->closes = said = TRUE;
  else if (take_word (r, "open"))
    said = TRUE;
  else if (take_word (r, "unknown"))
    unknown = said = TRUE;
  comment = take_comment (r);
  r->bad |= !has_selector && !said && !comment;
  /* Words instead of hours: perhaps. */
  unknown |= comment && !said && rule->n_spans == 0;
  if (rule->n_spans == 0 && !rule->closes)
    rule->spans[rule->n_spans++] = (NaviHoursSpan){ 0, NAVI_HOURS_DAY_MIN, NAVI_HOURS_OPEN, FALSE };
  for (guint i = 0; i < rule->n_spans && unknown; i++)
    rule->spans[i].state = NAVI_HOURS_UNKNOWN;
}

static gboolean
take_always (Reader *r)
{
  skip_blanks (r);
  if (!g_str_has_prefix (r->at, "24/7"))
    return FALSE;
  r->at += strlen ("24/7");
  return TRUE;
}

static void
read_rule (Reader *r, NaviOpeningHours *self, gboolean adds)
{
  NaviHoursRule rule = { .adds = adds };
  gboolean holiday = FALSE, selected;

  selected = take_always (r);
  if (!selected)
    {
      selected = take_dates (r, &rule);
      selected |= !r->bad && take_weeks (r, &rule);
      if (selected)
        take_char (r, ':');
      if (!r->bad && take_weekdays (r, &rule, &holiday))
        {
          selected = TRUE;
          take_char (r, ':');
        }
      skip_blanks (r);
      if (!r->bad && g_ascii_isdigit (*r->at))
        {
          selected = TRUE;
          read_times (r, &rule);
        }
    }
  if (r->bad)
    return;
  read_modifier (r, &rule, selected);
  rule.only_holidays = holiday && rule.weekdays == 0;
  if (holiday)
    self->holidays = rule.closes ? NAVI_HOURS_CLOSED : NAVI_HOURS_OPEN;
  if (!r->bad)
    g_array_append_val (self->rules, rule);
}

gboolean
navi_opening_hours_read (NaviOpeningHours *self, const char *text)
{
  Reader r = { .at = text };
  gboolean adds = FALSE;

  do
    {
      skip_blanks (&r);
      if (*r.at == '\0')
        break; /* a semicolon at the end */
      read_rule (&r, self, adds);
      adds = !r.bad && take_char (&r, ',');
      if (!adds && !r.bad && !take_char (&r, ';'))
        {
          skip_blanks (&r);
          r.bad = *r.at != '\0';
        }
    }
  while (!r.bad && self->rules->len < MOST_RULES);
  return !r.bad && *r.at == '\0' && self->rules->len > 0;
}
