/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-imap.h"
#include "mailer-stream.h"

G_BEGIN_DECLS

/* What mailer-imap.c (the session) and mailer-imap-fetch.c (the selected folder) share. */

struct _MailerImap
{
  mailimap *session;
  MailerStream *stream; /* freed with the session */
  char *host;
  guint timeout_s;
  MailerImapCapabilities capabilities;
  gboolean dead;
  guint n_idle;
  guint32 exists; /* in the selected folder, when it was selected */
};

#define MAILER_IMAP_SMALL (1024 * 1024)
#define MAILER_IMAP_MEDIUM (64 * 1024 * 1024)
#define MAILER_IMAP_FLAGS_BYTES 1024     /* of one message's flags, keywords included */
#define MAILER_IMAP_HEADER_BYTES 262144  /* of one message's header fields */

/* Sets the bounds for the next command. */
void mailer_imap_prepare (MailerImap *self, gint64 max_literal_bytes, gint64 max_total_bytes);
/* TRUE if @rc is success; else sets @error: the one place where libetpan's codes become a CloudError. */
gboolean mailer_imap_check (MailerImap *self, int rc, const char *doing, GError **error);
struct mailimap_set *mailer_imap_set_from_uids (const GArray *uids, guint from, guint n);
/* HIGHESTMODSEQ in the last response; 0 if none. */
MailerFlags mailer_imap_flags_from_dynamic (struct mailimap_msg_att_dynamic *dynamic);
struct mailimap_flag_list *mailer_imap_flags_to_list (MailerFlags flags);

G_END_DECLS
