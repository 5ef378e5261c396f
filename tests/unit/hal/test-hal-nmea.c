/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hal-nmea.h"

#include "cloud-time.h"

#include <math.h>

/* What the NMEA parser makes of the streams that receivers really send. */

typedef struct
{
  HalNmea *nmea;
  GPtrArray *fixes;
  GArray *satellites;
  guint n_skies;
  guint n_sentences;
} Fixture;

static void
on_fix (CloudFix *fix, gpointer data)
{
  g_ptr_array_add (((Fixture *) data)->fixes, cloud_fix_ref (fix));
}

static void
on_satellites (const CloudSatellite *satellites, guint n, gpointer data)
{
  Fixture *f = data;

  f->n_skies++;
  g_array_set_size (f->satellites, 0);
  g_array_append_vals (f->satellites, satellites, n);
}

static void
on_sentence (const char *sentence, gpointer data)
{
  ((Fixture *) data)->n_sentences++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static const HalNmeaCallbacks callbacks = { on_fix, on_satellites, on_sentence };

  f->fixes = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_fix_unref);
  f->satellites = g_array_new (FALSE, FALSE, sizeof (CloudSatellite));
  f->nmea = hal_nmea_new (&callbacks, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  hal_nmea_free (f->nmea);
  g_ptr_array_unref (f->fixes);
  g_array_unref (f->satellites);
}

/* Feeds the sentence @body with its framing and checksum. */
static void
say (Fixture *f, const char *body)
{
  g_autofree char *sentence = NULL;
  guint8 sum = 0;

  for (const char *p = body; *p != '\0'; p++)
    sum ^= (guint8) *p;
  sentence = g_strdup_printf ("$%s*%02X\r\n", body, sum);
  hal_nmea_feed (f->nmea, sentence, strlen (sentence));
}

static const CloudFix *
get_fix (Fixture *f, guint i)
{
  g_assert_cmpuint (i, <, f->fixes->len);
  return f->fixes->pdata[i];
}

static void
assert_time (const CloudFix *fix, const char *expected)
{
  g_autofree char *text = cloud_time_format_utc (fix->time_unix_us);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_one_fix_per_instant (Fixture *f, gconstpointer data)
{
  say (f, "GPRMC,120000.00,A,4712.3456,N,00931.5000,W,19.438,45.5,230626,,,A");
  say (f, "GPVTG,45.5,T,,M,19.438,N,36.0,K,A");
  say (f, "GPGGA,120000.00,4712.3456,N,00931.5000,W,1,08,1.5,450.0,M,47.5,M,,");
  say (f, "GPGLL,4712.3456,N,00931.5000,W,120000.00,A,A");
  g_assert_cmpuint (f->fixes->len, ==, 0);
  say (f, "GPRMC,120001.00,A,4712.3460,N,00931.5000,W,19.438,45.5,230626,,,A");
  g_assert_cmpuint (f->fixes->len, ==, 1);
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 2);

  assert_time (get_fix (f, 0), "2026-06-23T12:00:00Z");
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->latitude_deg, 47.20576, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->longitude_deg, -9.525, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->speed_mps, 10.0, 1e-3);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->bearing_deg, 45.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->altitude_sea_m, 450.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->altitude_ellipsoid_m, 497.5, 1e-9);
  g_assert_cmpuint (get_fix (f, 0)->mode, ==, 3);
  g_assert_cmpint (get_fix (f, 0)->satellites_used, ==, 8);
  /* The second instant had no altitude: none is carried over. */
  g_assert_cmpuint (get_fix (f, 1)->mode, ==, 2);
  g_assert_true (isnan (get_fix (f, 1)->altitude_sea_m));
}

static void
test_void (Fixture *f, gconstpointer data)
{
  say (f, "GPRMC,120000,V,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,N");
  say (f, "GPGGA,120000,4712.3456,N,00931.5000,E,8,08,1.5,450.0,M,47.5,M,,");
  say (f, "GPGGA,120001,4712.3456,N,00931.5000,E,0,00,99,450.0,M,47.5,M,,");
  say (f, "GNGNS,120002,4712.3456,N,00931.5000,E,NN,00,99,450.0,47.5,,");
  say (f, "GPGLL,4712.3456,N,00931.5000,E,120003,V,N");
  say (f, "GPGGA,120004,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  say (f, "GPGSA,A,1,,,,,,,,,,,,,99,99,99");
  say (f, "GPRMC,,V,,,,,,,,,,N");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 0);
}

static void
test_checksums (Fixture *f, gconstpointer data)
{
  static const char wrong[] = "$GPRMC,120000,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A*00\r\n";
  static const char none[] = "$GPRMC,120001,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A\r\n";
  static const char cut[] = "$GPRMC,120002,A,4712.3456,N,00931.5";

  hal_nmea_feed (f->nmea, wrong, strlen (wrong));
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 0);
  /* A receiver that never sends checksums is believed ... */
  hal_nmea_feed (f->nmea, none, strlen (none));
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 1);
  /* ... until it has sent one; and a sentence that is cut off by the next one is dropped. */
  hal_nmea_feed (f->nmea, cut, strlen (cut));
  say (f, "GPRMC,120003,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A");
  hal_nmea_feed (f->nmea, none, strlen (none));
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 2);
  assert_time (get_fix (f, 1), "2026-06-23T12:00:03Z");
  g_assert_cmpuint (f->n_sentences, ==, 2);
}

static void
test_pieces_and_noise (Fixture *f, gconstpointer data)
{
  static const char stream[] = "\xb5\x62\x01\x07$\x10\x00garbage\n0.0,0.0,230626,,,A*00\r\n"
                               "$GPRMC,120000,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A*7A\r\n"
                               "$GPGGA,120001,47\xff\xfe\x80$GPRMC,120001,A,4712.3456,S,00931.5000,W,0.0,0.0,230626,,,A*74\n\n";
  g_autofree char *longer = g_strnfill (100000, 'A');

  for (gsize i = 0; i < sizeof stream - 1; i++)
    hal_nmea_feed (f->nmea, stream + i, 1);
  hal_nmea_feed (f->nmea, "$", 1);
  hal_nmea_feed (f->nmea, longer, 100000);
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 2);
  g_assert_cmpfloat (get_fix (f, 0)->latitude_deg, >, 0);
  g_assert_cmpfloat (get_fix (f, 1)->latitude_deg, <, 0);
  g_assert_cmpfloat (get_fix (f, 1)->longitude_deg, <, 0);
}

static void
test_proprietary (Fixture *f, gconstpointer data)
{
  say (f, "PGRMC,120000,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A");
  say (f, "PRMC,120000,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A");
  say (f, "GPXYZ,120000,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 0);
  g_assert_cmpuint (f->n_sentences, ==, 3);
}

static void
test_nonsense_positions (Fixture *f, gconstpointer data)
{
  static const char *const positions[] = {
    "9912.3456,N,00931.5000,E", "4799.0000,N,00931.5000,E",  "4712.3456,N,18931.5000,E", "4712.3456,X,00931.5000,E",
    "4712.34x6,N,00931.5000,E", "-4712.3456,N,00931.5000,E", "nan,N,00931.5000,E",       ",,,",
    "4712.3456,NN,00931.5,E",   "1e300,N,00931.5000,E",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (positions); i++)
    {
      g_autofree char *body = g_strdup_printf ("GPRMC,1200%02d,A,%s,0.0,0.0,230626,,,A", (int) i, positions[i]);

      say (f, body);
    }
  say (f, "GPRMC,256000,A,4712.3456,N,00931.5000,E,0.0,0.0,230626,,,A");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 0);
}

static void
test_midnight (Fixture *f, gconstpointer data)
{
  say (f, "GPRMC,235959.50,A,4712.3456,N,00931.5000,E,0.0,0.0,311226,,,A");
  /* The new day comes first in a sentence that has no date. */
  say (f, "GPGGA,000000.50,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  say (f, "GPGGA,000001.50,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  say (f, "GPRMC,000002.50,A,4712.3456,N,00931.5000,E,0.0,0.0,010127,,,A");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 4);
  assert_time (get_fix (f, 0), "2026-12-31T23:59:59.500Z");
  assert_time (get_fix (f, 1), "2027-01-01T00:00:00.500Z");
  assert_time (get_fix (f, 2), "2027-01-01T00:00:01.500Z");
  assert_time (get_fix (f, 3), "2027-01-01T00:00:02.500Z");
}

static void
test_rollover (Fixture *f, gconstpointer data)
{
  gint64 reference_us;

  g_assert_true (cloud_time_parse ("2026-11-23T20:00:00Z", &reference_us));
  hal_nmea_set_reference_time (f->nmea, reference_us);
  /* 1,024 weeks before 23 November 2026, and 2,048; the right date; one that the reference does not know yet. */
  say (f, "GPRMC,200001,A,4712.3456,N,00931.5000,E,0.0,0.0,090407,,,A");
  say (f, "GPZDA,200002,24,08,1987,00,00");
  say (f, "GPGGA,200002,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  say (f, "GPRMC,200003,A,4712.3456,N,00931.5000,E,0.0,0.0,231126,,,A");
  say (f, "GPRMC,200004,A,4712.3456,N,00931.5000,E,0.0,0.0,010130,,,A");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 4);
  assert_time (get_fix (f, 0), "2026-11-23T20:00:01Z");
  assert_time (get_fix (f, 1), "2026-11-23T20:00:02Z");
  assert_time (get_fix (f, 2), "2026-11-23T20:00:03Z");
  assert_time (get_fix (f, 3), "2030-01-01T20:00:04Z");
}

static void
test_no_date (Fixture *f, gconstpointer data)
{
  gint64 reference_us;

  g_assert_true (cloud_time_parse ("2026-11-23T00:10:00Z", &reference_us));
  say (f, "GPGGA,235900,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  hal_nmea_flush (f->nmea);
  assert_time (get_fix (f, 0), "1970-01-01T23:59:00Z");
  hal_nmea_set_reference_time (f->nmea, reference_us);
  say (f, "GPGGA,235901,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  hal_nmea_flush (f->nmea);
  assert_time (get_fix (f, 1), "2026-11-22T23:59:01Z");
}

static void
test_zda_ahead (Fixture *f, gconstpointer data)
{
  /* A receiver whose ZDA is ahead by the leap seconds: it tells the date and opens no instant. */
  say (f, "GPGGA,193221.00,2037.7279,N,08704.0848,W,1,04,1.7,-30.4,M,-13.9,M,,");
  say (f, "GPZDA,193223.00,23,12,2007,00,00");
  say (f, "GPGGA,193222.00,2037.7283,N,08704.0847,W,1,04,1.7,-30.0,M,-13.9,M,,");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->fixes->len, ==, 2);
  assert_time (get_fix (f, 1), "2007-12-23T19:32:22Z");
}

static void
test_accuracy (Fixture *f, gconstpointer data)
{
  say (f, "GNGGA,120000,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  say (f, "GNGST,120000,5.0,6.0,4.0,45.0,3.0,4.0,7.5");
  say (f, "GNGGA,120001,4712.3456,N,00931.5000,E,1,04,1.5,450.0,M,47.5,M,,");
  hal_nmea_flush (f->nmea);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->accuracy_m, 5.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 0)->vertical_accuracy_m, 7.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (get_fix (f, 1)->accuracy_m, 6.0, 1e-9);
}

static const CloudSatellite *
find_satellite (Fixture *f, CloudConstellation constellation, guint number)
{
  for (guint i = 0; i < f->satellites->len; i++)
    {
      const CloudSatellite *satellite = &g_array_index (f->satellites, CloudSatellite, i);

      if (satellite->constellation == constellation && satellite->number == number)
        return satellite;
    }
  g_assert_not_reached ();
}

static void
test_sky (Fixture *f, gconstpointer data)
{
  say (f, "GNGGA,120000,4712.3456,N,00931.5000,E,1,12,0.8,450.0,M,47.5,M,,");
  say (f, "GNGSA,A,3,05,17,,,,,,,,,,,1.5,0.8,1.2,1");
  say (f, "GNGSA,A,3,11,,,,,,,,,,,,1.5,0.8,1.2,4");
  say (f, "GPGSV,2,1,05,05,27,090,41,17,72,207,32,02,10,300,,40,30,180,39,1");
  say (f, "GPGSV,2,2,05,30,01,010,,1");
  say (f, "GPGSV,1,1,01,05,27,090,47,8");
  say (f, "GBGSV,1,1,02,11,45,120,38,13,19,016,");
  say (f, "GLGSV,1,1,01,70,50,050,28");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->n_skies, ==, 1);
  g_assert_cmpuint (f->satellites->len, ==, 8);
  g_assert_true (find_satellite (f, CLOUD_CONSTELLATION_GPS, 5)->used);
  g_assert_cmpfloat (find_satellite (f, CLOUD_CONSTELLATION_GPS, 5)->cn0_dbhz, ==, 47);
  g_assert_false (find_satellite (f, CLOUD_CONSTELLATION_GPS, 2)->used);
  g_assert_true (isnan (find_satellite (f, CLOUD_CONSTELLATION_GPS, 2)->cn0_dbhz));
  g_assert_cmpfloat (find_satellite (f, CLOUD_CONSTELLATION_SBAS, 40)->azimuth_deg, ==, 180);
  g_assert_true (find_satellite (f, CLOUD_CONSTELLATION_BEIDOU, 11)->used);
  g_assert_cmpfloat (find_satellite (f, CLOUD_CONSTELLATION_GLONASS, 6)->elevation_deg, ==, 50);
  g_assert_cmpint (get_fix (f, 0)->satellites_in_view, ==, 8);
  g_assert_cmpint (get_fix (f, 0)->satellites_used, ==, 12);
  /* The next series replaces the former one of its constellation only. */
  say (f, "GNGGA,120001,4712.3456,N,00931.5000,E,1,12,0.8,450.0,M,47.5,M,,");
  say (f, "GBGSV,1,1,01,12,45,120,38");
  hal_nmea_flush (f->nmea);
  g_assert_cmpuint (f->satellites->len, ==, 7);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } cases[] = {
    { "/hal/nmea/one-fix-per-instant", test_one_fix_per_instant },
    { "/hal/nmea/void-sentence-voids-its-instant", test_void },
    { "/hal/nmea/wrong-or-missing-checksum-is-dropped", test_checksums },
    { "/hal/nmea/pieces-and-binary-noise", test_pieces_and_noise },
    { "/hal/nmea/ignores-proprietary-and-unknown", test_proprietary },
    { "/hal/nmea/refuses-impossible-positions", test_nonsense_positions },
    { "/hal/nmea/date-goes-on-over-midnight", test_midnight },
    { "/hal/nmea/week-rollover-by-reference-time", test_rollover },
    { "/hal/nmea/missing-date", test_no_date },
    { "/hal/nmea/zda-ahead-of-the-position", test_zda_ahead },
    { "/hal/nmea/accuracy-from-gst-else-dilution", test_accuracy },
    { "/hal/nmea/sky-over-talkers-and-signals", test_sky },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].name, Fixture, NULL, set_up, cases[i].run, tear_down);
  return g_test_run ();
}
