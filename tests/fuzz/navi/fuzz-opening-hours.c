/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-opening-hours.h"

#include <stdint.h>

/* Opening hours, whatever the bytes: what is understood can be asked about any moment, and its changes are changes. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, MIN (size, 4096));
  g_autoptr (NaviOpeningHours) hours = navi_opening_hours_parse (text);
  NaviLocalTime at = { 2028, 2, 28, 1439 }, when;
  NaviHoursState state, now;
  NaviHoursSpan spans[NAVI_HOURS_MAX_SPANS];

  if (hours == NULL)
    return 0;
  for (int i = 0; i < 3; i++)
    {
      guint n = navi_opening_hours_list_day (hours, at.year, at.month, at.day, spans);

      for (guint k = 0; k < n; k++)
        {
          g_assert_cmpuint (spans[k].start_min, <, spans[k].end_min);
          g_assert_cmpuint (spans[k].end_min, <=, 2880);
          g_assert_true (k == 0 || spans[k - 1].start_min <= spans[k].start_min);
        }
      now = navi_opening_hours_at (hours, &at);
      if (!navi_opening_hours_next_change (hours, &at, &when, &state))
        return 0;
      g_assert_cmpint (state, !=, now);
      g_assert_cmpint (navi_opening_hours_at (hours, &when), ==, state);
      g_assert_true (when.minute_of_day >= 0 && when.minute_of_day < 1440);
      at = when;
    }
  return 0;
}
