/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* MailerRichText: what a message says as a list of blocks of styled text: the only form in which a window sees HTML.
 *
 * A block is a paragraph, a heading, a list item, a table's row, preformatted text, a rule or the name of an image.  Its text is plain UTF-8;
 * spans over its bytes say bold, italic, link and so on.  Nothing in it runs, loads or hides: scripts, styles, forms and remote content are gone,
 * links have one of a few schemes and always tell their true target.
 *
 * Threading: immutable, any thread.  Ownership: reference counted; blocks and strings belong to it.  Errors: none. */

typedef enum
{
  MAILER_BLOCK_PARAGRAPH,
  MAILER_BLOCK_HEADING,      /* level 1 to 6 */
  MAILER_BLOCK_LIST_ITEM,    /* level: depth from 1; number: 0 for a bullet */
  MAILER_BLOCK_ROW,          /* of a table, cells separated by tabs */
  MAILER_BLOCK_PREFORMATTED,
  MAILER_BLOCK_RULE,
  MAILER_BLOCK_IMAGE,        /* text: its alternative text, may be empty; content_id: an inline attachment, else remote and not loaded */
} MailerBlockKind;

typedef enum
{
  MAILER_SPAN_BOLD = 1 << 0,
  MAILER_SPAN_ITALIC = 1 << 1,
  MAILER_SPAN_UNDERLINE = 1 << 2,
  MAILER_SPAN_STRIKE = 1 << 3,
  MAILER_SPAN_CODE = 1 << 4,
  MAILER_SPAN_DECEPTIVE = 1 << 5, /* a link whose text names another host than its target */
} MailerSpanFlags;

typedef struct
{
  guint start_byte, end_byte;
  MailerSpanFlags flags;
  const char *link; /* (nullable): http, https, mailto, tel, geo or mid */
} MailerSpan;

typedef struct
{
  MailerBlockKind kind;
  guint level;
  guint number;
  guint quote_depth;      /* 0: not quoted; fold what is deeper */
  const char *text;
  guint n_spans;
  const MailerSpan *spans; /* sorted, not overlapping; text outside them is plain */
  const char *content_id; /* (nullable) */
} MailerBlock;

#define MAILER_TYPE_RICH_TEXT (mailer_rich_text_get_type ())
GType mailer_rich_text_get_type (void);
typedef struct _MailerRichText MailerRichText;

/* Plain text: paragraphs at empty lines, ">" as quotes, addresses as links. */
MailerRichText *mailer_rich_text_new_from_text (const char *text);
/* See mailer-html.h for HTML. */

MailerRichText *mailer_rich_text_ref (MailerRichText *self);
void mailer_rich_text_unref (MailerRichText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerRichText, mailer_rich_text_unref)

guint mailer_rich_text_get_n_blocks (const MailerRichText *self);
const MailerBlock *mailer_rich_text_get_block (const MailerRichText *self, guint index);
/* How many things would have been fetched from elsewhere, and how many of those only to learn that the message was read. */
guint mailer_rich_text_get_n_remote (const MailerRichText *self);
guint mailer_rich_text_get_n_trackers (const MailerRichText *self);
/* TRUE if a bound was reached and the end is missing. */
gboolean mailer_rich_text_is_truncated (const MailerRichText *self);

/* (transfer full): all of it as plain text. */
char *mailer_rich_text_to_text (const MailerRichText *self);
/* (transfer full): the block as Pango markup, links as <a href>; the true host follows the text of a deceptive one. */
char *mailer_block_to_markup (const MailerBlock *block);

/* (transfer full) (nullable): @url if it may be offered as a link, tidied; NULL for other schemes and relative ones. */
char *mailer_link_sanitize (const char *url);

G_END_DECLS
