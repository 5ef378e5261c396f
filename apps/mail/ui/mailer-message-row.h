/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* MailerMessageRow: a row of 72 px: who, when, what about, how it begins.  Made once and bound to one item after another, as GtkListView does.
 *
 * Signal "star-toggled": the star was pressed.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define MAILER_TYPE_MESSAGE_ROW (mailer_message_row_get_type ())
G_DECLARE_FINAL_TYPE (MailerMessageRow, mailer_message_row, MAILER, MESSAGE_ROW, GtkWidget)

GtkWidget *mailer_message_row_new (void);

/* @item: (nullable): a MailerConversation or a MailerHit; followed as it changes until another one is bound. */
void mailer_message_row_bind (MailerMessageRow *self, GObject *item);
/* (nullable) (transfer none) */
GObject *mailer_message_row_get_item (MailerMessageRow *self);

G_END_DECLS
