/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-index"

#include "cloud-find.h"
#include "cloud-text.h"

#include <string.h>

/* The text runs through the pipeline once; of each term only those words of the query are kept that it equals, as bits. */

typedef struct
{
  const char *term;
  gsize bytes;
  gboolean prefix;
} Wanted;

typedef struct
{
  guint64 bits; /* which wanted terms stand here */
  guint position;
  gsize start_byte;
  gsize end_byte;
} Place;

typedef struct
{
  Wanted wanted[64];
  guint n_wanted;
  GArray *places; /* Place */
} Finder;

static gboolean
note_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  Finder *finder = user_data;
  Place place = { 0, position, start_byte, end_byte };

  for (guint i = 0; i < finder->n_wanted; i++)
    {
      const Wanted *wanted = &finder->wanted[i];

      if ((wanted->bytes == term_bytes || (wanted->prefix && wanted->bytes < term_bytes)) &&
          memcmp (wanted->term, term, wanted->bytes) == 0)
        place.bits |= G_GUINT64_CONSTANT (1) << i;
    }
  if (place.bits != 0)
    g_array_append_val (finder->places, place);
  return TRUE;
}

/* The number of places that the phrase of @n_terms wanted terms from @first takes, if it begins at @at; else 0. */
static guint
phrase_at (const Finder *finder, guint at, guint first, guint n_terms)
{
  const Place *begin = &g_array_index (finder->places, Place, at);

  if (at + n_terms > finder->places->len)
    return 0;
  for (guint k = 0; k < n_terms; k++)
    {
      const Place *place = begin + k;

      if (place->position != begin->position + k || (place->bits & (G_GUINT64_CONSTANT (1) << (first + k))) == 0)
        return 0;
    }
  return n_terms;
}

GArray *
cloud_find_in_text (const CloudQuery *query, const char *text, gssize length_bytes)
{
  Finder finder = { .n_wanted = 0 };
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (CloudFindHit));
  guint n_phrases = cloud_query_get_n_phrases (query);
  guint firsts[65] = { 0 };

  g_return_val_if_fail (query != NULL && n_phrases <= 64, hits);

  for (guint i = 0; i < n_phrases; i++)
    {
      gboolean prefix;
      const char *const *terms = cloud_query_get_phrase (query, i, &prefix);

      firsts[i] = finder.n_wanted;
      for (guint k = 0; terms[k] != NULL && finder.n_wanted < G_N_ELEMENTS (finder.wanted); k++)
        finder.wanted[finder.n_wanted++] = (Wanted) { terms[k], strlen (terms[k]), prefix && terms[k + 1] == NULL };
    }
  firsts[n_phrases] = finder.n_wanted;
  finder.places = g_array_new (FALSE, FALSE, sizeof (Place));
  if (finder.n_wanted > 0)
    cloud_text_tokenize (text, length_bytes, CLOUD_TEXT_DOCUMENT, note_term, &finder);
  for (guint at = 0; at < finder.places->len; at++)
    for (guint i = 0; i < n_phrases; i++)
      {
        const Place *begin = &g_array_index (finder.places, Place, at);
        guint length = phrase_at (&finder, at, firsts[i], firsts[i + 1] - firsts[i]);
        CloudFindHit hit = { i, begin->start_byte, length > 0 ? begin[length - 1].end_byte : 0 };

        if (length > 0)
          g_array_append_val (hits, hit);
      }
  g_array_unref (finder.places);
  return hits;
}
