/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviOsmReader: streams an OpenStreetMap file, as often as wanted, through callbacks, in bounded memory.
 *
 * Formats, told apart by their first bytes: .osm.pbf (zlib, zstd or raw blobs, dense and plain nodes), .osm (XML 0.6), and XML packed with gzip or
 * bzip2.  Objects come in the order of the file.
 *
 * Threading: one thread at a time.
 * Ownership: what a callback gets is valid during the call.
 * Errors: CLOUD_ERROR_NOT_FOUND and others by errno; CORRUPT (damaged or cut short), INVALID (no OpenStreetMap file), UNSUPPORTED (history
 * files, required features that are not known), TOO_LARGE (a bound of the format is exceeded), G_IO_ERROR_CANCELLED, and what a callback set.
 * Source: https://wiki.openstreetmap.org/wiki/PBF_Format, https://wiki.openstreetmap.org/wiki/OSM_XML */

typedef struct
{
  const char *key;
  const char *value;
} NaviOsmTag;

typedef struct
{
  const NaviOsmTag *items;
  guint n_items;
} NaviOsmTags;

typedef enum
{
  NAVI_OSM_NODE,
  NAVI_OSM_WAY,
  NAVI_OSM_RELATION,
} NaviOsmType;

typedef struct
{
  gint64 id;
  gint32 lat_e7; /* 1e-7 degrees */
  gint32 lon_e7;
  NaviOsmTags tags;
} NaviOsmNode;

typedef struct
{
  gint64 id;
  const gint64 *refs;
  guint n_refs;
  NaviOsmTags tags;
} NaviOsmWay;

typedef struct
{
  gint64 ref;
  NaviOsmType type;
  const char *role;
} NaviOsmMember;

typedef struct
{
  gint64 id;
  const NaviOsmMember *members;
  guint n_members;
  NaviOsmTags tags;
} NaviOsmRelation;

/* Each may be NULL: objects of that kind are then skipped (whole blobs of them without being unpacked, from the second reading on).
 * Returning FALSE with @error set ends the reading. */
typedef struct
{
  gboolean (*node) (const NaviOsmNode *node, gpointer user_data, GError **error);
  gboolean (*way) (const NaviOsmWay *way, gpointer user_data, GError **error);
  gboolean (*relation) (const NaviOsmRelation *relation, gpointer user_data, GError **error);
} NaviOsmHandler;

/* @done_bytes of @total_bytes of the file are behind us in this reading. */
typedef void (*NaviOsmProgress) (guint64 done_bytes, guint64 total_bytes, gpointer user_data);

typedef struct _NaviOsmReader NaviOsmReader;

/* Returns: (transfer full) (nullable): NULL with @error set */
NaviOsmReader *navi_osm_reader_open (const char *path, GError **error);

/* The state of the map that the file says it holds, in RFC 3339; (nullable) (transfer none); known after a first reading. */
const char *navi_osm_reader_get_source_time (NaviOsmReader *self);

/* (nullable) @progress */
void navi_osm_reader_set_progress (NaviOsmReader *self, NaviOsmProgress progress, gpointer user_data);

/* Reads the whole file from its beginning. */
gboolean navi_osm_reader_run (NaviOsmReader *self, const NaviOsmHandler *handler, gpointer user_data, GCancellable *cancellable, GError **error);

void navi_osm_reader_free (NaviOsmReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviOsmReader, navi_osm_reader_free)

/* The value of @key; (nullable) (transfer none). */
const char *navi_osm_tag (const NaviOsmTags *tags, const char *key);

/* TRUE if @key has @value. */
gboolean navi_osm_tag_is (const NaviOsmTags *tags, const char *key, const char *value);

G_END_DECLS
