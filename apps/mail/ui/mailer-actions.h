/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Doing something with messages, and saying so: a toast that takes it back, or a sentence when it could not be done.
 *
 * Threading: the main thread. */

/* @widget: the toast is shown in its window, which may go before the work is done.  @item: a MailerConversation or MailerMessageItem.
 * @target: (nullable): for MAILER_ACTION_MOVE. */
void mailer_actions_run (GtkWidget *widget, MailerEngine *engine, gpointer item, MailerAction action, MailerFolder *target);

/* Takes back what was done last, also when its toast is gone already. */
void mailer_actions_undo_last (GtkWidget *widget, MailerEngine *engine);

/* TRUE if what is done with it takes the message out of the list. */
gboolean mailer_actions_takes_away (MailerAction action);

/* The folder's name as the user reads it: a translated one for a folder with a role. */
const char *mailer_actions_folder_title (MailerFolder *folder);
/* The icon of a folder of that kind. */
const char *mailer_actions_folder_icon (MailerRole role);

G_END_DECLS
