/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-opened.h"

#include "mailer-engine-private.h"

#include "cloud-error.h"
#include "cloud-paths.h"
#include "cloud-time.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* <cache>/opened/XXXXXX/NAME: the folder makes the name unique, the file keeps its own for the program that shows it. */

#define KEPT_US G_TIME_SPAN_DAY
#define MAX_NAME_BYTES 200

char *
mailer_opened_dup_dir (void)
{
  g_autofree char *cache = cloud_paths_cache_dir ("mail");

  return g_build_filename (cache, "opened", NULL);
}

/* ---- Removing ---- */

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_rmdir (path);
}

static void
remove_older (gint64 limit_unix_us)
{
  g_autofree char *root = mailer_opened_dup_dir ();
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (root, name, NULL);
      GStatBuf info;

      if (g_lstat (child, &info) == 0 && S_ISDIR (info.st_mode) && (gint64) info.st_mtime * G_USEC_PER_SEC < limit_unix_us)
        remove_folder (child);
    }
}

static void
remove_all_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  remove_older (*(gint64 *) data);
  g_task_return_boolean (task, TRUE);
}

void
mailer_opened_remove_all (void)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  gint64 now_us = cloud_time_now_unix_us ();

  g_task_set_task_data (task, g_memdup2 (&now_us, sizeof now_us), g_free);
  g_task_run_in_thread (task, remove_all_in_thread);
}

void
mailer_opened_remove_all_sync (void)
{
  remove_older (G_MAXINT64);
}

/* ---- Copying ---- */

/* A name that stays in its folder, whatever the sender called it. */
static char *
safe_name (const char *filename)
{
  g_autofree char *base = g_path_get_basename (filename);
  const char *extension = strrchr (base, '.');
  const char *end;

  if (strcmp (base, ".") == 0 || strcmp (base, "..") == 0 || strchr (base, '/') != NULL)
    return g_strdup ("attachment");
  if (strlen (base) <= MAX_NAME_BYTES)
    return g_steal_pointer (&base);
  if (extension == NULL || strlen (extension) > 20)
    extension = "";
  g_utf8_validate (base, MAX_NAME_BYTES - strlen (extension), &end);
  return g_strdup_printf ("%.*s%s", (int) (end - base), base, extension);
}

static char *
make_folder (GError **error)
{
  g_autofree char *root = mailer_opened_dup_dir ();
  char *folder = g_build_filename (root, "XXXXXX", NULL);

  if (g_mkdir_with_parents (root, 0700) == 0 && g_chmod (root, 0700) == 0 && g_mkdtemp_full (folder, 0700) != NULL)
    return folder;
  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (errno), "%s: %s", folder, g_strerror (errno));
  g_free (folder);
  return NULL;
}

static void
copy_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MailerAttachment *attachment = source;
  g_autofree char *name = safe_name (mailer_attachment_get_filename (attachment));
  g_autofree char *folder = NULL;
  g_autoptr (GFile) file = NULL;
  GError *error = NULL;

  remove_older (cloud_time_now_unix_us () - KEPT_US);
  folder = make_folder (&error);
  file = folder != NULL ? g_file_new_build_filename (folder, name, NULL) : NULL;
  if (file != NULL && mailer_attachment_save (attachment, file, cancellable, &error))
    {
      if (g_chmod (g_file_peek_path (file), 0400) != 0)
        g_message ("%s: %s", g_file_peek_path (file), g_strerror (errno));
      g_task_return_pointer (task, g_steal_pointer (&file), g_object_unref);
      return;
    }
  if (folder != NULL)
    remove_folder (folder);
  g_task_return_error (task, error);
}

void
mailer_opened_copy_async (MailerAttachment *attachment, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (attachment, cancellable, callback, user_data);

  g_return_if_fail (MAILER_IS_ATTACHMENT (attachment));

  g_task_run_in_thread (task, copy_in_thread);
}

GFile *
mailer_opened_copy_finish (MailerAttachment *attachment, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
