/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The page of what waits to be sent or done on a server: its state, why, and what one can do.
 *
 * Threading: the main thread.  Returns: (transfer floating): a page to push onto a CirrusShell. */
GtkWidget *mailer_outbox_page_new (MailerEngine *engine);

G_END_DECLS
