/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* SearchResults: the answers to one question, in groups, as they arrive.
 *
 * Signals: "ask" (const char *text): put this question to everybody; "opened" (SearchResult *): a result was pressed; "keep" (SearchResult *): its
 * page shall be saved.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define SEARCH_TYPE_RESULTS (search_results_get_type ())
G_DECLARE_FINAL_TYPE (SearchResults, search_results, SEARCH, RESULTS, GtkWidget)

GtkWidget *search_results_new (void);

/* Shows what @session finds.  @typing: the question is not finished: former questions and what to do with it come first. */
void search_results_set_session (SearchResults *self, SearchSession *session, gboolean typing);

/* Former questions that begin as what is typed (element-type SearchSuggestion) (nullable): needed after each typing session, also if there are none. */
void search_results_set_suggestions (SearchResults *self, const GPtrArray *suggestions);

/* The browser's Web search that is offered: "auto", "bing", ... */
void search_results_set_browser_search (SearchResults *self, const char *engine);

G_END_DECLS
