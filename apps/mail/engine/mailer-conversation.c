/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"
#include "mailer-row.h"

/* A row of a list, and the messages in it. */

static const MailerField fields[] = {
  MAILER_FIELD ("subject", STRING, MailerConversationRow, subject),
  MAILER_FIELD ("senders", STRING, MailerConversationRow, senders),
  MAILER_FIELD ("sender-address", STRING, MailerConversationRow, sender_address),
  MAILER_FIELD ("preview", STRING, MailerConversationRow, preview),
  MAILER_FIELD ("date", INT64, MailerConversationRow, date_unix_us),
  MAILER_FIELD ("count", UINT, MailerConversationRow, count),
  MAILER_FIELD ("unread", BOOLEAN, MailerConversationRow, unread),
  MAILER_FIELD ("starred", BOOLEAN, MailerConversationRow, starred),
  MAILER_FIELD ("has-attachment", BOOLEAN, MailerConversationRow, has_attachment),
  MAILER_FIELD ("answered", BOOLEAN, MailerConversationRow, answered),
  MAILER_FIELD ("forwarded", BOOLEAN, MailerConversationRow, forwarded),
};

enum
{
  PROP_LOADED = G_N_ELEMENTS (fields) + 1,
  PROP_ACCOUNT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _MailerConversation
{
  GObject parent_instance;
  MailerAccount *account;
  GArray *folders;
  gboolean loaded;
  MailerConversationRow row;
};

G_DEFINE_FINAL_TYPE (MailerConversation, mailer_conversation, G_TYPE_OBJECT)

static void
mailer_conversation_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerConversation *self = MAILER_CONVERSATION (object);

  if (id == PROP_LOADED)
    g_value_set_boolean (value, self->loaded);
  else if (id == PROP_ACCOUNT)
    g_value_set_object (value, self->account);
  else
    mailer_row_get (&self->row, &fields[id - 1], value);
}

static void
mailer_conversation_finalize (GObject *object)
{
  MailerConversation *self = MAILER_CONVERSATION (object);

  g_clear_object (&self->account);
  g_clear_pointer (&self->folders, g_array_unref);
  mailer_row_clear (&self->row, fields, G_N_ELEMENTS (fields));
  G_OBJECT_CLASS (mailer_conversation_parent_class)->finalize (object);
}

static void
mailer_conversation_class_init (MailerConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_conversation_get_property;
  object_class->finalize = mailer_conversation_finalize;
  mailer_row_make_properties (fields, G_N_ELEMENTS (fields), props);
  props[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, MAILER_TYPE_ACCOUNT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_conversation_init (MailerConversation *self)
{
}

MailerConversation *
mailer_conversation_new (MailerAccount *account, gint64 thread, const GArray *folders)
{
  MailerConversation *self = g_object_new (MAILER_TYPE_CONVERSATION, NULL);

  self->account = g_object_ref (account);
  self->row.thread = thread;
  self->folders = g_array_ref ((GArray *) folders);
  return self;
}

void
mailer_conversation_update (MailerConversation *self, const MailerConversationRow *row)
{
  gboolean is_first = !self->loaded;

  self->loaded = TRUE;
  g_object_freeze_notify (G_OBJECT (self));
  mailer_row_take (G_OBJECT (self), &self->row, row, sizeof *row, fields, G_N_ELEMENTS (fields), props);
  if (is_first)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
  g_object_thaw_notify (G_OBJECT (self));
}

gint64
mailer_conversation_get_thread (MailerConversation *self)
{
  return self->row.thread;
}

const GArray *
mailer_conversation_get_folders (MailerConversation *self)
{
  return self->folders;
}

#define GETTER(type, name, expression, otherwise)                              \
  type mailer_conversation_##name (MailerConversation *self)                   \
  {                                                                            \
    g_return_val_if_fail (MAILER_IS_CONVERSATION (self), otherwise);           \
    return expression;                                                         \
  }

GETTER (gboolean, is_loaded, self->loaded, FALSE)
GETTER (MailerAccount *, get_account, self->account, NULL)
GETTER (const char *, get_subject, self->row.subject, NULL)
GETTER (const char *, get_senders, self->row.senders, NULL)
GETTER (const char *, get_sender_address, self->row.sender_address, NULL)
GETTER (const char *, get_preview, self->row.preview, NULL)
GETTER (gint64, get_date, self->row.date_unix_us, 0)
GETTER (guint, get_count, self->row.count, 0)
GETTER (gboolean, is_unread, self->row.unread, FALSE)
GETTER (gboolean, is_starred, self->row.starred, FALSE)
GETTER (gboolean, has_attachment, self->row.has_attachment, FALSE)
GETTER (gboolean, is_answered, self->row.answered, FALSE)
GETTER (gboolean, is_forwarded, self->row.forwarded, FALSE)

/* ---- Messages of a conversation ---- */

typedef struct
{
  GWeakRef model;
  MailerAccount *account;
  gint64 thread;
  gulong stored_id;
} Follower;

typedef struct
{
  MailerStore *store;
  gint64 thread;
} ThreadJob;

static void
thread_job_free (ThreadJob *job)
{
  g_object_unref (job->store);
  g_free (job);
}

static void
load_thread_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ThreadJob *job = data;
  GError *error = NULL;
  GPtrArray *rows = mailer_store_load_thread (job->store, job->thread, &error);

  if (rows != NULL)
    g_task_return_pointer (task, rows, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/* Items stay while their message does; only what differs changes. */
static void
apply_thread (GListStore *model, MailerAccount *account, GPtrArray *rows)
{
  GListModel *list = G_LIST_MODEL (model);

  for (guint i = 0; i < rows->len; i++)
    {
      MailerMessageRow *row = g_ptr_array_index (rows, i);
      gboolean placed = FALSE;

      while (!placed && i < g_list_model_get_n_items (list))
        {
          g_autoptr (MailerMessageItem) item = g_list_model_get_item (list, i);
          gboolean wanted_later = FALSE;

          if (mailer_message_item_update (item, row))
            {
              placed = TRUE;
              break;
            }
          for (guint j = i + 1; j < rows->len; j++)
            wanted_later |= ((MailerMessageRow *) g_ptr_array_index (rows, j))->id == mailer_message_item_get_id (item);
          if (wanted_later)
            break;
          g_list_store_remove (model, i);
        }
      if (!placed)
        {
          g_autoptr (MailerMessageItem) item = mailer_message_item_new (account, row);

          g_list_store_insert (model, i, item);
        }
    }
  while (g_list_model_get_n_items (list) > rows->len)
    g_list_store_remove (model, g_list_model_get_n_items (list) - 1);
}

static void
on_thread_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) rows = g_task_propagate_pointer (G_TASK (result), NULL);

  if (rows != NULL)
    apply_thread (G_LIST_STORE (source), g_object_get_data (source, "account"), rows);
}

static void
follow_thread (Follower *follower)
{
  g_autoptr (GListStore) model = g_weak_ref_get (&follower->model);
  MailerStore *store = mailer_account_get_store (follower->account);
  g_autoptr (GTask) task = NULL;
  ThreadJob *job;

  if (model == NULL || store == NULL)
    return;
  task = g_task_new (model, NULL, on_thread_loaded, NULL);
  job = g_new0 (ThreadJob, 1);
  job->store = g_object_ref (store);
  job->thread = follower->thread;
  g_task_set_task_data (task, job, (GDestroyNotify) thread_job_free);
  g_task_run_in_thread (task, load_thread_in_thread);
}

static void
on_stored (MailerAccount *account, gpointer user_data)
{
  follow_thread (user_data);
}

static void
follower_free (gpointer data)
{
  Follower *self = data;

  g_clear_signal_handler (&self->stored_id, self->account);
  g_weak_ref_clear (&self->model);
  g_object_unref (self->account);
  g_free (self);
}

GListModel *
mailer_conversation_list_messages (MailerConversation *self)
{
  GListStore *model;
  Follower *follower;

  g_return_val_if_fail (MAILER_IS_CONVERSATION (self), NULL);

  model = g_list_store_new (MAILER_TYPE_MESSAGE_ITEM);
  follower = g_new0 (Follower, 1);
  g_weak_ref_init (&follower->model, model);
  follower->account = g_object_ref (self->account);
  follower->thread = self->row.thread;
  follower->stored_id = g_signal_connect (self->account, "stored", G_CALLBACK (on_stored), follower);
  g_object_set_data_full (G_OBJECT (model), "account", g_object_ref (self->account), g_object_unref);
  g_object_set_data_full (G_OBJECT (model), "follower", follower, follower_free);
  follow_thread (follower);
  return G_LIST_MODEL (model);
}
