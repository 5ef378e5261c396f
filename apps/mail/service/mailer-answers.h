/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

#include "cloud-search-provider.h"

G_BEGIN_DECLS

/* MailerAnswers: what the desktop's search and Cirrus Search find in the mail that is on this device.  An id is the message's mid: URI.
 *
 * Threading: the engine's thread. */

typedef struct _MailerAnswers MailerAnswers;

MailerAnswers *mailer_answers_new (MailerEngine *engine);
void mailer_answers_free (MailerAnswers *self);

/* For cloud_search_provider_new(), with the MailerAnswers as user data. */
extern const CloudSearchProviderFuncs mailer_answers_funcs;

G_END_DECLS
