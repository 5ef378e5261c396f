/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-store.h"

G_BEGIN_DECLS

/* MailerChange: what the user did to messages of one account, as the journal keeps it: flags that change, or a move.
 *
 * Each message is named twice: by its place in the store, and by its Message-ID, so that a place that means another message by now is left alone.
 * Whoever comes first, the process of the user or the one that carries out the journal, shows it in the store (mailer_store_apply() under the entry's
 * uuid); the other one finds it shown.
 *
 * Threading: none of its own.  Ownership: mailer_change_clear() frees what mailer_change_unpack() gave.
 * Errors: CLOUD_ERROR_INVALID for a payload that this version did not write. */

typedef struct
{
  int action; /* MailerAction, for people who read the journal */
  MailerFlags add, remove;
  gboolean moves;
  gint64 target;   /* folder; 0: deleted for good */
  GArray *targets; /* (element-type MailerTarget) */
} MailerChange;

GBytes *mailer_change_pack (const MailerChange *self);
gboolean mailer_change_unpack (GBytes *payload, MailerChange *self, GError **error);
void mailer_change_clear (MailerChange *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MailerChange, mailer_change_clear)

G_END_DECLS
