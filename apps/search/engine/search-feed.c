/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-feed.h"
#include "cloud-error.h"
#include "search-url.h"
#include "search-xml.h"

#include <string.h>

/* <item> and <entry> wherever they stand, with a title, an address and a text. */

/* Atom has several links, RSS one with text; the one meant for reading is taken. */
static char *
entry_link (xmlNode *entry)
{
  for (xmlNode *node = entry->children; node != NULL; node = node->next)
    {
      g_autofree char *rel = NULL;
      char *link;

      if (!search_xml_is (node, "link"))
        continue;
      rel = search_xml_attribute (node, "rel");
      link = search_xml_attribute (node, "href");
      if (link == NULL)
        link = search_xml_text (node);
      if (link[0] != '\0' && (rel == NULL || strcmp (rel, "alternate") == 0))
        return link;
      g_free (link);
    }
  return NULL;
}

static char *
permalink (xmlNode *entry)
{
  xmlNode *guid = search_xml_child (entry, "guid");
  g_autofree char *is_link = guid != NULL ? search_xml_attribute (guid, "isPermaLink") : NULL;

  return guid != NULL && g_strcmp0 (is_link, "false") != 0 ? search_xml_text (guid) : NULL;
}

static void
read_entry (SearchReply *reply, xmlNode *entry, const char *base_url, const char *source_name)
{
  static const char *const bodies[] = { "description", "summary", "content", "encoded" };
  xmlNode *title_node = search_xml_child (entry, "title");
  g_autofree char *title = title_node != NULL ? search_xml_text (title_node) : NULL;
  g_autofree char *link = entry_link (entry);
  g_autofree char *url = NULL;
  g_autofree char *body = NULL;

  if (link == NULL)
    link = permalink (entry);
  url = search_url_resolve (base_url, link);
  for (gsize i = 0; i < G_N_ELEMENTS (bodies) && body == NULL; i++)
    {
      xmlNode *node = search_xml_child (entry, bodies[i]);

      body = node != NULL ? search_xml_text (node) : NULL;
    }
  search_reply_add (reply, title, body, url, source_name);
}

static void
read_entries (SearchReply *reply, xmlNode *parent, const char *base_url, const char *source_name)
{
  for (xmlNode *node = parent->children; node != NULL; node = node->next)
    if (search_xml_is (node, "item") || search_xml_is (node, "entry"))
      read_entry (reply, node, base_url, source_name);
}

SearchReply *
search_feed_decode (const char *xml, gsize length, const char *base_url, const char *source_name, GError **error)
{
  xmlDoc *doc = search_xml_parse (xml, length);
  xmlNode *root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  g_autoptr (SearchReply) reply = NULL;

  if (root != NULL && (search_xml_is (root, "rss") || search_xml_is (root, "feed") || search_xml_is (root, "RDF")))
    {
      xmlNode *channel = search_xml_child (root, "channel");

      reply = search_reply_new ();
      read_entries (reply, root, base_url, source_name);
      if (channel != NULL)
        read_entries (reply, channel, base_url, source_name);
    }
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "The answer is neither RSS nor Atom");
  if (doc != NULL)
    xmlFreeDoc (doc);
  return g_steal_pointer (&reply);
}
