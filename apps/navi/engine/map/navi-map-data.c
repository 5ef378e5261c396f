/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-data.h"

#include "cloud-error.h"

#include <string.h>
#include <zstd.h>

/* Finding, unpacking and keeping the map's cells. */

#define CACHE_MAX_BYTES ((gsize) 8 << 20)

enum
{
  INDEX_ENTRY_BYTES = 8,
};

struct _NaviMapData
{
  gatomicrefcount ref_count;
  GBytes *index;
  GBytes *data; /* NULL if it is read from the region: it may be larger than the address space */
  NaviRegion *region;
  guint64 n_data;
  guint32 n_cells;
  GMutex lock;
  GHashTable *cached; /* gint64 key -> GList link in recent, whose data is the NaviMapCell */
  GQueue recent;      /* most recently used first */
  gsize cached_bytes;
};

static guint32
get_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_LE (value);
}

static const guint8 *
index_entry (NaviMapData *self, guint32 i)
{
  return (const guint8 *) g_bytes_get_data (self->index, NULL) + (gsize) i * INDEX_ENTRY_BYTES;
}

static NaviMapData *
new_with_index (GBytes *index, GError **error)
{
  NaviMapData *self;

  if (g_bytes_get_size (index) % INDEX_ENTRY_BYTES != 0 || g_bytes_get_size (index) > G_MAXUINT32)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT,
                           "The map's table of cells is damaged; import the region again");
      return NULL;
    }
  self = g_new0 (NaviMapData, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->index = g_bytes_ref (index);
  self->n_cells = (guint32) (g_bytes_get_size (index) / INDEX_ENTRY_BYTES);
  g_mutex_init (&self->lock);
  self->cached = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_queue_init (&self->recent);
  return self;
}

NaviMapData *
navi_map_data_new (GBytes *index, GBytes *data, GError **error)
{
  NaviMapData *self;

  g_return_val_if_fail (index != NULL && data != NULL, NULL);

  self = new_with_index (index, error);
  if (self == NULL)
    return NULL;
  self->data = g_bytes_ref (data);
  self->n_data = g_bytes_get_size (data);
  return self;
}

NaviMapData *
navi_map_data_new_for_region (NaviRegion *region, GError **error)
{
  gsize n_index;
  gconstpointer table;
  g_autoptr (GBytes) index = NULL;
  NaviMapData *self;

  g_return_val_if_fail (NAVI_IS_REGION (region), NULL);

  table = navi_region_get_section (region, NAVI_SECTION_DRAW_INDEX, &n_index);
  index = g_bytes_new_with_free_func (table, n_index, g_object_unref, g_object_ref (region));
  self = new_with_index (index, error);
  if (self == NULL)
    return NULL;
  self->region = g_object_ref (region);
  self->n_data = navi_region_get_section_bytes (region, NAVI_SECTION_DRAW_DATA);
  return self;
}

NaviMapData *
navi_map_data_ref (NaviMapData *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
navi_map_data_unref (NaviMapData *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  navi_map_data_trim (self);
  g_hash_table_unref (self->cached);
  g_mutex_clear (&self->lock);
  g_bytes_unref (self->index);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_object (&self->region);
  g_free (self);
}

/* Where the block of a cell lies; FALSE if there is none. */
static gboolean
find_block (NaviMapData *self, int level, gint32 row, gint32 col, guint64 *start, gsize *n_block)
{
  guint32 key = navi_map_cell_key (level, row, col);
  guint32 from = 0, to = self->n_cells;
  guint64 end;

  while (from < to)
    {
      guint32 middle = from + (to - from) / 2;

      if (get_u32 (index_entry (self, middle)) < key)
        from = middle + 1;
      else
        to = middle;
    }
  if (from == self->n_cells || get_u32 (index_entry (self, from)) != key)
    return FALSE;
  *start = get_u32 (index_entry (self, from) + 4);
  end = from + 1 < self->n_cells ? get_u32 (index_entry (self, from + 1) + 4) : self->n_data;
  end = MIN (end, self->n_data);
  /* A damaged table gives an empty block. */
  *n_block = *start < end ? (gsize) MIN (end - *start, NAVI_MAP_CELL_MAX_BYTES) : 0;
  *start = MIN (*start, end);
  return TRUE;
}

/* (transfer full) (nullable) */
static guint8 *
read_block (NaviMapData *self, guint64 start, gsize n_block, GError **error)
{
  g_autofree guint8 *block = g_malloc (n_block + 1);

  if (n_block == 0)
    return g_steal_pointer (&block);
  if (self->data != NULL)
    memcpy (block, (const guint8 *) g_bytes_get_data (self->data, NULL) + start, n_block);
  else if (!navi_region_read (self->region, NAVI_SECTION_DRAW_DATA, start, block, n_block, error))
    return NULL;
  return g_steal_pointer (&block);
}

/* The frame at *@bytes, which moves behind it; (transfer full) (nullable): NULL if it is none. */
static guint8 *
unpack_frame (const guint8 **bytes, gsize *n_bytes, gsize *n_out)
{
  unsigned long long raw_bytes = ZSTD_getFrameContentSize (*bytes, *n_bytes);
  gsize packed_bytes = ZSTD_findFrameCompressedSize (*bytes, *n_bytes);
  g_autofree guint8 *raw = NULL;

  if (raw_bytes > NAVI_MAP_CELL_MAX_BYTES || ZSTD_isError (packed_bytes))
    return NULL;
  raw = g_malloc (raw_bytes + 1);
  if (ZSTD_decompress (raw, raw_bytes, *bytes, packed_bytes) != raw_bytes)
    return NULL;
  *bytes += packed_bytes;
  *n_bytes -= packed_bytes;
  *n_out = raw_bytes;
  return g_steal_pointer (&raw);
}

static NaviMapCell *
unpack (const guint8 *block, gsize n_block, int level, gint32 row, gint32 col, GError **error)
{
  NaviMapCellParts parts = { .bits = block, .n_bits = n_block };
  g_autofree guint8 *heads = unpack_frame (&parts.bits, &parts.n_bits, &parts.n_heads);
  g_autofree guint8 *lengths = heads != NULL ? unpack_frame (&parts.bits, &parts.n_bits, &parts.n_lengths) : NULL;

  parts.heads = heads;
  parts.lengths = lengths;
  if (lengths != NULL)
    return navi_map_cell_decode (&parts, level, row, col, error);
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT,
               "A block of the map is damaged (level %d, row %d, column %d); import the region again", level, row, col);
  return NULL;
}

static gint64
cache_key (int level, gint32 row, gint32 col)
{
  return ((gint64) level << 56) | ((gint64) row << 28) | col;
}

static NaviMapCell *
take_cached (NaviMapData *self, gint64 key)
{
  GList *link = g_hash_table_lookup (self->cached, &key);

  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->recent, link);
  g_queue_push_head_link (&self->recent, link);
  return navi_map_cell_ref (link->data);
}

static void
drop_oldest (NaviMapData *self)
{
  NaviMapCell *cell = g_queue_pop_tail (&self->recent);
  gint64 key = cache_key (cell->level, cell->row, cell->col);

  self->cached_bytes -= cell->size_bytes;
  g_hash_table_remove (self->cached, &key);
  navi_map_cell_unref (cell);
}

NaviMapCell *
navi_map_data_get_cell (NaviMapData *self, int level, gint32 row, gint32 col, GError **error)
{
  gint64 key = cache_key (level, row, col);
  g_autofree guint8 *block = NULL;
  guint64 start;
  gsize n_block;
  NaviMapCell *cell;

  g_return_val_if_fail (self != NULL, NULL);

  if (!find_block (self, level, row, col, &start, &n_block))
    return NULL;
  g_mutex_lock (&self->lock);
  cell = take_cached (self, key);
  g_mutex_unlock (&self->lock);
  if (cell != NULL)
    return cell;
  block = read_block (self, start, n_block, error);
  cell = block != NULL ? unpack (block, n_block, level, row, col, error) : NULL;
  if (cell == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  if (!g_hash_table_contains (self->cached, &key))
    {
      g_queue_push_head (&self->recent, navi_map_cell_ref (cell));
      g_hash_table_insert (self->cached, g_memdup2 (&key, sizeof key), self->recent.head);
      self->cached_bytes += cell->size_bytes;
      while (self->cached_bytes > CACHE_MAX_BYTES && self->recent.length > 1)
        drop_oldest (self);
    }
  g_mutex_unlock (&self->lock);
  return cell;
}

GPtrArray *
navi_map_data_get_cells (NaviMapData *self, int level, double south_deg, double west_deg, double north_deg, double east_deg)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_cell_unref);
  gint32 row_from = navi_map_cell_row (level, (gint64) (CLAMP (south_deg, -90, 90) * 1e7));
  gint32 row_to = navi_map_cell_row (level, (gint64) (CLAMP (north_deg, -90, 90) * 1e7));
  gint32 col_from = navi_map_cell_col (level, (gint64) (CLAMP (west_deg, -180, 180) * 1e7));
  gint32 col_to = navi_map_cell_col (level, (gint64) (CLAMP (east_deg, -180, 180) * 1e7));

  for (gint32 row = row_from; row <= row_to; row++)
    for (gint32 col = col_from; col <= col_to && cells->len < NAVI_MAP_DATA_MAX_CELLS; col++)
      {
        g_autoptr (GError) error = NULL;
        NaviMapCell *cell = navi_map_data_get_cell (self, level, row, col, &error);

        if (cell != NULL)
          g_ptr_array_add (cells, cell);
        else if (error != NULL)
          g_warning ("%s", error->message);
      }
  return cells;
}

void
navi_map_data_trim (NaviMapData *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  while (self->recent.length > 0)
    drop_oldest (self);
  g_mutex_unlock (&self->lock);
}
