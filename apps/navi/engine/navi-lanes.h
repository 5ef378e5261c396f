/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-step.h"

G_BEGIN_DECLS

/* The lanes before a maneuver, from the left, and which of them lead to where it goes.
 *
 * Threading: pure functions.
 * Source: https://wiki.openstreetmap.org/wiki/Key:turn */

#define NAVI_MAX_LANES 16

/* What is painted on a lane: a bit for each NaviModifier, and these; 0: nothing. */
#define NAVI_LANE_MERGES_LEFT (1u << NAVI_N_MODIFIERS)
#define NAVI_LANE_MERGES_RIGHT (2u << NAVI_N_MODIFIERS)

typedef struct
{
  guint arrows;
  gboolean is_usable;
} NaviLane;

/* Reads what OpenStreetMap writes ("left|through|through;right"), and marks the lanes that lead to where @modifier goes: those
 * painted so, else those painted nearly so, else those with nothing painted on them.  Returns how many lanes there are; 0 if
 * nothing can be said: fewer than two or too many lanes, or none that leads there (then the paint is of another junction). */
guint navi_lanes_read (const char *turn_lanes, NaviModifier modifier, NaviLane lanes[NAVI_MAX_LANES]);

/* The words of OpenStreetMap for @arrows, "none" for 0.  (transfer full) */
GStrv navi_lane_get_words (const NaviLane *lane);

G_END_DECLS
