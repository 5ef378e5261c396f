/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-message-item.h"
#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerDraft: a message being written.
 *
 * Properties (read-write, notifying): "account" (MailerAccount: who sends), "to", "cc", "bcc" (strings as typed: addresses separated by commas),
 * "subject", "text" (plain text).  "attachments" (read-only, GListModel of MailerAttachment).
 *
 * Saving keeps it in the profile's database (not on the server), so that it survives the window and the process; sending journals the finished message in
 * the outbox, durably, before anything else, and forgets the draft.
 *
 * Threading: the engine's thread.
 * Errors: of sending: INVALID (no recipient, or an address that is none: its message names the first bad one), NO_SPACE, TOO_LARGE. */

#define MAILER_TYPE_DRAFT (mailer_draft_get_type ())
G_DECLARE_FINAL_TYPE (MailerDraft, mailer_draft, MAILER, DRAFT, GObject)

MailerDraft *mailer_draft_new (MailerEngine *engine, MailerAccount *account);
/* A mailto: URI of RFC 6068 (to, cc, bcc, subject, body).  @account: (nullable): the first. */
MailerDraft *mailer_draft_new_for_uri (MailerEngine *engine, MailerAccount *account, const char *uri);
/* @body: of @item, for the quotation and the addresses. */
MailerDraft *mailer_draft_new_reply (MailerEngine *engine, MailerMessageItem *item, MailerBody *body, gboolean all);
/* With its attachments. */
MailerDraft *mailer_draft_new_forward (MailerEngine *engine, MailerMessageItem *item, MailerBody *body);

GListModel *mailer_draft_get_attachments (MailerDraft *self);
/* Reads @file on a worker thread (TOO_LARGE above 40 MiB). */
void mailer_draft_attach_async (MailerDraft *self, GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_draft_attach_finish (MailerDraft *self, GAsyncResult *result, GError **error);
void mailer_draft_detach (MailerDraft *self, MailerAttachment *attachment);

/* TRUE if there is nothing in it worth keeping. */
gboolean mailer_draft_is_empty (MailerDraft *self);
/* TRUE if the text speaks of an attachment and there is none ("attached", "附件"...). */
gboolean mailer_draft_forgot_attachment (MailerDraft *self);

void mailer_draft_save_async (MailerDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_draft_save_finish (MailerDraft *self, GAsyncResult *result, GError **error);
void mailer_draft_discard_async (MailerDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_draft_discard_finish (MailerDraft *self, GAsyncResult *result, GError **error);
void mailer_draft_send_async (MailerDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_draft_send_finish (MailerDraft *self, GAsyncResult *result, GError **error);

/* Saved drafts of all accounts, newest first.  _finish returns: (transfer full) (element-type MailerDraft) */
void mailer_draft_list_async (MailerEngine *engine, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *mailer_draft_list_finish (MailerEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
