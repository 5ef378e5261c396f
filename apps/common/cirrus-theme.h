/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* CirrusTheme: fonts, the common style sheet, the accent of one app, the colour scheme of the Suite settings.  Used by
 * CirrusApplication; an app has no reason to call it, except cirrus_theme_fit_window for windows of its own.
 *
 * Threading: the main thread.  Ownership: the caller frees the theme after the last window. */
typedef struct _CirrusTheme CirrusTheme;

/* Before anything of Pango is used: Han text is drawn with the glyphs of mainland China unless the user's languages say otherwise. */
void cirrus_theme_init_languages (void);

/* Makes the resources of apps/common known; harmless when repeated. */
void cirrus_theme_register_resources (void);

/* After the display is open.  @name: "Mail", ...; @settings: the Suite settings (kept). */
CirrusTheme *cirrus_theme_new (const char *name, GSettings *settings);
void cirrus_theme_free (CirrusTheme *self);

/* TRUE on a monitor so narrow that a window should fill it (a phone). */
gboolean cirrus_theme_is_small_screen (void);

/* Sets the default size: @width x @height where that fits, the whole monitor on a small one. */
void cirrus_theme_fit_window (GtkWindow *window, int width, int height);

G_END_DECLS
