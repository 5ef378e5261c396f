/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-importer.h"
#include "navi-regions.h"
#include "navi-search-case.h"
#include "navi-sentence.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <string.h>

/* Search in a region, what installs regions, and the sentences of steps. */

static const char osm[]
    = "<osm version='0.6'>"
      "<node id='1' lat='47.00' lon='9.00'><tag k='place' v='town'/><tag k='name' v='Lindenau'/><tag k='name:zh' v='林登瑙'/></node>"
      "<node id='2' lat='47.10' lon='9.00'><tag k='place' v='village'/><tag k='name' v='Linden'/></node>"
      "<node id='3' lat='47.001' lon='9.001'><tag k='amenity' v='restaurant'/><tag k='name' v='Goldener Löwe'/>"
      "<tag k='name:zh' v='金狮餐厅'/><tag k='phone' v='+41 1'/><tag k='opening_hours' v='Mo-Su 10:00-22:00'/></node>"
      "<node id='4' lat='47.002' lon='9.002'><tag k='addr:street' v='Bahnhofstraße'/><tag k='addr:housenumber' v='12a'/></node>"
      "<node id='5' lat='47.003' lon='9.002'><tag k='addr:street' v='Bahnhofstraße'/><tag k='addr:housenumber' v='12'/></node>"
      "<node id='6' lat='47.004' lon='9.004'><tag k='amenity' v='fuel'/></node>"
      "<node id='7' lat='47.002' lon='9.001'/><node id='8' lat='47.002' lon='9.004'/><node id='9' lat='47.002' lon='9.006'/>"
      "<node id='10' lat='47.101' lon='9.001'/><node id='11' lat='47.102' lon='9.001'/>"
      "<node id='12' lat='47.005' lon='9.005'><tag k='tourism' v='museum'/><tag k='name' v='Stadtmuseum'/><tag k='alt_name' v='Heimathaus'/></node>"
      "<way id='1'><nd ref='7'/><nd ref='8'/><tag k='highway' v='residential'/><tag k='name' v='Bahnhofstraße'/></way>"
      "<way id='2'><nd ref='8'/><nd ref='9'/><tag k='highway' v='tertiary'/><tag k='name' v='Bahnhofstraße'/></way>"
      "<way id='3'><nd ref='10'/><nd ref='11'/><tag k='highway' v='residential'/><tag k='name' v='Bahnhofstraße'/></way>"
      "</osm>";

static void
set_up (NaviSearchCase *fixture, gconstpointer data)
{
  navi_search_case_open (fixture, osm, NULL);
}

static void
tear_down (NaviSearchCase *fixture, gconstpointer data)
{
  navi_search_case_close (fixture);
}

static void
assert_finds (NaviSearchCase *fixture, const char *text, gboolean typing, const char *expected)
{
  const NaviSearchQuery query = { .text = text, .typing = typing };
  g_autofree char *result = navi_search_case_ask (fixture, &query, G_MAXUINT);

  g_assert_cmpstr (result, ==, expected);
}

static void
test_names (NaviSearchCase *fixture, gconstpointer data)
{
  const NaviSearchQuery unfinished = { .text = "linden", .typing = TRUE, .limit = 2 };
  g_autofree char *best = navi_search_case_ask (fixture, &unfinished, G_MAXUINT);

  g_assert_cmpstr (best, ==, "village:Linden|town:Lindenau");
  assert_finds (fixture, "Linden", FALSE, "village:Linden");
  assert_finds (fixture, "LINDENAU stadtmuseum", FALSE, "museum:Stadtmuseum");
  assert_finds (fixture, "heimathaus", FALSE, "museum:Stadtmuseum");
  assert_finds (fixture, "goldener lowe", FALSE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "löwe gold", TRUE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "xyz", TRUE, "");
  assert_finds (fixture, "", TRUE, "");
  assert_finds (fixture, "   ", TRUE, "");
}

static void
test_chinese (NaviSearchCase *fixture, gconstpointer data)
{
  assert_finds (fixture, "金狮", FALSE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "金獅", FALSE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "jinshi", TRUE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "jsct", FALSE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "林登瑙", FALSE, "town:Lindenau");
}

static void
test_kinds (NaviSearchCase *fixture, gconstpointer data)
{
  assert_finds (fixture, "fuel", FALSE, "fuel:");
  assert_finds (fixture, "加油站", FALSE, "fuel:");
  assert_finds (fixture, "restaurant", FALSE, "restaurant:Goldener Löwe");
  assert_finds (fixture, "餐厅", FALSE, "restaurant:Goldener Löwe");
}

static void
test_houses (NaviSearchCase *fixture, gconstpointer data)
{
  assert_finds (fixture, "bahnhofstrasse 12", FALSE, "house:Bahnhofstraße 12");
  assert_finds (fixture, "Bahnhofstr. 12a", FALSE, "house:Bahnhofstraße 12a");
  assert_finds (fixture, "12a bahnhofstraße lindenau", FALSE, "house:Bahnhofstraße 12a");
  /* A number that is not on the map gives the street. */
  assert_finds (fixture, "bahnhofstraße 99 lindenau", FALSE, "street:Bahnhofstraße");
}

static void
test_streets_are_joined_within_a_settlement (NaviSearchCase *fixture, gconstpointer data)
{
  const NaviSearchQuery query = { .text = "bahnhofstraße", .has_near = TRUE, .near_lat_deg = 47.1, .near_lon_deg = 9.0, .limit = 2 };
  g_autoptr (GListModel) list = navi_search_find (fixture->search, &query, NULL, NULL);
  g_autoptr (NaviPlace) first = g_list_model_get_item (list, 0);
  g_autoptr (NaviPlace) second = g_list_model_get_item (list, 1);

  g_assert_cmpstr (navi_place_get_data (first)->city, ==, "Linden");
  g_assert_cmpstr (navi_place_get_data (second)->city, ==, "Lindenau");
  g_assert_cmpfloat (navi_place_get_data (first)->distance_m, <, 300);
}

static void
test_coordinates (NaviSearchCase *fixture, gconstpointer data)
{
  assert_finds (fixture, "47.5, 9.25", FALSE, "coordinate:47.5, 9.25");
  assert_finds (fixture, "geo:47.5,9.25", FALSE, "coordinate:");
  assert_finds (fixture, "geo:0,0?q=47.5,9.25(My%20place)", FALSE, "coordinate:My place");
  assert_finds (fixture, "97.5, 99.25", FALSE, "");
}

static void
test_place_card (NaviSearchCase *fixture, gconstpointer data)
{
  const NaviSearchQuery query = { .text = "löwe" };
  g_autoptr (GListModel) list = navi_search_find (fixture->search, &query, NULL, NULL);
  g_autoptr (NaviPlace) place = g_list_model_get_item (list, 0);
  g_autoptr (NaviPlace) again = NULL;
  g_autofree char *label = navi_place_get_kind_label (place, "zh_CN");
  g_autofree char *uri = navi_place_get_uri (place);

  g_assert_cmpstr (navi_place_get_name (place, "zh_CN"), ==, "金狮餐厅");
  g_assert_cmpstr (navi_place_get_name (place, "en"), ==, "Goldener Löwe");
  g_assert_cmpstr (label, ==, "餐厅");
  g_assert_cmpstr (navi_place_get_data (place)->phone, ==, "+41 1");
  g_assert_cmpstr (navi_place_get_data (place)->opening_hours, ==, "Mo-Su 10:00-22:00");
  again = navi_place_new_from_uri (uri);
  g_assert_cmpstr (navi_place_get_data (again)->name, ==, "Goldener Löwe");
  g_assert_cmpfloat_with_epsilon (navi_place_get_data (again)->lat_deg, 47.001, 1e-7);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_importer_and_regions (NaviSearchCase *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "regions", NULL);
  g_autoptr (NaviRegions) regions = navi_regions_new (folder);
  g_autoptr (NaviImporter) importer = navi_importer_new ();
  g_autoptr (GError) error = NULL;
  const char *const inputs[] = { fixture->osm, fixture->path, "/nonexistent.osm" };

  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_autofree char *out = navi_regions_get_path_for (regions, inputs[i]);
      g_autoptr (GAsyncResult) result = NULL;
      gboolean ok;
      navi_importer_import_async (importer, inputs[i], out, "Made here", NULL, on_result, &result);
      g_assert_true (navi_importer_get_busy (importer));
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_clear_error (&error);
      ok = navi_importer_import_finish (importer, result, &error);
      g_assert_cmpint (ok, ==, i < 2);
      g_assert_false (navi_importer_get_busy (importer));
    }
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  navi_regions_refresh (regions);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (regions)), ==, 2);
  g_assert_null (navi_regions_find (regions, 10, 10));
  while (g_list_model_get_n_items (G_LIST_MODEL (regions)) > 0)
    {
      g_autoptr (NaviRegion) region = navi_regions_find (regions, 47.05, 9.002);
      g_assert_nonnull (region);
      g_assert_true (navi_regions_remove (regions, region, &error));
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_sentences (void)
{
  static const struct
  {
    NaviStepData data;
    const char *en;
    const char *zh;
  } cases[] = {
    { { .maneuver = NAVI_MANEUVER_DEPART, .name = "Elm Street", .bearing_deg = 350 }, "Head north on Elm Street.", "沿Elm Street向北出发。" },
    { { .maneuver = NAVI_MANEUVER_TURN, .modifier = NAVI_MODIFIER_LEFT, .name = "Rua", .name_zh = "长街" }, "Turn left onto Rua.", "左转进入长街（Rua）。" },
    { { .maneuver = NAVI_MANEUVER_TURN, .modifier = NAVI_MODIFIER_UTURN }, "Make a U-turn.", "掉头。" },
    { { .maneuver = NAVI_MANEUVER_ROUNDABOUT, .exit = 2, .name = "East" }, "At the roundabout take the second exit onto East.",
      "在环岛从第2个出口驶出进入East。" },
    { { .maneuver = NAVI_MANEUVER_ROUNDABOUT, .exit = 3 }, "At the roundabout take the third exit.", "在环岛从第3个出口驶出。" },
    { { .maneuver = NAVI_MANEUVER_OFF_RAMP, .modifier = NAVI_MODIFIER_SLIGHT_RIGHT, .destination = "Porto" },
      "Take the exit on the right towards Porto.", "从右侧出口驶出，前往Porto。" },
    { { .maneuver = NAVI_MANEUVER_OFF_RAMP, .modifier = NAVI_MODIFIER_SLIGHT_RIGHT, .destination = "Porto;Braga", .destination_ref = "A 3", .exit_ref = "12a" },
      "Take exit 12a on the right towards A 3, Porto, Braga.", "从右侧12a号出口驶出，前往A 3、Porto、Braga。" },
    { { .maneuver = NAVI_MANEUVER_OFF_RAMP, .modifier = NAVI_MODIFIER_SLIGHT_LEFT, .exit_ref = "7%s" }, "Take exit 7%s on the left.", "从左侧7%s号出口驶出。" },
    { { .maneuver = NAVI_MANEUVER_OFF_RAMP, .modifier = NAVI_MODIFIER_RIGHT, .destination = "100%s", .exit_ref = "7%s" },
      "Take exit 7%s on the right towards 100%s.", "从右侧7%s号出口驶出，前往100%s。" },
    { { .maneuver = NAVI_MANEUVER_ON_RAMP, .modifier = NAVI_MODIFIER_RIGHT, .destination_ref = "A 1", .exit_ref = "3" },
      "Take the ramp on the right towards A 1.", "从右侧匝道驶入，前往A 1。" },
    { { .maneuver = NAVI_MANEUVER_ARRIVE, .modifier = NAVI_MODIFIER_RIGHT, .name = "Elm" }, "Your destination is on the right, on Elm.",
      "目的地在Elm右侧。" },
    { { .maneuver = NAVI_MANEUVER_NEW_NAME, .name = "100%s" }, "Continue onto 100%s.", "继续沿100%s行驶。" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviStep) step = navi_step_new (&cases[i].data);
      g_autofree char *en = navi_sentence_for_step (step, NAVI_LANGUAGE_EN);
      g_autofree char *zh = navi_sentence_for_step (step, NAVI_LANGUAGE_ZH);
      g_assert_cmpstr (en, ==, cases[i].en);
      g_assert_cmpstr (zh, ==, cases[i].zh);
    }
}

static void
test_distances (void)
{
  static const struct
  {
    double distance_m;
    const char *en;
    const char *zh;
  } cases[] = { { 4, "0 m", "0米" },     { 137, "140 m", "140米" },      { 480, "500 m", "500米" },  { 974, "950 m", "950米" },
                { 1049, "1.0 km", "1.0公里" }, { 9940, "9.9 km", "9.9公里" }, { 10400, "10 km", "10公里" } };
  g_autofree char *minutes = navi_sentence_duration (725, NAVI_LANGUAGE_EN);
  g_autofree char *hours = navi_sentence_duration (3900, NAVI_LANGUAGE_ZH);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *en = navi_sentence_distance (cases[i].distance_m, NAVI_LANGUAGE_EN);
      g_autofree char *zh = navi_sentence_distance (cases[i].distance_m, NAVI_LANGUAGE_ZH);
      g_assert_cmpstr (en, ==, cases[i].en);
      g_assert_cmpstr (zh, ==, cases[i].zh);
    }
  g_assert_cmpstr (minutes, ==, "12 min");
  g_assert_cmpstr (hours, ==, "1小时5分钟");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/navi/search/" path, NaviSearchCase, NULL, set_up, func, tear_down)
  ADD ("names", test_names);
  ADD ("chinese", test_chinese);
  ADD ("kinds", test_kinds);
  ADD ("houses", test_houses);
  ADD ("streets-are-joined-within-a-settlement", test_streets_are_joined_within_a_settlement);
  ADD ("coordinates", test_coordinates);
  ADD ("place-card", test_place_card);
  ADD ("importer-and-regions", test_importer_and_regions);
  g_test_add_func ("/navi/sentence/steps", test_sentences);
  g_test_add_func ("/navi/sentence/distances", test_distances);
  return g_test_run ();
}
