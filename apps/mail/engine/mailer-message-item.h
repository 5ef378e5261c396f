/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-body.h"
#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerMessageItem: one message, as a card in a conversation or a hit shows it before its body is read.
 *
 * Properties (read-only, notifying): "account", "subject", "from-name", "from-address", "to" (string, formatted), "cc" (string, formatted), "date" (gint64, unix
 * us), "preview", "unread" (boolean), "starred" (boolean), "answered" and "forwarded" (boolean), "outgoing" (boolean: from the account's own address), "has-attachment" (boolean),
 * "has-body" (boolean: FALSE until it is fetched), "message-id" (string, without <>, may be empty), "folder-name" (string: where it lies).
 *
 * Threading: the engine's thread. */

#define MAILER_TYPE_MESSAGE_ITEM (mailer_message_item_get_type ())
G_DECLARE_FINAL_TYPE (MailerMessageItem, mailer_message_item, MAILER, MESSAGE_ITEM, GObject)

gint64 mailer_message_item_get_id (MailerMessageItem *self); /* in its account */
MailerAccount *mailer_message_item_get_account (MailerMessageItem *self);
const char *mailer_message_item_get_subject (MailerMessageItem *self);
const char *mailer_message_item_get_from_name (MailerMessageItem *self);
const char *mailer_message_item_get_from_address (MailerMessageItem *self);
const char *mailer_message_item_get_to (MailerMessageItem *self);
const char *mailer_message_item_get_cc (MailerMessageItem *self);
const char *mailer_message_item_get_preview (MailerMessageItem *self);
const char *mailer_message_item_get_message_id (MailerMessageItem *self);
const char *mailer_message_item_get_folder_name (MailerMessageItem *self);
gint64 mailer_message_item_get_date (MailerMessageItem *self);
gboolean mailer_message_item_is_unread (MailerMessageItem *self);
gboolean mailer_message_item_is_starred (MailerMessageItem *self);
gboolean mailer_message_item_is_answered (MailerMessageItem *self);
gboolean mailer_message_item_is_forwarded (MailerMessageItem *self);
gboolean mailer_message_item_is_outgoing (MailerMessageItem *self);
gboolean mailer_message_item_has_attachment (MailerMessageItem *self);
gboolean mailer_message_item_has_body (MailerMessageItem *self);

/* Reads and parses the body off the main thread.  OFFLINE: it is not here yet; it is fetched with the next sync (asked for first). */
void mailer_message_item_load_body_async (MailerMessageItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) */
MailerBody *mailer_message_item_load_body_finish (MailerMessageItem *self, GAsyncResult *result, GError **error);

G_END_DECLS
