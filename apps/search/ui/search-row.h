/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-query.h"
#include "search-result.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rows of Search's lists: results with what was found made bold, and plain rows of one line.
 *
 * Threading: the main thread.  Ownership: widgets are floating. */

/* @query: (nullable): what to make bold.  @button: (nullable): a widget at the end. */
GtkWidget *search_row_new_for_result (SearchResult *result, const CloudQuery *query, GtkWidget *button);

/* One line with an icon; @subtitle: (nullable). */
GtkWidget *search_row_new (const char *icon_name, const char *title, const char *subtitle, GtkWidget *button);

/* The same with a @subtitle of one line, cut at its end. */
GtkWidget *search_row_new_brief (const char *icon_name, const char *title, const char *subtitle);

/* The result of a row made for one.  (transfer none) (nullable) */
SearchResult *search_row_get_result (GtkListBoxRow *row);

/* A boxed list with @title over it (nullable): the list is in @list.  @end: (nullable): a widget beside the title. */
GtkWidget *search_section_new (const char *title, GtkWidget *end, GtkListBox **list);

/* @section: one that was made with a title. */
void search_section_set_title (GtkWidget *section, const char *title);

G_END_DECLS
