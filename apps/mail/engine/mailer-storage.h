/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

G_BEGIN_DECLS

/* MailerStorage: what the mail takes on this device, and giving back what the servers have.
 *
 * Clearing removes, of accounts that have a server, the texts and attachments of received and sent messages, the words of these in the search index, and the
 * copies of attachments that other programs were given.  The list of messages stays as it is, and finding by subject and people; so do drafts, what waits in
 * the outbox or to be changed on the server, and all of a local account.  A cleared message is fetched again when it is opened, not by the next sync; new mail
 * is kept as before.
 *
 * It may be done beside other processes of the profile, and killed at any instant: what was cleared by then is, and the rest is as it was.
 *
 * Threading: made, freed and cleared in the engine's thread; mailer_storage_measure() blocks and may be called in any one; the work is on worker threads.
 * Errors: as CloudStore. */

typedef struct _MailerStorage MailerStorage;

/* @engine: (nullable): not open yet: nothing can be cleared. */
MailerStorage *mailer_storage_new (MailerEngine *engine);
void mailer_storage_free (MailerStorage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerStorage, mailer_storage_free)

typedef struct
{
  guint64 total_bytes;     /* of all the mail's files */
  guint64 clearable_bytes; /* about what clearing frees; 0: not worth it */
  guint messages;          /* that would be cleared */
} MailerStorageSize;

void mailer_storage_measure (MailerStorage *self, MailerStorageSize *size);

/* Stopped by @cancellable after a part; G_IO_ERROR_CANCELLED then. */
void mailer_storage_clear_async (MailerStorage *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* *@messages: (nullable): how many were cleared; *@freed_bytes: (nullable): what the disk has back. */
gboolean mailer_storage_clear_finish (MailerStorage *self, GAsyncResult *result, guint *messages, guint64 *freed_bytes, GError **error);
/* While it clears: 0 to 1. */
double mailer_storage_get_progress (MailerStorage *self);

G_END_DECLS
