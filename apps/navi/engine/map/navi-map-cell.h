/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-kind.h"
#include "navi-names.h"

#include <glib.h>

G_BEGIN_DECLS

/* The blocks in which a region keeps what is drawn.
 *
 * Five levels of detail, each for a span of zooms, each a grid of square cells in degrees (not in Mercator metres, so that no stored bit
 * depends on a mathematical library).  A cell is NAVI_MAP_CELL_UNITS units wide and high, whatever the level; its features are
 * clipped to it with a margin and compressed as one independent block.
 *
 * A block has three parts: heads and lengths, each a zstd frame, and bits as they are.
 * Heads: varints (LEB128), signed ones zigzag-coded, like with like so that zstd finds it:
 *     n_strings, their bytes in all; the strings in the order of their first use, each with a NUL ("name", or "name US en US zh" with
 *         unit separators where translations differ)
 *     n_groups, then for each: kind, flags | has_layer << 6 | has_rank << 7, [layer], [rank], n_features << 1 | has_refs.
 *         A group is what is alike; groups rise, and in a group what is near on the ground is near.
 *     length of the names, then for each feature: name, and ref in groups that have them: 0 none, 1 the next new string,
 *         else 2 + how many strings have been new since
 *     counts: for each feature but points: areas: n_rings, and n_points - 3 of each; lines: n_points - 2
 * Lengths: for each point a byte: how many bits the zigzag-coded differences to the last point have (in a group the first: from 0, 0), that of x in
 *     the lower half, that of y in the upper; 15: as many as NAVI_MAP_CELL_LONG_BITS.
 * Bits, from the lowest of each byte on: for each point x, then y without the highest bit of the length, which is set; long ones whole.
 * x to the east and y to the north of the cell's south-west corner, in units of the level's grid; rings of areas aren't closed.
 *
 * Threading: a decoded cell is immutable.  Errors: CORRUPT for any block that breaks these rules, bounds included. */

#define NAVI_MAP_N_LEVELS 5
#define NAVI_MAP_CELL_UNITS 20000
#define NAVI_MAP_CELL_MARGIN 1000
#define NAVI_MAP_CELL_LONG_BITS 20
#define NAVI_MAP_CELL_MAX_BYTES (8 << 20) /* of a decoded block; more is refused */

typedef struct
{
  int min_zoom;
  int max_zoom;
  gint32 unit_e7; /* one unit in 1e-7 degrees */
  gint32 grid;    /* all coordinates are multiples of so many units */
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

/* A cell in the table of cells; rows are below 2^14 and columns below 2^15 on all levels. */
static inline guint32
navi_map_cell_key (int level, gint32 row, gint32 col)
{
  return (guint32) level << 29 | (guint32) row << 15 | (guint32) col;
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
  const char **strings; /* UTF-8, in text */
  guint n_strings;
  char *text;
  gsize size_bytes; /* what it takes in memory */
} NaviMapCell;

/* The parts of a block, uncompressed. */
typedef struct
{
  const guint8 *heads;
  gsize n_heads;
  const guint8 *lengths;
  gsize n_lengths;
  const guint8 *bits;
  gsize n_bits;
} NaviMapCellParts;

/* Returns: (transfer full) (nullable) */
NaviMapCell *navi_map_cell_decode (const NaviMapCellParts *parts, int level, gint32 row, gint32 col, GError **error);
NaviMapCell *navi_map_cell_ref (NaviMapCell *self);
void navi_map_cell_unref (NaviMapCell *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapCell, navi_map_cell_unref)

/* What the thing with the string @index (as in NaviMapFeature.name or .ref) is called.  (transfer full) (nullable) */
NaviNames *navi_map_cell_get_names (const NaviMapCell *self, guint32 index);

/* ---- Writing ---- */

typedef struct _NaviMapCellWriter NaviMapCellWriter;

NaviMapCellWriter *navi_map_cell_writer_new (void);
void navi_map_cell_writer_free (NaviMapCellWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapCellWriter, navi_map_cell_writer_free)

/* In any order; a line has one ring.  @name, @ref: (nullable). */
void navi_map_cell_writer_add_point (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, NaviMapXY point);
void navi_map_cell_writer_begin (NaviMapCellWriter *self, const NaviMapClass *class, const char *name, const char *ref, guint n_rings);
void navi_map_cell_writer_add_ring (NaviMapCellWriter *self, const NaviMapXY *points, guint n_points);

/* The block for a cell of @level, and a fresh start for the next cell; FALSE if nothing was added.
 * @parts: (out) (transfer none): valid until the next call. */
gboolean navi_map_cell_writer_finish (NaviMapCellWriter *self, int level, NaviMapCellParts *parts);

G_END_DECLS
