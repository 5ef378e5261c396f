/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import.h"

G_BEGIN_DECLS

/* NaviMultipolygons: gathers multipolygon and boundary relations, then the ways they are made of, and joins those to closed rings.
 *
 * Threading: one thread.  Ownership: what it is shown is copied.  Errors: none; a ring that does not close is left out, and an area without
 * a closed outer ring is not given.
 * Source: https://wiki.openstreetmap.org/wiki/Relation:multipolygon (old-style tags on the outer way included) */

typedef struct _NaviMultipolygons NaviMultipolygons;

NaviMultipolygons *navi_multipolygons_new (void);

/* First all relations... */
void navi_multipolygons_add_relation (NaviMultipolygons *self, const NaviOsmRelation *relation);

/* ...then once... */
void navi_multipolygons_end_relations (NaviMultipolygons *self);

/* ...then all ways that are complete.  Returns TRUE if an area will bear this way's tags. */
gboolean navi_multipolygons_add_way (NaviMultipolygons *self, const NaviOsmWay *way, const NaviImportPoint *points, guint n_points);

/* TRUE to go on. */
typedef gboolean (*NaviMultipolygonsFunc) (const NaviImportArea *area, gpointer user_data);
gboolean navi_multipolygons_foreach (NaviMultipolygons *self, NaviMultipolygonsFunc func, gpointer user_data);

void navi_multipolygons_free (NaviMultipolygons *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviMultipolygons, navi_multipolygons_free)

G_END_DECLS
