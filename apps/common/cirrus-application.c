/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-application.h"

#include "cirrus-about.h"
#include "cirrus-shortcuts.h"
#include "cirrus-theme.h"
#include "cloud-log.h"
#include "cloud-settings.h"
#include "config.h"

#include <glib/gi18n.h>

/* What the windows of the suite have in common before the first widget is made: style, menu, preferences, About, shortcuts. */

typedef struct
{
  char *name;
  GSettings *settings;
  CirrusTheme *theme;
  CirrusShortcuts *shortcuts;
} CirrusApplicationPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (CirrusApplication, cirrus_application, ADW_TYPE_APPLICATION)

static CirrusApplicationPrivate *
get_private (CirrusApplication *self)
{
  return cirrus_application_get_instance_private (self);
}

/* Actions */

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
  g_list_free (windows);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CirrusApplication *self = user_data;
  AdwAboutWindow *about = cirrus_about_window_new (get_private (self)->name, cirrus_application_get_title (self));

  if (CIRRUS_APPLICATION_GET_CLASS (self)->fill_about != NULL)
    CIRRUS_APPLICATION_GET_CLASS (self)->fill_about (self, about);
  cirrus_about_window_add_common (about);
  gtk_window_set_transient_for (GTK_WINDOW (about), gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_present (GTK_WINDOW (about));
}

static void
on_shortcuts (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CirrusApplication *self = user_data;

  cirrus_shortcuts_show (get_private (self)->shortcuts, gtk_application_get_active_window (GTK_APPLICATION (self)));
}

static AdwPreferencesPage *
create_appearance_page (CirrusApplication *self)
{
  static const char *const values[] = { "system", "light", "dark" };
  const char *const labels[] = { _ ("Follow the system"), _ ("Light"), _ ("Dark"), NULL };
  CirrusApplicationPrivate *priv = get_private (self);
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *current = g_settings_get_string (priv->settings, "color-scheme");

  adw_preferences_page_set_name (page, "appearance");
  adw_preferences_page_set_title (page, _ ("Appearance"));
  adw_preferences_page_set_icon_name (page, "cirrus-appearance-symbolic");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Colours"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _ ("For all apps of Cirrus"));
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      static GtkCheckButton *first;
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *check = gtk_check_button_new ();
      g_autofree char *action = g_strconcat ("app.color-scheme::", values[i], NULL);

      if (i == 0)
        first = GTK_CHECK_BUTTON (check);
      else
        gtk_check_button_set_group (GTK_CHECK_BUTTON (check), first);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (check), action);
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), labels[i]);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (group));
  return page;
}

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  CirrusApplication *self = user_data;
  GtkWidget *window = adw_preferences_window_new ();

  gtk_window_set_title (GTK_WINDOW (window), _ ("Preferences"));
  gtk_widget_insert_action_group (window, "app", G_ACTION_GROUP (self));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  if (CIRRUS_APPLICATION_GET_CLASS (self)->fill_preferences != NULL)
    CIRRUS_APPLICATION_GET_CLASS (self)->fill_preferences (self, ADW_PREFERENCES_WINDOW (window));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), create_appearance_page (self));
  cirrus_theme_fit_window (GTK_WINDOW (window), 560, 640);
  gtk_window_set_transient_for (GTK_WINDOW (window), gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}

static const GActionEntry actions[] = {
  { .name = "quit", .activate = on_quit },
  { .name = "about", .activate = on_about },
  { .name = "shortcuts", .activate = on_shortcuts },
  { .name = "preferences", .activate = on_preferences },
};

/* Lifecycle */

static GtkWindow *
ensure_window (CirrusApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = CIRRUS_APPLICATION_GET_CLASS (self)->create_window (self);
  gtk_window_present (window);
  return window;
}

static void
cirrus_application_activate (GApplication *app)
{
  ensure_window (CIRRUS_APPLICATION (app));
}

static void
cirrus_application_open (GApplication *app, GFile **files, int n_files, const char *hint)
{
  CirrusApplication *self = CIRRUS_APPLICATION (app);
  GtkWindow *window = ensure_window (self);

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      if (CIRRUS_APPLICATION_GET_CLASS (self)->open_uri != NULL)
        CIRRUS_APPLICATION_GET_CLASS (self)->open_uri (self, window, uri);
      else
        g_message ("%s opens no addresses", get_private (self)->name);
    }
}

static void
cirrus_application_startup (GApplication *app)
{
  CirrusApplication *self = CIRRUS_APPLICATION (app);
  CirrusApplicationPrivate *priv = get_private (self);
  g_autoptr (GAction) scheme = NULL;

  cirrus_theme_register_resources ();
  G_APPLICATION_CLASS (cirrus_application_parent_class)->startup (app);
  priv->settings = cloud_settings_new ("Suite");
  priv->theme = cirrus_theme_new (priv->name, priv->settings);
  priv->shortcuts = cirrus_shortcuts_new ();
  scheme = g_settings_create_action (priv->settings, "color-scheme");
  g_action_map_add_action (G_ACTION_MAP (self), scheme);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  cirrus_application_add_shortcut (self, "<Control>comma", "app.preferences", _ ("Preferences"));
  cirrus_application_add_shortcut (self, "<Control>question", "app.shortcuts", _ ("Keyboard shortcuts"));
  cirrus_application_add_shortcut (self, "<Control>w", "window.close", _ ("Close the window"));
  cirrus_application_add_shortcut (self, "<Control>q", "app.quit", _ ("Quit"));
}

static int
cirrus_application_handle_local_options (GApplication *app, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("%s %s\n", g_get_prgname (), CIRRUS_VERSION);
      return 0;
    }
  return -1;
}

static void
cirrus_application_finalize (GObject *object)
{
  CirrusApplicationPrivate *priv = get_private (CIRRUS_APPLICATION (object));

  g_clear_pointer (&priv->theme, cirrus_theme_free);
  g_clear_pointer (&priv->shortcuts, cirrus_shortcuts_free);
  g_clear_object (&priv->settings);
  g_clear_pointer (&priv->name, g_free);
  G_OBJECT_CLASS (cirrus_application_parent_class)->finalize (object);
}

static void
cirrus_application_class_init (CirrusApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cirrus_application_finalize;
  G_APPLICATION_CLASS (klass)->startup = cirrus_application_startup;
  G_APPLICATION_CLASS (klass)->activate = cirrus_application_activate;
  G_APPLICATION_CLASS (klass)->open = cirrus_application_open;
  G_APPLICATION_CLASS (klass)->handle_local_options = cirrus_application_handle_local_options;
}

static void
cirrus_application_init (CirrusApplication *self)
{
  g_application_add_main_option (G_APPLICATION (self), "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE,
                                 N_ ("Print the version and exit"), NULL);
}

/* Public functions */

int
cirrus_application_run (GType type, const char *name, int argc, char **argv)
{
  g_autofree char *id = NULL;
  g_autofree char *resources = NULL;
  g_autoptr (CirrusApplication) self = NULL;

  g_return_val_if_fail (g_type_is_a (type, CIRRUS_TYPE_APPLICATION), 1);
  g_return_val_if_fail (name != NULL, 1);

  id = g_strconcat (CIRRUS_ID_PREFIX ".", name, NULL);
  resources = g_strconcat ("/org/cirrussuite/", name, NULL);
  cloud_log_init (id);
  cirrus_theme_init_languages ();
  self = g_object_new (type, "application-id", id, "flags", G_APPLICATION_HANDLES_OPEN, "resource-base-path", resources, NULL);
  get_private (self)->name = g_strdup (name);
  g_set_application_name (cirrus_application_get_title (self));
  gtk_window_set_default_icon_name (id);
  return g_application_run (G_APPLICATION (self), argc, argv);
}

const char *
cirrus_application_get_name (CirrusApplication *self)
{
  g_return_val_if_fail (CIRRUS_IS_APPLICATION (self), NULL);
  return get_private (self)->name;
}

const char *
cirrus_application_get_title (CirrusApplication *self)
{
  static const struct
  {
    const char *name;
    const char *title;
  } titles[] = {
    { "Mail", N_ ("Mail") }, { "Search", N_ ("Search") }, { "Weather", N_ ("Weather") },
    { "Navi", N_ ("Navi") }, { "Home", N_ ("Cirrus") },
  };

  g_return_val_if_fail (CIRRUS_IS_APPLICATION (self), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (titles[i].name, get_private (self)->name) == 0)
      return _ (titles[i].title);
  return get_private (self)->name;
}

void
cirrus_application_add_shortcut (CirrusApplication *self, const char *accel, const char *action, const char *title)
{
  g_auto (GStrv) accels = NULL;

  g_return_if_fail (CIRRUS_IS_APPLICATION (self));
  g_return_if_fail (accel != NULL && action != NULL && title != NULL);

  accels = g_strsplit (accel, " ", -1);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), action, (const char *const *) accels);
  cirrus_shortcuts_add (get_private (self)->shortcuts, accel, title);
}

GtkWidget *
cirrus_application_create_menu_button (CirrusApplication *self, GMenuModel *section)
{
  g_autoptr (GMenu) menu = NULL;
  g_autoptr (GMenu) common = NULL;
  GtkWidget *button = NULL;

  g_return_val_if_fail (CIRRUS_IS_APPLICATION (self), NULL);

  menu = g_menu_new ();
  common = g_menu_new ();
  if (section != NULL)
    g_menu_append_section (menu, NULL, section);
  g_menu_append (common, _ ("Preferences"), "app.preferences");
  g_menu_append (common, _ ("Keyboard Shortcuts"), "app.shortcuts");
  g_menu_append (common, _ ("About"), "app.about");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (common));

  button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, _ ("Main menu"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Main menu"), -1);
  return button;
}
