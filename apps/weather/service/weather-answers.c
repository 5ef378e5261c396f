/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather-service"

#include "weather-answers.h"
#include "config.h"

#include "weather-places.h"
#include "weather-sentence.h"
#include "weather-setup.h"
#include "weather-sun.h"

#include "cloud-text.h"
#include "cloud-time.h"

#include <glib/gi18n-lib.h>

#include <math.h>
#include <string.h>

/* Search results out of the list of places, the database of cities and the forecasts that are kept. */

#define MOST_HITS 5
#define PATIENCE_MS 4000

struct _WeatherAnswers
{
  WeatherService *service;
  GSettings *settings;
  GHashTable *found; /* id -> WeatherPlace: hits of the last searches, for their metas */
};

WeatherAnswers *
weather_answers_new (WeatherService *service, GSettings *settings)
{
  WeatherAnswers *self = g_new0 (WeatherAnswers, 1);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
weather_answers_free (WeatherAnswers *self)
{
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->found, g_hash_table_unref);
  g_free (self);
}

/* ---- What is asked ---- */

static gboolean
cut_word (GString *text, const char *word)
{
  gsize length = strlen (word);
  gboolean glued = (guchar) word[0] >= 0x80; /* Chinese has no blanks */
  char *at = text->str;

  while (length > 0 && (at = strstr (at, word)) != NULL)
    {
      gboolean starts = glued || at == text->str || at[-1] == ' ';
      gboolean ends = glued || at[length] == '\0' || at[length] == ' ';

      if (starts && ends)
        {
          g_string_erase (text, at - text->str, (gssize) length);
          return TRUE;
        }
      at++;
    }
  return FALSE;
}

char *
weather_answers_parse (const char *text, gboolean *about_weather)
{
  /* Translators: words, between semicolons, with which somebody asks for the weather of a place */
  const char *asking = _ ("weather;forecast;temperature");
  /* Translators: words, between semicolons, that stand before the place in such a question: "weather in Porto" */
  const char *joining = _ ("in;for;at;of");
  g_auto (GStrv) words = g_strsplit (asking, ";", -1);
  g_auto (GStrv) joints = g_strsplit (joining, ";", -1);
  g_autofree char *folded = cloud_text_fold (text, -1);
  GString *name = g_string_new (folded);

  *about_weather = FALSE;
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = cloud_text_fold (words[i], -1);

      *about_weather |= cut_word (name, word);
    }
  for (guint i = 0; *about_weather && joints[i] != NULL; i++)
    {
      g_autofree char *word = cloud_text_fold (joints[i], -1);

      cut_word (name, word);
    }
  return g_strstrip (g_string_free (name, FALSE));
}

/* ---- Searching ---- */

static gboolean
word_begins (const char *name, const char *query)
{
  const char *at = strstr (name, query);

  return at != NULL && (at == name || at[-1] == ' ' || (guchar) at[0] >= 0x80);
}

static void
add_hit (WeatherAnswers *self, GPtrArray *ids, WeatherPlace *place)
{
  const char *id = weather_place_get_id (place);

  if (ids->len >= MOST_HITS || g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
    return;
  g_ptr_array_add (ids, g_strdup (id));
  g_hash_table_replace (self->found, g_strdup (id), g_object_ref (place));
}

static void
add_listed (WeatherAnswers *self, GPtrArray *ids, const char *query, gboolean about_weather)
{
  GListModel *list = G_LIST_MODEL (self->service);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WeatherEntry) entry = g_list_model_get_item (list, i);
      WeatherPlace *place = weather_entry_get_place (entry);
      g_autofree char *name = cloud_text_fold (weather_place_get_name (place), -1);

      if (*query == '\0' ? about_weather : word_begins (name, query))
        add_hit (self, ids, place);
    }
}

typedef struct
{
  WeatherAnswers *self;
  GPtrArray *ids;
  char *text;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_ptr_array_unref (search->ids);
  g_free (search->text);
  g_free (search);
}

static void
return_ids (GTask *task, Search *search)
{
  g_ptr_array_add (search->ids, NULL);
  g_task_return_pointer (task, g_strdupv ((char **) search->ids->pdata), (GDestroyNotify) g_strfreev);
}

static void
on_cities (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) cities = weather_places_search_finish (result, &error);

  if (cities == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < cities->len; i++)
    add_hit (search->self, search->ids, cities->pdata[i]);
  return_ids (task, search);
}

static void
search_loaded (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  WeatherAnswers *self = search->self;
  gboolean about_weather;
  g_autofree char *query = weather_answers_parse (search->text, &about_weather);

  if (about_weather || strlen (query) >= 2)
    add_listed (self, search->ids, query, about_weather);
  if (about_weather && *query != '\0')
    {
      weather_places_search_async (query, MOST_HITS, g_task_get_cancellable (task), on_cities, task);
      return;
    }
  return_ids (task, search);
  g_object_unref (task);
}

static void
on_list_loaded (WeatherService *service, GParamSpec *pspec, GTask *task)
{
  g_signal_handlers_disconnect_by_func (service, on_list_loaded, task);
  search_loaded (task);
}

static void
answers_search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer callback_data)
{
  WeatherAnswers *self = user_data;
  GTask *task = g_task_new (NULL, cancellable, callback, callback_data);
  Search *search = g_new0 (Search, 1);

  search->self = self;
  search->ids = g_ptr_array_new_with_free_func (g_free);
  search->text = g_strjoinv (" ", (char **) terms);
  g_task_set_task_data (task, search, search_free);
  if (previous == NULL)
    g_hash_table_remove_all (self->found);
  /* The question may be what started this program: the list is still on its way from the disk. */
  if (weather_service_get_loaded (self->service))
    search_loaded (task);
  else
    g_signal_connect (self->service, "notify::loaded", G_CALLBACK (on_list_loaded), task);
}

static char **
answers_search_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Describing ---- */

typedef struct
{
  WeatherAnswers *self;
  char **ids;
  GCancellable *patience;
  GCancellable *outer; /* (nullable) */
  gulong outer_handler;
  guint timer;
  guint n_pending;
} Metas;

static void
metas_free (gpointer data)
{
  Metas *metas = data;

  g_clear_handle_id (&metas->timer, g_source_remove);
  if (metas->outer != NULL)
    g_cancellable_disconnect (metas->outer, metas->outer_handler);
  g_clear_object (&metas->outer);
  g_clear_object (&metas->patience);
  g_strfreev (metas->ids);
  g_free (metas);
}

static char *
describe (WeatherAnswers *self, WeatherForecast *forecast, const WeatherUnits *units, gint64 now)
{
  g_autofree char *sentence = weather_sentence (forecast, units, now);
  g_autofree char *age = weather_age_text (now, weather_forecast_get_fetched_unix_us (forecast));
  /* Translators: %s is an age: "Updated 5 minutes ago" */
  g_autofree char *updated = g_strdup_printf (_ ("Updated %s"), age);

  if (weather_forecast_is_synthetic (forecast))
    return g_strdup_printf ("%s · %s", sentence != NULL ? sentence : updated, _ ("Sample data"));
  return sentence != NULL ? g_strdup_printf ("%s · %s", sentence, updated) : g_strdup (updated);
}

static CloudSearchMeta *
make_meta (WeatherAnswers *self, WeatherPlace *place, WeatherForecast *forecast)
{
  const char *name = weather_place_get_name (place);
  gint64 now = cloud_time_now_unix_us ();
  WeatherUnits units;
  WeatherPoint point;

  weather_units_from_settings (&units, self->settings);
  if (forecast != NULL && weather_forecast_at (forecast, now, &point) && !isnan (point.temperature_c))
    {
      g_autofree char *temperature = weather_units_temperature_full (&units, point.temperature_c);
      gboolean is_day = weather_sun_is_up (weather_place_get_latitude_deg (place), weather_place_get_longitude_deg (place), now);
      /* Translators: a place, its temperature, what the weather is: "Porto: 12 °C, Rain" */
      g_autofree char *title
          = g_strdup_printf (_ ("%s: %s, %s"), name, temperature, weather_condition_text (point.condition, is_day));
      g_autofree char *description = describe (self, forecast, &units, now);

      return cloud_search_meta_new (weather_place_get_id (place), title, description,
                                    weather_setup_icon_name (point.condition, is_day), NULL);
    }
  return cloud_search_meta_new (weather_place_get_id (place), name, weather_place_get_region (place), CIRRUS_ID_PREFIX ".Weather",
                                NULL);
}

static void
return_metas (GTask *task)
{
  Metas *metas = g_task_get_task_data (task);
  WeatherAnswers *self = metas->self;
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_search_meta_free);

  for (guint i = 0; metas->ids[i] != NULL; i++)
    {
      WeatherEntry *entry = weather_service_find (self->service, metas->ids[i]);
      WeatherPlace *place = entry != NULL ? weather_entry_get_place (entry) : g_hash_table_lookup (self->found, metas->ids[i]);

      if (place != NULL)
        g_ptr_array_add (found, make_meta (self, place, entry != NULL ? weather_entry_get_forecast (entry) : NULL));
    }
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

static void
one_less (GTask *task)
{
  Metas *metas = g_task_get_task_data (task);

  metas->n_pending--;
  if (metas->n_pending > 0)
    return;
  return_metas (task);
  g_object_unref (task);
}

static void
on_visited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WeatherEntry) entry = weather_service_visit_finish (WEATHER_SERVICE (source), result, &error);

  if (entry == NULL)
    g_debug ("No forecast to answer with: %s", error->message);
  one_less (user_data);
}

static gboolean
on_patience_over (gpointer user_data)
{
  Metas *metas = user_data;

  metas->timer = 0;
  g_cancellable_cancel (metas->patience);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
metas_loaded (GTask *task)
{
  Metas *metas = g_task_get_task_data (task);
  WeatherAnswers *self = metas->self;

  for (guint i = 0; metas->ids[i] != NULL && i < MOST_HITS; i++)
    {
      WeatherEntry *entry = weather_service_find (self->service, metas->ids[i]);
      WeatherPlace *place = g_hash_table_lookup (self->found, metas->ids[i]);

      if (place == NULL || (entry != NULL && weather_entry_get_forecast (entry) != NULL))
        continue;
      metas->n_pending++;
      weather_service_visit_async (self->service, place, metas->patience, on_visited, task);
    }
  one_less (task);
}

static void
on_list_loaded_for_metas (WeatherService *service, GParamSpec *pspec, GTask *task)
{
  g_signal_handlers_disconnect_by_func (service, on_list_loaded_for_metas, task);
  metas_loaded (task);
}

static void
answers_metas_async (gpointer user_data, const char *const *ids, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer callback_data)
{
  WeatherAnswers *self = user_data;
  GTask *task = g_task_new (NULL, cancellable, callback, callback_data);
  Metas *metas = g_new0 (Metas, 1);

  metas->self = self;
  metas->ids = g_strdupv ((char **) ids);
  metas->patience = g_cancellable_new ();
  metas->timer = g_timeout_add (PATIENCE_MS, on_patience_over, metas);
  metas->n_pending = 1;
  g_task_set_task_data (task, metas, metas_free);
  if (cancellable != NULL)
    {
      metas->outer = g_object_ref (cancellable);
      metas->outer_handler
          = g_cancellable_connect (cancellable, G_CALLBACK (on_outer_cancelled), g_object_ref (metas->patience), g_object_unref);
    }
  if (weather_service_get_loaded (self->service))
    metas_loaded (task);
  else
    g_signal_connect (self->service, "notify::loaded", G_CALLBACK (on_list_loaded_for_metas), task);
}

static GPtrArray *
answers_metas_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Opening ---- */

/* The window is another program: it is asked over the bus, and started if it does not run. */
static void
call_window (const char *action, const char *parameter, guint32 timestamp)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  g_autofree char *startup_id = g_strdup_printf ("_TIME%u", timestamp);
  GVariantBuilder platform, parameters;

  if (bus == NULL)
    return;
  g_variant_builder_init (&platform, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&platform, "{sv}", "desktop-startup-id", g_variant_new_string (startup_id));
  g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
  g_variant_builder_add (&parameters, "v", g_variant_new_string (parameter));
  g_dbus_connection_call (
      bus, CIRRUS_ID_PREFIX ".Weather", CIRRUS_ID_PATH "/Weather", "org.freedesktop.Application", "ActivateAction",
      g_variant_new ("(s@av@a{sv})", action, g_variant_builder_end (&parameters), g_variant_builder_end (&platform)), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
answers_activate (gpointer user_data, const char *id, const char *const *terms, guint32 timestamp)
{
  WeatherAnswers *self = user_data;
  WeatherPlace *place = g_hash_table_lookup (self->found, id);
  WeatherEntry *entry = weather_service_find (self->service, id);

  if (place == NULL && entry != NULL)
    place = weather_entry_get_place (entry);
  if (entry != NULL && weather_service_is_listed (self->service, id))
    call_window ("show-place", id, timestamp);
  else if (place != NULL)
    call_window ("search-place", weather_place_get_name (place), timestamp);
}

static void
answers_launch (gpointer user_data, const char *const *terms, guint32 timestamp)
{
  g_autofree char *text = g_strjoinv (" ", (char **) terms);
  gboolean about_weather;
  g_autofree char *query = weather_answers_parse (text, &about_weather);

  call_window ("search-place", query, timestamp);
}

const CloudSearchProviderFuncs weather_answers_funcs = {
  .search_async = answers_search_async,
  .search_finish = answers_search_finish,
  .metas_async = answers_metas_async,
  .metas_finish = answers_metas_finish,
  .activate = answers_activate,
  .launch = answers_launch,
};
