/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-http.h"
#include "cloud-search-provider-client.h"
#include "search-page.h"
#include "search-provider.h"
#include "search-store.h"

G_BEGIN_DECLS

/* SearchEngine: what the window, the service and the command line of Search share: the store, the HTTP client with its cache, the other apps,
 * and the work that joins them.  Questions are put through SearchSession.
 *
 * Queries are never logged.
 *
 * Threading: the thread that opened it.  Ownership: GObject.
 * Errors: as each function says; those of CloudStore for the store (NO_SPACE, BUSY, CORRUPT).
 *
 * Signal "changed" (SearchEngine *): something that is kept changed, here or in another process. */

#define SEARCH_TYPE_ENGINE (search_engine_get_type ())
G_DECLARE_FINAL_TYPE (SearchEngine, search_engine, SEARCH, ENGINE, GObject)

/* Opens the profile's files.  @bus: (nullable): where other apps are asked; the session bus if NULL. */
void search_engine_open_async (GDBusConnection *bus, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SearchEngine *search_engine_open_finish (GAsyncResult *result, GError **error);

/* Ends writing and closes; the last unref does the same. */
void search_engine_close (SearchEngine *self);

SearchStore *search_engine_get_store (SearchEngine *self);                /* (transfer none) */
CloudHttpClient *search_engine_get_http (SearchEngine *self);             /* (transfer none) */
CloudSearchProviderClient *search_engine_get_apps (SearchEngine *self);   /* (transfer none) */

/* Fetches a page once (http, https, or file), takes its title and main text, keeps and indexes it.
 * Errors: those of CloudHttpClient; UNSUPPORTED (no text in it), INVALID (no such address), NOT_FOUND. */
void search_engine_save_url_async (SearchEngine *self, const char *url, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
SearchPage *search_engine_save_url_finish (SearchEngine *self, GAsyncResult *result, GError **error);

/* Adds a Web search: a page of a site that says how to search it, an OpenSearch description, a URL template with {searchTerms}, a wiki's
 * api.php, or a SearXNG instance.  @kind: (nullable): "mediawiki", "searxng", "opensearch", to skip finding out.  @name: (nullable).
 * Errors: those of CloudHttpClient; UNSUPPORTED (it does not say how to be searched), INVALID. */
void search_engine_add_provider_async (SearchEngine *self, const char *url, const char *kind, const char *name, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
SearchProvider *search_engine_add_provider_finish (SearchEngine *self, GAsyncResult *result, GError **error);

/* ---- Suggestions: from this device only; nothing that is being typed leaves it ---- */

typedef enum
{
  SEARCH_SUGGESTION_HISTORY,
  SEARCH_SUGGESTION_SAVED,
} SearchSuggestionKind;

typedef struct
{
  SearchSuggestionKind kind;
  char *text;
  char *url;      /* (nullable) */
  gint64 page_id; /* 0: none */
} SearchSuggestion;

void search_suggestion_free (SearchSuggestion *self);

void search_engine_suggest_async (SearchEngine *self, const char *typed, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
/* Returns: (transfer full) (element-type SearchSuggestion) */
GPtrArray *search_engine_suggest_finish (SearchEngine *self, GAsyncResult *result, GError **error);

/* ---- What is kept ---- */

/* Remembers a question in the history (unless the setting says no), and in the home window's line. */
void search_engine_note_asked (SearchEngine *self, const char *text);

/* Removes from the history; @text NULL: everything since @since_unix_us. */
void search_engine_forget_async (SearchEngine *self, const char *text, gint64 since_unix_us, GAsyncReadyCallback callback, gpointer user_data);
gboolean search_engine_forget_finish (SearchEngine *self, GAsyncResult *result, GError **error);

/* Kept answers and the HTTP cache. */
void search_engine_clear_cache_async (SearchEngine *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean search_engine_clear_cache_finish (SearchEngine *self, GAsyncResult *result, GError **error);

G_END_DECLS
