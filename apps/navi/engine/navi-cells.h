/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NaviCells: the nested cells of a road network.
 *
 * Nodes are numbered so that a cell is a run of nodes on every level (navi-partition.h), so a cell is told by its first node alone.  Cells of
 * level 0 are the smallest; a cell of a higher level is a run of whole cells of the level below.
 *
 * The section is an array of guint32: n_levels, then the number of cells of each level, then for each level first_node[n_cells + 1].
 *
 * Threading: immutable; any thread.
 * Ownership: a view of the section's words. */

enum
{
  NAVI_CELLS_MAX_LEVELS = 8,
};

typedef struct
{
  guint n_levels; /* at least 1 */
  guint32 n_nodes;
  guint32 n_cells[NAVI_CELLS_MAX_LEVELS];
  const guint32 *first_node[NAVI_CELLS_MAX_LEVELS]; /* n_cells + 1 */
} NaviCells;

/* Makes @cells a view of a section's words; FALSE if they are not the cells of @n_nodes nodes. */
gboolean navi_cells_init (NaviCells *cells, const guint32 *words, gsize n_words, guint32 n_nodes);

/* The cell of @level that holds @node. */
static inline guint32
navi_cells_find (const NaviCells *self, guint level, guint32 node)
{
  const guint32 *first = self->first_node[level];
  guint32 low = 0, n = self->n_cells[level];

  /* The last cell that does not begin behind the node. */
  while (n > 1)
    {
      guint32 half = n / 2;
      low += first[low + half] <= node ? half : 0;
      n -= half;
    }
  return low;
}

G_END_DECLS
