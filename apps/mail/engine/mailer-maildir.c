/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-maildir.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <string.h>

/* Maildir++ into the store. */

#define BATCH 100
#define MAX_FILE_BYTES (150 * 1024 * 1024)

typedef struct
{
  MailerStore *store;
  gint64 folder;
  GPtrArray *batch;
  guint n_messages;
} Import;

static MailerRole
role_of (const char *name)
{
  static const struct
  {
    const char *name;
    MailerRole role;
  } roles[] = { { "Drafts", MAILER_ROLE_DRAFTS }, { "Sent", MAILER_ROLE_SENT }, { "Archive", MAILER_ROLE_ARCHIVE },
                { "Junk", MAILER_ROLE_JUNK }, { "Trash", MAILER_ROLE_TRASH } };

  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_ascii_strcasecmp (roles[i].name, name) == 0)
      return roles[i].role;
  return MAILER_ROLE_NONE;
}

static MailerFlags
flags_of (const char *filename)
{
  const char *info = strstr (filename, ":2,");
  MailerFlags flags = 0;

  for (const char *p = info != NULL ? info + 3 : ""; *p != '\0'; p++)
    switch (*p)
      {
      case 'S':
        flags |= MAILER_FLAG_SEEN;
        break;
      case 'F':
        flags |= MAILER_FLAG_FLAGGED;
        break;
      case 'R':
        flags |= MAILER_FLAG_ANSWERED;
        break;
      case 'P':
        flags |= MAILER_FLAG_FORWARDED;
        break;
      case 'D':
        flags |= MAILER_FLAG_DRAFT;
        break;
      default:
        break;
      }
  return flags;
}

/* A file keeps its number however often the tree is read. */
static guint32
uid_of (const char *filename)
{
  g_autofree char *unique = g_strndup (filename, strcspn (filename, ":"));

  return (g_str_hash (unique) & 0x7fffffff) | 1;
}

static gboolean
flush (Import *self, GError **error)
{
  gboolean ok = self->batch->len == 0 || mailer_store_add_arrivals (self->store, self->folder, self->batch, error);

  self->n_messages += self->batch->len;
  g_ptr_array_set_size (self->batch, 0);
  return ok;
}

static gboolean
read_file (Import *self, const char *dir, const char *filename, GError **error)
{
  g_autofree char *path = g_build_filename (dir, filename, NULL);
  g_autoptr (GMappedFile) map = NULL;
  MailerArrival *arrival;
  GStatBuf info;

  if (g_stat (path, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size > MAX_FILE_BYTES)
    return TRUE;
  map = g_mapped_file_new (path, FALSE, error);
  if (map == NULL)
    {
      if (error != NULL)
        cloud_error_convert_gio (error);
      return FALSE;
    }
  arrival = g_new0 (MailerArrival, 1);
  arrival->uid = uid_of (filename);
  arrival->flags = flags_of (filename);
  arrival->received_unix_us = (gint64) info.st_mtime * G_USEC_PER_SEC;
  arrival->size_bytes = info.st_size;
  arrival->source = g_mapped_file_get_bytes (map);
  arrival->message = mailer_message_new_from_bytes (arrival->source);
  g_ptr_array_add (self->batch, arrival);
  return self->batch->len < BATCH || flush (self, error);
}

static gboolean
read_folder (Import *self, const char *path, GError **error)
{
  static const char *const parts[] = { "cur", "new" };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *dir_path = g_build_filename (path, parts[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (dir_path, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        if (name[0] != '.' && !read_file (self, dir_path, name, error))
          return FALSE;
    }
  return flush (self, error);
}

static MailerImapFolder *
folder_new (const char *wire, const char *path, MailerRole role)
{
  MailerImapFolder *folder = g_new0 (MailerImapFolder, 1);

  folder->wire = g_strdup (wire);
  folder->path = g_strdup (path);
  folder->role = role;
  folder->selectable = TRUE;
  return folder;
}

/* The folders of the tree, and those that every account has. */
static GPtrArray *
list_folders (const char *root, GError **error)
{
  static const char *const usual[] = { "Drafts", "Sent", "Archive", "Junk", "Trash" };
  GPtrArray *folders = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_imap_folder_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (root, 0, error);
  const char *name;

  if (dir == NULL)
    {
      if (error != NULL)
        cloud_error_convert_gio (error);
      g_ptr_array_unref (folders);
      return NULL;
    }
  g_ptr_array_add (folders, folder_new ("INBOX", "INBOX", MAILER_ROLE_INBOX));
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *cur = g_build_filename (root, name, "cur", NULL);
      g_autofree char *path = g_strdelimit (g_filename_to_utf8 (name, -1, NULL, NULL, NULL), ".", '/');

      if (name[0] != '.' || name[1] == '.' || path == NULL || !g_file_test (cur, G_FILE_TEST_IS_DIR))
        continue;
      g_hash_table_add (seen, g_strdup (path + 1));
      g_ptr_array_add (folders, folder_new (name + 1, path + 1, role_of (path + 1)));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (usual); i++)
    if (!g_hash_table_contains (seen, usual[i]))
      g_ptr_array_add (folders, folder_new (usual[i], usual[i], role_of (usual[i])));
  return folders;
}

gboolean
mailer_maildir_import (MailerStore *store, const char *path, guint *n_messages, GError **error)
{
  Import self = { .store = store };
  g_autoptr (GPtrArray) folders = list_folders (path, error);
  g_autoptr (GPtrArray) rows = NULL;
  gboolean ok;

  if (folders == NULL || !mailer_store_set_folders (store, folders, error))
    return FALSE;
  rows = mailer_store_list_folders (store, error);
  if (rows == NULL)
    return FALSE;
  self.batch = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_arrival_free);
  ok = TRUE;
  for (guint i = 0; ok && i < rows->len; i++)
    {
      const MailerFolderRow *row = g_ptr_array_index (rows, i);
      g_autofree char *name = g_strconcat (".", row->wire, NULL);
      g_autofree char *dir = row->role == MAILER_ROLE_INBOX ? g_strdup (path) : g_build_filename (path, name, NULL);

      self.folder = row->id;
      ok = read_folder (&self, dir, error);
    }
  g_ptr_array_unref (self.batch);
  if (n_messages != NULL)
    *n_messages = self.n_messages;
  return ok;
}
