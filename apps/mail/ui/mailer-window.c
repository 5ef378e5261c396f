/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-window.h"

#include "mailer-engine.h"

#include <glib/gi18n.h>

/* Mail's window: opens the engine and brings folders, list and message together. */

struct _MailerWindow
{
  CirrusWindow parent_instance;
  CirrusShell *shell;
  MailerEngine *engine;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MailerWindow, mailer_window, CIRRUS_TYPE_WINDOW)

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  self->engine = mailer_engine_open_finish (result, &error);
}

static void
mailer_window_dispose (GObject *object)
{
  MailerWindow *self = MAILER_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (mailer_window_parent_class)->dispose (object);
}

static void
mailer_window_class_init (MailerWindowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = mailer_window_dispose;
}

static void
mailer_window_init (MailerWindow *self)
{
  self->cancellable = g_cancellable_new ();
}

MailerWindow *
mailer_window_new (CirrusApplication *application)
{
  MailerWindow *self = g_object_new (MAILER_TYPE_WINDOW, "application", application, "title", cirrus_application_get_title (application), NULL);

  self->shell = CIRRUS_SHELL (cirrus_shell_new ());
  cirrus_shell_add_pane (self->shell, "list", cirrus_page_new (_ ("Mail"), cirrus_skeleton_list_new (10, 72, TRUE)), 0);
  cirrus_window_set_body (CIRRUS_WINDOW (self), GTK_WIDGET (self->shell));
  mailer_engine_open_async (self->cancellable, on_opened, g_object_ref (self));
  return self;
}

void
mailer_window_open_uri (MailerWindow *self, const char *uri)
{
}
