/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-weather.h"

#include "weather-forecast-json.h"
#include "weather-open-meteo-decoder.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <stdio.h>
#include <string.h>

/* `cirrus weather`: the weather engine from a terminal. */

static int
decode_open_meteo (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  WeatherReplyKind kind;
  WeatherUnits units;

  if (!weather_open_meteo_reply_kind (data, length, &kind, &error))
    return cirrus_fail (error);
  if (kind == WEATHER_REPLY_PLACES)
    {
      g_autoptr (GPtrArray) places = weather_open_meteo_decode_places (data, length, &error);
      json_t *array = json_array ();

      for (guint i = 0; places != NULL && i < places->len; i++)
        json_array_append_new (array, weather_place_to_json (places->pdata[i]));
      cirrus_print_json (json_pack ("{s:s, s:o}", "kind", "places", "places", array));
      return CIRRUS_EXIT_DONE;
    }
  else
    {
      g_autoptr (WeatherForecast) forecast
          = weather_open_meteo_decode_forecast (data, length, NULL, WEATHER_ORIGIN_FILE, 0, 0, &error);

      if (forecast == NULL)
        return cirrus_fail (error);
      weather_units_from_locale (&units);
      cirrus_print_json (weather_forecast_to_json (forecast, &units, cloud_time_now_unix_us ()));
      return CIRRUS_EXIT_DONE;
    }
}

static int
run_decode (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    int (*decode) (const char *data, gsize length);
  } providers[] = {
    { "open-meteo", decode_open_meteo },
  };
  g_autofree char *provider = NULL;
  const GOptionEntry entries[] = { { "provider", 0, 0, G_OPTION_ARG_STRING, &provider, NULL, NULL }, { NULL } };
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  if (!cirrus_parse (entries, &argc, &argv, "FILE", &error))
    return cirrus_usage_error (CIRRUS_WEATHER_USAGE, error);
  if (provider == NULL)
    return cirrus_usage (CIRRUS_WEATHER_USAGE, "--provider is missing: who said what is in the file?");
  if (!g_file_get_contents (argv[1], &data, &length, &error))
    {
      fprintf (stderr, "cirrus: %s\n", error->message);
      return CIRRUS_EXIT_FAILED;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    if (strcmp (providers[i].name, provider) == 0)
      return providers[i].decode (data, length);
  return cirrus_usage (CIRRUS_WEATHER_USAGE, "there is no weather provider \"%s\"; there is: open-meteo", provider);
}

int
cirrus_weather_main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    CirrusArea run;
  } verbs[] = {
    { "forecast", cirrus_weather_forecast },
    { "refresh", cirrus_weather_refresh },
    { "place", cirrus_weather_place },
    { "decode", run_decode },
  };

  if (argc >= 2 && strcmp (argv[1], "--help") == 0)
    {
      fputs (CIRRUS_WEATHER_USAGE, stdout);
      return CIRRUS_EXIT_DONE;
    }
  for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return cirrus_usage_verb (CIRRUS_WEATHER_USAGE, argc, argv);
}
