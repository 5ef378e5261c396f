/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-places.h"
#include "navi-region.h"
#include "navi-varint.h"

#include <string.h>
#include <zstd.h>

/* Writes places in blocks, and the tables they point into. */

enum
{
  LEVEL = 19, /* of zstd: a strategy that gives the same bytes on every processor */
};

typedef struct
{
  const NaviPlaces *places;
  const NaviPlaceTables *tables;
  GByteArray *numbers;
  GByteArray *texts;
  NaviPlaceBlock box;
  /* of the place before */
  gint32 lat_e6;
  gint32 lon_e6;
  guint32 kind;
  guint32 city;
  guint8 importance;
} Encoder;

static void
put_text (Encoder *self, const char *text)
{
  g_byte_array_append (self->texts, (const guint8 *) text, (guint) strlen (text) + 1);
}

static void
put_position (Encoder *self, gint32 lat_e6, gint32 lon_e6, gint32 from_lat_e6, gint32 from_lon_e6)
{
  navi_varint_append (self->numbers, navi_zigzag_encode ((gint64) lat_e6 - from_lat_e6));
  navi_varint_append (self->numbers, navi_zigzag_encode ((gint64) lon_e6 - from_lon_e6));
}

static guint32
city_of (const Encoder *self, guint32 text)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->tables->city_ids, GUINT_TO_POINTER (text)));
}

static void
put_houses (Encoder *self, const NaviPlaceDraft *draft)
{
  gint32 lat_e6 = navi_e6_of_e7 (draft->lat_e7), lon_e6 = navi_e6_of_e7 (draft->lon_e7);
  guint32 before = 0;

  navi_varint_append (self->numbers, draft->n_houses);
  for (guint i = 0; i < draft->n_houses; i++)
    {
      const NaviHouseDraft *house = &g_array_index (self->places->houses, NaviHouseDraft, draft->first_house + i);
      gint32 house_lat_e6 = navi_e6_of_e7 (house->lat_e7), house_lon_e6 = navi_e6_of_e7 (house->lon_e7);
      const char *suffix;
      guint32 number = navi_places_number (navi_places_string (self->places, house->number), &suffix);
      guint more = (house->city != draft->city ? NAVI_HOUSE_HAS_CITY : 0)
                   | (house->postcode != draft->details[NAVI_DETAIL_POSTCODE] ? NAVI_HOUSE_HAS_POSTCODE : 0)
                   | (house->is_approximate ? NAVI_HOUSE_IS_APPROXIMATE : 0);
      guint flags = (*suffix != '\0' ? NAVI_HOUSE_HAS_SUFFIX : 0) | (more != 0 ? NAVI_HOUSE_IS_OTHER : 0);

      navi_varint_append (self->numbers, (guint64) (number - before) * 4 + flags);
      put_position (self, house_lat_e6, house_lon_e6, lat_e6, lon_e6);
      if (more != 0)
        navi_varint_append (self->numbers, more);
      if ((more & NAVI_HOUSE_HAS_CITY) != 0)
        navi_varint_append (self->numbers, city_of (self, house->city));
      if (*suffix != '\0')
        put_text (self, suffix);
      if ((more & NAVI_HOUSE_HAS_POSTCODE) != 0)
        put_text (self, navi_places_string (self->places, house->postcode));
      before = number;
      lat_e6 = house_lat_e6;
      lon_e6 = house_lon_e6;
    }
}

static guint
flags_of (const Encoder *self, const NaviPlaceDraft *draft, guint32 kind, guint32 city, guint8 *details)
{
  *details = 0;
  for (guint i = 0; i < NAVI_N_PLACE_DETAILS; i++)
    if (draft->details[i] != 0)
      *details |= (guint8) (1 << i);
  return (kind != self->kind ? NAVI_PLACE_HAS_KIND : 0) | (city != self->city ? NAVI_PLACE_HAS_CITY : 0)
         | (draft->importance != self->importance ? NAVI_PLACE_HAS_IMPORTANCE : 0) | (*details != 0 ? NAVI_PLACE_HAS_DETAILS : 0)
         | (draft->name_en != 0 && draft->name_en != draft->name ? NAVI_PLACE_HAS_NAME_EN : 0)
         | (draft->n_houses > 0 ? NAVI_PLACE_HAS_HOUSES : 0) | (draft->address_place != 0 ? NAVI_PLACE_HAS_STREET : 0)
         | (draft->number != 0 ? NAVI_PLACE_HAS_NUMBER : 0)
         | (draft->name_zh != 0 && draft->name_zh != draft->name ? NAVI_PLACE_HAS_NAME_ZH : 0);
}

static void
put_place (Encoder *self, const NaviPlaceDraft *draft)
{
  gint32 lat_e6 = navi_e6_of_e7 (draft->lat_e7), lon_e6 = navi_e6_of_e7 (draft->lon_e7);
  guint32 kind = GPOINTER_TO_UINT (g_hash_table_lookup (self->tables->kind_ids, GUINT_TO_POINTER (draft->kind)));
  guint32 city = city_of (self, draft->city);
  guint8 details;
  guint flags = flags_of (self, draft, kind, city, &details);

  navi_varint_append (self->numbers, flags);
  put_position (self, lat_e6, lon_e6, self->lat_e6, self->lon_e6);
  if ((flags & NAVI_PLACE_HAS_KIND) != 0)
    navi_varint_append (self->numbers, kind);
  if ((flags & NAVI_PLACE_HAS_CITY) != 0)
    navi_varint_append (self->numbers, city);
  if ((flags & NAVI_PLACE_HAS_IMPORTANCE) != 0)
    g_byte_array_append (self->numbers, &draft->importance, 1);
  if ((flags & NAVI_PLACE_HAS_STREET) != 0)
    navi_varint_append (self->numbers, draft->address_place - 1);
  if (details != 0)
    g_byte_array_append (self->numbers, &details, 1);
  put_text (self, navi_places_string (self->places, draft->name));
  if ((flags & NAVI_PLACE_HAS_NAME_EN) != 0)
    put_text (self, navi_places_string (self->places, draft->name_en));
  if ((flags & NAVI_PLACE_HAS_NAME_ZH) != 0)
    put_text (self, navi_places_string (self->places, draft->name_zh));
  if ((flags & NAVI_PLACE_HAS_NUMBER) != 0)
    put_text (self, navi_places_string (self->places, draft->number));
  for (guint i = 0; i < NAVI_N_PLACE_DETAILS; i++)
    if (draft->details[i] != 0)
      put_text (self, navi_places_string (self->places, draft->details[i]));
  if ((flags & NAVI_PLACE_HAS_HOUSES) != 0)
    put_houses (self, draft);
  self->lat_e6 = lat_e6;
  self->lon_e6 = lon_e6;
  self->kind = kind;
  self->city = city;
  self->importance = draft->importance;
}

static void
extend_box (NaviPlaceBlock *box, gint32 lat_e7, gint32 lon_e7)
{
  box->south_e6 = MIN (box->south_e6, navi_e6_of_e7 (lat_e7));
  box->north_e6 = MAX (box->north_e6, navi_e6_of_e7 (lat_e7));
  box->west_e6 = MIN (box->west_e6, navi_e6_of_e7 (lon_e7));
  box->east_e6 = MAX (box->east_e6, navi_e6_of_e7 (lon_e7));
}

static void
encode_block (Encoder *self, const NaviPlaceDraft *drafts, guint n)
{
  self->box = (NaviPlaceBlock){ self->box.first_byte, G_MAXINT32, G_MAXINT32, G_MININT32, G_MININT32 };
  for (guint i = 0; i < n; i++)
    {
      extend_box (&self->box, drafts[i].lat_e7, drafts[i].lon_e7);
      for (guint k = 0; k < drafts[i].n_houses; k++)
        {
          const NaviHouseDraft *house = &g_array_index (self->places->houses, NaviHouseDraft, drafts[i].first_house + k);
          extend_box (&self->box, house->lat_e7, house->lon_e7);
        }
    }
  self->lat_e6 = self->box.south_e6;
  self->lon_e6 = self->box.west_e6;
  self->kind = 0;
  self->city = 0;
  self->importance = 0;
  g_byte_array_set_size (self->numbers, 0);
  g_byte_array_set_size (self->texts, 0);
  for (guint i = 0; i < n; i++)
    put_place (self, &drafts[i]);
}

static ZSTD_CCtx *
make_compressor (void)
{
  ZSTD_CCtx *zstd = ZSTD_createCCtx ();

  ZSTD_CCtx_setParameter (zstd, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_checksumFlag, 0);
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_contentSizeFlag, 0);
  return zstd;
}

static void
pack_block (Encoder *self, ZSTD_CCtx *zstd, GByteArray *out)
{
  gsize bound = ZSTD_compressBound (self->texts->len);
  guint8 *packed = g_malloc (bound);
  gsize n = ZSTD_compress2 (zstd, packed, bound, self->texts->data, self->texts->len);

  /* It fails only for want of room, and there is room. */
  g_assert (!ZSTD_isError (n));
  g_byte_array_set_size (out, 0);
  navi_varint_append (out, self->numbers->len);
  navi_varint_append (out, self->texts->len);
  g_byte_array_append (out, self->numbers->data, self->numbers->len);
  g_byte_array_append (out, packed, (guint) n);
  g_free (packed);
}

static gboolean
write_blocks (Encoder *self, NaviRegionWriter *writer, GError **error)
{
  const GArray *drafts = self->places->drafts;
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (NaviPlaceBlock));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  ZSTD_CCtx *zstd = make_compressor ();

  navi_region_writer_begin (writer, NAVI_SECTION_PLACE_DATA, 0);
  for (guint i = 0; i < drafts->len; i += NAVI_PLACES_PER_BLOCK)
    {
      encode_block (self, &g_array_index (drafts, NaviPlaceDraft, i), MIN (NAVI_PLACES_PER_BLOCK, drafts->len - i));
      pack_block (self, zstd, out);
      g_array_append_val (blocks, self->box);
      self->box.first_byte += out->len;
      navi_region_writer_append (writer, out->data, out->len);
    }
  ZSTD_freeCCtx (zstd);
  self->box = (NaviPlaceBlock){ .first_byte = self->box.first_byte };
  g_array_append_val (blocks, self->box);
  return navi_region_writer_end (writer, error)
         && navi_region_writer_add (writer, NAVI_SECTION_PLACE_BLOCKS, sizeof (NaviPlaceBlock), blocks->data,
                                    blocks->len * sizeof (NaviPlaceBlock), error);
}

/* The settlement's other names, so that "Wien" is found in the addresses of Vienna too. */
static void
put_city (Encoder *self, guint32 text, guint32 place)
{
  const NaviPlaceDraft none = { 0 };
  const NaviPlaceDraft *draft = place != 0 ? &g_array_index (self->places->drafts, NaviPlaceDraft, place - 1) : &none;
  char number[16] = "";

  if (place != 0)
    g_snprintf (number, sizeof number, "%u", place - 1);
  put_text (self, navi_places_string (self->places, text));
  put_text (self, navi_places_string (self->places, draft->name_en));
  put_text (self, navi_places_string (self->places, draft->name_zh));
  put_text (self, number);
}

static gboolean
write_tables (Encoder *self, NaviRegionWriter *writer, GError **error)
{
  g_byte_array_set_size (self->texts, 0);
  for (guint i = 0; i < self->tables->kinds->len; i++)
    put_text (self, navi_places_string (self->places, g_array_index (self->tables->kinds, guint32, i)));
  for (guint i = 0; i < self->tables->cities->len; i++)
    put_city (self, g_array_index (self->tables->cities, guint32, i), g_array_index (self->tables->city_places, guint32, i));
  return navi_region_writer_add (writer, NAVI_SECTION_PLACE_TABLES, 0, self->texts->data, self->texts->len, error);
}

gboolean
navi_places_write (const NaviPlaces *self, const NaviPlaceTables *tables, NaviRegionWriter *writer, GError **error)
{
  Encoder encoder = { .places = self, .tables = tables };
  NaviPlacesHeader header = { .n_kinds = tables->kinds->len, .n_cities = tables->cities->len, .n_houses = self->houses->len };
  guint32 *const counts[] = { &header.n_settlements, &header.n_streets, &header.n_pois };
  gboolean ok;

  for (guint i = 0; i < self->drafts->len; i++)
    ++*counts[g_array_index (self->drafts, NaviPlaceDraft, i).type];
  encoder.numbers = g_byte_array_new ();
  encoder.texts = g_byte_array_new ();
  ok = navi_region_writer_add (writer, NAVI_SECTION_PLACES, sizeof header, &header, sizeof header, error)
       && write_blocks (&encoder, writer, error) && write_tables (&encoder, writer, error);
  g_byte_array_unref (encoder.numbers);
  g_byte_array_unref (encoder.texts);
  return ok;
}
