/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-region"

#include "navi-region-writer.h"
#include "navi-region-format.h"
#include "navi-region.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Writes a region file to a temporary file and puts it in place when it is whole. */

struct _NaviRegionWriter
{
  char *path;
  char *temporary; /* its name; NULL while it has none, so that a killed process leaves nothing behind */
  gboolean is_kept; /* the temporary file belongs to the caller */
  int fd;
  int err_no; /* the first error of a write, 0 if none */
  guint64 offset;
  guint8 *buffer;
  gsize buffered;
  GArray *entries; /* NaviRegionEntry */
  GPtrArray *crcs; /* GArray of guint32, one for each entry */
  gboolean in_section;
  guint32 block_crc;
  guint32 block_bytes;
  GTree *meta; /* sorted, so that the file does not depend on the order of calls */
};

enum
{
  BUFFER_BYTES = 256 * 1024,
};

static gint
compare_keys (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (a, b);
}

static gboolean
fail (NaviRegionWriter *self, GError **error)
{
  if (self->err_no == 0)
    return TRUE;
  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (self->err_no), "Cannot write %s: %s", self->path, g_strerror (self->err_no));
  return FALSE;
}

static void
flush (NaviRegionWriter *self)
{
  const guint8 *data = self->buffer;
  gsize left = self->buffered;

  while (left > 0 && self->err_no == 0)
    {
      gssize done = write (self->fd, data, left);
      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        {
          self->err_no = errno;
          break;
        }
      data += done;
      left -= (gsize) done;
    }
  self->buffered = 0;
}

static void
put (NaviRegionWriter *self, gconstpointer data, gsize bytes)
{
  const guint8 *from = data;

  self->offset += bytes;
  while (bytes > 0)
    {
      gsize take = MIN (bytes, BUFFER_BYTES - self->buffered);
      memcpy (self->buffer + self->buffered, from, take);
      self->buffered += take;
      from += take;
      bytes -= take;
      if (self->buffered == BUFFER_BYTES)
        flush (self);
    }
}

static void
align (NaviRegionWriter *self)
{
  static const guint8 zeros[NAVI_REGION_ALIGN] = { 0 };

  put (self, zeros, (NAVI_REGION_ALIGN - self->offset % NAVI_REGION_ALIGN) % NAVI_REGION_ALIGN);
}

static GArray *
current_crcs (NaviRegionWriter *self)
{
  return g_ptr_array_index (self->crcs, self->crcs->len - 1);
}

static void
end_block (NaviRegionWriter *self)
{
  if (self->block_bytes > 0)
    g_array_append_val (current_crcs (self), self->block_crc);
  self->block_crc = 0;
  self->block_bytes = 0;
}

/* A nameless file where the file system has that, else one with a name of its own. */
static gboolean
open_temporary (NaviRegionWriter *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  self->fd = open (folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (self->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
    {
      self->temporary = g_strdup_printf ("%s.XXXXXX.part", self->path);
      self->fd = mkostemps (self->temporary, (int) strlen (".part"), O_CLOEXEC);
      if (self->fd < 0)
        g_clear_pointer (&self->temporary, g_free);
    }
  if (self->fd < 0)
    self->err_no = errno;
  return self->fd >= 0;
}

/* Gives the nameless file a name from which it can be renamed over an older region. */
static gboolean
name_temporary (NaviRegionWriter *self)
{
  g_autofree char *own = NULL;

  if (self->temporary != NULL)
    return TRUE;
  own = g_strdup_printf ("/proc/self/fd/%d", self->fd);
  for (guint attempt = 0; attempt < 100; attempt++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%u-%u.part", self->path, (guint) getpid (), attempt);
      if (linkat (AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
        {
          self->temporary = g_steal_pointer (&name);
          return TRUE;
        }
      if (errno != EEXIST)
        break;
    }
  self->err_no = errno;
  return FALSE;
}

static NaviRegionWriter *
writer_new (const char *path)
{
  NaviRegionWriter *self = g_new0 (NaviRegionWriter, 1);

  self->fd = -1;
  self->path = g_strdup (path);
  self->buffer = g_malloc (BUFFER_BYTES);
  self->entries = g_array_new (FALSE, FALSE, sizeof (NaviRegionEntry));
  self->crcs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->meta = g_tree_new_full (compare_keys, NULL, g_free, g_free);
  return self;
}

static void
put_header (NaviRegionWriter *self)
{
  static const guint8 header[NAVI_REGION_HEADER_BYTES] = { 0 };

  put (self, header, sizeof header);
}

NaviRegionWriter *
navi_region_writer_new (const char *path, GError **error)
{
  g_autoptr (NaviRegionWriter) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = writer_new (path);
  if (!open_temporary (self))
    {
      fail (self, error);
      return NULL;
    }
  put_header (self);
  return g_steal_pointer (&self);
}

/* ---- In several goes ---- */

/* What a saved state begins with; the entries, the checksums of each in turn, and the keys and values of the metadata follow. */
typedef struct
{
  guint64 offset;
  guint32 n_entries;
  guint32 meta_bytes;
} SavedHead;

static gboolean
append_saved_meta (gpointer key, gpointer value, gpointer user_data)
{
  g_byte_array_append (user_data, key, (guint) strlen (key) + 1);
  g_byte_array_append (user_data, value, (guint) strlen (value) + 1);
  return FALSE;
}

GBytes *
navi_region_writer_save (NaviRegionWriter *self, GError **error)
{
  SavedHead head = { 0 };
  g_autoptr (GByteArray) meta = NULL;
  GByteArray *state;

  g_return_val_if_fail (self != NULL && !self->in_section, NULL);

  flush (self);
  if (self->err_no == 0 && fdatasync (self->fd) != 0)
    self->err_no = errno;
  if (!fail (self, error))
    return NULL;
  meta = g_byte_array_new ();
  g_tree_foreach (self->meta, append_saved_meta, meta);
  head = (SavedHead){ self->offset, self->entries->len, meta->len };
  state = g_byte_array_new ();
  g_byte_array_append (state, (const guint8 *) &head, sizeof head);
  g_byte_array_append (state, (const guint8 *) self->entries->data, self->entries->len * (guint) sizeof (NaviRegionEntry));
  for (guint i = 0; i < self->crcs->len; i++)
    {
      const GArray *crcs = g_ptr_array_index (self->crcs, i);
      g_byte_array_append (state, (const guint8 *) crcs->data, crcs->len * (guint) sizeof (guint32));
    }
  g_byte_array_append (state, meta->data, meta->len);
  return g_byte_array_free_to_bytes (state);
}

/* Takes @bytes from the front; FALSE if there are not so many. */
static gboolean
take_front (const guint8 **at, gsize *left, gpointer to, gsize bytes)
{
  if (bytes > *left)
    return FALSE;
  memcpy (to, *at, bytes);
  *at += bytes;
  *left -= bytes;
  return TRUE;
}

/* Reads the section and compares its checksums. */
static gboolean
is_as_saved (NaviRegionWriter *self, const NaviRegionEntry *entry, const GArray *crcs)
{
  for (guint i = 0; i < crcs->len; i++)
    {
      guint64 at = (guint64) i * NAVI_REGION_BLOCK_BYTES;
      gsize bytes = (gsize) MIN (entry->length - at, NAVI_REGION_BLOCK_BYTES);
      if (pread (self->fd, self->buffer, bytes, (off_t) (entry->offset + at)) != (gssize) bytes
          || (guint32) crc32_z (0, self->buffer, bytes) != g_array_index (crcs, guint32, i))
        return FALSE;
    }
  return TRUE;
}

static gboolean
restore_meta (NaviRegionWriter *self, const char *at, gsize left)
{
  while (left > 0)
    {
      gsize key = strnlen (at, left) + 1, value = key < left ? strnlen (at + key, left - key) + 1 : left;
      if (key + value > left)
        return FALSE;
      navi_region_writer_set_meta (self, at, at + key);
      at += key + value;
      left -= key + value;
    }
  return TRUE;
}

static gboolean
restore (NaviRegionWriter *self, GBytes *state)
{
  gsize left;
  const guint8 *at = g_bytes_get_data (state, &left);
  SavedHead head;

  if (!take_front (&at, &left, &head, sizeof head) || head.n_entries > NAVI_REGION_MAX_SECTIONS)
    return FALSE;
  g_array_set_size (self->entries, head.n_entries);
  if (!take_front (&at, &left, self->entries->data, head.n_entries * sizeof (NaviRegionEntry)))
    return FALSE;
  for (guint i = 0; i < head.n_entries; i++)
    {
      const NaviRegionEntry *entry = &g_array_index (self->entries, NaviRegionEntry, i);
      guint64 n = entry->length / NAVI_REGION_BLOCK_BYTES + (entry->length % NAVI_REGION_BLOCK_BYTES != 0);
      GArray *crcs = g_array_new (FALSE, FALSE, sizeof (guint32));
      g_ptr_array_add (self->crcs, crcs);
      if (n > left / sizeof (guint32))
        return FALSE;
      g_array_set_size (crcs, (guint) n);
      if (!take_front (&at, &left, crcs->data, (gsize) n * sizeof (guint32)) || !is_as_saved (self, entry, crcs))
        return FALSE;
    }
  self->offset = head.offset;
  return left == head.meta_bytes && restore_meta (self, (const char *) at, left);
}

NaviRegionWriter *
navi_region_writer_new_in (const char *path, const char *part, GBytes *state, GError **error)
{
  g_autoptr (NaviRegionWriter) self = NULL;

  g_return_val_if_fail (path != NULL && part != NULL, NULL);

  self = writer_new (path);
  self->temporary = g_strdup (part);
  self->is_kept = TRUE;
  self->fd = open (part, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd >= 0 && state != NULL && !restore (self, state))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is not what was saved", part);
      return NULL;
    }
  if (self->fd < 0 || ftruncate (self->fd, (off_t) self->offset) != 0 || lseek (self->fd, 0, SEEK_END) < 0)
    {
      self->err_no = errno;
      fail (self, error);
      return NULL;
    }
  if (state == NULL)
    put_header (self);
  return g_steal_pointer (&self);
}

void
navi_region_writer_set_meta (NaviRegionWriter *self, const char *key, const char *value)
{
  g_return_if_fail (self != NULL && key != NULL && value != NULL);
  g_tree_replace (self->meta, g_strdup (key), g_strdup (value));
}

void
navi_region_writer_begin (NaviRegionWriter *self, guint32 id, guint32 item_bytes)
{
  NaviRegionEntry entry = { 0 };

  g_return_if_fail (self != NULL && !self->in_section && id > 0);

  align (self);
  entry.id = id;
  entry.item_bytes = item_bytes;
  entry.offset = self->offset;
  g_array_append_val (self->entries, entry);
  g_ptr_array_add (self->crcs, g_array_new (FALSE, FALSE, sizeof (guint32)));
  self->in_section = TRUE;
}

void
navi_region_writer_append (NaviRegionWriter *self, gconstpointer data, gsize bytes)
{
  const guint8 *from = data;

  g_return_if_fail (self != NULL && self->in_section && (data != NULL || bytes == 0));

  put (self, data, bytes);
  while (bytes > 0)
    {
      gsize take = MIN (bytes, NAVI_REGION_BLOCK_BYTES - self->block_bytes);
      self->block_crc = (guint32) crc32_z (self->block_crc, from, take);
      self->block_bytes += (guint32) take;
      from += take;
      bytes -= take;
      if (self->block_bytes == NAVI_REGION_BLOCK_BYTES)
        end_block (self);
    }
}

gboolean
navi_region_writer_end (NaviRegionWriter *self, GError **error)
{
  NaviRegionEntry *entry;

  g_return_val_if_fail (self != NULL && self->in_section, FALSE);

  end_block (self);
  entry = &g_array_index (self->entries, NaviRegionEntry, self->entries->len - 1);
  entry->length = self->offset - entry->offset;
  self->in_section = FALSE;
  return fail (self, error);
}

gboolean
navi_region_writer_add (NaviRegionWriter *self, guint32 id, guint32 item_bytes, gconstpointer data, gsize bytes, GError **error)
{
  navi_region_writer_begin (self, id, item_bytes);
  navi_region_writer_append (self, data, bytes);
  return navi_region_writer_end (self, error);
}

static gboolean
append_meta (gpointer key, gpointer value, gpointer user_data)
{
  navi_region_writer_append (user_data, key, strlen (key) + 1);
  navi_region_writer_append (user_data, value, strlen (value) + 1);
  return FALSE;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const NaviRegionEntry *left = a, *right = b;
  return left->id < right->id ? -1 : left->id > right->id;
}

static void
write_checksums (NaviRegionWriter *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      NaviRegionEntry *entry = &g_array_index (self->entries, NaviRegionEntry, i);
      GArray *crcs = g_ptr_array_index (self->crcs, i);
      gsize bytes = crcs->len * sizeof (guint32);
      align (self);
      entry->crcs_offset = self->offset;
      entry->crcs_crc = bytes > 0 ? (guint32) crc32_z (0, (const guint8 *) crcs->data, bytes) : 0;
      put (self, crcs->data, bytes);
    }
}

static void
write_frame (NaviRegionWriter *self)
{
  NaviRegionHeader header = { .magic = NAVI_REGION_MAGIC, .version = NAVI_REGION_VERSION, .n_sections = self->entries->len };
  gsize table_bytes = self->entries->len * sizeof (NaviRegionEntry);

  g_array_sort (self->entries, compare_entries);
  align (self);
  header.table_offset = self->offset;
  put (self, self->entries->data, table_bytes);
  flush (self);
  header.file_bytes = self->offset;
  header.table_crc = (guint32) crc32_z (0, (const guint8 *) self->entries->data, table_bytes);
  header.header_crc = (guint32) crc32_z (0, (const guint8 *) &header, G_STRUCT_OFFSET (NaviRegionHeader, header_crc));
  if (self->err_no == 0 && pwrite (self->fd, &header, sizeof header, 0) != sizeof header)
    self->err_no = errno;
}

static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  if (fsync (fd) != 0)
    g_debug ("fsync of a folder: %s", g_strerror (errno));
  close (fd);
}

gboolean
navi_region_writer_commit (NaviRegionWriter *self, GError **error)
{
  g_return_val_if_fail (self != NULL && !self->in_section && self->fd >= 0, FALSE);

  navi_region_writer_begin (self, NAVI_SECTION_META, 0);
  g_tree_foreach (self->meta, append_meta, self);
  if (!navi_region_writer_end (self, error))
    return FALSE;
  write_checksums (self);
  write_frame (self);
  if (self->err_no == 0 && (fchmod (self->fd, 0644) != 0 || fsync (self->fd) != 0))
    self->err_no = errno;
  if (self->err_no == 0)
    name_temporary (self);
  if (close (self->fd) != 0 && self->err_no == 0)
    self->err_no = errno;
  self->fd = -1;
  if (self->err_no == 0 && rename (self->temporary, self->path) != 0)
    self->err_no = errno;
  if (self->err_no != 0)
    return fail (self, error);
  g_clear_pointer (&self->temporary, g_free);
  sync_folder (self->path);
  return TRUE;
}

void
navi_region_writer_free (NaviRegionWriter *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL && !self->is_kept)
    unlink (self->temporary);
  g_free (self->path);
  g_free (self->temporary);
  g_free (self->buffer);
  g_array_unref (self->entries);
  g_ptr_array_unref (self->crcs);
  g_tree_unref (self->meta);
  g_free (self);
}
