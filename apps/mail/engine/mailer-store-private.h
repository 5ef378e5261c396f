/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-store.h"

G_BEGIN_DECLS

/* What the files of the store share: all run inside a job of the database. */

struct _MailerStore
{
  GObject parent_instance;
  CloudStore *database;
  char *id;
  char *address;
};

/* The compressed form in which texts and bodies are kept.  @text: (nullable): what @data says much of over again: a message's own text, which is kept
 * beside its source anyway; needed again, the same, to read it back. */
GBytes *mailer_store_compress (const void *data, gsize length, const char *text);
/* (nullable): NULL if it is damaged. */
char *mailer_store_decompress (const void *data, gsize length, const char *text, gsize *out_length);

/* The thread that ?1 is part of by now. */
#define MAILER_THREAD_OF_1 "coalesce ((SELECT merged_into FROM thread WHERE id = ?1), ?1) "

#define MAILER_INDEX_NAME "search"

/* A message's place in the search index, from what its rows say; call remove before they change or go. */
gboolean mailer_store_index_add (sqlite3 *db, gint64 message, GError **error);
gboolean mailer_store_index_remove (sqlite3 *db, gint64 message, GError **error);

/* The columns of MailerMessageRow, for a SELECT from message m, location l, folder f. */
#define MAILER_MESSAGE_COLUMNS \
  "m.id, m.thread, l.id, l.folder, m.message_id, m.subject, m.from_name, m.from_address, m.recipients, m.cc, m.preview, f.path, f.role, m.date_us, " \
  "m.size, l.flags, m.has_attachment, m.body_state "
MailerMessageRow *mailer_store_take_message_row (MailerStore *self, sqlite3_stmt *stmt);

enum
{
  MAILER_BODY_MISSING = 0,
  MAILER_BODY_HERE = 1,
  MAILER_BODY_REFUSED = 2,
  MAILER_BODY_CLEARED = 3, /* was here; fetched again when somebody wants it, not by a sync (mailer-clear-store.c) */
};

G_END_DECLS
