/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* CloudFix: where the device was at one instant, how it moved and how sure that is; immutable once made.
 *
 * A number that the source did not give is NAN (test with isnan), a count that it did not give is -1.
 *
 * Threading: immutable and atomically counted: any thread.
 * Ownership: cloud_fix_new copies; a CloudFix is shared by reference (boxed type CLOUD_TYPE_FIX).
 * Source: WGS 84; NMEA 0183 (GGA) and Android's gps.h for the two altitudes. */

#define CLOUD_TYPE_FIX (cloud_fix_get_type ())

/**
 * CloudFix:
 * @time_unix_us: UTC instant of the measurement; below one day (1970-01-01) where the receiver gave no date
 * @monotonic_us: g_get_monotonic_time() when it arrived: the same clock in every process of the machine
 * @latitude_deg, @longitude_deg: WGS 84, always finite and in range
 * @altitude_ellipsoid_m: above the WGS 84 ellipsoid (what Android's GPS gives)
 * @altitude_sea_m: above mean sea level (what maps and people mean)
 * @speed_mps: over ground
 * @bearing_deg: direction of travel, clockwise from true north, 0 to 360 (meaningless when standing)
 * @accuracy_m: radius within which the true position lies in about two of three cases
 * @vertical_accuracy_m: the same for the altitude
 * @satellites_used, @satellites_in_view: or -1
 * @mode: 2 (no altitude) or 3
 * @source: which source gave it: "replay", "gpsd", ... (interned)
 */
typedef struct
{
  gint64 time_unix_us;
  gint64 monotonic_us;
  double latitude_deg;
  double longitude_deg;
  double altitude_ellipsoid_m;
  double altitude_sea_m;
  double speed_mps;
  double bearing_deg;
  double accuracy_m;
  double vertical_accuracy_m;
  int satellites_used;
  int satellites_in_view;
  guint mode;
  const char *source;
} CloudFix;

GType cloud_fix_get_type (void);

/* All unknown: what to fill in before cloud_fix_new. */
void cloud_fix_values_init (CloudFix *values);

/* Returns: (transfer full): a counted copy of @values. */
CloudFix *cloud_fix_new (const CloudFix *values);
CloudFix *cloud_fix_ref (CloudFix *fix);
void cloud_fix_unref (CloudFix *fix);

/* Microseconds since it arrived here. */
gint64 cloud_fix_get_age_us (const CloudFix *fix);

/* The a{sv} of the bus interface (hal-bridge/dbus documents the keys).  Returns: (transfer floating) */
GVariant *cloud_fix_to_variant (const CloudFix *fix);

/* Returns: (transfer full) (nullable): NULL if @variant has no position or one that is out of range. */
CloudFix *cloud_fix_from_variant (GVariant *variant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudFix, cloud_fix_unref)

/* CloudSatellite: one satellite as the receiver sees it now. */

typedef enum
{
  CLOUD_CONSTELLATION_UNKNOWN = 0,
  CLOUD_CONSTELLATION_GPS = 1,
  CLOUD_CONSTELLATION_SBAS = 2,
  CLOUD_CONSTELLATION_GLONASS = 3,
  CLOUD_CONSTELLATION_QZSS = 4,
  CLOUD_CONSTELLATION_BEIDOU = 5,
  CLOUD_CONSTELLATION_GALILEO = 6,
  CLOUD_CONSTELLATION_NAVIC = 7,
} CloudConstellation;

/**
 * CloudSatellite:
 * @constellation: the numbers of Android's GNSS HAL
 * @number: within its constellation
 * @elevation_deg, @azimuth_deg: or NAN
 * @cn0_dbhz: signal to noise, NAN when not tracked
 * @used: part of the present fix
 */
typedef struct
{
  CloudConstellation constellation;
  guint number;
  double elevation_deg;
  double azimuth_deg;
  double cn0_dbhz;
  gboolean used;
} CloudSatellite;

#define CLOUD_SATELLITES_MAX 160

/* "GPS", "BeiDou", ... for people (names, not translated). */
const char *cloud_constellation_get_name (CloudConstellation constellation);

/* The a(uudddb) of the bus interface.  Returns: (transfer floating) */
GVariant *cloud_satellites_to_variant (const CloudSatellite *satellites, guint n_satellites);

/* Returns: (transfer full) (element-type CloudSatellite): at most CLOUD_SATELLITES_MAX. */
GArray *cloud_satellites_from_variant (GVariant *variant);

G_END_DECLS
