/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-application.h"
#include "navi-coordinates.h"
#include "navi-window.h"

#include "cloud-paths.h"

#include <glib/gi18n.h>

/* Navi among the desktop's applications. */

struct _NaviApplication
{
  CirrusApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (NaviApplication, navi_application, CIRRUS_TYPE_APPLICATION)

static GtkWindow *
navi_application_create_window (CirrusApplication *application)
{
  return GTK_WINDOW (navi_window_new (application));
}

static void
navi_application_open_uri (CirrusApplication *application, GtkWindow *window, const char *uri)
{
  g_autoptr (NaviPlace) place = navi_place_new_from_uri (uri);
  g_auto (NaviGeoUri) parsed = { 0 };

  /* "geo:0,0?q=TEXT" is a question. */
  if (navi_geo_uri_parse (uri, &parsed) && parsed.text != NULL)
    navi_window_search (NAVI_WINDOW (window), parsed.text);
  else if (place != NULL)
    navi_window_show_place (NAVI_WINDOW (window), place);
  else
    cirrus_toast (GTK_WIDGET (window), _ ("This link names no place"));
}

static guint64
measure_maps (gpointer user_data)
{
  g_autofree char *data = cloud_paths_data_dir ("navi");
  g_autofree char *folder = g_build_filename (data, "regions", NULL);

  return cirrus_storage_measure_folder (folder);
}

/* The window is behind the preferences. */
static void
open_maps (gpointer user_data, GtkWidget *row)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (gtk_widget_get_root (row)));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.maps", NULL);
}

static void
navi_application_fill_preferences (CirrusApplication *application, AdwPreferencesWindow *window)
{
  GtkWidget *storage = cirrus_storage_page_new ();
  const CirrusStorageEntry maps = {
    .title = _ ("Maps"),
    .subtitle = _ ("Removed one by one on the page of maps"),
    .measure = measure_maps,
    .open = open_maps,
  };

  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (storage), &maps, NULL, NULL);
  adw_preferences_window_add (window, ADW_PREFERENCES_PAGE (storage));
}

static void
navi_application_fill_about (CirrusApplication *application, AdwAboutWindow *about)
{
  cirrus_about_window_add_source (about, _ ("Maps"), "© OpenStreetMap contributors", "ODbL 1.0", "https://www.openstreetmap.org/copyright");
  cirrus_about_window_add_source (about, "libshumate", "© the libshumate authors", "LGPL-2.1-or-later", "https://gitlab.gnome.org/GNOME/libshumate");
}

static void
navi_application_startup (GApplication *application)
{
  CirrusApplication *self = CIRRUS_APPLICATION (application);

  G_APPLICATION_CLASS (navi_application_parent_class)->startup (application);
  cirrus_application_add_shortcut (self, "<Control>f", "win.search", _ ("Search"));
  cirrus_application_add_shortcut (self, "<Control>plus <Control>equal", "win.zoom-in", _ ("Zoom in"));
  cirrus_application_add_shortcut (self, "<Control>minus", "win.zoom-out", _ ("Zoom out"));
  cirrus_application_add_shortcut (self, "<Control>Up", "win.north", _ ("Turn the map to north"));
  cirrus_application_add_shortcut (self, "<Control>l", "win.position", _ ("Show my position"));
}

static void
navi_application_class_init (NaviApplicationClass *class)
{
  CirrusApplicationClass *cirrus_class = CIRRUS_APPLICATION_CLASS (class);

  G_APPLICATION_CLASS (class)->startup = navi_application_startup;
  cirrus_class->create_window = navi_application_create_window;
  cirrus_class->open_uri = navi_application_open_uri;
  cirrus_class->fill_preferences = navi_application_fill_preferences;
  cirrus_class->fill_about = navi_application_fill_about;
}

static void
navi_application_init (NaviApplication *self)
{
}
