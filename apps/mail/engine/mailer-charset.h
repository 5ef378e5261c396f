/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of a message become UTF-8 here, whatever their sender said about them.
 *
 * The chain: bytes that are valid UTF-8 are UTF-8; else the declared charset, read as what senders mean by it (gb2312 as GB18030,
 * ks_c_5601 as CP949, iso-2022-jp as its Microsoft form, iso-8859-1 as windows-1252); else a guess among the charsets of East Asia and
 * the West by how common the resulting characters are.  A bad byte becomes U+FFFD and costs only itself.
 *
 * Threading: pure functions, any thread.  Ownership: results are the caller's.  Errors: none; every input gives valid UTF-8.
 * Source: https://encoding.spec.whatwg.org/#names-and-labels (which label means what), RFC 2978. */

/* @declared: (nullable): the charset that the message names.
 * Returns: (transfer full): valid UTF-8 without NUL bytes. */
char *mailer_charset_to_utf8 (const char *bytes, gsize length, const char *declared);

/* The name under which iconv knows what senders mean by @declared.  Returns: (transfer none) */
const char *mailer_charset_canonical (const char *declared);

G_END_DECLS
