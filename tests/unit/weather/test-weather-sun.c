/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-sun.h"

#include <math.h>

/* Sunrise and sunset beside an independent ephemeris. */

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define ALWAYS_UP (-1)
#define ALWAYS_DOWN (-2)

/* Computed with PyEphem 4.1 (libastro): the centre at -0.833 degrees, within 24 hours of the start; seconds since 1970. */
static const struct
{
  const char *name;
  double latitude_deg, longitude_deg;
  gint64 start_s, rise_s, set_s;
} known[] = {
  { "Porto 2026-01-05", 41.15, -8.61, 1767573266, 1767599997, 1767633595 },
  { "Porto 2026-03-20", 41.15, -8.61, 1773966866, 1773988679, 1774032386 },
  { "Porto 2026-06-21", 41.15, -8.61, 1782002066, 1782018115, 1782072635 },
  { "Porto 2026-09-10", 41.15, -8.61, 1789000466, 1789020590, 1789066337 },
  { "Porto 2026-11-23", 41.15, -8.61, 1795394066, 1795419091, 1795453788 },
  { "Beijing 2026-01-05", 39.9, 116.4, 1767543264, 1767569771, 1767603797 },
  { "Beijing 2026-03-20", 39.9, 116.4, 1773936864, 1773958714, 1774002356 },
  { "Beijing 2026-06-21", 39.9, 116.4, 1781972064, 1781988359, 1782042378 },
  { "Beijing 2026-09-10", 39.9, 116.4, 1788970464, 1788990618, 1789036320 },
  { "Beijing 2026-11-23", 39.9, 116.4, 1795364064, 1795388869, 1795423994 },
  { "Tromso 2026-01-05", 69.65, 18.96, 1767566650, -2, -2 },
  { "Tromso 2026-03-20", 69.65, 18.96, 1773960250, 1773981834, 1774026089 },
  { "Tromso 2026-06-21", 69.65, 18.96, 1781995450, -1, -1 },
  { "Tromso 2026-09-10", 69.65, 18.96, 1788993850, 1789011438, 1789062149 },
  { "Tromso 2026-11-23", 69.65, 18.96, 1795387450, 1795425783, 1795433832 },
  { "Quito 2026-01-05", -0.18, -78.47, 1767590033, 1767611721, 1767655402 },
  { "Quito 2026-03-20", -0.18, -78.47, 1773983633, 1774005480, 1774049069 },
  { "Quito 2026-06-21", -0.18, -78.47, 1782018833, 1782040342, 1782083946 },
  { "Quito 2026-09-10", -0.18, -78.47, 1789017233, 1789038456, 1789082038 },
  { "Quito 2026-11-23", -0.18, -78.47, 1795410833, 1795431386, 1795475052 },
  { "Sydney 2026-01-05", -33.87, 151.21, 1767534910, 1767552637, 1767604193 },
  { "Sydney 2026-03-20", -33.87, 151.21, 1773928510, 1773950277, 1773994016 },
  { "Sydney 2026-06-21", -33.87, 151.21, 1781963710, 1781989197, 1782024828 },
  { "Sydney 2026-09-10", -33.87, 151.21, 1788962110, 1788984120, 1789026184 },
  { "Sydney 2026-11-23", -33.87, 151.21, 1795355710, 1795372775, 1795423419 },
  { "Suva 2026-01-05", -18.14, 178.44, 1767528374, 1767548160, 1767595603 },
  { "Suva 2026-03-20", -18.14, 178.44, 1773921974, 1773943797, 1773987445 },
  { "Suva 2026-06-21", -18.14, 178.44, 1781957174, 1781980602, 1782020350 },
  { "Suva 2026-09-10", -18.14, 178.44, 1788955574, 1788977200, 1789020021 },
  { "Suva 2026-11-23", -18.14, 178.44, 1795349174, 1795368054, 1795415054 },
  { "Reykjavik 2026-01-05", 64.15, -21.94, 1767576466, 1767611664, 1767628339 },
  { "Reykjavik 2026-03-20", 64.15, -21.94, 1773970066, 1773991717, 1774035803 },
  { "Reykjavik 2026-06-21", 64.15, -21.94, 1782005266, 1782010506, 1782086641 },
  { "Reykjavik 2026-09-10", 64.15, -21.94, 1789003666, 1789022173, 1789071084 },
  { "Reykjavik 2026-11-23", 64.15, -21.94, 1795397266, 1795429331, 1795449927 },
  { "McMurdo 2026-01-05", -77.85, 166.67, 1767531199, -1, -1 },
  { "McMurdo 2026-03-20", -77.85, 166.67, 1773924799, 1773945539, 1773991133 },
  { "McMurdo 2026-06-21", -77.85, 166.67, 1781959999, -2, -2 },
  { "McMurdo 2026-09-10", -77.85, 166.67, 1788958399, 1788984644, 1789018387 },
  { "McMurdo 2026-11-23", -77.85, 166.67, 1795351999, -1, -1 },
  { "Longyearbyen 2026-01-05", 78.22, 15.65, 1767567444, -2, -2 },
  { "Longyearbyen 2026-03-20", 78.22, 15.65, 1773961044, 1773982306, 1774027312 },
  { "Longyearbyen 2026-06-21", 78.22, 15.65, 1781996244, -1, -1 },
  { "Longyearbyen 2026-09-10", 78.22, 15.65, 1788994644, 1789009067, 1789065931 },
  { "Longyearbyen 2026-11-23", 78.22, 15.65, 1795388244, -2, -2 },
  { "Ushuaia 2026-01-05", -54.8, -68.3, 1767587592, 1767600364, 1767661834 },
  { "Ushuaia 2026-03-20", -54.8, -68.3, 1773981192, 1774002869, 1774046731 },
  { "Ushuaia 2026-06-21", -54.8, -68.3, 1782016392, 1782046730, 1782072676 },
  { "Ushuaia 2026-09-10", -54.8, -68.3, 1789014792, 1789037516, 1789078158 },
  { "Ushuaia 2026-11-23", -54.8, -68.3, 1795408392, 1795421114, 1795480508 },
};

static void
assert_near (const char *name, gint64 found_us, gint64 known_s)
{
  gint64 off_s = found_us / G_USEC_PER_SEC - known_s;

  if (ABS (off_s) > 90)
    g_error ("%s is off by %d s", name, (int) off_s);
}

static void
test_beside_ephem (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      WeatherSunDay day;
      gint64 start_us = known[i].start_s * G_USEC_PER_SEC;

      weather_sun_day (known[i].latitude_deg, known[i].longitude_deg, start_us, start_us + DAY_US, &day);
      if (known[i].rise_s == ALWAYS_UP)
        g_assert_cmpint (day.kind, ==, WEATHER_SUN_ALWAYS_UP);
      else if (known[i].rise_s == ALWAYS_DOWN)
        g_assert_cmpint (day.kind, ==, WEATHER_SUN_ALWAYS_DOWN);
      else
        {
          g_assert_cmpint (day.kind, ==, WEATHER_SUN_RISES_AND_SETS);
          assert_near (known[i].name, day.rise_unix_us, known[i].rise_s);
          assert_near (known[i].name, day.set_unix_us, known[i].set_s);
          g_assert_cmpint (day.noon_unix_us, >, day.rise_unix_us);
          g_assert_cmpint (day.noon_unix_us, <, day.set_unix_us);
        }
    }
}

/* A day may have a rise and no set: the polar day begins. */
static void
test_first_day_of_the_polar_day (void)
{
  gboolean seen = FALSE;

  for (int i = 0; i < 30; i++)
    {
      WeatherSunDay day;
      gint64 start_us = (1778623200 + i * 86400) * (gint64) G_USEC_PER_SEC; /* from 2026-05-13 in Tromso */

      weather_sun_day (69.65, 18.96, start_us, start_us + DAY_US, &day);
      if (day.kind == WEATHER_SUN_RISES_AND_SETS && day.rise_unix_us != 0 && day.set_unix_us == 0)
        seen = TRUE;
      if (day.kind == WEATHER_SUN_ALWAYS_UP)
        break;
      g_assert_cmpint (i, <, 29);
    }
  g_test_message ("a day with a rise and no set: %s", seen ? "seen" : "not in this year");
}

static void
test_elevation (void)
{
  /* The equinox's noon at the equator: overhead. */
  WeatherSunDay day;
  gint64 start_us = 1773964800 * (gint64) G_USEC_PER_SEC;

  weather_sun_day (0, 0, start_us, start_us + DAY_US, &day);
  g_assert_cmpfloat_with_epsilon (day.noon_elevation_deg, 90, 0.5);
  g_assert_true (weather_sun_is_up (0, 0, start_us + DAY_US / 2));
  g_assert_false (weather_sun_is_up (0, 0, start_us));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/sun/rise-and-set-beside-ephem-within-90-seconds", test_beside_ephem);
  g_test_add_func ("/weather/sun/polar-day-begins", test_first_day_of_the_polar_day);
  g_test_add_func ("/weather/sun/overhead-at-the-equinox", test_elevation);
  return g_test_run ();
}
