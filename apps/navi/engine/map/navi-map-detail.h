/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-map-cell.h"

G_BEGIN_DECLS

/* How much of a thing each level keeps.
 *
 * Threading: pure functions. */

int navi_map_first_zoom_of_line (const NaviMapClass *class);
int navi_map_first_zoom_of_area (const NaviMapClass *class);
int navi_map_first_zoom_of_point (const NaviMapClass *class);

/* Whether a zoom of @level writes the name or the number of such a thing on the map. */
gboolean navi_map_has_name (const NaviMapClass *class, int level);
gboolean navi_map_has_ref (const NaviMapClass *class, int level);

guint8 navi_map_flags_on_level (const NaviMapClass *class, int level);

/* How far beyond its cell such a thing is kept: lines meet those of the next cell at the edge, areas overlap a little, and those with an outline so
 * far that where they are cut is not seen. */
gint64 navi_map_clip_margin_e7 (const NaviMapClass *class, int level);

G_END_DECLS
