/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-time.h"

/* UTC microseconds and their ISO 8601 form. */

gint64
cloud_time_now_unix_us (void)
{
  const char *fake = g_getenv ("CIRRUS_FAKE_TIME");

  if (G_UNLIKELY (fake != NULL && *fake != '\0'))
    return g_ascii_strtoll (fake, NULL, 10) * G_USEC_PER_SEC;
  return g_get_real_time ();
}

char *
cloud_time_format_utc (gint64 unix_us)
{
  gint64 seconds = unix_us / G_USEC_PER_SEC;
  int rest_ms = (int) ((unix_us % G_USEC_PER_SEC) / 1000);
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *whole = NULL;

  if (rest_ms < 0)
    {
      rest_ms += 1000;
      seconds--;
    }
  time = g_date_time_new_from_unix_utc (seconds);
  if (time == NULL)
    return NULL;
  whole = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return rest_ms != 0 ? g_strdup_printf ("%s.%03dZ", whole, rest_ms) : g_strconcat (whole, "Z", NULL);
}

gboolean
cloud_time_parse (const char *text, gint64 *unix_us)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (unix_us != NULL, FALSE);

  if (text == NULL)
    return FALSE;
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL)
    return FALSE;
  *unix_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}
