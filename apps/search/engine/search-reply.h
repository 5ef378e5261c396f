/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-result.h"

G_BEGIN_DECLS

/* SearchReply: what one provider answered, decoded.
 *
 * Threading: plain data.  Ownership: the holder's. */

typedef struct
{
  GPtrArray *results; /* SearchResult, best first */
  GPtrArray *notices; /* char *: what the provider says did not work ("brave: too many requests") */
} SearchReply;

SearchReply *search_reply_new (void);
void search_reply_free (SearchReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchReply, search_reply_free)

/* The most results that are taken from one answer, however long it is. */
#define SEARCH_REPLY_MAX 50

/* Adds a Web result unless @url is no http(s) address, or the reply is full; title and snippet may be HTML.  Returns: (transfer none) (nullable) */
SearchResult *search_reply_add (SearchReply *self, const char *title_html, const char *snippet_html, const char *url, const char *source_name);

G_END_DECLS
