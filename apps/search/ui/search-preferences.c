/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-preferences.h"

#include "cirrus-common.h"
#include "cloud-paths.h"
#include "search-url.h"

#include <glib/gi18n.h>

/* The group of Web searches is made anew when something kept changes; the rest is bound to the settings. */

typedef struct
{
  SearchEngine *engine;
  GSettings *settings;
  GCancellable *cancellable;
  gulong changed_id;
  AdwPreferencesWindow *window;
  AdwPreferencesGroup *providers;
  GPtrArray *rows; /* GtkWidget, not owned */
  GtkWidget *address;
} Preferences;

static void
preferences_free (gpointer data)
{
  Preferences *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_signal_handler_disconnect (self->engine, self->changed_id);
  g_object_unref (self->engine);
  g_object_unref (self->settings);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static void
say (Preferences *self, const char *sentence)
{
  if (sentence != NULL)
    cirrus_toast (self->address, sentence);
}

/* ---- Web searches ---- */

static void reload (Preferences *self);

/* A change that was not kept is told, and the list shows what is kept. */
static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwPreferencesWindow) window = user_data;
  g_autoptr (GError) error = NULL;
  Preferences *self = g_object_get_data (G_OBJECT (window), "search-preferences");

  if (search_store_done_finish (NULL, result, &error) || self == NULL)
    return;
  g_warning ("The Web searches cannot be changed: %s", error->message);
  say (self, cirrus_error_sentence (error));
  reload (self);
}

static void
on_enabled_changed (GtkSwitch *enabled, GParamSpec *pspec, Preferences *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (enabled), "id");

  if (search_engine_get_store (self->engine) != NULL)
    search_store_enable_provider_async (search_engine_get_store (self->engine), *id, gtk_switch_get_active (enabled), on_changed,
                                        g_object_ref (self->window));
}

static void
on_remove_clicked (GtkButton *button, Preferences *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (button), "id");

  if (search_engine_get_store (self->engine) != NULL)
    search_store_remove_provider_async (search_engine_get_store (self->engine), *id, on_changed, g_object_ref (self->window));
}

static void
set_id (GtkWidget *widget, gint64 id)
{
  g_object_set_data_full (G_OBJECT (widget), "id", g_memdup2 (&id, sizeof id), g_free);
}

static GtkWidget *
provider_row_new (Preferences *self, SearchProvider *provider)
{
  g_autofree char *title = g_markup_escape_text (search_provider_get_name (provider), -1);
  g_autofree char *display = search_url_display (search_provider_get_url (provider));
  g_autofree char *subtitle = g_markup_escape_text (display != NULL ? display : search_provider_get_url (provider), -1);
  g_autofree char *remove_label = g_strdup_printf (_ ("Remove %s"), search_provider_get_name (provider));
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *enabled = gtk_switch_new ();
  GtkWidget *remove = cirrus_icon_button_new ("user-trash-symbolic", remove_label, NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_switch_set_active (GTK_SWITCH (enabled), search_provider_get_enabled (provider));
  gtk_accessible_update_property (GTK_ACCESSIBLE (enabled), GTK_ACCESSIBLE_PROPERTY_LABEL, search_provider_get_name (provider), -1);
  set_id (enabled, search_provider_get_id (provider));
  set_id (remove, search_provider_get_id (provider));
  gtk_widget_set_valign (enabled, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  g_signal_connect (enabled, "notify::active", G_CALLBACK (on_enabled_changed), self);
  g_signal_connect (remove, "clicked", G_CALLBACK (on_remove_clicked), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), enabled);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  return row;
}

static void
on_providers_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Preferences *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = search_store_list_finish (NULL, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the window is gone */
  if (providers == NULL)
    {
      g_warning ("The Web searches cannot be read: %s", error->message);
      say (self, cirrus_error_sentence (error));
      return;
    }
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->providers, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < providers->len; i++)
    {
      GtkWidget *row = provider_row_new (self, g_ptr_array_index (providers, i));

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (self->providers, row);
    }
}

static void
reload (Preferences *self)
{
  if (search_engine_get_store (self->engine) != NULL)
    search_store_list_providers_async (search_engine_get_store (self->engine), self->cancellable, on_providers_ready, self);
}

static void
on_provider_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Preferences *self;
  g_autoptr (AdwPreferencesWindow) window = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SearchProvider) provider = search_engine_add_provider_finish (SEARCH_ENGINE (source), result, &error);
  g_autofree char *sentence = NULL;

  self = g_object_get_data (G_OBJECT (window), "search-preferences");
  if (self == NULL)
    return;
  gtk_widget_set_sensitive (self->address, TRUE);
  if (provider != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->address), "");
      sentence = g_strdup_printf (_ ("%s is asked from now on"), search_provider_get_name (provider));
      say (self, sentence);
    }
  else
    say (self, cirrus_error_sentence (error));
}

static void
on_address_applied (AdwEntryRow *row, Preferences *self)
{
  const char *address = gtk_editable_get_text (GTK_EDITABLE (row));

  if (address[0] == '\0')
    return;
  gtk_widget_set_sensitive (self->address, FALSE);
  search_engine_add_provider_async (self->engine, address, NULL, NULL, self->cancellable, on_provider_added, g_object_ref (self->window));
}

static AdwPreferencesGroup *
create_add_group (Preferences *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  self->address = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address), _ ("Add a site by its address"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->address), TRUE);
  g_signal_connect (self->address, "apply", G_CALLBACK (on_address_applied), self);
  adw_preferences_group_set_description (group, _ ("Wikis, SearXNG, and every site with an OpenSearch description."));
  adw_preferences_group_add (group, self->address);
  return group;
}

/* ---- Browser, history ---- */

static void
on_browser_chosen (GtkCheckButton *button, GParamSpec *pspec, Preferences *self)
{
  if (gtk_check_button_get_active (button))
    g_settings_set_string (self->settings, "browser-search", g_object_get_data (G_OBJECT (button), "engine"));
}

static AdwPreferencesGroup *
create_browser_group (Preferences *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  const char *const *engines = search_url_browser_engines ();
  g_autofree char *chosen = g_settings_get_string (self->settings, "browser-search");
  GtkWidget *first = NULL;

  adw_preferences_group_set_title (group, _ ("Web Search in the Browser"));
  for (guint i = 0; engines[i] != NULL; i++)
    {
      /* Translators: the Web search that fits the user's country; %s is its name */
      g_autofree char *automatic = g_strdup_printf (_ ("Automatic (%s)"), search_url_browser_name ("auto", NULL));
      const char *name = i == 0 ? automatic : search_url_browser_name (engines[i], NULL);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *button = gtk_check_button_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      gtk_check_button_set_group (GTK_CHECK_BUTTON (button), first != NULL ? GTK_CHECK_BUTTON (first) : NULL);
      first = first != NULL ? first : button;
      gtk_check_button_set_active (GTK_CHECK_BUTTON (button), g_str_equal (engines[i], chosen));
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (button), "engine", g_strdup (engines[i]), g_free);
      g_signal_connect (button, "notify::active", G_CALLBACK (on_browser_chosen), self);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
      adw_preferences_group_add (group, row);
    }
  return group;
}

static GtkWidget *
create_remember_row (Preferences *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *remember = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Remember Searches"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ ("Only on this device"));
  gtk_widget_set_valign (remember, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remember), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Remember Searches"), -1);
  g_settings_bind (self->settings, "remember-searches", remember, "active", G_SETTINGS_BIND_DEFAULT);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remember);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), remember);
  return row;
}

/* ---- Storage ---- */

typedef struct
{
  SearchEngine *engine;
  SearchStore *store;
  char *data_folder;
  char *cache_folder;
} Kept;

static Kept *
kept_new (SearchEngine *engine)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->engine = g_object_ref (engine);
  kept->store = search_store_ref (search_engine_get_store (engine));
  kept->data_folder = cloud_paths_data_dir ("search");
  kept->cache_folder = cloud_paths_cache_dir ("search");
  return kept;
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_clear_pointer (&kept->store, search_store_unref);
  g_clear_object (&kept->engine);
  g_free (kept->data_folder);
  g_free (kept->cache_folder);
  g_free (kept);
}

/* The answers lie in two places: those of the providers beside the saved pages, and copies of what was fetched. */
static guint64
measure_answers (gpointer user_data)
{
  Kept *kept = user_data;

  return cirrus_storage_measure_folder (kept->cache_folder) + search_store_measure_answers_sync (kept->store);
}

static guint64
measure_pages (gpointer user_data)
{
  Kept *kept = user_data;
  guint64 all = cirrus_storage_measure_folder (kept->data_folder);
  guint64 answers = search_store_measure_answers_sync (kept->store);

  return all > answers ? all - answers : 0;
}

static void
clear_pages_async (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  search_store_clear_pages_async (((Kept *) user_data)->store, callback, callback_data);
}

static gboolean
clear_pages_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return search_store_done_finish (NULL, result, error);
}

static void
clear_cache_async (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  search_engine_clear_cache_async (((Kept *) user_data)->engine, callback, callback_data);
}

static gboolean
clear_cache_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return search_engine_clear_cache_finish (((Kept *) user_data)->engine, result, error);
}

static GtkWidget *
create_storage_page (SearchEngine *engine)
{
  GtkWidget *page = cirrus_storage_page_new ();
  const CirrusStorageEntry pages = {
    .title = _ ("Saved Pages and History"),
    .subtitle = _ ("Clearing removes the saved pages and keeps the history"),
    .question = _ ("Remove all saved pages? They cannot be read offline any more."),
    .measure = measure_pages,
    .clear_async = clear_pages_async,
    .clear_finish = clear_pages_finish,
  };
  const CirrusStorageEntry cache = {
    .title = _ ("Answers from the Web"),
    .subtitle = _ ("Asked for again when there is a network"),
    .measure = measure_answers,
    .clear_async = clear_cache_async,
    .clear_finish = clear_cache_finish,
  };

  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (page), &pages, kept_new (engine), kept_free);
  cirrus_storage_page_add (CIRRUS_STORAGE_PAGE (page), &cache, kept_new (engine), kept_free);
  return page;
}

void
search_preferences_fill (AdwPreferencesWindow *window, SearchEngine *engine, GSettings *settings)
{
  Preferences *self = g_new0 (Preferences, 1);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  self->engine = g_object_ref (engine);
  self->settings = g_object_ref (settings);
  self->cancellable = g_cancellable_new ();
  self->window = window;
  self->rows = g_ptr_array_new ();
  self->providers = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->providers, _ ("Web Searches"));
  adw_preferences_page_set_title (page, _ ("Search"));
  adw_preferences_page_set_icon_name (page, "system-search-symbolic");
  adw_preferences_group_add (group, create_remember_row (self));
  adw_preferences_page_add (page, self->providers);
  adw_preferences_page_add (page, create_add_group (self));
  adw_preferences_page_add (page, create_browser_group (self));
  adw_preferences_page_add (page, group);
  adw_preferences_window_add (window, page);
  adw_preferences_window_add (window, ADW_PREFERENCES_PAGE (create_storage_page (engine)));
  self->changed_id = g_signal_connect_swapped (engine, "changed", G_CALLBACK (reload), self);
  g_object_set_data_full (G_OBJECT (window), "search-preferences", self, preferences_free);
  reload (self);
}
