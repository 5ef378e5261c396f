/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-body.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A file that came with a message: its name, kind and size, a button that opens it with what the system has for it, one that saves it.
 *
 * What is opened is a copy in the user's temporary folder, made readable for nobody else; a program is never started by it.
 *
 * Threading: the main thread.  Returns: (transfer floating): a row for a GtkListBox. */
GtkWidget *mailer_attachment_row_new (MailerAttachment *attachment);

G_END_DECLS
