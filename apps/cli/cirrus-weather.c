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
  g_auto (GStrv) files = NULL;
  const GOptionEntry entries[] = {
    { "provider", 0, 0, G_OPTION_ARG_STRING, &provider, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize length;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_help_enabled (context, FALSE);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || provider == NULL || files == NULL || g_strv_length (files) != 1)
    return cirrus_usage (CIRRUS_WEATHER_USAGE);
  if (!g_file_get_contents (files[0], &data, &length, &error))
    {
      fprintf (stderr, "cirrus: %s\n", error->message);
      return CIRRUS_EXIT_FAILED;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    if (strcmp (providers[i].name, provider) == 0)
      return providers[i].decode (data, length);
  fprintf (stderr, "cirrus: there is no weather provider \"%s\"; there is: open-meteo\n", provider);
  return CIRRUS_EXIT_USAGE;
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
  return cirrus_usage (CIRRUS_WEATHER_USAGE);
}
