/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-clip.h"

G_BEGIN_DECLS

/* NaviMapChains: joins pieces of lines whose ends meet to long lines, straight on where more than two meet: fewer and longer lines take
 * less room, can be simplified across their joints, and bear their names better.
 *
 * Threading: one thread.  The result depends on the input alone. */

typedef struct _NaviMapChains NaviMapChains;

NaviMapChains *navi_map_chains_new (void);
void navi_map_chains_free (NaviMapChains *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapChains, navi_map_chains_free)

/* Pieces with the same @key may be joined; @directed: only the end of one to the beginning of another.  Copies the points, at least 2. */
void navi_map_chains_add (NaviMapChains *self, guint key, gboolean directed, const NaviMapPoint *points, guint n);

typedef void (*NaviMapChainFunc) (guint key, const NaviMapPoint *points, guint n, gpointer user_data);

/* Gives each line to @func and forgets all. */
void navi_map_chains_finish (NaviMapChains *self, NaviMapChainFunc func, gpointer user_data);

G_END_DECLS
