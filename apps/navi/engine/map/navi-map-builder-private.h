/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-builder.h"
#include "navi-map-cell.h"
#include "navi-map-sea.h"

G_BEGIN_DECLS

/* What the two halves of the map builder share: navi-map-builder.c gathers features, navi-map-pack.c writes them as cells. */

/* A feature as it lies in the spool file; the sizes of its rings, its points, and its strings follow. */
typedef struct
{
  guint8 kind;
  guint8 flags;
  gint8 layer;
  guint8 rank;
  guint32 name_bytes;
  guint32 ref_bytes;
  guint32 n_rings;
} NaviMapSpoolHead;

/* That the feature at @offset touches a cell. */
typedef struct
{
  guint64 offset;
  gint32 row;
  gint32 col;
  guint8 level;
  guint8 kind;
} NaviMapEntry;

struct _NaviMapBuilder
{
  int fd;
  GByteArray *pending; /* of the spool, not yet in the file */
  guint64 spooled;     /* bytes in the file */
  GArray *entries;     /* NaviMapEntry */
  NaviMapSea *sea;
  NaviMapRect bounds; /* of all that is drawn */
  GArray *simple;      /* scratch: a simplified ring */
  GArray *oriented;    /* scratch: the rings of an area, turned the right way */
  GArray *kept_points; /* scratch: the rings that stay on this level */
  GArray *kept_sizes;
};

/* Writes a feature to the spool; returns where it lies. */
guint64 navi_map_builder_spool (NaviMapBuilder *self, const NaviMapClass *class, const char *name, const char *ref,
                                const NaviMapPoint *points, const guint *ring_sizes, guint n_rings);
void navi_map_builder_add_entry (NaviMapBuilder *self, int level, int kind, gint32 row, gint32 col, guint64 offset);
gboolean navi_map_builder_flush (NaviMapBuilder *self, GError **error);

/* How far a line may be from where it was, in 1e-7 degrees. */
gint32 navi_map_tolerance_e7 (int level);

G_END_DECLS
