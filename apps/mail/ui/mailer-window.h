/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"
#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerWindow: Mail's window: folders, the list and the message side by side, or one after another on a phone.
 *
 * Actions: win.search, win.sync, win.undo, win.compose, win.outbox, win.add-account, win.account (an id), win.open (a URI); and on the conversation
 * that is open: win.archive, win.delete, win.junk, win.move, win.star, win.unread, win.reply, win.reply-all, win.forward.
 *
 * Threading: the main thread.  Ownership: GtkWindow's. */

#define MAILER_TYPE_WINDOW (mailer_window_get_type ())
G_DECLARE_FINAL_TYPE (MailerWindow, mailer_window, MAILER, WINDOW, CirrusWindow)

MailerWindow *mailer_window_new (CirrusApplication *application);

/* "mid:..." shows a message, "mailto:..." begins one; as soon as the mail is open. */
void mailer_window_open_uri (MailerWindow *self, const char *uri);

/* (transfer none) (nullable): NULL while the mail is being opened. */
MailerEngine *mailer_window_get_engine (MailerWindow *self);

G_END_DECLS
