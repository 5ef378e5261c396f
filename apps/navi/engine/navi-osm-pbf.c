/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-osm"

#include "navi-osm-private.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* The PBF format with a protobuf decoder of our own: every length is checked against what holds it, one blob (at most 32 MiB) is in
 * memory at a time, and a blob that holds nothing wanted is skipped without being unpacked once an earlier reading has seen it. */

enum
{
  MAX_HEADER_BYTES = 64 * 1024,
  MAX_BLOB_BYTES = 32 * 1024 * 1024,
  MAX_STRINGS = 4 * 1024 * 1024,
};

/* What is left of a message. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Span;

typedef struct
{
  guint number;
  guint wire; /* 0: varint, 2: bytes; others are skipped over */
  guint64 value;
  Span bytes;
} Field;

typedef struct
{
  NaviOsmRun *run;
  GByteArray *packed;
  GByteArray *raw;
  GByteArray *text;    /* the block's strings, each NUL-terminated */
  GArray *strings;     /* guint32: where each begins */
  gint64 granularity;
  gint64 lat_offset;
  gint64 lon_offset;
  guint kinds;         /* 1 << NaviOsmType, of what the current blob holds */
  GArray *tags;        /* NaviOsmTag */
  GArray *refs;        /* gint64 */
  GArray *members;     /* NaviOsmMember */
} Pbf;

static gboolean
corrupt (Pbf *pbf, const char *what, GError **error)
{
  return navi_osm_corrupt (pbf->run->reader, what, error);
}

static inline gboolean
read_varint (Span *span, guint64 *value)
{
  guint64 result = 0;

  for (guint shift = 0; shift < 64 && span->at < span->end; shift += 7)
    {
      guint8 byte = *span->at++;
      result |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        {
          *value = result;
          return TRUE;
        }
    }
  return FALSE;
}

static inline gint64
zigzag (guint64 value)
{
  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

/* The next zigzag difference added to @sum; wraps instead of overflowing. */
static inline gboolean
read_delta (Span *span, gint64 *sum)
{
  guint64 value;

  if (!read_varint (span, &value))
    return FALSE;
  *sum = (gint64) ((guint64) *sum + (guint64) zigzag (value));
  return TRUE;
}

static gboolean
read_field (Span *span, Field *field)
{
  guint64 key, length = 0;

  if (!read_varint (span, &key) || key >> 3 == 0 || key >> 3 > G_MAXINT32)
    return FALSE;
  field->number = (guint) (key >> 3);
  field->wire = (guint) (key & 7);
  field->value = 0;
  field->bytes.at = field->bytes.end = NULL;
  switch (field->wire)
    {
    case 0:
      return read_varint (span, &field->value);
    case 1:
      length = 8;
      break;
    case 2:
      if (!read_varint (span, &length))
        return FALSE;
      break;
    case 5:
      length = 4;
      break;
    default:
      return FALSE;
    }
  if (length > (guint64) (span->end - span->at))
    return FALSE;
  field->bytes.at = span->at;
  span->at += length;
  field->bytes.end = span->at;
  return TRUE;
}

static inline gboolean
is_bytes (const Field *field, guint number)
{
  return field->number == number && field->wire == 2;
}

static inline gboolean
is_number (const Field *field, guint number)
{
  return field->number == number && field->wire == 0;
}

static const char *
string_at (Pbf *pbf, guint64 index)
{
  if (index >= pbf->strings->len)
    return NULL;
  return (const char *) pbf->text->data + g_array_index (pbf->strings, guint32, index);
}

static gboolean
add_tag (Pbf *pbf, guint64 key, guint64 value, GError **error)
{
  NaviOsmTag tag = { string_at (pbf, key), string_at (pbf, value) };

  if (tag.key == NULL || tag.value == NULL)
    return corrupt (pbf, "a tag without a string", error);
  if (pbf->tags->len >= NAVI_OSM_MAX_TAGS)
    return corrupt (pbf, "an object with too many tags", error);
  g_array_append_val (pbf->tags, tag);
  return TRUE;
}

static gboolean
add_tags (Pbf *pbf, Span keys, Span values, GError **error)
{
  g_array_set_size (pbf->tags, 0);
  while (keys.at < keys.end)
    {
      guint64 key, value;
      if (!read_varint (&keys, &key) || !read_varint (&values, &value))
        return corrupt (pbf, "a bad list of tags", error);
      if (!add_tag (pbf, key, value, error))
        return FALSE;
    }
  return TRUE;
}

static NaviOsmTags
tags_of (Pbf *pbf)
{
  return (NaviOsmTags){ (const NaviOsmTag *) pbf->tags->data, pbf->tags->len };
}

/* Nanodegrees in units of the block to 1e-7 degrees, rounded; FALSE if they are off the globe. */
static gboolean
to_e7 (Pbf *pbf, gint64 value, gint64 offset, gint64 limit_deg, gint32 *e7)
{
  gint64 nano;

  if (__builtin_mul_overflow (value, pbf->granularity, &nano) || __builtin_add_overflow (nano, offset, &nano))
    return FALSE;
  if (nano > limit_deg * 1000000000 || nano < -limit_deg * 1000000000)
    return FALSE;
  *e7 = (gint32) ((nano + (nano >= 0 ? 50 : -50)) / 100);
  return TRUE;
}

static gboolean
deliver_node (Pbf *pbf, gint64 id, gint64 lat, gint64 lon, GError **error)
{
  NaviOsmNode node = { .id = id, .tags = tags_of (pbf) };

  if (!to_e7 (pbf, lat, pbf->lat_offset, 90, &node.lat_e7) || !to_e7 (pbf, lon, pbf->lon_offset, 180, &node.lon_e7))
    return corrupt (pbf, "a node off the globe", error);
  return pbf->run->handler->node (&node, pbf->run->user_data, error);
}

static gboolean
read_node (Pbf *pbf, Span span, GError **error)
{
  gint64 id = 0, lat = 0, lon = 0;
  Span keys = { 0 }, values = { 0 };

  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad node", error);
      if (is_number (&field, 1))
        id = zigzag (field.value);
      else if (is_number (&field, 8))
        lat = zigzag (field.value);
      else if (is_number (&field, 9))
        lon = zigzag (field.value);
      else if (is_bytes (&field, 2))
        keys = field.bytes;
      else if (is_bytes (&field, 3))
        values = field.bytes;
    }
  return add_tags (pbf, keys, values, error) && deliver_node (pbf, id, lat, lon, error);
}

/* The tags of one dense node: pairs up to a zero; the list may be absent altogether. */
static gboolean
read_dense_tags (Pbf *pbf, Span *list, GError **error)
{
  g_array_set_size (pbf->tags, 0);
  while (list->at < list->end)
    {
      guint64 key, value;
      if (!read_varint (list, &key))
        return corrupt (pbf, "a bad list of tags", error);
      if (key == 0)
        break;
      if (!read_varint (list, &value))
        return corrupt (pbf, "a bad list of tags", error);
      if (!add_tag (pbf, key, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_dense (Pbf *pbf, Span span, GError **error)
{
  Span ids = { 0 }, lats = { 0 }, lons = { 0 }, tags = { 0 };
  gint64 id = 0, lat = 0, lon = 0;

  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "bad nodes", error);
      if (is_bytes (&field, 1))
        ids = field.bytes;
      else if (is_bytes (&field, 8))
        lats = field.bytes;
      else if (is_bytes (&field, 9))
        lons = field.bytes;
      else if (is_bytes (&field, 10))
        tags = field.bytes;
    }
  while (ids.at < ids.end)
    {
      if (!read_delta (&ids, &id) || !read_delta (&lats, &lat) || !read_delta (&lons, &lon))
        return corrupt (pbf, "nodes without positions", error);
      if (!read_dense_tags (pbf, &tags, error) || !deliver_node (pbf, id, lat, lon, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_way (Pbf *pbf, Span span, GError **error)
{
  Span keys = { 0 }, values = { 0 }, refs = { 0 };
  NaviOsmWay way = { 0 };
  gint64 ref = 0;

  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad way", error);
      if (is_number (&field, 1))
        way.id = (gint64) field.value;
      else if (is_bytes (&field, 2))
        keys = field.bytes;
      else if (is_bytes (&field, 3))
        values = field.bytes;
      else if (is_bytes (&field, 8))
        refs = field.bytes;
    }
  g_array_set_size (pbf->refs, 0);
  while (refs.at < refs.end)
    {
      if (!read_delta (&refs, &ref) || pbf->refs->len >= NAVI_OSM_MAX_REFS)
        return corrupt (pbf, "a bad way", error);
      g_array_append_val (pbf->refs, ref);
    }
  if (!add_tags (pbf, keys, values, error))
    return FALSE;
  way.refs = (const gint64 *) pbf->refs->data;
  way.n_refs = pbf->refs->len;
  way.tags = tags_of (pbf);
  return pbf->run->handler->way (&way, pbf->run->user_data, error);
}

static gboolean
read_members (Pbf *pbf, Span roles, Span ids, Span types, GError **error)
{
  NaviOsmMember member = { 0 };

  g_array_set_size (pbf->members, 0);
  while (ids.at < ids.end)
    {
      guint64 role, type;
      if (!read_delta (&ids, &member.ref) || !read_varint (&roles, &role) || !read_varint (&types, &type) || type > NAVI_OSM_RELATION
          || pbf->members->len >= NAVI_OSM_MAX_MEMBERS)
        return corrupt (pbf, "a bad relation", error);
      member.type = (NaviOsmType) type;
      member.role = string_at (pbf, role);
      if (member.role == NULL)
        return corrupt (pbf, "a role without a string", error);
      g_array_append_val (pbf->members, member);
    }
  return TRUE;
}

static gboolean
read_relation (Pbf *pbf, Span span, GError **error)
{
  Span keys = { 0 }, values = { 0 }, roles = { 0 }, ids = { 0 }, types = { 0 };
  NaviOsmRelation relation = { 0 };

  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad relation", error);
      if (is_number (&field, 1))
        relation.id = (gint64) field.value;
      else if (is_bytes (&field, 2))
        keys = field.bytes;
      else if (is_bytes (&field, 3))
        values = field.bytes;
      else if (is_bytes (&field, 8))
        roles = field.bytes;
      else if (is_bytes (&field, 9))
        ids = field.bytes;
      else if (is_bytes (&field, 10))
        types = field.bytes;
    }
  if (!read_members (pbf, roles, ids, types, error) || !add_tags (pbf, keys, values, error))
    return FALSE;
  relation.members = (const NaviOsmMember *) pbf->members->data;
  relation.n_members = pbf->members->len;
  relation.tags = tags_of (pbf);
  return pbf->run->handler->relation (&relation, pbf->run->user_data, error);
}

static gboolean
read_group (Pbf *pbf, Span span, GError **error)
{
  const NaviOsmHandler *handler = pbf->run->handler;

  while (span.at < span.end)
    {
      Field field;
      gboolean ok = TRUE;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad group", error);
      if (field.wire != 2 || field.number > 4)
        continue;
      pbf->kinds |= 1u << (field.number <= 2 ? NAVI_OSM_NODE : field.number == 3 ? NAVI_OSM_WAY : NAVI_OSM_RELATION);
      if (field.number == 1 && handler->node != NULL)
        ok = read_node (pbf, field.bytes, error);
      else if (field.number == 2 && handler->node != NULL)
        ok = read_dense (pbf, field.bytes, error);
      else if (field.number == 3 && handler->way != NULL)
        ok = read_way (pbf, field.bytes, error);
      else if (field.number == 4 && handler->relation != NULL)
        ok = read_relation (pbf, field.bytes, error);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_strings (Pbf *pbf, Span span, GError **error)
{
  g_array_set_size (pbf->strings, 0);
  g_byte_array_set_size (pbf->text, 0);
  while (span.at < span.end)
    {
      Field field;
      guint32 offset = pbf->text->len;
      gsize bytes;
      if (!read_field (&span, &field) || pbf->strings->len >= MAX_STRINGS)
        return corrupt (pbf, "bad strings", error);
      if (!is_bytes (&field, 1))
        continue;
      bytes = (gsize) (field.bytes.end - field.bytes.at);
      if (bytes > 0 && g_utf8_validate ((const char *) field.bytes.at, (gssize) bytes, NULL))
        g_byte_array_append (pbf->text, field.bytes.at, (guint) bytes);
      g_byte_array_append (pbf->text, (const guint8 *) "", 1);
      g_array_append_val (pbf->strings, offset);
    }
  return TRUE;
}

static gboolean
read_block (Pbf *pbf, Span block, GError **error)
{
  Span span = block;

  pbf->granularity = 100;
  pbf->lat_offset = pbf->lon_offset = 0;
  g_array_set_size (pbf->strings, 0);
  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad block", error);
      if (is_bytes (&field, 1) && !read_strings (pbf, field.bytes, error))
        return FALSE;
      if (is_number (&field, 17))
        pbf->granularity = (gint64) field.value;
      else if (is_number (&field, 19))
        pbf->lat_offset = (gint64) field.value;
      else if (is_number (&field, 20))
        pbf->lon_offset = (gint64) field.value;
    }
  for (span = block; span.at < span.end;)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad block", error);
      if (is_bytes (&field, 2) && !read_group (pbf, field.bytes, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_file_header (Pbf *pbf, Span span, GError **error)
{
  NaviOsmReader *reader = pbf->run->reader;

  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad header", error);
      if (is_bytes (&field, 4))
        {
          g_autofree char *feature = g_strndup ((const char *) field.bytes.at, (gsize) (field.bytes.end - field.bytes.at));
          if (strcmp (feature, "OsmSchema-V0.6") != 0 && strcmp (feature, "DenseNodes") != 0)
            {
              g_autofree char *shown = g_utf8_make_valid (feature, -1);
              g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s needs \"%s\", which is not supported", reader->path, shown);
              return FALSE;
            }
        }
      else if (is_number (&field, 32) && reader->source_time == NULL && field.value < G_GUINT64_CONSTANT (1) << 36)
        {
          g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc ((gint64) field.value);
          if (time != NULL)
            reader->source_time = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
        }
    }
  return TRUE;
}

static gboolean
unpack (Pbf *pbf, Span data, guint number, guint64 raw_bytes, GError **error)
{
  gsize packed_bytes = (gsize) (data.end - data.at);
  gboolean ok = FALSE;

  if (number == 1)
    {
      g_byte_array_set_size (pbf->raw, 0);
      g_byte_array_append (pbf->raw, data.at, (guint) packed_bytes);
      return TRUE;
    }
  if (raw_bytes > MAX_BLOB_BYTES)
    return corrupt (pbf, "a block that is too large", error);
  g_byte_array_set_size (pbf->raw, (guint) raw_bytes);
  if (number == 3)
    {
      uLongf got = (uLongf) raw_bytes;
      ok = uncompress (pbf->raw->data, &got, data.at, (uLong) packed_bytes) == Z_OK && got == raw_bytes;
    }
  else if (number == 7)
    ok = ZSTD_decompress (pbf->raw->data, raw_bytes, data.at, packed_bytes) == raw_bytes;
  return ok || corrupt (pbf, "a block that cannot be unpacked", error);
}

static gboolean
read_blob (Pbf *pbf, const char *type, GError **error)
{
  Span span = { 0 };
  Span data = { 0 };
  guint packing = 0;
  guint64 raw_bytes = 0;

  if (pbf->packed->len == 0)
    return corrupt (pbf, "an empty blob", error);
  span = (Span){ pbf->packed->data, pbf->packed->data + pbf->packed->len };
  while (span.at < span.end)
    {
      Field field;
      if (!read_field (&span, &field))
        return corrupt (pbf, "a bad blob", error);
      if (is_number (&field, 2))
        raw_bytes = field.value;
      else if (field.wire == 2)
        {
          packing = field.number;
          data = field.bytes;
        }
    }
  if (packing != 1 && packing != 3 && packing != 7)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s is packed in a way that is not supported", pbf->run->reader->path);
      return FALSE;
    }
  if (!unpack (pbf, data, packing, raw_bytes, error))
    return FALSE;
  span.at = pbf->raw->data;
  span.end = pbf->raw->data + pbf->raw->len;
  return strcmp (type, "OSMHeader") == 0 ? read_file_header (pbf, span, error) : read_block (pbf, span, error);
}

/* Reads the frame of the next blob; *type is NULL at the end of the file. */
static gboolean
read_blob_header (Pbf *pbf, char **type, guint64 *blob_bytes, GError **error)
{
  guint8 length[4], buffer[MAX_HEADER_BYTES];
  guint32 bytes;
  Span span;
  gssize got = navi_osm_read (pbf->run, length, sizeof length, error);

  *type = NULL;
  *blob_bytes = G_MAXUINT64;
  if (got <= 0)
    return got == 0;
  bytes = (guint32) length[0] << 24 | (guint32) length[1] << 16 | (guint32) length[2] << 8 | length[3];
  if (got != sizeof length || bytes > sizeof buffer)
    return corrupt (pbf, "a bad frame", error);
  got = navi_osm_read (pbf->run, buffer, bytes, error);
  if (got < 0)
    return FALSE;
  if ((guint32) got != bytes)
    return corrupt (pbf, "it ends too early", error);
  for (span.at = buffer, span.end = buffer + bytes; span.at < span.end;)
    {
      Field field;
      if (!read_field (&span, &field))
        {
          g_clear_pointer (type, g_free);
          return corrupt (pbf, "a bad frame", error);
        }
      if (is_bytes (&field, 1))
        {
          g_free (*type);
          *type = g_strndup ((const char *) field.bytes.at, (gsize) (field.bytes.end - field.bytes.at));
        }
      else if (is_number (&field, 3))
        *blob_bytes = field.value;
    }
  if (*type == NULL || *blob_bytes > MAX_BLOB_BYTES)
    {
      g_clear_pointer (type, g_free);
      return corrupt (pbf, "a bad frame", error);
    }
  return TRUE;
}

static guint
wanted_kinds (const NaviOsmHandler *handler)
{
  return (handler->node != NULL ? 1u << NAVI_OSM_NODE : 0) | (handler->way != NULL ? 1u << NAVI_OSM_WAY : 0)
         | (handler->relation != NULL ? 1u << NAVI_OSM_RELATION : 0);
}

static gboolean
skip (Pbf *pbf, guint64 bytes, GError **error)
{
  NaviOsmReader *reader = pbf->run->reader;

  if (reader->done_bytes + bytes > reader->file_bytes || lseek (reader->fd, (off_t) bytes, SEEK_CUR) < 0)
    return corrupt (pbf, "it ends too early", error);
  reader->done_bytes += bytes;
  return TRUE;
}

/* Handles one blob; *more is FALSE after the last. */
static gboolean
next_blob (Pbf *pbf, guint index, gboolean *more, GError **error)
{
  NaviOsmReader *reader = pbf->run->reader;
  g_autofree char *type = NULL;
  guint64 bytes;
  gssize got;

  *more = FALSE;
  if (!read_blob_header (pbf, &type, &bytes, error))
    return FALSE;
  if (type == NULL)
    return index > 0 || corrupt (pbf, "it is empty", error);
  *more = TRUE;
  if (index == 0 && strcmp (type, "OSMHeader") != 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is no OpenStreetMap file", reader->path);
      return FALSE;
    }
  if ((strcmp (type, "OSMData") != 0 && strcmp (type, "OSMHeader") != 0)
      || (index > 0 && index < reader->blob_kinds->len && (reader->blob_kinds->data[index] & wanted_kinds (pbf->run->handler)) == 0))
    {
      if (index == reader->blob_kinds->len)
        g_byte_array_append (reader->blob_kinds, (const guint8 *) "", 1);
      return skip (pbf, bytes, error);
    }
  g_byte_array_set_size (pbf->packed, (guint) bytes);
  got = navi_osm_read (pbf->run, pbf->packed->data, bytes, error);
  if (got < 0)
    return FALSE;
  if ((guint64) got != bytes)
    return corrupt (pbf, "it ends too early", error);
  pbf->kinds = 0;
  if (!read_blob (pbf, type, error))
    return FALSE;
  if (index == reader->blob_kinds->len)
    {
      guint8 kinds = (guint8) pbf->kinds;
      g_byte_array_append (reader->blob_kinds, &kinds, 1);
    }
  return TRUE;
}

gboolean
navi_osm_pbf_run (NaviOsmRun *run, GError **error)
{
  Pbf pbf = { .run = run };
  gboolean ok = TRUE, more = TRUE;

  pbf.packed = g_byte_array_new ();
  pbf.raw = g_byte_array_new ();
  pbf.text = g_byte_array_new ();
  pbf.strings = g_array_new (FALSE, FALSE, sizeof (guint32));
  pbf.tags = g_array_new (FALSE, FALSE, sizeof (NaviOsmTag));
  pbf.refs = g_array_new (FALSE, FALSE, sizeof (gint64));
  pbf.members = g_array_new (FALSE, FALSE, sizeof (NaviOsmMember));
  for (guint i = 0; ok && more; i++)
    ok = next_blob (&pbf, i, &more, error);
  g_byte_array_unref (pbf.packed);
  g_byte_array_unref (pbf.raw);
  g_byte_array_unref (pbf.text);
  g_array_unref (pbf.strings);
  g_array_unref (pbf.tags);
  g_array_unref (pbf.refs);
  g_array_unref (pbf.members);
  return ok;
}
