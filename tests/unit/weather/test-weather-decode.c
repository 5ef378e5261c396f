/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-open-meteo-decoder.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <math.h>

/* Open-Meteo's replies, recorded ones and ones made for what recordings lack. */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static char *
load (const char *name, gsize *length)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("CIRRUS_SOURCE_ROOT"), "tests", "data", "weather", "open-meteo", name, NULL);
  char *data = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &data, length, &error);
  g_assert_no_error (error);
  return data;
}

static WeatherForecast *
decode (const char *name, GError **error)
{
  gsize length;
  g_autofree char *data = load (name, &length);

  return weather_open_meteo_decode_forecast (data, length, NULL, WEATHER_ORIGIN_FILE, 0, 0, error);
}

static WeatherForecast *
decode_ok (const char *name)
{
  g_autoptr (GError) error = NULL;
  WeatherForecast *forecast = decode (name, &error);

  g_assert_no_error (error);
  g_assert_nonnull (forecast);
  return forecast;
}

static void
assert_utc (gint64 unix_us, const char *expected)
{
  g_autofree char *utc = cloud_time_format_utc (unix_us);

  g_assert_cmpstr (utc, ==, expected);
}

static void
test_recorded (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("ruby-forecast-general-0.json");
  const WeatherPoint *now = weather_forecast_get_now (forecast);
  guint n;

  g_assert_nonnull (now);
  g_assert_cmpint (now->condition, ==, WEATHER_CONDITION_CLOUDY);
  g_assert_true (isnan (now->temperature_c));
  assert_utc (now->start_unix_us, "2023-11-13T10:45:00Z");
  weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpuint (n, >=, 24);
  weather_forecast_get_quarters (forecast, &n);
  g_assert_cmpuint (n, >=, 96);
  weather_forecast_get_daily (forecast, &n);
  g_assert_cmpuint (n, >=, 1);
  g_assert_nonnull (weather_forecast_get_credit (forecast));
}

static void
test_nulls (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("r-api-forecast-073b9d.json");
  const WeatherDay *days;
  guint n;

  days = weather_forecast_get_daily (forecast, &n);
  g_assert_cmpuint (n, ==, 11);
  for (guint i = 0; i < n; i++)
    g_assert_true (isnan (days[i].max_c));
  assert_utc (days[0].start_unix_us, "2022-12-29T09:00:00Z");
}

static void
test_air (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("r-air-quality-api-air-quality-28475d.json");
  const WeatherAir *air;
  guint n;

  air = weather_forecast_get_air (forecast, &n);
  g_assert_cmpuint (n, >, 0);
  assert_utc (air[0].start_unix_us, "2022-12-31T16:00:00Z");
  g_assert_cmpfloat (air[0].carbon_monoxide_ugm3, ==, 4048);
  g_assert_true (isnan (air[0].pm2_5_ugm3));
  weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpuint (n, ==, 0);
}

/* Seventy-two hours across the end of summer time: none twice, none missing, and a day of 25 hours. */
static void
test_unixtime_autumn (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-unixtime-berlin-autumn.json");
  const WeatherPoint *hours;
  const WeatherDay *days;
  guint n;

  hours = weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpuint (n, ==, 72);
  for (guint i = 1; i < n; i++)
    g_assert_cmpint (hours[i].start_unix_us - hours[i - 1].start_unix_us, ==, HOUR_US);
  days = weather_forecast_get_daily (forecast, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (days[1].day, ==, 25);
  g_assert_cmpint (days[1].end_unix_us - days[1].start_unix_us, ==, 25 * HOUR_US);
  g_assert_cmpint (days[2].day, ==, 26);
  assert_utc (days[2].start_unix_us, "2026-10-25T23:00:00Z");
  g_assert_cmpfloat (days[2].max_c, ==, 9.9);
  g_assert_true (isnan (days[0].gust_max_mps));
}

/* "1.5 mm at 15:00" fell from 14:00 on. */
static void
test_sums_stand_where_they_fell (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-unixtime-berlin-autumn.json");
  const WeatherPoint *hours;
  guint n;

  hours = weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpfloat (hours[38].precipitation_mm, ==, 0);
  g_assert_cmpfloat (hours[39].precipitation_mm, ==, 1.5);
  g_assert_cmpfloat (hours[40].precipitation_mm, ==, 1.5);
  g_assert_cmpfloat (hours[41].precipitation_mm, ==, 0);
  g_assert_cmpfloat (hours[9].gust_mps, ==, 9);
  g_assert_true (isnan (hours[71].precipitation_mm));
  g_assert_cmpfloat (hours[71].wind_mps, ==, 5);
}

/* Local times under one offset go on evenly where the clocks change, and Fahrenheit, miles, inches and feet become ours. */
static void
test_local_times_and_units (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-iso-newyork-spring.json");
  const WeatherPoint *hours;
  const WeatherDay *days;
  guint n;

  hours = weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpuint (n, ==, 72);
  assert_utc (hours[0].start_unix_us, "2026-03-07T05:00:00Z");
  assert_utc (hours[71].start_unix_us, "2026-03-10T04:00:00Z");
  g_assert_cmpfloat_with_epsilon (hours[0].temperature_c, 0, 1e-9);
  g_assert_true (isnan (hours[70].temperature_c));
  g_assert_true (isnan (hours[71].temperature_c)); /* 212 °F is not weather */
  g_assert_cmpfloat_with_epsilon (hours[0].precipitation_mm, 2.54, 1e-9);
  g_assert_cmpfloat_with_epsilon (hours[0].wind_mps, 4.4704, 1e-9);
  g_assert_cmpfloat_with_epsilon (hours[0].visibility_m, 10000, 1);
  days = weather_forecast_get_daily (forecast, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (days[1].end_unix_us - days[1].start_unix_us, ==, 23 * HOUR_US);
  g_assert_cmpfloat_with_epsilon (days[2].max_c, 5, 1e-9);
  assert_utc (days[2].start_unix_us, "2026-03-09T04:00:00Z");
}

static void
test_local_times_without_offset (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-iso-no-offset-berlin.json");
  const WeatherPoint *hours;
  guint n;

  hours = weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpuint (n, ==, 5);
  assert_utc (hours[0].start_unix_us, "2026-10-24T22:00:00Z");
  assert_utc (hours[2].start_unix_us, "2026-10-25T00:00:00Z");
  assert_utc (hours[3].start_unix_us, "2026-10-25T01:00:00Z");
  g_assert_cmpfloat (hours[3].temperature_c, ==, 4);
  assert_utc (hours[4].start_unix_us, "2026-10-25T02:00:00Z");
}

static void
test_broken_values (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-broken-values.json");
  const WeatherPoint *hours;
  guint n;

  g_assert_null (weather_forecast_get_now (forecast));
  hours = weather_forecast_get_hourly (forecast, &n);
  g_assert_cmpuint (n, ==, 3); /* sorted; a repeated hour once; no hour without a time */
  g_assert_cmpfloat (hours[0].temperature_c, ==, -30);
  g_assert_true (isnan (hours[0].humidity_pct));
  g_assert_true (isnan (hours[1].temperature_c)); /* 1e300 */
  g_assert_true (isnan (hours[2].temperature_c)); /* "cold" */
  g_assert_cmpint (hours[2].condition, ==, WEATHER_CONDITION_UNKNOWN);
  g_assert_true (isnan (hours[2].wind_mps));
  g_assert_true (isnan (weather_forecast_get_elevation_m (forecast)));
}

static void
test_several_places (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-two-places.json");

  g_assert_cmpfloat (weather_forecast_get_latitude_deg (forecast), ==, 60.39);
}

static void
test_old_current_weather (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-current-weather-2022.json");
  const WeatherPoint *now = weather_forecast_get_now (forecast);

  g_assert_cmpfloat (now->temperature_c, ==, 8.3);
  g_assert_cmpfloat_with_epsilon (now->wind_mps, 5, 1e-9);
  g_assert_cmpint (now->condition, ==, WEATHER_CONDITION_THUNDER);
  g_assert_cmpint (now->is_day, ==, 0);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *name;
    CloudError code;
    const char *says;
  } cases[] = {
    { "r-api-forecast-5c7be9.error.json", CLOUD_ERROR_INVALID, "TemperatureUnit" },
    { "made-limit.error.json", CLOUD_ERROR_TRY_LATER, "limit exceeded" },
    { "made-no-series.json", CLOUD_ERROR_PROTOCOL, "no series" },
    { "made-truncated.json", CLOUD_ERROR_PROTOCOL, "premature end" },
    { "r-geocoding-api-search-2728d6.json", CLOUD_ERROR_PROTOCOL, "where it is about" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (cases[i].name, &error));
      g_assert_error (error, CLOUD_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static GPtrArray *
decode_places (const char *name)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *data = load (name, &length);
  WeatherReplyKind kind;
  GPtrArray *places;

  g_assert_true (weather_open_meteo_reply_kind (data, length, &kind, &error));
  g_assert_cmpint (kind, ==, WEATHER_REPLY_PLACES);
  places = weather_open_meteo_decode_places (data, length, &error);
  g_assert_no_error (error);
  return places;
}

static void
test_places (void)
{
  g_autoptr (GPtrArray) brisbane = decode_places ("r-geocoding-api-search-03439e.json");
  g_autoptr (GPtrArray) nothing = decode_places ("r-geocoding-api-search-2728d6.json");
  g_autoptr (GPtrArray) hollywood = decode_places ("ruby-search-hollywood-0.json");

  g_assert_cmpuint (brisbane->len, ==, 1);
  g_assert_cmpstr (weather_place_get_name (brisbane->pdata[0]), ==, "Brisbane");
  g_assert_cmpstr (weather_place_get_region (brisbane->pdata[0]), ==, "Queensland, Australia");
  g_assert_cmpstr (weather_place_get_timezone (brisbane->pdata[0]), ==, "Australia/Brisbane");
  g_assert_cmpfloat (weather_place_get_latitude_deg (brisbane->pdata[0]), ==, -27.46794);
  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_cmpuint (hollywood->len, >, 3);
}

/* What the store keeps is what was decoded. */
static void
test_round_trip (void)
{
  static const char *const names[]
      = { "made-unixtime-berlin-autumn.json", "made-broken-values.json", "r-air-quality-api-air-quality-28475d.json" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (WeatherForecast) first = decode_ok (names[i]);
      g_autoptr (GBytes) bytes = weather_forecast_serialize (first);
      g_autoptr (GError) error = NULL;
      g_autoptr (WeatherForecast) second = weather_forecast_deserialize (bytes, weather_forecast_get_place (first), &error);
      g_autoptr (GBytes) again = NULL;

      g_assert_no_error (error);
      again = weather_forecast_serialize (second);
      g_assert_true (g_bytes_equal (bytes, again));
    }
}

static void
test_damaged_bytes (void)
{
  g_autoptr (WeatherForecast) forecast = decode_ok ("made-unixtime-berlin-autumn.json");
  g_autoptr (GBytes) whole = weather_forecast_serialize (forecast);

  for (gsize cut = 0; cut < g_bytes_get_size (whole); cut += 97)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, cut);
      g_autoptr (GError) error = NULL;
      g_autoptr (WeatherForecast) read = weather_forecast_deserialize (part, weather_forecast_get_place (forecast), &error);

      if (read == NULL)
        g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/open-meteo/recorded-forecast", test_recorded);
  g_test_add_func ("/weather/open-meteo/nulls-are-not-said", test_nulls);
  g_test_add_func ("/weather/open-meteo/air-quality", test_air);
  g_test_add_func ("/weather/open-meteo/unixtime-across-the-end-of-summer-time", test_unixtime_autumn);
  g_test_add_func ("/weather/open-meteo/sums-stand-in-the-hour-they-fell", test_sums_stand_where_they_fell);
  g_test_add_func ("/weather/open-meteo/local-times-under-one-offset-and-units", test_local_times_and_units);
  g_test_add_func ("/weather/open-meteo/local-times-without-an-offset", test_local_times_without_offset);
  g_test_add_func ("/weather/open-meteo/broken-values-are-not-said", test_broken_values);
  g_test_add_func ("/weather/open-meteo/several-places-give-the-first", test_several_places);
  g_test_add_func ("/weather/open-meteo/current-weather-of-2022", test_old_current_weather);
  g_test_add_func ("/weather/open-meteo/refused-for-the-stated-reason", test_refused);
  g_test_add_func ("/weather/open-meteo/places", test_places);
  g_test_add_func ("/weather/forecast/stored-form-is-read-back", test_round_trip);
  g_test_add_func ("/weather/forecast/damaged-bytes-are-refused", test_damaged_bytes);
  return g_test_run ();
}
