/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-graph"

#include "navi-graph.h"
#include "navi-geo.h"
#include "navi-graph-store.h"
#include "navi-varint.h"

#include "cloud-error.h"

/* The graph of a region, and what roads and turns cost. */

gboolean
navi_graph_turns_init (NaviGraphTurns *turns, const guint32 *words, gsize n_words)
{
  guint64 needed;

  memset (turns, 0, sizeof *turns);
  if (n_words == 0)
    return TRUE;
  if (n_words < 3)
    return FALSE;
  turns->n_extra = words[0];
  turns->n_keys = words[1];
  turns->n_entries = words[2];
  needed = 3 + (guint64) turns->n_extra + turns->n_keys + turns->n_keys + 1 + (guint64) turns->n_entries * 2;
  if (needed != n_words || turns->n_extra > G_MAXINT32)
    return FALSE;
  turns->extra_arcs = words + 3;
  turns->keys = turns->extra_arcs + turns->n_extra;
  turns->first = turns->keys + turns->n_keys;
  turns->entries = turns->first + turns->n_keys + 1;
  return TRUE;
}

static gboolean
init_turns (NaviGraph *self, NaviRegion *region)
{
  static const guint32 turn_sections[NAVI_N_PROFILES]
      = { NAVI_SECTION_GRAPH_TURNS_CAR, NAVI_SECTION_GRAPH_TURNS_BICYCLE, NAVI_SECTION_GRAPH_TURNS_FOOT };

  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      gsize n_words;
      const guint32 *words = navi_region_get_array (region, turn_sections[profile], sizeof (guint32), &n_words);
      if (!navi_graph_turns_init (&self->turns[profile], words, n_words) || self->turns[profile].n_extra > G_MAXINT32 / 4)
        return FALSE;
    }
  return TRUE;
}

static gboolean
init_store (NaviGraph *self, NaviRegion *region)
{
  gsize n_words;
  const guint32 *levels = navi_region_get_array (region, NAVI_SECTION_GRAPH_LEVELS, sizeof (guint32), &n_words);

  if (self->n_nodes == 0 || self->n_ways == 0 || self->n_edges > G_MAXINT32 / 4
      || !navi_cells_init (&self->levels, levels, n_words, self->n_nodes))
    return FALSE;
  self->store = navi_graph_store_new (self, region);
  return self->store != NULL;
}

static gboolean
init_rulebook (NaviGraph *self, NaviRegion *region)
{
  gsize n_bytes;
  const guint8 *bytes = navi_region_get_section (region, NAVI_SECTION_RULES, &n_bytes);

  if (n_bytes > 0)
    self->rulebook = navi_rulebook_read (self, bytes, n_bytes);
  return n_bytes == 0 || self->rulebook != NULL;
}

static gboolean
damaged (const NaviGraph *self, GError **error)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "%s is damaged (roads): import it again", navi_region_get_path (self->region));
  return FALSE;
}

NaviGraph *
navi_graph_new (NaviRegion *region, GError **error)
{
  g_autoptr (NaviGraph) self = g_new0 (NaviGraph, 1);
  const NaviGraphHeader *header;
  gsize n;

  g_return_val_if_fail (NAVI_IS_REGION (region), NULL);

  self->region = g_object_ref (region);
  header = navi_region_get_array (region, NAVI_SECTION_GRAPH_HEADER, sizeof (NaviGraphHeader), &n);
  if (header == NULL || header->n_edges == 0)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "%s has no roads", navi_region_get_path (region));
      return NULL;
    }
  self->n_nodes = header->n_nodes;
  self->n_edges = header->n_edges;
  self->n_arcs = header->n_edges * 2;
  self->n_ways = header->n_ways;
  if (!init_store (self, region) || !init_turns (self, region) || !init_rulebook (self, region))
    {
      damaged (self, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
navi_graph_free (NaviGraph *self)
{
  g_clear_pointer (&self->store, navi_graph_store_free);
  g_clear_pointer (&self->rulebook, navi_rulebook_free);
  g_clear_object (&self->region);
  g_free (self);
}

void
navi_graph_enter (const NaviGraph *self)
{
  if (self->store != NULL)
    navi_graph_store_enter (self->store);
}

void
navi_graph_leave (const NaviGraph *self)
{
  if (self->store != NULL)
    navi_graph_store_leave (self->store);
}

void
navi_graph_trim (const NaviGraph *self)
{
  if (self->store != NULL)
    navi_graph_store_trim (self->store);
}

gboolean
navi_graph_check (const NaviGraph *self, GError **error)
{
  return self->store == NULL || !navi_graph_store_is_damaged (self->store) || damaged (self, error);
}

gboolean
navi_metric_has_same_wishes (const NaviMetric *a, const NaviMetric *b)
{
  return a->profile == b->profile && a->rules == b->rules && a->avoid == b->avoid && memcmp (a->price_s, b->price_s, sizeof a->price_s) == 0
         && memcmp (a->speed_percent, b->speed_percent, sizeof a->speed_percent) == 0;
}

static guint
way_traits (const NaviGraphWay *way)
{
  return ((way->flags & NAVI_ROAD_IS_TOLL) != 0 ? NAVI_AVOID_TOLL : 0) | (way->road_class == NAVI_ROAD_FERRY ? NAVI_AVOID_FERRY : 0)
         | (way->road_class == NAVI_ROAD_MOTORWAY ? NAVI_AVOID_MOTORWAY : 0)
         | ((way->flags & NAVI_ROAD_IS_UNPAVED) != 0 ? NAVI_AVOID_UNPAVED : 0) | ((way->flags & NAVI_ROAD_IS_TUNNEL) != 0 ? NAVI_AVOID_TUNNEL : 0);
}

static guint
arc_traits (const NaviGraphWay *way, const NaviRuledWay *ruled, const NaviGraphEdge *edge, guint32 arc)
{
  return way_traits (ruled != NULL ? &ruled->record : way) | (ruled != NULL ? ruled->too_much[arc & 1] : 0)
         | ((edge->flags & NAVI_EDGE_HAS_BORDER) != 0 ? NAVI_AVOID_BORDER : 0);
}

guint
navi_graph_traits (const NaviGraph *self, const NaviMetric *metric, guint32 arc)
{
  return arc_traits (navi_graph_way (self, arc), metric != NULL ? navi_graph_ruled_way (self, metric, arc) : NULL, navi_graph_edge (self, arc), arc);
}

static guint
node_traits (const NaviGraphNode *node, const NaviRuledNode *ruled)
{
  return ((node->flags & NAVI_NODE_HAS_TOLL) != 0 ? NAVI_AVOID_TOLL : 0) | ((node->flags & NAVI_NODE_HAS_BORDER) != 0 ? NAVI_AVOID_BORDER : 0)
         | (ruled != NULL ? ruled->too_much : 0);
}

static const NaviRuledNode *
ruled_node (const NaviGraphNode *node, const NaviMetric *metric, guint32 index)
{
  return metric != NULL && metric->rules != NULL && (node->flags & NAVI_NODE_HAS_RULES) != 0 ? navi_rules_find_node (metric->rules, index) : NULL;
}

guint
navi_graph_node_traits (const NaviGraph *self, const NaviMetric *metric, guint32 node)
{
  const NaviGraphNode *at = navi_graph_node (self, node);
  return node_traits (at, ruled_node (at, metric, node));
}

static gboolean
holds_edge (const guint32 *edges, guint n, guint32 edge)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (edges[middle] < edge)
        low = middle + 1;
      else
        high = middle;
    }
  return low < n && edges[low] == edge;
}

guint32
navi_graph_arc_ms (const NaviGraph *self, const NaviMetric *metric, guint32 arc)
{
  const NaviRuledWay *ruled = navi_graph_ruled_way (self, metric, arc);
  const NaviGraphWay *way = ruled != NULL ? &ruled->record : navi_graph_way (self, arc);
  guint16 speed = way->speed_dkmh[metric->profile][arc & 1];
  guint64 ms;

  if (speed == 0 || navi_way_access (way, metric->profile, arc & 1) == NAVI_ACCESS_NO)
    return 0;
  if ((metric->avoid != 0 && (arc_traits (way, ruled, navi_graph_edge (self, arc), arc) & metric->avoid) != 0) || holds_edge (metric->blocked, metric->n_blocked, arc >> 1))
    return 0;
  ms = navi_graph_time_ms (navi_graph_edge (self, arc)->length_cm, speed);
  if (way->road_class < NAVI_N_ROAD_CLASSES && metric->speed_percent[way->road_class] != 0)
    ms = ms * 100 / metric->speed_percent[way->road_class];
  if (holds_edge (metric->slowed, metric->n_slowed, arc >> 1))
    ms = ms * metric->slowed_percent / 100;
  return (guint32) CLAMP ((ms + NAVI_COST_UNIT_MS / 2) / NAVI_COST_UNIT_MS, 1, G_MAXINT32 / NAVI_COST_UNIT_MS) * NAVI_COST_UNIT_MS;
}

/* What it costs to come onto a road that one would rather not use, or past a node. */
static guint32
price_ms (const NaviGraph *self, const NaviMetric *metric, guint32 from, guint32 to, guint passed)
{
  guint new_traits = (navi_graph_traits (self, metric, to) | passed) & ~navi_graph_traits (self, metric, from);
  guint32 ms = 0;

  for (guint i = 0; new_traits >> i != 0; i++)
    if ((new_traits >> i & 1) != 0)
      ms += metric->price_s[i] * 1000u;
  return ms;
}

/* What turning costs, by how far one turns: straight on, slightly, fully, sharply, back; in whole NAVI_COST_UNIT_MS. */
static const guint16 turn_costs_ms[NAVI_N_PROFILES][5] = {
  { 0, 1500, 3500, 6000, 20000 },
  { 0, 500, 1500, 2500, 5000 },
  { 0, 0, 0, 0, 1000 },
};
static const guint16 signal_costs_ms[NAVI_N_PROFILES] = { 8000, 6000, 5000 };

static guint
turn_kind (gint turn)
{
  turn = ABS (turn);
  return turn < 16 ? 0 : turn < 48 ? 1 : turn < 96 ? 2 : 3;
}

static gboolean
has_prices (const NaviMetric *metric)
{
  for (guint i = 0; i < NAVI_N_TRAITS; i++)
    if (metric->price_s[i] != 0)
      return TRUE;
  return FALSE;
}

guint32
navi_graph_turn_ms (const NaviGraph *self, const NaviMetric *metric, guint32 from, guint32 to)
{
  guint32 index = navi_graph_head (self, from), cost = 0;
  const NaviGraphNode *node = navi_graph_node (self, index);
  const NaviRuledNode *ruled = ruled_node (node, metric, index);
  guint access = (ruled != NULL ? ruled->access : node->access) >> (metric->profile * 2) & 3, passed = node_traits (node, ruled);

  if (to == (from ^ 1))
    return turn_costs_ms[metric->profile][4];
  if (access == NAVI_ACCESS_NO || (passed & metric->avoid) != 0
      || (access == NAVI_ACCESS_ENDS && navi_graph_access (self, metric, from) == NAVI_ACCESS_YES
          && navi_graph_access (self, metric, to) == NAVI_ACCESS_YES))
    return NAVI_NO_TURN;
  if ((node->flags & NAVI_NODE_IS_JUNCTION) != 0)
    cost = turn_costs_ms[metric->profile]
                        [turn_kind (navi_geo_turn (navi_graph_last_bearing (self, from), navi_graph_first_bearing (self, to)))];
  if ((node->flags & ((from & 1) == 0 ? NAVI_NODE_SIGNALS_FORWARD : NAVI_NODE_SIGNALS_BACKWARD)) != 0)
    cost += signal_costs_ms[metric->profile];
  return has_prices (metric) ? cost + price_ms (self, metric, from, to, passed) : cost;
}

const guint32 *
navi_graph_exceptions (const NaviGraph *self, NaviProfile profile, guint32 state, guint32 *n)
{
  const NaviGraphTurns *turns = &self->turns[profile];
  guint32 low = 0, high = turns->n_keys, first, end;

  *n = 0;
  if (state < self->n_arcs && (navi_graph_edge (self, state)->flags & NAVI_EDGE_HAS_TURNS << (state & 1)) == 0)
    return NULL;
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (turns->keys[middle] < state)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == turns->n_keys || turns->keys[low] != state)
    return NULL;
  end = MIN (turns->first[low + 1], turns->n_entries);
  first = MIN (turns->first[low], end);
  *n = end - first;
  return turns->entries + 2 * (gsize) first;
}

guint32
navi_graph_next_state (const NaviGraph *self, const NaviMetric *metric, const guint32 *exceptions, guint32 n, guint32 arc)
{
  for (guint32 i = 0; i < n; i++)
    if (exceptions[2 * i] == arc)
      {
        guint32 state = exceptions[2 * i + 1];
        if (state >= NAVI_TURN_RULE && state != NAVI_TURN_FORBIDDEN)
          {
            if (navi_rules_forbids (metric->rules, state))
              return NAVI_TURN_FORBIDDEN;
            continue;
          }
        /* A damaged file may name a state that does not exist. */
        return state < navi_graph_n_states (self, metric->profile) ? state : NAVI_TURN_FORBIDDEN;
      }
  return arc;
}

/* The point at which one has gone ten metres or so from the end of a road, by which its direction there is told. */
static const NaviPoint *
ten_metres_back (const NaviPoint *points, guint n)
{
  guint64 mm = 0;
  guint at = n - 1;

  for (; at > 0 && mm < 10000; at--)
    mm += navi_geo_distance_mm (points[at].lat_e7, points[at].lon_e7, points[at - 1].lat_e7, points[at - 1].lon_e7);
  return &points[at];
}

void
navi_graph_measure (NaviGraphEdge *edge, const NaviPoint *points, guint n)
{
  const NaviPoint *first = points, *last = &points[n - 1], *after = NULL, *before;
  guint64 mm = 0;

  for (guint i = 1; i < n; i++)
    {
      mm += navi_geo_distance_mm (points[i - 1].lat_e7, points[i - 1].lon_e7, points[i].lat_e7, points[i].lon_e7);
      if (after == NULL && (mm >= 10000 || i + 1 == n))
        after = &points[i];
    }
  before = n == 2 ? first : ten_metres_back (points, n);
  edge->length_cm = (guint32) CLAMP ((mm + 5) / 10, 1, G_MAXUINT32);
  edge->first_bearing = navi_geo_bearing (first->lat_e7, first->lon_e7, after->lat_e7, after->lon_e7);
  edge->last_bearing = (guint8) (navi_geo_bearing (last->lat_e7, last->lon_e7, before->lat_e7, before->lon_e7) + 128);
}

static void
append_point (GArray *points, NaviPoint point)
{
  const NaviPoint *last = points->len > 0 ? &g_array_index (points, NaviPoint, points->len - 1) : NULL;

  if (last == NULL || last->lat_e7 != point.lat_e7 || last->lon_e7 != point.lon_e7)
    g_array_append_val (points, point);
}

void
navi_graph_append_shape (const NaviGraph *self, guint32 arc, GArray *points)
{
  const NaviGraphEdge *edge = navi_graph_edge (self, arc);
  const NaviGraphNode *from = navi_graph_node (self, edge->from);
  const NaviGraphNode *to = navi_graph_node (self, edge->to);
  NaviPoint first = { from->lat_e7, from->lon_e7 }, last = { to->lat_e7, to->lon_e7 }, at = first;
  const guint8 *p = NULL, *end = NULL;
  guint64 n = 0;
  guint start;

  append_point (points, (arc & 1) == 0 ? first : last);
  start = points->len;
  if (edge->shape != 0)
    {
      p = self->shapes + MIN (edge->shape, self->shapes_bytes);
      end = self->shapes + self->shapes_bytes;
    }
  if (p != NULL && navi_varint_read (&p, end, &n))
    for (; n > 0; n--)
      {
        guint64 lat, lon;
        if (!navi_varint_read (&p, end, &lat) || !navi_varint_read (&p, end, &lon))
          break;
        at.lat_e7 = (gint32) ((guint32) at.lat_e7 + (guint32) navi_zigzag_decode (lat));
        at.lon_e7 = (gint32) ((guint32) at.lon_e7 + (guint32) navi_zigzag_decode (lon));
        g_array_append_val (points, at);
      }
  if ((arc & 1) != 0)
    for (guint i = start, j = points->len; i + 1 < j; i++)
      {
        NaviPoint swap = g_array_index (points, NaviPoint, i);
        g_array_index (points, NaviPoint, i) = g_array_index (points, NaviPoint, --j);
        g_array_index (points, NaviPoint, j) = swap;
      }
  append_point (points, (arc & 1) == 0 ? last : first);
}

const char *
navi_graph_string (const NaviGraph *self, guint32 offset)
{
  if (offset == 0 || offset >= self->strings_bytes)
    return "";
  if (self->store != NULL)
    navi_graph_store_need_string (self->store, offset);
  return self->strings + offset;
}
