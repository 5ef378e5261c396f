/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-engine.h"

#include "cloud-error.h"

#include <sys/file.h>
#include <unistd.h>

/* The threads of a store: every write on one, with opening, mending and the watch for others' commits; reads beside it. */

#define CHANGED_INTERVAL_US (50 * G_TIME_SPAN_MILLISECOND)
#define CHECK_IF_UNCLEAN_BYTES (4 * 1024 * 1024)

/* ---- Jobs ---- */

void
cloud_store_job_free (CloudStoreJob *job)
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
  CloudStoreJob *job = data;

  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, g_steal_pointer (&job->result), job->free_result);
  return G_SOURCE_REMOVE;
}

/* The last thing a thread does with a job: the result goes to the waiting caller, or by a source into the context of the call. */
void
cloud_store_job_finish (CloudStoreEngine *engine, CloudStoreJob *job)
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
  g_source_set_callback (source, job_deliver, job, (GDestroyNotify) cloud_store_job_free);
  g_source_attach (source, g_task_get_context (job->task));
}

gpointer
cloud_store_job_wait (CloudStoreEngine *engine, CloudStoreJob *job, GError **error)
{
  gpointer result;

  g_mutex_lock (&engine->lock);
  while (!job->done)
    g_cond_wait (&engine->done, &engine->lock);
  g_mutex_unlock (&engine->lock);
  result = g_steal_pointer (&job->result);
  if (job->error != NULL)
    g_propagate_error (error, g_steal_pointer (&job->error));
  cloud_store_job_free (job);
  return result;
}

CloudStoreJob *
cloud_store_job_new (CloudStoreJobKind kind)
{
  CloudStoreJob *job = g_new0 (CloudStoreJob, 1);

  job->kind = kind;
  return job;
}

/* ---- The engine ---- */

CloudStoreEngine *
cloud_store_engine_ref (CloudStoreEngine *engine)
{
  g_atomic_ref_count_inc (&engine->refs);
  return engine;
}

void
cloud_store_engine_unref (CloudStoreEngine *engine)
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

CloudStoreEngine *
cloud_store_engine_new (const char *path, const CloudStoreSchema *schema)
{
  CloudStoreEngine *engine = g_new0 (CloudStoreEngine, 1);

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
void
cloud_store_engine_schedule (CloudStoreEngine *engine)
{
  gint64 earliest = engine->last_emission_us + CHANGED_INTERVAL_US;

  if (engine->notify != NULL)
    g_source_set_ready_time (engine->notify, MAX (earliest, g_get_monotonic_time ()));
}

static void
engine_note_change (CloudStoreEngine *engine, gboolean here, gboolean elsewhere)
{
  if (!here && !elsewhere)
    return;
  g_mutex_lock (&engine->lock);
  engine->changed_here |= here;
  engine->changed_elsewhere |= elsewhere;
  cloud_store_engine_schedule (engine);
  g_mutex_unlock (&engine->lock);
}

/* TRUE if another process has written since the last look. */
static gboolean
engine_compare_data_version (CloudStoreEngine *engine)
{
  gint64 version = engine->writer != NULL ? cloud_connection_get_data_version (engine->writer) : engine->data_version;
  gboolean differs = version != engine->data_version;

  engine->data_version = version;
  return differs;
}

static void
engine_note_rescue (CloudStoreEngine *engine, char *damaged_path, int salvaged)
{
  g_mutex_lock (&engine->lock);
  g_free (engine->damaged_path);
  engine->damaged_path = damaged_path;
  engine->salvaged = salvaged;
  engine->rescued_untold = TRUE;
  engine->changed_here = TRUE;
  cloud_store_engine_schedule (engine);
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
engine_try_open (CloudStoreEngine *engine, gboolean exclusive, gboolean check, GError **error)
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
engine_rescue (CloudStoreEngine *engine, GError **error)
{
  char *damaged = NULL;
  int salvaged = 0;

  if (!cloud_rescue_run (engine->path, engine->schema, &damaged, &salvaged, error))
    return FALSE;
  engine_note_rescue (engine, damaged, salvaged);
  return engine_try_open (engine, TRUE, FALSE, error) == OPENED;
}

static gboolean
engine_open_exclusive (CloudStoreEngine *engine, gboolean check, GError **error)
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
engine_open (CloudStoreEngine *engine, GError **error)
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
engine_wake_others (CloudStoreEngine *engine)
{
  futimens (engine->lock_fd, NULL);
}

/* After SQLite called the file damaged: sets it aside, unless another process has already done so. */
static void
engine_handle_damage (CloudStoreEngine *engine)
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
engine_lock_current (CloudStoreEngine *engine, GError **error)
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
engine_write (CloudStoreEngine *engine, CloudStoreJob *job)
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
engine_shrink (CloudStoreEngine *engine, CloudStoreJob *job)
{
  if (!engine_lock_current (engine, &job->error))
    return;
  if (cloud_shrink_end (engine->writer, job->cancellable, &job->error))
    job->result = GINT_TO_POINTER (TRUE);
  engine_note_change (engine, FALSE, engine_compare_data_version (engine));
  cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
  if (engine->writer->corrupt != 0)
    engine_handle_damage (engine);
}

static void
engine_look (CloudStoreEngine *engine)
{
  if (!engine_lock_current (engine, NULL))
    return;
  engine_note_change (engine, FALSE, engine_compare_data_version (engine));
  cloud_connection_lock (engine->lock_fd, LOCK_UN, NULL);
}

/* A reader met damage in the file: find it here, too, or trust the reader. */
static void
engine_verify (CloudStoreEngine *engine)
{
  if (engine->writer == NULL || !cloud_connection_is_current (engine->writer))
    return;
  if (!cloud_connection_quick_check (engine->writer))
    engine->writer->corrupt = SQLITE_CORRUPT;
  if (engine->writer->corrupt != 0)
    engine_handle_damage (engine);
}

gpointer
cloud_store_engine_writer_main (gpointer data)
{
  CloudStoreEngine *engine = data;

  for (;;)
    {
      CloudStoreJob *job = g_async_queue_pop (engine->writes);
      CloudStoreJobKind kind = job->kind;

      if (kind == CLOUD_STORE_JOB_OPEN)
        engine_open (engine, &job->error);
      else if (kind == CLOUD_STORE_JOB_RUN)
        engine_write (engine, job);
      else if (kind == CLOUD_STORE_JOB_SHRINK)
        engine_shrink (engine, job);
      else if (kind == CLOUD_STORE_JOB_LOOK)
        engine_look (engine);
      else if (kind == CLOUD_STORE_JOB_VERIFY)
        engine_verify (engine);
      if (kind == CLOUD_STORE_JOB_OPEN || kind == CLOUD_STORE_JOB_RUN || kind == CLOUD_STORE_JOB_SHRINK)
        cloud_store_job_finish (engine, job);
      else
        cloud_store_job_free (job);
      if (kind == CLOUD_STORE_JOB_QUIT)
        break;
    }
  g_clear_pointer (&engine->writer, cloud_connection_close);
  if (engine->lock_fd >= 0)
    close (engine->lock_fd);
  cloud_store_engine_unref (engine);
  return NULL;
}

/* ---- Readers ---- */

static CloudConnection *
reader_open (CloudStoreEngine *engine, GError **error)
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
reader_run (CloudStoreEngine *engine, CloudConnection **reader, CloudStoreJob *job)
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
      g_async_queue_push_front (engine->writes, cloud_store_job_new (CLOUD_STORE_JOB_VERIFY));
    }
}

gpointer
cloud_store_engine_reader_main (gpointer data)
{
  CloudStoreEngine *engine = data;
  CloudConnection *reader = NULL;

  for (;;)
    {
      CloudStoreJob *job = g_async_queue_pop (engine->reads);

      if (job->kind == CLOUD_STORE_JOB_QUIT)
        {
          cloud_store_job_free (job);
          break;
        }
      reader_run (engine, &reader, job);
      cloud_store_job_finish (engine, job);
    }
  cloud_connection_close (reader);
  cloud_store_engine_unref (engine);
  return NULL;
}
