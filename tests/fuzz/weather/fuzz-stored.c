/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-forecast.h"

#include "cloud-error.h"

/* Any bytes out of a damaged database. */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (WeatherPlace) place = weather_place_new ("fuzz", "Fuzz", NULL, 41, -8, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (WeatherForecast) forecast = weather_forecast_deserialize (bytes, place, &error);
  WeatherPoint point;

  if (forecast == NULL)
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
  else
    weather_forecast_at (forecast, 0, &point);
  return 0;
}
