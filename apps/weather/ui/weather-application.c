/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-application.h"

#include "weather-preferences.h"
#include "weather-setup.h"
#include "weather-translate.h"
#include "weather-window.h"

#include <glib/gi18n.h>

/* From the start of the program to a window with data. */

struct _WeatherApplication
{
  CirrusApplication parent_instance;

  GSettings *settings;
  WeatherService *service;
  WeatherWindow *window;
};

G_DEFINE_FINAL_TYPE (WeatherApplication, weather_application, CIRRUS_TYPE_APPLICATION)

/* ---- The live line for the home screen ---- */

static void
write_status (WeatherApplication *self)
{
  WeatherUnits units;

  weather_units_from_settings (&units, self->settings);
  weather_setup_write_status (self->service, &units);
}

static void
on_translated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n_renamed = 0;

  if (!weather_service_translate_finish (WEATHER_SERVICE (source), result, &n_renamed, &error))
    g_warning ("The places keep the names that they have: %s", error->message);
  if (n_renamed > 0 && self->service == WEATHER_SERVICE (source))
    write_status (self);
}

static void
on_service_loaded (WeatherApplication *self)
{
  write_status (self);
  weather_service_translate_async (self->service, on_translated, g_object_ref (self));
}

static void
on_refreshing_changed (WeatherApplication *self)
{
  if (!weather_service_get_refreshing (self->service))
    write_status (self);
}

/* ---- Starting ---- */

static void
tell_rescue (WeatherApplication *self, WeatherStore *store)
{
  int n_salvaged;

  if (weather_store_get_rescued (store, &n_salvaged))
    cirrus_toast (gtk_window_get_child (GTK_WINDOW (self->window)),
                  _ ("The stored data were damaged; what could be read was kept."));
}

static void
on_store_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WeatherStore) store = weather_store_open_finish (result, &error);
  g_autoptr (WeatherSource) weather_source = NULL;

  g_application_release (G_APPLICATION (self));
  if (self->window == NULL)
    return;
  if (store == NULL)
    {
      weather_window_set_error (self->window, error);
      return;
    }
  weather_source = weather_setup_source (self->settings);
  self->service = weather_service_new (store, weather_source, self->settings);
  g_signal_connect_object (self->service, "items-changed", G_CALLBACK (write_status), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->service, "notify::loaded", G_CALLBACK (on_service_loaded), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->service, "notify::refreshing", G_CALLBACK (on_refreshing_changed), self, G_CONNECT_SWAPPED);
  weather_window_set_service (self->window, self->service);
  tell_rescue (self, store);
}

static void
open_store (WeatherApplication *self)
{
  g_application_hold (G_APPLICATION (self));
  weather_store_open_async (NULL, on_store_open, g_object_ref (self));
}

static void
on_window_gone (gpointer user_data, GObject *where_it_was)
{
  WeatherApplication *self = user_data;

  self->window = NULL;
  g_clear_object (&self->service);
}

static GtkWindow *
weather_application_create_window (CirrusApplication *application)
{
  WeatherApplication *self = WEATHER_APPLICATION (application);

  self->window = WEATHER_WINDOW (weather_window_new (application, self->settings));
  g_object_weak_ref (G_OBJECT (self->window), on_window_gone, self);
  open_store (self);
  return GTK_WINDOW (self->window);
}

/* ---- Actions ---- */

static void
on_show_place (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WeatherApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  if (self->window != NULL)
    weather_window_show_place (self->window, g_variant_get_string (parameter, NULL));
}

static void
on_search_place (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WeatherApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  if (self->window != NULL)
    weather_window_search (self->window, g_variant_get_string (parameter, NULL));
}

static void
on_retry (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WeatherApplication *self = user_data;

  if (self->service == NULL && self->window != NULL)
    open_store (self);
}

/* Another provider, or another address of it. */
static void
on_source_changed (WeatherApplication *self)
{
  g_autoptr (WeatherSource) source = weather_setup_source (self->settings);

  if (self->service != NULL && source != NULL)
    weather_service_set_source (self->service, source);
}

static const GActionEntry actions[] = {
  { .name = "show-place", .activate = on_show_place, .parameter_type = "s" },
  { .name = "search-place", .activate = on_search_place, .parameter_type = "s" },
  { .name = "retry", .activate = on_retry },
};

/* ---- Preferences, About ---- */

static void
weather_application_fill_preferences (CirrusApplication *application, AdwPreferencesWindow *window)
{
  WeatherApplication *self = WEATHER_APPLICATION (application);

  weather_preferences_fill (window, self->settings, self->service);
}

static void
weather_application_fill_about (CirrusApplication *application, AdwAboutWindow *about)
{
  cirrus_about_window_add_source (about, "Open-Meteo", "© Open-Meteo.com", "CC BY 4.0", "https://open-meteo.com/");
  /* Open-Meteo's geocoding answers out of GeoNames. */
  cirrus_about_window_add_source (about, "GeoNames", "© GeoNames.org", "CC BY 4.0", "https://www.geonames.org/");
  cirrus_about_window_add_source (about, "libgweather", "© the libgweather authors", "GPL-2.0-or-later",
                                  "https://gitlab.gnome.org/GNOME/libgweather");
}

/* ---- Object ---- */

static void
weather_application_startup (GApplication *application)
{
  WeatherApplication *self = WEATHER_APPLICATION (application);

  G_APPLICATION_CLASS (weather_application_parent_class)->startup (application);
  self->settings = g_object_ref (weather_setup_settings ());
  g_signal_connect_object (self->settings, "changed::provider", G_CALLBACK (on_source_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::forecast-url", G_CALLBACK (on_source_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::search-url", G_CALLBACK (on_source_changed), self, G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  cirrus_application_add_shortcut (CIRRUS_APPLICATION (self), "<Control>n", "weather.add", _ ("Add a place"));
  cirrus_application_add_shortcut (CIRRUS_APPLICATION (self), "<Control>r F5", "detail.refresh", _ ("Refresh"));
}

static void
weather_application_shutdown (GApplication *application)
{
  WeatherApplication *self = WEATHER_APPLICATION (application);

  if (self->window != NULL)
    g_object_weak_unref (G_OBJECT (self->window), on_window_gone, self);
  self->window = NULL;
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  weather_setup_end ();
  G_APPLICATION_CLASS (weather_application_parent_class)->shutdown (application);
}

static void
weather_application_class_init (WeatherApplicationClass *klass)
{
  CirrusApplicationClass *cirrus_class = CIRRUS_APPLICATION_CLASS (klass);

  G_APPLICATION_CLASS (klass)->startup = weather_application_startup;
  G_APPLICATION_CLASS (klass)->shutdown = weather_application_shutdown;
  cirrus_class->create_window = weather_application_create_window;
  cirrus_class->fill_preferences = weather_application_fill_preferences;
  cirrus_class->fill_about = weather_application_fill_about;
}

static void
weather_application_init (WeatherApplication *self)
{
}
