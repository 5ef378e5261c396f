/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"

G_BEGIN_DECLS

/* MailerApplication: Mail as an application: its window, mailto: and mid: URIs, preferences. */

#define MAILER_TYPE_APPLICATION (mailer_application_get_type ())
G_DECLARE_FINAL_TYPE (MailerApplication, mailer_application, MAILER, APPLICATION, CirrusApplication)

G_END_DECLS
