/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"
#include "mailer-store.h"

#include "cloud-account.h"
#include "cloud-outbox.h"

G_BEGIN_DECLS

/* What the engine's objects share and a window does not see. */

/* The kinds of the journal's entries. */
#define MAILER_KIND_CHANGE "mail.change"
#define MAILER_KIND_SEND "mail.send"

/* ---- Account ---- */

MailerAccount *mailer_account_new (MailerEngine *engine, CloudAccount *account, MailerStore *store);
MailerStore *mailer_account_get_store (MailerAccount *self);
CloudAccount *mailer_account_get_config (MailerAccount *self);
MailerEngine *mailer_account_get_engine (MailerAccount *self); /* (nullable): gone */
/* Reads folders, counts and state again, on a worker thread. */
void mailer_account_refresh (MailerAccount *self);
void mailer_account_refresh_sync (MailerAccount *self);
/* The same as refresh_sync, on a worker thread; what cannot be read stays as it was. */
void mailer_account_refresh_async (MailerAccount *self, GAsyncReadyCallback callback, gpointer user_data);
MailerFolder *mailer_account_find_folder (MailerAccount *self, gint64 id);
void mailer_account_close (MailerAccount *self);
/* When the newest unread message of the inbox was written; (nullable) strings: there is none. */
gint64 mailer_account_get_newest_unread (MailerAccount *self, const char **sender, const char **subject);

/* Signal "stored" (MailerAccount *): the database changed, here or elsewhere: lists read again. */

/* ---- Folder ---- */

MailerFolder *mailer_folder_new (MailerAccount *account, const MailerFolderRow *row);
void mailer_folder_update (MailerFolder *self, const MailerFolderRow *row);

/* ---- Rows ---- */

/* (element-type gint64): the folders of @account that a list shows. */
typedef struct
{
  MailerAccount *account;
  GArray *folders;
} MailerScope;

MailerConversationList *mailer_conversation_list_new_inbox (MailerEngine *engine);
MailerConversationList *mailer_conversation_list_new_folder (MailerFolder *folder);

MailerConversation *mailer_conversation_new (MailerAccount *account, gint64 thread, const GArray *folders);
void mailer_conversation_update (MailerConversation *self, const MailerConversationRow *row);
gint64 mailer_conversation_get_thread (MailerConversation *self);
const GArray *mailer_conversation_get_folders (MailerConversation *self);

MailerMessageItem *mailer_message_item_new (MailerAccount *account, const MailerMessageRow *row);
gboolean mailer_message_item_update (MailerMessageItem *self, const MailerMessageRow *row);
gint64 mailer_message_item_get_folder (MailerMessageItem *self);

MailerBody *mailer_body_new (MailerMessage *message, GBytes *source);
MailerAttachment *mailer_attachment_new_for_part (MailerMessage *message, guint index);
MailerAttachment *mailer_attachment_new_for_bytes (const char *filename, const char *mime_type, GBytes *bytes);
/* (nullable) (transfer none): of one made for bytes. */
GBytes *mailer_attachment_peek_bytes (MailerAttachment *self);

/* (transfer full): the decoded bytes, on the calling thread. */
GBytes *mailer_attachment_dup_bytes (MailerAttachment *self);

/* Writes the decoded bytes on the calling thread; whole or not at all. */
gboolean mailer_attachment_save (MailerAttachment *self, GFile *file, GCancellable *cancellable, GError **error);

MailerSearch *mailer_search_new (MailerEngine *engine, const char *query);

MailerOutboxItem *mailer_outbox_item_new (MailerEngine *engine, CloudOutboxEntry *entry);

G_END_DECLS
