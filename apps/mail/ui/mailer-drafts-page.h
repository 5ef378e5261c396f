/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-draft.h"
#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page of messages that were begun and not sent, kept on this device.
 *
 * Threading: the main thread.  Ownership: @chosen is called with @user_data while the page is shown; @user_data outlives it.
 * Returns: (transfer floating): a page to push onto a CirrusShell. */

typedef void (*MailerDraftChosen) (MailerDraft *draft, gpointer user_data);

GtkWidget *mailer_drafts_page_new (MailerEngine *engine, MailerDraftChosen chosen, gpointer user_data);

G_END_DECLS
