/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-park.h"

#include "cloud-error.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A nameless file and a list of what lies where in it. */

typedef struct
{
  GArray *array;     /* or... */
  GByteArray *bytes; /* ...this */
  guint length;      /* items */
  gsize item_bytes;
} Parked;

struct _NaviPark
{
  int fd;
  int err_no; /* the first error, 0 if none */
  GArray *parked; /* Parked, in the order of the file */
};

NaviPark *
navi_park_new (const char *folder, GError **error)
{
  NaviPark *self;
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      /* Not every file system has O_TMPFILE. */
      g_autofree char *path = g_build_filename (folder, ".navi-park-XXXXXX", NULL);
      fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
      if (fd >= 0)
        unlink (path);
    }
  if (fd < 0)
    {
      int err_no = errno;
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot make a temporary file in %s: %s", folder,
                   g_strerror (err_no));
      return NULL;
    }
  self = g_new0 (NaviPark, 1);
  self->fd = fd;
  self->parked = g_array_new (FALSE, FALSE, sizeof (Parked));
  return self;
}

/* All of @data to or from where the file stands; FALSE with errno set. */
static gboolean
transfer (int fd, gpointer data, gsize bytes, gboolean is_write)
{
  guint8 *at = data;

  while (bytes > 0)
    {
      gssize done = is_write ? write (fd, at, bytes) : read (fd, at, bytes);
      if (done < 0 && errno == EINTR)
        continue;
      if (done == 0)
        errno = EIO; /* the file is shorter than what was written to it */
      if (done <= 0)
        return FALSE;
      at += done;
      bytes -= (gsize) done;
    }
  return TRUE;
}

static gboolean
put (NaviPark *self, gpointer data, Parked parked)
{
  if (self->err_no == 0 && !transfer (self->fd, data, parked.length * parked.item_bytes, TRUE))
    self->err_no = errno;
  if (self->err_no != 0)
    return FALSE;
  g_array_append_val (self->parked, parked);
  return TRUE;
}

void
navi_park_put (NaviPark *self, GArray *array)
{
  g_return_if_fail (self != NULL && array != NULL);

  if (put (self, array->data, (Parked){ .array = array, .length = array->len, .item_bytes = g_array_get_element_size (array) }))
    g_free (g_array_steal (array, NULL));
}

void
navi_park_put_bytes (NaviPark *self, GByteArray *array)
{
  g_return_if_fail (self != NULL && array != NULL);

  if (put (self, array->data, (Parked){ .bytes = array, .length = array->len, .item_bytes = 1 }))
    g_free (g_byte_array_steal (array, NULL));
}

gboolean
navi_park_take_back (NaviPark *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->err_no == 0 && lseek (self->fd, 0, SEEK_SET) != 0)
    self->err_no = errno;
  for (guint i = 0; i < self->parked->len && self->err_no == 0; i++)
    {
      const Parked *parked = &g_array_index (self->parked, Parked, i);
      gpointer data;
      if (parked->array != NULL)
        data = g_array_set_size (parked->array, parked->length)->data;
      else
        data = g_byte_array_set_size (parked->bytes, parked->length)->data;
      if (!transfer (self->fd, data, parked->length * parked->item_bytes, FALSE))
        self->err_no = errno;
    }
  g_array_set_size (self->parked, 0);
  if (self->err_no == 0 && (lseek (self->fd, 0, SEEK_SET) != 0 || ftruncate (self->fd, 0) != 0))
    self->err_no = errno;
  if (self->err_no == 0)
    return TRUE;
  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (self->err_no), "Cannot put data aside: %s", g_strerror (self->err_no));
  return FALSE;
}

void
navi_park_free (NaviPark *self)
{
  close (self->fd);
  g_array_unref (self->parked);
  g_free (self);
}
