/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The list behind the Keyboard Shortcuts window.  Filled through cirrus_application_add_shortcut.
 *
 * Threading: the main thread.  Ownership: the application's. */
typedef struct _CirrusShortcuts CirrusShortcuts;

CirrusShortcuts *cirrus_shortcuts_new (void);
void cirrus_shortcuts_free (CirrusShortcuts *self);
void cirrus_shortcuts_add (CirrusShortcuts *self, const char *accel, const char *title);

/* @parent: (nullable) */
void cirrus_shortcuts_show (CirrusShortcuts *self, GtkWindow *parent);

G_END_DECLS
