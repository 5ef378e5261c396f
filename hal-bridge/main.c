/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-bridge"

#include "hal-bridge-service.h"
#include "hal-source-gpsd.h"
#include "hal-source-replay.h"

#include "cloud-log.h"
#include "cloud-paths.h"
#include "cloud-settings.h"
#include "config.h"

#include <glib-unix.h>

/* The daemon: settings and options choose the sources, then the bus decides how long it lives. */

#define BUS_NAME CIRRUS_ID_PREFIX ".HalBridge"

typedef struct
{
  char *source;
  char *gpsd;
  char *replay;
  double speed;
  gboolean loop;
  gboolean once;
  int idle_s;
} Options;

typedef struct
{
  GMainLoop *loop;
  HalBridgeService *service;
  int status;
} Daemon;

static gboolean
parse_options (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "source", 0, 0, G_OPTION_ARG_STRING, &options->source, "Position source instead of the configured one",
      "auto|gpsd|replay" },
    { "gpsd", 0, 0, G_OPTION_ARG_STRING, &options->gpsd, "Where gpsd listens", "HOST:PORT" },
    { "replay", 0, 0, G_OPTION_ARG_FILENAME, &options->replay, "NMEA or GPX file to play", "FILE" },
    { "replay-speed", 0, 0, G_OPTION_ARG_DOUBLE, &options->speed, "How many times faster than recorded", "N" },
    { "replay-loop", 0, 0, G_OPTION_ARG_NONE, &options->loop, "Play it again and again", NULL },
    { "replay-once", 0, 0, G_OPTION_ARG_NONE, &options->once, "Play it once", NULL },
    { "idle-timeout", 0, 0, G_OPTION_ARG_INT, &options->idle_s, "End after this time without a client", "SECONDS" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- gives the device's position to the apps");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error) || *argc > 1)
    {
      g_printerr ("hal-bridge: %s\n", error != NULL ? error->message : "unexpected argument");
      return FALSE;
    }
  return TRUE;
}

static void
clear_options (Options *options)
{
  g_free (options->source);
  g_free (options->gpsd);
  g_free (options->replay);
}

/* What the options leave open, the settings say. */
static void
complete_options (Options *options)
{
  g_autoptr (GSettings) settings = cloud_settings_new ("HalBridge");

  if (options->replay != NULL && options->source == NULL)
    options->source = g_strdup ("replay");
  if (options->source == NULL)
    options->source = g_settings_get_string (settings, "source");
  if (options->gpsd == NULL)
    options->gpsd = g_settings_get_string (settings, "gpsd-address");
  if (options->replay == NULL)
    options->replay = g_settings_get_string (settings, "replay-file");
  if (options->replay[0] == '\0' && cloud_paths_is_sample_profile ())
    {
      g_autofree char *pkgdata = cloud_paths_pkgdata_dir ();

      g_free (options->replay);
      options->replay = g_build_filename (pkgdata, "sample", "lindenau-drive.nmea", NULL);
    }
  if (!(options->speed > 0))
    options->speed = g_settings_get_double (settings, "replay-speed");
  options->loop = options->loop || (!options->once && g_settings_get_boolean (settings, "replay-loop"));
  if (options->idle_s < 0)
    options->idle_s = (int) MIN (g_settings_get_uint (settings, "idle-timeout"), 86400);
}

/* Best first: what the user asked to be played is played. */
static void
add_sources (HalGps *gps, const Options *options)
{
  gboolean any = strcmp (options->source, "auto") == 0;

  if (options->replay[0] != '\0' && (any || strcmp (options->source, "replay") == 0))
    {
      g_autoptr (HalSource) source = hal_source_replay_new (options->replay, options->speed, options->loop);

      hal_gps_add_source (gps, source);
    }
  /* Made up positions and real ones are not mixed. */
  if ((any && !cloud_paths_is_sample_profile ()) || strcmp (options->source, "gpsd") == 0)
    {
      g_autoptr (HalSource) source = hal_source_gpsd_new (options->gpsd);

      hal_gps_add_source (gps, source);
    }
}

static void
on_bus_acquired (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *daemon = data;
  g_autoptr (GError) error = NULL;

  if (hal_bridge_service_export (daemon->service, connection, &error))
    return;
  g_printerr ("hal-bridge: %s\n", error->message);
  daemon->status = 1;
  g_main_loop_quit (daemon->loop);
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  Daemon *daemon = data;

  if (connection == NULL)
    g_printerr ("hal-bridge: the session bus is not there\n");
  else
    g_message ("another hal-bridge runs, or the bus is gone");
  daemon->status = 1;
  g_main_loop_quit (daemon->loop);
}

static gboolean
on_terminate (gpointer data)
{
  g_main_loop_quit (((Daemon *) data)->loop);
  return G_SOURCE_CONTINUE;
}

static int
serve (HalGps *gps, int idle_s)
{
  Daemon daemon = { .loop = g_main_loop_new (NULL, FALSE), .service = hal_bridge_service_new (gps, (guint) idle_s) };
  guint name_id;

  g_signal_connect_swapped (daemon.service, "idle", G_CALLBACK (g_main_loop_quit), daemon.loop);
  g_unix_signal_add (SIGTERM, on_terminate, &daemon);
  g_unix_signal_add (SIGINT, on_terminate, &daemon);
  name_id = g_bus_own_name (G_BUS_TYPE_SESSION, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, on_bus_acquired, NULL,
                            on_name_lost, &daemon, NULL);
  g_main_loop_run (daemon.loop);
  g_bus_unown_name (name_id);
  g_object_unref (daemon.service);
  g_main_loop_unref (daemon.loop);
  return daemon.status;
}

int
main (int argc, char **argv)
{
  Options options = { .idle_s = -1 };
  g_autoptr (HalGps) gps = NULL;
  int status = 64;

  cloud_log_init ("hal-bridge");
  if (parse_options (&options, &argc, &argv))
    {
      complete_options (&options);
      gps = hal_gps_new ();
      add_sources (gps, &options);
      status = serve (gps, options.idle_s);
    }
  clear_options (&options);
  return status;
}
