/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-imap.h"
#include "mailer-message.h"
#include "mailer-search.h"
#include "mailer-types.h"

#include "cloud-store.h"

G_BEGIN_DECLS

/* MailerStore: one account's messages: folders, where each message lies and with which flags, bodies, threads, the search index.
 *
 * A message is stored once, however many folders it lies in; a location is one place of it (a folder and a UID).  A location's flags are the server's with
 * what the user changed since laid over them.  What a row shows and what a search finds is written in the same transaction.
 *
 * Only the files mailer-*-store.c and mailer-store.c write SQL.
 *
 * Threading: every call blocks; made from worker threads (and programs without a main loop).  The object itself is created and finalized in the
 * main thread.  Ownership: results are the caller's.
 * Errors: as CloudStore.  What can be fetched again from a server is rebuilt by a sync after a rescue. */

#define MAILER_TYPE_STORE (mailer_store_get_type ())
G_DECLARE_FINAL_TYPE (MailerStore, mailer_store, MAILER, STORE, GObject)

/* @id: the account's; its database lies in the profile's mail folder.  @address: the account's own, to know sent mail by. */
MailerStore *mailer_store_open (const char *id, const char *address, GError **error);
/* The same without blocking, from the main thread. */
void mailer_store_open_async (const char *id, const char *address, GAsyncReadyCallback callback, gpointer user_data);
MailerStore *mailer_store_open_finish (GAsyncResult *result, GError **error);
/* (transfer full): the folder that holds all of an account's files. */
char *mailer_store_dup_dir (const char *id);
/* For its "changed" signal and size. */
CloudStore *mailer_store_get_database (MailerStore *self);
const char *mailer_store_get_id (MailerStore *self);
const char *mailer_store_get_address (MailerStore *self);

/* ---- Folders ---- */

typedef struct
{
  gint64 id;
  char *wire;
  char *path;
  MailerRole role;
  gboolean selectable;
  MailerImapState state; /* at the end of the last complete sync; .exists is what is known here */
  guint total, unread;
} MailerFolderRow;

void mailer_folder_row_free (MailerFolderRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerFolderRow, mailer_folder_row_free)

/* (element-type MailerFolderRow): roles first, then by name. */
GPtrArray *mailer_store_list_folders (MailerStore *self, GError **error);
MailerFolderRow *mailer_store_find_role (MailerStore *self, MailerRole role, GError **error); /* (nullable) */
/* Makes the folders those of @folders (element-type MailerImapFolder); what lay only in one that is gone goes with it. */
gboolean mailer_store_set_folders (MailerStore *self, const GPtrArray *folders, GError **error);

/* ---- What a sync brings (mailer-sync-store.c) ---- */

typedef struct
{
  guint32 uid;
  MailerFlags flags;
  guint64 modseq;
  gint64 received_unix_us;
  gint64 size_bytes;
  MailerMessage *message; /* the header, or all of it */
  GBytes *source;         /* (nullable): all of it: the body is stored at once */
} MailerArrival;

void mailer_arrival_free (MailerArrival *self);

typedef struct
{
  guint32 uid;
  gint64 message;
  gint64 size_bytes;
} MailerMissing;

/* From now on the folder's UIDs are those of @uidvalidity: locations with UIDs of another are forgotten. */
gboolean mailer_store_begin_folder (MailerStore *self, gint64 folder, guint32 uidvalidity, GError **error);
/* All UIDs known in a folder, ascending. */
GArray *mailer_store_list_uids (MailerStore *self, gint64 folder, GError **error);
/* (element-type MailerArrival) */
gboolean mailer_store_add_arrivals (MailerStore *self, gint64 folder, GPtrArray *arrivals, GError **error);
/* (element-type MailerImapItem): flags as the server has them now; unknown UIDs are ignored. */
gboolean mailer_store_set_flags (MailerStore *self, gint64 folder, const GPtrArray *items, GError **error);
gboolean mailer_store_remove_uids (MailerStore *self, gint64 folder, const GArray *uids, GError **error);
/* The folder was synced completely up to @state. */
gboolean mailer_store_finish_folder (MailerStore *self, gint64 folder, const MailerImapState *state, GError **error);
/* (element-type MailerMissing): messages without a body, newest first. */
GArray *mailer_store_list_missing (MailerStore *self, gint64 folder, guint max, GError **error);
/* Somebody waits for this body: it is the next to be fetched. */
gboolean mailer_store_want_body (MailerStore *self, gint64 message, GError **error);
typedef struct
{
  MailerMissing missing;
  gint64 folder;
  char *wire;
  guint32 uidvalidity; /* that the UID belongs to; 0: not known */
} MailerWanted;
void mailer_wanted_clear (MailerWanted *self);
/* Nobody waits any more for what was asked for more than a day ago. */
gboolean mailer_store_forget_wanted (MailerStore *self, GError **error);
/* (element-type MailerWanted): the one asked for last first; once for each place it lies in, one after the other. */
GArray *mailer_store_list_wanted (MailerStore *self, GError **error);
/* (element-type MailerArrival with source). */
gboolean mailer_store_add_bodies (MailerStore *self, gint64 folder, GPtrArray *arrivals, GError **error);
/* Never ask for this body again (too large, or the server has none). */
gboolean mailer_store_refuse_body (MailerStore *self, gint64 message, GError **error);
/* Puts a whole message into a folder of an account that has no server. */
gboolean mailer_store_add_local (MailerStore *self, MailerRole role, MailerFlags flags, GBytes *source, GError **error);
/* After all folders were looked into: drops the places where only this device expected a message, and where the server has none. */
gboolean mailer_store_drop_unconfirmed (MailerStore *self, GError **error);
/* Deletes messages that lie nowhere any more. */
gboolean mailer_store_purge (MailerStore *self, GError **error);

/* ---- What a window shows (mailer-view-store.c) ---- */

typedef struct
{
  gint64 thread;
  gint64 date_unix_us;
} MailerKey;

typedef struct
{
  gint64 thread;
  char *subject;
  char *senders;
  char *sender_address;
  char *preview;
  gint64 date_unix_us;
  guint count;
  gboolean unread, starred, has_attachment;
  gboolean answered, forwarded; /* the newest message here was */
} MailerConversationRow;

void mailer_conversation_row_free (MailerConversationRow *self);

typedef struct
{
  gint64 id;
  gint64 thread;
  gint64 location; /* the one shown: the best of those it has */
  gint64 folder;
  char *message_id;
  char *subject;
  char *from_name;
  char *from_address;
  char *to;
  char *cc;
  char *preview;
  char *folder_path;
  MailerRole folder_role;
  gint64 date_unix_us;
  gint64 size_bytes;
  MailerFlags flags;
  gboolean has_attachment, has_body, outgoing;
} MailerMessageRow;

void mailer_message_row_free (MailerMessageRow *self);

/* The threads with a message in one of @folders (GArray of gint64), newest first.  (element-type MailerKey) */
GArray *mailer_store_list_keys (MailerStore *self, const GArray *folders, GError **error);
/* Rows for @threads (GArray of gint64) as seen from @folders; vanished ones are left out.  (element-type MailerConversationRow) */
GPtrArray *mailer_store_load_conversations (MailerStore *self, const GArray *threads, const GArray *folders, GError **error);
/* A thread's messages, oldest first.  (element-type MailerMessageRow) */
GPtrArray *mailer_store_load_thread (MailerStore *self, gint64 thread, GError **error);
/* Newest first, for `cirrus mail list`. */
GPtrArray *mailer_store_load_folder (MailerStore *self, gint64 folder, guint max, GError **error);
MailerMessageRow *mailer_store_load_message (MailerStore *self, gint64 message, GError **error);
/* NOT_FOUND if there is none. */
MailerMessageRow *mailer_store_find_message (MailerStore *self, const char *message_id, GError **error);
/* The whole message as it was received.  OFFLINE if its body is not here yet, TOO_LARGE if it never will be. */
GBytes *mailer_store_load_source (MailerStore *self, gint64 message, GError **error);
/* The newest unread message of the inbox; NULL without an error if there is none. */
MailerMessageRow *mailer_store_load_newest_unread (MailerStore *self, GError **error);
/* Conversations with unread messages in the inbox. */
gboolean mailer_store_count_unread (MailerStore *self, guint *unread, GError **error);

/* ---- What the user does (mailer-pending-store.c) ---- */

/* One place of a message that an action concerns. */
typedef struct
{
  gint64 location;
  gint64 message;
  gint64 folder;
  char *message_id;
  MailerFlags flags;
} MailerTarget;

void mailer_target_clear (MailerTarget *self);

/* The visible places of @threads and @messages (GArray of gint64; (nullable)) in @folders ((nullable): anywhere but the trash, junk and sent mail).
 * (element-type MailerTarget) */
GArray *mailer_store_find_targets (MailerStore *self, const GArray *threads, const GArray *messages, const GArray *folders, GError **error);

/* Shows what the user did before the server knows: flags change, moved messages leave their folder and appear in @target_folder (0: they are
 * deleted for good).  @token: the journal's key of it; shown once, however often and by however many processes this is called.  Of @targets only
 * location and message_id count; one whose location is another message's by now is left alone. */
gboolean mailer_store_apply (MailerStore *self, const char *token, const GArray *targets, MailerFlags add, MailerFlags remove, gboolean moves,
                             gint64 target_folder, GError **error);
/* The same where there is no server: at once and for good. */
gboolean mailer_store_apply_local (MailerStore *self, const GArray *targets, MailerFlags add, MailerFlags remove, gboolean moves, gint64 target_folder,
                                   GError **error);

/* Where a pending action's messages are on the server now. */
typedef struct
{
  gint64 location;
  guint32 uid; /* 0: not known */
  gint64 folder;
  char *wire;
  guint32 uidvalidity;
  MailerFlags add, remove;
  gboolean moves;
  gint64 target;
  char *target_wire; /* (nullable) */
} MailerPending;

void mailer_pending_clear (MailerPending *self);

/* (element-type MailerPending): by folder and UID. */
GArray *mailer_store_list_pending (MailerStore *self, const char *token, GError **error);
/* The server did it.  @locations: (element-type gint64), @new_uids: (element-type guint32) (nullable): their UIDs in the target folder. */
gboolean mailer_store_settle (MailerStore *self, const char *token, const GArray *locations, const GArray *new_uids, GError **error);
/* (transfer full): the tokens of all that is shown and that the server has not confirmed. */
char **mailer_store_list_pending_tokens (MailerStore *self, GError **error);
/* It will not happen: shows what the server has.  @again: it may be tried again, and is shown again then; otherwise never, even by a process that is late. */
gboolean mailer_store_revert (MailerStore *self, const char *token, gboolean again, GError **error);

/* ---- How the account is doing, for every process to see ---- */

typedef struct
{
  MailerSyncState state;
  guint done, total;
  gint64 last_sync_unix_us;
  int error_code; /* CloudError, or -1 */
  char *message;  /* (nullable): for logs and the command line */
} MailerSyncStatus;

gboolean mailer_store_get_status (MailerStore *self, MailerSyncStatus *status, GError **error);
gboolean mailer_store_set_status (MailerStore *self, const MailerSyncStatus *status, GError **error);

/* ---- Drafts: opaque to the store ---- */

gboolean mailer_store_save_draft (MailerStore *self, const char *id, GBytes *data, GError **error);
gboolean mailer_store_delete_draft (MailerStore *self, const char *id, GError **error);
/* (element-type GBytes): newest first. */
GPtrArray *mailer_store_list_drafts (MailerStore *self, GError **error);

/* ---- Giving room back (mailer-clear-store.c) ---- */

typedef struct
{
  guint messages;     /* whose texts and attachments can be fetched again */
  gint64 body_bytes;  /* of these, compressed as they lie here */
  gint64 index_bytes; /* their share of the index */
  gint64 free_bytes;  /* pages of the file that are in no use */
  gint64 log_bytes;   /* what the files take beyond the database's pages: the write-ahead log, which stays large after large writes */
} MailerClearable;

gboolean mailer_store_measure_clearable (MailerStore *self, MailerClearable *clearable, GCancellable *cancellable, GError **error);
/* Before the first of many steps: the index is made anew afterwards rather than changed word by word. */
gboolean mailer_store_begin_clear (MailerStore *self, GError **error);
/* Removes the texts and attachments of the next messages after *@cursor (0 at first) in one transaction, and moves it on.
 * Returns how many; 0: there are none left; -1 with @error. */
int mailer_store_clear_step (MailerStore *self, gint64 *cursor, GError **error);
/* After them: the index, then the file. */
gboolean mailer_store_end_clear (MailerStore *self, GCancellable *cancellable, GError **error);

/* ---- Search (mailer-search-store.c) ---- */

typedef struct
{
  MailerMessageRow *row;
  char *snippet;
  GArray *ranges; /* (element-type MailerRange): what matched in it */
} MailerHitRow;

void mailer_hit_row_free (MailerHitRow *self);

/* @typing: the last word may go on.  Newest first.  (element-type MailerHitRow) */
GPtrArray *mailer_store_search (MailerStore *self, const char *query, gboolean typing, guint max, GCancellable *cancellable, GError **error);
/* Makes the index anew in the background if it was made by another version of the text pipeline; nothing, quickly, if not.  From the main thread. */
void mailer_store_refresh_index (MailerStore *self, GCancellable *cancellable);
/* The same on a worker thread, waiting for its end. */
gboolean mailer_store_refresh_index_sync (MailerStore *self, GCancellable *cancellable, GError **error);
/* (element-type MailerAddress): best first. */
GPtrArray *mailer_store_suggest (MailerStore *self, const char *prefix, guint max, GError **error);

G_END_DECLS
