/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-places-format.h"
#include "navi-region.h"

G_BEGIN_DECLS

/* NaviTerms: the sorted terms of a region's index and what they stand for (navi-places-format.h).
 *
 * Three ways to look a word up: whole, as the beginning of terms, or with one or two typing mistakes (a letter too many, missing, wrong, or two
 * neighbours exchanged).
 *
 * Threading: immutable; any thread.
 * Ownership: lives no longer than the region. */

typedef struct
{
  const NaviTermBlock *blocks;
  guint32 n_blocks; /* one less than there are entries */
  const guint8 *bytes;
  gsize bytes_length;
  const guint8 *postings;
  gsize postings_length;
} NaviTerms;

typedef struct
{
  const guint8 *at;
  const guint8 *end;
  guint64 last;
} NaviPostings;

typedef enum
{
  NAVI_TERM_WHOLE,
  NAVI_TERM_PREFIX,    /* the term goes on after the word */
  NAVI_TERM_MISSPELT,  /* the word is the term, with mistakes */
  NAVI_TERM_MISSPELT_PREFIX,
} NaviTermMatch;

/* @mistakes: 0 to 2.  @postings: to be read by navi_postings_next() during the call. */
typedef void (*NaviTermFunc) (NaviTermMatch match, guint mistakes, NaviPostings *postings, gpointer user_data);

void navi_terms_init (NaviTerms *self, NaviRegion *region);

/* Calls @func for the term that is the word, and if @prefix for those that begin with it. */
void navi_terms_find (const NaviTerms *self, const char *word, gboolean prefix, NaviTermFunc func, gpointer user_data);

/* Calls @func for the terms that are the word with 1 to @max_mistakes mistakes, and if @prefix for those that begin so. */
void navi_terms_find_similar (const NaviTerms *self, const char *word, guint max_mistakes, gboolean prefix, NaviTermFunc func,
                              gpointer user_data);

gboolean navi_postings_next (NaviPostings *self, guint32 *posting);

G_END_DECLS
