/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine-private.h"

G_BEGIN_DECLS

/* What a draft becomes when it is sent, and how it is kept. */

/* A finished message on its way. */
typedef struct
{
  char *from;        /* envelope */
  char *message_id;  /* without <> */
  char **recipients; /* envelope, Bcc included */
  GBytes *source;
  GBytes *draft;     /* to edit it again after a cancel */
} MailerOutgoing;

void mailer_outgoing_clear (MailerOutgoing *self);
GBytes *mailer_outgoing_pack (const MailerOutgoing *self);
gboolean mailer_outgoing_unpack (GBytes *payload, MailerOutgoing *self);

GBytes *mailer_draft_serialize (MailerDraft *self);
MailerDraft *mailer_draft_deserialize (MailerEngine *engine, MailerAccount *account, GBytes *data);
/* @uuid: the journal's key.  Returns: (transfer full): the payload; INVALID if it cannot be sent. */
GBytes *mailer_draft_finish (MailerDraft *self, const char *uuid, MailerOutgoing *outgoing, GError **error);
/* (nullable): the Message-ID of what a kept draft answers or forwards, and how its message is marked when it has gone out. */
char *mailer_draft_dup_answered (GBytes *data, MailerAction *action);
/* Marks the message in @account that @draft answers or forwards, if it is there. */
void mailer_engine_mark_answered_async (MailerEngine *self, MailerAccount *account, GBytes *draft, GAsyncReadyCallback callback, gpointer user_data);
gboolean mailer_engine_mark_answered_finish (MailerEngine *self, GAsyncResult *result, GError **error);
MailerAccount *mailer_draft_get_account (MailerDraft *self);
MailerEngine *mailer_draft_get_engine (MailerDraft *self);
const char *mailer_draft_get_subject (MailerDraft *self);

G_END_DECLS
