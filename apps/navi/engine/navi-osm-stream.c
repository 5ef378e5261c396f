/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-osm"

#include "navi-osm-private.h"

#include <bzlib.h>
#include <zlib.h>

/* The bytes of a plain, gzip or bzip2 file, unpacked as they are read; files made of several packed streams in a row included. */

typedef enum
{
  PLAIN,
  GZIP,
  BZIP2,
} Packing;

struct _NaviOsmStream
{
  NaviOsmRun *run;
  Packing packing;
  gboolean started;
  gboolean between; /* a packed stream has ended and no other has begun */
  gboolean input_ended;
  z_stream zlib;
  bz_stream bzip2;
  guint8 input[65536];
  gsize input_bytes;
  gsize input_used;
};

static gboolean
fill (NaviOsmStream *self, GError **error)
{
  gssize got;

  if (self->input_used < self->input_bytes || self->input_ended)
    return TRUE;
  got = navi_osm_read (self->run, self->input, sizeof self->input, error);
  if (got < 0)
    return FALSE;
  self->input_ended = got == 0;
  self->input_bytes = (gsize) got;
  self->input_used = 0;
  return TRUE;
}

static gboolean
start_packing (NaviOsmStream *self, GError **error)
{
  gboolean ok = TRUE;

  if (!self->started)
    {
      if (self->input_bytes >= 2 && self->input[0] == 0x1f && self->input[1] == 0x8b)
        self->packing = GZIP;
      else if (self->input_bytes >= 3 && memcmp (self->input, "BZh", 3) == 0)
        self->packing = BZIP2;
    }
  if (self->packing == GZIP)
    ok = self->started ? inflateReset (&self->zlib) == Z_OK : inflateInit2 (&self->zlib, 15 + 16) == Z_OK;
  else if (self->packing == BZIP2)
    {
      if (self->started)
        BZ2_bzDecompressEnd (&self->bzip2);
      memset (&self->bzip2, 0, sizeof self->bzip2);
      ok = BZ2_bzDecompressInit (&self->bzip2, 0, 0) == BZ_OK;
    }
  self->started = TRUE;
  self->between = FALSE;
  return ok || navi_osm_corrupt (self->run->reader, "it cannot be unpacked", error);
}

static gssize
read_plain (NaviOsmStream *self, gpointer buffer, gsize bytes)
{
  gsize take = MIN (bytes, self->input_bytes - self->input_used);

  memcpy (buffer, self->input + self->input_used, take);
  self->input_used += take;
  return (gssize) take;
}

/* One step of unpacking; -1 if the data are damaged. */
static gssize
step_gzip (NaviOsmStream *self, gpointer buffer, gsize bytes)
{
  int code;

  self->zlib.next_in = self->input + self->input_used;
  self->zlib.avail_in = (guint) (self->input_bytes - self->input_used);
  self->zlib.next_out = buffer;
  self->zlib.avail_out = (guint) bytes;
  code = inflate (&self->zlib, Z_NO_FLUSH);
  self->input_used = self->input_bytes - self->zlib.avail_in;
  self->between = code == Z_STREAM_END;
  return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? (gssize) (bytes - self->zlib.avail_out) : -1;
}

static gssize
step_bzip2 (NaviOsmStream *self, gpointer buffer, gsize bytes)
{
  int code;

  self->bzip2.next_in = (char *) self->input + self->input_used;
  self->bzip2.avail_in = (guint) (self->input_bytes - self->input_used);
  self->bzip2.next_out = buffer;
  self->bzip2.avail_out = (guint) bytes;
  code = BZ2_bzDecompress (&self->bzip2);
  self->input_used = self->input_bytes - self->bzip2.avail_in;
  self->between = code == BZ_STREAM_END;
  return code == BZ_OK || code == BZ_STREAM_END ? (gssize) (bytes - self->bzip2.avail_out) : -1;
}

NaviOsmStream *
navi_osm_stream_new (NaviOsmRun *run)
{
  NaviOsmStream *self = g_new0 (NaviOsmStream, 1);

  self->run = run;
  return self;
}

gssize
navi_osm_stream_read (NaviOsmStream *self, gpointer buffer, gsize bytes, GError **error)
{
  bytes = MIN (bytes, G_MAXINT32);
  for (;;)
    {
      gssize got;
      if (!fill (self, error))
        return -1;
      if (self->input_ended && (!self->started || self->between || self->packing == PLAIN))
        return 0;
      if ((!self->started || self->between) && !start_packing (self, error))
        return -1;
      if (self->packing == PLAIN)
        return read_plain (self, buffer, bytes);
      got = self->packing == GZIP ? step_gzip (self, buffer, bytes) : step_bzip2 (self, buffer, bytes);
      if (got < 0)
        {
          navi_osm_corrupt (self->run->reader, "it cannot be unpacked", error);
          return -1;
        }
      if (got > 0)
        return got;
      if (self->input_ended && !self->between)
        {
          navi_osm_corrupt (self->run->reader, "it ends too early", error);
          return -1;
        }
    }
}

void
navi_osm_stream_free (NaviOsmStream *self)
{
  if (self->started && self->packing == GZIP)
    inflateEnd (&self->zlib);
  if (self->started && self->packing == BZIP2)
    BZ2_bzDecompressEnd (&self->bzip2);
  g_free (self);
}
