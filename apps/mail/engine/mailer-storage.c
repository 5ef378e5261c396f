/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-storage.h"

#include "mailer-engine-private.h"
#include "mailer-opened.h"

#include "cloud-paths.h"

/* The storage page's figures and its button: the accounts' databases one after the other, then the opened copies. */

/* Free pages below this are what a database always has some of. */
#define WORTH_SHRINKING_BYTES (1024 * 1024)
/* Of the progress: the rest is making the indexes anew and shrinking the files. */
#define SHARE_OF_MESSAGES 0.7

struct _MailerStorage
{
  GPtrArray *stores;  /* (element-type MailerStore): of accounts with a server */
  int progress_thousandths; /* atomic */
};

/* What the worker thread works with. */
typedef struct
{
  MailerStorage *storage;
  GPtrArray *stores;
  guint total, done;
  guint64 freed_bytes;
} ClearJob;

MailerStorage *
mailer_storage_new (MailerEngine *engine)
{
  MailerStorage *self = g_atomic_rc_box_new0 (MailerStorage);
  GListModel *accounts = engine != NULL ? mailer_engine_get_accounts (engine) : NULL;

  self->stores = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; accounts != NULL && i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      if (!mailer_account_is_local (account))
        g_ptr_array_add (self->stores, g_object_ref (mailer_account_get_store (account)));
    }
  return self;
}

static void
clear_storage (gpointer data)
{
  g_ptr_array_unref (((MailerStorage *) data)->stores);
}

void
mailer_storage_free (MailerStorage *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_storage);
}

/* ---- How much ---- */

/* *@files: (nullable). */
static guint64
measure_folder (const char *path, guint64 *files)
{
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  guint64 bytes = 0;

  g_file_measure_disk_usage (folder, G_FILE_MEASURE_NONE, NULL, NULL, NULL, &bytes, NULL, files, NULL);
  return bytes;
}

static guint64
measure_all (void)
{
  g_autofree char *data = cloud_paths_data_dir ("mail");
  g_autofree char *cache = cloud_paths_cache_dir ("mail");

  return measure_folder (data, NULL) + measure_folder (cache, NULL);
}

void
mailer_storage_measure (MailerStorage *self, MailerStorageSize *size)
{
  g_autofree char *opened = mailer_opened_dup_dir ();
  guint64 n_copies = 0;
  guint64 copies_bytes = measure_folder (opened, &n_copies);

  *size = (MailerStorageSize){ .total_bytes = measure_all (), .clearable_bytes = n_copies > 0 ? copies_bytes : 0 };
  for (guint i = 0; i < self->stores->len; i++)
    {
      g_autoptr (GError) error = NULL;
      MailerClearable clearable = { 0 };
      guint64 bytes;

      if (!mailer_store_measure_clearable (g_ptr_array_index (self->stores, i), &clearable, NULL, &error))
        {
          g_message ("Storage: %s", error->message);
          continue;
        }
      size->messages += clearable.messages;
      bytes = clearable.body_bytes + clearable.index_bytes + (clearable.free_bytes >= WORTH_SHRINKING_BYTES ? clearable.free_bytes : 0);
      /* The log is emptied with the rest, but fills again: nothing to clear for its own sake. */
      size->clearable_bytes += bytes > 0 ? bytes + clearable.log_bytes : 0;
    }
}

/* ---- Clearing ---- */

static void
clear_job_free (ClearJob *job)
{
  g_clear_pointer (&job->stores, g_ptr_array_unref);
  g_clear_pointer (&job->storage, mailer_storage_free);
  g_free (job);
}

static void
set_progress (ClearJob *job, double fraction)
{
  g_atomic_int_set (&job->storage->progress_thousandths, (int) (CLAMP (fraction, 0, 1) * 1000));
}

static gboolean
count_messages (ClearJob *job, guint *counts, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < job->stores->len; i++)
    {
      MailerClearable clearable = { 0 };

      if (!mailer_store_measure_clearable (g_ptr_array_index (job->stores, i), &clearable, cancellable, error))
        return FALSE;
      counts[i] = clearable.messages;
      job->total += clearable.messages;
    }
  return TRUE;
}

static gboolean
clear_messages (ClearJob *job, MailerStore *store, GCancellable *cancellable, GError **error)
{
  gint64 cursor = 0;
  int n;

  if (!mailer_store_begin_clear (store, error))
    return FALSE;
  while ((n = mailer_store_clear_step (store, &cursor, error)) > 0)
    {
      job->done += n;
      set_progress (job, SHARE_OF_MESSAGES * job->done / MAX (job->total, 1));
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
    }
  return n == 0;
}

static gboolean
clear_stores (ClearJob *job, GCancellable *cancellable, GError **error)
{
  g_autofree guint *counts = g_new0 (guint, job->stores->len + 1);

  if (!count_messages (job, counts, cancellable, error))
    return FALSE;
  for (guint i = 0; i < job->stores->len; i++)
    if (counts[i] > 0 && !clear_messages (job, g_ptr_array_index (job->stores, i), cancellable, error))
      return FALSE;
  for (guint i = 0; i < job->stores->len; i++)
    {
      if (!mailer_store_end_clear (g_ptr_array_index (job->stores, i), cancellable, error))
        return FALSE;
      set_progress (job, SHARE_OF_MESSAGES + (1 - SHARE_OF_MESSAGES) * (i + 1) / job->stores->len);
    }
  return TRUE;
}

static void
clear_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ClearJob *job = data;
  guint64 before = measure_all ();
  guint64 after;
  GError *error = NULL;
  gboolean ok;

  mailer_opened_remove_all_sync ();
  ok = clear_stores (job, cancellable, &error);
  after = measure_all ();
  job->freed_bytes = before > after ? before - after : 0;
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* In the engine's thread again, where the databases may be let go. */
static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ClearJob *job = g_task_get_task_data (G_TASK (result));
  ClearJob *told = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  told->done = job->done;
  told->freed_bytes = job->freed_bytes;
  /* Stopped: what the index lacks is added again in the background. */
  for (guint i = 0; !ok && i < job->stores->len; i++)
    mailer_store_refresh_index (g_ptr_array_index (job->stores, i), NULL);
  g_clear_pointer (&job->stores, g_ptr_array_unref);
  g_clear_pointer (&job->storage, mailer_storage_free);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
mailer_storage_clear_async (MailerStorage *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GTask) step = g_task_new (NULL, cancellable, on_cleared, task);
  ClearJob *job = g_new0 (ClearJob, 1);

  g_return_if_fail (self != NULL);

  job->storage = g_atomic_rc_box_acquire (self);
  job->stores = g_ptr_array_ref (self->stores);
  set_progress (job, 0);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_check_cancellable (step, FALSE);
  g_task_set_task_data (task, g_new0 (ClearJob, 1), (GDestroyNotify) clear_job_free);
  g_task_set_task_data (step, job, (GDestroyNotify) clear_job_free);
  g_task_run_in_thread (step, clear_in_thread);
}

gboolean
mailer_storage_clear_finish (MailerStorage *self, GAsyncResult *result, guint *messages, guint64 *freed_bytes, GError **error)
{
  ClearJob *told = g_task_get_task_data (G_TASK (result));

  if (messages != NULL)
    *messages = told->done;
  if (freed_bytes != NULL)
    *freed_bytes = told->freed_bytes;
  return g_task_propagate_boolean (G_TASK (result), error);
}

double
mailer_storage_get_progress (MailerStorage *self)
{
  return g_atomic_int_get (&self->progress_thousandths) / 1000.0;
}
