/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-accounts.h"
#include "cloud-secrets.h"

G_BEGIN_DECLS

/* Changing an account together with its secrets, wholly or not at all.
 *
 * A new secret is stored under a reference of its own; the account that names it replaces the former one in one step; only then is the former secret dropped.
 * Whatever fails or dies before that step leaves the account, and the secret that it names, as they were.
 *
 * Threading: one thread's main context.  Ownership: accounts are copied.
 * Errors: those of CloudAccounts and CloudSecrets.  A secret that cannot be dropped afterwards is no error: nothing names it any more. */

/* Keeps @account (a copy that was edited, or a new one).  @secret (nullable: the secrets stay): for the endpoints in @kinds, bits (1 << CloudEndpointKind).
 * @label: for the keyring's own window. */
void cloud_account_change_save_async (CloudAccounts *accounts, CloudSecrets *secrets, CloudAccount *account, const char *secret, guint kinds,
                                      const char *label, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_account_change_save_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error);

/* Removes the account, then its secrets. */
void cloud_account_change_remove_async (CloudAccounts *accounts, CloudSecrets *secrets, const char *uuid, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean cloud_account_change_remove_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error);

G_END_DECLS
