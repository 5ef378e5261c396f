/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

/* A list of conversations that holds keys only.  Rows come into being when they are asked for, and their content is read in pages on a worker
 * thread; keys are read again when a database changes, and the difference is told in the smallest steps. */

#define PAGE_DELAY_MS 2
#define MAX_PAGE 200

enum
{
  PROP_0,
  PROP_LOADING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

typedef struct
{
  MailerAccount *account; /* (unowned): the scope holds it */
  gint64 thread;
  gint64 date_unix_us;
} Key;

struct _MailerConversationList
{
  GObject parent_instance;
  MailerEngine *engine;    /* (nullable): of the unified inbox */
  GPtrArray *scopes;       /* MailerScope */
  GArray *keys;
  GHashTable *rows;        /* Key (account, thread) -> MailerConversation (weak) */
  GPtrArray *wanted;       /* rows without content yet */
  guint page_source;
  gulong accounts_id;
  gboolean loading, reading, again;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MailerConversationList, mailer_conversation_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void read_keys (MailerConversationList *self);

/* ---- Scopes ---- */

static void on_stored (MailerAccount *account, gpointer user_data);

static void
scope_free (gpointer data)
{
  MailerScope *scope = data;

  g_object_unref (scope->account);
  g_array_unref (scope->folders);
  g_free (scope);
}

static MailerScope *
scope_new (MailerAccount *account, gint64 folder)
{
  MailerScope *scope = g_new0 (MailerScope, 1);

  scope->account = g_object_ref (account);
  scope->folders = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (folder != 0)
    g_array_append_val (scope->folders, folder);
  return scope;
}

static MailerScope *
find_scope (MailerConversationList *self, MailerAccount *account)
{
  for (guint i = 0; i < self->scopes->len; i++)
    if (((MailerScope *) g_ptr_array_index (self->scopes, i))->account == account)
      return g_ptr_array_index (self->scopes, i);
  return NULL;
}

/* The inboxes of the accounts there are. */
static void
collect_inboxes (MailerConversationList *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  g_autoptr (GPtrArray) next = g_ptr_array_new_with_free_func (scope_free);

  for (guint i = 0; i < self->scopes->len; i++)
    g_signal_handlers_disconnect_by_func (((MailerScope *) g_ptr_array_index (self->scopes, i))->account, on_stored, self);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);
      MailerFolder *inbox = mailer_account_find_folder_by_role (account, MAILER_ROLE_INBOX);

      g_signal_connect (account, "stored", G_CALLBACK (on_stored), self);
      g_ptr_array_add (next, scope_new (account, inbox != NULL ? mailer_folder_get_id (inbox) : 0));
    }
  g_ptr_array_unref (self->scopes);
  self->scopes = g_steal_pointer (&next);
}

/* ---- Rows ---- */

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return g_direct_hash (key->account) ^ g_int64_hash (&key->thread);
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const Key *x = a;
  const Key *y = b;

  return x->account == y->account && x->thread == y->thread;
}

typedef struct
{
  GWeakRef list;
  Key key;
} RowTag;

/* The last one who looked at a row is gone. */
static void
row_tag_free (gpointer data)
{
  RowTag *tag = data;
  g_autoptr (MailerConversationList) list = g_weak_ref_get (&tag->list);

  if (list != NULL)
    g_hash_table_remove (list->rows, &tag->key);
  g_weak_ref_clear (&tag->list);
  g_free (tag);
}

typedef struct
{
  MailerStore *store;
  GArray *threads;
  GArray *folders;
  GPtrArray *rows; /* the conversations that asked */
} PageJob;

static void
page_job_free (PageJob *job)
{
  g_object_unref (job->store);
  g_array_unref (job->threads);
  g_array_unref (job->folders);
  g_clear_pointer (&job->rows, g_ptr_array_unref);
  g_free (job);
}

static void
load_page_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PageJob *job = data;
  GError *error = NULL;
  GPtrArray *rows = mailer_store_load_conversations (job->store, job->threads, job->folders, &error);

  if (rows != NULL)
    g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_page_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PageJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) rows = g_task_propagate_pointer (G_TASK (result), NULL);

  for (guint i = 0, j = 0; rows != NULL && i < rows->len; i++)
    {
      MailerConversationRow *row = g_ptr_array_index (rows, i);

      /* Answers keep the order of the questions; some may be missing. */
      while (j < job->rows->len && mailer_conversation_get_thread (g_ptr_array_index (job->rows, j)) != row->thread)
        j++;
      if (j < job->rows->len)
        mailer_conversation_update (g_ptr_array_index (job->rows, j), row);
    }
  /* Here, not in whichever thread lets go of the task last. */
  g_clear_pointer (&job->rows, g_ptr_array_unref);
}

static void
load_page (MailerConversationList *self, const MailerScope *scope, GPtrArray *rows)
{
  MailerStore *store = mailer_account_get_store (scope->account);
  g_autoptr (GTask) task = NULL;
  PageJob *job;

  if (store == NULL)
    return;
  job = g_new0 (PageJob, 1);
  job->store = g_object_ref (store);
  job->folders = g_array_ref (scope->folders);
  job->threads = g_array_new (FALSE, FALSE, sizeof (gint64));
  job->rows = g_ptr_array_ref (rows);
  for (guint i = 0; i < rows->len; i++)
    {
      gint64 thread = mailer_conversation_get_thread (g_ptr_array_index (rows, i));

      g_array_append_val (job->threads, thread);
    }
  task = g_task_new (self, NULL, on_page_loaded, NULL);
  g_task_set_task_data (task, job, (GDestroyNotify) page_job_free);
  g_task_run_in_thread (task, load_page_in_thread);
}

/* Splits what is wanted by account and into pages. */
static void
load_wanted (MailerConversationList *self)
{
  for (guint s = 0; s < self->scopes->len; s++)
    {
      const MailerScope *scope = g_ptr_array_index (self->scopes, s);
      g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < self->wanted->len; i++)
        {
          MailerConversation *row = g_ptr_array_index (self->wanted, i);

          if (mailer_conversation_get_account (row) != scope->account)
            continue;
          g_ptr_array_add (page, g_object_ref (row));
          if (page->len == MAX_PAGE)
            {
              load_page (self, scope, page);
              g_ptr_array_unref (page);
              page = g_ptr_array_new_with_free_func (g_object_unref);
            }
        }
      if (page->len > 0)
        load_page (self, scope, page);
    }
  g_ptr_array_set_size (self->wanted, 0);
}

static gboolean
on_page_due (gpointer user_data)
{
  MailerConversationList *self = user_data;

  self->page_source = 0;
  load_wanted (self);
  return G_SOURCE_REMOVE;
}

static void
want (MailerConversationList *self, MailerConversation *row)
{
  g_ptr_array_add (self->wanted, g_object_ref (row));
  if (self->page_source == 0)
    self->page_source = g_timeout_add (PAGE_DELAY_MS, on_page_due, self);
}

/* ---- GListModel ---- */

static GType
get_item_type (GListModel *model)
{
  return MAILER_TYPE_CONVERSATION;
}

static guint
get_n_items (GListModel *model)
{
  return MAILER_CONVERSATION_LIST (model)->keys->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  MailerConversationList *self = MAILER_CONVERSATION_LIST (model);
  Key *key;
  MailerConversation *row;
  MailerScope *scope;
  RowTag *tag;

  if (position >= self->keys->len)
    return NULL;
  key = &g_array_index (self->keys, Key, position);
  row = g_hash_table_lookup (self->rows, key);
  if (row != NULL)
    return g_object_ref (row);
  scope = find_scope (self, key->account);
  row = mailer_conversation_new (key->account, key->thread, scope->folders);
  tag = g_new0 (RowTag, 1);
  tag->key = *key;
  g_weak_ref_init (&tag->list, self);
  g_object_set_data_full (G_OBJECT (row), "row-tag", tag, row_tag_free);
  g_hash_table_insert (self->rows, &tag->key, row);
  want (self, row);
  return row;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- Keys ---- */

typedef struct
{
  MailerAccount *account; /* identity only */
  MailerStore *store;
  GArray *folders;
} KeySource;

typedef struct
{
  GPtrArray *sources;
} KeyJob;

static void
key_source_free (gpointer data)
{
  KeySource *source = data;

  g_object_unref (source->account);
  g_object_unref (source->store);
  g_array_unref (source->folders);
  g_free (source);
}

static void
key_job_free (KeyJob *job)
{
  g_clear_pointer (&job->sources, g_ptr_array_unref);
  g_free (job);
}

static int
compare_key (const void *a, const void *b)
{
  const Key *x = a;
  const Key *y = b;

  if (x->date_unix_us != y->date_unix_us)
    return x->date_unix_us < y->date_unix_us ? 1 : -1;
  if (x->thread != y->thread)
    return x->thread < y->thread ? 1 : -1;
  return x->account < y->account ? -1 : x->account > y->account;
}

static void
read_keys_in_thread (GTask *task, gpointer source_object, gpointer data, GCancellable *cancellable)
{
  KeyJob *job = data;
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (Key));

  for (guint i = 0; i < job->sources->len; i++)
    {
      KeySource *source = g_ptr_array_index (job->sources, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) found = mailer_store_list_keys (source->store, source->folders, &error);

      for (guint k = 0; found != NULL && k < found->len; k++)
        {
          const MailerKey *one = &g_array_index (found, MailerKey, k);
          Key key = { source->account, one->thread, one->date_unix_us };

          g_array_append_val (keys, key);
        }
      if (found == NULL)
        g_warning ("List of %s: %s", mailer_store_get_id (source->store), error->message);
    }
  if (job->sources->len > 1)
    g_array_sort (keys, compare_key);
  g_task_return_pointer (task, keys, (GDestroyNotify) g_array_unref);
}

/* One run of changes, told when it ends. */
typedef struct
{
  guint at, removed, added;
} Run;

static void
flush_run (MailerConversationList *self, Run *run)
{
  if (run->removed > 0 || run->added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), run->at, run->removed, run->added);
  run->at += run->added;
  run->removed = run->added = 0;
}

/* Walks old and new keys side by side; what moved is removed where it was and added where it is.  The keys are brought to their new
 * state step by step, so that each signal tells the truth. */
static void
apply_keys (MailerConversationList *self, GArray *next)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->keys);
  g_autoptr (GHashTable) in_next = g_hash_table_new (key_hash, key_equal);
  g_autoptr (GHashTable) in_old = g_hash_table_new (key_hash, key_equal);
  g_autoptr (GHashTable) moved = g_hash_table_new (key_hash, key_equal);
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (Run));
  Run run = { 0, 0, 0 };
  guint i = 0;
  guint j = 0;

  for (guint k = 0; k < old->len; k++)
    g_hash_table_add (in_old, &g_array_index (old, Key, k));
  for (guint k = 0; k < next->len; k++)
    g_hash_table_add (in_next, &g_array_index (next, Key, k));
  while (i < old->len || j < next->len)
    {
      Key *a = i < old->len ? &g_array_index (old, Key, i) : NULL;
      Key *b = j < next->len ? &g_array_index (next, Key, j) : NULL;

      if (a != NULL && b != NULL && key_equal (a, b) && !g_hash_table_contains (moved, a))
        {
          if (run.removed > 0 || run.added > 0)
            g_array_append_val (steps, run);
          i++;
          run = (Run){ ++j, 0, 0 };
        }
      else if (a != NULL && (!g_hash_table_contains (in_next, a) || g_hash_table_contains (moved, a)))
        {
          run.removed++;
          i++;
        }
      else
        {
          if (b != NULL && g_hash_table_contains (in_old, b))
            g_hash_table_add (moved, b);
          run.added++;
          j++;
        }
    }
  if (run.removed > 0 || run.added > 0)
    g_array_append_val (steps, run);
  /* Before the first signal the list is the old one; each step turns a stretch of it into the new one. */
  self->keys = g_array_copy (old);
  for (guint s = 0; s < steps->len; s++)
    {
      Run *step = &g_array_index (steps, Run, s);

      if (step->removed > 0)
        g_array_remove_range (self->keys, step->at, step->removed);
      if (step->added > 0)
        g_array_insert_vals (self->keys, step->at, &g_array_index (next, Key, step->at), step->added);
      flush_run (self, step);
    }
  g_array_unref (steps);
  /* Dates may differ where nothing moved. */
  if (next->len > 0 && self->keys->len == next->len)
    memcpy (self->keys->data, next->data, next->len * sizeof (Key));
}

/* What is looked at may have changed without moving. */
static void
reload_rows (MailerConversationList *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    g_ptr_array_add (self->wanted, g_object_ref (row));
  load_wanted (self);
}

static void
on_keys_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MailerConversationList *self = MAILER_CONVERSATION_LIST (source);
  g_autoptr (GArray) keys = g_task_propagate_pointer (G_TASK (result), NULL);
  KeyJob *job = g_task_get_task_data (G_TASK (result));
  gboolean known = TRUE;

  g_clear_pointer (&job->sources, g_ptr_array_unref);
  self->reading = FALSE;
  /* An account may have gone meanwhile. */
  for (guint i = 0; keys != NULL && known && i < keys->len; i++)
    known = find_scope (self, g_array_index (keys, Key, i).account) != NULL;
  if (keys != NULL && known)
    {
      apply_keys (self, keys);
      reload_rows (self);
      if (self->loading)
        {
          self->loading = FALSE;
          g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
        }
    }
  if (self->again || !known)
    read_keys (self);
}

static void
read_keys (MailerConversationList *self)
{
  g_autoptr (GTask) task = NULL;
  KeyJob *job;

  self->again = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  job = g_new0 (KeyJob, 1);
  job->sources = g_ptr_array_new_with_free_func (key_source_free);
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const MailerScope *scope = g_ptr_array_index (self->scopes, i);
      KeySource *source;

      if (mailer_account_get_store (scope->account) == NULL)
        continue;
      source = g_new0 (KeySource, 1);
      source->account = g_object_ref (scope->account);
      source->store = g_object_ref (mailer_account_get_store (scope->account));
      source->folders = g_array_ref (scope->folders);
      g_ptr_array_add (job->sources, source);
    }
  task = g_task_new (self, NULL, on_keys_read, NULL);
  g_task_set_task_data (task, job, (GDestroyNotify) key_job_free);
  g_task_run_in_thread (task, read_keys_in_thread);
}

static void
on_stored (MailerAccount *account, gpointer user_data)
{
  MailerConversationList *self = user_data;
  MailerScope *scope = find_scope (self, account);

  /* The inbox may have come into being since. */
  if (self->engine != NULL && scope != NULL && scope->folders->len == 0)
    {
      MailerFolder *inbox = mailer_account_find_folder_by_role (account, MAILER_ROLE_INBOX);
      gint64 id = inbox != NULL ? mailer_folder_get_id (inbox) : 0;

      if (id != 0)
        g_array_append_val (scope->folders, id);
    }
  read_keys (self);
}

static void
on_accounts_changed (GListModel *accounts, guint at, guint removed, guint added, gpointer user_data)
{
  MailerConversationList *self = user_data;
  g_autoptr (GArray) empty = g_array_new (FALSE, FALSE, sizeof (Key));

  /* Keys name accounts that may be gone now. */
  if (removed > 0)
    apply_keys (self, empty);
  collect_inboxes (self);
  read_keys (self);
}

/* ---- Object ---- */

static void
mailer_conversation_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LOADING)
    g_value_set_boolean (value, MAILER_CONVERSATION_LIST (object)->loading);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mailer_conversation_list_dispose (GObject *object)
{
  MailerConversationList *self = MAILER_CONVERSATION_LIST (object);

  g_clear_handle_id (&self->page_source, g_source_remove);
  if (self->scopes != NULL)
    for (guint i = 0; i < self->scopes->len; i++)
      g_signal_handlers_disconnect_by_func (((MailerScope *) g_ptr_array_index (self->scopes, i))->account, on_stored, self);
  if (self->engine != NULL)
    g_clear_signal_handler (&self->accounts_id, mailer_engine_get_accounts (self->engine));
  g_clear_object (&self->engine);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  G_OBJECT_CLASS (mailer_conversation_list_parent_class)->dispose (object);
}

static void
mailer_conversation_list_finalize (GObject *object)
{
  MailerConversationList *self = MAILER_CONVERSATION_LIST (object);

  g_array_unref (self->keys);
  g_hash_table_unref (self->rows);
  G_OBJECT_CLASS (mailer_conversation_list_parent_class)->finalize (object);
}

static void
mailer_conversation_list_class_init (MailerConversationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_conversation_list_get_property;
  object_class->dispose = mailer_conversation_list_dispose;
  object_class->finalize = mailer_conversation_list_finalize;
  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_conversation_list_init (MailerConversationList *self)
{
  self->loading = TRUE;
  self->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  self->rows = g_hash_table_new (key_hash, key_equal);
  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);
  self->scopes = g_ptr_array_new_with_free_func (scope_free);
}

MailerConversationList *
mailer_conversation_list_new_inbox (MailerEngine *engine)
{
  MailerConversationList *self = g_object_new (MAILER_TYPE_CONVERSATION_LIST, NULL);

  self->engine = g_object_ref (engine);
  self->accounts_id = g_signal_connect (mailer_engine_get_accounts (engine), "items-changed", G_CALLBACK (on_accounts_changed), self);
  collect_inboxes (self);
  read_keys (self);
  return self;
}

MailerConversationList *
mailer_conversation_list_new_folder (MailerFolder *folder)
{
  MailerConversationList *self = g_object_new (MAILER_TYPE_CONVERSATION_LIST, NULL);
  MailerAccount *account = mailer_folder_get_account (folder);

  g_ptr_array_add (self->scopes, scope_new (account, mailer_folder_get_id (folder)));
  g_signal_connect (account, "stored", G_CALLBACK (on_stored), self);
  read_keys (self);
  return self;
}

gboolean
mailer_conversation_list_is_loading (MailerConversationList *self)
{
  g_return_val_if_fail (MAILER_IS_CONVERSATION_LIST (self), FALSE);
  return self->loading;
}
