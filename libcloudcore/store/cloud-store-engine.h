/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-store-private.h"

G_BEGIN_DECLS

/* What works behind a CloudStore: the owner thread that does every write, and the readers; jobs come to them by queues.
 *
 * The threads share a CloudStoreEngine, which never refers to the CloudStore object.
 *
 * Threading: an engine's fields belong to the owner thread or to its lock, as said there.  Ownership: the object and each thread hold a reference.
 * Errors: a job's, those of CloudStore. */

typedef enum
{
  CLOUD_STORE_JOB_OPEN,
  CLOUD_STORE_JOB_RUN,
  CLOUD_STORE_JOB_LOOK,   /* has another process written? */
  CLOUD_STORE_JOB_VERIFY, /* a reader met damage */
  CLOUD_STORE_JOB_SHRINK, /* the free pages are at the end of the file: cut them off */
  CLOUD_STORE_JOB_QUIT,
} CloudStoreJobKind;

typedef struct
{
  CloudStoreJobKind kind;
  CloudStoreFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  GCancellable *cancellable;
  GTask *task; /* (nullable): NULL where the caller waits */
  gpointer result;
  GError *error;
  gboolean done; /* under the engine's lock */
} CloudStoreJob;

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
} CloudStoreEngine;

/* ---- Jobs ---- */

CloudStoreJob *cloud_store_job_new (CloudStoreJobKind kind);
void cloud_store_job_free (CloudStoreJob *job);
/* The last thing that is done with a job (transfer full): its result goes to the waiting caller, or by a source into the context of the call. */
void cloud_store_job_finish (CloudStoreEngine *engine, CloudStoreJob *job);
/* Waits for a job without a task, and frees it.  Returns: (transfer full) its result */
gpointer cloud_store_job_wait (CloudStoreEngine *engine, CloudStoreJob *job, GError **error);

/* ---- The engine ---- */

CloudStoreEngine *cloud_store_engine_new (const char *path, const CloudStoreSchema *schema);
CloudStoreEngine *cloud_store_engine_ref (CloudStoreEngine *engine);
void cloud_store_engine_unref (CloudStoreEngine *engine);
/* Under the lock: lets the notify source run, at most once per interval. */
void cloud_store_engine_schedule (CloudStoreEngine *engine);
/* The threads' functions; each is given a reference and works until a CLOUD_STORE_JOB_QUIT. */
gpointer cloud_store_engine_writer_main (gpointer engine);
gpointer cloud_store_engine_reader_main (gpointer engine);

G_END_DECLS
