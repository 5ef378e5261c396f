/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-auth"

#include "cloud-secrets.h"

#include "cloud-error.h"
#include "cloud-paths.h"
#include "cloud-secret-file.h"
#include "config.h"

#include <libsecret/secret.h>
#include <string.h>

/* One thread that owns the secrets: it talks to the keyring with libsecret's blocking calls, each bounded by a cancellable that
 * fires after two seconds, or works on the encrypted file.  Jobs come by a queue; results land where the call was made. */

#define KEYRING_TIMEOUT_S 2
#define PROMPT_TIMEOUT_S 180

typedef enum
{
  JOB_REFRESH,
  JOB_LOOKUP,
  JOB_STORE,
  JOB_REMOVE,
  JOB_UNLOCK,
  JOB_SET_PASSPHRASE,
  JOB_LOCK,
  JOB_QUIT,
} JobKind;

typedef struct
{
  JobKind kind;
  char *reference;
  char *label;
  char *secret;            /* or passphrase */
  CloudSecretsState state; /* afterwards */
  gboolean keyring;
} Job;

/* What only the thread touches. */
typedef struct
{
  gatomicrefcount refs;
  GAsyncQueue *queue; /* GTask; a task without data ends the thread */
  CloudSecretFile *file;
  gboolean decided;
  gboolean keyring;
} Owner;

struct _CloudSecrets
{
  GObject parent_instance;
  Owner *owner;
  CloudSecretsState state;
  gboolean keyring;
};

enum
{
  PROP_STATE = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CloudSecrets, cloud_secrets, G_TYPE_OBJECT)

static const SecretSchema keyring_schema = {
  CIRRUS_ID_PREFIX ".Secret",
  SECRET_SCHEMA_NONE,
  { { "reference", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

void
cloud_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->reference);
  g_free (job->label);
  cloud_secret_free (job->secret);
  g_free (job);
}

static void
owner_unref (Owner *owner)
{
  if (!g_atomic_ref_count_dec (&owner->refs))
    return;
  g_async_queue_unref (owner->queue);
  cloud_secret_file_free (owner->file);
  g_free (owner);
}

/* ---- A bound for each call to the keyring ---- */

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean over;
  gint64 end_us;
  GCancellable *timeout;
  GThread *thread;
} Bound;

static gpointer
bound_thread (gpointer data)
{
  Bound *bound = data;

  g_mutex_lock (&bound->mutex);
  while (!bound->over && g_cond_wait_until (&bound->cond, &bound->mutex, bound->end_us))
    ;
  if (!bound->over)
    g_cancellable_cancel (bound->timeout);
  g_mutex_unlock (&bound->mutex);
  return NULL;
}

static GCancellable *
bound_begin (Bound *bound, guint seconds)
{
  *bound = (Bound){ .end_us = g_get_monotonic_time () + seconds * G_USEC_PER_SEC, .timeout = g_cancellable_new () };
  g_mutex_init (&bound->mutex);
  g_cond_init (&bound->cond);
  bound->thread = g_thread_new ("secrets-bound", bound_thread, bound);
  return bound->timeout;
}

/* Also turns what libsecret said into our codes; the one place for that. */
static void
bound_end (Bound *bound, GError **error)
{
  g_mutex_lock (&bound->mutex);
  bound->over = TRUE;
  g_cond_broadcast (&bound->cond);
  g_mutex_unlock (&bound->mutex);
  g_thread_join (bound->thread);
  g_object_unref (bound->timeout);
  g_mutex_clear (&bound->mutex);
  g_cond_clear (&bound->cond);
  if (error == NULL || *error == NULL || (*error)->domain == CLOUD_ERROR)
    return;
  g_autofree char *message = g_strdup_printf ("The keyring does not help: %s", (*error)->message);
  g_clear_error (error);
  g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, message);
}

/* ---- Keyring ---- */

static gboolean
keyring_answers (void)
{
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) reply = NULL;
  gboolean owned = FALSE;
  Bound bound;

  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, bound_begin (&bound, KEYRING_TIMEOUT_S), NULL);
  if (bus != NULL)
    reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                         "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.secrets"), G_VARIANT_TYPE ("(b)"),
                                         G_DBUS_CALL_FLAGS_NONE, KEYRING_TIMEOUT_S * 1000, NULL, NULL);
  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  bound_end (&bound, NULL);
  return owned;
}

/* (transfer full) (nullable): the collection that new secrets go to. */
static SecretCollection *
keyring_collection (GCancellable *cancellable, SecretService **service, GError **error)
{
  SecretCollection *collection;

  *service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  if (*service == NULL)
    return NULL;
  collection = secret_collection_for_alias_sync (*service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancellable, error);
  if (collection == NULL && (error == NULL || *error == NULL))
    g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The keyring has no default collection yet");
  return collection;
}

static gboolean
keyring_check (GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = keyring_collection (cancellable, &service, error);

  if (collection == NULL)
    return FALSE;
  if (!secret_collection_get_locked (collection))
    return TRUE;
  g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The keyring is locked");
  return FALSE;
}

static char *
keyring_lookup (const char *reference, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) attributes = secret_attributes_build (&keyring_schema, "reference", reference, NULL);
  g_autoptr (SecretService) service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  g_autoptr (SecretValue) value = NULL;
  GList *items = NULL;
  gboolean found;

  if (service == NULL)
    return NULL;
  /* Without the flag that unlocks: background work must not make windows appear. */
  items = secret_service_search_sync (service, &keyring_schema, attributes, SECRET_SEARCH_LOAD_SECRETS, cancellable, error);
  found = items != NULL;
  if (found && !secret_item_get_locked (items->data))
    value = secret_item_get_secret (items->data);
  g_list_free_full (items, g_object_unref);
  if (value != NULL && secret_value_get_text (value) != NULL)
    return g_strdup (secret_value_get_text (value));
  if (error != NULL && *error != NULL)
    return NULL;
  if (found)
    g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The keyring is locked");
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "No secret is stored for %s", reference);
  return NULL;
}

/* libsecret clears what is unlocked and says nothing of the rest. */
static gboolean
keyring_remove (const char *reference, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) attributes = secret_attributes_build (&keyring_schema, "reference", reference, NULL);
  g_autoptr (SecretService) service = NULL;
  GList *left;

  if (!keyring_check (cancellable, error))
    return FALSE;
  secret_password_clear_sync (&keyring_schema, cancellable, error, "reference", reference, NULL);
  if (*error != NULL)
    return FALSE;
  service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  left = service != NULL ? secret_service_search_sync (service, &keyring_schema, attributes, SECRET_SEARCH_ALL, cancellable, error) : NULL;
  if (left != NULL)
    g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The keyring is locked");
  g_list_free_full (left, g_object_unref);
  return *error == NULL;
}

static gboolean
keyring_unlock (GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = keyring_collection (cancellable, &service, error);
  GList locked = { .data = collection };

  if (collection == NULL)
    return FALSE;
  if (!secret_collection_get_locked (collection))
    return TRUE;
  if (secret_service_unlock_sync (service, &locked, cancellable, NULL, error) > 0)
    return TRUE;
  if (error == NULL || *error == NULL)
    g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The keyring stayed locked");
  return FALSE;
}

static gpointer
keyring_job (Job *job, GError **error)
{
  gpointer result = GINT_TO_POINTER (TRUE);
  gboolean ok = TRUE;
  Bound bound;
  GCancellable *cancellable = bound_begin (&bound, job->kind == JOB_UNLOCK ? PROMPT_TIMEOUT_S : KEYRING_TIMEOUT_S);

  switch (job->kind)
    {
    case JOB_LOOKUP:
      result = keyring_lookup (job->reference, cancellable, error);
      break;
    case JOB_STORE:
      ok = keyring_check (cancellable, error)
           && secret_password_store_sync (&keyring_schema, SECRET_COLLECTION_DEFAULT, job->label, job->secret, cancellable, error,
                                          "reference", job->reference, NULL);
      break;
    case JOB_REMOVE:
      ok = keyring_remove (job->reference, cancellable, error);
      break;
    case JOB_UNLOCK:
      ok = keyring_unlock (cancellable, error);
      break;
    case JOB_SET_PASSPHRASE:
      g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED,
                           "The desktop's keyring keeps the secrets, with its own password");
      ok = FALSE;
      break;
    default:
      break;
    }
  if (ok && job->kind != JOB_LOOKUP && job->kind != JOB_REFRESH)
    job->state = CLOUD_SECRETS_AVAILABLE;
  else
    job->state = keyring_check (cancellable, NULL) ? CLOUD_SECRETS_AVAILABLE : CLOUD_SECRETS_LOCKED;
  bound_end (&bound, error);
  return ok ? result : NULL;
}

/* ---- File ---- */

static gpointer
file_job (CloudSecretFile *file, Job *job, GError **error)
{
  gpointer result = GINT_TO_POINTER (TRUE);
  gboolean ok = TRUE;

  switch (job->kind)
    {
    case JOB_LOOKUP:
      result = cloud_secret_file_lookup (file, job->reference, error);
      break;
    case JOB_STORE:
      ok = cloud_secret_file_store (file, job->reference, job->secret, error);
      break;
    case JOB_REMOVE:
      ok = cloud_secret_file_store (file, job->reference, NULL, error);
      break;
    case JOB_UNLOCK:
      ok = cloud_secret_file_unlock (file, job->secret != NULL ? job->secret : "", error);
      break;
    case JOB_SET_PASSPHRASE:
      ok = cloud_secret_file_set_passphrase (file, job->secret, error);
      break;
    case JOB_LOCK:
      cloud_secret_file_lock (file);
      break;
    default:
      break;
    }
  if (!cloud_secret_file_exists (file))
    job->state = CLOUD_SECRETS_NONE_YET;
  else
    job->state = cloud_secret_file_is_unlocked (file) ? CLOUD_SECRETS_AVAILABLE : CLOUD_SECRETS_LOCKED;
  return ok ? result : NULL;
}

/* ---- The thread ---- */

static void
run_job (Owner *owner, GTask *task)
{
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer result;

  /* A file of the user's own stays the place of the secrets, whatever else appears later. */
  if (!owner->decided || (!owner->keyring && !cloud_secret_file_exists (owner->file)))
    {
      owner->keyring = !cloud_secret_file_exists (owner->file) && keyring_answers ();
      owner->decided = TRUE;
    }
  job->keyring = owner->keyring;
  result = owner->keyring ? keyring_job (job, &error) : file_job (owner->file, job, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, job->kind == JOB_LOOKUP ? (GDestroyNotify) cloud_secret_free : NULL);
}

static gpointer
owner_thread (gpointer data)
{
  Owner *owner = data;

  for (;;)
    {
      g_autoptr (GTask) task = g_async_queue_pop (owner->queue);
      Job *job = g_task_get_task_data (task);

      if (job->kind == JOB_QUIT)
        break;
      run_job (owner, task);
    }
  owner_unref (owner);
  return NULL;
}

/* ---- The object ---- */

static void
cloud_secrets_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROP_STATE)
    g_value_set_int (value, CLOUD_SECRETS (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
cloud_secrets_finalize (GObject *object)
{
  CloudSecrets *self = CLOUD_SECRETS (object);
  GTask *task = g_task_new (NULL, NULL, NULL, NULL);
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_QUIT;
  g_task_set_task_data (task, job, job_free);
  g_async_queue_push (self->owner->queue, task);
  owner_unref (self->owner);
  G_OBJECT_CLASS (cloud_secrets_parent_class)->finalize (object);
}

static void
cloud_secrets_class_init (CloudSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = cloud_secrets_get_property;
  G_OBJECT_CLASS (klass)->finalize = cloud_secrets_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, CLOUD_SECRETS_NONE_YET, CLOUD_SECRETS_STARTING,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
}

static void
cloud_secrets_init (CloudSecrets *self)
{
  self->owner = g_new0 (Owner, 1);
  g_atomic_ref_count_init (&self->owner->refs);
  self->owner->queue = g_async_queue_new_full (g_object_unref);
}

static void
submit (CloudSecrets *self, JobKind kind, const char *reference, const char *label, const char *secret, GCancellable *cancellable,
        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->reference = g_strdup (reference);
  job->label = g_strdup (label);
  job->secret = g_strdup (secret);
  g_task_set_task_data (task, job, job_free);
  g_task_set_check_cancellable (task, kind == JOB_LOOKUP);
  g_async_queue_push (self->owner->queue, task);
}

static gpointer
finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  job = g_task_get_task_data (G_TASK (result));
  self->keyring = job->keyring;
  if (job->state != CLOUD_SECRETS_STARTING && job->state != self->state)
    {
      self->state = job->state;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
    }
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_first_refresh (GObject *source, GAsyncResult *result, gpointer data)
{
  cloud_secrets_refresh_finish (CLOUD_SECRETS (source), result, NULL);
}

CloudSecrets *
cloud_secrets_new (const char *file)
{
  CloudSecrets *self = g_object_new (CLOUD_TYPE_SECRETS, NULL);
  g_autofree char *folder = file == NULL ? cloud_paths_data_dir ("common") : NULL;
  g_autofree char *path = file != NULL ? g_strdup (file) : g_build_filename (folder, "secrets", NULL);

  self->owner->file = cloud_secret_file_new (path);
  g_atomic_ref_count_inc (&self->owner->refs);
  g_thread_unref (g_thread_new ("secrets", owner_thread, self->owner));
  cloud_secrets_refresh_async (self, NULL, on_first_refresh, NULL);
  return self;
}

CloudSecretsState
cloud_secrets_get_state (CloudSecrets *self)
{
  g_return_val_if_fail (CLOUD_IS_SECRETS (self), CLOUD_SECRETS_STARTING);
  return self->state;
}

gboolean
cloud_secrets_uses_keyring (CloudSecrets *self)
{
  g_return_val_if_fail (CLOUD_IS_SECRETS (self), FALSE);
  return self->keyring;
}

void
cloud_secrets_lookup_async (CloudSecrets *self, const char *reference, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self) && reference != NULL);
  submit (self, JOB_LOOKUP, reference, NULL, NULL, cancellable, callback, user_data);
}

char *
cloud_secrets_lookup_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error);
}

void
cloud_secrets_store_async (CloudSecrets *self, const char *reference, const char *label, const char *secret,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self) && reference != NULL && label != NULL && secret != NULL);
  submit (self, JOB_STORE, reference, label, secret, cancellable, callback, user_data);
}

gboolean
cloud_secrets_store_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error) != NULL;
}

void
cloud_secrets_remove_async (CloudSecrets *self, const char *reference, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self) && reference != NULL);
  submit (self, JOB_REMOVE, reference, NULL, NULL, cancellable, callback, user_data);
}

gboolean
cloud_secrets_remove_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error) != NULL;
}

void
cloud_secrets_unlock_async (CloudSecrets *self, const char *passphrase, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self));
  submit (self, JOB_UNLOCK, NULL, NULL, passphrase, cancellable, callback, user_data);
}

gboolean
cloud_secrets_unlock_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error) != NULL;
}

void
cloud_secrets_set_passphrase_async (CloudSecrets *self, const char *passphrase, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self) && passphrase != NULL);
  submit (self, JOB_SET_PASSPHRASE, NULL, NULL, passphrase, cancellable, callback, user_data);
}

gboolean
cloud_secrets_set_passphrase_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error) != NULL;
}

void
cloud_secrets_lock_async (CloudSecrets *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self));
  submit (self, JOB_LOCK, NULL, NULL, NULL, cancellable, callback, user_data);
}

gboolean
cloud_secrets_lock_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error) != NULL;
}

void
cloud_secrets_refresh_async (CloudSecrets *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_SECRETS (self));
  submit (self, JOB_REFRESH, NULL, NULL, NULL, cancellable, callback, user_data);
}

gboolean
cloud_secrets_refresh_finish (CloudSecrets *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, error) != NULL;
}
