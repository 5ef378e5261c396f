/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-cells.h"
#include "navi-graph-format.h"
#include "navi-region.h"
#include "navi-rules.h"

G_BEGIN_DECLS

/* NaviGraph: the roads of a region as a graph of arcs with turns.
 *
 * This is what route engines see: arcs (2 * edge + direction), what an arc and a turn cost for a NaviMetric, in whole milliseconds, and the
 * exceptions of turn restrictions as states (navi-graph-format.h).  A region holds its roads in blocks; each is decoded when the functions
 * below first touch it (navi-graph-store.h), into arrays of the whole region of which only what was touched takes memory.  So use these
 * functions, and not the arrays.
 *
 * Indices that a damaged file may hold are checked when a block is decoded, so that a search on it may give nonsense but never reads
 * elsewhere; navi_graph_check() tells afterwards.
 *
 * Threading: any thread, between navi_graph_enter() and navi_graph_leave(); what is returned is valid until leave.
 * Ownership: the graph keeps its region alive. */

typedef struct _NaviGraphStore NaviGraphStore;

typedef struct
{
  guint32 n_extra;
  guint32 n_keys;
  guint32 n_entries;
  const guint32 *extra_arcs;
  const guint32 *keys;
  const guint32 *first;
  const guint32 *entries;
} NaviGraphTurns;

struct _NaviGraph
{
  NaviRegion *region;    /* NULL while an import builds it */
  NaviGraphStore *store; /* NULL while an import builds it: then all is there */
  guint32 n_nodes;
  guint32 n_edges;
  guint32 n_arcs;
  guint32 n_ways;
  const NaviGraphNode *nodes;
  const guint32 *first_arc;
  const guint32 *arcs;
  const NaviGraphEdge *edges;
  const NaviGraphWay *ways;
  const guint8 *shapes;
  gsize shapes_bytes;
  const char *strings;
  gsize strings_bytes;
  const guint8 *block_ready; /* by NAVI_BLOCK_NODES nodes */
  const guint8 *edge_ready;  /* by NAVI_READY_EDGES edges */
  const guint8 *way_ready;   /* by NAVI_BLOCK_WAYS ways */
  NaviGraphTurns turns[NAVI_N_PROFILES];
  NaviCells levels;
  NaviRulebook *rulebook; /* (nullable) */
};

/* What a road may have that one would rather not: the first NAVI_N_AVOIDS by its tags, the others by the vehicle: what of it is too much. */
typedef enum
{
  NAVI_AVOID_TOLL = 1 << 0,
  NAVI_AVOID_FERRY = 1 << 1,
  NAVI_AVOID_MOTORWAY = 1 << 2,
  NAVI_AVOID_UNPAVED = 1 << 3,
  NAVI_AVOID_TUNNEL = 1 << 4,
  NAVI_AVOID_BORDER = 1 << 5,
  NAVI_TOO_HIGH = 1 << NAVI_TOO_MUCH_SHIFT,
  NAVI_TOO_WIDE = 1 << (NAVI_TOO_MUCH_SHIFT + 1),
  NAVI_TOO_LONG = 1 << (NAVI_TOO_MUCH_SHIFT + 2),
  NAVI_TOO_HEAVY = 1 << (NAVI_TOO_MUCH_SHIFT + 3),
  NAVI_TOO_HEAVY_AXLE = 1 << (NAVI_TOO_MUCH_SHIFT + 4),
} NaviAvoid;

#define NAVI_N_AVOIDS 6
#define NAVI_N_TRAITS (NAVI_TOO_MUCH_SHIFT + NAVI_N_SIZES)

/* What a route is to be measured by: the time that its profile takes at some moment, and wishes. */
typedef struct
{
  NaviProfile profile;
  NaviRules *rules;                           /* (nullable): of the moment and the vehicle */
  guint avoid;                                /* NaviAvoid: such roads are not used at all */
  guint16 price_s[NAVI_N_TRAITS];             /* coming onto such a road costs as much as these seconds */
  guint8 speed_percent[NAVI_N_ROAD_CLASSES];  /* of the usual speed on roads of a class; 0: 100 */
  const guint32 *blocked;                     /* edges that are not used at all, rising */
  guint n_blocked;
  const guint32 *slowed;                      /* edges that take slowed_percent of their time, rising */
  guint n_slowed;
  guint16 slowed_percent;
} NaviMetric;

/* TRUE if they differ at most in blocked and slowed edges; rules are the same only if they are one object. */
gboolean navi_metric_has_same_wishes (const NaviMetric *a, const NaviMetric *b);

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
} NaviPoint;

#define NAVI_NO_TURN G_MAXUINT32

/* All costs are multiples of it, so that an overlay can store them small and still be exact. */
#define NAVI_COST_UNIT_MS 100

/* Returns: (transfer full) (nullable): NULL with CORRUPT if the sections do not fit together, NOT_FOUND if the region has no roads */
NaviGraph *navi_graph_new (NaviRegion *region, GError **error);
void navi_graph_free (NaviGraph *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviGraph, navi_graph_free)

/* Makes @turns a view of a section's words; FALSE if they do not fit together. */
gboolean navi_graph_turns_init (NaviGraphTurns *turns, const guint32 *words, gsize n_words);

/* Around each use of the functions below.  Leave gives memory back when nobody is left and much has gathered. */
void navi_graph_enter (const NaviGraph *self);
void navi_graph_leave (const NaviGraph *self);

/* Gives back all that was decoded, now or when the last user leaves. */
void navi_graph_trim (const NaviGraph *self);

/* FALSE with CORRUPT if something that was touched since the graph was made is damaged. */
gboolean navi_graph_check (const NaviGraph *self, GError **error);

/* The slow halves of the functions below (navi-graph-store.c). */
#define NAVI_READY_EDGES_SHIFT 6
void navi_graph_load_block (const NaviGraph *self, guint32 node);
void navi_graph_load_edge (const NaviGraph *self, guint32 edge);
void navi_graph_load_way (const NaviGraph *self, guint32 way);

static inline gboolean
navi_graph_is_ready (const guint8 *ready)
{
  return __atomic_load_n (ready, __ATOMIC_ACQUIRE) != 0;
}

static inline const NaviGraphNode *
navi_graph_node (const NaviGraph *self, guint32 node)
{
  if (self->store != NULL && !navi_graph_is_ready (&self->block_ready[node >> NAVI_BLOCK_NODES_SHIFT]))
    navi_graph_load_block (self, node);
  return &self->nodes[node];
}

static inline const NaviGraphEdge *
navi_graph_edge (const NaviGraph *self, guint32 arc)
{
  guint32 edge = arc >> 1;

  if (self->store != NULL && !navi_graph_is_ready (&self->edge_ready[edge >> NAVI_READY_EDGES_SHIFT]))
    navi_graph_load_edge (self, edge);
  return &self->edges[edge];
}

static inline const NaviGraphWay *
navi_graph_way (const NaviGraph *self, guint32 arc)
{
  guint32 way = navi_graph_edge (self, arc)->way;

  if (self->store != NULL && !navi_graph_is_ready (&self->way_ready[way >> NAVI_BLOCK_WAYS_SHIFT]))
    navi_graph_load_way (self, way);
  return &self->ways[way];
}

static inline guint32
navi_graph_head (const NaviGraph *self, guint32 arc)
{
  const NaviGraphEdge *edge = navi_graph_edge (self, arc);
  return (arc & 1) == 0 ? edge->to : edge->from;
}

static inline guint32
navi_graph_tail (const NaviGraph *self, guint32 arc)
{
  return navi_graph_head (self, arc ^ 1);
}

/* The arcs that leave @node: from index *first on, up to (not including) what is returned. */
static inline guint32
navi_graph_out_arcs (const NaviGraph *self, guint32 node, guint32 *first)
{
  if (self->store != NULL && !navi_graph_is_ready (&self->block_ready[node >> NAVI_BLOCK_NODES_SHIFT]))
    navi_graph_load_block (self, node);
  *first = self->first_arc[node];
  return self->first_arc[node + 1];
}

/* @index: from navi_graph_out_arcs(). */
static inline guint32
navi_graph_out_arc (const NaviGraph *self, guint32 index)
{
  return self->arcs[index];
}

/* The direction of travel at the beginning and at the end of an arc. */
static inline guint8
navi_graph_first_bearing (const NaviGraph *self, guint32 arc)
{
  const NaviGraphEdge *edge = navi_graph_edge (self, arc);
  return (arc & 1) == 0 ? edge->first_bearing : (guint8) (edge->last_bearing + 128);
}

static inline guint8
navi_graph_last_bearing (const NaviGraph *self, guint32 arc)
{
  return (guint8) (navi_graph_first_bearing (self, arc ^ 1) + 128);
}

static inline NaviAccess
navi_way_access (const NaviGraphWay *way, NaviProfile profile, guint direction)
{
  return (NaviAccess) MIN (way->access >> (profile * 4 + direction * 2) & 3, NAVI_ACCESS_YES);
}

/* What the metric's rules say of the arc's way; (nullable): it is as in the graph. */
static inline const NaviRuledWay *
navi_graph_ruled_way (const NaviGraph *self, const NaviMetric *metric, guint32 arc)
{
  if (metric->rules == NULL || navi_graph_way (self, arc)->has_rules == 0)
    return NULL;
  return navi_rules_find_way (metric->rules, navi_graph_edge (self, arc)->way);
}

static inline NaviAccess
navi_graph_access (const NaviGraph *self, const NaviMetric *metric, guint32 arc)
{
  const NaviRuledWay *ruled = navi_graph_ruled_way (self, metric, arc);
  return navi_way_access (ruled != NULL ? &ruled->record : navi_graph_way (self, arc), metric->profile, arc & 1);
}

/* Which NaviAvoid the arc's road is; @metric: (nullable): whatever the moment and the vehicle. */
guint navi_graph_traits (const NaviGraph *self, const NaviMetric *metric, guint32 arc);

/* Likewise of a node. */
guint navi_graph_node_traits (const NaviGraph *self, const NaviMetric *metric, guint32 node);

/* Milliseconds over @length_cm of the arc's road. */
static inline guint64
navi_graph_time_ms (guint64 length_cm, guint speed_dkmh)
{
  return (length_cm * 360 + speed_dkmh / 2) / speed_dkmh;
}

/* Milliseconds along the whole arc, at least NAVI_COST_UNIT_MS; 0 if the metric does not allow it. */
guint32 navi_graph_arc_ms (const NaviGraph *self, const NaviMetric *metric, guint32 arc);

/* Milliseconds of going from @from, which ends where @to begins, to @to; NAVI_NO_TURN if a barrier is in the way.  Restrictions are not
 * looked at here. */
guint32 navi_graph_turn_ms (const NaviGraph *self, const NaviMetric *metric, guint32 from, guint32 to);

/* A state is an arc, or n_arcs + the index of an extra state of the profile's restrictions. */
static inline guint32
navi_graph_n_states (const NaviGraph *self, NaviProfile profile)
{
  return self->n_arcs + self->turns[profile].n_extra;
}

static inline guint32
navi_graph_state_arc (const NaviGraph *self, NaviProfile profile, guint32 state)
{
  guint32 arc = state < self->n_arcs ? state : self->turns[profile].extra_arcs[state - self->n_arcs];
  return arc < self->n_arcs ? arc : 0;
}

/* The exceptions of a state: *n pairs (next arc, next state); (nullable). */
const guint32 *navi_graph_exceptions (const NaviGraph *self, NaviProfile profile, guint32 state, guint32 *n);

/* The state after going from @state to @arc; NAVI_TURN_FORBIDDEN if a restriction forbids it.  @exceptions, @n: those of @state. */
guint32 navi_graph_next_state (const NaviGraph *self, const NaviMetric *metric, const guint32 *exceptions, guint32 n, guint32 arc);

/* Appends the arc's points, both ends included, to @points (element-type NaviPoint); the first is left out if it equals the last one there. */
void navi_graph_append_shape (const NaviGraph *self, guint32 arc, GArray *points);

/* Sets the edge's length and bearings from its points, both ends included. */
void navi_graph_measure (NaviGraphEdge *edge, const NaviPoint *points, guint n);

/* (transfer none): the string at an offset; "" for 0. */
const char *navi_graph_string (const NaviGraph *self, guint32 offset);

G_END_DECLS
