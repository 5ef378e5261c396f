/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* SearchView: the one screen of Search: the box, and under it what there is to say.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define SEARCH_TYPE_VIEW (search_view_get_type ())
G_DECLARE_FINAL_TYPE (SearchView, search_view, SEARCH, VIEW, GtkWidget)

GtkWidget *search_view_new (GSettings *settings);

/* @engine: comes when its files are open. */
void search_view_set_engine (SearchView *self, SearchEngine *engine);
/* The engine cannot be opened. */
void search_view_set_error (SearchView *self, const GError *error);

/* Puts @text into the box and asks everybody; waits for the engine if need be. */
void search_view_ask (SearchView *self, const char *text);
/* Empties the box. */
void search_view_reset (SearchView *self);
void search_view_focus (SearchView *self);
/* Letters typed in @widget that nothing there takes go to the box, which gets the focus. */
void search_view_capture_keys (SearchView *self, GtkWidget *widget);

G_END_DECLS
