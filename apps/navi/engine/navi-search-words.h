/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NaviSearchWords: what somebody typed, taken apart: the words that places must have, which of them may be a house's number, and what is no word
 * but a wish ("open now", "near me", "附近", "营业中", "... near ...").
 *
 * Threading: immutable; any thread. */

enum
{
  NAVI_SEARCH_MAX_WORDS = 24,
};

typedef struct
{
  char *text;          /* folded */
  const char *other;   /* (nullable) what it may be short for: "strasse" of "str" */
  char *spelled_out;   /* (nullable) "bahnhofstrasse" of "bahnhofstr" */
  guint run;           /* words of a script without blanks that touch have the same; 0: none of those */
  gboolean is_number;  /* may be a house number, or the letter of one */
  gboolean goes_on;    /* may be unfinished */
  gboolean is_optional; /* "in", "the": asks for nothing by itself */
} NaviSearchWord;

typedef struct
{
  GArray *words; /* NaviSearchWord */
  gboolean open_now;
  gboolean nearby; /* nearness counts more than all else */
  char *anchor;    /* (nullable) near this, which is to be looked for first */
} NaviSearchWords;

/* @typing: the last word may be unfinished.  @with_wishes: FALSE if "near" is a word as any other.  (transfer full) */
NaviSearchWords *navi_search_words_new (const char *text, gboolean typing, gboolean with_wishes);
void navi_search_words_free (NaviSearchWords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviSearchWords, navi_search_words_free)

/* A folded name without the words that ask for nothing by themselves: "rua santa catarina" of "rua de santa catarina".  (transfer full) */
char *navi_search_words_drop_optional (const char *folded);

static inline const NaviSearchWord *
navi_search_words_get (const NaviSearchWords *self, guint index)
{
  return &g_array_index (self->words, NaviSearchWord, index);
}

G_END_DECLS
