/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-sync.h"
#include "mailer-worker.h"

#include <stdlib.h>

/* The wait for news of an account's worker, between other jobs, with a real server: test_mail_worker.py starts that and says by the environment where. */

typedef struct
{
  GMainLoop *loop;
  GMutex lock;
  GCond cond;
  gboolean entered, let_go;
  gboolean over, changed;
} Watch;

static MailerServer
server_from_environment (void)
{
  MailerServer server = { 0 };

  server.host = (char *) "localhost";
  server.port = (guint16) atoi (g_getenv ("CIRRUS_TEST_IMAPS_PORT"));
  server.security = MAILER_SECURITY_TLS;
  server.user = (char *) "test";
  server.password = (char *) "testpass";
  return server;
}

static gboolean
job_sync (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return mailer_sync_account (imap, store, NULL, NULL, error);
}

static gboolean
job_nothing (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

/* Keeps the worker until it is let go. */
static gboolean
job_hold (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  watch->entered = TRUE;
  g_cond_broadcast (&watch->cond);
  while (!watch->let_go)
    g_cond_wait (&watch->cond, &watch->lock);
  g_mutex_unlock (&watch->lock);
  return TRUE;
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  mailer_worker_run_finish (NULL, result, &error);
  g_assert_no_error (error);
  if (user_data != NULL)
    g_main_loop_quit (user_data);
}

static void
on_news (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (GError) error = NULL;

  mailer_worker_idle_finish (NULL, result, &watch->changed, &error);
  g_assert_no_error (error);
  watch->over = TRUE;
  g_main_loop_quit (watch->loop);
}

static void
wait_again (MailerWorker *worker, Watch *watch)
{
  watch->over = watch->changed = FALSE;
  mailer_worker_idle_async (worker, on_news, watch);
}

static void
sync_now (MailerWorker *worker, Watch *watch)
{
  mailer_worker_run_async (worker, job_sync, NULL, NULL, NULL, on_run, watch->loop);
  g_main_loop_run (watch->loop);
}

static gpointer
deliver (gpointer data)
{
  static const char text[] = "From: a@example.test\r\nTo: test@example.test\r\nSubject: news\r\nMessage-ID: <news@example.test>\r\n\r\nnews\r\n";
  MailerServer server = server_from_environment ();
  g_autoptr (GBytes) source = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (GError) error = NULL;
  MailerImap *imap = mailer_imap_open (&server, NULL, &error);

  g_assert_no_error (error);
  mailer_imap_append (imap, "INBOX", 0, 0, source, NULL, &error);
  g_assert_no_error (error);
  mailer_imap_close (imap);
  return NULL;
}

static MailerWorker *
make_worker (const char *id, Watch *watch)
{
  MailerServer server = server_from_environment ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerStore) store = mailer_store_open (id, "test@example.test", &error);
  MailerWorker *worker;

  g_assert_no_error (error);
  watch->loop = g_main_loop_new (NULL, FALSE);
  worker = mailer_worker_new (store);
  mailer_worker_set_server (worker, &server);
  sync_now (worker, watch);
  return worker;
}

static void
drop_worker (MailerWorker *worker, Watch *watch)
{
  mailer_worker_free (worker);
  g_main_loop_unref (watch->loop);
}

/* A wait that finds another job behind it ends; the one after that job waits again, and hears of what comes. */
static void
test_after_a_job (void)
{
  Watch watch = { 0 };
  MailerWorker *worker = make_worker ("worker-after", &watch);
  GThread *thread;

  mailer_worker_run_async (worker, job_hold, &watch, NULL, NULL, on_run, NULL);
  g_mutex_lock (&watch.lock);
  while (!watch.entered)
    g_cond_wait (&watch.cond, &watch.lock);
  wait_again (worker, &watch);
  mailer_worker_run_async (worker, job_nothing, NULL, NULL, NULL, on_run, NULL);
  watch.let_go = TRUE;
  g_cond_broadcast (&watch.cond);
  g_mutex_unlock (&watch.lock);
  g_main_loop_run (watch.loop);
  g_assert_true (watch.over);
  g_assert_false (watch.changed);

  wait_again (worker, &watch);
  thread = g_thread_new ("deliver", deliver, NULL);
  g_main_loop_run (watch.loop);
  g_assert_true (watch.over);
  g_assert_true (watch.changed);
  g_thread_join (thread);
  drop_worker (worker, &watch);
}

/* What came between a sync and the wait is told at once. */
static void
test_before_the_wait (void)
{
  Watch watch = { 0 };
  MailerWorker *worker = make_worker ("worker-before", &watch);

  deliver (NULL);
  wait_again (worker, &watch);
  g_main_loop_run (watch.loop);
  g_assert_true (watch.changed);
  drop_worker (worker, &watch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mailer/worker/after-a-job", test_after_a_job);
  g_test_add_func ("/mailer/worker/before-the-wait", test_before_the_wait);
  return g_test_run ();
}
