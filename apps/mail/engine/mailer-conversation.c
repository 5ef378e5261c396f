/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

#include <string.h>

/* A row of a list, and the messages in it. */

enum
{
  PROP_0,
  PROP_LOADED,
  PROP_ACCOUNT,
  PROP_SUBJECT,
  PROP_SENDERS,
  PROP_SENDER_ADDRESS,
  PROP_PREVIEW,
  PROP_DATE,
  PROP_COUNT,
  PROP_UNREAD,
  PROP_STARRED,
  PROP_HAS_ATTACHMENT,
  PROP_ANSWERED,
  PROP_FORWARDED,
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
  const char *const strings[N_PROPS] = { [PROP_SUBJECT] = self->row.subject,
                                         [PROP_SENDERS] = self->row.senders,
                                         [PROP_SENDER_ADDRESS] = self->row.sender_address,
                                         [PROP_PREVIEW] = self->row.preview };

  switch (id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_DATE:
      g_value_set_int64 (value, self->row.date_unix_us);
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->row.count);
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, self->row.unread);
      break;
    case PROP_STARRED:
      g_value_set_boolean (value, self->row.starred);
      break;
    case PROP_HAS_ATTACHMENT:
      g_value_set_boolean (value, self->row.has_attachment);
      break;
    case PROP_ANSWERED:
      g_value_set_boolean (value, self->row.answered);
      break;
    case PROP_FORWARDED:
      g_value_set_boolean (value, self->row.forwarded);
      break;
    default:
      g_value_set_string (value, strings[id]);
    }
}

static void
clear_row (MailerConversationRow *row)
{
  g_free (row->subject);
  g_free (row->senders);
  g_free (row->sender_address);
  g_free (row->preview);
}

static void
mailer_conversation_finalize (GObject *object)
{
  MailerConversation *self = MAILER_CONVERSATION (object);

  g_clear_object (&self->account);
  g_clear_pointer (&self->folders, g_array_unref);
  clear_row (&self->row);
  G_OBJECT_CLASS (mailer_conversation_parent_class)->finalize (object);
}

static void
mailer_conversation_class_init (MailerConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mailer_conversation_get_property;
  object_class->finalize = mailer_conversation_finalize;
  props[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, MAILER_TYPE_ACCOUNT, flags);
  props[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, "", flags);
  props[PROP_SENDERS] = g_param_spec_string ("senders", NULL, NULL, "", flags);
  props[PROP_SENDER_ADDRESS] = g_param_spec_string ("sender-address", NULL, NULL, "", flags);
  props[PROP_PREVIEW] = g_param_spec_string ("preview", NULL, NULL, "", flags);
  props[PROP_DATE] = g_param_spec_int64 ("date", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  props[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_UNREAD] = g_param_spec_boolean ("unread", NULL, NULL, FALSE, flags);
  props[PROP_STARRED] = g_param_spec_boolean ("starred", NULL, NULL, FALSE, flags);
  props[PROP_HAS_ATTACHMENT] = g_param_spec_boolean ("has-attachment", NULL, NULL, FALSE, flags);
  props[PROP_ANSWERED] = g_param_spec_boolean ("answered", NULL, NULL, FALSE, flags);
  props[PROP_FORWARDED] = g_param_spec_boolean ("forwarded", NULL, NULL, FALSE, flags);
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

static gboolean
take_string (char **to, const char *from)
{
  if (g_strcmp0 (*to, from) == 0)
    return FALSE;
  g_free (*to);
  *to = g_strdup (from);
  return TRUE;
}

void
mailer_conversation_update (MailerConversation *self, const MailerConversationRow *row)
{
  GObject *object = G_OBJECT (self);
  MailerConversationRow *mine = &self->row;

  g_object_freeze_notify (object);
#define NOTIFY_IF(changed, prop) \
  if (changed)                   \
  g_object_notify_by_pspec (object, props[prop])
  NOTIFY_IF (take_string (&mine->subject, row->subject), PROP_SUBJECT);
  NOTIFY_IF (take_string (&mine->senders, row->senders), PROP_SENDERS);
  NOTIFY_IF (take_string (&mine->sender_address, row->sender_address), PROP_SENDER_ADDRESS);
  NOTIFY_IF (take_string (&mine->preview, row->preview), PROP_PREVIEW);
  NOTIFY_IF (mine->date_unix_us != row->date_unix_us, PROP_DATE);
  NOTIFY_IF (mine->count != row->count, PROP_COUNT);
  NOTIFY_IF (mine->unread != row->unread, PROP_UNREAD);
  NOTIFY_IF (mine->starred != row->starred, PROP_STARRED);
  NOTIFY_IF (mine->has_attachment != row->has_attachment, PROP_HAS_ATTACHMENT);
  NOTIFY_IF (mine->answered != row->answered, PROP_ANSWERED);
  NOTIFY_IF (mine->forwarded != row->forwarded, PROP_FORWARDED);
  NOTIFY_IF (!self->loaded, PROP_LOADED);
#undef NOTIFY_IF
  mine->date_unix_us = row->date_unix_us;
  mine->count = row->count;
  mine->unread = row->unread;
  mine->starred = row->starred;
  mine->has_attachment = row->has_attachment;
  mine->answered = row->answered;
  mine->forwarded = row->forwarded;
  self->loaded = TRUE;
  g_object_thaw_notify (object);
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
