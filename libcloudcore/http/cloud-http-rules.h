/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-http-headers.h"

G_BEGIN_DECLS

/* What RFC 9111 says of a stored answer, as plain functions of its header fields and three instants: may it be stored, how old is it, until
 * when is it fresh, may it be shown although it is not.
 *
 * Private to libcloudcore/http and its tests.  Threading: plain functions.  Errors: nonsense counts as "stale" or "absent".
 * Source: RFC 9111 (4.2 freshness, 4.2.3 age, 5.2 Cache-Control), RFC 5861 (stale-if-error), RFC 8246 (immutable), RFC 9110 5.6.7 (dates). */

typedef struct
{
  gboolean no_store;
  gboolean no_cache;
  gboolean must_revalidate;
  gboolean is_public;
  gboolean is_private;
  gboolean immutable;
  gboolean only_if_cached;
  gint64 max_age_s;        /* -1: absent; of several, the smallest; unreadable: 0 */
  gint64 stale_if_error_s; /* -1: absent */
} CloudHttpCacheControl;

void cloud_http_cache_control_parse (const char *value, CloudHttpCacheControl *control);

/* Parses the three date forms of HTTP (and a numeric zone, which some servers send); FALSE if @text is no date. */
gboolean cloud_http_date_parse (const char *text, gint64 *unix_us);
/* (transfer full) */
char *cloud_http_date_format (gint64 unix_us);

/* Retry-After as seconds from @now_us: digits or a date; 0 if absent, past or nonsense. */
guint cloud_http_retry_after_s (const CloudHttpHeaders *headers, gint64 now_us);

gboolean cloud_http_method_is_safe (const char *method);
gboolean cloud_http_method_is_idempotent (const char *method);

gint64 cloud_http_rules_age_s (const CloudHttpHeaders *headers, gint64 request_us, gint64 response_us, gint64 now_us);
gint64 cloud_http_rules_lifetime_s (guint status, const CloudHttpHeaders *headers, gint64 response_us);
gboolean cloud_http_rules_is_fresh (guint status, const CloudHttpHeaders *headers, gint64 request_us, gint64 response_us, gint64 now_us);
/* TRUE if an answer to a GET may be stored by a private cache. */
gboolean cloud_http_rules_may_store (guint status, const CloudHttpHeaders *headers);
/* TRUE if the stored answer may be shown although stale: @unreachable when the server could not be reached at all, otherwise when it
 * failed (5xx, 429). */
gboolean cloud_http_rules_may_serve_stale (guint status, const CloudHttpHeaders *headers, gint64 request_us, gint64 response_us,
                                           gint64 now_us, gboolean unreachable);
/* What is stored of received fields: without the connection's own, and without what described the encoding that was undone. */
void cloud_http_rules_strip (CloudHttpHeaders *headers, gboolean decoded);
/* 3.2: the stored fields, updated by those of a 304. */
CloudHttpHeaders *cloud_http_rules_merge (const CloudHttpHeaders *stored, const CloudHttpHeaders *received);

G_END_DECLS
