/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-importer.h"
#include "navi-regions.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page of installed maps: what there is, with size and date; remove; import an extract or a ready region, with progress.
 *
 * Threading: the main thread.  Returns: (transfer floating): a page to push.
 * @importer: goes on when the page is closed. */
GtkWidget *navi_maps_page_new (NaviRegions *regions, NaviImporter *importer);

/* Asks for a file and imports it; @widget: any in the window. */
void navi_maps_import_file (GtkWidget *widget, NaviRegions *regions, NaviImporter *importer);

G_END_DECLS
