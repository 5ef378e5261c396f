/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-header.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* MailerMessage: a message of RFC 5322 and MIME, parsed: who, when, what it says, what is attached.
 *
 * Any input gives a message, however broken; time and memory are bounded (nesting, number of parts, length of texts), and what a bound cut off
 * is said by mailer_message_is_truncated().
 *
 * Threading: immutable; but used by one thread at a time, since attachments are decoded from the source on demand.
 * Ownership: reference counted; getters are transfer none.
 * Errors: only reading the source can fail (CORRUPT, NO_SPACE and the like from the stream written to).
 * Source: RFC 5322, 2045-2049, 2183, 2231, 2387, 3676 (format=flowed), 6532. */

typedef struct _MailerMessage MailerMessage;
typedef struct _MailerPart MailerPart;

/* @bytes: the message as transferred, line ends CRLF or LF. */
MailerMessage *mailer_message_new_from_bytes (GBytes *bytes);
/* @fd: (transfer full): a file holding it; it is mapped, and must not be changed while the message lives. */
MailerMessage *mailer_message_new_from_fd (int fd, GError **error);
MailerMessage *mailer_message_new_from_file (const char *path, GError **error);
MailerMessage *mailer_message_ref (MailerMessage *self);
void mailer_message_unref (MailerMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerMessage, mailer_message_unref)

const char *mailer_message_get_subject (const MailerMessage *self);
const GPtrArray *mailer_message_get_from (const MailerMessage *self); /* (element-type MailerAddress), as the next ones */
const GPtrArray *mailer_message_get_to (const MailerMessage *self);
const GPtrArray *mailer_message_get_cc (const MailerMessage *self);
const GPtrArray *mailer_message_get_bcc (const MailerMessage *self);
const GPtrArray *mailer_message_get_reply_to (const MailerMessage *self);
/* FALSE if the message has no readable date. */
gboolean mailer_message_get_date (const MailerMessage *self, gint64 *unix_us);
const char *mailer_message_get_id (const MailerMessage *self);                 /* (nullable): without <> */
const char *const *mailer_message_get_references (const MailerMessage *self);  /* oldest first, In-Reply-To included */
const char *mailer_message_get_in_reply_to (const MailerMessage *self);        /* (nullable): without <> */
/* The plain text: what the message carries, or else what its HTML says. */
const char *mailer_message_get_text (const MailerMessage *self);
const char *mailer_message_get_html (const MailerMessage *self);               /* (nullable) */
gboolean mailer_message_is_truncated (const MailerMessage *self);
gboolean mailer_message_is_encrypted (const MailerMessage *self);
gboolean mailer_message_is_signed (const MailerMessage *self);
/* (transfer full) (nullable): any other header, decoded. */
char *mailer_message_dup_header (const MailerMessage *self, const char *name);

/* ---- Attachments: all that is not the text above; inline images too ---- */

guint mailer_message_get_n_parts (const MailerMessage *self);
MailerPart *mailer_message_get_part (const MailerMessage *self, guint index);
const char *mailer_part_get_filename (const MailerPart *self);   /* (nullable); safe as a file's name: no slash, no control characters */
const char *mailer_part_get_mime_type (const MailerPart *self);  /* lower case */
const char *mailer_part_get_content_id (const MailerPart *self); /* (nullable): without <> */
gboolean mailer_part_is_inline (const MailerPart *self);         /* shown by the HTML rather than offered as a file */
/* Of the decoded bytes. */
gint64 mailer_part_get_size (MailerPart *self);
char *mailer_part_dup_sha256 (MailerPart *self);                 /* (transfer full): lower-case hex */
/* Writes the decoded bytes. */
gboolean mailer_part_write (MailerPart *self, GOutputStream *out, GCancellable *cancellable, GError **error);
/* (transfer full) (nullable): the decoded bytes, unless they are more than @max_bytes. */
GBytes *mailer_part_dup_bytes (MailerPart *self, gsize max_bytes);

G_END_DECLS
