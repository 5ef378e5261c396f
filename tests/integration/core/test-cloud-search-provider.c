/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-error.h"
#include "cloud-search-provider-client.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A private bus with a good app, one that never answers, one whose process dies at each question, and one that is not there. */

typedef struct
{
  GPtrArray *log;    /* what was asked */
  gboolean silent;   /* keeps questions open */
  GPtrArray *held;   /* GTask */
  guint cancelled;
} App;

typedef struct
{
  GSubprocess *bus;
  char *data_dir;
  GDBusConnection *service_connection;
  GDBusConnection *client_connection;
  App good;
  App slow;
  CloudSearchProvider *good_provider;
  CloudSearchProvider *slow_provider;
  CloudSearchProviderClient *client;
} Fixture;

typedef struct
{
  GString *out;
  GHashTable *failed; /* desktop id -> error code */
  gboolean done;
} Answers;

static const char *program;

/* ---- The apps ---- */

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  ((App *) user_data)->cancelled++;
}

static void
app_search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer callback_data)
{
  App *app = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  g_autofree char *joined = g_strjoinv (",", (char **) terms);

  g_ptr_array_add (app->log, g_strdup_printf ("%s:%s", previous != NULL ? "sub" : "search", joined));
  if (app->silent)
    {
      g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), app, NULL);
      g_ptr_array_add (app->held, g_steal_pointer (&task));
      return;
    }
  if (g_strcmp0 (terms[0], "nothing") == 0)
    g_task_return_pointer (task, g_new0 (char *, 1), (GDestroyNotify) g_strfreev);
  else
    g_task_return_pointer (task, g_strsplit ("one two gone three", " ", -1), (GDestroyNotify) g_strfreev);
}

static char **
app_search_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
app_metas_async (gpointer user_data, const char *const *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  GPtrArray *metas = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_search_meta_free);

  for (gsize i = 0; ids[i] != NULL; i++)
    if (strcmp (ids[i], "gone") != 0)
      {
        g_autofree char *name = g_strdup_printf ("渡轮 %s", ids[i]);
        g_autofree char *uri = g_strdup_printf ("mid:%s@example", ids[i]);

        g_ptr_array_add (metas, cloud_search_meta_new (ids[i], name, i == 0 ? "first" : NULL, "mail-unread", i == 1 ? NULL : uri));
      }
  g_task_return_pointer (task, metas, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
app_metas_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
app_activate (gpointer user_data, const char *id, const char *const *terms, guint32 timestamp)
{
  g_autofree char *joined = g_strjoinv (",", (char **) terms);

  g_ptr_array_add (((App *) user_data)->log, g_strdup_printf ("activate:%s:%s", id, joined));
}

static void
app_launch (gpointer user_data, const char *const *terms, guint32 timestamp)
{
  g_autofree char *joined = g_strjoinv (",", (char **) terms);

  g_ptr_array_add (((App *) user_data)->log, g_strdup_printf ("launch:%s", joined));
}

static const CloudSearchProviderFuncs app_funcs = {
  app_search_async, app_search_finish, app_metas_async, app_metas_finish, app_activate, app_launch,
};

static void
app_init (App *app, gboolean silent)
{
  app->log = g_ptr_array_new_with_free_func (g_free);
  app->held = g_ptr_array_new_with_free_func (g_object_unref);
  app->silent = silent;
}

static void
app_clear (App *app)
{
  for (guint i = 0; i < app->held->len; i++)
    g_task_return_new_error (g_ptr_array_index (app->held, i), G_IO_ERROR, G_IO_ERROR_CANCELLED, "ended");
  g_ptr_array_unref (app->log);
  g_ptr_array_unref (app->held);
}

/* ---- The process that dies ---- */

static void
crash_search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer callback_data)
{
  _exit (1);
}

static int
run_crashing_app (void)
{
  static const CloudSearchProviderFuncs funcs = { .search_async = crash_search_async };
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (CloudSearchProvider) provider = cloud_search_provider_new (&funcs, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  if (bus == NULL || !cloud_search_provider_export (provider, bus, "/test/Crash", NULL))
    return 2;
  g_bus_own_name_on_connection (bus, "test.Crash", G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
  g_main_loop_run (loop);
  return 0;
}

/* ---- Fixture ---- */

static void
write_file (const char *dir, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
write_ini (const char *dir, const char *name, const char *extra)
{
  g_autofree char *file = g_strdup_printf ("%s.ini", name);
  g_autofree char *content = g_strdup_printf ("[Shell Search Provider]\nDesktopId=test.%s.desktop\nBusName=test.%s\nObjectPath=/test/%s\n"
                                              "Version=2\n%s", name, name, name, extra);

  write_file (dir, file, content);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* A bus that starts what @services names.  Returns: (transfer full): its address */
static char *
start_bus (Fixture *fixture, const char *services)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *config = g_strdup_printf ("<busconfig><type>session</type><listen>unix:dir=%s</listen><servicedir>%s</servicedir>"
                                             "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
                                             fixture->data_dir, services);
  g_autofree char *path = g_build_filename (fixture->data_dir, "bus.conf", NULL);
  g_autofree char *option = g_strdup_printf ("--config-file=%s", path);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  char *address;

  write_file (fixture->data_dir, "bus.conf", config);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  fixture->bus = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork", "--print-address", option, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->bus));
  address = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);
  return address;
}

static GDBusConnection *
connect_to (const char *address)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
on_name_ready (GDBusConnection *connection, const char *name, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
own_name (GDBusConnection *connection, const char *name)
{
  gboolean owned = FALSE;

  g_bus_own_name_on_connection (connection, name, G_BUS_NAME_OWNER_FLAGS_NONE, on_name_ready, NULL, &owned, NULL);
  while (!owned)
    g_main_context_iteration (NULL, TRUE);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *services = NULL;
  g_autofree char *providers = NULL;
  g_autofree char *address = NULL;
  g_autofree char *service = g_strdup_printf ("[D-BUS Service]\nName=test.Crash\nExec=%s --crashing-app\n", program);

  /* Given to the program by main(), before GLib reads it. */
  fixture->data_dir = g_strdup (g_get_user_data_dir ());
  services = g_build_filename (fixture->data_dir, "services", NULL);
  providers = g_build_filename (fixture->data_dir, "gnome-shell", "search-providers", NULL);
  write_file (services, "test.Crash.service", service);
  write_ini (providers, "Good", "");
  write_ini (providers, "Slow", "");
  write_ini (providers, "Crash", "");
  write_ini (providers, "Absent", "");
  write_ini (providers, "Off", "DefaultDisabled=true\n");
  write_ini (providers, "Self", "");
  write_file (providers, "broken.ini", "[Shell Search Provider\n\xff");
  write_file (providers, "old.ini", "[Shell Search Provider]\nDesktopId=a.desktop\nBusName=test.Old\nObjectPath=/a\nVersion=1\n");
  write_file (providers, "bad-path.ini", "[Shell Search Provider]\nDesktopId=a.desktop\nBusName=test.Old\nObjectPath=a b\nVersion=2\n");

  address = start_bus (fixture, services);
  fixture->service_connection = connect_to (address);
  fixture->client_connection = connect_to (address);
  app_init (&fixture->good, FALSE);
  app_init (&fixture->slow, TRUE);
  fixture->good_provider = cloud_search_provider_new (&app_funcs, &fixture->good);
  fixture->slow_provider = cloud_search_provider_new (&app_funcs, &fixture->slow);
  g_assert_true (cloud_search_provider_export (fixture->good_provider, fixture->service_connection, "/test/Good", NULL));
  g_assert_true (cloud_search_provider_export (fixture->slow_provider, fixture->service_connection, "/test/Slow", NULL));
  own_name (fixture->service_connection, "test.Good");
  own_name (fixture->service_connection, "test.Slow");
  fixture->client = cloud_search_provider_client_new (fixture->client_connection, "test.Self.desktop");
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->client);
  /* A call that came late must not find its app gone. */
  cloud_search_provider_unexport (fixture->good_provider);
  cloud_search_provider_unexport (fixture->slow_provider);
  app_clear (&fixture->good);
  app_clear (&fixture->slow);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->good_provider);
  g_clear_object (&fixture->slow_provider);
  g_dbus_connection_close_sync (fixture->client_connection, NULL, NULL);
  g_dbus_connection_close_sync (fixture->service_connection, NULL, NULL);
  g_clear_object (&fixture->client_connection);
  g_clear_object (&fixture->service_connection);
  g_subprocess_send_signal (fixture->bus, SIGTERM);
  g_assert_true (g_subprocess_wait (fixture->bus, NULL, NULL));
  g_object_unref (fixture->bus);
  g_free (fixture->data_dir);
}

static void
on_answer (CloudSearchProviderInfo *info, const GPtrArray *metas, const GError *error, gpointer user_data)
{
  Answers *answers = user_data;

  g_assert_false (answers->done);
  if (info == NULL)
    {
      answers->done = TRUE;
      return;
    }
  if (error != NULL)
    {
      g_assert_true (error->domain == CLOUD_ERROR);
      g_hash_table_insert (answers->failed, g_strdup (cloud_search_provider_info_get_desktop_id (info)), GINT_TO_POINTER (error->code));
      return;
    }
  for (guint i = 0; i < metas->len; i++)
    {
      const CloudSearchMeta *meta = g_ptr_array_index (metas, i);

      g_string_append_printf (answers->out, "%s|%s|%s|%s|%s\n", meta->id, meta->name, meta->description != NULL ? meta->description : "",
                              meta->icon, meta->uri != NULL ? meta->uri : "");
    }
}

static Answers
search (Fixture *fixture, const char *typed)
{
  Answers answers = { g_string_new (NULL), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), FALSE };

  cloud_search_provider_client_search (fixture->client, typed, 3, 400, NULL, on_answer, &answers, NULL);
  g_assert_false (answers.done);
  while (!answers.done)
    g_main_context_iteration (NULL, TRUE);
  return answers;
}

static void
answers_clear (Answers *answers)
{
  g_string_free (answers->out, TRUE);
  g_hash_table_unref (answers->failed);
}

/* ---- Tests ---- */

static void
test_finds_installed (Fixture *fixture, gconstpointer data)
{
  GListModel *providers = cloud_search_provider_client_get_providers (fixture->client);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (providers); i++)
    {
      g_autoptr (CloudSearchProviderInfo) info = g_list_model_get_item (providers, i);

      g_string_append_printf (names, "%s%s ", cloud_search_provider_info_get_name (info),
                              cloud_search_provider_info_get_default_enabled (info) ? "" : "(off)");
    }
  g_assert_cmpstr (names->str, ==, "Absent Crash Good Off(off) Slow ");
}

static void
test_good_answers_among_bad (Fixture *fixture, gconstpointer data)
{
  Answers answers = search (fixture, "  old  渡轮 ");

  g_assert_cmpstr (answers.out->str, ==, "one|渡轮 one|first|mail-unread|mid:one@example\ntwo|渡轮 two||mail-unread|\n");
  g_assert_cmpstr (g_ptr_array_index (fixture->good.log, 0), ==, "search:old,渡轮");
  g_assert_cmpuint (g_hash_table_size (answers.failed), ==, 3);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (answers.failed, "test.Slow.desktop")), ==, CLOUD_ERROR_TRY_LATER);
  g_assert_true (g_hash_table_contains (answers.failed, "test.Crash.desktop"));
  g_assert_true (g_hash_table_contains (answers.failed, "test.Absent.desktop"));
  answers_clear (&answers);

  /* Those that failed rest. */
  answers = search (fixture, "nothing");
  g_assert_cmpstr (answers.out->str, ==, "");
  g_assert_cmpuint (g_hash_table_size (answers.failed), ==, 0);
  g_assert_cmpuint (fixture->slow.log->len, ==, 1);
  answers_clear (&answers);
}

static void
never (CloudSearchProviderInfo *info, const GPtrArray *metas, const GError *error, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean dropped = FALSE;

  cloud_search_provider_client_search (fixture->client, "old", 3, 10000, cancellable, never, &dropped, set_true);
  g_cancellable_cancel (cancellable);
  while (!dropped)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_newer_question_replaces (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 2; i++)
    g_dbus_connection_call (fixture->client_connection, "test.Slow", "/test/Slow", "org.gnome.Shell.SearchProvider2", "GetInitialResultSet",
                            g_variant_new_parsed ("(['a'],)"), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  while (fixture->slow.log->len < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->slow.cancelled, ==, 1);
}

static gboolean
is_good (CloudSearchProviderInfo *info, gpointer user_data)
{
  return g_str_equal (cloud_search_provider_info_get_bus_name (info), "test.Good");
}

static void
test_filter_activate_launch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CloudSearchProviderInfo) info = NULL;
  Answers answers;

  cloud_search_provider_client_set_filter (fixture->client, is_good, NULL);
  answers = search (fixture, "old");
  g_assert_cmpuint (g_hash_table_size (answers.failed), ==, 0);
  answers_clear (&answers);
  info = g_list_model_get_item (cloud_search_provider_client_get_providers (fixture->client), 2);
  cloud_search_provider_client_activate (fixture->client, info, "two", "old town");
  cloud_search_provider_client_launch (fixture->client, info, "old town");
  while (fixture->good.log->len < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (g_ptr_array_index (fixture->good.log, 1), ==, "activate:two:old,town");
  g_assert_cmpstr (g_ptr_array_index (fixture->good.log, 2), ==, "launch:old,town");
}

static void
test_no_bus (void)
{
  g_autoptr (CloudSearchProviderClient) client = cloud_search_provider_client_new (NULL, NULL);
  Answers answers = { g_string_new (NULL), g_hash_table_new (g_str_hash, g_str_equal), FALSE };

  cloud_search_provider_client_search (client, "old", 3, 100, NULL, on_answer, &answers, NULL);
  while (!answers.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (answers.out->str, ==, "");
  answers_clear (&answers);
}

int
main (int argc, char **argv)
{
  g_autofree char *data_dir = NULL;
  int status;

  if (argc == 2 && strcmp (argv[1], "--crashing-app") == 0)
    return run_crashing_app ();
  data_dir = g_dir_make_tmp ("cirrus-provider-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", data_dir, TRUE);
  g_setenv ("XDG_DATA_DIRS", "/nonexistent", TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);
  program = g_canonicalize_filename (argv[0], NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  g_test_add_func ("/cloud/search-provider/no-bus-no-answers", test_no_bus);
  ADD ("/cloud/search-provider/finds-installed-apps-by-their-ini-files", test_finds_installed);
  ADD ("/cloud/search-provider/slow-crashing-and-absent-apps-cost-nothing", test_good_answers_among_bad);
  ADD ("/cloud/search-provider/cancelled-search-stays-silent", test_cancel);
  ADD ("/cloud/search-provider/newer-question-cancels-the-older", test_newer_question_replaces);
  ADD ("/cloud/search-provider/filter-activate-launch", test_filter_activate_launch);
  status = g_test_run ();
  g_spawn_sync (NULL, (char *[]) { "rm", "-r", data_dir, NULL }, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  return status;
}
