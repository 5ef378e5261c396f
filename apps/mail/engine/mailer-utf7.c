/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-utf7.h"

#include <string.h>

/* Modified UTF-7. */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* Decodes the base64 run at @p (after the '&') onto @out; returns the position after its '-', or NULL if it is none. */
static const char *
decode_run (const char *p, GString *out)
{
  guint32 bits = 0;
  int n_bits = 0;
  gunichar2 high = 0;

  for (; *p != '-'; p++)
    {
      const char *digit = *p != '\0' ? strchr (alphabet, *p) : NULL;
      gunichar2 unit;

      if (digit == NULL)
        return NULL;
      bits = bits << 6 | (guint32) (digit - alphabet);
      n_bits += 6;
      if (n_bits < 16)
        continue;
      n_bits -= 16;
      unit = bits >> n_bits & 0xffff;
      if (high == 0 && unit >= 0xd800 && unit < 0xdc00)
        high = unit;
      else if (high != 0 && unit >= 0xdc00 && unit < 0xe000)
        {
          g_string_append_unichar (out, 0x10000 + ((gunichar) (high - 0xd800) << 10) + (unit - 0xdc00));
          high = 0;
        }
      else if (high != 0 || (unit >= 0xdc00 && unit < 0xe000) || unit == 0)
        return NULL;
      else
        g_string_append_unichar (out, unit);
    }
  return high == 0 ? p + 1 : NULL;
}

char *
mailer_utf7_decode (const char *wire)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (wire != NULL, NULL);

  for (const char *p = wire; *p != '\0';)
    {
      gsize before = out->len;
      const char *after;

      if (*p != '&')
        {
          g_string_append_c (out, *p++);
          continue;
        }
      if (p[1] == '-')
        {
          g_string_append_c (out, '&');
          p += 2;
          continue;
        }
      after = decode_run (p + 1, out);
      if (after == NULL)
        {
          g_string_truncate (out, before);
          g_string_append_c (out, *p++);
        }
      else
        p = after;
    }
  if (!g_utf8_validate (out->str, out->len, NULL))
    {
      char *valid = g_utf8_make_valid (out->str, out->len);

      g_string_free (out, TRUE);
      return valid;
    }
  return g_string_free (out, FALSE);
}

static void
encode_run (GString *out, const gunichar2 *units, glong n)
{
  guint32 bits = 0;
  int n_bits = 0;

  g_string_append_c (out, '&');
  for (glong i = 0; i < n; i++)
    {
      bits = bits << 16 | units[i];
      n_bits += 16;
      while (n_bits >= 6)
        {
          n_bits -= 6;
          g_string_append_c (out, alphabet[bits >> n_bits & 0x3f]);
        }
    }
  if (n_bits > 0)
    g_string_append_c (out, alphabet[bits << (6 - n_bits) & 0x3f]);
  g_string_append_c (out, '-');
}

char *
mailer_utf7_encode (const char *utf8)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (utf8 != NULL, NULL);

  for (const char *p = utf8; *p != '\0';)
    {
      const char *q = p;
      glong n_units = 0;
      g_autofree gunichar2 *units = NULL;

      if ((guchar) *p >= 0x20 && (guchar) *p < 0x7f)
        {
          g_string_append_c (out, *p);
          if (*p == '&')
            g_string_append_c (out, '-');
          p++;
          continue;
        }
      while (*q != '\0' && ((guchar) *q < 0x20 || (guchar) *q >= 0x7f))
        q++;
      units = g_utf8_to_utf16 (p, q - p, NULL, &n_units, NULL);
      if (units != NULL)
        encode_run (out, units, n_units);
      p = q;
    }
  return g_string_free (out, FALSE);
}
