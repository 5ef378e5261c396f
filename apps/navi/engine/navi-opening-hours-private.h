/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-opening-hours.h"

G_BEGIN_DECLS

/* What the reader of the syntax makes and the evaluation walks over. */

#define NAVI_HOURS_DAY_MIN 1440

typedef struct
{
  guint16 from; /* month * 32 + day */
  guint16 to;   /* less than @from: over New Year */
  guint16 from_year; /* 0: each year */
  guint16 to_year;
} NaviHoursDates;

/* Years, or weeks of a year: each @step from the first on. */
typedef struct
{
  guint16 from;
  guint16 to;
  guint16 step;
} NaviHoursRange;

typedef struct
{
  guint8 weekdays;      /* bit 0 is Monday; 0: every day */
  guint8 nth;           /* bit n: the nth of its month; bit 0: the last; 0: each */
  guint8 only_holidays; /* it matches no day that is known here */
  guint8 adds;          /* to the former rules of a day; else it replaces them */
  guint8 closes;        /* off: takes its spans (without any: the day) away */
  guint8 n_dates;
  guint8 n_spans;
  guint8 n_years;
  guint8 n_weeks;
  NaviHoursRange years[4];
  NaviHoursRange weeks[4]; /* as ISO 8601 counts them */
  NaviHoursDates dates[8];
  NaviHoursSpan spans[8];
} NaviHoursRule;

struct _NaviOpeningHours
{
  GArray *rules; /* of NaviHoursRule */
  NaviHoursState holidays;
};

/* FALSE: something in it is not understood. */
gboolean navi_opening_hours_read (NaviOpeningHours *self, const char *text);

G_END_DECLS
