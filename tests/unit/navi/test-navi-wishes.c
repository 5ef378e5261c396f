/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-sentence.h"
#include "navi-sketch.h"
#include "navi-wishes.h"

#include "cloud-error.h"
#include "cloud-settings.h"

#include <string.h>

/* Wishes: what must not be, what one would rather not have, what is blocked, and what a route says about it. */

/* b-c with @tags, and a way round it over e and f that takes 20 s more or so. */
static NaviSketch *
draw (const char *tags, gboolean with_detour)
{
  static const char *const map[] = { "a   b   c   d", "    e   f    ", "g", NULL };
  NaviSketch *sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "ab", "");
  navi_sketch_add_way (sketch, "bc", tags);
  navi_sketch_add_way (sketch, "cd", "");
  if (with_detour)
    navi_sketch_add_way (sketch, "befc", "highway=service");
  return sketch;
}

static NaviRouteRequest *
ask (NaviSketch *sketch)
{
  NaviRouteRequest *request = navi_route_request_new (NAVI_CAR);

  navi_sketch_add_point (sketch, request, "ab");
  navi_sketch_add_point (sketch, request, "cd");
  return request;
}

/* (transfer full): "none" if there is no route */
static char *
answer (NaviSketch *sketch, const NaviRouteRequest *request, NaviRoute **route)
{
  g_autoptr (GError) error = NULL;

  *route = navi_router_route (navi_sketch_get_router (sketch), request, NULL, &error);
  if (*route == NULL)
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  return navi_sketch_spell (sketch, *route);
}

static void
assert_answer (NaviSketch *sketch, const NaviRouteRequest *request, const char *expected)
{
  g_autoptr (NaviRoute) route = NULL;
  g_autofree char *path = answer (sketch, request, &route);

  g_assert_cmpstr (path, ==, expected);
}

static void
test_prices (void)
{
  static const struct
  {
    const char *tags;
    NaviAvoid what;
  } cases[] = { { "toll=yes name=Bridge", NAVI_AVOID_TOLL }, { "tunnel=yes name=Bridge", NAVI_AVOID_TUNNEL }, { "surface=gravel name=Bridge", NAVI_AVOID_UNPAVED } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = draw (cases[i].tags, TRUE);
      g_autoptr (NaviRouteRequest) request = ask (sketch);
      g_autoptr (NaviRoute) free_route = NULL;
      g_autoptr (NaviRoute) cheap = NULL;
      g_autoptr (NaviRoute) dear = NULL;
      g_autofree char *free_path = answer (sketch, request, &free_route), *cheap_path = NULL, *dear_path = NULL;
      const NaviRemained *remained;
      guint n;
      g_assert_cmpstr (free_path, ==, "bc");
      remained = navi_route_get_remained (free_route, &n);
      g_assert_cmpuint (n, ==, 0);
      navi_route_request_set_price (request, cases[i].what, 2);
      cheap_path = answer (sketch, request, &cheap);
      g_assert_cmpstr (cheap_path, ==, "bc");
      /* A price is not time. */
      g_assert_cmpuint (navi_route_get_time_ms (cheap), ==, navi_route_get_time_ms (free_route));
      remained = navi_route_get_remained (cheap, &n);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpint (remained[0].what, ==, cases[i].what);
      g_assert_cmpstr (remained[0].names->local, ==, "Bridge");
      g_assert_cmpfloat (remained[0].distance_m, >, 100);
      navi_route_request_set_price (request, cases[i].what, 1000);
      dear_path = answer (sketch, request, &dear);
      g_assert_cmpstr (dear_path, ==, "befc");
      navi_route_get_remained (dear, &n);
      g_assert_cmpuint (n, ==, 0);
      g_assert_cmpfloat_with_epsilon (remained[0].longer_s, navi_route_get_duration_s (dear) - navi_route_get_duration_s (cheap), 1e-6);
    }
}

static void
test_what_remains_because_it_must (void)
{
  g_autoptr (NaviSketch) sketch = draw ("route=ferry duration=00:05", FALSE);
  g_autoptr (NaviRouteRequest) request = ask (sketch);
  g_autoptr (NaviRoute) route = NULL;
  g_autofree char *path = NULL;
  const NaviRemained *remained;
  guint n;

  navi_route_request_set_price (request, NAVI_AVOID_FERRY, 1000);
  path = answer (sketch, request, &route);
  g_assert_cmpstr (path, ==, "bc");
  remained = navi_route_get_remained (route, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (remained[0].what, ==, NAVI_AVOID_FERRY);
  g_assert_cmpfloat (remained[0].longer_s, <, 0);
}

static void
test_sentences (void)
{
  g_autoptr (NaviSketch) sketch = draw ("route=ferry name=Inselfähre name:zh=湖岛渡轮 duration=00:05", FALSE);
  g_autoptr (NaviSketch) open = draw ("toll=yes ref=A1", TRUE);
  g_autoptr (NaviRouteRequest) request = ask (sketch);
  g_autoptr (NaviRouteRequest) other = ask (open);
  g_autoptr (NaviRoute) route = NULL;
  g_autoptr (NaviRoute) cheap = NULL;
  g_autofree char *path = NULL, *cheap_path = NULL, *en = NULL, *zh = NULL;
  g_auto (GStrv) must = NULL;
  g_auto (GStrv) must_zh = NULL;
  g_auto (GStrv) may = NULL;

  navi_route_request_set_price (request, NAVI_AVOID_FERRY, 1000);
  path = answer (sketch, request, &route);
  must = navi_sentence_for_remained (route, NAVI_LANGUAGE_EN);
  must_zh = navi_sentence_for_remained (route, NAVI_LANGUAGE_ZH);
  g_assert_cmpuint (g_strv_length (must), ==, 1);
  g_assert_cmpstr (must[0], ==, "Takes a ferry (Inselfähre, 150 m): there is no other way.");
  g_assert_cmpstr (must_zh[0], ==, "途经轮渡（湖岛渡轮 Inselfähre，150米）：没有其他路线。");
  navi_route_request_set_price (other, NAVI_AVOID_TOLL, 2);
  cheap_path = answer (open, other, &cheap);
  may = navi_sentence_for_remained (cheap, NAVI_LANGUAGE_EN);
  g_assert_cmpstr (may[0], ==, "Takes a toll road (A1, 150 m): the way without takes 1 min longer.");
  en = navi_sentence_for_obstacles (NAVI_AVOID_FERRY | NAVI_AVOID_TOLL, NAVI_LANGUAGE_EN);
  zh = navi_sentence_for_obstacles (NAVI_AVOID_FERRY, NAVI_LANGUAGE_ZH);
  g_assert_cmpstr (en, ==, "There is no way there without a toll road and a ferry.");
  g_assert_cmpstr (zh, ==, "没有不经过轮渡的路线。");
}

/* What the window keeps; what an unknown release wrote does no harm. */
static void
test_wishes_are_kept (void)
{
  g_autofree char *profile = g_build_filename (g_get_user_data_dir (), "profile", NULL);
  g_autoptr (NaviSketch) sketch = draw ("toll=yes name=Bridge", TRUE);
  g_autoptr (NaviRouteRequest) request = ask (sketch);
  g_autoptr (GSettings) settings = NULL;
  NaviWishes wishes, read;

  g_setenv ("CIRRUS_PROFILE", profile, TRUE);
  settings = cloud_settings_new ("Navi");
  g_settings_set_value (settings, "wishes", g_variant_new_parsed ("{'car': {'dragons': uint32 5, 'detour': 1200}, 'sledge': {'toll': 0}}"));
  navi_wishes_load (settings, NAVI_CAR, &wishes);
  g_assert_cmpuint (wishes.detour_s, ==, 1200);
  g_assert_cmpuint (navi_wishes_get (&wishes, NAVI_WISH_ALLOWED), ==, (1u << NAVI_N_AVOIDS) - 1);
  navi_wishes_apply (&wishes, request);
  assert_answer (sketch, request, "bc");
  wishes.wish[0] = NAVI_WISH_NEVER;
  wishes.wish[1] = NAVI_WISH_RATHER_NOT;
  navi_wishes_save (settings, NAVI_CAR, &wishes);
  navi_wishes_load (settings, NAVI_FOOT, &read);
  g_assert_cmpuint (navi_wishes_get (&read, NAVI_WISH_NEVER), ==, 0);
  g_assert_cmpuint (read.detour_s, ==, NAVI_USUAL_DETOUR_S);
  navi_wishes_load (settings, NAVI_CAR, &read);
  g_assert_cmpuint (navi_wishes_get (&read, NAVI_WISH_NEVER), ==, NAVI_AVOID_TOLL);
  g_assert_cmpuint (navi_wishes_get (&read, NAVI_WISH_RATHER_NOT), ==, NAVI_AVOID_FERRY);
  navi_wishes_apply (&read, request);
  assert_answer (sketch, request, "befc");
}

static void
test_obstacles (void)
{
  g_autoptr (NaviSketch) sketch = draw ("route=ferry duration=00:05", FALSE);
  g_autoptr (NaviSketch) open = draw ("route=ferry duration=00:05", TRUE);
  g_autoptr (NaviRouteRequest) request = ask (sketch);
  g_autoptr (NaviRouteRequest) other = ask (open);

  navi_route_request_set_avoid (request, NAVI_AVOID_FERRY | NAVI_AVOID_TOLL);
  assert_answer (sketch, request, "none");
  g_assert_cmpuint (navi_router_find_obstacles (navi_sketch_get_router (sketch), request, NULL, NULL), ==, NAVI_AVOID_FERRY);
  navi_route_request_set_avoid (other, NAVI_AVOID_FERRY);
  assert_answer (open, other, "befc");
}

static void
test_blocks (void)
{
  g_autoptr (NaviSketch) sketch = draw ("", TRUE);
  g_autoptr (NaviRouteRequest) road = ask (sketch);
  g_autoptr (NaviRouteRequest) area = ask (sketch);
  g_autoptr (NaviRouteRequest) both = ask (sketch);
  g_autoptr (NaviRouteRequest) ahead = ask (sketch);
  double lat_b, lon_b, lat_c, lon_c;

  navi_sketch_locate (sketch, 'b', &lat_b, &lon_b);
  navi_sketch_locate (sketch, 'c', &lat_c, &lon_c);
  assert_answer (sketch, road, "bc");
  navi_route_request_block_road (road, lat_b, (lon_b + lon_c) / 2);
  assert_answer (sketch, road, "befc");
  navi_route_request_block_area (area, lat_b, (lon_b + lon_c) / 2, 20);
  assert_answer (sketch, area, "befc");
  navi_route_request_block_area (both, lat_b, (lon_b + lon_c) / 2, 60);
  assert_answer (sketch, both, "none");
  navi_route_request_block_ahead (ahead, 300);
  assert_answer (sketch, ahead, "befc");
}

static void
test_speeds (void)
{
  g_autoptr (NaviSketch) sketch = draw ("highway=primary", TRUE);
  g_autoptr (NaviRouteRequest) request = ask (sketch);
  g_autoptr (NaviRoute) usual = NULL;
  g_autoptr (NaviRoute) fast = NULL;
  g_autofree char *usual_path = answer (sketch, request, &usual), *fast_path = NULL;

  g_assert_true (navi_route_request_parse_speeds (request, "primary=200,residential=200"));
  fast_path = answer (sketch, request, &fast);
  g_assert_cmpstr (fast_path, ==, "bc");
  g_assert_cmpfloat_with_epsilon (navi_route_get_duration_s (fast) * 2, navi_route_get_duration_s (usual), 1);
  g_assert_true (navi_route_request_parse_speeds (request, "primary=10"));
  assert_answer (sketch, request, "befc");
}

static void
test_words (void)
{
  static const char *const bad_prices[] = { "", "toll,", "canal", "toll=", "toll=0", "toll=70000", "toll=1=2" };
  static const char *const bad_speeds[] = { "", "motorway", "motorway=9", "motorway=251", "moon=80" };
  static const char *const bad_blocks[] = { "", "1", "1,", "1,2,", "1,2,3,4", "181,2", "1,91", "1,2,-3", "a,b", "1,2;" };
  g_autoptr (NaviRouteRequest) request = navi_route_request_new (NAVI_CAR);

  g_assert_true (navi_route_request_parse_prices (request, "toll,ferry=30"));
  g_assert_true (navi_route_request_parse_speeds (request, "motorway=80,living_street=120"));
  g_assert_true (navi_route_request_parse_blocks (request, "9.5,47.1;-8.6,41.2,500"));
  for (gsize i = 0; i < G_N_ELEMENTS (bad_prices); i++)
    g_assert_false (navi_route_request_parse_prices (request, bad_prices[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad_speeds); i++)
    g_assert_false (navi_route_request_parse_speeds (request, bad_speeds[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad_blocks); i++)
    g_assert_false (navi_route_request_parse_blocks (request, bad_blocks[i]));
}

/* Two ways round a lake. */
static void
test_alternatives (void)
{
  static const char *const map[] = { "    e       f    ", "a   b       c   d", "    g       h    ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviRouteRequest) request = NULL;
  g_autoptr (GPtrArray) routes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *best = NULL, *other = NULL, *english = NULL, *chinese = NULL;

  navi_sketch_add_way (sketch, "ab", "name=West");
  navi_sketch_add_way (sketch, "befc", "name=North_Shore toll=yes");
  navi_sketch_add_way (sketch, "bghc", "name=South_Shore maxspeed=25");
  navi_sketch_add_way (sketch, "cd", "name=East");
  request = ask (sketch);
  navi_route_request_set_alternatives (request, 3);
  routes = navi_router_route_all (navi_sketch_get_router (sketch), request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (routes->len, ==, 2);
  best = navi_sketch_spell (sketch, g_ptr_array_index (routes, 0));
  other = navi_sketch_spell (sketch, g_ptr_array_index (routes, 1));
  g_assert_cmpstr (best, ==, "befc");
  g_assert_cmpstr (other, ==, "bghc");
  g_assert_cmpstr (navi_route_get_via (g_ptr_array_index (routes, 0))->local, ==, "North Shore");
  english = navi_sentence_for_alternative (g_ptr_array_index (routes, 0), g_ptr_array_index (routes, 1), NAVI_LANGUAGE_EN);
  chinese = navi_sentence_for_alternative (g_ptr_array_index (routes, 0), g_ptr_array_index (routes, 1), NAVI_LANGUAGE_ZH);
  g_assert_cmpstr (english, ==, "via South Shore, 1 min longer, no toll");
  g_assert_cmpstr (chinese, ==, "经South Shore，多1分钟，无收费路段");
}

/* A ring road leads around in the north and in the south, and a street through the middle. */
static void
test_two_ways_by_one_road (void)
{
  static const char *const map[] = { "    e          f    ", "", "", "a   b          c   d", "", "", "    g          h    ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviRouteRequest) request = NULL;
  g_autoptr (GPtrArray) routes = NULL;
  g_autoptr (GError) error = NULL;

  navi_sketch_add_way (sketch, "ab", "name=West");
  navi_sketch_add_way (sketch, "bc", "name=High_Street maxspeed=20");
  navi_sketch_add_way (sketch, "befc", "name=Ring maxspeed=35");
  navi_sketch_add_way (sketch, "bghc", "name=Ring maxspeed=35");
  navi_sketch_add_way (sketch, "cd", "name=East");
  request = ask (sketch);
  navi_route_request_set_alternatives (request, 3);
  routes = navi_router_route_all (navi_sketch_get_router (sketch), request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (routes->len, ==, 3);
  for (guint i = 1; i < 3; i++)
    {
      g_autofree char *path = navi_sketch_spell (sketch, g_ptr_array_index (routes, i));
      g_autofree char *words = navi_sentence_for_alternative (g_ptr_array_index (routes, 0), g_ptr_array_index (routes, i), NAVI_LANGUAGE_EN);
      g_autofree char *expected = g_strdup_printf ("via Ring in the %s, ", strcmp (path, "befc") == 0 ? "north" : "south");
      g_assert_true (g_str_has_prefix (words, expected));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/navi/wishes/prices", test_prices);
  g_test_add_func ("/navi/wishes/what-remains-because-it-must", test_what_remains_because_it_must);
  g_test_add_func ("/navi/wishes/sentences", test_sentences);
  g_test_add_func ("/navi/wishes/are-kept", test_wishes_are_kept);
  g_test_add_func ("/navi/wishes/obstacles", test_obstacles);
  g_test_add_func ("/navi/wishes/blocks", test_blocks);
  g_test_add_func ("/navi/wishes/speeds", test_speeds);
  g_test_add_func ("/navi/wishes/words", test_words);
  g_test_add_func ("/navi/wishes/alternatives", test_alternatives);
  g_test_add_func ("/navi/wishes/two-ways-by-one-road", test_two_ways_by_one_road);
  return g_test_run ();
}
