/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-route"

#include "navi-overlay.h"
#include "navi-varint.h"

#include "cloud-error.h"

/* Finds, stores and arranges the points on the borders of cells. */

enum
{
  MOST_PAIRS = 1 << 24, /* of entries and exits of a cell: more is damage */
};

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;
  return left < right ? -1 : left > right;
}

static gint
compare_extras (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const NaviOverlay *self = user_data;
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;
  guint32 left_arc = navi_graph_state_arc (self->graph, self->profile, left), right_arc = navi_graph_state_arc (self->graph, self->profile, right);

  if (left_arc != right_arc)
    return left_arc < right_arc ? -1 : 1;
  return left < right ? -1 : left > right;
}

static NaviOverlay *
overlay_new (const NaviGraph *graph, NaviProfile profile)
{
  NaviOverlay *self = g_new0 (NaviOverlay, 1);
  const NaviCells *cells = &graph->levels;

  self->graph = graph;
  self->profile = profile;
  self->n_levels = cells->n_levels;
  for (guint level = 0; level < self->n_levels; level++)
    {
      NaviOverlayLevel *at = &self->levels[level];
      self->first_cell[level] = self->n_cells;
      self->n_cells += cells->n_cells[level];
      at->first_entry = g_new0 (guint32, (gsize) cells->n_cells[level] + 1);
      at->first_exit = g_new0 (guint32, (gsize) cells->n_cells[level] + 1);
      if (level + 1 == self->n_levels)
        continue;
      at->parents = g_new (guint32, cells->n_cells[level]);
      for (guint32 i = 0, parent = 0; i < cells->n_cells[level]; i++)
        {
          if (cells->first_node[level][i] >= cells->first_node[level + 1][parent + 1])
            parent++;
          at->parents[i] = parent;
        }
    }
  self->first_cell[self->n_levels] = self->n_cells;
  self->n_extras = graph->turns[profile].n_extra;
  self->extras = g_new (guint32, self->n_extras + 1);
  for (guint32 i = 0; i < self->n_extras; i++)
    self->extras[i] = graph->n_arcs + i;
  g_qsort_with_data (self->extras, (gint) self->n_extras, sizeof (guint32), compare_extras, self);
  return self;
}

void
navi_overlay_free (NaviOverlay *self)
{
  for (guint level = 0; level < self->n_levels; level++)
    {
      g_free (self->levels[level].points);
      g_free (self->levels[level].first_entry);
      g_free (self->levels[level].first_exit);
      g_free (self->levels[level].exits);
      g_free (self->levels[level].parents);
    }
  g_free (self->states);
  g_free (self->head_cells);
  g_free (self->tail_cells);
  g_free (self->extras);
  g_free (self);
}

/* The cells of a level that a point leads out of and into; FALSE if they are one. */
static gboolean
border_of (const NaviOverlay *self, guint level, guint32 point, guint32 *tail, guint32 *head)
{
  *tail = self->tail_cells[point];
  *head = self->head_cells[point];
  for (guint at = 0; at < level && *tail != *head; at++)
    {
      *tail = self->levels[at].parents[*tail];
      *head = self->levels[at].parents[*head];
    }
  return *tail != *head;
}

/* Lists the points of a level by the cells that they lead into and out of. */
static gboolean
arrange_level (NaviOverlay *self, guint level)
{
  NaviOverlayLevel *at = &self->levels[level];
  guint32 n_cells = self->first_cell[level + 1] - self->first_cell[level], tail, head;
  g_autofree guint32 *next = NULL;

  for (guint32 point = 0; point < self->n_points; point++)
    if (border_of (self, level, point, &tail, &head))
      {
        at->first_entry[head + 1]++;
        at->first_exit[tail + 1]++;
        at->n++;
      }
  for (guint32 cell = 0; cell < n_cells; cell++)
    {
      if ((guint64) at->first_entry[cell + 1] * at->first_exit[cell + 1] > MOST_PAIRS)
        return FALSE;
      at->first_entry[cell + 1] += at->first_entry[cell];
      at->first_exit[cell + 1] += at->first_exit[cell];
    }
  next = g_memdup2 (at->first_exit, (n_cells + 1) * sizeof (guint32));
  at->points = g_new (guint32, at->n + 1);
  at->exits = g_new (guint32, at->n + 1);
  at->n = 0;
  for (guint32 point = 0; point < self->n_points; point++)
    if (border_of (self, level, point, &tail, &head))
      {
        at->exits[next[tail]++] = at->n;
        at->points[at->n++] = point;
      }
  return TRUE;
}

static gboolean
arrange (NaviOverlay *self)
{
  for (guint level = 0; level < self->n_levels; level++)
    if (!arrange_level (self, level))
      return FALSE;
  return TRUE;
}

/* Appends the states of the arc, if it is one that the profile may ever use to pass through. */
static void
append_states (const NaviOverlay *self, const NaviMetric *metric, guint32 arc, GArray *states)
{
  guint32 first, end;

  if (navi_graph_access (self->graph, metric, arc) != NAVI_ACCESS_YES || navi_graph_arc_ms (self->graph, metric, arc) == 0)
    return;
  g_array_append_val (states, arc);
  end = navi_overlay_find_extras (self, arc, &first);
  g_array_append_vals (states, self->extras + first, end - first);
}

static void
find_entries (const NaviOverlay *self, const NaviMetric *metric, guint32 cell, GArray *states)
{
  guint32 begin = self->graph->levels.first_node[0][cell], end = self->graph->levels.first_node[0][cell + 1];

  g_array_set_size (states, 0);
  for (guint32 node = begin; node < end; node++)
    {
      guint32 first, last = navi_graph_out_arcs (self->graph, node, &first);
      for (guint32 i = first; i < last; i++)
        {
          guint32 arc = navi_graph_out_arc (self->graph, i) ^ 1, tail = navi_graph_tail (self->graph, arc);
          if (tail < begin || tail >= end)
            append_states (self, metric, arc, states);
        }
    }
  g_array_sort (states, compare_words);
}

NaviOverlay *
navi_overlay_build (const NaviGraph *graph, NaviProfile profile)
{
  NaviOverlay *self = overlay_new (graph, profile);
  g_autoptr (GArray) states = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (NaviRules) rules = graph->rulebook != NULL ? navi_rulebook_get_open (graph->rulebook, profile) : NULL;
  const NaviMetric metric = { .profile = profile, .rules = rules };
  GArray *all = g_array_new (FALSE, FALSE, sizeof (guint32)), *heads = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 cell = 0; cell < graph->levels.n_cells[0]; cell++)
    {
      find_entries (self, &metric, cell, states);
      g_array_append_vals (all, states->data, states->len);
      for (guint i = 0; i < states->len; i++)
        g_array_append_val (heads, cell);
    }
  self->n_points = all->len;
  self->tail_cells = g_new (guint32, all->len + 1);
  for (guint i = 0; i < all->len; i++)
    {
      guint32 arc = navi_graph_state_arc (graph, profile, g_array_index (all, guint32, i));
      self->tail_cells[i] = navi_cells_find (&graph->levels, 0, navi_graph_tail (graph, arc));
    }
  self->states = (guint32 *) g_array_free (all, FALSE);
  self->head_cells = (guint32 *) g_array_free (heads, FALSE);
  arrange (self);
  return self;
}

GByteArray *
navi_overlay_write (const NaviOverlay *self)
{
  GByteArray *bytes = g_byte_array_new ();
  guint32 last = 0;

  navi_varint_append (bytes, self->n_points);
  for (guint32 cell = 0; cell < self->first_cell[1]; cell++)
    {
      guint32 first = self->levels[0].first_entry[cell], end = self->levels[0].first_entry[cell + 1];
      navi_varint_append (bytes, end - first);
      for (guint32 point = first; point < end; point++)
        {
          navi_varint_append (bytes, navi_zigzag_encode ((gint64) self->states[point] - last));
          navi_varint_append (bytes, navi_zigzag_encode ((gint64) self->tail_cells[point] - cell));
          last = self->states[point];
        }
    }
  return bytes;
}

static gboolean
read_points (NaviOverlay *self, const guint8 *at, const guint8 *end)
{
  guint64 n_points, n, state_step, cell_step;
  guint32 n_cells = self->first_cell[1], point = 0, n_states = navi_graph_n_states (self->graph, self->profile);
  gint64 state = 0;

  if (!navi_varint_read (&at, end, &n_points) || n_points > (guint64) (end - at) / 2)
    return FALSE;
  self->n_points = (guint32) n_points;
  self->states = g_new (guint32, n_points + 1);
  self->head_cells = g_new (guint32, n_points + 1);
  self->tail_cells = g_new (guint32, n_points + 1);
  for (guint32 cell = 0; cell < n_cells; cell++)
    {
      if (!navi_varint_read (&at, end, &n) || n > n_points - point)
        return FALSE;
      for (; n > 0; n--, point++)
        {
          gint64 tail;
          if (!navi_varint_read (&at, end, &state_step) || !navi_varint_read (&at, end, &cell_step) || state_step > G_MAXUINT32 * G_GUINT64_CONSTANT (2)
              || cell_step > G_MAXUINT32 * G_GUINT64_CONSTANT (2))
            return FALSE;
          state += navi_zigzag_decode (state_step);
          tail = (gint64) cell + navi_zigzag_decode (cell_step);
          if (state < 0 || state >= n_states || tail < 0 || tail >= n_cells || tail == cell)
            return FALSE;
          self->states[point] = (guint32) state;
          self->head_cells[point] = cell;
          self->tail_cells[point] = (guint32) tail;
        }
    }
  return point == n_points && at == end;
}

NaviOverlay *
navi_overlay_read (const NaviGraph *graph, NaviProfile profile, const guint8 *bytes, gsize n_bytes, GError **error)
{
  g_autoptr (NaviOverlay) self = overlay_new (graph, profile);

  if (!read_points (self, bytes, bytes + n_bytes) || !arrange (self))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "The region is damaged (borders of cells): import it again");
      return NULL;
    }
  return g_steal_pointer (&self);
}

guint32
navi_overlay_find_point (const NaviOverlay *self, guint32 cell, guint32 state)
{
  guint32 low = self->levels[0].first_entry[cell], end = self->levels[0].first_entry[cell + 1], high = end;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (self->states[middle] < state)
        low = middle + 1;
      else
        high = middle;
    }
  return low < end && self->states[low] == state ? low : NAVI_NO_POINT;
}

guint32
navi_overlay_find_extras (const NaviOverlay *self, guint32 arc, guint32 *first)
{
  guint32 low = 0, high = self->n_extras;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (navi_graph_state_arc (self->graph, self->profile, self->extras[middle]) < arc)
        low = middle + 1;
      else
        high = middle;
    }
  *first = low;
  while (low < self->n_extras && navi_graph_state_arc (self->graph, self->profile, self->extras[low]) == arc)
    low++;
  return low;
}

guint32
navi_overlay_row (const NaviOverlay *self, guint level, guint32 cell, guint32 point)
{
  const NaviOverlayLevel *at = &self->levels[level];
  guint32 first = at->first_entry[cell], low = first, end = at->first_entry[cell + 1], high = end;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (at->points[middle] < point)
        low = middle + 1;
      else
        high = middle;
    }
  return low < end && at->points[low] == point ? low - first : NAVI_NO_POINT;
}

guint32
navi_overlay_column (const NaviOverlay *self, guint level, guint32 cell, guint32 point)
{
  const NaviOverlayLevel *at = &self->levels[level];
  guint32 first = at->first_exit[cell], low = first, end = at->first_exit[cell + 1], high = end;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (at->points[at->exits[middle]] < point)
        low = middle + 1;
      else
        high = middle;
    }
  return low < end && at->points[at->exits[low]] == point ? low - first : NAVI_NO_POINT;
}
