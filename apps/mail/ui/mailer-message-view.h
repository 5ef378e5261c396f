/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* MailerMessageView: the page that shows a conversation: its subject, its messages as cards, what one can do with them.
 *
 * Its buttons are the window's actions (win.archive, win.delete, win.reply ...).
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define MAILER_TYPE_MESSAGE_VIEW (mailer_message_view_get_type ())
G_DECLARE_FINAL_TYPE (MailerMessageView, mailer_message_view, MAILER, MESSAGE_VIEW, GtkWidget)

GtkWidget *mailer_message_view_new (void);

/* @item: (nullable): a MailerConversation, or a MailerMessageItem that stands alone; NULL: says that nothing is chosen. */
void mailer_message_view_show (MailerMessageView *self, gpointer item);
/* (nullable) (transfer none) */
gpointer mailer_message_view_get_item (MailerMessageView *self);

/* The newest message that is unfolded, for a reply: FALSE until its body is read.  @item, @body: (out) (transfer none). */
gboolean mailer_message_view_get_latest (MailerMessageView *self, MailerMessageItem **item, MailerBody **body);

G_END_DECLS
