/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hal-nmea.h"

#include <math.h>
#include <stdint.h>

/* Any bytes, in two pieces: no fix may lie outside the world, and nothing may be read or written out of bounds. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
on_fix (CloudFix *fix, gpointer data)
{
  g_assert_true (fabs (fix->latitude_deg) <= 90 && fabs (fix->longitude_deg) <= 180);
  g_assert_true (fix->mode == 2 || fix->mode == 3);
  g_assert_true (isnan (fix->bearing_deg) || (fix->bearing_deg >= 0 && fix->bearing_deg < 360));
  g_variant_unref (g_variant_ref_sink (cloud_fix_to_variant (fix)));
}

static void
on_satellites (const CloudSatellite *satellites, guint n, gpointer data)
{
  g_assert_cmpuint (n, <=, CLOUD_SATELLITES_MAX);
}

static void
on_sentence (const char *sentence, gpointer data)
{
  g_assert_true (g_str_is_ascii (sentence));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const HalNmeaCallbacks callbacks = { on_fix, on_satellites, on_sentence };
  g_autoptr (HalNmea) nmea = hal_nmea_new (&callbacks, NULL);

  if (size > 0 && data[0] % 2 == 1)
    hal_nmea_set_reference_time (nmea, G_GINT64_CONSTANT (1795464900000000));
  hal_nmea_feed (nmea, data, size / 2);
  hal_nmea_feed (nmea, data + size / 2, size - size / 2);
  hal_nmea_flush (nmea);
  return 0;
}
