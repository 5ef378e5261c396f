/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-application.h"

#include "cirrus-common.h"
#include "cloud-settings.h"
#include "search-preferences.h"
#include "search-reader.h"
#include "search-view.h"

#include <glib/gi18n.h>

/* One window; the engine opens beside it. */

struct _SearchApplication
{
  CirrusApplication parent_instance;

  GSettings *settings;
  SearchEngine *engine; /* NULL until it is open */
  GtkWidget *shell;     /* weak */
  GtkWidget *view;      /* weak */
  gint64 waiting_page;  /* to be shown when the engine is there */
};

G_DEFINE_FINAL_TYPE (SearchApplication, search_application, CIRRUS_TYPE_APPLICATION)

static void
show_page (SearchApplication *self, gint64 page_id)
{
  if (self->engine == NULL || self->shell == NULL)
    self->waiting_page = page_id;
  else
    cirrus_shell_push (CIRRUS_SHELL (self->shell), search_reader_new (self->engine, page_id));
}

static void
on_engine_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SearchApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 waiting = self->waiting_page;

  self->engine = search_engine_open_finish (result, &error);
  if (self->view == NULL)
    return;
  if (self->engine == NULL)
    {
      search_view_set_error (SEARCH_VIEW (self->view), error);
      return;
    }
  search_view_set_engine (SEARCH_VIEW (self->view), self->engine);
  self->waiting_page = 0;
  if (waiting != 0)
    show_page (self, waiting);
}

/* ---- Actions ---- */

static void
on_search (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SearchApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  if (self->view == NULL)
    return;
  cirrus_shell_pop_all (CIRRUS_SHELL (self->shell));
  search_view_ask (SEARCH_VIEW (self->view), g_variant_get_string (parameter, NULL));
}

static void
on_show_page (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SearchApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  show_page (self, g_variant_get_int64 (parameter));
}

static void
on_show_saved (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SearchApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  if (self->engine != NULL && self->shell != NULL)
    cirrus_shell_push (CIRRUS_SHELL (self->shell), search_saved_page_new (self->engine));
}

static void
on_focus_box (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SearchApplication *self = user_data;

  if (self->view == NULL)
    return;
  cirrus_shell_pop_all (CIRRUS_SHELL (self->shell));
  search_view_focus (SEARCH_VIEW (self->view));
}

/* ---- The application ---- */

static void
search_application_startup (GApplication *app)
{
  static const GActionEntry actions[] = {
    { "search", on_search, "s", NULL, NULL, { 0 } },
    { "show-page", on_show_page, "x", NULL, NULL, { 0 } },
    { "show-saved", on_show_saved, NULL, NULL, NULL, { 0 } },
    { "focus-box", on_focus_box, NULL, NULL, NULL, { 0 } },
  };
  SearchApplication *self = SEARCH_APPLICATION (app);

  g_action_map_add_action_entries (G_ACTION_MAP (app), actions, G_N_ELEMENTS (actions), app);
  G_APPLICATION_CLASS (search_application_parent_class)->startup (app);
  self->settings = cloud_settings_new ("Search");
  cirrus_application_add_shortcut (CIRRUS_APPLICATION (app), "<Control>l <Control>f", "app.focus-box", _ ("Go to the search box"));
  cirrus_application_add_shortcut (CIRRUS_APPLICATION (app), "<Control>b", "app.show-saved", _ ("Saved pages"));
  search_engine_open_async (g_application_get_dbus_connection (app), NULL, on_engine_open, g_object_ref (self));
}

static GtkWindow *
search_application_create_window (CirrusApplication *app)
{
  SearchApplication *self = SEARCH_APPLICATION (app);
  GtkWidget *window = cirrus_window_new (GTK_APPLICATION (app), cirrus_application_get_title (app));
  GtkWidget *page;

  g_set_weak_pointer (&self->shell, cirrus_shell_new ());
  g_set_weak_pointer (&self->view, search_view_new (self->settings));
  page = cirrus_page_new (cirrus_application_get_title (app), self->view);
  cirrus_page_set_flat (CIRRUS_PAGE (page), TRUE);
  cirrus_page_pack_end (CIRRUS_PAGE (page), cirrus_application_create_menu_button (app, NULL));
  cirrus_shell_add_pane (CIRRUS_SHELL (self->shell), "search", page, 0);
  cirrus_window_set_body (CIRRUS_WINDOW (window), self->shell);
  if (self->engine != NULL)
    search_view_set_engine (SEARCH_VIEW (self->view), self->engine);
  search_view_capture_keys (SEARCH_VIEW (self->view), window);
  /* On a phone the keyboard would come up and hide what there is to tap; and the cursor in the box is drawn anew at every frame. */
  if (!cirrus_theme_is_small_screen ())
    search_view_focus (SEARCH_VIEW (self->view));
  return GTK_WINDOW (window);
}

static void
search_application_fill_preferences (CirrusApplication *app, AdwPreferencesWindow *window)
{
  SearchApplication *self = SEARCH_APPLICATION (app);

  if (self->engine != NULL)
    search_preferences_fill (window, self->engine, self->settings);
}

static void
search_application_fill_about (CirrusApplication *app, AdwAboutWindow *window)
{
  cirrus_about_window_add_source (window, "Wikipedia", "© Wikipedia contributors", "CC BY-SA 4.0", "https://www.wikipedia.org");
  cirrus_about_window_add_source (window, "Unihan", "© Unicode, Inc.", "Unicode License V3", "https://www.unicode.org/license.txt");
}

static void
search_application_shutdown (GApplication *app)
{
  SearchApplication *self = SEARCH_APPLICATION (app);

  G_APPLICATION_CLASS (search_application_parent_class)->shutdown (app);
  if (self->engine != NULL)
    search_engine_close (self->engine);
}

static void
search_application_finalize (GObject *object)
{
  SearchApplication *self = SEARCH_APPLICATION (object);

  g_clear_weak_pointer (&self->shell);
  g_clear_weak_pointer (&self->view);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (search_application_parent_class)->finalize (object);
}

static void
search_application_class_init (SearchApplicationClass *klass)
{
  CirrusApplicationClass *application_class = CIRRUS_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = search_application_finalize;
  G_APPLICATION_CLASS (klass)->startup = search_application_startup;
  G_APPLICATION_CLASS (klass)->shutdown = search_application_shutdown;
  application_class->create_window = search_application_create_window;
  application_class->fill_preferences = search_application_fill_preferences;
  application_class->fill_about = search_application_fill_about;
}

static void
search_application_init (SearchApplication *self)
{
}
