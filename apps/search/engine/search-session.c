/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-session.h"

#include "cloud-error.h"
#include "search-merge.h"
#include "search-source-state.h"
#include "search-source.h"

#include <string.h>

/* Starts everything at once and counts what is still open; every answer rebuilds the list that it belongs to. */

#define SAVED_MAX 20
#define APP_MAX_EACH 5
#define APP_TIMEOUT_MS 4000

struct _SearchSession
{
  GObject parent_instance;

  SearchEngine *engine;
  char *text;
  GCancellable *cancellable;
  guint open; /* questions without an answer yet */

  GPtrArray *saved;     /* SearchResult */
  GPtrArray *app_lists; /* GPtrArray of SearchResult, one per app */
  GListStore *device;
  GListStore *web;
  GListStore *sources;
};

/* An open question to one Web provider: keeps alive what its callbacks need. */
typedef struct
{
  SearchSession *session; /* weak: NULL once dropped */
  SearchSourceState *state;
  gint64 fetched_unix_us;
} WebQuestion;

enum
{
  PROP_0,
  PROP_RUNNING,
};

G_DEFINE_TYPE (SearchSession, search_session, G_TYPE_OBJECT)

static guint changed_signal;

static void
tell_changed (SearchSession *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
one_done (SearchSession *self)
{
  g_assert (self->open > 0);
  if (--self->open == 0)
    g_object_notify (G_OBJECT (self), "running");
  tell_changed (self);
}

/* Replaces what a list shows by @results, touching nothing that stays in its place. */
static void
show (GListStore *list, const GPtrArray *results)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
  guint same = 0;

  while (same < n && same < results->len)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (list), same);

      if (item != g_ptr_array_index (results, same))
        break;
      same++;
    }
  if (same < n || same < results->len)
    g_list_store_splice (list, same, n - same, results->pdata != NULL ? results->pdata + same : NULL, results->len - same);
}

/* ---- This device ---- */

static void
show_device (SearchSession *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (guint i = 0; self->saved != NULL && i < self->saved->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (self->saved, i));
  for (guint k = 0; k < self->app_lists->len; k++)
    {
      GPtrArray *list = g_ptr_array_index (self->app_lists, k);

      for (guint i = 0; i < list->len; i++)
        g_ptr_array_add (all, g_ptr_array_index (list, i));
    }
  show (self->device, all);
}

static void
on_saved_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = search_store_list_finish (NULL, result, &error);
  SearchSession *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the session is gone */
  if (results == NULL && error != NULL)
    g_warning ("Saved pages cannot be searched: %s", error->message);
  self->saved = g_steal_pointer (&results);
  show_device (self);
  one_done (self);
}

static int
compare_apps (gconstpointer a, gconstpointer b)
{
  SearchResult *ra = g_ptr_array_index (*(GPtrArray *const *) a, 0);
  SearchResult *rb = g_ptr_array_index (*(GPtrArray *const *) b, 0);

  return g_utf8_collate (search_result_get_source_name (ra), search_result_get_source_name (rb));
}

static void
on_app_answer (CloudSearchProviderInfo *info, const GPtrArray *metas, const GError *error, gpointer user_data)
{
  SearchSession *self = user_data;
  GPtrArray *list;

  if (info == NULL)
    {
      one_done (self);
      return;
    }
  if (metas == NULL || metas->len == 0)
    return;
  list = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < metas->len; i++)
    {
      const CloudSearchMeta *meta = g_ptr_array_index (metas, i);
      SearchResult *result = search_result_new (SEARCH_RESULT_APP, meta->name, meta->description, meta->uri,
                                                cloud_search_provider_info_get_name (info));

      search_result_set_icon_name (result, meta->icon);
      search_result_set_app (result, info, meta->id);
      g_ptr_array_add (list, result);
    }
  g_ptr_array_add (self->app_lists, list);
  g_ptr_array_sort (self->app_lists, compare_apps);
  show_device (self);
  tell_changed (self);
}

/* ---- The Web ---- */

static WebQuestion *
web_question_new (SearchSession *self, SearchSourceState *state)
{
  WebQuestion *question = g_new0 (WebQuestion, 1);

  g_set_weak_pointer (&question->session, self);
  question->state = g_object_ref (state);
  return question;
}

static void
web_question_free (WebQuestion *question)
{
  g_clear_weak_pointer (&question->session);
  g_object_unref (question->state);
  g_free (question);
}

static void
show_web (SearchSession *self)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  g_autoptr (GPtrArray) merged = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      g_autoptr (SearchSourceState) state = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

      if (state->results != NULL)
        g_ptr_array_add (lists, state->results);
    }
  merged = search_merge (lists);
  show (self->web, merged);
}

static void
web_done (WebQuestion *question)
{
  SearchSession *self = question->session;

  if (self != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      show_web (self);
      one_done (self);
    }
  web_question_free (question);
}

static void
on_kept_answer_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WebQuestion *question = user_data;
  SearchSourceState *state = question->state;
  g_autoptr (GPtrArray) results = search_store_list_finish (NULL, result, NULL);

  state->outcome = results != NULL ? SEARCH_SOURCE_STALE : SEARCH_SOURCE_FAILED;
  state->fetched_unix_us = results != NULL ? question->fetched_unix_us : 0;
  state->results = g_steal_pointer (&results);
  web_done (question);
}

static void
take_failure (WebQuestion *question, GError *error)
{
  SearchSession *self = question->session;
  SearchSourceState *state = question->state;

  state->error = error;
  state->retry_s = cloud_http_error_get_retry_s (error);
  /* What somebody saw once stays readable; a refusal is not hidden behind it. */
  if (self != NULL && search_engine_get_store (self->engine) != NULL && cloud_error_is_transient (error))
    {
      search_store_load_answer_async (search_engine_get_store (self->engine), state->provider, self->text, &question->fetched_unix_us, NULL,
                                      on_kept_answer_ready, question);
      return;
    }
  state->outcome = SEARCH_SOURCE_FAILED;
  web_done (question);
}

static void
on_web_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WebQuestion *question = user_data;
  SearchSourceState *state = question->state;
  SearchSession *self = question->session;
  gint64 stale_since = 0;
  GError *error = NULL;
  g_autoptr (SearchReply) reply = search_source_search_finish (SEARCH_SOURCE (source), result, &stale_since, &error);

  if (reply == NULL)
    {
      take_failure (question, error);
      return;
    }
  state->outcome = stale_since != 0 ? SEARCH_SOURCE_STALE : SEARCH_SOURCE_ANSWERED;
  state->fetched_unix_us = stale_since;
  state->results = g_steal_pointer (&reply->results);
  reply->results = g_ptr_array_new ();
  state->notices = g_ptr_array_ref (reply->notices);
  if (stale_since != 0)
    state->error = g_error_new (CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "Not reachable; this is the answer of before");
  else if (self != NULL && search_engine_get_store (self->engine) != NULL && state->results->len > 0)
    search_store_keep_answer_async (search_engine_get_store (self->engine), search_provider_get_id (state->provider), self->text,
                                    state->results);
  web_done (question);
}

static void
ask_provider (SearchSession *self, SearchProvider *provider)
{
  g_autoptr (SearchSourceState) state = g_object_new (SEARCH_TYPE_SOURCE_STATE, NULL);
  g_autoptr (SearchSource) source = search_source_new (provider);

  state->provider = g_object_ref (provider);
  g_list_store_append (self->sources, state);
  self->open++;
  search_source_search_async (source, search_engine_get_http (self->engine), self->text, 0, self->cancellable, on_web_ready,
                              web_question_new (self, state));
}

static void
on_providers_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = search_store_list_finish (NULL, result, &error);
  SearchSession *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  for (guint i = 0; providers != NULL && i < providers->len; i++)
    if (search_provider_get_enabled (g_ptr_array_index (providers, i)))
      ask_provider (self, g_ptr_array_index (providers, i));
  one_done (self);
}

/* ---- The object ---- */

static void
search_session_dispose (GObject *object)
{
  SearchSession *self = SEARCH_SESSION (object);

  search_session_cancel (self);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  G_OBJECT_CLASS (search_session_parent_class)->dispose (object);
}

static void
search_session_finalize (GObject *object)
{
  SearchSession *self = SEARCH_SESSION (object);

  g_free (self->text);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->app_lists);
  g_object_unref (self->device);
  g_object_unref (self->web);
  g_object_unref (self->sources);
  G_OBJECT_CLASS (search_session_parent_class)->finalize (object);
}

static void
search_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_RUNNING)
    g_value_set_boolean (value, search_session_get_running (SEARCH_SESSION (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
search_session_class_init (SearchSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = search_session_dispose;
  object_class->finalize = search_session_finalize;
  object_class->get_property = search_session_get_property;
  g_object_class_install_property (object_class, PROP_RUNNING,
                                   g_param_spec_boolean ("running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  changed_signal = g_signal_new ("changed", SEARCH_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
search_session_init (SearchSession *self)
{
  self->cancellable = g_cancellable_new ();
  self->app_lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->device = g_list_store_new (SEARCH_TYPE_RESULT);
  self->web = g_list_store_new (SEARCH_TYPE_RESULT);
  self->sources = g_list_store_new (SEARCH_TYPE_SOURCE_STATE);
}

SearchSession *
search_session_new (SearchEngine *engine, const char *text, gboolean web)
{
  SearchSession *self = g_object_new (SEARCH_TYPE_SESSION, NULL);
  SearchStore *store = search_engine_get_store (engine);

  g_return_val_if_fail (store != NULL && text != NULL, self);

  self->engine = g_object_ref (engine);
  self->text = g_strstrip (g_utf8_make_valid (text, -1));
  if (self->text[0] == '\0')
    return self;
  self->open = web ? 3 : 2;
  search_store_search_pages_async (store, self->text, !web, SAVED_MAX, self->cancellable, on_saved_ready, self);
  cloud_search_provider_client_search (search_engine_get_apps (engine), self->text, APP_MAX_EACH, APP_TIMEOUT_MS, self->cancellable, on_app_answer,
                                       self, NULL);
  if (web)
    search_store_list_providers_async (store, self->cancellable, on_providers_ready, self);
  return self;
}

void
search_session_cancel (SearchSession *self)
{
  g_return_if_fail (SEARCH_IS_SESSION (self));
  g_cancellable_cancel (self->cancellable);
}

const char *
search_session_get_text (SearchSession *self)
{
  g_return_val_if_fail (SEARCH_IS_SESSION (self), NULL);
  return self->text;
}

gboolean
search_session_get_running (SearchSession *self)
{
  g_return_val_if_fail (SEARCH_IS_SESSION (self), FALSE);
  return self->open > 0 && !g_cancellable_is_cancelled (self->cancellable);
}

GListModel *
search_session_get_device (SearchSession *self)
{
  g_return_val_if_fail (SEARCH_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->device);
}

GListModel *
search_session_get_web (SearchSession *self)
{
  g_return_val_if_fail (SEARCH_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->web);
}

GListModel *
search_session_get_sources (SearchSession *self)
{
  g_return_val_if_fail (SEARCH_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->sources);
}
