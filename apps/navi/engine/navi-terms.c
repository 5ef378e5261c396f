/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-terms.h"
#include "navi-varint.h"

#include <string.h>

/* Reads the index.  Similar terms are found by walking all of them as the trie that sorting makes them: the rows of the table of
 * distances that belong to letters in common with the term before are kept, and terms whose beginning is too far already are
 * passed over.
 *
 * Source: Damerau 1964 (the mistakes that count as one), with the restriction that no piece is changed twice. */

enum
{
  TERM_MAX_BYTES = 255,
  WORD_MAX_CHARS = 40, /* longer words are looked up as they are */
};

/* A walk over the terms from a block on. */
typedef struct
{
  const NaviTerms *terms;
  guint32 block; /* the next one */
  const guint8 *at;
  const guint8 *end;
  char term[TERM_MAX_BYTES + 1];
  guint term_bytes;
  guint shared_bytes; /* with the term before */
  guint64 postings_at;
  guint64 postings_bytes;
} Walk;

void
navi_terms_init (NaviTerms *self, NaviRegion *region)
{
  gsize n;

  *self = (NaviTerms){ 0 };
  self->blocks = navi_region_get_array (region, NAVI_SECTION_TERMS, sizeof (NaviTermBlock), &n);
  self->bytes = navi_region_get_section (region, NAVI_SECTION_TERM_BYTES, &self->bytes_length);
  self->postings = navi_region_get_section (region, NAVI_SECTION_POSTINGS, &self->postings_length);
  self->n_blocks = n > 0 && n < G_MAXUINT32 && self->bytes_length > 0 ? (guint32) n - 1 : 0;
}

static gboolean
enter_block (Walk *walk)
{
  const NaviTerms *terms = walk->terms;
  gsize begin, end;

  if (walk->block >= terms->n_blocks)
    return FALSE;
  begin = MIN (terms->blocks[walk->block].bytes, terms->bytes_length);
  end = MIN (terms->blocks[walk->block + 1].bytes, terms->bytes_length);
  walk->at = terms->bytes + begin;
  walk->end = terms->bytes + MAX (begin, end);
  walk->postings_at = terms->blocks[walk->block].postings;
  walk->postings_bytes = 0;
  walk->term_bytes = 0;
  walk->block++;
  return TRUE;
}

/* The next term; a damaged block ends early. */
static gboolean
walk_next (Walk *walk)
{
  guint64 shared, more, postings;

  for (;;)
    {
      while (walk->at == walk->end)
        if (!enter_block (walk))
          return FALSE;
      if (navi_varint_read (&walk->at, walk->end, &shared) && navi_varint_read (&walk->at, walk->end, &more)
          && shared <= walk->term_bytes && more <= TERM_MAX_BYTES - shared && more <= (guint64) (walk->end - walk->at))
        {
          memcpy (walk->term + shared, walk->at, more);
          walk->at += more;
          walk->shared_bytes = (guint) shared;
          walk->term_bytes = (guint) (shared + more);
          walk->term[walk->term_bytes] = '\0';
          if (navi_varint_read (&walk->at, walk->end, &postings))
            {
              walk->postings_at += walk->postings_bytes;
              walk->postings_bytes = postings;
              return TRUE;
            }
        }
      walk->at = walk->end;
    }
}

static NaviPostings
postings_of (const Walk *walk)
{
  const NaviTerms *terms = walk->terms;
  NaviPostings postings = { 0 };
  guint64 begin = MIN (walk->postings_at, terms->postings_length);
  guint64 bytes = MIN (walk->postings_bytes, terms->postings_length - begin);

  if (bytes == 0)
    return postings;
  postings.at = terms->postings + begin;
  postings.end = postings.at + bytes;
  return postings;
}

gboolean
navi_postings_next (NaviPostings *self, guint32 *posting)
{
  guint64 difference;

  if (self->at == self->end || !navi_varint_read (&self->at, self->end, &difference) || difference > G_MAXUINT32)
    return FALSE;
  self->last += difference;
  if (self->last > G_MAXUINT32)
    return FALSE;
  *posting = (guint32) self->last;
  return TRUE;
}

/* The last block whose first term is not after the word. */
static void
seek (Walk *walk, const char *word)
{
  guint32 low = 0, high = walk->terms->n_blocks;

  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;
      walk->block = middle;
      if (enter_block (walk) && walk->at < walk->end)
        {
          guint64 shared, more;
          gsize word_bytes = strlen (word);
          int order = 0;
          if (navi_varint_read (&walk->at, walk->end, &shared) && navi_varint_read (&walk->at, walk->end, &more)
              && more <= (guint64) (walk->end - walk->at))
            {
              order = memcmp (walk->at, word, MIN (more, word_bytes));
              order = order == 0 && more > word_bytes ? 1 : order;
            }
          if (order > 0)
            {
              high = middle;
              continue;
            }
        }
      low = middle;
    }
  walk->block = low;
  walk->at = walk->end = NULL;
}

void
navi_terms_find (const NaviTerms *self, const char *word, gboolean prefix, NaviTermFunc func, gpointer user_data)
{
  Walk walk = { .terms = self };
  gsize word_bytes = strlen (word);

  g_return_if_fail (word_bytes > 0);

  if (self->n_blocks == 0)
    return;
  seek (&walk, word);
  while (walk_next (&walk))
    {
      int order = memcmp (walk.term, word, MIN (walk.term_bytes, word_bytes));
      NaviPostings postings;
      if (order < 0 || (order == 0 && walk.term_bytes < word_bytes))
        continue;
      if (order > 0 || (!prefix && walk.term_bytes != word_bytes))
        return;
      postings = postings_of (&walk);
      func (walk.term_bytes == word_bytes ? NAVI_TERM_WHOLE : NAVI_TERM_PREFIX, 0, &postings, user_data);
    }
}

/* ---- Mistakes ---- */

typedef struct
{
  gunichar word[WORD_MAX_CHARS];
  guint n_word;
  guint max;
  gunichar letters[TERM_MAX_BYTES + 1]; /* of the term, as far as rows go */
  guint ends[TERM_MAX_BYTES + 1];       /* at which byte the letter ends */
  guint8 rows[TERM_MAX_BYTES + 1][WORD_MAX_CHARS + 1];
  guint8 least[TERM_MAX_BYTES + 1];       /* of the row */
  guint8 best_prefix[TERM_MAX_BYTES + 1]; /* the fewest mistakes that make the word of the beginning so far */
  guint n_rows;                           /* row 0 is that of the empty term */
} Table;

static void
add_row (Table *table, gunichar letter, guint end)
{
  guint at = table->n_rows++;
  const guint8 *before = table->rows[at - 1];
  guint8 *row = table->rows[at];
  guint least;

  table->letters[at] = letter;
  table->ends[at] = end;
  row[0] = (guint8) MIN (at, 250);
  least = row[0];
  for (guint i = 1; i <= table->n_word; i++)
    {
      guint cost = MIN (MIN (before[i] + 1u, row[i - 1] + 1u), before[i - 1] + (table->word[i - 1] != letter ? 1u : 0u));
      if (at > 1 && i > 1 && table->word[i - 1] == table->letters[at - 1] && table->word[i - 2] == letter)
        cost = MIN (cost, table->rows[at - 2][i - 2] + 1u);
      row[i] = (guint8) MIN (cost, 250);
      least = MIN (least, row[i]);
    }
  table->least[at] = (guint8) least;
  table->best_prefix[at] = MIN (table->best_prefix[at - 1], row[table->n_word]);
}

/* Brings the rows to the walk's term; FALSE if its beginning is too far from the word already: rows end there. */
static gboolean
follow (Table *table, const Walk *walk)
{
  const char *end = walk->term + walk->term_bytes;
  const char *at;

  while (table->n_rows > 1 && table->ends[table->n_rows - 1] > walk->shared_bytes)
    table->n_rows--;
  at = walk->term + (table->n_rows > 1 ? table->ends[table->n_rows - 1] : 0);
  while (at < end)
    {
      gunichar letter;
      if (table->least[table->n_rows - 1] > table->max)
        return FALSE;
      letter = g_utf8_get_char_validated (at, end - at);
      if (letter >= (gunichar) -2)
        return FALSE;
      at = g_utf8_next_char (at);
      add_row (table, letter, (guint) (at - walk->term));
    }
  return TRUE;
}

static gboolean
prepare (Table *table, const char *word, guint max_mistakes)
{
  for (; *word != '\0'; word = g_utf8_next_char (word))
    {
      if (table->n_word == WORD_MAX_CHARS)
        return FALSE;
      table->word[table->n_word++] = g_utf8_get_char (word);
    }
  table->max = max_mistakes;
  for (guint i = 0; i <= table->n_word; i++)
    table->rows[0][i] = (guint8) i;
  table->best_prefix[0] = (guint8) table->n_word;
  table->n_rows = 1;
  return table->n_word > max_mistakes;
}

void
navi_terms_find_similar (const NaviTerms *self, const char *word, guint max_mistakes, gboolean prefix, NaviTermFunc func,
                         gpointer user_data)
{
  Walk walk = { .terms = self };
  Table table;

  g_return_if_fail (g_utf8_validate (word, -1, NULL));

  table.n_word = 0;
  table.least[0] = 0;
  if (self->n_blocks == 0 || !prepare (&table, word, max_mistakes))
    return;
  while (walk_next (&walk))
    {
      gboolean is_whole = follow (&table, &walk);
      guint mistakes = is_whole ? table.rows[table.n_rows - 1][table.n_word] : G_MAXUINT8;
      guint as_prefix = prefix ? table.best_prefix[table.n_rows - 1] : G_MAXUINT8;
      NaviPostings postings = postings_of (&walk);
      if (mistakes > 0 && mistakes <= max_mistakes && mistakes <= as_prefix)
        func (NAVI_TERM_MISSPELT, mistakes, &postings, user_data);
      else if (mistakes > 0 && as_prefix > 0 && as_prefix <= max_mistakes)
        func (NAVI_TERM_MISSPELT_PREFIX, as_prefix, &postings, user_data);
    }
}
