/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-sketch.h"
#include "navi-trace.h"

#include "cloud-error.h"

#include <math.h>
#include <string.h>

/* Recordings on drawn roads: tunnels, parallel roads, U-turns, roundabouts, car parks, standing cars; and fixes that are none. */

#define SECOND G_USEC_PER_SEC
#define START_US G_GINT64_CONSTANT (1795478400000000)
#define METRES_PER_DEGREE 111195.08

/* A recording in the making. */
typedef struct
{
  NaviSketch *sketch;
  GPtrArray *fixes; /* CloudFix */
  GRand *random;
  gint64 now_us;
  double lat_deg;
  double lon_deg;
  double noise_m;
  gboolean has_bearings;
  double speed_mps;
} Recorder;

static Recorder
record (NaviSketch *sketch, double noise_m)
{
  Recorder recorder = { .sketch = sketch, .noise_m = noise_m, .now_us = START_US, .speed_mps = 10 };

  recorder.fixes = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_fix_unref);
  recorder.random = g_rand_new_with_seed (20261124);
  return recorder;
}

static void
stop (Recorder *self)
{
  g_ptr_array_unref (self->fixes);
  g_rand_free (self->random);
}

/* A fix here and now, off by @east_m and @north_m and the noise. */
static void
fix (Recorder *self, double east_m, double north_m, double bearing_deg)
{
  double a = g_rand_double_range (self->random, -1, 1) * self->noise_m,
         b = g_rand_double_range (self->random, -1, 1) * self->noise_m;
  CloudFix values;

  cloud_fix_values_init (&values);
  values.time_unix_us = self->now_us;
  values.latitude_deg = self->lat_deg + (north_m + b) / METRES_PER_DEGREE;
  values.longitude_deg = self->lon_deg + (east_m + a) / METRES_PER_DEGREE / cos (self->lat_deg * G_PI / 180);
  values.mode = 2;
  if (self->has_bearings)
    {
      values.bearing_deg = bearing_deg;
      values.speed_mps = self->speed_mps;
    }
  g_ptr_array_add (self->fixes, cloud_fix_new (&values));
}

static void
place (Recorder *self, char node)
{
  navi_sketch_locate (self->sketch, node, &self->lat_deg, &self->lon_deg);
}

/* Drives from where one is to a node, or a @part of the way, at 10 m/s, with a fix a second and in the end. */
static void
drive_part (Recorder *self, char node, double part, double east_m, double north_m)
{
  double lat, lon, from_lat = self->lat_deg, from_lon = self->lon_deg, x, y;
  guint n;

  navi_sketch_locate (self->sketch, node, &lat, &lon);
  lat = from_lat + (lat - from_lat) * part;
  lon = from_lon + (lon - from_lon) * part;
  x = (lon - from_lon) * METRES_PER_DEGREE * cos (lat * G_PI / 180);
  y = (lat - from_lat) * METRES_PER_DEGREE;
  n = (guint) MAX (round (hypot (x, y) / 10), 1);
  for (guint i = 1; i <= n; i++)
    {
      self->now_us += SECOND;
      self->lat_deg = from_lat + (lat - from_lat) * i / n;
      self->lon_deg = from_lon + (lon - from_lon) * i / n;
      fix (self, east_m, north_m, fmod (atan2 (x, y) * 180 / G_PI + 360, 360));
    }
}

static void
drive_to (Recorder *self, char node)
{
  drive_part (self, node, 1, 0, 0);
}

/* Passes the nodes, but begins after the first and ends before the last. */
static void
drive (Recorder *self, const char *nodes)
{
  place (self, nodes[0]);
  for (const char *node = nodes + 1; *node != '\0'; node++)
    drive_part (self, *node, node[1] == '\0' ? 0.6 : 1, 0, 0);
}

static NaviTrace *
match (Recorder *self, NaviProfile profile)
{
  g_autoptr (GError) error = NULL;
  NaviTrace *trace = navi_trace_match (navi_sketch_get_router (self->sketch), profile, self->fixes, NULL, &error);

  g_assert_no_error (error);
  return trace;
}

/* What was matched passes these nodes. */
static NaviTrace *
assert_matches (Recorder *self, NaviProfile profile, const char *expected)
{
  NaviTrace *trace = match (self, profile);
  g_autofree char *path = navi_sketch_spell_trace (self->sketch, trace);

  g_assert_cmpstr (path, ==, expected);
  return trace;
}

typedef struct
{
  guint n_decided;
  guint last_serial;
  guint n_pieces;
} Decided;

static void
on_decided (const NaviMatchStep *step, gpointer user_data)
{
  Decided *self = user_data;

  g_assert_true (self->n_decided == 0 || step->match.serial > self->last_serial);
  g_assert_true (step->n_arcs == 0 || !step->begins_piece);
  self->n_decided++;
  self->n_pieces += step->begins_piece;
  self->last_serial = step->match.serial;
}

/* ---- Roads ---- */

static const char *const grid[] = { "a b c d", "e f g h", "i j k l", NULL };

static NaviSketch *
draw_grid (void)
{
  NaviSketch *sketch = navi_sketch_new (grid);

  navi_sketch_add_way (sketch, "abcd", "");
  navi_sketch_add_way (sketch, "efgh", "");
  navi_sketch_add_way (sketch, "ijkl", "");
  navi_sketch_add_way (sketch, "aei", "");
  navi_sketch_add_way (sketch, "bfj", "");
  navi_sketch_add_way (sketch, "cgk", "");
  navi_sketch_add_way (sketch, "dhl", "");
  return sketch;
}

static void
test_streets (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 10);
  const NaviMatch *matches;
  guint n;

  drive (&recorder, "abfgkl");
  trace = assert_matches (&recorder, NAVI_CAR, "bfgk");
  matches = navi_trace_get_matches (trace, &n);
  g_assert_cmpuint (n, ==, recorder.fixes->len);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (matches[i].is_on_road);
      g_assert_cmpuint (matches[i].serial, ==, i);
      g_assert_cmpfloat (matches[i].distance_m, <, 16);
      g_assert_cmpfloat (matches[i].confidence, >, 0);
    }
  stop (&recorder);
}

static void
test_uturn (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 4);
  const NaviMatch *matches;
  guint n;

  drive (&recorder, "abc"); /* turns before the junction */
  drive_to (&recorder, 'b');
  drive_part (&recorder, 'a', 0.6, 0, 0);
  trace = assert_matches (&recorder, NAVI_CAR, "bb");
  matches = navi_trace_get_matches (trace, &n);
  /* East, then west. */
  g_assert_cmpfloat_with_epsilon (matches[2].bearing_deg, 90, 1);
  g_assert_cmpfloat_with_epsilon (matches[n - 3].bearing_deg, 270, 1);
  stop (&recorder);
}

static void
test_tunnel (void)
{
  static const char *const map[] = { "a b     c d", "        e  ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 5);

  navi_sketch_add_way (sketch, "ab", "");
  navi_sketch_add_way (sketch, "bec", "tunnel=yes");
  navi_sketch_add_way (sketch, "cd", "");
  place (&recorder, 'a');
  drive_to (&recorder, 'b');
  recorder.now_us += 40 * SECOND;
  place (&recorder, 'c');
  drive_part (&recorder, 'd', 0.6, 0, 0);
  trace = assert_matches (&recorder, NAVI_CAR, "bec");
  stop (&recorder);
}

/* A motorway whose lanes lie 38 m apart, and a receiver that always errs to the other side. */
static void
test_parallel (void)
{
  static const char *const map[] = { "ag", "  ", "bh", "  ", "ci", "  ", "dj", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  Recorder south = record (sketch, 5), north = record (sketch, 5);
  NaviTrace *trace;

  navi_sketch_add_way (sketch, "abcd", "highway=motorway oneway=yes");
  navi_sketch_add_way (sketch, "jihg", "highway=motorway oneway=yes");
  place (&south, 'a');
  for (const char *node = "bcd"; *node != '\0'; node++)
    drive_part (&south, *node, *node == 'd' ? 0.6 : 1, 25, 0);
  trace = assert_matches (&south, NAVI_CAR, "bc");
  g_object_unref (trace);
  place (&north, 'j');
  for (const char *node = "ihg"; *node != '\0'; node++)
    drive_part (&north, *node, *node == 'g' ? 0.6 : 1, -25, 0);
  trace = assert_matches (&north, NAVI_CAR, "ih");
  g_object_unref (trace);
  stop (&south);
  stop (&north);
}

static void
test_roundabout (void)
{
  static const char *const map[]
      = { "      n      ", "",  "      a      ", "     h b     ", "w   g   c   e", "     f d     ", "      s      ", "",
          "      x      ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 6);

  navi_sketch_add_way (sketch, "ahgfsdcba", "junction=roundabout oneway=yes");
  navi_sketch_add_way (sketch, "na", "");
  navi_sketch_add_way (sketch, "wg", "");
  navi_sketch_add_way (sketch, "ec", "");
  navi_sketch_add_way (sketch, "xs", "");
  drive (&recorder, "wgfsdcban");
  trace = assert_matches (&recorder, NAVI_CAR, "gfsdcba");
  stop (&recorder);
}

/* Fixes far apart: the way between them obeys the sign, for those whom it concerns. */
static void
test_turn_restriction (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  Recorder recorder = record (sketch, 0);
  NaviTrace *trace;

  navi_sketch_add_relation (sketch, "from=2 via=f to=5", "type=restriction restriction=no_right_turn");
  place (&recorder, 'e');
  recorder.lon_deg += 0.0003;
  fix (&recorder, 0, 0, NAN);
  place (&recorder, 'j');
  recorder.now_us += 20 * SECOND;
  recorder.lat_deg += 0.0002;
  fix (&recorder, 0, 0, NAN);
  trace = assert_matches (&recorder, NAVI_FOOT, "f");
  g_object_unref (trace);
  trace = assert_matches (&recorder, NAVI_CAR, "eij");
  g_object_unref (trace);
  stop (&recorder);
}

/* Nor does it go against a one-way street. */
static void
test_oneway_between (void)
{
  g_autoptr (NaviSketch) sketch = navi_sketch_new (grid);
  Recorder recorder = record (sketch, 0);
  NaviTrace *trace;

  navi_sketch_add_way (sketch, "abcd", "");
  navi_sketch_add_way (sketch, "hgfe", "oneway=yes");
  navi_sketch_add_way (sketch, "aei", "");
  navi_sketch_add_way (sketch, "bfj", "");
  place (&recorder, 'a');
  recorder.lat_deg -= 0.0002;
  fix (&recorder, 0, 0, NAN);
  place (&recorder, 'f');
  recorder.now_us += 15 * SECOND;
  recorder.lat_deg -= 0.0002;
  fix (&recorder, 0, 0, NAN);
  trace = assert_matches (&recorder, NAVI_CAR, "abf");
  g_object_unref (trace);
  trace = assert_matches (&recorder, NAVI_FOOT, "ef");
  g_object_unref (trace);
  stop (&recorder);
}

static void
test_direction (void)
{
  static const double bearings[] = { 90, 270 };

  for (gsize i = 0; i < G_N_ELEMENTS (bearings); i++)
    {
      g_autoptr (NaviSketch) sketch = draw_grid ();
      g_autoptr (NaviMatcher) matcher = navi_matcher_new (navi_sketch_get_router (sketch), NAVI_CAR, NULL, NULL);
      Recorder recorder = record (sketch, 0);
      NaviMatch now;
      recorder.has_bearings = TRUE;
      place (&recorder, 'b');
      recorder.lon_deg += 0.0003;
      fix (&recorder, 0, 5, bearings[i]);
      g_assert_cmpint (navi_matcher_add (matcher, recorder.fixes->pdata[0], &now), ==, NAVI_MATCH_DONE);
      g_assert_true (now.is_on_road);
      g_assert_cmpfloat_with_epsilon (now.bearing_deg, bearings[i], 1);
      g_assert_cmpfloat_with_epsilon (now.distance_m, 5, 0.5);
      g_assert_cmpfloat (now.confidence, >, 0.9);
      stop (&recorder);
    }
}

/* Two one-way roads side by side; the fixes lie nearer to the slow one. */
static void
test_speed (void)
{
  static const char *const map[] = { "ag", "  ", "bh", "  ", "ci", "  ", "dj", "  ", "ek", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  Recorder recorder = record (sketch, 2);
  NaviTrace *trace;

  navi_sketch_add_way (sketch, "abcde", "highway=motorway oneway=yes");
  navi_sketch_add_way (sketch, "ghijk", "highway=residential oneway=yes maxspeed=20");
  place (&recorder, 'a');
  recorder.has_bearings = TRUE;
  recorder.speed_mps = 30;
  for (const char *node = "bcde"; *node != '\0'; node++)
    drive_part (&recorder, *node, *node == 'e' ? 0.6 : 1, 21, 0);
  trace = assert_matches (&recorder, NAVI_CAR, "bcd");
  g_object_unref (trace);
  for (guint i = 0; i < recorder.fixes->len; i++)
    ((CloudFix *) recorder.fixes->pdata[i])->speed_mps = NAN;
  trace = assert_matches (&recorder, NAVI_CAR, "hij");
  g_object_unref (trace);
  stop (&recorder);
}

static void
test_profiles (void)
{
  static const char *const map[] = { "a b c d e", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  Recorder recorder = record (sketch, 3);
  g_autoptr (GError) error = NULL;
  NaviTrace *trace;

  navi_sketch_add_way (sketch, "abcde", "highway=footway");
  drive (&recorder, "abcde");
  trace = assert_matches (&recorder, NAVI_FOOT, "bcd");
  g_object_unref (trace);
  trace = navi_trace_match (navi_sketch_get_router (sketch), NAVI_CAR, recorder.fixes, NULL, &error);
  g_assert_null (trace);
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  stop (&recorder);
}

/* ---- Off the roads ---- */

static void
test_car_park (void)
{
  static const char *const map[] = { "a b c d e f", "", "", "   1   2   ", "", "   3   4   ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviTrace) trace = NULL;
  g_autofree char *path = NULL;
  Recorder recorder = record (sketch, 4);
  const NaviTracePiece *pieces;
  guint n;

  navi_sketch_add_way (sketch, "abcdef", "");
  drive (&recorder, "abc1342def");
  trace = match (&recorder, NAVI_CAR);
  path = navi_sketch_spell_trace (sketch, trace);
  /* It may take a few metres to be sure that one is back. */
  g_assert_true (strcmp (path, "bc|~|de") == 0 || strcmp (path, "bc|~|e") == 0);
  pieces = navi_trace_get_pieces (trace, &n);
  g_assert_cmpfloat (pieces[1].distance_m, >, 300);
  g_assert_cmpuint (pieces[0].n_matches + pieces[1].n_matches + pieces[2].n_matches, ==, recorder.fixes->len);
  stop (&recorder);
}

/* Off the roads, but with one near enough to be meant. */
static void
test_forecourt (void)
{
  static const char *const map[] = { "a ", "b ", "c1", "d ", "e ", "f2", "g ", "h ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 4);
  const NaviMatch *matches;
  guint n, n_off = 0;

  navi_sketch_add_way (sketch, "abcdefgh", "");
  drive (&recorder, "abc12fgh");
  trace = match (&recorder, NAVI_CAR);
  matches = navi_trace_get_matches (trace, &n);
  for (guint i = 0; i < n; i++)
    n_off += !matches[i].is_on_road;
  /* 17 fixes lie 38 m beside the road. */
  g_assert_cmpuint (n_off, >=, 12);
  g_assert_cmpuint (n_off, <=, 24);
  stop (&recorder);
}

/* One fix that is 150 m off does not tear the way. */
static void
test_outlier (void)
{
  static const char *const map[] = { "a b c d e f", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 4);
  const NaviMatch *matches;
  guint n, n_off = 0;

  navi_sketch_add_way (sketch, "abcdef", "");
  drive (&recorder, "abc");
  recorder.now_us += SECOND;
  fix (&recorder, 10, 150, NAN);
  recorder.lon_deg += 0.0002;
  drive_to (&recorder, 'd');
  drive_part (&recorder, 'e', 0.6, 0, 0);
  trace = assert_matches (&recorder, NAVI_CAR, "bcd");
  matches = navi_trace_get_matches (trace, &n);
  for (guint i = 0; i < n; i++)
    n_off += !matches[i].is_on_road;
  g_assert_cmpuint (n_off, ==, 1);
  stop (&recorder);
}

/* Noise of a standing car is not movement; it is not even used. */
static void
test_standing (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviTrace) trace = NULL;
  g_autoptr (NaviMatcher) matcher = NULL;
  Decided decided = { 0 };
  Recorder recorder = record (sketch, 8);
  const NaviTracePiece *pieces;
  guint n;

  place (&recorder, 'e');
  drive_to (&recorder, 'f');
  for (guint i = 0; i < 300; i++)
    {
      recorder.now_us += SECOND;
      fix (&recorder, 0, 0, NAN);
    }
  drive_to (&recorder, 'g');
  drive_part (&recorder, 'h', 0.6, 0, 0);
  trace = assert_matches (&recorder, NAVI_CAR, "fg");
  pieces = navi_trace_get_pieces (trace, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpfloat (pieces[0].distance_m, <, 3 * 0.001 * METRES_PER_DEGREE * cos (47 * G_PI / 180) + 30);
  matcher = navi_matcher_new (navi_sketch_get_router (sketch), NAVI_CAR, on_decided, &decided);
  for (guint i = 0; i < recorder.fixes->len; i++)
    navi_matcher_add (matcher, recorder.fixes->pdata[i], NULL);
  navi_matcher_flush (matcher);
  g_assert_cmpuint (decided.n_decided, <, 50);
  stop (&recorder);
}

/* A long pause elsewhere, or a clock that was put back, begins a new piece; a long pause at the same place does not. */
static void
test_splits (void)
{
  static const struct
  {
    gint64 pause_s;
    const char *nodes;
    const char *expected;
  } cases[] = { { 600, "kl", "b|" }, { -86400, "kl", "b|" }, { -86400, "cd", "b|" }, { 600, "cd", "bc" } };
  static const char *const map[] = { "a b c d", "", "", "", "", "    k l", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      g_autoptr (NaviTrace) trace = NULL;
      Recorder recorder = record (sketch, 0);
      navi_sketch_add_way (sketch, "abcd", "");
      navi_sketch_add_way (sketch, "kl", "");
      navi_sketch_add_way (sketch, "dl", "");
      drive (&recorder, "abc");
      recorder.now_us += cases[i].pause_s * SECOND;
      drive (&recorder, cases[i].nodes);
      trace = assert_matches (&recorder, NAVI_CAR, cases[i].expected);
      stop (&recorder);
    }
}

/* ---- Answers while driving ---- */

static void
test_online (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviMatcher) matcher = NULL;
  Recorder recorder = record (sketch, 6);
  Decided decided = { 0 };
  guint n_near = 0;

  matcher = navi_matcher_new (navi_sketch_get_router (sketch), NAVI_CAR, on_decided, &decided);
  drive (&recorder, "abfgkl");
  for (guint i = 0; i < recorder.fixes->len; i++)
    {
      const CloudFix *given = recorder.fixes->pdata[i];
      NaviMatch now;
      g_assert_cmpint (navi_matcher_add (matcher, given, &now), ==, NAVI_MATCH_DONE);
      g_assert_cmpuint (now.serial, ==, i);
      g_assert_cmpint (now.time_unix_us, ==, given->time_unix_us);
      g_assert_cmpfloat (now.confidence, <=, 1);
      n_near += now.is_on_road && now.distance_m < 13;
      g_assert_cmpuint (i - decided.last_serial, <=, 2 * NAVI_MATCH_MAX_LAG);
    }
  g_assert_cmpuint (n_near, ==, recorder.fixes->len);
  g_assert_cmpuint (decided.n_decided, >, recorder.fixes->len / 4);
  navi_matcher_flush (matcher);
  g_assert_cmpuint (decided.last_serial, ==, recorder.fixes->len - 1);
  g_assert_cmpuint (decided.n_pieces, ==, 1);
  stop (&recorder);
}

/* Half way between two roads for longer than the lag: one is decided on, and stays the past of what follows. */
static void
test_lag (void)
{
  static const char *const map[]
      = { "aA", "bB", "cC", "dD", "eE", "fF", "gG", "hH", "iI", "jJ", "kK", "lL", "mM", "nN", "oO", "pP", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviMatcher) matcher = NULL;
  Recorder recorder = record (sketch, 0);
  Decided decided = { 0 };
  guint most = 0;

  navi_sketch_add_way (sketch, "abcdefghijklmnop", "oneway=yes");
  navi_sketch_add_way (sketch, "ABCDEFGHIJKLMNOP", "oneway=yes");
  matcher = navi_matcher_new (navi_sketch_get_router (sketch), NAVI_CAR, on_decided, &decided);
  navi_matcher_set_parameters (matcher, 7, 10);
  place (&recorder, 'a');
  for (char node = 'b'; node <= 'p'; node++)
    drive_part (&recorder, node, 1, node < 'n' ? 18.5 : 36, 0);
  for (guint i = 0; i < recorder.fixes->len; i++)
    {
      NaviMatch now;
      navi_matcher_add (matcher, recorder.fixes->pdata[i], &now);
      most = MAX (most, i - decided.last_serial);
    }
  /* Two sigma are 14 m: every second fix is used. */
  g_assert_cmpuint (most, >=, 2 * NAVI_MATCH_MAX_LAG - 3);
  g_assert_cmpuint (most, <=, 2 * NAVI_MATCH_MAX_LAG + 2);
  navi_matcher_flush (matcher);
  g_assert_cmpuint (decided.last_serial, ==, recorder.fixes->len - 1);
  stop (&recorder);
}

/* A fix that stands still is answered by the place of the one before. */
static void
test_standing_online (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviMatcher) matcher = navi_matcher_new (navi_sketch_get_router (sketch), NAVI_CAR, NULL, NULL);
  Recorder recorder = record (sketch, 3);
  NaviMatch first, now;
  CloudFix values;

  drive (&recorder, "abc");
  for (guint i = 0; i < recorder.fixes->len; i++)
    navi_matcher_add (matcher, recorder.fixes->pdata[i], &first);
  values = *(CloudFix *) recorder.fixes->pdata[recorder.fixes->len - 1];
  values.speed_mps = 0.1;
  values.time_unix_us += SECOND;
  values.latitude_deg += 4 / METRES_PER_DEGREE;
  g_assert_cmpint (navi_matcher_add (matcher, &values, &now), ==, NAVI_MATCH_STANDING);
  g_assert_cmpfloat (now.lat_deg, ==, first.lat_deg);
  g_assert_cmpint (now.time_unix_us, ==, values.time_unix_us);
  stop (&recorder);
}

/* ---- What is no recording ---- */

static void
assert_error (NaviSketch *sketch, GPtrArray *fixes, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (navi_trace_match (navi_sketch_get_router (sketch), NAVI_CAR, fixes, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
test_nothing (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (NaviTrace) trace = NULL;
  g_autoptr (GError) error = NULL;
  Recorder recorder = record (sketch, 0), outside = record (sketch, 0);
  guint n;

  assert_error (sketch, none, CLOUD_ERROR, CLOUD_ERROR_INVALID);
  outside.lat_deg = -20;
  fix (&outside, 0, 0, NAN);
  assert_error (sketch, outside.fixes, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  place (&recorder, 'b');
  fix (&recorder, 10, 3, NAN);
  trace = match (&recorder, NAVI_CAR);
  navi_trace_get_matches (trace, &n);
  g_assert_cmpuint (n, ==, 1);
  g_cancellable_cancel (cancellable);
  g_assert_null (navi_trace_match (navi_sketch_get_router (sketch), NAVI_CAR, recorder.fixes, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  stop (&recorder);
  stop (&outside);
}

static void
test_unusable (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviMatcher) matcher = navi_matcher_new (navi_sketch_get_router (sketch), NAVI_CAR, NULL, NULL);
  const double bad[][2] = { { NAN, 9 }, { 47, NAN }, { INFINITY, 9 }, { 47, -INFINITY }, { 91, 9 }, { 47, 181 } };
  NaviMatch now;
  CloudFix values;

  cloud_fix_values_init (&values);
  values.time_unix_us = START_US;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      values.latitude_deg = bad[i][0];
      values.longitude_deg = bad[i][1];
      g_assert_cmpint (navi_matcher_add (matcher, &values, &now), ==, NAVI_MATCH_UNUSABLE);
    }
  values.latitude_deg = 47;
  values.longitude_deg = 9;
  g_assert_cmpint (navi_matcher_add (matcher, &values, &now), ==, NAVI_MATCH_DONE);
  /* The same instant again, and ten seconds earlier. */
  g_assert_cmpint (navi_matcher_add (matcher, &values, &now), ==, NAVI_MATCH_UNUSABLE);
  values.time_unix_us -= 10 * SECOND;
  g_assert_cmpint (navi_matcher_add (matcher, &values, &now), ==, NAVI_MATCH_UNUSABLE);
  values.time_unix_us = START_US + SECOND;
  g_assert_cmpint (navi_matcher_add (matcher, &values, NULL), ==, NAVI_MATCH_DONE);
  navi_matcher_flush (matcher);
  navi_matcher_flush (matcher);
}

static void
random_fix (GRand *random, CloudFix *values)
{
  const double odd[] = { NAN, INFINITY, -INFINITY, 0, -0.0, 90, -90, 180, -180, 1e300, -1e300, 1e-300 };

  values->time_unix_us += g_rand_int_range (random, -3, 20) * SECOND;
  values->latitude_deg += g_rand_double_range (random, -2e-4, 2e-4);
  values->longitude_deg += g_rand_double_range (random, -2e-4, 2e-4);
  values->speed_mps = g_rand_double_range (random, 0, 40);
  values->bearing_deg = g_rand_double_range (random, 0, 360);
  values->accuracy_m = g_rand_double_range (random, 0, 200);
  switch (g_rand_int_range (random, 0, 40))
    {
    case 0:
      values->latitude_deg = odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];
      break;
    case 1:
      values->longitude_deg = odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];
      break;
    case 2:
      values->speed_mps = odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];
      break;
    case 3:
      values->bearing_deg = odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];
      break;
    case 4:
      values->accuracy_m = odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];
      break;
    case 5:
      values->time_unix_us = g_rand_boolean (random) ? G_MAXINT64 / 4 : -G_MAXINT64 / 4;
      break;
    default:
      if (!(values->latitude_deg > 46.997 && values->latitude_deg < 47.001)
          || !(values->longitude_deg > 8.999 && values->longitude_deg < 9.005))
        {
          values->latitude_deg = g_rand_double_range (random, 46.998, 47.0005);
          values->longitude_deg = g_rand_double_range (random, 8.9995, 9.004);
        }
    }
}

static void
check_match (const NaviGraph *graph, const NaviMatch *match)
{
  g_assert_cmpfloat (fabs (match->lat_deg), <=, 90);
  g_assert_cmpfloat (fabs (match->lon_deg), <=, 180);
  g_assert_true (match->confidence >= 0 && match->confidence <= 1);
  if (!match->is_on_road)
    return;
  g_assert_cmpuint (match->arc, <, graph->n_arcs);
  g_assert_true (match->at_m >= 0 && match->at_m <= navi_graph_edge (graph, match->arc)->length_cm / 100.0 + 0.01);
}

/* Pieces follow each other, and the arcs of each hang together. */
static void
check_trace (const NaviGraph *graph, NaviTrace *trace)
{
  guint n_matches, n_pieces, n_arcs, n_points, match = 0;
  const NaviMatch *matches = navi_trace_get_matches (trace, &n_matches);
  const NaviTracePiece *pieces = navi_trace_get_pieces (trace, &n_pieces);
  const NaviMatchedArc *arcs = navi_trace_get_arcs (trace, &n_arcs);

  navi_trace_get_points (trace, &n_points);
  for (guint i = 0; i < n_matches; i++)
    check_match (graph, &matches[i]);
  for (guint i = 0; i < n_pieces; i++)
    {
      g_assert_cmpuint (pieces[i].first_match, ==, match);
      match += pieces[i].n_matches;
      g_assert_cmpuint (pieces[i].first_arc + pieces[i].n_arcs, <=, n_arcs);
      g_assert_cmpuint (pieces[i].first_point + pieces[i].n_points, <=, n_points);
      g_assert_true (pieces[i].is_on_road == (pieces[i].n_arcs > 0));
      for (guint j = pieces[i].first_arc; j < pieces[i].first_arc + pieces[i].n_arcs; j++)
        {
          g_assert_cmpfloat (arcs[j].from_m, <=, arcs[j].to_m);
          if (j > pieces[i].first_arc && arcs[j].arc >> 1 != arcs[j - 1].arc >> 1)
            g_assert_cmpuint (navi_graph_tail (graph, arcs[j].arc), ==, navi_graph_head (graph, arcs[j - 1].arc));
        }
    }
  g_assert_cmpuint (match, ==, n_matches);
}

static void
test_garbage (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  NaviRouter *router = navi_sketch_get_router (sketch);
  const NaviGraph *graph = navi_router_get_graph (router);
  GRand *random = g_rand_new_with_seed (4);

  navi_graph_enter (graph);
  for (guint round = 0; round < 60; round++)
    {
      g_autoptr (GPtrArray) fixes = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (NaviTrace) trace = NULL;
      g_autoptr (NaviMatcher) matcher = navi_matcher_new (router, (NaviProfile) (round % NAVI_N_PROFILES), NULL, NULL);
      CloudFix values;
      cloud_fix_values_init (&values);
      values.time_unix_us = START_US;
      for (guint i = 0; i < 150; i++)
        {
          NaviMatch now;
          random_fix (random, &values);
          g_ptr_array_add (fixes, g_memdup2 (&values, sizeof values));
          if (navi_matcher_add (matcher, &values, &now) != NAVI_MATCH_UNUSABLE)
            check_match (graph, &now);
        }
      trace = navi_trace_match (router, (NaviProfile) (round % NAVI_N_PROFILES), fixes, NULL, NULL);
      if (trace != NULL)
        check_trace (graph, trace);
    }
  navi_graph_leave (graph);
  g_rand_free (random);
}

static void
on_matched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NaviTrace **trace = user_data;
  g_autoptr (GError) error = NULL;

  *trace = navi_trace_match_finish (NAVI_ROUTER (source), result, &error);
  g_assert_no_error (error);
}

static void
test_async (void)
{
  g_autoptr (NaviSketch) sketch = draw_grid ();
  g_autoptr (NaviTrace) trace = NULL;
  Recorder recorder = record (sketch, 5);

  drive (&recorder, "abfg");
  navi_trace_match_async (navi_sketch_get_router (sketch), NAVI_CAR, recorder.fixes, NULL, on_matched, &trace);
  while (trace == NULL)
    g_main_context_iteration (NULL, TRUE);
  check_trace (navi_router_get_graph (navi_sketch_get_router (sketch)), trace);
  stop (&recorder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/match/streets", test_streets);
  g_test_add_func ("/navi/match/uturn", test_uturn);
  g_test_add_func ("/navi/match/tunnel", test_tunnel);
  g_test_add_func ("/navi/match/parallel", test_parallel);
  g_test_add_func ("/navi/match/roundabout", test_roundabout);
  g_test_add_func ("/navi/match/turn-restriction", test_turn_restriction);
  g_test_add_func ("/navi/match/oneway-between", test_oneway_between);
  g_test_add_func ("/navi/match/direction", test_direction);
  g_test_add_func ("/navi/match/speed", test_speed);
  g_test_add_func ("/navi/match/profiles", test_profiles);
  g_test_add_func ("/navi/match/car-park", test_car_park);
  g_test_add_func ("/navi/match/forecourt", test_forecourt);
  g_test_add_func ("/navi/match/outlier", test_outlier);
  g_test_add_func ("/navi/match/standing", test_standing);
  g_test_add_func ("/navi/match/splits", test_splits);
  g_test_add_func ("/navi/match/online", test_online);
  g_test_add_func ("/navi/match/lag", test_lag);
  g_test_add_func ("/navi/match/standing-online", test_standing_online);
  g_test_add_func ("/navi/match/nothing", test_nothing);
  g_test_add_func ("/navi/match/unusable", test_unusable);
  g_test_add_func ("/navi/match/garbage", test_garbage);
  g_test_add_func ("/navi/match/async", test_async);
  return g_test_run ();
}
