/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-region.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviRegions: the regions that are installed in the profile (<data>/navi/regions/ *.region), as a GListModel of NaviRegion sorted by name, kept up
 * to date when files come and go.
 *
 * A region file that cannot be opened is left out; navi_regions_get_problem() says why for the first of them.
 *
 * Threading: the thread and main context that made it. */

#define NAVI_TYPE_REGIONS (navi_regions_get_type ())
G_DECLARE_FINAL_TYPE (NaviRegions, navi_regions, NAVI, REGIONS, GObject)

/* @folder: (nullable): another folder than the profile's */
NaviRegions *navi_regions_new (const char *folder);

/* (transfer none) */
const char *navi_regions_get_folder (NaviRegions *self);

/* Looks at the folder again at once, as it does by itself soon after a change. */
void navi_regions_refresh (NaviRegions *self);

/* Where a region made of @in is to be stored: its name without endings, made unique.  (transfer full) */
char *navi_regions_get_path_for (NaviRegions *self, const char *in);

/* Removes the file; those who have it open go on reading it. */
gboolean navi_regions_remove (NaviRegions *self, NaviRegion *region, GError **error);

/* The smallest region whose bounds hold the point; (transfer full) (nullable). */
NaviRegion *navi_regions_find (NaviRegions *self, double lat_deg, double lon_deg);

/* (transfer none) (nullable) */
const GError *navi_regions_get_problem (NaviRegions *self);

G_END_DECLS
