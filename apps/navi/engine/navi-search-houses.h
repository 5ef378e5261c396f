/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-places-reader.h"
#include "navi-search-words.h"

G_BEGIN_DECLS

/* Finds the house that somebody means among those of a street; between two that are known it guesses.
 *
 * Threading: one thread at a time for a reader. */

/* The words (as bits) that a city has. */
typedef guint32 (*NaviCityWordsFunc) (guint32 city, gpointer user_data);

/* @bonus: how well it fits. */
typedef void (*NaviHouseFunc) (const NaviHouse *house, gint bonus, gpointer user_data);

/* @numbers, @others: bits of the words that the street lacks: one of the first is the number, the rest must be in the house's city or postcode.
 * Calls @func for what it finds, the best first; FALSE if there is nothing. */
gboolean navi_search_find_houses (NaviPlacesReader *places, guint32 street, const NaviSearchWords *words, guint32 numbers, guint32 others,
                                  NaviCityWordsFunc city_words, NaviHouseFunc func, gpointer user_data);

G_END_DECLS
