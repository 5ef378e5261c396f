/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

/* A search as a list of hits. */

#define MAX_HITS 200

enum
{
  PROP_0,
  PROP_QUERY,
  PROP_LOADING,
  N_PROPS,
};

enum
{
  HIT_PROP_0,
  HIT_PROP_ITEM,
  HIT_PROP_SNIPPET,
  N_HIT_PROPS,
};

static GParamSpec *props[N_PROPS];
static GParamSpec *hit_props[N_HIT_PROPS];

struct _MailerHit
{
  GObject parent_instance;
  MailerMessageItem *item;
  char *snippet;
  GArray *ranges;
};

struct _MailerSearch
{
  GObject parent_instance;
  MailerEngine *engine;
  GPtrArray *hits;
  GCancellable *cancellable; /* of the running query */
  char *query;
  gboolean loading;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (MailerHit, mailer_hit, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (MailerSearch, mailer_search, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* ---- Hit ---- */

static void
mailer_hit_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerHit *self = MAILER_HIT (object);

  if (id == HIT_PROP_ITEM)
    g_value_set_object (value, self->item);
  else if (id == HIT_PROP_SNIPPET)
    g_value_set_string (value, self->snippet);
}

static void
mailer_hit_finalize (GObject *object)
{
  MailerHit *self = MAILER_HIT (object);

  g_clear_object (&self->item);
  g_free (self->snippet);
  g_clear_pointer (&self->ranges, g_array_unref);
  G_OBJECT_CLASS (mailer_hit_parent_class)->finalize (object);
}

static void
mailer_hit_class_init (MailerHitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_hit_get_property;
  object_class->finalize = mailer_hit_finalize;
  hit_props[HIT_PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, MAILER_TYPE_MESSAGE_ITEM, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  hit_props[HIT_PROP_SNIPPET] = g_param_spec_string ("snippet", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_HIT_PROPS, hit_props);
}

static void
mailer_hit_init (MailerHit *self)
{
}

MailerMessageItem *
mailer_hit_get_item (MailerHit *self)
{
  g_return_val_if_fail (MAILER_IS_HIT (self), NULL);
  return self->item;
}

const char *
mailer_hit_get_snippet (MailerHit *self)
{
  g_return_val_if_fail (MAILER_IS_HIT (self), NULL);
  return self->snippet;
}

const GArray *
mailer_hit_get_ranges (MailerHit *self)
{
  g_return_val_if_fail (MAILER_IS_HIT (self), NULL);
  return self->ranges;
}

/* ---- Searching ---- */

typedef struct
{
  char *query;
  GPtrArray *accounts;
  GPtrArray *stores;
  GPtrArray *results; /* one array of MailerHitRow an account */
} SearchJob;

static void
search_job_free (SearchJob *job)
{
  g_free (job->query);
  g_ptr_array_unref (job->accounts);
  g_ptr_array_unref (job->stores);
  g_ptr_array_unref (job->results);
  g_free (job);
}

static void
search_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SearchJob *job = data;

  for (guint i = 0; i < job->stores->len; i++)
    {
      g_autoptr (GError) error = NULL;
      GPtrArray *rows = mailer_store_search (g_ptr_array_index (job->stores, i), job->query, TRUE, MAX_HITS, cancellable, &error);

      if (rows == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("Search: %s", error->message);
      g_ptr_array_add (job->results, rows != NULL ? rows : g_ptr_array_new ());
    }
  g_task_return_boolean (task, TRUE);
}

static int
compare_hit (gconstpointer a, gconstpointer b)
{
  gint64 x = mailer_message_item_get_date ((*(MailerHit **) a)->item);
  gint64 y = mailer_message_item_get_date ((*(MailerHit **) b)->item);

  return x < y ? 1 : x > y ? -1 : 0;
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MailerSearch *self = MAILER_SEARCH (source);
  SearchJob *job = g_task_get_task_data (G_TASK (result));
  guint before = self->hits->len;

  /* A newer query is under way: this answer is not wanted any more. */
  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || !g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  g_ptr_array_set_size (self->hits, 0);
  for (guint i = 0; i < job->results->len; i++)
    {
      GPtrArray *rows = g_ptr_array_index (job->results, i);

      for (guint r = 0; r < rows->len; r++)
        {
          MailerHitRow *row = g_ptr_array_index (rows, r);
          MailerHit *hit = g_object_new (MAILER_TYPE_HIT, NULL);

          hit->item = mailer_message_item_new (g_ptr_array_index (job->accounts, i), row->row);
          hit->snippet = g_strdup (row->snippet);
          hit->ranges = g_array_ref (row->ranges);
          g_ptr_array_add (self->hits, hit);
        }
    }
  g_ptr_array_sort (self->hits, compare_hit);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->hits->len);
  self->loading = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

void
mailer_search_set_query (MailerSearch *self, const char *query)
{
  GListModel *accounts;
  g_autoptr (GTask) task = NULL;
  SearchJob *job;
  guint n;

  g_return_if_fail (MAILER_IS_SEARCH (self));

  if (g_strcmp0 (self->query, query) == 0)
    return;
  g_free (self->query);
  self->query = g_strdup (query);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job = g_new0 (SearchJob, 1);
  job->query = g_strdup (query != NULL ? query : "");
  job->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  job->stores = g_ptr_array_new_with_free_func (g_object_unref);
  job->results = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  accounts = mailer_engine_get_accounts (self->engine);
  n = g_list_model_get_n_items (accounts);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      if (mailer_account_get_store (account) == NULL)
        continue;
      g_ptr_array_add (job->accounts, g_object_ref (account));
      g_ptr_array_add (job->stores, g_object_ref (mailer_account_get_store (account)));
    }
  task = g_task_new (self, self->cancellable, on_found, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, (GDestroyNotify) search_job_free);
  self->loading = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_QUERY]);
  g_task_run_in_thread (task, search_in_thread);
}

const char *
mailer_search_get_query (MailerSearch *self)
{
  g_return_val_if_fail (MAILER_IS_SEARCH (self), NULL);
  return self->query;
}

gboolean
mailer_search_is_loading (MailerSearch *self)
{
  g_return_val_if_fail (MAILER_IS_SEARCH (self), FALSE);
  return self->loading;
}

/* ---- Object ---- */

static GType
get_item_type (GListModel *model)
{
  return MAILER_TYPE_HIT;
}

static guint
get_n_items (GListModel *model)
{
  return MAILER_SEARCH (model)->hits->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  MailerSearch *self = MAILER_SEARCH (model);

  return position < self->hits->len ? g_object_ref (g_ptr_array_index (self->hits, position)) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
mailer_search_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerSearch *self = MAILER_SEARCH (object);

  if (id == PROP_QUERY)
    g_value_set_string (value, self->query);
  else
    g_value_set_boolean (value, self->loading);
}

static void
mailer_search_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_QUERY)
    mailer_search_set_query (MAILER_SEARCH (object), g_value_get_string (value));
}

static void
mailer_search_finalize (GObject *object)
{
  MailerSearch *self = MAILER_SEARCH (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  g_ptr_array_unref (self->hits);
  g_free (self->query);
  G_OBJECT_CLASS (mailer_search_parent_class)->finalize (object);
}

static void
mailer_search_class_init (MailerSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_search_get_property;
  object_class->set_property = mailer_search_set_property;
  object_class->finalize = mailer_search_finalize;
  props[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_search_init (MailerSearch *self)
{
  self->hits = g_ptr_array_new_with_free_func (g_object_unref);
}

MailerSearch *
mailer_search_new (MailerEngine *engine, const char *query)
{
  MailerSearch *self = g_object_new (MAILER_TYPE_SEARCH, NULL);

  self->engine = g_object_ref (engine);
  mailer_search_set_query (self, query);
  return self;
}
