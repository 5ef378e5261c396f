/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudLease: who may act on the network for a database.
 *
 * Window, command line and service of an app share a database; only the process that holds its lease syncs, sends and refreshes.  The lease is
 * a kernel lock on the file <database>.lease: it is freed by the kernel when the holder dies, however it dies, and nobody polls for it:
 * those who wait are woken by the file's closing.
 *
 * Threading: one thread's main context.  Errors: DENIED, NO_SPACE and NOT_FOUND when the file cannot be made; BUSY from try_acquire when
 * another process (or another CloudLease of this one) holds it: leave the work to the holder.
 * Source: flock(2), inotify(7) IN_CLOSE_WRITE.
 *
 * Property "held" (gboolean, read-only, notifies).  Signals "gained" and "lost": after "lost" stop acting at once; it comes after
 * release, or when somebody removed the file. */

#define CLOUD_TYPE_LEASE (cloud_lease_get_type ())
G_DECLARE_FINAL_TYPE (CloudLease, cloud_lease, CLOUD, LEASE, GObject)

/* Returns: (transfer full) */
CloudLease *cloud_lease_new (const char *database_path);

gboolean cloud_lease_get_held (CloudLease *self);

/* At once or not at all. */
gboolean cloud_lease_try_acquire (CloudLease *self, GError **error);

/* From now on takes the lease as soon as it is free, and says "gained"; until cloud_lease_release. */
void cloud_lease_request (CloudLease *self);

/* Waits until it is held. */
void cloud_lease_acquire_async (CloudLease *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cloud_lease_acquire_finish (CloudLease *self, GAsyncResult *result, GError **error);

/* Gives it up, and stops waiting for it.  The last unref does the same. */
void cloud_lease_release (CloudLease *self);

G_END_DECLS
