/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-auth"

#include "cloud-secret-file.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The encrypted file: header, box.  All numbers are little endian.
 *
 *   0  "CIRRUSEC"   8  version u32   12 reserved u32   16 operations u64   24 memory u64   32 salt[16]   48 key check[16]
 *  64  nonce[24]   88  checksum[16] of the bytes before   104 the box: for each secret length u32, reference, length u32, secret
 */

#define MAGIC "CIRRUSEC"
#define VERSION 1
#define AT_OPERATIONS 16
#define AT_MEMORY 24
#define AT_SALT 32
#define AT_CHECK 48
#define AT_NONCE 64
#define AT_CHECKSUM 88
#define HEADER_BYTES 104
#define SUM_BYTES 16
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define FILE_MAX_BYTES (1024 * 1024)
/* What a phone of 2011 does in about half a second; a file may ask for more, up to a bound. */
#define OPERATIONS 3
#define MEMORY_BYTES (64 * 1024 * 1024)
#define OPERATIONS_MAX 16
#define MEMORY_MAX_BYTES (512 * 1024 * 1024)

/* keyctl(2), without libkeyutils */
#define KEYRING_OF_USER (-4)
#define KEYCTL_SETPERM 5
#define KEYCTL_UNLINK 9
#define KEYCTL_SEARCH 10
#define KEYCTL_READ 11
#define PERMIT_USER 0x3f3f0000UL /* possessor and user: all; group and others: nothing */

struct _CloudSecretFile
{
  char *path;
  guint8 *key;                          /* sodium_malloc, NULL while locked */
  guint8 salt[crypto_pwhash_SALTBYTES]; /* of the file that the key opens */
};

typedef struct
{
  guint8 header[HEADER_BYTES];
  guint8 *box; /* what is encrypted */
  gsize box_length;
} Image;

static void
image_clear (Image *image)
{
  g_clear_pointer (&image->box, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Image, image_clear)

static void
put_u64 (guint8 *at, guint64 value)
{
  value = GUINT64_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

static guint64
get_u64 (const guint8 *at)
{
  guint64 value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

static guint32
get_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_LE (value);
}

static void
checksum (const guint8 *header, guint8 *sum)
{
  crypto_generichash (sum, SUM_BYTES, header, AT_CHECKSUM, NULL, 0);
}

/* A one-way value of the key: tells a wrong passphrase without telling anything about the right one that guessing at the box
 * would not. */
static void
key_check (const guint8 *key, guint8 *check)
{
  static const guint8 purpose[] = "cirrus secrets: key check";

  crypto_generichash (check, SUM_BYTES, purpose, sizeof purpose, key, KEY_BYTES);
}

/* ---- The file's bytes ---- */

static gboolean
corrupt (GError **error, const char *why)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The file of secrets is damaged: %s", why);
  return FALSE;
}

static gboolean
read_image (CloudSecretFile *self, Image *image, GError **error)
{
  g_autofree char *data = NULL;
  guint8 sum[SUM_BYTES];
  gsize length;

  if (!g_file_get_contents (self->path, &data, &length, error))
    {
      cloud_error_convert_gio (error);
      return FALSE;
    }
  if (length < HEADER_BYTES + TAG_BYTES || length > FILE_MAX_BYTES || memcmp (data, MAGIC, 8) != 0)
    return corrupt (error, "it is not whole");
  memcpy (image->header, data, HEADER_BYTES);
  checksum (image->header, sum);
  if (sodium_memcmp (sum, image->header + AT_CHECKSUM, SUM_BYTES) != 0)
    return corrupt (error, "its header was changed");
  if (get_u32 (image->header + 8) != VERSION || get_u64 (image->header + AT_OPERATIONS) > OPERATIONS_MAX
      || get_u64 (image->header + AT_MEMORY) > MEMORY_MAX_BYTES)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "The file of secrets was written by a newer version");
      return FALSE;
    }
  image->box_length = length - HEADER_BYTES;
  image->box = g_memdup2 (data + HEADER_BYTES, image->box_length);
  return TRUE;
}

static gboolean
write_image (CloudSecretFile *self, guint8 *header, const guint8 *key, const guint8 *plain, gsize plain_length, GError **error)
{
  gsize length = HEADER_BYTES + plain_length + TAG_BYTES;
  g_autofree guint8 *data = NULL;

  if (length > FILE_MAX_BYTES)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "Too many secrets for their file");
      return FALSE;
    }
  data = g_malloc (length);
  randombytes_buf (header + AT_NONCE, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  checksum (header, header + AT_CHECKSUM);
  memcpy (data, header, HEADER_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (data + HEADER_BYTES, NULL, plain, plain_length, header, HEADER_BYTES, NULL,
                                              header + AT_NONCE, key);
  if (g_file_set_contents_full (self->path, (const char *) data, (gssize) length,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error))
    return TRUE;
  cloud_error_convert_gio (error);
  return FALSE;
}

static int
lock_path (CloudSecretFile *self, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int rc = -1;

  if (fd >= 0)
    do
      rc = flock (fd, LOCK_EX);
    while (rc != 0 && errno == EINTR);
  if (rc == 0)
    return fd;
  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "The file of secrets cannot be locked: %s",
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* ---- The key ---- */

static void
drop_key (CloudSecretFile *self)
{
  g_clear_pointer (&self->key, sodium_free);
}

static char *
keyring_name (const guint8 *salt)
{
  char hex[2 * crypto_pwhash_SALTBYTES + 1];

  sodium_bin2hex (hex, sizeof hex, salt, crypto_pwhash_SALTBYTES);
  return g_strconcat ("cirrus-secrets:", hex, NULL);
}

static void
share_key (const guint8 *salt, const guint8 *key)
{
  g_autofree char *name = keyring_name (salt);
  long id = syscall (SYS_add_key, "user", name, key, (gsize) KEY_BYTES, KEYRING_OF_USER);

  if (id < 0 || syscall (SYS_keyctl, KEYCTL_SETPERM, id, PERMIT_USER) != 0)
    g_debug ("The key stays in this process: %s", g_strerror (errno));
}

static long
find_shared_key (const guint8 *salt)
{
  g_autofree char *name = keyring_name (salt);

  return syscall (SYS_keyctl, KEYCTL_SEARCH, KEYRING_OF_USER, "user", name, 0);
}

static void
unshare_key (const guint8 *salt)
{
  long id = find_shared_key (salt);

  if (id > 0)
    syscall (SYS_keyctl, KEYCTL_UNLINK, id, KEYRING_OF_USER);
}

static void
keep_key (CloudSecretFile *self, const guint8 *salt, guint8 *key)
{
  drop_key (self);
  self->key = key;
  memcpy (self->salt, salt, sizeof self->salt);
}

static gboolean
key_fits (const Image *image, const guint8 *key)
{
  guint8 check[SUM_BYTES];

  key_check (key, check);
  return sodium_memcmp (check, image->header + AT_CHECK, SUM_BYTES) == 0;
}

/* The key for the file as it is now: ours, or the one another process left in the kernel. */
static gboolean
have_key (CloudSecretFile *self, const Image *image)
{
  const guint8 *salt = image->header + AT_SALT;
  guint8 *key;
  long id;

  if (self->key != NULL && memcmp (self->salt, salt, sizeof self->salt) == 0)
    return TRUE;
  drop_key (self); /* the passphrase was changed elsewhere */
  id = find_shared_key (salt);
  if (id <= 0)
    return FALSE;
  key = sodium_malloc (KEY_BYTES);
  if (key != NULL && syscall (SYS_keyctl, KEYCTL_READ, id, key, (gsize) KEY_BYTES) == (long) KEY_BYTES && key_fits (image, key))
    {
      keep_key (self, salt, key);
      return TRUE;
    }
  if (key != NULL)
    sodium_free (key);
  return FALSE;
}

static guint8 *
derive (const guint8 *header, const char *passphrase, GError **error)
{
  guint8 *key = sodium_malloc (KEY_BYTES);

  if (key != NULL
      && crypto_pwhash (key, KEY_BYTES, passphrase, strlen (passphrase), header + AT_SALT, get_u64 (header + AT_OPERATIONS),
                        (gsize) get_u64 (header + AT_MEMORY), crypto_pwhash_ALG_ARGON2ID13)
             == 0)
    return key;
  if (key != NULL)
    sodium_free (key);
  g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE, "Too little memory to compute the key");
  return NULL;
}

static gboolean
set_locked (GError **error)
{
  g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The secrets are locked: their passphrase is needed");
  return FALSE;
}

/* ---- The box ---- */

/* (transfer full): sodium_free() it. */
static guint8 *
open_box (CloudSecretFile *self, const Image *image, gsize *length, GError **error)
{
  guint8 *plain;

  if (!have_key (self, image))
    {
      set_locked (error);
      return NULL;
    }
  *length = image->box_length - TAG_BYTES;
  plain = sodium_malloc (*length + 1);
  if (plain != NULL
      && crypto_aead_xchacha20poly1305_ietf_decrypt (plain, NULL, NULL, image->box, image->box_length, image->header,
                                                     HEADER_BYTES, image->header + AT_NONCE, self->key)
             == 0)
    return plain;
  if (plain != NULL)
    sodium_free (plain);
  corrupt (error, "its contents were changed");
  return NULL;
}

typedef struct
{
  const guint8 *begin; /* of the whole entry */
  const guint8 *reference;
  const guint8 *secret;
  guint32 reference_length;
  guint32 secret_length;
  const guint8 *end;
} Entry;

static gboolean
next_entry (const guint8 *at, const guint8 *end, Entry *entry)
{
  entry->begin = at;
  if (end - at < 4 || get_u32 (at) > (gsize) (end - at - 4))
    return FALSE;
  entry->reference_length = get_u32 (at);
  entry->reference = at + 4;
  at = entry->reference + entry->reference_length;
  if (end - at < 4 || get_u32 (at) > (gsize) (end - at - 4))
    return FALSE;
  entry->secret_length = get_u32 (at);
  entry->secret = at + 4;
  entry->end = entry->secret + entry->secret_length;
  return TRUE;
}

static gboolean
find_entry (const guint8 *plain, gsize length, const char *reference, Entry *entry)
{
  const guint8 *end = plain + length;

  while (next_entry (plain, end, entry))
    {
      if (entry->reference_length == strlen (reference) && memcmp (entry->reference, reference, entry->reference_length) == 0)
        return TRUE;
      plain = entry->end;
    }
  return FALSE;
}

static guint8 *
append_text (guint8 *at, const char *text)
{
  guint32 length = GUINT32_TO_LE ((guint32) strlen (text));

  memcpy (at, &length, 4);
  memcpy (at + 4, text, strlen (text));
  return at + 4 + strlen (text);
}

/* (transfer full): @plain with @reference's entry replaced, added or (@secret NULL) removed. */
static guint8 *
change_box (const guint8 *plain, gsize length, const char *reference, const char *secret, gsize *new_length)
{
  gsize room = length + 9 + strlen (reference) + (secret != NULL ? strlen (secret) : 0);
  guint8 *changed = sodium_malloc (room);
  guint8 *at = changed;
  Entry entry;

  if (changed == NULL)
    return NULL;
  if (find_entry (plain, length, reference, &entry))
    {
      at = mempcpy (at, plain, (gsize) (entry.begin - plain));
      at = mempcpy (at, entry.end, (gsize) (plain + length - entry.end));
    }
  else
    at = mempcpy (at, plain, length);
  if (secret != NULL)
    at = append_text (append_text (at, reference), secret);
  *new_length = (gsize) (at - changed);
  return changed;
}

/* ---- For CloudSecrets ---- */

CloudSecretFile *
cloud_secret_file_new (const char *path)
{
  CloudSecretFile *self = g_new0 (CloudSecretFile, 1);

  if (sodium_init () < 0)
    g_error ("libsodium does not start");
  self->path = g_strdup (path);
  return self;
}

void
cloud_secret_file_free (CloudSecretFile *self)
{
  if (self == NULL)
    return;
  drop_key (self);
  g_free (self->path);
  g_free (self);
}

gboolean
cloud_secret_file_exists (CloudSecretFile *self)
{
  return g_file_test (self->path, G_FILE_TEST_EXISTS);
}

gboolean
cloud_secret_file_is_unlocked (CloudSecretFile *self)
{
  g_auto (Image) image = { 0 };

  return read_image (self, &image, NULL) && have_key (self, &image);
}

gboolean
cloud_secret_file_unlock (CloudSecretFile *self, const char *passphrase, GError **error)
{
  g_auto (Image) image = { 0 };
  guint8 *key;

  if (!read_image (self, &image, error))
    return FALSE;
  key = derive (image.header, passphrase, error);
  if (key == NULL)
    return FALSE;
  if (!key_fits (&image, key))
    {
      sodium_free (key);
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED, "That is not the passphrase");
      return FALSE;
    }
  keep_key (self, image.header + AT_SALT, key);
  share_key (self->salt, self->key);
  return TRUE;
}

void
cloud_secret_file_lock (CloudSecretFile *self)
{
  g_auto (Image) image = { 0 };

  if (read_image (self, &image, NULL))
    unshare_key (image.header + AT_SALT);
  drop_key (self);
}

static gboolean
replace_passphrase (CloudSecretFile *self, const char *passphrase, GError **error)
{
  g_auto (Image) image = { 0 };
  guint8 header[HEADER_BYTES] = MAGIC;
  guint8 *plain = NULL;
  guint8 *key;
  gsize length = 0;
  gboolean had = cloud_secret_file_exists (self);
  gboolean done;

  if (had)
    {
      if (!read_image (self, &image, error))
        return FALSE;
      plain = open_box (self, &image, &length, error);
      if (plain == NULL)
        return FALSE;
    }
  header[8] = VERSION;
  put_u64 (header + AT_OPERATIONS, OPERATIONS);
  put_u64 (header + AT_MEMORY, MEMORY_BYTES);
  randombytes_buf (header + AT_SALT, crypto_pwhash_SALTBYTES);
  key = derive (header, passphrase, error);
  if (key != NULL)
    key_check (key, header + AT_CHECK);
  done = key != NULL && write_image (self, header, key, plain, length, error);
  if (plain != NULL)
    sodium_free (plain);
  if (!done)
    {
      if (key != NULL)
        sodium_free (key);
      return FALSE;
    }
  if (had)
    unshare_key (image.header + AT_SALT);
  keep_key (self, header + AT_SALT, key);
  share_key (self->salt, self->key);
  return TRUE;
}

gboolean
cloud_secret_file_set_passphrase (CloudSecretFile *self, const char *passphrase, GError **error)
{
  gboolean done;
  int lock;

  if (*passphrase == '\0')
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "An empty passphrase protects nothing");
      return FALSE;
    }
  lock = lock_path (self, error);
  if (lock < 0)
    return FALSE;
  done = replace_passphrase (self, passphrase, error);
  close (lock);
  return done;
}

char *
cloud_secret_file_lookup (CloudSecretFile *self, const char *reference, GError **error)
{
  g_auto (Image) image = { 0 };
  guint8 *plain;
  gsize length;
  Entry entry;
  char *secret = NULL;

  if (!cloud_secret_file_exists (self))
    {
      set_locked (error);
      return NULL;
    }
  if (!read_image (self, &image, error))
    return NULL;
  plain = open_box (self, &image, &length, error);
  if (plain == NULL)
    return NULL;
  if (find_entry (plain, length, reference, &entry))
    secret = g_strndup ((const char *) entry.secret, entry.secret_length);
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No secret is stored for %s", reference);
  sodium_free (plain);
  return secret;
}

static gboolean
change_file (CloudSecretFile *self, const char *reference, const char *secret, GError **error)
{
  g_auto (Image) image = { 0 };
  guint8 *plain, *changed;
  gsize length, changed_length = 0;
  gboolean done;

  if (!read_image (self, &image, error))
    return FALSE;
  plain = open_box (self, &image, &length, error);
  if (plain == NULL)
    return FALSE;
  changed = change_box (plain, length, reference, secret, &changed_length);
  sodium_free (plain);
  if (changed == NULL)
    {
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_NO_SPACE, "Too little memory that can be locked");
      return FALSE;
    }
  done = write_image (self, image.header, self->key, changed, changed_length, error);
  sodium_free (changed);
  return done;
}

gboolean
cloud_secret_file_store (CloudSecretFile *self, const char *reference, const char *secret, GError **error)
{
  gboolean done;
  int lock;

  if (!cloud_secret_file_exists (self))
    return secret == NULL ? TRUE : set_locked (error);
  lock = lock_path (self, error);
  if (lock < 0)
    return FALSE;
  done = change_file (self, reference, secret, error);
  close (lock);
  return done;
}
