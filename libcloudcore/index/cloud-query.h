/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CloudQuery: what a user typed, as phrases of terms that must all be found.
 *
 * Words stand apart by blanks; "quoted words" must follow one another; a word of several terms (Chinese, "foo-bar", "重跑gen") is a phrase by
 * itself.  While typing, the last word may go on: its last term matches as a prefix.  There is no other syntax, so nothing that is typed can be a
 * syntax error or reach an index as anything but words.
 *
 * Threading: immutable once made, any thread.  Ownership: reference counted.  Errors: none; text without words gives an empty query. */

typedef struct _CloudQuery CloudQuery;

/* @typing: TRUE while the user may still be in the middle of the last word. */
CloudQuery *cloud_query_new (const char *typed, gboolean typing);
CloudQuery *cloud_query_ref (CloudQuery *self);
void cloud_query_unref (CloudQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudQuery, cloud_query_unref)

gboolean cloud_query_is_empty (const CloudQuery *self);

guint cloud_query_get_n_phrases (const CloudQuery *self);
/* The folded terms of a phrase.  @prefix: whether the last one may go on.  Returns: (transfer none) (array zero-terminated=1) */
const char *const *cloud_query_get_phrase (const CloudQuery *self, guint index, gboolean *prefix);

/* An FTS5 MATCH expression for a table with the tokenizer "cirrus" (cloud-fts.h); NULL if the query is empty.
 * @columns: (nullable): look only in these, "subject sender".  Returns: (transfer full) (nullable) */
char *cloud_query_to_match (const CloudQuery *self, const char *columns);

/* TRUE if @text has all phrases: the same answer as the index gives, without one. */
gboolean cloud_query_matches (const CloudQuery *self, const char *text, gssize length_bytes);

G_END_DECLS
