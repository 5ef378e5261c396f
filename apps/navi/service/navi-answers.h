/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-regions.h"

#include "cloud-search-provider.h"

G_BEGIN_DECLS

/* NaviAnswers: what Navi answers to the desktop's search: places of the installed regions, each with the geo: URI that opens it.
 *
 * An id is that URI, so that an id of an earlier life of the service still means something.
 *
 * Threading: the main thread; searches run on other threads. */

typedef struct _NaviAnswers NaviAnswers;

NaviAnswers *navi_answers_new (NaviRegions *regions);
void navi_answers_free (NaviAnswers *self);

/* For cloud_search_provider_new(), with a NaviAnswers as user_data. */
extern const CloudSearchProviderFuncs navi_answers_funcs;

G_END_DECLS
