/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviImporter: makes a region of an OpenStreetMap extract without blocking, with progress, and can be cancelled.
 *
 * A file that is a region already is checked and copied instead.  The region appears whole or not at all.
 *
 * Threading: the main context it was made in; properties change there.
 * Errors: those of navi-import.h; G_IO_ERROR_CANCELLED.
 *
 * Properties (read only, with notify): "progress" (double, 0 to 1), "remaining-s" (int, -1 while unknown), "busy" (boolean). */

#define NAVI_TYPE_IMPORTER (navi_importer_get_type ())
G_DECLARE_FINAL_TYPE (NaviImporter, navi_importer, NAVI, IMPORTER, GObject)

NaviImporter *navi_importer_new (void);

double navi_importer_get_progress (NaviImporter *self);
int navi_importer_get_remaining_s (NaviImporter *self);
gboolean navi_importer_get_busy (NaviImporter *self);

/* One import at a time: a second one ends with CLOUD_ERROR_BUSY.
 * @in: an extract or a region file.  @out: the region's path (navi_regions_get_path_for()).  @name: (nullable): what people call it. */
void navi_importer_import_async (NaviImporter *self, const char *in, const char *out, const char *name, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean navi_importer_import_finish (NaviImporter *self, GAsyncResult *result, GError **error);

G_END_DECLS
