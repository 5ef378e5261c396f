/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-sentence.h"

#include "cloud-time.h"

#include <math.h>

/* The sentence, from days that are made up for it. */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

typedef struct
{
  double yesterday_max_c, today_max_c, tomorrow_max_c;
  int rain_from, rain_to; /* hours from today's midnight; none if equal */
  double rain_c;          /* the temperature while it falls */
  double chance_pct;
  double gust_mps;
} Story;

static const WeatherUnits metric = { .clock_24h = TRUE };

static gint64
midnight (void)
{
  gint64 at;

  g_assert_true (cloud_time_parse ("2026-11-23T00:00:00Z", &at));
  return at;
}

static void
add_day (WeatherForecastParts *parts, int offset, double max_c, double mm)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  WeatherDay day;

  weather_day_init (&day);
  weather_day_at (utc, midnight () + offset * 24 * HOUR_US, &day);
  day.max_c = max_c;
  day.precipitation_mm = mm;
  day.condition = WEATHER_CONDITION_CLEAR;
  g_array_append_val (parts->daily, day);
}

static WeatherForecast *
tell (const Story *story)
{
  g_autoptr (WeatherPlace) place = weather_place_new (NULL, "Porto", NULL, 41.15, -8.61, "UTC");
  WeatherForecastParts *parts = weather_forecast_parts_new (place, "test");
  gboolean rains = story->rain_to > story->rain_from;

  for (int i = -24; i < 48; i++)
    {
      WeatherPoint hour;
      gboolean wet = i >= story->rain_from && i < story->rain_to;

      weather_point_init (&hour);
      hour.start_unix_us = midnight () + i * HOUR_US;
      hour.temperature_c = wet ? story->rain_c : 12;
      hour.precipitation_mm = wet ? 1 : 0;
      hour.precipitation_chance_pct = wet ? story->chance_pct : 5;
      hour.gust_mps = story->gust_mps;
      hour.condition = WEATHER_CONDITION_CLEAR;
      hour.is_day = 1;
      g_array_append_val (parts->hourly, hour);
    }
  add_day (parts, -1, story->yesterday_max_c, 0);
  add_day (parts, 0, story->today_max_c, rains ? 3 : 0);
  add_day (parts, 1, story->tomorrow_max_c, 0);
  add_day (parts, 2, story->tomorrow_max_c, 0);
  add_day (parts, 3, story->tomorrow_max_c, rains ? 0 : 5);
  return weather_forecast_new (parts);
}

static void
assert_sentence (const Story *story, int hour, const char *expected)
{
  g_autoptr (WeatherForecast) forecast = tell (story);
  g_autofree char *sentence = weather_sentence (forecast, &metric, midnight () + hour * HOUR_US);

  g_assert_cmpstr (sentence, ==, expected);
}

static void
test_rain (void)
{
  Story afternoon = { 14, 10, 10, 15, 17, 9, 80, 5 };
  Story now = { 10, 10, 10, 8, 12, 9, 80, 5 };
  Story night = { 10, 10, 10, 22, 29, 9, 80, 5 };
  Story tomorrow = { 10, 10, 10, 26, 28, 9, 80, 5 };
  Story endless = { 10, 10, 10, 8, 48, 9, 80, 5 };

  assert_sentence (&afternoon, 9, "Rain 15:00 to 17:00, 4° colder than yesterday");
  assert_sentence (&now, 9, "Rain until 12:00");
  assert_sentence (&night, 12, "Rain from 22:00");
  assert_sentence (&tomorrow, 14, "Rain tomorrow from 02:00");
  assert_sentence (&endless, 20, "Rain, and no end in sight");
  assert_sentence (&night, 23, "Rain until Tue 05:00");
}

static void
test_snow (void)
{
  Story story = { 2, 2, 2, 15, 17, -2, 80, 5 };

  assert_sentence (&story, 9, "Snow 15:00 to 17:00");
}

/* Little or unlikely rain is not worth a word. */
static void
test_unlikely_rain (void)
{
  Story story = { 10, 10, 10, 15, 17, 9, 20, 5 };

  assert_sentence (&story, 9, "Sunny");
}

static void
test_dry (void)
{
  Story same = { 10, 11, 11, 0, 0, 0, 0, 5 };
  Story warmer = { 10, 10, 15, 0, 0, 0, 0, 5 };
  Story storm = { 10, 10, 10, 0, 0, 0, 0, 20 };

  assert_sentence (&same, 9, "Dry until Thursday");
  assert_sentence (&warmer, 20, "Dry until Thursday, tomorrow 5° warmer");
  assert_sentence (&storm, 9, "Dry until Thursday, gusts of 72 km/h");
}

static void
test_says_nothing_without_data (void)
{
  g_autoptr (WeatherPlace) place = weather_place_new (NULL, "Porto", NULL, 41.15, -8.61, "UTC");
  g_autoptr (WeatherForecast) forecast = weather_forecast_new (weather_forecast_parts_new (place, "test"));

  g_assert_null (weather_sentence (forecast, &metric, midnight ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/sentence/rain-and-when", test_rain);
  g_test_add_func ("/weather/sentence/snow-when-it-freezes", test_snow);
  g_test_add_func ("/weather/sentence/unlikely-rain-is-no-rain", test_unlikely_rain);
  g_test_add_func ("/weather/sentence/dry-until-and-change", test_dry);
  g_test_add_func ("/weather/sentence/says-nothing-without-data", test_says_nothing_without_data);
  return g_test_run ();
}
