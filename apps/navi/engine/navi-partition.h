/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "navi-cells.h"

G_BEGIN_DECLS

/* Cuts a road network into nested cells with few roads between them, and numbers its nodes so that each cell is a run of them.
 *
 * A part is cut in two by inertial flow: for each of eight directions the quarter of the nodes that lies farthest on one side is the source,
 * the quarter farthest on the other is the sink, and the smallest set of edges that parts them is found; the best direction counts.
 * The nodes are then numbered depth first through the tree of cuts.
 *
 * Only integers are computed with, and the parts that threads work on do not depend on each other: the result depends on the input alone.
 *
 * Threading: any thread; uses a pool of its own.
 * Source: A. Schild, C. Sommer: On balanced separators in road networks (SEA 2015); E. Dinic: maximum flow (1970). */

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
} NaviPartitionNode;

typedef struct
{
  guint32 a;
  guint32 b;
} NaviPartitionEdge;

/* @done: from 0 to 1.  Called now and then on the thread that waits for the partition. */
typedef void (*NaviPartitionProgress) (double done, gpointer user_data);

/* @progress: (nullable)
 * @order: (out caller-allocates): of @n_nodes: the node that gets each new number.
 * Returns: (transfer full) (nullable) (element-type guint32): the words of the section of cells (navi-cells.h); NULL if cancelled */
GArray *navi_partition (const NaviPartitionNode *nodes, guint32 n_nodes, const NaviPartitionEdge *edges, guint32 n_edges, guint32 *order,
                        NaviPartitionProgress progress, gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
