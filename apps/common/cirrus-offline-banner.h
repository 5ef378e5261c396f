/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusOfflineBanner: a strip under the header that says why what is shown may be old, with one button.  Put it on a page with
 * cirrus_page_add_top.
 *
 * Properties: "text" (string), "button-label" (nullable string), "revealed" (gboolean).
 * Signal "retry": the button was pressed.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define CIRRUS_TYPE_OFFLINE_BANNER (cirrus_offline_banner_get_type ())
G_DECLARE_FINAL_TYPE (CirrusOfflineBanner, cirrus_offline_banner, CIRRUS, OFFLINE_BANNER, GtkWidget)

/* Says "Offline. Showing what was stored." with a button "Try Again"; hidden at first. */
GtkWidget *cirrus_offline_banner_new (void);

void cirrus_offline_banner_set_revealed (CirrusOfflineBanner *self, gboolean revealed);
void cirrus_offline_banner_set_text (CirrusOfflineBanner *self, const char *text, const char *button_label);

/* Shows @error in words, or hides the banner when it is NULL (or a cancellation). */
void cirrus_offline_banner_set_error (CirrusOfflineBanner *self, const GError *error);

G_END_DECLS
