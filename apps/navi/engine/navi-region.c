/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-region"

#include "navi-region.h"
#include "navi-region-format.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Opens a region file: checks its frame, and maps sections one by one as they are asked for, so that the address space of a small phone
 * holds what a route needs and not the whole country. */

typedef struct
{
  gpointer map; /* page-aligned, NULL until asked for */
  gsize map_bytes;
  const guint8 *data;
} Mapping;

struct _NaviRegion
{
  GObject parent_instance;

  char *path;
  char *name;
  int fd;
  guint64 file_bytes;
  NaviRegionEntry *entries;
  guint n_entries;
  GMutex lock; /* guards mappings */
  Mapping *mappings;
  GHashTable *meta;
};

G_DEFINE_FINAL_TYPE (NaviRegion, navi_region, G_TYPE_OBJECT)

static gboolean
damaged (NaviRegion *self, const char *what, GError **error)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is damaged (%s): import it again", self->path, what);
  return FALSE;
}

static gboolean
read_at (NaviRegion *self, gpointer buffer, gsize bytes, guint64 offset, GError **error)
{
  guint8 *out = buffer;

  while (bytes > 0)
    {
      gssize got = pread (self->fd, out, bytes, (off_t) offset);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return damaged (self, got == 0 ? "it ends too early" : g_strerror (errno), error);
      out += got;
      offset += (guint64) got;
      bytes -= (gsize) got;
    }
  return TRUE;
}

static gboolean
range_is_inside (guint64 offset, guint64 length, guint64 file_bytes)
{
  return offset >= NAVI_REGION_HEADER_BYTES && offset % NAVI_REGION_ALIGN == 0 && offset <= file_bytes && length <= file_bytes - offset;
}

static guint64
n_blocks (guint64 length)
{
  return length / NAVI_REGION_BLOCK_BYTES + (length % NAVI_REGION_BLOCK_BYTES != 0);
}

static gboolean
check_header (NaviRegion *self, const NaviRegionHeader *header, GError **error)
{
  if (memcmp (header->magic, NAVI_REGION_MAGIC, sizeof header->magic) != 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is not a region file", self->path);
      return FALSE;
    }
  if (header->version != NAVI_REGION_VERSION)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s has format version %u, this program reads version %u: import again",
                   self->path, header->version, NAVI_REGION_VERSION);
      return FALSE;
    }
  if (crc32 (0, (const guint8 *) header, G_STRUCT_OFFSET (NaviRegionHeader, header_crc)) != header->header_crc)
    return damaged (self, "header", error);
  if (header->file_bytes != self->file_bytes)
    return damaged (self, self->file_bytes < header->file_bytes ? "it ends too early" : "it is too long", error);
  if (header->n_sections > NAVI_REGION_MAX_SECTIONS
      || !range_is_inside (header->table_offset, (guint64) header->n_sections * sizeof (NaviRegionEntry), self->file_bytes))
    return damaged (self, "table", error);
  return TRUE;
}

static gboolean
check_entries (NaviRegion *self, GError **error)
{
  guint32 last_id = 0;

  for (guint i = 0; i < self->n_entries; i++)
    {
      const NaviRegionEntry *entry = &self->entries[i];
      if (entry->id <= last_id || !range_is_inside (entry->offset, entry->length, self->file_bytes)
          || !range_is_inside (entry->crcs_offset, n_blocks (entry->length) * sizeof (guint32), self->file_bytes)
          || (entry->item_bytes != 0 && entry->length % entry->item_bytes != 0) || entry->length > G_MAXSSIZE)
        return damaged (self, "table", error);
      last_id = entry->id;
    }
  return TRUE;
}

static const NaviRegionEntry *
find_entry (NaviRegion *self, guint32 id, guint *index)
{
  guint low = 0, high = self->n_entries;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (self->entries[middle].id == id)
        {
          *index = middle;
          return &self->entries[middle];
        }
      if (self->entries[middle].id < id)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

/* Reads the section's blocks and compares their checksums; @sink, if not NULL, gets the data. */
static gboolean
verify_section (NaviRegion *self, const NaviRegionEntry *entry, guint8 *sink, GCancellable *cancellable, GError **error)
{
  guint64 blocks = n_blocks (entry->length);
  g_autofree guint32 *crcs = g_try_new (guint32, blocks + 1);
  g_autofree guint8 *block = g_malloc (NAVI_REGION_BLOCK_BYTES);

  if (crcs == NULL)
    return damaged (self, "table", error);
  if (!read_at (self, crcs, blocks * sizeof (guint32), entry->crcs_offset, error))
    return FALSE;
  if (crc32_z (0, (const guint8 *) crcs, blocks * sizeof (guint32)) != entry->crcs_crc)
    return damaged (self, "checksums", error);
  for (guint64 i = 0; i < blocks; i++)
    {
      guint64 start = i * NAVI_REGION_BLOCK_BYTES;
      gsize bytes = (gsize) MIN (entry->length - start, NAVI_REGION_BLOCK_BYTES);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!read_at (self, block, bytes, entry->offset + start, error))
        return FALSE;
      if (crc32_z (0, block, bytes) != crcs[i])
        {
          g_autofree char *what = g_strdup_printf ("section %u, block %" G_GUINT64_FORMAT, entry->id, i);
          return damaged (self, what, error);
        }
      if (sink != NULL)
        memcpy (sink + start, block, bytes);
    }
  return TRUE;
}

/* The metadata is a run of NUL-terminated strings, key and value in turn. */
static gboolean
read_meta (NaviRegion *self, GError **error)
{
  guint index;
  const NaviRegionEntry *entry = find_entry (self, NAVI_SECTION_META, &index);
  g_autofree char *text = NULL;

  if (entry == NULL)
    return TRUE;
  if (entry->length > 1024 * 1024)
    return damaged (self, "metadata", error);
  text = g_malloc0 (entry->length + 1);
  if (!verify_section (self, entry, (guint8 *) text, NULL, error))
    return FALSE;
  for (const char *p = text, *end = text + entry->length; p < end;)
    {
      const char *key = p;
      const char *value = p + strlen (p) + 1;
      if (value >= end || !g_utf8_validate (key, -1, NULL) || !g_utf8_validate (value, -1, NULL))
        return damaged (self, "metadata", error);
      g_hash_table_replace (self->meta, g_strdup (key), g_strdup (value));
      p = value + strlen (value) + 1;
    }
  return TRUE;
}

static gboolean
open_file (NaviRegion *self, GError **error)
{
  struct stat info;
  NaviRegionHeader header;

  self->fd = open (self->path, O_RDONLY | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &info) != 0)
    {
      int err_no = errno;
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot open %s: %s", self->path, g_strerror (err_no));
      return FALSE;
    }
  self->file_bytes = (guint64) info.st_size;
  if (!S_ISREG (info.st_mode) || self->file_bytes < NAVI_REGION_HEADER_BYTES)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is not a region file", self->path);
      return FALSE;
    }
  if (!read_at (self, &header, sizeof header, 0, error) || !check_header (self, &header, error))
    return FALSE;
  self->n_entries = header.n_sections;
  self->entries = g_new0 (NaviRegionEntry, self->n_entries + 1);
  self->mappings = g_new0 (Mapping, self->n_entries + 1);
  if (!read_at (self, self->entries, self->n_entries * sizeof (NaviRegionEntry), header.table_offset, error))
    return FALSE;
  if (crc32_z (0, (const guint8 *) self->entries, self->n_entries * sizeof (NaviRegionEntry)) != header.table_crc)
    return damaged (self, "table", error);
  return check_entries (self, error) && read_meta (self, error);
}

static gboolean
map_section (NaviRegion *self, guint index)
{
  const NaviRegionEntry *entry = &self->entries[index];
  Mapping *mapping = &self->mappings[index];
  guint64 page = (guint64) sysconf (_SC_PAGESIZE);
  guint64 start = entry->offset - entry->offset % page;

  if (entry->length + page > G_MAXSIZE)
    return FALSE;
  mapping->map_bytes = (gsize) (entry->offset - start + entry->length);
  mapping->map = mmap (NULL, mapping->map_bytes, PROT_READ, MAP_SHARED, self->fd, (off_t) start);
  if (mapping->map == MAP_FAILED)
    {
      mapping->map = NULL;
      g_warning ("Cannot map section %u: %s", entry->id, g_strerror (errno));
      return FALSE;
    }
  mapping->data = (const guint8 *) mapping->map + (entry->offset - start);
  return TRUE;
}

static void
navi_region_finalize (GObject *object)
{
  NaviRegion *self = NAVI_REGION (object);

  for (guint i = 0; self->mappings != NULL && i < self->n_entries; i++)
    if (self->mappings[i].map != NULL)
      munmap (self->mappings[i].map, self->mappings[i].map_bytes);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->mappings);
  g_free (self->entries);
  g_free (self->path);
  g_free (self->name);
  g_hash_table_unref (self->meta);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (navi_region_parent_class)->finalize (object);
}

static void
navi_region_class_init (NaviRegionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_region_finalize;
}

static void
navi_region_init (NaviRegion *self)
{
  self->fd = -1;
  g_mutex_init (&self->lock);
  self->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

NaviRegion *
navi_region_open (const char *path, GError **error)
{
  g_autoptr (NaviRegion) self = NULL;
  const char *name;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (NAVI_TYPE_REGION, NULL);
  self->path = g_strdup (path);
  if (!open_file (self, error))
    return NULL;
  name = navi_region_get_meta (self, "name");
  if (name != NULL && *name != '\0')
    self->name = g_strdup (name);
  else
    {
      char *dot;
      g_autofree char *base = g_path_get_basename (path);
      self->name = g_filename_display_name (base);
      dot = strrchr (self->name, '.');
      if (dot != NULL && dot != self->name)
        *dot = '\0';
    }
  return g_steal_pointer (&self);
}

const char *
navi_region_get_path (NaviRegion *self)
{
  g_return_val_if_fail (NAVI_IS_REGION (self), NULL);
  return self->path;
}

guint64
navi_region_get_size_bytes (NaviRegion *self)
{
  g_return_val_if_fail (NAVI_IS_REGION (self), 0);
  return self->file_bytes;
}

gboolean
navi_region_is_same_file (NaviRegion *self, NaviRegion *other)
{
  struct stat a, b;

  g_return_val_if_fail (NAVI_IS_REGION (self) && NAVI_IS_REGION (other), FALSE);
  return fstat (self->fd, &a) == 0 && fstat (other->fd, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

const char *
navi_region_get_name (NaviRegion *self)
{
  g_return_val_if_fail (NAVI_IS_REGION (self), NULL);
  return self->name;
}

const char *
navi_region_get_meta (NaviRegion *self, const char *key)
{
  g_return_val_if_fail (NAVI_IS_REGION (self), NULL);
  return g_hash_table_lookup (self->meta, key);
}

gboolean
navi_region_get_bounds (NaviRegion *self, double *south, double *west, double *north, double *east)
{
  const char *text;
  gint64 values[4];

  g_return_val_if_fail (NAVI_IS_REGION (self), FALSE);

  text = navi_region_get_meta (self, "bounds");
  if (text == NULL)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      char *end;
      values[i] = g_ascii_strtoll (text, &end, 10);
      if (end == text || *end != (i < 3 ? ',' : '\0'))
        return FALSE;
      text = end + 1;
    }
  *west = (double) values[0] / 1e7;
  *south = (double) values[1] / 1e7;
  *east = (double) values[2] / 1e7;
  *north = (double) values[3] / 1e7;
  return TRUE;
}

gconstpointer
navi_region_get_section (NaviRegion *self, guint32 id, gsize *length_bytes)
{
  guint index;
  const NaviRegionEntry *entry;
  const guint8 *data = NULL;

  g_return_val_if_fail (NAVI_IS_REGION (self), NULL);
  g_return_val_if_fail (length_bytes != NULL, NULL);

  *length_bytes = 0;
  entry = find_entry (self, id, &index);
  if (entry == NULL || entry->length == 0)
    return NULL;
  g_mutex_lock (&self->lock);
  if (self->mappings[index].map != NULL || map_section (self, index))
    data = self->mappings[index].data;
  g_mutex_unlock (&self->lock);
  if (data != NULL)
    *length_bytes = (gsize) entry->length;
  return data;
}

gconstpointer
navi_region_get_array (NaviRegion *self, guint32 id, gsize item_bytes, gsize *n_items)
{
  guint index;
  const NaviRegionEntry *entry;
  gsize length;
  gconstpointer data;

  g_return_val_if_fail (NAVI_IS_REGION (self), NULL);
  g_return_val_if_fail (item_bytes > 0 && n_items != NULL, NULL);

  *n_items = 0;
  entry = find_entry (self, id, &index);
  if (entry == NULL || entry->item_bytes != item_bytes)
    return NULL;
  data = navi_region_get_section (self, id, &length);
  *n_items = length / item_bytes;
  return data;
}

guint64
navi_region_get_section_bytes (NaviRegion *self, guint32 id)
{
  const NaviRegionEntry *entry;
  guint index;

  g_return_val_if_fail (NAVI_IS_REGION (self), 0);

  entry = find_entry (self, id, &index);
  return entry != NULL ? entry->length : 0;
}

gboolean
navi_region_read (NaviRegion *self, guint32 id, guint64 offset, gpointer buffer, gsize bytes, GError **error)
{
  const NaviRegionEntry *entry;
  guint index;

  g_return_val_if_fail (NAVI_IS_REGION (self), FALSE);

  entry = find_entry (self, id, &index);
  if (entry == NULL || offset > entry->length || bytes > entry->length - offset)
    return damaged (self, "a section is too short", error);
  return read_at (self, buffer, bytes, entry->offset + offset, error);
}

gboolean
navi_region_verify (NaviRegion *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (NAVI_IS_REGION (self), FALSE);

  for (guint i = 0; i < self->n_entries; i++)
    if (!verify_section (self, &self->entries[i], NULL, cancellable, error))
      return FALSE;
  return TRUE;
}
