/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* NaviNames: what one thing is called: on the ground, in English, in Chinese; and the rule of which of them is shown to whom.
 *
 * The map, the steps, the search and the cards all follow it, so that what one reads in one of them is found in the others and on the signs
 * along the road:
 *
 * - Who can read the signs' script is shown what the signs say, whatever else it is called: "Städtle" in English, not "Little Town".
 * - Else the name in the reader's language comes first, and that of the signs beside it: 老城街 (Städtle).
 * - Where there is no name in the reader's language, what the signs say; where the signs' name is not known, any that is.
 *
 * A name is readable if some of its letters are Latin, for Chinese readers if some are Han characters; or if it has no letters at all.
 *
 * Threading: pure functions and immutable objects; any thread. */

typedef struct
{
  const char *local; /* never NULL, "" where there is none */
  const char *en;
  const char *zh;
} NaviNames;

#define NAVI_TYPE_NAMES (navi_names_get_type ())
GType navi_names_get_type (void);

/* Each may be NULL.  (transfer full) */
NaviNames *navi_names_new (const char *local, const char *en, const char *zh);
NaviNames *navi_names_ref (const NaviNames *self);
void navi_names_unref (NaviNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviNames, navi_names_unref)

gboolean navi_names_are_empty (const NaviNames *self);

/* The name to show in @language ("en", "zh" or a locale's name; NULL: that of the signs); "" if there is none at all.
 * @beside: (out) (optional): what the signs say, where that is not readable; else NULL.  (transfer none) */
const char *navi_names_pick (const NaviNames *self, const char *language, const char **beside);

/* In a line of text: 老城街（Städtle）, Zhongshan Road (中山路).  (transfer full) */
char *navi_names_to_text (const NaviNames *self, const char *language);

/* The other name that helps to know the thing by, in a list: that of the signs, or what it is called in the reader's language: "Botanical
 * Garden" for "Botanischer Garten"; NULL if there is none or it is the same.  (transfer none) (nullable) */
const char *navi_names_get_other (const NaviNames *self, const char *language);

G_END_DECLS
