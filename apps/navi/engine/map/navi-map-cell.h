/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-kind.h"

#include <glib.h>

G_BEGIN_DECLS

/* The blocks in which a region keeps what is drawn.
 *
 * Five levels of detail, each for a span of zooms, each a grid of square cells in degrees (not in Mercator metres, so that no stored bit
 * depends on a mathematical library).  A cell is NAVI_MAP_CELL_UNITS units wide and high, whatever the level; its features are
 * clipped to it with a margin and compressed as one independent block.
 *
 * Block, before zstd: varints (LEB128), signed ones zigzag-coded.
 *     n_strings, then each: length, bytes ("name", or "name US en US zh" with unit separators where translations differ)
 *     n_groups, then each: kind, n_features, then each feature:
 *         flags | has_layer << 6 | has_ref << 7; [layer]; rank; name + 1 or 0; [ref];
 *         points: x, y;  others: n_rings, then each ring: n_points, x, y, then differences
 *     x to the east and y to the north of the cell's south-west corner, in units; rings of areas aren't closed.
 *
 * Threading: a decoded cell is immutable.  Errors: CORRUPT for any block that breaks these rules, bounds included. */

#define NAVI_MAP_N_LEVELS 5
#define NAVI_MAP_CELL_UNITS 20000
#define NAVI_MAP_CELL_MARGIN 1000
#define NAVI_MAP_CELL_MAX_BYTES (8 << 20) /* of a decoded block; more is refused */

typedef struct
{
  int min_zoom;
  int max_zoom;
  gint32 unit_e7; /* one unit in 1e-7 degrees */
} NaviMapLevel;

extern const NaviMapLevel navi_map_levels[NAVI_MAP_N_LEVELS];

/* The level that serves @zoom. */
int navi_map_level_for_zoom (int zoom);

static inline gint64
navi_map_cell_size_e7 (int level)
{
  return (gint64) NAVI_MAP_CELL_UNITS * navi_map_levels[level].unit_e7;
}

static inline gint32
navi_map_cell_row (int level, gint64 lat_e7)
{
  return (gint32) ((CLAMP (lat_e7, -900000000, 900000000) + 900000000) / navi_map_cell_size_e7 (level));
}

static inline gint32
navi_map_cell_col (int level, gint64 lon_e7)
{
  return (gint32) ((CLAMP (lon_e7, -1800000000, 1800000000) + 1800000000) / navi_map_cell_size_e7 (level));
}

static inline gint64
navi_map_cell_south_e7 (int level, gint32 row)
{
  return row * navi_map_cell_size_e7 (level) - 900000000;
}

static inline gint64
navi_map_cell_west_e7 (int level, gint32 col)
{
  return col * navi_map_cell_size_e7 (level) - 1800000000;
}

typedef struct
{
  gint32 x;
  gint32 y;
} NaviMapXY;

typedef struct
{
  guint32 first_point;
  guint32 n_points;
} NaviMapRing;

typedef struct
{
  guint8 kind;  /* NaviMapKind */
  guint8 flags; /* NaviMapFlags */
  gint8 layer;
  guint8 rank;
  guint32 name; /* index into strings + 1; 0: none */
  guint32 ref;
  guint32 first_ring; /* points: index into points */
  guint32 n_rings;
  NaviMapXY least; /* the corners of its bounding box */
  NaviMapXY most;
} NaviMapFeature;

typedef struct
{
  gatomicrefcount ref_count;
  int level;
  gint32 row;
  gint32 col;
  NaviMapFeature *features; /* sorted by kind */
  guint n_features;
  NaviMapRing *rings;
  guint n_rings;
  NaviMapXY *points;
  guint n_points;
  char **strings; /* NULL-terminated, UTF-8 */
  guint n_strings;
  gsize size_bytes; /* what it takes in memory */
} NaviMapCell;

/* Decodes the uncompressed block @bytes.  Returns: (transfer full) */
NaviMapCell *navi_map_cell_decode (const guint8 *bytes, gsize n_bytes, int level, gint32 row, gint32 col, GError **error);
NaviMapCell *navi_map_cell_ref (NaviMapCell *self);
void navi_map_cell_unref (NaviMapCell *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapCell, navi_map_cell_unref)

/* (nullable): the string @index (as in NaviMapFeature.name) in @language ("en", "zh", or NULL for the local one), where there is one,
 * else the local one.  (transfer full) */
char *navi_map_cell_dup_string (const NaviMapCell *self, guint32 index, const char *language);

/* ---- Writing ---- */

typedef struct _NaviMapCellWriter NaviMapCellWriter;

NaviMapCellWriter *navi_map_cell_writer_new (void);
void navi_map_cell_writer_free (NaviMapCellWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapCellWriter, navi_map_cell_writer_free)

/* Features must come sorted by kind.  @name, @ref: (nullable). */
void navi_map_cell_writer_add_point (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, NaviMapXY point);
void navi_map_cell_writer_begin (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, const char *ref, guint n_rings);
void navi_map_cell_writer_add_ring (NaviMapCellWriter *self, const NaviMapXY *points, guint n_points);

/* The block, uncompressed, and a fresh start for the next cell; NULL if nothing was added.  Returns: (transfer full) (nullable) */
GByteArray *navi_map_cell_writer_finish (NaviMapCellWriter *self);

G_END_DECLS
