/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusSkeletonList: grey rows in the shape of what is loading, still (no animation, no timer).  Read by a screen reader as
 * "Loading".
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define CIRRUS_TYPE_SKELETON_LIST (cirrus_skeleton_list_get_type ())
G_DECLARE_FINAL_TYPE (CirrusSkeletonList, cirrus_skeleton_list, CIRRUS, SKELETON_LIST, GtkWidget)

/* @n_rows rows of @row_height px; @with_avatar: a round picture at the start. */
GtkWidget *cirrus_skeleton_list_new (guint n_rows, int row_height, gboolean with_avatar);

G_END_DECLS
