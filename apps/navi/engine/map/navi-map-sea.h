/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-clip.h"

G_BEGIN_DECLS

/* NaviMapSea: from coastlines to surfaces of water, cell by cell.
 *
 * OpenStreetMap draws coasts as lines with land on their left and has no sea.  In each cell that a coast crosses, the water is what lies
 * between the coast and the cell's edge on the coast's right; cells without a coast are water or land as their neighbours' corners
 * say, as far as the region reaches.  Where an extract cut a coast off in the middle of a cell, it is drawn on to the cell's nearest edge.
 *
 * Threading: one thread.  Ownership: copies what it is given.
 * Source: OpenStreetMap wiki, Tag:natural=coastline. */

typedef struct _NaviMapSea NaviMapSea;

NaviMapSea *navi_map_sea_new (void);
void navi_map_sea_free (NaviMapSea *self);

void navi_map_sea_add (NaviMapSea *self, const NaviMapPoint *points, guint n);

/* The water of one cell: rings as in navi_map_builder_add_area(), outer ones against the clock, islands with it. */
typedef void (*NaviMapSeaFunc) (gint32 row, gint32 col, const NaviMapPoint *points, const guint *ring_sizes, guint n_rings,
                                gpointer user_data);

/* For all cells of @level in @bounds, in order.  @tolerance_e7: how far the coast may be simplified. */
void navi_map_sea_build (NaviMapSea *self, int level, const NaviMapRect *bounds, gint32 tolerance_e7, NaviMapSeaFunc func, gpointer user_data);

G_END_DECLS
