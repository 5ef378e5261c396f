/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-osm.h"

G_BEGIN_DECLS

/* The kinds of places that are searched: which tags mean them, how important they are, and their words in both languages.
 *
 * Threading: pure functions; all returned strings are static. */

typedef struct
{
  const char *key;
  const char *value;    /* NULL: any value not listed before */
  const char *label_en;
  const char *label_zh;
  const char *words;    /* more words by which it is looked for, in both languages and some others */
  guint8 importance;    /* 0 to 100 */
  guint8 without_name;  /* worth finding without a name */
} NaviKind;

/* The kind that the tags mean, (nullable): settlements and points of interest. */
const NaviKind *navi_kind_of (const NaviOsmTags *tags);

/* The kind with this value ("restaurant"), (nullable). */
const NaviKind *navi_kind_by_value (const char *value);

G_END_DECLS
