/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-answers.h"
#include "config.h"

#include "cloud-error.h"

#include <string.h>

/* Ids are "page:<id>:<title>" and "asked:<text>": all that a result needs to be shown, so that asking how it looks reads nothing again. */

#define RESULTS_MAX 10

struct _SearchAnswers
{
  GDBusConnection *bus;
  SearchEngine *engine; /* NULL until it is open */
  GError *error;
  GPtrArray *waiting; /* GTask: questions that came before the engine was open */
};

/* The parts of an id, which comes from another process.  FALSE if it is none of ours.
 * @page_id: 0 for a question.  @text: (transfer none): the page's title, or what was asked. */
static gboolean
parse_id (const char *id, gint64 *page_id, const char **text)
{
  char *end = NULL;

  *page_id = 0;
  if (g_str_has_prefix (id, "asked:"))
    {
      *text = id + strlen ("asked:");
      return **text != '\0';
    }
  if (!g_str_has_prefix (id, "page:") || !g_ascii_isdigit (id[strlen ("page:")]))
    return FALSE;
  *page_id = g_ascii_strtoll (id + strlen ("page:"), &end, 10);
  *text = end + 1;
  return *page_id > 0 && *end == ':' && end[1] != '\0';
}

static void
on_suggested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) suggestions = search_engine_suggest_finish (SEARCH_ENGINE (source), result, &error);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  if (suggestions == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < suggestions->len; i++)
    {
      const SearchSuggestion *suggestion = g_ptr_array_index (suggestions, i);
      g_autofree char *id = suggestion->page_id != 0 ? g_strdup_printf ("page:%" G_GINT64_FORMAT ":%s", suggestion->page_id, suggestion->text)
                                                     : g_strconcat ("asked:", suggestion->text, NULL);

      g_strv_builder_add (ids, id);
    }
  g_task_return_pointer (task, g_strv_builder_end (ids), (GDestroyNotify) g_strfreev);
}

static void
begin (SearchAnswers *self, GTask *task)
{
  if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    search_engine_suggest_async (self->engine, g_task_get_task_data (task), RESULTS_MAX, g_task_get_cancellable (task), on_suggested,
                                 g_object_ref (task));
}

static void
search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer callback_data)
{
  SearchAnswers *self = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);

  g_task_set_task_data (task, g_strjoinv (" ", (char **) terms), g_free);
  if (self->engine == NULL && self->error == NULL)
    g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  else
    begin (self, task);
}

static char **
search_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
metas_async (gpointer user_data, const char *const *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  GPtrArray *metas = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_search_meta_free);

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      gint64 page_id;
      const char *text;

      if (parse_id (ids[i], &page_id, &text))
        g_ptr_array_add (metas, cloud_search_meta_new (ids[i], text, NULL, page_id > 0 ? "text-x-generic-symbolic" : "document-open-recent-symbolic",
                                                       NULL));
    }
  g_task_return_pointer (task, metas, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
metas_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The window does the rest; the bus starts it. */
static void
tell_window (SearchAnswers *self, const char *action, GVariant *parameter)
{
  GVariantBuilder parameters;
  GVariantBuilder platform;

  g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
  g_variant_builder_add (&parameters, "v", parameter);
  g_variant_builder_init (&platform, G_VARIANT_TYPE ("a{sv}"));
  g_dbus_connection_call (self->bus, CIRRUS_ID_PREFIX ".Search", CIRRUS_ID_PATH "/Search", "org.freedesktop.Application", "ActivateAction",
                          g_variant_new ("(sava{sv})", action, &parameters, &platform), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
activate (gpointer user_data, const char *id, const char *const *terms, guint32 timestamp)
{
  gint64 page_id;
  const char *text;

  if (!parse_id (id, &page_id, &text))
    g_debug ("\"%s\" is no result of this service", id);
  else if (page_id > 0)
    tell_window (user_data, "show-page", g_variant_new_int64 (page_id));
  else
    tell_window (user_data, "search", g_variant_new_string (text));
}

static void
launch (gpointer user_data, const char *const *terms, guint32 timestamp)
{
  g_autofree char *text = g_strjoinv (" ", (char **) terms);

  tell_window (user_data, "search", g_variant_new_string (text));
}

const CloudSearchProviderFuncs search_answers_funcs = {
  .search_async = search_async,
  .search_finish = search_finish,
  .metas_async = metas_async,
  .metas_finish = metas_finish,
  .activate = activate,
  .launch = launch,
};

SearchAnswers *
search_answers_new (GDBusConnection *bus)
{
  SearchAnswers *self = g_new0 (SearchAnswers, 1);

  self->bus = g_object_ref (bus);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
search_answers_free (SearchAnswers *self)
{
  if (self == NULL)
    return;
  if (self->engine == NULL && self->error == NULL)
    {
      g_autoptr (GError) ended = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The service ends");

      search_answers_set_engine (self, NULL, ended);
    }
  g_ptr_array_unref (self->waiting);
  g_clear_object (&self->engine);
  g_clear_error (&self->error);
  g_object_unref (self->bus);
  g_free (self);
}

void
search_answers_set_engine (SearchAnswers *self, SearchEngine *engine, const GError *error)
{
  g_set_object (&self->engine, engine);
  if (engine == NULL)
    self->error = g_error_copy (error);
  for (guint i = 0; i < self->waiting->len; i++)
    begin (self, g_ptr_array_index (self->waiting, i));
  g_ptr_array_set_size (self->waiting, 0);
}
