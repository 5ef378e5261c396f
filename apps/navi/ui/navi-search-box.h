/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"
#include "navi-regions.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* NaviSearchBox: the pill over the map: finds places in all installed regions as one types, in a list that drops below it.
 *
 * Signal "place-chosen" (NaviPlace *).
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_SEARCH_BOX (navi_search_box_get_type ())
G_DECLARE_FINAL_TYPE (NaviSearchBox, navi_search_box, NAVI, SEARCH_BOX, GtkWidget)

/* @end_widget: (nullable): stands at the end of the pill, the menu button. */
GtkWidget *navi_search_box_new (NaviRegions *regions, GtkWidget *end_widget);

/* What is near this is listed first.  @is_position: one is there oneself, so that distances from it are worth showing. */
void navi_search_box_set_near (NaviSearchBox *self, double lat_deg, double lon_deg, gboolean is_position);

/* Puts the keyboard into it. */
void navi_search_box_begin (NaviSearchBox *self);

/* Looks for the text, as if it had been typed. */
void navi_search_box_ask (NaviSearchBox *self, const char *text);

/* Closes the list and empties the entry. */
void navi_search_box_end (NaviSearchBox *self);

G_END_DECLS
