/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-opensearch.h"
#include "cloud-error.h"
#include "search-url.h"
#include "search-xml.h"

#include <string.h>

/* Elements are known by their local names, whatever namespace they claim. */

static void
take_template (char **slot, const char *url_template, const char *base_url)
{
  if (*slot != NULL)
    return;
  /* Braces are no part of an address: a template with a scheme is taken as it stands. */
  if (strstr (url_template, "://") != NULL || base_url == NULL)
    *slot = g_strdup (url_template);
  else
    *slot = search_url_resolve (base_url, url_template);
}

static void
read_url (SearchOpenSearch *self, xmlNode *node, const char *base_url)
{
  g_autofree char *url_template = search_xml_attribute (node, "template");
  g_autofree char *type = search_xml_attribute (node, "type");
  g_autofree char *rel = search_xml_attribute (node, "rel");
  g_autofree char *method = search_xml_attribute (node, "method");
  g_autofree char *index_offset = search_xml_attribute (node, "indexOffset");
  g_autofree char *page_offset = search_xml_attribute (node, "pageOffset");

  if (url_template == NULL || type == NULL || (method != NULL && g_ascii_strcasecmp (method, "get") != 0))
    return;
  if (g_ascii_strcasecmp (type, "application/x-suggestions+json") == 0 || g_strcmp0 (rel, "suggestions") == 0)
    {
      take_template (&self->suggest_template, url_template, base_url);
      return;
    }
  if (rel != NULL && strstr (rel, "results") == NULL && strstr (rel, "collection") == NULL)
    return;
  if (g_ascii_strcasecmp (type, "text/html") == 0)
    {
      take_template (&self->html_template, url_template, base_url);
      return;
    }
  if (self->results_template != NULL ||
      (g_ascii_strcasecmp (type, "application/rss+xml") != 0 && g_ascii_strcasecmp (type, "application/atom+xml") != 0))
    return;
  take_template (&self->results_template, url_template, base_url);
  if (self->results_template == NULL)
    return;
  self->results_type = g_ascii_strdown (type, -1);
  self->index_offset = index_offset != NULL ? (int) CLAMP (g_ascii_strtoll (index_offset, NULL, 10), -1000, 1000) : 1;
  self->page_offset = page_offset != NULL ? (int) CLAMP (g_ascii_strtoll (page_offset, NULL, 10), -1000, 1000) : 1;
}

SearchOpenSearch *
search_opensearch_parse (const char *xml, gsize length, const char *base_url, GError **error)
{
  xmlDoc *doc = search_xml_parse (xml, length);
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  g_autoptr (SearchOpenSearch) self = g_new0 (SearchOpenSearch, 1);

  self->index_offset = 1;
  self->page_offset = 1;
  if (root != NULL && search_xml_is (root, "OpenSearchDescription"))
    {
      xmlNode *name = search_xml_child (root, "ShortName");
      xmlNode *long_name = search_xml_child (root, "LongName");

      self->name = name != NULL ? search_xml_text (name) : long_name != NULL ? search_xml_text (long_name) : NULL;
      for (xmlNode *node = root->children; node != NULL; node = node->next)
        if (search_xml_is (node, "Url"))
          read_url (self, node, base_url);
    }
  if (doc != NULL)
    xmlFreeDoc (doc);
  if (self->results_template == NULL && self->html_template == NULL && self->suggest_template == NULL)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "This is no OpenSearch description");
      return NULL;
    }
  if (self->name == NULL || self->name[0] == '\0')
    {
      g_free (self->name);
      self->name = g_strdup ("OpenSearch");
    }
  return g_steal_pointer (&self);
}

void
search_opensearch_free (SearchOpenSearch *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->results_template);
  g_free (self->results_type);
  g_free (self->html_template);
  g_free (self->suggest_template);
  g_free (self);
}

/* (nullable): the value of parameter @name, "" where it is known but has none here. */
static char *
value_of (const char *name, const char *text, guint count, guint page, int index_offset, int page_offset, const char *language)
{
  const char *colon = strchr (name, ':');

  if (colon != NULL) /* an extension: none is known */
    return NULL;
  if (strcmp (name, "searchTerms") == 0)
    return search_url_encode (text);
  if (strcmp (name, "count") == 0)
    return g_strdup_printf ("%u", count);
  if (strcmp (name, "startIndex") == 0)
    return g_strdup_printf ("%d", (int) (page * count) + index_offset);
  if (strcmp (name, "startPage") == 0)
    return g_strdup_printf ("%d", (int) page + page_offset);
  if (strcmp (name, "language") == 0)
    return g_strdup (language != NULL ? language : "*");
  if (strcmp (name, "inputEncoding") == 0 || strcmp (name, "outputEncoding") == 0)
    return g_strdup ("UTF-8");
  return NULL;
}

char *
search_opensearch_expand (const char *url_template, const char *text, guint count, guint page, int index_offset, int page_offset,
                          const char *language)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_return_val_if_fail (url_template != NULL && text != NULL, NULL);

  for (const char *p = url_template; *p != '\0';)
    {
      const char *end = *p == '{' ? strchr (p, '}') : NULL;
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      gboolean optional;

      if (end == NULL)
        {
          g_string_append_c (out, *p++);
          continue;
        }
      optional = end[-1] == '?';
      name = g_strndup (p + 1, end - p - 1 - (optional ? 1 : 0));
      value = value_of (name, text, count, page, index_offset, page_offset, language);
      if (value == NULL && !optional)
        return NULL;
      g_string_append (out, value != NULL ? value : "");
      p = end + 1;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
