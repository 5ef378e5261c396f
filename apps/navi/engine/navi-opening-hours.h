/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NaviOpeningHours: when something is open, as OpenStreetMap writes it ("Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-13:00; PH off"),
 * and the conditions of restrictions, which use the same syntax ("Mo-Fr 07:00-09:00").
 *
 * Understood: 24/7; years and weeks; months and days of the year or of a year, with ranges over New Year; weekdays with ranges, lists and "Fr[2]", "Su[-1]"; PH
 * and SH; several spans, over midnight, up to 48:00 and open-ended ("18:00+"); off, closed, open, unknown; comments; rules after
 * ";" that replace the former for the days they name, and after "," that add to them.  Not understood, and so not read at all:
 * the sun's times, Easter,
 * "||": whoever shows these shows the text as it is.  There is no calendar of public holidays: rules for PH and SH alone are
 * noted (navi_opening_hours_get_holidays()) and match no day.
 *
 * All times are local at the place.  Evaluation allocates nothing and takes a microsecond or so.
 *
 * Threading: immutable once made, any thread.  Ownership: the caller's.  Errors: NULL for what is not understood.
 * Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification,
 * https://wiki.openstreetmap.org/wiki/Conditional_restrictions. */

typedef struct _NaviOpeningHours NaviOpeningHours;

typedef enum
{
  NAVI_HOURS_CLOSED,
  NAVI_HOURS_OPEN,
  NAVI_HOURS_UNKNOWN, /* perhaps open: by appointment, for instance */
} NaviHoursState;

/* A minute of a civil day at the place. */
typedef struct
{
  int year;
  int month; /* 1 to 12 */
  int day;   /* 1 to 31 */
  int minute_of_day;
} NaviLocalTime;

/* A part of a day. */
typedef struct
{
  guint16 start_min; /* of the day, 0 to 1440 */
  guint16 end_min;   /* up to 2880: the next day's noon is 2160 */
  guint8 state;      /* NaviHoursState: OPEN or UNKNOWN */
  guint8 open_ended; /* it closes some time after that end, or, with the end 24:00, nobody says when ("18:00+") */
} NaviHoursSpan;

#define NAVI_HOURS_MAX_SPANS 16

/* @text: (nullable) gives NULL too.  Returns: (transfer full) (nullable) */
NaviOpeningHours *navi_opening_hours_parse (const char *text);
void navi_opening_hours_free (NaviOpeningHours *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviOpeningHours, navi_opening_hours_free)

NaviHoursState navi_opening_hours_at (const NaviOpeningHours *self, const NaviLocalTime *at);

/* When the state is another for the first time after @at, and which.  FALSE if that is not within a year: it is always so. */
gboolean navi_opening_hours_next_change (const NaviOpeningHours *self, const NaviLocalTime *at, NaviLocalTime *when,
                                         NaviHoursState *state);

/* The spans that begin on a day, in order of their start.  Returns: how many. */
guint navi_opening_hours_list_day (const NaviOpeningHours *self, int year, int month, int day,
                                   NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS]);

/* The span that is on at @at (it may have begun the day before: then its end is beyond 24:00).  FALSE: none is. */
gboolean navi_opening_hours_find_span (const NaviOpeningHours *self, const NaviLocalTime *at, NaviHoursSpan *span);

/* What is said of public holidays: CLOSED ("PH off"), OPEN (hours of their own), UNKNOWN (nothing). */
NaviHoursState navi_opening_hours_get_holidays (const NaviOpeningHours *self);

/* @days later (or earlier) at the same minute. */
void navi_local_time_add_days (NaviLocalTime *self, int days);
/* 0 for Monday. */
int navi_local_time_get_weekday (const NaviLocalTime *self);

G_END_DECLS
