/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviImportWork: the folder in which an import keeps what it has done so far, so that one that was killed goes on there.
 *
 * It is OUT.import beside the region OUT, only its user's, and belongs to one input, told by its file's identity, size and times, and by the
 * version of the program: what was begun with another is thrown away.  It is locked (flock) while an import runs; the kernel frees the
 * lock of one that was killed.
 *
 * What is kept lies in a file of its own each, with a checksum, written aside and renamed: whole or not there.  What cannot be trusted counts
 * as not there, so that at worst work is done again.
 *
 * Threading: one thread at a time.
 * Errors: BUSY (another import works on this region), INVALID (a folder of that name is somebody else's), NO_SPACE, DENIED and what else
 * cloud_error_code_from_errno() gives.
 * Source: flock(2), rename(2), fsync(2). */

typedef struct _NaviImportWork NaviImportWork;

/* What is kept under a name. */
#define NAVI_WORK_DONE "done" /* which passes are done, and the region file's state */
#define NAVI_WORK_CUT "cut"   /* how the roads are partitioned */

/* @in: the input.  @out: the region.  Returns: (transfer full) (nullable): NULL with @error set */
NaviImportWork *navi_import_work_open (const char *in, const char *out, GError **error);

/* For files that have no name, or lose it at once.  (transfer none) */
const char *navi_import_work_get_folder (const NaviImportWork *self);

/* Where the region grows.  (transfer none) */
const char *navi_import_work_get_part (const NaviImportWork *self);

gboolean navi_import_work_keep (NaviImportWork *self, const char *name, GBytes *bytes, GError **error);

/* Returns: (transfer full) (nullable): NULL if it is not there */
GBytes *navi_import_work_find (NaviImportWork *self, const char *name);

/* Removes the folder and all in it. */
void navi_import_work_remove (NaviImportWork *self);

/* Leaves the folder as it is, and the lock. */
void navi_import_work_free (NaviImportWork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviImportWork, navi_import_work_free)

G_END_DECLS
