/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-weather.h"

#include "weather-forecast-json.h"
#include "weather-places.h"
#include "weather-setup.h"

#include "cloud-text.h"
#include "cloud-time.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* The verbs that need the profile: forecast, refresh, place.  The engine is asynchronous; each verb starts one operation and
 * turns the main context until it is done. */

typedef struct
{
  GSettings *settings;
  WeatherStore *store;
  WeatherService *service;
  GAsyncResult *result;
} Session;

static void
session_clear (Session *session)
{
  g_clear_object (&session->result);
  g_clear_object (&session->service);
  g_clear_object (&session->store);
  weather_setup_end ();
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static gboolean
session_open (Session *session, const char *provider, GError **error)
{
  g_autoptr (WeatherSource) source = NULL;

  session->settings = weather_setup_settings ();
  source = provider != NULL ? weather_setup_source_by_id (provider, session->settings) : weather_setup_source (session->settings);
  if (source == NULL)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID,
                   "there is no weather provider \"%s\"; there are: open-meteo, synthetic", provider);
      return FALSE;
    }
  session->store = weather_store_open (error);
  if (session->store == NULL)
    return FALSE;
  session->service = weather_service_new (session->store, source, session->settings);
  while (!weather_service_get_loaded (session->service))
    g_main_context_iteration (NULL, TRUE);
  return TRUE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Session *session = user_data;

  g_set_object (&session->result, result);
}

static GAsyncResult *
session_wait (Session *session)
{
  while (session->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return session->result;
}

/* ---- Which place is meant ---- */

/* No weather service tells places apart that are nearer. */
#define SAME_PLACE_M 1500
#define MOST_PLACES 10000

static gboolean
parse_position (const char *text, double *latitude, double *longitude)
{
  char *end;

  *latitude = g_ascii_strtod (text, &end);
  if (end == text || *end != ',')
    return FALSE;
  text = end + 1;
  *longitude = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *latitude >= -90 && *latitude <= 90 && *longitude >= -180 && *longitude <= 180;
}

static WeatherPlace *
listed_place (Session *session, const char *text, double latitude, double longitude, gboolean is_position)
{
  GListModel *list = G_LIST_MODEL (session->service);
  g_autofree char *wanted = cloud_text_fold (text, -1);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WeatherEntry) entry = g_list_model_get_item (list, i);
      WeatherPlace *place = weather_entry_get_place (entry);
      g_autofree char *name = cloud_text_fold (weather_place_get_name (place), -1);

      if (is_position ? weather_place_distance_m (place, latitude, longitude) < SAME_PLACE_M
                      : strcmp (weather_place_get_id (place), text) == 0 || strcmp (name, wanted) == 0)
        return g_object_ref (place);
    }
  return NULL;
}

static WeatherPlace *
ask_provider (Session *session, const char *text, GError **error)
{
  WeatherSource *source = weather_service_get_source (session->service);
  g_autofree char *language = g_strndup (setlocale (LC_MESSAGES, NULL), 2);
  g_autoptr (GPtrArray) hits = NULL;

  weather_source_search_async (source, text, *language == 'C' ? "en" : language, NULL, on_done, session);
  hits = weather_source_search_finish (source, session_wait (session), error);
  g_clear_object (&session->result);
  if (hits == NULL)
    return NULL;
  if (hits->len == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "no place is called \"%s\"", text);
      return NULL;
    }
  return g_object_ref (hits->pdata[0]);
}

/* Of the user's own list first, then of the database on the device, then of the provider. */
static WeatherPlace *
find_place (Session *session, const char *text, GError **error)
{
  double latitude = 0, longitude = 0;
  gboolean is_position = parse_position (text, &latitude, &longitude);
  WeatherPlace *place = listed_place (session, text, latitude, longitude, is_position);
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GError) problem = NULL;

  if (place != NULL)
    return place;
  if (is_position)
    return weather_places_name_position (text, latitude, longitude);
  hits = weather_places_search (text, 1);
  if (hits->len > 0)
    return g_object_ref (hits->pdata[0]);
  place = ask_provider (session, text, &problem);
  if (place == NULL)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "no place is called \"%s\" on this device, and the provider says: %s",
                 text, problem->message);
  return place;
}

/* ---- Verbs ---- */

typedef struct
{
  char *provider;
  gboolean json;
  char **rest;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->provider);
  g_strfreev (options->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Positions may begin with a minus: only what is named here is an option. */
static gboolean
parse_options (int argc, char **argv, const char *wanted, Options *options, GError **error)
{
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();

  for (int i = 1; i < argc; i++)
    {
      if (strcmp (argv[i], "--json") == 0)
        options->json = TRUE;
      else if (strcmp (argv[i], "--provider") == 0 && i + 1 < argc)
        options->provider = g_strdup (argv[++i]);
      else if (g_str_has_prefix (argv[i], "--"))
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID,
                       strcmp (argv[i], "--provider") == 0 ? "%s wants the name of a provider" : "there is no option %s here", argv[i]);
          return FALSE;
        }
      else
        g_strv_builder_add (rest, argv[i]);
    }
  options->rest = g_strv_builder_end (rest);
  return cirrus_check_words ((const char *const *) options->rest, wanted, error);
}

static int
fail (const GError *error)
{
  return g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND) ? cirrus_no_answer ("no-place", error->message) : cirrus_fail (error);
}

static int
print_entry (Session *session, WeatherEntry *entry)
{
  int failure = weather_entry_get_failure (entry);
  WeatherUnits units;
  json_t *json;

  weather_units_from_settings (&units, session->settings);
  json = weather_forecast_to_json (weather_entry_get_forecast (entry), &units, cloud_time_now_unix_us ());
  json_object_set_new (json, "failure", failure >= 0 ? json_string (cloud_error_code_name (failure)) : json_null ());
  cirrus_print_json (json);
  if (failure >= 0)
    {
      gint64 fetched = weather_forecast_get_fetched_unix_us (weather_entry_get_forecast (entry));
      g_autofree char *age = weather_age_text (cloud_time_now_unix_us (), fetched);

      fprintf (stderr, "cirrus: the source could not be asked (%s); this was fetched %s\n", cloud_error_code_name (failure), age);
    }
  return CIRRUS_EXIT_DONE;
}

int
cirrus_weather_forecast (int argc, char **argv)
{
  g_auto (Session) session = { 0 };
  g_auto (Options) options = { 0 };
  g_autoptr (WeatherPlace) place = NULL;
  g_autoptr (WeatherEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  if (!parse_options (argc, argv, "PLACE", &options, &error))
    return cirrus_usage_error (CIRRUS_WEATHER_USAGE, error);
  if (!session_open (&session, options.provider, &error))
    return cirrus_fail (error);
  place = find_place (&session, options.rest[0], &error);
  if (place == NULL)
    return fail (error);
  weather_service_visit_async (session.service, place, NULL, on_done, &session);
  entry = weather_service_visit_finish (session.service, session_wait (&session), &error);
  if (entry == NULL)
    return cirrus_fail (error);
  return print_entry (&session, entry);
}

int
cirrus_weather_refresh (int argc, char **argv)
{
  g_auto (Session) session = { 0 };
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  WeatherUnits units;
  guint n_fetched = 0;
  gboolean done;

  if (!parse_options (argc, argv, "", &options, &error))
    return cirrus_usage_error (CIRRUS_WEATHER_USAGE, error);
  if (!session_open (&session, options.provider, &error))
    return cirrus_fail (error);
  weather_service_refresh_async (session.service, NULL, WEATHER_REFRESH_ASKED, NULL, on_done, &session);
  done = weather_service_refresh_finish (session.service, session_wait (&session), &n_fetched, &error);
  weather_units_from_settings (&units, session.settings);
  weather_setup_write_status (session.service, &units);
  cirrus_print_json (json_pack (
      "{s:i, s:i, s:s?}", "place_count", (int) g_list_model_get_n_items (G_LIST_MODEL (session.service)), "fetched_count", (int) n_fetched,
      "failure", done ? NULL : cloud_error_code_name (error->domain == CLOUD_ERROR ? error->code : CLOUD_ERROR_PROTOCOL)));
  return done ? CIRRUS_EXIT_DONE : cirrus_fail (error);
}

static json_t *
list_to_json (Session *session)
{
  GListModel *list = G_LIST_MODEL (session->service);
  json_t *places = json_array ();

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WeatherEntry) entry = g_list_model_get_item (list, i);
      WeatherForecast *forecast = weather_entry_get_forecast (entry);
      json_t *place = weather_place_to_json (weather_entry_get_place (entry));
      g_autofree char *fetched
          = forecast != NULL ? cloud_time_format_utc (weather_forecast_get_fetched_unix_us (forecast)) : NULL;

      json_object_set_new (place, "fetched", fetched != NULL ? json_string (fetched) : json_null ());
      json_array_append_new (places, place);
    }
  return json_pack ("{s:o}", "places", places);
}

/* What each word of `place` wants. (nullable): none of them */
static const char *
place_words (const char *verb)
{
  static const char *const wanted[][2] = {
    { "list", "list" },
    { "add", "add PLACE" },
    { "remove", "remove PLACE" },
    { "move", "move PLACE POSITION" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strcmp (wanted[i][0], verb) == 0)
      return wanted[i][1];
  return NULL;
}

static gboolean
change_place (Session *session, char **words, gint64 position, GError **error)
{
  g_autoptr (WeatherPlace) place = NULL;

  if (strcmp (words[0], "list") == 0)
    return TRUE;
  place = find_place (session, words[1], error);
  if (place == NULL)
    return FALSE;
  if (strcmp (words[0], "add") == 0)
    weather_service_add_async (session->service, place, on_done, session);
  else if (strcmp (words[0], "remove") == 0)
    weather_service_remove_async (session->service, weather_place_get_id (place), on_done, session);
  else
    weather_service_move_async (session->service, weather_place_get_id (place), (guint) position, on_done, session);
  return weather_service_change_finish (session->service, session_wait (session), error);
}

int
cirrus_weather_place (int argc, char **argv)
{
  g_auto (Session) session = { 0 };
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  const char *wanted = argc > 1 ? place_words (argv[1]) : NULL;
  gint64 position = 0;

  if (wanted == NULL)
    return cirrus_usage_verb (CIRRUS_WEATHER_USAGE, argc, argv);
  if (!parse_options (argc, argv, wanted, &options, &error)
      || (strcmp (argv[1], "move") == 0
          && !cirrus_parse_number (options.rest[2], "POSITION", 0, MOST_PLACES, &position, &error)))
    return cirrus_usage_error (CIRRUS_WEATHER_USAGE, error);
  if (!session_open (&session, options.provider, &error))
    return cirrus_fail (error);
  if (!change_place (&session, options.rest, position, &error))
    return fail (error);
  cirrus_print_json (list_to_json (&session));
  return CIRRUS_EXIT_DONE;
}
