/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Plane geometry of the importer, on points in 1e-7 degrees: clipping to a rectangle and simplification.  Only additions, multiplications
 * and divisions of integers and doubles, so that every machine gives the same points.
 *
 * Threading: pure functions.
 * Source: Sutherland and Hodgman, Reentrant polygon clipping, CACM 17(1), 1974; Douglas and Peucker, Cartographica 10(2), 1973. */

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
} NaviMapPoint;

typedef struct
{
  gint64 south_e7;
  gint64 west_e7;
  gint64 north_e7;
  gint64 east_e7;
} NaviMapRect;

/* Replaces @out (GArray of NaviMapPoint) by the part of the ring inside @rect; it may run along the rectangle's edges. */
void navi_map_clip_ring (const NaviMapPoint *points, guint n, const NaviMapRect *rect, GArray *out, GArray *scratch);

/* Called for each connected part of the line inside @rect. */
typedef void (*NaviMapPartFunc) (const NaviMapPoint *points, guint n, gpointer user_data);
void navi_map_clip_line (const NaviMapPoint *points, guint n, const NaviMapRect *rect, GArray *scratch, NaviMapPartFunc func, gpointer user_data);

/* Drops points that are nearer than @tolerance_e7 to the line that remains without them.  First and last stay.  Replaces @out. */
void navi_map_simplify (const NaviMapPoint *points, guint n, gint32 tolerance_e7, GArray *out);

/* Twice the ring's area; positive if it goes against the clock. */
double navi_map_signed_area (const NaviMapPoint *points, guint n);

/* A point inside the ring, near its middle, where a label reads well. */
NaviMapPoint navi_map_label_point (const NaviMapPoint *points, guint n);

G_END_DECLS
