/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-osm.h"

#include "cloud-error.h"

G_BEGIN_DECLS

/* What the readers of the two formats share. */

/* Bounds that no sound file exceeds; the database itself allows 2,000 nodes a way and 32,000 members a relation. */
enum
{
  NAVI_OSM_MAX_REFS = 1 << 20,
  NAVI_OSM_MAX_MEMBERS = 1 << 20,
  NAVI_OSM_MAX_TAGS = 1 << 14,
};

struct _NaviOsmReader
{
  char *path;
  int fd;
  guint64 file_bytes;
  guint64 done_bytes;
  char *source_time;
  NaviOsmProgress progress;
  gpointer progress_data;
  GByteArray *blob_kinds; /* PBF: for each blob what an earlier reading found in it (1 << NaviOsmType) */
};

/* One reading. */
typedef struct
{
  NaviOsmReader *reader;
  const NaviOsmHandler *handler;
  gpointer user_data;
  GCancellable *cancellable;
} NaviOsmRun;

gboolean navi_osm_pbf_run (NaviOsmRun *run, GError **error);
gboolean navi_osm_xml_run (NaviOsmRun *run, GError **error);

/* Sets CLOUD_ERROR_CORRUPT; always FALSE. */
gboolean navi_osm_corrupt (NaviOsmReader *reader, const char *what, GError **error);

/* Reads up to @bytes (fewer only at the end of the file); -1 with @error set. */
gssize navi_osm_read (NaviOsmRun *run, gpointer buffer, gsize bytes, GError **error);

/* NaviOsmStream: the file's bytes, unpacked. */
typedef struct _NaviOsmStream NaviOsmStream;
NaviOsmStream *navi_osm_stream_new (NaviOsmRun *run);
/* Like read(2): 0 at the end, -1 with @error set. */
gssize navi_osm_stream_read (NaviOsmStream *self, gpointer buffer, gsize bytes, GError **error);
void navi_osm_stream_free (NaviOsmStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviOsmStream, navi_osm_stream_free)

G_END_DECLS
