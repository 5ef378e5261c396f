/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-imap.h"
#include "mailer-store.h"

G_BEGIN_DECLS

/* MailerWorker: the owner thread of one account's IMAP session.
 *
 * Jobs are done one after another, on a session that is opened when the first needs it and again when it broke.  While nothing else is to do it may wait for
 * news (IDLE); any other job ends that wait.
 *
 * Threading: made and called from the main thread; results come back there.  A job's function runs on the worker's thread.
 * Ownership: mailer_worker_free() cancels what runs and waits for the thread.
 * Errors: a job's, or those of opening a session. */

typedef struct _MailerWorker MailerWorker;

/* Runs with an open session.  FALSE and @error on failure. */
typedef gboolean (*MailerWorkerFunc) (MailerImap *imap, MailerStore *store, gpointer data, GCancellable *cancellable, GError **error);

MailerWorker *mailer_worker_new (MailerStore *store);
void mailer_worker_free (MailerWorker *self);

/* From the next session on. */
void mailer_worker_set_server (MailerWorker *self, const MailerServer *server);
gboolean mailer_worker_has_server (MailerWorker *self);
/* Drops the session after the job that runs: the network changed. */
void mailer_worker_reconnect (MailerWorker *self);

/* @data: (transfer full). */
void mailer_worker_run_async (MailerWorker *self, MailerWorkerFunc func, gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_worker_run_finish (MailerWorker *self, GAsyncResult *result, GError **error);

/* Waits in the inbox until something changed there (*@changed), another job came, or half an hour passed.  UNSUPPORTED if the server cannot. */
void mailer_worker_idle_async (MailerWorker *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_worker_idle_finish (MailerWorker *self, GAsyncResult *result, gboolean *changed, GError **error);

G_END_DECLS
