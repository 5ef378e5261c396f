/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-geo.h"
#include "navi-places.h"

/* Joins the pieces of a street into one. */

/* Pieces of one name in one settlement, in the same or neighbouring squares of about 2 km, are one street. */
#define SQUARE_E7 200000

typedef struct
{
  guint32 name;
  guint32 kind;
  guint32 city;
  gint32 y;
  gint32 x;
  guint32 piece;
  guint32 group; /* index of the street's first square */
} Square;

static gint
compare_squares (gconstpointer a, gconstpointer b)
{
  const Square *left = a, *right = b;

  if (left->name != right->name)
    return left->name < right->name ? -1 : 1;
  if (left->kind != right->kind)
    return left->kind < right->kind ? -1 : 1;
  if (left->city != right->city)
    return left->city < right->city ? -1 : 1;
  if (left->y != right->y)
    return left->y < right->y ? -1 : 1;
  if (left->x != right->x)
    return left->x < right->x ? -1 : 1;
  return left->piece < right->piece ? -1 : left->piece > right->piece;
}

static guint32
group_of (GArray *squares, guint32 at)
{
  while (g_array_index (squares, Square, at).group != at)
    at = g_array_index (squares, Square, at).group;
  return at;
}

/* The first entry that is not before the square. */
static guint32
find_square (GArray *squares, const Square *near, gint32 y, gint32 x)
{
  const Square wanted = { .name = near->name, .kind = near->kind, .city = near->city, .y = y, .x = x };
  guint32 low = 0, high = squares->len;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      if (compare_squares (&g_array_index (squares, Square, middle), &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
join_with (GArray *squares, guint32 at, gint32 dy, gint32 dx)
{
  const Square *square = &g_array_index (squares, Square, at);
  guint32 other = find_square (squares, square, square->y + dy, square->x + dx);
  const Square *found = &g_array_index (squares, Square, MIN (other, squares->len - 1));
  guint32 a, b;

  if (found->name != square->name || found->kind != square->kind || found->city != square->city || found->y != square->y + dy
      || found->x != square->x + dx)
    return;
  a = group_of (squares, at);
  b = group_of (squares, other);
  g_array_index (squares, Square, MAX (a, b)).group = MIN (a, b);
}

static GArray *
group_squares (NaviPlaces *self)
{
  GArray *squares = g_array_new (FALSE, FALSE, sizeof (Square));

  for (guint32 i = 0; i < self->pieces->len; i++)
    {
      const NaviStreetPiece *piece = &g_array_index (self->pieces, NaviStreetPiece, i);
      Square square = { piece->name,
                        piece->kind,
                        piece->city,
                        (piece->lat_e7 + 900000000) / SQUARE_E7,
                        (gint32) (((gint64) piece->lon_e7 + 1800000000) / SQUARE_E7),
                        i,
                        0 };
      g_array_append_val (squares, square);
    }
  g_array_sort (squares, compare_squares);
  for (guint32 i = 0; i < squares->len; i++)
    g_array_index (squares, Square, i).group = i;
  for (guint32 i = 0; i < squares->len; i++)
    {
      join_with (squares, i, 0, 0);
      join_with (squares, i, 0, -1);
      join_with (squares, i, -1, -1);
      join_with (squares, i, -1, 0);
      join_with (squares, i, -1, 1);
    }
  return squares;
}

typedef struct
{
  guint32 group;
  guint32 piece;
} Member;

static gint
compare_members (gconstpointer a, gconstpointer b)
{
  const Member *left = a, *right = b;

  if (left->group != right->group)
    return left->group < right->group ? -1 : 1;
  return left->piece < right->piece ? -1 : left->piece > right->piece;
}

/* Of a street's pieces the one nearest to their common middle stands for it, with the greatest importance and any name of all. */
static void
add_street (NaviPlaces *self, const Member *members, guint n, guint32 *owners)
{
  gint64 lat = 0, lon = 0;
  guint64 best = G_MAXUINT64;
  NaviPlaceDraft draft = { .type = NAVI_PLACE_STREET };

  for (guint i = 0; i < n; i++)
    {
      const NaviStreetPiece *piece = &g_array_index (self->pieces, NaviStreetPiece, members[i].piece);
      lat += piece->lat_e7;
      lon += piece->lon_e7;
    }
  for (guint i = 0; i < n; i++)
    {
      const NaviStreetPiece *piece = &g_array_index (self->pieces, NaviStreetPiece, members[i].piece);
      guint64 mm = navi_geo_distance_mm (piece->lat_e7, piece->lon_e7, (gint32) (lat / n), (gint32) (lon / n));
      if (mm < best)
        {
          best = mm;
          draft.lat_e7 = piece->lat_e7;
          draft.lon_e7 = piece->lon_e7;
        }
      draft.name = piece->name;
      draft.kind = piece->kind;
      draft.city = piece->city;
      draft.importance = MAX (draft.importance, piece->importance);
      draft.name_en = draft.name_en != 0 ? draft.name_en : piece->name_en;
      draft.name_zh = draft.name_zh != 0 ? draft.name_zh : piece->name_zh;
      draft.more = draft.more != 0 ? draft.more : piece->more;
      owners[members[i].piece] = self->drafts->len;
    }
  g_array_append_val (self->drafts, draft);
}

void
navi_places_join_streets (NaviPlaces *self, guint32 *owners)
{
  g_autoptr (GArray) squares = group_squares (self);
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  const Member *all;

  for (guint32 i = 0; i < squares->len; i++)
    {
      Member member = { group_of (squares, i), g_array_index (squares, Square, i).piece };
      g_array_append_val (members, member);
    }
  g_array_sort (members, compare_members);
  all = (const Member *) members->data;
  for (guint i = 0, end; i < members->len; i = end)
    {
      for (end = i + 1; end < members->len && all[end].group == all[i].group; end++)
        ;
      add_street (self, all + i, end - i, owners);
    }
}
