/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerImap: one session with an IMAP server.
 *
 * Threading: one thread, which blocks; the cancellable given at connecting ends whatever waits.
 * Ownership: results are the caller's.
 * Errors: OFFLINE, UNTRUSTED, AUTH_REQUIRED (the password was refused), TRY_LATER (the server says so), NOT_FOUND (no such folder), DENIED (a command was
 * refused), TOO_LARGE, PROTOCOL, cancelled.  After OFFLINE, UNTRUSTED, TOO_LARGE, PROTOCOL and cancelled the session is dead: mailer_imap_is_alive().
 * Source: RFC 9051, RFC 3501, RFC 7162 (CONDSTORE, QRESYNC), RFC 6851 (MOVE), RFC 4315 (UIDPLUS), RFC 2177 (IDLE), RFC 6154 (special use), RFC 2971 (ID). */

typedef struct
{
  char *host;
  guint16 port;
  MailerSecurity security;
  char *user;
  char *password;
  gboolean is_token;      /* @password is an OAuth 2 access token */
  guint timeout_s;        /* for each wait; 0: 60 */
  guint max_capabilities; /* 0: what the server offers; 1: neither QRESYNC; 2: nor CONDSTORE; 3: nor MOVE and UIDPLUS: for servers whose are broken */
} MailerServer;

void mailer_server_free (MailerServer *self);
MailerServer *mailer_server_copy (const MailerServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerServer, mailer_server_free)

typedef struct _MailerImap MailerImap;

typedef enum
{
  MAILER_IMAP_CONDSTORE = 1 << 0,
  MAILER_IMAP_QRESYNC = 1 << 1, /* enabled */
  MAILER_IMAP_MOVE = 1 << 2,
  MAILER_IMAP_UIDPLUS = 1 << 3,
  MAILER_IMAP_IDLE = 1 << 4,
} MailerImapCapabilities;

typedef struct
{
  char *wire;      /* the name as the server spells it */
  char *path;      /* in UTF-8, components separated by "/" */
  MailerRole role;
  gboolean selectable;
} MailerImapFolder;

void mailer_imap_folder_free (MailerImapFolder *self);

typedef struct
{
  guint32 uidvalidity;
  guint32 uidnext; /* 0: not said */
  guint32 exists;
  guint64 modseq;  /* 0: none */
} MailerImapState;

typedef struct
{
  guint32 uid;
  MailerFlags flags;
  guint64 modseq;
  gint64 received_unix_us;
  gint64 size_bytes;
  GBytes *header; /* (nullable) */
} MailerImapItem;

void mailer_imap_item_free (MailerImapItem *self);

/* Connects, verifies, logs in, says who we are, enables what is offered. */
MailerImap *mailer_imap_open (const MailerServer *server, GCancellable *cancellable, GError **error);
/* Says goodbye if it still can, and frees it. */
void mailer_imap_close (MailerImap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerImap, mailer_imap_close)

gboolean mailer_imap_is_alive (MailerImap *self);
MailerImapCapabilities mailer_imap_get_capabilities (MailerImap *self);
gint64 mailer_imap_get_received_bytes (MailerImap *self);

/* (element-type MailerImapFolder) */
GPtrArray *mailer_imap_list (MailerImap *self, GError **error);
/* Without selecting it. */
gboolean mailer_imap_status (MailerImap *self, const char *wire, MailerImapState *state, GError **error);
gboolean mailer_imap_select (MailerImap *self, const char *wire, MailerImapState *state, GError **error);
gboolean mailer_imap_create (MailerImap *self, const char *wire, GError **error);

/* ---- In the selected folder.  Arrays of UIDs are GArray of guint32, ascending. ---- */

/* UID, flags and modseq of all messages from @first_uid on, or of those changed since @modseq (> 0).  @vanished: (out) (optional) (nullable): with QRESYNC,
 * the UIDs said to be gone since, as far as they are in @known (GArray of guint32, ascending); do not believe it blindly.  (element-type MailerImapItem) */
GPtrArray *mailer_imap_fetch_flags (MailerImap *self, guint32 first_uid, guint64 modseq, const GArray *known, GArray **vanished, GError **error);
/* The same with size, date and the header fields that a list needs; at most some hundred UIDs at once. */
GPtrArray *mailer_imap_fetch_headers (MailerImap *self, const GArray *uids, GError **error);

/* @source: the whole message.  Return FALSE to stop. */
typedef gboolean (*MailerImapBodyFunc) (guint32 uid, GBytes *source, gpointer user_data);
/* One command for all of them; each is handed over when it is complete.  None may be larger than @max_bytes. */
gboolean mailer_imap_fetch_bodies (MailerImap *self, const GArray *uids, gint64 max_bytes, gint64 expected_bytes, MailerImapBodyFunc func,
                                   gpointer user_data, GError **error);

GArray *mailer_imap_search_all (MailerImap *self, GError **error);
/* @message_id: without <>. */
GArray *mailer_imap_search_message_id (MailerImap *self, const char *message_id, GError **error);

gboolean mailer_imap_store_flags (MailerImap *self, const GArray *uids, gboolean add, MailerFlags flags, GError **error);
/* Moves them; by COPY, \Deleted and UID EXPUNGE where there is no MOVE.  @new_uids: (out) (optional) (nullable): with UIDPLUS, in the order of @uids. */
gboolean mailer_imap_move (MailerImap *self, const GArray *uids, const char *target_wire, GArray **new_uids, GError **error);
/* For good.  Without UIDPLUS they are only marked \Deleted, so that nothing that others marked is lost. */
gboolean mailer_imap_expunge (MailerImap *self, const GArray *uids, GError **error);

/* @new_uid: (out) (optional): 0 if the server does not say. */
gboolean mailer_imap_append (MailerImap *self, const char *wire, MailerFlags flags, gint64 date_unix_us, GBytes *source, guint32 *new_uid, GError **error);

/* Waits until something changed in the selected folder, @wake was cancelled or @timeout_s passed (28 minutes at most are sensible). */
gboolean mailer_imap_idle (MailerImap *self, guint timeout_s, GCancellable *wake, gboolean *changed, GError **error);

G_END_DECLS
