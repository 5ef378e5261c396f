/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mailer-types.h"

#include <libetpan/libetpan.h>

G_BEGIN_DECLS

/* MailerStream: the connection under an IMAP session: GIO's sockets and TLS dressed as a libetpan stream.
 *
 * libetpan's own TLS verifies nothing, sends no server name and spins when a connection ends inside a literal.  Here the certificate and the host name
 * are verified (the system's authorities, and those in the file that CIRRUS_CA_FILE names), every wait has a limit and can be
 * cancelled, an end is an error, and what the server may announce or send is bounded before libetpan sees it.
 *
 * Threading: one thread at a time; blocks.  mailer_stream's cancellable may be cancelled from any thread.
 * Ownership: mailer_stream_as_mailstream() hands the stream to libetpan, which frees it with the session; the MailerStream itself is freed with it.
 * Errors: the first one is kept: OFFLINE (unreachable, cut, silent), UNTRUSTED (certificate), TOO_LARGE (a bound), PROTOCOL, G_IO_ERROR_CANCELLED.
 * Source: RFC 8314, RFC 9325, RFC 9051 section 4.3 (literals); libetpan's mailstream_low.h. */

typedef struct _MailerStream MailerStream;

/* Connects, with TLS from the first byte if @security says so.  @timeout_s bounds each wait. */
MailerStream *mailer_stream_open (const char *host, guint16 port, MailerSecurity security, guint timeout_s, GCancellable *cancellable, GError **error);
/* After STARTTLS was accepted.  PROTOCOL if the server sent anything ahead of the handshake (injected in the clear). */
gboolean mailer_stream_start_tls (MailerStream *self, GError **error);
gboolean mailer_stream_is_secure (MailerStream *self);

/* Before it was handed over, frees it; afterwards libetpan does. */
void mailer_stream_free (MailerStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MailerStream, mailer_stream_free)

/* The libetpan stream; call once. */
mailstream *mailer_stream_as_mailstream (MailerStream *self);

/* For the command that comes: no literal above @max_literal_bytes, nothing above @max_total_bytes altogether, done within @deadline_s. */
void mailer_stream_set_limits (MailerStream *self, gint64 max_literal_bytes, gint64 max_total_bytes, guint deadline_s);

/* (nullable): what went wrong first. */
const GError *mailer_stream_get_error (MailerStream *self);

/* (element-type gint64): the lengths of the literals that have begun to arrive since the limits were set, in order. */
const GArray *mailer_stream_get_literals (MailerStream *self);

gint64 mailer_stream_get_received_bytes (MailerStream *self);

/* For IDLE, between commands: sends @text; reads one line (without its end), waiting until @deadline_us (monotonic) or until @wake is cancelled.
 * *@line is NULL if the time passed or @wake was cancelled first. */
gboolean mailer_stream_send_text (MailerStream *self, const char *text, GError **error);
gboolean mailer_stream_wait_line (MailerStream *self, gint64 deadline_us, GCancellable *wake, char **line, GError **error);

G_END_DECLS
