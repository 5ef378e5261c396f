/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"
#include "navi-step.h"

G_BEGIN_DECLS

/* What Navi's window says about steps and places beyond what the engine's sentences give.
 *
 * Threading: the main thread. */

/* "en" or "zh": the language of the window, for the engine's sentences and the map's labels. */
const char *navi_text_language (void);

/* The symbolic icon of a step.  (transfer none) */
const char *navi_text_step_icon (NaviStep *step);

/* "47.14100, 9.52100".  (transfer full) */
char *navi_text_coordinates (double lat_deg, double lon_deg);

/* What a sign of the map (NaviMapKind) is: "Restaurant"; NULL for what has no word.  (transfer none) (nullable) */
const char *navi_text_map_kind (int kind);

/* "Restaurant · 350 m", of those texts that are neither NULL nor empty nor say what the one before says.  (transfer full) */
char *navi_text_join (const char *const *texts, guint n_texts);

/* What is known of a place besides its name: pairs of icon name and text, as navi_place_sheet_set() takes them.  (transfer full) */
GStrv navi_text_place_details (NaviPlace *place);

G_END_DECLS
