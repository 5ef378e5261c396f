/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-clip.h"
#include "navi-map-kind.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviMapBuilder: gathers what an import shows on the map and writes it as compressed cells (navi-map-cell.h).
 *
 * Features are generalized for each level of detail as they come and kept in an unlinked temporary file, so that memory holds only a few
 * bytes for each; the finish sorts them by cell and writes cell after cell.  The output depends on the input alone.
 *
 * Threading: one thread.  Ownership: copies all it is given.  Errors: NO_SPACE for a full disk, TOO_LARGE beyond 4 GiB.
 *
 * Two sections of a region come out of it:
 *     index: for each cell, sorted: u32 level << 29 | row << 15 | column, u32 offset of its block in the data section, at whose
 *            next the block ends
 *     data:  blocks (navi-map-cell.h), back to back
 * All little-endian. */

typedef struct _NaviMapBuilder NaviMapBuilder;

/* @spool_dir: a folder on a disk with room for about the size of the input. */
NaviMapBuilder *navi_map_builder_new (const char *spool_dir, GError **error);
void navi_map_builder_free (NaviMapBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapBuilder, navi_map_builder_free)

/* Each decides by the tags whether there is anything to draw; FALSE only on an error. */
gboolean navi_map_builder_add_node (NaviMapBuilder *self, NaviMapPoint at, const NaviOsmTags *tags, GError **error);
gboolean navi_map_builder_add_line (NaviMapBuilder *self, const NaviMapPoint *points, guint n, const NaviOsmTags *tags, GError **error);

/* @points: all rings one after another, without repeating a ring's first point at its end; @ring_sizes: how many each has; filled by the
 * even-odd rule.  The first ring is an outer one. */
gboolean navi_map_builder_add_area (NaviMapBuilder *self, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings,
                                    const NaviOsmTags *tags, GError **error);

typedef gboolean (*NaviMapWriteFunc) (const guint8 *bytes, gsize n_bytes, gpointer user_data, GError **error);

/* Writes the data section through @write and gives back the index section, (transfer full).
 * @cancellable: (nullable). */
GBytes *navi_map_builder_finish (NaviMapBuilder *self, NaviMapWriteFunc write, gpointer user_data, GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
