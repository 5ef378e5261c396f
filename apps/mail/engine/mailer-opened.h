/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-body.h"

G_BEGIN_DECLS

/* Copies of attachments that other programs show: in a folder of the profile's cache that only the user can enter (0700), each read-only (0400) in a folder of
 * its own, removed when they are a day old or the app starts next.
 *
 * Threading: the engine's thread; the work is on worker threads.
 * Errors: NO_SPACE, DENIED and what else writing a file gives. */

/* _finish returns: (transfer full): the copy, under the attachment's own name. */
void mailer_opened_copy_async (MailerAttachment *attachment, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GFile *mailer_opened_copy_finish (MailerAttachment *attachment, GAsyncResult *result, GError **error);

/* Removes all copies there are now, in the background: when the app starts. */
void mailer_opened_remove_all (void);
/* The same on a worker thread, waiting for it. */
void mailer_opened_remove_all_sync (void);
/* (transfer full): the folder of all copies. */
char *mailer_opened_dup_dir (void);

G_END_DECLS
