/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-setup.h"

#include "weather-source-open-meteo.h"
#include "weather-source-synthetic.h"
#include "weather-sun.h"

#include "cloud-paths.h"
#include "cloud-settings.h"
#include "cloud-status.h"
#include "cloud-time.h"

#include <math.h>
#include <string.h>

/* The start that all of Weather's programs share. */

#define CACHE_MOST_BYTES (8 * 1024 * 1024)

static GSettings *settings_once;
static CloudHttpClient *http_once;

GSettings *
weather_setup_settings (void)
{
  if (settings_once == NULL)
    settings_once = cloud_settings_new ("Weather");
  return settings_once;
}

CloudHttpClient *
weather_setup_http (void)
{
  if (http_once == NULL)
    {
      g_autofree char *dir = cloud_paths_cache_dir ("weather");
      g_autofree char *path = g_build_filename (dir, "http.db", NULL);

      http_once = cloud_http_client_new (path, CACHE_MOST_BYTES);
    }
  return http_once;
}

void
weather_setup_end (void)
{
  if (settings_once != NULL)
    g_settings_sync ();
  g_clear_object (&http_once);
  g_clear_object (&settings_once);
}

WeatherSource *
weather_setup_source_by_id (const char *id, GSettings *settings)
{
  g_return_val_if_fail (id != NULL && G_IS_SETTINGS (settings), NULL);

  if (strcmp (id, "synthetic") == 0)
    return weather_source_synthetic_new ();
  if (strcmp (id, "open-meteo") == 0)
    {
      g_autofree char *forecast_url = g_settings_get_string (settings, "forecast-url");
      g_autofree char *search_url = g_settings_get_string (settings, "search-url");

      return weather_source_open_meteo_new (weather_setup_http (), forecast_url, search_url);
    }
  return NULL;
}

WeatherSource *
weather_setup_source (GSettings *settings)
{
  g_autofree char *chosen = g_settings_get_string (settings, "provider");

  if (strcmp (chosen, "auto") == 0)
    return weather_setup_source_by_id (cloud_paths_is_sample_profile () ? "synthetic" : "open-meteo", settings);
  return weather_setup_source_by_id (chosen, settings);
}

/* The words that cloud-status.h knows. */
static const char *
status_word (WeatherCondition condition)
{
  static const char *const words[WEATHER_N_CONDITIONS] = {
    [WEATHER_CONDITION_UNKNOWN] = "overcast",   [WEATHER_CONDITION_CLEAR] = "clear",
    [WEATHER_CONDITION_MOSTLY_CLEAR] = "clear", [WEATHER_CONDITION_PARTLY_CLOUDY] = "few-clouds",
    [WEATHER_CONDITION_CLOUDY] = "overcast",    [WEATHER_CONDITION_FOG] = "fog",
    [WEATHER_CONDITION_DRIZZLE] = "drizzle",    [WEATHER_CONDITION_RAIN] = "rain",
    [WEATHER_CONDITION_HEAVY_RAIN] = "rain",    [WEATHER_CONDITION_SHOWERS] = "showers",
    [WEATHER_CONDITION_SLEET] = "snow",         [WEATHER_CONDITION_SNOW] = "snow",
    [WEATHER_CONDITION_HEAVY_SNOW] = "snow",    [WEATHER_CONDITION_SNOW_SHOWERS] = "snow",
    [WEATHER_CONDITION_THUNDER] = "storm",      [WEATHER_CONDITION_HAIL] = "storm",
  };

  return words[condition];
}

const char *
weather_setup_icon_name (WeatherCondition condition, gboolean is_day)
{
  switch (condition)
    {
    case WEATHER_CONDITION_CLEAR:
    case WEATHER_CONDITION_MOSTLY_CLEAR:
      return is_day ? "weather-clear-symbolic" : "weather-clear-night-symbolic";
    case WEATHER_CONDITION_PARTLY_CLOUDY:
      return is_day ? "weather-few-clouds-symbolic" : "weather-few-clouds-night-symbolic";
    case WEATHER_CONDITION_FOG:
      return "weather-fog-symbolic";
    case WEATHER_CONDITION_DRIZZLE:
    case WEATHER_CONDITION_SHOWERS:
      return "weather-showers-scattered-symbolic";
    case WEATHER_CONDITION_RAIN:
    case WEATHER_CONDITION_HEAVY_RAIN:
      return "weather-showers-symbolic";
    case WEATHER_CONDITION_SLEET:
    case WEATHER_CONDITION_SNOW:
    case WEATHER_CONDITION_HEAVY_SNOW:
    case WEATHER_CONDITION_SNOW_SHOWERS:
      return "weather-snow-symbolic";
    case WEATHER_CONDITION_THUNDER:
    case WEATHER_CONDITION_HAIL:
      return "weather-storm-symbolic";
    case WEATHER_CONDITION_CLOUDY:
    case WEATHER_CONDITION_UNKNOWN:
    case WEATHER_N_CONDITIONS:
      break;
    }
  return "weather-overcast-symbolic";
}

static GVariant *
status_parameters (WeatherPlace *place, WeatherForecast *forecast, const WeatherPoint *point, const WeatherUnits *units,
                   gint64 now_unix_us)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  const WeatherDay *day = weather_forecast_find_day (forecast, now_unix_us);
  gboolean is_day
      = weather_sun_is_up (weather_place_get_latitude_deg (place), weather_place_get_longitude_deg (place), now_unix_us);

  g_variant_dict_insert (&dict, "place", "s", weather_place_get_name (place));
  g_variant_dict_insert (&dict, "temperature", "d", weather_units_convert_temperature (units, point->temperature_c));
  g_variant_dict_insert (&dict, "unit", "s", units->temperature == WEATHER_TEMPERATURE_FAHRENHEIT ? "F" : "C");
  g_variant_dict_insert (&dict, "icon", "s", weather_setup_icon_name (point->condition, is_day));
  if (point->condition != WEATHER_CONDITION_UNKNOWN)
    g_variant_dict_insert (&dict, "condition", "s", status_word (point->condition));
  if (day != NULL && !isnan (day->max_c) && !isnan (day->min_c))
    {
      g_variant_dict_insert (&dict, "high", "d", weather_units_convert_temperature (units, day->max_c));
      g_variant_dict_insert (&dict, "low", "d", weather_units_convert_temperature (units, day->min_c));
    }
  return g_variant_dict_end (&dict);
}

void
weather_setup_write_status (WeatherService *service, const WeatherUnits *units)
{
  g_autoptr (WeatherEntry) first = NULL;
  WeatherForecast *forecast;
  WeatherPoint point;
  gint64 now = cloud_time_now_unix_us ();

  g_return_if_fail (WEATHER_IS_SERVICE (service) && units != NULL);

  if (!weather_service_get_loaded (service))
    return;
  first = g_list_model_get_item (G_LIST_MODEL (service), 0);
  if (first == NULL)
    {
      cloud_status_write ("weather", "no-place", NULL, NULL);
      return;
    }
  forecast = weather_entry_get_forecast (first);
  if (forecast != NULL && weather_forecast_at (forecast, now, &point) && !isnan (point.temperature_c))
    cloud_status_write ("weather", "now", status_parameters (weather_entry_get_place (first), forecast, &point, units, now),
                        NULL);
}
