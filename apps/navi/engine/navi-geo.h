/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Distances and directions between points given in 1e-7 degrees, with integers only: what the import stores must not depend on a
 * machine's floating point.  A bearing is a guint8: 256 make a turn, 0 is north, 64 east.
 *
 * Distances are those on a plane that touches the globe (radius 6,371,008.8 m) at the middle latitude: exact to 0.01 % for the pieces
 * that roads are made of.  The antimeridian is crossed the short way.
 *
 * Threading: pure functions. */

guint64 navi_geo_isqrt (guint64 value);

/* cos (@lat_e7) times 2^30 */
gint32 navi_geo_cos_q30 (gint32 lat_e7);

/* The short way round, in 1e-7 degrees: -180 to 180 degrees. */
gint64 navi_geo_lon_difference (gint32 from_e7, gint32 to_e7);

guint64 navi_geo_distance_mm (gint32 lat_a_e7, gint32 lon_a_e7, gint32 lat_b_e7, gint32 lon_b_e7);

guint8 navi_geo_bearing (gint32 lat_a_e7, gint32 lon_a_e7, gint32 lat_b_e7, gint32 lon_b_e7);

/* How far one turns: 0 straight on, positive to the right, -128 back. */
gint navi_geo_turn (guint8 from_bearing, guint8 to_bearing);

G_END_DECLS
