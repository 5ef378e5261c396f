/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusShell: the adaptive frame of a window.  The one widget that names AdwLeaflet, AdwViewStack and AdwViewSwitcherBar, which
 * later libadwaita replaces.
 *
 * Three ways to use it, which combine by nesting one shell into another's pane or view:
 *
 *  - panes side by side that become a stack on a phone (a list and its detail):
 *        cirrus_shell_add_pane (shell, "list", list_page, 360);
 *        cirrus_shell_add_pane (shell, "detail", detail_page, 0);
 *        cirrus_shell_show_pane (shell, "detail");          // a row was activated
 *    Three panes (folders | list | message): a shell with the two first in the first pane of another.
 *  - views, one at a time, with a switcher at the bottom of a phone and in the header of a wide window:
 *        cirrus_shell_add_view (shell, "now", _("Now"), "weather-clear-symbolic", page);
 *        cirrus_page_set_title_widget (page, cirrus_shell_create_switcher (shell, _("Weather")));
 *  - pages pushed on top of everything, with a back button (a form, a list of results):
 *        cirrus_shell_push (shell, cirrus_page_new (_("Add a Place"), content));
 *
 * A CirrusPage anywhere inside shows a back button whenever the shell around it can go back.  Escape-less: Alt+Left, the back
 * mouse button and a swipe do the same.
 *
 * Threading: the main thread.  Ownership: the shell owns what is added to it. */

#define CIRRUS_TYPE_SHELL (cirrus_shell_get_type ())
G_DECLARE_FINAL_TYPE (CirrusShell, cirrus_shell, CIRRUS, SHELL, GtkWidget)

/* Properties: "folded" (gboolean, read-only): panes are a stack; "visible-pane" (string, read-only); "visible-view" (string).
 * Signal "layout-changed": one of them changed, or a page was pushed or popped. */

GtkWidget *cirrus_shell_new (void);

/* @width: the pane's width in px when unfolded, or 0 for the one that takes the rest. */
void cirrus_shell_add_pane (CirrusShell *self, const char *name, GtkWidget *pane, int width);
void cirrus_shell_show_pane (CirrusShell *self, const char *name);
const char *cirrus_shell_get_visible_pane (CirrusShell *self);
gboolean cirrus_shell_get_folded (CirrusShell *self);

void cirrus_shell_add_view (CirrusShell *self, const char *name, const char *title, const char *icon_name, GtkWidget *view);
void cirrus_shell_show_view (CirrusShell *self, const char *name);
const char *cirrus_shell_get_visible_view (CirrusShell *self);

/* A title widget that shows @title where the switcher is at the bottom, and the switcher where it is not. Returns: (transfer floating) */
GtkWidget *cirrus_shell_create_switcher (CirrusShell *self, const char *title);

/* Puts @page over all; cirrus_shell_pop or the user's back gesture removes and frees it. */
void cirrus_shell_push (CirrusShell *self, GtkWidget *page);
void cirrus_shell_pop (CirrusShell *self);

/* Removes all pushed pages at once. */
void cirrus_shell_pop_all (CirrusShell *self);

/* Whether a shell around @widget can go back from it, and doing so (innermost first). */
gboolean cirrus_shell_can_go_back_from (GtkWidget *widget);
gboolean cirrus_shell_go_back_from (GtkWidget *widget);

/* The nearest shell around @widget. Returns: (nullable) (transfer none) */
CirrusShell *cirrus_shell_get_for (GtkWidget *widget);

/* Which window buttons a page inside @widget's place shall show, @start or end: only outer panes carry them. */
gboolean cirrus_shell_shows_window_buttons (GtkWidget *widget, gboolean start);

G_END_DECLS
