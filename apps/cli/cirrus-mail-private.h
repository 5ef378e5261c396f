/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-cli.h"

#include "mailer-engine.h"
#include "mailer-message-item.h"

G_BEGIN_DECLS

/* What the files of `cirrus mail` share. */

/* Stores the result for cirrus_mail_wait(). */
void cirrus_mail_on_ready (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the main context until *@result is set by the above. (transfer full) */
GAsyncResult *cirrus_mail_wait (GAsyncResult **result);

/* The account that @text names (id, name or address), or the only one for NULL; says what is wrong on stderr. */
MailerAccount *cirrus_mail_pick_account (MailerEngine *engine, const char *text);

/* One line from a file descriptor (@fd_text, "3") or, without one, from the terminal without echo. (nullable) (transfer full) */
char *cirrus_mail_read_secret (const char *fd_text, const char *prompt);
/* Makes the secrets usable, asking for the passphrase if need be. */
gboolean cirrus_mail_unlock (CloudSecrets *secrets, const char *passphrase_fd, GError **error);

json_t *cirrus_mail_addresses_to_json (const GPtrArray *addresses);
json_t *cirrus_mail_item_to_json (MailerMessageItem *item);

/* The message with the id that @message_id (bare, in angle brackets, or a mid: URI) names.  (transfer full) (nullable) */
MailerMessageItem *cirrus_mail_find_item (MailerEngine *engine, const char *message_id, GError **error);

int cirrus_mail_account (int argc, char **argv);
int cirrus_mail_sync (int argc, char **argv);
int cirrus_mail_send (int argc, char **argv);
int cirrus_mail_act (int argc, char **argv);
int cirrus_mail_outbox (int argc, char **argv);
int cirrus_mail_storage (int argc, char **argv);

/* Says on stderr what is wrong with the arguments ("show: MESSAGE-ID is missing"), then the usage; always CIRRUS_EXIT_USAGE. */
int cirrus_mail_misused (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The same where argv[1] is no verb of argv[0], or there is none. */
int cirrus_mail_misused_verb (int argc, char **argv);
/* Takes the options out of @argv (its first word is the verb) and checks what remains against @operands: their names with blanks between, "..." after the last
 * if it may be several ("ACTION MESSAGE-ID...").  FALSE: it was said what is wrong. */
gboolean cirrus_mail_parse_options (const GOptionEntry *entries, int *argc, char ***argv, const char *operands);

G_END_DECLS
