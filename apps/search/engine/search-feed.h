/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-reply.h"

G_BEGIN_DECLS

/* Search answers in RSS 2 (and 1) or Atom, as OpenSearch services and kiwix-serve give them.
 *
 * Threading: pure function, any thread.  Errors: PROTOCOL (no feed).
 * Source: RSS 2.0, RFC 4287, OpenSearch 1.1 response elements. */

/* @base_url: where it came from, for relative links. */
SearchReply *search_feed_decode (const char *xml, gsize length, const char *base_url, const char *source_name, GError **error);

G_END_DECLS
