/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-source-replay.h"
#include "hal-track.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <math.h>

/* Plays a recording: each fix is due at the start plus its recorded offset divided by the speed, so that delays do not add up. */

#define LOOP_PAUSE_US (2 * G_USEC_PER_SEC)

struct _HalSourceReplay
{
  GObject parent_instance;

  char *path;
  double speed;
  gboolean loop;

  gboolean running;
  GCancellable *cancellable;
  GPtrArray *track;
  guint next;
  gint64 started_us; /* monotonic instant of the track's first fix */
  guint timeout_id;
};

static void iface_init (HalSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HalSourceReplay, hal_source_replay, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HAL_TYPE_SOURCE, iface_init))

static void schedule (HalSourceReplay *self);

static gint64
due_us (const HalSourceReplay *self, guint i)
{
  const CloudFix *first = self->track->pdata[0];
  const CloudFix *fix = self->track->pdata[i];
  double offset = (double) MAX (0, fix->time_unix_us - first->time_unix_us);

  return self->started_us + (gint64) MIN (offset / self->speed, 1e15);
}

static void
emit_next (HalSourceReplay *self)
{
  CloudFix values = *(CloudFix *) self->track->pdata[self->next++];
  g_autoptr (CloudFix) fix = NULL;

  values.monotonic_us = g_get_monotonic_time ();
  values.time_unix_us = cloud_time_now_unix_us ();
  values.source = "replay";
  fix = cloud_fix_new (&values);
  hal_source_emit_fix (HAL_SOURCE (self), fix);
}

static void
end_of_track (HalSourceReplay *self)
{
  g_autoptr (GError) error = NULL;

  if (self->loop)
    {
      self->next = 0;
      self->started_us = g_get_monotonic_time () + (gint64) (LOOP_PAUSE_US / self->speed);
      schedule (self);
      return;
    }
  self->running = FALSE;
  g_set_error (&error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "the recording is over");
  hal_source_emit_failed (HAL_SOURCE (self), error);
}

static gboolean
on_due (gpointer data)
{
  g_autoptr (HalSourceReplay) self = g_object_ref (data);

  self->timeout_id = 0;
  emit_next (self);
  if (self->running && self->timeout_id == 0)
    schedule (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (HalSourceReplay *self)
{
  gint64 wait_ms;

  if (self->next >= self->track->len)
    {
      end_of_track (self);
      return;
    }
  wait_ms = (due_us (self, self->next) - g_get_monotonic_time ()) / 1000;
  self->timeout_id = g_timeout_add ((guint) CLAMP (wait_ms, 0, G_MAXINT), on_due, self);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *track = hal_track_load (path, &error);

  if (track != NULL)
    g_task_return_pointer (task, track, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  HalSourceReplay *self = HAL_SOURCE_REPLAY (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) track = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (track == NULL)
    {
      self->running = FALSE;
      hal_source_emit_failed (HAL_SOURCE (self), error);
      return;
    }
  self->track = g_steal_pointer (&track);
  self->next = 0;
  self->started_us = g_get_monotonic_time ();
  schedule (self);
}

static void
hal_source_replay_start (HalSource *source, const HalSourceDemand *demand)
{
  HalSourceReplay *self = HAL_SOURCE_REPLAY (source);
  g_autoptr (GTask) task = NULL;

  if (self->running)
    return;
  self->running = TRUE;
  if (self->track != NULL && self->next < self->track->len)
    {
      /* Goes on where it was stopped. */
      self->started_us += g_get_monotonic_time () - due_us (self, self->next);
      schedule (self);
      return;
    }
  g_clear_pointer (&self->track, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, on_loaded, NULL);
  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

static void
hal_source_replay_stop (HalSource *source)
{
  HalSourceReplay *self = HAL_SOURCE_REPLAY (source);

  self->running = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
}

static const char *
hal_source_replay_get_name (HalSource *source)
{
  return "replay";
}

static HalSourceCapabilities
hal_source_replay_get_capabilities (HalSource *source)
{
  return HAL_SOURCE_ALTITUDE | HAL_SOURCE_SPEED;
}

static void
iface_init (HalSourceInterface *iface)
{
  iface->get_name = hal_source_replay_get_name;
  iface->get_capabilities = hal_source_replay_get_capabilities;
  iface->start = hal_source_replay_start;
  iface->stop = hal_source_replay_stop;
}

static void
hal_source_replay_dispose (GObject *object)
{
  hal_source_replay_stop (HAL_SOURCE (object));
  G_OBJECT_CLASS (hal_source_replay_parent_class)->dispose (object);
}

static void
hal_source_replay_finalize (GObject *object)
{
  HalSourceReplay *self = HAL_SOURCE_REPLAY (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->track, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (hal_source_replay_parent_class)->finalize (object);
}

static void
hal_source_replay_class_init (HalSourceReplayClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = hal_source_replay_dispose;
  G_OBJECT_CLASS (klass)->finalize = hal_source_replay_finalize;
}

static void
hal_source_replay_init (HalSourceReplay *self)
{
}

HalSource *
hal_source_replay_new (const char *path, double speed, gboolean loop)
{
  HalSourceReplay *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (speed > 0, NULL);

  self = g_object_new (HAL_TYPE_SOURCE_REPLAY, NULL);
  self->path = g_strdup (path);
  self->speed = speed;
  self->loop = loop;
  return HAL_SOURCE (self);
}
