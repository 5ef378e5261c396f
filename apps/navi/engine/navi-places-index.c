/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-kinds.h"
#include "navi-places.h"
#include "navi-region.h"
#include "navi-varint.h"

#include "cloud-text.h"

#include <string.h>

/* Makes the sorted terms and their postings. */

typedef struct
{
  guint32 term;
  guint32 posting;
} Pair;

typedef struct
{
  const NaviPlaces *places;
  const NaviPlaceTables *tables;
  GHashTable *term_ids; /* looked up only */
  GPtrArray *terms;     /* char *, owned by term_ids */
  GArray *pairs;        /* Pair */
  guint32 posting;
} Indexer;

static gboolean
on_term (const char *term, gsize term_bytes, gsize start_byte, gsize end_byte, guint position, gpointer user_data)
{
  Indexer *self = user_data;
  g_autofree char *copy = g_strndup (term, term_bytes);
  gpointer found;
  Pair pair = { self->terms->len, self->posting };

  if (g_hash_table_lookup_extended (self->term_ids, copy, NULL, &found))
    pair.term = GPOINTER_TO_UINT (found);
  else
    {
      g_ptr_array_add (self->terms, copy);
      g_hash_table_insert (self->term_ids, g_steal_pointer (&copy), GUINT_TO_POINTER (pair.term));
    }
  g_array_append_val (self->pairs, pair);
  return TRUE;
}

static void
add_text (Indexer *self, guint32 posting, const char *text)
{
  self->posting = posting;
  if (text != NULL && *text != '\0')
    cloud_text_tokenize (text, -1, CLOUD_TEXT_DOCUMENT, on_term, self);
}

/* A name as it is, and as it sounds if it is Chinese. */
static void
add_name (Indexer *self, guint32 posting, const char *text)
{
  g_autofree char *full = NULL, *initials = NULL;

  add_text (self, posting, text);
  if (text == NULL || *text == '\0' || !cloud_text_pinyin (text, -1, &full, &initials))
    return;
  add_text (self, posting, full);
  add_text (self, posting, initials);
}

/* "B 191" is looked for as "B191" too, and the other way round by the query. */
static void
add_joined (Indexer *self, guint32 posting, const char *text)
{
  g_autofree char *folded = cloud_text_fold (text, -1);
  char *end = folded;

  for (const char *at = folded; *at != '\0'; at++)
    if (*at != ' ')
      *end++ = *at;
  *end = '\0';
  add_text (self, posting, folded);
}

static void
add_place (Indexer *self, guint32 place)
{
  const NaviPlaceDraft *draft = &g_array_index (self->places->drafts, NaviPlaceDraft, place);
  const guint32 names[] = { draft->name, draft->name_en, draft->name_zh, draft->more };
  const char *kind = navi_places_string (self->places, draft->kind);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != 0)
      add_name (self, place, navi_places_string (self->places, names[i]));
  if (draft->type == NAVI_PLACE_STREET && strcmp (kind, "road") == 0)
    add_joined (self, place, navi_places_string (self->places, draft->name));
  if (draft->type != NAVI_PLACE_STREET)
    {
      char text[64];
      g_snprintf (text, sizeof text, "%c%s", NAVI_TERM_OF_KIND, kind);
      self->posting = place;
      on_term (text, strlen (text), 0, 0, 0, self);
    }
}

static void
add_kinds (Indexer *self)
{
  for (guint i = 0; i < self->tables->kinds->len; i++)
    {
      guint32 posting = self->places->drafts->len + i;
      const NaviKind *kind
          = navi_kind_by_value (navi_places_string (self->places, g_array_index (self->tables->kinds, guint32, i)));
      if (kind == NULL)
        continue;
      add_text (self, posting, kind->label_en);
      add_name (self, posting, kind->label_zh);
      add_text (self, posting, kind->words);
    }
}

/* A city is looked for by its names, and by the postcodes of its houses. */
static void
add_cities (Indexer *self)
{
  guint32 first = self->places->drafts->len + self->tables->kinds->len;

  for (guint i = 1; i < self->tables->cities->len; i++)
    {
      guint32 place = g_array_index (self->tables->city_places, guint32, i);
      add_name (self, first + i, navi_places_string (self->places, g_array_index (self->tables->cities, guint32, i)));
      if (place == 0)
        continue;
      const NaviPlaceDraft *draft = &g_array_index (self->places->drafts, NaviPlaceDraft, place - 1);
      add_name (self, first + i, navi_places_string (self->places, draft->name_en));
      add_name (self, first + i, navi_places_string (self->places, draft->name_zh));
    }
  for (guint i = 0; i < self->places->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &g_array_index (self->places->drafts, NaviPlaceDraft, i);
      guint32 postcode = draft->details[NAVI_DETAIL_POSTCODE];
      guint32 city = GPOINTER_TO_UINT (g_hash_table_lookup (self->tables->city_ids, GUINT_TO_POINTER (draft->city)));
      if (postcode != 0 && city != 0)
        add_text (self, first + city, navi_places_string (self->places, postcode));
    }
}

static gint
compare_terms (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const GPtrArray *terms = user_data;
  return strcmp (g_ptr_array_index (terms, *(const guint32 *) a), g_ptr_array_index (terms, *(const guint32 *) b));
}

static gint
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *left = a, *right = b;

  if (left->term != right->term)
    return left->term < right->term ? -1 : 1;
  return left->posting < right->posting ? -1 : left->posting > right->posting;
}

/* Numbers the terms anew in the order of their bytes. */
static GArray *
sort_terms (Indexer *self)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint32 *rank = g_new (guint32, self->terms->len + 1);

  for (guint32 i = 0; i < self->terms->len; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_terms, self->terms);
  for (guint32 i = 0; i < order->len; i++)
    rank[g_array_index (order, guint32, i)] = i;
  for (guint i = 0; i < self->pairs->len; i++)
    g_array_index (self->pairs, Pair, i).term = rank[g_array_index (self->pairs, Pair, i).term];
  g_array_sort (self->pairs, compare_pairs);
  return order;
}

/* How many bytes two terms begin with in common, whole characters only. */
static guint
common_bytes (const char *a, const char *b)
{
  guint n = 0;

  while (a[n] != '\0' && a[n] == b[n])
    n++;
  while (n > 0 && ((guchar) a[n] & 0xC0) == 0x80)
    n--;
  return n;
}

/* The postings of one term, which begin at @at in the sorted pairs; returns how long they are. */
static guint
put_postings (Indexer *self, guint32 term, guint *at, GByteArray *postings)
{
  guint before = postings->len;
  guint32 last = G_MAXUINT32;

  for (; *at < self->pairs->len && g_array_index (self->pairs, Pair, *at).term == term; ++*at)
    {
      guint32 posting = g_array_index (self->pairs, Pair, *at).posting;
      if (posting == last)
        continue;
      navi_varint_append (postings, last == G_MAXUINT32 ? posting : posting - last);
      last = posting;
    }
  return postings->len - before;
}

static gboolean
write_sections (Indexer *self, NaviRegionWriter *writer, GError **error)
{
  g_autoptr (GArray) order = sort_terms (self);
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (NaviTermBlock));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) postings = g_byte_array_new ();
  const char *before = "";
  guint at = 0;

  for (guint32 term = 0; term <= order->len; term++)
    {
      NaviTermBlock block = { bytes->len, postings->len };
      const char *text;
      guint shared;
      if (term % NAVI_TERMS_PER_BLOCK == 0 || term == order->len)
        {
          g_array_append_val (blocks, block);
          before = "";
        }
      if (term == order->len)
        break;
      text = g_ptr_array_index (self->terms, g_array_index (order, guint32, term));
      shared = common_bytes (before, text);
      navi_varint_append (bytes, shared);
      navi_varint_append (bytes, strlen (text) - shared);
      g_byte_array_append (bytes, (const guint8 *) text + shared, (guint) strlen (text) - shared);
      navi_varint_append (bytes, put_postings (self, term, &at, postings));
      before = text;
    }
  return navi_region_writer_add (writer, NAVI_SECTION_TERMS, sizeof (NaviTermBlock), blocks->data,
                                 blocks->len * sizeof (NaviTermBlock), error)
         && navi_region_writer_add (writer, NAVI_SECTION_TERM_BYTES, 0, bytes->data, bytes->len, error)
         && navi_region_writer_add (writer, NAVI_SECTION_POSTINGS, 0, postings->data, postings->len, error);
}

gboolean
navi_places_write_index (const NaviPlaces *self, const NaviPlaceTables *tables, NaviRegionWriter *writer, GError **error)
{
  Indexer indexer = { .places = self, .tables = tables };
  g_autofree char *version = g_strdup_printf ("%d", CLOUD_TEXT_VERSION);
  gboolean ok;

  indexer.term_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  indexer.terms = g_ptr_array_new ();
  indexer.pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  for (guint32 i = 0; i < self->drafts->len; i++)
    add_place (&indexer, i);
  add_kinds (&indexer);
  add_cities (&indexer);
  ok = write_sections (&indexer, writer, error);
  navi_region_writer_set_meta (writer, NAVI_META_TEXT_VERSION, version);
  g_hash_table_unref (indexer.term_ids);
  g_ptr_array_unref (indexer.terms);
  g_array_unref (indexer.pairs);
  return ok;
}
