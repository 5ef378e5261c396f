/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-engine.h"

G_BEGIN_DECLS

/* MailerAgent: the part that acts on the network: syncs, waits for news, carries out the outbox.
 *
 * Any process may have one; only the one that holds the leases does anything, the others wait for their turn (the service normally holds them).
 *
 * Threading: the engine's thread.  Errors: an account's are its status, for every process to see; nothing is returned here.
 *
 * Property "busy" (boolean, notifies): a sync or a send is under way.  Property "watching" (boolean, notifies): some account waits for news from
 * its server, or for its next try.  Signal "synced" (MailerAgent *, MailerAccount *, GError *error): a sync ended; @error is (nullable).  Signal "arrived"
 * (MailerAgent *, MailerAccount *): one found new mail in the inbox. */

#define MAILER_TYPE_AGENT (mailer_agent_get_type ())
G_DECLARE_FINAL_TYPE (MailerAgent, mailer_agent, MAILER, AGENT, GObject)

/* @push: TRUE: stay connected and wait for news. */
MailerAgent *mailer_agent_new (MailerEngine *engine, gboolean push);
/* Begins: sends what waits, and from when the lease is gained syncs everything once. */
void mailer_agent_start (MailerAgent *self);
/* Ends connections and threads; what was under way counts as interrupted. */
void mailer_agent_stop (MailerAgent *self);
/* TRUE if this process may act. */
gboolean mailer_agent_is_active (MailerAgent *self);
/* Looks for new mail now, and tries again what waits.  @account: (nullable): all. */
void mailer_agent_sync (MailerAgent *self, MailerAccount *account);
gboolean mailer_agent_is_busy (MailerAgent *self);
gboolean mailer_agent_is_watching (MailerAgent *self);

G_END_DECLS
