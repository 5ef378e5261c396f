/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-body.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* MailerRichTextView: what a message says, drawn with native labels: paragraphs, headings, lists, quotes (folded when long), tables row by row,
 * pictures that came with the message.  What lies elsewhere is named and not loaded.
 *
 * A link is opened by what the system has for it, mailto: by ourselves ("win.open"); one whose text lies about its target asks first.
 * A long text is drawn in parts, the next one by a button.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define MAILER_TYPE_RICH_TEXT_VIEW (mailer_rich_text_view_get_type ())
G_DECLARE_FINAL_TYPE (MailerRichTextView, mailer_rich_text_view, MAILER, RICH_TEXT_VIEW, GtkWidget)

GtkWidget *mailer_rich_text_view_new (MailerBody *body);

G_END_DECLS
