/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cloud-store"

#include "cloud-store-private.h"

#include <glib-unix.h>

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Wakes its owner soon after some process wrote to a database, and sleeps otherwise.
 *
 * A CloudStore sets the time stamp of the lock file after each commit, so that the event comes when the commit can be seen.  A process
 * killed just before that, and programs that are no CloudStore, only write to the log: the commit may become visible a moment after
 * that event, so a second look follows half a second later. */

#define SETTLE_US (20 * G_TIME_SPAN_MILLISECOND)
#define SECOND_LOOK_US (450 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  GSource source;
  GMutex lock; /* of wal_wd */
  char *path;
  int fd;
  int lock_wd;
  int wal_wd;
  gpointer tag;
  gboolean second_look; /* the look that is due is not the last one */
  CloudStoreWatchFunc func;
  gpointer user_data;
} CloudStoreWatch;

/* Takes the waiting events; TRUE if the last one was a mere write to the log. */
static gboolean
drain (CloudStoreWatch *self)
{
  char buffer[4096] __attribute__ ((aligned (__alignof__ (struct inotify_event))));
  gboolean unsure = FALSE;
  ssize_t n;

  while ((n = read (self->fd, buffer, sizeof buffer)) > 0)
    for (char *at = buffer; at < buffer + n;)
      {
        const struct inotify_event *event = (const struct inotify_event *) at;

        unsure = event->wd != self->lock_wd;
        at += sizeof *event + event->len;
      }
  return unsure;
}

static gboolean
watch_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  CloudStoreWatch *self = (CloudStoreWatch *) source;
  gint64 now = g_source_get_time (source);

  if (g_source_query_unix_fd (source, self->tag) != 0)
    {
      self->second_look = drain (self);
      /* Not polled meanwhile: a burst of writes is one look. */
      g_source_modify_unix_fd (source, self->tag, 0);
      g_source_set_ready_time (source, now + SETTLE_US);
      return G_SOURCE_CONTINUE;
    }
  if (g_source_get_ready_time (source) < 0 || g_source_get_ready_time (source) > now)
    return G_SOURCE_CONTINUE;
  g_source_modify_unix_fd (source, self->tag, G_IO_IN);
  g_source_set_ready_time (source, self->second_look ? now + SECOND_LOOK_US : -1);
  self->second_look = FALSE;
  self->func (self->user_data);
  return G_SOURCE_CONTINUE;
}

static void
watch_finalize (GSource *source)
{
  CloudStoreWatch *self = (CloudStoreWatch *) source;

  close (self->fd);
  g_mutex_clear (&self->lock);
  g_free (self->path);
}

static GSourceFuncs watch_funcs = { NULL, NULL, watch_dispatch, watch_finalize, NULL, NULL };

static int
add_wal (CloudStoreWatch *self)
{
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);

  return inotify_add_watch (self->fd, wal, IN_MODIFY);
}

GSource *
cloud_store_watch_new (const char *path, CloudStoreWatchFunc func, gpointer user_data)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  CloudStoreWatch *self;
  int fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);

  if (fd < 0)
    {
      g_warning ("%s: changes by other processes will not be seen: %s", path, g_strerror (errno));
      return NULL;
    }
  self = (CloudStoreWatch *) g_source_new (&watch_funcs, sizeof *self);
  g_source_set_static_name (&self->source, "cloud-store-watch");
  g_mutex_init (&self->lock);
  self->path = g_strdup (path);
  self->fd = fd;
  self->func = func;
  self->user_data = user_data;
  self->lock_wd = inotify_add_watch (fd, lock_path, IN_ATTRIB);
  self->wal_wd = add_wal (self);
  self->tag = g_source_add_unix_fd (&self->source, fd, G_IO_IN);
  return &self->source;
}

void
cloud_store_watch_renew (GSource *source)
{
  CloudStoreWatch *self = (CloudStoreWatch *) source;

  g_mutex_lock (&self->lock);
  if (self->wal_wd >= 0)
    inotify_rm_watch (self->fd, self->wal_wd);
  self->wal_wd = add_wal (self);
  g_mutex_unlock (&self->lock);
}
