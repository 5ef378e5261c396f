/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer"

#include "mailer-sync.h"

#include "cloud-error.h"

#include <string.h>

/* From a server to the store. */

#define HEADER_BATCH 200
#define BODY_BATCH 100
#define BODY_BATCH_BYTES (4 * 1024 * 1024)
#define MAX_BODY_BYTES (G_GINT64_CONSTANT (150) * 1024 * 1024)
#define DISTRUST_MINIMUM 10

typedef struct
{
  gint64 folder;
  guint32 uid; /* 0: all of it */
} Place;

typedef struct
{
  MailerImap *imap;
  MailerStore *store;
  MailerSyncProgress progress;
  gpointer user_data;
  guint done, total;
  gboolean stopped;
  gboolean incomplete; /* some folder could not be looked into */
  const MailerFolderRow *selected; /* (nullable) */
  guint32 uidvalidity;             /* of it */
  GArray *avoided;                 /* (element-type Place): where to look for no wanted text in this sync */
} Sync;

static gboolean
advance (Sync *self, guint n)
{
  self->done += n;
  if (self->progress != NULL && !self->progress (self->done, MAX (self->total, self->done), self->user_data))
    self->stopped = TRUE;
  return !self->stopped;
}

static gboolean serve_wanted (Sync *self, GError **error);

/* ---- Headers ---- */

static MailerArrival *
arrival_from_item (const MailerImapItem *item, GBytes *source)
{
  MailerArrival *arrival = g_new0 (MailerArrival, 1);

  arrival->uid = item->uid;
  arrival->flags = item->flags;
  arrival->modseq = item->modseq;
  arrival->received_unix_us = item->received_unix_us;
  arrival->size_bytes = item->size_bytes;
  arrival->message = mailer_message_new_from_bytes (source);
  return arrival;
}

/* Fetches and stores the headers of @uids (ascending), the newest first. */
static gboolean
fetch_headers (Sync *self, gint64 folder, const GArray *uids, GError **error)
{
  for (guint end = uids->len; end > 0 && !self->stopped;)
    {
      guint n = MIN (HEADER_BATCH, end);
      g_autoptr (GArray) batch = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);
      g_autoptr (GPtrArray) items = NULL;
      g_autoptr (GPtrArray) arrivals = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_arrival_free);

      g_array_append_vals (batch, &g_array_index (uids, guint32, end - n), n);
      if (!serve_wanted (self, error))
        return FALSE;
      items = mailer_imap_fetch_headers (self->imap, batch, error);
      if (items == NULL)
        return FALSE;
      for (guint i = 0; i < items->len; i++)
        {
          MailerImapItem *item = g_ptr_array_index (items, i);

          g_ptr_array_add (arrivals, arrival_from_item (item, item->header));
        }
      if (!mailer_store_add_arrivals (self->store, folder, arrivals, error))
        return FALSE;
      end -= n;
      advance (self, n);
    }
  return TRUE;
}

/* ---- Bodies ---- */

typedef struct
{
  Sync *sync;
  gint64 folder;
  GPtrArray *arrivals;
  gint64 bytes;
  GError *error;
  guint stored;
} BodyBatch;

static gboolean
store_batch (BodyBatch *batch)
{
  guint n = batch->arrivals->len;

  if (n == 0 || batch->error != NULL)
    return batch->error == NULL;
  mailer_store_add_bodies (batch->sync->store, batch->folder, batch->arrivals, &batch->error);
  g_ptr_array_set_size (batch->arrivals, 0);
  batch->bytes = 0;
  batch->stored += n;
  advance (batch->sync, n);
  return batch->error == NULL;
}

static gboolean
on_body (guint32 uid, GBytes *source, gpointer user_data)
{
  BodyBatch *batch = user_data;
  MailerArrival *arrival = g_new0 (MailerArrival, 1);

  arrival->uid = uid;
  arrival->source = g_bytes_ref (source);
  arrival->message = mailer_message_new_from_bytes (source);
  g_ptr_array_add (batch->arrivals, arrival);
  batch->bytes += g_bytes_get_size (source);
  return batch->bytes < BODY_BATCH_BYTES || store_batch (batch);
}

static int
compare_uid (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a;
  guint32 y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

/* The first of @missing that fit into one command; at least one. */
static GArray *
choose_batch (const GArray *missing, gint64 *bytes)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (guint32));

  *bytes = 0;
  for (guint i = 0; i < missing->len && (uids->len == 0 || *bytes < BODY_BATCH_BYTES); i++)
    {
      const MailerMissing *one = &g_array_index (missing, MailerMissing, i);

      g_array_append_val (uids, one->uid);
      *bytes += one->size_bytes;
    }
  g_array_sort (uids, compare_uid);
  return uids;
}

/* A folder that vanished or refuses between listing and opening costs only itself. */
static gboolean
is_folder_error (MailerImap *imap, const GError *error)
{
  return mailer_imap_is_alive (imap) && (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND) || g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_DENIED));
}

static gboolean
is_avoided (Sync *self, const MailerWanted *wanted)
{
  for (guint i = 0; i < self->avoided->len; i++)
    {
      const Place *place = &g_array_index (self->avoided, Place, i);

      if (place->folder == wanted->folder && (place->uid == 0 || place->uid == wanted->missing.uid))
        return TRUE;
    }
  return FALSE;
}

static void
avoid (Sync *self, gint64 folder, guint32 uid)
{
  Place place = { folder, uid };

  g_array_append_val (self->avoided, place);
}

/* The folder has been opened for its own sync, so that its UIDs are good again. */
static void
stop_avoiding (Sync *self, gint64 folder)
{
  for (guint i = self->avoided->len; i-- > 0;)
    {
      const Place *place = &g_array_index (self->avoided, Place, i);

      if (place->folder == folder && place->uid == 0)
        g_array_remove_index_fast (self->avoided, i);
    }
}

/* Gets one body.  Its folder is selected.  What is not here may have been moved, which only the folder's own sync can tell. */
static gboolean
fetch_wanted (Sync *self, const MailerWanted *wanted, gboolean *settled, GError **error)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GPtrArray) arrivals = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_arrival_free);
  BodyBatch batch = { self, wanted->folder, arrivals, 0, NULL };
  gboolean ok;

  g_array_append_val (uids, wanted->missing.uid);
  ok = mailer_imap_fetch_bodies (self->imap, uids, MAX_BODY_BYTES, wanted->missing.size_bytes, on_body, &batch, error);
  *settled = arrivals->len > 0 || batch.stored > 0;
  store_batch (&batch);
  if (batch.error == NULL)
    {
      if (ok && !*settled)
        avoid (self, wanted->folder, wanted->missing.uid);
      return ok;
    }
  if (ok)
    g_propagate_error (error, batch.error);
  else
    g_error_free (batch.error);
  return FALSE;
}

/* A folder that is gone, refuses, or was made anew since, is left to its own sync. */
static gboolean
serve_place (Sync *self, const MailerWanted *wanted, gboolean *settled, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  MailerImapState state;

  if (mailer_imap_select (self->imap, wanted->wire, &state, &local_error))
    {
      if (state.uidvalidity != wanted->uidvalidity)
        {
          avoid (self, wanted->folder, 0);
          return TRUE;
        }
      if (fetch_wanted (self, wanted, settled, &local_error))
        return TRUE;
    }
  if (!is_folder_error (self->imap, local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_message ("A text that somebody waits for: %s", local_error->message);
  avoid (self, wanted->folder, 0);
  return TRUE;
}

/* Goes on in the folder where the sync was. */
static gboolean
return_to_selected (Sync *self, GError **error)
{
  MailerImapState state;

  if (self->selected == NULL)
    return TRUE;
  if (!mailer_imap_select (self->imap, self->selected->wire, &state, error))
    return FALSE;
  if (self->uidvalidity == state.uidvalidity)
    return TRUE;
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER, "The folder %s was made anew in the middle of a sync", self->selected->path);
  return FALSE;
}

/* What somebody waits for comes before all else: at the start of a sync, and between its batches. */
static gboolean
serve_wanted (Sync *self, GError **error)
{
  g_autoptr (GArray) wanted = mailer_store_list_wanted (self->store, error);
  gint64 settled_message = 0;
  gboolean left = FALSE;

  if (wanted == NULL)
    return FALSE;
  for (guint i = 0; i < wanted->len; i++)
    {
      const MailerWanted *one = &g_array_index (wanted, MailerWanted, i);
      gboolean settled = FALSE;

      if (one->missing.message == settled_message || is_avoided (self, one))
        continue;
      if (one->missing.size_bytes > MAX_BODY_BYTES)
        {
          settled = TRUE;
          if (!mailer_store_refuse_body (self->store, one->missing.message, error))
            return FALSE;
        }
      else
        {
          left = TRUE;
          if (!serve_place (self, one, &settled, error))
            return FALSE;
        }
      if (settled)
        settled_message = one->missing.message;
    }
  return !left || return_to_selected (self, error);
}

static gboolean
has_uid (const GArray *uids, guint32 uid)
{
  return g_array_binary_search ((GArray *) uids, &uid, compare_uid, NULL);
}

/* Those without a text, but for the UIDs in @gone.  (element-type MailerMissing) */
static GArray *
list_missing (Sync *self, gint64 folder, guint max, const GArray *gone, GError **error)
{
  GArray *missing = mailer_store_list_missing (self->store, folder, max + gone->len, error);

  for (guint i = missing != NULL ? missing->len : 0; i-- > 0;)
    if (has_uid (gone, g_array_index (missing, MailerMissing, i).uid))
      g_array_remove_index (missing, i);
  return missing;
}

/* What was asked for and did not come although it is there will not come: the server has lost it or it is too large.  What is not there any more may
 * have been moved, as the next sync finds out: it goes to @gone (ascending). */
static gboolean
refuse_missing (Sync *self, gint64 folder, const GArray *asked, GArray *gone, GError **error)
{
  g_autoptr (GArray) still = list_missing (self, folder, BODY_BATCH * 2, gone, error);
  g_autoptr (GArray) there = NULL;

  for (guint i = 0; still != NULL && i < still->len; i++)
    {
      const MailerMissing *one = &g_array_index (still, MailerMissing, i);

      if (!has_uid (asked, one->uid))
        continue;
      /* Opened again, since of a folder that stays open a server may go on showing what another client has taken away. */
      if (there == NULL && (!return_to_selected (self, error) || (there = mailer_imap_search_all (self->imap, error)) == NULL))
        return FALSE;
      if (!has_uid (there, one->uid))
        g_array_append_val (gone, one->uid);
      else if (!mailer_store_refuse_body (self->store, one->message, error))
        return FALSE;
    }
  g_array_sort (gone, compare_uid);
  return still != NULL;
}

/* Those above the limit are marked and left out. */
static gboolean
drop_too_large (Sync *self, GArray *missing, GError **error)
{
  for (guint i = missing->len; i-- > 0;)
    {
      const MailerMissing *one = &g_array_index (missing, MailerMissing, i);

      if (one->size_bytes <= MAX_BODY_BYTES)
        continue;
      if (!mailer_store_refuse_body (self->store, one->message, error))
        return FALSE;
      g_array_remove_index (missing, i);
    }
  return TRUE;
}

static gboolean
fetch_bodies (Sync *self, gint64 folder, GError **error)
{
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint32));

  while (!self->stopped)
    {
      g_autoptr (GArray) missing = list_missing (self, folder, BODY_BATCH, gone, error);
      g_autoptr (GArray) uids = NULL;
      BodyBatch batch = { self, folder, NULL, 0, NULL };
      gint64 bytes;
      gboolean ok;

      if (missing == NULL || !drop_too_large (self, missing, error) || !serve_wanted (self, error))
        return FALSE;
      if (missing->len == 0)
        return TRUE;
      uids = choose_batch (missing, &bytes);
      batch.arrivals = g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_arrival_free);
      ok = mailer_imap_fetch_bodies (self->imap, uids, MAX_BODY_BYTES, bytes, on_body, &batch, error);
      store_batch (&batch);
      g_ptr_array_unref (batch.arrivals);
      if (batch.error != NULL)
        {
          if (ok)
            g_propagate_error (error, batch.error);
          else
            g_error_free (batch.error);
          return FALSE;
        }
      if (!ok || !refuse_missing (self, folder, uids, gone, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- What changed in a folder ---- */

/* Sorted arrays: what of @a is not in @b. */
static GArray *
subtract (const GArray *a, const GArray *b)
{
  GArray *rest = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint j = 0;

  for (guint i = 0; i < a->len; i++)
    {
      guint32 uid = g_array_index (a, guint32, i);

      while (j < b->len && g_array_index (b, guint32, j) < uid)
        j++;
      if (j >= b->len || g_array_index (b, guint32, j) != uid)
        g_array_append_val (rest, uid);
    }
  return rest;
}

static GArray *
uids_of (const GPtrArray *items)
{
  GArray *uids = g_array_sized_new (FALSE, FALSE, sizeof (guint32), items->len);

  for (guint i = 0; i < items->len; i++)
    g_array_append_val (uids, ((MailerImapItem *) g_ptr_array_index (items, i))->uid);
  g_array_sort (uids, compare_uid);
  return uids;
}

/* What a folder's sync found out: what came, what went. */
typedef struct
{
  GPtrArray *items; /* new flags */
  GArray *fresh;    /* UIDs without a header here */
  GArray *gone;
} Changes;

static void
changes_clear (Changes *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->fresh, g_array_unref);
  g_clear_pointer (&self->gone, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Changes, changes_clear)

/* Asks for everything: the first time, or when the server keeps no record of changes. */
static gboolean
compare_all (Sync *self, const GArray *known, guint32 exists, Changes *changes, GError **error)
{
  g_autoptr (GArray) there = NULL;

  changes->items = exists > 0 ? mailer_imap_fetch_flags (self->imap, 1, 0, NULL, NULL, error)
                              : g_ptr_array_new_with_free_func ((GDestroyNotify) mailer_imap_item_free);
  if (changes->items == NULL)
    return FALSE;
  there = uids_of (changes->items);
  changes->fresh = subtract (there, known);
  changes->gone = subtract (known, there);
  return TRUE;
}

/* The truth about what exists, for when the numbers don't add up or the server says that nearly everything is gone. */
static gboolean
compare_by_search (Sync *self, const GArray *known, Changes *changes, GError **error)
{
  g_autoptr (GArray) there = mailer_imap_search_all (self->imap, error);

  if (there == NULL)
    return FALSE;
  g_clear_pointer (&changes->fresh, g_array_unref);
  g_clear_pointer (&changes->gone, g_array_unref);
  changes->fresh = subtract (there, known);
  changes->gone = subtract (known, there);
  return TRUE;
}

static gboolean
compare_changed (Sync *self, const MailerFolderRow *folder, const MailerImapState *state, const GArray *known, Changes *changes, GError **error)
{
  g_autoptr (GArray) changed = NULL;
  guint expected;

  changes->items = mailer_imap_fetch_flags (self->imap, 1, folder->state.modseq, known, &changes->gone, error);
  if (changes->items == NULL)
    return FALSE;
  changed = uids_of (changes->items);
  changes->fresh = subtract (changed, known);
  if (changes->gone == NULL)
    changes->gone = g_array_new (FALSE, FALSE, sizeof (guint32));
  expected = known->len + changes->fresh->len - changes->gone->len;
  if (expected == state->exists && !(changes->gone->len >= DISTRUST_MINIMUM && changes->gone->len * 2 > known->len))
    return TRUE;
  return compare_by_search (self, known, changes, error);
}

static gboolean
find_changes (Sync *self, const MailerFolderRow *folder, const MailerImapState *state, Changes *changes, GError **error)
{
  g_autoptr (GArray) known = mailer_store_list_uids (self->store, folder->id, error);

  if (known == NULL)
    return FALSE;
  if (folder->state.modseq > 0 && state->modseq > 0 && folder->state.uidvalidity == state->uidvalidity)
    return compare_changed (self, folder, state, known, changes, error);
  return compare_all (self, known, state->exists, changes, error);
}

/* TRUE if nothing can have changed since the last complete sync. */
static gboolean
is_unchanged (const MailerFolderRow *folder, const MailerImapState *state)
{
  return state->modseq > 0 && state->modseq == folder->state.modseq && state->uidvalidity == folder->state.uidvalidity &&
         state->uidnext == folder->state.uidnext && state->exists == folder->state.exists;
}

/* Headers, flags and disappearances of the selected folder. */
static gboolean
sync_selected (Sync *self, const MailerFolderRow *folder, MailerImapState *state, GError **error)
{
  g_auto (Changes) changes = { 0 };

  if (folder->state.uidvalidity != state->uidvalidity && !mailer_store_begin_folder (self->store, folder->id, state->uidvalidity, error))
    return FALSE;
  stop_avoiding (self, folder->id);
  if (is_unchanged (folder, state))
    return TRUE;
  if (!find_changes (self, folder, state, &changes, error))
    return FALSE;
  self->total += changes.fresh->len * 2;
  if (!mailer_store_set_flags (self->store, folder->id, changes.items, error) || !mailer_store_remove_uids (self->store, folder->id, changes.gone, error) ||
      !fetch_headers (self, folder->id, changes.fresh, error))
    return FALSE;
  return self->stopped || mailer_store_finish_folder (self->store, folder->id, state, error);
}

static gboolean
open_folder (Sync *self, const MailerFolderRow *folder, MailerImapState *state, GError **error)
{
  self->selected = NULL;
  if (!mailer_imap_select (self->imap, folder->wire, state, error))
    return FALSE;
  self->selected = folder;
  self->uidvalidity = state->uidvalidity;
  return TRUE;
}

static gboolean
sync_headers (Sync *self, const MailerFolderRow *folder, gboolean must_select, GError **error)
{
  MailerImapState state;

  if (!must_select && folder->state.modseq > 0)
    {
      if (!mailer_imap_status (self->imap, folder->wire, &state, error))
        return FALSE;
      if (is_unchanged (folder, &state))
        return TRUE;
    }
  return open_folder (self, folder, &state, error) && sync_selected (self, folder, &state, error);
}

static gboolean
sync_bodies_of (Sync *self, const MailerFolderRow *folder, GError **error)
{
  g_autoptr (GArray) missing = mailer_store_list_missing (self->store, folder->id, 1, error);
  MailerImapState state;

  if (missing == NULL)
    return FALSE;
  if (missing->len == 0)
    return TRUE;
  if (!open_folder (self, folder, &state, error))
    return FALSE;
  /* Made anew since its headers came: the next sync sees to that. */
  return folder->state.uidvalidity != state.uidvalidity || fetch_bodies (self, folder->id, error);
}

typedef gboolean (*FolderStep) (Sync *self, const MailerFolderRow *folder, GError **error);

static gboolean
step_headers (Sync *self, const MailerFolderRow *folder, GError **error)
{
  return sync_headers (self, folder, FALSE, error);
}

static gboolean
for_each_folder (Sync *self, const GPtrArray *folders, FolderStep step, GError **error)
{
  for (guint i = 0; i < folders->len && !self->stopped; i++)
    {
      const MailerFolderRow *folder = g_ptr_array_index (folders, i);
      g_autoptr (GError) local_error = NULL;

      if (!folder->selectable || step (self, folder, &local_error))
        continue;
      if (local_error != NULL && is_folder_error (self->imap, local_error))
        {
          g_message ("Folder %s: %s", folder->path, local_error->message);
          self->incomplete = TRUE;
          continue;
        }
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

gboolean
mailer_sync_folder_list (MailerImap *imap, MailerStore *store, GError **error)
{
  g_autoptr (GPtrArray) listed = mailer_imap_list (imap, error);

  if (listed == NULL)
    return FALSE;
  if (listed->len == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "LIST: the server says that there is no folder, not even an inbox");
      return FALSE;
    }
  return mailer_store_set_folders (store, listed, error);
}

static gboolean
sync_folders (Sync *self, FolderStep step, GError **error)
{
  g_autoptr (GPtrArray) folders = mailer_store_list_folders (self->store, error);
  gboolean ok = folders != NULL && for_each_folder (self, folders, step, error);

  self->selected = NULL;
  return ok;
}

static gboolean
sync_account (Sync *self, GError **error)
{
  if (!mailer_store_forget_wanted (self->store, error) || !serve_wanted (self, error) || !mailer_sync_folder_list (self->imap, self->store, error))
    return FALSE;
  if (!sync_folders (self, step_headers, error) || !sync_folders (self, sync_bodies_of, error))
    return FALSE;
  if (self->stopped)
    return TRUE;
  return (self->incomplete || mailer_store_drop_unconfirmed (self->store, error)) && mailer_store_purge (self->store, error);
}

gboolean
mailer_sync_account (MailerImap *imap, MailerStore *store, MailerSyncProgress progress, gpointer user_data, GError **error)
{
  g_autoptr (GArray) avoided = g_array_new (FALSE, FALSE, sizeof (Place));
  Sync self = { .imap = imap, .store = store, .progress = progress, .user_data = user_data, .avoided = avoided };

  return sync_account (&self, error);
}

gboolean
mailer_sync_folder (MailerImap *imap, MailerStore *store, const MailerFolderRow *folder, MailerSyncProgress progress, gpointer user_data, GError **error)
{
  g_autoptr (GArray) avoided = g_array_new (FALSE, FALSE, sizeof (Place));
  Sync self = { .imap = imap, .store = store, .progress = progress, .user_data = user_data, .avoided = avoided };

  return sync_headers (&self, folder, TRUE, error) && fetch_bodies (&self, folder->id, error);
}
