/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-outbox"

#include "cloud-outbox-private.h"
#include "cloud-error.h"
#include "cloud-lease.h"
#include "cloud-time.h"

/* Ties the rows to the executors: whenever something changed or became due, the next entry is picked (one transaction), executed, and
 * settled (another one).  What every process sees, its list, is read again after each change of the database. */

#define MAX_RUNNING 4
#define FIRST_PAUSE_MS 5000
#define LONGEST_PAUSE_MS (60 * 60 * 1000)
#define SETTLE_AGAIN_MS 5000
/* The wall clock may be set meanwhile: never sleep longer than this without a look. */
#define LONGEST_SLEEP_MS (30 * 60 * 1000)

typedef struct
{
  const CloudOutboxKind *vtable;
  gpointer user_data;
} Kind;

struct _CloudOutbox
{
  GObject parent_instance;
  CloudStore *store;
  CloudLease *lease;
  GListStore *entries;
  GHashTable *kinds; /* name -> Kind */
  GCancellable *cancellable;
  GSource *timer;
  gint64 next_due_unix_us;
  gboolean loaded;
  guint n_running;
  guint first_pause_ms;
  guint longest_pause_ms;
  gboolean running;
  gboolean taken_over;
  gboolean picking;
  gboolean pick_again;
  gboolean listing;
  gboolean list_again;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (CloudOutbox, cloud_outbox, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_SENDING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_IDLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void pump (CloudOutbox *self);

/* ---- The list ---- */

static void
merge_list (CloudOutbox *self, GPtrArray *rows)
{
  guint at = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      CloudOutboxEntry *row = rows->pdata[i];
      g_autoptr (CloudOutboxEntry) entry = NULL;

      /* Both are in order: what the rows have skipped is gone. */
      while ((entry = g_list_model_get_item (G_LIST_MODEL (self->entries), at)) != NULL && entry->seq < row->seq)
        {
          g_list_store_remove (self->entries, at);
          g_clear_object (&entry);
        }
      if (entry != NULL && entry->seq == row->seq)
        cloud_outbox_entry_update (entry, row);
      else
        g_list_store_insert (self->entries, at, row);
      at++;
    }
  g_list_store_splice (self->entries, at, g_list_model_get_n_items (G_LIST_MODEL (self->entries)) - at, NULL, 0);
}

static void read_list (CloudOutbox *self);

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CloudOutbox) self = CLOUD_OUTBOX (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cloud_store_read_finish (CLOUD_STORE (source), result, &error);

  self->listing = FALSE;
  self->loaded = TRUE;
  if (rows != NULL && !self->closed)
    merge_list (self, rows);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("%s", error->message);
  if (self->list_again && !self->closed)
    read_list (self);
}

static void
read_list (CloudOutbox *self)
{
  self->list_again = self->listing;
  if (self->listing)
    return;
  self->listing = TRUE;
  cloud_store_read_async (self->store, outbox_store_list, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, self->cancellable, on_listed,
                          g_object_ref (self));
}

/* ---- Sending ---- */

typedef struct
{
  CloudOutbox *outbox;
  CloudOutboxEntry *entry;
  OutboxSettle settle;
  GError *error;
} Run;

static void
run_free (Run *run)
{
  g_object_unref (run->outbox);
  g_object_unref (run->entry);
  g_clear_error (&run->error);
  g_free (run);
}

static void
set_n_running (CloudOutbox *self, guint n)
{
  gboolean was_busy = self->n_running > 0;

  self->n_running = n;
  if (was_busy != (n > 0))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static OutboxSettle
settle_of_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return OUTBOX_SETTLE_UNTRIED;
  if (error->domain != CLOUD_ERROR)
    return OUTBOX_SETTLE_FAILED;
  switch ((CloudError) error->code)
    {
    case CLOUD_ERROR_OFFLINE:
    case CLOUD_ERROR_TRY_LATER:
    case CLOUD_ERROR_BUSY:
    case CLOUD_ERROR_NO_SPACE:
      return OUTBOX_SETTLE_LATER;
    case CLOUD_ERROR_AUTH_REQUIRED:
    case CLOUD_ERROR_LOCKED:
    case CLOUD_ERROR_UNTRUSTED:
      return OUTBOX_SETTLE_STOPPED;
    default:
      return OUTBOX_SETTLE_FAILED;
    }
}

static void settle (Run *run);

static gboolean
on_settle_again (gpointer user_data)
{
  settle (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  CloudOutbox *self = run->outbox;
  g_autoptr (GError) error = NULL;

  cloud_store_write_finish (CLOUD_STORE (source), result, &error);
  if (error != NULL && !g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND) && !self->closed)
    {
      g_autoptr (GSource) again = g_timeout_source_new (SETTLE_AGAIN_MS);

      /* The outcome is known and must be kept: the entry stays "sending" until the disk takes it. */
      g_warning ("%s: %s", run->entry->uuid, error->message);
      g_source_set_callback (again, on_settle_again, run, NULL);
      g_source_attach (again, g_main_context_get_thread_default ());
      return;
    }
  set_n_running (self, self->n_running - 1);
  if (!self->closed)
    pump (self);
  run_free (run);
}

static OutboxJob *
new_job (CloudOutbox *self, const char *uuid)
{
  OutboxJob *job = g_new0 (OutboxJob, 1);

  job->uuid = g_strdup (uuid);
  job->now_unix_us = cloud_time_now_unix_us ();
  job->first_pause_ms = self->first_pause_ms;
  job->longest_pause_ms = self->longest_pause_ms;
  job->error_code = -1;
  return job;
}

static void
settle (Run *run)
{
  OutboxJob *job = new_job (run->outbox, run->entry->uuid);

  job->settle = run->settle;
  if (run->error != NULL)
    {
      job->error_code = run->error->domain == CLOUD_ERROR ? run->error->code : -1;
      job->error_message = g_strdup (run->error->message);
    }
  cloud_store_write_async (run->outbox->store, outbox_store_settle, job, (GDestroyNotify) outbox_job_free, NULL, NULL, on_settled, run);
}

static void
on_executed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  gssize verdict = g_task_propagate_int (G_TASK (result), &run->error);

  if (run->error != NULL)
    run->settle = settle_of_error (run->error);
  else
    run->settle = verdict == CLOUD_OUTBOX_DONE ? OUTBOX_SETTLE_DONE : OUTBOX_SETTLE_UNCERTAIN;
  settle (run);
}

static void
execute (CloudOutbox *self, CloudOutboxEntry *entry)
{
  Kind *kind = g_hash_table_lookup (self->kinds, entry->kind);
  CloudOutboxVerdict verdict = CLOUD_OUTBOX_REPEAT;
  Run *run = g_new0 (Run, 1);
  GTask *task;

  run->outbox = g_object_ref (self);
  run->entry = g_object_ref (entry);
  set_n_running (self, self->n_running + 1);
  if (entry->interrupted)
    verdict = kind->vtable->resume != NULL ? kind->vtable->resume (entry, kind->user_data) : CLOUD_OUTBOX_UNCERTAIN;
  if (verdict != CLOUD_OUTBOX_REPEAT)
    {
      run->settle = verdict == CLOUD_OUTBOX_DONE ? OUTBOX_SETTLE_DONE : OUTBOX_SETTLE_UNCERTAIN;
      settle (run);
      return;
    }
  task = g_task_new (self, self->cancellable, on_executed, run);
  g_task_set_check_cancellable (task, FALSE);
  kind->vtable->execute (self, entry, task, kind->user_data);
}

static gboolean
on_due (gpointer user_data)
{
  CloudOutbox *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  pump (self);
  return G_SOURCE_REMOVE;
}

static void
clear_timer (CloudOutbox *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
sleep_until (CloudOutbox *self, gint64 due_unix_us)
{
  gint64 ms;

  self->next_due_unix_us = due_unix_us;
  clear_timer (self);
  if (due_unix_us == G_MAXINT64)
    return;
  ms = CLAMP ((due_unix_us - cloud_time_now_unix_us ()) / 1000 + 1, 1, LONGEST_SLEEP_MS);
  self->timer = g_timeout_source_new ((guint) ms);
  g_source_set_callback (self->timer, on_due, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
on_picked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CloudOutbox) self = CLOUD_OUTBOX (user_data);
  g_autoptr (GError) error = NULL;
  OutboxPick *pick = cloud_store_write_finish (CLOUD_STORE (source), result, &error);

  self->picking = FALSE;
  if (pick == NULL)
    {
      g_warning ("%s", error->message);
      if (!self->closed)
        sleep_until (self, cloud_time_now_unix_us () + SETTLE_AGAIN_MS * G_TIME_SPAN_MILLISECOND);
      return;
    }
  if (pick->entry != NULL)
    {
      self->next_due_unix_us = 0;
      execute (self, pick->entry);
    }
  else
    sleep_until (self, pick->next_due_unix_us);
  if (pick->entry != NULL || self->pick_again)
    pump (self);
  else if (self->n_running == 0)
    g_signal_emit (self, signals[SIGNAL_IDLE], 0);
  outbox_pick_free (pick);
}

static void
on_taken_over (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CloudOutbox) self = CLOUD_OUTBOX (user_data);
  g_autoptr (GError) error = NULL;

  cloud_store_write_finish (CLOUD_STORE (source), result, &error);
  self->picking = FALSE;
  if (self->closed)
    return;
  if (error != NULL)
    {
      g_warning ("%s", error->message);
      sleep_until (self, cloud_time_now_unix_us () + SETTLE_AGAIN_MS * G_TIME_SPAN_MILLISECOND);
      return;
    }
  self->taken_over = cloud_lease_get_held (self->lease);
  pump (self);
}

static void
take_over (CloudOutbox *self)
{
  self->picking = TRUE;
  cloud_store_write_async (self->store, outbox_store_take_over, new_job (self, NULL), (GDestroyNotify) outbox_job_free, NULL, NULL,
                           on_taken_over, g_object_ref (self));
}

static void
pump (CloudOutbox *self)
{
  OutboxJob *job;

  if (!self->running || self->closed || !cloud_lease_get_held (self->lease))
    return;
  self->pick_again = self->picking;
  if (self->picking || self->n_running >= MAX_RUNNING)
    return;
  if (!self->taken_over)
    {
      /* A lease regained with own work under way finds that work "sending", which is no interruption: first let it end. */
      if (self->n_running == 0)
        take_over (self);
      return;
    }
  self->picking = TRUE;
  job = new_job (self, NULL);
  job->kinds = (GStrv) g_hash_table_get_keys_as_array (self->kinds, NULL);
  for (guint i = 0; job->kinds[i] != NULL; i++)
    job->kinds[i] = g_strdup (job->kinds[i]);
  cloud_store_write_async (self->store, outbox_store_pick, job, (GDestroyNotify) outbox_job_free, (GDestroyNotify) outbox_pick_free, NULL,
                           on_picked, g_object_ref (self));
}

static void
on_gained (CloudLease *lease, CloudOutbox *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SENDING]);
  pump (self);
}

static void
on_lost (CloudLease *lease, CloudOutbox *self)
{
  self->taken_over = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  clear_timer (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SENDING]);
}

static void
on_changed (CloudStore *store, gboolean by_other_process, CloudOutbox *self)
{
  read_list (self);
  if (by_other_process)
    pump (self);
}

/* ---- The object ---- */

static void
cloud_outbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CloudOutbox *self = CLOUD_OUTBOX (object);

  if (id == PROP_BUSY)
    g_value_set_boolean (value, self->n_running > 0);
  else if (id == PROP_SENDING)
    g_value_set_boolean (value, self->lease != NULL && cloud_lease_get_held (self->lease));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

void
cloud_outbox_close (CloudOutbox *self)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  clear_timer (self);
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->lease, self);
  g_signal_handlers_disconnect_by_data (self->store, self);
  cloud_store_close (self->store);
  /* Last: until here nobody else may take what is still "sending" for interrupted. */
  cloud_lease_release (self->lease);
}

static void
cloud_outbox_finalize (GObject *object)
{
  CloudOutbox *self = CLOUD_OUTBOX (object);

  if (self->store != NULL)
    cloud_outbox_close (self);
  g_clear_object (&self->lease);
  g_clear_object (&self->store);
  g_clear_object (&self->entries);
  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->kinds);
  G_OBJECT_CLASS (cloud_outbox_parent_class)->finalize (object);
}

static void
cloud_outbox_class_init (CloudOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cloud_outbox_get_property;
  object_class->finalize = cloud_outbox_finalize;
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SENDING] = g_param_spec_boolean ("sending", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_IDLE] = g_signal_new ("idle", CLOUD_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cloud_outbox_init (CloudOutbox *self)
{
  self->entries = g_list_store_new (CLOUD_TYPE_OUTBOX_ENTRY);
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cancellable = g_cancellable_new ();
  self->first_pause_ms = FIRST_PAUSE_MS;
  self->longest_pause_ms = LONGEST_PAUSE_MS;
  self->next_due_unix_us = G_MAXINT64;
}

static CloudOutbox *
outbox_new (CloudStore *store)
{
  CloudOutbox *self = g_object_new (CLOUD_TYPE_OUTBOX, NULL);

  self->store = g_object_ref (store);
  self->lease = cloud_lease_new (cloud_store_get_path (self->store));
  g_signal_connect (self->store, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (self->lease, "gained", G_CALLBACK (on_gained), self);
  g_signal_connect (self->lease, "lost", G_CALLBACK (on_lost), self);
  read_list (self);
  return self;
}

CloudOutbox *
cloud_outbox_open (const char *path, GError **error)
{
  g_autoptr (CloudStore) store = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  store = cloud_store_open (path, &outbox_store_schema, error);
  return store != NULL ? outbox_new (store) : NULL;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (CloudStore) store = cloud_store_open_finish (result, &error);

  if (store != NULL)
    g_task_return_pointer (task, outbox_new (store), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
cloud_outbox_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (path != NULL);
  cloud_store_open_async (path, &outbox_store_schema, cancellable, on_opened, g_task_new (NULL, cancellable, callback, user_data));
}

CloudOutbox *
cloud_outbox_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

CloudOutboxVerdict
cloud_outbox_resume_repeat (CloudOutboxEntry *entry, gpointer user_data)
{
  return CLOUD_OUTBOX_REPEAT;
}

void
cloud_outbox_task_return_done (GTask *task)
{
  g_task_return_int (task, CLOUD_OUTBOX_DONE);
}

void
cloud_outbox_task_return_uncertain (GTask *task)
{
  g_task_return_int (task, CLOUD_OUTBOX_UNCERTAIN);
}

GListModel *
cloud_outbox_get_entries (CloudOutbox *self)
{
  g_return_val_if_fail (CLOUD_IS_OUTBOX (self), NULL);
  return G_LIST_MODEL (self->entries);
}

gboolean
cloud_outbox_is_loaded (CloudOutbox *self)
{
  g_return_val_if_fail (CLOUD_IS_OUTBOX (self), FALSE);
  return self->loaded;
}

/* ---- Calls: a job on the store whose end is the end of the caller's task ---- */

typedef struct
{
  GTask *task;
  CloudStoreFunc func;
  GDestroyNotify free_result;
} Call;

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  CloudOutbox *self = g_task_get_source_object (call->task);
  GError *error = NULL;
  gpointer answer = cloud_store_write_finish (CLOUD_STORE (source), result, &error);

  if (!self->closed && call->func != outbox_store_lookup)
    pump (self);
  if (error != NULL)
    g_task_return_error (call->task, error);
  else
    g_task_return_pointer (call->task, answer, call->free_result);
  g_object_unref (call->task);
  g_free (call);
}

static void
call (CloudOutbox *self, CloudStoreFunc func, OutboxJob *job, GDestroyNotify free_result, GCancellable *cancellable,
      GAsyncReadyCallback callback, gpointer user_data)
{
  Call *data = g_new0 (Call, 1);

  data->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_check_cancellable (data->task, FALSE);
  data->func = func;
  data->free_result = free_result;
  if (func == outbox_store_lookup)
    cloud_store_read_async (self->store, func, job, (GDestroyNotify) outbox_job_free, free_result, cancellable, on_called, data);
  else
    cloud_store_write_async (self->store, func, job, (GDestroyNotify) outbox_job_free, free_result, cancellable, on_called, data);
}

void
cloud_outbox_append_async (CloudOutbox *self, const char *uuid, const char *target, const char *kind, GBytes *payload, const char *label,
                           gint64 not_before_unix_us, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CLOUD_IS_OUTBOX (self) && target != NULL && kind != NULL && label != NULL);

  job = new_job (self, uuid);
  if (job->uuid == NULL)
    job->uuid = g_uuid_string_random ();
  job->target = g_strdup (target);
  job->kind = g_strdup (kind);
  job->label = g_strdup (label);
  job->bytes = payload != NULL ? g_bytes_ref (payload) : NULL;
  job->not_before_unix_us = not_before_unix_us;
  call (self, outbox_store_append, job, g_free, cancellable, callback, user_data);
}

char *
cloud_outbox_append_finish (CloudOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cloud_outbox_lookup_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self) && uuid != NULL);
  call (self, outbox_store_lookup, new_job (self, uuid), g_object_unref, cancellable, callback, user_data);
}

CloudOutboxEntry *
cloud_outbox_lookup_finish (CloudOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cloud_outbox_cancel_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self) && uuid != NULL);
  call (self, outbox_store_cancel, new_job (self, uuid), g_object_unref, cancellable, callback, user_data);
}

CloudOutboxEntry *
cloud_outbox_cancel_finish (CloudOutbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cloud_outbox_retry_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self) && uuid != NULL);
  call (self, outbox_store_retry, new_job (self, uuid), NULL, cancellable, callback, user_data);
}

void
cloud_outbox_confirm_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self) && uuid != NULL);
  call (self, outbox_store_confirm, new_job (self, uuid), NULL, cancellable, callback, user_data);
}

void
cloud_outbox_resume_target_async (CloudOutbox *self, const char *target_prefix, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CLOUD_IS_OUTBOX (self) && target_prefix != NULL);

  job = new_job (self, NULL);
  job->target = g_strdup (target_prefix);
  call (self, outbox_store_resume_target, job, NULL, cancellable, callback, user_data);
}

gboolean
cloud_outbox_change_finish (CloudOutbox *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  g_task_propagate_pointer (G_TASK (result), &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

void
cloud_outbox_set_progress_async (CloudOutbox *self, CloudOutboxEntry *entry, GBytes *note, GAsyncReadyCallback callback, gpointer user_data)
{
  OutboxJob *job;

  g_return_if_fail (CLOUD_IS_OUTBOX (self) && CLOUD_IS_OUTBOX_ENTRY (entry));

  job = new_job (self, entry->uuid);
  job->bytes = note != NULL ? g_bytes_ref (note) : NULL;
  call (self, outbox_store_set_progress, job, NULL, NULL, callback, user_data);
}

gboolean
cloud_outbox_set_progress_finish (CloudOutbox *self, GAsyncResult *result, GError **error)
{
  return cloud_outbox_change_finish (self, result, error);
}

/* ---- Sending, from outside ---- */

void
cloud_outbox_add_kind (CloudOutbox *self, const char *name, const CloudOutboxKind *vtable, gpointer user_data)
{
  Kind *kind;

  g_return_if_fail (CLOUD_IS_OUTBOX (self) && name != NULL && vtable != NULL);

  kind = g_new0 (Kind, 1);
  kind->vtable = vtable;
  kind->user_data = user_data;
  g_hash_table_insert (self->kinds, g_strdup (name), kind);
}

void
cloud_outbox_run (CloudOutbox *self)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self));

  self->running = TRUE;
  cloud_lease_request (self->lease);
}

gboolean
cloud_outbox_get_busy (CloudOutbox *self)
{
  g_return_val_if_fail (CLOUD_IS_OUTBOX (self), FALSE);
  return self->n_running > 0;
}

gint64
cloud_outbox_get_next_due_unix_us (CloudOutbox *self)
{
  g_return_val_if_fail (CLOUD_IS_OUTBOX (self), G_MAXINT64);
  return self->next_due_unix_us;
}

void
cloud_outbox_set_backoff_ms (CloudOutbox *self, guint first_ms, guint longest_ms)
{
  g_return_if_fail (CLOUD_IS_OUTBOX (self) && first_ms > 0 && longest_ms >= first_ms);

  self->first_pause_ms = first_ms;
  self->longest_pause_ms = longest_ms;
}
