/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/* Reading XML that others wrote carelessly: recovery on, network and entities off, elements known by local name.
 *
 * Threading: any thread.  Ownership: strings are the caller's, documents freed with xmlFreeDoc().  Errors: NULL. */

xmlDoc *search_xml_parse (const char *bytes, gsize length);
gboolean search_xml_is (const xmlNode *node, const char *local_name);
xmlNode *search_xml_child (const xmlNode *parent, const char *local_name); /* (nullable): the first */
char *search_xml_attribute (xmlNode *node, const char *name);              /* (nullable): stripped */
char *search_xml_text (xmlNode *node);                                     /* all text below it, stripped */

G_END_DECLS
