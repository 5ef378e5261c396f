/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-opening-hours.h"
#include "navi-place.h"
#include "navi-region.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* NaviSearch: finds places, streets, houses and points of interest of one region by their names, as one types.
 *
 * The words typed must all be found, in any order, in name, address, city or kind, in any of the languages; the last one may be unfinished.
 * Chinese names are found by pinyin and by initials too.  If little is found so, words may have mistakes: one if they have four letters, two if they have
 * eight.  Addresses stand in one line, in the order of their country; a house number that is not on the map is placed between those that
 * are (is_approximate).  "X near Y", "nearby", "Y附近的X" ask for nearness.  Coordinates (navi-coordinates.h) or a geo: URI give just that place.
 *
 * Threading: make it and call _async from the thread of your main context; the search runs on a thread of GLib's pool.
 * navi_search_find() blocks (some milliseconds) and may be called from any thread.
 * Ownership: it keeps its region alive.
 * Errors: CLOUD_ERROR_UNSUPPORTED (the region's index was made by another text pipeline: import again), CORRUPT, G_IO_ERROR_CANCELLED.  No hit is no error but
 * an empty list. */

#define NAVI_TYPE_SEARCH (navi_search_get_type ())
G_DECLARE_FINAL_TYPE (NaviSearch, navi_search, NAVI, SEARCH, GObject)

typedef struct
{
  const char *text;
  gboolean has_near; /* rank what is near higher */
  double near_lat_deg;
  double near_lon_deg;
  guint limit; /* 0: 20 */
  gboolean typing; /* the last word may go on */
  gboolean open_now; /* only what is open, then what does not say; the text may ask for it too ("open now", "营业中") */
  const NaviLocalTime *now; /* (nullable): the device's time */
} NaviSearchQuery;

/* Returns: (transfer full) (nullable) */
NaviSearch *navi_search_new (NaviRegion *region, GError **error);

/* Returns: (transfer full) (nullable): a list of NaviPlace, best first; NULL with @error set */
GListModel *navi_search_find (NaviSearch *self, const NaviSearchQuery *query, GCancellable *cancellable, GError **error);

void navi_search_find_async (NaviSearch *self, const NaviSearchQuery *query, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
GListModel *navi_search_find_finish (NaviSearch *self, GAsyncResult *result, GError **error);

/* What is at a point, from the finest to the largest, each with its distance and only if it is near enough: a named place, the nearest address, the
 * street beside which it lies (at its nearest point), the quarter, the town.  Blocks for some milliseconds; any thread.
 * Returns: (transfer full) (nullable): a list of NaviPlace, perhaps empty; NULL with @error set */
GListModel *navi_search_reverse (NaviSearch *self, double lat_deg, double lon_deg, GError **error);

void navi_search_reverse_async (NaviSearch *self, double lat_deg, double lon_deg, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
GListModel *navi_search_reverse_finish (NaviSearch *self, GAsyncResult *result, GError **error);

G_END_DECLS
