/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudSecretFile: secrets in one file, encrypted with a passphrase that only the user has.
 *
 * The key is Argon2id of the passphrase (salt and costs in the header); the secrets are one XChaCha20-Poly1305 box bound to the header. A checksum of
 * the header and a check value of the key tell a damaged file from a wrong passphrase.  The file is replaced in one step, under a lock.  While
 * unlocked the key is in locked memory and, so that the user unlocks once for window, command line and service, in the kernel's keyring of
 * the user (add_key(2), never on a disk); where the kernel denies that, each process is unlocked by itself.
 *
 * Private to libcloudcore/auth.  Threading: any one thread at a time; every call may read or write the file, unlock and set_passphrase also
 * compute for about half a second.
 * Errors: LOCKED, AUTH_REQUIRED (wrong passphrase), CORRUPT (the file is left as it is), NOT_FOUND, DENIED, NO_SPACE, TOO_LARGE, UNSUPPORTED.
 * Source: RFC 9106 (Argon2), draft-irtf-cfrg-xchacha, libsodium 1.0.18. */

typedef struct _CloudSecretFile CloudSecretFile;

CloudSecretFile *cloud_secret_file_new (const char *path);
void cloud_secret_file_free (CloudSecretFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudSecretFile, cloud_secret_file_free)

gboolean cloud_secret_file_exists (CloudSecretFile *self);
/* TRUE if the key of the file as it is now is at hand. */
gboolean cloud_secret_file_is_unlocked (CloudSecretFile *self);
gboolean cloud_secret_file_unlock (CloudSecretFile *self, const char *passphrase, GError **error);
/* Forgets the key, here and in the kernel. */
void cloud_secret_file_lock (CloudSecretFile *self);
/* The first passphrase makes the file; later it takes an unlocked file and replaces its passphrase. */
gboolean cloud_secret_file_set_passphrase (CloudSecretFile *self, const char *passphrase, GError **error);

/* (transfer full): free with cloud_secret_free(). */
char *cloud_secret_file_lookup (CloudSecretFile *self, const char *reference, GError **error);
/* @secret: NULL: remove; removing what is not there is no error. */
gboolean cloud_secret_file_store (CloudSecretFile *self, const char *reference, const char *secret, GError **error);

G_END_DECLS
