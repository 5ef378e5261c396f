/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-store.h"

G_BEGIN_DECLS

/* Which version of the text pipeline an index was made with, and how it is made anew in the background when that changes.
 *
 * The index stays in use: what the rebuild has passed is found, what it has not reached yet is found a moment later.  Batches are ordinary
 * writes of the store; killed in the middle, the rebuild goes on from its last batch.
 *
 * A *-store.c calls cloud_index_store_create() in the migration that creates its FTS table, cloud_index_store_covers() before it adds, changes or removes
 * the index entry of a row (if FALSE, leave the index alone: the rebuild will come there), and cloud_index_rebuild_async() once after opening.
 *
 * Threading: functions that take a connection run inside a job of the store; the async ones where the store was made.
 * Errors: those of CloudStore. */

typedef struct
{
  const char *name; /* of the index, unique in its database */
  /* Makes the index empty. */
  gboolean (*clear) (sqlite3 *db, GError **error);
  /* Adds the next @limit rows after @after_rowid, in the order of rowid.  Returns the last one's, 0 if there is none left, -1 with @error. */
  gint64 (*add_after) (sqlite3 *db, gint64 after_rowid, guint limit, GError **error);
} CloudIndexSpec;

gboolean cloud_index_store_create (sqlite3 *db, const char *name, GError **error);

gboolean cloud_index_store_covers (sqlite3 *db, const char *name, gint64 rowid);

/* In a migration, or a write, that changes the rows themselves by the thousand: what stands in the index is of no use, and cloud_index_rebuild_async() makes it anew. */
gboolean cloud_index_store_outdate (sqlite3 *db, const char *name, GError **error);

/* FALSE: a rebuild is due, or under way. */
gboolean cloud_index_store_is_current (sqlite3 *db, const char *name);

/* Does nothing, quickly, if the index is current.  @spec must stay (a static const).  Any process may call it; when two do, they share the batches. */
void cloud_index_rebuild_async (CloudStore *store, const CloudIndexSpec *spec, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cloud_index_rebuild_finish (CloudStore *store, GAsyncResult *result, GError **error);
/* The same, waiting, on a worker thread. */
gboolean cloud_index_rebuild_sync (CloudStore *store, const CloudIndexSpec *spec, GCancellable *cancellable, GError **error);

G_END_DECLS
