/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-open-meteo-decoder.h"

#include "weather-sentence.h"

/* Any bytes from a provider: a forecast that can be stored, read back and put into words, places, or an error. */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
use (WeatherForecast *forecast)
{
  static const WeatherUnits units = { .clock_24h = TRUE };
  g_autoptr (GBytes) bytes = weather_forecast_serialize (forecast);
  g_autoptr (GError) error = NULL;
  g_autoptr (WeatherForecast) again = weather_forecast_deserialize (bytes, weather_forecast_get_place (forecast), &error);
  const WeatherPoint *hours;
  guint n;

  g_assert_no_error (error);
  hours = weather_forecast_get_hourly (again, &n);
  for (guint i = 0; i < MIN (n, 3); i++)
    {
      g_autofree char *sentence = weather_sentence (forecast, &units, hours[i].start_unix_us);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (WeatherPlace) place = weather_place_new ("fuzz", "Fuzz", NULL, 41, -8, NULL);
  g_autoptr (WeatherForecast) forecast = NULL;
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;

  forecast = weather_open_meteo_decode_forecast ((const char *) data, size, place, WEATHER_ORIGIN_FILE, 0, 0, &first);
  g_assert_true ((forecast == NULL) == (first != NULL));
  if (forecast != NULL)
    use (forecast);
  places = weather_open_meteo_decode_places ((const char *) data, size, &second);
  g_assert_true ((places == NULL) == (second != NULL));
  return 0;
}
