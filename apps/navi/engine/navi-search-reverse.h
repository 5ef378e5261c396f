/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"
#include "navi-places-reader.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells what is at a point: from the nearest door to the town.
 *
 * Threading: one thread at a time for a reader. */

/* Appends what navi_search_reverse() promises to @found (of NaviPlace).  @graph: (nullable): the region's roads */
void navi_search_describe (NaviPlacesReader *places, const NaviGraph *graph, double lat_deg, double lon_deg, GListStore *found);

G_END_DECLS
