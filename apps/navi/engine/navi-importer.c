/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-importer.h"
#include "navi-import.h"
#include "navi-region.h"

#include "cloud-error.h"

#include <math.h>
#include <string.h>

/* Runs an import on a thread of its own and tells of its progress in the main context. */

struct _NaviImporter
{
  GObject parent_instance;

  double progress;
  int remaining_s;
  gboolean busy;
  gint shared_permille; /* written by the import's thread */
  guint tick;
  gint64 begun_us;
  double begun_at; /* where it goes on after a kill; -1: not known yet */
};

enum
{
  PROP_0,
  PROP_PROGRESS,
  PROP_REMAINING_S,
  PROP_BUSY,
  N_PROPS,
};

enum
{
  TICK_MS = 200,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (NaviImporter, navi_importer, G_TYPE_OBJECT)

typedef struct
{
  char *in;
  char *out;
  char *name;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->in);
  g_free (job->out);
  g_free (job->name);
  g_free (job);
}

static void
navi_importer_finalize (GObject *object)
{
  g_assert (NAVI_IMPORTER (object)->tick == 0);
  G_OBJECT_CLASS (navi_importer_parent_class)->finalize (object);
}

static void
navi_importer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  NaviImporter *self = NAVI_IMPORTER (object);

  switch (id)
    {
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_REMAINING_S:
      g_value_set_int (value, self->remaining_s);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
navi_importer_class_init (NaviImporterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = navi_importer_finalize;
  object_class->get_property = navi_importer_get_property;
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  props[PROP_REMAINING_S] = g_param_spec_int ("remaining-s", NULL, NULL, -1, G_MAXINT, -1, flags);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
navi_importer_init (NaviImporter *self)
{
  self->remaining_s = -1;
}

NaviImporter *
navi_importer_new (void)
{
  return g_object_new (NAVI_TYPE_IMPORTER, NULL);
}

double
navi_importer_get_progress (NaviImporter *self)
{
  g_return_val_if_fail (NAVI_IS_IMPORTER (self), 0);
  return self->progress;
}

int
navi_importer_get_remaining_s (NaviImporter *self)
{
  g_return_val_if_fail (NAVI_IS_IMPORTER (self), -1);
  return self->remaining_s;
}

gboolean
navi_importer_get_busy (NaviImporter *self)
{
  g_return_val_if_fail (NAVI_IS_IMPORTER (self), FALSE);
  return self->busy;
}

static void
set_busy (NaviImporter *self, gboolean busy)
{
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
show_progress (NaviImporter *self, double progress)
{
  double elapsed_s = (double) (g_get_monotonic_time () - self->begun_us) / 1e6;
  double moved = progress - MAX (self->begun_at, 0.0);
  int remaining_s = moved > 0.05 && elapsed_s > 1.0 ? (int) ceil (elapsed_s * (1 - progress) / moved) : -1;

  if (progress != self->progress)
    {
      self->progress = progress;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
    }
  if (remaining_s != self->remaining_s)
    {
      self->remaining_s = remaining_s;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REMAINING_S]);
    }
}

static gboolean
on_tick (gpointer user_data)
{
  NaviImporter *self = user_data;

  double progress = g_atomic_int_get (&self->shared_permille) / 1000.0;

  if (self->begun_at < 0 && progress > 0)
    self->begun_at = progress;
  show_progress (self, progress);
  return G_SOURCE_CONTINUE;
}

static void
on_import_progress (const char *phase, double done, gpointer user_data)
{
  NaviImporter *self = user_data;

  g_atomic_int_set (&self->shared_permille, (gint) (CLAMP (done, 0.0, 1.0) * 1000));
}

/* A region from elsewhere is checked, then copied beside its place and put there in one step. */
static gboolean
take_region (NaviRegion *region, const Job *job, GCancellable *cancellable, GError **error)
{
  g_autofree char *temporary = g_strconcat (job->out, ".part", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (job->in);
  g_autoptr (GFile) part = g_file_new_for_path (temporary);
  g_autoptr (GFile) to = g_file_new_for_path (job->out);

  if (!navi_region_verify (region, cancellable, error))
    return FALSE;
  if (g_file_copy (from, part, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, error)
      && g_file_move (part, to, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, error))
    return TRUE;
  g_file_delete (part, NULL, NULL);
  cloud_error_convert_gio (error);
  return FALSE;
}

static void
import_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  GError *error = NULL;
  g_autoptr (NaviRegion) region = navi_region_open (job->in, &error);
  gboolean ok;

  if (region != NULL)
    ok = take_region (region, job, cancellable, &error);
  else if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_INVALID))
    {
      g_clear_error (&error);
      ok = navi_import_run (job->in, job->out, job->name, on_import_progress, source, cancellable, &error);
    }
  else
    ok = FALSE;
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NaviImporter *self = NAVI_IMPORTER (source);
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;
  gboolean ok = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_handle_id (&self->tick, g_source_remove);
  if (ok)
    show_progress (self, 1.0);
  set_busy (self, FALSE);
  if (ok)
    g_task_return_boolean (outer, TRUE);
  else
    g_task_return_error (outer, error);
}

void
navi_importer_import_async (NaviImporter *self, const char *in, const char *out, const char *name, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) outer = NULL;
  g_autoptr (GTask) inner = NULL;
  Job *job;

  g_return_if_fail (NAVI_IS_IMPORTER (self) && in != NULL && out != NULL);

  outer = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (outer, navi_importer_import_async);
  if (self->busy)
    {
      g_task_return_new_error (outer, CLOUD_ERROR, CLOUD_ERROR_BUSY, "Another import is running");
      return;
    }
  job = g_new0 (Job, 1);
  job->in = g_strdup (in);
  job->out = g_strdup (out);
  job->name = g_strdup (name);
  self->begun_us = g_get_monotonic_time ();
  self->begun_at = -1;
  g_atomic_int_set (&self->shared_permille, 0);
  show_progress (self, 0.0);
  self->tick = g_timeout_add (TICK_MS, on_tick, self);
  set_busy (self, TRUE);
  inner = g_task_new (self, cancellable, on_imported, g_steal_pointer (&outer));
  g_task_set_task_data (inner, job, job_free);
  g_task_run_in_thread (inner, import_in_thread);
}

gboolean
navi_importer_import_finish (NaviImporter *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
