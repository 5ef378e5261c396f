/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-search-provider.h"
#include "search-engine.h"

G_BEGIN_DECLS

/* What Search answers when the desktop asks: saved pages, and former questions.
 *
 * Threading: the main thread.  Ownership: see below. */

typedef struct _SearchAnswers SearchAnswers;

/* The engine may come later: questions wait for it.  @bus: where the window is started. */
SearchAnswers *search_answers_new (GDBusConnection *bus);
void search_answers_free (SearchAnswers *self);

/* @engine: (nullable) with @error: it cannot be opened, all questions fail. */
void search_answers_set_engine (SearchAnswers *self, SearchEngine *engine, const GError *error);

/* For cloud_search_provider_new(), with the SearchAnswers as user data. */
extern const CloudSearchProviderFuncs search_answers_funcs;

G_END_DECLS
