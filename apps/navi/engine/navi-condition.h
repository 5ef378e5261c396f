/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-opening-hours.h"
#include "navi-tagging.h"

G_BEGIN_DECLS

/* NaviCondition: when a conditional tag holds: "Mo-Fr 07:00-09:00", "weight>7.5", "22:00-06:00 AND length>12".
 *
 * Understood: opening hours (navi-opening-hours.h), comparisons of a vehicle's height, width, length, weight and axleload, and several of
 * them with AND.  What else there is ("wet", "winter", "delivery", "SH") never holds.
 *
 * Threading: immutable once made, any thread.  Ownership: the caller's.
 * Source: https://wiki.openstreetmap.org/wiki/Conditional_restrictions, "Tagging" and "Evaluation of conflicting restrictions". */

typedef struct
{
  NaviLocalTime at;              /* at the place */
  guint32 sizes[NAVI_N_SIZES];   /* of the vehicle; 0: not known */
} NaviCircumstances;

typedef struct _NaviCondition NaviCondition;

/* (transfer full): one that never holds, if @text is not understood. */
NaviCondition *navi_condition_parse (const char *text);
void navi_condition_free (NaviCondition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviCondition, navi_condition_free)

gboolean navi_condition_holds (const NaviCondition *self, const NaviCircumstances *circumstances);

/* One of the values of a conditional tag. */
typedef struct
{
  char *value;
  char *condition;
} NaviConditionalClause;

/* The clauses of "no @ (Mo-Fr 07:00-09:00; PH off); destination @ (weight>7.5)": of those that hold the last one counts.
 * Returns: (transfer full) (element-type NaviConditionalClause): empty if there are none */
GArray *navi_conditional_parse (const char *text);

G_END_DECLS
