/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-engine.h"

#include "cloud-error.h"

/* The store as its callers see it: an owner thread that does every write, two reader threads (cloud-store-engine.c), and a source in the caller's
 * context that tells of changes.
 *
 * The threads never refer to the CloudStore object: so it is only touched, and its last reference only dropped, in the context it was made in.
 * Results are handed over by a source in the context of the call. */

#define N_READERS 2

struct _CloudStore
{
  GObject parent_instance;
  CloudStoreEngine *engine;
  GMainContext *context;
  GThread *writer;
  GThread *readers[N_READERS];
  GMutex readers_lock;
  gboolean closed;
  char *damaged_path;
};

G_DEFINE_FINAL_TYPE (CloudStore, cloud_store, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_RESCUED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- The object ---- */

static gboolean
notify_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs notify_funcs = { NULL, NULL, notify_dispatch, NULL, NULL, NULL };

static gboolean
on_notify (gpointer user_data)
{
  CloudStore *self = g_object_ref (CLOUD_STORE (user_data));
  CloudStoreEngine *engine = self->engine;
  g_autofree char *damaged_path = NULL;
  gboolean here, elsewhere, rescued;
  int salvaged;

  g_mutex_lock (&engine->lock);
  g_source_set_ready_time (engine->notify, -1);
  engine->last_emission_us = g_get_monotonic_time ();
  here = engine->changed_here;
  elsewhere = engine->changed_elsewhere;
  rescued = engine->rescued_untold;
  engine->changed_here = engine->changed_elsewhere = engine->rescued_untold = FALSE;
  damaged_path = g_strdup (engine->damaged_path);
  salvaged = engine->salvaged;
  g_mutex_unlock (&engine->lock);

  if (rescued)
    g_signal_emit (self, signals[SIGNAL_RESCUED], 0, damaged_path, salvaged);
  if (here || elsewhere)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, elsewhere);
  g_object_unref (self);
  return G_SOURCE_CONTINUE;
}

static void
on_watch (gpointer user_data)
{
  CloudStore *self = user_data;

  g_async_queue_push (self->engine->writes, cloud_store_job_new (CLOUD_STORE_JOB_LOOK));
}

/* In the store's context, once the database is open. */
static void
start_notifying (CloudStore *self)
{
  CloudStoreEngine *engine = self->engine;
  GSource *watch = cloud_store_watch_new (engine->path, on_watch, self);
  GSource *notify = g_source_new (&notify_funcs, sizeof (GSource));

  g_source_set_static_name (notify, "cloud-store-changed");
  g_source_set_callback (notify, on_notify, self, NULL);
  g_source_attach (notify, self->context);
  if (watch != NULL)
    g_source_attach (watch, self->context);
  g_mutex_lock (&engine->lock);
  engine->notify = notify;
  engine->watch = watch;
  if (engine->rescued_untold)
    cloud_store_engine_schedule (engine);
  g_mutex_unlock (&engine->lock);
  /* What was written between the opening and now. */
  g_async_queue_push (engine->writes, cloud_store_job_new (CLOUD_STORE_JOB_LOOK));
}

static void
stop_notifying (CloudStore *self)
{
  CloudStoreEngine *engine = self->engine;
  GSource *notify, *watch;

  g_mutex_lock (&engine->lock);
  notify = g_steal_pointer (&engine->notify);
  watch = g_steal_pointer (&engine->watch);
  g_mutex_unlock (&engine->lock);
  if (notify != NULL)
    g_source_destroy (notify);
  if (watch != NULL)
    g_source_destroy (watch);
  g_clear_pointer (&notify, g_source_unref);
  g_clear_pointer (&watch, g_source_unref);
}

void
cloud_store_close (CloudStore *self)
{
  g_return_if_fail (CLOUD_IS_STORE (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  stop_notifying (self);
  for (guint i = 0; i < N_READERS; i++)
    if (self->readers[i] != NULL)
      g_async_queue_push (self->engine->reads, cloud_store_job_new (CLOUD_STORE_JOB_QUIT));
  for (guint i = 0; i < N_READERS; i++)
    g_clear_pointer (&self->readers[i], g_thread_join);
  g_async_queue_push (self->engine->writes, cloud_store_job_new (CLOUD_STORE_JOB_QUIT));
  g_clear_pointer (&self->writer, g_thread_join);
}

static void
cloud_store_finalize (GObject *object)
{
  CloudStore *self = CLOUD_STORE (object);

  if (self->engine != NULL)
    {
      CloudStoreJob *job;

      cloud_store_close (self);
      while ((job = g_async_queue_try_pop (self->engine->writes)) != NULL)
        cloud_store_job_free (job);
      cloud_store_engine_unref (self->engine);
    }
  g_mutex_clear (&self->readers_lock);
  g_main_context_unref (self->context);
  g_free (self->damaged_path);
  G_OBJECT_CLASS (cloud_store_parent_class)->finalize (object);
}

static void
cloud_store_class_init (CloudStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cloud_store_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CLOUD_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_BOOLEAN);
  signals[SIGNAL_RESCUED] = g_signal_new ("rescued", CLOUD_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                          G_TYPE_STRING, G_TYPE_INT);
}

static void
cloud_store_init (CloudStore *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->readers_lock);
}

static CloudStore *
store_new (const char *path, const CloudStoreSchema *schema)
{
  CloudStore *self = g_object_new (CLOUD_TYPE_STORE, NULL);

  self->engine = cloud_store_engine_new (path, schema);
  self->writer = g_thread_new (schema->name, cloud_store_engine_writer_main, cloud_store_engine_ref (self->engine));
  return self;
}

CloudStore *
cloud_store_open (const char *path, const CloudStoreSchema *schema, GError **error)
{
  g_autoptr (CloudStore) self = NULL;
  g_autoptr (GError) local = NULL;
  CloudStoreJob *job = cloud_store_job_new (CLOUD_STORE_JOB_OPEN);

  g_return_val_if_fail (path != NULL && schema != NULL, NULL);

  self = store_new (path, schema);
  g_async_queue_push (self->engine->writes, job);
  cloud_store_job_wait (self->engine, job, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  start_notifying (self);
  return g_steal_pointer (&self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CloudStore *self = CLOUD_STORE (source);
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = NULL;

  g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  start_notifying (self);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

void
cloud_store_open_async (const char *path, const CloudStoreSchema *schema, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (CloudStore) self = NULL;
  CloudStoreJob *job;

  g_return_if_fail (path != NULL && schema != NULL);

  self = store_new (path, schema);
  job = cloud_store_job_new (CLOUD_STORE_JOB_OPEN);
  job->task = g_task_new (self, NULL, on_opened, g_task_new (NULL, cancellable, callback, user_data));
  g_async_queue_push (self->engine->writes, job);
}

CloudStore *
cloud_store_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
ensure_readers (CloudStore *self)
{
  g_mutex_lock (&self->readers_lock);
  for (guint i = 0; i < N_READERS; i++)
    if (self->readers[i] == NULL)
      self->readers[i] = g_thread_new (self->engine->schema->name, cloud_store_engine_reader_main, cloud_store_engine_ref (self->engine));
  g_mutex_unlock (&self->readers_lock);
  return TRUE;
}

static CloudStoreJob *
run_job (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data, GDestroyNotify free_result,
         GCancellable *cancellable)
{
  CloudStoreJob *job = cloud_store_job_new (CLOUD_STORE_JOB_RUN);

  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->free_result = free_result;
  if (cancellable != NULL)
    job->cancellable = g_object_ref (cancellable);
  return job;
}

static GTask *
run_task (CloudStore *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* What was done is told, also where the caller has lost interest meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static void
submit (CloudStore *self, GAsyncQueue *queue, CloudStoreJob *job)
{
  if (self->closed)
    job->error = g_error_new_literal (CLOUD_ERROR, CLOUD_ERROR_INVALID, "The store is closed");
  else
    g_cancellable_set_error_if_cancelled (job->cancellable, &job->error);
  if (job->error != NULL)
    {
      cloud_store_job_finish (self->engine, job);
      return;
    }
  if (queue == self->engine->reads)
    ensure_readers (self);
  g_async_queue_push (queue, job);
}

void
cloud_store_write_async (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data, GDestroyNotify free_result,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CloudStoreJob *job;

  g_return_if_fail (CLOUD_IS_STORE (self) && func != NULL);

  job = run_job (self, func, data, free_data, free_result, cancellable);
  job->task = run_task (self, cloud_store_write_async, cancellable, callback, user_data);
  submit (self, self->engine->writes, job);
}

gpointer
cloud_store_write_finish (CloudStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cloud_store_read_async (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data, GDestroyNotify free_result,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  CloudStoreJob *job;

  g_return_if_fail (CLOUD_IS_STORE (self) && func != NULL);

  job = run_job (self, func, data, free_data, free_result, cancellable);
  job->task = run_task (self, cloud_store_read_async, cancellable, callback, user_data);
  submit (self, self->engine->reads, job);
}

gpointer
cloud_store_read_finish (CloudStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gpointer
cloud_store_write_sync (CloudStore *self, CloudStoreFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  CloudStoreJob *job;

  g_return_val_if_fail (CLOUD_IS_STORE (self) && func != NULL, NULL);

  job = run_job (self, func, data, NULL, NULL, cancellable);
  submit (self, self->engine->writes, job);
  return cloud_store_job_wait (self->engine, job, error);
}

gpointer
cloud_store_read_sync (CloudStore *self, CloudStoreFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  CloudStoreJob *job;

  g_return_val_if_fail (CLOUD_IS_STORE (self) && func != NULL, NULL);

  job = run_job (self, func, data, NULL, NULL, cancellable);
  submit (self, self->engine->reads, job);
  return cloud_store_job_wait (self->engine, job, error);
}

/* ---- Shrinking ---- */

gboolean
cloud_store_shrink_sync (CloudStore *self, GCancellable *cancellable, GError **error)
{
  CloudStoreJob *job;
  gpointer step;

  g_return_val_if_fail (CLOUD_IS_STORE (self), FALSE);

  do
    step = cloud_store_write_sync (self, cloud_shrink_step, NULL, cancellable, error);
  while (!cloud_shrink_is_done (step));
  if (step == NULL)
    return FALSE;
  job = run_job (self, NULL, NULL, NULL, NULL, cancellable);
  job->kind = CLOUD_STORE_JOB_SHRINK;
  submit (self, self->engine->writes, job);
  return cloud_store_job_wait (self->engine, job, error) != NULL;
}

static void
on_shrunk (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_shrink_step (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CloudStore *self = CLOUD_STORE (source);
  GTask *task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  gpointer step = cloud_store_write_finish (self, result, &error);
  CloudStoreJob *job;

  if (step == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (!cloud_shrink_is_done (step))
    {
      cloud_store_write_async (self, cloud_shrink_step, NULL, NULL, NULL, cancellable, on_shrink_step, task);
      return;
    }
  job = run_job (self, NULL, NULL, NULL, NULL, cancellable);
  job->kind = CLOUD_STORE_JOB_SHRINK;
  job->task = run_task (self, cloud_store_shrink_async, cancellable, on_shrunk, task);
  submit (self, self->engine->writes, job);
}

void
cloud_store_shrink_async (CloudStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_STORE (self));

  cloud_store_write_async (self, cloud_shrink_step, NULL, NULL, NULL, cancellable, on_shrink_step,
                           run_task (self, cloud_store_shrink_async, cancellable, callback, user_data));
}

gboolean
cloud_store_shrink_finish (CloudStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The rows are gone whatever becomes of the file. */
static void
on_cleared_shrunk (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!cloud_store_shrink_finish (CLOUD_STORE (source), result, &error))
    g_message ("%s was cleared, but is not small yet: %s", cloud_store_get_path (CLOUD_STORE (source)), error->message);
  g_task_return_pointer (task, g_task_get_task_data (task), NULL);
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  gpointer cleared = cloud_store_write_finish (CLOUD_STORE (source), result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, cleared, NULL);
  cloud_store_shrink_async (CLOUD_STORE (source), NULL, on_cleared_shrunk, task);
}

void
cloud_store_clear_async (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (CLOUD_IS_STORE (self) && func != NULL);

  cloud_store_write_async (self, func, data, free_data, NULL, NULL, on_cleared,
                           run_task (self, cloud_store_clear_async, NULL, callback, user_data));
}

const char *
cloud_store_get_path (CloudStore *self)
{
  g_return_val_if_fail (CLOUD_IS_STORE (self), NULL);
  return self->engine->path;
}

const char *
cloud_store_get_damaged_path (CloudStore *self)
{
  g_return_val_if_fail (CLOUD_IS_STORE (self), NULL);

  g_mutex_lock (&self->engine->lock);
  if (g_strcmp0 (self->damaged_path, self->engine->damaged_path) != 0)
    {
      g_free (self->damaged_path);
      self->damaged_path = g_strdup (self->engine->damaged_path);
    }
  g_mutex_unlock (&self->engine->lock);
  return self->damaged_path;
}

int
cloud_store_get_salvaged (CloudStore *self)
{
  int salvaged;

  g_return_val_if_fail (CLOUD_IS_STORE (self), 0);

  g_mutex_lock (&self->engine->lock);
  salvaged = self->engine->salvaged;
  g_mutex_unlock (&self->engine->lock);
  return salvaged;
}

gint64
cloud_store_get_size_bytes (CloudStore *self)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  gint64 size = 0;

  g_return_val_if_fail (CLOUD_IS_STORE (self), 0);

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (self->engine->path, suffixes[i], NULL);
      struct stat st;

      if (stat (file, &st) == 0)
        size += st.st_size;
    }
  return size;
}
