/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-json.h"
#include "search-source.h"
#include "search-url.h"

/* Wikipedia and every other MediaWiki: one request brings titles, addresses, summaries, pictures and coordinates; a wiki without those
 * extensions leaves them out. */

struct _SearchSourceMediawiki
{
  GObject parent_instance;

  SearchProvider *provider;
};

#define SEARCH_TYPE_SOURCE_MEDIAWIKI (search_source_mediawiki_get_type ())
G_DECLARE_FINAL_TYPE (SearchSourceMediawiki, search_source_mediawiki, SEARCH, SOURCE_MEDIAWIKI, GObject)

static void source_iface_init (SearchSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SearchSourceMediawiki, search_source_mediawiki, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SEARCH_TYPE_SOURCE, source_iface_init))

static char *
make_url (SearchSource *source, const char *text, guint page, GError **error)
{
  SearchProvider *provider = SEARCH_SOURCE_MEDIAWIKI (source)->provider;
  g_autofree char *encoded = search_url_encode (text);

  return g_strdup_printf ("%s?action=query&format=json&formatversion=2&utf8=1&maxlag=5&redirects=1"
                          "&generator=search&gsrsearch=%s&gsrlimit=%d&gsroffset=%u"
                          "&prop=info%%7Cextracts%%7Cpageimages%%7Ccoordinates%%7Cdescription&inprop=url"
                          "&exintro=1&explaintext=1&exsentences=2&exlimit=max&piprop=thumbnail&pithumbsize=160&colimit=max",
                          search_provider_get_url (provider), encoded, SEARCH_SOURCE_PAGE_SIZE, page * SEARCH_SOURCE_PAGE_SIZE);
}

static SearchReply *
decode (SearchSource *source, const char *body, gsize length, const char *url, GError **error)
{
  SearchProvider *provider = SEARCH_SOURCE_MEDIAWIKI (source)->provider;

  return search_json_decode_mediawiki (body, length, url, search_provider_get_name (provider), error);
}

static void
source_iface_init (SearchSourceInterface *iface)
{
  iface->make_url = make_url;
  iface->decode = decode;
}

static void
search_source_mediawiki_finalize (GObject *object)
{
  g_clear_object (&SEARCH_SOURCE_MEDIAWIKI (object)->provider);
  G_OBJECT_CLASS (search_source_mediawiki_parent_class)->finalize (object);
}

static void
search_source_mediawiki_class_init (SearchSourceMediawikiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = search_source_mediawiki_finalize;
}

static void
search_source_mediawiki_init (SearchSourceMediawiki *self)
{
}

SearchSource *
search_source_mediawiki_new (SearchProvider *provider)
{
  SearchSourceMediawiki *self = g_object_new (SEARCH_TYPE_SOURCE_MEDIAWIKI, NULL);

  self->provider = g_object_ref (provider);
  return SEARCH_SOURCE (self);
}
