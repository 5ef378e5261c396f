/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-query.h"

G_BEGIN_DECLS

/* Where the phrases of a query stand in one text: the base of snippets and highlights.
 *
 * Threading: pure functions, any thread.  Errors: none. */

typedef struct
{
  guint phrase;     /* its number in the query */
  gsize start_byte; /* in the original text, accents and full width as they stand there */
  gsize end_byte;
} CloudFindHit;

/* All places, in the order of the text; a phrase may overlap another.  Returns: (transfer full) (element-type CloudFindHit) */
GArray *cloud_find_in_text (const CloudQuery *query, const char *text, gssize length_bytes);

G_END_DECLS
