/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page on which the folder is chosen that a conversation or message goes to.
 *
 * @chosen: called once with the folder; the page goes by itself.
 * Threading: the main thread.  Returns: (transfer floating): a page to push onto a CirrusShell. */
typedef void (*MailerMoveChosen) (MailerFolder *folder, gpointer user_data);
GtkWidget *mailer_move_page_new (MailerAccount *account, MailerMoveChosen chosen, gpointer user_data);

G_END_DECLS
