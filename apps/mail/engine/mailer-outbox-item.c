/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-agent-private.h"

#include "cloud-error.h"

#include <string.h>

/* A row of the outbox. */

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_IS_SEND,
  PROP_TITLE,
  PROP_RECIPIENTS,
  PROP_STATE,
  PROP_ERROR,
  PROP_RETRY_AT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _MailerOutboxItem
{
  GObject parent_instance;
  MailerEngine *engine;
  CloudOutboxEntry *entry;
  MailerAccount *account;
  char *recipients;
  GError *error;
  gulong notify_id;
};

G_DEFINE_FINAL_TYPE (MailerOutboxItem, mailer_outbox_item, G_TYPE_OBJECT)

static void
mailer_outbox_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerOutboxItem *self = MAILER_OUTBOX_ITEM (object);

  switch (id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_IS_SEND:
      g_value_set_boolean (value, mailer_outbox_item_is_send (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, mailer_outbox_item_get_title (self));
      break;
    case PROP_RECIPIENTS:
      g_value_set_string (value, self->recipients);
      break;
    case PROP_STATE:
      g_value_set_int (value, mailer_outbox_item_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_RETRY_AT:
      g_value_set_int64 (value, mailer_outbox_item_get_retry_at (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
read_error (MailerOutboxItem *self)
{
  int code = cloud_outbox_entry_get_error_code (self->entry);
  const char *message = cloud_outbox_entry_get_error_message (self->entry);

  g_clear_error (&self->error);
  if (code >= 0)
    self->error = g_error_new_literal (CLOUD_ERROR, code, message != NULL ? message : "");
}

static void
on_entry_changed (CloudOutboxEntry *entry, GParamSpec *pspec, gpointer user_data)
{
  MailerOutboxItem *self = user_data;

  read_error (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RETRY_AT]);
}

static void
mailer_outbox_item_dispose (GObject *object)
{
  MailerOutboxItem *self = MAILER_OUTBOX_ITEM (object);

  if (self->entry != NULL)
    g_clear_signal_handler (&self->notify_id, self->entry);
  g_clear_object (&self->entry);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);
  g_clear_error (&self->error);
  g_clear_pointer (&self->recipients, g_free);
  G_OBJECT_CLASS (mailer_outbox_item_parent_class)->dispose (object);
}

static void
mailer_outbox_item_class_init (MailerOutboxItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mailer_outbox_item_get_property;
  object_class->dispose = mailer_outbox_item_dispose;
  props[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, MAILER_TYPE_ACCOUNT, flags);
  props[PROP_IS_SEND] = g_param_spec_boolean ("is-send", NULL, NULL, FALSE, flags);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_RECIPIENTS] = g_param_spec_string ("recipients", NULL, NULL, "", flags);
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_RETRY_AT] = g_param_spec_int64 ("retry-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_outbox_item_init (MailerOutboxItem *self)
{
  self->recipients = g_strdup ("");
}

/* Entries of the list come without payload: who it goes to is looked up once. */
static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerOutboxItem) self = user_data;
  g_autoptr (CloudOutboxEntry) entry = cloud_outbox_lookup_finish (CLOUD_OUTBOX (source), result, NULL);
  MailerOutgoing outgoing = { 0 };

  if (entry == NULL || cloud_outbox_entry_get_payload (entry) == NULL || !mailer_outgoing_unpack (cloud_outbox_entry_get_payload (entry), &outgoing))
    return;
  g_free (self->recipients);
  self->recipients = g_strjoinv (", ", outgoing.recipients);
  mailer_outgoing_clear (&outgoing);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RECIPIENTS]);
}

MailerOutboxItem *
mailer_outbox_item_new (MailerEngine *engine, CloudOutboxEntry *entry)
{
  MailerOutboxItem *self = g_object_new (MAILER_TYPE_OUTBOX_ITEM, NULL);
  g_auto (GStrv) lane = g_strsplit (cloud_outbox_entry_get_target (entry), "/", 2);
  MailerAccount *account = mailer_engine_find_account (engine, lane[0]);

  self->engine = g_object_ref (engine);
  self->entry = g_object_ref (entry);
  self->account = account != NULL ? g_object_ref (account) : NULL;
  self->notify_id = g_signal_connect (entry, "notify", G_CALLBACK (on_entry_changed), self);
  read_error (self);
  if (mailer_outbox_item_is_send (self))
    cloud_outbox_lookup_async (mailer_engine_get_journal (engine), cloud_outbox_entry_get_uuid (entry), NULL, on_looked_up, g_object_ref (self));
  return self;
}

MailerAccount *
mailer_outbox_item_get_account (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), NULL);
  return self->account;
}

gboolean
mailer_outbox_item_is_send (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), FALSE);
  return g_strcmp0 (cloud_outbox_entry_get_kind (self->entry), MAILER_KIND_SEND) == 0;
}

const char *
mailer_outbox_item_get_title (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), NULL);
  return cloud_outbox_entry_get_label (self->entry);
}

const char *
mailer_outbox_item_get_recipients (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), NULL);
  return self->recipients;
}

MailerOutboxState
mailer_outbox_item_get_state (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), MAILER_OUTBOX_WAITING);
  switch (cloud_outbox_entry_get_state (self->entry))
    {
    case CLOUD_OUTBOX_STATE_SENDING:
      return MAILER_OUTBOX_SENDING;
    case CLOUD_OUTBOX_STATE_FAILED:
      return MAILER_OUTBOX_FAILED;
    case CLOUD_OUTBOX_STATE_UNCERTAIN:
      return MAILER_OUTBOX_UNCERTAIN;
    default:
      return MAILER_OUTBOX_WAITING;
    }
}

const GError *
mailer_outbox_item_get_error (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), NULL);
  return self->error;
}

gint64
mailer_outbox_item_get_retry_at (MailerOutboxItem *self)
{
  g_return_val_if_fail (MAILER_IS_OUTBOX_ITEM (self), 0);
  return cloud_outbox_entry_get_next_attempt_unix_us (self->entry);
}

/* ---- Cancel, retry and confirm ---- */

/* What is taken out of the outbox is a draft before it leaves the journal: at no instant is it in neither. */
typedef struct
{
  MailerDraft *draft; /* (nullable) */
  MailerTaken taken;
  GError *error; /* (nullable): why it cannot be taken out */
} Cancel;

static void
cancel_free (gpointer data)
{
  Cancel *cancel = data;

  g_clear_object (&cancel->draft);
  g_clear_error (&cancel->error);
  g_free (cancel);
}

static void
revert_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  MailerOutboxItem *self = source;
  GError *error = NULL;

  if (mailer_store_revert (mailer_account_get_store (self->account), cloud_outbox_entry_get_uuid (self->entry), FALSE, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_draft_discarded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Cancel *cancel = g_task_get_task_data (task);

  mailer_draft_discard_finish (MAILER_DRAFT (source), result, NULL);
  g_task_return_error (task, g_steal_pointer (&cancel->error));
}

static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Cancel *cancel = g_task_get_task_data (task);
  MailerOutboxItem *self = g_task_get_source_object (task);
  g_autoptr (CloudOutboxEntry) entry = cloud_outbox_cancel_finish (CLOUD_OUTBOX (source), result, &cancel->error);

  if (entry != NULL && mailer_outbox_item_is_send (self))
    cancel->taken = mailer_agent_judge_send (entry);
  if (entry == NULL && cancel->draft != NULL)
    mailer_draft_discard_async (cancel->draft, NULL, on_draft_discarded, g_object_ref (task));
  else if (entry == NULL)
    g_task_return_error (task, g_steal_pointer (&cancel->error));
  else if (!mailer_outbox_item_is_send (self) && self->account != NULL && mailer_account_get_store (self->account) != NULL)
    g_task_run_in_thread (task, revert_in_thread);
  else
    g_task_return_boolean (task, TRUE);
}

static void
cancel_entry (GTask *task)
{
  MailerOutboxItem *self = g_task_get_source_object (task);

  cloud_outbox_cancel_async (mailer_engine_get_journal (self->engine), cloud_outbox_entry_get_uuid (self->entry), NULL, on_cancelled, g_object_ref (task));
}

static void
on_draft_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (mailer_draft_save_finish (MAILER_DRAFT (source), result, &error))
    cancel_entry (task);
  else
    g_task_return_error (task, error);
}

static void
on_cancel_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Cancel *cancel = g_task_get_task_data (task);
  MailerOutboxItem *self = g_task_get_source_object (task);
  g_autoptr (CloudOutboxEntry) entry = cloud_outbox_lookup_finish (CLOUD_OUTBOX (source), result, NULL);
  MailerOutgoing outgoing = { 0 };

  if (entry != NULL && cloud_outbox_entry_get_state (entry) != CLOUD_OUTBOX_STATE_SENDING && self->account != NULL
      && mailer_account_get_store (self->account) != NULL && cloud_outbox_entry_get_payload (entry) != NULL
      && mailer_outgoing_unpack (cloud_outbox_entry_get_payload (entry), &outgoing))
    {
      cancel->draft = mailer_draft_deserialize (self->engine, self->account, outgoing.draft);
      mailer_outgoing_clear (&outgoing);
    }
  if (cancel->draft != NULL)
    mailer_draft_save_async (cancel->draft, NULL, on_draft_saved, g_object_ref (task));
  else
    cancel_entry (task);
}

void
mailer_outbox_item_cancel_async (MailerOutboxItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, g_new0 (Cancel, 1), cancel_free);
  if (mailer_outbox_item_is_send (self))
    cloud_outbox_lookup_async (mailer_engine_get_journal (self->engine), cloud_outbox_entry_get_uuid (self->entry), NULL, on_cancel_looked_up, g_object_ref (task));
  else
    cancel_entry (task);
}

gboolean
mailer_outbox_item_cancel_finish (MailerOutboxItem *self, GAsyncResult *result, MailerTaken *taken, GError **error)
{
  if (taken != NULL)
    *taken = ((Cancel *) g_task_get_task_data (G_TASK (result)))->taken;
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_retried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MailerOutboxItem *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (cloud_outbox_change_finish (CLOUD_OUTBOX (source), result, &error))
    {
      mailer_engine_sync (self->engine, self->account);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

void
mailer_outbox_item_retry_async (MailerOutboxItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  cloud_outbox_retry_async (mailer_engine_get_journal (self->engine), cloud_outbox_entry_get_uuid (self->entry), NULL, on_retried, g_object_ref (task));
}

gboolean
mailer_outbox_item_retry_finish (MailerOutboxItem *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cloud_outbox_change_finish (CLOUD_OUTBOX (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
mailer_outbox_item_confirm_async (MailerOutboxItem *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  cloud_outbox_confirm_async (mailer_engine_get_journal (self->engine), cloud_outbox_entry_get_uuid (self->entry), NULL, on_confirmed, g_object_ref (task));
}

gboolean
mailer_outbox_item_confirm_finish (MailerOutboxItem *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
