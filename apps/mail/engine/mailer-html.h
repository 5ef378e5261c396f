/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-rich-text.h"

G_BEGIN_DECLS

/* HTML of a message to safe rich text, by libxml2's tolerant parser.
 *
 * What is kept: text, headings, paragraphs, lists, quotes, tables as rows, preformatted text, emphasis, links of harmless schemes, names of images.
 * What goes: scripts, styles, forms, frames, objects, hidden text; nothing is fetched, remote content is counted.  Bounded for
 * hostile input: elements, nesting and text have limits; work is linear in the input.
 *
 * Threading: pure functions, any thread.  Errors: none.
 * Source: HTML 4.01 and https://html.spec.whatwg.org/#parsing as far as libxml2 2.9 follows. */

/* @html: valid UTF-8.  Returns: (transfer full) */
MailerRichText *mailer_html_parse (const char *html);

/* (transfer full): what it says, as plain text. */
char *mailer_html_to_text (const char *html);

G_END_DECLS
