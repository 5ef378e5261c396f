/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-accounts.h"
#include "cloud-secrets.h"

G_BEGIN_DECLS

/* Changing an account together with its secrets, wholly or not at all.
 *
 * A new secret is stored under a reference of its own; the account that names it replaces the former one in one step; only then is the former secret dropped.
 * Whatever fails or dies before that step leaves the account, and the secret that it names, as they were.  The same step notes in the accounts file
 * which references nothing names any more (one that another service or account still names stays): what cannot be dropped at once, because secrets
 * are locked or the process dies, is dropped when they are next available.
 *
 * Threading: one thread's main context.  Ownership: accounts are copied.
 * Errors: those of CloudAccounts and CloudSecrets.  A secret that cannot be dropped afterwards is no error: it stays noted
 * (cloud_accounts_get_unused_credentials()) until it is gone. */

/* Keeps @account (a copy that was edited, or a new one).  @secret (nullable: the secrets stay): for the endpoints in @kinds, bits (1 << CloudEndpointKind). */
void cloud_account_change_save_async (CloudAccounts *accounts, CloudSecrets *secrets, CloudAccount *account, const char *secret, guint kinds,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_account_change_save_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error);

/* Removes the account, then its secrets. */
void cloud_account_change_remove_async (CloudAccounts *accounts, CloudSecrets *secrets, const char *uuid, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean cloud_account_change_remove_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error);

/* Drops the secrets that nothing names any more, as far as they can be reached now. */
void cloud_account_change_sweep_async (CloudAccounts *accounts, CloudSecrets *secrets, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_account_change_sweep_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error);
/* Does that now and each time that the secrets become available, as long as both live. */
void cloud_account_change_sweep_when_available (CloudAccounts *accounts, CloudSecrets *secrets);

/* (transfer full): what the keyring's own window shows beside the account's secrets, in the user's language. */
char *cloud_account_dup_secret_label (CloudAccount *account);

G_END_DECLS
