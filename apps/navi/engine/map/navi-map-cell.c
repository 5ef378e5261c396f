/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-cell.h"

#include "cloud-error.h"

#include <string.h>

/* One block of the map: its bytes to features and back. */

const NaviMapLevel navi_map_levels[NAVI_MAP_N_LEVELS] = {
  { 0, 7, 2560 }, { 8, 9, 640 }, { 10, 11, 160 }, { 12, 13, 40 }, { 14, 22, 10 },
};

enum
{
  FLAG_HAS_LAYER = 1 << 6,
  FLAG_HAS_REF = 1 << 7,
  FLAGS_KIND = FLAG_HAS_LAYER - 1,
};

#define STRING_SEPARATOR '\x1f'

int
navi_map_level_for_zoom (int zoom)
{
  int level = NAVI_MAP_N_LEVELS - 1;

  while (level > 0 && zoom < navi_map_levels[level].min_zoom)
    level--;
  return level;
}

/* ---- Reading ---- */

typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean bad;
} Reader;

static guint32
read_varint (Reader *r)
{
  guint32 value = 0;

  for (int shift = 0; shift < 35; shift += 7)
    {
      guint8 byte;

      if (r->at >= r->end)
        break;
      byte = *r->at++;
      value |= (guint32) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
  r->bad = TRUE;
  return 0;
}

static gint32
read_signed (Reader *r)
{
  guint32 value = read_varint (r);

  return (gint32) (value >> 1) ^ -(gint32) (value & 1);
}

/* A count of things that take at least one byte each: more than the bytes that remain is a lie. */
static guint32
read_count (Reader *r)
{
  guint32 count = read_varint (r);

  if (count > (gsize) (r->end - r->at))
    {
      r->bad = TRUE;
      return 0;
    }
  return count;
}

static void
read_strings (Reader *r, NaviMapCell *cell)
{
  guint32 n = read_count (r);

  cell->strings = g_new0 (char *, n + 1);
  for (guint32 i = 0; i < n && !r->bad; i++)
    {
      guint32 length = read_count (r);

      if (r->bad || !g_utf8_validate ((const char *) r->at, length, NULL))
        {
          r->bad = TRUE;
          return;
        }
      cell->strings[i] = g_strndup ((const char *) r->at, length);
      cell->n_strings = i + 1;
      cell->size_bytes += length + 1 + sizeof (char *);
      r->at += length;
    }
}

static void
grow_box (NaviMapFeature *feature, NaviMapXY at)
{
  feature->least.x = MIN (feature->least.x, at.x);
  feature->least.y = MIN (feature->least.y, at.y);
  feature->most.x = MAX (feature->most.x, at.x);
  feature->most.y = MAX (feature->most.y, at.y);
}

static void
read_ring (Reader *r, NaviMapFeature *feature, GArray *rings, GArray *points)
{
  NaviMapRing ring = { points->len, read_count (r) };
  NaviMapXY at = { 0, 0 };

  for (guint32 i = 0; i < ring.n_points && !r->bad; i++)
    {
      at.x += read_signed (r);
      at.y += read_signed (r);
      if (ABS (at.x) > 2 * NAVI_MAP_CELL_UNITS || ABS (at.y) > 2 * NAVI_MAP_CELL_UNITS)
        r->bad = TRUE;
      grow_box (feature, at);
      g_array_append_val (points, at);
    }
  g_array_append_val (rings, ring);
}

static void
read_feature (Reader *r, int kind, const NaviMapCell *cell, GArray *features, GArray *rings, GArray *points)
{
  guint32 head = read_varint (r);
  NaviMapFeature feature = {
    .kind = (guint8) kind,
    .flags = head & FLAGS_KIND,
    .least = { G_MAXINT32, G_MAXINT32 },
    .most = { G_MININT32, G_MININT32 },
  };

  if (head & FLAG_HAS_LAYER)
    {
      gint32 layer = read_signed (r);

      feature.layer = (gint8) CLAMP (layer, -5, 5);
    }
  feature.rank = (guint8) read_varint (r);
  feature.name = read_varint (r);
  if (head & FLAG_HAS_REF)
    feature.ref = read_varint (r);
  if (feature.name > cell->n_strings || feature.ref > cell->n_strings)
    r->bad = TRUE;
  if (navi_map_kind_is_point (kind))
    {
      NaviMapXY at;

      at.x = read_signed (r);
      at.y = read_signed (r);
      if (ABS (at.x) > 2 * NAVI_MAP_CELL_UNITS || ABS (at.y) > 2 * NAVI_MAP_CELL_UNITS)
        r->bad = TRUE;
      feature.first_ring = points->len;
      grow_box (&feature, at);
      g_array_append_val (points, at);
    }
  else
    {
      feature.first_ring = rings->len;
      feature.n_rings = read_count (r);
      for (guint32 i = 0; i < feature.n_rings && !r->bad; i++)
        read_ring (r, &feature, rings, points);
    }
  g_array_append_val (features, feature);
}

NaviMapCell *
navi_map_cell_decode (const guint8 *bytes, gsize n_bytes, int level, gint32 row, gint32 col, GError **error)
{
  Reader r = { bytes, bytes + n_bytes, FALSE };
  g_autoptr (NaviMapCell) cell = g_new0 (NaviMapCell, 1);
  GArray *features = g_array_new (FALSE, FALSE, sizeof (NaviMapFeature));
  GArray *rings = g_array_new (FALSE, FALSE, sizeof (NaviMapRing));
  GArray *points = g_array_new (FALSE, FALSE, sizeof (NaviMapXY));
  guint32 n_groups;
  int last_kind = 0;

  g_atomic_ref_count_init (&cell->ref_count);
  cell->level = level;
  cell->row = row;
  cell->col = col;
  read_strings (&r, cell);
  n_groups = read_count (&r);
  for (guint32 g = 0; g < n_groups && !r.bad; g++)
    {
      int kind = (int) read_varint (&r);
      guint32 n = read_count (&r);

      if (kind <= last_kind || kind >= NAVI_MAP_N_KINDS ||
          !(navi_map_kind_is_area (kind) || navi_map_kind_is_line (kind) || navi_map_kind_is_point (kind)))
        r.bad = TRUE;
      last_kind = kind;
      for (guint32 i = 0; i < n && !r.bad; i++)
        read_feature (&r, kind, cell, features, rings, points);
    }
  cell->n_features = features->len;
  cell->n_rings = rings->len;
  cell->n_points = points->len;
  cell->size_bytes += sizeof *cell + features->len * sizeof (NaviMapFeature) + rings->len * sizeof (NaviMapRing) +
                      points->len * sizeof (NaviMapXY);
  cell->features = (NaviMapFeature *) g_array_free (features, FALSE);
  cell->rings = (NaviMapRing *) g_array_free (rings, FALSE);
  cell->points = (NaviMapXY *) g_array_free (points, FALSE);
  if (r.bad || r.at != r.end)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT,
                   "A block of the map is damaged (level %d, row %d, column %d); import the region again", level, row, col);
      return NULL;
    }
  return g_steal_pointer (&cell);
}

NaviMapCell *
navi_map_cell_ref (NaviMapCell *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
navi_map_cell_unref (NaviMapCell *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_strfreev (self->strings);
  g_free (self->features);
  g_free (self->rings);
  g_free (self->points);
  g_free (self);
}

char *
navi_map_cell_dup_string (const NaviMapCell *self, guint32 index, const char *language)
{
  const char *string;
  const char *en;
  const char *zh;

  g_return_val_if_fail (self != NULL, NULL);

  if (index == 0 || index > self->n_strings)
    return NULL;
  string = self->strings[index - 1];
  en = strchr (string, STRING_SEPARATOR);
  if (en == NULL)
    return g_strdup (string);
  zh = strchr (en + 1, STRING_SEPARATOR);
  if (zh != NULL && g_strcmp0 (language, "zh") == 0 && zh[1] != '\0')
    return g_strdup (zh + 1);
  if (zh != NULL && g_strcmp0 (language, "en") == 0 && zh > en + 1)
    return g_strndup (en + 1, zh - en - 1);
  return g_strndup (string, en - string);
}

/* ---- Writing ---- */

struct _NaviMapCellWriter
{
  GHashTable *index_by_string;
  GPtrArray *strings; /* borrowed from the table's keys */
  GByteArray *groups;
  GByteArray *group; /* the features of the current kind */
  int kind;
  guint n_groups;
  guint n_in_group;
};

static void
write_varint (GByteArray *out, guint32 value)
{
  guint8 bytes[5];
  guint n = 0;

  do
    {
      bytes[n] = value & 0x7f;
      value >>= 7;
      if (value != 0)
        bytes[n] |= 0x80;
      n++;
    }
  while (value != 0);
  g_byte_array_append (out, bytes, n);
}

static void
write_signed (GByteArray *out, gint32 value)
{
  write_varint (out, ((guint32) value << 1) ^ (guint32) (value >> 31));
}

NaviMapCellWriter *
navi_map_cell_writer_new (void)
{
  NaviMapCellWriter *self = g_new0 (NaviMapCellWriter, 1);

  self->index_by_string = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->strings = g_ptr_array_new ();
  self->groups = g_byte_array_new ();
  self->group = g_byte_array_new ();
  return self;
}

void
navi_map_cell_writer_free (NaviMapCellWriter *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->index_by_string);
  g_ptr_array_unref (self->strings);
  g_byte_array_unref (self->groups);
  g_byte_array_unref (self->group);
  g_free (self);
}

static guint32
intern (NaviMapCellWriter *self, const char *string)
{
  gpointer index;
  char *copy;

  if (string == NULL || *string == '\0')
    return 0;
  index = g_hash_table_lookup (self->index_by_string, string);
  if (index != NULL)
    return GPOINTER_TO_UINT (index);
  copy = g_strdup (string);
  g_ptr_array_add (self->strings, copy);
  g_hash_table_insert (self->index_by_string, copy, GUINT_TO_POINTER (self->strings->len));
  return self->strings->len;
}

static void
close_group (NaviMapCellWriter *self)
{
  if (self->n_in_group == 0)
    return;
  write_varint (self->groups, self->kind);
  write_varint (self->groups, self->n_in_group);
  g_byte_array_append (self->groups, self->group->data, self->group->len);
  g_byte_array_set_size (self->group, 0);
  self->n_groups++;
  self->n_in_group = 0;
}

static void
write_head (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, const char *ref)
{
  guint32 ref_index = intern (self, ref);

  g_assert (self->n_in_group == 0 || self->kind <= (int) class->kind);

  if (self->kind != (int) class->kind)
    {
      close_group (self);
      self->kind = class->kind;
    }
  self->n_in_group++;
  write_varint (self->group, (class->flags & FLAGS_KIND) | (class->layer != 0 ? FLAG_HAS_LAYER : 0) |
                               (ref_index != 0 ? FLAG_HAS_REF : 0));
  if (class->layer != 0)
    write_signed (self->group, class->layer);
  write_varint (self->group, class->rank);
  write_varint (self->group, intern (self, name));
  if (ref_index != 0)
    write_varint (self->group, ref_index);
}

void
navi_map_cell_writer_add_point (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, NaviMapXY point)
{
  write_head (self, class, name, NULL);
  write_signed (self->group, point.x);
  write_signed (self->group, point.y);
}

void
navi_map_cell_writer_begin (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, const char *ref, guint n_rings)
{
  write_head (self, class, name, ref);
  write_varint (self->group, n_rings);
}

void
navi_map_cell_writer_add_ring (NaviMapCellWriter *self, const NaviMapXY *points, guint n_points)
{
  NaviMapXY last = { 0, 0 };

  write_varint (self->group, n_points);
  for (guint i = 0; i < n_points; i++)
    {
      write_signed (self->group, points[i].x - last.x);
      write_signed (self->group, points[i].y - last.y);
      last = points[i];
    }
}

GByteArray *
navi_map_cell_writer_finish (NaviMapCellWriter *self)
{
  GByteArray *block;

  close_group (self);
  if (self->n_groups == 0)
    return NULL;
  block = g_byte_array_new ();
  write_varint (block, self->strings->len);
  for (guint i = 0; i < self->strings->len; i++)
    {
      const char *string = g_ptr_array_index (self->strings, i);
      gsize length = strlen (string);

      write_varint (block, (guint32) length);
      g_byte_array_append (block, (const guint8 *) string, length);
    }
  write_varint (block, self->n_groups);
  g_byte_array_append (block, self->groups->data, self->groups->len);
  g_ptr_array_set_size (self->strings, 0);
  g_hash_table_remove_all (self->index_by_string);
  g_byte_array_set_size (self->groups, 0);
  self->n_groups = 0;
  self->kind = 0;
  return block;
}
