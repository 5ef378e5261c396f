/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerOutboxItem: something that was done here and that a server has not yet confirmed.
 *
 * Properties (read-only, notifying): "account", "is-send" (boolean: a message on its way; else a change such as a move), "title" (string: the subject of what
 * is sent; empty for changes), "recipients" (string), "state" (MailerOutboxState), "error" (GError boxed, nullable), "retry-at" (gint64, unix
 * us, 0: as soon as possible).
 *
 * Threading: the engine's thread. */

#define MAILER_TYPE_OUTBOX_ITEM (mailer_outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (MailerOutboxItem, mailer_outbox_item, MAILER, OUTBOX_ITEM, GObject)

MailerAccount *mailer_outbox_item_get_account (MailerOutboxItem *self);
gboolean mailer_outbox_item_is_send (MailerOutboxItem *self);
const char *mailer_outbox_item_get_title (MailerOutboxItem *self);
const char *mailer_outbox_item_get_recipients (MailerOutboxItem *self);
MailerOutboxState mailer_outbox_item_get_state (MailerOutboxItem *self);
const GError *mailer_outbox_item_get_error (MailerOutboxItem *self); /* (nullable) */
gint64 mailer_outbox_item_get_retry_at (MailerOutboxItem *self);

/* Takes it out if it is not being sent at this moment (BUSY): a message that was to be sent is a draft again.  @taken (out) (optional): whether it may have
 * gone out all the same, for a message. */
void mailer_outbox_item_cancel_async (MailerOutboxItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_outbox_item_cancel_finish (MailerOutboxItem *self, GAsyncResult *result, MailerTaken *taken, GError **error);
/* Tries a failed or uncertain one again, now. */
void mailer_outbox_item_retry_async (MailerOutboxItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_outbox_item_retry_finish (MailerOutboxItem *self, GAsyncResult *result, GError **error);
/* The user saw that an uncertain one arrived: it is done, and not tried again. */
void mailer_outbox_item_confirm_async (MailerOutboxItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_outbox_item_confirm_finish (MailerOutboxItem *self, GAsyncResult *result, GError **error);

G_END_DECLS
