/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-sea.h"
#include "navi-map-cell.h"

#include <string.h>

/* The sea, made of coastlines. */

/* A region whose box holds more cells than this on one level (one that crosses the antimeridian) has its sea only along the coasts. */
#define MAX_FILLED_CELLS 400000

struct _NaviMapSea
{
  GPtrArray *lines; /* GArray of NaviMapPoint */
  gboolean joined;
};

typedef enum
{
  UNKNOWN,
  LAND,
  WATER,
  COAST, /* has polygons of its own */
} Status;

typedef struct
{
  gint32 row;
  gint32 col;
  GPtrArray *parts; /* GArray of NaviMapPoint, in the direction of the coast */
  GArray *rings;    /* NaviMapPoint: the water, once solved */
  GArray *ring_sizes;
  Status status;
  gboolean corner_is_water[4]; /* south-west, south-east, north-east, north-west */
} Cell;

typedef struct
{
  int level;
  NaviMapRect bounds;
  GHashTable *cells; /* key -> Cell */
  GArray *scratch;
  GArray *simple;
  Cell *current; /* while clipping */
} Build;

NaviMapSea *
navi_map_sea_new (void)
{
  NaviMapSea *self = g_new0 (NaviMapSea, 1);

  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  return self;
}

void
navi_map_sea_free (NaviMapSea *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static GArray *
copy_points (const NaviMapPoint *points, guint n)
{
  GArray *copy = g_array_sized_new (FALSE, FALSE, sizeof (NaviMapPoint), n);

  g_array_append_vals (copy, points, n);
  return copy;
}

void
navi_map_sea_add (NaviMapSea *self, const NaviMapPoint *points, guint n)
{
  if (n < 2)
    return;
  g_ptr_array_add (self->lines, copy_points (points, n));
  self->joined = FALSE;
}

#define POINT(array, i) g_array_index (array, NaviMapPoint, i)
#define LAST(array) POINT (array, (array)->len - 1)

static gint64
point_key (NaviMapPoint p)
{
  return (gint64) p.lat_e7 * ((gint64) 1 << 32) + (guint32) p.lon_e7;
}

static gboolean
same (NaviMapPoint a, NaviMapPoint b)
{
  return a.lat_e7 == b.lat_e7 && a.lon_e7 == b.lon_e7;
}

/* ---- Joining: a coast comes as many ways, each beginning where another ends ---- */

static void
append_followers (GPtrArray *lines, GHashTable *by_start, GArray *line)
{
  for (;;)
    {
      gint64 key = point_key (LAST (line));
      GArray *next = g_hash_table_lookup (by_start, &key);

      if (next == NULL || next == line)
        return;
      g_hash_table_remove (by_start, &key);
      g_array_append_vals (line, &POINT (next, 1), next->len - 1);
      g_array_set_size (next, 0); /* used up */
    }
}

static void
join_lines (NaviMapSea *self)
{
  g_autoptr (GHashTable) by_start = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < self->lines->len; i++)
    {
      GArray *line = g_ptr_array_index (self->lines, i);
      gint64 key = point_key (POINT (line, 0));

      if (!same (POINT (line, 0), LAST (line)))
        g_hash_table_insert (by_start, g_memdup2 (&key, sizeof key), line);
    }
  for (guint i = 0; i < self->lines->len; i++)
    {
      GArray *line = g_ptr_array_index (self->lines, i);

      if (line->len >= 2 && !same (POINT (line, 0), LAST (line)))
        append_followers (self->lines, by_start, line);
    }
  for (guint i = 0; i < self->lines->len;)
    if (((GArray *) g_ptr_array_index (self->lines, i))->len < 2)
      g_ptr_array_remove_index (self->lines, i);
    else
      i++;
  self->joined = TRUE;
}

/* ---- Cutting the coasts into cells ---- */

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  g_ptr_array_unref (cell->parts);
  g_array_unref (cell->rings);
  g_array_unref (cell->ring_sizes);
  g_free (cell);
}

static gint64
cell_key (gint32 row, gint32 col)
{
  return (gint64) row * ((gint64) 1 << 32) + col;
}

static Cell *
find_cell (Build *build, gint32 row, gint32 col)
{
  gint64 key = cell_key (row, col);

  return g_hash_table_lookup (build->cells, &key);
}

static Cell *
ensure_cell (Build *build, gint32 row, gint32 col)
{
  Cell *cell = find_cell (build, row, col);
  gint64 key = cell_key (row, col);

  if (cell != NULL)
    return cell;
  cell = g_new0 (Cell, 1);
  cell->row = row;
  cell->col = col;
  cell->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  cell->rings = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  cell->ring_sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_hash_table_insert (build->cells, g_memdup2 (&key, sizeof key), cell);
  return cell;
}

static NaviMapRect
cell_rect (const Build *build, gint32 row, gint32 col, gboolean with_margin)
{
  gint64 south = navi_map_cell_south_e7 (build->level, row);
  gint64 west = navi_map_cell_west_e7 (build->level, col);
  gint64 size = navi_map_cell_size_e7 (build->level);
  gint64 margin = with_margin ? (gint64) NAVI_MAP_CELL_MARGIN * navi_map_levels[build->level].unit_e7 : 0;

  return (NaviMapRect){ south - margin, west - margin, south + size + margin, west + size + margin };
}

static void
on_part (const NaviMapPoint *points, guint n, gpointer user_data)
{
  Build *build = user_data;

  g_ptr_array_add (build->current->parts, copy_points (points, n));
}

/* Clips the line to one cell.  A ring that begins inside the cell comes in two pieces there: they are one part. */
static void
cut_into_cell (Build *build, const GArray *line, gint32 row, gint32 col)
{
  NaviMapRect rect = cell_rect (build, row, col, TRUE);
  Cell *cell = ensure_cell (build, row, col);
  guint before = cell->parts->len;

  build->current = cell;
  navi_map_clip_line (&POINT (line, 0), line->len, &rect, build->scratch, on_part, build);
  if (cell->parts->len >= before + 2 && same (POINT (line, 0), LAST (line)))
    {
      GArray *first = g_ptr_array_index (cell->parts, before);
      GArray *last = g_ptr_array_index (cell->parts, cell->parts->len - 1);

      if (same (POINT (first, 0), POINT (line, 0)) && same (LAST (last), POINT (line, 0)))
        {
          g_array_append_vals (last, &POINT (first, 1), first->len - 1);
          g_ptr_array_remove_index (cell->parts, before);
        }
    }
}

static void
cut_line (Build *build, const GArray *line)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gint64 margin = (gint64) NAVI_MAP_CELL_MARGIN * navi_map_levels[build->level].unit_e7;

  for (guint i = 1; i < line->len; i++)
    {
      NaviMapPoint a = POINT (line, i - 1);
      NaviMapPoint b = POINT (line, i);
      gint32 row_to = navi_map_cell_row (build->level, MAX (a.lat_e7, b.lat_e7) + margin);
      gint32 col_to = navi_map_cell_col (build->level, MAX (a.lon_e7, b.lon_e7) + margin);

      for (gint32 row = navi_map_cell_row (build->level, MIN (a.lat_e7, b.lat_e7) - margin); row <= row_to; row++)
        for (gint32 col = navi_map_cell_col (build->level, MIN (a.lon_e7, b.lon_e7) - margin); col <= col_to; col++)
          {
            gint64 key = cell_key (row, col);

            if (g_hash_table_add (seen, g_memdup2 (&key, sizeof key)))
              cut_into_cell (build, line, row, col);
          }
    }
}

/* ---- Solving a cell ---- */

/* Where on the rectangle's edge the point lies, clockwise from the north-west corner; -1: not on it. */
static gint64
along_edge (NaviMapPoint p, const NaviMapRect *rect)
{
  gint64 side = rect->east_e7 - rect->west_e7;

  if (p.lat_e7 == rect->north_e7)
    return p.lon_e7 - rect->west_e7;
  if (p.lon_e7 == rect->east_e7)
    return side + rect->north_e7 - p.lat_e7;
  if (p.lat_e7 == rect->south_e7)
    return 2 * side + rect->east_e7 - p.lon_e7;
  if (p.lon_e7 == rect->west_e7)
    return 3 * side + p.lat_e7 - rect->south_e7;
  return -1;
}

static NaviMapPoint
corner (const NaviMapRect *rect, int number)
{
  switch (number % 4)
    {
    case 0:
      return (NaviMapPoint){ (gint32) rect->north_e7, (gint32) rect->west_e7 };
    case 1:
      return (NaviMapPoint){ (gint32) rect->north_e7, (gint32) rect->east_e7 };
    case 2:
      return (NaviMapPoint){ (gint32) rect->south_e7, (gint32) rect->east_e7 };
    default:
      return (NaviMapPoint){ (gint32) rect->south_e7, (gint32) rect->west_e7 };
    }
}

/* Adds the points after @first of the cell's rings as a ring; the builder wants outer rings against the clock and the coast gives
 * water clockwise, islands against it: turned round, both are right. */
static void
end_ring (Cell *cell, guint first)
{
  guint n = cell->rings->len - first;

  if (n < 3)
    {
      g_array_set_size (cell->rings, first);
      return;
    }
  for (guint i = 0; i < n / 2; i++)
    {
      NaviMapPoint swap = POINT (cell->rings, first + i);

      POINT (cell->rings, first + i) = POINT (cell->rings, first + n - 1 - i);
      POINT (cell->rings, first + n - 1 - i) = swap;
    }
  g_array_append_val (cell->ring_sizes, n);
}

static void
add_whole_cell (Cell *cell, const NaviMapRect *rect)
{
  guint first = cell->rings->len;

  for (int i = 0; i < 4; i++)
    {
      NaviMapPoint p = corner (rect, i);

      g_array_append_val (cell->rings, p);
    }
  end_ring (cell, first);
}

/* From the end of one part along the edge, clockwise, to the beginning of the next: the index of that part. */
static guint
walk_edge (Cell *cell, const NaviMapRect *rect, gint64 from)
{
  gint64 side = rect->east_e7 - rect->west_e7;
  gint64 nearest = G_MAXINT64;
  guint next = 0;

  for (guint i = 0; i < cell->parts->len; i++)
    {
      GArray *part = g_ptr_array_index (cell->parts, i);
      gint64 ahead = along_edge (POINT (part, 0), rect) - from;

      if (same (POINT (part, 0), LAST (part)))
        continue;
      if (ahead < 0)
        ahead += 4 * side;
      if (ahead < nearest)
        {
          nearest = ahead;
          next = i;
        }
    }
  for (gint64 at = (from / side + 1) * side; at < from + nearest; at += side)
    {
      NaviMapPoint p = corner (rect, (int) (at / side));

      g_array_append_val (cell->rings, p);
    }
  return next;
}

/* Where an extract cut the coast off, it goes on to the nearest edge of the cell. */
static NaviMapPoint
nearest_on_edge (NaviMapPoint p, const NaviMapRect *rect)
{
  gint64 north = rect->north_e7 - p.lat_e7, south = p.lat_e7 - rect->south_e7;
  gint64 east = rect->east_e7 - p.lon_e7, west = p.lon_e7 - rect->west_e7;
  gint64 least = MIN (MIN (north, south), MIN (east, west));

  if (least == north)
    return (NaviMapPoint){ (gint32) rect->north_e7, p.lon_e7 };
  if (least == south)
    return (NaviMapPoint){ (gint32) rect->south_e7, p.lon_e7 };
  return (NaviMapPoint){ p.lat_e7, (gint32) (least == east ? rect->east_e7 : rect->west_e7) };
}

static void
extend_parts (Cell *cell, const NaviMapRect *rect)
{
  for (guint i = 0; i < cell->parts->len; i++)
    {
      GArray *part = g_ptr_array_index (cell->parts, i);

      if (same (POINT (part, 0), LAST (part)))
        continue;
      if (along_edge (POINT (part, 0), rect) < 0)
        {
          NaviMapPoint p = nearest_on_edge (POINT (part, 0), rect);

          g_array_prepend_val (part, p);
        }
      if (along_edge (LAST (part), rect) < 0)
        {
          NaviMapPoint p = nearest_on_edge (LAST (part), rect);

          g_array_append_val (part, p);
        }
    }
}

static void
solve_cell (Build *build, Cell *cell)
{
  NaviMapRect rect = cell_rect (build, cell->row, cell->col, TRUE);
  g_autofree gboolean *used = g_new0 (gboolean, cell->parts->len);
  gboolean crossed = FALSE, has_island = FALSE;

  extend_parts (cell, &rect);
  cell->status = COAST;
  for (guint i = 0; i < cell->parts->len; i++)
    {
      guint first = cell->rings->len;
      GArray *part = g_ptr_array_index (cell->parts, i);

      if (used[i])
        continue;
      if (same (POINT (part, 0), LAST (part)))
        {
          has_island = has_island || navi_map_signed_area (&POINT (part, 0), part->len - 1) > 0;
          g_array_append_vals (cell->rings, part->data, part->len - 1);
          end_ring (cell, first);
          continue;
        }
      crossed = TRUE;
      for (guint at = i; !used[at];)
        {
          part = g_ptr_array_index (cell->parts, at);
          used[at] = TRUE;
          g_array_append_vals (cell->rings, part->data, part->len);
          at = walk_edge (cell, &rect, along_edge (LAST (part), &rect));
        }
      end_ring (cell, first);
    }
  /* Islands alone: all around them is water. */
  if (has_island && !crossed)
    add_whole_cell (cell, &rect);
}

static gboolean
is_water (const Cell *cell, NaviMapPoint p)
{
  gboolean in = FALSE;
  guint at = 0;

  for (guint r = 0; r < cell->ring_sizes->len; r++)
    {
      guint n = g_array_index (cell->ring_sizes, guint, r);

      for (guint i = 0; i < n; i++)
        {
          NaviMapPoint a = POINT (cell->rings, at + (i > 0 ? i - 1 : n - 1));
          NaviMapPoint b = POINT (cell->rings, at + i);

          if ((a.lat_e7 > p.lat_e7) != (b.lat_e7 > p.lat_e7) &&
              p.lon_e7 < a.lon_e7 + ((gint64) b.lon_e7 - a.lon_e7) * ((gint64) p.lat_e7 - a.lat_e7) / ((gint64) b.lat_e7 - a.lat_e7))
            in = !in;
        }
      at += n;
    }
  return in;
}

/* ---- Filling what lies between ---- */

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const Cell *x = *(const Cell *const *) a;
  const Cell *y = *(const Cell *const *) b;

  if (x->row != y->row)
    return x->row < y->row ? -1 : 1;
  return x->col < y->col ? -1 : x->col > y->col;
}

static GPtrArray *
sorted_cells (Build *build)
{
  GPtrArray *cells = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, build->cells);
  while (g_hash_table_iter_next (&iter, NULL, &cell))
    g_ptr_array_add (cells, cell);
  g_ptr_array_sort (cells, compare_cells);
  return cells;
}

static gboolean
in_bounds (const Build *build, gint32 row, gint32 col)
{
  return row >= navi_map_cell_row (build->level, build->bounds.south_e7) && row <= navi_map_cell_row (build->level, build->bounds.north_e7) &&
         col >= navi_map_cell_col (build->level, build->bounds.west_e7) && col <= navi_map_cell_col (build->level, build->bounds.east_e7);
}

static void
spread_to (Build *build, GQueue *todo, gint32 row, gint32 col, gboolean water)
{
  Cell *cell;

  if (!in_bounds (build, row, col) || find_cell (build, row, col) != NULL)
    return;
  cell = ensure_cell (build, row, col);
  cell->status = water ? WATER : LAND;
  g_queue_push_tail (todo, cell);
}

static void
spread_from_coast (Build *build, GQueue *todo, Cell *cell)
{
  static const int corner_rows[] = { 0, 0, 1, 1 };
  static const int corner_cols[] = { 0, 1, 1, 0 };
  NaviMapRect rect = cell_rect (build, cell->row, cell->col, FALSE);

  for (int i = 0; i < 4; i++)
    {
      NaviMapPoint p = { (gint32) (corner_rows[i] ? rect.north_e7 : rect.south_e7), (gint32) (corner_cols[i] ? rect.east_e7 : rect.west_e7) };
      gboolean water = is_water (cell, p);

      for (int dr = -1; dr <= 0; dr++)
        for (int dc = -1; dc <= 0; dc++)
          spread_to (build, todo, cell->row + corner_rows[i] + dr, cell->col + corner_cols[i] + dc, water);
    }
}

static void
fill (Build *build)
{
  g_autoptr (GPtrArray) coast = sorted_cells (build);
  gint64 rows = navi_map_cell_row (build->level, build->bounds.north_e7) - navi_map_cell_row (build->level, build->bounds.south_e7) + 1;
  gint64 cols = navi_map_cell_col (build->level, build->bounds.east_e7) - navi_map_cell_col (build->level, build->bounds.west_e7) + 1;
  GQueue todo = G_QUEUE_INIT;
  Cell *cell;

  if (rows * cols > MAX_FILLED_CELLS)
    return;
  for (guint i = 0; i < coast->len; i++)
    {
      cell = g_ptr_array_index (coast, i);
      if (cell->status == COAST)
        spread_from_coast (build, &todo, cell);
    }
  while ((cell = g_queue_pop_head (&todo)) != NULL)
    {
      static const int steps[][2] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };

      for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
        spread_to (build, &todo, cell->row + steps[i][0], cell->col + steps[i][1], cell->status == WATER);
    }
}

static void
give (Build *build, NaviMapSeaFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) cells = sorted_cells (build);

  for (guint i = 0; i < cells->len; i++)
    {
      Cell *cell = g_ptr_array_index (cells, i);
      NaviMapRect rect = cell_rect (build, cell->row, cell->col, TRUE);

      if (cell->status == WATER)
        add_whole_cell (cell, &rect);
      if (cell->ring_sizes->len > 0)
        func (cell->row, cell->col, &POINT (cell->rings, 0), (const guint *) (void *) cell->ring_sizes->data, cell->ring_sizes->len,
              user_data);
    }
}

void
navi_map_sea_build (NaviMapSea *self, int level, const NaviMapRect *bounds, gint32 tolerance_e7, NaviMapSeaFunc func, gpointer user_data)
{
  Build build = { .level = level, .bounds = *bounds };
  g_autoptr (GPtrArray) cells = NULL;

  if (self->lines->len == 0)
    return;
  if (!self->joined)
    join_lines (self);
  build.cells = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, cell_free);
  build.scratch = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  build.simple = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  for (guint i = 0; i < self->lines->len; i++)
    {
      const GArray *line = g_ptr_array_index (self->lines, i);

      navi_map_simplify (&POINT (line, 0), line->len, tolerance_e7, build.simple);
      /* An island may shrink to a point on the coarse levels. */
      if (build.simple->len > 3 || !same (POINT (line, 0), LAST (line)))
        cut_line (&build, build.simple);
    }
  cells = sorted_cells (&build);
  for (guint i = 0; i < cells->len; i++)
    {
      Cell *cell = g_ptr_array_index (cells, i);

      if (cell->parts->len > 0)
        solve_cell (&build, cell);
    }
  /* Cells that a margin only brushed have no part and are no coast. */
  for (guint i = 0; i < cells->len; i++)
    {
      Cell *cell = g_ptr_array_index (cells, i);
      gint64 key = cell_key (cell->row, cell->col);

      if (cell->parts->len == 0)
        g_hash_table_remove (build.cells, &key);
    }
  fill (&build);
  give (&build, func, user_data);
  g_hash_table_unref (build.cells);
  g_array_unref (build.scratch);
  g_array_unref (build.simple);
}
