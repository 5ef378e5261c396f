/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-reply.h"

G_BEGIN_DECLS

/* Search answers in JSON: MediaWiki's API and SearXNG's (and searx's).
 *
 * Threading: pure functions, any thread.  Errors: PROTOCOL (no such answer), TRY_LATER (the service says that it is overloaded), DENIED (it
 * refuses the question).
 * Source: https://www.mediawiki.org/wiki/API:Search, https://docs.searxng.org/dev/search_api.html */

/* Understands action=query with generator=search or list=search, and rest.php's search/page.  @api_url: for results that bring no address. */
SearchReply *search_json_decode_mediawiki (const char *json, gsize length, const char *api_url, const char *source_name, GError **error);

SearchReply *search_json_decode_searxng (const char *json, gsize length, const char *source_name, GError **error);

/* Completions as browsers know them: ["prefix", ["completion", ...], ...].  Returns: (transfer full) (nullable) */
char **search_json_decode_suggestions (const char *json, gsize length, GError **error);

G_END_DECLS
