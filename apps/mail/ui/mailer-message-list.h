/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* MailerMessageList: the page with the conversations of a folder or of all inboxes, and with what is found as one types.
 *
 * Signal "opened" (GObject: a MailerConversation or, when it was searched, a MailerHit): a row was chosen.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define MAILER_TYPE_MESSAGE_LIST (mailer_message_list_get_type ())
G_DECLARE_FINAL_TYPE (MailerMessageList, mailer_message_list, MAILER, MESSAGE_LIST, GtkWidget)

GtkWidget *mailer_message_list_new (MailerEngine *engine);

/* @folder: (nullable): all inboxes. */
void mailer_message_list_show_folder (MailerMessageList *self, MailerFolder *folder);
/* Where the list stands; NULL for all inboxes. (nullable) (transfer none) */
MailerFolder *mailer_message_list_get_folder (MailerMessageList *self);

void mailer_message_list_begin_search (MailerMessageList *self);
/* No row is the chosen one any more (its page was left). */
void mailer_message_list_unselect (MailerMessageList *self);
/* Chooses the row after @item, or the one before the end. FALSE when there is none. */
gboolean mailer_message_list_select_next (MailerMessageList *self, GObject *item);

G_END_DECLS
