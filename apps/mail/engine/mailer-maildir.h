/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-store.h"

G_BEGIN_DECLS

/* Reading a Maildir++ tree (the inbox at its root, folders as ".Name.Sub") into an account that has no server: the sample, an import.
 *
 * What is there already is not read twice.  The files are only read; from then on the store is where the messages live.
 *
 * Threading: blocks; any worker thread, or a program without a main loop.
 * Errors: NOT_FOUND (no Maildir there), DENIED, NO_SPACE and the store's.
 * Source: https://cr.yp.to/proto/maildir.html, Courier's Maildir++. */

/* @n_messages: (out) (optional): how many files were read. */
gboolean mailer_maildir_import (MailerStore *store, const char *path, guint *n_messages, GError **error);

G_END_DECLS
