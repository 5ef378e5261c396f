/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-core"

#include "cloud-lease.h"
#include "cloud-error.h"

#include <glib-unix.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A lock file with a watch on it.  The kernel tells of the closing of a file just before it frees the lock, so that the first try
 * after the event may come too early: a few more follow. */

struct _CloudLease
{
  GObject parent_instance;
  char *path;
  int fd; /* -1: not held, not waiting */
  gboolean held;
  gboolean wanted;
  int watch_fd;
  GSource *watch;
  GSource *retry;
  guint n_retries;
  GQueue waiting; /* GTask */
};

G_DEFINE_FINAL_TYPE (CloudLease, cloud_lease, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_HELD,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_GAINED,
  SIGNAL_LOST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const guint retry_ms[] = { 2, 10, 50, 200, 500 };

static void try_waiting (CloudLease *self);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
set_errno_error (CloudLease *self, GError **error)
{
  int saved = errno;

  g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (saved), "%s: %s", self->path, g_strerror (saved));
  return FALSE;
}

static gboolean
is_removed (CloudLease *self)
{
  struct stat mine, there;

  return fstat (self->fd, &mine) != 0 || stat (self->path, &there) != 0 || mine.st_ino != there.st_ino || mine.st_dev != there.st_dev;
}

static void
close_file (CloudLease *self)
{
  clear_source (&self->watch);
  clear_source (&self->retry);
  if (self->watch_fd >= 0)
    close (self->watch_fd);
  self->watch_fd = -1;
  if (self->fd >= 0)
    {
      /* Freed before the closing wakes those who wait. */
      flock (self->fd, LOCK_UN);
      close (self->fd);
    }
  self->fd = -1;
}

static void
set_held (CloudLease *self, gboolean held)
{
  if (self->held == held)
    return;
  self->held = held;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HELD]);
  g_signal_emit (self, signals[held ? SIGNAL_GAINED : SIGNAL_LOST], 0);
}

static gboolean
on_retry (gpointer user_data)
{
  CloudLease *self = user_data;

  g_clear_pointer (&self->retry, g_source_unref);
  try_waiting (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_retry (CloudLease *self)
{
  if (self->retry != NULL || self->n_retries >= G_N_ELEMENTS (retry_ms))
    return;
  self->retry = g_timeout_source_new (retry_ms[self->n_retries++]);
  g_source_set_callback (self->retry, on_retry, self, NULL);
  g_source_attach (self->retry, g_main_context_get_thread_default ());
}

static gboolean
on_event (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (CloudLease) self = g_object_ref (CLOUD_LEASE (user_data));
  char buffer[4096] __attribute__ ((aligned (__alignof__ (struct inotify_event))));

  while (read (fd, buffer, sizeof buffer) > 0)
    ;
  if (is_removed (self))
    {
      close_file (self);
      set_held (self, FALSE);
      if (self->wanted)
        try_waiting (self);
      return G_SOURCE_REMOVE;
    }
  self->n_retries = 0;
  if (!self->held && self->wanted)
    try_waiting (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
open_file (CloudLease *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (self->fd >= 0)
    return TRUE;
  g_mkdir_with_parents (folder, 0700);
  self->fd = open (self->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return set_errno_error (self, error);
  self->watch_fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (self->watch_fd < 0 || inotify_add_watch (self->watch_fd, self->path, IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB) < 0)
    {
      set_errno_error (self, error);
      close_file (self);
      return FALSE;
    }
  self->watch = g_unix_fd_source_new (self->watch_fd, G_IO_IN);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_event), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
  return TRUE;
}

/* TRUE if held now; FALSE without an error if another holds it. */
static gboolean
try_lock (CloudLease *self, GError **error)
{
  if (self->held)
    return TRUE;
  if (!open_file (self, error))
    return FALSE;
  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0)
    {
      if (!is_removed (self))
        return TRUE;
      /* Removed between the opening and the locking: the lock of a file without a name is worth nothing. */
      close_file (self);
      return FALSE;
    }
  return errno == EWOULDBLOCK || errno == EINTR ? FALSE : set_errno_error (self, error);
}

static void
finish_waiting (CloudLease *self, const GError *error)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static void
try_waiting (CloudLease *self)
{
  g_autoptr (GError) error = NULL;

  if (try_lock (self, &error))
    {
      set_held (self, TRUE);
      finish_waiting (self, NULL);
    }
  else if (error != NULL)
    {
      g_warning ("lease: %s", error->message);
      finish_waiting (self, error);
    }
  else
    schedule_retry (self);
}

static void
cloud_lease_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_HELD)
    g_value_set_boolean (value, CLOUD_LEASE (object)->held);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cloud_lease_finalize (GObject *object)
{
  CloudLease *self = CLOUD_LEASE (object);

  close_file (self);
  g_free (self->path);
  G_OBJECT_CLASS (cloud_lease_parent_class)->finalize (object);
}

static void
cloud_lease_class_init (CloudLeaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = cloud_lease_get_property;
  object_class->finalize = cloud_lease_finalize;
  props[PROP_HELD] = g_param_spec_boolean ("held", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_GAINED] = g_signal_new ("gained", CLOUD_TYPE_LEASE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOST] = g_signal_new ("lost", CLOUD_TYPE_LEASE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cloud_lease_init (CloudLease *self)
{
  self->fd = -1;
  self->watch_fd = -1;
  g_queue_init (&self->waiting);
}

CloudLease *
cloud_lease_new (const char *database_path)
{
  CloudLease *self;

  g_return_val_if_fail (database_path != NULL, NULL);

  self = g_object_new (CLOUD_TYPE_LEASE, NULL);
  self->path = g_strconcat (database_path, ".lease", NULL);
  return self;
}

gboolean
cloud_lease_get_held (CloudLease *self)
{
  g_return_val_if_fail (CLOUD_IS_LEASE (self), FALSE);
  return self->held;
}

gboolean
cloud_lease_try_acquire (CloudLease *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (CLOUD_IS_LEASE (self), FALSE);

  if (try_lock (self, &local))
    {
      set_held (self, TRUE);
      return TRUE;
    }
  if (!self->wanted)
    close_file (self);
  if (local == NULL)
    local = g_error_new (CLOUD_ERROR, CLOUD_ERROR_BUSY, "%s: another process holds it", self->path);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

void
cloud_lease_request (CloudLease *self)
{
  g_return_if_fail (CLOUD_IS_LEASE (self));

  self->wanted = TRUE;
  if (!self->held)
    try_waiting (self);
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = user_data;
  CloudLease *self = g_task_get_source_object (task);

  /* Called in the thread that cancels, which is the lease's. */
  if (g_queue_remove (&self->waiting, task))
    {
      g_task_return_error_if_cancelled (task);
      g_object_unref (task);
    }
}

void
cloud_lease_acquire_async (CloudLease *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (CLOUD_IS_LEASE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  g_queue_push_tail (&self->waiting, task);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_cancelled), task, 0);
  self->n_retries = 0;
  self->wanted = TRUE;
  try_waiting (self);
}

gboolean
cloud_lease_acquire_finish (CloudLease *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cloud_lease_release (CloudLease *self)
{
  g_autoptr (GError) cancelled = NULL;

  g_return_if_fail (CLOUD_IS_LEASE (self));

  self->wanted = FALSE;
  close_file (self);
  cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The lease was given up");
  finish_waiting (self, cancelled);
  set_held (self, FALSE);
}
