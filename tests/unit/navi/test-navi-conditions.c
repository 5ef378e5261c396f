/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-condition.h"
#include "navi-sketch.h"

#include "cloud-error.h"

#include <string.h>

/* What depends on the time or the vehicle: conditional tags, and limits of size.
 *
 * Source of the expectations: https://wiki.openstreetmap.org/wiki/Conditional_restrictions, .../Relation:restriction ("Tags",
 * restriction:conditional), .../Key:maxheight, .../Key:maxweight; the section is named at each table. */

/* Monday, 23 November 2026 */
#define MONDAY(hour, minute) { 2026, 11, 23, (hour) * 60 + (minute) }
#define SATURDAY(hour, minute) { 2026, 11, 28, (hour) * 60 + (minute) }

static void
test_conditions (void)
{
  /* "Tagging", "Condition": opening hours, vehicle properties with comparisons, AND, brackets; what is not known never holds. */
  static const struct
  {
    const char *condition;
    NaviLocalTime at;
    guint32 weight_kg;
    gboolean holds;
  } cases[] = {
    { "Mo-Fr 07:00-09:00", MONDAY (8, 0), 0, TRUE },
    { "Mo-Fr 07:00-09:00", MONDAY (9, 0), 0, FALSE },
    { "Mo-Fr 07:00-09:00", SATURDAY (8, 0), 0, FALSE },
    { "(Mo-Fr 07:00-09:00)", MONDAY (8, 0), 0, TRUE },
    { "22:00-06:00", MONDAY (5, 59), 0, TRUE },
    { "22:00-06:00", MONDAY (6, 0), 0, FALSE },
    { "Nov-Mar", MONDAY (12, 0), 0, TRUE },
    { "Apr-Oct", MONDAY (12, 0), 0, FALSE },
    { "Mo-Fr 07:00-18:00; PH off", MONDAY (12, 0), 0, TRUE },
    { "week 40-50", MONDAY (12, 0), 0, TRUE },
    { "week 10-20", MONDAY (12, 0), 0, FALSE },
    { "week 48-50/2", MONDAY (12, 0), 0, TRUE },
    { "week 47-51/2", MONDAY (12, 0), 0, FALSE },
    { "week 40-50 Sa", MONDAY (12, 0), 0, FALSE },
    { "2026", MONDAY (12, 0), 0, TRUE },
    { "2025", MONDAY (12, 0), 0, FALSE },
    { "2025-2027", MONDAY (12, 0), 0, TRUE },
    { "2026 Nov 01-2026 Dec 24", MONDAY (12, 0), 0, TRUE },
    { "2026 Oct 01-2027 Mar 01", MONDAY (12, 0), 0, TRUE },
    { "2025 Oct 01-2026 Mar 01", MONDAY (12, 0), 0, FALSE },
    { "2026 Jan 10-Nov 30", MONDAY (12, 0), 0, TRUE },
    { "2027 Jan 10-Nov 30", MONDAY (12, 0), 0, FALSE },
    { "weight>7.5", MONDAY (12, 0), 8000, TRUE },
    { "weight>7.5", MONDAY (12, 0), 7500, FALSE },
    { "weight >= 7.5 t", MONDAY (12, 0), 7500, TRUE },
    { "weight<3.5", MONDAY (12, 0), 3000, TRUE },
    { "weight<=3.5", MONDAY (12, 0), 3600, FALSE },
    { "weight>7.5", MONDAY (12, 0), 0, FALSE },
    { "weight>7.5 AND 22:00-06:00", MONDAY (23, 0), 8000, TRUE },
    { "weight>7.5 AND 22:00-06:00", MONDAY (12, 0), 8000, FALSE },
    { "(22:00-06:00) AND (weight>7.5)", MONDAY (23, 0), 7000, FALSE },
    { "wet", MONDAY (12, 0), 0, FALSE },
    { "snow AND 22:00-06:00", MONDAY (23, 0), 0, FALSE },
    { "delivery", MONDAY (12, 0), 0, FALSE },
    { "", MONDAY (12, 0), 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NaviCircumstances circumstances = { cases[i].at, { [NAVI_SIZE_WEIGHT] = cases[i].weight_kg } };
      g_autoptr (NaviCondition) condition = navi_condition_parse (cases[i].condition);
      g_test_message ("%s", cases[i].condition);
      g_assert_cmpint (navi_condition_holds (condition, &circumstances), ==, cases[i].holds);
    }
}

static void
test_clauses (void)
{
  /* "Tagging": value @ condition, several with semicolons, a condition with a semicolon in brackets. */
  static const struct
  {
    const char *text;
    const char *clauses; /* "value|condition, ..." */
  } cases[] = {
    { "no @ (Mo-Fr 07:00-09:00)", "no|Mo-Fr 07:00-09:00" },
    { "60 @ 23:00-05:00", "60|23:00-05:00" },
    { "no @ (Mo-Fr 07:00-09:00; PH off); destination @ (weight>7.5)", "no|Mo-Fr 07:00-09:00; PH off, destination|weight>7.5" },
    { "no @ 07:00-09:00; 16:00-18:00", "no|07:00-09:00; 16:00-18:00" },
    { "no@(wet)", "no|wet" },
    { "no", "" },
    { "", "" },
    { ";;@;", "|" },
    { "no @ (a", "no|(a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) clauses = navi_conditional_parse (cases[i].text);
      g_autoptr (GString) got = g_string_new (NULL);
      for (guint j = 0; j < clauses->len; j++)
        {
          const NaviConditionalClause *clause = &g_array_index (clauses, NaviConditionalClause, j);
          g_string_append_printf (got, "%s%s|%s", j > 0 ? ", " : "", clause->value, clause->condition);
        }
      g_assert_cmpstr (got->str, ==, cases[i].clauses);
    }
}

/* ---- On roads ---- */

/* A short way b-c and a long one b-e-f-c around it, slower for all. */
static NaviSketch *
draw (const char *tags)
{
  static const char *const map[] = { "a b g c d", "  e   f  ", NULL };
  NaviSketch *sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "ab", "");
  navi_sketch_add_way (sketch, "bgc", tags);
  navi_sketch_add_way (sketch, "cd", "");
  navi_sketch_add_way (sketch, "befc", "highway=service service=parking_aisle maxspeed=2");
  return sketch;
}

typedef struct
{
  NaviLocalTime at;
  const char *vehicle; /* (nullable) */
  NaviProfile profile;
} Trip;

static NaviRoute *
find_route (NaviSketch *sketch, const Trip *trip, const char *from, const char *to)
{
  g_autoptr (NaviRouteRequest) request = navi_route_request_new (trip->profile);

  navi_route_request_set_depart (request, &trip->at);
  if (trip->vehicle != NULL)
    g_assert_true (navi_route_request_parse_vehicle (request, trip->vehicle));
  navi_sketch_add_point (sketch, request, from);
  navi_sketch_add_point (sketch, request, to);
  return navi_router_route (navi_sketch_get_router (sketch), request, NULL, NULL);
}

static void
assert_trip (NaviSketch *sketch, const Trip *trip, const char *from, const char *to, const char *expected)
{
  g_autoptr (NaviRoute) route = find_route (sketch, trip, from, to);
  g_autofree char *path = navi_sketch_spell (sketch, route);

  g_assert_cmpstr (path, ==, expected);
}

static void
test_access (void)
{
  /* "Examples" and "Evaluation of conflicting restrictions": of several conditions that hold the last one counts; a conditional value takes the
   * place of the plain one of its key, the key of the more particular mode counts before that of its category. */
  static const struct
  {
    const char *tags;
    Trip trip;
    gboolean may;
    gboolean may_back;
  } cases[] = {
    { "motor_vehicle:conditional=no~@~(Mo-Fr~07:00-09:00)", { MONDAY (8, 0), NULL, NAVI_CAR }, FALSE, FALSE },
    { "motor_vehicle:conditional=no~@~(Mo-Fr~07:00-09:00)", { MONDAY (9, 0), NULL, NAVI_CAR }, TRUE, TRUE },
    { "motor_vehicle:conditional=no~@~(Mo-Fr~07:00-09:00)", { SATURDAY (8, 0), NULL, NAVI_CAR }, TRUE, TRUE },
    { "motor_vehicle:conditional=no~@~(Mo-Fr~07:00-09:00)", { MONDAY (8, 0), NULL, NAVI_BICYCLE }, TRUE, TRUE },
    { "motor_vehicle=no motor_vehicle:conditional=yes~@~(19:00-07:00)", { MONDAY (20, 0), NULL, NAVI_CAR }, TRUE, TRUE },
    { "motor_vehicle=no motor_vehicle:conditional=yes~@~(19:00-07:00)", { MONDAY (12, 0), NULL, NAVI_CAR }, FALSE, FALSE },
    { "access=no access:conditional=yes~@~(08:00-18:00)", { MONDAY (12, 0), NULL, NAVI_FOOT }, TRUE, TRUE },
    { "access=no access:conditional=yes~@~(08:00-18:00)", { MONDAY (7, 0), NULL, NAVI_FOOT }, FALSE, FALSE },
    { "access:conditional=destination~@~(06:30-08:30);destination~@~(16:30-18:30)", { MONDAY (17, 0), NULL, NAVI_CAR }, FALSE, FALSE },
    { "access:conditional=destination~@~(06:30-08:30);destination~@~(16:30-18:30)", { MONDAY (12, 0), NULL, NAVI_CAR }, TRUE, TRUE },
    { "vehicle:conditional=no~@~(00:00-24:00);yes~@~(10:00-11:00)", { MONDAY (10, 30), NULL, NAVI_CAR }, TRUE, TRUE },
    { "vehicle:conditional=yes~@~(10:00-11:00);no~@~(00:00-24:00)", { MONDAY (10, 30), NULL, NAVI_CAR }, FALSE, FALSE },
    { "vehicle:conditional=no~@~(10:00-11:00) bicycle=yes", { MONDAY (10, 30), NULL, NAVI_BICYCLE }, TRUE, TRUE },
    { "vehicle:conditional=no~@~(10:00-11:00) bicycle:conditional=yes~@~(10:30-11:00)", { MONDAY (10, 15), NULL, NAVI_BICYCLE }, FALSE, FALSE },
    { "vehicle:conditional=no~@~(10:00-11:00) bicycle:conditional=yes~@~(10:30-11:00)", { MONDAY (10, 45), NULL, NAVI_BICYCLE }, TRUE, TRUE },
    { "motor_vehicle:backward:conditional=no~@~(10:00-11:00)", { MONDAY (10, 15), NULL, NAVI_CAR }, TRUE, FALSE },
    { "motor_vehicle:conditional=no~@~(weight>3.5)", { MONDAY (10, 15), "weight=7.5", NAVI_CAR }, FALSE, FALSE },
    { "motor_vehicle:conditional=no~@~(weight>3.5)", { MONDAY (10, 15), NULL, NAVI_CAR }, TRUE, TRUE },
    { "hgv:conditional=no~@~(10:00-11:00)", { MONDAY (10, 15), NULL, NAVI_CAR }, TRUE, TRUE },
    /* Key:oneway, reversible: the condition says which way. */
    { "oneway=reversible oneway:conditional=yes~@~(06:00-10:00);-1~@~(15:00-19:00)", { MONDAY (8, 0), NULL, NAVI_CAR }, TRUE, FALSE },
    { "oneway=reversible oneway:conditional=yes~@~(06:00-10:00);-1~@~(15:00-19:00)", { MONDAY (16, 0), NULL, NAVI_CAR }, FALSE, TRUE },
    { "oneway=reversible oneway:conditional=yes~@~(06:00-10:00);-1~@~(15:00-19:00)", { MONDAY (12, 0), NULL, NAVI_CAR }, FALSE, FALSE },
    { "oneway:conditional=yes~@~(06:00-10:00) oneway:bicycle=no", { MONDAY (8, 0), NULL, NAVI_BICYCLE }, TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = draw (cases[i].tags);
      g_test_message ("%s", cases[i].tags);
      assert_trip (sketch, &cases[i].trip, "ab", "cd", cases[i].may ? "bgc" : "befc");
      assert_trip (sketch, &cases[i].trip, "cd", "ab", cases[i].may_back ? "cgb" : "cfeb");
    }
}

static void
test_barriers (void)
{
  static const char *const conditional = "barrier=gate access=no access:conditional=yes~@~(Mo-Fr~08:00-18:00)";
  const Trip open = { MONDAY (12, 0), NULL, NAVI_FOOT }, closed = { SATURDAY (12, 0), NULL, NAVI_FOOT };
  const Trip low = { MONDAY (12, 0), "height=1.9", NAVI_CAR }, high = { MONDAY (12, 0), "height=2.1", NAVI_CAR };
  g_autoptr (NaviSketch) gate = draw ("");
  g_autoptr (NaviSketch) restrictor = draw ("");

  navi_sketch_tag_node (gate, 'g', conditional);
  assert_trip (gate, &open, "ab", "cd", "bgc");
  assert_trip (gate, &closed, "ab", "cd", "befc");
  /* Tag:barrier=height_restrictor: maxheight on the node. */
  navi_sketch_tag_node (restrictor, 'g', "barrier=height_restrictor maxheight=2");
  assert_trip (restrictor, &low, "ab", "cd", "bgc");
  assert_trip (restrictor, &high, "ab", "cd", "befc");
}

static void
test_speeds (void)
{
  /* "Examples": maxspeed:conditional=60 @ 23:00-05:00 over maxspeed=100; :forward. */
  static const struct
  {
    const char *tags;
    NaviLocalTime at;
    double kmh;
  } cases[] = {
    { "highway=primary maxspeed=100 maxspeed:conditional=60~@~(23:00-05:00)", MONDAY (12, 0), 90 },
    { "highway=primary maxspeed=100 maxspeed:conditional=60~@~(23:00-05:00)", MONDAY (2, 0), 54 },
    { "highway=primary maxspeed=100 maxspeed:forward:conditional=30~@~(23:00-05:00)", MONDAY (2, 0), 27 },
    { "highway=primary maxspeed=100 maxspeed:backward:conditional=30~@~(23:00-05:00)", MONDAY (2, 0), 90 },
    { "highway=primary maxspeed=100 maxspeed:hgv:conditional=30~@~(23:00-05:00)", MONDAY (2, 0), 90 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      static const char *const map[] = { "a                   b                   c", NULL };
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      Trip trip = { cases[i].at, NULL, NAVI_CAR };
      g_autoptr (NaviRoute) route = NULL;
      navi_sketch_add_way (sketch, "abc", cases[i].tags);
      route = find_route (sketch, &trip, "ab", "bc");
      g_assert_nonnull (route);
      g_test_message ("%s", cases[i].tags);
      g_assert_cmpfloat_with_epsilon (navi_route_get_distance_m (route) / navi_route_get_duration_s (route) * 3.6, cases[i].kmh, 0.5);
    }
}

static void
test_restrictions (void)
{
  /* Relation:restriction, "Tags": restriction:conditional, restriction:<mode>:conditional, except; the older day_on, day_off, hour_on and hour_off.
   * From a-b over b to c, or to e; where it is forbidden the way leads over f. */
  static const char *const map[] = { "a b c d", "  e   g", "f     h", NULL };
  static const struct
  {
    const char *tags;
    Trip trip;
    gboolean may;
  } cases[] = {
    { "type=restriction restriction:conditional=no_right_turn~@~(Mo-Fr~07:00-09:00)", { MONDAY (8, 0), NULL, NAVI_CAR }, FALSE },
    { "type=restriction restriction:conditional=no_right_turn~@~(Mo-Fr~07:00-09:00)", { MONDAY (10, 0), NULL, NAVI_CAR }, TRUE },
    { "type=restriction restriction:conditional=no_right_turn~@~(Mo-Fr~07:00-09:00)", { SATURDAY (8, 0), NULL, NAVI_BICYCLE }, TRUE },
    { "type=restriction restriction:conditional=no_right_turn~@~(Mo-Fr~07:00-09:00) except=bicycle", { MONDAY (8, 0), NULL, NAVI_BICYCLE }, TRUE },
    { "type=restriction restriction:bicycle:conditional=no_right_turn~@~(07:00-09:00)", { MONDAY (8, 0), NULL, NAVI_BICYCLE }, FALSE },
    { "type=restriction restriction:bicycle:conditional=no_right_turn~@~(07:00-09:00)", { MONDAY (8, 0), NULL, NAVI_CAR }, TRUE },
    { "type=restriction restriction=no_right_turn restriction:conditional=none~@~(22:00-06:00)", { MONDAY (23, 0), NULL, NAVI_CAR }, TRUE },
    { "type=restriction restriction=no_right_turn restriction:conditional=none~@~(22:00-06:00)", { MONDAY (12, 0), NULL, NAVI_CAR }, FALSE },
    { "type=restriction restriction:conditional=no_right_turn~@~(weight>3.5)", { MONDAY (12, 0), "weight=4t", NAVI_CAR }, FALSE },
    { "type=restriction restriction=no_right_turn day_on=Monday day_off=Friday hour_on=07:00 hour_off=09:00", { MONDAY (8, 0), NULL, NAVI_CAR }, FALSE },
    { "type=restriction restriction=no_right_turn day_on=Monday day_off=Friday hour_on=07:00 hour_off=09:00", { SATURDAY (8, 0), NULL, NAVI_CAR }, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      navi_sketch_add_way (sketch, "ab", "");                  /* 1 */
      navi_sketch_add_way (sketch, "be", "oneway=yes");        /* 2 */
      navi_sketch_add_way (sketch, "bcd", "oneway=yes");       /* 3 */
      navi_sketch_add_way (sketch, "af", "");
      navi_sketch_add_way (sketch, "fe", "");
      navi_sketch_add_way (sketch, "dgh", "");
      navi_sketch_add_relation (sketch, "from=1 via=b to=2", cases[i].tags);
      g_test_message ("%s", cases[i].tags);
      assert_trip (sketch, &cases[i].trip, "ab", "fe", cases[i].may ? "be" : "af");
    }
}

static void
test_a_timed_restriction_over_ways (void)
{
  static const char *const map[] = { "a b g c d", "  e   f  ", "h       i", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  const Trip then = { MONDAY (8, 0), NULL, NAVI_CAR }, else_time = { MONDAY (12, 0), NULL, NAVI_CAR };

  navi_sketch_add_way (sketch, "ab", "");             /* 1 */
  navi_sketch_add_way (sketch, "bg", "");             /* 2 */
  navi_sketch_add_way (sketch, "gc", "");             /* 3 */
  navi_sketch_add_way (sketch, "cd", "");             /* 4 */
  navi_sketch_add_way (sketch, "be", "oneway=-1");    /* 5 */
  navi_sketch_add_way (sketch, "ah", "");
  navi_sketch_add_way (sketch, "hi", "");
  navi_sketch_add_way (sketch, "id", "");
  navi_sketch_add_relation (sketch, "from=1 via=2 via=3 to=4", "type=restriction restriction:conditional=no_straight_on~@~(07:00-09:00)");
  assert_trip (sketch, &then, "ab", "cd", "ahid");
  assert_trip (sketch, &else_time, "ab", "cd", "bgc");
  assert_trip (sketch, &then, "be", "cd", "bgc");
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *tags;
    const char *fits;
    const char *too_much;
    NaviAvoid what;
  } cases[] = {
    { "maxheight=3.5 name=Arch", "height=3.5", "height=3.6", NAVI_TOO_HIGH },
    { "maxheight=11'6\" name=Arch", "height=3.5", "height=3.6", NAVI_TOO_HIGH },
    { "maxheight=4 maxheight:physical=3.4 name=Arch", "height=3.4", "height=3.5", NAVI_TOO_HIGH },
    /* Tag:maxheight=below_default: the default is 4 m. */
    { "maxheight=below_default name=Arch", "height=3.9", "height=4", NAVI_TOO_HIGH },
    { "maxwidth=2 name=Arch", "width=2", "width=6'8\"", NAVI_TOO_WIDE },
    { "maxlength=10 name=Arch", "length=10", "length=10.1", NAVI_TOO_LONG },
    { "maxweight=3.5 name=Arch", "weight=3500kg", "weight=8000lbs", NAVI_TOO_HEAVY },
    { "maxaxleload=2 name=Arch", "axleload=2", "axleload=2.5t", NAVI_TOO_HEAVY_AXLE },
    { "maxweight=none maxheight=default name=Arch", "weight=40,height=4.5", NULL, 0 },
    { "maxweight:conditional=3.5~@~(08:00-18:00) name=Arch", "weight=3", "weight=4", NAVI_TOO_HEAVY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = draw (cases[i].tags);
      const Trip fits = { MONDAY (12, 0), cases[i].fits, NAVI_CAR }, too_much = { MONDAY (12, 0), cases[i].too_much, NAVI_CAR };
      const Trip unknown = { MONDAY (12, 0), NULL, NAVI_CAR }, on_foot = { MONDAY (12, 0), NULL, NAVI_FOOT };
      g_test_message ("%s", cases[i].tags);
      assert_trip (sketch, &unknown, "ab", "cd", "bgc");
      assert_trip (sketch, &on_foot, "ab", "cd", "bgc");
      assert_trip (sketch, &fits, "ab", "cd", "bgc");
      if (cases[i].too_much != NULL)
        assert_trip (sketch, &too_much, "ab", "cd", "befc");
    }
}

/* Where the low bridge is the only way, it is named. */
static void
test_what_stands_in_the_way (void)
{
  static const char *const map[] = { "a b c d", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviRouteRequest) request = navi_route_request_new (NAVI_CAR);
  g_autoptr (NaviRoute) way = NULL;
  g_autoptr (GError) error = NULL;
  const NaviRemained *remained;
  guint n;

  navi_sketch_add_way (sketch, "ab", "");
  navi_sketch_add_way (sketch, "bc", "maxheight=2.5 maxweight=3.5 name=Arch");
  navi_sketch_add_way (sketch, "cd", "");
  navi_sketch_add_point (sketch, request, "ab");
  navi_sketch_add_point (sketch, request, "cd");
  g_assert_true (navi_route_request_parse_vehicle (request, "height=3,weight=3"));
  g_assert_null (navi_router_route (navi_sketch_get_router (sketch), request, NULL, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  g_assert_cmpuint (navi_router_find_obstacles (navi_sketch_get_router (sketch), request, NULL, &way), ==, NAVI_TOO_HIGH);
  g_assert_nonnull (way);
  remained = navi_route_get_remained (way, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (navi_avoid_to_string (remained[0].what), ==, "height");
  g_assert_cmpstr (remained[0].names->local, ==, "Arch");
}

static void
test_vehicle_words (void)
{
  static const char *const wrong[] = { "", "height", "height=", "height=tall", "speed=3", "height=3,", "height=-3" };
  g_autoptr (NaviRouteRequest) request = navi_route_request_new (NAVI_CAR);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (navi_route_request_parse_vehicle (request, wrong[i]));
  g_assert_true (navi_route_request_parse_vehicle (request, "height=3.5,width=2.2,length=7,weight=3.5t,axleload=2t"));
}

/* A toll booth or a border's control on a road that is not tagged itself. */
static void
test_nodes_to_avoid (void)
{
  static const struct
  {
    const char *tags;
    NaviAvoid what;
  } cases[] = { { "barrier=toll_booth", NAVI_AVOID_TOLL }, { "barrier=border_control", NAVI_AVOID_BORDER } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = draw ("");
      g_autofree char *free_path = NULL, *avoiding = NULL;
      g_autoptr (NaviRouteRequest) request = navi_route_request_new (NAVI_CAR);
      g_autoptr (NaviRoute) route = NULL;
      const NaviRemained *remained;
      guint n;
      navi_sketch_tag_node (sketch, 'g', cases[i].tags);
      free_path = navi_sketch_path (sketch, NAVI_CAR, 0, "ab", "cd");
      avoiding = navi_sketch_path (sketch, NAVI_CAR, cases[i].what, "ab", "cd");
      g_assert_cmpstr (free_path, ==, "bgc");
      g_assert_cmpstr (avoiding, ==, "befc");
      navi_sketch_add_point (sketch, request, "ab");
      navi_sketch_add_point (sketch, request, "cd");
      navi_route_request_set_price (request, cases[i].what, 5);
      route = navi_router_route (navi_sketch_get_router (sketch), request, NULL, NULL);
      g_assert_nonnull (route);
      g_assert_cmpuint (navi_route_get_traits (route), ==, cases[i].what);
      remained = navi_route_get_remained (route, &n);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpint (remained[0].what, ==, cases[i].what);
      g_assert_cmpfloat (remained[0].longer_s, >, 0);
    }
}

/* Tag:boundary=administrative, admin_level=2: the border of a country, tagged on its way or on the relation; at sea it does not count. */
static void
test_borders (void)
{
  static const char *const map[] = { "    x    ", "a b   c d", "    y    ", "  e   f  ", NULL };
  static const struct
  {
    const char *way;
    const char *relation; /* (nullable) */
    gboolean is_border;
  } cases[] = {
    { "boundary=administrative admin_level=2", NULL, TRUE },
    { "boundary=administrative admin_level=4", NULL, FALSE },
    { "boundary=administrative admin_level=2 maritime=yes", NULL, FALSE },
    { "boundary=administrative", "type=boundary boundary=administrative admin_level=2", TRUE },
    { "boundary=administrative", "type=boundary boundary=administrative admin_level=6", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      g_autofree char *free_path = NULL, *avoiding = NULL;
      navi_sketch_add_way (sketch, "ab", "");
      navi_sketch_add_way (sketch, "bc", "");
      navi_sketch_add_way (sketch, "cd", "");
      navi_sketch_add_way (sketch, "befc", "highway=service service=parking_aisle maxspeed=2");
      navi_sketch_add_way (sketch, "xy", cases[i].way); /* 5 */
      if (cases[i].relation != NULL)
        navi_sketch_add_relation (sketch, "outer=5", cases[i].relation);
      free_path = navi_sketch_path (sketch, NAVI_CAR, 0, "ab", "cd");
      avoiding = navi_sketch_path (sketch, NAVI_CAR, NAVI_AVOID_BORDER, "ab", "cd");
      g_test_message ("%s", cases[i].way);
      g_assert_cmpstr (free_path, ==, "bc");
      g_assert_cmpstr (avoiding, ==, cases[i].is_border ? "befc" : "bc");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/conditions/conditions", test_conditions);
  g_test_add_func ("/navi/conditions/clauses", test_clauses);
  g_test_add_func ("/navi/conditions/access", test_access);
  g_test_add_func ("/navi/conditions/barriers", test_barriers);
  g_test_add_func ("/navi/conditions/speeds", test_speeds);
  g_test_add_func ("/navi/conditions/restrictions", test_restrictions);
  g_test_add_func ("/navi/conditions/a-timed-restriction-over-ways", test_a_timed_restriction_over_ways);
  g_test_add_func ("/navi/conditions/sizes", test_sizes);
  g_test_add_func ("/navi/conditions/what-stands-in-the-way", test_what_stands_in_the_way);
  g_test_add_func ("/navi/conditions/vehicle-words", test_vehicle_words);
  g_test_add_func ("/navi/conditions/nodes-to-avoid", test_nodes_to_avoid);
  g_test_add_func ("/navi/conditions/borders", test_borders);
  return g_test_run ();
}
