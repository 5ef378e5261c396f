/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusPage: a header bar over content, to be put into a CirrusShell (pane, view or pushed).  Its back button and window buttons
 * come and go by themselves.
 *
 * In a .ui file: <object class="CirrusPage"> with property "title" and children of type "start" and "end" (header buttons),
 * "top" (a banner under the header), "bottom" (a bar under the content), and the content without a type.
 *
 * Properties: "title", "subtitle" (strings), "flat" (gboolean: the header has no line, for heroes), "content" (GtkWidget),
 * "header-visible" (gboolean).
 *
 * Threading: the main thread.  Ownership: the page owns its children. */

#define CIRRUS_TYPE_PAGE (cirrus_page_get_type ())
G_DECLARE_FINAL_TYPE (CirrusPage, cirrus_page, CIRRUS, PAGE, GtkWidget)

/* @content: (nullable): set later */
GtkWidget *cirrus_page_new (const char *title, GtkWidget *content);

void cirrus_page_set_title (CirrusPage *self, const char *title);
void cirrus_page_set_subtitle (CirrusPage *self, const char *subtitle);
void cirrus_page_set_content (CirrusPage *self, GtkWidget *content);
void cirrus_page_set_flat (CirrusPage *self, gboolean flat);
void cirrus_page_set_header_visible (CirrusPage *self, gboolean visible);

/* Replaces the title by a widget (a search entry, the shell's switcher). */
void cirrus_page_set_title_widget (CirrusPage *self, GtkWidget *widget);

/* Header buttons: at most two a side. */
void cirrus_page_pack_start (CirrusPage *self, GtkWidget *widget);
void cirrus_page_pack_end (CirrusPage *self, GtkWidget *widget);

void cirrus_page_add_top (CirrusPage *self, GtkWidget *widget);
void cirrus_page_add_bottom (CirrusPage *self, GtkWidget *widget);

/* A flat icon button with its accessible name (and tooltip). Returns: (transfer floating) */
GtkWidget *cirrus_icon_button_new (const char *icon_name, const char *label, const char *action_name);

G_END_DECLS
