/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-xml.h"

#include <libxml/parser.h>
#include <string.h>

/* The few calls of libxml2 that decoders need, always with the same cautious options. */

xmlDoc *
search_xml_parse (const char *bytes, gsize length)
{
  if (bytes == NULL || length == 0 || length > G_MAXINT)
    return NULL;
  return xmlReadMemory (bytes, (int) length, NULL, NULL,
                        XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
}

gboolean
search_xml_is (const xmlNode *node, const char *local_name)
{
  const char *name;
  const char *colon;

  if (node == NULL || node->type != XML_ELEMENT_NODE)
    return FALSE;
  name = (const char *) node->name;
  colon = strchr (name, ':'); /* an undeclared prefix stays in the name */
  return strcmp (colon != NULL ? colon + 1 : name, local_name) == 0;
}

xmlNode *
search_xml_child (const xmlNode *parent, const char *local_name)
{
  for (xmlNode *node = parent->children; node != NULL; node = node->next)
    if (search_xml_is (node, local_name))
      return node;
  return NULL;
}

static char *
take_string (xmlChar *text)
{
  char *copy;

  if (text == NULL)
    return NULL;
  copy = g_strstrip (g_utf8_make_valid ((const char *) text, -1));
  xmlFree (text);
  return copy;
}

char *
search_xml_attribute (xmlNode *node, const char *name)
{
  return take_string (xmlGetNoNsProp (node, BAD_CAST name));
}

char *
search_xml_text (xmlNode *node)
{
  char *text = take_string (xmlNodeGetContent (node));

  return text != NULL ? text : g_strdup ("");
}
