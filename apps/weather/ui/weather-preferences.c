/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-preferences.h"

#include "cirrus-common.h"
#include "weather-setup.h"

#include "cloud-paths.h"

#include <glib/gi18n.h>

#include <string.h>

/* Rows bound to settings. */

/* ---- A choice ---- */

/* A value of a key, as the settings write it, and its label. */
typedef struct
{
  const char *value;
  const char *label;
} Choice;

#define MOST_CHOICES 6

typedef struct
{
  GtkMenuButton *button;
  GSettings *settings;
  const char *key;
  const char *title;
  gulong handler;
  Choice choices[MOST_CHOICES];
} ChoiceRow;

static void
on_button_gone (gpointer user_data, GObject *where_it_was)
{
  ChoiceRow *row = user_data;

  g_signal_handler_disconnect (row->settings, row->handler);
  g_object_unref (row->settings);
  g_free (row);
}

static void
show_choice (ChoiceRow *row)
{
  g_autoptr (GVariant) value = g_settings_get_value (row->settings, row->key);
  g_autofree char *text = g_variant_print (value, TRUE);

  for (guint i = 0; i < MOST_CHOICES && row->choices[i].value != NULL; i++)
    if (strcmp (row->choices[i].value, text) == 0)
      {
        /* Translators: a setting and its value, read aloud: "Temperature: °C" */
        g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), row->title, row->choices[i].label);

        gtk_menu_button_set_label (row->button, row->choices[i].label);
        gtk_accessible_update_property (GTK_ACCESSIBLE (row->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      }
}

static void
on_choice_changed (GSettings *settings, const char *key, ChoiceRow *row)
{
  show_choice (row);
}

/* A row with a menu of radio items; the settings' own action does the choosing. */
static void
add_choice (AdwPreferencesGroup *group, GSettings *settings, const char *key, const char *title, const char *subtitle,
            const Choice choices[MOST_CHOICES])
{
  GtkWidget *action_row = adw_action_row_new ();
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GAction) action = g_settings_create_action (settings, key);
  g_autoptr (GMenu) menu = g_menu_new ();
  ChoiceRow *row = g_new0 (ChoiceRow, 1);

  row->button = GTK_MENU_BUTTON (button);
  row->settings = g_object_ref (settings);
  row->key = key;
  row->title = title;
  for (guint i = 0; i < MOST_CHOICES && choices[i].value != NULL; i++)
    {
      g_autofree char *detailed = g_strdup_printf ("choice.%s(%s)", key, choices[i].value);

      row->choices[i] = choices[i];
      g_menu_append (menu, choices[i].label, detailed);
    }
  g_action_map_add_action (G_ACTION_MAP (actions), action);
  gtk_widget_insert_action_group (button, "choice", G_ACTION_GROUP (actions));
  gtk_menu_button_set_menu_model (row->button, G_MENU_MODEL (menu));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (action_row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (action_row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (action_row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (action_row), button);
  show_choice (row);
  row->handler = g_signal_connect (settings, "changed", G_CALLBACK (on_choice_changed), row);
  g_object_weak_ref (G_OBJECT (button), on_button_gone, row);
  adw_preferences_group_add (group, action_row);
}

static AdwPreferencesGroup *
create_units (GSettings *settings)
{
  const char *usual = _ ("As is usual here");
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ ("Units"));
  add_choice (group, settings, "temperature-unit", _ ("Temperature"), NULL,
              (Choice[MOST_CHOICES]){ { "'auto'", usual }, { "'celsius'", _ ("°C") }, { "'fahrenheit'", _ ("°F") } });
  add_choice (group, settings, "speed-unit", _ ("Wind"), NULL,
              (Choice[MOST_CHOICES]){ { "'auto'", usual },
                                      { "'km-h'", _ ("km/h") },
                                      { "'m-s'", _ ("m/s") },
                                      { "'mph'", _ ("mph") },
                                      { "'knots'", _ ("knots") },
                                      { "'beaufort'", _ ("Beaufort") } });
  add_choice (group, settings, "rain-unit", _ ("Rain"), NULL,
              (Choice[MOST_CHOICES]){ { "'auto'", usual }, { "'mm'", _ ("Millimetres") }, { "'inch'", _ ("Inches") } });
  add_choice (
      group, settings, "pressure-unit", _ ("Pressure"), NULL,
      (Choice[MOST_CHOICES]){ { "'auto'", usual }, { "'hpa'", _ ("hPa") }, { "'inhg'", _ ("inHg") }, { "'mmhg'", _ ("mmHg") } });
  add_choice (group, settings, "distance-unit", _ ("Visibility"), NULL,
              (Choice[MOST_CHOICES]){ { "'auto'", usual }, { "'km'", _ ("Kilometres") }, { "'mile'", _ ("Miles") } });
  add_choice (group, settings, "clock", _ ("Clock"), NULL,
              (Choice[MOST_CHOICES]){ { "'auto'", usual }, { "'24h'", _ ("24 hours") }, { "'12h'", _ ("12 hours") } });
  return group;
}

static AdwPreferencesGroup *
create_refreshing (GSettings *settings)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ ("Refresh"));
  add_choice (group, settings, "refresh-minutes", _ ("Fetch new forecasts"), _ ("While Weather is in use"),
              (Choice[MOST_CHOICES]){ { "uint32 30", _ ("After half an hour") },
                                      { "uint32 60", _ ("After an hour") },
                                      { "uint32 180", _ ("After three hours") },
                                      { "uint32 360", _ ("After six hours") },
                                      { "uint32 0", _ ("Only when I ask") } });
  return group;
}

/* ---- Whom to ask ---- */

static void
on_address_applied (AdwEntryRow *row, GSettings *settings)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  if (*text == '\0')
    {
      g_autofree char *usual = NULL;

      g_settings_reset (settings, "forecast-url");
      usual = g_settings_get_string (settings, "forecast-url");
      gtk_editable_set_text (GTK_EDITABLE (row), usual);
    }
  else if (g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL)
           && (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://")))
    g_settings_set_string (settings, "forecast-url", text);
  else
    cirrus_toast (GTK_WIDGET (row), _ ("That is no web address."));
}

static AdwPreferencesGroup *
create_service (GSettings *settings)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *address = g_settings_get_string (settings, "forecast-url");

  adw_preferences_group_set_title (group, _ ("Service"));
  adw_preferences_group_set_description (group, _ ("Open-Meteo, or a server of your own that answers like it"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Address"));
  gtk_editable_set_text (GTK_EDITABLE (row), address);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_object (row, "apply", G_CALLBACK (on_address_applied), settings, 0);
  adw_preferences_group_add (group, row);
  return group;
}

/* ---- What is kept ---- */

static guint64
measure_forecasts (gpointer user_data)
{
  g_autofree char *dir = cloud_paths_data_dir ("weather");

  return cirrus_storage_measure_folder (dir);
}

static void
clear_forecasts (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  weather_service_clear_async (user_data, callback, callback_data);
}

static gboolean
clear_forecasts_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return weather_service_change_finish (user_data, result, error);
}

static guint64
measure_cache (gpointer user_data)
{
  g_autofree char *dir = cloud_paths_cache_dir ("weather");

  return cirrus_storage_measure_folder (dir);
}

static void
clear_cache (gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  cloud_http_client_clear_cache_async (user_data, cancellable, callback, callback_data);
}

static gboolean
clear_cache_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return cloud_http_client_clear_cache_finish (user_data, result, error);
}

static AdwPreferencesPage *
create_storage (WeatherService *service)
{
  CirrusStoragePage *page = CIRRUS_STORAGE_PAGE (cirrus_storage_page_new ());
  CirrusStorageEntry forecasts = {
    .title = _ ("Places and forecasts"),
    .subtitle = _ ("Clearing removes the forecasts and keeps the places"),
    .measure = measure_forecasts,
  };
  CirrusStorageEntry cache = {
    .title = _ ("Copies of what was fetched"),
    .subtitle = _ ("Fetched again when there is a network"),
    .measure = measure_cache,
    .clear_async = clear_cache,
    .clear_finish = clear_cache_finish,
  };

  if (service != NULL)
    {
      forecasts.clear_async = clear_forecasts;
      forecasts.clear_finish = clear_forecasts_finish;
      cirrus_storage_page_add (page, &forecasts, g_object_ref (service), g_object_unref);
    }
  cirrus_storage_page_add (page, &cache, g_object_ref (weather_setup_http ()), g_object_unref);
  return ADW_PREFERENCES_PAGE (page);
}

void
weather_preferences_fill (AdwPreferencesWindow *window, GSettings *settings, WeatherService *service)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());

  g_return_if_fail (ADW_IS_PREFERENCES_WINDOW (window) && G_IS_SETTINGS (settings));

  adw_preferences_page_set_name (page, "weather");
  adw_preferences_page_set_title (page, _ ("Weather"));
  adw_preferences_page_set_icon_name (page, "cirrus-weather-thermometer-symbolic");
  adw_preferences_page_add (page, create_units (settings));
  adw_preferences_page_add (page, create_refreshing (settings));
  adw_preferences_page_add (page, create_service (settings));
  adw_preferences_window_add (window, page);
  adw_preferences_window_add (window, create_storage (service));
}
