/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-header.h"
#include "mailer-rich-text.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* MailerBody: what a message says, ready to be shown: blocks of safe rich text and the list of attachments.  Immutable.
 *
 * MailerAttachment properties: "filename" (string, never empty: one is made from the kind if the message names none), "mime-type" (string), "size" (gint64,
 * bytes, decoded), "is-inline" (boolean: an image that a MAILER_BLOCK_IMAGE shows by its content id).
 *
 * Threading: the engine's thread.  Errors: of saving: NO_SPACE, DENIED and what else writing a file gives; a file is written whole or not at all. */

#define MAILER_TYPE_BODY (mailer_body_get_type ())
G_DECLARE_FINAL_TYPE (MailerBody, mailer_body, MAILER, BODY, GObject)

/* From the HTML if there is one, else from the plain text. */
MailerRichText *mailer_body_get_rich_text (MailerBody *self);
const char *mailer_body_get_text (MailerBody *self);         /* plain */
gboolean mailer_body_is_html (MailerBody *self);
gboolean mailer_body_is_encrypted (MailerBody *self);
gboolean mailer_body_is_signed (MailerBody *self);
/* (element-type MailerAddress) */
const GPtrArray *mailer_body_get_from (MailerBody *self);
const GPtrArray *mailer_body_get_to (MailerBody *self);
const GPtrArray *mailer_body_get_cc (MailerBody *self);
const GPtrArray *mailer_body_get_reply_to (MailerBody *self);
/* (element-type MailerAttachment): all; show those that are not inline as files. */
GListModel *mailer_body_get_attachments (MailerBody *self);
/* The whole source ("view source", export as .eml).  (transfer none) */
GBytes *mailer_body_get_source (MailerBody *self);

#define MAILER_TYPE_ATTACHMENT (mailer_attachment_get_type ())
G_DECLARE_FINAL_TYPE (MailerAttachment, mailer_attachment, MAILER, ATTACHMENT, GObject)

const char *mailer_attachment_get_filename (MailerAttachment *self);
const char *mailer_attachment_get_mime_type (MailerAttachment *self);
const char *mailer_attachment_get_content_id (MailerAttachment *self); /* (nullable) */
gint64 mailer_attachment_get_size (MailerAttachment *self);
gboolean mailer_attachment_is_inline (MailerAttachment *self);

/* Writes the decoded bytes to @file (replacing it), on a worker thread. */
void mailer_attachment_save_async (MailerAttachment *self, GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_attachment_save_finish (MailerAttachment *self, GAsyncResult *result, GError **error);
/* The decoded bytes, for an image to show; TOO_LARGE above 32 MiB.  _finish returns: (transfer full) */
void mailer_attachment_load_async (MailerAttachment *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *mailer_attachment_load_finish (MailerAttachment *self, GAsyncResult *result, GError **error);

G_END_DECLS
