/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-overlay.h"
#include "navi-path-cache.h"

#include <string.h>

G_BEGIN_DECLS

/* NaviWeights: what it costs to cross each cell of an overlay, by one metric.
 *
 * A cell has a matrix: a row for each entry, a column for each exit, in units of NAVI_COST_UNIT_MS from the end of the entry's arc to the end of
 * the exit's, row by row, each value in as few bits as the cell's largest needs; all bits set means that there is no way.
 * Weights lie on others: those of a metric that differs in a few cells have matrices of their own for these only.
 *
 * The section of a default metric: a byte for each cell (the cells of level 0 first): the bits of its values; then the matrices in the
 * same order, each from a new byte on; then NAVI_WEIGHTS_SLACK bytes of zero.
 *
 * Threading: immutable once made; references may be taken and dropped from any thread.
 * Ownership: weights keep those that they lie on; the overlay and the section must live as long. */

#define NAVI_NO_WAY G_MAXUINT32
#define NAVI_WEIGHTS_SLACK 8 /* values are read by eight bytes */

typedef struct _NaviWeights NaviWeights;

struct _NaviWeights
{
  gatomicrefcount references;
  const NaviOverlay *overlay;
  NaviWeights *below;      /* (nullable) */
  gboolean is_mapped;      /* the matrices lie in a section */
  guint8 *bits;            /* of each cell */
  const guint8 **matrices; /* of each cell */
  NaviPathCache *cache;    /* atomic; made when it is first asked for */
};

typedef struct
{
  const guint8 *matrix;
  guint bits;
  guint32 n_columns;
} NaviCellWeights;

/* Weights of which the cells are still to be set (@below NULL) or those of @below.  (transfer full) */
NaviWeights *navi_weights_new (const NaviOverlay *overlay, NaviWeights *below);

/* (transfer full) (nullable): NULL with CORRUPT */
NaviWeights *navi_weights_read (const NaviOverlay *overlay, const guint8 *bytes, gsize n_bytes, GError **error);

/* The bytes of the section.  (transfer full) */
GByteArray *navi_weights_write (const NaviWeights *self);

NaviWeights *navi_weights_ref (NaviWeights *self);
void navi_weights_unref (NaviWeights *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviWeights, navi_weights_unref)

/* Sets a cell's matrix, given as units row by row; while the weights are being made.  Threads may set different cells at once.
 * Returns: FALSE if they are those of the weights that these lie on */
gboolean navi_weights_set_cell (NaviWeights *self, guint level, guint32 cell, const guint32 *values);

/* What the weights take beside those that they lie on. */
gsize navi_weights_get_bytes (const NaviWeights *self);

/* The paths that were found by a cell's matrix: those of the weights that the matrix belongs to.  (transfer none) */
NaviPathCache *navi_weights_cache (const NaviWeights *self, guint level, guint32 cell);

static inline NaviCellWeights
navi_weights_cell (const NaviWeights *self, guint level, guint32 cell)
{
  guint32 at = self->overlay->first_cell[level] + cell;
  return (NaviCellWeights){ self->matrices[at], self->bits[at], navi_overlay_n_exits (self->overlay, level, cell) };
}

/* Units, or NAVI_NO_WAY. */
static inline guint32
navi_weights_get (const NaviCellWeights *self, guint32 row, guint32 column)
{
  guint64 at = ((guint64) row * self->n_columns + column) * self->bits, word, mask = (G_GUINT64_CONSTANT (1) << self->bits) - 1;

  memcpy (&word, self->matrix + (at >> 3), sizeof word);
  word = word >> (at & 7) & mask;
  return word == mask ? NAVI_NO_WAY : (guint32) word;
}

G_END_DECLS
