/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-kinds.h"
#include "navi-places.h"
#include "navi-region.h"
#include "navi-varint.h"

#include "cloud-text.h"

/* Makes the sorted terms and their postings. */

typedef struct
{
  guint32 term;
  guint32 posting; /* 2 * place + (in a name) */
} Pair;

typedef struct
{
  NaviPlaces *places;
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
add_text (Indexer *self, guint32 place, const char *text, gboolean is_name)
{
  self->posting = place * 2 + (is_name ? 1 : 0);
  if (text != NULL && *text != '\0')
    cloud_text_tokenize (text, -1, CLOUD_TEXT_DOCUMENT, on_term, self);
}

static void
add_pinyin (Indexer *self, guint32 place, const char *text)
{
  g_autofree char *full = NULL, *initials = NULL;

  if (text == NULL || *text == '\0' || !cloud_text_pinyin (text, -1, &full, &initials))
    return;
  add_text (self, place, full, TRUE);
  add_text (self, place, initials, TRUE);
}

static void
add_place (Indexer *self, guint32 place, const NaviPlaceDraft *draft)
{
  const NaviPlaceRecord *record = &draft->record;
  const NaviKind *kind = record->type == NAVI_PLACE_POI ? navi_kind_by_value (navi_places_string (self->places, record->kind)) : NULL;
  const guint32 names[] = { record->name, record->name_en, record->name_zh };
  gboolean is_house = record->type == NAVI_PLACE_HOUSE;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      add_text (self, place, navi_places_string (self->places, names[i]), TRUE);
      add_pinyin (self, place, navi_places_string (self->places, names[i]));
    }
  add_text (self, place, draft->more, TRUE);
  add_text (self, place, navi_places_string (self->places, record->street), is_house);
  add_text (self, place, navi_places_string (self->places, record->number), is_house);
  if (is_house)
    add_pinyin (self, place, navi_places_string (self->places, record->street));
  add_text (self, place, navi_places_string (self->places, record->city), FALSE);
  if (record->details != 0)
    add_text (self, place, navi_places_string (self->places, record->details), FALSE); /* the postcode */
  if (kind != NULL)
    {
      add_text (self, place, kind->label_en, FALSE);
      add_text (self, place, kind->label_zh, FALSE);
      add_pinyin (self, place, kind->label_zh);
      add_text (self, place, kind->words, FALSE);
    }
}

static gint
compare_terms (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const GPtrArray *terms = user_data;
  return strcmp (g_ptr_array_index (terms, *(const guint32 *) a), g_ptr_array_index (terms, *(const guint32 *) b));
}

/* By term, then by place, the posting in a name first. */
static gint
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *left = a, *right = b;

  if (left->term != right->term)
    return left->term < right->term ? -1 : 1;
  if (left->posting >> 1 != right->posting >> 1)
    return left->posting < right->posting ? -1 : 1;
  return (gint) (right->posting & 1) - (gint) (left->posting & 1);
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

static gboolean
write_sections (Indexer *self, NaviRegionWriter *writer, GError **error)
{
  g_autoptr (GArray) order = sort_terms (self);
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (NaviTermRecord));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) postings = g_byte_array_new ();
  guint at = 0;

  for (guint32 term = 0; term <= order->len; term++)
    {
      NaviTermRecord record = { bytes->len, postings->len };
      guint32 last = 0, last_place = G_MAXUINT32;
      g_array_append_val (records, record);
      if (term == order->len)
        break;
      const char *text = g_ptr_array_index (self->terms, g_array_index (order, guint32, term));
      g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text));
      for (; at < self->pairs->len && g_array_index (self->pairs, Pair, at).term == term; at++)
        {
          guint32 posting = g_array_index (self->pairs, Pair, at).posting;
          if (posting >> 1 == last_place)
            continue;
          navi_varint_append (postings, posting - last);
          last = posting;
          last_place = posting >> 1;
        }
    }
  return navi_region_writer_add (writer, NAVI_SECTION_TERMS, sizeof (NaviTermRecord), records->data, records->len * sizeof (NaviTermRecord), error)
         && navi_region_writer_add (writer, NAVI_SECTION_TERM_BYTES, 1, bytes->data, bytes->len, error)
         && navi_region_writer_add (writer, NAVI_SECTION_POSTINGS, 1, postings->data, postings->len, error);
}

gboolean
navi_places_write_index (NaviPlaces *self, NaviRegionWriter *writer, GError **error)
{
  Indexer indexer = { .places = self };
  g_autofree char *version = g_strdup_printf ("%d", CLOUD_TEXT_VERSION);
  gboolean ok;

  indexer.term_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  indexer.terms = g_ptr_array_new ();
  indexer.pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  for (guint32 i = 0; i < self->drafts->len; i++)
    add_place (&indexer, i, &g_array_index (self->drafts, NaviPlaceDraft, i));
  ok = write_sections (&indexer, writer, error);
  navi_region_writer_set_meta (writer, NAVI_META_TEXT_VERSION, version);
  g_hash_table_unref (indexer.term_ids);
  g_ptr_array_unref (indexer.terms);
  g_array_unref (indexer.pairs);
  return ok;
}
