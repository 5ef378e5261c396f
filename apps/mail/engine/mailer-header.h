/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values of header fields, read as people send them rather than as the standards allow: encoded words inside quotes or split in the middle of
 * a character, raw 8-bit text, parameters in the forms of RFC 2231, RFC 2047 and neither, addresses with unquoted commas.
 *
 * Threading: pure functions, any thread.  Ownership: results are the caller's.  Errors: none; every input gives something.
 * Source: RFC 5322, RFC 2047, RFC 2231. */

typedef struct
{
  char *name;    /* "" if there is none */
  char *address; /* "" if the text holds none */
} MailerAddress;

MailerAddress *mailer_address_new (const char *name, const char *address);
MailerAddress *mailer_address_copy (const MailerAddress *self);
void mailer_address_free (MailerAddress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerAddress, mailer_address_free)

/* (transfer full): "Name <address>", the name quoted where RFC 5322 needs it; not encoded. */
char *mailer_address_format (const MailerAddress *self);
/* (transfer full): the name if there is one, else the address: what a row shows. */
char *mailer_address_display (const MailerAddress *self);
/* (transfer full): all of @addresses (element-type MailerAddress) formatted, with commas between. */
char *mailer_addresses_format (const GPtrArray *addresses);

/* Raw value to readable text, unfolded.  @fallback_charset: (nullable): of raw 8-bit bytes, where the message names one elsewhere. */
char *mailer_header_decode (const char *raw, const char *fallback_charset);

/* An address list, groups flattened.  At most @max entries.  Returns: (transfer full) (element-type MailerAddress) */
GPtrArray *mailer_header_parse_addresses (const char *raw, const char *fallback_charset, guint max);

/* The decoded parameter @name of a Content-Type or Content-Disposition value; NULL if absent. */
char *mailer_header_get_param (const char *raw, const char *name, const char *fallback_charset);

/* All message ids in @raw, without angle brackets.  Returns: (transfer full) (array zero-terminated=1) */
char **mailer_header_parse_ids (const char *raw, guint max);

G_END_DECLS
