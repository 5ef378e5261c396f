/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-weights.h"

#include "cloud-error.h"

/* Packs matrices. */

NaviWeights *
navi_weights_new (const NaviOverlay *overlay, NaviWeights *below)
{
  NaviWeights *self = g_new0 (NaviWeights, 1);

  g_atomic_ref_count_init (&self->references);
  self->overlay = overlay;
  if (below == NULL)
    {
      self->bits = g_new0 (guint8, overlay->n_cells);
      self->matrices = g_new0 (const guint8 *, overlay->n_cells);
      return self;
    }
  self->below = navi_weights_ref (below);
  self->bits = g_memdup2 (below->bits, overlay->n_cells);
  self->matrices = g_memdup2 (below->matrices, overlay->n_cells * sizeof (guint8 *));
  return self;
}

NaviWeights *
navi_weights_ref (NaviWeights *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static gboolean
is_own (const NaviWeights *self, guint32 at)
{
  return !self->is_mapped && self->matrices[at] != NULL && (self->below == NULL || self->matrices[at] != self->below->matrices[at]);
}

void
navi_weights_unref (NaviWeights *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint32 i = 0; i < self->overlay->n_cells; i++)
    if (is_own (self, i))
      g_free ((gpointer) self->matrices[i]);
  g_clear_pointer (&self->below, navi_weights_unref);
  g_clear_pointer (&self->cache, navi_path_cache_free);
  g_free (self->bits);
  g_free (self->matrices);
  g_free (self);
}

static guint64
matrix_bytes (const NaviOverlay *overlay, guint level, guint32 cell, guint bits)
{
  return ((guint64) navi_overlay_n_entries (overlay, level, cell) * navi_overlay_n_exits (overlay, level, cell) * bits + 7) / 8;
}

NaviWeights *
navi_weights_read (const NaviOverlay *overlay, const guint8 *bytes, gsize n_bytes, GError **error)
{
  g_autoptr (NaviWeights) self = navi_weights_new (overlay, NULL);
  guint64 at = overlay->n_cells;
  gboolean ok = n_bytes >= at + NAVI_WEIGHTS_SLACK;

  self->is_mapped = TRUE;
  for (guint level = 0; ok && level < overlay->n_levels; level++)
    for (guint32 i = overlay->first_cell[level]; ok && i < overlay->first_cell[level + 1]; i++)
      {
        self->bits[i] = bytes[i];
        self->matrices[i] = bytes + at;
        at += matrix_bytes (overlay, level, i - overlay->first_cell[level], bytes[i]);
        ok = bytes[i] <= 32 && at + NAVI_WEIGHTS_SLACK <= n_bytes;
      }
  if (ok && at + NAVI_WEIGHTS_SLACK == n_bytes)
    return g_steal_pointer (&self);
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The region is damaged (weights of cells): import it again");
  return NULL;
}

GByteArray *
navi_weights_write (const NaviWeights *self)
{
  static const guint8 slack[NAVI_WEIGHTS_SLACK] = { 0 };
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, self->bits, self->overlay->n_cells);
  for (guint level = 0; level < self->overlay->n_levels; level++)
    for (guint32 i = self->overlay->first_cell[level]; i < self->overlay->first_cell[level + 1]; i++)
      g_byte_array_append (bytes, self->matrices[i], (guint) matrix_bytes (self->overlay, level, i - self->overlay->first_cell[level], self->bits[i]));
  g_byte_array_append (bytes, slack, sizeof slack);
  return bytes;
}

gboolean
navi_weights_set_cell (NaviWeights *self, guint level, guint32 cell, const guint32 *values)
{
  guint32 at = self->overlay->first_cell[level] + cell, most = 0;
  guint32 n = navi_overlay_n_entries (self->overlay, level, cell) * navi_overlay_n_exits (self->overlay, level, cell);
  gboolean any = FALSE;
  guint bits = 0;
  guint8 *matrix;

  for (guint32 i = 0; i < n; i++)
    if (values[i] != NAVI_NO_WAY)
      {
        most = MAX (most, values[i]);
        any = TRUE;
      }
  /* The value of all ones is taken. */
  while (any && (guint64) most + 1 >= G_GUINT64_CONSTANT (1) << bits)
    bits++;
  if (is_own (self, at))
    g_free ((gpointer) self->matrices[at]);
  matrix = g_malloc0 (((gsize) n * bits + 7) / 8 + NAVI_WEIGHTS_SLACK);
  for (guint32 i = 0; i < n && bits > 0; i++)
    {
      guint64 place = (guint64) i * bits, word, value = values[i] == NAVI_NO_WAY ? (G_GUINT64_CONSTANT (1) << bits) - 1 : values[i];
      memcpy (&word, matrix + (place >> 3), sizeof word);
      word |= value << (place & 7);
      memcpy (matrix + (place >> 3), &word, sizeof word);
    }
  self->matrices[at] = matrix;
  self->bits[at] = (guint8) bits;
  /* Even then the cell keeps its own: other ways may cost the same. */
  return self->below == NULL || self->below->bits[at] != bits || memcmp (self->below->matrices[at], matrix, ((gsize) n * bits + 7) / 8) != 0;
}

gsize
navi_weights_get_bytes (const NaviWeights *self)
{
  gsize bytes = sizeof *self + self->overlay->n_cells * (1 + sizeof (guint8 *));

  for (guint level = 0; level < self->overlay->n_levels; level++)
    for (guint32 i = self->overlay->first_cell[level]; i < self->overlay->first_cell[level + 1]; i++)
      if (is_own (self, i))
        bytes += matrix_bytes (self->overlay, level, i - self->overlay->first_cell[level], self->bits[i]) + NAVI_WEIGHTS_SLACK + 8;
  return bytes;
}

NaviPathCache *
navi_weights_cache (const NaviWeights *self, guint level, guint32 cell)
{
  guint32 at = self->overlay->first_cell[level] + cell;
  NaviWeights *owner = (NaviWeights *) self;
  NaviPathCache *cache;

  while (owner->below != NULL && owner->matrices[at] == owner->below->matrices[at])
    owner = owner->below;
  cache = g_atomic_pointer_get (&owner->cache);
  if (cache != NULL)
    return cache;
  cache = navi_path_cache_new ();
  if (g_atomic_pointer_compare_and_exchange (&owner->cache, NULL, cache))
    return cache;
  navi_path_cache_free (cache);
  return g_atomic_pointer_get (&owner->cache);
}
