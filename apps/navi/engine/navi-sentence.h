/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-route.h"
#include "navi-step.h"

G_BEGIN_DECLS

/* Sentences for the screen and the voice, all made here, for a language given as an argument.
 *
 * Threading: pure functions. */

typedef enum
{
  NAVI_LANGUAGE_EN,
  NAVI_LANGUAGE_ZH,
  NAVI_N_LANGUAGES,
} NaviLanguage;

/* "en", "zh", or a locale's name ("zh_CN.UTF-8"); English for all that is not known.  @known: (out) (optional) */
NaviLanguage navi_language_from_string (const char *name, gboolean *known);

/* "Turn left onto Rua Formosa."  Of a street with several names that which navi-names.h says.  (transfer full) */
char *navi_sentence_for_step (NaviStep *step, NaviLanguage language);

/* Which lanes to use: "Use one of the two right lanes."; NULL if all do, or none is known.  (transfer full) (nullable) */
char *navi_sentence_for_lanes (NaviStep *step, NaviLanguage language);

/* "350 m", "1.2 km", in metres rounded as one speaks of them.  (transfer full) */
char *navi_sentence_distance (double distance_m, NaviLanguage language);

/* "12 min", "1 h 5 min".  (transfer full) */
char *navi_sentence_duration (double duration_s, NaviLanguage language);

/* How a route differs from the best one: "via Ringstrasse, 3 min longer, no toll".  (transfer full) */
char *navi_sentence_for_alternative (NaviRoute *best, NaviRoute *other, NaviLanguage language);

/* What a route could not keep clear of, a sentence for each kind: "Takes a ferry (Inselfähre, 850 m): there is no other way."
 * (transfer full) */
GStrv navi_sentence_for_remained (NaviRoute *route, NaviLanguage language);

/* After no route was found: "There is no way there without a ferry."  @obstacles: NaviAvoid, not 0.  (transfer full) */
char *navi_sentence_for_obstacles (guint obstacles, NaviLanguage language);

G_END_DECLS
