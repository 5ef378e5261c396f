/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"
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
  guint32 rule; /* plus 1; 0: none */
} NaviRoadsCrossing;

/* A way or a rule of turns, and the number of its rule. */
typedef struct
{
  guint32 index;
  guint32 rule;
} NaviRoadsRuled;

typedef struct _NaviRoadsRules NaviRoadsRules;

typedef struct
{
  gint64 id;
  guint8 profiles; /* 1 << NaviProfile */
  gboolean is_only;
  gboolean is_u_turn;
  guint32 turn_rule; /* plus 1: it counts only while the rule says so; 0: always */
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
  NaviRoadsRules *rules;
  GArray *ruled_ways;   /* NaviRoadsRuled: of attributes */
  GArray *turn_rules;   /* guint32: rules */
  GByteArray *strings;
  GArray *crossings;    /* NaviRoadsCrossing, by rising index */
  GArray *border_points; /* NaviPoint: each two are a piece of a country's border */
  GArray *border_ways;  /* gint64, sorted after the relations: what boundaries of countries consist of */
  GPtrArray *restrictions; /* NaviRestriction */
  GArray *member_ways;  /* gint64, sorted: ways that restrictions name */
  GArray *via_nodes;    /* gint64, sorted */
  GArray *via_indices;  /* guint32, for each of them; NAVI_IMPORT_NO_NODE if no road passes it */
} NaviRoads;

/* Appends the restrictions that the relation means, one for each set of profiles and value. */
void navi_restriction_parse (const NaviOsmRelation *relation, NaviRoads *roads);
void navi_restriction_free (NaviRestriction *self);

/* The index of @id in a sorted array of gint64, or -1. */
gint navi_roads_find (const GArray *ids, gint64 id);

/* Sets what a way has in common with others. */
void navi_roads_fill_common (const NaviImportWay *way, const NaviRoad *road, NaviGraphWay *attributes);

/* ---- What depends on the time or the vehicle (navi-roads-rules.c; what it becomes: navi-rules.h) ---- */

NaviRoadsRules *navi_roads_rules_new (void);
void navi_roads_rules_free (NaviRoadsRules *self);

/* The rule of a way, plus 1, or 0 if it needs none; @is_usable: (out): whether anybody may ever use it. */
guint32 navi_roads_rules_add_way (NaviRoadsRules *self, const NaviImportWay *way, gboolean *is_usable);

/* The rule of a node, plus 1, or 0. */
guint32 navi_roads_rules_add_node (NaviRoadsRules *self, const NaviOsmTags *tags);

/* The rule by which a restriction that says @value counts: while @conditional says so, and @otherwise when it says nothing. */
guint32 navi_roads_rules_add_turn (NaviRoadsRules *self, const char *conditional, const char *value, gboolean otherwise);

/* Appends the tables of the section but for the last three. */
void navi_roads_rules_append_tables (const NaviRoadsRules *self, GByteArray *bytes);

gboolean navi_roads_rules_is_empty (const NaviRoadsRules *self);

/* Makes the graph of what was gathered and writes its sections; frees the gathered parts as it goes. */
gboolean navi_roads_build (NaviRoads *self, const NaviImportPass *pass, NaviRegionWriter *writer, GCancellable *cancellable, GError **error);

G_END_DECLS
