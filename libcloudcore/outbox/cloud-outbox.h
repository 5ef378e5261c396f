/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-outbox-entry.h"

G_BEGIN_DECLS

/* CloudOutbox: the journal of what the user did and the network has not yet seen.
 *
 * Any process of an app appends: when append finishes, the entry is on the disk (fsynced), and only then may the app tell the user so.  The
 * process that holds the outbox's lease replays: entries of one target in the order in which they were appended, targets side by side.  A
 * process that is killed leaves the entry it was sending as "interrupted"; whoever holds the lease next asks the kind whether it can
 * be repeated.  Every process sees the same entries in get_entries(), changed within a second.
 *
 * A target is a lane, by convention "<account uuid>/<lane>": what must keep its order, or shares a login, has one lane.  For Mail:
 * "<account>/smtp" for sends, "<account>/imap" for flags, moves and appends.
 *
 * Kinds, the good habits of an executor:
 *  - what can be repeated without harm (flags, moves by Message-ID, PUT) has resume = cloud_outbox_resume_repeat;
 *  - what cannot (SMTP) notes before each step what it is about to do (cloud_outbox_set_progress_async; wait for its end), and its resume
 *    decides by the note: nothing noted -> REPEAT; "handing over" noted -> UNCERTAIN, the user is asked; "accepted" noted -> REPEAT,
 *    and execute goes on with the Sent folder.  The entry's uuid is the idempotency key: put it into the Message-ID;
 *  - finish the task with cloud_outbox_task_return_done, _uncertain (the connection broke after the last byte, before the answer) or with
 *    g_task_return_error and a CloudError.
 *
 * What becomes of an entry by the error's code: OFFLINE, TRY_LATER, BUSY, NO_SPACE: waits and is tried again with growing pauses;
 * AUTH_REQUIRED, LOCKED, UNTRUSTED: waits, and its whole target stops until cloud_outbox_resume_target_async; cancelled: waits as if not
 * begun; all else: failed, shown to the user, who may retry or cancel it, while the entries behind it go on.
 * An entry with a not_before in the future (undo, send later) does not hold back those behind it; one that pauses after an error does.
 *
 * Threading: one thread's main context; executors are called in it and return their task from any thread.
 * Errors: those of CloudStore; INVALID where the entry's state does not allow what is asked; BUSY when it is being sent at this moment;
 * NOT_FOUND when there is no such entry (any more). */

#define CLOUD_TYPE_OUTBOX (cloud_outbox_get_type ())
G_DECLARE_FINAL_TYPE (CloudOutbox, cloud_outbox, CLOUD, OUTBOX, GObject)

typedef enum
{
  CLOUD_OUTBOX_REPEAT,    /* execute again; the entry's get_interrupted and get_progress tell how far it came */
  CLOUD_OUTBOX_UNCERTAIN, /* it may have happened: the user must look */
  CLOUD_OUTBOX_DONE,      /* it has happened */
} CloudOutboxVerdict;

typedef struct
{
  /* Does the work of @entry (with payload and progress) and returns @task, whose cancellable says when to stop.  @task is (transfer full). */
  void (*execute) (CloudOutbox *outbox, CloudOutboxEntry *entry, GTask *task, gpointer user_data);
  /* (nullable: UNCERTAIN) Asked before execute, for an entry whose sender died. */
  CloudOutboxVerdict (*resume) (CloudOutboxEntry *entry, gpointer user_data);
} CloudOutboxKind;

CloudOutboxVerdict cloud_outbox_resume_repeat (CloudOutboxEntry *entry, gpointer user_data);
void cloud_outbox_task_return_done (GTask *task);
void cloud_outbox_task_return_uncertain (GTask *task);

/* @path: <data dir>/outbox.db of the app.  Blocks for milliseconds.  Returns: (transfer full) (nullable) */
CloudOutbox *cloud_outbox_open (const char *path, GError **error);
/* The same without blocking. */
void cloud_outbox_open_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
CloudOutbox *cloud_outbox_open_finish (GAsyncResult *result, GError **error);
/* Stops sending, waits for what is being written, closes.  The last unref does the same. */
void cloud_outbox_close (CloudOutbox *self);

/* ---- For every process ---- */

/* The entries that are neither done nor cancelled, in order.  Returns: (transfer none): CloudOutboxEntry, without payloads */
GListModel *cloud_outbox_get_entries (CloudOutbox *self);
/* TRUE once the list has been read for the first time; an empty one before that means nothing. */
gboolean cloud_outbox_is_loaded (CloudOutbox *self);

/* @uuid (nullable): a key of the caller's; appending it a second time changes nothing and is no error.
 * @label: for people: "Message to Anna"; @not_before_unix_us: 0 for at once.
 * append_finish returns (transfer full) the uuid. */
void cloud_outbox_append_async (CloudOutbox *self, const char *uuid, const char *target, const char *kind, GBytes *payload,
                                const char *label, gint64 not_before_unix_us, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
char *cloud_outbox_append_finish (CloudOutbox *self, GAsyncResult *result, GError **error);

/* Any entry by its key, with payload, done and cancelled ones too (those are kept for a week).  (transfer full) */
void cloud_outbox_lookup_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
CloudOutboxEntry *cloud_outbox_lookup_finish (CloudOutbox *self, GAsyncResult *result, GError **error);

/* Takes back what is not being sent.  It is also the undo.  finish returns (transfer full) the entry as it was: its payload, to be edited again, and its
 * state and progress; they tell whether it may have happened all the same. */
void cloud_outbox_cancel_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
CloudOutboxEntry *cloud_outbox_cancel_finish (CloudOutbox *self, GAsyncResult *result, GError **error);

/* Tries a failed, uncertain or pausing entry again now.  An uncertain one begins anew, without the note of how far it came: the user has looked. */
void cloud_outbox_retry_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
/* The user says that an uncertain entry did happen. */
void cloud_outbox_confirm_async (CloudOutbox *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* Credentials are there now: a stopped target goes on; also ends the pauses of its entries (the network is back).
 * @target_prefix: an account's uuid covers all its lanes; "" all targets. */
void cloud_outbox_resume_target_async (CloudOutbox *self, const char *target_prefix, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* Of retry, confirm and resume_target. */
gboolean cloud_outbox_change_finish (CloudOutbox *self, GAsyncResult *result, GError **error);

/* ---- For the process that sends ---- */

/* Before cloud_outbox_run.  Entries of kinds unknown here wait for a process that knows them.  @vtable must outlive the outbox. */
void cloud_outbox_add_kind (CloudOutbox *self, const char *kind, const CloudOutboxKind *vtable, gpointer user_data);

/* Sends, from when the lease is gained. */
void cloud_outbox_run (CloudOutbox *self);
/* TRUE while something is being sent: hold the service. */
gboolean cloud_outbox_get_busy (CloudOutbox *self);
/* When the next entry is due, in UTC microseconds, 0 for now, G_MAXINT64 for never: a service may end when it is far. */
gint64 cloud_outbox_get_next_due_unix_us (CloudOutbox *self);

/* First and longest pause after an error; 5 s and 1 h by default. */
void cloud_outbox_set_backoff_ms (CloudOutbox *self, guint first_ms, guint longest_ms);

/* Stores a note durably while @entry is being sent; get_progress gives it back to resume after a death, and to every later execute. */
void cloud_outbox_set_progress_async (CloudOutbox *self, CloudOutboxEntry *entry, GBytes *note, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean cloud_outbox_set_progress_finish (CloudOutbox *self, GAsyncResult *result, GError **error);

/* Properties "busy" (gboolean) and "sending" (gboolean: holds the lease), read-only, notify.
 * Signal "idle" (CloudOutbox *): nothing is being sent and nothing is due now. */

G_END_DECLS
