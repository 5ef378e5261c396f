/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "cloud-error.h"
#include "search-feed.h"
#include "search-opensearch.h"
#include "search-source.h"

/* Any site with an OpenSearch description that answers in RSS or Atom. */

struct _SearchSourceOpensearch
{
  GObject parent_instance;

  SearchProvider *provider;
};

#define SEARCH_TYPE_SOURCE_OPENSEARCH (search_source_opensearch_get_type ())
G_DECLARE_FINAL_TYPE (SearchSourceOpensearch, search_source_opensearch, SEARCH, SOURCE_OPENSEARCH, GObject)

static void source_iface_init (SearchSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SearchSourceOpensearch, search_source_opensearch, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SEARCH_TYPE_SOURCE, source_iface_init))

static char *
make_url (SearchSource *source, const char *text, guint page, GError **error)
{
  SearchProvider *provider = SEARCH_SOURCE_OPENSEARCH (source)->provider;
  char *url = search_opensearch_expand (search_provider_get_url (provider), text, SEARCH_SOURCE_PAGE_SIZE, page,
                                        search_provider_get_index_offset (provider), search_provider_get_page_offset (provider), NULL);

  if (url == NULL)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_UNSUPPORTED, "%s wants to be told more than what to search for",
                 search_provider_get_name (provider));
  return url;
}

static SearchReply *
decode (SearchSource *source, const char *body, gsize length, const char *url, GError **error)
{
  SearchProvider *provider = SEARCH_SOURCE_OPENSEARCH (source)->provider;

  return search_feed_decode (body, length, url, search_provider_get_name (provider), error);
}

static void
source_iface_init (SearchSourceInterface *iface)
{
  iface->make_url = make_url;
  iface->decode = decode;
}

static void
search_source_opensearch_finalize (GObject *object)
{
  g_clear_object (&SEARCH_SOURCE_OPENSEARCH (object)->provider);
  G_OBJECT_CLASS (search_source_opensearch_parent_class)->finalize (object);
}

static void
search_source_opensearch_class_init (SearchSourceOpensearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = search_source_opensearch_finalize;
}

static void
search_source_opensearch_init (SearchSourceOpensearch *self)
{
}

SearchSource *
search_source_opensearch_new (SearchProvider *provider)
{
  SearchSourceOpensearch *self = g_object_new (SEARCH_TYPE_SOURCE_OPENSEARCH, NULL);

  self->provider = g_object_ref (provider);
  return SEARCH_SOURCE (self);
}
