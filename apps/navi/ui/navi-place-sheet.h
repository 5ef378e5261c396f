/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* NaviPlaceSheet: what is known of the place that was tapped or found, and what to do with it.
 *
 * Signals: "route" (the way there), "closed".
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define NAVI_TYPE_PLACE_SHEET (navi_place_sheet_get_type ())
G_DECLARE_FINAL_TYPE (NaviPlaceSheet, navi_place_sheet, NAVI, PLACE_SHEET, GtkWidget)

GtkWidget *navi_place_sheet_new (void);

/* @details: (nullable) (array zero-terminated=1): pairs of icon name and text: address, opening hours, phone...; web and phone are links. */
void navi_place_sheet_set (NaviPlaceSheet *self, const char *title, const char *subtitle, const char *const *details);

G_END_DECLS
