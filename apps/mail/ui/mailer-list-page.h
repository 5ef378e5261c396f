/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A page with one boxed list in the middle, or with the words that stand there while it is empty: the drafts, the outbox.
 *
 * Threading: main thread.  Ownership: @list goes into the page. */

/* The page is a CirrusPage and shows the list; its title names the list, too. */
GtkWidget *mailer_list_page_new (const char *title, GtkListBox *list, const char *empty_title, const char *empty_description);
void mailer_list_page_set_empty (GtkWidget *page, gboolean is_empty);

G_END_DECLS
