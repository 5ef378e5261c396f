/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* MailerFolderList: the page with all inboxes, each account's folders and what is unread in them, and the outbox while something waits there.
 *
 * Signal "chosen" (MailerFolder, NULL for all inboxes): a row was chosen.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define MAILER_TYPE_FOLDER_LIST (mailer_folder_list_get_type ())
G_DECLARE_FINAL_TYPE (MailerFolderList, mailer_folder_list, MAILER, FOLDER_LIST, GtkWidget)

/* @menu_button: (transfer floating): the main menu's. */
GtkWidget *mailer_folder_list_new (MailerEngine *engine, GtkWidget *menu_button);

G_END_DECLS
