/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-import.h"
#include "navi-sentence.h"
#include "navi-sketch.h"

#include <glib/gstdio.h>
#include <string.h>

/* Where a route says something and where it is silent: on drawn junctions, and counted over many routes through the sample town and, where
 * CIRRUS_TEST_DATA names the folder, through real extracts. */

enum
{
  SEED = 20261124,
  N_ROUTES = 300,
};

/* ---- Drawn junctions ---- */

/* "maneuver modifier name; ..." of a route. */
static void
assert_steps (NaviSketch *sketch, const char *from, const char *to, const char *expected)
{
  g_autoptr (NaviRoute) route = navi_sketch_route (sketch, NAVI_CAR, 0, from, to);
  g_autoptr (GString) out = g_string_new (NULL);
  GListModel *steps;

  g_assert_nonnull (route);
  steps = navi_route_get_steps (route);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (NaviStep) step = g_list_model_get_item (steps, i);
      const NaviStepData *data = navi_step_get_data (step);
      g_string_append_printf (out, "%s%s %s %s", i > 0 ? "; " : "", navi_maneuver_to_string (data->maneuver),
                              navi_modifier_to_string (data->modifier), data->name);
      if (data->exit > 0)
        g_string_append_printf (out, " %u", data->exit);
    }
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_steps (void)
{
  static const char *const map[] = { "a b c d", "  e    ", "  f g  ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "ab", "name=Elm_Street");
  navi_sketch_add_way (sketch, "bc", "name=Elm_Street");
  navi_sketch_add_way (sketch, "cd", "name=Oak_Street");
  navi_sketch_add_way (sketch, "bef", "name=Ash_Street");
  navi_sketch_add_way (sketch, "fg", "name=Ash_Street"); /* bends */
  assert_steps (sketch, "ab", "bc", "depart straight Elm Street; arrive straight Elm Street");
  assert_steps (sketch, "ab", "cd", "depart straight Elm Street; new name straight Oak Street; arrive straight Oak Street");
  assert_steps (sketch, "ab", "fg", "depart straight Elm Street; turn right Ash Street; arrive straight Ash Street");
  assert_steps (sketch, "fg", "ab", "depart straight Ash Street; end of road left Elm Street; arrive straight Elm Street");
}

static void
test_roundabout_steps (void)
{
  static const char *const map[] = { "    n    ", "   bcd   ", "w a   e o", "   hgf   ", "    s    ", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  /* Against the clock: a-h-g-f-e-d-c-b-a. */
  navi_sketch_add_way (sketch, "ahgfedcba", "junction=roundabout");
  navi_sketch_add_way (sketch, "wa", "name=West");
  navi_sketch_add_way (sketch, "gs", "name=South");
  navi_sketch_add_way (sketch, "eo", "name=East");
  navi_sketch_add_way (sketch, "cn", "name=North");
  assert_steps (sketch, "wa", "gs", "depart straight West; roundabout right South 1; arrive straight South");
  assert_steps (sketch, "wa", "eo", "depart straight West; roundabout straight East 2; arrive straight East");
  assert_steps (sketch, "wa", "cn", "depart straight West; roundabout left North 3; arrive straight North");
  assert_steps (sketch, "cn", "wa", "depart straight North; roundabout right West 1; arrive straight West");
}

static void
test_ramp_steps (void)
{
  static const char *const map[] = { "a   b   c   d", "      e      ", "        f   g", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "abcd", "highway=motorway ref=A1");
  navi_sketch_add_way (sketch, "bef", "highway=motorway_link oneway=yes");
  navi_sketch_add_way (sketch, "fg", "highway=primary name=Main");
  assert_steps (sketch, "ab", "fg", "depart straight ; off ramp slight right ; new name slight left Main; arrive straight Main");
}

/* A side street leaves at ten degrees, then another one: nothing to say, whichever class they are of. */
static void
test_side_streets_are_passed_in_silence (void)
{
  static const char *const map[] = { "a   b       c       d", "            e       f", NULL };
  static const char *const sides[] = { "highway=residential", "highway=secondary", "highway=secondary name=Elm_Street", "highway=secondary_link", "highway=service" };

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      navi_sketch_add_way (sketch, "abcd", "highway=secondary name=Outer_Ring");
      navi_sketch_add_way (sketch, "be", sides[i]);
      navi_sketch_add_way (sketch, "cf", sides[i]);
      g_test_message ("%s", sides[i]);
      assert_steps (sketch, "ab", "cd", "depart straight Outer Ring; arrive straight Outer Ring");
      assert_steps (sketch, "cd", "ab", "depart straight Outer Ring; arrive straight Outer Ring");
    }
}

/* The road bends by ten degrees where a ramp goes straight on. */
static void
test_exits_are_passed_in_silence (void)
{
  static const char *const map[] = { "            c       d", "a   b       e       f", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "abcd", "highway=motorway ref=A1");
  navi_sketch_add_way (sketch, "bef", "highway=motorway_link");
  assert_steps (sketch, "ab", "cd", "depart straight ; arrive straight ");
  assert_steps (sketch, "ab", "ef", "depart straight ; off ramp slight right ; arrive straight ");
}

static void
test_equal_arms_are_a_fork (void)
{
  static const char *const map[] = { "            c       d", "", "a   b", "", "            e       f", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
  g_autoptr (NaviRoute) route = NULL;
  g_autoptr (NaviStep) step = NULL;
  g_autofree char *en = NULL, *zh = NULL;

  navi_sketch_add_way (sketch, "abcd", "name=Outer_Ring");
  navi_sketch_add_way (sketch, "bef", "name=Elm_Street");
  assert_steps (sketch, "ab", "cd", "depart straight Outer Ring; fork slight left Outer Ring; arrive straight Outer Ring");
  assert_steps (sketch, "ab", "ef", "depart straight Outer Ring; fork slight right Elm Street; arrive straight Elm Street");
  route = navi_sketch_route (sketch, NAVI_CAR, 0, "ab", "cd");
  step = g_list_model_get_item (navi_route_get_steps (route), 1);
  en = navi_sentence_for_step (step, NAVI_LANGUAGE_EN);
  zh = navi_sentence_for_step (step, NAVI_LANGUAGE_ZH);
  g_assert_cmpstr (en, ==, "Keep left to stay on Outer Ring.");
  g_assert_cmpstr (zh, ==, "靠左行驶，沿Outer Ring继续前行。");
}

static void
test_motorways_part (void)
{
  static const char *const map[] = { "a   b       c       d", "            e       f", NULL };
  g_autoptr (NaviSketch) sketch = navi_sketch_new (map);

  navi_sketch_add_way (sketch, "abcd", "highway=motorway ref=A1 oneway=no");
  navi_sketch_add_way (sketch, "bef", "highway=motorway ref=A2 oneway=no");
  assert_steps (sketch, "ab", "cd", "depart straight ; fork slight left ; arrive straight ");
  assert_steps (sketch, "ab", "ef", "depart straight ; fork slight right ; arrive straight ");
}

/* The name is missing on a bridge; the number changes where there are no names. */
static void
test_names_that_come_and_go (void)
{
  static const char *const map[] = { "a b c d e f", NULL };
  g_autoptr (NaviSketch) bridge = navi_sketch_new (map);
  g_autoptr (NaviSketch) numbers = navi_sketch_new (map);

  navi_sketch_add_way (bridge, "abc", "name=Elm_Street");
  navi_sketch_add_way (bridge, "cd", "bridge=yes");
  navi_sketch_add_way (bridge, "de", "name=Elm_Street");
  navi_sketch_add_way (bridge, "ef", "");
  assert_steps (bridge, "ab", "ef", "depart straight Elm Street; arrive straight ");
  navi_sketch_add_way (numbers, "abc", "ref=12");
  navi_sketch_add_way (numbers, "cd", "ref=12 name=Elm_Street");
  navi_sketch_add_way (numbers, "def", "ref=13");
  assert_steps (numbers, "ab", "cd", "depart straight ; arrive straight Elm Street");
  assert_steps (numbers, "ab", "ef", "depart straight ; new name straight ; arrive straight ");
}

/* ---- Many routes ---- */

typedef struct
{
  guint n_steps;
  guint n_again;   /* slight turns and forks that say the road one is on */
  guint n_nothing; /* "continue along the road": no name, no turn */
} Count;

static const char *
label_of (const NaviStepData *step)
{
  return *step->name != '\0' ? step->name : step->ref;
}

static gboolean
is_slight (const NaviStepData *step)
{
  return step->modifier == NAVI_MODIFIER_STRAIGHT || step->modifier == NAVI_MODIFIER_SLIGHT_LEFT || step->modifier == NAVI_MODIFIER_SLIGHT_RIGHT;
}

static gboolean
is_on_the_way (const NaviStepData *step)
{
  return (step->maneuver == NAVI_MANEUVER_FORK || step->maneuver == NAVI_MANEUVER_CONTINUE || step->maneuver == NAVI_MANEUVER_NEW_NAME
          || step->maneuver == NAVI_MANEUVER_TURN)
         && (step->flags & NAVI_STEP_HAS_FERRY) == 0;
}

static void
count_route (NaviRoute *route, Count *count)
{
  GListModel *steps = navi_route_get_steps (route);
  const char *on = "";

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (NaviStep) step = g_list_model_get_item (steps, i);
      const NaviStepData *data = navi_step_get_data (step);
      count->n_steps++;
      if (is_on_the_way (data) && is_slight (data))
        {
          count->n_again += *label_of (data) != '\0' && strcmp (label_of (data), on) == 0;
          count->n_nothing += *label_of (data) == '\0' && data->maneuver == NAVI_MANEUVER_NEW_NAME;
        }
      if (*label_of (data) != '\0' || data->maneuver != NAVI_MANEUVER_NEW_NAME)
        on = label_of (data);
    }
}

/* At a junction, so that most of them are of use. */
static void
add_random_point (NaviRouteRequest *request, const NaviGraph *graph, GRand *random)
{
  const NaviGraphNode *node = navi_graph_node (graph, (guint32) g_rand_int_range (random, 0, (gint32) graph->n_nodes));

  navi_route_request_add_point (request, node->lat_e7 / 1e7, node->lon_e7 / 1e7);
}

static Count
count_routes (const char *path, NaviProfile profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = navi_region_open (path, &error);
  g_autoptr (NaviRouter) router = navi_router_new (region, &error);
  g_autoptr (NaviGraph) graph = navi_graph_new (region, &error);
  GRand *random = g_rand_new_with_seed (SEED + profile);
  Count count = { 0 };

  g_assert_no_error (error);
  navi_graph_enter (graph);
  for (guint n = 0, tries = 0; n < N_ROUTES && tries < N_ROUTES * 20; tries++)
    {
      g_autoptr (NaviRouteRequest) request = navi_route_request_new (profile);
      g_autoptr (NaviRoute) route = NULL;
      add_random_point (request, graph, random);
      add_random_point (request, graph, random);
      route = navi_router_route (router, request, NULL, NULL);
      if (route != NULL)
        {
          count_route (route, &count);
          n++;
        }
    }
  navi_graph_leave (graph);
  g_rand_free (random);
  return count;
}

/* Of 1,000 steps at most @most say again where one is: real forks of one road. */
static void
check_network (const char *in, guint most)
{
  g_autofree char *folder = g_dir_make_tmp ("navi-steps-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (folder, "network.region", NULL);
  g_autoptr (GError) error = NULL;

  navi_import_run (in, out, "network", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      Count count = count_routes (out, (NaviProfile) profile);
      g_test_message ("%s by %s: %u steps, %u say again where one is, %u say nothing", in, navi_profile_to_string ((NaviProfile) profile),
                      count.n_steps, count.n_again, count.n_nothing);
      g_assert_cmpuint (count.n_steps, >, 2 * N_ROUTES);
      g_assert_cmpuint (count.n_nothing, ==, 0);
      g_assert_cmpuint (count.n_again * 1000, <=, count.n_steps * most);
    }
  g_remove (out);
  g_rmdir (folder);
}

static void
test_town (void)
{
  g_autofree char *town = g_build_filename (g_getenv ("CIRRUS_BUILD_ROOT"), "data", "sample", "lindenau.osm", NULL);

  check_network (town, 0);
}

static void
test_extract (gconstpointer name)
{
  g_autofree char *path = g_build_filename (g_getenv ("CIRRUS_TEST_DATA"), "osm", name, NULL);

  check_network (path, 35);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/steps/names", test_steps);
  g_test_add_func ("/navi/steps/roundabouts", test_roundabout_steps);
  g_test_add_func ("/navi/steps/ramps", test_ramp_steps);
  g_test_add_func ("/navi/steps/side-streets-are-passed-in-silence", test_side_streets_are_passed_in_silence);
  g_test_add_func ("/navi/steps/exits-are-passed-in-silence", test_exits_are_passed_in_silence);
  g_test_add_func ("/navi/steps/equal-arms-are-a-fork", test_equal_arms_are_a_fork);
  g_test_add_func ("/navi/steps/motorways-part", test_motorways_part);
  g_test_add_func ("/navi/steps/names-that-come-and-go", test_names_that_come_and_go);
  g_test_add_func ("/navi/steps/town", test_town);
  if (g_getenv ("CIRRUS_TEST_DATA") != NULL)
    {
      g_test_add_data_func ("/navi/steps/liechtenstein", "liechtenstein-2021.osm.pbf", test_extract);
      g_test_add_data_func ("/navi/steps/porto", "porto.osm.pbf", test_extract);
    }
  return g_test_run ();
}
