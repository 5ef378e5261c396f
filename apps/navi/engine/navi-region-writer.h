/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviRegionWriter: writes a region file section by section (the format is described in navi-region.h).
 *
 * Everything goes to a temporary file beside the target; navi_region_writer_commit() makes it durable (fsync) and puts it in place in one
 * step (rename).  A writer that is freed without a commit leaves nothing behind.  The same calls with the same bytes give the same file:
 * write integers only, in an order that depends on the input alone (never on hash tables, threads, time or floating point).
 *
 *     navi_region_writer_begin (writer, NAVI_SECTION_X, sizeof (Item));
 *     navi_region_writer_append (writer, items, n * sizeof (Item));      ...as often as one likes
 *     if (!navi_region_writer_end (writer, error)) return FALSE;
 *
 * Sections may be written in any order, each once.  Metadata are gathered by navi_region_writer_set_meta() and written at commit.
 *
 * Threading: one thread at a time.
 * Errors: CLOUD_ERROR_NO_SPACE, DENIED and what cloud_error_code_from_errno() gives; begin and append only note an error, end and
 * commit report it. */

typedef struct _NaviRegionWriter NaviRegionWriter;

/* Returns: (transfer full) (nullable): NULL with @error set */
NaviRegionWriter *navi_region_writer_new (const char *path, GError **error);

/* As above for a file that is made in several goes, perhaps by several processes: @part, on the same disk, holds what is written so far; it
 * belongs to the caller, is renamed by the commit, and stays when the writer is freed.
 * @state: (nullable): what navi_region_writer_save() gave when @part was as it is to be now; what was written later is cut off.  All its
 * sections are read and their checksums compared; if they are not what was saved: CLOUD_ERROR_CORRUPT, begin anew without @state. */
NaviRegionWriter *navi_region_writer_new_in (const char *path, const char *part, GBytes *state, GError **error);

/* Makes durable what is written and says what a later writer needs to go on from here.  Between sections only.
 * Returns: (transfer full) (nullable): NULL with @error set */
GBytes *navi_region_writer_save (NaviRegionWriter *self, GError **error);

void navi_region_writer_set_meta (NaviRegionWriter *self, const char *key, const char *value);

/* @item_bytes: size of an item if the section is an array, else 0. */
void navi_region_writer_begin (NaviRegionWriter *self, guint32 id, guint32 item_bytes);
void navi_region_writer_append (NaviRegionWriter *self, gconstpointer data, gsize bytes);
gboolean navi_region_writer_end (NaviRegionWriter *self, GError **error);

/* begin, append, end in one. */
gboolean navi_region_writer_add (NaviRegionWriter *self, guint32 id, guint32 item_bytes, gconstpointer data, gsize bytes, GError **error);

/* Puts the file in place.  The writer can only be freed afterwards. */
gboolean navi_region_writer_commit (NaviRegionWriter *self, GError **error);

void navi_region_writer_free (NaviRegionWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviRegionWriter, navi_region_writer_free)

G_END_DECLS
