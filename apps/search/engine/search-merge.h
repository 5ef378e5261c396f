/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-result.h"

G_BEGIN_DECLS

/* Several ranked lists become one: by reciprocal rank, duplicates (by address) folded into one that names all its sources.
 *
 * Threading: pure function.  Ownership: results are shared, not copied.
 * Source: Cormack, Clarke, Büttcher: Reciprocal Rank Fusion (SIGIR 2009), k = 60. */

/* @lists: (element-type GPtrArray of SearchResult); earlier lists win ties.  Returns: (transfer full) (element-type SearchResult) */
GPtrArray *search_merge (const GPtrArray *lists);

G_END_DECLS
