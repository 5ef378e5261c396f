/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-tagging.h"

G_BEGIN_DECLS

/* The road sections of a region file, and what they become in memory.
 *
 * Roads are cut into edges where they meet, end, or change what they are.  An edge has two arcs, its two directions: arc = 2 * edge + direction,
 * direction 0 from `from` to `to`.  Nodes are in the order of the nested cells that the network is cut into (navi-cells.h), edges in that of
 * the lower of their two nodes, their owner, and ways and strings in that of their first use, so that what hangs together is together in
 * the file.
 *
 * ## Blocks
 * Each NAVI_BLOCK_NODES nodes in a row, with the edges that they own, are a block: varints (navi-varint.h), to be decoded without any other
 * but for the positions of nodes of later blocks.  Its entry in the table of blocks says where it lies, what it begins with, and
 * what box its nodes and edges fill, by which roads near a point are found.  A block is
 *     positions: for each node zigzag differences of latitude and longitude to the last one, at first to the box's south-west corner;
 *     a byte for each two nodes, the first in the lower half: edges owned | edges of earlier blocks that end here << 2, 3: a number comes below;
 *     for each node: [owned - 3] [foreign - 3], for each foreign edge (first edge of the block - 1 - edge) << 1 | direction that leaves the
 *         node; then its edges: control byte, other node - node, [way], [flags], [shape];
 *     number of nodes that stop somebody, and for each: difference of its index in the block, flags, access.
 * Control: bit 0: `to` is the owner; bit 1: there are inner points; bits 2 and 3: flags are those of the header with this number, 3: they
 * follow; bits 4 to 7: the way: 0 that of the edge before, 1 a new one, the next; else highest way so far - way + 2, if that is below 15;
 * 15: highest - way follows.  A shape is a number of points and zigzag differences from point to point, `from` to `to`.  Lengths and bearings
 * are not stored: navi_graph_measure() has them from the points.
 *
 * ## Ways and strings
 * Each NAVI_BLOCK_WAYS ways are a block of varints: for each way the index of what it has in common with others, a byte with a bit for each
 * string that is there (in the order of NaviGraphWay), and for each of them its offset by its difference to that of the last string that was
 * new: forward << 1, or backward << 1 | 1.  Strings lie in zstd frames of NAVI_STRING_BLOCK_BYTES, none across two. */

#define NAVI_BLOCK_NODES_SHIFT 8
#define NAVI_BLOCK_NODES (1 << NAVI_BLOCK_NODES_SHIFT)
#define NAVI_BLOCK_WAYS_SHIFT 6
#define NAVI_BLOCK_WAYS (1 << NAVI_BLOCK_WAYS_SHIFT)
#define NAVI_STRING_BLOCK_SHIFT 14
#define NAVI_STRING_BLOCK_BYTES (1 << NAVI_STRING_BLOCK_SHIFT)
#define NAVI_N_COMMON_FLAGS 3

typedef struct
{
  guint32 n_nodes;
  guint32 n_edges;
  guint32 n_ways;
  guint32 n_commons;
  guint32 strings_bytes;
  guint16 common_flags[NAVI_N_COMMON_FLAGS]; /* the most frequent NaviEdgeFlags */
  guint16 zero;
} NaviGraphHeader;

/* The last entry of the table stands for the end. */
typedef struct
{
  guint64 offset;
  guint32 first_edge;
  guint32 first_out; /* how many arcs leave the nodes before */
  guint32 first_way; /* the next new way */
  gint32 south_e7;
  gint32 west_e7;
  guint32 height_e7;
  guint32 width_e7; /* eastward, perhaps over the antimeridian */
  guint32 zero;
} NaviGraphBlock;

typedef struct
{
  guint32 offset;
  guint32 last_string; /* that was new before this block */
} NaviGraphWayBlock;

typedef enum
{
  NAVI_NODE_IS_JUNCTION = 1 << 0, /* at least three edges meet */
  NAVI_NODE_SIGNALS_FORWARD = 1 << 1,
  NAVI_NODE_SIGNALS_BACKWARD = 1 << 2,
  NAVI_NODE_HAS_TOLL = 1 << 3,   /* a booth */
  NAVI_NODE_HAS_BORDER = 1 << 4, /* a border's control */
  NAVI_NODE_HAS_RULES = 1 << 5,  /* navi-rules.h */
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
  NAVI_EDGE_HAS_BORDER = 1 << 14, /* it crosses the border of a country */
} NaviEdgeFlags;

typedef struct
{
  guint32 from;
  guint32 to;
  guint32 length_cm;
  guint32 way;
  guint32 shape; /* where its inner points lie; 0: it has none */
  guint8 first_bearing;
  guint8 last_bearing;
  guint16 flags; /* NaviEdgeFlags */
} NaviGraphEdge;

#define NAVI_WAY_STRINGS 8

/* What edges of one street have in common.  Strings are offsets; 0 is the empty one. */
typedef struct
{
  guint32 name;
  guint32 name_en;
  guint32 name_zh;
  guint32 ref;
  guint32 destination[2]; /* [1]: against the way's direction; what the signs say: places, and after a tab each, as far as
                             there are any, numbers of roads and the number of the exit */
  guint32 turn_lanes[2];
  /* What follows is what many ways have in common. */
  guint16 speed_dkmh[NAVI_N_PROFILES][2];
  guint16 access; /* two bits for each profile and direction: profile * 4 + direction * 2 */
  guint8 road_class;
  guint8 flags; /* NaviRoadFlags */
  guint8 lanes;
  guint8 limit_kmh[2];
  guint8 has_rules; /* navi-rules.h */
} NaviGraphWay;

/* The part of a NaviGraphWay after its strings. */
typedef struct
{
  guint8 bytes[20];
} NaviGraphCommon;

/* A section of turns is an array of guint32: n_extra, n_keys, n_entries, then extra_arc[n_extra], key[n_keys] (rising), first[n_keys + 1],
 * entry[n_entries][2].
 *
 * A state of a search is an arc, or an extra state: an arc that was reached in a way that matters to a restriction over several
 * ways.  key is a state that has exceptions; its entries, (next arc, next state), rise by arc; a next state of NAVI_TURN_FORBIDDEN means that the turn is not
 * allowed, NAVI_TURN_RULE and the number of a rule of turns (navi-rules.h) that it is not while that counts; else another entry of the arc may follow.  Any other turn leads to the arc's plain state. */
#define NAVI_TURN_FORBIDDEN G_MAXUINT32

G_STATIC_ASSERT (sizeof (NaviGraphHeader) == 28);
G_STATIC_ASSERT (sizeof (NaviGraphBlock) == 40);
G_STATIC_ASSERT (sizeof (NaviGraphWayBlock) == 8);
G_STATIC_ASSERT (sizeof (NaviGraphNode) == 12);
G_STATIC_ASSERT (sizeof (NaviGraphEdge) == 24);
G_STATIC_ASSERT (sizeof (NaviGraphCommon) == 20);
G_STATIC_ASSERT (sizeof (NaviGraphWay) == NAVI_WAY_STRINGS * 4 + sizeof (NaviGraphCommon));

G_END_DECLS
