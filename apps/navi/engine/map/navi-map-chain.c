/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-map-chain.h"

#include <math.h>

/* Finds where ends meet and walks from piece to piece. */

typedef struct
{
  guint key;
  gboolean directed;
  guint first;
  guint n;
  gint next[2]; /* by end (0: the beginning): the end it is joined to, 2 * piece + end; -1: none */
  gboolean used;
} Piece;

typedef struct
{
  NaviMapPoint at;
  guint key;
  guint end; /* 2 * piece + end */
} End;

struct _NaviMapChains
{
  GArray *pieces;
  GArray *points; /* NaviMapPoint of all pieces */
  GArray *ends;
  GArray *line; /* scratch */
};

enum
{
  MOST_ENDS = 16, /* that are looked at where many meet */
};

NaviMapChains *
navi_map_chains_new (void)
{
  NaviMapChains *self = g_new0 (NaviMapChains, 1);

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  self->ends = g_array_new (FALSE, FALSE, sizeof (End));
  self->line = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  return self;
}

void
navi_map_chains_free (NaviMapChains *self)
{
  g_array_unref (self->pieces);
  g_array_unref (self->points);
  g_array_unref (self->ends);
  g_array_unref (self->line);
  g_free (self);
}

void
navi_map_chains_add (NaviMapChains *self, guint key, gboolean directed, const NaviMapPoint *points, guint n)
{
  Piece piece = { .key = key, .directed = directed, .first = self->points->len, .n = n, .next = { -1, -1 } };

  g_return_if_fail (n >= 2);
  for (guint end = 0; end < 2; end++)
    {
      End entry = { points[end == 0 ? 0 : n - 1], key, self->pieces->len * 2 + end };
      g_array_append_val (self->ends, entry);
    }
  g_array_append_vals (self->points, points, n);
  g_array_append_val (self->pieces, piece);
}

static Piece *
piece_of (NaviMapChains *self, guint end)
{
  return &g_array_index (self->pieces, Piece, end / 2);
}

static NaviMapPoint
point_at (NaviMapChains *self, guint index)
{
  return g_array_index (self->points, NaviMapPoint, index);
}

static gint
compare_ends (gconstpointer a, gconstpointer b)
{
  const End *x = a, *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  if (x->at.lat_e7 != y->at.lat_e7)
    return x->at.lat_e7 < y->at.lat_e7 ? -1 : 1;
  if (x->at.lon_e7 != y->at.lon_e7)
    return x->at.lon_e7 < y->at.lon_e7 ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

static gboolean
meet (const End *a, const End *b)
{
  return a->key == b->key && a->at.lat_e7 == b->at.lat_e7 && a->at.lon_e7 == b->at.lon_e7;
}

/* The cosine of the angle at which two pieces leave the point where they meet: -1 if the one goes straight on where the other
 * ends. */
static double
angle (NaviMapChains *self, guint a, guint b)
{
  double d[2][2], length2 = 1;
  guint ends[2] = { a, b };

  for (guint i = 0; i < 2; i++)
    {
      const Piece *piece = piece_of (self, ends[i]);
      guint at = ends[i] % 2 == 0 ? piece->first : piece->first + piece->n - 1;
      NaviMapPoint from = point_at (self, at), to = point_at (self, ends[i] % 2 == 0 ? at + 1 : at - 1);
      d[i][0] = (double) to.lon_e7 - from.lon_e7;
      d[i][1] = (double) to.lat_e7 - from.lat_e7;
      length2 *= d[i][0] * d[i][0] + d[i][1] * d[i][1];
    }
  return length2 > 0 ? (d[0][0] * d[1][0] + d[0][1] * d[1][1]) / sqrt (length2) : 1;
}

static gboolean
may_join (NaviMapChains *self, guint a, guint b)
{
  return a / 2 != b / 2 && piece_of (self, a)->next[a % 2] < 0 && piece_of (self, b)->next[b % 2] < 0
         && (!piece_of (self, a)->directed || a % 2 != b % 2);
}

/* Joins the straightest pair of the ends that meet at one point, then the straightest of those that are left. */
static void
join_ends (NaviMapChains *self, const End *ends, guint n)
{
  n = MIN (n, MOST_ENDS);
  for (;;)
    {
      double least = 2;
      guint best[2] = { 0, 0 };

      for (guint i = 0; i < n; i++)
        for (guint k = i + 1; k < n; k++)
          if (may_join (self, ends[i].end, ends[k].end))
            {
              double at = n == 2 ? 0 : angle (self, ends[i].end, ends[k].end);
              if (at >= least)
                continue;
              least = at;
              best[0] = ends[i].end;
              best[1] = ends[k].end;
            }
      if (least == 2)
        return;
      piece_of (self, best[0])->next[best[0] % 2] = (gint) best[1];
      piece_of (self, best[1])->next[best[1] % 2] = (gint) best[0];
    }
}

/* The line that begins with @end of its piece. */
static void
walk (NaviMapChains *self, guint end, NaviMapChainFunc func, gpointer user_data)
{
  guint key = piece_of (self, end)->key;

  g_array_set_size (self->line, 0);
  for (gint at = (gint) end; at >= 0 && !piece_of (self, (guint) at)->used;)
    {
      Piece *piece = piece_of (self, (guint) at);
      guint skip = self->line->len > 0 ? 1 : 0;

      piece->used = TRUE;
      if (at % 2 == 0)
        g_array_append_vals (self->line, &g_array_index (self->points, NaviMapPoint, piece->first + skip), piece->n - skip);
      else
        for (guint i = piece->n - skip; i-- > 0;)
          g_array_append_val (self->line, g_array_index (self->points, NaviMapPoint, piece->first + i));
      at = piece->next[at % 2 == 0 ? 1 : 0];
    }
  func (key, (const NaviMapPoint *) (void *) self->line->data, self->line->len, user_data);
}

void
navi_map_chains_finish (NaviMapChains *self, NaviMapChainFunc func, gpointer user_data)
{
  const End *ends;

  g_array_sort (self->ends, compare_ends);
  ends = (const End *) (void *) self->ends->data;
  for (guint i = 0, n; i < self->ends->len; i += n)
    {
      for (n = 1; i + n < self->ends->len && meet (&ends[i], &ends[i + n]);)
        n++;
      join_ends (self, &ends[i], n);
    }
  /* First those that begin somewhere, then rings. */
  for (guint end = 0; end < self->pieces->len * 2; end++)
    {
      /* A directed line is walked along. */
      const Piece *piece = piece_of (self, end);
      if (!piece->used && piece->next[end % 2] < 0 && !(piece->directed && end % 2 == 1))
        walk (self, end, func, user_data);
    }
  for (guint i = 0; i < self->pieces->len; i++)
    if (!g_array_index (self->pieces, Piece, i).used)
      walk (self, i * 2, func, user_data);
  g_array_set_size (self->pieces, 0);
  g_array_set_size (self->points, 0);
  g_array_set_size (self->ends, 0);
}
