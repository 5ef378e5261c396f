/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-service.h"
#include "config.h"

#include <glib/gstdio.h>

#include <signal.h>

/* A service as an app makes one, on a bus of its own: begun by the bus when called, kept by its work, ended by idleness or by a signal.
 * It writes down how it ended. */

#define NAME CIRRUS_ID_PREFIX ".Search.Service"
#define PATH "/test/Service"
#define INTERFACE "test.Service"
#define IDLE_MS 100
#define WORK_MS 700
#define DEADLINE_S 20

static const char introspection[] = "<node><interface name='" INTERFACE "'>"
                                    "<method name='Work'><arg name='ms' type='u' direction='in'/></method>"
                                    "<signal name='Done'/>"
                                    "</interface></node>";

/* ---- The service ---- */

static const char *notes_path;

static void
note (GApplication *service, const char *text)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_file_get_contents (notes_path, &before, NULL, NULL);
  after = g_strconcat (before != NULL ? before : "", text, NULL);
  g_file_set_contents (notes_path, after, -1, NULL);
}

static gboolean
on_worked (gpointer user_data)
{
  GApplication *service = g_application_get_default ();

  g_dbus_connection_emit_signal (user_data, NULL, PATH, INTERFACE, "Done", NULL, NULL);
  g_application_release (service);
  return G_SOURCE_REMOVE;
}

static void
on_method_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
                GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  guint ms;

  g_variant_get (parameters, "(u)", &ms);
  g_application_hold (g_application_get_default ());
  g_timeout_add (ms, on_worked, bus);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static const GDBusInterfaceVTable vtable = { .method_call = on_method_call };

/* A question without an answer: told to end, the service takes it back before the app puts anything away. */

static gpointer unanswered;

static void
on_question_cancelled (GCancellable *cancellable, gpointer user_data)
{
  note (user_data, "cancelled ");
}

static void
search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer callback_data)
{
  unanswered = callback_data;
  g_cancellable_connect (cancellable, G_CALLBACK (on_question_cancelled), user_data, NULL);
  g_dbus_connection_emit_signal (g_application_get_dbus_connection (user_data), NULL, PATH, INTERFACE, "Done", NULL, NULL);
}

static const CloudSearchProviderFuncs answers = { .search_async = search_async };

static gboolean
on_export (CloudService *service, GDBusConnection *bus, GError **error, gpointer user_data)
{
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, error);

  return node != NULL && g_dbus_connection_register_object (bus, PATH, node->interfaces[0], &vtable, NULL, NULL, error) != 0
         && cloud_service_export_answers (service, bus, &answers, service, error);
}

static int
child_serve (char **argv)
{
  g_autoptr (CloudService) service = cloud_service_new ("Search");

  notes_path = argv[2];
  cloud_service_set_idle_timeout_ms (service, IDLE_MS);
  g_signal_connect (service, "export", G_CALLBACK (on_export), NULL);
  g_signal_connect (service, "stop", G_CALLBACK (note), (gpointer) "stop ");
  g_signal_connect (service, "shutdown", G_CALLBACK (note), (gpointer) "shutdown ");
  return g_application_run (G_APPLICATION (service), 1, argv);
}

/* ---- Its bus and its caller ---- */

typedef struct
{
  char *folder;
  char *notes;
  GTestDBus *bus;
  GDBusConnection *connection;
  gboolean owned;
  gboolean was_gone;
  gboolean done;
  gboolean late;
  guint deadline;
} Fixture;

static void
on_owner_changed (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal,
                  GVariant *parameters, gpointer user_data)
{
  Fixture *f = user_data;
  const char *name, *before, *after;

  g_variant_get (parameters, "(&s&s&s)", &name, &before, &after);
  f->owned = *after != '\0';
  f->was_gone = f->was_gone || !f->owned;
}

static void
on_done (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal, GVariant *parameters,
         gpointer user_data)
{
  ((Fixture *) user_data)->done = TRUE;
}

static gboolean
on_deadline (gpointer user_data)
{
  ((Fixture *) user_data)->late = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
await (Fixture *f, const gboolean *flag, gboolean wanted)
{
  while (*flag != wanted && !f->late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (f->late);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *self_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("cloud-service-XXXXXX", NULL);
  f->notes = g_build_filename (f->folder, "notes", NULL);
  file = g_build_filename (f->folder, NAME ".service", NULL);
  text = g_strdup_printf ("[D-BUS Service]\nName=" NAME "\nExec=\"%s\" --serve %s\n", self_path, f->notes);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  f->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (f->bus, f->folder);
  g_test_dbus_up (f->bus);
  f->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (f->bus), G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
    NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_signal_subscribe (f->connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                                      "/org/freedesktop/DBus", NAME, G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, f, NULL);
  g_dbus_connection_signal_subscribe (f->connection, NULL, INTERFACE, "Done", PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_done, f, NULL);
  f->deadline = g_timeout_add_seconds (DEADLINE_S, on_deadline, f);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *file = g_build_filename (f->folder, NAME ".service", NULL);

  g_source_remove (f->deadline);
  g_dbus_connection_close_sync (f->connection, NULL, NULL);
  g_clear_object (&f->connection);
  g_test_dbus_down (f->bus);
  g_clear_object (&f->bus);
  g_unlink (file);
  g_unlink (f->notes);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->notes);
}

static void
work (Fixture *f, guint ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_sync (f->connection, NAME, PATH, INTERFACE, "Work", g_variant_new ("(u)", ms), NULL, G_DBUS_CALL_FLAGS_NONE,
                                 DEADLINE_S * 1000, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
  await (f, &f->owned, TRUE);
}

static void
assert_notes (Fixture *f, const char *expected)
{
  g_autofree char *notes = NULL;

  g_file_get_contents (f->notes, &notes, NULL, NULL);
  g_assert_cmpstr (notes, ==, expected);
}

static void
test_activated_and_idle (Fixture *f, gconstpointer unused)
{
  g_assert_false (f->owned);
  work (f, 0);
  await (f, &f->owned, FALSE);
  /* It gives its name up only after it has put everything away. */
  assert_notes (f, "shutdown ");
  /* The next call begins it again. */
  work (f, 0);
  await (f, &f->owned, FALSE);
  assert_notes (f, "shutdown shutdown ");
}

static void
test_held_by_work (Fixture *f, gconstpointer unused)
{
  work (f, WORK_MS);
  await (f, &f->done, TRUE);
  g_assert_false (f->was_gone);
  assert_notes (f, NULL);
  await (f, &f->owned, FALSE);
  assert_notes (f, "shutdown ");
}

static void
end_by_signal (Fixture *f, int signal)
{
  g_autoptr (GVariant) reply = NULL;
  guint pid = 0;

  reply = g_dbus_connection_call_sync (f->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "GetConnectionUnixProcessID", g_variant_new ("(s)", NAME), G_VARIANT_TYPE ("(u)"),
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (reply);
  g_variant_get (reply, "(u)", &pid);
  g_assert_cmpint (kill ((pid_t) pid, signal), ==, 0);
  await (f, &f->owned, FALSE);
}

static void
test_ended_by_signal (Fixture *f, gconstpointer data)
{
  work (f, 10 * 60 * 1000);
  end_by_signal (f, GPOINTER_TO_INT (data));
  g_assert_false (f->done);
  assert_notes (f, "stop shutdown ");
}

static void
test_ended_with_a_question (Fixture *f, gconstpointer data)
{
  const char *const terms[] = { "ferry", NULL };

  work (f, 10 * 60 * 1000);
  g_dbus_connection_call (f->connection, NAME, CIRRUS_ID_PATH "/Search/SearchProvider", "org.gnome.Shell.SearchProvider2", "GetInitialResultSet",
                          g_variant_new ("(^as)", terms), NULL, G_DBUS_CALL_FLAGS_NONE, DEADLINE_S * 1000, NULL, NULL, NULL);
  await (f, &f->done, TRUE);
  end_by_signal (f, SIGTERM);
  assert_notes (f, "stop cancelled shutdown ");
}

#define ADD(name, data, func) g_test_add ("/cloud/service/" name, Fixture, GINT_TO_POINTER (data), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--serve"))
    return child_serve (argv);
  g_test_init (&argc, &argv, NULL);
  /* An assertion that aborts would leave the bus and the service behind. */
  g_test_set_nonfatal_assertions ();
  ADD ("begun-by-the-bus-and-ended-when-idle", 0, test_activated_and_idle);
  ADD ("kept-while-there-is-work", 0, test_held_by_work);
  ADD ("ended-in-order-by-sigterm", SIGTERM, test_ended_by_signal);
  ADD ("ended-in-order-by-sigint", SIGINT, test_ended_by_signal);
  ADD ("ended-with-a-question-open", 0, test_ended_with_a_question);
  return g_test_run ();
}
