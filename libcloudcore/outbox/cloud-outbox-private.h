/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-outbox.h"
#include "cloud-store.h"

G_BEGIN_DECLS

/* What the files of the outbox share: the entry's fields and the rows' jobs.  The jobs are CloudStoreFunc for CloudStore's threads. */

struct _CloudOutboxEntry
{
  GObject parent_instance;
  gint64 seq;
  char *uuid;
  char *target;
  char *kind;
  char *label;
  gint64 created_unix_us;
  gint64 not_before_unix_us;
  gint64 next_attempt_unix_us;
  CloudOutboxState state;
  int attempts;
  int error_code;
  char *error_message;
  gboolean stopped;
  gboolean interrupted;
  GBytes *payload;
  GBytes *progress;
};

/* Takes over what may change, and notifies. */
void cloud_outbox_entry_update (CloudOutboxEntry *self, CloudOutboxEntry *from);

typedef enum
{
  OUTBOX_SETTLE_DONE,
  OUTBOX_SETTLE_UNCERTAIN,
  OUTBOX_SETTLE_FAILED,
  OUTBOX_SETTLE_LATER,   /* pause, then again */
  OUTBOX_SETTLE_STOPPED, /* the target waits for the user */
  OUTBOX_SETTLE_UNTRIED, /* cancelled by us: as if not begun */
} OutboxSettle;

/* The data of every job; each uses what it needs. */
typedef struct
{
  char *uuid;
  char *target;
  char *kind;
  char *label;
  GBytes *bytes;
  gint64 not_before_unix_us;
  gint64 now_unix_us;
  GStrv kinds;
  OutboxSettle settle;
  int error_code;
  char *error_message;
  guint first_pause_ms;
  guint longest_pause_ms;
} OutboxJob;

void outbox_job_free (OutboxJob *job);

typedef struct
{
  CloudOutboxEntry *entry;  /* (nullable): now in state sending */
  gint64 next_due_unix_us;
} OutboxPick;

void outbox_pick_free (OutboxPick *pick);

extern const CloudStoreSchema outbox_store_schema;

gpointer outbox_store_append (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);       /* uuid */
gpointer outbox_store_list (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);         /* GPtrArray of entries */
gpointer outbox_store_lookup (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);       /* entry */
gpointer outbox_store_cancel (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);       /* GBytes */
gpointer outbox_store_retry (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);
gpointer outbox_store_confirm (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);
gpointer outbox_store_resume_target (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);
gpointer outbox_store_take_over (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);
gpointer outbox_store_pick (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);         /* OutboxPick */
gpointer outbox_store_settle (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);
gpointer outbox_store_set_progress (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
