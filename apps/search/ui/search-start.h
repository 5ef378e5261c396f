/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* SearchStart: what stands under the empty box: recent questions, what is kept here, and who is asked.
 *
 * Signal "ask" (SearchStart *, const char *text): a recent question was pressed.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define SEARCH_TYPE_START (search_start_get_type ())
G_DECLARE_FINAL_TYPE (SearchStart, search_start, SEARCH, START, GtkWidget)

GtkWidget *search_start_new (void);

/* Shows what @engine keeps, and follows it. */
void search_start_set_engine (SearchStart *self, SearchEngine *engine);

G_END_DECLS
