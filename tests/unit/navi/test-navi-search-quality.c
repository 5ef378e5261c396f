/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-search-case.h"

#include "cloud-error.h"

#include <string.h>

/* What a search answers first, on a made-up town with everything in it, and on real extracts where $CIRRUS_TEST_DATA has them. */

#define NODE(id, lat, lon, tags) "<node id='" #id "' lat='" #lat "' lon='" #lon "'>" tags "</node>"
#define TAG(key, value) "<tag k='" key "' v='" value "'/>"
#define ADDRESS(street, number) TAG ("addr:street", street) TAG ("addr:housenumber", number)

static const char town[]
    = "<osm version='0.6'>"
      NODE (1, 47.0, 9.0, TAG ("place", "town") TAG ("name", "Lindenau") TAG ("name:zh", "林登瑙") TAG ("population", "12000"))
      NODE (2, 47.2, 9.0, TAG ("place", "village") TAG ("name", "Oberdorf"))
      NODE (4, 46.99, 9.005, TAG ("place", "village") TAG ("name", "Vorstadt"))
      NODE (5, 46.9901, 9.005, TAG ("amenity", "cafe") TAG ("name", "Near Dark"))
      NODE (6, 48.0, 10.0, TAG ("place", "town") TAG ("name", "Talheim"))
      NODE (7, 48.1, 10.0, TAG ("place", "village") TAG ("name", "Bergdorf"))
      NODE (8, 48.1001, 10.0, TAG ("amenity", "pub") TAG ("name", "Alm"))
      NODE (50, 47.9, 9.9, "") NODE (51, 48.2, 9.9, "") NODE (52, 48.2, 10.1, "") NODE (53, 47.9, 10.1, "")
      NODE (3, 31.2, 121.4, TAG ("place", "city") TAG ("name", "上海市") TAG ("name:en", "Shanghai"))
      NODE (10, 47.001, 9.001, ADDRESS ("Ringstrasse", "1") TAG ("addr:postcode", "9490"))
      NODE (11, 47.001, 9.003, ADDRESS ("Ringstrasse", "9") TAG ("addr:postcode", "9490"))
      NODE (12, 47.002, 9.001, ADDRESS ("Ringstrasse", "2a") TAG ("addr:postcode", "9490"))
      NODE (13, 47.003, 9.001, ADDRESS ("Ringstrasse", "20-24") TAG ("addr:postcode", "9490"))
      NODE (14, 47.201, 9.001, ADDRESS ("Ringstrasse", "1") TAG ("addr:city", "Oberdorf"))
      NODE (15, 47.004, 9.001, ADDRESS ("Weiler", "5;7"))
      /* A line of interpolated addresses that turns a corner. */
      NODE (16, 47.010, 9.000, ADDRESS ("Eckgasse", "1"))
      NODE (17, 47.010, 9.010, "")
      NODE (18, 47.020, 9.010, ADDRESS ("Eckgasse", "41"))
      NODE (20, 47.005, 9.005, TAG ("amenity", "restaurant") TAG ("name", "Zum Löwen") TAG ("opening_hours", "24/7") ADDRESS ("Ringstrasse", "3"))
      NODE (21, 47.006, 9.005, TAG ("amenity", "restaurant") TAG ("name", "Adler") TAG ("opening_hours", "off"))
      NODE (22, 47.205, 9.005, TAG ("amenity", "restaurant") TAG ("name", "Krone"))
      NODE (27, 47.206, 9.005, TAG ("shop", "bakery") TAG ("name", "Beck") TAG ("opening_hours", "Mo-Fr 06:00-12:00"))
      NODE (28, 47.206, 9.006, TAG ("shop", "bakery") TAG ("name", "Korn") TAG ("opening_hours", "Mo-Fr 13:00-18:00"))
      NODE (29, 47.206, 9.007, TAG ("shop", "bakery") TAG ("name", "Mehl"))
      NODE (23, 47.007, 9.005, TAG ("amenity", "fuel") TAG ("brand", "Avia"))
      NODE (24, 47.0071, 9.0051, TAG ("highway", "bus_stop") TAG ("name", "Post"))
      NODE (25, 47.0072, 9.0051, TAG ("highway", "bus_stop") TAG ("name", "Post"))
      NODE (26, 47.008, 9.005, TAG ("amenity", "pharmacy") TAG ("name", "Apotheke am Ring"))
      NODE (30, 31.201, 121.401, TAG ("addr:street", "中山北路") TAG ("addr:housenumber", "12号"))
      NODE (31, 31.201, 121.403, TAG ("addr:street", "中山北路") TAG ("addr:housenumber", "20号"))
      NODE (32, 31.203, 121.401, TAG ("amenity", "fuel") TAG ("name", "中国石化"))
      NODE (33, 31.204, 121.401, TAG ("amenity", "restaurant") TAG ("name", "重庆火锅"))
      NODE (40, 47.0005, 9.0, "") NODE (41, 47.0005, 9.004, "") NODE (42, 47.0005, 9.008, "") NODE (43, 47.2, 9.001, "") NODE (44, 47.201, 9.002, "")
      NODE (45, 31.2, 121.4, "") NODE (46, 31.202, 121.402, "")
      NODE (47, 47.03, 9.0, "") NODE (48, 47.03, 9.008, "")
      "<way id='1'><nd ref='40'/><nd ref='41'/>" TAG ("highway", "residential") TAG ("name", "Ringstrasse") "</way>"
      "<way id='2'><nd ref='41'/><nd ref='42'/>" TAG ("highway", "residential") TAG ("name", "Ringstrasse") "</way>"
      "<way id='3'><nd ref='43'/><nd ref='44'/>" TAG ("highway", "residential") TAG ("name", "Ringstrasse") "</way>"
      "<way id='4'><nd ref='47'/><nd ref='48'/>" TAG ("highway", "primary") TAG ("name", "Friedrich-Schiller-Allee") TAG ("ref", "B 191") "</way>"
      "<way id='5'><nd ref='45'/><nd ref='46'/>" TAG ("highway", "primary") TAG ("name", "中山北路") TAG ("name:en", "North Zhongshan Road") "</way>"
      "<way id='6'><nd ref='16'/><nd ref='17'/><nd ref='18'/>" TAG ("addr:interpolation", "odd") "</way>"
      "<way id='7'><nd ref='16'/><nd ref='18'/>" TAG ("highway", "motorway") TAG ("ref", "A3;E 60") "</way>"
      "<way id='8'><nd ref='50'/><nd ref='51'/><nd ref='52'/><nd ref='53'/><nd ref='50'/></way>"
      "<relation id='1'><member type='way' ref='8' role='outer'/>" TAG ("type", "boundary") TAG ("boundary", "administrative")
      TAG ("admin_level", "8") TAG ("name", "Talheim") "</relation>"
      "</osm>";

/* @data: a file under $CIRRUS_TEST_DATA/osm, or NULL for the made-up town. */
static void
set_up (NaviSearchCase *fixture, gconstpointer data)
{
  g_autofree char *file = data != NULL ? g_build_filename (g_getenv ("CIRRUS_TEST_DATA"), "osm", data, NULL) : NULL;

  navi_search_case_open (fixture, town, file);
}

static void
tear_down (NaviSearchCase *fixture, gconstpointer data)
{
  navi_search_case_close (fixture);
}

/* @expected: the first three of what is found; or with "..." at its end, what it begins with. */
static void
assert_answer (NaviSearchCase *fixture, const char *text, gboolean typing, const char *expected)
{
  const NaviSearchQuery query = { .text = text, .typing = typing };
  g_autofree char *answer = navi_search_case_ask (fixture, &query, 3);

  g_autofree char *wanted = g_strdup (expected);

  g_test_message ("%s: %s", text, answer);
  if (g_str_has_suffix (wanted, "..."))
    {
      wanted[strlen (wanted) - 3] = '\0';
      answer[MIN (strlen (answer), strlen (wanted))] = '\0';
    }
  g_assert_cmpstr (answer, ==, wanted);
}

static void
test_mistakes (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "lindena", FALSE, "town:Lindenau..."); /* a letter missing */
  assert_answer (fixture, "lindenaau", FALSE, "town:Lindenau...");
  assert_answer (fixture, "lidnenau", FALSE, "town:Lindenau..."); /* two exchanged */
  assert_answer (fixture, "lendenau", FALSE, "town:Lindenau...");
  assert_answer (fixture, "lendemau", FALSE, "town:Lindenau..."); /* two mistakes in eight letters */
  assert_answer (fixture, "obertorf", FALSE, "village:Oberdorf");
  assert_answer (fixture, "adlr", FALSE, "restaurant:Adler");
  assert_answer (fixture, "lendena", TRUE, "town:Lindenau...");
  assert_answer (fixture, "resturant krone", FALSE, "restaurant:Krone");
  assert_answer (fixture, "shanghia", FALSE, "city:上海市...");
  assert_answer (fixture, "adx", FALSE, "");
  assert_answer (fixture, "lundanou", FALSE, "");
  assert_answer (fixture, "B 192", FALSE, ""); /* a wrong number is no mistake */
}

static void
test_addresses (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "Ringstrasse 9 Lindenau", FALSE, "house:Ringstrasse 9");
  assert_answer (fixture, "9 Ringstrasse, Lindenau", FALSE, "house:Ringstrasse 9");
  assert_answer (fixture, "Ringstraße 9, 9490 Lindenau", FALSE, "house:Ringstrasse 9");
  assert_answer (fixture, "9490 Lindenau, Ringstr. 9", FALSE, "house:Ringstrasse 9");
  assert_answer (fixture, "ring strasse 9", FALSE, "house:Ringstrasse 9");
  assert_answer (fixture, "Ringstrasse 2 a", FALSE, "house:Ringstrasse 2a");
  assert_answer (fixture, "Ringstrasse 22", FALSE, "house:Ringstrasse 20-24");
  assert_answer (fixture, "Ringstrasse 1 Oberdorf", FALSE, "house:Ringstrasse 1");
  assert_answer (fixture, "Ringstrasse 1", FALSE, "house:Ringstrasse 1|house:Ringstrasse 1");
  assert_answer (fixture, "weiler 7", FALSE, "house:Weiler 7");
  assert_answer (fixture, "9490", FALSE, "town:Lindenau");
  assert_answer (fixture, "ringstrasse 2", TRUE, "house:Ringstrasse 2a|house:Ringstrasse 20-24");
  assert_answer (fixture, "löwen ringstrasse 3", FALSE, "restaurant:Zum Löwen");
  assert_answer (fixture, "restaurant ringstrasse", FALSE, "restaurant:Zum Löwen");
}

static void
test_guessed_houses (NaviSearchCase *fixture, gconstpointer data)
{
  const NaviSearchQuery middle = { .text = "Ringstrasse 7 Lindenau" }, corner = { .text = "Eckgasse 21" };
  g_autoptr (GListModel) list = navi_search_find (fixture->search, &middle, NULL, NULL);
  g_autoptr (GListModel) corners = navi_search_find (fixture->search, &corner, NULL, NULL);
  g_autoptr (NaviPlace) seven = g_list_model_get_item (list, 0);
  g_autoptr (NaviPlace) bend = g_list_model_get_item (corners, 0);

  assert_answer (fixture, "Ringstrasse 7 Lindenau", FALSE, "house:Ringstrasse 7~");
  assert_answer (fixture, "Ringstrasse 9c", FALSE, "house:Ringstrasse 9c~");
  assert_answer (fixture, "Ringstrasse 400 Lindenau", FALSE, "street:Ringstrasse");
  /* 3 is a restaurant's, at 9.005: 7 is two thirds of the way from there to 9. */
  g_assert_cmpfloat_with_epsilon (navi_place_get_data (seven)->lon_deg, 9.005 + (9.003 - 9.005) * 4 / 6, 2e-6);
  g_assert_true (navi_place_get_data (bend)->is_approximate);
  g_assert_cmpfloat_with_epsilon (navi_place_get_data (bend)->lat_deg, 47.011, 2e-3);
  g_assert_cmpfloat_with_epsilon (navi_place_get_data (bend)->lon_deg, 9.010, 1e-3);
}

static void
test_chinese_addresses (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "上海市中山北路12号", FALSE, "house:中山北路12号");
  assert_answer (fixture, "上海中山北路12号", FALSE, "house:中山北路12号");
  assert_answer (fixture, "中山北路12號", FALSE, "house:中山北路12号");
  assert_answer (fixture, "中山北路１６", FALSE, "house:中山北路16号~");
  assert_answer (fixture, "12 North Zhongshan Road Shanghai", FALSE, "house:中山北路12号");
  assert_answer (fixture, "zhongshanbeilu", FALSE, "street:中山北路");
  assert_answer (fixture, "zhong shan bei lu 12", FALSE, "house:中山北路12号");
  assert_answer (fixture, "zsbl", FALSE, "street:中山北路");
  assert_answer (fixture, "chongqinghuoguo", FALSE, "restaurant:重庆火锅");
  assert_answer (fixture, "cqhg", TRUE, "restaurant:重庆火锅");
  assert_answer (fixture, "路山", FALSE, ""); /* characters from here and there */
}

static void
test_kinds (NaviSearchCase *fixture, gconstpointer data)
{
  const NaviSearchQuery near_oberdorf = { .text = "restaurants", .has_near = TRUE, .near_lat_deg = 47.2, .near_lon_deg = 9.0 };
  g_autofree char *nearest = navi_search_case_ask (fixture, &near_oberdorf, 3);

  g_assert_true (g_str_has_prefix (nearest, "restaurant:Krone|"));
  assert_answer (fixture, "restaurant oberdorf", FALSE, "restaurant:Krone");
  assert_answer (fixture, "restaurant in Oberdorf", FALSE, "restaurant:Krone");
  assert_answer (fixture, "restaurants near oberdorf", FALSE, "restaurant:Krone...");
  assert_answer (fixture, "near dark", FALSE, "cafe:Near Dark");
  assert_answer (fixture, "cafe vorstadt", FALSE, "cafe:Near Dark");
  assert_answer (fixture, "cafe lindenau", FALSE, "cafe:Near Dark"); /* the town around it */
  assert_answer (fixture, "pub bergdorf", FALSE, "pub:Alm");
  assert_answer (fixture, "pub talheim", FALSE, "pub:Alm"); /* whose bounds hold the village */
  assert_answer (fixture, "pharmacies", FALSE, "pharmacy:Apotheke am Ring");
  assert_answer (fixture, "上海加油站", FALSE, "fuel:中国石化");
  assert_answer (fixture, "上海市附近的加油站", FALSE, "fuel:中国石化...");
  assert_answer (fixture, "林登瑙的加油站", FALSE, "fuel:Avia");
  assert_answer (fixture, "jiayouzhan lindenau", FALSE, "fuel:Avia");
  assert_answer (fixture, "petrol lindenau", FALSE, "fuel:Avia");
  assert_answer (fixture, "post", FALSE, "bus_stop:Post"); /* both sides of the road */
}

static void
test_open_now (NaviSearchCase *fixture, gconstpointer data)
{
  const NaviLocalTime morning = { 2026, 11, 24, 8 * 60 }, evening = { 2026, 11, 24, 17 * 60 }, sunday = { 2026, 11, 29, 8 * 60 };
  const NaviSearchQuery by_flag = { .text = "bakery", .open_now = TRUE, .now = &morning };
  const NaviSearchQuery in_words = { .text = "bakery open now", .now = &evening };
  const NaviSearchQuery in_chinese = { .text = "营业中的面包店", .now = &morning };
  const NaviSearchQuery closed = { .text = "bakery", .open_now = TRUE, .now = &sunday };
  const NaviSearchQuery restaurants = { .text = "restaurant open now" };
  g_autofree char *first = navi_search_case_ask (fixture, &by_flag, 3);
  g_autofree char *second = navi_search_case_ask (fixture, &in_words, 3);
  g_autofree char *third = navi_search_case_ask (fixture, &in_chinese, 3);
  g_autofree char *fourth = navi_search_case_ask (fixture, &closed, 3);
  g_autofree char *fifth = navi_search_case_ask (fixture, &restaurants, 3);

  g_assert_cmpstr (first, ==, "bakery:Beck|bakery:Mehl");
  g_assert_cmpstr (second, ==, "bakery:Korn|bakery:Mehl");
  g_assert_cmpstr (third, ==, "bakery:Beck|bakery:Mehl");
  g_assert_cmpstr (fourth, ==, "bakery:Mehl");
  g_assert_true (g_str_has_prefix (fifth, "restaurant:Zum Löwen|"));
  g_assert_null (strstr (fifth, "Adler"));
}

static void
test_refs (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "B191", FALSE, "road:B 191");
  assert_answer (fixture, "b 191", FALSE, "road:B 191");
  assert_answer (fixture, "A3", FALSE, "road:A3");
  assert_answer (fixture, "A 3", FALSE, "road:A3");
  assert_answer (fixture, "e60", FALSE, "road:E 60");
}

static char *
describe (NaviSearchCase *fixture, double lat_deg, double lon_deg)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) list = navi_search_reverse (fixture->search, lat_deg, lon_deg, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (NaviPlace) place = g_list_model_get_item (list, i);
      g_autofree char *address = navi_place_get_address (place, NULL);
      const NaviPlaceData *data = navi_place_get_data (place);
      g_string_append_printf (out, "%s%s:%s(%s)%.0f", i > 0 ? "|" : "", data->kind, data->name, address, data->distance_m);
    }
  return g_string_free (out, FALSE);
}

static void
test_reverse (NaviSearchCase *fixture, gconstpointer data)
{
  g_autofree char *door = describe (fixture, 47.0011, 9.0030);
  g_autofree char *street = describe (fixture, 47.0006, 9.007);
  g_autofree char *place = describe (fixture, 47.0050, 9.0051);
  g_autofree char *chinese = describe (fixture, 31.2010, 121.4011);
  g_autofree char *nowhere = describe (fixture, -10, -10);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (door, ==, "house:Ringstrasse 9(Ringstrasse 9, 9490 Lindenau)11|street:Ringstrasse(9490 Lindenau)67|town:Lindenau()258");
  g_assert_cmpstr (street, ==, "street:Ringstrasse(9490 Lindenau)11|town:Lindenau()535");
  g_assert_cmpstr (place, ==,
                   "restaurant:Zum Löwen(Ringstrasse 3, Lindenau)8|house:Ringstrasse 3(Ringstrasse 3, Lindenau)8|town:Lindenau()677");
  g_assert_cmpstr (chinese, ==, "house:中山北路12号(上海市中山北路12号)10|street:中山北路(上海市)7|city:上海市()153");
  g_assert_cmpstr (nowhere, ==, "");
  g_assert_null (navi_search_reverse (fixture->search, 91, 0, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID);
}

static void
test_order_of_addresses (void)
{
  static const char *const cases[][3] = {
    { "Städtle", "5", "Städtle 5" },
    { "Bayfront Avenue", "10", "10 Bayfront Avenue" },
    { "Rue Grimaldi", "31 bis", "31 bis Rue Grimaldi" },
    { "Avenida da Boavista", "12", "Avenida da Boavista 12" },
    { "中山北路", "12", "中山北路12号" },
    { "中山北路", "12号", "中山北路12号" },
    { "", "7", "7" },
    { "Broadway", "", "Broadway" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *joined = navi_place_join_street (cases[i][0], cases[i][1]);
      g_assert_cmpstr (joined, ==, cases[i][2]);
    }
}

static void
test_liechtenstein (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "vaduz", FALSE, "town:Vaduz|...");
  assert_answer (fixture, "vadus", FALSE, "town:Vaduz|...");
  assert_answer (fixture, "瓦杜兹", FALSE, "town:Vaduz...");
  assert_answer (fixture, "schan", TRUE, "town:Schaan|...");
  assert_answer (fixture, "Städtle 5, 9490 Vaduz", FALSE, "house:Städtle 5");
  assert_answer (fixture, "Landstrasse 15 Triesen", FALSE, "house:Landstrasse 15|bank:VP Bank Servicezentrum Triesen");
  assert_answer (fixture, "schloss vaduz", FALSE, "castle:Schloss Vaduz|...");
  assert_answer (fixture, "fuerst-franz-josef-strasse 91", FALSE, "house:Fürst-Franz-Josef-Strasse 91...");
  assert_answer (fixture, "瓦杜兹餐厅", FALSE, "restaurant:...");
  assert_answer (fixture, "加油站", FALSE, "fuel:...");
  {
    g_autofree char *town_hall = describe (fixture, 47.14069, 9.52192);
    g_assert_nonnull (strstr (town_hall, "townhall:Rathaus Vaduz(Städtle 6, 9490 Vaduz)"));
    g_assert_nonnull (strstr (town_hall, "town:Vaduz"));
  }
}

static void
test_porto (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "rua de santa catarina", FALSE, "street:Rua de Santa Catarina...");
  assert_answer (fixture, "r sta catarina", FALSE, "street:Rua Santa Catarina|street:Rua de Santa Catarina...");
  assert_answer (fixture, "avenida da boavsta", FALSE, "street:Avenida da Boavista...");
  assert_answer (fixture, "rua 25 de abril", FALSE, "street:Rua 25 de Abril...");
  assert_answer (fixture, "A28", FALSE, "road:A 28...");
}

static void
test_singapore (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "海湾舫", FALSE, "station:Bayfront...");
  assert_answer (fixture, "haiwanfang", FALSE, "station:Bayfront...");
  assert_answer (fixture, "星洲老爷", FALSE, "restaurant:Justin Flavours of Asia");
}

static void
test_monaco (NaviSearchCase *fixture, gconstpointer data)
{
  assert_answer (fixture, "monte carlo", FALSE, "suburb:Monte-Carlo...");
  assert_answer (fixture, "mairie", FALSE, "townhall:Mairie de Monaco...");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    const char *file;
    void (*test) (NaviSearchCase *fixture, gconstpointer data);
  } real[] = {
    { "/navi/search/liechtenstein", "liechtenstein-2021.osm.pbf", test_liechtenstein },
    { "/navi/search/porto", "porto.osm.pbf", test_porto },
    { "/navi/search/singapore", "singapore-bayfront.osm.pbf", test_singapore },
    { "/navi/search/monaco", "monaco-2012.osm.gz", test_monaco },
  };

  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/navi/search/" path, NaviSearchCase, NULL, set_up, func, tear_down)
  ADD ("mistakes", test_mistakes);
  ADD ("addresses", test_addresses);
  ADD ("guessed-houses", test_guessed_houses);
  ADD ("chinese-addresses", test_chinese_addresses);
  ADD ("kinds-and-nearness", test_kinds);
  ADD ("open-now", test_open_now);
  ADD ("refs", test_refs);
  ADD ("reverse", test_reverse);
  g_test_add_func ("/navi/place/order-of-addresses", test_order_of_addresses);
  for (gsize i = 0; i < G_N_ELEMENTS (real) && g_getenv ("CIRRUS_TEST_DATA") != NULL; i++)
    g_test_add (real[i].path, NaviSearchCase, real[i].file, set_up, real[i].test, tear_down);
  return g_test_run ();
}
