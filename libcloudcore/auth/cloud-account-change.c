/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-auth"

#include "cloud-account-change.h"

#include "cloud-error.h"

/* Secrets under new names, the account, then the old names: the middle step decides. */

typedef struct
{
  CloudSecrets *secrets;
  CloudAccount *account;
  char *secret; /* (nullable) */
  char *label;
  GPtrArray *fresh; /* references that the changed account names */
  GPtrArray *stale; /* those that it no longer names */
  guint n_stored, n_dropping;
  GError *error; /* (nullable): why it did not come to pass */
} Change;

static void
change_free (Change *self)
{
  g_object_unref (self->secrets);
  g_clear_object (&self->account);
  cloud_secret_free (self->secret);
  g_free (self->label);
  g_ptr_array_unref (self->fresh);
  g_ptr_array_unref (self->stale);
  g_clear_error (&self->error);
  g_free (self);
}

static GTask *
change_start (CloudAccounts *accounts, CloudSecrets *secrets, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (accounts, NULL, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->secrets = g_object_ref (secrets);
  change->fresh = g_ptr_array_new_with_free_func (g_free);
  change->stale = g_ptr_array_new_with_free_func (g_free);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  return task;
}

/* ---- Dropping what nothing names: the last step in any case ---- */

static void
end (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  if (change->error != NULL)
    g_task_return_error (task, g_steal_pointer (&change->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!cloud_secrets_remove_finish (CLOUD_SECRETS (source), result, &error) && !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    g_message ("A secret that is no longer used stays: %s", error->message);
  if (--change->n_dropping == 0)
    end (task);
}

/* Drops the first @n of @references and ends. */
static void
drop (GTask *task, GPtrArray *references, guint n)
{
  Change *change = g_task_get_task_data (task);

  change->n_dropping = n;
  if (n == 0)
    end (task);
  for (guint i = 0; i < n; i++)
    cloud_secrets_remove_async (change->secrets, g_ptr_array_index (references, i), NULL, on_dropped, task);
}

/* ---- Saving ---- */

static void store_next (GTask *task);

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);

  if (cloud_accounts_save_finish (CLOUD_ACCOUNTS (source), result, &change->error))
    drop (task, change->stale, change->stale->len);
  else
    drop (task, change->fresh, change->n_stored);
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);

  if (!cloud_secrets_store_finish (CLOUD_SECRETS (source), result, &change->error))
    {
      drop (task, change->fresh, change->n_stored);
      return;
    }
  change->n_stored++;
  store_next (task);
}

static void
store_next (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  if (change->n_stored < change->fresh->len)
    cloud_secrets_store_async (change->secrets, g_ptr_array_index (change->fresh, change->n_stored), change->label, change->secret, NULL, on_stored, task);
  else
    cloud_accounts_save_async (g_task_get_source_object (task), change->account, NULL, on_saved, task);
}

/* Gives an endpoint a reference that nothing has been stored under.  @kept: (nullable): the same endpoint as it is on the disk. */
static void
rename_credential (Change *change, const CloudEndpoint *endpoint, const CloudEndpoint *kept)
{
  g_autoptr (CloudEndpoint) renamed = cloud_endpoint_copy (endpoint);
  g_autofree char *unique = g_uuid_string_random ();

  if (kept != NULL)
    g_ptr_array_add (change->stale, g_strdup (kept->credential));
  g_free (renamed->credential);
  renamed->credential = g_strdup_printf ("%s/%s/%.8s", cloud_account_get_uuid (change->account), cloud_endpoint_kind_name (endpoint->kind), unique);
  g_ptr_array_add (change->fresh, g_strdup (renamed->credential));
  cloud_account_set_endpoint (change->account, renamed);
}

void
cloud_account_change_save_async (CloudAccounts *accounts, CloudSecrets *secrets, CloudAccount *account, const char *secret, guint kinds, const char *label,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  CloudAccount *kept;
  GTask *task;
  Change *change;

  g_return_if_fail (CLOUD_IS_ACCOUNTS (accounts) && CLOUD_IS_SECRETS (secrets) && CLOUD_IS_ACCOUNT (account) && label != NULL);

  kept = cloud_accounts_lookup (accounts, cloud_account_get_uuid (account));
  task = change_start (accounts, secrets, cloud_account_change_save_async, callback, user_data);
  change = g_task_get_task_data (task);
  change->account = cloud_account_copy (account);
  change->label = g_strdup (label);
  change->secret = g_strdup (secret);
  for (guint kind = 0; secret != NULL && kind < CLOUD_ENDPOINT_N_KINDS; kind++)
    {
      const CloudEndpoint *endpoint = (kinds & (1u << kind)) != 0 ? cloud_account_get_endpoint (account, (CloudEndpointKind) kind) : NULL;

      if (endpoint != NULL)
        rename_credential (change, endpoint, kept != NULL ? cloud_account_get_endpoint (kept, (CloudEndpointKind) kind) : NULL);
    }
  store_next (task);
}

gboolean
cloud_account_change_save_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, accounts), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Removing ---- */

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);
  gboolean removed = cloud_accounts_remove_finish (CLOUD_ACCOUNTS (source), result, &change->error);

  drop (task, change->stale, removed ? change->stale->len : 0);
}

void
cloud_account_change_remove_async (CloudAccounts *accounts, CloudSecrets *secrets, const char *uuid, GAsyncReadyCallback callback, gpointer user_data)
{
  CloudAccount *account;
  GTask *task;
  Change *change;

  g_return_if_fail (CLOUD_IS_ACCOUNTS (accounts) && CLOUD_IS_SECRETS (secrets) && uuid != NULL);

  task = change_start (accounts, secrets, cloud_account_change_remove_async, callback, user_data);
  change = g_task_get_task_data (task);
  account = cloud_accounts_lookup (accounts, uuid);
  for (guint kind = 0; account != NULL && kind < CLOUD_ENDPOINT_N_KINDS; kind++)
    {
      const CloudEndpoint *endpoint = cloud_account_get_endpoint (account, (CloudEndpointKind) kind);

      if (endpoint != NULL && *endpoint->credential != '\0')
        g_ptr_array_add (change->stale, g_strdup (endpoint->credential));
    }
  cloud_accounts_remove_async (accounts, uuid, NULL, on_removed, task);
}

gboolean
cloud_account_change_remove_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, accounts), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
