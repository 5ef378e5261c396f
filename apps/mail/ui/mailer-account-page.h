/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page on which an account is added or corrected: name, address, password, servers.  It works without a network: what was entered
 * is kept, and the account says later whether it was right.
 *
 * @account: (nullable): the one to correct; NULL for a new one.
 * Threading: the main thread.  Returns: (transfer floating): a page to push onto a CirrusShell. */
GtkWidget *mailer_account_page_new (MailerEngine *engine, MailerAccount *account);

G_END_DECLS
