/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-folder.h"
#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerAccount: one account, as lists and the account page show it.
 *
 * Properties (read-only, notifying): "id" (string, UUID), "name", "address", "is-local" (boolean: a mailbox on this device, nothing is sent
 * anywhere), "folders" (GListModel of MailerFolder), "unread" (guint, of its inbox), "sync-state" (MailerSyncState), "progress"
 * (double 0..1 of a first sync, -1 if unknown), "error" (GError boxed, NULL when all is well; AUTH_REQUIRED: ask for the password again, UNTRUSTED: say that
 * the server cannot prove who it is, OFFLINE: say since when), "last-sync" (gint64, unix us, 0: never).
 *
 * Threading: the engine's thread. */

const char *mailer_account_get_id (MailerAccount *self);
const char *mailer_account_get_name (MailerAccount *self);
const char *mailer_account_get_address (MailerAccount *self);
gboolean mailer_account_is_local (MailerAccount *self);
/* (element-type MailerFolder): roles first in the usual order, then by name. */
GListModel *mailer_account_get_folders (MailerAccount *self);
MailerFolder *mailer_account_find_folder_by_role (MailerAccount *self, MailerRole role); /* (nullable) */
guint mailer_account_get_unread (MailerAccount *self);
MailerSyncState mailer_account_get_sync_state (MailerAccount *self);
double mailer_account_get_progress (MailerAccount *self);
const GError *mailer_account_get_error (MailerAccount *self); /* (nullable) */
gint64 mailer_account_get_last_sync (MailerAccount *self);
gint64 mailer_account_get_size_bytes (MailerAccount *self);

G_END_DECLS
