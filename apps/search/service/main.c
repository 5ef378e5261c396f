/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-answers.h"

#include "cloud-log.h"
#include "cloud-service.h"

/* cirrus-search-service: answers the desktop's search from saved pages and history; ends when nobody asks. */

typedef struct
{
  SearchAnswers *answers;
  SearchEngine *engine;
} Program;

static void
on_engine_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Program *program = user_data;
  g_autoptr (GError) error = NULL;

  program->engine = search_engine_open_finish (result, &error);
  if (program->engine == NULL)
    g_warning ("Nothing can be answered: %s", error->message);
  search_answers_set_engine (program->answers, program->engine, error);
}

static gboolean
on_export (CloudService *service, GDBusConnection *bus, GError **error, gpointer user_data)
{
  Program *program = user_data;

  program->answers = search_answers_new (bus);
  search_engine_open_async (bus, NULL, on_engine_open, program);
  return cloud_service_export_answers (service, bus, &search_answers_funcs, program->answers, error);
}

static void
on_shutdown (CloudService *service, gpointer user_data)
{
  Program *program = user_data;

  if (program->engine != NULL)
    search_engine_close (program->engine);
  g_clear_pointer (&program->answers, search_answers_free);
  g_clear_object (&program->engine);
}

int
main (int argc, char **argv)
{
  Program program = { NULL };
  g_autoptr (CloudService) service = NULL;

  cloud_log_init ("cirrus-search-service");
  service = cloud_service_new ("Search");
  g_signal_connect (service, "export", G_CALLBACK (on_export), &program);
  g_signal_connect (service, "shutdown", G_CALLBACK (on_shutdown), &program);
  return g_application_run (G_APPLICATION (service), argc, argv);
}
