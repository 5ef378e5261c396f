/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-message-item.h"
#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerConversation: one row of a list: the messages that answer one another, across folders.
 *
 * Properties (read-only, notifying): "loaded" (boolean: the others are there), "account" (MailerAccount), "subject", "senders" (string: who
 * wrote, oldest first, the unread ones' names too), "sender-address" (string: of the newest, for an avatar), "preview", "date" (gint64, unix us, of the
 * newest message in the list's folder), "count" (guint: messages), "unread" (boolean), "starred" (boolean), "has-attachment" (boolean),
 * "answered" and "forwarded" (boolean: that newest message was).
 *
 * MailerConversationList: a GListModel of them that holds only keys; a row's properties are read when it is asked for, in pages, and arrive by
 * notify.  It follows the database with the smallest items-changed that tells the difference, so selection and scroll position stay.
 * Properties: "loading" (boolean: before the first answer; then an empty list is really empty).
 *
 * Threading: the engine's thread. */

#define MAILER_TYPE_CONVERSATION (mailer_conversation_get_type ())
G_DECLARE_FINAL_TYPE (MailerConversation, mailer_conversation, MAILER, CONVERSATION, GObject)

gboolean mailer_conversation_is_loaded (MailerConversation *self);
MailerAccount *mailer_conversation_get_account (MailerConversation *self);
const char *mailer_conversation_get_subject (MailerConversation *self);
const char *mailer_conversation_get_senders (MailerConversation *self);
const char *mailer_conversation_get_sender_address (MailerConversation *self);
const char *mailer_conversation_get_preview (MailerConversation *self);
gint64 mailer_conversation_get_date (MailerConversation *self);
guint mailer_conversation_get_count (MailerConversation *self);
gboolean mailer_conversation_is_unread (MailerConversation *self);
gboolean mailer_conversation_is_starred (MailerConversation *self);
gboolean mailer_conversation_has_attachment (MailerConversation *self);
gboolean mailer_conversation_is_answered (MailerConversation *self);
gboolean mailer_conversation_is_forwarded (MailerConversation *self);

/* The messages, oldest first, sent ones included; follows the database.
 * Returns: (transfer full) (element-type MailerMessageItem) */
GListModel *mailer_conversation_list_messages (MailerConversation *self);

#define MAILER_TYPE_CONVERSATION_LIST (mailer_conversation_list_get_type ())
G_DECLARE_FINAL_TYPE (MailerConversationList, mailer_conversation_list, MAILER, CONVERSATION_LIST, GObject)

gboolean mailer_conversation_list_is_loading (MailerConversationList *self);

G_END_DECLS
