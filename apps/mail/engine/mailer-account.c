/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-engine-private.h"

#include "cloud-error.h"

#include <string.h>

/* An account as lists show it: follows its database. */

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_ADDRESS,
  PROP_IS_LOCAL,
  PROP_FOLDERS,
  PROP_UNREAD,
  PROP_SYNC_STATE,
  PROP_PROGRESS,
  PROP_ERROR,
  PROP_LAST_SYNC,
  N_PROPS,
};

enum
{
  STORED,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

struct _MailerAccount
{
  GObject parent_instance;
  GWeakRef engine;
  CloudAccount *config;
  MailerStore *store;
  GListStore *folders;
  gulong changed_id;
  guint unread;
  char *newest_sender, *newest_subject; /* (nullable): of the newest unread message */
  gint64 newest_unix_us;
  MailerSyncStatus status;
  GError *error;
  gboolean refreshing, again;
};

G_DEFINE_FINAL_TYPE (MailerAccount, mailer_account, G_TYPE_OBJECT)

/* ---- Refreshing ---- */

typedef struct
{
  GPtrArray *folders;
  guint unread;
  MailerSyncStatus status;
  MailerMessageRow *newest; /* (nullable): the newest unread */
} Snapshot;

static void
snapshot_free (Snapshot *self)
{
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->status.message, g_free);
  mailer_message_row_free (self->newest);
  g_free (self);
}

static Snapshot *
take_snapshot (MailerStore *store, GError **error)
{
  Snapshot *snapshot = g_new0 (Snapshot, 1);

  snapshot->folders = mailer_store_list_folders (store, error);
  snapshot->newest = mailer_store_load_newest_unread (store, NULL);
  if (snapshot->folders != NULL && mailer_store_count_unread (store, &snapshot->unread, error) && mailer_store_get_status (store, &snapshot->status, error))
    return snapshot;
  snapshot_free (snapshot);
  return NULL;
}

static void
refresh_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  Snapshot *snapshot = take_snapshot (data, &error);

  if (snapshot != NULL)
    g_task_return_pointer (task, snapshot, (GDestroyNotify) snapshot_free);
  else
    g_task_return_error (task, error);
}

/* The folder objects stay as long as their folder does. */
static void
apply_folders (MailerAccount *self, GPtrArray *rows)
{
  GListModel *model = G_LIST_MODEL (self->folders);
  guint n = g_list_model_get_n_items (model);
  gboolean same = n == rows->len;
  g_autoptr (GPtrArray) next = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < rows->len; i++)
    {
      MailerFolderRow *row = g_ptr_array_index (rows, i);
      MailerFolder *folder = mailer_account_find_folder (self, row->id);

      if (folder != NULL)
        mailer_folder_update (g_object_ref (folder), row);
      else
        folder = mailer_folder_new (self, row);
      g_ptr_array_add (next, folder);
      if (same)
        {
          g_autoptr (MailerFolder) old = g_list_model_get_item (model, i);

          same = old == folder;
        }
    }
  if (!same)
    g_list_store_splice (self->folders, 0, n, next->pdata, next->len);
}

static void
apply_status (MailerAccount *self, const MailerSyncStatus *status)
{
  GObject *object = G_OBJECT (self);
  gboolean other_error = self->status.error_code != status->error_code || g_strcmp0 (self->status.message, status->message) != 0;

  g_free (self->status.message);
  self->status = *status;
  self->status.message = g_strdup (status->message);
  g_object_notify_by_pspec (object, props[PROP_SYNC_STATE]);
  g_object_notify_by_pspec (object, props[PROP_PROGRESS]);
  g_object_notify_by_pspec (object, props[PROP_LAST_SYNC]);
  if (!other_error)
    return;
  g_clear_error (&self->error);
  if (status->error_code >= 0)
    self->error = g_error_new_literal (CLOUD_ERROR, status->error_code, status->message != NULL ? status->message : "");
  g_object_notify_by_pspec (object, props[PROP_ERROR]);
}

static void
apply_snapshot (MailerAccount *self, Snapshot *snapshot)
{
  const MailerMessageRow *newest = snapshot->newest;

  g_object_freeze_notify (G_OBJECT (self));
  g_free (self->newest_sender);
  g_free (self->newest_subject);
  self->newest_sender = newest != NULL ? g_strdup (*newest->from_name != '\0' ? newest->from_name : newest->from_address) : NULL;
  self->newest_subject = newest != NULL ? g_strdup (newest->subject) : NULL;
  self->newest_unix_us = newest != NULL ? newest->date_unix_us : G_MININT64;
  apply_folders (self, snapshot->folders);
  if (self->unread != snapshot->unread)
    {
      self->unread = snapshot->unread;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNREAD]);
    }
  apply_status (self, &snapshot->status);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MailerAccount *self = MAILER_ACCOUNT (source);
  g_autoptr (GError) error = NULL;
  Snapshot *snapshot = g_task_propagate_pointer (G_TASK (result), &error);

  self->refreshing = FALSE;
  if (self->store == NULL)
    {
      g_clear_pointer (&snapshot, snapshot_free);
      return;
    }
  if (snapshot != NULL)
    {
      apply_snapshot (self, snapshot);
      snapshot_free (snapshot);
      g_signal_emit (self, signals[STORED], 0);
    }
  else
    g_warning ("Account %s: %s", cloud_account_get_name (self->config), error->message);
  if (self->again)
    mailer_account_refresh (self);
}

void
mailer_account_refresh (MailerAccount *self)
{
  g_autoptr (GTask) task = NULL;

  self->again = self->refreshing;
  if (self->refreshing || self->store == NULL)
    return;
  self->refreshing = TRUE;
  task = g_task_new (self, NULL, on_refreshed, NULL);
  g_task_set_task_data (task, g_object_ref (self->store), g_object_unref);
  g_task_run_in_thread (task, refresh_in_thread);
}

static void
on_first_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  MailerAccount *self = MAILER_ACCOUNT (source);
  Snapshot *snapshot = g_task_propagate_pointer (G_TASK (result), NULL);

  if (snapshot != NULL && self->store != NULL)
    apply_snapshot (self, snapshot);
  g_clear_pointer (&snapshot, snapshot_free);
  g_task_return_boolean (task, TRUE);
}

void
mailer_account_refresh_async (MailerAccount *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_first_refreshed, g_task_new (self, NULL, callback, user_data));

  g_task_set_task_data (task, g_object_ref (self->store), g_object_unref);
  g_task_run_in_thread (task, refresh_in_thread);
}

void
mailer_account_refresh_sync (MailerAccount *self)
{
  Snapshot *snapshot = take_snapshot (self->store, NULL);

  if (snapshot == NULL)
    return;
  apply_snapshot (self, snapshot);
  snapshot_free (snapshot);
}

static void
on_database_changed (CloudStore *database, gboolean by_other, gpointer user_data)
{
  mailer_account_refresh (user_data);
}

/* ---- Object ---- */

static void
mailer_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MailerAccount *self = MAILER_ACCOUNT (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, mailer_account_get_id (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, mailer_account_get_name (self));
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, mailer_account_get_address (self));
      break;
    case PROP_IS_LOCAL:
      g_value_set_boolean (value, mailer_account_is_local (self));
      break;
    case PROP_FOLDERS:
      g_value_set_object (value, self->folders);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_SYNC_STATE:
      g_value_set_int (value, self->status.state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, mailer_account_get_progress (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_LAST_SYNC:
      g_value_set_int64 (value, self->status.last_sync_unix_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

void
mailer_account_close (MailerAccount *self)
{
  if (self->store != NULL)
    g_clear_signal_handler (&self->changed_id, mailer_store_get_database (self->store));
  g_clear_object (&self->store);
}

static void
mailer_account_dispose (GObject *object)
{
  MailerAccount *self = MAILER_ACCOUNT (object);

  mailer_account_close (self);
  g_weak_ref_clear (&self->engine);
  g_clear_object (&self->config);
  g_clear_object (&self->folders);
  g_clear_error (&self->error);
  g_clear_pointer (&self->status.message, g_free);
  g_clear_pointer (&self->newest_sender, g_free);
  g_clear_pointer (&self->newest_subject, g_free);
  G_OBJECT_CLASS (mailer_account_parent_class)->dispose (object);
}

static void
mailer_account_class_init (MailerAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = mailer_account_get_property;
  object_class->dispose = mailer_account_dispose;
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, "", flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  props[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, "", flags);
  props[PROP_IS_LOCAL] = g_param_spec_boolean ("is-local", NULL, NULL, FALSE, flags);
  props[PROP_FOLDERS] = g_param_spec_object ("folders", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  props[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_SYNC_STATE] = g_param_spec_int ("sync-state", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  props[PROP_LAST_SYNC] = g_param_spec_int64 ("last-sync", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[STORED] = g_signal_new ("stored", MAILER_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mailer_account_init (MailerAccount *self)
{
  self->folders = g_list_store_new (MAILER_TYPE_FOLDER);
  self->status.error_code = -1;
  g_weak_ref_init (&self->engine, NULL);
}

MailerAccount *
mailer_account_new (MailerEngine *engine, CloudAccount *config, MailerStore *store)
{
  MailerAccount *self = g_object_new (MAILER_TYPE_ACCOUNT, NULL);

  g_weak_ref_set (&self->engine, engine);
  self->config = g_object_ref (config);
  self->store = g_object_ref (store);
  self->changed_id = g_signal_connect (mailer_store_get_database (store), "changed", G_CALLBACK (on_database_changed), self);
  return self;
}

MailerStore *
mailer_account_get_store (MailerAccount *self)
{
  return self->store;
}

CloudAccount *
mailer_account_get_config (MailerAccount *self)
{
  return self->config;
}

MailerEngine *
mailer_account_get_engine (MailerAccount *self)
{
  g_autoptr (MailerEngine) engine = g_weak_ref_get (&self->engine);

  return engine;
}

const char *
mailer_account_get_id (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), NULL);
  return cloud_account_get_uuid (self->config);
}

const char *
mailer_account_get_name (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), NULL);
  return cloud_account_get_name (self->config);
}

const char *
mailer_account_get_address (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), NULL);
  return cloud_account_get_address (self->config);
}

gboolean
mailer_account_is_local (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), FALSE);
  return cloud_account_get_endpoint (self->config, CLOUD_ENDPOINT_IMAP) == NULL;
}

GListModel *
mailer_account_get_folders (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), NULL);
  return G_LIST_MODEL (self->folders);
}

MailerFolder *
mailer_account_find_folder (MailerAccount *self, gint64 id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (mailer_folder_get_id (folder) == id)
        return folder;
    }
  return NULL;
}

MailerFolder *
mailer_account_find_folder_by_role (MailerAccount *self, MailerRole role)
{
  guint n;

  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), NULL);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->folders));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerFolder) folder = g_list_model_get_item (G_LIST_MODEL (self->folders), i);

      if (mailer_folder_get_role (folder) == role)
        return folder;
    }
  return NULL;
}

guint
mailer_account_get_unread (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), 0);
  return self->unread;
}

gint64
mailer_account_get_newest_unread (MailerAccount *self, const char **sender, const char **subject)
{
  *sender = self->newest_sender;
  *subject = self->newest_subject;
  return self->newest_unix_us;
}

MailerSyncState
mailer_account_get_sync_state (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), MAILER_SYNC_IDLE);
  return self->status.state;
}

double
mailer_account_get_progress (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), -1);
  return self->status.total > 0 ? CLAMP ((double) self->status.done / self->status.total, 0, 1) : -1;
}

const GError *
mailer_account_get_error (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), NULL);
  return self->error;
}

gint64
mailer_account_get_last_sync (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), 0);
  return self->status.last_sync_unix_us;
}

gint64
mailer_account_get_size_bytes (MailerAccount *self)
{
  g_return_val_if_fail (MAILER_IS_ACCOUNT (self), 0);
  return self->store != NULL ? cloud_store_get_size_bytes (mailer_store_get_database (self->store)) : 0;
}
