/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-track.h"
#include "hal-nmea.h"

#include "cloud-error.h"

#include <errno.h>
#include <math.h>

/* Files of positions: which format, and the dates that an NMEA log tells late. */

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

static void
on_fix (CloudFix *fix, gpointer data)
{
  g_ptr_array_add (data, cloud_fix_ref (fix));
}

/* Fixes before the first date lie on 1970-01-01: move them to the day that the first dated one tells. */
static void
date_first_fixes (GPtrArray *fixes)
{
  guint dated = 0;

  while (dated < fixes->len && ((CloudFix *) fixes->pdata[dated])->time_unix_us < DAY_US)
    dated++;
  if (dated == fixes->len)
    return;
  for (guint i = dated; i-- > 0;)
    {
      const CloudFix *next = fixes->pdata[i + 1];
      CloudFix values = *(CloudFix *) fixes->pdata[i];
      gint64 next_time_of_day = next->time_unix_us % DAY_US;

      values.time_unix_us += next->time_unix_us - next_time_of_day;
      if (values.time_unix_us > next->time_unix_us + DAY_US / 2)
        values.time_unix_us -= DAY_US;
      cloud_fix_unref (fixes->pdata[i]);
      fixes->pdata[i] = cloud_fix_new (&values);
    }
}

GPtrArray *
hal_track_parse_nmea (const void *bytes, gsize length)
{
  static const HalNmeaCallbacks callbacks = { .fix = on_fix };
  GPtrArray *fixes = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_fix_unref);
  g_autoptr (HalNmea) nmea = hal_nmea_new (&callbacks, fixes);

  hal_nmea_feed (nmea, bytes, length);
  hal_nmea_feed (nmea, "\n", 1);
  hal_nmea_flush (nmea);
  date_first_fixes (fixes);
  return fixes;
}

static gboolean
looks_like_xml (const guchar *bytes, gsize length)
{
  gsize i = 0;

  if (length >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
    return TRUE;
  if (length >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf)
    i = 3;
  while (i < length && g_ascii_isspace (bytes[i]))
    i++;
  return i < length && bytes[i] == '<';
}

GPtrArray *
hal_track_parse (const void *bytes, gsize length, GError **error)
{
  g_autoptr (GPtrArray) fixes = NULL;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (looks_like_xml (bytes, length))
    fixes = hal_track_parse_gpx (bytes, length, error);
  else
    fixes = hal_track_parse_nmea (bytes, length);
  if (fixes == NULL)
    return NULL;
  if (fixes->len == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "there is no position in it; give an NMEA log or a GPX file");
      return NULL;
    }
  return g_steal_pointer (&fixes);
}

GPtrArray *
hal_track_load (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GPtrArray) fixes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_mapped_file_new (path, FALSE, error);
  if (file == NULL)
    {
      cloud_error_convert_gio (error);
      return NULL;
    }
  if (g_mapped_file_get_length (file) > HAL_TRACK_MAX_BYTES)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TOO_LARGE, "%s: too large for a recording", path);
      return NULL;
    }
  fixes = hal_track_parse (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), error);
  if (fixes == NULL)
    g_prefix_error (error, "%s: ", path);
  return g_steal_pointer (&fixes);
}
