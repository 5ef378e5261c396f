/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names of IMAP folders: modified UTF-7 on the wire, UTF-8 here.
 *
 * Threading: pure functions, any thread.  Ownership: results are the caller's.  Errors: none; bytes that are no such name stay as they are.
 * Source: RFC 3501 section 5.1.3. */

char *mailer_utf7_decode (const char *wire);
char *mailer_utf7_encode (const char *utf8);

G_END_DECLS
