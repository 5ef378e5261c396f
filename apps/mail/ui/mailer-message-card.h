/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-message-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* MailerMessageCard: one message of a conversation: who, to whom, when; and, once it is unfolded, what it says and the files with it.
 *
 * The body is read when it is first unfolded.  Property "expanded" (gboolean).
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define MAILER_TYPE_MESSAGE_CARD (mailer_message_card_get_type ())
G_DECLARE_FINAL_TYPE (MailerMessageCard, mailer_message_card, MAILER, MESSAGE_CARD, GtkWidget)

GtkWidget *mailer_message_card_new (MailerMessageItem *item);

void mailer_message_card_set_expanded (MailerMessageCard *self, gboolean expanded);
MailerMessageItem *mailer_message_card_get_item (MailerMessageCard *self);
/* NULL until it is read. (nullable) (transfer none) */
MailerBody *mailer_message_card_get_body (MailerMessageCard *self);

G_END_DECLS
