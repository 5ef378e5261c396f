/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-service"

#include "mailer-answers.h"

#include "config.h"

/* Search results out of the mail index. */

#define MOST_HITS 20
#define ICON "mail-unread-symbolic"

struct _MailerAnswers
{
  MailerEngine *engine;
  GHashTable *found; /* id -> CloudSearchMeta: of the last searches */
};

MailerAnswers *
mailer_answers_new (MailerEngine *engine)
{
  MailerAnswers *self = g_new0 (MailerAnswers, 1);

  self->engine = g_object_ref (engine);
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) cloud_search_meta_free);
  return self;
}

void
mailer_answers_free (MailerAnswers *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->engine);
  g_hash_table_unref (self->found);
  g_free (self);
}

/* ---- Searching ---- */

/* One question under way. */
typedef struct
{
  MailerAnswers *answers;
  MailerSearch *search;
  gulong notify_id;
} Question;

static void
question_free (Question *self)
{
  g_clear_signal_handler (&self->notify_id, self->search);
  g_object_unref (self->search);
  g_free (self);
}

static char *
id_of (MailerMessageItem *item)
{
  const char *message_id = mailer_message_item_get_message_id (item);
  g_autofree char *escaped = *message_id != '\0' ? g_uri_escape_string (message_id, "@", FALSE) : NULL;

  return escaped != NULL ? g_strconcat ("mid:", escaped, NULL) : NULL;
}

static CloudSearchMeta *
meta_of (const char *id, MailerMessageItem *item)
{
  const char *name = mailer_message_item_get_from_name (item);
  g_autofree char *description = g_strdup_printf ("%s · %s", *name != '\0' ? name : mailer_message_item_get_from_address (item), mailer_message_item_get_preview (item));

  return cloud_search_meta_new (id, mailer_message_item_get_subject (item), description, ICON, id);
}

static void
on_search_loading (MailerSearch *search, GParamSpec *pspec, gpointer user_data)
{
  GTask *task = user_data;
  Question *question = g_task_get_task_data (task);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n;

  if (mailer_search_is_loading (search))
    return;
  g_clear_signal_handler (&question->notify_id, search);
  n = g_list_model_get_n_items (G_LIST_MODEL (search));
  for (guint i = 0; i < n && ids->len < MOST_HITS; i++)
    {
      g_autoptr (MailerHit) hit = g_list_model_get_item (G_LIST_MODEL (search), i);
      char *id = id_of (mailer_hit_get_item (hit));

      if (id == NULL)
        continue;
      g_hash_table_replace (question->answers->found, g_strdup (id), meta_of (id, mailer_hit_get_item (hit)));
      g_ptr_array_add (ids, id);
    }
  g_ptr_array_add (ids, NULL);
  g_task_return_pointer (task, g_ptr_array_free (g_steal_pointer (&ids), FALSE), (GDestroyNotify) g_strfreev);
  g_object_unref (task);
}

static void
search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer callback_data)
{
  MailerAnswers *self = user_data;
  GTask *task = g_task_new (NULL, cancellable, callback, callback_data);
  Question *question = g_new0 (Question, 1);
  g_autofree char *query = g_strjoinv (" ", (char **) terms);

  g_hash_table_remove_all (self->found);
  question->answers = self;
  question->search = mailer_engine_search (self->engine, query);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  question->notify_id = g_signal_connect (question->search, "notify::loading", G_CALLBACK (on_search_loading), task);
}

static char **
search_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Describing ---- */

static void
metas_async (gpointer user_data, const char *const *ids, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data)
{
  MailerAnswers *self = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  GPtrArray *metas = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_search_meta_free);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const CloudSearchMeta *meta = g_hash_table_lookup (self->found, ids[i]);

      if (meta != NULL)
        g_ptr_array_add (metas, cloud_search_meta_new (meta->id, meta->name, meta->description, meta->icon, meta->uri));
    }
  g_task_return_pointer (task, metas, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
metas_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Opening ---- */

static void
on_launched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    g_message ("Opening a message: %s", error->message);
}

static void
activate (gpointer user_data, const char *id, const char *const *terms, guint32 timestamp)
{
  g_app_info_launch_default_for_uri_async (id, NULL, NULL, on_launched, NULL);
}

static void
launch (gpointer user_data, const char *const *terms, guint32 timestamp)
{
  g_autofree char *query = g_strjoinv (" ", (char **) terms);
  const char *arguments[] = { CIRRUS_BINDIR "/cirrus-mail", "--search", query, NULL };
  g_autoptr (GError) error = NULL;

  if (!g_spawn_async (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &error))
    g_message ("Opening the mail window: %s", error->message);
}

const CloudSearchProviderFuncs mailer_answers_funcs = {
  .search_async = search_async,
  .search_finish = search_finish,
  .metas_async = metas_async,
  .metas_finish = metas_finish,
  .activate = activate,
  .launch = launch,
};
