/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusStatusView: a whole-page state with an illustration of our own, a headline, one sentence and one button: empty, offline,
 * error, first run.  (For loading, show a CirrusSkeletonList instead.)
 *
 * Properties: "illustration" (string: "empty", "mail", "search", "pages", "places", "map", "weather", "offline", "error", "welcome"),
 * "title", "description" (strings), "button-label" (nullable string: no button), "action-name" (nullable string: the button's action),
 * "compact" (gboolean: in a small room).
 * Signal "activated": the button was pressed (also when it has an action).
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define CIRRUS_TYPE_STATUS_VIEW (cirrus_status_view_get_type ())
G_DECLARE_FINAL_TYPE (CirrusStatusView, cirrus_status_view, CIRRUS, STATUS_VIEW, GtkWidget)

/* @button_label: (nullable) */
GtkWidget *cirrus_status_view_new (const char *illustration, const char *title, const char *description, const char *button_label);

void cirrus_status_view_set (CirrusStatusView *self, const char *illustration, const char *title, const char *description,
                             const char *button_label);

/* Shows @error in words (see cirrus-text.h) with the button that helps; nothing changes when it is a cancellation. */
void cirrus_status_view_set_error (CirrusStatusView *self, const GError *error);

void cirrus_status_view_set_action_name (CirrusStatusView *self, const char *action_name);
void cirrus_status_view_set_compact (CirrusStatusView *self, gboolean compact);

G_END_DECLS
