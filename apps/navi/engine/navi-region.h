/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviRegion: one region file, opened for reading.
 *
 * A region file is everything Navi knows about a piece of the world: roads, search, drawing, metadata.  It is a header, sections of
 * fixed-width little-endian data that start at multiples of 8 bytes, and a table that says where each section lies, with checksums for
 * every 64 KiB block of it.  Sections are mapped one by one when first asked for and used as they lie, so opening costs the same for a
 * village and for a continent.  Files are replaced atomically (see navi-region-writer.h) and never changed in place.
 *
 *     0   magic "\x89NAVIRG\n"
 *     8   u32 format version, u32 number of sections
 *     16  u64 length of the file
 *     24  u64 offset of the table
 *     32  u32 CRC-32 of the table, u32 zero
 *     40  u64 zero, u64 zero
 *     56  u32 zero, u32 CRC-32 of the 60 bytes before it
 *     64  sections, each padded to 8 bytes
 *     table: entries of 40 bytes, by rising id:
 *         u32 id, u32 item size (0: no array), u64 offset, u64 length, u64 offset of its block checksums, u32 CRC-32 of those, u32 zero
 *
 * ## Adding a section
 * 1. Give it an id in NaviSectionId below (never reuse one; another layout of the same data is another id or a new NAVI_REGION_VERSION).
 * 2. Write it in the finish function of an import pass (navi-import.h) through NaviRegionWriter.
 * 3. Read it with navi_region_get_section() or navi_region_get_array(), checking each index you read from it against the bounds of
 *    what it points into: checksums find accidents, not malice, and a region file may come from a stranger.
 * A reader treats a section that is absent as empty.
 *
 * Threading: a region is immutable once open; all functions may be called from any thread.
 * Ownership: section data belong to the region and live as long as it does.
 * Errors: CLOUD_ERROR_NOT_FOUND (no such file), UNSUPPORTED (made by another version: import again), CORRUPT (damaged or cut short: import
 * or fetch again), INVALID (not a region file at all), DENIED.
 * Source: own format; CRC-32 as in RFC 1952. */

#define NAVI_REGION_VERSION 5
#define NAVI_REGION_BLOCK_BYTES 65536
#define NAVI_REGION_MAX_SECTIONS 1024

typedef enum
{
  NAVI_SECTION_META = 1, /* key and value strings, see navi_region_get_meta() */

  /* 16 to 63: roads (navi-graph.h) */
  NAVI_SECTION_GRAPH_HEADER = 16,
  NAVI_SECTION_GRAPH_TURNS_CAR = 24,
  NAVI_SECTION_GRAPH_TURNS_BICYCLE,
  NAVI_SECTION_GRAPH_TURNS_FOOT,
  NAVI_SECTION_GRAPH_LEVELS = 29, /* nested cells of nodes (navi-cells.h) */
  NAVI_SECTION_GRAPH_BLOCKS = 40, /* 17 to 23 and 27 to 28 were older versions' */
  NAVI_SECTION_GRAPH_BLOCK_DATA,
  NAVI_SECTION_GRAPH_WAY_BLOCKS,
  NAVI_SECTION_GRAPH_WAY_DATA,
  NAVI_SECTION_GRAPH_COMMONS,
  NAVI_SECTION_GRAPH_STRING_BLOCKS,
  NAVI_SECTION_GRAPH_STRING_DATA,
  NAVI_SECTION_CELL_TRAITS = 48, /* what the roads of a smallest cell have (navi-metrics.h) */
  NAVI_SECTION_OVERLAY_CAR,      /* borders of cells (navi-overlay.h) */
  NAVI_SECTION_OVERLAY_BICYCLE,
  NAVI_SECTION_OVERLAY_FOOT,
  NAVI_SECTION_WEIGHTS_CAR,      /* what crossing a cell costs (navi-weights.h) */
  NAVI_SECTION_WEIGHTS_BICYCLE,
  NAVI_SECTION_WEIGHTS_FOOT,
  NAVI_SECTION_RULES,            /* what depends on time or vehicle (navi-rules.h) */

  /* 64 to 95: search (navi-places-format.h) */
  NAVI_SECTION_PLACES = 64,
  NAVI_SECTION_PLACE_STRINGS, /* until version 1 */
  NAVI_SECTION_TERMS,
  NAVI_SECTION_TERM_BYTES,
  NAVI_SECTION_POSTINGS,
  NAVI_SECTION_PLACE_BLOCKS,
  NAVI_SECTION_PLACE_DATA,
  NAVI_SECTION_PLACE_TABLES,

  /* 128 to 255: drawing (lines, areas, labels, POI points by zoom) */
  NAVI_SECTION_DRAW_INDEX = 128, /* map/navi-map-builder.h */
  NAVI_SECTION_DRAW_DATA,
} NaviSectionId;

#define NAVI_TYPE_REGION (navi_region_get_type ())
G_DECLARE_FINAL_TYPE (NaviRegion, navi_region, NAVI, REGION, GObject)

/* Opens @path: header, table and metadata are checked, nothing else is read.
 * Returns: (transfer full) (nullable): NULL with @error set */
NaviRegion *navi_region_open (const char *path, GError **error);

/* (transfer none) */
const char *navi_region_get_path (NaviRegion *self);

guint64 navi_region_get_size_bytes (NaviRegion *self);

/* TRUE if both have the same file open (not merely the same path). */
gboolean navi_region_is_same_file (NaviRegion *self, NaviRegion *other);

/* A name for people: the metadata's "name", or the file's name without its ending.  (transfer none) */
const char *navi_region_get_name (NaviRegion *self);

/* The value of a key of the metadata; (transfer none) (nullable).  Keys: "name", "source", "source-time" (RFC 3339), "license",
 * "attribution", "generator", "bounds" ("west,south,east,north" in 1e-7 degrees). */
const char *navi_region_get_meta (NaviRegion *self, const char *key);

/* WGS 84 degrees; @west > @east if the region crosses the antimeridian.  FALSE if it holds nothing. */
gboolean navi_region_get_bounds (NaviRegion *self, double *south, double *west, double *north, double *east);

/* @length_bytes: (out).  Returns: (transfer none) (nullable): the section, aligned to at least 8 bytes; NULL with 0 bytes if it is absent
 * or empty or cannot be mapped. */
gconstpointer navi_region_get_section (NaviRegion *self, guint32 id, gsize *length_bytes);

/* As above for an array of items of @item_bytes: @n_items is 0 if the section's items have another size. */
gconstpointer navi_region_get_array (NaviRegion *self, guint32 id, gsize item_bytes, gsize *n_items);

/* The length of a section in bytes, 0 if it is absent. */
guint64 navi_region_get_section_bytes (NaviRegion *self, guint32 id);

/* Reads part of a section without mapping it: for those that may be larger than the address space.  FALSE with CORRUPT if it is not there. */
gboolean navi_region_read (NaviRegion *self, guint32 id, guint64 offset, gpointer buffer, gsize bytes, GError **error);

/* Reads everything and compares all checksums (for "check", after a download).  Slow: seconds for a country. */
gboolean navi_region_verify (NaviRegion *self, GCancellable *cancellable, GError **error);

G_END_DECLS
