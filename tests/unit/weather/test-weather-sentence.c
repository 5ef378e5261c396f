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
  double drizzle_mm;      /* an hour, in the dry ones of the days ahead */
  double dull_chance_pct; /* of the dry hours; 5 if 0 */
  double day_chance_pct;  /* of each day before the wet one */
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
add_day (WeatherForecastParts *parts, int offset, double max_c, double mm, double chance_pct)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  WeatherDay day;

  weather_day_init (&day);
  weather_day_at (utc, midnight () + offset * 24 * HOUR_US, &day);
  day.max_c = max_c;
  day.precipitation_mm = mm;
  day.precipitation_chance_pct = chance_pct;
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
      hour.precipitation_mm = wet ? 1 : story->drizzle_mm;
      hour.precipitation_chance_pct = wet ? story->chance_pct : story->dull_chance_pct > 0 ? story->dull_chance_pct : 5;
      hour.gust_mps = story->gust_mps;
      hour.condition = WEATHER_CONDITION_CLEAR;
      hour.is_day = 1;
      g_array_append_val (parts->hourly, hour);
    }
  add_day (parts, -1, story->yesterday_max_c, 0, 90);
  add_day (parts, 0, story->today_max_c, rains ? 3 : 0, story->day_chance_pct);
  add_day (parts, 1, story->tomorrow_max_c, 0, story->day_chance_pct);
  add_day (parts, 2, story->tomorrow_max_c, 0, story->day_chance_pct);
  add_day (parts, 3, story->tomorrow_max_c, rains ? 0 : 5, 90);
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

/* "Dry" is never said beside a chance, an amount or a picture of rain that the hours and days below show. */
static void
test_dry_only_where_nothing_is_shown (void)
{
  Story hours = { .yesterday_max_c = 10, .today_max_c = 10, .tomorrow_max_c = 10, .dull_chance_pct = 30 };
  Story days = { .yesterday_max_c = 10, .today_max_c = 10, .tomorrow_max_c = 10, .day_chance_pct = 25 };
  Story likely = { .yesterday_max_c = 10, .today_max_c = 10, .tomorrow_max_c = 10, .dull_chance_pct = 70, .drizzle_mm = 0.1 };
  Story drops = { .yesterday_max_c = 10, .today_max_c = 10, .tomorrow_max_c = 10, .drizzle_mm = 0.1 };
  Story hidden = { .yesterday_max_c = 10, .today_max_c = 10, .tomorrow_max_c = 10, .dull_chance_pct = 9, .day_chance_pct = 9 };

  assert_sentence (&hours, 9, "Rain unlikely until Thursday (chance up to 30%)");
  assert_sentence (&days, 9, "Rain unlikely until Thursday (chance up to 25%)");
  assert_sentence (&likely, 9, "Little rain until Thursday (chance up to 70%)");
  assert_sentence (&drops, 9, "Little rain until Thursday");
  assert_sentence (&hidden, 9, "Dry until Thursday");
}

/* The large figure and the first hour of the strip are one value; the rain is that of the hour. */
static void
test_first_hour_is_now (void)
{
  g_autoptr (WeatherPlace) place = weather_place_new (NULL, "Porto", NULL, 41.15, -8.61, "UTC");
  WeatherForecastParts *parts = weather_forecast_parts_new (place, "test");
  gint64 now_us = midnight () + 9 * HOUR_US + 2 * HOUR_US / 3;
  g_autoptr (WeatherForecast) forecast = NULL;
  g_autoptr (GArray) hours = NULL, later = NULL, none = NULL;
  WeatherPoint now;

  for (int i = 0; i < 24; i++)
    {
      WeatherPoint hour;

      weather_point_init (&hour);
      hour.start_unix_us = midnight () + i * HOUR_US;
      hour.temperature_c = i;
      hour.precipitation_mm = 1;
      hour.precipitation_chance_pct = 60;
      hour.condition = WEATHER_CONDITION_RAIN;
      g_array_append_val (parts->hourly, hour);
    }
  parts->has_now = TRUE;
  parts->now.start_unix_us = now_us;
  parts->now.temperature_c = 10.6;
  parts->now.precipitation_mm = 0;
  parts->now.condition = WEATHER_CONDITION_CLOUDY;
  forecast = weather_forecast_new (parts);

  hours = weather_forecast_list_hours (forecast, now_us, 48);
  g_assert_cmpuint (hours->len, ==, 15);
  g_assert_true (weather_forecast_at (forecast, now_us, &now));
  g_assert_cmpfloat (g_array_index (hours, WeatherPoint, 0).temperature_c, ==, now.temperature_c);
  g_assert_cmpint (g_array_index (hours, WeatherPoint, 0).condition, ==, WEATHER_CONDITION_CLOUDY);
  g_assert_cmpint (g_array_index (hours, WeatherPoint, 0).start_unix_us, ==, midnight () + 9 * HOUR_US);
  g_assert_cmpfloat (g_array_index (hours, WeatherPoint, 0).precipitation_mm, ==, 1);
  g_assert_cmpfloat (g_array_index (hours, WeatherPoint, 1).temperature_c, ==, 10);
  later = weather_forecast_list_hours (forecast, now_us + 5 * HOUR_US, 2);
  g_assert_cmpuint (later->len, ==, 2);
  g_assert_cmpfloat (g_array_index (later, WeatherPoint, 0).temperature_c, ==, 14);
  none = weather_forecast_list_hours (forecast, now_us + 100 * HOUR_US, 48);
  g_assert_cmpuint (none->len, ==, 0);
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
  g_test_add_func ("/weather/sentence/dry-only-where-no-rain-is-shown", test_dry_only_where_nothing_is_shown);
  g_test_add_func ("/weather/forecast/the-first-hour-is-the-weather-now", test_first_hour_is_now);
  g_test_add_func ("/weather/sentence/says-nothing-without-data", test_says_nothing_without_data);
  return g_test_run ();
}
