/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../slowness.h"
#include "cloud-location.h"

#include <glib-unix.h>
#include <glib/gstdio.h>

#include <math.h>
#include <signal.h>

/* The real daemon, started by a real bus, seen through the client library and the bus interface. */

#define NAME "org.cirrussuite.HalBridge"
#define PATH "/org/cirrussuite/HalBridge"
#define INTERFACE "org.cirrussuite.HalBridge.Gps"
#define DEADLINE_MS (test_seconds (20) * 1000)
#define TRACK_POINTS 600

typedef struct
{
  GTestDBus *bus;
  char *folder;
  char *services;
  GDBusConnection *connection;
  GPtrArray *fixes;
} Fixture;

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A point a second, each 0.0001 degrees further north, so that the latitude tells which one it is. */
static void
write_track (const char *folder)
{
  g_autoptr (GString) gpx = g_string_new ("<gpx><trk><trkseg>");

  for (int i = 0; i < TRACK_POINTS; i++)
    g_string_append_printf (gpx, "<trkpt lat='47.%04d' lon='9'><ele>450</ele><time>2026-06-23T12:%02d:%02dZ</time></trkpt>", i,
                            i / 60, i % 60);
  g_string_append (gpx, "</trkseg></trk></gpx>");
  write_file (folder, "track.gpx", gpx->str);
}

static void
write_service (Fixture *f, const char *arguments)
{
  g_autofree char *text = g_strdup_printf ("[D-BUS Service]\nName=" NAME "\nExec=%s %s\n", g_getenv ("HAL_BRIDGE"), arguments);

  write_file (f->services, NAME ".service", text);
}

static int
track_index (const CloudFix *fix)
{
  return (int) lround ((fix->latitude_deg - 47) * 10000);
}

static GDBusConnection *
connect_to_bus (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (f->bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/* @data: the daemon's arguments ("%s" is the track), or NULL for a bus without the service. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *track = NULL;
  g_autofree char *arguments = NULL;

  f->folder = g_dir_make_tmp ("cirrus-hal-XXXXXX", NULL);
  f->services = g_build_filename (f->folder, "services", NULL);
  g_assert_cmpint (g_mkdir (f->services, 0700), ==, 0);
  write_track (f->folder);
  g_setenv ("CIRRUS_PROFILE", f->folder, TRUE);
  if (data != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (data, "%s", 2);

      track = g_build_filename (f->folder, "track.gpx", NULL);
      arguments = parts[1] != NULL ? g_strconcat (parts[0], track, parts[1], NULL) : g_strdup (parts[0]);
      write_service (f, arguments);
    }
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (f->bus, f->services);
  g_test_dbus_up (f->bus);
  f->connection = connect_to_bus (f);
  f->fixes = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_fix_unref);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->fixes, g_ptr_array_unref);
  g_dbus_connection_close_sync (f->connection, NULL, NULL);
  g_clear_object (&f->connection);
  g_test_dbus_down (f->bus);
  g_clear_object (&f->bus);
  remove_folder (f->folder);
  g_free (f->services);
  g_free (f->folder);
}

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition holds; no result in time fails the test, which goes on to its orderly end: one that aborts leaves
 * the bus and the bridge behind, and whoever runs it waits for them. */
#define WAIT_UNTIL(condition)                                                                                                    \
  G_STMT_START                                                                                                                   \
  {                                                                                                                              \
    gboolean late_ = FALSE;                                                                                                      \
    guint deadline_ = g_timeout_add (DEADLINE_MS, on_deadline, &late_);                                                          \
    while (!(condition) && !late_)                                                                                               \
      g_main_context_iteration (NULL, TRUE);                                                                                     \
    g_source_remove (deadline_);                                                                                                 \
    if (late_)                                                                                                                   \
      {                                                                                                                          \
        g_test_fail_printf ("waited %u ms in vain for " #condition, DEADLINE_MS);                                                \
        return;                                                                                                                  \
      }                                                                                                                          \
  }                                                                                                                              \
  G_STMT_END

static void
on_fix (CloudLocation *location, CloudFix *fix, gpointer data)
{
  g_ptr_array_add (((Fixture *) data)->fixes, cloud_fix_ref (fix));
}

static CloudLocation *
start (Fixture *f, CloudLocationNeed need)
{
  CloudLocation *location = cloud_location_new_for_connection (f->connection, "Test");

  g_signal_connect (location, "fix-received", G_CALLBACK (on_fix), f);
  cloud_location_start (location, &need);
  return location;
}

static GVariant *
call (Fixture *f, const char *interface, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (f->connection, NAME, PATH, interface, method, parameters, NULL,
                                                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, &error);

  g_assert_no_error (error);
  return g_variant_get_child_value (reply, 0);
}

static char *
get_state (Fixture *f)
{
  g_autoptr (GVariant) value = call (f, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", INTERFACE, "State"));
  g_autoptr (GVariant) state = g_variant_get_variant (value);

  return g_variant_dup_string (state, NULL);
}

static guint
count_clients (Fixture *f)
{
  g_autoptr (GVariant) clients = call (f, INTERFACE, "GetClients", NULL);

  return (guint) g_variant_n_children (clients);
}

static guint
bridge_pid (Fixture *f)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      f->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
      g_variant_new ("(s)", NAME), G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  guint pid = 0;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &pid);
  return pid;
}

static void
test_replay (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ 0 });
  gint64 before_us = g_get_real_time ();
  gint64 first_us = 0;

  g_assert_cmpint (cloud_location_get_state (location), ==, CLOUD_LOCATION_SEARCHING);
  WAIT_UNTIL (f->fixes->len >= 1);
  first_us = g_get_monotonic_time ();
  g_assert_cmpint (cloud_location_get_state (location), ==, CLOUD_LOCATION_FIX);
  WAIT_UNTIL (f->fixes->len >= 41);
  /* 40 recorded seconds at 20 times the speed; the machine may be late, never early. */
  g_assert_cmpint (g_get_monotonic_time () - first_us, >=, (gint64) (1.6 * G_USEC_PER_SEC));
  g_assert_cmpint (g_get_monotonic_time () - first_us, <, 30 * G_USEC_PER_SEC);
  for (guint i = 0; i < 41; i++)
    {
      const CloudFix *fix = f->fixes->pdata[i];

      g_assert_cmpint (track_index (fix), ==, (int) i);
      g_assert_cmpfloat (fix->altitude_sea_m, ==, 450);
      g_assert_cmpstr (fix->source, ==, "replay");
      g_assert_cmpint (fix->time_unix_us, >=, before_us);
      g_assert_cmpint (cloud_fix_get_age_us (fix), <, test_seconds_us (30));
    }
}

static void
test_interval (Fixture *f, gconstpointer data)
{
  /* 100 fixes a second are recorded; this client wants one each half second. */
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ .interval_ms = 500 });
  gint64 first_us;

  WAIT_UNTIL (f->fixes->len >= 1);
  first_us = g_get_monotonic_time ();
  WAIT_UNTIL (f->fixes->len >= 4);
  g_assert_cmpint (g_get_monotonic_time () - first_us, >=, (gint64) (1.2 * G_USEC_PER_SEC));
  for (guint i = 1; i < 4; i++)
    g_assert_cmpint (track_index (f->fixes->pdata[i]) - track_index (f->fixes->pdata[i - 1]), >=, 40);
}

static void
test_one_shot (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ .one_shot = TRUE });
  g_autofree char *state = NULL;

  WAIT_UNTIL (cloud_location_get_state (location) == CLOUD_LOCATION_OFF);
  g_assert_cmpuint (f->fixes->len, ==, 1);
  g_assert_nonnull (cloud_location_get_fix (location));
  g_assert_cmpuint (count_clients (f), ==, 0);
  state = get_state (f);
  g_assert_cmpstr (state, ==, "off");
}

static void
test_stop (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ 0 });
  g_autoptr (GVariant) clients = NULL;
  g_autoptr (GVariant) client = NULL;
  const char *name = NULL;
  guint pid = 0;
  g_autofree char *state = NULL;

  WAIT_UNTIL (f->fixes->len >= 3);
  clients = call (f, INTERFACE, "GetClients", NULL);
  g_assert_cmpuint (g_variant_n_children (clients), ==, 1);
  client = g_variant_get_child_value (clients, 0);
  g_assert_true (g_variant_lookup (client, "name", "&s", &name));
  g_assert_cmpstr (name, ==, "Test");
  g_assert_true (g_variant_lookup (client, "pid", "u", &pid));
  g_assert_cmpuint (pid, ==, (guint) getpid ());
  cloud_location_stop (location);
  g_assert_cmpint (cloud_location_get_state (location), ==, CLOUD_LOCATION_OFF);
  g_assert_cmpuint (count_clients (f), ==, 0);
  state = get_state (f);
  g_assert_cmpstr (state, ==, "off");
}

static void
on_properties (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal,
               GVariant *parameters, gpointer data)
{
  g_autoptr (GVariant) changed = g_variant_get_child_value (parameters, 1);
  const char *state = NULL;

  if (g_variant_lookup (changed, "State", "&s", &state))
    {
      g_free (*(char **) data);
      *(char **) data = g_strdup (state);
    }
}

static void
on_owner_changed (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal,
                  GVariant *parameters, gpointer data)
{
  const char *name, *before, *after;

  g_variant_get (parameters, "(&s&s&s)", &name, &before, &after);
  if (after[0] == '\0')
    *(gboolean *) data = TRUE;
}

static void
test_vanishing (Fixture *f, gconstpointer data)
{
  g_autoptr (GDBusConnection) other = connect_to_bus (f);
  g_autoptr (GVariant) reply = NULL;
  g_autofree char *state = NULL;
  gboolean gone = FALSE;
  guint id = g_dbus_connection_signal_subscribe (f->connection, NAME, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                                 PATH, INTERFACE, G_DBUS_SIGNAL_FLAGS_NONE, on_properties, &state, NULL);
  guint gone_id = g_dbus_connection_signal_subscribe (f->connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                                                      "/org/freedesktop/DBus", g_dbus_connection_get_unique_name (other),
                                                      G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, &gone, NULL);

  reply = g_dbus_connection_call_sync (other, NAME, PATH, INTERFACE, "SetNeed", g_variant_new ("(ua{sv})", 7, NULL), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);
  WAIT_UNTIL (g_strcmp0 (state, "fix") == 0);
  g_assert_cmpuint (count_clients (f), ==, 1);
  /* Gone without a word, as a killed program is. */
  g_dbus_connection_close_sync (other, NULL, NULL);
  WAIT_UNTIL (gone);
  /* The bus told the bridge before it told us, and brings this question after that. */
  g_assert_cmpuint (count_clients (f), ==, 0);
  WAIT_UNTIL (g_strcmp0 (state, "off") == 0);
  g_dbus_connection_signal_unsubscribe (f->connection, gone_id);
  g_dbus_connection_signal_unsubscribe (f->connection, id);
}

static void
test_killed_bridge (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ 0 });
  guint pid;
  guint seen;

  WAIT_UNTIL (f->fixes->len >= 3);
  pid = bridge_pid (f);
  g_assert_cmpuint (pid, >, 1);
  g_assert_cmpint (kill ((pid_t) pid, SIGKILL), ==, 0);
  WAIT_UNTIL (cloud_location_get_state (location) == CLOUD_LOCATION_SEARCHING);
  g_assert_nonnull (cloud_location_get_fix (location));
  seen = f->fixes->len;
  WAIT_UNTIL (f->fixes->len >= seen + 3);
  g_assert_cmpuint (bridge_pid (f), !=, pid);
  g_assert_cmpint (track_index (f->fixes->pdata[seen]), ==, 0);
}

static void
test_no_bridge (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ 0 });
  g_autofree char *track = g_build_filename (f->folder, "track.gpx", NULL);
  g_autofree char *arguments = g_strdup_printf ("--replay %s --replay-speed 20", track);

  WAIT_UNTIL (cloud_location_get_state (location) == CLOUD_LOCATION_UNAVAILABLE);
  g_assert_cmpint (cloud_location_get_reason (location), ==, CLOUD_LOCATION_REASON_NO_BRIDGE);
  /* Installed later, it is found without a new start. */
  write_service (f, arguments);
  WAIT_UNTIL (f->fixes->len >= 1);
  g_assert_cmpint (cloud_location_get_reason (location), ==, CLOUD_LOCATION_REASON_NONE);
}

static void
test_no_source (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ 0 });

  WAIT_UNTIL (cloud_location_get_state (location) == CLOUD_LOCATION_UNAVAILABLE);
  g_assert_cmpint (cloud_location_get_reason (location), ==, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (f->bus), "reason")));
}

static void
test_source_missing (Fixture *f, gconstpointer data)
{
  g_object_set_data (G_OBJECT (f->bus), "reason", GINT_TO_POINTER (CLOUD_LOCATION_REASON_NO_SOURCE));
  test_no_source (f, data);
}

static void
test_source_broken (Fixture *f, gconstpointer data)
{
  g_object_set_data (G_OBJECT (f->bus), "reason", GINT_TO_POINTER (CLOUD_LOCATION_REASON_SOURCE_FAILED));
  test_no_source (f, data);
}

static void
test_ends_when_idle (Fixture *f, gconstpointer data)
{
  gboolean gone = FALSE;
  guint id = g_dbus_connection_signal_subscribe (f->connection, "org.freedesktop.DBus", "org.freedesktop.DBus",
                                                 "NameOwnerChanged", "/org/freedesktop/DBus", NAME, G_DBUS_SIGNAL_FLAGS_NONE,
                                                 on_owner_changed, &gone, NULL);
  CloudLocation *location = start (f, (CloudLocationNeed){ 0 });

  /* Longer than the idle time of one second. */
  WAIT_UNTIL (f->fixes->len >= 30);
  g_assert_false (gone);
  g_object_unref (location);
  WAIT_UNTIL (gone);
  g_assert_cmpuint (bridge_pid (f), ==, 0);
  /* And a new need starts it again. */
  location = start (f, (CloudLocationNeed){ 0 });
  g_ptr_array_set_size (f->fixes, 0);
  WAIT_UNTIL (f->fixes->len >= 1);
  g_object_unref (location);
  g_dbus_connection_signal_unsubscribe (f->connection, id);
}

static void
test_ends_of_recording (Fixture *f, gconstpointer data)
{
  g_autoptr (CloudLocation) location = start (f, (CloudLocationNeed){ 0 });

  WAIT_UNTIL (cloud_location_get_state (location) == CLOUD_LOCATION_UNAVAILABLE);
  g_assert_cmpint (cloud_location_get_reason (location), ==, CLOUD_LOCATION_REASON_SOURCE_FAILED);
  g_assert_cmpint (track_index (cloud_location_get_fix (location)), ==, TRACK_POINTS - 1);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    const char *arguments;
    void (*run) (Fixture *, gconstpointer);
  } cases[] = {
    { "/hal/bridge/replays-a-track-at-its-speed", "--replay %s --replay-speed 20", test_replay },
    { "/hal/bridge/sends-no-more-often-than-asked", "--replay %s --replay-speed 100", test_interval },
    { "/hal/bridge/one-shot-stops-the-engine", "--replay %s --replay-speed 20", test_one_shot },
    { "/hal/bridge/stop-stops-the-engine-and-clients-are-named", "--replay %s --replay-speed 20", test_stop },
    { "/hal/bridge/vanished-client-stops-the-engine", "--replay %s --replay-speed 20", test_vanishing },
    { "/hal/bridge/client-survives-a-killed-bridge", "--replay %s --replay-speed 20", test_killed_bridge },
    { "/hal/bridge/ends-when-nobody-needs-it", "--replay %s --replay-speed 20 --idle-timeout 1", test_ends_when_idle },
    { "/hal/bridge/end-of-a-recording-is-said", "--replay %s --replay-speed 1000 --replay-once", test_ends_of_recording },
    { "/hal/bridge/missing-bridge-is-said-and-found-later", NULL, test_no_bridge },
    { "/hal/bridge/missing-source-is-said", "--source replay", test_source_missing },
    { "/hal/bridge/broken-source-is-said", "--replay /nonexistent/track.gpx", test_source_broken },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].name, Fixture, cases[i].arguments, set_up, cases[i].run, tear_down);
  return g_test_run ();
}
