/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-query.h"

G_BEGIN_DECLS

/* The piece of a text that shows best why it was found, and which parts of it to highlight; right for Chinese as for English.
 *
 * Threading: pure functions, any thread.  Ownership: results are the caller's.  Errors: none. */

typedef struct
{
  guint start_byte; /* as PangoAttribute counts */
  guint end_byte;
} CloudSnippetRange;

/* About @max_chars characters of @text (UTF-8; other bytes are replaced), blanks and line ends made single blanks, with an ellipsis where
 * something was left out.  Without a hit it is the text's beginning.
 * @ranges: (out) (optional) (transfer full) (element-type CloudSnippetRange): sorted, not overlapping.
 * Returns: (transfer full) */
char *cloud_snippet_new (const char *text, gssize length_bytes, const CloudQuery *query, guint max_chars, GArray **ranges);

/* The same for one line that is shown whole (a title): only the ranges in it.  Returns: (transfer full) (element-type CloudSnippetRange) */
GArray *cloud_snippet_highlight (const char *text, const CloudQuery *query);

/* @text with the ranges between @open and @close ("<b>", "</b>"), all else escaped for markup.  Returns: (transfer full) */
char *cloud_snippet_to_markup (const char *text, const GArray *ranges, const char *open, const char *close);

G_END_DECLS
