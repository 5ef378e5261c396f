/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-agent-private.h"

#include "config.h"

#include "cloud-account-change.h"
#include "cloud-accounts.h"
#include "cloud-paths.h"
#include "cloud-status.h"

/* The mail of one profile. */

enum
{
  PROP_0,
  PROP_UNREAD,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _MailerEngine
{
  GObject parent_instance;
  CloudAccounts *configs;
  CloudSecrets *secrets;
  CloudOutbox *journal;
  GListStore *accounts;
  GHashTable *tried; /* uuids whose database is being opened, or could not be */
  GListStore *outbox;
  GCancellable *cancellable;
  MailerAgent *agent; /* (nullable): only where no service can be started */
  gulong configs_id, entries_id;
  guint unread;
  gboolean serving;
};

G_DEFINE_FINAL_TYPE (MailerEngine, mailer_engine, G_TYPE_OBJECT)

/* ---- Accounts ---- */

/* The line that the home window shows of the mail. */
static void
write_status (MailerEngine *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  GVariantBuilder parameters;
  const char *newest_sender = NULL;
  const char *newest_subject = NULL;
  gint64 newest_us = G_MININT64;

  if (n == 0)
    {
      cloud_status_write ("mail", "no-account", NULL, NULL);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
      const char *sender, *subject;
      gint64 date_us = mailer_account_get_newest_unread (account, &sender, &subject);

      if (sender == NULL || date_us < newest_us)
        continue;
      newest_us = date_us;
      newest_sender = sender;
      newest_subject = subject;
    }
  g_variant_builder_init (&parameters, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&parameters, "{sv}", "count", g_variant_new_int32 ((gint32) self->unread));
  if (newest_sender != NULL)
    {
      g_variant_builder_add (&parameters, "{sv}", "sender", g_variant_new_string (newest_sender));
      g_variant_builder_add (&parameters, "{sv}", "subject", g_variant_new_string (newest_subject));
    }
  cloud_status_write ("mail", "unread", g_variant_builder_end (&parameters), NULL);
}

static void
count_unread (MailerEngine *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  guint unread = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      unread += mailer_account_get_unread (account);
    }
  if (unread == self->unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNREAD]);
}

static void
on_account_stored (MailerAccount *account, gpointer user_data)
{
  count_unread (user_data);
  write_status (user_data);
}

static gboolean
is_mail_account (CloudAccount *config)
{
  return cloud_account_get_endpoint (config, CLOUD_ENDPOINT_IMAP) != NULL || cloud_account_get_endpoint (config, CLOUD_ENDPOINT_LOCAL) != NULL;
}

static void
adopt_account (MailerEngine *self, MailerAccount *account)
{
  mailer_store_refresh_index (mailer_account_get_store (account), self->cancellable);
  g_signal_connect (account, "stored", G_CALLBACK (on_account_stored), self);
  g_list_store_append (self->accounts, account);
}

static void
open_account_sync (MailerEngine *self, CloudAccount *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerStore) store = mailer_store_open (cloud_account_get_uuid (config), cloud_account_get_address (config), &error);
  g_autoptr (MailerAccount) account = store != NULL ? mailer_account_new (self, config, store) : NULL;

  if (account == NULL)
    {
      g_warning ("Mail of %s: %s", cloud_account_get_name (config), error->message);
      g_hash_table_add (self->tried, g_strdup (cloud_account_get_uuid (config)));
      return;
    }
  mailer_account_refresh_sync (account);
  adopt_account (self, account);
}

/* An account's database, and what its lists say; the main thread waits for neither. */
typedef struct
{
  MailerEngine *engine;
  char *uuid;
  GTask *task; /* (nullable): goes on with the next account */
} Joining;

static void open_next (GTask *task);

static void
end_joining (Joining *self)
{
  GTask *task = self->task;

  if (task == NULL && self->engine->configs != NULL)
    {
      count_unread (self->engine);
      write_status (self->engine);
    }
  g_object_unref (self->engine);
  g_free (self->uuid);
  g_free (self);
  if (task != NULL)
    open_next (task);
}

/* The settings may have changed meanwhile, and the engine may have been closed. */
static CloudAccount *
find_joining (Joining *self)
{
  MailerEngine *engine = self->engine;

  return engine->configs != NULL && mailer_engine_find_account (engine, self->uuid) == NULL ? cloud_accounts_lookup (engine->configs, self->uuid) : NULL;
}

static void
on_account_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerAccount) account = g_object_ref (MAILER_ACCOUNT (source));
  Joining *self = user_data;

  if (find_joining (self) != NULL)
    adopt_account (self->engine, account);
  else
    mailer_account_close (account);
  g_hash_table_remove (self->engine->tried, self->uuid);
  end_joining (self);
}

static void
on_store_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Joining *self = user_data;
  CloudAccount *config = find_joining (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerStore) store = mailer_store_open_finish (result, &error);

  if (store != NULL && config != NULL)
    {
      g_autoptr (MailerAccount) account = mailer_account_new (self->engine, config, store);

      mailer_account_refresh_async (account, on_account_read, self);
      return;
    }
  if (store != NULL)
    g_hash_table_remove (self->engine->tried, self->uuid);
  else
    g_warning ("Mail of %s: %s", config != NULL ? cloud_account_get_name (config) : self->uuid, error->message);
  end_joining (self);
}

/* FALSE if there is nothing to open: it is open, or was tried. */
static gboolean
open_account_async (MailerEngine *self, CloudAccount *config, GTask *task)
{
  const char *uuid = cloud_account_get_uuid (config);
  Joining *joining;

  if (!is_mail_account (config) || mailer_engine_find_account (self, uuid) != NULL || !g_hash_table_add (self->tried, g_strdup (uuid)))
    return FALSE;
  joining = g_new0 (Joining, 1);
  joining->engine = g_object_ref (self);
  joining->uuid = g_strdup (uuid);
  joining->task = task;
  mailer_store_open_async (uuid, cloud_account_get_address (config), on_store_open, joining);
  return TRUE;
}

static gboolean
is_removed (gpointer uuid, gpointer value, gpointer user_data)
{
  return cloud_accounts_lookup (user_data, uuid) == NULL;
}

/* Brings the list of accounts to what the settings say; an account keeps its object. */
static void
collect_accounts (MailerEngine *self)
{
  GListModel *configs = G_LIST_MODEL (self->configs);
  GListModel *mine = G_LIST_MODEL (self->accounts);

  for (guint i = g_list_model_get_n_items (mine); i-- > 0;)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (mine, i);

      if (cloud_accounts_lookup (self->configs, mailer_account_get_id (account)) != NULL)
        continue;
      g_signal_handlers_disconnect_by_func (account, on_account_stored, self);
      g_list_store_remove (self->accounts, i);
      mailer_account_close (account);
    }
  g_hash_table_foreach_remove (self->tried, is_removed, self->configs);
  for (guint i = 0; i < g_list_model_get_n_items (configs); i++)
    {
      g_autoptr (CloudAccount) config = g_list_model_get_item (configs, i);

      open_account_async (self, config, NULL);
    }
  count_unread (self);
  write_status (self);
}

static void
on_configs_changed (GListModel *configs, guint at, guint removed, guint added, gpointer user_data)
{
  collect_accounts (user_data);
}

/* ---- Outbox ---- */

static void
on_entries_changed (GListModel *entries, guint at, guint removed, guint added, gpointer user_data)
{
  MailerEngine *self = user_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    {
      g_autoptr (CloudOutboxEntry) entry = g_list_model_get_item (entries, at + i);

      g_ptr_array_add (items, mailer_outbox_item_new (self, entry));
    }
  g_list_store_splice (self->outbox, at, removed, items->pdata, items->len);
}

/* ---- Opening ---- */

static char *
dup_journal_path (void)
{
  g_autofree char *dir = cloud_paths_data_dir ("mail");

  return g_build_filename (dir, "outbox.db", NULL);
}

static void
open_configs (MailerEngine *self)
{
  g_autoptr (GError) error = NULL;

  self->configs = cloud_accounts_new (NULL, &error);
  if (error != NULL)
    g_warning ("Accounts: %s", error->message);
  self->secrets = cloud_secrets_new (NULL);
  cloud_account_change_sweep_when_available (self->configs, self->secrets);
}

/* Everything is open: from here on it follows what changes. */
static void
follow (MailerEngine *self)
{
  GListModel *entries = cloud_outbox_get_entries (self->journal);

  self->configs_id = g_signal_connect (self->configs, "items-changed", G_CALLBACK (on_configs_changed), self);
  collect_accounts (self);
  self->entries_id = g_signal_connect (entries, "items-changed", G_CALLBACK (on_entries_changed), self);
  on_entries_changed (entries, 0, 0, g_list_model_get_n_items (entries), self);
}

MailerEngine *
mailer_engine_open_sync (GError **error)
{
  g_autoptr (MailerEngine) self = g_object_new (MAILER_TYPE_ENGINE, NULL);
  g_autofree char *path = dup_journal_path ();

  self->journal = cloud_outbox_open (path, error);
  if (self->journal == NULL)
    return NULL;
  open_configs (self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->configs)); i++)
    {
      g_autoptr (CloudAccount) config = g_list_model_get_item (G_LIST_MODEL (self->configs), i);

      if (is_mail_account (config))
        open_account_sync (self, config);
    }
  follow (self);
  return g_steal_pointer (&self);
}

/* The journal, then each account; the main thread waits for none of it. */
typedef struct
{
  MailerEngine *engine;
  guint next; /* of the configured accounts */
} OpenJob;

static void
open_job_free (OpenJob *job)
{
  g_clear_object (&job->engine);
  g_free (job);
}

static void
open_next (GTask *task)
{
  OpenJob *job = g_task_get_task_data (task);
  GListModel *configs = G_LIST_MODEL (job->engine->configs);

  while (job->next < g_list_model_get_n_items (configs))
    {
      g_autoptr (CloudAccount) config = g_list_model_get_item (configs, job->next++);

      if (open_account_async (job->engine, config, task))
        return;
    }
  follow (job->engine);
  g_task_return_pointer (task, g_steal_pointer (&job->engine), g_object_unref);
  g_object_unref (task);
}

static void
on_journal_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OpenJob *job = g_task_get_task_data (user_data);
  GError *error = NULL;

  job->engine->journal = cloud_outbox_open_finish (result, &error);
  if (job->engine->journal == NULL)
    {
      g_task_return_error (user_data, error);
      g_object_unref (user_data);
      return;
    }
  open_configs (job->engine);
  open_next (user_data);
}

void
mailer_engine_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  OpenJob *job = g_new0 (OpenJob, 1);
  g_autofree char *path = dup_journal_path ();

  job->engine = g_object_new (MAILER_TYPE_ENGINE, NULL);
  g_task_set_task_data (task, job, (GDestroyNotify) open_job_free);
  cloud_outbox_open_async (path, NULL, on_journal_open, task);
}

MailerEngine *
mailer_engine_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
mailer_engine_close (MailerEngine *self)
{
  guint n;

  g_return_if_fail (MAILER_IS_ENGINE (self));

  g_cancellable_cancel (self->cancellable);
  if (self->agent != NULL)
    mailer_agent_stop (self->agent);
  g_clear_object (&self->agent);
  if (self->journal != NULL)
    {
      g_clear_signal_handler (&self->entries_id, cloud_outbox_get_entries (self->journal));
      g_list_store_remove_all (self->outbox);
      cloud_outbox_close (self->journal);
    }
  g_clear_object (&self->journal);
  if (self->configs != NULL)
    g_clear_signal_handler (&self->configs_id, self->configs);
  g_clear_object (&self->configs);
  g_clear_object (&self->secrets);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      g_signal_handlers_disconnect_by_func (account, on_account_stored, self);
      mailer_account_close (account);
    }
  g_list_store_remove_all (self->accounts);
}

/* ---- Object ---- */

static void
mailer_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_UNREAD)
    g_value_set_uint (value, MAILER_ENGINE (object)->unread);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
mailer_engine_dispose (GObject *object)
{
  MailerEngine *self = MAILER_ENGINE (object);

  if (self->accounts != NULL)
    mailer_engine_close (self);
  g_clear_object (&self->accounts);
  g_clear_object (&self->outbox);
  g_clear_pointer (&self->tried, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (mailer_engine_parent_class)->dispose (object);
}

static void
mailer_engine_class_init (MailerEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mailer_engine_get_property;
  object_class->dispose = mailer_engine_dispose;
  props[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
mailer_engine_init (MailerEngine *self)
{
  self->accounts = g_list_store_new (MAILER_TYPE_ACCOUNT);
  self->outbox = g_list_store_new (MAILER_TYPE_OUTBOX_ITEM);
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

/* ---- Getters ---- */

GListModel *
mailer_engine_get_accounts (MailerEngine *self)
{
  g_return_val_if_fail (MAILER_IS_ENGINE (self), NULL);
  return G_LIST_MODEL (self->accounts);
}

MailerAccount *
mailer_engine_find_account (MailerEngine *self, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (g_strcmp0 (mailer_account_get_id (account), id) == 0)
        return account;
    }
  return NULL;
}

guint
mailer_engine_get_unread (MailerEngine *self)
{
  g_return_val_if_fail (MAILER_IS_ENGINE (self), 0);
  return self->unread;
}

GListModel *
mailer_engine_get_outbox (MailerEngine *self)
{
  g_return_val_if_fail (MAILER_IS_ENGINE (self), NULL);
  return G_LIST_MODEL (self->outbox);
}

CloudOutbox *
mailer_engine_get_journal (MailerEngine *self)
{
  return self->journal;
}

CloudSecrets *
mailer_engine_get_secrets (MailerEngine *self)
{
  return self->secrets;
}

CloudAccounts *
mailer_engine_get_configs (MailerEngine *self)
{
  return self->configs;
}

gint64
mailer_engine_get_size_bytes (MailerEngine *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  gint64 size = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      size += mailer_account_get_size_bytes (account);
    }
  return size;
}

MailerConversationList *
mailer_engine_list_inbox (MailerEngine *self)
{
  g_return_val_if_fail (MAILER_IS_ENGINE (self), NULL);
  return mailer_conversation_list_new_inbox (self);
}

MailerConversationList *
mailer_engine_list_folder (MailerEngine *self, MailerFolder *folder)
{
  g_return_val_if_fail (MAILER_IS_FOLDER (folder), NULL);
  return mailer_conversation_list_new_folder (folder);
}

GPtrArray *
mailer_engine_load_folder_sync (MailerEngine *self, MailerFolder *folder, guint max, GError **error)
{
  MailerAccount *account = mailer_folder_get_account (folder);
  g_autoptr (GPtrArray) rows = mailer_store_load_folder (mailer_account_get_store (account), mailer_folder_get_id (folder), max, error);
  GPtrArray *items;

  if (rows == NULL)
    return NULL;
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (items, mailer_message_item_new (account, g_ptr_array_index (rows, i)));
  return items;
}

MailerSearch *
mailer_engine_search (MailerEngine *self, const char *query)
{
  g_return_val_if_fail (MAILER_IS_ENGINE (self), NULL);
  return mailer_search_new (self, query);
}

/* ---- Waking the service ---- */

gboolean
mailer_engine_has_work (MailerEngine *self)
{
  GListModel *entries = self->journal != NULL ? cloud_outbox_get_entries (self->journal) : NULL;

  for (guint i = 0; entries != NULL && i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr (CloudOutboxEntry) entry = g_list_model_get_item (entries, i);
      CloudOutboxState state = cloud_outbox_entry_get_state (entry);

      if (state != CLOUD_OUTBOX_STATE_FAILED && state != CLOUD_OUTBOX_STATE_UNCERTAIN && !cloud_outbox_entry_get_stopped (entry))
        return TRUE;
    }
  return FALSE;
}

void
mailer_engine_set_serving (MailerEngine *self)
{
  self->serving = TRUE;
}

static void
work_here (MailerEngine *self, MailerAccount *account)
{
  if (self->agent == NULL)
    {
      self->agent = mailer_agent_new (self, TRUE);
      mailer_agent_start (self->agent);
    }
  mailer_agent_sync (self->agent, account);
}

static void
on_service_woken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerEngine) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("No mail service (%s); working in this process", error->message);
  if (self->journal != NULL)
    work_here (self, NULL);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MailerEngine) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  GVariantBuilder parameters;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      if (self->journal != NULL)
        work_here (self, NULL);
      return;
    }
  g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
  g_dbus_connection_call (bus, CIRRUS_ID_PREFIX ".Mail.Service", CIRRUS_ID_PATH "/Mail/Service", "org.freedesktop.Application", "ActivateAction",
                          g_variant_new ("(sava{sv})", "sync", &parameters, NULL), NULL, G_DBUS_CALL_FLAGS_NONE, 10000, self->cancellable, on_service_woken,
                          g_object_ref (self));
}

gboolean
mailer_engine_wake_service_sync (MailerEngine *self)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;
  GVariantBuilder parameters;

  g_return_val_if_fail (MAILER_IS_ENGINE (self), FALSE);

  if (bus == NULL)
    return FALSE;
  g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
  answer = g_dbus_connection_call_sync (bus, CIRRUS_ID_PREFIX ".Mail.Service", CIRRUS_ID_PATH "/Mail/Service", "org.freedesktop.Application",
                                        "ActivateAction", g_variant_new ("(sava{sv})", "sync", &parameters, NULL), NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL,
                                        NULL);
  return answer != NULL;
}

void
mailer_engine_sync (MailerEngine *self, MailerAccount *account)
{
  guint n;
  gboolean any = FALSE;

  g_return_if_fail (MAILER_IS_ENGINE (self));

  /* The settings' accounts: one that was just added may not be open yet. */
  n = self->configs != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->configs)) : 0;
  for (guint i = 0; i < n && !any; i++)
    {
      g_autoptr (CloudAccount) one = g_list_model_get_item (G_LIST_MODEL (self->configs), i);

      any = cloud_account_get_endpoint (one, CLOUD_ENDPOINT_IMAP) != NULL;
    }
  if (!any || self->serving)
    return;
  if (self->agent != NULL)
    work_here (self, account);
  else
    g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, on_bus, g_object_ref (self));
}
