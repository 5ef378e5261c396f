/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-body.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A picture that came with a message: decoded on a worker thread, never wider than it is, made smaller where it is large; its name in words
 * when it cannot be shown.
 *
 * @description: its alternative text, may be empty.
 * Threading: the main thread.  Returns: (transfer floating) */
GtkWidget *mailer_picture_new (MailerAttachment *attachment, const char *description);

G_END_DECLS
