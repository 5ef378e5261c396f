/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-gpsd-report.h"

#include "cloud-time.h"

#include <jansson.h>
#include <math.h>

/* gpsd's JSON objects as our own values. */

static double
get_number (json_t *object, const char *key)
{
  json_t *value = json_object_get (object, key);

  return json_is_number (value) ? json_number_value (value) : NAN;
}

static double
either (double first, double second)
{
  return isfinite (first) ? first : second;
}

/* gpsd's error estimates are 95 percent; ours are 68. */
static double
from_95_percent (double metres)
{
  return metres / 2;
}

static void
parse_tpv (HalGpsdReport *report, json_t *object)
{
  CloudFix values;
  int mode = (int) json_integer_value (json_object_get (object, "mode"));
  const char *time = json_string_value (json_object_get (object, "time"));
  double eph = get_number (object, "eph");

  report->kind = HAL_GPSD_NO_FIX;
  cloud_fix_values_init (&values);
  values.latitude_deg = get_number (object, "lat");
  values.longitude_deg = get_number (object, "lon");
  if (mode < 2 || !(fabs (values.latitude_deg) <= 90) || !(fabs (values.longitude_deg) <= 180))
    return;
  values.mode = mode > 2 ? 3 : 2;
  values.altitude_ellipsoid_m = get_number (object, "altHAE");
  values.altitude_sea_m = either (get_number (object, "altMSL"), get_number (object, "alt"));
  values.speed_mps = get_number (object, "speed");
  values.bearing_deg = get_number (object, "track");
  if (!isfinite (eph))
    eph = hypot (get_number (object, "epx"), get_number (object, "epy"));
  values.accuracy_m = from_95_percent (eph);
  values.vertical_accuracy_m = from_95_percent (get_number (object, "epv"));
  if (time == NULL || !cloud_time_parse (time, &values.time_unix_us))
    values.time_unix_us = 0;
  values.monotonic_us = g_get_monotonic_time ();
  values.source = "gpsd";
  report->kind = HAL_GPSD_FIX;
  report->fix = cloud_fix_new (&values);
}

/* gpsd's gnssid (u-blox numbering) as ours. */
static CloudConstellation
constellation_from_gnssid (json_t *gnssid)
{
  static const CloudConstellation constellations[]
      = { CLOUD_CONSTELLATION_GPS,     CLOUD_CONSTELLATION_SBAS, CLOUD_CONSTELLATION_GALILEO, CLOUD_CONSTELLATION_BEIDOU,
          CLOUD_CONSTELLATION_UNKNOWN, CLOUD_CONSTELLATION_QZSS, CLOUD_CONSTELLATION_GLONASS, CLOUD_CONSTELLATION_NAVIC };
  json_int_t id = json_is_integer (gnssid) ? json_integer_value (gnssid) : -1;

  return id >= 0 && id < (json_int_t) G_N_ELEMENTS (constellations) ? constellations[id] : CLOUD_CONSTELLATION_UNKNOWN;
}

static void
parse_sky (HalGpsdReport *report, json_t *object)
{
  json_t *list = json_object_get (object, "satellites");
  json_t *item;
  gsize i;

  /* A SKY without the list repeats dilutions only. */
  if (!json_is_array (list))
    return;
  report->kind = HAL_GPSD_SATELLITES;
  report->satellites = g_array_new (FALSE, FALSE, sizeof (CloudSatellite));
  report->n_used = 0;
  json_array_foreach (list, i, item)
  {
    json_t *number = json_object_get (item, "svid");
    CloudSatellite satellite = { .constellation = constellation_from_gnssid (json_object_get (item, "gnssid")),
                                 .elevation_deg = get_number (item, "el"),
                                 .azimuth_deg = get_number (item, "az"),
                                 .cn0_dbhz = get_number (item, "ss"),
                                 .used = json_is_true (json_object_get (item, "used")) };

    if (!json_is_integer (number))
      number = json_object_get (item, "PRN");
    satellite.number = (guint) CLAMP (json_integer_value (number), 0, 1023);
    if (report->satellites->len == CLOUD_SATELLITES_MAX)
      break;
    report->n_used += satellite.used ? 1 : 0;
    g_array_append_val (report->satellites, satellite);
  }
}

void
hal_gpsd_report_parse (HalGpsdReport *report, const char *line, gsize length)
{
  json_t *object;
  const char *class;

  g_return_if_fail (report != NULL);

  *report = (HalGpsdReport){ .kind = HAL_GPSD_NOTHING, .n_used = -1 };
  object = json_loadb (line, length, 0, NULL);
  class = json_string_value (json_object_get (object, "class"));
  if (g_strcmp0 (class, "TPV") == 0)
    parse_tpv (report, object);
  else if (g_strcmp0 (class, "SKY") == 0)
    parse_sky (report, object);
  else if (g_strcmp0 (class, "VERSION") == 0)
    report->kind = HAL_GPSD_VERSION;
  else if (g_strcmp0 (class, "DEVICES") == 0)
    {
      report->kind = HAL_GPSD_DEVICES;
      report->n_devices = (guint) json_array_size (json_object_get (object, "devices"));
    }
  json_decref (object);
}

void
hal_gpsd_report_clear (HalGpsdReport *report)
{
  g_clear_pointer (&report->fix, cloud_fix_unref);
  g_clear_pointer (&report->satellites, g_array_unref);
  report->kind = HAL_GPSD_NOTHING;
}
