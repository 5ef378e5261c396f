/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"
#include "navi-park.h"
#include "navi-partition.h"
#include "navi-roads.h"

G_BEGIN_DECLS

/* NaviRoadsBuild: the graph while it is being built; each step is a function in a file of its own. */

typedef struct
{
  NaviRoads *roads;
  const NaviImportPass *pass; /* is told how far it is */
  guint32 *node_of_index;  /* graph node of a point's index, G_MAXUINT32 if it is none */
  guint32 n_indices;
  NaviGraphNode *nodes;
  GArray *edges;           /* NaviGraphEdge */
  GArray *edge_members;    /* EdgeMember: edges of ways that restrictions name, by rising member, in the way's order */
  GByteArray *shapes;
  guint32 *first_arc;
  guint32 *arcs;
  NaviPark *names;         /* (nullable): where attributes and strings wait */
  GArray *turn_words[NAVI_N_PROFILES];
  GArray *level_words;     /* the section of cells */
  GByteArray *rules;       /* the section of rules; (nullable) */
  NaviGraph graph;         /* a view of the above */
} NaviRoadsBuild;

typedef struct
{
  gint32 member;
  guint32 order;
  guint32 edge;
} NaviEdgeMember;

/* navi_partition(), or what it gave before the import was killed (navi-roads-cut.c). */
GArray *navi_roads_build_cut (NaviRoadsBuild *self, const NaviPartitionNode *nodes, guint32 n_nodes, const NaviPartitionEdge *edges,
                              guint32 n_edges, guint32 *order, NaviPartitionProgress progress, GCancellable *cancellable, GError **error);

/* Resolves restrictions to arcs and compiles them (navi-roads-turns.c). */
void navi_roads_build_turns (NaviRoadsBuild *self);

/* Marks the edges that cross the border of a country (navi-roads-borders.c). */
void navi_roads_build_borders (NaviRoadsBuild *self);

/* Makes the rulebook (navi-roads-rulebook.c). */
void navi_roads_build_rulebook (NaviRoadsBuild *self);

/* Finds for each profile what hangs together (navi-roads-components.c). */
void navi_roads_build_components (NaviRoadsBuild *self);

/* Puts ways and strings in the order of the edges that use them (navi-roads-ways.c). */
void navi_roads_build_order_ways (NaviRoadsBuild *self);

/* Writes ways and their strings; @n_commons: (out): how many sets of attributes they have in common. */
gboolean navi_roads_build_write_ways (NaviRoadsBuild *self, NaviRegionWriter *writer, guint32 *n_commons, GError **error);

/* Writes nodes and edges (navi-roads-blocks.c); @common_flags: (out): for the header. */
gboolean navi_roads_build_write_blocks (NaviRoadsBuild *self, NaviRegionWriter *writer, guint16 common_flags[NAVI_N_COMMON_FLAGS],
                                        GError **error);

/* Writes the overlays (navi-roads-overlay.c). */
gboolean navi_roads_build_overlays (NaviRoadsBuild *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error);

G_END_DECLS
