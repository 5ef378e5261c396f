/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-geo.h"
#include "navi-places.h"

#include <string.h>

/* Tells in which settlement each thing lies, and puts all in order. */

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  guint32 radius_m;
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
find_city (const GArray *settlements, gint32 lat_e7, gint32 lon_e7)
{
  const gint32 reach_e7 = 1400000; /* 15.5 km */
  guint low = 0, high = settlements->len;
  guint64 best = 1000;
  guint32 name = 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (settlements, Settlement, middle).lat_e7 < lat_e7 - reach_e7)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < settlements->len; low++)
    {
      const Settlement *at = &g_array_index (settlements, Settlement, low);
      guint64 share;
      if (at->lat_e7 > lat_e7 + reach_e7)
        break;
      share = navi_geo_distance_mm (at->lat_e7, at->lon_e7, lat_e7, lon_e7) / at->radius_m;
      if (share < best)
        {
          best = share;
          name = at->name;
        }
    }
  return name;
}

/* The town that a settlement is part of: by its bounds; where there are none, a larger one near whose middle it lies.  What is in
 * the one may then be looked for in the other. */
static guint32
find_parent (const NaviPlaces *self, const GArray *settlements, GHashTable *towns, const NaviPlaceDraft *draft)
{
  guint64 best = 250; /* thousandths of its reach */
  guint32 name = 0;

  if (navi_places_find_town (self, draft, towns, &name))
    return name;
  for (guint i = 0; i < settlements->len; i++)
    {
      const Settlement *at = &g_array_index (settlements, Settlement, i);
      guint64 share;
      if (at->radius_m <= draft->radius_m || ABS ((gint64) at->lat_e7 - draft->lat_e7) > 1400000)
        continue;
      share = navi_geo_distance_mm (at->lat_e7, at->lon_e7, draft->lat_e7, draft->lon_e7) / at->radius_m;
      if (share < best)
        {
          best = share;
          name = at->name;
        }
    }
  return name;
}

/* What bears a city in its address keeps that; a numbered road belongs to none. */
static void
set_cities (NaviPlaces *self)
{
  guint32 road = navi_places_intern (self, "road");
  g_autoptr (GArray) settlements = g_array_new (FALSE, FALSE, sizeof (Settlement));
  g_autoptr (GHashTable) towns = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &g_array_index (self->drafts, NaviPlaceDraft, i);
      Settlement settlement = { draft->lat_e7, draft->lon_e7, draft->radius_m, draft->name };
      if (draft->radius_m > 0 && draft->name != 0)
        {
          g_array_append_val (settlements, settlement);
          g_hash_table_add (towns, GUINT_TO_POINTER (draft->name));
        }
    }
  g_array_sort (settlements, compare_settlements);
  for (guint i = 0; i < self->drafts->len; i++)
    {
      NaviPlaceDraft *draft = &g_array_index (self->drafts, NaviPlaceDraft, i);
      if (draft->city == 0)
        draft->city = draft->radius_m == 0 ? find_city (settlements, draft->lat_e7, draft->lon_e7)
                                           : find_parent (self, settlements, towns, draft);
    }
  for (guint i = 0; i < self->pieces->len; i++)
    {
      NaviStreetPiece *piece = &g_array_index (self->pieces, NaviStreetPiece, i);
      if (piece->kind != road)
        piece->city = find_city (settlements, piece->lat_e7, piece->lon_e7);
    }
}

/* ---- Order ---- */

/* How far along a Hilbert curve through a square of 2^20 cells a side the point lies. */
static guint64
hilbert_of (gint32 lat_e7, gint32 lon_e7)
{
  guint32 x = (guint32) (((guint64) ((gint64) lon_e7 + 1800000000) << 20) / 3600000001);
  guint32 y = (guint32) (((guint64) ((gint64) lat_e7 + 900000000) << 20) / 3600000001);
  guint64 along = 0;

  for (guint32 s = 1u << 19; s > 0; s >>= 1)
    {
      guint32 right = (x & s) != 0, up = (y & s) != 0;
      along += (guint64) s * s * ((3 * right) ^ up);
      if (up == 0)
        {
          guint32 swap = x;
          if (right != 0)
            {
              swap = (1u << 20) - 1 - x;
              y = (1u << 20) - 1 - y;
            }
          x = y;
          y = swap;
        }
    }
  return along;
}

typedef struct
{
  guint64 along;
  guint32 draft;
  guint8 type;
} Key;

static gint
compare_keys (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Key *left = a, *right = b;
  const NaviPlaceDraft *drafts = user_data;
  const NaviPlaceDraft *x = &drafts[left->draft], *y = &drafts[right->draft];

  if (left->type != right->type)
    return left->type < right->type ? -1 : 1;
  if (left->along != right->along)
    return left->along < right->along ? -1 : 1;
  if (x->lat_e7 != y->lat_e7)
    return x->lat_e7 < y->lat_e7 ? -1 : 1;
  if (x->lon_e7 != y->lon_e7)
    return x->lon_e7 < y->lon_e7 ? -1 : 1;
  return left->draft < right->draft ? -1 : left->draft > right->draft;
}

/* The same thing mapped twice (as a node and as an area, two entrances of one house) is found once. */
static gboolean
is_same (const NaviPlaceDraft *a, const NaviPlaceDraft *b)
{
  return a->type == b->type && a->type != NAVI_PLACE_STREET && a->name == b->name && a->kind == b->kind && a->street == b->street
         && a->number == b->number && a->city == b->city
         && navi_geo_distance_mm (a->lat_e7, a->lon_e7, b->lat_e7, b->lon_e7) < 100 * 1000;
}

static void
sort_drafts (NaviPlaces *self)
{
  const NaviPlaceDraft *drafts = (const NaviPlaceDraft *) self->drafts->data;
  g_autofree Key *keys = g_new (Key, self->drafts->len + 1);
  g_autofree guint32 *numbers = g_new0 (guint32, self->drafts->len + 1);
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (NaviPlaceDraft), self->drafts->len);

  for (guint32 i = 0; i < self->drafts->len; i++)
    keys[i] = (Key){ hilbert_of (drafts[i].lat_e7, drafts[i].lon_e7), i, drafts[i].type };
  g_qsort_with_data (keys, (gint) self->drafts->len, sizeof (Key), compare_keys, (gpointer) drafts);
  for (guint32 i = 0; i < self->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &drafts[keys[i].draft];
      gboolean seen = FALSE;
      for (guint j = sorted->len; j-- > 0 && sorted->len - j <= 32 && !seen;)
        seen = is_same (&g_array_index (sorted, NaviPlaceDraft, j), draft);
      numbers[keys[i].draft] = sorted->len;
      if (!seen)
        g_array_append_vals (sorted, draft, 1);
    }
  for (guint32 i = 0; i < sorted->len; i++)
    {
      NaviPlaceDraft *draft = &g_array_index (sorted, NaviPlaceDraft, i);
      if (draft->address_place != 0)
        draft->address_place = numbers[draft->address_place - 1] + 1;
    }
  g_array_unref (self->drafts);
  self->drafts = sorted;
}

/* ---- Tables ---- */

static void
add_to_table (GArray *table, GHashTable *ids, guint32 text)
{
  if (g_hash_table_contains (ids, GUINT_TO_POINTER (text)))
    return;
  g_hash_table_insert (ids, GUINT_TO_POINTER (text), GUINT_TO_POINTER (table->len));
  g_array_append_val (table, text);
}

static void
make_tables (const NaviPlaces *self, NaviPlaceTables *tables)
{
  tables->kinds = g_array_new (FALSE, TRUE, sizeof (guint32));
  tables->cities = g_array_new (FALSE, TRUE, sizeof (guint32));
  tables->city_places = g_array_new (FALSE, TRUE, sizeof (guint32));
  tables->kind_ids = g_hash_table_new (NULL, NULL);
  tables->city_ids = g_hash_table_new (NULL, NULL);
  add_to_table (tables->cities, tables->city_ids, 0);
  for (guint i = 0; i < self->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &g_array_index (self->drafts, NaviPlaceDraft, i);
      add_to_table (tables->kinds, tables->kind_ids, draft->kind);
      add_to_table (tables->cities, tables->city_ids, draft->city);
      for (guint32 k = 0; k < draft->n_houses; k++)
        add_to_table (tables->cities, tables->city_ids,
                      g_array_index (self->houses, NaviHouseDraft, draft->first_house + k).city);
    }
  g_array_set_size (tables->city_places, tables->cities->len);
  for (guint32 i = 0; i < self->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &g_array_index (self->drafts, NaviPlaceDraft, i);
      guint32 city = GPOINTER_TO_UINT (g_hash_table_lookup (tables->city_ids, GUINT_TO_POINTER (draft->name)));
      guint32 *place = &g_array_index (tables->city_places, guint32, city);
      if (draft->type == NAVI_PLACE_SETTLEMENT && draft->radius_m > 0 && city != 0
          && (*place == 0 || g_array_index (self->drafts, NaviPlaceDraft, *place - 1).importance < draft->importance))
        *place = i + 1;
    }
}

static void
clear_tables (NaviPlaceTables *tables)
{
  g_array_unref (tables->kinds);
  g_array_unref (tables->cities);
  g_array_unref (tables->city_places);
  g_hash_table_unref (tables->kind_ids);
  g_hash_table_unref (tables->city_ids);
}

gboolean
navi_places_build (NaviPlaces *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  g_autofree guint32 *owners = g_new (guint32, self->pieces->len + 1);
  NaviPlaceTables tables;
  gboolean ok;

  set_cities (self);
  navi_places_join_streets (self, owners);
  navi_places_give_houses (self, owners);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  sort_drafts (self);
  make_tables (self, &tables);
  ok = navi_places_write (self, &tables, writer, error) && !g_cancellable_set_error_if_cancelled (cancellable, error)
       && navi_places_write_index (self, &tables, writer, error);
  clear_tables (&tables);
  return ok;
}
