/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-agent.h"
#include "mailer-draft-private.h"
#include "mailer-worker.h"

G_BEGIN_DECLS

/* What the agent (mailer-agent.c) and its executors (mailer-agent-outbox.c, mailer-agent-send.c) share. */

/* Registers the kinds of the journal. */
void mailer_agent_add_kinds (MailerAgent *self, CloudOutbox *outbox);
extern const CloudOutboxKind mailer_agent_send_kind;
/* How far a send came; @entry has its progress. */
MailerTaken mailer_agent_judge_send (CloudOutboxEntry *entry);

/* The account, known by now what the server has: looks for its sends of unknown outcome, and settles those it finds. */
void mailer_agent_settle_sends (MailerAgent *self, MailerAccount *account);
/* What is shown here and that the journal will not carry out is shown no more: the process that took it back died before it could do that. */
void mailer_agent_settle_changes (MailerAgent *self, MailerAccount *account);
/* In a minute, if nothing else makes it earlier: something may turn up. */
void mailer_agent_sync_later (MailerAgent *self, MailerAccount *account);

/* (nullable): the account that an entry's lane names. */
MailerAccount *mailer_agent_account_of (MailerAgent *self, CloudOutboxEntry *entry);

/* (nullable): NULL if there is no such account here. */
MailerWorker *mailer_agent_get_worker (MailerAgent *self, MailerAccount *account);
MailerEngine *mailer_agent_get_engine (MailerAgent *self);
/* The executors have something under way; keeps the agent busy. */
void mailer_agent_hold (MailerAgent *self);
void mailer_agent_release (MailerAgent *self);

/* Reads the account's IMAP secret and gives it to its worker; finish: FALSE with LOCKED, AUTH_REQUIRED and the like. */
void mailer_agent_prepare_async (MailerAgent *self, MailerAccount *account, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_agent_prepare_finish (MailerAgent *self, GAsyncResult *result, GError **error);
/* Prepares, then has the account's worker run @func with @data (transfer full). */
void mailer_agent_run_async (MailerAgent *self, MailerAccount *account, MailerWorkerFunc func, gpointer data, GDestroyNotify free_data, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_agent_run_finish (MailerAgent *self, GAsyncResult *result, GError **error);

G_END_DECLS
