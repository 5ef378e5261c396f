/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Plain text of messages: line ends, format=flowed, previews, subjects.
 *
 * Threading: pure functions, any thread.  Ownership: results are the caller's.
 * Source: RFC 3676 (format=flowed, DelSp), RFC 5256 section 2.1 (base subject). */

/* CRLF and CR become LF; control characters other than tab and line end go. */
char *mailer_text_normalize (const char *text);

/* Joins the flowed lines of a format=flowed text; quote marks are kept at the start of each joined line. */
char *mailer_text_unflow (const char *text, gboolean delsp);

/* The first words of a text for a row: quoted lines, attributions and signature left out, blanks folded. */
char *mailer_text_preview (const char *text, guint max_chars);

/* The subject without Re:, Fwd:, 回复:, [list] and the like, folded, for the subject rule of threads.  @is_reply (out) (optional). */
char *mailer_text_base_subject (const char *subject, gboolean *is_reply);

/* @text with "> " in front of each line, for a reply. */
char *mailer_text_quote (const char *text);

G_END_DECLS
