/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-places-reader.h"
#include "navi-search-words.h"
#include "navi-terms.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Finds the places that have all words that somebody typed, in name, kind, city, or address.
 *
 * Threading: one thread at a time for a reader.
 * Ownership: texts of candidates live as long as the reader's blocks and the words. */

typedef struct
{
  guint32 place;
  guint32 name_words; /* bits of the words that its names or its kind have */
  guint32 kind_words; /* of those, the words that name its kind */
  gint score;
  float distance_m;
  guint8 tier;        /* 0: as typed; one more: only with mistakes or unfinished; one more: perhaps not open */
  gboolean has_house; /* then this house of the street */
  NaviHouse house;
} NaviSearchCandidate;

/* @relaxed: any word may be unfinished or misspelt.  (transfer full): an array of NaviSearchCandidate, in the order of places */
GArray *navi_search_match (NaviPlacesReader *places, const NaviTerms *terms, const NaviSearchWords *words, gboolean relaxed,
                           GCancellable *cancellable);

G_END_DECLS
