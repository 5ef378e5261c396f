/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-router.h"
#include "navi-trace.h"

G_BEGIN_DECLS

/* NaviSketch: a road network drawn in a test as letters, imported through the real readers and routed by the real router.
 *
 *     static const char *const map[] = { "a b c",
 *                                        "  d  ", NULL };
 *
 * A letter is a node (its OSM id is its character code), a cell is 0.0005 degrees; ways are strings of letters with tags
 * "highway=residential name=Elm_Street" (an underscore of a name is a blank, "~" of any value). */

typedef struct _NaviSketch NaviSketch;

NaviSketch *navi_sketch_new (const char *const *map);
void navi_sketch_free (NaviSketch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviSketch, navi_sketch_free)

/* Tags of a node. */
void navi_sketch_tag_node (NaviSketch *self, char node, const char *tags);

/* Ways are numbered from 1 in the order of their making; "highway=residential" is added unless the tags say what it is (highway, route or boundary). */
void navi_sketch_add_way (NaviSketch *self, const char *nodes, const char *tags);

/* @members: "from=1 via=b to=2": a letter is a node, a number a way. */
void navi_sketch_add_relation (NaviSketch *self, const char *members, const char *tags);

/* Writes, imports and opens what was drawn; (transfer none). */
NaviRouter *navi_sketch_get_router (NaviSketch *self);
NaviRegion *navi_sketch_get_region (NaviSketch *self);

/* The nodes that a route passes from the middle between two nodes to the middle between two others ("ab", "cd"), or "none".  (transfer full) */
char *navi_sketch_path (NaviSketch *self, NaviProfile profile, guint avoid, const char *from, const char *to);

/* Adds the point in the middle between two nodes to a request. */
void navi_sketch_add_point (NaviSketch *self, NaviRouteRequest *request, const char *pair);

/* Where a node lies. */
void navi_sketch_locate (NaviSketch *self, char node, double *lat_deg, double *lon_deg);

/* The nodes that a route passes.  (transfer full) */
char *navi_sketch_spell (NaviSketch *self, NaviRoute *route);

/* The nodes that a trace passes, a bar between its pieces and a tilde for one off the roads.  (transfer full) */
char *navi_sketch_spell_trace (NaviSketch *self, NaviTrace *trace);

/* (transfer full) (nullable) */
NaviRoute *navi_sketch_route (NaviSketch *self, NaviProfile profile, guint avoid, const char *from, const char *to);

G_END_DECLS
