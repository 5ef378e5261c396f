/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-geo.h"
#include "navi-places.h"
#include "navi-region.h"

/* Joins the pieces of a street, tells in which settlement each thing lies, and puts all in order. */

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  gint64 radius_mm;
  guint32 name;
} Settlement;

static gint
compare_settlements (gconstpointer a, gconstpointer b)
{
  const Settlement *left = a, *right = b;

  if (left->lat_e7 != right->lat_e7)
    return left->lat_e7 < right->lat_e7 ? -1 : 1;
  if (left->lon_e7 != right->lon_e7)
    return left->lon_e7 < right->lon_e7 ? -1 : 1;
  return left->name < right->name ? -1 : left->name > right->name;
}

/* The settlement whose middle is nearest, measured in its own size; 0 if there is none around. */
static guint32
find_city (const GArray *settlements, const NaviPlaceRecord *record)
{
  const gint32 reach_e7 = 1400000; /* 15.5 km */
  guint low = 0, high = settlements->len;
  guint64 best = 1000;
  guint32 name = 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (settlements, Settlement, middle).lat_e7 < record->lat_e7 - reach_e7)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < settlements->len; low++)
    {
      const Settlement *at = &g_array_index (settlements, Settlement, low);
      guint64 share;
      if (at->lat_e7 > record->lat_e7 + reach_e7)
        break;
      share = navi_geo_distance_mm (at->lat_e7, at->lon_e7, record->lat_e7, record->lon_e7) * 1000 / (guint64) at->radius_mm;
      if (share < best)
        {
          best = share;
          name = at->name;
        }
    }
  return name;
}

static void
set_cities (NaviPlaces *self)
{
  g_autoptr (GArray) settlements = g_array_new (FALSE, FALSE, sizeof (Settlement));
  GArray *const all[] = { self->drafts, self->streets };

  for (guint i = 0; i < self->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &g_array_index (self->drafts, NaviPlaceDraft, i);
      Settlement settlement = { draft->record.lat_e7, draft->record.lon_e7, draft->radius_mm, draft->record.name };
      if (draft->radius_mm > 0 && draft->record.name != 0)
        g_array_append_val (settlements, settlement);
    }
  g_array_sort (settlements, compare_settlements);
  for (gsize k = 0; k < G_N_ELEMENTS (all); k++)
    for (guint i = 0; i < all[k]->len; i++)
      {
        NaviPlaceRecord *record = &g_array_index (all[k], NaviPlaceDraft, i).record;
        if (record->type != NAVI_PLACE_SETTLEMENT && record->city == 0)
          record->city = find_city (settlements, record);
      }
}

/* Pieces of one name in one settlement, in the same or neighbouring squares of about 2 km, are one street. */
#define SQUARE_E7 200000

typedef struct
{
  guint32 name;
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
  const Square wanted = { .name = near->name, .city = near->city, .y = y, .x = x };
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

  if (found->name != square->name || found->city != square->city || found->y != square->y + dy || found->x != square->x + dx)
    return;
  a = group_of (squares, at);
  b = group_of (squares, other);
  g_array_index (squares, Square, MAX (a, b)).group = MIN (a, b);
}

static GArray *
group_squares (NaviPlaces *self)
{
  GArray *squares = g_array_new (FALSE, FALSE, sizeof (Square));

  for (guint32 i = 0; i < self->streets->len; i++)
    {
      const NaviPlaceRecord *record = &g_array_index (self->streets, NaviPlaceDraft, i).record;
      Square square = { record->name, record->city, (record->lat_e7 + 900000000) / SQUARE_E7,
                        (gint32) (((gint64) record->lon_e7 + 1800000000) / SQUARE_E7), i, 0 };
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
add_street (NaviPlaces *self, const Member *members, guint n)
{
  gint64 lat = 0, lon = 0;
  guint64 best = G_MAXUINT64;
  NaviPlaceDraft draft = { 0 };

  for (guint i = 0; i < n; i++)
    {
      const NaviPlaceRecord *record = &g_array_index (self->streets, NaviPlaceDraft, members[i].piece).record;
      lat += record->lat_e7;
      lon += record->lon_e7;
    }
  for (guint i = 0; i < n; i++)
    {
      const NaviPlaceDraft *piece = &g_array_index (self->streets, NaviPlaceDraft, members[i].piece);
      NaviPlaceRecord *record = &draft.record;
      guint64 mm = navi_geo_distance_mm (piece->record.lat_e7, piece->record.lon_e7, (gint32) (lat / n), (gint32) (lon / n));
      guint8 importance = MAX (record->importance, piece->record.importance);
      guint32 name_en = record->name_en != 0 ? record->name_en : piece->record.name_en;
      guint32 name_zh = record->name_zh != 0 ? record->name_zh : piece->record.name_zh;
      const char *more = draft.more != NULL ? draft.more : piece->more;
      if (mm < best)
        {
          best = mm;
          draft = *piece;
        }
      record->importance = importance;
      record->name_en = name_en;
      record->name_zh = name_zh;
      draft.more = more;
    }
  g_array_append_val (self->drafts, draft);
}

static void
join_streets (NaviPlaces *self)
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
      add_street (self, all + i, end - i);
    }
  g_array_set_size (self->streets, 0);
}

static gint
compare_drafts (gconstpointer a, gconstpointer b)
{
  const NaviPlaceRecord *left = &((const NaviPlaceDraft *) a)->record, *right = &((const NaviPlaceDraft *) b)->record;

  if (left->type != right->type)
    return left->type < right->type ? -1 : 1;
  if (left->lat_e7 >> 19 != right->lat_e7 >> 19)
    return left->lat_e7 < right->lat_e7 ? -1 : 1;
  if (left->lon_e7 != right->lon_e7)
    return left->lon_e7 < right->lon_e7 ? -1 : 1;
  if (left->lat_e7 != right->lat_e7)
    return left->lat_e7 < right->lat_e7 ? -1 : 1;
  return memcmp (left, right, sizeof *left);
}

/* The same thing mapped twice (as a node and as an area, two entrances of one house) is found once. */
static gboolean
is_same (const NaviPlaceRecord *a, const NaviPlaceRecord *b)
{
  return a->type == b->type && a->name == b->name && a->kind == b->kind && a->street == b->street && a->number == b->number
         && a->city == b->city && navi_geo_distance_mm (a->lat_e7, a->lon_e7, b->lat_e7, b->lon_e7) < 100 * 1000;
}

static void
drop_doubles (NaviPlaces *self)
{
  NaviPlaceDraft *drafts = (NaviPlaceDraft *) self->drafts->data;
  guint kept = 0;

  for (guint i = 0; i < self->drafts->len; i++)
    {
      gboolean seen = FALSE;
      for (guint j = kept; j-- > 0 && kept - j <= 64 && !seen;)
        seen = is_same (&drafts[j].record, &drafts[i].record);
      if (!seen)
        drafts[kept++] = drafts[i];
    }
  g_array_set_size (self->drafts, kept);
}

gboolean
navi_places_build (NaviPlaces *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  set_cities (self);
  join_streets (self);
  g_array_sort (self->drafts, compare_drafts);
  drop_doubles (self);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  navi_region_writer_begin (writer, NAVI_SECTION_PLACES, sizeof (NaviPlaceRecord));
  for (guint i = 0; i < self->drafts->len; i++)
    navi_region_writer_append (writer, &g_array_index (self->drafts, NaviPlaceDraft, i).record, sizeof (NaviPlaceRecord));
  if (!navi_region_writer_end (writer, error))
    return FALSE;
  return navi_region_writer_add (writer, NAVI_SECTION_PLACE_STRINGS, 1, self->strings->data, self->strings->len, error)
         && navi_places_write_index (self, writer, error);
}
