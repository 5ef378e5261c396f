/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-preferences.h"

#include "cirrus-common.h"
#include "weather-setup.h"

#include "cloud-paths.h"

#include <glib/gi18n.h>

/* Rows bound to settings. */

/* ---- A choice among an enumeration's values ---- */

typedef struct
{
  GSettings *settings;
  const char *key;
} Choice;

static void
choice_free (gpointer data, GClosure *closure)
{
  Choice *choice = data;

  g_object_unref (choice->settings);
  g_free (choice);
}

static void
on_selected (AdwComboRow *row, GParamSpec *pspec, Choice *choice)
{
  g_settings_set_enum (choice->settings, choice->key, (int) adw_combo_row_get_selected (row));
}

/* @labels: in the order of the enumeration, "auto" first. */
static void
add_choice (AdwPreferencesGroup *group, GSettings *settings, const char *key, const char *title, const char *const *labels)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (labels);
  Choice *choice = g_new0 (Choice, 1);

  choice->settings = g_object_ref (settings);
  choice->key = key;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), (guint) g_settings_get_enum (settings, key));
  g_signal_connect_data (row, "notify::selected", G_CALLBACK (on_selected), choice, choice_free, 0);
  adw_preferences_group_add (group, row);
}

static AdwPreferencesGroup *
create_units (GSettings *settings)
{
  const char *const temperatures[] = { _ ("As is usual here"), _ ("°C"), _ ("°F"), NULL };
  const char *const speeds[] = { _ ("As is usual here"), _ ("km/h"), _ ("m/s"), _ ("mph"), _ ("knots"), _ ("Beaufort"), NULL };
  const char *const pressures[] = { _ ("As is usual here"), _ ("hPa"), _ ("inHg"), _ ("mmHg"), NULL };
  const char *const rains[] = { _ ("As is usual here"), _ ("Millimetres"), _ ("Inches"), NULL };
  const char *const distances[] = { _ ("As is usual here"), _ ("Kilometres"), _ ("Miles"), NULL };
  const char *const clocks[] = { _ ("As is usual here"), _ ("24 hours"), _ ("12 hours"), NULL };
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ ("Units"));
  add_choice (group, settings, "temperature-unit", _ ("Temperature"), temperatures);
  add_choice (group, settings, "speed-unit", _ ("Wind"), speeds);
  add_choice (group, settings, "rain-unit", _ ("Rain"), rains);
  add_choice (group, settings, "pressure-unit", _ ("Pressure"), pressures);
  add_choice (group, settings, "distance-unit", _ ("Visibility"), distances);
  add_choice (group, settings, "clock", _ ("Clock"), clocks);
  return group;
}

/* ---- How often ---- */

static const guint intervals[] = { 30, 60, 180, 360, 0 };

static void
on_interval_selected (AdwComboRow *row, GParamSpec *pspec, GSettings *settings)
{
  guint selected = adw_combo_row_get_selected (row);

  if (selected < G_N_ELEMENTS (intervals))
    g_settings_set_uint (settings, "refresh-minutes", intervals[selected]);
}

static AdwPreferencesGroup *
create_refreshing (GSettings *settings)
{
  const char *const labels[] = { _ ("After half an hour"), _ ("After an hour"),   _ ("After three hours"),
                                 _ ("After six hours"),    _ ("Only when I ask"), NULL };
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (labels);
  guint minutes = g_settings_get_uint (settings, "refresh-minutes");
  guint selected = 1;

  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++)
    if (intervals[i] == minutes)
      selected = i;
  adw_preferences_group_set_title (group, _ ("Refreshing"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Fetch new forecasts"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ ("While Weather is in use"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_interval_selected), settings, 0);
  adw_preferences_group_add (group, row);
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
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (gtk_widget_get_root (GTK_WIDGET (row))),
                                      adw_toast_new (_ ("That is no web address.")));
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
