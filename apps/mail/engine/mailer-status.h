/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

G_BEGIN_DECLS

/* MailerStatus: writes the home screen's line about the mail (cloud-status.h) whenever it changes.
 *
 * Threading: the engine's thread.  Ownership: freed by mailer_status_free(). */
typedef struct _MailerStatus MailerStatus;

MailerStatus *mailer_status_new (MailerEngine *engine);
void mailer_status_free (MailerStatus *self);

G_END_DECLS
