/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-imap.h"
#include "mailer-store.h"

G_BEGIN_DECLS

/* Making the store equal to what a server has, with as little traffic as the server's abilities allow.
 *
 * For each folder: with QRESYNC or CONDSTORE what changed since the last time; without them all flags.  New messages first as headers, newest first, in batches
 * that each stand by themselves; bodies after, of all folders, the inbox first.  It may be interrupted anywhere: a folder's state is only written down when
 * all its headers are here, and what is missing is what the store does not have.
 *
 * Distrust: a server that says that all or most of a folder vanished is asked again by a search before anything is forgotten.
 *
 * Threading: the session's thread, which blocks.  Errors: as MailerImap and MailerStore; what is stored by then stays. */

/* @done, @total: messages, for a progress bar; may be called often.  Return FALSE to stop politely. */
typedef gboolean (*MailerSyncProgress) (guint done, guint total, gpointer user_data);

/* Folders, then all headers, then all bodies. */
gboolean mailer_sync_account (MailerImap *imap, MailerStore *store, MailerSyncProgress progress, gpointer user_data, GError **error);
/* One folder's headers and bodies, and the session stays in it (for IDLE). */
gboolean mailer_sync_folder (MailerImap *imap, MailerStore *store, const MailerFolderRow *folder, MailerSyncProgress progress, gpointer user_data, GError **error);
/* The list of folders alone. */
gboolean mailer_sync_folder_list (MailerImap *imap, MailerStore *store, GError **error);

G_END_DECLS
