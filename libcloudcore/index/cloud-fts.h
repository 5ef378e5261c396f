/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The text pipeline inside SQLite: call cloud_fts_register() from a CloudStoreSchema's prepare function, then
 *
 *   CREATE VIRTUAL TABLE messages_fts USING fts5 (subject, sender, body, tokenize = 'cirrus', ...)
 *   SELECT ... WHERE messages_fts MATCH ?1
 *     ORDER BY bm25 (messages_fts, 8.0, 4.0, 1.0) * cirrus_recency (date_us, 365) LIMIT 20
 *
 * with ?1 from cloud_query_to_match() (cloud-query.h) and the snippet of each row from cloud_snippet_new() (cloud-snippet.h).  Use detail=full (the default):
 * Chinese words are phrases.  A table that must not hold the text twice names content='' or an external table.
 *
 * SQL functions:
 *   cirrus_recency (unix_us, half_life_days)   from 1 (now, or the future) down to one half (long ago): it decides between equals and never buries a far
 *                                              better match.  bm25's best is the most negative, so multiply.
 *   cirrus_fold (text)                         cloud_text_fold()
 *
 * The text pipeline's version is kept by cloud-index-store.h.
 *
 * Threading: per connection, from the thread that opens it.  Errors: CORRUPT if SQLite was built without FTS5. */

gboolean cloud_fts_register (sqlite3 *db, GError **error);

/* What cirrus_recency() gives. */
double cloud_fts_recency (gint64 unix_us, gint64 now_unix_us, double half_life_days);

G_END_DECLS
