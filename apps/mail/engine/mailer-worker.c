/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-worker.h"

#include "cloud-error.h"

/* An IMAP session's thread. */

#define IDLE_S (28 * 60)

typedef struct
{
  MailerWorkerFunc func; /* (nullable): the wait for news */
  gpointer data;
  GDestroyNotify free_data;
  gboolean changed;
  gboolean quit;
} Job;

struct _MailerWorker
{
  MailerStore *store;
  GThread *thread;
  GAsyncQueue *queue; /* GTask with a Job */
  GMutex lock;
  MailerServer *server;
  GCancellable *wake;    /* ends the wait for news */
  GCancellable *abort;   /* ends everything */
  gboolean reconnect;
};

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->free_data != NULL)
    job->free_data (job->data);
  g_free (job);
}

/* ---- On the thread ---- */

static MailerImap *
open_session (MailerWorker *self, GError **error)
{
  g_autoptr (MailerServer) server = NULL;

  g_mutex_lock (&self->lock);
  server = self->server != NULL ? mailer_server_copy (self->server) : NULL;
  self->reconnect = FALSE;
  g_mutex_unlock (&self->lock);
  if (server == NULL)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED, "The account has no password yet");
      return NULL;
    }
  return mailer_imap_open (server, self->abort, error);
}

static gboolean
wait_for_news (MailerWorker *self, MailerImap *imap, Job *job, GError **error)
{
  g_autoptr (MailerFolderRow) inbox = NULL;
  g_autoptr (GCancellable) wake = NULL;
  MailerImapState state;
  gboolean called;

  if (!(mailer_imap_get_capabilities (imap) & MAILER_IMAP_IDLE))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The server tells no news by itself");
      return FALSE;
    }
  inbox = mailer_store_find_role (self->store, MAILER_ROLE_INBOX, error);
  if (inbox == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  wake = g_object_ref (self->wake);
  /* Who came before this line waits in the queue; who comes after it cancels @wake, which the wait after them gets anew. */
  called = self->reconnect || g_async_queue_length (self->queue) > 0;
  g_mutex_unlock (&self->lock);
  if (called)
    return TRUE;
  if (!mailer_imap_select (imap, inbox->wire, &state, error))
    return FALSE;
  /* What came between the last sync and now is news too. */
  job->changed = state.uidnext != inbox->state.uidnext || state.modseq != inbox->state.modseq || state.exists != inbox->state.exists;
  return job->changed || mailer_imap_idle (imap, IDLE_S, wake, &job->changed, error);
}

static void
run_job (MailerWorker *self, MailerImap **imap, GTask *task)
{
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean fresh = FALSE;
  gboolean ok;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (*imap != NULL && (self->reconnect || !mailer_imap_is_alive (*imap)))
    g_clear_pointer (imap, mailer_imap_close);
  do
    {
      g_clear_error (&error);
      if (*imap == NULL)
        {
          *imap = open_session (self, &error);
          fresh = TRUE;
        }
      ok = *imap != NULL &&
           (job->func != NULL ? job->func (*imap, self->store, job->data, g_task_get_cancellable (task), &error) : wait_for_news (self, *imap, job, &error));
      if (*imap != NULL && !mailer_imap_is_alive (*imap))
        g_clear_pointer (imap, mailer_imap_close);
      /* A session that had gone stale while it was not used says nothing about the job: once more on a new one. */
    }
  while (!ok && *imap == NULL && !fresh && g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE) && !g_cancellable_is_cancelled (self->abort));
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gpointer
worker_main (gpointer data)
{
  MailerWorker *self = data;
  MailerImap *imap = NULL;

  for (;;)
    {
      g_autoptr (GTask) task = g_async_queue_pop (self->queue);
      Job *job = g_task_get_task_data (task);

      if (job->quit)
        break;
      run_job (self, &imap, task);
    }
  g_clear_pointer (&imap, mailer_imap_close);
  return NULL;
}

/* ---- On the main thread ---- */

MailerWorker *
mailer_worker_new (MailerStore *store)
{
  MailerWorker *self = g_new0 (MailerWorker, 1);

  self->store = g_object_ref (store);
  self->queue = g_async_queue_new_full (g_object_unref);
  self->wake = g_cancellable_new ();
  self->abort = g_cancellable_new ();
  g_mutex_init (&self->lock);
  self->thread = g_thread_new ("mailer-imap", worker_main, self);
  return self;
}

static void
push (MailerWorker *self, GTask *task)
{
  g_mutex_lock (&self->lock);
  g_cancellable_cancel (self->wake);
  g_clear_object (&self->wake);
  self->wake = g_cancellable_new ();
  g_async_queue_push (self->queue, task);
  g_mutex_unlock (&self->lock);
}

void
mailer_worker_free (MailerWorker *self)
{
  GTask *task;
  Job *job;

  if (self == NULL)
    return;
  job = g_new0 (Job, 1);
  job->quit = TRUE;
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, job, job_free);
  g_cancellable_cancel (self->abort);
  push (self, task);
  g_thread_join (self->thread);
  g_async_queue_unref (self->queue);
  g_clear_pointer (&self->server, mailer_server_free);
  g_object_unref (self->wake);
  g_object_unref (self->abort);
  g_object_unref (self->store);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
mailer_worker_set_server (MailerWorker *self, const MailerServer *server)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->server, mailer_server_free);
  self->server = server != NULL ? mailer_server_copy (server) : NULL;
  self->reconnect = TRUE;
  g_mutex_unlock (&self->lock);
}

gboolean
mailer_worker_has_server (MailerWorker *self)
{
  return self->server != NULL;
}

void
mailer_worker_reconnect (MailerWorker *self)
{
  g_mutex_lock (&self->lock);
  self->reconnect = TRUE;
  g_cancellable_cancel (self->wake);
  g_clear_object (&self->wake);
  self->wake = g_cancellable_new ();
  g_mutex_unlock (&self->lock);
}

void
mailer_worker_run_async (MailerWorker *self, MailerWorkerFunc func, gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->free_data = free_data;
  g_task_set_task_data (task, job, job_free);
  push (self, task);
}

gboolean
mailer_worker_run_finish (MailerWorker *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
mailer_worker_idle_async (MailerWorker *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, g_new0 (Job, 1), job_free);
  g_async_queue_push (self->queue, task);
}

gboolean
mailer_worker_idle_finish (MailerWorker *self, GAsyncResult *result, gboolean *changed, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  *changed = job->changed;
  return g_task_propagate_boolean (G_TASK (result), error);
}
