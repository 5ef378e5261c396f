/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-sketch.h"
#include "navi-import.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define LAT 47.0
#define LON 9.0
#define CELL 0.0005

struct _NaviSketch
{
  double lats[128];
  double lons[128];
  GString *node_tags[128];
  GString *body;
  guint n_ways;
  guint n_relations;
  char *folder;
  NaviRegion *region;
  NaviRouter *router;
};

NaviSketch *
navi_sketch_new (const char *const *map)
{
  NaviSketch *self = g_new0 (NaviSketch, 1);

  self->body = g_string_new (NULL);
  for (guint y = 0; map[y] != NULL; y++)
    for (guint x = 0; map[y][x] != '\0'; x++)
      {
        guint8 node = (guint8) map[y][x];
        if (node == ' ')
          continue;
        self->lats[node] = LAT - y * CELL;
        self->lons[node] = LON + x * CELL;
        self->node_tags[node] = g_string_new (NULL);
      }
  return self;
}

void
navi_sketch_free (NaviSketch *self)
{
  for (guint i = 0; i < 128; i++)
    if (self->node_tags[i] != NULL)
      g_string_free (self->node_tags[i], TRUE);
  g_string_free (self->body, TRUE);
  g_clear_object (&self->router);
  g_clear_object (&self->region);
  if (self->folder != NULL)
    {
      g_autofree char *osm = g_build_filename (self->folder, "sketch.osm", NULL);
      g_autofree char *region = g_build_filename (self->folder, "sketch.region", NULL);
      g_remove (osm);
      g_remove (region);
      g_assert_cmpint (g_rmdir (self->folder), ==, 0);
      g_free (self->folder);
    }
  g_free (self);
}

static void
append_tags (GString *out, const char *tags)
{
  g_auto (GStrv) words = g_strsplit (tags, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *value = strchr (words[i], '=');
      g_autofree char *escaped = NULL;
      if (value == NULL)
        continue;
      *value++ = '\0';
      g_strdelimit (value, "_", words[i][0] == 'n' || (words[i][0] == 'a' && words[i][1] == 'd') ? ' ' : '_');
      g_strdelimit (value, "~", ' ');
      escaped = g_markup_escape_text (value, -1);
      g_string_append_printf (out, "<tag k='%s' v='%s'/>", words[i], escaped);
    }
}

void
navi_sketch_tag_node (NaviSketch *self, char node, const char *tags)
{
  append_tags (self->node_tags[(guint8) node], tags);
}

void
navi_sketch_add_way (NaviSketch *self, const char *nodes, const char *tags)
{
  g_string_append_printf (self->body, "<way id='%u'>", ++self->n_ways);
  for (const char *node = nodes; *node != '\0'; node++)
    g_string_append_printf (self->body, "<nd ref='%d'/>", *node);
  if (strstr (tags, "highway=") == NULL && strstr (tags, "route=") == NULL && strstr (tags, "boundary=") == NULL)
    append_tags (self->body, "highway=residential");
  append_tags (self->body, tags);
  g_string_append (self->body, "</way>\n");
}

void
navi_sketch_add_relation (NaviSketch *self, const char *members, const char *tags)
{
  g_auto (GStrv) words = g_strsplit (members, " ", -1);

  g_string_append_printf (self->body, "<relation id='%u'>", ++self->n_relations);
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *value = strchr (words[i], '=');
      *value++ = '\0';
      if (g_ascii_isdigit (*value))
        g_string_append_printf (self->body, "<member type='way' ref='%s' role='%s'/>", value, words[i]);
      else
        g_string_append_printf (self->body, "<member type='node' ref='%d' role='%s'/>", *value, words[i]);
    }
  append_tags (self->body, tags);
  g_string_append (self->body, "</relation>\n");
}

static void
import (NaviSketch *self)
{
  g_autoptr (GString) out = g_string_new ("<osm version='0.6'>\n");
  g_autoptr (GError) error = NULL;
  g_autofree char *osm = NULL;
  g_autofree char *region = NULL;

  for (guint i = 0; i < 128; i++)
    if (self->node_tags[i] != NULL)
      g_string_append_printf (out, "<node id='%u' lat='%.7f' lon='%.7f'>%s</node>\n", i, self->lats[i], self->lons[i], self->node_tags[i]->str);
  g_string_append_printf (out, "%s</osm>\n", self->body->str);
  self->folder = g_dir_make_tmp ("navi-sketch-XXXXXX", &error);
  g_assert_no_error (error);
  osm = g_build_filename (self->folder, "sketch.osm", NULL);
  region = g_build_filename (self->folder, "sketch.region", NULL);
  g_assert_true (g_file_set_contents (osm, out->str, -1, NULL));
  g_assert_true (navi_import_run (osm, region, "Sketch", NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  self->region = navi_region_open (region, &error);
  g_assert_no_error (error);
}

NaviRegion *
navi_sketch_get_region (NaviSketch *self)
{
  if (self->region == NULL)
    import (self);
  return self->region;
}

NaviRouter *
navi_sketch_get_router (NaviSketch *self)
{
  g_autoptr (GError) error = NULL;

  if (self->router == NULL)
    self->router = navi_router_new (navi_sketch_get_region (self), &error);
  g_assert_no_error (error);
  return self->router;
}

void
navi_sketch_add_point (NaviSketch *self, NaviRouteRequest *request, const char *pair)
{
  guint8 a = (guint8) pair[0], b = (guint8) pair[1];

  g_assert_nonnull (self->node_tags[a]);
  g_assert_nonnull (self->node_tags[b]);
  navi_route_request_add_point (request, (self->lats[a] + self->lats[b]) / 2, (self->lons[a] + self->lons[b]) / 2);
}

NaviRoute *
navi_sketch_route (NaviSketch *self, NaviProfile profile, guint avoid, const char *from, const char *to)
{
  g_autoptr (NaviRouteRequest) request = navi_route_request_new (profile);
  g_autoptr (GError) error = NULL;
  NaviRoute *route;

  navi_route_request_set_avoid (request, avoid);
  navi_sketch_add_point (self, request, from);
  navi_sketch_add_point (self, request, to);
  route = navi_router_route (navi_sketch_get_router (self), request, NULL, &error);
  if (route == NULL)
    g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  return route;
}

void
navi_sketch_locate (NaviSketch *self, char node, double *lat_deg, double *lon_deg)
{
  *lat_deg = self->lats[(guint8) node];
  *lon_deg = self->lons[(guint8) node];
}

static void
append_letter (NaviSketch *self, double lat_deg, double lon_deg, GString *path)
{
  for (guint node = 0; node < 128; node++)
    if (self->node_tags[node] != NULL && fabs (self->lats[node] - lat_deg) < 1e-6 && fabs (self->lons[node] - lon_deg) < 1e-6)
      g_string_append_c (path, (char) node);
}

char *
navi_sketch_spell_trace (NaviSketch *self, NaviTrace *trace)
{
  GString *path = g_string_new (NULL);
  guint n_pieces, n_points;
  const NaviTracePiece *pieces = navi_trace_get_pieces (trace, &n_pieces);
  const NaviTracePoint *points = navi_trace_get_points (trace, &n_points);

  for (guint i = 0; i < n_pieces; i++)
    {
      if (i > 0)
        g_string_append_c (path, '|');
      if (!pieces[i].is_on_road)
        g_string_append_c (path, '~');
      for (guint j = 0; pieces[i].is_on_road && j < pieces[i].n_points; j++)
        append_letter (self, points[pieces[i].first_point + j].lat_deg, points[pieces[i].first_point + j].lon_deg, path);
    }
  return g_string_free (path, FALSE);
}

char *
navi_sketch_spell (NaviSketch *self, NaviRoute *route)
{
  GString *path = g_string_new (NULL);
  const NaviCoordinate *points;
  guint n_points;

  if (route == NULL)
    return g_string_free (g_string_assign (path, "none"), FALSE);
  points = navi_route_get_geometry (route, &n_points);
  for (guint i = 0; i < n_points; i++)
    append_letter (self, points[i].lat_deg, points[i].lon_deg, path);
  return g_string_free (path, FALSE);
}

char *
navi_sketch_path (NaviSketch *self, NaviProfile profile, guint avoid, const char *from, const char *to)
{
  g_autoptr (NaviRoute) route = navi_sketch_route (self, profile, avoid, from, to);

  return navi_sketch_spell (self, route);
}
