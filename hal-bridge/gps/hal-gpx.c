/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-track.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <libxml/parser.h>

#include <math.h>

/* GPX by libxml2's SAX interface: no tree in memory, no entity from outside, no network. */

#define EARTH_RADIUS_M 6371008.8
#define DEFAULT_SPEED_MPS (50 / 3.6)
#define TEXT_MAX 64

typedef enum
{
  KIND_TRACK,
  KIND_ROUTE,
  KIND_WAY_POINT,
  N_KINDS
} Kind;

typedef struct
{
  GPtrArray *fixes[N_KINDS];
  gboolean in_point;
  Kind kind;
  CloudFix point;
  gboolean has_time;
  gboolean has_untimed[N_KINDS];
  char text[TEXT_MAX + 1];
  gsize text_length;
} Reader;

static double
distance_m (const CloudFix *a, const CloudFix *b)
{
  double to_rad = G_PI / 180;
  double dlat = (b->latitude_deg - a->latitude_deg) * to_rad;
  double dlon = (b->longitude_deg - a->longitude_deg) * to_rad;
  double h = pow (sin (dlat / 2), 2) + cos (a->latitude_deg * to_rad) * cos (b->latitude_deg * to_rad) * pow (sin (dlon / 2), 2);

  return 2 * EARTH_RADIUS_M * asin (sqrt (CLAMP (h, 0, 1)));
}

static double
bearing_deg (const CloudFix *a, const CloudFix *b)
{
  double to_rad = G_PI / 180;
  double dlon = (b->longitude_deg - a->longitude_deg) * to_rad;
  double y = sin (dlon) * cos (b->latitude_deg * to_rad);
  double x = cos (a->latitude_deg * to_rad) * sin (b->latitude_deg * to_rad)
             - sin (a->latitude_deg * to_rad) * cos (b->latitude_deg * to_rad) * cos (dlon);
  double degrees = atan2 (y, x) / to_rad;

  return degrees < 0 ? degrees + 360 : degrees;
}

static gboolean
parse_double (const char *text, double *value)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end);

  while (end != NULL && g_ascii_isspace (*end))
    end++;
  if (end == text || *end != '\0' || !isfinite (number))
    return FALSE;
  *value = number;
  return TRUE;
}

static void
begin_point (Reader *reader, Kind kind, int n_attributes, const xmlChar **attributes)
{
  reader->in_point = TRUE;
  reader->kind = kind;
  reader->has_time = FALSE;
  cloud_fix_values_init (&reader->point);
  for (int i = 0; i < n_attributes; i++)
    {
      const char *name = (const char *) attributes[i * 5];
      gsize length = attributes[i * 5 + 4] - attributes[i * 5 + 3];
      char text[TEXT_MAX + 1];

      if (length > TEXT_MAX)
        continue;
      memcpy (text, attributes[i * 5 + 3], length);
      text[length] = '\0';
      if (strcmp (name, "lat") == 0)
        parse_double (text, &reader->point.latitude_deg);
      else if (strcmp (name, "lon") == 0)
        parse_double (text, &reader->point.longitude_deg);
    }
}

static void
on_start (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
          const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
  Reader *reader = context;

  reader->text_length = 0;
  if (strcmp ((const char *) name, "trkpt") == 0)
    begin_point (reader, KIND_TRACK, n_attributes, attributes);
  else if (strcmp ((const char *) name, "rtept") == 0)
    begin_point (reader, KIND_ROUTE, n_attributes, attributes);
  else if (strcmp ((const char *) name, "wpt") == 0)
    begin_point (reader, KIND_WAY_POINT, n_attributes, attributes);
}

static void
end_point (Reader *reader)
{
  CloudFix *point = &reader->point;

  reader->in_point = FALSE;
  if (!(fabs (point->latitude_deg) <= 90) || !(fabs (point->longitude_deg) <= 180))
    return;
  if (!reader->has_time)
    reader->has_untimed[reader->kind] = TRUE;
  point->mode = isfinite (point->altitude_sea_m) ? 3 : 2;
  g_ptr_array_add (reader->fixes[reader->kind], cloud_fix_new (point));
}

static void
on_end (void *context, const xmlChar *xml_name, const xmlChar *prefix, const xmlChar *uri)
{
  Reader *reader = context;
  const char *name = (const char *) xml_name;
  CloudFix *point = &reader->point;
  double number;

  if (!reader->in_point)
    return;
  reader->text[reader->text_length] = '\0';
  g_strstrip (reader->text);
  if (strcmp (name, "trkpt") == 0 || strcmp (name, "rtept") == 0 || strcmp (name, "wpt") == 0)
    end_point (reader);
  else if (strcmp (name, "ele") == 0)
    parse_double (reader->text, &point->altitude_sea_m);
  else if (strcmp (name, "time") == 0)
    reader->has_time = cloud_time_parse (reader->text, &point->time_unix_us);
  else if (strcmp (name, "speed") == 0 && parse_double (reader->text, &number) && number >= 0)
    point->speed_mps = number;
  else if (strcmp (name, "course") == 0 && parse_double (reader->text, &number) && number >= 0 && number <= 360)
    point->bearing_deg = number;
  else if (strcmp (name, "hdop") == 0 && parse_double (reader->text, &number) && number > 0)
    point->accuracy_m = number * 4;
  else if (strcmp (name, "sat") == 0 && parse_double (reader->text, &number) && number >= 0 && number < 1000)
    point->satellites_used = (int) number;
  reader->text_length = 0;
}

static void
on_text (void *context, const xmlChar *text, int length)
{
  Reader *reader = context;
  gsize taken = MIN ((gsize) length, TEXT_MAX - reader->text_length);

  memcpy (reader->text + reader->text_length, text, taken);
  reader->text_length += taken;
}

/* Gives times where the file has none, and speed and bearing from one point to the next. */
static void
complete (GPtrArray *fixes, gboolean untimed)
{
  gint64 time_us = 0;

  for (guint i = 0; i < fixes->len; i++)
    {
      CloudFix *fix = fixes->pdata[i];
      const CloudFix *previous = i > 0 ? fixes->pdata[i - 1] : NULL;
      double distance = previous != NULL ? distance_m (previous, fix) : 0;

      if (untimed)
        {
          time_us += MAX (1000, (gint64) (distance / DEFAULT_SPEED_MPS * G_USEC_PER_SEC));
          fix->time_unix_us = time_us;
        }
      if (previous == NULL)
        continue;
      if (isnan (fix->speed_mps) && fix->time_unix_us > previous->time_unix_us)
        fix->speed_mps = distance / ((double) (fix->time_unix_us - previous->time_unix_us) / G_USEC_PER_SEC);
      if (isnan (fix->bearing_deg) && distance > 0.5)
        fix->bearing_deg = bearing_deg (previous, fix);
    }
}

static void
clear_reader (Reader *reader)
{
  for (Kind kind = 0; kind < N_KINDS; kind++)
    g_clear_pointer (&reader->fixes[kind], g_ptr_array_unref);
}

GPtrArray *
hal_track_parse_gpx (const void *bytes, gsize length, GError **error)
{
  xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC,
                            .startElementNs = on_start,
                            .endElementNs = on_end,
                            .characters = on_text,
                            .cdataBlock = on_text };
  Reader reader = { 0 };
  xmlParserCtxtPtr context;
  xmlDocPtr entities;
  GPtrArray *fixes;
  Kind kind = KIND_TRACK;
  gboolean well_formed;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  for (Kind k = 0; k < N_KINDS; k++)
    reader.fixes[k] = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_fix_unref);
  context = xmlCreatePushParserCtxt (&handler, &reader, NULL, 0, NULL);
  xmlCtxtUseOptions (context, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  for (gsize done = 0; done < length && context->wellFormed; done += 65536)
    xmlParseChunk (context, (const char *) bytes + done, (int) MIN (65536, length - done), 0);
  xmlParseChunk (context, "", 0, 1);
  well_formed = context->wellFormed;
  /* A document is made only where a DTD declares entities. */
  entities = context->myDoc;
  xmlFreeParserCtxt (context);
  if (entities != NULL)
    xmlFreeDoc (entities);
  if (!well_formed)
    {
      clear_reader (&reader);
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "not a well-formed GPX file");
      return NULL;
    }
  while (kind < N_KINDS - 1 && reader.fixes[kind]->len == 0)
    kind++;
  fixes = g_steal_pointer (&reader.fixes[kind]);
  clear_reader (&reader);
  complete (fixes, reader.has_untimed[kind]);
  return fixes;
}
