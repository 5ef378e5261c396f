/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"
#include "mailer-row.h"

#include "cloud-error.h"

/* A message as a card shows it. */

static const MailerField fields[] = {
  MAILER_FIELD ("subject", STRING, MailerMessageRow, subject),
  MAILER_FIELD ("from-name", STRING, MailerMessageRow, from_name),
  MAILER_FIELD ("from-address", STRING, MailerMessageRow, from_address),
  MAILER_FIELD ("to", STRING, MailerMessageRow, to),
  MAILER_FIELD ("cc", STRING, MailerMessageRow, cc),
  MAILER_FIELD ("preview", STRING, MailerMessageRow, preview),
  MAILER_FIELD ("message-id", STRING, MailerMessageRow, message_id),
  MAILER_FIELD ("folder-name", STRING, MailerMessageRow, folder_path),
  MAILER_FIELD ("date", INT64, MailerMessageRow, date_unix_us),
  MAILER_FIELD_BIT ("unread", NO_FLAG, MailerMessageRow, flags, MAILER_FLAG_SEEN),
  MAILER_FIELD_BIT ("starred", FLAG, MailerMessageRow, flags, MAILER_FLAG_FLAGGED),
  MAILER_FIELD_BIT ("answered", FLAG, MailerMessageRow, flags, MAILER_FLAG_ANSWERED),
  MAILER_FIELD_BIT ("forwarded", FLAG, MailerMessageRow, flags, MAILER_FLAG_FORWARDED),
  MAILER_FIELD ("outgoing", BOOLEAN, MailerMessageRow, outgoing),
  MAILER_FIELD ("has-attachment", BOOLEAN, MailerMessageRow, has_attachment),
  MAILER_FIELD ("has-body", BOOLEAN, MailerMessageRow, has_body),
};

G_STATIC_ASSERT (sizeof (MailerFlags) == sizeof (guint));

enum
{
  PROP_ACCOUNT = G_N_ELEMENTS (fields) + 1,
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

  if (id == PROP_ACCOUNT)
    g_value_set_object (value, self->account);
  else
    mailer_row_get (&self->row, &fields[id - 1], value);
}

static void
mailer_message_item_finalize (GObject *object)
{
  MailerMessageItem *self = MAILER_MESSAGE_ITEM (object);

  g_clear_object (&self->account);
  mailer_row_clear (&self->row, fields, G_N_ELEMENTS (fields));
  G_OBJECT_CLASS (mailer_message_item_parent_class)->finalize (object);
}

static void
mailer_message_item_class_init (MailerMessageItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_message_item_get_property;
  object_class->finalize = mailer_message_item_finalize;
  mailer_row_make_properties (fields, G_N_ELEMENTS (fields), props);
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, MAILER_TYPE_ACCOUNT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
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
  mailer_row_take (G_OBJECT (self), &self->row, row, sizeof *row, fields, G_N_ELEMENTS (fields), props);
  return self;
}

gboolean
mailer_message_item_update (MailerMessageItem *self, const MailerMessageRow *row)
{
  if (self->row.id != row->id)
    return FALSE;
  mailer_row_take (G_OBJECT (self), &self->row, row, sizeof *row, fields, G_N_ELEMENTS (fields), props);
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
