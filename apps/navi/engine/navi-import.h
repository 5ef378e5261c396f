/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import-work.h"
#include "navi-osm.h"
#include "navi-region-writer.h"

G_BEGIN_DECLS

/* The import: one run over an OpenStreetMap file from which several passes build their sections of a region file.
 *
 * A pass (roads, search, drawing) is a NaviImportPass: it is shown every tagged node, every way and every assembled area once, with positions
 * resolved, in the order of the file: first all nodes, then all ways, then all areas; then it writes its sections.  Nodes are known by
 * their index among the nodes that ways use (dense, sorted by OSM id, equal for the same node whoever asks), never by bitmaps over ids.
 *
 * ## Kills
 * The region grows in a work folder beside it (navi-import-work.h).  When a pass has written its sections, that is noted there; an import of the
 * same file to the same place goes on with the passes that are left: it reads the file for them again and cuts the roads as they were cut
 * before.  What one makes in two goes is what it makes in one, byte for byte.
 *
 * ## Memory
 * Where @memory_mb is given and the process grows beyond it while the file is read, the last of the passes is put off to a reading of its own,
 * and again the last of those that are left; the partition then works with one thread and what it does not need waits on the disk.
 *
 * ## Adding a pass
 * Write a file with a constructor that fills a NaviImportPass (embed it as the first member of your own struct) and add the constructor to the
 * table in navi-import.c.  What a callback gets is valid during the call: copy compactly what you need.  Write integers only, in an
 * order that depends on the input alone: the region must be byte-identical for identical input.
 *
 * Threading: all on the thread that runs the import.
 * Errors: a callback that returns FALSE with an error set ends the import; nothing is left of the region. */

#define NAVI_IMPORT_NO_NODE G_MAXUINT32

typedef struct
{
  gint64 id;
  guint32 index; /* NAVI_IMPORT_NO_NODE if no way uses it */
  gint32 lat_e7;
  gint32 lon_e7;
  NaviOsmTags tags; /* never empty */
} NaviImportNode;

typedef struct
{
  guint32 index;
  gint32 lat_e7;
  gint32 lon_e7;
} NaviImportPoint;

/* A way of which an extract cut nodes off is shown once for each run of nodes that are there, with @is_complete FALSE. */
typedef struct
{
  gint64 id;
  const NaviImportPoint *points; /* at least 2 */
  guint n_points;
  const gint64 *node_ids;    /* the OSM id of a point's node is node_ids[point.index] */
  gboolean is_closed;        /* first and last point are one node */
  gboolean is_complete;
  gboolean is_outer_of_area; /* its tags come again with an area: a multipolygon without tags of its own has those of its outer way */
  NaviOsmTags tags;
} NaviImportWay;

/* One ring of an area: closed (the first point is not repeated at the end); @is_inner: a hole. */
typedef struct
{
  const NaviImportPoint *points;
  guint n_points;
  gboolean is_inner;
} NaviImportRing;

/* A multipolygon or boundary relation whose rings could be closed.  Closed ways are shown as ways only (navi_osm_way_is_area() says
 * which of them are areas by their tags). */
typedef struct
{
  gint64 id;
  const NaviImportRing *rings; /* outer rings first; an inner ring belongs to the outer ring that surrounds it */
  guint n_rings;
  NaviOsmTags tags;
} NaviImportArea;

typedef struct _NaviImportPass NaviImportPass;

struct _NaviImportPass
{
  const char *name;
  guint share; /* how long its finish takes, in hundredths of the import, about */
  /* Set by the import: says how much of the share is done, from 0 to 1, if finish takes long. */
  void (*tell) (double done, gpointer tell_data);
  gpointer tell_data;
  /* Set by the import: where finish may keep what takes long to find, and what must wait on the disk for want of memory. */
  NaviImportWork *work;
  gboolean is_small;
  /* Each but finish and free may be NULL. */
  gboolean (*relation) (NaviImportPass *self, const NaviOsmRelation *relation, GError **error); /* before all else, as read */
  gboolean (*node) (NaviImportPass *self, const NaviImportNode *node, GError **error);
  gboolean (*way) (NaviImportPass *self, const NaviImportWay *way, GError **error);
  gboolean (*area) (NaviImportPass *self, const NaviImportArea *area, GError **error);
  gboolean (*finish) (NaviImportPass *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error);
  void (*free) (NaviImportPass *self);
};

/* @phase: "reading" then "building" (a stable word, not for people); @done from 0 to 1 over the whole import. */
typedef void (*NaviImportProgress) (const char *phase, double done, gpointer user_data);

typedef struct
{
  const char *name;  /* (nullable): what people call the region; else the name of the file */
  guint memory_mb;   /* what the process should stay below, about; 0: as it comes */
  NaviImportProgress progress; /* (nullable); begins beyond 0 where an import goes on that was killed */
  gpointer user_data;
} NaviImportOptions;

/* Imports @in into @out (replaced atomically at the very end).
 * Errors: those of NaviOsmReader, NaviRegionWriter and NaviImportWork; G_IO_ERROR_CANCELLED.  Nothing is left of @out and of the work then, an older
 * @out stays. */
gboolean navi_import (const char *in, const char *out, const NaviImportOptions *options, GCancellable *cancellable, GError **error);

/* As above, with no more than a name. */
gboolean navi_import_run (const char *in, const char *out, const char *name, NaviImportProgress progress, gpointer user_data,
                          GCancellable *cancellable, GError **error);

/* TRUE if a closed way with these tags means a surface and not a line. */
gboolean navi_osm_way_is_area (const NaviOsmTags *tags);

G_END_DECLS
