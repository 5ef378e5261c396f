/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-import-work.h"
#include "navi-region.h"

#include "config.h"

#include "cloud-error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A locked folder with a few files. */

#define SOURCE "source" /* whose work this is */
#define PART "region"
#define NEW ".new"
#define TEMPORARY ".navi-" /* what such names begin with where files cannot go without */

enum
{
  LAYOUT = 1, /* of what is kept; another one is thrown away */
  MAX_ATTEMPTS = 16,
};

static const char *const own_files[] = { NAVI_WORK_DONE, NAVI_WORK_CUT, PART, SOURCE, NAVI_WORK_DONE NEW, NAVI_WORK_CUT NEW, SOURCE NEW };

struct _NaviImportWork
{
  char *folder;
  char *part;
  int fd; /* of the folder; holds the lock */
};

/* In front of each file. */
typedef struct
{
  guint64 length;
  guint32 crc;
  guint32 layout;
} Head;

static gboolean
fail (const NaviImportWork *self, const char *what, GError **error)
{
  int err_no = errno;

  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot %s in %s: %s", what, self->folder, g_strerror (err_no));
  return FALSE;
}

static gboolean
write_all (int fd, gconstpointer data, gsize bytes)
{
  const guint8 *at = data;

  while (bytes > 0)
    {
      gssize done = write (fd, at, bytes);
      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return FALSE;
      at += done;
      bytes -= (gsize) done;
    }
  return TRUE;
}

gboolean
navi_import_work_keep (NaviImportWork *self, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *aside = g_strconcat (name, NEW, NULL);
  gsize length;
  gconstpointer data;
  Head head;
  int fd;
  gboolean ok;

  g_return_val_if_fail (self != NULL && name != NULL && bytes != NULL, FALSE);

  data = g_bytes_get_data (bytes, &length);
  head = (Head){ length, (guint32) crc32_z (0, data, length), LAYOUT };
  fd = openat (self->fd, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (self, "keep the work", error);
  ok = write_all (fd, &head, sizeof head) && write_all (fd, data, length) && fsync (fd) == 0;
  if (!ok)
    fail (self, "keep the work", error);
  if (close (fd) != 0 && ok)
    ok = fail (self, "keep the work", error);
  if (ok && renameat (self->fd, aside, self->fd, name) != 0)
    ok = fail (self, "keep the work", error);
  if (ok && fsync (self->fd) != 0)
    g_debug ("fsync of a folder: %s", g_strerror (errno));
  return ok;
}

GBytes *
navi_import_work_find (NaviImportWork *self, const char *name)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize length;
  Head head;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  path = g_build_filename (self->folder, name, NULL);
  if (!g_file_get_contents (path, &text, &length, NULL) || length < sizeof head)
    return NULL;
  memcpy (&head, text, sizeof head);
  if (head.layout != LAYOUT || head.length != length - sizeof head
      || head.crc != (guint32) crc32_z (0, (const guint8 *) text + sizeof head, head.length))
    return NULL;
  return g_bytes_new (text + sizeof head, head.length);
}

/* What tells one input from another, and from itself after a change. */
static GBytes *
describe (const char *in, GError **error)
{
  struct stat info;
  char *text;

  if (stat (in, &info) != 0)
    {
      int err_no = errno;
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot open %s: %s", in, g_strerror (err_no));
      return NULL;
    }
  text = g_strdup_printf ("%s %d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%ld %" G_GINT64_FORMAT
                          ".%ld",
                          CIRRUS_VERSION, NAVI_REGION_VERSION, (guint64) info.st_dev, (guint64) info.st_ino, (gint64) info.st_size,
                          (gint64) info.st_mtim.tv_sec, info.st_mtim.tv_nsec, (gint64) info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
  return g_bytes_new_take (text, strlen (text));
}

static gboolean
is_own (const char *name)
{
  gboolean is_ours = g_str_has_prefix (name, TEMPORARY);

  for (guint i = 0; i < G_N_ELEMENTS (own_files) && !is_ours; i++)
    is_ours = strcmp (name, own_files[i]) == 0;
  return is_ours;
}

/* TRUE if there is something in the folder that no import made. */
static gboolean
is_foreign (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  if (dir == NULL)
    return TRUE;
  do
    name = g_dir_read_name (dir);
  while (name != NULL && is_own (name));
  return name != NULL;
}

static void
remove_files (NaviImportWork *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_own (name) && unlinkat (self->fd, name, 0) != 0)
      g_debug ("cannot remove %s: %s", name, g_strerror (errno));
}

void
navi_import_work_remove (NaviImportWork *self)
{
  g_return_if_fail (self != NULL);

  remove_files (self);
  if (rmdir (self->folder) != 0)
    g_debug ("cannot remove %s: %s", self->folder, g_strerror (errno));
}

/* Opens the folder and locks it.  Whoever held it before may have removed it meanwhile: then there is another one to make. */
static gboolean
lock_folder (NaviImportWork *self, GError **error)
{
  for (guint attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
    {
      struct stat ours, now;
      if (mkdir (self->folder, 0700) != 0 && errno != EEXIST)
        break;
      self->fd = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (self->fd < 0 && errno == ENOENT)
        continue;
      if (self->fd < 0)
        break;
      if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_BUSY, "Another import works in %s: wait for it", self->folder);
          return FALSE;
        }
      if (fstat (self->fd, &ours) == 0 && stat (self->folder, &now) == 0 && ours.st_ino == now.st_ino && ours.st_dev == now.st_dev)
        return TRUE;
      close (self->fd);
      self->fd = -1;
    }
  return fail (self, "make a folder", error);
}

/* Makes the folder that of this input. */
static gboolean
claim (NaviImportWork *self, GBytes *source, GError **error)
{
  g_autoptr (GBytes) before = navi_import_work_find (self, SOURCE);

  if (before != NULL && g_bytes_equal (before, source))
    return TRUE;
  if (is_foreign (self->folder))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is in the way: an import would work there. Move it", self->folder);
      return FALSE;
    }
  remove_files (self);
  if (navi_import_work_keep (self, SOURCE, source, error))
    return TRUE;
  navi_import_work_remove (self);
  return FALSE;
}

NaviImportWork *
navi_import_work_open (const char *in, const char *out, GError **error)
{
  g_autoptr (NaviImportWork) self = NULL;
  g_autoptr (GBytes) source = NULL;

  g_return_val_if_fail (in != NULL && out != NULL, NULL);

  source = describe (in, error);
  if (source == NULL)
    return NULL;
  self = g_new0 (NaviImportWork, 1);
  self->fd = -1;
  self->folder = g_strconcat (out, ".import", NULL);
  self->part = g_build_filename (self->folder, PART, NULL);
  if (!lock_folder (self, error) || !claim (self, source, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
navi_import_work_get_folder (const NaviImportWork *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->folder;
}

const char *
navi_import_work_get_part (const NaviImportWork *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->part;
}

void
navi_import_work_free (NaviImportWork *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
  g_free (self->part);
  g_free (self);
}
