/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-osm"

#include "navi-osm-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens an OpenStreetMap file, tells its format by its first bytes and runs the format's reader. */

gboolean
navi_osm_corrupt (NaviOsmReader *reader, const char *what, GError **error)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is damaged at byte %" G_GUINT64_FORMAT ": %s. Fetch it again", reader->path,
               reader->done_bytes, what);
  return FALSE;
}

gssize
navi_osm_read (NaviOsmRun *run, gpointer buffer, gsize bytes, GError **error)
{
  NaviOsmReader *reader = run->reader;
  gsize got = 0;

  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return -1;
  while (got < bytes)
    {
      gssize now = read (reader->fd, (guint8 *) buffer + got, bytes - got);
      if (now < 0 && errno == EINTR)
        continue;
      if (now < 0)
        {
          int err_no = errno;
          g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot read %s: %s", reader->path, g_strerror (err_no));
          return -1;
        }
      if (now == 0)
        break;
      got += (gsize) now;
    }
  reader->done_bytes += got;
  if (reader->progress != NULL)
    reader->progress (MIN (reader->done_bytes, reader->file_bytes), reader->file_bytes, reader->progress_data);
  return (gssize) got;
}

NaviOsmReader *
navi_osm_reader_open (const char *path, GError **error)
{
  g_autoptr (NaviOsmReader) self = g_new0 (NaviOsmReader, 1);
  struct stat info;

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->blob_kinds = g_byte_array_new ();
  self->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    {
      int err_no = errno;
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot open %s: %s", path, g_strerror (err_no));
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is not a file", path);
      return NULL;
    }
  self->file_bytes = (guint64) info.st_size;
  return g_steal_pointer (&self);
}

const char *
navi_osm_reader_get_source_time (NaviOsmReader *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->source_time;
}

void
navi_osm_reader_set_progress (NaviOsmReader *self, NaviOsmProgress progress, gpointer user_data)
{
  g_return_if_fail (self != NULL);
  self->progress = progress;
  self->progress_data = user_data;
}

/* XML begins with "<", perhaps after a byte order mark or white space; the length of a PBF file's first blob header, big endian and below
 * 64 KiB, begins with a zero byte. */
static gboolean
looks_like_pbf (const guint8 *start, gssize bytes)
{
  return bytes >= 4 && start[0] == 0 && start[1] == 0;
}

static gboolean
looks_like_xml (const guint8 *start, gssize bytes)
{
  gssize i = 0;

  if (bytes >= 2 && start[0] == 0x1f && start[1] == 0x8b)
    return TRUE;
  if (bytes >= 3 && memcmp (start, "BZh", 3) == 0)
    return TRUE;
  if (bytes >= 3 && memcmp (start, "\xef\xbb\xbf", 3) == 0)
    i = 3;
  while (i < bytes && g_ascii_isspace (start[i]))
    i++;
  return i < bytes && start[i] == '<';
}

gboolean
navi_osm_reader_run (NaviOsmReader *self, const NaviOsmHandler *handler, gpointer user_data, GCancellable *cancellable, GError **error)
{
  NaviOsmRun run = { self, handler, user_data, cancellable };
  guint8 start[16];
  gssize got;

  g_return_val_if_fail (self != NULL && handler != NULL, FALSE);

  got = pread (self->fd, start, sizeof start, 0);
  if (lseek (self->fd, 0, SEEK_SET) != 0)
    got = -1;
  self->done_bytes = 0;
  if (looks_like_pbf (start, got))
    return navi_osm_pbf_run (&run, error);
  if (looks_like_xml (start, got))
    return navi_osm_xml_run (&run, error);
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is no OpenStreetMap file (.osm.pbf, .osm, .osm.gz or .osm.bz2)", self->path);
  return FALSE;
}

void
navi_osm_reader_free (NaviOsmReader *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_byte_array_unref (self->blob_kinds);
  g_free (self->source_time);
  g_free (self->path);
  g_free (self);
}

const char *
navi_osm_tag (const NaviOsmTags *tags, const char *key)
{
  for (guint i = 0; i < tags->n_items; i++)
    if (strcmp (tags->items[i].key, key) == 0)
      return tags->items[i].value;
  return NULL;
}

gboolean
navi_osm_tag_is (const NaviOsmTags *tags, const char *key, const char *value)
{
  const char *found = navi_osm_tag (tags, key);
  return found != NULL && strcmp (found, value) == 0;
}
