/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hal-track.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <math.h>

/* Recordings in files: GPX as different programs write it, NMEA logs, and what is neither. */

static GPtrArray *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *fixes = hal_track_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return fixes;
}

static void
assert_refused (const char *text, CloudError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hal_track_parse (text, strlen (text), &error));
  g_assert_error (error, CLOUD_ERROR, (int) code);
}

static void
test_gpx_track (void)
{
  g_autoptr (GPtrArray) fixes
      = parse ("\xef\xbb\xbf<?xml version='1.0'?><gpx:gpx xmlns:gpx='http://www.topografix.com/GPX/1/1'>"
               "<gpx:wpt lat='1' lon='1'/><gpx:trk><gpx:trkseg>"
               "<gpx:trkpt lat='47.0' lon='9.0'><gpx:ele> 450.5 </gpx:ele><gpx:time>2026-06-23T12:00:00Z</gpx:time></gpx:trkpt>"
               "<gpx:trkpt lat='47.0' lon='9.001'><gpx:time>2026-06-23T14:00:10+02:00</gpx:time></gpx:trkpt>"
               "</gpx:trkseg></gpx:trk></gpx:gpx>");
  const CloudFix *first, *second;

  g_assert_cmpuint (fixes->len, ==, 2);
  first = fixes->pdata[0];
  second = fixes->pdata[1];
  g_assert_cmpfloat (first->altitude_sea_m, ==, 450.5);
  g_assert_cmpuint (first->mode, ==, 3);
  g_assert_cmpint (second->time_unix_us - first->time_unix_us, ==, 10 * G_USEC_PER_SEC);
  /* 0.001 degrees of longitude at 47 degrees are 75.8 m, in 10 s, due east. */
  g_assert_cmpfloat_with_epsilon (second->speed_mps, 7.58, 0.02);
  g_assert_cmpfloat_with_epsilon (second->bearing_deg, 90, 0.1);
  g_assert_cmpuint (second->mode, ==, 2);
}

static void
test_gpx_without_times (void)
{
  g_autoptr (GPtrArray) fixes = parse ("<gpx><rte><rtept lat='47' lon='9'/><rtept lat='47.01' lon='9'/></rte></gpx>");
  const CloudFix *first = fixes->pdata[0];
  const CloudFix *second = fixes->pdata[1];

  g_assert_cmpuint (fixes->len, ==, 2);
  /* 1,112 m at 50 km/h. */
  g_assert_cmpfloat_with_epsilon ((double) (second->time_unix_us - first->time_unix_us) / G_USEC_PER_SEC, 80.06, 0.5);
  g_assert_cmpfloat_with_epsilon (second->speed_mps, 13.9, 0.1);
}

static void
test_gpx_impossible_points (void)
{
  g_autoptr (GPtrArray) fixes = parse ("<gpx><trk><trkseg><trkpt lat='91' lon='9'/><trkpt lat='nan' lon='9'/><trkpt lon='9'/>"
                                       "<trkpt lat='47' lon='9'/><trkpt lat='47' lon='181'/></trkseg></trk></gpx>");

  g_assert_cmpuint (fixes->len, ==, 1);
}

static void
test_gpx_refused (void)
{
  assert_refused ("<gpx><trk><trkseg><trkpt lat='47' lon='9'>", CLOUD_ERROR_CORRUPT);
  assert_refused ("<gpx></gpx>", CLOUD_ERROR_INVALID);
  assert_refused ("", CLOUD_ERROR_INVALID);
  assert_refused ("neither", CLOUD_ERROR_INVALID);
  assert_refused ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><gpx><trk><trkseg><trkpt lat='47' lon='9'>"
                  "<time>&a;</time></trkpt></trkseg></trk>",
                  CLOUD_ERROR_CORRUPT);
}

static void
test_nmea_late_date (void)
{
  g_autoptr (GPtrArray) fixes = parse ("$GPGGA,235959,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,\n"
                                       "$GPGGA,000000,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,\n"
                                       "$GPRMC,000001,A,4712.3456,N,00931.5000,E,0.0,0.0,010127,,,A\n");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpuint (fixes->len, ==, 3);
  first = cloud_time_format_utc (((CloudFix *) fixes->pdata[0])->time_unix_us);
  second = cloud_time_format_utc (((CloudFix *) fixes->pdata[1])->time_unix_us);
  g_assert_cmpstr (first, ==, "2026-12-31T23:59:59Z");
  g_assert_cmpstr (second, ==, "2027-01-01T00:00:00Z");
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hal_track_load ("/nonexistent/track.gpx", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hal/track/gpx-track", test_gpx_track);
  g_test_add_func ("/hal/track/gpx-without-times", test_gpx_without_times);
  g_test_add_func ("/hal/track/gpx-impossible-points-dropped", test_gpx_impossible_points);
  g_test_add_func ("/hal/track/gpx-broken-or-empty-refused", test_gpx_refused);
  g_test_add_func ("/hal/track/nmea-date-that-comes-late", test_nmea_late_date);
  g_test_add_func ("/hal/track/missing-file", test_missing_file);
  return g_test_run ();
}
