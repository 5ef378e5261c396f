/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-types.h"

G_BEGIN_DECLS

/* MailerFolder: a folder of an account.
 *
 * Properties (read-only, notifying): "id" (gint64, unique in its account), "name" (string: the last component; the UI shows a translated
 * name for a folder with a role), "path" (string: the whole name, components separated by "/"), "role" (MailerRole), "depth" (guint),
 * "unread" (guint), "total" (guint), "selectable" (boolean: FALSE for a mere parent of others).
 *
 * Threading: the engine's thread. */

gint64 mailer_folder_get_id (MailerFolder *self);
MailerAccount *mailer_folder_get_account (MailerFolder *self);
const char *mailer_folder_get_name (MailerFolder *self);
const char *mailer_folder_get_path (MailerFolder *self);
MailerRole mailer_folder_get_role (MailerFolder *self);
guint mailer_folder_get_depth (MailerFolder *self);
guint mailer_folder_get_unread (MailerFolder *self);
guint mailer_folder_get_total (MailerFolder *self);
gboolean mailer_folder_is_selectable (MailerFolder *self);

G_END_DECLS
