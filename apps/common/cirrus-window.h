/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* CirrusWindow: an application window that fills a phone, remembers its size on a desktop and shows toasts.  Use it as it is
 * (cirrus_window_new) or derive from it.
 *
 * Property "body" (GtkWidget): what the window shows, a CirrusShell as a rule (.ui: a child without a type).  Do not call
 * adw_application_window_set_content.
 *
 * Threading: the main thread.  Ownership: GtkWindow's. */

#define CIRRUS_TYPE_WINDOW (cirrus_window_get_type ())
G_DECLARE_DERIVABLE_TYPE (CirrusWindow, cirrus_window, CIRRUS, WINDOW, AdwApplicationWindow)

struct _CirrusWindowClass
{
  AdwApplicationWindowClass parent_class;
};

GtkWidget *cirrus_window_new (GtkApplication *application, const char *title);
void cirrus_window_set_body (CirrusWindow *self, GtkWidget *body);

/* A short sentence at the bottom of the window around @widget, for a few seconds. */
void cirrus_toast (GtkWidget *widget, const char *sentence);

/* The same with one button ("Undo"); @on_button runs when it is pressed, @on_gone when the toast is gone, pressed or not (both nullable). */
void cirrus_toast_with_button (GtkWidget *widget, const char *sentence, const char *button, GCallback on_button, GCallback on_gone,
                               gpointer user_data);

G_END_DECLS
