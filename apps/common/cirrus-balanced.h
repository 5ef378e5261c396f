/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusBalanced: a centred label whose lines are about equally long: as narrow as its number of lines allows, so that no last word stands alone.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define CIRRUS_TYPE_BALANCED (cirrus_balanced_get_type ())
G_DECLARE_FINAL_TYPE (CirrusBalanced, cirrus_balanced, CIRRUS, BALANCED, GtkWidget)

/* @label: one that wraps; taken over. */
GtkWidget *cirrus_balanced_new (GtkWidget *label);

G_END_DECLS
