/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Pages kept on this device: their list, and one of them to read.
 *
 * Threading: the main thread.  Ownership: widgets are floating (CirrusPage, to be pushed onto a CirrusShell). */

/* The list of saved pages; rows open with "app.show-page". */
GtkWidget *search_saved_page_new (SearchEngine *engine);

/* One saved page as plain, calm text. */
GtkWidget *search_reader_new (SearchEngine *engine, gint64 page_id);

G_END_DECLS
