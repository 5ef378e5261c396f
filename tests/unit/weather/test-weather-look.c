/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-look.h"

#include <math.h>

/* White text can be read on every sky: WCAG 2.1, success criterion 1.4.3. */

static double
linear (float channel)
{
  return channel <= 0.03928f ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
contrast_of_white (const WeatherColor *color)
{
  double luminance = 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);

  return 1.05 / (luminance + 0.05);
}

static void
test_contrast (void)
{
  for (guint condition = 0; condition < WEATHER_N_CONDITIONS; condition++)
    for (guint hour = 0; hour < WEATHER_N_HOURS; hour++)
      for (int dark = 0; dark < 2; dark++)
        {
          WeatherColor top, bottom;

          weather_look_sky (condition, hour, dark, &top, &bottom);
          g_assert_cmpfloat (contrast_of_white (&top), >=, 4.5);
          g_assert_cmpfloat (contrast_of_white (&bottom), >=, 4.5);
        }
}

static void
test_hours (void)
{
  g_assert_cmpint (weather_look_hour (-20), ==, WEATHER_HOUR_NIGHT);
  g_assert_cmpint (weather_look_hour (0), ==, WEATHER_HOUR_TWILIGHT);
  g_assert_cmpint (weather_look_hour (40), ==, WEATHER_HOUR_DAY);
}

/* Each condition has an icon file, by day and by night. */
static void
test_icons (void)
{
  for (guint condition = 0; condition < WEATHER_N_CONDITIONS; condition++)
    for (int is_day = 0; is_day < 2; is_day++)
      {
        g_autofree char *file = g_strconcat (weather_look_icon (condition, is_day), ".svg", NULL);
        g_autofree char *path = g_build_filename (g_getenv ("CIRRUS_SOURCE_ROOT"), "apps", "weather", "ui", "icons", "scalable",
                                                  "actions", file, NULL);

        g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
      }
}

static void
test_temperatures (void)
{
  WeatherColor cold, hot, nowhere;

  weather_look_temperature (-60, &cold);
  weather_look_temperature (60, &hot);
  weather_look_temperature (NAN, &nowhere);
  g_assert_cmpfloat (cold.blue, >, cold.red);
  g_assert_cmpfloat (hot.red, >, hot.blue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/look/white-text-on-every-sky", test_contrast);
  g_test_add_func ("/weather/look/hours-by-the-sun", test_hours);
  g_test_add_func ("/weather/look/every-condition-has-an-icon", test_icons);
  g_test_add_func ("/weather/look/colours-of-temperatures", test_temperatures);
  return g_test_run ();
}
