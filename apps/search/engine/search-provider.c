/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-provider.h"

#include <string.h>

/* A row of the table of providers. */

struct _SearchProvider
{
  GObject parent_instance;

  gint64 id;
  SearchProviderKind kind;
  char *name;
  char *url;
  int index_offset;
  int page_offset;
  gboolean enabled;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_URL,
  PROP_ENABLED,
  N_PROPS,
};

G_DEFINE_TYPE (SearchProvider, search_provider, G_TYPE_OBJECT)

static const char *const kind_names[] = { "mediawiki", "searxng", "opensearch" };

static void
search_provider_finalize (GObject *object)
{
  SearchProvider *self = SEARCH_PROVIDER (object);

  g_free (self->name);
  g_free (self->url);
  G_OBJECT_CLASS (search_provider_parent_class)->finalize (object);
}

static void
search_provider_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SearchProvider *self = SEARCH_PROVIDER (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case PROP_ENABLED:
      g_value_set_boolean (value, self->enabled);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
search_provider_class_init (SearchProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = search_provider_finalize;
  object_class->get_property = search_provider_get_property;
  g_object_class_install_property (object_class, PROP_NAME,
                                   g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_URL,
                                   g_param_spec_string ("url", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_ENABLED,
                                   g_param_spec_boolean ("enabled", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
search_provider_init (SearchProvider *self)
{
}

SearchProvider *
search_provider_new (gint64 id, SearchProviderKind kind, const char *name, const char *url, int index_offset, int page_offset,
                     gboolean enabled)
{
  SearchProvider *self = g_object_new (SEARCH_TYPE_PROVIDER, NULL);

  g_return_val_if_fail (name != NULL && url != NULL, self);
  self->id = id;
  self->kind = kind;
  self->name = g_strdup (name);
  self->url = g_strdup (url);
  self->index_offset = index_offset;
  self->page_offset = page_offset;
  self->enabled = enabled;
  return self;
}

gint64
search_provider_get_id (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), 0);
  return self->id;
}

SearchProviderKind
search_provider_get_kind (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), SEARCH_PROVIDER_OPENSEARCH);
  return self->kind;
}

const char *
search_provider_get_name (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), NULL);
  return self->name;
}

const char *
search_provider_get_url (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), NULL);
  return self->url;
}

int
search_provider_get_index_offset (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), 1);
  return self->index_offset;
}

int
search_provider_get_page_offset (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), 1);
  return self->page_offset;
}

gboolean
search_provider_get_enabled (SearchProvider *self)
{
  g_return_val_if_fail (SEARCH_IS_PROVIDER (self), FALSE);
  return self->enabled;
}

const char *
search_provider_kind_name (SearchProviderKind kind)
{
  return kind_names[kind];
}

gboolean
search_provider_kind_from_name (const char *name, SearchProviderKind *kind)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (kind_names); i++)
    if (strcmp (kind_names[i], name) == 0)
      {
        *kind = (SearchProviderKind) i;
        return TRUE;
      }
  return FALSE;
}
