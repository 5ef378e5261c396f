/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NaviPathCache: what steps across cells stand for, as far as it was found lately; of fixed size (about 1.5 MB).
 *
 * Threading: any thread; one at a time between lock and unlock, others do without. */

typedef struct _NaviPathCache NaviPathCache;

/* (transfer full) */
NaviPathCache *navi_path_cache_new (void);
void navi_path_cache_free (NaviPathCache *self);

/* FALSE if somebody else has it. */
gboolean navi_path_cache_try_lock (NaviPathCache *self);
void navi_path_cache_unlock (NaviPathCache *self);

/* What was kept for a step from @entry to @exit across a cell of @level; (transfer none) (nullable), valid until the next put. */
const guint32 *navi_path_cache_get (NaviPathCache *self, guint level, guint32 entry, guint32 exit, guint *n);

void navi_path_cache_put (NaviPathCache *self, guint level, guint32 entry, guint32 exit, const guint32 *items, guint n);

G_END_DECLS
