/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-translate.h"

#include "weather-places.h"

#include <string.h>

/* Names in another language: looked up together, then kept one after another. */

#define KEY "names-language"

typedef struct
{
  GPtrArray *places; /* of WeatherPlace, as they are called now */
  GPtrArray *names;  /* of WeatherPlace to keep instead */
  guint n_kept;
} Translation;

static void
translation_free (gpointer data)
{
  Translation *translation = data;

  g_clear_pointer (&translation->places, g_ptr_array_unref);
  g_clear_pointer (&translation->names, g_ptr_array_unref);
  g_free (translation);
}

/* "zh_CN" of "zh_CN.UTF-8" */
static char *
dup_language (void)
{
  const char *first = g_get_language_names ()[0];

  return g_strndup (first, strcspn (first, ".@"));
}

static gboolean
is_language (GSettings *settings, const char *language)
{
  g_autofree char *kept = g_settings_get_string (settings, KEY);

  return strcmp (kept, language) == 0;
}

static void
look_up_thread (GTask *thread_task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Translation *translation = g_task_get_task_data (task_data);

  translation->names = weather_places_translate (translation->places);
  weather_places_forget ();
  g_task_return_boolean (thread_task, TRUE);
}

static void keep_next (GTask *task);

static void
on_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Translation *translation = g_task_get_task_data (task);
  GError *error = NULL;

  if (weather_service_change_finish (WEATHER_SERVICE (source), result, &error))
    {
      translation->n_kept++;
      keep_next (task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
keep_next (GTask *task)
{
  WeatherService *self = g_task_get_source_object (task);
  Translation *translation = g_task_get_task_data (task);

  while (translation->names->len > 0)
    {
      g_autoptr (WeatherPlace) place = g_ptr_array_steal_index (translation->names, 0);

      if (!weather_service_is_listed (self, weather_place_get_id (place)))
        continue; /* removed meanwhile */
      weather_service_rename_async (self, place, on_kept, task);
      return;
    }
  {
    g_autofree char *language = dup_language ();

    g_settings_set_string (weather_service_get_settings (self), KEY, language);
  }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  keep_next (user_data);
}

void
weather_service_translate_async (WeatherService *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GListModel *list;
  g_autofree char *language = dup_language ();
  g_autoptr (GTask) thread_task = NULL;
  Translation *translation;
  GTask *task;

  g_return_if_fail (WEATHER_IS_SERVICE (self) && weather_service_get_loaded (self));

  task = g_task_new (self, NULL, callback, user_data);
  translation = g_new0 (Translation, 1);
  translation->places = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, translation, translation_free);
  if (is_language (weather_service_get_settings (self), language))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  list = G_LIST_MODEL (self);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WeatherEntry) entry = g_list_model_get_item (list, i);

      g_ptr_array_add (translation->places, g_object_ref (weather_entry_get_place (entry)));
    }
  thread_task = g_task_new (self, NULL, on_looked_up, task);
  g_task_set_task_data (thread_task, g_object_ref (task), g_object_unref);
  g_task_run_in_thread (thread_task, look_up_thread);
}

gboolean
weather_service_translate_finish (WeatherService *self, GAsyncResult *result, guint *n_renamed, GError **error)
{
  Translation *translation;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  translation = g_task_get_task_data (G_TASK (result));
  if (n_renamed != NULL)
    *n_renamed = translation->n_kept;
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
weather_translate_note_added (GSettings *settings, gboolean is_first)
{
  g_autofree char *language = dup_language ();

  g_return_if_fail (G_IS_SETTINGS (settings));

  if (is_first)
    g_settings_set_string (settings, KEY, language);
  else if (!is_language (settings, "") && !is_language (settings, language))
    g_settings_reset (settings, KEY);
}
