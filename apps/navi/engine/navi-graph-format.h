/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-tagging.h"

G_BEGIN_DECLS

/* The road sections of a region file as they lie.
 *
 * Roads are cut into edges where they meet, end, or change what they are.  An edge has two arcs, its two directions: arc = 2 * edge + direction,
 * direction 0 from `from` to `to`.  Nodes are in the order of the nested cells that the network is cut into (navi-cells.h), edges in that of their
 * lower nodes, so that what hangs together is together in the file. */

typedef struct
{
  guint32 n_nodes;
  guint32 n_edges;
  guint32 n_ways;
  guint32 zero;
} NaviGraphHeader;

typedef enum
{
  NAVI_NODE_IS_JUNCTION = 1 << 0, /* at least three edges meet */
  NAVI_NODE_SIGNALS_FORWARD = 1 << 1,
  NAVI_NODE_SIGNALS_BACKWARD = 1 << 2,
} NaviNodeFlags;

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  guint16 flags;  /* NaviNodeFlags */
  guint16 access; /* NaviAccess of a barrier, two bits a profile */
} NaviGraphNode;

/* Per arc and profile whether it hangs together with the main network: six bits a direction. */
typedef enum
{
  NAVI_EDGE_FROM_MAIN = 1 << 0, /* can be reached from it; shifted by 2 * profile + 6 * direction */
  NAVI_EDGE_TO_MAIN = 1 << 1,   /* leads to it */
  NAVI_EDGE_HAS_TURNS = 1 << 12, /* turn restrictions begin here; shifted by direction */
} NaviEdgeFlags;

typedef struct
{
  guint32 from;
  guint32 to;
  guint32 length_cm;
  guint32 way;
  guint32 shape; /* where its inner points begin in the section of shapes */
  guint8 first_bearing;
  guint8 last_bearing;
  guint16 flags; /* NaviEdgeFlags */
} NaviGraphEdge;

/* What edges of one street have in common.  Strings are offsets into the section of strings; 0 is the empty one. */
typedef struct
{
  guint32 name;
  guint32 name_en;
  guint32 name_zh;
  guint32 ref;
  guint32 destination[2]; /* [1]: against the way's direction */
  guint32 turn_lanes[2];
  guint16 speed_dkmh[NAVI_N_PROFILES][2];
  guint16 access; /* two bits for each profile and direction: profile * 4 + direction * 2 */
  guint8 road_class;
  guint8 flags; /* NaviRoadFlags */
  guint8 lanes;
  guint8 limit_kmh[2];
  guint8 zero;
} NaviGraphWay;

/* A section of turns is an array of guint32: n_extra, n_keys, n_entries, then extra_arc[n_extra], key[n_keys] (rising), first[n_keys + 1],
 * entry[n_entries][2].
 *
 * A state of a search is an arc, or an extra state: an arc that was reached in a way that matters to a restriction over several
 * ways.  key is a state that has exceptions; its entries, (next arc, next state), rise by arc; a next state of NAVI_TURN_FORBIDDEN means that the turn is not
 * allowed.  Any other turn leads to the arc's plain state. */
#define NAVI_TURN_FORBIDDEN G_MAXUINT32

typedef struct
{
  guint32 key; /* y << 16 | x of a cell */
  guint32 first;
} NaviGraphCell;

#define NAVI_CELL_SHIFT 16

G_STATIC_ASSERT (sizeof (NaviGraphHeader) == 16);
G_STATIC_ASSERT (sizeof (NaviGraphNode) == 12);
G_STATIC_ASSERT (sizeof (NaviGraphEdge) == 24);
G_STATIC_ASSERT (sizeof (NaviGraphWay) == 52);
G_STATIC_ASSERT (sizeof (NaviGraphCell) == 8);

/* Cell coordinates: 0 to 27465 and 0 to 54931. */
static inline guint32
navi_cell_y (gint32 lat_e7)
{
  return (guint32) ((gint64) lat_e7 + 900000000) >> NAVI_CELL_SHIFT;
}

static inline guint32
navi_cell_x (gint32 lon_e7)
{
  return (guint32) (((gint64) lon_e7 + 1800000000) >> NAVI_CELL_SHIFT);
}

#define NAVI_N_CELL_COLUMNS ((guint32) (G_GINT64_CONSTANT (3600000000) >> NAVI_CELL_SHIFT) + 1)

G_END_DECLS
