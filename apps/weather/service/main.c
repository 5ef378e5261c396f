/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather-service"

#include "weather-answers.h"
#include "weather-setup.h"
#include "config.h"

#include "cloud-log.h"
#include "cloud-service.h"

/* cirrus-weather-service: goes on with the weather while no window is open.  Whoever starts it (the desktop's search, a timer, a
 * call of Refresh) makes it renew what is due; then it ends. */

typedef struct
{
  WeatherStore *store;
  WeatherService *weather;
  WeatherAnswers *answers;
} Program;

static const char introspection[] = "<node><interface name='" CIRRUS_ID_PREFIX ".Weather.Service'>"
                                    "<method name='Refresh'>"
                                    "<arg name='asked' type='b' direction='in'/>"
                                    "<arg name='fetched' type='u' direction='out'/>"
                                    "</method></interface></node>";

static void
write_status (Program *program)
{
  WeatherUnits units;

  weather_units_from_settings (&units, weather_setup_settings ());
  weather_setup_write_status (program->weather, &units);
}

static void
on_due_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Program *program = user_data;
  g_autoptr (GError) error = NULL;

  if (!weather_service_refresh_finish (WEATHER_SERVICE (source), result, NULL, &error))
    g_debug ("Not refreshed: %s", error->message);
  if (program->weather != NULL)
    write_status (program);
  g_application_release (g_application_get_default ());
}

static void
on_asked_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  guint n_fetched = 0;

  if (weather_service_refresh_finish (WEATHER_SERVICE (source), result, &n_fetched, &error))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", n_fetched));
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  g_application_release (g_application_get_default ());
}

static void
on_method_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
                GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Program *program = user_data;
  gboolean asked;

  g_variant_get (parameters, "(b)", &asked);
  g_application_hold (g_application_get_default ());
  weather_service_refresh_async (program->weather, NULL, asked ? WEATHER_REFRESH_ASKED : WEATHER_REFRESH_WHEN_DUE, NULL,
                                 on_asked_refreshed, invocation);
}

static const GDBusInterfaceVTable vtable = { .method_call = on_method_call };

static gboolean
on_export (CloudService *service, GDBusConnection *bus, GError **error, gpointer user_data)
{
  Program *program = user_data;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, error);
  g_autoptr (WeatherSource) source = weather_setup_source (weather_setup_settings ());

  if (node == NULL || (program->store = weather_store_open (error)) == NULL)
    return FALSE;
  program->weather = weather_service_new (program->store, source, weather_setup_settings ());
  program->answers = weather_answers_new (program->weather, weather_setup_settings ());
  if (g_dbus_connection_register_object (bus, CIRRUS_ID_PATH "/Weather/Service", node->interfaces[0], &vtable, program, NULL,
                                         error)
      == 0)
    return FALSE;
  return cloud_service_export_answers (service, bus, &weather_answers_funcs, program->answers, error);
}

static void
on_startup (GApplication *application, gpointer user_data)
{
  Program *program = user_data;

  if (program->weather == NULL)
    return;
  g_application_hold (application);
  weather_service_refresh_async (program->weather, NULL, WEATHER_REFRESH_WHEN_DUE, NULL, on_due_refreshed, program);
}

static void
on_shutdown (GApplication *application, gpointer user_data)
{
  Program *program = user_data;

  g_clear_pointer (&program->answers, weather_answers_free);
  g_clear_object (&program->weather);
  g_clear_object (&program->store);
  weather_setup_end ();
}

int
main (int argc, char **argv)
{
  Program program = { 0 };
  g_autoptr (CloudService) service = NULL;

  cloud_log_init ("cirrus-weather-service");
  service = cloud_service_new ("Weather");
  g_signal_connect (service, "export", G_CALLBACK (on_export), &program);
  g_signal_connect_after (service, "startup", G_CALLBACK (on_startup), &program);
  g_signal_connect (service, "shutdown", G_CALLBACK (on_shutdown), &program);
  return g_application_run (G_APPLICATION (service), argc, argv);
}
