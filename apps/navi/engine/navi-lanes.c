/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-lanes.h"

#include <string.h>

/* Lanes. */

#define N_ARROWS (NAVI_N_MODIFIERS + 2)
#define END NAVI_N_MODIFIERS

/* In the order of NaviModifier. */
static const char *const words[N_ARROWS] = { "through",    "slight_right", "right",       "sharp_right",   "reverse",
                                             "sharp_left", "left",         "slight_left", "merge_to_left", "merge_to_right" };

/* The arrows that lead to where each modifier goes, the best first. */
static const guint8 leading[NAVI_N_MODIFIERS][4] = {
  [NAVI_MODIFIER_STRAIGHT] = { NAVI_MODIFIER_STRAIGHT, END },
  [NAVI_MODIFIER_SLIGHT_RIGHT] = { NAVI_MODIFIER_SLIGHT_RIGHT, NAVI_MODIFIER_RIGHT, NAVI_MODIFIER_STRAIGHT, END },
  [NAVI_MODIFIER_RIGHT] = { NAVI_MODIFIER_RIGHT, NAVI_MODIFIER_SLIGHT_RIGHT, NAVI_MODIFIER_SHARP_RIGHT, END },
  [NAVI_MODIFIER_SHARP_RIGHT] = { NAVI_MODIFIER_SHARP_RIGHT, NAVI_MODIFIER_RIGHT, END },
  [NAVI_MODIFIER_UTURN] = { NAVI_MODIFIER_UTURN, NAVI_MODIFIER_SHARP_LEFT, NAVI_MODIFIER_LEFT, END },
  [NAVI_MODIFIER_SHARP_LEFT] = { NAVI_MODIFIER_SHARP_LEFT, NAVI_MODIFIER_LEFT, END },
  [NAVI_MODIFIER_LEFT] = { NAVI_MODIFIER_LEFT, NAVI_MODIFIER_SLIGHT_LEFT, NAVI_MODIFIER_SHARP_LEFT, END },
  [NAVI_MODIFIER_SLIGHT_LEFT] = { NAVI_MODIFIER_SLIGHT_LEFT, NAVI_MODIFIER_LEFT, NAVI_MODIFIER_STRAIGHT, END },
};

static guint
read_arrows (const char *lane)
{
  g_auto (GStrv) parts = g_strsplit (lane, ";", -1);
  guint arrows = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    for (guint j = 0; j < N_ARROWS; j++)
      if (strcmp (g_strstrip (parts[i]), words[j]) == 0)
        arrows |= 1u << j;
  return arrows;
}

/* Marks the lanes with an arrow, or those without any if it is 0; returns how many there are. */
static guint
mark (NaviLane *lanes, guint n, guint arrow)
{
  guint n_marked = 0;

  for (guint i = 0; i < n; i++)
    {
      lanes[i].is_usable = arrow != 0 ? (lanes[i].arrows & arrow) != 0 : lanes[i].arrows == 0;
      n_marked += lanes[i].is_usable;
    }
  return n_marked;
}

guint
navi_lanes_read (const char *turn_lanes, NaviModifier modifier, NaviLane lanes[NAVI_MAX_LANES])
{
  g_auto (GStrv) parts = NULL;
  guint n;

  g_return_val_if_fail (turn_lanes != NULL && modifier < NAVI_N_MODIFIERS, 0);

  parts = g_strsplit (turn_lanes, "|", NAVI_MAX_LANES + 1);
  n = g_strv_length (parts);
  if (n < 2 || n > NAVI_MAX_LANES)
    return 0;
  for (guint i = 0; i < n; i++)
    lanes[i] = (NaviLane){ read_arrows (parts[i]), FALSE };
  for (guint i = 0; leading[modifier][i] != END; i++)
    if (mark (lanes, n, 1u << leading[modifier][i]) > 0)
      return n;
  return mark (lanes, n, 0) > 0 ? n : 0;
}

GStrv
navi_lane_get_words (const NaviLane *lane)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < N_ARROWS; i++)
    if ((lane->arrows >> i & 1) != 0)
      g_strv_builder_add (builder, words[i]);
  if (lane->arrows == 0)
    g_strv_builder_add (builder, "none");
  return g_strv_builder_end (builder);
}
