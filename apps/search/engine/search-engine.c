/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-engine.h"
#include "config.h"
#include "search-store-private.h"

#include "cloud-paths.h"
#include "cloud-settings.h"
#include "cloud-status.h"


/* Opening and closing, suggestions, history.  Saving pages is in search-save.c, adding providers in search-discover.c. */

#define CACHE_MAX_BYTES (64 * 1024 * 1024)

struct _SearchEngine
{
  GObject parent_instance;

  SearchStore *store; /* NULL once closed */
  CloudHttpClient *http;
  CloudSearchProviderClient *apps;
  GSettings *settings;
  GCancellable *closing;
};

G_DEFINE_TYPE (SearchEngine, search_engine, G_TYPE_OBJECT)

static guint changed_signal;

static void
search_engine_dispose (GObject *object)
{
  search_engine_close (SEARCH_ENGINE (object));
  G_OBJECT_CLASS (search_engine_parent_class)->dispose (object);
}

static void
search_engine_class_init (SearchEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = search_engine_dispose;
  changed_signal = g_signal_new ("changed", SEARCH_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
search_engine_init (SearchEngine *self)
{
  self->closing = g_cancellable_new ();
}

/* ---- Opening ---- */

static void
on_store_changed (CloudStore *store, gboolean by_other_process, gpointer user_data)
{
  g_signal_emit (user_data, changed_signal, 0);
}

static void
on_store_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (SearchEngine) self = g_object_new (SEARCH_TYPE_ENGINE, NULL);
  g_autofree char *cache_dir = cloud_paths_cache_dir ("search");
  g_autofree char *cache_path = g_build_filename (cache_dir, "http.db", NULL);
  GError *error = NULL;

  self->store = search_store_open_finish (result, &error);
  if (self->store == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->http = cloud_http_client_new (cache_path, CACHE_MAX_BYTES);
  self->apps = cloud_search_provider_client_new (g_task_get_task_data (task), CIRRUS_ID_PREFIX ".Search.desktop");
  self->settings = cloud_settings_new ("Search");
  g_signal_connect_object (search_store_get_store (self->store), "changed", G_CALLBACK (on_store_changed), self, 0);
  search_store_rebuild_index (self->store, self->closing);
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

void
search_engine_open_async (GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *dir = cloud_paths_data_dir ("search");
  g_autofree char *path = g_build_filename (dir, "search.db", NULL);

  if (bus != NULL)
    g_task_set_task_data (task, g_object_ref (bus), g_object_unref);
  search_store_open_async (path, cancellable, on_store_opened, task);
}

SearchEngine *
search_engine_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
search_engine_close (SearchEngine *self)
{
  g_return_if_fail (SEARCH_IS_ENGINE (self));

  if (self->closing != NULL)
    g_cancellable_cancel (self->closing);
  g_clear_pointer (&self->store, search_store_close);
  g_clear_object (&self->http);
  g_clear_object (&self->apps);
  g_clear_object (&self->settings);
  g_clear_object (&self->closing);
}

SearchStore *
search_engine_get_store (SearchEngine *self)
{
  g_return_val_if_fail (SEARCH_IS_ENGINE (self), NULL);
  return self->store;
}

CloudHttpClient *
search_engine_get_http (SearchEngine *self)
{
  g_return_val_if_fail (SEARCH_IS_ENGINE (self), NULL);
  return self->http;
}

CloudSearchProviderClient *
search_engine_get_apps (SearchEngine *self)
{
  g_return_val_if_fail (SEARCH_IS_ENGINE (self), NULL);
  return self->apps;
}

/* ---- Suggestions ---- */

typedef struct
{
  char *typed;
  guint limit;
  GPtrArray *suggestions;
} Suggesting;

static void
suggesting_free (gpointer data)
{
  Suggesting *suggesting = data;

  g_free (suggesting->typed);
  g_clear_pointer (&suggesting->suggestions, g_ptr_array_unref);
  g_free (suggesting);
}

void
search_suggestion_free (SearchSuggestion *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->url);
  g_free (self);
}

static void
add_suggestion (Suggesting *suggesting, SearchSuggestionKind kind, const char *text, const char *url, gint64 page_id)
{
  SearchSuggestion *suggestion;

  if (suggesting->suggestions->len >= suggesting->limit)
    return;
  suggestion = g_new0 (SearchSuggestion, 1);
  suggestion->kind = kind;
  suggestion->text = g_strdup (text);
  suggestion->url = g_strdup (url);
  suggestion->page_id = page_id;
  g_ptr_array_add (suggesting->suggestions, suggestion);
}

static void
on_pages_suggested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Suggesting *suggesting = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) pages = search_store_list_finish (NULL, result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; pages != NULL && i < pages->len; i++)
    {
      SearchResult *page = g_ptr_array_index (pages, i);

      add_suggestion (suggesting, SEARCH_SUGGESTION_SAVED, search_result_get_title (page), search_result_get_url (page),
                      search_result_get_page_id (page));
    }
  g_task_return_pointer (task, g_steal_pointer (&suggesting->suggestions), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_history_suggested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SearchEngine *self = g_task_get_source_object (task);
  Suggesting *suggesting = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) texts = search_store_list_finish (NULL, result, &error);

  if (error != NULL || self->store == NULL)
    {
      g_task_return_error (task, error != NULL ? error : g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed"));
      return;
    }
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    add_suggestion (suggesting, SEARCH_SUGGESTION_HISTORY, g_ptr_array_index (texts, i), NULL, 0);
  if (suggesting->typed[0] == '\0')
    {
      g_task_return_pointer (task, g_steal_pointer (&suggesting->suggestions), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  search_store_search_pages_async (self->store, suggesting->typed, TRUE, suggesting->limit, g_task_get_cancellable (task), on_pages_suggested,
                                   g_object_ref (task));
}

void
search_engine_suggest_async (SearchEngine *self, const char *typed, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;
  Suggesting *suggesting;

  g_return_if_fail (SEARCH_IS_ENGINE (self) && typed != NULL && self->store != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  suggesting = g_new0 (Suggesting, 1);
  suggesting->typed = g_strstrip (g_utf8_make_valid (typed, -1));
  suggesting->limit = limit;
  suggesting->suggestions = g_ptr_array_new_with_free_func ((GDestroyNotify) search_suggestion_free);
  g_task_set_task_data (task, suggesting, suggesting_free);
  search_store_list_history_async (self->store, suggesting->typed, limit, cancellable, on_history_suggested, task);
}

GPtrArray *
search_engine_suggest_finish (SearchEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- History ---- */

void
search_engine_note_asked (SearchEngine *self, const char *text)
{
  g_autofree char *stripped = NULL;

  g_return_if_fail (SEARCH_IS_ENGINE (self) && text != NULL && self->store != NULL);

  stripped = g_strstrip (g_utf8_make_valid (text, -1));
  if (stripped[0] == '\0' || !g_settings_get_boolean (self->settings, "remember-searches"))
    return;
  search_store_add_history_async (self->store, stripped, NULL, NULL);
  cloud_status_write ("search", "last", g_variant_new_parsed ("{'query': <%s>}", stripped), NULL);
}

static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (search_store_done_finish (NULL, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
search_engine_forget_async (SearchEngine *self, const char *text, gint64 since_unix_us, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SEARCH_IS_ENGINE (self) && self->store != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  cloud_status_write ("search", "nothing", NULL, NULL);
  if (text != NULL)
    search_store_remove_history_async (self->store, text, on_forgotten, task);
  else
    search_store_clear_history_async (self->store, since_unix_us, on_forgotten, task);
}

gboolean
search_engine_forget_finish (SearchEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Cache ---- */

static void
on_http_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cloud_http_client_clear_cache_finish (CLOUD_HTTP_CLIENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_answers_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SearchEngine *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!search_store_done_finish (NULL, result, &error))
    g_task_return_error (task, error);
  else if (self->http == NULL)
    g_task_return_boolean (task, TRUE);
  else
    cloud_http_client_clear_cache_async (self->http, NULL, on_http_cleared, g_object_ref (task));
}

void
search_engine_clear_cache_async (SearchEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (SEARCH_IS_ENGINE (self) && self->store != NULL);
  search_store_clear_answers_async (self->store, on_answers_cleared, g_task_new (self, NULL, callback, user_data));
}

gboolean
search_engine_clear_cache_finish (SearchEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
