/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"
#include "navi-varint.h"

/* Makes the section of rules (navi-rules.h): the tables that were gathered, and which ways, nodes and turns follow them in which cells. */

/* Something in a cell. */
typedef struct
{
  guint32 index;
  guint32 cell;
} Place;

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *left = a, *right = b;

  if (left->index != right->index)
    return left->index < right->index ? -1 : 1;
  return left->cell < right->cell ? -1 : left->cell > right->cell;
}

static void
add_place (const NaviRoadsBuild *self, GArray *places, guint32 index, guint32 node)
{
  Place place = { index, navi_cells_find (&self->graph.levels, 0, node) };
  g_array_append_val (places, place);
}

/* Sorts, and takes away what is there twice. */
static void
order_places (GArray *places)
{
  guint kept = 0;

  g_array_sort (places, compare_places);
  for (guint i = 0; i < places->len; i++)
    if (kept == 0 || compare_places (&g_array_index (places, Place, kept - 1), &g_array_index (places, Place, i)) != 0)
      g_array_index (places, Place, kept++) = g_array_index (places, Place, i);
  g_array_set_size (places, kept);
}

/* The cells of @index, of which the first place is at *@at, which goes behind them. */
static void
append_cells (GByteArray *bytes, const GArray *places, guint32 index, guint *at)
{
  guint end = *at;
  guint32 last = 0;

  while (end < places->len && g_array_index (places, Place, end).index == index)
    end++;
  navi_varint_append (bytes, end - *at);
  for (; *at < end; (*at)++)
    {
      guint32 cell = g_array_index (places, Place, *at).cell;
      navi_varint_append (bytes, cell - last);
      last = cell;
    }
}

static void
append_ways (NaviRoadsBuild *self)
{
  const GArray *ways = self->roads->ruled_ways;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  guint32 last = 0;
  guint at = 0;

  for (guint i = 0; i < self->edges->len; i++)
    {
      const NaviGraphEdge *edge = &g_array_index (self->edges, NaviGraphEdge, i);
      if (self->graph.ways[edge->way].has_rules == 0)
        continue;
      add_place (self, places, edge->way, edge->from);
      add_place (self, places, edge->way, edge->to);
    }
  order_places (places);
  navi_varint_append (self->rules, ways->len);
  for (guint i = 0; i < ways->len; i++)
    {
      const NaviRoadsRuled *way = &g_array_index (ways, NaviRoadsRuled, i);
      navi_varint_append (self->rules, way->index - last);
      navi_varint_append (self->rules, way->rule);
      append_cells (self->rules, places, way->index, &at);
      last = way->index;
    }
}

static void
append_nodes (NaviRoadsBuild *self)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (Place)); /* index: the node, cell: its rule */
  guint32 last = 0;

  for (guint i = 0; i < self->roads->crossings->len; i++)
    {
      const NaviRoadsCrossing *crossing = &g_array_index (self->roads->crossings, NaviRoadsCrossing, i);
      Place node = { crossing->index < self->n_indices ? self->node_of_index[crossing->index] : G_MAXUINT32, crossing->rule - 1 };
      if (crossing->rule != 0 && node.index != G_MAXUINT32)
        g_array_append_val (nodes, node);
    }
  order_places (nodes);
  navi_varint_append (self->rules, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      const Place *node = &g_array_index (nodes, Place, i);
      navi_varint_append (self->rules, node->index - last);
      navi_varint_append (self->rules, node->cell);
      last = node->index;
    }
}

static void
append_turns (NaviRoadsBuild *self)
{
  const GArray *turn_rules = self->roads->turn_rules;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  guint at = 0;

  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      const NaviGraphTurns *turns = &self->graph.turns[profile];
      for (guint32 i = 0; i < turns->n_keys; i++)
        for (guint32 j = turns->first[i]; j < turns->first[i + 1]; j++)
          {
            guint32 word = turns->entries[2 * j + 1];
            if (word >= NAVI_TURN_RULE && word != NAVI_TURN_FORBIDDEN)
              add_place (self, places, word & ~NAVI_TURN_RULE,
                         navi_graph_head (&self->graph, navi_graph_state_arc (&self->graph, (NaviProfile) profile, turns->keys[i])));
          }
    }
  order_places (places);
  navi_varint_append (self->rules, turn_rules->len);
  for (guint i = 0; i < turn_rules->len; i++)
    {
      navi_varint_append (self->rules, g_array_index (turn_rules, guint32, i));
      append_cells (self->rules, places, i, &at);
    }
}

void
navi_roads_build_rulebook (NaviRoadsBuild *self)
{
  if (navi_roads_rules_is_empty (self->roads->rules) || self->graph.n_nodes == 0)
    return;
  self->rules = g_byte_array_new ();
  navi_roads_rules_append_tables (self->roads->rules, self->rules);
  append_ways (self);
  append_nodes (self);
  append_turns (self);
  self->graph.rulebook = navi_rulebook_read (&self->graph, self->rules->data, self->rules->len);
  g_assert (self->graph.rulebook != NULL);
}
