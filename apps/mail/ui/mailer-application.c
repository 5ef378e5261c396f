/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-application.h"

#include "mailer-opened.h"
#include "mailer-window.h"

#include "cloud-paths.h"

#include <glib/gi18n.h>

/* Mail among the desktop's applications. */

struct _MailerApplication
{
  CirrusApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (MailerApplication, mailer_application, CIRRUS_TYPE_APPLICATION)

static GtkWindow *
mailer_application_create_window (CirrusApplication *application)
{
  return GTK_WINDOW (mailer_window_new (application));
}

static void
mailer_application_open_uri (CirrusApplication *application, GtkWindow *window, const char *uri)
{
  mailer_window_open_uri (MAILER_WINDOW (window), uri);
}

static guint64
measure_mail (gpointer user_data)
{
  g_autofree char *folder = cloud_paths_data_dir ("mail");

  return cirrus_storage_measure_folder (folder);
}

static void
mailer_application_fill_about (CirrusApplication *application, AdwAboutWindow *about)
{
  cirrus_about_window_add_source (about, "LibEtPan", "© Hoà V. Dinh and others", "BSD-3-Clause", "https://github.com/dinhvh/libetpan");
  /* The tables by which variant characters are found. */
  cirrus_about_window_add_source (about, "Unihan", "© Unicode, Inc.", "Unicode License V3", "https://www.unicode.org/license.txt");
}

static void
mailer_application_fill_preferences (CirrusApplication *application, AdwPreferencesWindow *window)
{
  GtkWidget *storage = cirrus_storage_page_new ();
  const CirrusStorageEntry mail = {
    .title = _ ("Messages"),
    .subtitle = _ ("Kept for reading and searching without a network"),
    .measure = measure_mail,
  };

  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (storage), &mail, NULL, NULL);
  adw_preferences_window_add (window, ADW_PREFERENCES_PAGE (storage));
}

static void
mailer_application_startup (GApplication *application)
{
  CirrusApplication *self = CIRRUS_APPLICATION (application);

  G_APPLICATION_CLASS (mailer_application_parent_class)->startup (application);
  mailer_opened_remove_all ();
  cirrus_application_add_shortcut (self, "<Control>f", "win.search", _ ("Search"));
  cirrus_application_add_shortcut (self, "F5 <Control>r", "win.sync", _ ("Look for new mail"));
  cirrus_application_add_shortcut (self, "<Control>d", "win.star", _ ("Star or unstar"));
  cirrus_application_add_shortcut (self, "<Control>u", "win.unread", _ ("Mark as unread"));
  cirrus_application_add_shortcut (self, "<Control>n", "win.compose", _ ("Write a message"));
  cirrus_application_add_shortcut (self, "<Alt>r", "win.reply", _ ("Reply"));
  cirrus_application_add_shortcut (self, "<Alt>z", "win.undo", _ ("Take back"));
  cirrus_application_add_shortcut (self, "<Control>e", "win.archive", _ ("Archive"));
  cirrus_application_add_shortcut (self, "<Control>Delete", "win.delete", _ ("Delete"));
}

static void
mailer_application_class_init (MailerApplicationClass *class)
{
  CirrusApplicationClass *cirrus_class = CIRRUS_APPLICATION_CLASS (class);

  G_APPLICATION_CLASS (class)->startup = mailer_application_startup;
  cirrus_class->create_window = mailer_application_create_window;
  cirrus_class->open_uri = mailer_application_open_uri;
  cirrus_class->fill_preferences = mailer_application_fill_preferences;
  cirrus_class->fill_about = mailer_application_fill_about;
}

static void
mailer_application_init (MailerApplication *self)
{
}
