/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-header.h"

G_BEGIN_DECLS

/* Making a correct message out of what was written: UTF-8 text in a transfer encoding that every server passes on, attachments, the fields of a thread.
 *
 * Threading: pure function, any thread.  Ownership: everything stays the caller's; the result is the caller's.  Errors: none.
 * Source: RFC 5322, 2045-2047, 2183, 2231. */

typedef struct
{
  const char *filename;
  const char *mime_type;
  GBytes *bytes;
} MailerBuilderPart;

typedef struct
{
  const MailerAddress *from;
  const GPtrArray *to; /* (element-type MailerAddress) (nullable), as @cc; who is in Bcc appears nowhere */
  const GPtrArray *cc;
  const char *subject;
  const char *text;
  const char *message_id;        /* without <> */
  const char *in_reply_to;       /* (nullable) */
  const char *const *references; /* (nullable) */
  gint64 date_unix_us;
  const MailerBuilderPart *parts;
  guint n_parts;
} MailerBuilderInput;

/* (transfer full): the whole message, lines ending in CRLF. */
GBytes *mailer_builder_build (const MailerBuilderInput *input);

/* (transfer full): a new Message-ID, without <>.  @key: what makes it unique, a UUID. */
char *mailer_builder_make_id (const char *key, const char *address);

G_END_DECLS
