/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-service"

#include "navi-answers.h"

#include "cloud-log.h"
#include "cloud-service.h"

/* cirrus-navi-service: answers searches for places while no window is open, then ends. */

typedef struct
{
  NaviRegions *regions;
  NaviAnswers *answers;
} Program;

static gboolean
on_export (CloudService *service, GDBusConnection *bus, GError **error, gpointer user_data)
{
  Program *program = user_data;

  program->regions = navi_regions_new (NULL);
  program->answers = navi_answers_new (program->regions);
  return cloud_service_export_answers (service, bus, &navi_answers_funcs, program->answers, error);
}

static void
on_shutdown (GApplication *application, gpointer user_data)
{
  Program *program = user_data;

  g_clear_pointer (&program->answers, navi_answers_free);
  g_clear_object (&program->regions);
}

int
main (int argc, char **argv)
{
  Program program = { 0 };
  g_autoptr (CloudService) service = NULL;

  cloud_log_init ("cirrus-navi-service");
  service = cloud_service_new ("Navi");
  g_signal_connect (service, "export", G_CALLBACK (on_export), &program);
  g_signal_connect (service, "shutdown", G_CALLBACK (on_shutdown), &program);
  return g_application_run (G_APPLICATION (service), argc, argv);
}
