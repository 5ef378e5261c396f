/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-application.h"

#include "mailer-opened.h"
#include "mailer-storage.h"
#include "mailer-window.h"

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

/* ---- Storage ---- */

static guint64
measure_mail (gpointer user_data)
{
  MailerStorageSize size;

  mailer_storage_measure (user_data, &size);
  return size.total_bytes;
}

static guint64
measure_clearable (gpointer user_data)
{
  MailerStorageSize size;

  mailer_storage_measure (user_data, &size);
  return size.clearable_bytes;
}

static void
clear_mail (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  mailer_storage_clear_async (user_data, cancellable, callback, callback_data);
}

static gboolean
clear_mail_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return mailer_storage_clear_finish (user_data, result, NULL, NULL, error);
}

static double
get_progress (gpointer user_data)
{
  return mailer_storage_get_progress (user_data);
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
  GtkWindow *mail_window = gtk_application_get_active_window (GTK_APPLICATION (application));
  const CirrusStorageEntry mail = {
    .title = _ ("Messages"),
    .subtitle = _ ("Kept for reading and searching without a network"),
    .question = _ ("Remove the texts and attachments that your mail servers have? They are fetched again when you open a message; "
                   "until then they cannot be read or searched offline. Drafts, unsent mail and mail that is only on this device stay."),
    .measure = measure_mail,
    .clearable = measure_clearable,
    .clear_async = clear_mail,
    .clear_finish = clear_mail_finish,
    .progress = get_progress,
  };
  MailerEngine *engine = MAILER_IS_WINDOW (mail_window) ? mailer_window_get_engine (MAILER_WINDOW (mail_window)) : NULL;

  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (storage), &mail, mailer_storage_new (engine), (GDestroyNotify) mailer_storage_free);
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
