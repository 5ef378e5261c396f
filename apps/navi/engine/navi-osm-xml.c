/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-osm"

#include "navi-osm-private.h"

#include <libxml/parser.h>

/* OSM XML through libxml2's SAX interface, fed piece by piece: one object at a time is in memory.  Entities of the document's own are not
 * expanded (there is no handler for them), nothing is fetched. */

typedef struct
{
  NaviOsmRun *run;
  xmlParserCtxt *parser;
  GError *error;
  guint depth;
  gboolean is_osm;
  int current; /* the NaviOsmType being read, -1 if none */
  gboolean hidden; /* deleted: visible="false" */
  NaviOsmNode node;
  gint64 id;
  GArray *refs;      /* gint64 */
  GArray *members;   /* NaviOsmMember; roles are offsets into text */
  GArray *tags;      /* NaviOsmTag, likewise */
  GByteArray *text;
} Xml;

static void
stop (Xml *xml)
{
  g_assert (xml->error != NULL);
  xmlStopParser (xml->parser);
}

static void
stop_corrupt (Xml *xml, const char *what)
{
  if (xml->error == NULL)
    navi_osm_corrupt (xml->run->reader, what, &xml->error);
  stop (xml);
}

/* A copy in @buffer of the attribute's value, cut to its size; NULL if there is no such attribute. */
static const char *
attribute (const xmlChar **attributes, int n_attributes, const char *name, char *buffer, gsize buffer_bytes)
{
  for (int i = 0; i < n_attributes; i++)
    if (strcmp ((const char *) attributes[i * 5], name) == 0)
      {
        gsize bytes = MIN ((gsize) (attributes[i * 5 + 4] - attributes[i * 5 + 3]), buffer_bytes - 1);
        memcpy (buffer, attributes[i * 5 + 3], bytes);
        buffer[bytes] = '\0';
        return buffer;
      }
  return NULL;
}

static gboolean
parse_id (const xmlChar **attributes, int n_attributes, const char *name, gint64 *id)
{
  char buffer[32], *end;
  const char *text = attribute (attributes, n_attributes, name, buffer, sizeof buffer);

  if (text == NULL || *text == '\0')
    return FALSE;
  *id = g_ascii_strtoll (text, &end, 10);
  return *end == '\0';
}

/* Decimal degrees to 1e-7 degrees without floating point, rounded. */
static gboolean
parse_degrees (const xmlChar **attributes, int n_attributes, const char *name, gint32 limit_deg, gint32 *e7)
{
  char buffer[40];
  const char *p = attribute (attributes, n_attributes, name, buffer, sizeof buffer);
  gint64 value = 0;
  gboolean negative;
  int decimals = -1;

  if (p == NULL)
    return FALSE;
  negative = *p == '-';
  if (*p == '-' || *p == '+')
    p++;
  if (!g_ascii_isdigit (*p) && *p != '.')
    return FALSE;
  for (; *p != '\0'; p++)
    {
      if (*p == '.' && decimals < 0)
        decimals = 0;
      else if (!g_ascii_isdigit (*p))
        return FALSE;
      else if (decimals < 8)
        {
          value = value * 10 + (*p - '0');
          decimals += decimals >= 0;
          if (value > G_GINT64_CONSTANT (100000000000))
            return FALSE;
        }
    }
  for (decimals = MAX (decimals, 0); decimals < 8; decimals++)
    value *= 10;
  value = (value + 5) / 10;
  if (value > (gint64) limit_deg * 10000000)
    return FALSE;
  *e7 = (gint32) (negative ? -value : value);
  return TRUE;
}

/* Keeps the attribute's whole value; its offset in xml->text, or -1. */
static gssize
keep (Xml *xml, const xmlChar **attributes, int n_attributes, const char *name)
{
  gsize offset = xml->text->len;

  for (int i = 0; i < n_attributes; i++)
    if (strcmp ((const char *) attributes[i * 5], name) == 0)
      {
        gsize bytes = (gsize) (attributes[i * 5 + 4] - attributes[i * 5 + 3]);
        if (offset + bytes > 64 * 1024 * 1024)
          return -1;
        g_byte_array_append (xml->text, attributes[i * 5 + 3], (guint) bytes);
        g_byte_array_append (xml->text, (const guint8 *) "", 1);
        return (gssize) offset;
      }
  return -1;
}

static void
begin_object (Xml *xml, NaviOsmType type, const xmlChar **attributes, int n_attributes)
{
  char visible[8];

  xml->current = (int) type;
  xml->hidden = g_strcmp0 (attribute (attributes, n_attributes, "visible", visible, sizeof visible), "false") == 0;
  g_array_set_size (xml->refs, 0);
  g_array_set_size (xml->members, 0);
  g_array_set_size (xml->tags, 0);
  g_byte_array_set_size (xml->text, 0);
  if (!parse_id (attributes, n_attributes, "id", &xml->id))
    stop_corrupt (xml, "an object without a number");
  else if (type == NAVI_OSM_NODE && !xml->hidden
           && (!parse_degrees (attributes, n_attributes, "lat", 90, &xml->node.lat_e7)
               || !parse_degrees (attributes, n_attributes, "lon", 180, &xml->node.lon_e7)))
    stop_corrupt (xml, "a node without a sound position");
}

static void
add_tag (Xml *xml, const xmlChar **attributes, int n_attributes)
{
  gssize key = keep (xml, attributes, n_attributes, "k");
  gssize value = keep (xml, attributes, n_attributes, "v");
  NaviOsmTag tag = { GSIZE_TO_POINTER (key), GSIZE_TO_POINTER (value) };

  if (key < 0 || value < 0 || xml->tags->len >= NAVI_OSM_MAX_TAGS)
    stop_corrupt (xml, "a bad tag");
  else
    g_array_append_val (xml->tags, tag);
}

static void
add_member (Xml *xml, const xmlChar **attributes, int n_attributes)
{
  char type[16];
  const char *name = attribute (attributes, n_attributes, "type", type, sizeof type);
  gssize role = keep (xml, attributes, n_attributes, "role");
  NaviOsmMember member = { .role = GSIZE_TO_POINTER (role) };

  if (g_strcmp0 (name, "node") == 0)
    member.type = NAVI_OSM_NODE;
  else if (g_strcmp0 (name, "way") == 0)
    member.type = NAVI_OSM_WAY;
  else if (g_strcmp0 (name, "relation") == 0)
    member.type = NAVI_OSM_RELATION;
  else
    role = -1;
  if (role < 0 || !parse_id (attributes, n_attributes, "ref", &member.ref) || xml->members->len >= NAVI_OSM_MAX_MEMBERS)
    stop_corrupt (xml, "a bad member of a relation");
  else
    g_array_append_val (xml->members, member);
}

static void
begin_top (Xml *xml, const char *name, const xmlChar **attributes, int n_attributes)
{
  if (strcmp (name, "node") == 0)
    begin_object (xml, NAVI_OSM_NODE, attributes, n_attributes);
  else if (strcmp (name, "way") == 0)
    begin_object (xml, NAVI_OSM_WAY, attributes, n_attributes);
  else if (strcmp (name, "relation") == 0)
    begin_object (xml, NAVI_OSM_RELATION, attributes, n_attributes);
}

static void
on_start (void *data, const xmlChar *local_name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
          int n_attributes, int n_defaulted, const xmlChar **attributes)
{
  Xml *xml = data;
  const char *name = (const char *) local_name;
  char time[40];

  xml->depth++;
  if (xml->depth == 1)
    {
      xml->is_osm = strcmp (name, "osm") == 0;
      if (attribute (attributes, n_attributes, "timestamp", time, sizeof time) != NULL && xml->run->reader->source_time == NULL)
        xml->run->reader->source_time = g_strdup (time);
      if (!xml->is_osm)
        {
          g_set_error (&xml->error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is no OpenStreetMap file: it begins with <%s>",
                       xml->run->reader->path, name);
          stop (xml);
        }
    }
  else if (xml->depth == 2)
    begin_top (xml, name, attributes, n_attributes);
  else if (xml->depth == 3 && xml->current >= 0 && strcmp (name, "tag") == 0)
    add_tag (xml, attributes, n_attributes);
  else if (xml->depth == 3 && xml->current == NAVI_OSM_RELATION && strcmp (name, "member") == 0)
    add_member (xml, attributes, n_attributes);
  else if (xml->depth == 3 && xml->current == NAVI_OSM_WAY && strcmp (name, "nd") == 0)
    {
      gint64 ref;
      if (!parse_id (attributes, n_attributes, "ref", &ref) || xml->refs->len >= NAVI_OSM_MAX_REFS)
        stop_corrupt (xml, "a bad node of a way");
      else
        g_array_append_val (xml->refs, ref);
    }
}

static gboolean
deliver (Xml *xml)
{
  const NaviOsmHandler *handler = xml->run->handler;
  const char *base = (const char *) xml->text->data;
  NaviOsmTags tags = { (const NaviOsmTag *) xml->tags->data, xml->tags->len };

  for (guint i = 0; i < xml->tags->len; i++)
    {
      NaviOsmTag *tag = &g_array_index (xml->tags, NaviOsmTag, i);
      tag->key = base + GPOINTER_TO_SIZE (tag->key);
      tag->value = base + GPOINTER_TO_SIZE (tag->value);
    }
  for (guint i = 0; i < xml->members->len; i++)
    {
      NaviOsmMember *member = &g_array_index (xml->members, NaviOsmMember, i);
      member->role = base + GPOINTER_TO_SIZE (member->role);
    }
  if (xml->current == NAVI_OSM_NODE && handler->node != NULL)
    {
      xml->node.id = xml->id;
      xml->node.tags = tags;
      return handler->node (&xml->node, xml->run->user_data, &xml->error);
    }
  if (xml->current == NAVI_OSM_WAY && handler->way != NULL)
    {
      NaviOsmWay way = { xml->id, (const gint64 *) xml->refs->data, xml->refs->len, tags };
      return handler->way (&way, xml->run->user_data, &xml->error);
    }
  if (xml->current == NAVI_OSM_RELATION && handler->relation != NULL)
    {
      NaviOsmRelation relation = { xml->id, (const NaviOsmMember *) xml->members->data, xml->members->len, tags };
      return handler->relation (&relation, xml->run->user_data, &xml->error);
    }
  return TRUE;
}

static void
on_end (void *data, const xmlChar *local_name, const xmlChar *prefix, const xmlChar *uri)
{
  Xml *xml = data;

  if (xml->depth == 2 && xml->current >= 0)
    {
      if (xml->error == NULL && !xml->hidden && !deliver (xml))
        stop (xml);
      xml->current = -1;
    }
  xml->depth--;
}

static void
on_error (void *data, xmlErrorPtr problem)
{
  Xml *xml = data;

  if (xml->error != NULL || problem->level < XML_ERR_ERROR)
    return;
  g_set_error (&xml->error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is damaged in line %d: %s", xml->run->reader->path, problem->line,
               problem->message != NULL ? g_strchomp (problem->message) : "not well-formed");
}

static gboolean
feed (Xml *xml)
{
  g_autoptr (NaviOsmStream) stream = navi_osm_stream_new (xml->run);
  g_autofree char *buffer = g_malloc (65536);

  for (;;)
    {
      gssize got = navi_osm_stream_read (stream, buffer, 65536, &xml->error);
      if (got < 0)
        return FALSE;
      if (xmlParseChunk (xml->parser, buffer, (int) got, got == 0) != 0 || xml->error != NULL)
        {
          if (xml->error == NULL)
            navi_osm_corrupt (xml->run->reader, "not well-formed", &xml->error);
          return FALSE;
        }
      if (got == 0)
        return xml->is_osm || navi_osm_corrupt (xml->run->reader, "it is empty", &xml->error);
    }
}

gboolean
navi_osm_xml_run (NaviOsmRun *run, GError **error)
{
  xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .endElementNs = on_end, .serror = on_error };
  Xml xml = { .run = run, .current = -1 };
  gboolean ok;

  xml.refs = g_array_new (FALSE, FALSE, sizeof (gint64));
  xml.members = g_array_new (FALSE, FALSE, sizeof (NaviOsmMember));
  xml.tags = g_array_new (FALSE, FALSE, sizeof (NaviOsmTag));
  xml.text = g_byte_array_new ();
  xml.parser = xmlCreatePushParserCtxt (&sax, &xml, NULL, 0, NULL);
  /* NOENT: else "&amp;" in an attribute would reach us as "&#38;". */
  xmlCtxtUseOptions (xml.parser, XML_PARSE_NONET | XML_PARSE_NOENT);
  ok = feed (&xml);
  /* There is no document, but what a DTD declares is gathered in one. */
  g_clear_pointer (&xml.parser->myDoc, xmlFreeDoc);
  xmlFreeParserCtxt (xml.parser);
  g_array_unref (xml.refs);
  g_array_unref (xml.members);
  g_array_unref (xml.tags);
  g_byte_array_unref (xml.text);
  if (!ok)
    g_propagate_error (error, xml.error);
  return ok;
}
