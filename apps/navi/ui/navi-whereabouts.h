/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"
#include "navi-regions.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is at a point of the map, from the smallest installed region that holds it.
 *
 * Threading: the main thread; the looking is done on another. */

void navi_whereabouts_ask_async (NaviRegions *regions, double lat_deg, double lon_deg, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* Returns: (transfer full) (nullable): as navi_search_reverse() gives it; NULL with @error set */
GListModel *navi_whereabouts_ask_finish (GAsyncResult *result, GError **error);

/* @names: (nullable).  Of what was found, what the point is: the place called so if one was tapped, else the house or the street it is beside.
 * Returns: (transfer full) (nullable) */
NaviPlace *navi_whereabouts_pick (GListModel *places, const NaviNames *names);

G_END_DECLS
