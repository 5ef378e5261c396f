/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Web addresses: cleaned, compared, recognised in what somebody typed.
 *
 * Threading: pure functions, any thread.  Ownership: results are the caller's.  Errors: NULL where said.
 * Source: RFC 3986; WHATWG URL (what browsers accept). */

/* (nullable): @url without what only tracks (utm_*, gclid, ...); NULL if it is no http or https address. */
char *search_url_clean (const char *url);

/* (nullable): what two addresses of one page have in common: without scheme, "www.", "m.", default port, fragment, tracking, trailing slash. */
char *search_url_key (const char *url);

/* (nullable): for people: "example.org › news", without scheme. */
char *search_url_display (const char *url);

/* (nullable): the address that somebody typed ("example.org/a", "https://...", "192.168.1.1:8080"), NULL if it looks like words to search for. */
char *search_url_from_typed (const char *typed);

/* (nullable): where to fetch from when somebody names a page or a site: an address, cleaned, or what looks like one. */
char *search_url_clean_or_typed (const char *text);

/* @link as it stands in a page at @base; NULL if neither makes sense. */
char *search_url_resolve (const char *base, const char *link);

/* Percent-encodes @text as one query value. */
char *search_url_encode (const char *text);

/* The browser's Web search. @engine: "bing", "baidu", "duckduckgo", "google", "sogou", or "auto": by @locale (nullable: the user's). */
char *search_url_for_browser (const char *engine, const char *text, const char *locale);
/* The name that people know it by: "DuckDuckGo".  (transfer none) */
const char *search_url_browser_name (const char *engine, const char *locale);
/* (transfer none) (array zero-terminated=1) */
const char *const *search_url_browser_engines (void);

G_END_DECLS
