/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-condition.h"

#include <stdint.h>
#include <string.h>

/* Conditional tags and the conditions in them, whatever the bytes: each clause can be asked about any moment and vehicle, and the quantities
 * that tags hold are read within their bounds. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", MIN (size, 4096));
  g_autoptr (GArray) clauses = navi_conditional_parse (text);
  NaviCircumstances circumstances = { { 2028, 2, 29, 1439 }, { 3500, 0, 12000, 7500, 1 } };
  gint percent = navi_tagging_parse_incline_percent (text);

  g_assert_true (percent >= -45 && percent <= 45);
  g_assert_cmpuint (navi_tagging_parse_speed_kmh (text), <=, 255);
  for (guint size_kind = 0; size_kind < NAVI_N_SIZES; size_kind++)
    g_assert_cmpuint (navi_tagging_parse_size ((NaviSize) size_kind, text), <=, G_MAXINT32);
  for (guint i = 0; i < clauses->len; i++)
    {
      const NaviConditionalClause *clause = &g_array_index (clauses, NaviConditionalClause, i);
      g_autoptr (NaviCondition) condition = navi_condition_parse (clause->condition);
      gboolean holds = navi_condition_holds (condition, &circumstances);

      g_assert_null (strchr (clause->value, '@'));
      g_assert_cmpint (navi_condition_holds (condition, &circumstances), ==, holds);
    }
  return 0;
}
