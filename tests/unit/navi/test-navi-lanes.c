/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-lanes.h"
#include "navi-sentence.h"
#include "navi-sketch.h"

/* Lanes before a maneuver, what the signs say, and the limits along a route. */

/* A letter for each lane: x if it leads there; "" if nothing can be said.  (transfer full) */
static char *
mark (const char *turn_lanes, NaviModifier modifier)
{
  NaviLane lanes[NAVI_MAX_LANES];
  guint n = navi_lanes_read (turn_lanes, modifier, lanes);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_c (out, lanes[i].is_usable ? 'x' : '.');
  return g_string_free (out, FALSE);
}

static void
test_usable (void)
{
  static const struct
  {
    const char *turn_lanes;
    NaviModifier modifier;
    const char *expected;
  } cases[] = {
    { "left|through|through;right", NAVI_MODIFIER_LEFT, "x.." },
    { "left|through|through;right", NAVI_MODIFIER_STRAIGHT, ".xx" },
    { "left|through|through;right", NAVI_MODIFIER_RIGHT, "..x" },
    { "left|through|through;right", NAVI_MODIFIER_SLIGHT_RIGHT, "..x" },
    { "left|through|through;right", NAVI_MODIFIER_SHARP_LEFT, "x.." },
    { "through|through|slight_right", NAVI_MODIFIER_RIGHT, "..x" },
    { "slight_left|slight_right", NAVI_MODIFIER_SLIGHT_LEFT, "x." },
    { "left; through | right", NAVI_MODIFIER_LEFT, "x." },
    { "through|sharp_right", NAVI_MODIFIER_RIGHT, ".x" },
    { "left|through", NAVI_MODIFIER_UTURN, "x." },
    { "reverse|left|through", NAVI_MODIFIER_UTURN, "x.." },
    { "||right", NAVI_MODIFIER_STRAIGHT, "xx." },
    { "none|none|right", NAVI_MODIFIER_STRAIGHT, "xx." },
    { "none|none|right", NAVI_MODIFIER_LEFT, "xx." },
    /* The paint is of another junction. */
    { "left|through", NAVI_MODIFIER_RIGHT, "" },
    { "through", NAVI_MODIFIER_STRAIGHT, "" },
    { "", NAVI_MODIFIER_STRAIGHT, "" },
    { "|", NAVI_MODIFIER_RIGHT, "xx" },
    { "up|down", NAVI_MODIFIER_RIGHT, "xx" },
    { "left|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a", NAVI_MODIFIER_LEFT, "x..............." },
    { "left|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a|a", NAVI_MODIFIER_LEFT, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *marks = mark (cases[i].turn_lanes, cases[i].modifier);
      g_test_message ("%s", cases[i].turn_lanes);
      g_assert_cmpstr (marks, ==, cases[i].expected);
    }
}

static void
test_words (void)
{
  NaviLane lanes[NAVI_MAX_LANES];
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_auto (GStrv) first_words = NULL;
  g_auto (GStrv) second_words = NULL;

  g_assert_cmpuint (navi_lanes_read ("slight_left;merge_to_right|", NAVI_MODIFIER_SLIGHT_LEFT, lanes), ==, 2);
  g_assert_cmpuint (lanes[0].arrows, ==, 1u << NAVI_MODIFIER_SLIGHT_LEFT | NAVI_LANE_MERGES_RIGHT);
  g_assert_cmpuint (lanes[1].arrows, ==, 0);
  first_words = navi_lane_get_words (&lanes[0]);
  second_words = navi_lane_get_words (&lanes[1]);
  first = g_strjoinv (" ", first_words);
  second = g_strjoinv (" ", second_words);
  g_assert_cmpstr (first, ==, "slight_left merge_to_right");
  g_assert_cmpstr (second, ==, "none");
}

static void
test_sentences (void)
{
  static const struct
  {
    const char *turn_lanes;
    NaviModifier modifier;
    const char *english;
    const char *chinese;
  } cases[] = {
    { "left|through|right", NAVI_MODIFIER_LEFT, "Use the left lane.", "请走最左侧车道。" },
    { "left|through|right", NAVI_MODIFIER_RIGHT, "Use the right lane.", "请走最右侧车道。" },
    { "left|through|right", NAVI_MODIFIER_STRAIGHT, "Use the middle lane.", "请走中间车道。" },
    { "left|through|through|right", NAVI_MODIFIER_STRAIGHT, "Use one of the middle lanes.", "请走中间的车道。" },
    { "left|left|through", NAVI_MODIFIER_LEFT, "Use one of the two left lanes.", "请走左侧两条车道。" },
    { "left|through|through|through", NAVI_MODIFIER_STRAIGHT, "Use one of the three right lanes.", "请走右侧三条车道。" },
    { "left|left", NAVI_MODIFIER_LEFT, NULL, NULL },
    { "through|left|through", NAVI_MODIFIER_STRAIGHT, NULL, NULL },
    { "", NAVI_MODIFIER_LEFT, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const NaviStepData data
          = { .maneuver = NAVI_MANEUVER_TURN, .modifier = cases[i].modifier, .turn_lanes = cases[i].turn_lanes };
      g_autoptr (NaviStep) step = navi_step_new (&data);
      g_autofree char *english = navi_sentence_for_lanes (step, NAVI_LANGUAGE_EN);
      g_autofree char *chinese = navi_sentence_for_lanes (step, NAVI_LANGUAGE_ZH);
      g_assert_cmpstr (english, ==, cases[i].english);
      g_assert_cmpstr (chinese, ==, cases[i].chinese);
    }
}

/* The lanes of the road that leads to the turn, in its own direction; none for who walks. */
static void
test_route (void)
{
  static const char *const map[] = { "a b c", "  d  ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  const char *expected[NAVI_N_PROFILES] = { "through|right", "through|right", "" };
  g_autoptr (NaviRoute) other_way = NULL;
  g_autoptr (NaviStep) left = NULL;

  navi_sketch_add_way (sketch, "abc", "name=Main turn:lanes:forward=through|right turn:lanes:backward=left|through");
  navi_sketch_add_way (sketch, "bd", "name=Side");
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      g_autoptr (NaviRoute) route = navi_sketch_route (sketch, (NaviProfile) profile, 0, "ab", "bd");
      g_autoptr (NaviStep) turn = g_list_model_get_item (navi_route_get_steps (route), 1);
      g_autoptr (NaviStep) arrival = g_list_model_get_item (navi_route_get_steps (route), 2);
      g_autofree char *sentence = navi_sentence_for_lanes (turn, NAVI_LANGUAGE_EN);
      g_autofree char *last = navi_sentence_for_lanes (arrival, NAVI_LANGUAGE_EN);
      g_assert_cmpstr (navi_step_get_data (turn)->turn_lanes, ==, expected[profile]);
      g_assert_cmpstr (sentence, ==, profile != NAVI_FOOT ? "Use the right lane." : NULL);
      g_assert_null (last);
    }
  other_way = navi_sketch_route (sketch, NAVI_CAR, 0, "bc", "bd");
  left = g_list_model_get_item (navi_route_get_steps (other_way), 1);
  g_assert_cmpstr (navi_step_get_data (left)->turn_lanes, ==, "left|through");
}

static void
test_stretches (void)
{
  static const char *const map[] = { "a b c d e f", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviRoute) there = NULL;
  g_autoptr (NaviRoute) back = NULL;
  const NaviStretch *stretches;
  const NaviCoordinate *points;
  double lat, lon, all_m = 0;
  guint n, n_points;

  navi_sketch_add_way (sketch, "ab", "maxspeed=30");
  navi_sketch_add_way (sketch, "bc", "maxspeed=30 name=Other");
  navi_sketch_add_way (sketch, "cd", "maxspeed=50 tunnel=yes");
  navi_sketch_add_way (sketch, "de", "maxspeed:forward=50 maxspeed:backward=70");
  navi_sketch_add_way (sketch, "ef", "highway=motorway oneway=no maxspeed=none");
  there = navi_sketch_route (sketch, NAVI_CAR, 0, "ab", "ef");
  stretches = navi_route_get_stretches (there, &n);
  points = navi_route_get_geometry (there, &n_points);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (stretches[0].limit_kmh, ==, 30);
  g_assert_cmpuint (stretches[1].limit_kmh, ==, 50);
  g_assert_cmpuint (stretches[2].limit_kmh, ==, 50);
  g_assert_cmpuint (stretches[3].limit_kmh, ==, 255);
  g_assert_true (stretches[1].is_tunnel && !stretches[0].is_tunnel && !stretches[2].is_tunnel);
  g_assert_cmpuint (stretches[0].first_point, ==, 0);
  navi_sketch_locate (sketch, 'd', &lat, &lon);
  g_assert_cmpfloat_with_epsilon (points[stretches[2].first_point].lon_deg, lon, 1e-6);
  for (guint i = 0; i < n; i++)
    all_m += stretches[i].distance_m;
  g_assert_cmpfloat_with_epsilon (all_m, navi_route_get_distance_m (there), 0.1);
  back = navi_sketch_route (sketch, NAVI_CAR, 0, "ef", "ab");
  stretches = navi_route_get_stretches (back, &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpuint (stretches[1].limit_kmh, ==, 70);
}

/* Signs of one-way and two-way roads: all that there is, and parts of it. */
static void
test_signs (void)
{
  static const char *const map[] = { "a b c", "  d  ", NULL };
  static const struct
  {
    const char *tags;
    const char *destination;
    const char *destination_ref;
    const char *exit_ref;
  } cases[] = {
    { "oneway=yes destination=Vaduz;Chur destination:ref=A_13 junction:ref=12", "Vaduz;Chur", "A_13", "12" },
    { "oneway=yes destination=Vaduz", "Vaduz", "", "" },
    { "oneway=yes destination:ref=A_13", "", "A_13", "" },
    { "oneway=yes junction:ref=12", "", "", "12" },
    { "destination:forward=Vaduz destination:ref:forward=A_13 destination:backward=Chur", "Vaduz", "A_13", "" },
    { "", "", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      g_autoptr (NaviRoute) route = NULL;
      g_autoptr (NaviStep) step = NULL;
      const NaviStepData *data;
      navi_sketch_add_way (sketch, "abc", "name=Main");
      navi_sketch_add_way (sketch, "bd", cases[i].tags);
      route = navi_sketch_route (sketch, NAVI_CAR, 0, "ab", "bd");
      step = g_list_model_get_item (navi_route_get_steps (route), 1);
      data = navi_step_get_data (step);
      g_assert_cmpstr (data->destination, ==, cases[i].destination);
      g_assert_cmpstr (data->destination_ref, ==, cases[i].destination_ref);
      g_assert_cmpstr (data->exit_ref, ==, cases[i].exit_ref);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/lanes/usable", test_usable);
  g_test_add_func ("/navi/lanes/words", test_words);
  g_test_add_func ("/navi/lanes/sentences", test_sentences);
  g_test_add_func ("/navi/lanes/route", test_route);
  g_test_add_func ("/navi/lanes/stretches", test_stretches);
  g_test_add_func ("/navi/lanes/signs", test_signs);
  return g_test_run ();
}
