/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"
#include "navi-roads.h"

G_BEGIN_DECLS

/* NaviRoadsBuild: the graph while it is being built; each step is a function in a file of its own. */

typedef struct
{
  NaviRoads *roads;
  guint32 *node_of_index;  /* graph node of a point's index, G_MAXUINT32 if it is none */
  guint32 n_indices;
  NaviGraphNode *nodes;
  GArray *edges;           /* NaviGraphEdge */
  GArray *edge_members;    /* EdgeMember: edges of ways that restrictions name, by rising member, in the way's order */
  GByteArray *shapes;
  guint32 *first_arc;
  guint32 *arcs;
  GArray *turn_words[NAVI_N_PROFILES];
  GArray *level_words;     /* the section of cells */
  NaviGraph graph;         /* a view of the above */
} NaviRoadsBuild;

typedef struct
{
  gint32 member;
  guint32 order;
  guint32 edge;
} NaviEdgeMember;

/* Resolves restrictions to arcs and compiles them (navi-roads-turns.c). */
void navi_roads_build_turns (NaviRoadsBuild *self);

/* Finds for each profile what hangs together (navi-roads-components.c). */
void navi_roads_build_components (NaviRoadsBuild *self);

/* Writes the spatial index (navi-roads-cells.c). */
gboolean navi_roads_build_cells (NaviRoadsBuild *self, NaviRegionWriter *writer, GError **error);

G_END_DECLS
