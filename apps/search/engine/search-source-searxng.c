/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-json.h"
#include "search-source.h"
#include "search-url.h"

#include <string.h>

/* SearXNG and searx instances that give JSON; those that allow only HTML answer 403, which the caller sees as DENIED. */

struct _SearchSourceSearxng
{
  GObject parent_instance;

  SearchProvider *provider;
};

#define SEARCH_TYPE_SOURCE_SEARXNG (search_source_searxng_get_type ())
G_DECLARE_FINAL_TYPE (SearchSourceSearxng, search_source_searxng, SEARCH, SOURCE_SEARXNG, GObject)

static void source_iface_init (SearchSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SearchSourceSearxng, search_source_searxng, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SEARCH_TYPE_SOURCE, source_iface_init))

static char *
make_url (SearchSource *source, const char *text, guint page, GError **error)
{
  SearchProvider *provider = SEARCH_SOURCE_SEARXNG (source)->provider;
  g_autofree char *encoded = search_url_encode (text);
  const char *base = search_provider_get_url (provider);

  return g_strdup_printf ("%s%cq=%s&format=json&pageno=%u", base, strchr (base, '?') != NULL ? '&' : '?', encoded, page + 1);
}

static SearchReply *
decode (SearchSource *source, const char *body, gsize length, const char *url, GError **error)
{
  SearchProvider *provider = SEARCH_SOURCE_SEARXNG (source)->provider;

  return search_json_decode_searxng (body, length, search_provider_get_name (provider), error);
}

static void
source_iface_init (SearchSourceInterface *iface)
{
  iface->make_url = make_url;
  iface->decode = decode;
}

static void
search_source_searxng_finalize (GObject *object)
{
  g_clear_object (&SEARCH_SOURCE_SEARXNG (object)->provider);
  G_OBJECT_CLASS (search_source_searxng_parent_class)->finalize (object);
}

static void
search_source_searxng_class_init (SearchSourceSearxngClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = search_source_searxng_finalize;
}

static void
search_source_searxng_init (SearchSourceSearxng *self)
{
}

SearchSource *
search_source_searxng_new (SearchProvider *provider)
{
  SearchSourceSearxng *self = g_object_new (SEARCH_TYPE_SOURCE_SEARXNG, NULL);

  self->provider = g_object_ref (provider);
  return SEARCH_SOURCE (self);
}
