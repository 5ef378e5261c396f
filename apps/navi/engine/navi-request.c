/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-request.h"
#include "navi-request-private.h"
#include "navi-snap.h"

#include <math.h>
#include <string.h>

/* Gathers wishes and finds the edges that they mean. */

enum
{
  LONGEST_ROAD = 1000, /* edges between two junctions that are followed */
  LARGEST_RADIUS_M = 100000,
  MOST_ALTERNATIVES = 5,
};

static const struct
{
  const char *name;
  guint usual_price_s;
} avoids[NAVI_N_AVOIDS] = { { "toll", 600 }, { "ferry", 900 }, { "motorway", 900 }, { "unpaved", 300 }, { "tunnel", 300 }, { "border", 1800 } };

static const char *const class_names[NAVI_N_ROAD_CLASSES]
    = { "motorway", "trunk",      "primary",  "secondary", "tertiary", "unclassified", "residential", "living_street",
        "service",  "track",      "pedestrian", "cycleway",  "footway",  "path",         "steps",       "ferry" };

NaviRouteRequest *
navi_route_request_new (NaviProfile profile)
{
  NaviRouteRequest *self;

  g_return_val_if_fail (profile < NAVI_N_PROFILES, NULL);

  self = g_new0 (NaviRouteRequest, 1);
  self->metric.profile = profile;
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviCoordinate));
  self->blocks = g_array_new (FALSE, FALSE, sizeof (NaviBlock));
  return self;
}

NaviRouteRequest *
navi_route_request_copy (const NaviRouteRequest *self)
{
  NaviRouteRequest *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = navi_route_request_new (self->metric.profile);
  copy->metric = self->metric;
  copy->ahead_m = self->ahead_m;
  copy->n_alternatives = self->n_alternatives;
  copy->has_depart = self->has_depart;
  copy->depart = self->depart;
  memcpy (copy->sizes, self->sizes, sizeof copy->sizes);
  g_array_append_vals (copy->points, self->points->data, self->points->len);
  g_array_append_vals (copy->blocks, self->blocks->data, self->blocks->len);
  return copy;
}

void
navi_route_request_free (NaviRouteRequest *self)
{
  g_array_unref (self->points);
  g_array_unref (self->blocks);
  g_free (self);
}

void
navi_route_request_add_point (NaviRouteRequest *self, double lat_deg, double lon_deg)
{
  NaviCoordinate point = { lat_deg, lon_deg };

  g_return_if_fail (self != NULL);
  g_array_append_val (self->points, point);
}

void
navi_route_request_set_avoid (NaviRouteRequest *self, guint avoid)
{
  g_return_if_fail (self != NULL);
  self->metric.avoid = avoid;
}

void
navi_route_request_set_depart (NaviRouteRequest *self, const NaviLocalTime *at)
{
  g_return_if_fail (self != NULL && at != NULL);
  self->has_depart = TRUE;
  self->depart = *at;
}

void
navi_route_request_set_size (NaviRouteRequest *self, NaviSize size, guint32 value)
{
  g_return_if_fail (self != NULL && size < NAVI_N_SIZES);
  self->sizes[size] = value;
}

void
navi_route_request_set_price (NaviRouteRequest *self, NaviAvoid what, guint seconds)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if (what == 1u << i)
      self->metric.price_s[i] = (guint16) MIN (seconds, G_MAXUINT16);
}

void
navi_route_request_set_speed (NaviRouteRequest *self, NaviRoadClass road_class, guint percent)
{
  g_return_if_fail (self != NULL && road_class < NAVI_N_ROAD_CLASSES);
  self->metric.speed_percent[road_class] = percent == 100 ? 0 : (guint8) CLAMP (percent, 10, 250);
}

static void
add_block (NaviRouteRequest *self, double lat_deg, double lon_deg, double radius_m)
{
  NaviBlock block = { { lat_deg, lon_deg }, radius_m };
  g_array_append_val (self->blocks, block);
}

void
navi_route_request_block_road (NaviRouteRequest *self, double lat_deg, double lon_deg)
{
  g_return_if_fail (self != NULL);
  add_block (self, lat_deg, lon_deg, -1);
}

void
navi_route_request_block_area (NaviRouteRequest *self, double lat_deg, double lon_deg, double radius_m)
{
  g_return_if_fail (self != NULL);
  add_block (self, lat_deg, lon_deg, CLAMP (radius_m, 0, LARGEST_RADIUS_M));
}

void
navi_route_request_block_ahead (NaviRouteRequest *self, double metres)
{
  g_return_if_fail (self != NULL);
  self->ahead_m = MAX (metres, 0);
}

void
navi_route_request_set_alternatives (NaviRouteRequest *self, guint n)
{
  g_return_if_fail (self != NULL);
  self->n_alternatives = MIN (n, MOST_ALTERNATIVES);
}

/* ---- Words ---- */

const char *
navi_avoid_to_string (NaviAvoid what)
{
  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if (what == 1u << i)
      return avoids[i].name;
  for (guint i = 0; i < NAVI_N_SIZES; i++)
    if (what == 1u << (NAVI_TOO_MUCH_SHIFT + i))
      return navi_size_to_string ((NaviSize) i);
  g_return_val_if_reached (NULL);
}

gboolean
navi_avoid_from_string (const char *list, guint *avoid)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  *avoid = 0;
  for (guint i = 0; words[i] != NULL; i++)
    {
      guint known = 0;
      for (guint j = 0; j < NAVI_N_AVOIDS; j++)
        if (strcmp (words[i], avoids[j].name) == 0)
          known = 1u << j;
      if (known == 0)
        return FALSE;
      *avoid |= known;
    }
  return TRUE;
}

/* "NAME" or "NAME=NUMBER"; *number is left as it is in the first case. */
static gboolean
split_word (char *word, guint least, guint most, guint64 *number)
{
  char *value = strchr (word, '=');

  if (value == NULL)
    return TRUE;
  *value++ = '\0';
  return g_ascii_string_to_unsigned (value, 10, least, most, number, NULL);
}

gboolean
navi_route_request_parse_prices (NaviRouteRequest *self, const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 seconds = 0;
      guint what;
      if (!split_word (words[i], 1, G_MAXUINT16, &seconds) || !navi_avoid_from_string (words[i], &what) || what == 0)
        return FALSE;
      for (guint j = 0; j < NAVI_N_AVOIDS; j++)
        if (what == 1u << j)
          self->metric.price_s[j] = (guint16) (seconds != 0 ? seconds : avoids[j].usual_price_s);
    }
  return words[0] != NULL;
}

gboolean
navi_route_request_parse_speeds (NaviRouteRequest *self, const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 percent = 0;
      guint known = NAVI_N_ROAD_CLASSES;
      if (!split_word (words[i], 10, 250, &percent) || percent == 0)
        return FALSE;
      for (guint j = 0; j < NAVI_N_ROAD_CLASSES; j++)
        if (strcmp (words[i], class_names[j]) == 0)
          known = j;
      if (known == NAVI_N_ROAD_CLASSES)
        return FALSE;
      navi_route_request_set_speed (self, (NaviRoadClass) known, (guint) percent);
    }
  return words[0] != NULL;
}

gboolean
navi_route_request_parse_vehicle (NaviRouteRequest *self, const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *value = strchr (words[i], '=');
      guint size = 0;
      if (value == NULL)
        return FALSE;
      *value++ = '\0';
      while (size < NAVI_N_SIZES && strcmp (words[i], navi_size_to_string ((NaviSize) size)) != 0)
        size++;
      if (size == NAVI_N_SIZES || navi_tagging_parse_size ((NaviSize) size, value) == 0)
        return FALSE;
      navi_route_request_set_size (self, (NaviSize) size, navi_tagging_parse_size ((NaviSize) size, value));
    }
  return words[0] != NULL;
}

gboolean
navi_route_request_parse_blocks (NaviRouteRequest *self, const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, ";", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      double numbers[3] = { 0, 0, -1 };
      const char *at = words[i];
      guint n = 0;
      for (; n < 3 && *at != '\0'; n++)
        {
          char *end;
          numbers[n] = g_ascii_strtod (at, &end);
          if (end == at || (*end != ',' && *end != '\0') || (*end == ',' && (n == 2 || end[1] == '\0')))
            return FALSE;
          at = *end == ',' ? end + 1 : end;
        }
      if (n < 2 || !(fabs (numbers[1]) <= 90 && fabs (numbers[0]) <= 180) || (n == 3 && !(numbers[2] >= 0 && numbers[2] <= LARGEST_RADIUS_M)))
        return FALSE;
      add_block (self, numbers[1], numbers[0], numbers[2]);
    }
  return words[0] != NULL;
}

/* ---- The moment ---- */

static NaviLocalTime
find_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return (NaviLocalTime){ g_date_time_get_year (now), g_date_time_get_month (now), g_date_time_get_day_of_month (now),
                          g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now) };
}

NaviRules *
navi_request_get_rules (const NaviRouteRequest *self, const NaviGraph *graph)
{
  NaviLocalTime at = self->has_depart ? self->depart : find_now ();

  return graph->rulebook != NULL ? navi_rulebook_get (graph->rulebook, self->metric.profile, &at, self->sizes) : NULL;
}

/* ---- Edges ---- */

/* Appends the edges beyond the end of @arc up to the next junction. */
static void
append_until_junction (const NaviGraph *graph, guint32 arc, GArray *edges)
{
  const guint32 begun_with = arc >> 1;

  for (guint i = 0; i < LONGEST_ROAD; i++)
    {
      guint32 node = navi_graph_head (graph, arc), first, end = navi_graph_out_arcs (graph, node, &first), edge;
      if (end - first != 2)
        return;
      arc = navi_graph_out_arc (graph, first) == (arc ^ 1) ? navi_graph_out_arc (graph, first + 1) : navi_graph_out_arc (graph, first);
      edge = arc >> 1;
      if (edge == begun_with)
        return;
      g_array_append_val (edges, edge);
    }
}

void
navi_request_append_blocked (const NaviRouteRequest *self, const NaviGraph *graph, NaviRules *rules, GArray *edges)
{
  const NaviMetric metric = { .profile = self->metric.profile, .rules = rules };

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const NaviBlock *block = &g_array_index (self->blocks, NaviBlock, i);
      NaviSnap snap;
      if (block->radius_m >= 0)
        navi_snap_find_within (graph, &metric, block->at.lat_deg, block->at.lon_deg, block->radius_m, edges);
      else if (navi_snap (graph, &metric, block->at.lat_deg, block->at.lon_deg, NAVI_SNAP_ORIGIN, FALSE, &snap))
        {
          g_array_append_val (edges, snap.edge);
          append_until_junction (graph, snap.edge * 2, edges);
          append_until_junction (graph, snap.edge * 2 + 1, edges);
        }
    }
}
