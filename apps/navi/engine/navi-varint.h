/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Variable-length integers, seven bits a byte, low ones first (as protobuf has them), and zigzag coding of signed ones.
 *
 * Threading: pure functions. */

/* FALSE at the end of the data, or if it is no number. */
static inline gboolean
navi_varint_read (const guint8 **at, const guint8 *end, guint64 *value)
{
  guint64 result = 0;

  for (guint shift = 0; shift < 64 && *at < end; shift += 7)
    {
      guint8 byte = *(*at)++;
      result |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        {
          *value = result;
          return TRUE;
        }
    }
  return FALSE;
}

static inline void
navi_varint_append (GByteArray *bytes, guint64 value)
{
  guint8 buffer[10];
  guint n = 0;

  do
    {
      buffer[n++] = (guint8) ((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
      value >>= 7;
    }
  while (value > 0);
  g_byte_array_append (bytes, buffer, n);
}

static inline guint64
navi_zigzag_encode (gint64 value)
{
  return ((guint64) value << 1) ^ (guint64) (value >> 63);
}

static inline gint64
navi_zigzag_decode (guint64 value)
{
  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

G_END_DECLS
