/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* CirrusApplication: the base of the five windows' applications (Mail, Search, Weather, Navi, Home).
 *
 * It brings what must be the same everywhere: locale and text domain, fonts where no desktop sets any, the common style sheet and the
 * app's accent colour in light and dark, the common icons, the colour scheme (system, light, dark: the Suite settings), the main menu
 * with Preferences, Keyboard Shortcuts and About, Ctrl+Q and Ctrl+W, --version, and the dispatch of opened URIs.
 *
 * An app subclasses it, overrides the virtual functions that it needs, and its main.c is one line:
 *
 *   int main (int argc, char **argv) { return cirrus_application_run (MAILER_TYPE_APPLICATION, "Mail", argc, argv); }
 *
 * Resource conventions: an app's resources lie under /org/cirrussuite/<Name>/ (style.css and style-dark.css there are loaded by
 * themselves, icons/scalable/actions/<name>-symbolic.svg there are found by name); those of apps/common under
 * /org/cirrussuite/common/.  The paths are internal names and do not follow the id_prefix build option.
 *
 * Threading: the main thread.  Ownership: GObject. */

#define CIRRUS_TYPE_APPLICATION (cirrus_application_get_type ())
G_DECLARE_DERIVABLE_TYPE (CirrusApplication, cirrus_application, CIRRUS, APPLICATION, AdwApplication)

/**
 * CirrusApplicationClass:
 * @create_window: (required): makes the app's window, a CirrusWindow as a rule; called when there is none (transfer none: the
 *   application holds its windows)
 * @open_uri: shows @uri ("mailto:...", "geo:...") in @window; NULL where an app opens none
 * @fill_preferences: adds the app's pages or groups to the preferences window, before the common "Appearance" page
 * @fill_about: adds credits, data sources and legal sections to the About window
 */
struct _CirrusApplicationClass
{
  AdwApplicationClass parent_class;

  GtkWindow *(*create_window) (CirrusApplication *self);
  void (*open_uri) (CirrusApplication *self, GtkWindow *window, const char *uri);
  void (*fill_preferences) (CirrusApplication *self, AdwPreferencesWindow *window);
  void (*fill_about) (CirrusApplication *self, AdwAboutWindow *window);
  gpointer padding[4];
};

/* Runs an application of @type, whose @name is "Mail", "Search", "Weather", "Navi" or "Home"; returns main's exit status. */
int cirrus_application_run (GType type, const char *name, int argc, char **argv);

/* The name given above. (transfer none) */
const char *cirrus_application_get_name (CirrusApplication *self);

/* The name as the user reads it, translated. (transfer none) */
const char *cirrus_application_get_title (CirrusApplication *self);

/* Binds @accel ("<Control>n"; several separated by blanks) to @action ("win.compose", "app.x::target") and lists it in the Keyboard
 * Shortcuts window as @title (translated).  Call it in startup (after chaining up). */
void cirrus_application_add_shortcut (CirrusApplication *self, const char *accel, const char *action, const char *title);

/* The header bar's menu button: @section (nullable) first, then Preferences, Keyboard Shortcuts, About. Returns: (transfer floating) */
GtkWidget *cirrus_application_create_menu_button (CirrusApplication *self, GMenuModel *section);

G_END_DECLS
