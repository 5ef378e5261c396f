/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-builder-private.h"
#include "navi-map-chain.h"
#include "navi-map-detail.h"

#include "cloud-error.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <zstd.h>

/* Sorts what was gathered by cells and writes cell after cell. */

enum
{
  COMPRESSION_LEVEL = 19,
  SPECK_UNITS = 6,
  FEATURES_AT_ONCE = 1 << 10, /* so many are looked at before their pages are given back */
};

/* What lines must have in common to be joined. */
typedef struct
{
  NaviMapClass class;
  const char *name; /* in the spool */
  const char *ref;
} Line;

typedef struct
{
  NaviMapCellWriter *writer;
  int level;
  gint64 south_e7;
  gint64 west_e7;
  gint32 unit_e7;
  GArray *clipped;
  GArray *scratch;
  GArray *parts; /* points (NaviMapXY) of the rings of the current feature */
  GArray *part_sizes;
  NaviMapChains *chains; /* of the current kind */
  GHashTable *line_keys; /* Line -> key + 1; looked up only, never walked */
  GPtrArray *lines;      /* Line, by key */
  guint key;
  gboolean directed;
} CellJob;

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const NaviMapEntry *x = a;
  const NaviMapEntry *y = b;

#define BY(field)                                                                                                                \
  if (x->field != y->field)                                                                                                      \
  return x->field < y->field ? -1 : 1
  BY (level);
  BY (row);
  BY (col);
  BY (kind);
  BY (offset);
#undef BY
  return 0;
}

static gint32
to_units (gint64 value_e7, gint64 origin_e7, gint32 unit_e7)
{
  gint64 d = value_e7 - origin_e7;

  /* Round to the nearest, halves up, also below zero. */
  return (gint32) ((d + unit_e7 / 2 + (gint64) unit_e7 * 4 * NAVI_MAP_CELL_UNITS) / unit_e7 - 4 * NAVI_MAP_CELL_UNITS);
}

static NaviMapXY
to_xy (const CellJob *job, NaviMapPoint p)
{
  gint32 grid = navi_map_levels[job->level].grid;

  return (NaviMapXY){ to_units (p.lon_e7, job->west_e7, job->unit_e7 * grid) * grid,
                      to_units (p.lat_e7, job->south_e7, job->unit_e7 * grid) * grid };
}

/* Adds the points as one ring of the current feature, those dropped that fall on their predecessor; at least @least must remain.
 */
static void
add_part (CellJob *job, const NaviMapPoint *points, guint n, guint least)
{
  guint first = job->parts->len;
  guint kept;

  for (guint i = 0; i < n; i++)
    {
      NaviMapXY xy = to_xy (job, points[i]);
      const NaviMapXY *last = job->parts->len > first ? &g_array_index (job->parts, NaviMapXY, job->parts->len - 1) : NULL;

      if (last == NULL || last->x != xy.x || last->y != xy.y)
        g_array_append_val (job->parts, xy);
    }
  kept = job->parts->len - first;
  if (kept < least)
    g_array_set_size (job->parts, first);
  else
    g_array_append_val (job->part_sizes, kept);
}

/* The parts of a feature as it lies in the spool. */
typedef struct
{
  NaviMapSpoolHead head;
  const guint *sizes;
  const NaviMapPoint *points;
  guint n_points;
  const char *name; /* (nullable) */
  const char *ref;
} Record;

static Record
read_record (const guint8 *at)
{
  Record record = { .sizes = (const guint *) (const void *) (at + sizeof (NaviMapSpoolHead)) };

  memcpy (&record.head, at, sizeof record.head);
  for (guint i = 0; i < record.head.n_rings; i++)
    record.n_points += record.sizes[i];
  record.points = (const NaviMapPoint *) (const void *) (record.sizes + record.head.n_rings);
  if (record.head.name_bytes > 0)
    record.name = (const char *) (record.points + record.n_points);
  if (record.head.ref_bytes > 0)
    record.ref = (const char *) (record.points + record.n_points) + record.head.name_bytes;
  return record;
}

static NaviMapRect
clip_rect (const CellJob *job, const NaviMapClass *class)
{
  gint64 margin = navi_map_clip_margin_e7 (class, job->level), size = navi_map_cell_size_e7 (job->level);

  return (NaviMapRect){ job->south_e7 - margin, job->west_e7 - margin, job->south_e7 + size + margin,
                        job->west_e7 + size + margin };
}

static void
write_area (CellJob *job, const NaviMapClass *class, const Record *record)
{
  NaviMapRect rect = clip_rect (job, class);
  const NaviMapPoint *points = record->points;

  g_array_set_size (job->parts, 0);
  g_array_set_size (job->part_sizes, 0);
  for (guint i = 0; i < record->head.n_rings; points += record->sizes[i], i++)
    {
      navi_map_clip_ring (points, record->sizes[i], &rect, job->clipped, job->scratch);
      add_part (job, (NaviMapPoint *) (void *) job->clipped->data, job->clipped->len, 3);
    }
  if (job->part_sizes->len == 0)
    return;
  navi_map_cell_writer_begin (job->writer, class, NULL, NULL, job->part_sizes->len);
  for (guint i = 0, at = 0; i < job->part_sizes->len; i++)
    {
      guint n = g_array_index (job->part_sizes, guint, i);

      navi_map_cell_writer_add_ring (job->writer, &g_array_index (job->parts, NaviMapXY, at), n);
      at += n;
    }
}

/* ---- Lines of one kind, which are joined ---- */

static guint
line_hash (gconstpointer data)
{
  const Line *line = data;
  guint hash = line->class.flags | (guint) (line->class.layer + 8) << 8 | (guint) line->class.rank << 16;

  return hash * 31 + (line->name != NULL ? g_str_hash (line->name) : 0) + (line->ref != NULL ? 7 * g_str_hash (line->ref) : 0);
}

static gboolean
line_equal (gconstpointer a, gconstpointer b)
{
  const Line *x = a, *y = b;

  return x->class.flags == y->class.flags && x->class.layer == y->class.layer && x->class.rank == y->class.rank
         && g_strcmp0 (x->name, y->name) == 0 && g_strcmp0 (x->ref, y->ref) == 0;
}

static guint
key_of_line (CellJob *job, const Line *line)
{
  guint key = GPOINTER_TO_UINT (g_hash_table_lookup (job->line_keys, line));

  if (key == 0)
    {
      Line *copy = g_memdup2 (line, sizeof *line);

      g_ptr_array_add (job->lines, copy);
      key = job->lines->len;
      g_hash_table_insert (job->line_keys, copy, GUINT_TO_POINTER (key));
    }
  return key - 1;
}

static void
on_line_part (const NaviMapPoint *points, guint n, gpointer user_data)
{
  CellJob *job = user_data;

  navi_map_chains_add (job->chains, job->key, job->directed, points, n);
}

static void
add_line (CellJob *job, const NaviMapClass *class, const Record *record)
{
  NaviMapRect rect = clip_rect (job, class);
  Line line = { .class = *class };

  if (navi_map_has_name (class, job->level))
    line.name = record->name;
  if (navi_map_has_ref (class, job->level))
    line.ref = record->ref;
  job->key = key_of_line (job, &line);
  job->directed = (class->flags & NAVI_MAP_FLAG_ONEWAY) != 0;
  navi_map_clip_line (record->points, record->n_points, &rect, job->scratch, on_line_part, job);
}

/* Lines too short to see are left out where a pixel is many units. */
static gboolean
is_speck (const CellJob *job)
{
  const NaviMapXY *points = (const NaviMapXY *) (void *) job->parts->data;

  if (job->level >= NAVI_MAP_N_LEVELS - 2)
    return FALSE;
  for (guint i = 1; i < job->parts->len; i++)
    if (ABS (points[i].x - points[0].x) >= SPECK_UNITS || ABS (points[i].y - points[0].y) >= SPECK_UNITS)
      return FALSE;
  return TRUE;
}

static void
on_chain (guint key, const NaviMapPoint *points, guint n, gpointer user_data)
{
  CellJob *job = user_data;
  const Line *line = g_ptr_array_index (job->lines, key);

  navi_map_simplify (points, n, navi_map_tolerance_e7 (job->level), job->clipped);
  g_array_set_size (job->parts, 0);
  g_array_set_size (job->part_sizes, 0);
  add_part (job, (NaviMapPoint *) (void *) job->clipped->data, job->clipped->len, 2);
  if (job->part_sizes->len == 0 || is_speck (job))
    return;
  navi_map_cell_writer_begin (job->writer, &line->class, line->name, line->ref, 1);
  navi_map_cell_writer_add_ring (job->writer, (const NaviMapXY *) (void *) job->parts->data, job->parts->len);
}

static void
end_kind (CellJob *job)
{
  navi_map_chains_finish (job->chains, on_chain, job);
  g_hash_table_remove_all (job->line_keys);
  g_ptr_array_set_size (job->lines, 0);
}

static void
write_feature (CellJob *job, const guint8 *at)
{
  Record record = read_record (at);
  NaviMapClass class = { record.head.kind, record.head.flags, record.head.layer, record.head.rank };

  class.flags = navi_map_flags_on_level (&class, job->level);
  if (navi_map_kind_is_point (class.kind))
    navi_map_cell_writer_add_point (job->writer, &class, record.name, to_xy (job, record.points[0]));
  else if (navi_map_kind_is_area (class.kind))
    write_area (job, &class, &record);
  else
    add_line (job, &class, &record);
}

/* ---- All ---- */

static void
append_u32 (GByteArray *out, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

typedef struct
{
  ZSTD_CCtx *zstd;
  GByteArray *index;
  GByteArray *packed; /* scratch: a cell */
  guint64 offset;
  NaviMapWriteFunc write;
  gpointer user_data;
} Output;

static void
append_frame (Output *out, const guint8 *bytes, gsize n_bytes)
{
  gsize bound = ZSTD_compressBound (n_bytes), n;
  guint before = out->packed->len;

  g_byte_array_set_size (out->packed, before + (guint) bound);
  n = ZSTD_compress2 (out->zstd, out->packed->data + before, bound, bytes, n_bytes);
  g_assert (!ZSTD_isError (n));
  g_byte_array_set_size (out->packed, before + (guint) n);
}

static gboolean
write_cell (Output *out, const NaviMapEntry *entry, const NaviMapCellParts *parts, GError **error)
{
  g_byte_array_set_size (out->packed, 0);
  append_frame (out, parts->heads, parts->n_heads);
  append_frame (out, parts->lengths, parts->n_lengths);
  if (parts->n_bits > 0)
    g_byte_array_append (out->packed, parts->bits, (guint) parts->n_bits);
  if (out->offset + out->packed->len > G_MAXUINT32)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "The map has too much to draw: import a smaller extract");
      return FALSE;
    }
  append_u32 (out->index, navi_map_cell_key (entry->level, entry->row, entry->col));
  append_u32 (out->index, (guint32) out->offset);
  out->offset += out->packed->len;
  return out->write (out->packed->data, out->packed->len, out->user_data, error);
}

static void
begin_cell (CellJob *job, const NaviMapEntry *entry)
{
  job->level = entry->level;
  job->unit_e7 = navi_map_levels[entry->level].unit_e7;
  job->south_e7 = navi_map_cell_south_e7 (entry->level, entry->row);
  job->west_e7 = navi_map_cell_west_e7 (entry->level, entry->col);
}

/* The file stays in the system's cache as long as nobody else needs the memory; we need not hold all of it that we have seen. */
static void
give_back (const NaviMapBuilder *self, guint8 *spooled, guint i, guint *given_back)
{
  if (i - *given_back < FEATURES_AT_ONCE)
    return;
  *given_back = i;
  madvise (spooled, self->spooled, MADV_DONTNEED);
}

static gboolean
write_cells (NaviMapBuilder *self, guint8 *spooled, CellJob *job, Output *out, GCancellable *cancellable, GError **error)
{
  guint given_back = 0;

  for (guint i = 0; i < self->entries->len;)
    {
      const NaviMapEntry *first = &g_array_index (self->entries, NaviMapEntry, i);
      const NaviMapEntry *entry = first;
      NaviMapCellParts parts;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      give_back (self, spooled, i, &given_back);
      begin_cell (job, first);
      while (i < self->entries->len && entry->level == first->level && entry->row == first->row && entry->col == first->col)
        {
          int kind = entry->kind;

          write_feature (job, spooled + entry->offset);
          if (++i < self->entries->len)
            entry = &g_array_index (self->entries, NaviMapEntry, i);
          if (i == self->entries->len || entry->kind != kind)
            end_kind (job);
        }
      end_kind (job);
      if (navi_map_cell_writer_finish (job->writer, job->level, &parts) && !write_cell (out, first, &parts, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_all (NaviMapBuilder *self, guint8 *spooled, Output *out, GCancellable *cancellable, GError **error)
{
  CellJob job = { 0 };
  gboolean ok;

  job.writer = navi_map_cell_writer_new ();
  job.clipped = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  job.scratch = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  job.chains = navi_map_chains_new ();
  job.line_keys = g_hash_table_new (line_hash, line_equal);
  job.lines = g_ptr_array_new_with_free_func (g_free);
  job.parts = g_array_new (FALSE, FALSE, sizeof (NaviMapXY));
  job.part_sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  ok = write_cells (self, spooled, &job, out, cancellable, error);
  navi_map_cell_writer_free (job.writer);
  navi_map_chains_free (job.chains);
  g_hash_table_unref (job.line_keys);
  g_ptr_array_unref (job.lines);
  g_array_unref (job.clipped);
  g_array_unref (job.scratch);
  g_array_unref (job.parts);
  g_array_unref (job.part_sizes);
  return ok;
}

typedef struct
{
  NaviMapBuilder *builder;
  int level;
} SeaJob;

static void
on_sea_cell (gint32 row, gint32 col, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings, gpointer user_data)
{
  static const NaviMapClass water = { .kind = NAVI_MAP_AREA_WATER };
  SeaJob *job = user_data;

  navi_map_builder_add_entry (job->builder, job->level, water.kind, row, col,
                              navi_map_builder_spool (job->builder, &water, NULL, NULL, points, ring_sizes, n_rings));
}

static gboolean
add_sea (NaviMapBuilder *self, GError **error)
{
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      SeaJob job = { self, level };

      navi_map_sea_build (self->sea, level, &self->bounds, navi_map_tolerance_e7 (level), on_sea_cell, &job);
      if (!navi_map_builder_flush (self, error))
        return FALSE;
    }
  return TRUE;
}

GBytes *
navi_map_builder_finish (NaviMapBuilder *self, NaviMapWriteFunc write, gpointer user_data, GCancellable *cancellable,
                         GError **error)
{
  Output out = { .write = write, .user_data = user_data };
  guint8 *spooled = NULL;
  gboolean ok;

  g_return_val_if_fail (self != NULL && write != NULL, NULL);

  if (!add_sea (self, error))
    return NULL;
  g_array_sort (self->entries, compare_entries);
  if (self->spooled > 0)
    {
      spooled = mmap (NULL, self->spooled, PROT_READ, MAP_SHARED, self->fd, 0);
      if (spooled == MAP_FAILED)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE, "Cannot map the temporary map data: %s", g_strerror (errno));
          return NULL;
        }
    }
  out.zstd = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (out.zstd, ZSTD_c_compressionLevel, COMPRESSION_LEVEL);
  ZSTD_CCtx_setParameter (out.zstd, ZSTD_c_checksumFlag, 1);
  out.index = g_byte_array_new ();
  out.packed = g_byte_array_new ();
  ok = write_all (self, spooled, &out, cancellable, error);
  if (spooled != NULL)
    munmap (spooled, self->spooled);
  g_byte_array_unref (out.packed);
  ZSTD_freeCCtx (out.zstd);
  if (!ok)
    {
      g_byte_array_unref (out.index);
      return NULL;
    }
  return g_byte_array_free_to_bytes (out.index);
}
