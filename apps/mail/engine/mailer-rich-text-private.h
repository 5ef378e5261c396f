/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-rich-text.h"

G_BEGIN_DECLS

/* Building a MailerRichText, for its two sources (plain text and HTML).  Bounded: what is over the limits is dropped and said.
 *
 * Threading: one thread. */

typedef struct _MailerRichTextBuilder MailerRichTextBuilder;

typedef struct
{
  MailerBlockKind kind;
  guint level;
  guint number;
  guint quote_depth;
} MailerBlockStyle;

MailerRichTextBuilder *mailer_rich_text_builder_new (void);
/* Appends to the block being built; @link is (nullable) and already sanitized. */
void mailer_rich_text_builder_append (MailerRichTextBuilder *self, const char *text, gsize length, MailerSpanFlags flags, const char *link);
gboolean mailer_rich_text_builder_is_empty (MailerRichTextBuilder *self);
/* Ends the block: with text it becomes one of @style, without text nothing. */
void mailer_rich_text_builder_end_block (MailerRichTextBuilder *self, const MailerBlockStyle *style);
void mailer_rich_text_builder_add_rule (MailerRichTextBuilder *self, guint quote_depth);
void mailer_rich_text_builder_add_image (MailerRichTextBuilder *self, const char *alt, const char *content_id, const char *link, guint quote_depth);
void mailer_rich_text_builder_count_remote (MailerRichTextBuilder *self, gboolean tracker);
void mailer_rich_text_builder_set_truncated (MailerRichTextBuilder *self);
gboolean mailer_rich_text_builder_is_full (MailerRichTextBuilder *self);
/* (transfer full): frees the builder. */
MailerRichText *mailer_rich_text_builder_finish (MailerRichTextBuilder *self);

G_END_DECLS
