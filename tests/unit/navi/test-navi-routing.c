/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-sketch.h"

#include <string.h>

/* What the tags of roads, barriers and restrictions do to routes: each on a network of a few letters. */

static const char *const profile_names[] = { "car", "bicycle", "foot" };

static void
assert_path (NaviSketch *sketch, NaviProfile profile, const char *from, const char *to, const char *expected)
{
  g_autofree char *path = navi_sketch_path (sketch, profile, 0, from, to);

  if (strcmp (path, expected) != 0)
    g_test_message ("%s from %s to %s", profile_names[profile], from, to);
  g_assert_cmpstr (path, ==, expected);
}

/* A short way b-c and a long one b-e-f-c around it. */
static const char *const detour_map[] = { "a b c d", "  e f  ", NULL };

static const struct
{
  const char *tags; /* of b-c */
  gboolean may[NAVI_N_PROFILES];      /* go from b to c on it */
  gboolean may_back[NAVI_N_PROFILES]; /* and from c to b */
} way_rules[] = {
  { "highway=residential", { 1, 1, 1 }, { 1, 1, 1 } },
  { "highway=motorway", { 1, 0, 0 }, { 0, 0, 0 } },
  { "highway=motorway oneway=no", { 1, 0, 0 }, { 1, 0, 0 } },
  { "highway=motorway_link", { 1, 0, 0 }, { 1, 0, 0 } },
  { "highway=trunk motorroad=yes", { 1, 0, 0 }, { 1, 0, 0 } },
  { "highway=footway", { 0, 1, 1 }, { 0, 1, 1 } }, /* bicycles are pushed */
  { "highway=footway bicycle=no", { 0, 0, 1 }, { 0, 0, 1 } },
  { "highway=footway access=yes", { 0, 1, 1 }, { 0, 1, 1 } },
  { "highway=cycleway foot=no", { 0, 1, 0 }, { 0, 1, 0 } },
  { "highway=cycleway", { 0, 1, 1 }, { 0, 1, 1 } },
  { "highway=path", { 0, 1, 1 }, { 0, 1, 1 } },
  { "highway=pedestrian", { 0, 1, 1 }, { 0, 1, 1 } },
  { "highway=pedestrian motor_vehicle=yes", { 1, 1, 1 }, { 1, 1, 1 } },
  { "highway=construction", { 0, 0, 0 }, { 0, 0, 0 } },
  { "highway=proposed", { 0, 0, 0 }, { 0, 0, 0 } },
  { "access=no", { 0, 0, 0 }, { 0, 0, 0 } },
  { "access=no foot=yes", { 0, 0, 1 }, { 0, 0, 1 } },
  { "access=no bicycle=designated", { 0, 1, 0 }, { 0, 1, 0 } },
  { "access=no vehicle=yes", { 1, 1, 0 }, { 1, 1, 0 } },
  { "vehicle=no", { 0, 0, 1 }, { 0, 0, 1 } },
  { "vehicle=no motor_vehicle=yes", { 1, 0, 1 }, { 1, 0, 1 } },
  { "motor_vehicle=no", { 0, 1, 1 }, { 0, 1, 1 } },
  { "motor_vehicle=no motorcar=yes", { 1, 1, 1 }, { 1, 1, 1 } },
  { "motor_vehicle=agricultural", { 0, 1, 1 }, { 0, 1, 1 } },
  { "motor_vehicle=agricultural;forestry", { 0, 1, 1 }, { 0, 1, 1 } },
  { "access=private", { 0, 0, 0 }, { 0, 0, 0 } },     /* not through */
  { "access=destination", { 0, 0, 0 }, { 0, 0, 0 } },
  { "vehicle=destination", { 0, 0, 1 }, { 0, 0, 1 } },
  { "access=customers", { 0, 0, 0 }, { 0, 0, 0 } },
  { "access=permissive", { 1, 1, 1 }, { 1, 1, 1 } },
  { "bicycle=dismount", { 1, 1, 1 }, { 1, 1, 1 } },
  { "bicycle=use_sidepath", { 1, 0, 1 }, { 1, 0, 1 } },
  { "oneway=yes", { 1, 1, 1 }, { 0, 0, 1 } },
  { "oneway=1", { 1, 1, 1 }, { 0, 0, 1 } },
  { "oneway=-1", { 0, 0, 1 }, { 1, 1, 1 } },
  { "oneway=yes oneway:bicycle=no", { 1, 1, 1 }, { 0, 1, 1 } },
  { "oneway=yes cycleway=opposite", { 1, 1, 1 }, { 0, 1, 1 } },
  { "oneway=yes cycleway=opposite_lane", { 1, 1, 1 }, { 0, 1, 1 } },
  { "oneway=yes cycleway:left=opposite_track", { 1, 1, 1 }, { 0, 1, 1 } },
  { "oneway=yes cycleway:left=lane cycleway:left:oneway=-1", { 1, 1, 1 }, { 0, 1, 1 } },
  { "oneway=yes cycleway:right=lane", { 1, 1, 1 }, { 0, 0, 1 } },
  { "oneway=reversible", { 0, 0, 1 }, { 0, 0, 1 } },
  { "oneway=alternating", { 1, 1, 1 }, { 1, 1, 1 } },
  { "oneway:motor_vehicle=yes", { 1, 1, 1 }, { 0, 1, 1 } },
  { "oneway:foot=yes", { 1, 1, 1 }, { 1, 1, 0 } },
  { "vehicle:backward=no", { 1, 1, 1 }, { 0, 0, 1 } },
  { "motor_vehicle:forward=no", { 0, 1, 1 }, { 1, 1, 1 } },
  { "junction=roundabout", { 1, 1, 1 }, { 0, 0, 1 } },
  { "junction=circular", { 1, 1, 1 }, { 0, 0, 1 } },
  { "smoothness=impassable", { 0, 0, 1 }, { 0, 0, 1 } }, /* no wheels */
  { "impassable=yes", { 0, 0, 0 }, { 0, 0, 0 } },
};

static void
test_way_rules (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (way_rules); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (detour_map);
      g_test_message ("%s", way_rules[i].tags);
      navi_sketch_add_way (sketch, "ab", "");
      navi_sketch_add_way (sketch, "bc", way_rules[i].tags);
      navi_sketch_add_way (sketch, "cd", "");
      /* The way round is slower for all. */
      navi_sketch_add_way (sketch, "befc", "highway=service service=parking_aisle maxspeed=2");
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        {
          assert_path (sketch, profile, "ab", "cd", way_rules[i].may[profile] ? "bc" : "befc");
          assert_path (sketch, profile, "cd", "ab", way_rules[i].may_back[profile] ? "cb" : "cfeb");
        }
    }
}

static const struct
{
  const char *tags; /* of the node g in the middle */
  gboolean may[NAVI_N_PROFILES];
} barrier_rules[] = {
  { "barrier=gate", { 1, 1, 1 } },
  { "barrier=gate access=no", { 0, 0, 0 } },
  { "barrier=gate access=private", { 0, 0, 0 } },
  { "barrier=gate motor_vehicle=no", { 0, 1, 1 } },
  { "barrier=gate access=no bicycle=yes foot=yes", { 0, 1, 1 } },
  { "barrier=lift_gate", { 1, 1, 1 } },
  { "barrier=bollard", { 0, 1, 1 } },
  { "barrier=bollard motor_vehicle=yes", { 1, 1, 1 } },
  { "barrier=bollard bicycle=no", { 0, 0, 1 } },
  { "barrier=block", { 0, 1, 1 } },
  { "barrier=cycle_barrier", { 0, 1, 1 } },
  { "barrier=stile", { 0, 0, 1 } },
  { "barrier=kissing_gate", { 0, 0, 1 } },
  { "barrier=turnstile", { 0, 0, 1 } },
  { "barrier=cattle_grid", { 1, 1, 1 } },
  { "barrier=toll_booth", { 1, 1, 1 } },
  { "barrier=wall", { 0, 0, 0 } },
  { "barrier=kerb", { 1, 1, 1 } },
  { "highway=crossing access=no", { 1, 1, 1 } },
};

static void
test_barriers (void)
{
  static const char *const map[] = { "a b g c d", "  e   f  ", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (barrier_rules); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      g_test_message ("%s", barrier_rules[i].tags);
      navi_sketch_tag_node (sketch, 'g', barrier_rules[i].tags);
      navi_sketch_add_way (sketch, "abgcd", "");
      navi_sketch_add_way (sketch, "befc", "highway=service service=parking_aisle maxspeed=2");
      for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
        assert_path (sketch, profile, "ab", "cd", barrier_rules[i].may[profile] ? "bgc" : "befc");
    }
}

static void
test_private_roads_are_for_the_ends (void)
{
  static const char *const map[] = { "a b c d", "  e f  ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "ab", "");
  navi_sketch_add_way (sketch, "bc", "access=private");
  navi_sketch_add_way (sketch, "cd", "");
  navi_sketch_add_way (sketch, "befc", "highway=service service=parking_aisle maxspeed=2");
  assert_path (sketch, NAVI_CAR, "ab", "bc", "b");
  assert_path (sketch, NAVI_CAR, "bc", "cd", "c");
  assert_path (sketch, NAVI_CAR, "ab", "cd", "befc");
  assert_path (sketch, NAVI_FOOT, "ab", "cd", "befc");
}

static void
test_a_public_road_behind_a_private_one_is_an_island (void)
{
  static const char *const map[] = { "a b c d", "e", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "eab", "");
  navi_sketch_add_way (sketch, "bc", "access=private");
  navi_sketch_add_way (sketch, "cd", "");
  /* Nobody may go to c-d from public roads, so the nearest road that one may go to is taken. */
  assert_path (sketch, NAVI_CAR, "ea", "cd", "abc");
}

/* from a-b over b to c (straight), d (right), e (left) */
static const char *const cross_map[] = { "    i  ", "    e  ", "a j b c", "    d  ", "k   l m", NULL };

/* Nobody may turn back at c, d and e (but where the route itself begins or ends), so that a forbidden turn cannot be made up for there. */
static NaviSketch *
draw_cross (const char *members, const char *tags, const char *from, const char *to)
{
  const char *oneway = "oneway=yes oneway:foot=yes";
  NaviSketch *sketch = navi_sketch_new (cross_map);

  navi_sketch_add_way (sketch, "ajb", "");                                     /* 1 */
  navi_sketch_add_way (sketch, "bc", strcmp (to, "bc") == 0 ? "" : oneway);   /* 2 */
  navi_sketch_add_way (sketch, "bd", strcmp (to, "bc") == 0 ? oneway : "");   /* 3 */
  navi_sketch_add_way (sketch, "be", strcmp (from, "be") == 0 ? "" : oneway); /* 4 */
  navi_sketch_add_way (sketch, "dl", "");   /* 5 */
  navi_sketch_add_way (sketch, "ak", "");   /* 6 */
  navi_sketch_add_way (sketch, "kl", "");   /* 7 */
  navi_sketch_add_way (sketch, "lm", "");   /* 8 */
  navi_sketch_add_way (sketch, "mc", "");   /* 9 */
  navi_sketch_add_way (sketch, "ei", "");   /* 10 */
  if (members != NULL)
    navi_sketch_add_relation (sketch, members, tags);
  return sketch;
}

static void
test_restrictions_by_node (void)
{
  static const struct
  {
    const char *members;
    const char *tags;
    NaviProfile profile;
    const char *from;
    const char *to;
    const char *path;
  } cases[] = {
    { NULL, NULL, NAVI_CAR, "aj", "dl", "jbd" },
    { "from=1 via=b to=3", "type=restriction restriction=no_right_turn", NAVI_CAR, "aj", "bd", "akld" },
    { "from=1 via=b to=3", "type=restriction restriction=no_right_turn", NAVI_BICYCLE, "aj", "bd", "akld" },
    { "from=1 via=b to=3", "type=restriction restriction=no_right_turn", NAVI_FOOT, "jb", "bd", "b" },
    { "from=1 via=b to=3", "type=restriction restriction=no_right_turn except=bicycle", NAVI_BICYCLE, "jb", "bd", "b" },
    { "from=1 via=b to=3", "type=restriction restriction=no_right_turn except=bicycle;psv", NAVI_CAR, "aj", "bd", "akld" },
    { "from=1 via=b to=3", "type=restriction restriction=no_right_turn except=motorcar", NAVI_CAR, "jb", "bd", "b" },
    { "from=1 via=b to=3", "type=restriction restriction:bicycle=no_right_turn", NAVI_CAR, "jb", "bd", "b" },
    { "from=1 via=b to=3", "type=restriction restriction:bicycle=no_right_turn", NAVI_BICYCLE, "aj", "bd", "akld" },
    { "from=1 via=b to=3", "type=restriction restriction:foot=no_right_turn", NAVI_FOOT, "aj", "bd", "akld" },
    { "from=1 via=b to=3", "type=restriction restriction:hgv=no_right_turn", NAVI_CAR, "jb", "bd", "b" },
    { "from=1 via=b to=3", "type=restriction restriction:motorcar=no_right_turn", NAVI_CAR, "aj", "bd", "akld" },
    { "from=1 via=b to=4", "type=restriction restriction=no_left_turn", NAVI_CAR, "jb", "bd", "b" },
    { "from=1 via=b to=2", "type=restriction restriction=no_straight_on", NAVI_CAR, "jb", "bc", "bdlmc" },
    { "from=1 via=b to=2", "type=restriction restriction=only_straight_on", NAVI_CAR, "aj", "bd", "akld" },
    { "from=1 via=b to=2", "type=restriction restriction=only_straight_on", NAVI_CAR, "jb", "bc", "b" },
    { "from=1 via=b to=3", "type=restriction restriction=only_right_turn", NAVI_CAR, "jb", "bc", "bdlmc" },
    { "from=1 from=4 via=b to=3", "type=restriction restriction=no_entry", NAVI_CAR, "be", "bd", "bcmld" },
    { "from=1 via=b to=3 to=4", "type=restriction restriction=no_exit", NAVI_CAR, "jb", "be", "bcmldb" },
    { "from=1 via=b to=1", "type=restriction restriction=no_u_turn", NAVI_CAR, "be", "bd", "b" },
    /* What is not whole is no restriction. */
    { "from=1 to=3", "type=restriction restriction=no_right_turn", NAVI_CAR, "jb", "bd", "b" },
    { "from=1 via=b to=99", "type=restriction restriction=only_right_turn", NAVI_CAR, "jb", "bd", "b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = draw_cross (cases[i].members, cases[i].tags, cases[i].from, cases[i].to);
      g_test_message ("%s %s", cases[i].members, cases[i].tags);
      assert_path (sketch, cases[i].profile, cases[i].from, cases[i].to, cases[i].path);
    }
}

/* a-b-c-d along, with b-c as the via way; e, f hang at b and c. */
static const char *const via_map[] = { "a b g c d", "  e   f  ", "h       i", NULL };

static NaviSketch *
draw_via (const char *members, const char *tags, const char *last_tags)
{
  NaviSketch *sketch = navi_sketch_new (via_map);

  navi_sketch_add_way (sketch, "ab", "");  /* 1 */
  navi_sketch_add_way (sketch, "bg", "");  /* 2 */
  navi_sketch_add_way (sketch, "gc", "");  /* 3 */
  navi_sketch_add_way (sketch, "cd", last_tags); /* 4 */
  navi_sketch_add_way (sketch, "be", "oneway=-1"); /* 5 */
  navi_sketch_add_way (sketch, "cf", "oneway=yes"); /* 6 */
  navi_sketch_add_way (sketch, "ah", "");  /* 7 */
  navi_sketch_add_way (sketch, "hi", "");  /* 8 */
  navi_sketch_add_way (sketch, "id", "");  /* 9 */
  if (members != NULL)
    navi_sketch_add_relation (sketch, members, tags);
  return sketch;
}

static void
test_restrictions_by_ways (void)
{
  static const struct
  {
    const char *members;
    const char *tags;
    const char *from;
    const char *to;
    const char *path;
  } cases[] = {
    { NULL, NULL, "ab", "cf", "bgc" },
    /* From a over b-g-c not to f, but from e one may, and from a on to d. */
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=no_right_turn", "ab", "cf", "ahidc" },
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=no_right_turn", "be", "cf", "bgc" },
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=no_right_turn", "ab", "cd", "bgc" },
    { "from=1 via=3 via=2 to=6", "type=restriction restriction=no_right_turn", "ab", "cf", "ahidc" },
    { "from=1 via=2 to=3", "type=restriction restriction=no_straight_on", "ab", "cf", "ahidc" },
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=only_right_turn", "ab", "cd", "ahid" },
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=only_right_turn", "ab", "cf", "bgc" },
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=only_right_turn", "be", "cd", "bgc" },
    { "from=1 via=2 via=3 to=6", "type=restriction restriction=no_right_turn except=bicycle", "ab", "cf", "ahidc" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = draw_via (cases[i].members, cases[i].tags, strcmp (cases[i].to, "cf") == 0 ? "oneway=-1" : "");
      g_test_message ("%s %s", cases[i].members, cases[i].tags);
      assert_path (sketch, NAVI_CAR, cases[i].from, cases[i].to, cases[i].path);
    }
}

static void
test_two_restrictions_that_share_their_beginning (void)
{
  g_autoptr (NaviSketch) sketch = draw_via ("from=1 via=2 via=3 to=6", "type=restriction restriction=no_right_turn", "");

  navi_sketch_add_relation (sketch, "from=1 via=2 via=3 to=4", "type=restriction restriction=no_straight_on");
  assert_path (sketch, NAVI_CAR, "ab", "gc", "bg");
  assert_path (sketch, NAVI_CAR, "ab", "cd", "ahid");
  assert_path (sketch, NAVI_CAR, "be", "cd", "bgc");
}

static void
test_avoid (void)
{
  static const struct
  {
    const char *tags;
    guint avoid;
  } cases[] = {
    { "highway=motorway oneway=no", NAVI_AVOID_MOTORWAY },
    { "toll=yes", NAVI_AVOID_TOLL },
    { "surface=gravel", NAVI_AVOID_UNPAVED },
    { "highway=track", NAVI_AVOID_UNPAVED },
    { "tunnel=yes", NAVI_AVOID_TUNNEL },
    { "route=ferry", NAVI_AVOID_FERRY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (detour_map);
      g_autofree char *free_path = NULL, *avoiding = NULL, *none = NULL;
      navi_sketch_add_way (sketch, "ab", "");
      navi_sketch_add_way (sketch, "bc", cases[i].tags);
      navi_sketch_add_way (sketch, "cd", "");
      navi_sketch_add_way (sketch, "befc", "highway=service service=parking_aisle maxspeed=2");
      free_path = navi_sketch_path (sketch, NAVI_CAR, 0, "ab", "cd");
      avoiding = navi_sketch_path (sketch, NAVI_CAR, cases[i].avoid, "ab", "cd");
      g_assert_cmpstr (free_path, ==, "bc");
      g_assert_cmpstr (avoiding, ==, "befc");
    }
}

static void
test_ferry_takes_its_duration (void)
{
  static const char *const map[] = { "a b c d", NULL };
  static const struct
  {
    const char *duration;
    double seconds;
  } cases[] = { { "00:20", 1200 }, { "20", 1200 }, { "PT20M", 1200 }, { "00:20:30", 1230 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      g_autoptr (NaviRoute) route = NULL;
      g_autofree char *tags = g_strdup_printf ("route=ferry duration=%s", cases[i].duration);
      navi_sketch_add_way (sketch, "ab", "");
      navi_sketch_add_way (sketch, "bc", tags);
      navi_sketch_add_way (sketch, "cd", "");
      route = navi_sketch_route (sketch, NAVI_CAR, 0, "ab", "cd");
      g_assert_nonnull (route);
      /* 76 m in 20 min are 0.2 km/h: speeds have tenths, so allow for their rounding. */
      g_assert_cmpfloat (navi_route_get_duration_s (route), >, cases[i].seconds);
      g_assert_cmpfloat (navi_route_get_duration_s (route), <, cases[i].seconds * 1.4);
    }
}

static void
test_one_edge (void)
{
  static const char *const map[] = { "a b c d e", NULL };
  g_autoptr (NaviSketch) both = navi_sketch_new (map);
  g_autoptr (NaviSketch) oneway = navi_sketch_new (map);

  navi_sketch_add_way (both, "abcde", "");
  assert_path (both, NAVI_CAR, "ab", "bc", "b");
  assert_path (both, NAVI_CAR, "bc", "ab", "b");
  assert_path (both, NAVI_CAR, "de", "ab", "dcb");
  navi_sketch_add_way (oneway, "abcde", "oneway=yes");
  assert_path (oneway, NAVI_CAR, "ab", "de", "bcd");
  assert_path (oneway, NAVI_CAR, "de", "ab", "none");
  assert_path (oneway, NAVI_FOOT, "de", "ab", "dcb");
}

static void
test_islands (void)
{
  static const char *const map[] = { "a b c d", " e f", "g", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "abcd", "");
  navi_sketch_add_way (sketch, "gab", "highway=unclassified");
  navi_sketch_add_way (sketch, "ef", "");
  /* The nearest road is an island, but its neighbour is not; within the island one may go. */
  assert_path (sketch, NAVI_CAR, "ef", "cd", "bc");
  assert_path (sketch, NAVI_CAR, "ef", "ef", "");
}

static void
test_nothing_near (void)
{
  static const char *const map[] = { "a b", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviRouteRequest) request = navi_route_request_new (NAVI_CAR);
  g_autoptr (GError) error = NULL;

  navi_sketch_add_way (sketch, "ab", "");
  navi_route_request_add_point (request, 47.0, 9.0);
  navi_route_request_add_point (request, 46.0, 9.0);
  g_assert_null (navi_router_route (navi_sketch_get_router (sketch), request, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/routing/way-rules", test_way_rules);
  g_test_add_func ("/navi/routing/barriers", test_barriers);
  g_test_add_func ("/navi/routing/private-roads-are-for-the-ends", test_private_roads_are_for_the_ends);
  g_test_add_func ("/navi/routing/a-public-road-behind-a-private-one-is-an-island", test_a_public_road_behind_a_private_one_is_an_island);
  g_test_add_func ("/navi/routing/restrictions-by-node", test_restrictions_by_node);
  g_test_add_func ("/navi/routing/restrictions-by-ways", test_restrictions_by_ways);
  g_test_add_func ("/navi/routing/two-restrictions-that-share-their-beginning", test_two_restrictions_that_share_their_beginning);
  g_test_add_func ("/navi/routing/avoid", test_avoid);
  g_test_add_func ("/navi/routing/ferry-takes-its-duration", test_ferry_takes_its_duration);
  g_test_add_func ("/navi/routing/one-edge", test_one_edge);
  g_test_add_func ("/navi/routing/islands", test_islands);
  g_test_add_func ("/navi/routing/nothing-near", test_nothing_near);
  return g_test_run ();
}
