/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The small words that the mail engine's objects share, and the types that name each other. */

#define MAILER_TYPE_ENGINE (mailer_engine_get_type ())
G_DECLARE_FINAL_TYPE (MailerEngine, mailer_engine, MAILER, ENGINE, GObject)

#define MAILER_TYPE_ACCOUNT (mailer_account_get_type ())
G_DECLARE_FINAL_TYPE (MailerAccount, mailer_account, MAILER, ACCOUNT, GObject)

#define MAILER_TYPE_FOLDER (mailer_folder_get_type ())
G_DECLARE_FINAL_TYPE (MailerFolder, mailer_folder, MAILER, FOLDER, GObject)


typedef enum
{
  MAILER_ROLE_NONE,
  MAILER_ROLE_INBOX,
  MAILER_ROLE_DRAFTS,
  MAILER_ROLE_SENT,
  MAILER_ROLE_ARCHIVE,
  MAILER_ROLE_JUNK,
  MAILER_ROLE_TRASH,
  MAILER_ROLE_ALL,     /* every message of the account (Gmail): not synced, its messages are in other folders too */
} MailerRole;

typedef enum
{
  MAILER_FLAG_SEEN = 1 << 0,
  MAILER_FLAG_FLAGGED = 1 << 1,
  MAILER_FLAG_ANSWERED = 1 << 2,
  MAILER_FLAG_DRAFT = 1 << 3,
  MAILER_FLAG_DELETED = 1 << 4,
  MAILER_FLAG_FORWARDED = 1 << 5,
} MailerFlags;

typedef enum
{
  MAILER_ACTION_MARK_READ,
  MAILER_ACTION_MARK_UNREAD,
  MAILER_ACTION_STAR,
  MAILER_ACTION_UNSTAR,
  MAILER_ACTION_MARK_ANSWERED,  /* these two by themselves when the answer has gone out; not taken back by an undo */
  MAILER_ACTION_MARK_FORWARDED,
  MAILER_ACTION_ARCHIVE, /* to the folder with that role */
  MAILER_ACTION_JUNK,    /* to the folder with that role */
  MAILER_ACTION_DELETE,  /* to the trash; from the trash, for good */
  MAILER_ACTION_MOVE,    /* to a folder that is named */
} MailerAction;

typedef enum
{
  MAILER_SYNC_IDLE,
  MAILER_SYNC_RUNNING,
  MAILER_SYNC_FAILED, /* the account's "error" says how */
} MailerSyncState;

typedef enum
{
  MAILER_OUTBOX_WAITING,
  MAILER_OUTBOX_SENDING,
  MAILER_OUTBOX_FAILED,    /* refused: needs the user (edit, retry or discard) */
  MAILER_OUTBOX_UNCERTAIN, /* the connection broke when the server may already have had it: the user decides whether to send again */
} MailerOutboxState;

/* What had become of a message when it was taken out of the outbox. */
typedef enum
{
  MAILER_TAKEN_UNSENT,
  MAILER_TAKEN_PERHAPS_SENT, /* it was being handed over once, and nobody knows how that ended */
  MAILER_TAKEN_SENT,         /* the server had it; only the copy in Sent was missing */
} MailerTaken;

typedef enum
{
  MAILER_SECURITY_TLS,      /* from the first byte */
  MAILER_SECURITY_STARTTLS, /* after a command in the clear */
} MailerSecurity;

G_END_DECLS
