/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"
#include "config.h"
#include "hal-track.h"

#include "cloud-error.h"
#include "cloud-location.h"
#include "cloud-time.h"

#include <glib-unix.h>

#include <math.h>

/* `cirrus hal`: decoding of receiver logs, and what hal-bridge says. */

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define BUS_NAME CIRRUS_ID_PREFIX ".HalBridge"
#define OBJECT_PATH CIRRUS_ID_PATH "/HalBridge"
#define INTERFACE "org.cirrussuite.HalBridge.Gps"

static const char usage[] = "usage: cirrus hal decode --nmea FILE          a JSON line for each fix in an NMEA log\n"
                            "       cirrus hal decode --gpx FILE           the same for a GPX file\n"
                            "       cirrus hal watch [--count N] [--interval MS]\n"
                            "                                              a JSON line for each fix as it comes\n"
                            "       cirrus hal status                      the sources, the state, who uses the position\n";

/* To @digits decimals: NMEA has no more, and a double's tail is noise. */
static json_t *
number_or_null (double value, int digits)
{
  double scale = pow (10, digits);

  return isfinite (value) ? json_real (round (value * scale) / scale) : json_null ();
}

/* A log that never tells the date gives the time of day alone, which ISO 8601 allows too. */
static json_t *
time_to_json (gint64 unix_us)
{
  g_autofree char *text = cloud_time_format_utc (unix_us);

  return json_string (unix_us < DAY_US ? strchr (text, 'T') : text);
}

static json_t *
fix_to_json (const CloudFix *fix)
{
  json_t *object = json_object ();

  json_object_set_new (object, "time", time_to_json (fix->time_unix_us));
  json_object_set_new (object, "lat", number_or_null (fix->latitude_deg, 9));
  json_object_set_new (object, "lon", number_or_null (fix->longitude_deg, 9));
  json_object_set_new (object, "alt_m", number_or_null (fix->altitude_sea_m, 3));
  json_object_set_new (object, "speed_mps", number_or_null (fix->speed_mps, 3));
  json_object_set_new (object, "track_deg", number_or_null (fix->bearing_deg, 3));
  json_object_set_new (object, "mode", json_integer (fix->mode));
  return object;
}

static int
decode (int argc, char **argv)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fixes = NULL;
  gsize length = 0;

  if (argc < 2 || (strcmp (argv[1], "--nmea") != 0 && strcmp (argv[1], "--gpx") != 0))
    return argc < 2 ? cirrus_usage (usage, "--nmea FILE or --gpx FILE is missing")
                    : cirrus_usage (usage, "decode wants --nmea FILE or --gpx FILE, not \"%s\"", argv[1]);
  if (!cirrus_check_words ((const char *const *) argv + 2, "FILE", &error))
    return cirrus_usage_error (usage, error);
  if (!g_file_get_contents (argv[2], &contents, &length, &error))
    {
      cloud_error_convert_gio (&error);
      g_printerr ("cirrus: %s\n", error->message);
      return CIRRUS_EXIT_FAILED;
    }
  if (strcmp (argv[1], "--nmea") == 0)
    fixes = hal_track_parse_nmea (contents, length);
  else
    fixes = hal_track_parse_gpx (contents, length, &error);
  if (fixes == NULL)
    return cirrus_fail (error);
  for (guint i = 0; i < fixes->len; i++)
    cirrus_print_json (fix_to_json (fixes->pdata[i]));
  return CIRRUS_EXIT_DONE;
}

typedef struct
{
  GMainLoop *loop;
  int left; /* negative: until interrupted */
  int status;
} Watch;

static json_t *
count_or_null (int count)
{
  return count >= 0 ? json_integer (count) : json_null ();
}

static void
on_fix (CloudLocation *location, CloudFix *fix, gpointer data)
{
  Watch *watch = data;
  json_t *object = fix_to_json (fix);

  json_object_set_new (object, "altitude_ellipsoid_m", number_or_null (fix->altitude_ellipsoid_m, 3));
  json_object_set_new (object, "accuracy_m", number_or_null (fix->accuracy_m, 1));
  json_object_set_new (object, "satellites_used", count_or_null (fix->satellites_used));
  json_object_set_new (object, "satellites_in_view", count_or_null (fix->satellites_in_view));
  json_object_set_new (object, "age_ms", json_integer (cloud_fix_get_age_us (fix) / 1000));
  json_object_set_new (object, "source", json_string (fix->source));
  cirrus_print_json (object);
  if (watch->left > 0 && --watch->left == 0)
    g_main_loop_quit (watch->loop);
}

/* What is wrong, in words for a terminal. */
static const char *
reason_words (CloudLocationReason reason)
{
  static const char *const words[]
      = { "", "there is no session bus here, over which hal-bridge is asked", "hal-bridge is not installed or does not start",
          "this device has no position source; set one (gsettings, org.cirrussuite.HalBridge source)",
          "the position source does not work now; `cirrus hal status` says why" };

  return words[reason];
}

static void
on_state (CloudLocation *location, GParamSpec *pspec, gpointer data)
{
  Watch *watch = data;
  CloudLocationReason reason = cloud_location_get_reason (location);

  if (reason == CLOUD_LOCATION_REASON_NONE)
    return;
  g_printerr ("cirrus: %s\n", reason_words (reason));
  if (reason != CLOUD_LOCATION_REASON_NO_BUS && reason != CLOUD_LOCATION_REASON_NO_BRIDGE)
    return;
  watch->status = CIRRUS_EXIT_FAILED;
  g_main_loop_quit (watch->loop);
}

static gboolean
on_interrupt (gpointer data)
{
  g_main_loop_quit (((Watch *) data)->loop);
  return G_SOURCE_CONTINUE;
}

static int
watch_fixes (int argc, char **argv)
{
  int count = -1;
  int interval_ms = 1000;
  const GOptionEntry entries[] = { { "count", 0, 0, G_OPTION_ARG_INT, &count, NULL, NULL },
                                   { "interval", 0, 0, G_OPTION_ARG_INT, &interval_ms, NULL, NULL },
                                   { NULL } };
  g_autoptr (CloudLocation) location = NULL;
  g_autoptr (GError) error = NULL;
  Watch watch = { 0 };

  if (!cirrus_parse (entries, &argc, &argv, "", &error))
    return cirrus_usage_error (usage, error);
  if (interval_ms < 0 || count == 0 || count < -1)
    return cirrus_usage (usage, "--count must be at least 1 and --interval at least 0");
  watch.left = count;
  watch.loop = g_main_loop_new (NULL, FALSE);
  location = cloud_location_new ("cirrus hal watch");
  g_signal_connect (location, "fix-received", G_CALLBACK (on_fix), &watch);
  g_signal_connect (location, "notify::reason", G_CALLBACK (on_state), &watch);
  g_unix_signal_add (SIGINT, on_interrupt, &watch);
  g_unix_signal_add (SIGTERM, on_interrupt, &watch);
  cloud_location_start (location, &(CloudLocationNeed){ .interval_ms = (guint) interval_ms });
  g_main_loop_run (watch.loop);
  g_signal_handlers_disconnect_by_data (location, &watch);
  g_main_loop_unref (watch.loop);
  return watch.status;
}

/* Variants as JSON, for the plain types that the bridge uses. */
static json_t *
variant_to_json (GVariant *variant)
{
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARIANT))
    {
      g_autoptr (GVariant) inner = g_variant_get_variant (variant);

      return variant_to_json (inner);
    }
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_STRING))
    return json_string (g_variant_get_string (variant, NULL));
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_UINT32))
    return json_integer (g_variant_get_uint32 (variant));
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_INT64))
    return json_integer (g_variant_get_int64 (variant));
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_DOUBLE))
    return number_or_null (g_variant_get_double (variant), 9);
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_BOOLEAN))
    return json_boolean (g_variant_get_boolean (variant));
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT))
    {
      json_t *object = json_object ();
      GVariantIter iter;
      const char *key;
      GVariant *value;

      g_variant_iter_init (&iter, variant);
      while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
        {
          g_autofree char *name = g_strdelimit (g_strdup (key), "-", '_');

          json_object_set_new (object, name, variant_to_json (value));
        }
      return object;
    }
  if (g_variant_is_container (variant))
    {
      json_t *array = json_array ();

      for (gsize i = 0; i < g_variant_n_children (variant); i++)
        {
          g_autoptr (GVariant) child = g_variant_get_child_value (variant, i);

          json_array_append_new (array, variant_to_json (child));
        }
      return array;
    }
  return json_null ();
}

static GVariant *
call (GDBusConnection *bus, const char *interface, const char *method, GVariant *parameters, GError **error)
{
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (bus, BUS_NAME, OBJECT_PATH, interface, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                                     NULL, error);

  if (reply == NULL)
    {
      g_dbus_error_strip_remote_error (error != NULL ? *error : NULL);
      return NULL;
    }
  return g_variant_get_child_value (reply, 0);
}

static int
status (int argc, char **argv)
{
  static const char *const keys[][2]
      = { { "state", "State" }, { "since", "StateSince" },  { "why", "Why" }, { "why_text", "WhyText" },
          { "source", "Source" }, { "sources", "Sources" } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariant) position = NULL;
  g_autoptr (GVariant) clients = NULL;
  json_t *object;

  if (!cirrus_check_words ((const char *const *) argv + 1, "", &error))
    return cirrus_usage_error (usage, error);
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (bus == NULL)
    {
      g_printerr ("cirrus: %s\n", reason_words (CLOUD_LOCATION_REASON_NO_BUS));
      return CIRRUS_EXIT_FAILED;
    }
  properties = call (bus, "org.freedesktop.DBus.Properties", "GetAll", g_variant_new ("(s)", INTERFACE), &error);
  if (properties != NULL)
    position = call (bus, INTERFACE, "GetPosition", NULL, &error);
  if (position != NULL)
    clients = call (bus, INTERFACE, "GetClients", NULL, &error);
  if (clients == NULL)
    {
      if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN))
        g_printerr ("cirrus: %s\n", reason_words (CLOUD_LOCATION_REASON_NO_BRIDGE));
      else
        g_printerr ("cirrus: hal-bridge does not answer: %s\n", error->message);
      return CIRRUS_EXIT_FAILED;
    }
  object = json_object ();
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (properties, keys[i][1], NULL);

      if (g_strcmp0 (keys[i][0], "since") == 0 && value != NULL)
        json_object_set_new (object, "since", time_to_json (g_variant_get_int64 (value)));
      else
        json_object_set_new (object, keys[i][0], value != NULL ? variant_to_json (value) : json_null ());
    }
  json_object_set_new (object, "position", g_variant_n_children (position) > 0 ? variant_to_json (position) : json_null ());
  json_object_set_new (object, "clients", variant_to_json (clients));
  cirrus_print_json (object);
  return CIRRUS_EXIT_DONE;
}

int
cirrus_hal_main (int argc, char **argv)
{
  if (argc >= 2 && strcmp (argv[1], "--help") == 0)
    {
      g_print ("%s", usage);
      return CIRRUS_EXIT_DONE;
    }
  if (argc >= 2 && strcmp (argv[1], "decode") == 0)
    return decode (argc - 1, argv + 1);
  if (argc >= 2 && strcmp (argv[1], "watch") == 0)
    return watch_fixes (argc - 1, argv + 1);
  if (argc >= 2 && strcmp (argv[1], "status") == 0)
    return status (argc - 1, argv + 1);
  return cirrus_usage_verb (usage, argc, argv);
}
