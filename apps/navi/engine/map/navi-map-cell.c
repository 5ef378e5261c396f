/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-cell.h"

#include "cloud-error.h"

#include <string.h>

/* One block of the map: its bytes to features and back. */

const NaviMapLevel navi_map_levels[NAVI_MAP_N_LEVELS] = {
  { 0, 7, 2560, 2 }, { 8, 9, 640, 2 }, { 10, 11, 160, 2 }, { 12, 13, 40, 2 }, { 14, 22, 10, 1 },
};

enum
{
  FLAG_HAS_LAYER = 1 << 6,
  FLAG_HAS_RANK = 1 << 7,
  FLAGS_KIND = FLAG_HAS_LAYER - 1,
  LONG_LENGTH = 15,
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
  guint32 n = read_count (r), n_bytes = read_count (r);
  const char *at;

  if (r->bad || n > n_bytes || (n_bytes > 0 && r->at[n_bytes - 1] != '\0') || n_bytes > (gsize) (r->end - r->at))
    {
      r->bad = TRUE;
      return;
    }
  cell->text = g_memdup2 (r->at, n_bytes);
  cell->strings = g_new0 (const char *, n + 1);
  cell->size_bytes += n_bytes + n * sizeof (char *);
  at = cell->text;
  for (; cell->n_strings < n && at < cell->text + n_bytes && g_utf8_validate (at, -1, NULL); at += strlen (at) + 1)
    cell->strings[cell->n_strings++] = at;
  r->bad = cell->n_strings < n || at != cell->text + n_bytes;
  r->at += n_bytes;
}

/* Part of the bytes that has its own reader. */
static Reader
read_part (Reader *r)
{
  guint32 n_bytes = read_count (r);
  Reader part = { r->at, r->at + n_bytes, r->bad };

  r->at += n_bytes;
  return part;
}

typedef struct
{
  const NaviMapCell *cell;
  gint32 grid;
  Reader names;
  Reader counts;
  const guint8 *lengths;
  const guint8 *lengths_end;
  const guint8 *bits;
  gsize n_bits; /* bytes */
  gsize at_bit;
  gboolean bad;
  guint32 n_used; /* strings so far */
  NaviMapXY at;
  GArray *features_out;
  GArray *rings_out;
  GArray *points_out;
} Decoder;

typedef struct
{
  NaviMapFeature feature; /* what all features of the group are */
  guint32 n_features;
  gboolean has_refs;
} Group;

static gboolean
is_kind (guint32 kind)
{
  return kind < NAVI_MAP_N_KINDS
         && (navi_map_kind_is_area ((int) kind) || navi_map_kind_is_line ((int) kind) || navi_map_kind_is_point ((int) kind));
}

static Group
read_group (Reader *r)
{
  guint32 kind = read_varint (r), head = read_varint (r), n;
  Group group = { .feature = { .kind = (guint8) kind, .flags = head & FLAGS_KIND } };

  if (head & FLAG_HAS_LAYER)
    {
      gint32 layer = read_signed (r);

      group.feature.layer = (gint8) CLAMP (layer, -5, 5);
    }
  if (head & FLAG_HAS_RANK)
    group.feature.rank = (guint8) read_varint (r);
  n = read_varint (r);
  group.n_features = n >> 1;
  group.has_refs = n & 1;
  if (!is_kind (kind))
    r->bad = TRUE;
  return group;
}

static guint32
read_name (Decoder *d)
{
  guint32 code = read_varint (&d->names), index;

  if (code == 0)
    return 0;
  index = code == 1 ? ++d->n_used : d->n_used - (code - 2);
  if (index == 0 || index > d->cell->n_strings)
    {
      d->names.bad = TRUE;
      return 0;
    }
  return index;
}

static void
grow_box (NaviMapFeature *feature, NaviMapXY at)
{
  feature->least.x = MIN (feature->least.x, at.x);
  feature->least.y = MIN (feature->least.y, at.y);
  feature->most.x = MAX (feature->most.x, at.x);
  feature->most.y = MAX (feature->most.y, at.y);
}

/* @n: at most NAVI_MAP_CELL_LONG_BITS */
static guint32
read_bits (Decoder *d, guint n)
{
  gsize byte = d->at_bit / 8;
  guint32 value = 0;

  if (d->at_bit + n > d->n_bits * 8)
    {
      d->bad = TRUE;
      return 0;
    }
  for (guint i = 0; i < 4 && byte + i < d->n_bits; i++)
    value |= (guint32) d->bits[byte + i] << (8 * i);
  value = value >> d->at_bit % 8 & ((1u << n) - 1);
  d->at_bit += n;
  return value;
}

static gint32
read_difference (Decoder *d, guint length)
{
  guint32 value;

  if (length == LONG_LENGTH)
    value = read_bits (d, NAVI_MAP_CELL_LONG_BITS);
  else
    value = length > 0 ? 1u << (length - 1) | read_bits (d, length - 1) : 0;
  return (gint32) (value >> 1) ^ -(gint32) (value & 1);
}

static void
read_points (Decoder *d, NaviMapFeature *feature, guint32 n)
{
  const gint32 most = 2 * NAVI_MAP_CELL_UNITS;
  NaviMapXY *out;

  if (n > (gsize) (d->lengths_end - d->lengths))
    {
      d->bad = TRUE;
      return;
    }
  g_array_set_size (d->points_out, d->points_out->len + n);
  out = &g_array_index (d->points_out, NaviMapXY, d->points_out->len - n);
  for (guint32 i = 0; i < n; i++)
    {
      guint8 lengths = *d->lengths++;

      d->at.x += read_difference (d, lengths & 15) * d->grid;
      d->at.y += read_difference (d, lengths >> 4) * d->grid;
      if (ABS (d->at.x) > most || ABS (d->at.y) > most)
        {
          d->bad = TRUE;
          d->at = (NaviMapXY){ 0, 0 };
        }
      grow_box (feature, d->at);
      out[i] = d->at;
    }
}

static void
read_rings (Decoder *d, NaviMapFeature *feature)
{
  gboolean is_area = navi_map_kind_is_area (feature->kind);

  feature->first_ring = d->rings_out->len;
  feature->n_rings = is_area ? read_count (&d->counts) : 1;
  for (guint32 i = 0; i < feature->n_rings && !d->counts.bad && !d->bad; i++)
    {
      guint32 n = read_varint (&d->counts);
      NaviMapRing ring = { d->points_out->len, MIN (n, NAVI_MAP_CELL_MAX_BYTES) + (is_area ? 3 : 2) };

      read_points (d, feature, ring.n_points);
      g_array_append_val (d->rings_out, ring);
    }
}

static void
read_features (Decoder *d, const Group *group)
{
  d->at = (NaviMapXY){ 0, 0 };
  for (guint32 i = 0; i < group->n_features && !d->names.bad && !d->counts.bad && !d->bad; i++)
    {
      NaviMapFeature feature = group->feature;

      feature.least = (NaviMapXY){ G_MAXINT32, G_MAXINT32 };
      feature.most = (NaviMapXY){ G_MININT32, G_MININT32 };
      feature.name = read_name (d);
      if (group->has_refs)
        feature.ref = read_name (d);
      if (navi_map_kind_is_point (feature.kind))
        {
          feature.first_ring = d->points_out->len;
          read_points (d, &feature, 1);
        }
      else
        read_rings (d, &feature);
      g_array_append_val (d->features_out, feature);
    }
}

static gboolean
is_at_end (const Reader *r)
{
  return !r->bad && r->at == r->end;
}

static void
read_groups (Reader *r, GArray *groups)
{
  guint32 n_groups = read_count (r);
  int last_kind = 0;

  for (guint32 i = 0; i < n_groups && !r->bad; i++)
    {
      Group group = read_group (r);

      if (group.feature.kind < last_kind)
        r->bad = TRUE;
      last_kind = group.feature.kind;
      g_array_append_val (groups, group);
    }
}

static gboolean
decode (const NaviMapCellParts *parts, NaviMapCell *cell)
{
  Reader r = { parts->heads, parts->heads + parts->n_heads, FALSE };
  Decoder d = { .cell = cell, .grid = navi_map_levels[cell->level].grid, .bits = parts->bits, .n_bits = parts->n_bits };
  g_autoptr (GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));

  read_strings (&r, cell);
  if (!r.bad)
    read_groups (&r, groups);
  d.names = read_part (&r);
  d.counts = r;
  d.lengths = parts->lengths;
  d.lengths_end = parts->lengths + parts->n_lengths;
  d.features_out = g_array_new (FALSE, FALSE, sizeof (NaviMapFeature));
  d.rings_out = g_array_new (FALSE, FALSE, sizeof (NaviMapRing));
  d.points_out = g_array_sized_new (FALSE, FALSE, sizeof (NaviMapXY), (guint) parts->n_lengths);
  for (guint i = 0; i < groups->len && !r.bad; i++)
    read_features (&d, &g_array_index (groups, Group, i));
  cell->n_features = d.features_out->len;
  cell->n_rings = d.rings_out->len;
  cell->n_points = d.points_out->len;
  cell->size_bytes += sizeof *cell + cell->n_features * sizeof (NaviMapFeature) + cell->n_rings * sizeof (NaviMapRing)
                      + cell->n_points * sizeof (NaviMapXY);
  cell->features = (NaviMapFeature *) g_array_free (d.features_out, FALSE);
  cell->rings = (NaviMapRing *) g_array_free (d.rings_out, FALSE);
  cell->points = (NaviMapXY *) g_array_free (d.points_out, FALSE);
  return !r.bad && !d.bad && is_at_end (&d.names) && is_at_end (&d.counts) && d.lengths == d.lengths_end
         && (d.at_bit + 7) / 8 == d.n_bits;
}

NaviMapCell *
navi_map_cell_decode (const NaviMapCellParts *parts, int level, gint32 row, gint32 col, GError **error)
{
  g_autoptr (NaviMapCell) cell = g_new0 (NaviMapCell, 1);

  g_atomic_ref_count_init (&cell->ref_count);
  cell->level = level;
  cell->row = row;
  cell->col = col;
  if (decode (parts, cell))
    return g_steal_pointer (&cell);
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT,
               "A block of the map is damaged (level %d, row %d, column %d); import the region again", level, row, col);
  return NULL;
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
  g_free (self->strings);
  g_free (self->text);
  g_free (self->features);
  g_free (self->rings);
  g_free (self->points);
  g_free (self);
}

NaviNames *
navi_map_cell_get_names (const NaviMapCell *self, guint32 index)
{
  static const char separator[] = { STRING_SEPARATOR, '\0' };
  g_auto (GStrv) parts = NULL;
  guint n;

  g_return_val_if_fail (self != NULL, NULL);

  if (index == 0 || index > self->n_strings)
    return NULL;
  parts = g_strsplit (self->strings[index - 1], separator, 3);
  n = g_strv_length (parts);
  return navi_names_new (parts[0], n > 1 ? parts[1] : NULL, n > 2 ? parts[2] : NULL);
}

/* ---- Writing ---- */

typedef struct
{
  NaviMapClass class;
  guint32 name; /* index into strings + 1; 0: none */
  guint32 ref;
  guint first_ring;
  guint n_rings;
  guint64 place; /* on a curve through the cell */
} WriterFeature;

/* The streams of a block that is being written. */
typedef struct
{
  GByteArray *text;
  GByteArray *groups;
  GByteArray *names;
  GByteArray *counts;
  GByteArray *lengths;
  GByteArray *bits;
  guint64 waiting; /* bits that do not fill a byte yet */
  guint n_waiting;
  guint32 *use; /* by string: the number of its first use + 1 */
  guint32 n_used;
  NaviMapXY at;
} Streams;

struct _NaviMapCellWriter
{
  GHashTable *index_by_string; /* looked up only, never walked */
  GPtrArray *strings;          /* borrowed from the table's keys */
  GArray *features;            /* WriterFeature */
  GArray *rings;               /* NaviMapRing */
  GArray *points;              /* NaviMapXY */
  GByteArray *heads;
  Streams streams;
  gint32 grid;
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
  self->features = g_array_new (FALSE, FALSE, sizeof (WriterFeature));
  self->rings = g_array_new (FALSE, FALSE, sizeof (NaviMapRing));
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviMapXY));
  self->heads = g_byte_array_new ();
  self->streams.text = g_byte_array_new ();
  self->streams.groups = g_byte_array_new ();
  self->streams.names = g_byte_array_new ();
  self->streams.counts = g_byte_array_new ();
  self->streams.lengths = g_byte_array_new ();
  self->streams.bits = g_byte_array_new ();
  return self;
}

void
navi_map_cell_writer_free (NaviMapCellWriter *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->index_by_string);
  g_ptr_array_unref (self->strings);
  g_array_unref (self->features);
  g_array_unref (self->rings);
  g_array_unref (self->points);
  g_byte_array_unref (self->heads);
  g_byte_array_unref (self->streams.text);
  g_byte_array_unref (self->streams.groups);
  g_byte_array_unref (self->streams.names);
  g_byte_array_unref (self->streams.counts);
  g_byte_array_unref (self->streams.lengths);
  g_byte_array_unref (self->streams.bits);
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

void
navi_map_cell_writer_add_point (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, NaviMapXY point)
{
  navi_map_cell_writer_begin (self, class, name, NULL, 1);
  navi_map_cell_writer_add_ring (self, &point, 1);
}

void
navi_map_cell_writer_begin (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, const char *ref, guint n_rings)
{
  WriterFeature feature = { .class = *class, .first_ring = self->rings->len, .n_rings = n_rings };

  feature.class.flags &= FLAGS_KIND;
  feature.name = intern (self, name);
  feature.ref = intern (self, ref);
  g_array_append_val (self->features, feature);
}

/* A curve that fills the cell: what is near on it is near in the cell. */
static guint64
place_of (NaviMapXY at)
{
  guint32 x = (guint32) (at.x + 2 * NAVI_MAP_CELL_UNITS), y = (guint32) (at.y + 2 * NAVI_MAP_CELL_UNITS);
  guint64 place = 0;

  for (guint bit = 17; bit-- > 0;)
    place = place << 2 | (y >> bit & 1) << 1 | (x >> bit & 1);
  return place;
}

void
navi_map_cell_writer_add_ring (NaviMapCellWriter *self, const NaviMapXY *points, guint n_points)
{
  WriterFeature *feature = &g_array_index (self->features, WriterFeature, self->features->len - 1);
  NaviMapRing ring = { self->points->len, n_points };

  if (self->rings->len == feature->first_ring)
    feature->place = place_of (points[0]);
  g_array_append_val (self->rings, ring);
  g_array_append_vals (self->points, points, n_points);
}

static int
compare_classes (const NaviMapClass *x, const NaviMapClass *y)
{
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->flags != y->flags)
    return x->flags < y->flags ? -1 : 1;
  if (x->layer != y->layer)
    return x->layer < y->layer ? -1 : 1;
  return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static int
compare_features (gconstpointer a, gconstpointer b)
{
  const WriterFeature *x = a, *y = b;
  int order = compare_classes (&x->class, &y->class);

  if (order == 0 && x->place != y->place)
    order = x->place < y->place ? -1 : 1;
  return order != 0 ? order : x->first_ring < y->first_ring ? -1 : x->first_ring > y->first_ring;
}

static void
write_string (NaviMapCellWriter *self, Streams *streams, guint32 index)
{
  const char *string;

  if (index == 0)
    {
      write_varint (streams->names, 0);
      return;
    }
  if (streams->use[index - 1] != 0)
    {
      write_varint (streams->names, 2 + streams->n_used - streams->use[index - 1]);
      return;
    }
  streams->use[index - 1] = ++streams->n_used;
  write_varint (streams->names, 1);
  string = g_ptr_array_index (self->strings, index - 1);
  g_byte_array_append (streams->text, (const guint8 *) string, (guint) strlen (string) + 1);
}

static void
write_bits (Streams *streams, guint32 value, guint n)
{
  streams->waiting |= (guint64) value << streams->n_waiting;
  streams->n_waiting += n;
  for (; streams->n_waiting >= 8; streams->n_waiting -= 8, streams->waiting >>= 8)
    {
      guint8 byte = streams->waiting & 0xff;

      g_byte_array_append (streams->bits, &byte, 1);
    }
}

static void
end_bits (Streams *streams)
{
  if (streams->n_waiting > 0)
    write_bits (streams, 0, 8 - streams->n_waiting);
}

static guint
write_difference (Streams *streams, gint32 difference)
{
  guint32 value = ((guint32) difference << 1) ^ (guint32) (difference >> 31);
  guint length = value != 0 ? g_bit_storage (value) : 0;

  if (length >= LONG_LENGTH)
    {
      write_bits (streams, value, NAVI_MAP_CELL_LONG_BITS);
      return LONG_LENGTH;
    }
  if (length > 1)
    write_bits (streams, value - (1u << (length - 1)), length - 1);
  return length;
}

static void
write_ring (NaviMapCellWriter *self, Streams *streams, const NaviMapRing *ring)
{
  for (guint i = 0; i < ring->n_points; i++)
    {
      NaviMapXY at = g_array_index (self->points, NaviMapXY, ring->first_point + i);
      guint x_length = write_difference (streams, (at.x - streams->at.x) / self->grid);
      guint8 lengths = (guint8) (x_length | write_difference (streams, (at.y - streams->at.y) / self->grid) << 4);

      g_byte_array_append (streams->lengths, &lengths, 1);
      streams->at = at;
    }
}

static void
write_feature (NaviMapCellWriter *self, Streams *streams, const WriterFeature *feature, gboolean has_refs)
{
  gboolean is_area = navi_map_kind_is_area (feature->class.kind);

  write_string (self, streams, feature->name);
  if (has_refs)
    write_string (self, streams, feature->ref);
  if (is_area)
    write_varint (streams->counts, feature->n_rings);
  for (guint i = 0; i < feature->n_rings; i++)
    {
      const NaviMapRing *ring = &g_array_index (self->rings, NaviMapRing, feature->first_ring + i);

      if (!navi_map_kind_is_point (feature->class.kind))
        write_varint (streams->counts, ring->n_points - (is_area ? 3 : 2));
      write_ring (self, streams, ring);
    }
}

static void
write_group (NaviMapCellWriter *self, Streams *streams, const WriterFeature *features, guint n)
{
  const NaviMapClass *class = &features->class;
  gboolean has_refs = FALSE;

  for (guint i = 0; i < n; i++)
    has_refs |= features[i].ref != 0;
  write_varint (streams->groups, class->kind);
  write_varint (streams->groups,
                class->flags | (class->layer != 0 ? FLAG_HAS_LAYER : 0) | (class->rank != 0 ? FLAG_HAS_RANK : 0));
  if (class->layer != 0)
    write_signed (streams->groups, class->layer);
  if (class->rank != 0)
    write_varint (streams->groups, class->rank);
  write_varint (streams->groups, n << 1 | (has_refs ? 1 : 0));
  streams->at = (NaviMapXY){ 0, 0 };
  for (guint i = 0; i < n; i++)
    write_feature (self, streams, &features[i], has_refs);
}

static guint
write_groups (NaviMapCellWriter *self, Streams *streams)
{
  const WriterFeature *features = (const WriterFeature *) (void *) self->features->data;
  guint n_groups = 0;

  for (guint i = 0, n; i < self->features->len; i += n, n_groups++)
    {
      for (n = 1; i + n < self->features->len && compare_classes (&features[i].class, &features[i + n].class) == 0;)
        n++;
      write_group (self, streams, &features[i], n);
    }
  return n_groups;
}

static void
append (GByteArray *block, const GByteArray *part)
{
  g_byte_array_append (block, part->data, part->len);
}

static void
start_afresh (NaviMapCellWriter *self)
{
  g_ptr_array_set_size (self->strings, 0);
  g_hash_table_remove_all (self->index_by_string);
  g_array_set_size (self->features, 0);
  g_array_set_size (self->rings, 0);
  g_array_set_size (self->points, 0);
}

static void
empty (Streams *streams)
{
  g_byte_array_set_size (streams->text, 0);
  g_byte_array_set_size (streams->groups, 0);
  g_byte_array_set_size (streams->names, 0);
  g_byte_array_set_size (streams->counts, 0);
  g_byte_array_set_size (streams->lengths, 0);
  g_byte_array_set_size (streams->bits, 0);
  streams->waiting = 0;
  streams->n_waiting = 0;
  streams->n_used = 0;
}

gboolean
navi_map_cell_writer_finish (NaviMapCellWriter *self, int level, NaviMapCellParts *parts)
{
  Streams *streams = &self->streams;
  guint n_groups;

  if (self->features->len == 0)
    return FALSE;
  empty (streams);
  self->grid = navi_map_levels[level].grid;
  g_array_sort (self->features, compare_features);
  streams->use = g_new0 (guint32, self->strings->len + 1);
  n_groups = write_groups (self, streams);
  end_bits (streams);
  g_byte_array_set_size (self->heads, 0);
  write_varint (self->heads, streams->n_used);
  write_varint (self->heads, streams->text->len);
  append (self->heads, streams->text);
  write_varint (self->heads, n_groups);
  append (self->heads, streams->groups);
  write_varint (self->heads, streams->names->len);
  append (self->heads, streams->names);
  append (self->heads, streams->counts);
  g_clear_pointer (&streams->use, g_free);
  start_afresh (self);
  *parts = (NaviMapCellParts){ self->heads->data,     self->heads->len,    streams->lengths->data,
                               streams->lengths->len, streams->bits->data, streams->bits->len };
  return TRUE;
}
