/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cloud-http.h"
#include "search-provider.h"
#include "search-reply.h"

G_BEGIN_DECLS

/* SearchSource: how one kind of Web search is asked and understood.  One file each; sending, caching and errors are the same for all.
 *
 * Threading: the main thread.  Ownership: GObject.
 * Errors: those of CloudHttpClient and of the decoder. */

#define SEARCH_TYPE_SOURCE (search_source_get_type ())
G_DECLARE_INTERFACE (SearchSource, search_source, SEARCH, SOURCE, GObject)

/**
 * SearchSourceInterface:
 * @make_url: the address that asks for @text; NULL with an error if it cannot be asked
 * @decode: the answer's body, come from @url after redirects
 */
struct _SearchSourceInterface
{
  GTypeInterface parent;

  char *(*make_url) (SearchSource *self, const char *text, guint page, GError **error);
  SearchReply *(*decode) (SearchSource *self, const char *body, gsize length, const char *url, GError **error);
};

/* The source for a provider, by its kind.  Returns: (transfer full) */
SearchSource *search_source_new (SearchProvider *provider);

/* Asks for @text through @client; what the cache holds is taken when the network fails. */
void search_source_search_async (SearchSource *self, CloudHttpClient *client, const char *text, guint page, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* @stale_since_unix_us: (out): when the answer was fetched if it is an old one, else 0.  Returns: (transfer full) */
SearchReply *search_source_search_finish (SearchSource *self, GAsyncResult *result, gint64 *stale_since_unix_us, GError **error);

/* For both below: how many results are asked for. */
#define SEARCH_SOURCE_PAGE_SIZE 20

SearchSource *search_source_mediawiki_new (SearchProvider *provider);
SearchSource *search_source_searxng_new (SearchProvider *provider);
SearchSource *search_source_opensearch_new (SearchProvider *provider);

G_END_DECLS
