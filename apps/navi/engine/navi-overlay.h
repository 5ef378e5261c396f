/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-graph.h"

G_BEGIN_DECLS

/* NaviOverlay: the borders of a network's cells, for one profile.
 *
 * Cells (navi-cells.h) are cut at arcs: an arc whose ends lie in two cells is the way out of one and the way into the other, so turns
 * always lie inside a cell and an overlay need not know of them.  A point is a state of the search (navi-graph.h) whose arc crosses
 * the border of two cells of level 0 and is public (NAVI_ACCESS_YES) for the profile; where a restriction over several ways
 * has extra states of such an arc, each is a point of its own.  A point belongs to the border of a cell of level n if its ends lie in two cells of
 * that level.  What it costs to cross a cell from each of its entries to each of its exits is a matter of a metric: NaviWeights.
 *
 * Private roads never lead through (they are for the ends of a route), so they have no points.
 *
 * The section is a sequence of varints: the number of points; then for each cell of level 0 how many points lead into it and for each of
 * them, by rising state, the difference to the state before (zigzag) and to the cell that it comes from (zigzag).
 *
 * Threading: immutable; any thread.
 * Ownership: uses the graph, which must live as long.
 * Source: D. Delling, A. Goldberg, T. Pajor, R. Werneck: Customizable route planning in road networks, Transportation Science 51 (2017). */

#define NAVI_NO_POINT G_MAXUINT32

typedef struct
{
  guint32 n;
  guint32 *points;      /* n: points on borders of this level, rising */
  guint32 *first_entry; /* n_cells + 1: the points that lead into a cell, as indices of points */
  guint32 *first_exit;  /* n_cells + 1: the points that lead out of a cell, as indices of exits */
  guint32 *exits;       /* n: indices of points, rising within a cell */
  guint32 *parents;     /* n_cells: the cell of the next level, unless this is the last */
} NaviOverlayLevel;

typedef struct
{
  const NaviGraph *graph;
  NaviProfile profile;
  guint n_levels;
  guint32 n_cells;                               /* of all levels */
  guint32 first_cell[NAVI_CELLS_MAX_LEVELS + 1]; /* where a level's cells begin if all are counted through */
  guint32 n_points;
  guint32 *states;     /* of a point */
  guint32 *head_cells; /* the cell of level 0 that it leads into */
  guint32 *tail_cells; /* the one that it leads out of */
  NaviOverlayLevel levels[NAVI_CELLS_MAX_LEVELS];
  guint32 *extras; /* the profile's extra states, by their arcs */
  guint32 n_extras;
} NaviOverlay;

/* Finds the points of a graph.  (transfer full) */
NaviOverlay *navi_overlay_build (const NaviGraph *graph, NaviProfile profile);

/* Reads a section.  (transfer full) (nullable): NULL with CORRUPT */
NaviOverlay *navi_overlay_read (const NaviGraph *graph, NaviProfile profile, const guint8 *bytes, gsize n_bytes, GError **error);

/* The bytes of the section.  (transfer full) */
GByteArray *navi_overlay_write (const NaviOverlay *self);

void navi_overlay_free (NaviOverlay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviOverlay, navi_overlay_free)

/* The point of a state that leads into @cell of level 0; NAVI_NO_POINT if there is none. */
guint32 navi_overlay_find_point (const NaviOverlay *self, guint32 cell, guint32 state);

/* The extra states of an arc: from index *first of extras on, up to (not including) what is returned. */
guint32 navi_overlay_find_extras (const NaviOverlay *self, guint32 arc, guint32 *first);

static inline guint32
navi_overlay_n_entries (const NaviOverlay *self, guint level, guint32 cell)
{
  return self->levels[level].first_entry[cell + 1] - self->levels[level].first_entry[cell];
}

static inline guint32
navi_overlay_n_exits (const NaviOverlay *self, guint level, guint32 cell)
{
  return self->levels[level].first_exit[cell + 1] - self->levels[level].first_exit[cell];
}

/* The point of a cell's exit. */
static inline guint32
navi_overlay_exit (const NaviOverlay *self, guint level, guint32 cell, guint32 column)
{
  const NaviOverlayLevel *at = &self->levels[level];
  return at->points[at->exits[at->first_exit[cell] + column]];
}

/* Which of a cell's entries (rows) or exits (columns) a point is; NAVI_NO_POINT if it is none. */
guint32 navi_overlay_row (const NaviOverlay *self, guint level, guint32 cell, guint32 point);
guint32 navi_overlay_column (const NaviOverlay *self, guint level, guint32 cell, guint32 point);

G_END_DECLS
