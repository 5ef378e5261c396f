/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudSecrets: passwords and tokens by reference, in the desktop's keyring where one answers, otherwise in a file encrypted with a passphrase
 * that the user gives.
 *
 * Which of the two is decided when it starts: the file if it exists already; the keyring if the bus name org.freedesktop.secrets has an owner; else
 * the file, which is then still to be made (NONE_YET).  While not AVAILABLE, work that needs a secret waits and says so.
 *
 * Threading: one thread's main context; the disk and the key's computing are on other threads.  No call hangs: the keyring gets 2 s,
 * except while it asks the user (unlock).
 * Ownership: secrets are the caller's, to be dropped by cloud_secret_free(), which overwrites them.
 * Errors: LOCKED (unlock first, or choose a passphrase: see the state), AUTH_REQUIRED (wrong passphrase), NOT_FOUND (no such secret),
 * CORRUPT (the file is damaged and left as it is), DENIED, NO_SPACE, UNSUPPORTED (a newer version's file).
 * Source: Secret Service API 0.2 (libsecret 0.20); cloud-secret-file.h. */

typedef enum
{
  CLOUD_SECRETS_STARTING,  /* not known yet; calls wait */
  CLOUD_SECRETS_AVAILABLE,
  CLOUD_SECRETS_LOCKED,    /* cloud_secrets_unlock_async() with the passphrase (keyring: it asks the user itself) */
  CLOUD_SECRETS_NONE_YET,  /* cloud_secrets_set_passphrase_async() first */
} CloudSecretsState;

#define CLOUD_TYPE_SECRETS (cloud_secrets_get_type ())
G_DECLARE_FINAL_TYPE (CloudSecrets, cloud_secrets, CLOUD, SECRETS, GObject)

/* @file: (nullable): the encrypted file if it comes to that; NULL: the profile's own (<data>/common/secrets). */
CloudSecrets *cloud_secrets_new (const char *file);

/* Property "state" (CloudSecretsState as int, with notify).  Also changes when another process unlocks or locks, at the next call. */
CloudSecretsState cloud_secrets_get_state (CloudSecrets *self);
/* TRUE: the keyring; FALSE: the file with a passphrase of its own. */
gboolean cloud_secrets_uses_keyring (CloudSecrets *self);

void cloud_secrets_lookup_async (CloudSecrets *self, const char *reference, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
char *cloud_secrets_lookup_finish (CloudSecrets *self, GAsyncResult *result, GError **error);
/* @label: what the keyring's own window shows (cloud_account_dup_secret_label()). */
void cloud_secrets_store_async (CloudSecrets *self, const char *reference, const char *label, const char *secret, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_secrets_store_finish (CloudSecrets *self, GAsyncResult *result, GError **error);
void cloud_secrets_remove_async (CloudSecrets *self, const char *reference, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cloud_secrets_remove_finish (CloudSecrets *self, GAsyncResult *result, GError **error);

/* @passphrase: (nullable) for the keyring. */
void cloud_secrets_unlock_async (CloudSecrets *self, const char *passphrase, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cloud_secrets_unlock_finish (CloudSecrets *self, GAsyncResult *result, GError **error);
/* Makes the file, or gives an unlocked one another passphrase; UNSUPPORTED with the keyring. */
void cloud_secrets_set_passphrase_async (CloudSecrets *self, const char *passphrase, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean cloud_secrets_set_passphrase_finish (CloudSecrets *self, GAsyncResult *result, GError **error);
/* Forgets the key of the file, for all processes; nothing with the keyring. */
void cloud_secrets_lock_async (CloudSecrets *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_secrets_lock_finish (CloudSecrets *self, GAsyncResult *result, GError **error);
/* Asks again what the state is (another process may have unlocked). */
void cloud_secrets_refresh_async (CloudSecrets *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_secrets_refresh_finish (CloudSecrets *self, GAsyncResult *result, GError **error);

void cloud_secret_free (char *secret);

G_END_DECLS
