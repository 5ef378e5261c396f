/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"

#include "cirrus-common.h"

G_BEGIN_DECLS

/* NaviWindow: the map to all edges, search over it, a sheet under it for a place or a route, the position on it.
 *
 * Threading: the main thread.  Ownership: GtkWindow's. */

#define NAVI_TYPE_WINDOW (navi_window_get_type ())
G_DECLARE_FINAL_TYPE (NaviWindow, navi_window, NAVI, WINDOW, CirrusWindow)

NaviWindow *navi_window_new (CirrusApplication *application);

/* Shows the place and its card. */
void navi_window_show_place (NaviWindow *self, NaviPlace *place);

/* Looks for the text, as if it had been typed. */
void navi_window_search (NaviWindow *self, const char *text);

G_END_DECLS
