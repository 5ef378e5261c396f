/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-account.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudAccounts: the user's accounts, a GListModel of CloudAccount, kept in one JSON file that all apps share
 * (<data>/common/accounts.json, 0600).
 *
 * Each change is made under a lock of the file, on what the file says at that moment, and replaces it in one step, so that processes neither
 * lose each other's changes nor see half of one.  Others' changes arrive by themselves; an account keeps its object as long as it exists.
 *
 * Threading: one thread's main context; the _sync calls block for a disk write and are for programs without a window.
 * Ownership: the list holds its accounts.
 * Errors: CORRUPT (the file makes no sense: it was set aside as get_damaged_path() says, the list is empty and usable), UNSUPPORTED (a newer
 * version wrote it: readable by nobody here, and left alone), DENIED, NO_SPACE (nothing was changed). */

#define CLOUD_TYPE_ACCOUNTS (cloud_accounts_get_type ())
G_DECLARE_FINAL_TYPE (CloudAccounts, cloud_accounts, CLOUD, ACCOUNTS, GObject)

/* @path: (nullable): the profile's own file.  Reads it at once (some kilobytes).  Never NULL; @error tells what was wrong. */
CloudAccounts *cloud_accounts_new (const char *path, GError **error);

/* (transfer none) (nullable) */
CloudAccount *cloud_accounts_lookup (CloudAccounts *self, const char *uuid);
/* (transfer full) (nullable): by UUID, name or address, as a person would type it. */
CloudAccount *cloud_accounts_find (CloudAccounts *self, const char *text);
const char *cloud_accounts_get_damaged_path (CloudAccounts *self); /* (nullable) */

/* Adds @account or replaces what the file has under its UUID. */
void cloud_accounts_save_async (CloudAccounts *self, CloudAccount *account, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cloud_accounts_save_finish (CloudAccounts *self, GAsyncResult *result, GError **error);
gboolean cloud_accounts_save_sync (CloudAccounts *self, CloudAccount *account, GError **error);

/* With their secrets, see cloud-account-change.h. */
void cloud_accounts_remove_async (CloudAccounts *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean cloud_accounts_remove_finish (CloudAccounts *self, GAsyncResult *result, GError **error);
gboolean cloud_accounts_remove_sync (CloudAccounts *self, const char *uuid, GError **error);

/* References that an account named and none names any more, in the file until somebody has removed their secrets (cloud_secrets_remove_async) and says so:
 * written in the same step as the change that left them, so that no secret is forgotten, whenever the process dies. */
const char *const *cloud_accounts_get_unused_credentials (CloudAccounts *self);
void cloud_accounts_forget_credentials_async (CloudAccounts *self, const char *const *references, GCancellable *cancellable, GAsyncReadyCallback callback,
                                              gpointer user_data);
gboolean cloud_accounts_forget_credentials_finish (CloudAccounts *self, GAsyncResult *result, GError **error);

/* Reads the file again now (it happens by itself when the file changes). */
gboolean cloud_accounts_reload (CloudAccounts *self, GError **error);

/* The file's format, apart from the file: a list of CloudAccount out of @text, or CORRUPT or UNSUPPORTED. */
GPtrArray *cloud_accounts_parse (const char *text, gsize length, GError **error);

G_END_DECLS
