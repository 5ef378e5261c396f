/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-coordinates.h"
#include "navi-place.h"

/* Positions as people write them, and geo: URIs. */

static void
test_notations (void)
{
  static const struct
  {
    const char *text;
    double lat_deg;
    double lon_deg;
  } cases[] = {
    { "47.141, 9.521", 47.141, 9.521 },
    { "47.141 9.521", 47.141, 9.521 },
    { " 47.141,9.521 ", 47.141, 9.521 },
    { "47.141;9.521", 47.141, 9.521 },
    { "47.141/9.521", 47.141, 9.521 },
    { "(47.141, 9.521)", 47.141, 9.521 },
    { "47,141 9,521", 47.141, 9.521 },
    { "47,141; 9,521", 47.141, 9.521 },
    { "47,141, 9,521", 47.141, 9.521 },
    { "-33.8568, 151.2153", -33.8568, 151.2153 },
    { "−33.8568, −70.5", -33.8568, -70.5 },
    { "+47.141 +9.521", 47.141, 9.521 },
    { "151.2153, -33.8568", -33.8568, 151.2153 }, /* only this order is on the globe */
    { "N47.141 E9.521", 47.141, 9.521 },
    { "N 47.141, E 9.521", 47.141, 9.521 },
    { "E9.521 N47.141", 47.141, 9.521 },
    { "47.141N 9.521E", 47.141, 9.521 },
    { "47.141°N, 9.521°E", 47.141, 9.521 },
    { "9.521° E 47.141° N", 47.141, 9.521 },
    { "33.8568S 70.5W", -33.8568, -70.5 },
    { "47N 9E", 47, 9 },
    { "47°, 9°", 47, 9 },
    { "47° 8.46' N 9° 31.26' E", 47.141, 9.521 },
    { "47°08.46′N, 9°31.26′E", 47.141, 9.521 },
    { "N47 08.460 E009 31.260", 47.141, 9.521 },
    { "47 8.46 N 9 31.26 E", 47.141, 9.521 },
    { "47 8.46, 9 31.26", 47.141, 9.521 },
    { "47°8'27.6\"N 9°31'15.6\"E", 47.141, 9.521 },
    { "47°8'27.6''N 9°31'15.6''E", 47.141, 9.521 },
    { "47° 8′ 27.6″ N, 9° 31′ 15.6″ E", 47.141, 9.521 },
    { "47º8’27.6”N 9º31’15.6”E", 47.141, 9.521 },
    { "47 8 27.6 N 9 31 15.6 E", 47.141, 9.521 },
    { "47d8m27.6s N 9d31m15.6s E", 47.141, 9.521 },
    { "-47°8'27.6\" 9°31'15.6\"", -47.141, 9.521 },
    { "lat: 47.141, lon: 9.521", 47.141, 9.521 },
    { "lon=9.521&lat=47.141", 47.141, 9.521 },
    { "Latitude 47.141 Longitude 9.521", 47.141, 9.521 },
    { "北纬39.9042° 东经116.4074°", 39.9042, 116.4074 },
    { "北纬39度54分15.12秒，东经116度24分26.64秒", 39.9042, 116.4074 },
    { "东经116°24′26.64″、北纬39°54′15.12″", 39.9042, 116.4074 },
    { "纬度：39.9042，经度：116.4074", 39.9042, 116.4074 },
    { "３９．９０４２，１１６．４０７４", 39.9042, 116.4074 },
    { "南緯33.5度 西經70.5度", -33.5, -70.5 },
    { "8FVF4GRC+CC", 47.1410625, 9.5210625 },
    { "8fvf4grc+cc", 47.1410625, 9.5210625 },
    { "8FVF4G00+", 0, 0 }, /* padding is no place to go to */
    { "https://www.openstreetmap.org/#map=15/47.141/9.521", 47.141, 9.521 },
    { "https://www.openstreetmap.org/?mlat=47.141&mlon=9.521#map=12/1/2", 47.141, 9.521 },
    { "https://www.google.com/maps/@47.141,9.521,15z", 47.141, 9.521 },
    { "https://maps.google.com/?q=47.141,9.521", 47.141, 9.521 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double lat_deg = 0, lon_deg = 0;
      gboolean expected = cases[i].lat_deg != 0 || cases[i].lon_deg != 0;
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (navi_coordinates_parse (cases[i].text, &lat_deg, &lon_deg), ==, expected);
      if (!expected)
        continue;
      g_assert_cmpfloat_with_epsilon (lat_deg, cases[i].lat_deg, 1e-9);
      g_assert_cmpfloat_with_epsilon (lon_deg, cases[i].lon_deg, 1e-9);
    }
}

static void
test_what_is_none (void)
{
  static const char *const texts[] = {
    "",          " ",           "47",          "47 9",          "Städtle 5",       "12, 14",          "1.5",          "4000-123",
    "97.5, 95.2", "inf, nan",   "0x10.1 0x11.2", "47.1, 9.5, 3.2", "47.1N 9.5N",   "47°61'N 9°E",     "N 25",         "S-Bahn 3.5 4.5",
    "47.1 9.5 vaduz", "B191",  "-47.1S 9.5E", "1.5 181.5",     "91.5 100.5",       "https://example.org/47.1,9.5", "\xff\xfe", "12d 13m",
    "25 de Abril 5", "47.1.1 9.5",
  };
  double lat_deg, lon_deg;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%s", texts[i]);
      g_assert_false (navi_coordinates_parse (texts[i], &lat_deg, &lon_deg));
    }
}

static void
test_geo_uris (void)
{
  g_auto (NaviGeoUri) full = { 0 };
  g_auto (NaviGeoUri) text = { 0 };
  g_auto (NaviGeoUri) other = { 0 };
  g_autoptr (NaviPlace) place = navi_place_new_from_uri ("geo:0,0?z=11&q=47.5,9.25(My%20place+%C3%A4)");
  static const char *const wrong[] = { "geo:", "geo:1", "geo:1,2x", "geo:91,2", "geo:1,181", "geo:1,2;crs=epsg3857", "http:1,2", "geo:inf,1", "geo:1,2," };

  g_assert_true (navi_geo_uri_parse ("GEO:48.2010,16.3695,183;crs=wgs84;u=40", &full));
  g_assert_true (full.has_position);
  g_assert_cmpfloat (full.lat_deg, ==, 48.2010);
  g_assert_cmpfloat (full.lon_deg, ==, 16.3695);
  g_assert_cmpfloat (full.uncertainty_m, ==, 40);
  g_assert_true (navi_geo_uri_parse ("geo:0,0?q=St%C3%A4dtle+5,%20Vaduz", &text));
  g_assert_false (text.has_position);
  g_assert_cmpstr (text.text, ==, "Städtle 5, Vaduz");
  g_assert_true (navi_geo_uri_parse ("geo:47.1,9.5?q=fuel&z=3", &other));
  g_assert_true (other.has_position);
  g_assert_cmpstr (other.text, ==, "fuel");
  g_assert_cmpstr (navi_place_get_data (place)->name, ==, "My place ä");
  g_assert_cmpfloat (navi_place_get_data (place)->lat_deg, ==, 47.5);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (NaviGeoUri) parsed = { 0 };
      g_test_message ("%s", wrong[i]);
      g_assert_false (navi_geo_uri_parse (wrong[i], &parsed));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/coordinates/notations", test_notations);
  g_test_add_func ("/navi/coordinates/what-is-none", test_what_is_none);
  g_test_add_func ("/navi/coordinates/geo-uris", test_geo_uris);
  return g_test_run ();
}
