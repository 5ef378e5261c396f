/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-graph"

#include "navi-cells.h"

#include <string.h>

/* Opens the section of cells. */

/* Each cell of the level must begin where one of the level below does. */
static gboolean
is_nested (const NaviCells *self, guint level)
{
  const guint32 *first = self->first_node[level], *below = self->first_node[level - 1];
  guint32 at = 0;

  for (guint32 i = 0; i < self->n_cells[level]; i++)
    {
      while (at < self->n_cells[level - 1] && below[at] < first[i])
        at++;
      if (below[at] != first[i])
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_rising (const NaviCells *self, guint level)
{
  const guint32 *first = self->first_node[level];

  for (guint32 i = 0; i < self->n_cells[level]; i++)
    if (first[i] >= first[i + 1])
      return FALSE;
  return first[0] == 0 && first[self->n_cells[level]] == self->n_nodes;
}

gboolean
navi_cells_init (NaviCells *cells, const guint32 *words, gsize n_words, guint32 n_nodes)
{
  guint64 at;

  memset (cells, 0, sizeof *cells);
  if (n_words < 1 || words[0] == 0 || words[0] > NAVI_CELLS_MAX_LEVELS || n_words < 1 + words[0])
    return FALSE;
  cells->n_levels = words[0];
  cells->n_nodes = n_nodes;
  at = 1 + words[0];
  for (guint level = 0; level < cells->n_levels; level++)
    {
      cells->n_cells[level] = words[1 + level];
      if (words[1 + level] == 0 || words[1 + level] > n_nodes || at + words[1 + level] + 1 > n_words)
        return FALSE;
      cells->first_node[level] = words + at;
      at += (guint64) words[1 + level] + 1;
      if (!is_rising (cells, level) || (level > 0 && !is_nested (cells, level)))
        return FALSE;
    }
  return at == n_words;
}
