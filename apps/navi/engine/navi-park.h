/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviPark: puts arrays aside on the disk while something else needs the memory.
 *
 * An array that is put is empty until navi_park_take_back() fills all of them again, as they were.  The file has no name: it goes with the
 * park, or with the process.
 *
 * Threading: one thread.  Ownership: the arrays stay the caller's, and must live as long as they are put aside.
 * Errors: NO_SPACE and what else cloud_error_code_from_errno() gives; putting only notes an error (and leaves the array in memory), taking
 * back reports it. */

typedef struct _NaviPark NaviPark;

/* Returns: (transfer full) (nullable): NULL with @error set */
NaviPark *navi_park_new (const char *folder, GError **error);

void navi_park_put (NaviPark *self, GArray *array);
void navi_park_put_bytes (NaviPark *self, GByteArray *array);

gboolean navi_park_take_back (NaviPark *self, GError **error);

void navi_park_free (NaviPark *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviPark, navi_park_free)

G_END_DECLS
