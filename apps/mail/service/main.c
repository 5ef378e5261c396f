/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-service"

#include "mailer-answers.h"

#include "mailer-agent.h"

#include "cloud-log.h"
#include "cloud-service.h"

/* cirrus-mail-service: goes on with the mail while no window is open: waits for news, syncs, carries out the outbox, answers searches.  It stays as
 * long as an account waits for news or the outbox has something to try, and ends otherwise. */

typedef struct
{
  MailerEngine *engine;
  MailerAgent *agent;
  MailerAnswers *answers;
  gboolean held;
} Program;

/* Holds the application while there is something to do. */
static void
update_hold (Program *program)
{
  gboolean needed = program->agent != NULL && (mailer_agent_is_busy (program->agent) || mailer_agent_is_watching (program->agent) ||
                                               mailer_engine_has_work (program->engine));

  if (needed == program->held)
    return;
  program->held = needed;
  if (needed)
    g_application_hold (g_application_get_default ());
  else
    g_application_release (g_application_get_default ());
}

static void
on_agent_changed (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  update_hold (user_data);
}

static void
on_outbox_changed (GListModel *outbox, guint at, guint removed, guint added, gpointer user_data)
{
  update_hold (user_data);
}

static void
on_sync_asked (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Program *program = user_data;

  if (program->agent != NULL)
    mailer_agent_sync (program->agent, NULL);
}

static gboolean
on_export (CloudService *service, GDBusConnection *bus, GError **error, gpointer user_data)
{
  Program *program = user_data;
  g_autoptr (GSimpleAction) sync = g_simple_action_new ("sync", NULL);

  program->engine = mailer_engine_open_sync (error);
  if (program->engine == NULL)
    return FALSE;
  mailer_engine_set_serving (program->engine);
  program->answers = mailer_answers_new (program->engine);
  g_signal_connect (sync, "activate", G_CALLBACK (on_sync_asked), program);
  g_action_map_add_action (G_ACTION_MAP (service), G_ACTION (sync));
  return cloud_service_export_answers (service, bus, &mailer_answers_funcs, program->answers, error);
}

static void
on_startup (GApplication *application, gpointer user_data)
{
  Program *program = user_data;

  if (program->engine == NULL)
    return;
  program->agent = mailer_agent_new (program->engine, TRUE);
  g_signal_connect (program->agent, "notify", G_CALLBACK (on_agent_changed), program);
  g_signal_connect (mailer_engine_get_outbox (program->engine), "items-changed", G_CALLBACK (on_outbox_changed), program);
  mailer_agent_start (program->agent);
  update_hold (program);
}

static void
on_shutdown (GApplication *application, gpointer user_data)
{
  Program *program = user_data;

  g_clear_pointer (&program->answers, mailer_answers_free);
  if (program->agent != NULL)
    {
      g_signal_handlers_disconnect_by_data (program->agent, program);
      g_signal_handlers_disconnect_by_data (mailer_engine_get_outbox (program->engine), program);
      mailer_agent_stop (program->agent);
    }
  g_clear_object (&program->agent);
  if (program->engine != NULL)
    mailer_engine_close (program->engine);
  g_clear_object (&program->engine);
}

int
main (int argc, char **argv)
{
  Program program = { 0 };
  g_autoptr (CloudService) service = NULL;

  cloud_log_init ("cirrus-mail-service");
  service = cloud_service_new ("Mail");
  g_signal_connect (service, "export", G_CALLBACK (on_export), &program);
  g_signal_connect_after (service, "startup", G_CALLBACK (on_startup), &program);
  g_signal_connect (service, "shutdown", G_CALLBACK (on_shutdown), &program);
  return g_application_run (G_APPLICATION (service), argc, argv);
}
