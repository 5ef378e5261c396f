/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-account.h"
#include "mailer-conversation.h"
#include "mailer-draft.h"
#include "mailer-outbox-item.h"
#include "mailer-search.h"

#include "cloud-accounts.h"
#include "cloud-outbox.h"
#include "cloud-secrets.h"

G_BEGIN_DECLS

/* MailerEngine: the mail of one profile, as a window, the command line or the service sees it.
 *
 * Type MailerEngine (mailer-types.h).  Opening it reads what is kept and touches no network.  Everything shown comes from the local databases (one an account) and follows their
 * changes, whichever process makes them; everything done is written there and into the outbox at once, and carried out on
 * the servers by whoever holds the lease: the service normally.  mailer_engine_sync() wakes that.
 *
 * Threading: the thread (main context) that opened it.  Nothing blocks, except where a name ends in _sync.
 * Ownership: models and items are GObjects; getters are transfer none.
 * Errors: CloudError everywhere; what went wrong with one account is its "error" property and stops no other. */

/* Opens the mail of the profile (cloud-paths.h).  The sample profile's mailbox is built on first use from the installed sample. */
void mailer_engine_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) */
MailerEngine *mailer_engine_open_finish (GAsyncResult *result, GError **error);
/* For programs without a main loop of their own. */
MailerEngine *mailer_engine_open_sync (GError **error);
/* Closes the databases; the last unref does the same. */
void mailer_engine_close (MailerEngine *self);

/* (element-type MailerAccount), in the user's order.  Empty: the first-run screen. */
GListModel *mailer_engine_get_accounts (MailerEngine *self);
MailerAccount *mailer_engine_find_account (MailerEngine *self, const char *id); /* (nullable) */

/* The settings and secrets of the accounts, for the account pages: what is added, changed or removed there appears here by itself. */
CloudAccounts *mailer_engine_get_configs (MailerEngine *self);
CloudSecrets *mailer_engine_get_secrets (MailerEngine *self);

/* Property "unread" (guint): unread conversations in all inboxes. */
guint mailer_engine_get_unread (MailerEngine *self);

/* ---- Lists ---- */

/* Conversations of all inboxes together, newest first.  Returns: (transfer full) (element-type MailerConversation) */
MailerConversationList *mailer_engine_list_inbox (MailerEngine *self);
/* Conversations with a message in @folder.  Returns: (transfer full) (element-type MailerConversation) */
MailerConversationList *mailer_engine_list_folder (MailerEngine *self, MailerFolder *folder);
/* The messages of @folder one by one, newest first, for programs without a window: blocks.
 * Returns: (transfer full) (element-type MailerMessageItem) */
GPtrArray *mailer_engine_load_folder_sync (MailerEngine *self, MailerFolder *folder, guint max, GError **error);
/* Messages that match @query (words in any language, "quoted phrases", from: to: subject: is:unread is:starred has:attachment
 * in:folder before:YYYY-MM-DD after:YYYY-MM-DD), newest first.  Returns: (transfer full) (element-type MailerHit) */
MailerSearch *mailer_engine_search (MailerEngine *self, const char *query);
/* The message that a mid: URI (RFC 2392) or a bare Message-ID names.  NOT_FOUND if no account has it. */
void mailer_engine_find_message_async (MailerEngine *self, const char *mid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
/* Returns: (transfer full) */
MailerConversation *mailer_engine_find_message_finish (MailerEngine *self, GAsyncResult *result, GError **error);

/* ---- Doing ---- */

/* @items: (element-type GObject): MailerConversation or MailerMessageItem, mixed as you like; a conversation stands for its messages in the
 * list it came from.  @target: (nullable): for MAILER_ACTION_MOVE.  What is shown changes at once; the server follows. */
void mailer_engine_act_async (MailerEngine *self, GPtrArray *items, MailerAction action, MailerFolder *target, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (nullable): what mailer_engine_undo_async() takes back; NULL on error, or if nothing had to change. */
GVariant *mailer_engine_act_finish (MailerEngine *self, GAsyncResult *result, GError **error);
void mailer_engine_undo_async (MailerEngine *self, GVariant *undo, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_engine_undo_finish (MailerEngine *self, GAsyncResult *result, GError **error);

/* Looks for new mail and carries out what waits, in the background: wakes the service; where no session bus can start it, this process does the work
 * itself.  @account: (nullable): all.  See the accounts' "sync-state" for how it goes. */
void mailer_engine_sync (MailerEngine *self, MailerAccount *account);

/* People one has written to or got mail from whose name or address begins with @prefix (pinyin too), most likely first.
 * _finish returns: (transfer full) (element-type MailerAddress) */
void mailer_engine_suggest_async (MailerEngine *self, const char *prefix, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *mailer_engine_suggest_finish (MailerEngine *self, GAsyncResult *result, GError **error);

/* (element-type MailerOutboxItem): what waits to be sent or done, oldest first; what went well disappears. */
GListModel *mailer_engine_get_outbox (MailerEngine *self);

/* For the program that carries the outbox out: TRUE if something in it is or will be tried without the user. */
gboolean mailer_engine_has_work (MailerEngine *self);
/* This process has an agent of its own (mailer-agent.h): mailer_engine_sync() has nobody to wake. */
void mailer_engine_set_serving (MailerEngine *self);
/* The same wake-up as mailer_engine_sync(), waited for (some seconds at most): for programs that end afterwards.  FALSE if no service could be
 * started; what waits is then carried out when a window or `cirrus mail sync` runs. */
gboolean mailer_engine_wake_service_sync (MailerEngine *self);
/* The journal behind the outbox, for the command line. */
CloudOutbox *mailer_engine_get_journal (MailerEngine *self);

/* Bytes on disk, all accounts. */
gint64 mailer_engine_get_size_bytes (MailerEngine *self);

G_END_DECLS
