/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph-format.h"
#include "navi-import.h"

G_BEGIN_DECLS

/* NaviRoads: what the import has gathered of roads before it makes a graph of them (navi-roads-pass.c gathers, navi-roads-build.c builds). */

typedef struct
{
  guint32 first_point;
  guint32 n_points;
  guint32 way;  /* index into attributes */
  gint32 member; /* index into member_ways, -1 if no restriction names it */
} NaviRoadsWay;

typedef struct
{
  guint32 index; /* of the node */
  guint16 access;
  guint16 stops;
} NaviRoadsCrossing;

typedef struct
{
  gint64 id;
  guint8 profiles; /* 1 << NaviProfile */
  gboolean is_only;
  gboolean is_u_turn;
  gint64 via_node; /* 0 if it goes via ways */
  GArray *from;    /* gint64 */
  GArray *via;     /* gint64 */
  GArray *to;      /* gint64 */
} NaviRestriction;

typedef struct
{
  GArray *points;       /* NaviImportPoint of all ways */
  GArray *ways;         /* NaviRoadsWay */
  GArray *attributes;   /* NaviGraphWay */
  GByteArray *strings;
  GArray *crossings;    /* NaviRoadsCrossing, by rising index */
  GPtrArray *restrictions; /* NaviRestriction */
  GArray *member_ways;  /* gint64, sorted: ways that restrictions name */
  GArray *via_nodes;    /* gint64, sorted */
  GArray *via_indices;  /* guint32, for each of them; NAVI_IMPORT_NO_NODE if no road passes it */
} NaviRoads;

/* The restriction that the relation means, or NULL; (transfer full). */
NaviRestriction *navi_restriction_parse (const NaviOsmRelation *relation);
void navi_restriction_free (NaviRestriction *self);

/* The index of @id in a sorted array of gint64, or -1. */
gint navi_roads_find (const GArray *ids, gint64 id);

/* Makes the graph of what was gathered and writes its sections; frees the gathered parts as it goes. */
gboolean navi_roads_build (NaviRoads *self, const NaviImportPass *pass, NaviRegionWriter *writer, GCancellable *cancellable, GError **error);

G_END_DECLS
