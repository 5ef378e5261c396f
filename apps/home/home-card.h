/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* HomeCard: one app of the home window: icon, name, live line.  A press opens the app; the line follows the app's status file.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define HOME_TYPE_CARD (home_card_get_type ())
G_DECLARE_FINAL_TYPE (HomeCard, home_card, HOME, CARD, GtkButton)

/* @name: "Mail", "Search", "Weather", "Navi"; @title: the same, translated */
GtkWidget *home_card_new (const char *name, const char *title);

G_END_DECLS
