/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"
#include "navi-turns.h"

/* Resolves turn restrictions to sequences of arcs. */

enum
{
  MAX_VIA_ARCS = 64,
  MAX_STEPS = 20000, /* of looking for the way through the via ways */
};

typedef struct
{
  NaviRoadsBuild *build;
  const NaviRestriction *restriction;
  NaviProfile profile;
  NaviTurns *turns;
  GArray *via_edges; /* guint32 */
  GArray *to_edges;
  guint32 path[MAX_VIA_ARCS + 2];
  guint n_path;
  guint steps;
} Resolver;

static void
append_edges_of (NaviRoadsBuild *self, const GArray *way_ids, GArray *edges)
{
  for (guint i = 0; i < way_ids->len; i++)
    {
      gint member = navi_roads_find (self->roads->member_ways, g_array_index (way_ids, gint64, i));
      for (guint j = 0; member >= 0 && j < self->edge_members->len; j++)
        {
          const NaviEdgeMember *at = &g_array_index (self->edge_members, NaviEdgeMember, j);
          if (at->member == member)
            g_array_append_val (edges, at->edge);
          else if (at->member > member)
            break;
        }
    }
}

static gboolean
holds (const GArray *edges, guint32 edge)
{
  for (guint i = 0; i < edges->len; i++)
    if (g_array_index (edges, guint32, i) == edge)
      return TRUE;
  return FALSE;
}

static gboolean
is_usable (Resolver *self, guint32 arc)
{
  const NaviGraphWay *way = navi_graph_way (&self->build->graph, arc);

  /* One that is closed at times must be heeded when it is not. */
  return way->has_rules != 0 || navi_way_access (way, self->profile, arc & 1) != NAVI_ACCESS_NO;
}

static guint32
word_of (const NaviRestriction *restriction)
{
  return restriction->turn_rule != 0 ? NAVI_TURN_RULE | (restriction->turn_rule - 1) : NAVI_TURN_FORBIDDEN;
}

/* Forbids each usable way out of the end of the first @n_prefix arcs of the path, but not to @allowed. */
static void
forbid_all_but (Resolver *self, guint n_prefix, const guint32 *allowed, guint n_allowed)
{
  const NaviGraph *graph = &self->build->graph;
  guint32 sequence[MAX_VIA_ARCS + 3], first, end;

  memcpy (sequence, self->path, n_prefix * sizeof (guint32));
  end = navi_graph_out_arcs (graph, navi_graph_head (graph, self->path[n_prefix - 1]), &first);
  for (guint32 i = first; i < end; i++)
    {
      guint32 arc = navi_graph_out_arc (graph, i);
      gboolean is_allowed = FALSE;
      for (guint j = 0; j < n_allowed; j++)
        is_allowed |= allowed[j] == arc;
      if (is_allowed || !is_usable (self, arc))
        continue;
      sequence[n_prefix] = arc;
      navi_turns_forbid (self->turns, sequence, n_prefix + 1, word_of (self->restriction));
    }
}

/* The arcs from the end of @arc to the edges of the "to" ways. */
static guint
find_to_arcs (Resolver *self, guint32 arc, guint32 *to, guint max)
{
  const NaviGraph *graph = &self->build->graph;
  guint32 first, end = navi_graph_out_arcs (graph, navi_graph_head (graph, arc), &first);
  guint n = 0;

  for (guint32 i = first; i < end && n < max; i++)
    {
      guint32 next = navi_graph_out_arc (graph, i);
      if (holds (self->to_edges, next >> 1) && is_usable (self, next))
        to[n++] = next;
    }
  return n;
}

/* The path leads from the "from" way to where the "to" way begins. */
static void
apply_path (Resolver *self)
{
  guint32 to[16];
  guint32 last = self->path[self->n_path - 1];
  guint n_to = find_to_arcs (self, last, to, G_N_ELEMENTS (to));

  if (self->restriction->is_only)
    {
      if (n_to == 0)
        return;
      for (guint i = 1; i < self->n_path; i++)
        forbid_all_but (self, i, &self->path[i], 1);
      forbid_all_but (self, self->n_path, to, n_to);
      return;
    }
  for (guint i = 0; i < n_to; i++)
    {
      gboolean is_back = to[i] == (last ^ 1);
      /* Where from and to are one way that goes on beyond the node, only its other part is meant, unless it is about turning back. */
      if (self->n_path == 1 && is_back != self->restriction->is_u_turn && self->restriction->from->len == 1 && self->restriction->to->len == 1
          && g_array_index (self->restriction->from, gint64, 0) == g_array_index (self->restriction->to, gint64, 0))
        continue;
      self->path[self->n_path] = to[i];
      navi_turns_forbid (self->turns, self->path, self->n_path + 1, word_of (self->restriction));
    }
}

static gboolean
all_via_ways_passed (Resolver *self)
{
  g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->restriction->via->len; i++)
    {
      gboolean passed = FALSE;
      g_array_set_size (one, 0);
      g_array_set_size (edges, 0);
      g_array_append_vals (one, &g_array_index (self->restriction->via, gint64, i), 1);
      append_edges_of (self->build, one, edges);
      for (guint j = 1; j < self->n_path; j++)
        passed |= holds (edges, self->path[j] >> 1);
      if (!passed)
        return FALSE;
    }
  return TRUE;
}

/* Walks over edges of the via ways, none twice, until the "to" way begins. */
static void
walk_via (Resolver *self)
{
  const NaviGraph *graph = &self->build->graph;
  guint32 last = self->path[self->n_path - 1], to[1], first, end;

  if (self->n_path > MAX_VIA_ARCS || self->steps++ > MAX_STEPS)
    return;
  if (self->n_path > 1 && find_to_arcs (self, last, to, 1) > 0 && all_via_ways_passed (self))
    {
      apply_path (self);
      return;
    }
  end = navi_graph_out_arcs (graph, navi_graph_head (graph, last), &first);
  for (guint32 i = first; i < end; i++)
    {
      guint32 next = navi_graph_out_arc (graph, i);
      gboolean seen = FALSE;
      for (guint j = 0; j < self->n_path; j++)
        seen |= self->path[j] >> 1 == next >> 1;
      if (seen || !holds (self->via_edges, next >> 1) || !is_usable (self, next))
        continue;
      self->path[self->n_path++] = next;
      walk_via (self);
      self->n_path--;
    }
}

static void
resolve_from (Resolver *self, guint32 arc, guint32 via_node)
{
  if (!is_usable (self, arc))
    return;
  self->path[0] = arc;
  self->n_path = 1;
  if (self->via_edges->len > 0)
    walk_via (self);
  else if (navi_graph_head (&self->build->graph, arc) == via_node)
    apply_path (self);
}

static void
resolve (Resolver *self)
{
  NaviRoadsBuild *build = self->build;
  const NaviRestriction *restriction = self->restriction;
  g_autoptr (GArray) from_edges = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 via_node = G_MAXUINT32;

  if (restriction->via_node != 0)
    {
      gint at = navi_roads_find (build->roads->via_nodes, restriction->via_node);
      guint32 index = at >= 0 ? g_array_index (build->roads->via_indices, guint32, (guint) at) : NAVI_IMPORT_NO_NODE;
      if (index == NAVI_IMPORT_NO_NODE || index >= build->n_indices || build->node_of_index[index] == G_MAXUINT32)
        return;
      via_node = build->node_of_index[index];
    }
  g_array_set_size (self->via_edges, 0);
  g_array_set_size (self->to_edges, 0);
  append_edges_of (build, restriction->from, from_edges);
  append_edges_of (build, restriction->via, self->via_edges);
  append_edges_of (build, restriction->to, self->to_edges);
  if (restriction->via_node == 0 && self->via_edges->len == 0)
    return;
  self->steps = 0;
  for (guint i = 0; i < from_edges->len; i++)
    for (guint32 direction = 0; direction < 2; direction++)
      resolve_from (self, g_array_index (from_edges, guint32, i) * 2 + direction, via_node);
}

static void
flag_edges (NaviRoadsBuild *self, NaviProfile profile)
{
  const NaviGraphTurns *turns = &self->graph.turns[profile];

  for (guint32 i = 0; i < turns->n_keys; i++)
    if (turns->keys[i] < self->graph.n_arcs)
      g_array_index (self->edges, NaviGraphEdge, turns->keys[i] >> 1).flags |= (guint16) (NAVI_EDGE_HAS_TURNS << (turns->keys[i] & 1));
}

void
navi_roads_build_turns (NaviRoadsBuild *self)
{
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      g_autoptr (NaviTurns) turns = navi_turns_new (self->graph.n_arcs);
      Resolver resolver = { .build = self, .profile = (NaviProfile) profile, .turns = turns };
      resolver.via_edges = g_array_new (FALSE, FALSE, sizeof (guint32));
      resolver.to_edges = g_array_new (FALSE, FALSE, sizeof (guint32));
      for (guint i = 0; i < self->roads->restrictions->len; i++)
        {
          resolver.restriction = g_ptr_array_index (self->roads->restrictions, i);
          if ((resolver.restriction->profiles >> profile & 1) != 0)
            resolve (&resolver);
        }
      g_array_unref (resolver.via_edges);
      g_array_unref (resolver.to_edges);
      self->turn_words[profile] = navi_turns_compile (turns);
      navi_graph_turns_init (&self->graph.turns[profile], (const guint32 *) self->turn_words[profile]->data, self->turn_words[profile]->len);
      flag_edges (self, (NaviProfile) profile);
    }
}
