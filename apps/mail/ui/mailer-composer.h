/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-draft.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page on which a message is written.  It keeps the draft every few seconds and when it is left; sending journals the
 * message in the outbox and leaves the page.
 *
 * Threading: the main thread.  Returns: (transfer floating): a page to push onto a CirrusShell. */
GtkWidget *mailer_composer_new (MailerEngine *engine, MailerDraft *draft);
/* Where one goes on writing: at the recipient, or at the text if there is one.  Call it when the page is shown. */
void mailer_composer_focus (GtkWidget *composer);

G_END_DECLS
