/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-result.h"

#include <math.h>

/* A bag of plain texts with an address. */

#define STORED_TYPE "a(ssssdd)"

struct _SearchResult
{
  GObject parent_instance;

  SearchResultKind kind;
  char *title;
  char *snippet;
  char *url;
  char *source_name;
  char *provider_name;
  char *icon_name;
  char *image_url;
  gint64 page_id;
  double lat_deg; /* NAN: no position */
  double lon_deg;
  CloudSearchProviderInfo *app;
  char *app_id;
};

enum
{
  PROP_0,
  PROP_KIND,
  PROP_TITLE,
  PROP_SNIPPET,
  PROP_URL,
  PROP_SOURCE_NAME,
  PROP_ICON_NAME,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (SearchResult, search_result, G_TYPE_OBJECT)

static void
search_result_finalize (GObject *object)
{
  SearchResult *self = SEARCH_RESULT (object);

  g_free (self->title);
  g_free (self->snippet);
  g_free (self->url);
  g_free (self->source_name);
  g_free (self->provider_name);
  g_free (self->icon_name);
  g_free (self->image_url);
  g_clear_object (&self->app);
  g_free (self->app_id);
  G_OBJECT_CLASS (search_result_parent_class)->finalize (object);
}

static void
search_result_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SearchResult *self = SEARCH_RESULT (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_int (value, self->kind);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SNIPPET:
      g_value_set_string (value, self->snippet);
      break;
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case PROP_SOURCE_NAME:
      g_value_set_string (value, self->source_name);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
search_result_class_init (SearchResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const strings[] = { "title", "snippet", "url", "source-name", "icon-name" };

  object_class->finalize = search_result_finalize;
  object_class->get_property = search_result_get_property;
  props[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0, SEARCH_RESULT_APP, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    props[PROP_TITLE + i] = g_param_spec_string (strings[i], NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
search_result_init (SearchResult *self)
{
  self->lat_deg = NAN;
  self->lon_deg = NAN;
}

static char *
valid_copy (const char *text)
{
  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

SearchResult *
search_result_new (SearchResultKind kind, const char *title, const char *snippet, const char *url, const char *source_name)
{
  SearchResult *self = g_object_new (SEARCH_TYPE_RESULT, NULL);

  self->kind = kind;
  self->title = valid_copy (title != NULL && title[0] != '\0' ? title : url != NULL ? url : "");
  self->snippet = valid_copy (snippet != NULL ? snippet : "");
  self->url = valid_copy (url);
  self->source_name = valid_copy (source_name != NULL ? source_name : "");
  self->provider_name = g_strdup (self->source_name);
  return self;
}

SearchResultKind
search_result_get_kind (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), SEARCH_RESULT_WEB);
  return self->kind;
}

const char *
search_result_get_title (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->title;
}

const char *
search_result_get_snippet (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->snippet;
}

const char *
search_result_get_url (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->url;
}

const char *
search_result_get_source_name (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->source_name;
}

const char *
search_result_get_provider_name (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->provider_name;
}

const char *
search_result_get_icon_name (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->icon_name;
}

const char *
search_result_get_image_url (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->image_url;
}

gint64
search_result_get_page_id (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), 0);
  return self->page_id;
}

gboolean
search_result_get_position (SearchResult *self, double *lat_deg, double *lon_deg)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), FALSE);

  if (isnan (self->lat_deg) || isnan (self->lon_deg))
    return FALSE;
  *lat_deg = self->lat_deg;
  *lon_deg = self->lon_deg;
  return TRUE;
}

CloudSearchProviderInfo *
search_result_get_app (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->app;
}

const char *
search_result_get_app_id (SearchResult *self)
{
  g_return_val_if_fail (SEARCH_IS_RESULT (self), NULL);
  return self->app_id;
}

void
search_result_set_icon_name (SearchResult *self, const char *icon_name)
{
  g_return_if_fail (SEARCH_IS_RESULT (self));
  g_free (self->icon_name);
  self->icon_name = valid_copy (icon_name);
}

void
search_result_set_image_url (SearchResult *self, const char *image_url)
{
  g_return_if_fail (SEARCH_IS_RESULT (self));
  g_free (self->image_url);
  self->image_url = valid_copy (image_url);
}

void
search_result_set_page_id (SearchResult *self, gint64 page_id)
{
  g_return_if_fail (SEARCH_IS_RESULT (self));
  self->page_id = page_id;
}

void
search_result_set_position (SearchResult *self, double lat_deg, double lon_deg)
{
  g_return_if_fail (SEARCH_IS_RESULT (self));

  if (!(fabs (lat_deg) <= 90 && fabs (lon_deg) <= 180))
    return;
  self->lat_deg = lat_deg;
  self->lon_deg = lon_deg;
}

void
search_result_set_app (SearchResult *self, CloudSearchProviderInfo *app, const char *app_id)
{
  g_return_if_fail (SEARCH_IS_RESULT (self));
  g_set_object (&self->app, app);
  g_free (self->app_id);
  self->app_id = g_strdup (app_id);
}

void
search_result_set_source_name (SearchResult *self, const char *source_name)
{
  g_return_if_fail (SEARCH_IS_RESULT (self));
  g_free (self->source_name);
  self->source_name = valid_copy (source_name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SOURCE_NAME]);
}

GBytes *
search_results_to_bytes (const GPtrArray *results)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (results != NULL, NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE (STORED_TYPE));
  for (guint i = 0; i < results->len; i++)
    {
      SearchResult *result = g_ptr_array_index (results, i);

      g_variant_builder_add (&builder, "(ssssdd)", result->title, result->snippet, result->url != NULL ? result->url : "",
                             result->image_url != NULL ? result->image_url : "", result->lat_deg, result->lon_deg);
    }
  value = g_variant_ref_sink (g_variant_builder_end (&builder));
  return g_variant_get_data_as_bytes (value);
}

GPtrArray *
search_results_from_bytes (GBytes *bytes, const char *source_name)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (STORED_TYPE), bytes, FALSE));
  GPtrArray *results = g_ptr_array_new_with_free_func (g_object_unref);
  GVariantIter iter;
  const char *title;
  const char *snippet;
  const char *url;
  const char *image_url;
  double lat_deg;
  double lon_deg;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s&s&sdd)", &title, &snippet, &url, &image_url, &lat_deg, &lon_deg))
    {
      SearchResult *result = search_result_new (SEARCH_RESULT_WEB, title, snippet, url, source_name);

      if (image_url[0] != '\0')
        search_result_set_image_url (result, image_url);
      search_result_set_position (result, lat_deg, lon_deg);
      g_ptr_array_add (results, result);
    }
  return results;
}
