/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-places-reader.h"
#include "navi-varint.h"

#include "cloud-error.h"

#include <string.h>
#include <zstd.h>

/* Decodes blocks of places. */

enum
{
  KEPT_BLOCKS = 48, /* about 2 MB */
};

typedef struct
{
  guint32 index;
  guint64 used; /* when, in calls */
  guint n_entries;
  char *texts;
  gsize texts_bytes;
  const guint8 *numbers_end;
  NaviPlaceEntry entries[NAVI_PLACES_PER_BLOCK];
} Block;

struct _NaviPlacesReader
{
  NaviRegion *region;
  NaviPlacesHeader header;
  guint32 n_places;
  const NaviPlaceBlock *blocks; /* one more than there are */
  guint32 n_blocks;
  const guint8 *data;
  gsize data_bytes;
  GPtrArray *kinds; /* const char * */
  GArray *cities;   /* NaviCity */
  Block **decoded;  /* (nullable) each */
  GPtrArray *live;  /* Block *, those that are decoded */
  guint64 clock;
  ZSTD_DCtx *zstd;
};

static void
block_free (gpointer data)
{
  Block *block = data;

  g_free (block->texts);
  g_free (block);
}

/* ---- Tables ---- */

static const char *
take_text (const char **at, const char *end)
{
  const char *text = *at;

  if (text >= end)
    return "";
  *at += strlen (text) + 1;
  return text;
}

static gboolean
read_tables (NaviPlacesReader *self)
{
  gsize bytes;
  const char *at = navi_region_get_section (self->region, NAVI_SECTION_PLACE_TABLES, &bytes);
  const char *end = at + bytes;

  if (bytes > 0 && at[bytes - 1] != '\0')
    return FALSE;
  /* Each kind and each part of a city takes a byte at least. */
  if ((guint64) self->header.n_kinds + (guint64) self->header.n_cities * 4 > bytes)
    return FALSE;
  for (guint32 i = 0; i < self->header.n_kinds; i++)
    g_ptr_array_add (self->kinds, (gpointer) take_text (&at, end));
  for (guint32 i = 0; i < self->header.n_cities; i++)
    {
      NaviCity city = { take_text (&at, end), take_text (&at, end), take_text (&at, end), 0 };
      const char *place = take_text (&at, end);
      guint64 number;
      if (*place != '\0' && g_ascii_string_to_unsigned (place, 10, 0, G_MAXUINT32 - 1, &number, NULL) && number < self->n_places)
        city.place = (guint32) number + 1;
      g_array_append_val (self->cities, city);
    }
  return TRUE;
}

static gboolean
read_sections (NaviPlacesReader *self)
{
  gsize n_headers, n_blocks;
  const NaviPlacesHeader *header = navi_region_get_array (self->region, NAVI_SECTION_PLACES, sizeof *header, &n_headers);
  guint64 n_places;

  if (n_headers == 0)
    return TRUE;
  self->header = *header;
  self->blocks = navi_region_get_array (self->region, NAVI_SECTION_PLACE_BLOCKS, sizeof (NaviPlaceBlock), &n_blocks);
  self->data = navi_region_get_section (self->region, NAVI_SECTION_PLACE_DATA, &self->data_bytes);
  n_places = (guint64) header->n_settlements + header->n_streets + header->n_pois;
  if (n_blocks == 0 || n_places > (guint64) (n_blocks - 1) * NAVI_PLACES_PER_BLOCK
      || n_places + (guint64) NAVI_PLACES_PER_BLOCK <= (guint64) (n_blocks - 1) * NAVI_PLACES_PER_BLOCK || n_places > G_MAXINT32)
    return FALSE;
  self->n_places = (guint32) n_places;
  self->n_blocks = (guint32) n_blocks - 1;
  return read_tables (self);
}

NaviPlacesReader *
navi_places_reader_new (NaviRegion *region, GError **error)
{
  g_autoptr (NaviPlacesReader) self = g_new0 (NaviPlacesReader, 1);

  g_return_val_if_fail (NAVI_IS_REGION (region), NULL);

  self->region = g_object_ref (region);
  self->kinds = g_ptr_array_new ();
  self->cities = g_array_new (FALSE, TRUE, sizeof (NaviCity));
  self->live = g_ptr_array_new_with_free_func (block_free);
  self->zstd = ZSTD_createDCtx ();
  if (!read_sections (self))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is damaged (places): import it again",
                   navi_region_get_path (region));
      return NULL;
    }
  self->decoded = g_new0 (Block *, self->n_blocks + 1);
  return g_steal_pointer (&self);
}

void
navi_places_reader_free (NaviPlacesReader *self)
{
  g_ptr_array_unref (self->kinds);
  g_array_unref (self->cities);
  g_ptr_array_unref (self->live);
  g_free (self->decoded);
  ZSTD_freeDCtx (self->zstd);
  g_object_unref (self->region);
  g_free (self);
}

guint32
navi_places_reader_get_n_places (const NaviPlacesReader *self)
{
  return self->n_places;
}

guint32
navi_places_reader_get_n_kinds (const NaviPlacesReader *self)
{
  return self->kinds->len;
}

guint32
navi_places_reader_get_n_cities (const NaviPlacesReader *self)
{
  return self->cities->len;
}

guint32
navi_places_reader_get_n_houses (const NaviPlacesReader *self)
{
  return self->header.n_houses;
}

guint32
navi_places_reader_get_n_blocks (const NaviPlacesReader *self)
{
  return self->n_blocks;
}

const NaviPlaceBlock *
navi_places_reader_get_block (const NaviPlacesReader *self, guint32 index)
{
  g_return_val_if_fail (index < self->n_blocks, NULL);
  return &self->blocks[index];
}

NaviPlaceType
navi_places_reader_get_type (const NaviPlacesReader *self, guint32 place)
{
  if (place < self->header.n_settlements)
    return NAVI_PLACE_SETTLEMENT;
  return place - self->header.n_settlements < self->header.n_streets ? NAVI_PLACE_STREET : NAVI_PLACE_POI;
}

const char *
navi_places_reader_get_kind (const NaviPlacesReader *self, guint32 kind)
{
  return kind < self->kinds->len ? g_ptr_array_index (self->kinds, kind) : "";
}

const NaviCity *
navi_places_reader_get_city (const NaviPlacesReader *self, guint32 city)
{
  static const NaviCity none = { "", "", "", 0 };

  return city < self->cities->len ? &g_array_index (self->cities, NaviCity, city) : &none;
}

/* ---- Blocks ---- */

/* What is being read, and what carries over from one place to the next. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  const char *text;
  const char *texts_end;
  gint64 lat_e6;
  gint64 lon_e6;
  guint32 kind;
  guint32 city;
  guint8 importance;
} Cursor;

static gboolean
read_position (const guint8 **at, const guint8 *end, gint64 *lat_e6, gint64 *lon_e6)
{
  guint64 lat, lon;

  if (!navi_varint_read (at, end, &lat) || !navi_varint_read (at, end, &lon))
    return FALSE;
  /* The sums are taken unsigned, where they may wrap. */
  *lat_e6 = (gint64) ((guint64) *lat_e6 + (guint64) navi_zigzag_decode (lat));
  *lon_e6 = (gint64) ((guint64) *lon_e6 + (guint64) navi_zigzag_decode (lon));
  return *lat_e6 >= -90000000 && *lat_e6 <= 90000000 && *lon_e6 >= -180000000 && *lon_e6 <= 180000000;
}

static gboolean
read_index (Cursor *cursor, guint64 bound, guint32 *value)
{
  guint64 number;

  if (!navi_varint_read (&cursor->at, cursor->end, &number) || number >= bound)
    return FALSE;
  *value = (guint32) number;
  return TRUE;
}

static gboolean
read_byte (Cursor *cursor, guint8 *value)
{
  if (cursor->at >= cursor->end)
    return FALSE;
  *value = *cursor->at++;
  return TRUE;
}

static gboolean
skip_houses (Cursor *cursor, NaviPlaceEntry *entry, guint32 n_cities)
{
  NaviHouseIter iter;
  guint64 n;

  if (!navi_varint_read (&cursor->at, cursor->end, &n) || n > (guint64) (cursor->end - cursor->at))
    return FALSE;
  entry->n_houses = (guint32) n;
  entry->houses = cursor->at;
  entry->house_texts = cursor->text;
  iter = (NaviHouseIter){ entry, cursor->at, cursor->end, cursor->text, cursor->texts_end, entry->n_houses, n_cities, { 0 } };
  iter.house = (NaviHouse){ .lat_e6 = entry->lat_e6, .lon_e6 = entry->lon_e6 };
  while (navi_house_iter_next (&iter) != NULL)
    ;
  cursor->at = iter.at;
  cursor->text = iter.text;
  return iter.n_left == 0;
}

static gboolean
read_entry (NaviPlacesReader *self, Cursor *cursor, NaviPlaceEntry *entry)
{
  guint32 flags;
  guint8 details = 0;

  *entry = (NaviPlaceEntry){ .name_en = "", .name_zh = "", .number = "" };
  if (!read_index (cursor, 1 << 9, &flags) || !read_position (&cursor->at, cursor->end, &cursor->lat_e6, &cursor->lon_e6))
    return FALSE;
  if (((flags & NAVI_PLACE_HAS_KIND) != 0 && !read_index (cursor, MAX (self->kinds->len, 1), &cursor->kind))
      || ((flags & NAVI_PLACE_HAS_CITY) != 0 && !read_index (cursor, MAX (self->cities->len, 1), &cursor->city))
      || ((flags & NAVI_PLACE_HAS_IMPORTANCE) != 0 && !read_byte (cursor, &cursor->importance))
      || ((flags & NAVI_PLACE_HAS_STREET) != 0 && !read_index (cursor, self->n_places, &entry->street))
      || ((flags & NAVI_PLACE_HAS_DETAILS) != 0 && !read_byte (cursor, &details)))
    return FALSE;
  entry->lat_e6 = (gint32) cursor->lat_e6;
  entry->lon_e6 = (gint32) cursor->lon_e6;
  entry->kind = cursor->kind;
  entry->city = cursor->city;
  entry->importance = cursor->importance;
  entry->street += (flags & NAVI_PLACE_HAS_STREET) != 0 ? 1 : 0;
  entry->name = take_text (&cursor->text, cursor->texts_end);
  if ((flags & NAVI_PLACE_HAS_NAME_EN) != 0)
    entry->name_en = take_text (&cursor->text, cursor->texts_end);
  if ((flags & NAVI_PLACE_HAS_NAME_ZH) != 0)
    entry->name_zh = take_text (&cursor->text, cursor->texts_end);
  if ((flags & NAVI_PLACE_HAS_NUMBER) != 0)
    entry->number = take_text (&cursor->text, cursor->texts_end);
  for (guint i = 0; i < NAVI_N_PLACE_DETAILS; i++)
    entry->details[i] = (details & (1 << i)) != 0 ? take_text (&cursor->text, cursor->texts_end) : "";
  return (flags & NAVI_PLACE_HAS_HOUSES) == 0 || skip_houses (cursor, entry, self->cities->len);
}

/* Unpacks the texts; each ends within them. */
static gboolean
unpack_texts (NaviPlacesReader *self, Block *block, const guint8 *packed, const guint8 *end, guint64 bytes)
{
  gsize n;

  if (bytes > NAVI_PLACE_BLOCK_MAX_BYTES)
    return FALSE;
  block->texts = g_try_malloc (bytes + 1);
  if (block->texts == NULL)
    return FALSE;
  n = ZSTD_decompressDCtx (self->zstd, block->texts, bytes, packed, (gsize) (end - packed));
  if (ZSTD_isError (n) || n != bytes)
    return FALSE;
  block->texts[bytes] = '\0';
  block->texts_bytes = bytes;
  return bytes == 0 || block->texts[bytes - 1] == '\0';
}

static Block *
decode_block (NaviPlacesReader *self, guint32 index)
{
  gsize begin = MIN (self->blocks[index].first_byte, self->data_bytes),
        last = MIN (self->blocks[index + 1].first_byte, self->data_bytes);
  guint32 first = index * NAVI_PLACES_PER_BLOCK, wanted = MIN (NAVI_PLACES_PER_BLOCK, self->n_places - first);
  Block *block = g_new0 (Block, 1);
  Cursor cursor = { .lat_e6 = self->blocks[index].south_e6, .lon_e6 = self->blocks[index].west_e6 };
  const guint8 *at, *end;
  guint64 numbers_bytes, texts_bytes;

  block->index = index;
  if (begin >= last)
    return block;
  at = self->data + begin;
  end = self->data + last;
  if (!navi_varint_read (&at, end, &numbers_bytes) || !navi_varint_read (&at, end, &texts_bytes)
      || numbers_bytes > (guint64) (end - at) || !unpack_texts (self, block, at + numbers_bytes, end, texts_bytes))
    return block;
  cursor.at = at;
  cursor.end = block->numbers_end = at + numbers_bytes;
  cursor.text = block->texts;
  cursor.texts_end = block->texts + block->texts_bytes;
  while (block->n_entries < wanted && read_entry (self, &cursor, &block->entries[block->n_entries]))
    {
      block->entries[block->n_entries].type = (guint8) navi_places_reader_get_type (self, first + block->n_entries);
      block->n_entries++;
    }
  return block;
}

static Block *
block_of (NaviPlacesReader *self, guint32 place)
{
  guint32 index = place / NAVI_PLACES_PER_BLOCK;

  if (place >= self->n_places)
    return NULL;
  if (self->decoded[index] == NULL)
    {
      self->decoded[index] = decode_block (self, index);
      g_ptr_array_add (self->live, self->decoded[index]);
    }
  self->decoded[index]->used = ++self->clock;
  return self->decoded[index];
}

const NaviPlaceEntry *
navi_places_reader_get (NaviPlacesReader *self, guint32 place)
{
  Block *block = block_of (self, place);
  guint at = place % NAVI_PLACES_PER_BLOCK;

  return block != NULL && at < block->n_entries ? &block->entries[at] : NULL;
}

static gint
compare_blocks (gconstpointer a, gconstpointer b)
{
  const Block *left = *(const Block *const *) a, *right = *(const Block *const *) b;

  return left->used > right->used ? -1 : left->used < right->used;
}

void
navi_places_reader_trim (NaviPlacesReader *self)
{
  if (self->live->len <= KEPT_BLOCKS)
    return;
  g_ptr_array_sort (self->live, compare_blocks);
  for (guint i = KEPT_BLOCKS; i < self->live->len; i++)
    self->decoded[((const Block *) g_ptr_array_index (self->live, i))->index] = NULL;
  g_ptr_array_set_size (self->live, KEPT_BLOCKS);
}

/* ---- Houses ---- */

void
navi_house_iter_init (NaviHouseIter *iter, NaviPlacesReader *reader, guint32 place)
{
  const NaviPlaceEntry *entry = navi_places_reader_get (reader, place);
  const Block *block = block_of (reader, place);

  *iter = (NaviHouseIter){ 0 };
  if (entry == NULL || entry->n_houses == 0)
    return;
  iter->entry = entry;
  iter->at = entry->houses;
  iter->end = block->numbers_end;
  iter->text = entry->house_texts;
  iter->texts_end = block->texts + block->texts_bytes;
  iter->n_left = entry->n_houses;
  iter->n_cities = reader->cities->len;
  iter->house = (NaviHouse){ .lat_e6 = entry->lat_e6, .lon_e6 = entry->lon_e6 };
}

const NaviHouse *
navi_house_iter_next (NaviHouseIter *iter)
{
  gint64 lat_e6 = iter->house.lat_e6, lon_e6 = iter->house.lon_e6;
  guint64 head, more = 0, city;

  if (iter->n_left == 0 || !navi_varint_read (&iter->at, iter->end, &head)
      || !read_position (&iter->at, iter->end, &lat_e6, &lon_e6)
      || ((head & NAVI_HOUSE_IS_OTHER) != 0 && !navi_varint_read (&iter->at, iter->end, &more)))
    return NULL;
  iter->house.number = (guint32) MIN (iter->house.number + (head >> 2), G_MAXUINT32);
  iter->house.lat_e6 = (gint32) lat_e6;
  iter->house.lon_e6 = (gint32) lon_e6;
  iter->house.city = iter->entry->city;
  iter->house.is_approximate = (more & NAVI_HOUSE_IS_APPROXIMATE) != 0;
  if ((more & NAVI_HOUSE_HAS_CITY) != 0)
    {
      if (!navi_varint_read (&iter->at, iter->end, &city))
        return NULL;
      iter->house.city = city < iter->n_cities ? (guint32) city : 0;
    }
  iter->house.suffix = (head & NAVI_HOUSE_HAS_SUFFIX) != 0 ? take_text (&iter->text, iter->texts_end) : "";
  iter->house.postcode = (more & NAVI_HOUSE_HAS_POSTCODE) != 0 ? take_text (&iter->text, iter->texts_end)
                                                               : iter->entry->details[NAVI_DETAIL_POSTCODE];
  iter->n_left--;
  return &iter->house;
}
