/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-private.h"
#include "cloud-error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/* The store: an owner thread that does every write, two reader threads, and a source in the caller's context that tells of changes.
 *
 * The threads share an Engine, which never refers to the CloudStore object: so the object is only touched, and its last reference only
 * dropped, in the context it was made in.  Results are handed over by a source in the context of the call. */

#define N_READERS 2
#define CHANGED_INTERVAL_US (50 * G_TIME_SPAN_MILLISECOND)
#define CHECK_IF_UNCLEAN_BYTES (4 * 1024 * 1024)

typedef enum
{
  JOB_OPEN,
  JOB_RUN,
  JOB_LOOK,   /* has another process written? */
  JOB_VERIFY, /* a reader met damage */
  JOB_QUIT,
} JobKind;

typedef struct
{
  JobKind kind;
  CloudStoreFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  GCancellable *cancellable;
  GTask *task; /* (nullable): NULL where the caller waits */
  gpointer result;
  GError *error;
  gboolean done; /* under the engine's lock */
} Job;

typedef struct
{
  gatomicrefcount refs;
  char *path;
  const CloudStoreSchema *schema;
  GAsyncQueue *writes;
  GAsyncQueue *reads;

  /* The owner thread's. */
  CloudConnection *writer;
  int lock_fd;
  gint64 data_version;

  GMutex lock;
  GCond done;
  GSource *notify; /* (nullable): emits "changed" and "rescued" */
  GSource *watch;  /* (nullable) */
  gboolean changed_here;
  gboolean changed_elsewhere;
  gint64 last_emission_us;
  char *damaged_path;
  int salvaged;
  gboolean rescued_untold;
} Engine;

struct _CloudStore
{
  GObject parent_instance;
  Engine *engine;
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

/* ---- Jobs ---- */

static void
job_free (Job *job)
{
  if (job->data != NULL && job->free_data != NULL)
    job->free_data (job->data);
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  g_clear_error (&job->error);
  g_clear_object (&job->cancellable);
  g_clear_object (&job->task);
  g_free (job);
}

static gboolean
job_deliver (gpointer data)
{
  Job *job = data;

  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, g_steal_pointer (&job->result), job->free_result);
  return G_SOURCE_REMOVE;
}

/* The last thing a thread does with a job: the result goes to the waiting caller, or by a source into the context of the call. */
static void
job_finish (Engine *engine, Job *job)
{
  g_autoptr (GSource) source = NULL;

  if (job->free_data != NULL)
    {
      g_clear_pointer (&job->data, job->free_data);
      job->free_data = NULL;
    }
  if (job->task == NULL)
    {
      g_mutex_lock (&engine->lock);
      job->done = TRUE;
      g_cond_broadcast (&engine->done);
      g_mutex_unlock (&engine->lock);
      return;
    }
  source = g_idle_source_new ();
  g_source_set_static_name (source, "cloud-store-result");
  g_source_set_priority (source, g_task_get_priority (job->task));
  g_source_set_callback (source, job_deliver, job, (GDestroyNotify) job_free);
  g_source_attach (source, g_task_get_context (job->task));
}

static gpointer
job_wait (Engine *engine, Job *job, GError **error)
{
  gpointer result;

  g_mutex_lock (&engine->lock);
  while (!job->done)
    g_cond_wait (&engine->done, &engine->lock);
  g_mutex_unlock (&engine->lock);
  result = g_steal_pointer (&job->result);
  if (job->error != NULL)
    g_propagate_error (error, g_steal_pointer (&job->error));
  job_free (job);
  return result;
}

static Job *
job_new (JobKind kind)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  return job;
}

/* ---- The engine ---- */

static Engine *
engine_ref (Engine *engine)
{
  g_atomic_ref_count_inc (&engine->refs);
  return engine;
}

static void
engine_unref (Engine *engine)
{
  if (!g_atomic_ref_count_dec (&engine->refs))
    return;
  g_async_queue_unref (engine->writes);
  g_async_queue_unref (engine->reads);
  g_mutex_clear (&engine->lock);
  g_cond_clear (&engine->done);
  g_free (engine->damaged_path);
  g_free (engine->path);
  g_free (engine);
}

static Engine *
engine_new (const char *path, const CloudStoreSchema *schema)
{
  Engine *engine = g_new0 (Engine, 1);

  g_atomic_ref_count_init (&engine->refs);
  engine->path = g_canonicalize_filename (path, NULL);
  engine->schema = schema;
  engine->writes = g_async_queue_new ();
  engine->reads = g_async_queue_new ();
  engine->lock_fd = -1;
  g_mutex_init (&engine->lock);
  g_cond_init (&engine->done);
  return engine;
}

/* Under the lock: lets the notify source run, at most once per interval. */
static void
engine_schedule (Engine *engine)
{
  gint64 earliest = engine->last_emission_us + CHANGED_INTERVAL_US;

  if (engine->notify != NULL)
    g_source_set_ready_time (engine->notify, MAX (earliest, g_get_monotonic_time ()));
}

static void
engine_note_change (Engine *engine, gboolean here, gboolean elsewhere)
{
  if (!here && !elsewhere)
    return;
  g_mutex_lock (&engine->lock);
  engine->changed_here |= here;
  engine->changed_elsewhere |= elsewhere;
  engine_schedule (engine);
  g_mutex_unlock (&engine->lock);
}

/* TRUE if another process has written since the last look. */
static gboolean
engine_compare_data_version (Engine *engine)
{
  gint64 version = engine->writer != NULL ? cloud_connection_get_data_version (engine->writer) : engine->data_version;
  gboolean differs = version != engine->data_version;

  engine->data_version = version;
  return differs;
}

static void
engine_note_rescue (Engine *engine, char *damaged_path, int salvaged)
{
  g_mutex_lock (&engine->lock);
  g_free (engine->damaged_path);
  engine->damaged_path = damaged_path;
  engine->salvaged = salvaged;
  engine->rescued_untold = TRUE;
  engine->changed_here = TRUE;
  engine_schedule (engine);
  g_mutex_unlock (&engine->lock);
}

/* A process was killed here, or another one is at work: a small file is looked through at once. */
static gboolean
is_small_and_unclean (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  struct stat st, wal_st;

  return stat (path, &st) == 0 && st.st_size > 0 && st.st_size <= CHECK_IF_UNCLEAN_BYTES && stat (wal, &wal_st) == 0 &&
         wal_st.st_size > 0;
}

typedef enum
{
  OPENED,
  NEEDS_EXCLUSIVE, /* new, to be migrated, or half rescued */
  DAMAGED,
  FAILED,
} OpenResult;

static OpenResult
engine_try_open (Engine *engine, gboolean exclusive, gboolean check, GError **error)
{
  g_autoptr (CloudConnection) connection = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *rescued = g_strconcat (engine->path, ".rescued", NULL);
  int version = -1;

  if (!exclusive && (!g_file_test (engine->path, G_FILE_TEST_EXISTS) || g_file_test (rescued, G_FILE_TEST_EXISTS)))
    return NEEDS_EXCLUSIVE;
  connection = cloud_connection_open (engine->path, engine->schema, CLOUD_CONNECTION_WRITER, &local);
  if (connection != NULL)
    version = cloud_connection_get_version (connection, &local);
  if (local == NULL && version < engine->schema->n_migrations && !exclusive)
    return NEEDS_EXCLUSIVE;
  if (local == NULL && cloud_connection_migrate (connection, engine->schema, &local) &&
      cloud_sql_exec (connection->db, "SELECT count(*) FROM sqlite_schema", &local) &&
      (!check || cloud_connection_quick_check (connection)))
    {
      engine->writer = g_steal_pointer (&connection);
      return OPENED;
    }
  if (local == NULL || g_error_matches (local, CLOUD_ERROR, CLOUD_ERROR_CORRUPT))
    return exclusive ? DAMAGED : NEEDS_EXCLUSIVE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FAILED;
}

/* Under the exclusive lock: what lies at the path is damaged, and no connection of this thread is open. */
static gboolean
engine_rescue (Engine *engine, GError **error)
{
  char *damaged = NULL;
  int salvaged = 0;

  if (!cloud_rescue_run (engine->path, engine->schema, &damaged, &salvaged, error))
    return FALSE;
  engine_note_rescue (engine, damaged, salvaged);
  return engine_try_open (engine, TRUE, FALSE, error) == OPENED;
}

static gboolean
engine_open_exclusive (Engine *engine, gboolean check, GError **error)
{
  char *damaged = NULL;
  OpenResult result;

  if (!cloud_connection_lock (engine->lock_fd, LOCK_EX, error) || !cloud_rescue_resume (engine->path, &damaged, error))
    return FALSE;
  if (damaged != NULL)
    engine_note_rescue (engine, damaged, 0);
  result = engine_try_open (engine, TRUE, check, error);
  return result == OPENED || (result == DAMAGED && engine_rescue (engine, error));
}

/* Opens the owner's connection; what stands in the way is mended first. */
static gboolean
engine_open (Engine *engine, GError **error)
{
  gboolean check = is_small_and_unclean (engine->path);
  gboolean ok = FALSE;

  if (engine->lock_fd < 0)
    engine->lock_fd = cloud_connection_lock_open (engine->path, error);
  if (engine->lock_fd < 0)
    return FALSE;
  if (cloud_connection_lock (engine->lock_fd, LOCK_SH, error))
    {
      OpenResult result = engine_try_open (engine, FALSE, check, error);

      ok = result == OPENED;
      cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
      if (result == NEEDS_EXCLUSIVE)
        {
          ok = engine_open_exclusive (engine, check, error);
          cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
        }
    }
  if (!ok)
    return FALSE;
  engine->data_version = cloud_connection_get_data_version (engine->writer);
  g_mutex_lock (&engine->lock);
  if (engine->watch != NULL)
    cloud_store_watch_renew (engine->watch);
  g_mutex_unlock (&engine->lock);
  return TRUE;
}

/* Other processes see the commit, or the exchange of files, when the lock file's time stamp changes. */
static void
engine_wake_others (Engine *engine)
{
  futimens (engine->lock_fd, NULL);
}

/* After SQLite called the file damaged: sets it aside, unless another process has already done so. */
static void
engine_handle_damage (Engine *engine)
{
  g_autoptr (GError) error = NULL;
  gboolean damaged, is_index_only = FALSE;

  if (!cloud_connection_lock (engine->lock_fd, LOCK_EX, &error))
    return;
  damaged = engine->writer != NULL && cloud_connection_is_current (engine->writer);
  if (damaged)
    {
      /* A full-text index that disagrees with its table says "corrupt" too, with a whole file: its owner rebuilds it. */
      is_index_only = engine->writer->corrupt == SQLITE_CORRUPT_VTAB && cloud_connection_quick_check (engine->writer);
      engine->writer->corrupt = 0;
    }
  if (!is_index_only)
    {
      g_clear_pointer (&engine->writer, cloud_connection_close);
      if (damaged && !engine_rescue (engine, &error))
        g_warning ("%s", error->message);
      engine_wake_others (engine);
    }
  cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
  g_clear_error (&error);
  if (engine->writer == NULL && !engine_open (engine, &error))
    g_warning ("%s: %s", engine->path, error->message);
  else if (!is_index_only)
    {
      g_mutex_lock (&engine->lock);
      if (engine->watch != NULL)
        cloud_store_watch_renew (engine->watch);
      g_mutex_unlock (&engine->lock);
    }
}

/* With the lock held shared; opens again where another process has put a new file in place. */
static gboolean
engine_lock_current (Engine *engine, GError **error)
{
  for (int attempt = 0; attempt < 3; attempt++)
    {
      if (engine->writer == NULL && !engine_open (engine, error))
        return FALSE;
      if (!cloud_connection_lock (engine->lock_fd, LOCK_SH, error))
        return FALSE;
      if (cloud_connection_is_current (engine->writer))
        return TRUE;
      cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
      g_clear_pointer (&engine->writer, cloud_connection_close);
      engine_note_change (engine, FALSE, TRUE);
    }
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_BUSY, "%s: the file keeps being replaced", engine->path);
  return FALSE;
}

static void
engine_write (Engine *engine, Job *job)
{
  gboolean elsewhere, committed;
  int corrupt;

  if (!engine_lock_current (engine, &job->error))
    return;
  job->result = cloud_connection_run (engine->writer, CLOUD_CONNECTION_WRITER, job->func, job->data, job->free_result,
                                      job->cancellable, &job->error);
  elsewhere = engine_compare_data_version (engine);
  committed = job->error == NULL && engine->writer->committed;
  if (committed)
    engine_wake_others (engine);
  corrupt = engine->writer->corrupt;
  cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
  engine_note_change (engine, committed, elsewhere);
  if (corrupt != 0)
    engine_handle_damage (engine);
}

static void
engine_look (Engine *engine)
{
  if (!engine_lock_current (engine, NULL))
    return;
  engine_note_change (engine, FALSE, engine_compare_data_version (engine));
  cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
}

/* A reader met damage in the file: find it here, too, or trust the reader. */
static void
engine_verify (Engine *engine)
{
  if (engine->writer == NULL || !cloud_connection_is_current (engine->writer))
    return;
  if (!cloud_connection_quick_check (engine->writer))
    engine->writer->corrupt = SQLITE_CORRUPT;
  if (engine->writer->corrupt != 0)
    engine_handle_damage (engine);
}

static gpointer
writer_main (gpointer data)
{
  Engine *engine = data;

  for (;;)
    {
      Job *job = g_async_queue_pop (engine->writes);
      JobKind kind = job->kind;

      if (kind == JOB_OPEN)
        engine_open (engine, &job->error);
      else if (kind == JOB_RUN)
        engine_write (engine, job);
      else if (kind == JOB_LOOK)
        engine_look (engine);
      else if (kind == JOB_VERIFY)
        engine_verify (engine);
      if (kind == JOB_OPEN || kind == JOB_RUN)
        job_finish (engine, job);
      else
        job_free (job);
      if (kind == JOB_QUIT)
        break;
    }
  g_clear_pointer (&engine->writer, cloud_connection_close);
  if (engine->lock_fd >= 0)
    close (engine->lock_fd);
  engine_unref (engine);
  return NULL;
}

/* ---- Readers ---- */

static CloudConnection *
reader_open (Engine *engine, GError **error)
{
  CloudConnection *reader = NULL;
  int lock_fd = cloud_connection_lock_open (engine->path, error);

  if (lock_fd < 0)
    return NULL;
  if (cloud_connection_lock (lock_fd, LOCK_SH, error))
    reader = cloud_connection_open (engine->path, engine->schema, CLOUD_CONNECTION_READER, error);
  close (lock_fd);
  return reader;
}

static void
reader_run (Engine *engine, CloudConnection **reader, Job *job)
{
  if (g_cancellable_set_error_if_cancelled (job->cancellable, &job->error))
    return;
  if (*reader != NULL && !cloud_connection_is_current (*reader))
    g_clear_pointer (reader, cloud_connection_close);
  if (*reader == NULL)
    *reader = reader_open (engine, &job->error);
  if (*reader != NULL)
    job->result = cloud_connection_run (*reader, CLOUD_CONNECTION_READER, job->func, job->data, job->free_result, job->cancellable,
                                        &job->error);
  if (*reader != NULL ? (*reader)->corrupt != 0 : g_error_matches (job->error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT))
    {
      g_clear_pointer (reader, cloud_connection_close);
      g_async_queue_push_front (engine->writes, job_new (JOB_VERIFY));
    }
}

static gpointer
reader_main (gpointer data)
{
  Engine *engine = data;
  CloudConnection *reader = NULL;

  for (;;)
    {
      Job *job = g_async_queue_pop (engine->reads);

      if (job->kind == JOB_QUIT)
        {
          job_free (job);
          break;
        }
      reader_run (engine, &reader, job);
      job_finish (engine, job);
    }
  cloud_connection_close (reader);
  engine_unref (engine);
  return NULL;
}

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
  Engine *engine = self->engine;
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

  g_async_queue_push (self->engine->writes, job_new (JOB_LOOK));
}

/* In the store's context, once the database is open. */
static void
start_notifying (CloudStore *self)
{
  Engine *engine = self->engine;
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
    engine_schedule (engine);
  g_mutex_unlock (&engine->lock);
  /* What was written between the opening and now. */
  g_async_queue_push (engine->writes, job_new (JOB_LOOK));
}

static void
stop_notifying (CloudStore *self)
{
  Engine *engine = self->engine;
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
      g_async_queue_push (self->engine->reads, job_new (JOB_QUIT));
  for (guint i = 0; i < N_READERS; i++)
    g_clear_pointer (&self->readers[i], g_thread_join);
  g_async_queue_push (self->engine->writes, job_new (JOB_QUIT));
  g_clear_pointer (&self->writer, g_thread_join);
}

static void
cloud_store_finalize (GObject *object)
{
  CloudStore *self = CLOUD_STORE (object);

  if (self->engine != NULL)
    {
      Job *job;

      cloud_store_close (self);
      while ((job = g_async_queue_try_pop (self->engine->writes)) != NULL)
        job_free (job);
      engine_unref (self->engine);
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

  self->engine = engine_new (path, schema);
  self->writer = g_thread_new (schema->name, writer_main, engine_ref (self->engine));
  return self;
}

CloudStore *
cloud_store_open (const char *path, const CloudStoreSchema *schema, GError **error)
{
  g_autoptr (CloudStore) self = NULL;
  g_autoptr (GError) local = NULL;
  Job *job = job_new (JOB_OPEN);

  g_return_val_if_fail (path != NULL && schema != NULL, NULL);

  self = store_new (path, schema);
  g_async_queue_push (self->engine->writes, job);
  job_wait (self->engine, job, &local);
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
  Job *job;

  g_return_if_fail (path != NULL && schema != NULL);

  self = store_new (path, schema);
  job = job_new (JOB_OPEN);
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
      self->readers[i] = g_thread_new (self->engine->schema->name, reader_main, engine_ref (self->engine));
  g_mutex_unlock (&self->readers_lock);
  return TRUE;
}

static Job *
run_job (CloudStore *self, CloudStoreFunc func, gpointer data, GDestroyNotify free_data, GDestroyNotify free_result,
         GCancellable *cancellable)
{
  Job *job = job_new (JOB_RUN);

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
submit (CloudStore *self, GAsyncQueue *queue, Job *job)
{
  if (self->closed)
    job->error = g_error_new_literal (CLOUD_ERROR, CLOUD_ERROR_INVALID, "The store is closed");
  else
    g_cancellable_set_error_if_cancelled (job->cancellable, &job->error);
  if (job->error != NULL)
    {
      job_finish (self->engine, job);
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
  Job *job;

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
  Job *job;

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
  Job *job;

  g_return_val_if_fail (CLOUD_IS_STORE (self) && func != NULL, NULL);

  job = run_job (self, func, data, NULL, NULL, cancellable);
  submit (self, self->engine->writes, job);
  return job_wait (self->engine, job, error);
}

gpointer
cloud_store_read_sync (CloudStore *self, CloudStoreFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job;

  g_return_val_if_fail (CLOUD_IS_STORE (self) && func != NULL, NULL);

  job = run_job (self, func, data, NULL, NULL, cancellable);
  submit (self, self->engine->reads, job);
  return job_wait (self->engine, job, error);
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
