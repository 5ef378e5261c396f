/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search-match.h"
#include "navi-search-houses.h"
#include "navi-kinds.h"

#include "cloud-text.h"

#include <string.h>

/* Each word is looked up in the index and leaves its bit at the places, kinds and cities it stands for.  A place is a candidate
 * if the bits of all words are at it, at its city, at the street of its address, or are the number of a house. */

typedef struct
{
  NaviPlacesReader *places;
  const NaviTerms *terms;
  const NaviSearchWords *words;
  guint32 n_places;
  guint32 n_kinds;
  guint32 n_cities;
  guint32 *masks;      /* of each place: the words found in it */
  guint16 *scores;     /* of each place */
  guint8 *marks;       /* of each place: how well the word at hand was found */
  GArray *marked;      /* guint32: places with a mark */
  GArray *touched;     /* guint32: places with a mask */
  guint8 *kind_marks;  /* as marks */
  guint32 *kind_masks; /* as masks */
  guint32 *city_masks; /* as masks */
  guint32 bits;        /* of the word at hand */
  guint penalty;       /* of the word at hand */
  guint32 all;
  guint32 required;
  guint32 numbers;    /* words that may be a house number */
  guint32 in_cities;  /* words that some city has */
  guint32 in_streets; /* words that some street has */
  gboolean has_runs;  /* of characters of a script without blanks */
} Matcher;

/* How well a word was found, the more the better. */
static const struct
{
  NaviTermMatch match;
  guint8 place;
  guint8 kind;
  guint8 per_mistake;
} values[] = {
  { NAVI_TERM_WHOLE, 12, 9, 0 },
  { NAVI_TERM_PREFIX, 7, 4, 0 },
  { NAVI_TERM_MISSPELT, 9, 6, 3 },
  { NAVI_TERM_MISSPELT_PREFIX, 6, 3, 2 },
};

enum
{
  WHOLE_KIND = 5, /* marks of a kind that was named, and not only begun */
};

static void
mark_place (Matcher *self, guint32 place, guint value)
{
  if (self->marks[place] == 0)
    g_array_append_val (self->marked, place);
  self->marks[place] = (guint8) MAX (self->marks[place], value);
}

static void
on_posting (NaviTermMatch match, guint mistakes, NaviPostings *postings, gpointer user_data)
{
  Matcher *self = user_data;
  gint place_value = values[match].place - (gint) (mistakes * values[match].per_mistake) - (gint) self->penalty;
  gint kind_value = values[match].kind - (gint) (mistakes * values[match].per_mistake) - (gint) self->penalty;
  guint32 posting;

  while (navi_postings_next (postings, &posting))
    {
      if (posting < self->n_places)
        mark_place (self, posting, (guint) MAX (place_value, 1));
      else if ((posting -= self->n_places) < self->n_kinds)
        self->kind_marks[posting] = (guint8) MAX (self->kind_marks[posting], MAX (kind_value, 1));
      else if ((posting -= self->n_kinds) < self->n_cities)
        {
          self->city_masks[posting] |= self->bits;
          self->in_cities |= self->bits;
        }
    }
}

typedef struct
{
  Matcher *matcher;
  guint8 value;
} KindMark;

static void
on_place_of_kind (NaviTermMatch match, guint mistakes, NaviPostings *postings, gpointer user_data)
{
  const KindMark *mark = user_data;
  guint32 place;

  while (navi_postings_next (postings, &place))
    if (place < mark->matcher->n_places)
      mark_place (mark->matcher, place, mark->value);
}

/* The places of the kinds that the word at hand means. */
static void
mark_kinds (Matcher *self)
{
  for (guint32 kind = 0; kind < self->n_kinds; kind++)
    if (self->kind_marks[kind] != 0)
      {
        KindMark mark = { self, self->kind_marks[kind] };
        char term[128];
        g_snprintf (term, sizeof term, "%c%s", NAVI_TERM_OF_KIND, navi_places_reader_get_kind (self->places, kind));
        navi_terms_find (self->terms, term, FALSE, on_place_of_kind, &mark);
        if (self->kind_marks[kind] >= WHOLE_KIND)
          self->kind_masks[kind] |= self->bits;
        self->kind_marks[kind] = 0;
      }
}

/* Turns the marks of the word at hand into bits and scores. */
static void
end_word (Matcher *self, guint n_words)
{
  mark_kinds (self);
  for (guint i = 0; i < self->marked->len; i++)
    {
      guint32 place = g_array_index (self->marked, guint32, i);
      if (self->masks[place] == 0)
        g_array_append_val (self->touched, place);
      /* Words that were found one by one are not counted again as one. */
      if ((self->masks[place] & self->bits) != self->bits)
        self->scores[place] = (guint16) (self->scores[place] + self->marks[place] * n_words);
      self->masks[place] |= self->bits;
      if (navi_places_reader_get_type (self->places, place) == NAVI_PLACE_STREET)
        self->in_streets |= self->bits;
      self->marks[place] = 0;
    }
  g_array_set_size (self->marked, 0);
}

static guint
mistakes_for (const NaviSearchWord *word)
{
  glong length = g_utf8_strlen (word->text, -1);

  /* "A1" is no "A2". */
  if (word->run != 0 || strcspn (word->text, "0123456789") < strlen (word->text))
    return 0;
  return length >= 8 ? 2 : length >= 4 ? 1 : 0;
}

static void
find_word (Matcher *self, guint index, gboolean relaxed)
{
  const NaviSearchWord *word = navi_search_words_get (self->words, index);
  gboolean may_go_on = word->goes_on || (relaxed && word->run == 0 && !word->is_number);
  guint mistakes = relaxed ? mistakes_for (word) : 0;

  self->bits = 1u << index;
  navi_terms_find (self->terms, word->text, may_go_on, on_posting, self);
  self->penalty = 1;
  if (word->other != NULL)
    navi_terms_find (self->terms, word->other, FALSE, on_posting, self);
  if (word->spelled_out != NULL)
    navi_terms_find (self->terms, word->spelled_out, FALSE, on_posting, self);
  self->penalty = 0;
  if (mistakes > 0)
    navi_terms_find_similar (self->terms, word->text, mistakes, may_go_on, on_posting, self);
  end_word (self, 1);
}

/* "bahnhof strasse" is looked for as "bahnhofstrasse" too, "B 191" as "B191", "jin shi" as "jinshi". */
static void
find_joined (Matcher *self)
{
  guint n = self->words->words->len;

  for (guint first = 0; first + 1 < n; first++)
    {
      g_autoptr (GString) joined = g_string_new (NULL);
      guint32 bits = 0;
      for (guint i = first; i < MIN (n, first + 6) && navi_search_words_get (self->words, i)->run == 0; i++)
        {
          const NaviSearchWord *word = navi_search_words_get (self->words, i);
          g_string_append (joined, word->text);
          bits |= 1u << i;
          if (i == first)
            continue;
          self->bits = bits;
          navi_terms_find (self->terms, joined->str, word->goes_on && i - first < 5, on_posting, self);
          end_word (self, i - first + 1);
        }
    }
}

/* ---- Chinese ---- */

/* How long a beginning of @run, of at most @length bytes, stands in one of the texts. */
static gsize
longest_piece (const char *run, char *const *texts, guint n_texts)
{
  gsize best = 0;

  for (guint i = 0; i < n_texts; i++)
    for (const char *at = strstr (texts[i], ""); at != NULL && *at != '\0'; at = g_utf8_next_char (at))
      {
        gsize same = 0;
        while (run[same] != '\0' && run[same] == at[same])
          same++;
        while (same > 0 && ((guchar) run[same] & 0xC0) == 0x80)
          same--;
        best = MAX (best, same);
      }
  return best;
}

/* Of one run of characters: into how few pieces it falls that stand together in the place's texts; 0 if it does not. */
static guint
count_pieces (const char *run, char *const *texts, guint n_texts, const NaviSearchWords *words, guint first)
{
  guint pieces = 0, at_word = first;

  while (*run != '\0')
    {
      gsize bytes = longest_piece (run, texts, n_texts);
      if (bytes == 0)
        {
          if (!navi_search_words_get (words, at_word)->is_optional)
            return 0;
          bytes = (gsize) (g_utf8_next_char (run) - run);
        }
      else
        pieces++;
      at_word += (guint) g_utf8_strlen (run, (gssize) bytes);
      run += bytes;
    }
  return MAX (pieces, 1);
}

static guint
gather_texts (Matcher *self, const NaviPlaceEntry *entry, char **texts)
{
  const NaviCity *city = navi_places_reader_get_city (self->places, entry->city);
  const NaviPlaceEntry *street = entry->street != 0 ? navi_places_reader_get (self->places, entry->street - 1) : NULL;
  const NaviKind *kind = navi_kind_by_value (navi_places_reader_get_kind (self->places, entry->kind));
  const char *all[] = { entry->name,
                        entry->name_en,
                        entry->name_zh,
                        city->name,
                        city->name_zh,
                        street != NULL ? street->name : "",
                        street != NULL ? street->name_zh : "",
                        kind != NULL ? kind->label_zh : "",
                        kind != NULL ? kind->words : "" };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (*all[i] != '\0')
      texts[n++] = cloud_text_fold (all[i], -1);
  return n;
}

/* Characters of a run must stand together in pieces that make sense; TRUE if they do.  @score loses for each break. */
static gboolean
check_runs (Matcher *self, const NaviPlaceEntry *entry, gint *score)
{
  char *texts[9];
  guint n_texts = 0, n = self->words->words->len;
  gboolean ok = TRUE;

  for (guint first = 0, end; first < n && ok; first = end)
    {
      guint run = navi_search_words_get (self->words, first)->run, pieces;
      g_autoptr (GString) text = g_string_new (NULL);
      for (end = first; end < n && navi_search_words_get (self->words, end)->run == run && (run != 0 || end == first); end++)
        g_string_append (text, navi_search_words_get (self->words, end)->text);
      if (run == 0 || end - first < 2)
        continue;
      if (n_texts == 0)
        n_texts = gather_texts (self, entry, texts);
      pieces = count_pieces (text->str, texts, n_texts, self->words, first);
      /* Single characters picked from here and there are no find. */
      ok = pieces > 0 && pieces < end - first;
      if (ok && pieces > 1 && pieces * 2 > end - first)
        *score -= 25;
      *score -= (gint) (pieces - 1) * 3;
    }
  for (guint i = 0; i < n_texts; i++)
    g_free (texts[i]);
  return ok;
}

/* ---- Candidates ---- */

static void
add_candidate (Matcher *self, GArray *candidates, guint32 place, const NaviPlaceEntry *entry, const NaviHouse *house, gint bonus)
{
  NaviSearchCandidate candidate = { .place = place, .name_words = self->masks[place], .score = self->scores[place] + bonus };

  if (entry->kind < self->n_kinds)
    candidate.kind_words = self->kind_masks[entry->kind] & candidate.name_words;
  if (self->has_runs && !check_runs (self, entry, &candidate.score))
    return;
  if (house != NULL)
    {
      candidate.has_house = TRUE;
      candidate.house = *house;
    }
  g_array_append_val (candidates, candidate);
}

typedef struct
{
  Matcher *matcher;
  GArray *candidates;
  guint32 place;
  const NaviPlaceEntry *entry;
} HouseTarget;

static guint32
city_words (const Matcher *self, guint32 city)
{
  return city < self->n_cities ? self->city_masks[city] : 0;
}

static guint32
words_of_city (guint32 city, gpointer user_data)
{
  return city_words (((HouseTarget *) user_data)->matcher, city);
}

static void
on_house (const NaviHouse *house, gint bonus, gpointer user_data)
{
  HouseTarget *target = user_data;

  add_candidate (target->matcher, target->candidates, target->place, target->entry, house, bonus);
}

/* A street of which words are missing: its houses may have them. */
static void
consider_houses (Matcher *self, GArray *candidates, guint32 place, const NaviPlaceEntry *entry, guint32 missing)
{
  HouseTarget target = { self, candidates, place, entry };

  if ((missing & ~city_words (self, entry->city)) == 0)
    add_candidate (self, candidates, place, entry, NULL, 3);
  else if (entry->n_houses > 0)
    navi_search_find_houses (self->places, place, self->words, missing & self->numbers, missing & ~self->numbers, words_of_city,
                             on_house, &target);
}

/* The house is not on the map, but its street is. */
static void
consider_street (Matcher *self, GArray *candidates, guint32 place)
{
  guint32 missing = self->required & ~self->masks[place];
  const NaviPlaceEntry *entry;

  if ((missing & self->numbers) == 0 || (missing & ~self->numbers & ~self->in_cities) != 0
      || navi_places_reader_get_type (self->places, place) != NAVI_PLACE_STREET
      || (entry = navi_places_reader_get (self->places, place)) == NULL)
    return;
  if (strcmp (navi_places_reader_get_kind (self->places, entry->kind), "road") != 0
      && (missing & ~self->numbers & ~city_words (self, entry->city)) == 0)
    add_candidate (self, candidates, place, entry, NULL, 3);
}

static gboolean
has_number (const NaviPlaceEntry *entry, const NaviSearchWords *words, guint32 missing)
{
  g_autofree char *number = NULL;

  if (*entry->number == '\0')
    return FALSE;
  number = cloud_text_fold (entry->number, -1);
  for (guint i = 0; i < words->words->len; i++)
    if ((missing & (1u << i)) != 0 && strcmp (navi_search_words_get (words, i)->text, number) == 0)
      return TRUE;
  return FALSE;
}

/* A place that has some words itself, the others by where it is. */
static void
consider (Matcher *self, GArray *candidates, guint32 place)
{
  guint32 missing = self->required & ~self->masks[place];
  NaviPlaceType type = navi_places_reader_get_type (self->places, place);
  gboolean may_have_number
      = type == NAVI_PLACE_POI || (type == NAVI_PLACE_STREET && navi_places_reader_get_n_houses (self->places) > 0);
  guint32 elsewhere = self->in_cities | (may_have_number ? self->numbers : 0) | (type == NAVI_PLACE_POI ? self->in_streets : 0);
  const NaviPlaceEntry *entry;

  if ((missing & ~elsewhere) != 0 || (entry = navi_places_reader_get (self->places, place)) == NULL)
    return;
  if (missing == 0)
    {
      add_candidate (self, candidates, place, entry, NULL, 0);
      return;
    }
  if (type == NAVI_PLACE_STREET)
    {
      consider_houses (self, candidates, place, entry, missing);
      return;
    }
  missing &= ~city_words (self, entry->city);
  if (entry->street != 0)
    missing &= ~self->masks[entry->street - 1];
  if (missing != 0 && (missing & ~self->numbers) == 0 && has_number (entry, self->words, missing))
    missing = 0;
  if (missing == 0)
    add_candidate (self, candidates, place, entry, NULL, 3);
}

/* All places that were touched, in their order, so that a block is decoded once. */
static void
consider_all (Matcher *self, GArray *candidates, void (*consider_one) (Matcher *self, GArray *candidates, guint32 place),
              GCancellable *cancellable)
{
  const gboolean many = self->touched->len > self->n_places / 16;
  const guint32 n = many ? self->n_places : self->touched->len;

  for (guint32 i = 0; i < n; i++)
    {
      guint32 place = many ? i : g_array_index (self->touched, guint32, i);
      if (self->masks[place] != 0)
        consider_one (self, candidates, place);
      if (i % 1024 == 0 && g_cancellable_is_cancelled (cancellable))
        return;
    }
}

/* A city all of whose words are there by another name, or by a postcode. */
static void
consider_cities (Matcher *self, GArray *candidates)
{
  for (guint32 i = 0; i < self->n_cities && self->in_cities != 0; i++)
    {
      guint32 place = navi_places_reader_get_city (self->places, i)->place;
      const NaviPlaceEntry *entry;
      if ((self->required & ~self->city_masks[i]) != 0 || place == 0 || (self->required & ~self->masks[place - 1]) == 0)
        continue;
      entry = navi_places_reader_get (self->places, place - 1);
      if (entry != NULL)
        add_candidate (self, candidates, place - 1, entry, NULL, 8);
    }
}

/* What lies in a village beside a town is found by the town's name too. */
static void
spread_cities (Matcher *self)
{
  g_autofree guint32 *spread = NULL;

  if (self->in_cities == 0)
    return;
  spread = g_memdup2 (self->city_masks, self->n_cities * sizeof (guint32));
  for (guint32 i = 1; i < self->n_cities; i++)
    {
      guint32 place = navi_places_reader_get_city (self->places, i)->place;
      const NaviPlaceEntry *entry = place != 0 ? navi_places_reader_get (self->places, place - 1) : NULL;
      if (entry != NULL)
        spread[i] |= city_words (self, entry->city);
    }
  memcpy (self->city_masks, spread, self->n_cities * sizeof (guint32));
}

static void
set_bits (Matcher *self)
{
  guint32 optional = 0;

  for (guint i = 0; i < self->words->words->len; i++)
    {
      const NaviSearchWord *word = navi_search_words_get (self->words, i);
      self->all |= 1u << i;
      optional |= word->is_optional ? 1u << i : 0;
      self->numbers |= word->is_number ? 1u << i : 0;
      self->has_runs |= word->run != 0;
    }
  self->required = self->all & ~optional;
  if (self->required == 0)
    self->required = self->all;
}

static gint
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

GArray *
navi_search_match (NaviPlacesReader *places, const NaviTerms *terms, const NaviSearchWords *words, gboolean relaxed,
                   GCancellable *cancellable)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (NaviSearchCandidate));
  Matcher self = { .places = places, .terms = terms, .words = words };

  self.n_places = navi_places_reader_get_n_places (places);
  self.n_kinds = navi_places_reader_get_n_kinds (places);
  self.n_cities = navi_places_reader_get_n_cities (places);
  self.masks = g_new0 (guint32, self.n_places + 1);
  self.scores = g_new0 (guint16, self.n_places + 1);
  self.marks = g_new0 (guint8, self.n_places + 1);
  self.kind_marks = g_new0 (guint8, self.n_kinds + 1);
  self.kind_masks = g_new0 (guint32, self.n_kinds + 1);
  self.city_masks = g_new0 (guint32, self.n_cities + 1);
  self.marked = g_array_new (FALSE, FALSE, sizeof (guint32));
  self.touched = g_array_new (FALSE, FALSE, sizeof (guint32));
  set_bits (&self);
  for (guint i = 0; i < words->words->len && !g_cancellable_is_cancelled (cancellable); i++)
    find_word (&self, i, relaxed);
  find_joined (&self);
  if (self.touched->len <= self.n_places / 16)
    g_array_sort (self.touched, compare_numbers);
  consider_cities (&self, candidates);
  spread_cities (&self);
  consider_all (&self, candidates, consider, cancellable);
  if (candidates->len == 0)
    consider_all (&self, candidates, consider_street, cancellable);
  g_free (self.masks);
  g_free (self.scores);
  g_free (self.marks);
  g_free (self.kind_marks);
  g_free (self.kind_masks);
  g_free (self.city_masks);
  g_array_unref (self.marked);
  g_array_unref (self.touched);
  return candidates;
}
