/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-auth"

#include "cloud-account-change.h"

#include "cloud-error.h"

#include <glib/gi18n-lib.h>

/* Secrets under new names, the account, then what it named before: the middle step decides, and notes in the accounts file what is to follow. */

typedef struct
{
  CloudSecrets *secrets;
  CloudAccount *account; /* (nullable) */
  char *secret;          /* (nullable) */
  char *label;
  GPtrArray *fresh; /* references that the changed account names */
  GPtrArray *stale; /* references to drop */
  GPtrArray *gone;  /* those of them whose secrets are gone */
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
  g_ptr_array_unref (self->gone);
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
  change->gone = g_ptr_array_new_with_free_func (g_free);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  return task;
}

char *
cloud_account_dup_secret_label (CloudAccount *account)
{
  const char *address;

  g_return_val_if_fail (CLOUD_IS_ACCOUNT (account), NULL);

  address = cloud_account_get_address (account);
  if (cloud_account_get_endpoint (account, CLOUD_ENDPOINT_IMAP) != NULL || cloud_account_get_endpoint (account, CLOUD_ENDPOINT_SMTP) != NULL)
    /* Translators: beside a password in the desktop's keyring; %s is the address */
    return g_strdup_printf (_ ("Mail: %s"), address);
  return g_strdup_printf ("Cirrus: %s", address);
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
on_forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cloud_accounts_forget_credentials_finish (CLOUD_ACCOUNTS (source), result, &error))
    g_message ("A secret that is gone stays noted: %s", error->message);
  end (user_data);
}

/* What is gone need not be remembered; what could not be dropped stays noted in the file for the next time. */
static void
forget (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  if (change->gone->len == 0)
    {
      end (task);
      return;
    }
  g_ptr_array_add (change->gone, NULL);
  cloud_accounts_forget_credentials_async (g_task_get_source_object (task), (const char *const *) change->gone->pdata, NULL, on_forgotten, task);
}

typedef struct
{
  GTask *task;
  char *reference;
} Drop;

static void
on_dropped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Drop *drop = user_data;
  Change *change = g_task_get_task_data (drop->task);
  g_autoptr (GError) error = NULL;

  if (cloud_secrets_remove_finish (CLOUD_SECRETS (source), result, &error) || g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    g_ptr_array_add (change->gone, drop->reference);
  else
    {
      g_message ("A secret that is no longer used stays for now: %s", error->message);
      g_free (drop->reference);
    }
  if (--change->n_dropping == 0)
    forget (drop->task);
}

/* Drops the secrets of change->stale and ends. */
static void
drop_stale (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  change->n_dropping = change->stale->len;
  if (change->n_dropping == 0)
    {
      end (task);
      return;
    }
  for (guint i = 0; i < change->stale->len; i++)
    {
      Drop *drop = g_new (Drop, 1);

      *drop = (Drop){ task, g_strdup (g_ptr_array_index (change->stale, i)) };
      cloud_secrets_remove_async (change->secrets, drop->reference, NULL, on_dropped, drop);
    }
}

static void
drop_unused (GTask *task)
{
  Change *change = g_task_get_task_data (task);
  const char *const *unused = cloud_accounts_get_unused_credentials (g_task_get_source_object (task));

  for (guint i = 0; unused[i] != NULL; i++)
    g_ptr_array_add (change->stale, g_strdup (unused[i]));
  drop_stale (task);
}

/* The account was not saved: the first change->n_stored secrets are nobody's. */
static void
drop_stored (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  for (guint i = 0; i < change->n_stored; i++)
    g_ptr_array_add (change->stale, g_strdup (g_ptr_array_index (change->fresh, i)));
  drop_stale (task);
}

void
cloud_account_change_sweep_async (CloudAccounts *accounts, CloudSecrets *secrets, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_ACCOUNTS (accounts) && CLOUD_IS_SECRETS (secrets));
  drop_unused (change_start (accounts, secrets, cloud_account_change_sweep_async, callback, user_data));
}

gboolean
cloud_account_change_sweep_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, accounts), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_state (CloudSecrets *secrets, GParamSpec *spec, CloudAccounts *accounts)
{
  if (cloud_secrets_get_state (secrets) == CLOUD_SECRETS_AVAILABLE && *cloud_accounts_get_unused_credentials (accounts) != NULL)
    cloud_account_change_sweep_async (accounts, secrets, NULL, NULL);
}

void
cloud_account_change_sweep_when_available (CloudAccounts *accounts, CloudSecrets *secrets)
{
  g_return_if_fail (CLOUD_IS_ACCOUNTS (accounts) && CLOUD_IS_SECRETS (secrets));

  g_signal_connect_object (secrets, "notify::state", G_CALLBACK (on_state), accounts, 0);
  on_state (secrets, NULL, accounts);
}

/* ---- Saving ---- */

static void store_next (GTask *task);

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);

  if (cloud_accounts_save_finish (CLOUD_ACCOUNTS (source), result, &change->error))
    drop_unused (task);
  else
    drop_stored (task);
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);

  if (!cloud_secrets_store_finish (CLOUD_SECRETS (source), result, &change->error))
    {
      drop_stored (task);
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

/* Gives an endpoint a reference that nothing has been stored under. */
static void
rename_credential (Change *change, const CloudEndpoint *endpoint)
{
  g_autoptr (CloudEndpoint) renamed = cloud_endpoint_copy (endpoint);
  g_autofree char *unique = g_uuid_string_random ();

  g_free (renamed->credential);
  renamed->credential = g_strdup_printf ("%s/%s/%.8s", cloud_account_get_uuid (change->account), cloud_endpoint_kind_name (endpoint->kind), unique);
  g_ptr_array_add (change->fresh, g_strdup (renamed->credential));
  cloud_account_set_endpoint (change->account, renamed);
}

void
cloud_account_change_save_async (CloudAccounts *accounts, CloudSecrets *secrets, CloudAccount *account, const char *secret, guint kinds,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Change *change;

  g_return_if_fail (CLOUD_IS_ACCOUNTS (accounts) && CLOUD_IS_SECRETS (secrets) && CLOUD_IS_ACCOUNT (account));

  task = change_start (accounts, secrets, cloud_account_change_save_async, callback, user_data);
  change = g_task_get_task_data (task);
  change->account = cloud_account_copy (account);
  change->label = cloud_account_dup_secret_label (account);
  change->secret = g_strdup (secret);
  for (guint kind = 0; secret != NULL && kind < CLOUD_ENDPOINT_N_KINDS; kind++)
    {
      const CloudEndpoint *endpoint = (kinds & (1u << kind)) != 0 ? cloud_account_get_endpoint (account, (CloudEndpointKind) kind) : NULL;

      if (endpoint != NULL)
        rename_credential (change, endpoint);
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

  if (cloud_accounts_remove_finish (CLOUD_ACCOUNTS (source), result, &change->error))
    drop_unused (task);
  else
    end (task);
}

void
cloud_account_change_remove_async (CloudAccounts *accounts, CloudSecrets *secrets, const char *uuid, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_ACCOUNTS (accounts) && CLOUD_IS_SECRETS (secrets) && uuid != NULL);

  cloud_accounts_remove_async (accounts, uuid, NULL, on_removed, change_start (accounts, secrets, cloud_account_change_remove_async, callback, user_data));
}

gboolean
cloud_account_change_remove_finish (CloudAccounts *accounts, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, accounts), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
