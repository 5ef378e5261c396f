/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* CloudOutboxEntry: one thing the user did, as a row of the outbox (see cloud-outbox.h).
 *
 * Threading: belongs to the outbox's main context; an executor may read it from its own thread, since only the outbox's list changes its
 * entries, and an executor gets one of its own.  Ownership: getters are (transfer none). */

typedef enum
{
  CLOUD_OUTBOX_STATE_WAITING,
  CLOUD_OUTBOX_STATE_SENDING,
  CLOUD_OUTBOX_STATE_INTERRUPTED, /* the process that was sending it died */
  CLOUD_OUTBOX_STATE_FAILED,      /* needs the user: get_error_code says why */
  CLOUD_OUTBOX_STATE_UNCERTAIN,   /* it may have happened or not: needs the user */
  CLOUD_OUTBOX_STATE_DONE,
  CLOUD_OUTBOX_STATE_CANCELLED,
} CloudOutboxState;

#define CLOUD_TYPE_OUTBOX_ENTRY (cloud_outbox_entry_get_type ())
G_DECLARE_FINAL_TYPE (CloudOutboxEntry, cloud_outbox_entry, CLOUD, OUTBOX_ENTRY, GObject)

const char *cloud_outbox_entry_get_uuid (CloudOutboxEntry *self);
const char *cloud_outbox_entry_get_target (CloudOutboxEntry *self);
const char *cloud_outbox_entry_get_kind (CloudOutboxEntry *self);
const char *cloud_outbox_entry_get_label (CloudOutboxEntry *self);
gint64 cloud_outbox_entry_get_created_unix_us (CloudOutboxEntry *self);
gint64 cloud_outbox_entry_get_not_before_unix_us (CloudOutboxEntry *self);
CloudOutboxState cloud_outbox_entry_get_state (CloudOutboxEntry *self);
int cloud_outbox_entry_get_attempts (CloudOutboxEntry *self);
gint64 cloud_outbox_entry_get_next_attempt_unix_us (CloudOutboxEntry *self);
/* A CloudError, or -1. */
int cloud_outbox_entry_get_error_code (CloudOutboxEntry *self);
/* (nullable): for logs and the command line. */
const char *cloud_outbox_entry_get_error_message (CloudOutboxEntry *self);
/* TRUE if its target waits for the user (AUTH_REQUIRED, LOCKED, UNTRUSTED). */
gboolean cloud_outbox_entry_get_stopped (CloudOutboxEntry *self);
/* TRUE for an executor if an earlier process died while sending it. */
gboolean cloud_outbox_entry_get_interrupted (CloudOutboxEntry *self);
/* (nullable): NULL for entries of the list. */
GBytes *cloud_outbox_entry_get_payload (CloudOutboxEntry *self);
GBytes *cloud_outbox_entry_get_progress (CloudOutboxEntry *self);

/* The state's stable lower-case name, for the command line. */
const char *cloud_outbox_state_name (CloudOutboxState state);

/* Properties, read-only: "uuid", "target", "kind", "label"; "state" (int), "attempts", "error-code", "stopped",
 * "next-attempt-unix-us" notify. */

G_END_DECLS
