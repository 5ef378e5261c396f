/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-cell.h"
#include "navi-region.h"

G_BEGIN_DECLS

/* NaviMapData: the map sections of one region (navi-map-builder.h), read cell by cell, with a small cache of decoded cells.
 *
 * Threading: any number of threads at once.
 * Ownership: keeps the two sections' bytes alive.
 * Errors: CORRUPT for sections or blocks that break the format: import the region again. */

typedef struct _NaviMapData NaviMapData;

NaviMapData *navi_map_data_new (GBytes *index, GBytes *data, GError **error);

/* The map of @region, which stays open with it; an empty map if the region holds none. */
NaviMapData *navi_map_data_new_for_region (NaviRegion *region, GError **error);

NaviMapData *navi_map_data_ref (NaviMapData *self);
void navi_map_data_unref (NaviMapData *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMapData, navi_map_data_unref)

/* NULL without an error where there is nothing.  Returns: (transfer full) (nullable) */
NaviMapCell *navi_map_data_get_cell (NaviMapData *self, int level, gint32 row, gint32 col, GError **error);

/* All cells of @level that reach into the box, (element-type NaviMapCell) (transfer full); damaged ones are left out with a warning, so
 * that the rest of the map still shows.  At most NAVI_MAP_DATA_MAX_CELLS. */
#define NAVI_MAP_DATA_MAX_CELLS 256
GPtrArray *navi_map_data_get_cells (NaviMapData *self, int level, double south_deg, double west_deg, double north_deg, double east_deg);

/* Gives back what the cache holds. */
void navi_map_data_trim (NaviMapData *self);

G_END_DECLS
