/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* SearchProvider: a Web search that the user has, as it is kept.
 *
 * Threading: immutable, any thread (the id is set once when stored).  Ownership: GObject; getters are transfer none. */

typedef enum
{
  SEARCH_PROVIDER_MEDIAWIKI,  /* url: its api.php */
  SEARCH_PROVIDER_SEARXNG,    /* url: the instance's search address, ".../search" */
  SEARCH_PROVIDER_OPENSEARCH, /* url: a template that answers RSS or Atom */
} SearchProviderKind;

#define SEARCH_TYPE_PROVIDER (search_provider_get_type ())
G_DECLARE_FINAL_TYPE (SearchProvider, search_provider, SEARCH, PROVIDER, GObject)

/* Properties, read-only: "name", "url" (strings), "enabled" (boolean). */

SearchProvider *search_provider_new (gint64 id, SearchProviderKind kind, const char *name, const char *url, int index_offset,
                                     int page_offset, gboolean enabled);

gint64 search_provider_get_id (SearchProvider *self);
SearchProviderKind search_provider_get_kind (SearchProvider *self);
const char *search_provider_get_name (SearchProvider *self);
const char *search_provider_get_url (SearchProvider *self);
int search_provider_get_index_offset (SearchProvider *self);
int search_provider_get_page_offset (SearchProvider *self);
gboolean search_provider_get_enabled (SearchProvider *self);

/* "mediawiki", "searxng", "opensearch". */
const char *search_provider_kind_name (SearchProviderKind kind);
gboolean search_provider_kind_from_name (const char *name, SearchProviderKind *kind);

G_END_DECLS
