/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-plan.h"
#include "navi-search.h"
#include "navi-sentence.h"
#include "navi-sketch.h"

#include "cloud-settings.h"
#include "cloud-status.h"

#include <string.h>

/* One rule says which name of a thing is shown to whom, in sentences, search and plan alike. */

static void
test_rule (void)
{
  static const struct
  {
    NaviNames names;
    const char *language;
    const char *text;
    const char *other;
  } cases[] = {
    /* What the signs say is read by who can read it. */
    { { "Städtle", "Little Town", "老城街" }, "en", "Städtle", "Little Town" },
    { { "Städtle", "Little Town", "老城街" }, "zh_CN.UTF-8", "老城街（Städtle）", "Städtle" },
    { { "Städtle", "Little Town", "老城街" }, NULL, "Städtle", NULL },
    { { "中山路", "Zhongshan Road", "" }, "en", "Zhongshan Road (中山路)", "中山路" },
    { { "中山路", "Zhongshan Road", "中山路" }, "zh", "中山路", NULL },
    { { "中山路", "", "" }, "en", "中山路", NULL },
    { { "東京", "Tokyo", "东京" }, "zh", "東京", "东京" },
    { { "Αθήνα", "Athens", "雅典" }, "en", "Athens (Αθήνα)", "Αθήνα" },
    { { "中山路 Zhongshan Road", "Zhongshan Road", "中山路" }, "en", "中山路 Zhongshan Road", "Zhongshan Road" },
    /* No letters: nothing that could not be read. */
    { { "42", "Forty-two", "四十二" }, "zh", "42", "四十二" },
    { { "Rua", "", "" }, "zh", "Rua", NULL },
    { { "Rua", "Rua", "" }, "en", "Rua", NULL },
    /* The name on the ground is not known. */
    { { "", "Fuel", "加油站" }, "en", "Fuel", NULL },
    { { "", "Fuel", "" }, "zh", "Fuel", NULL },
    { { "", "", "" }, "en", "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = navi_names_to_text (&cases[i].names, cases[i].language);
      g_test_message ("%s in %s", cases[i].names.local, cases[i].language);
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpstr (navi_names_get_other (&cases[i].names, cases[i].language), ==, cases[i].other);
    }
}

/* The same street in a step and in the search. */
static void
test_steps_and_search_agree (void)
{
  static const char *const map[] = { "a b c", "  d  ", NULL };
  static const char *const names[][4] = { { "Ashgasse", "Ash_Lane", "白蜡巷", "Ashgasse" }, { "中山路", "Zhongshan_Road", "中山路", "Zhongshan Road" } };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (NaviSketch) sketch = navi_sketch_new (map);
      g_autofree char *tags = g_strdup_printf ("name=%s name:en=%s name:zh=%s", names[i][0], names[i][1], names[i][2]), *sentence = NULL;
      g_autoptr (NaviRoute) route = NULL;
      g_autoptr (NaviStep) step = NULL;
      g_autoptr (NaviSearch) search = NULL;
      g_autoptr (GListModel) places = NULL;
      g_autoptr (NaviPlace) place = NULL;
      const NaviSearchQuery query = { .text = names[i][2], .limit = 1 };
      navi_sketch_add_way (sketch, "abc", "name=Elm");
      navi_sketch_add_way (sketch, "bd", tags);
      route = navi_sketch_route (sketch, NAVI_CAR, 0, "ab", "bd");
      step = g_list_model_get_item (navi_route_get_steps (route), 1);
      sentence = navi_sentence_for_step (step, NAVI_LANGUAGE_EN);
      g_assert_nonnull (strstr (sentence, names[i][3]));
      search = navi_search_new (navi_sketch_get_region (sketch), NULL);
      places = navi_search_find (search, &query, NULL, NULL);
      place = g_list_model_get_item (places, 0);
      g_assert_cmpstr (navi_place_get_name (place, "en"), ==, names[i][3]);
      g_assert_cmpstr (navi_place_get_name (place, "zh"), ==, names[i][2]);
    }
}

static void
test_addresses (void)
{
  static const struct
  {
    NaviPlaceData data;
    const char *en;
    const char *zh;
  } cases[] = {
    { { .street = "Hügelgasse", .street_zh = "丘陵巷", .number = "32", .postcode = "37081", .city = "Lindenau", .city_zh = "椴树镇" },
      "Hügelgasse 32, 37081 Lindenau", "椴树镇丘陵巷32号" },
    { { .street = "Hügelgasse", .number = "32", .postcode = "37081", .city = "Lindenau", .city_en = "Linden", .city_zh = "椴树镇" },
      "Hügelgasse 32, 37081 Lindenau", "Hügelgasse 32, 37081 椴树镇" },
    { { .city = "Lindenau", .city_zh = "椴树镇" }, "Lindenau", "椴树镇" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NaviPlace) place = NULL;
      g_autofree char *en = NULL, *zh = NULL;
      NaviPlaceData data = cases[i].data;
      data.kind = "house";
      place = navi_place_new (&data);
      en = navi_place_get_address (place, "en");
      zh = navi_place_get_address (place, "zh");
      g_assert_cmpstr (en, ==, cases[i].en);
      g_assert_cmpstr (zh, ==, cases[i].zh);
    }
}

static void
assert_end (GSettings *settings, const char *local, const char *zh)
{
  double lat_deg, lon_deg;
  g_autoptr (NaviNames) names = navi_plan_load_end (settings, "plan-destination", &lat_deg, &lon_deg);

  g_assert_nonnull (names);
  g_assert_cmpstr (names->local, ==, local);
  g_assert_cmpstr (names->zh, ==, zh);
  g_assert_cmpfloat (lat_deg, ==, 47.5);
  g_assert_cmpfloat (lon_deg, ==, 9.5);
}

/* A plan of an earlier release has one name, and one written by it later is not called by the names of another. */
static void
test_plan_keeps_all_names (void)
{
  g_autofree char *profile = g_build_filename (g_get_user_data_dir (), "profile", NULL);
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (NaviNames) garden = navi_names_new ("Botanischer Garten", "Botanical Garden", "植物园");
  g_autoptr (CloudStatus) status = NULL;
  double lat_deg, lon_deg;

  g_setenv ("CIRRUS_PROFILE", profile, TRUE);
  settings = cloud_settings_new ("Navi");
  g_settings_set (settings, "plan-destination", "(sdd)", "Bahnhof", 47.5, 9.5);
  assert_end (settings, "Bahnhof", "");
  navi_plan_save_end (settings, "plan-destination", garden, 47.5, 9.5);
  assert_end (settings, "Botanischer Garten", "植物园");
  g_settings_set (settings, "plan-destination", "(sdd)", "Bahnhof", 47.5, 9.5);
  assert_end (settings, "Bahnhof", "");
  navi_plan_save_end (settings, "plan-destination", NULL, 47.5, 9.5);
  g_assert_null (navi_plan_load_end (settings, "plan-destination", &lat_deg, &lon_deg));
  navi_plan_write_status (garden, 1200);
  status = cloud_status_read ("navi");
  g_assert_cmpstr (cloud_status_get_string (status, "name", NULL), ==, "Botanischer Garten");
  g_assert_cmpstr (cloud_status_get_string (status, "name-zh", NULL), ==, "植物园");
  g_assert_null (cloud_status_get_string (status, "name-en", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/navi/names/rule", test_rule);
  g_test_add_func ("/navi/names/steps-and-search-agree", test_steps_and_search_agree);
  g_test_add_func ("/navi/names/addresses", test_addresses);
  g_test_add_func ("/navi/names/plan-keeps-all-names", test_plan_keeps_all_names);
  return g_test_run ();
}
