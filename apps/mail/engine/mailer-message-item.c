/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

#include "cloud-error.h"

/* A message as a card shows it. */

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_SUBJECT,
  PROP_FROM_NAME,
  PROP_FROM_ADDRESS,
  PROP_TO,
  PROP_CC,
  PROP_DATE,
  PROP_PREVIEW,
  PROP_UNREAD,
  PROP_STARRED,
  PROP_OUTGOING,
  PROP_HAS_ATTACHMENT,
  PROP_HAS_BODY,
  PROP_ANSWERED,
  PROP_FORWARDED,
  PROP_MESSAGE_ID,
  PROP_FOLDER_NAME,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _MailerMessageItem
{
  GObject parent_instance;
  MailerAccount *account;
  MailerMessageRow row;
};

G_DEFINE_FINAL_TYPE (MailerMessageItem, mailer_message_item, G_TYPE_OBJECT)

static void
mailer_message_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerMessageItem *self = MAILER_MESSAGE_ITEM (object);
  const char *const strings[N_PROPS] = { [PROP_SUBJECT] = self->row.subject,   [PROP_FROM_NAME] = self->row.from_name,
                                         [PROP_FROM_ADDRESS] = self->row.from_address, [PROP_TO] = self->row.to,
                                         [PROP_CC] = self->row.cc,             [PROP_PREVIEW] = self->row.preview,
                                         [PROP_MESSAGE_ID] = self->row.message_id, [PROP_FOLDER_NAME] = self->row.folder_path };

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_DATE:
      g_value_set_int64 (value, self->row.date_unix_us);
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, mailer_message_item_is_unread (self));
      break;
    case PROP_STARRED:
      g_value_set_boolean (value, mailer_message_item_is_starred (self));
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->row.outgoing);
      break;
    case PROP_HAS_ATTACHMENT:
      g_value_set_boolean (value, self->row.has_attachment);
      break;
    case PROP_HAS_BODY:
      g_value_set_boolean (value, self->row.has_body);
      break;
    case PROP_ANSWERED:
      g_value_set_boolean (value, mailer_message_item_is_answered (self));
      break;
    case PROP_FORWARDED:
      g_value_set_boolean (value, mailer_message_item_is_forwarded (self));
      break;
    default:
      g_value_set_string (value, strings[id]);
    }
}

static void
clear_row (MailerMessageRow *row)
{
  g_free (row->message_id);
  g_free (row->subject);
  g_free (row->from_name);
  g_free (row->from_address);
  g_free (row->to);
  g_free (row->cc);
  g_free (row->preview);
  g_free (row->folder_path);
}

static void
copy_row (MailerMessageRow *to, const MailerMessageRow *from)
{
  *to = *from;
  to->message_id = g_strdup (from->message_id);
  to->subject = g_strdup (from->subject);
  to->from_name = g_strdup (from->from_name);
  to->from_address = g_strdup (from->from_address);
  to->to = g_strdup (from->to);
  to->cc = g_strdup (from->cc);
  to->preview = g_strdup (from->preview);
  to->folder_path = g_strdup (from->folder_path);
}

static void
mailer_message_item_finalize (GObject *object)
{
  MailerMessageItem *self = MAILER_MESSAGE_ITEM (object);

  g_clear_object (&self->account);
  clear_row (&self->row);
  G_OBJECT_CLASS (mailer_message_item_parent_class)->finalize (object);
}

static void
mailer_message_item_class_init (MailerMessageItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  static const struct
  {
    guint id;
    const char *name;
  } strings[] = { { PROP_SUBJECT, "subject" }, { PROP_FROM_NAME, "from-name" }, { PROP_FROM_ADDRESS, "from-address" }, { PROP_TO, "to" },
                  { PROP_CC, "cc" }, { PROP_PREVIEW, "preview" }, { PROP_MESSAGE_ID, "message-id" }, { PROP_FOLDER_NAME, "folder-name" } },
    booleans[] = { { PROP_UNREAD, "unread" }, { PROP_STARRED, "starred" }, { PROP_OUTGOING, "outgoing" }, { PROP_HAS_ATTACHMENT, "has-attachment" },
                   { PROP_HAS_BODY, "has-body" }, { PROP_ANSWERED, "answered" }, { PROP_FORWARDED, "forwarded" } };

  object_class->get_property = mailer_message_item_get_property;
  object_class->finalize = mailer_message_item_finalize;
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    props[strings[i].id] = g_param_spec_string (strings[i].name, NULL, NULL, "", flags);
  for (gsize i = 0; i < G_N_ELEMENTS (booleans); i++)
    props[booleans[i].id] = g_param_spec_boolean (booleans[i].name, NULL, NULL, FALSE, flags);
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, MAILER_TYPE_ACCOUNT, flags);
  props[PROP_DATE] = g_param_spec_int64 ("date", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_message_item_init (MailerMessageItem *self)
{
}

MailerMessageItem *
mailer_message_item_new (MailerAccount *account, const MailerMessageRow *row)
{
  MailerMessageItem *self = g_object_new (MAILER_TYPE_MESSAGE_ITEM, NULL);

  self->account = g_object_ref (account);
  copy_row (&self->row, row);
  return self;
}

/* What may change of a message; all else is as it was sent. */
gboolean
mailer_message_item_update (MailerMessageItem *self, const MailerMessageRow *row)
{
  GObject *object = G_OBJECT (self);
  MailerMessageRow old = self->row;

  if (old.id != row->id)
    return FALSE;
  g_object_freeze_notify (object);
  copy_row (&self->row, row);
  if ((old.flags ^ row->flags) & MAILER_FLAG_SEEN)
    g_object_notify_by_pspec (object, props[PROP_UNREAD]);
  if ((old.flags ^ row->flags) & MAILER_FLAG_FLAGGED)
    g_object_notify_by_pspec (object, props[PROP_STARRED]);
  if ((old.flags ^ row->flags) & MAILER_FLAG_ANSWERED)
    g_object_notify_by_pspec (object, props[PROP_ANSWERED]);
  if ((old.flags ^ row->flags) & MAILER_FLAG_FORWARDED)
    g_object_notify_by_pspec (object, props[PROP_FORWARDED]);
  if (old.has_body != row->has_body)
    {
      g_object_notify_by_pspec (object, props[PROP_HAS_BODY]);
      g_object_notify_by_pspec (object, props[PROP_PREVIEW]);
      g_object_notify_by_pspec (object, props[PROP_HAS_ATTACHMENT]);
    }
  if (g_strcmp0 (old.folder_path, row->folder_path) != 0)
    g_object_notify_by_pspec (object, props[PROP_FOLDER_NAME]);
  clear_row (&old);
  g_object_thaw_notify (object);
  return TRUE;
}

gint64
mailer_message_item_get_id (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), 0);
  return self->row.id;
}

gint64
mailer_message_item_get_folder (MailerMessageItem *self)
{
  return self->row.folder;
}

MailerAccount *
mailer_message_item_get_account (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), NULL);
  return self->account;
}

#define STRING_GETTER(name, field)                                     \
  const char *mailer_message_item_get_##name (MailerMessageItem *self) \
  {                                                                    \
    g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), NULL);        \
    return self->row.field;                                            \
  }

STRING_GETTER (subject, subject)
STRING_GETTER (from_name, from_name)
STRING_GETTER (from_address, from_address)
STRING_GETTER (to, to)
STRING_GETTER (cc, cc)
STRING_GETTER (preview, preview)
STRING_GETTER (message_id, message_id)
STRING_GETTER (folder_name, folder_path)

gint64
mailer_message_item_get_date (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), 0);
  return self->row.date_unix_us;
}

gboolean
mailer_message_item_is_unread (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return !(self->row.flags & MAILER_FLAG_SEEN);
}

gboolean
mailer_message_item_is_starred (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return (self->row.flags & MAILER_FLAG_FLAGGED) != 0;
}

gboolean
mailer_message_item_is_answered (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return (self->row.flags & MAILER_FLAG_ANSWERED) != 0;
}

gboolean
mailer_message_item_is_forwarded (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return (self->row.flags & MAILER_FLAG_FORWARDED) != 0;
}

gboolean
mailer_message_item_is_outgoing (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return self->row.outgoing;
}

gboolean
mailer_message_item_has_attachment (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return self->row.has_attachment;
}

gboolean
mailer_message_item_has_body (MailerMessageItem *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_ITEM (self), FALSE);
  return self->row.has_body;
}

/* ---- Body ---- */

typedef struct
{
  MailerStore *store;
  gint64 message;
} BodyJob;

static void
body_job_free (BodyJob *job)
{
  g_object_unref (job->store);
  g_free (job);
}

static void
load_body_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  BodyJob *job = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = mailer_store_load_source (job->store, job->message, &error);
  g_autoptr (MailerMessage) message = bytes != NULL ? mailer_message_new_from_bytes (bytes) : NULL;

  if (message != NULL)
    {
      g_task_return_pointer (task, mailer_body_new (message, bytes), g_object_unref);
      return;
    }
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
    mailer_store_want_body (job->store, job->message, NULL);
  g_task_return_error (task, error);
}

static void
on_body_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MailerMessageItem *self = MAILER_MESSAGE_ITEM (source);
  GError *error = NULL;
  MailerBody *body = g_task_propagate_pointer (G_TASK (result), &error);

  if (body != NULL)
    g_task_return_pointer (task, body, g_object_unref);
  else
    {
      MailerEngine *engine = mailer_account_get_engine (self->account);

      /* Whoever is at work on the account fetches it before all else. */
      if (engine != NULL && g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
        mailer_engine_sync (engine, self->account);
      g_task_return_error (task, error);
    }
}

void
mailer_message_item_load_body_async (MailerMessageItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) step = NULL;
  MailerStore *store;
  BodyJob *job;

  g_return_if_fail (MAILER_IS_MESSAGE_ITEM (self));

  store = mailer_account_get_store (self->account);
  if (store == NULL)
    {
      g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "The account is gone");
      return;
    }
  job = g_new0 (BodyJob, 1);
  job->store = g_object_ref (store);
  job->message = self->row.id;
  step = g_task_new (self, cancellable, on_body_read, g_object_ref (task));
  g_task_set_task_data (step, job, (GDestroyNotify) body_job_free);
  g_task_run_in_thread (step, load_body_in_thread);
}

MailerBody *
mailer_message_item_load_body_finish (MailerMessageItem *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
