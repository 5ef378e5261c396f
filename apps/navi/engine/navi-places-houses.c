/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-geo.h"
#include "navi-places.h"

#include "cloud-text.h"

#include <string.h>

/* Gives houses and addresses to the street that bears their street's name nearest to them; streets and named places without a
 * road are made. */

enum
{
  REACH_M = 3000, /* from a house to the middle of a piece of its street */
  DOUBLE_M = 100, /* the same number nearer than that is the same house */
};

/* A street by the folded form of its name. */
typedef struct
{
  guint32 name;
  gint32 lat_e7;
  gint32 lon_e7;
  guint32 draft;
  guint32 next; /* of the streets made here: the one of the same name made before + 1 */
} Named;

typedef struct
{
  NaviPlaces *places;
  GHashTable *folded; /* text -> its folded form; looked up only */
  GArray *named;      /* Named, sorted */
  GArray *made;       /* Named */
  GHashTable *last;   /* folded name -> index in made + 1 */
} Finder;

guint32
navi_places_number (const char *number, const char **suffix)
{
  gsize digits = strspn (number, "0123456789");

  if (digits > 9)
    digits = 0;
  *suffix = number + digits;
  return digits > 0 ? (guint32) g_ascii_strtoull (number, NULL, 10) : 0;
}

static guint32
fold (Finder *self, guint32 text)
{
  guint32 folded = GPOINTER_TO_UINT (g_hash_table_lookup (self->folded, GUINT_TO_POINTER (text)));

  if (folded == 0)
    {
      g_autofree char *plain = cloud_text_fold (navi_places_string (self->places, text), -1);
      folded = *plain != '\0' ? navi_places_intern (self->places, plain) : text;
      g_hash_table_insert (self->folded, GUINT_TO_POINTER (text), GUINT_TO_POINTER (folded));
    }
  return folded;
}

static gint
compare_named (gconstpointer a, gconstpointer b)
{
  const Named *left = a, *right = b;

  if (left->name != right->name)
    return left->name < right->name ? -1 : 1;
  if (left->lat_e7 != right->lat_e7)
    return left->lat_e7 < right->lat_e7 ? -1 : 1;
  return left->draft < right->draft ? -1 : left->draft > right->draft;
}

static gboolean
take_nearer (const Named *named, gint32 lat_e7, gint32 lon_e7, guint64 *best_mm, guint32 *draft)
{
  guint64 mm = navi_geo_distance_mm (named->lat_e7, named->lon_e7, lat_e7, lon_e7);

  if (mm >= *best_mm)
    return FALSE;
  *best_mm = mm;
  *draft = named->draft;
  return TRUE;
}

static guint32
find_street (Finder *self, guint32 name, gint32 lat_e7, gint32 lon_e7)
{
  const gint32 reach_e7 = REACH_M * 90 + 1000;
  const Named wanted = { .name = name, .lat_e7 = lat_e7 - reach_e7 };
  guint low = 0, high = self->named->len;
  guint64 best_mm = REACH_M * 1000;
  guint32 draft = G_MAXUINT32;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (compare_named (&g_array_index (self->named, Named, middle), &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low < self->named->len; low++)
    {
      const Named *named = &g_array_index (self->named, Named, low);
      if (named->name != name || named->lat_e7 > lat_e7 + reach_e7)
        break;
      take_nearer (named, lat_e7, lon_e7, &best_mm, &draft);
    }
  for (guint at = GPOINTER_TO_UINT (g_hash_table_lookup (self->last, GUINT_TO_POINTER (name))); at != 0 && draft == G_MAXUINT32;)
    {
      const Named *named = &g_array_index (self->made, Named, at - 1);
      take_nearer (named, lat_e7, lon_e7, &best_mm, &draft);
      at = named->next;
    }
  return draft;
}

static guint32
make_street (Finder *self, guint32 text, guint32 name, guint32 city, gint32 lat_e7, gint32 lon_e7)
{
  NaviPlaceDraft draft
      = { .lat_e7 = lat_e7, .lon_e7 = lon_e7, .name = text, .city = city, .type = NAVI_PLACE_STREET, .importance = 20 };
  Named named = { name, lat_e7, lon_e7, self->places->drafts->len, 0 };

  draft.kind = navi_places_intern (self->places, "street");
  named.next = GPOINTER_TO_UINT (g_hash_table_lookup (self->last, GUINT_TO_POINTER (name)));
  g_array_append_val (self->made, named);
  g_hash_table_insert (self->last, GUINT_TO_POINTER (name), GUINT_TO_POINTER (self->made->len));
  g_array_append_val (self->places->drafts, draft);
  return named.draft;
}

static guint32
owner_of (Finder *self, guint32 street, guint32 city, gint32 lat_e7, gint32 lon_e7)
{
  guint32 name = fold (self, street);
  guint32 draft = find_street (self, name, lat_e7, lon_e7);

  return draft != G_MAXUINT32 ? draft : make_street (self, street, name, city, lat_e7, lon_e7);
}

static void
gather_names (Finder *self, const guint32 *owners)
{
  guint32 street = navi_places_intern (self->places, "street");

  for (guint32 i = 0; i < self->places->pieces->len; i++)
    {
      const NaviStreetPiece *piece = &g_array_index (self->places->pieces, NaviStreetPiece, i);
      Named named = { 0, piece->lat_e7, piece->lon_e7, owners[i], 0 };
      if (piece->kind != street)
        continue;
      named.name = fold (self, g_array_index (self->places->pieces, NaviStreetPiece, i).name);
      g_array_append_val (self->named, named);
    }
  g_array_sort (self->named, compare_named);
}

/* ---- Houses in order ---- */

static gint
compare_houses (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const NaviHouseDraft *left = a, *right = b;
  const NaviPlaces *places = user_data;
  const char *suffix_a, *suffix_b;
  guint32 number_a, number_b;
  gint order;

  if (left->owner != right->owner)
    return left->owner < right->owner ? -1 : 1;
  number_a = navi_places_number (navi_places_string (places, left->number), &suffix_a);
  number_b = navi_places_number (navi_places_string (places, right->number), &suffix_b);
  if (number_a != number_b)
    return number_a < number_b ? -1 : 1;
  order = strcmp (suffix_a, suffix_b);
  if (order != 0)
    return order;
  if (left->is_approximate != right->is_approximate)
    return left->is_approximate ? 1 : -1;
  if (left->lat_e7 != right->lat_e7)
    return left->lat_e7 < right->lat_e7 ? -1 : 1;
  if (left->lon_e7 != right->lon_e7)
    return left->lon_e7 < right->lon_e7 ? -1 : 1;
  return left->postcode < right->postcode ? -1 : left->postcode > right->postcode;
}

/* A node and the building around it; a number that is known needs no guess. */
static gboolean
is_double (const NaviHouseDraft *kept, const NaviHouseDraft *house)
{
  return kept->owner == house->owner && kept->number == house->number
         && (house->is_approximate
             || navi_geo_distance_mm (kept->lat_e7, kept->lon_e7, house->lat_e7, house->lon_e7) < (guint64) DOUBLE_M * 1000);
}

/* The postcode that most of a street's houses have is the street's. */
static guint32
usual_postcode (const NaviHouseDraft *houses, guint n)
{
  guint32 best = 0;
  gint votes = 0;

  for (guint i = 0; i < n; i++)
    if (houses[i].postcode == best)
      votes++;
    else if (--votes < 0)
      {
        best = houses[i].postcode;
        votes = 1;
      }
  return best;
}

/* A street that was made of houses lies where most of them are. */
static void
sort_houses (NaviPlaces *self)
{
  NaviHouseDraft *houses = (NaviHouseDraft *) self->houses->data;
  guint kept = 0;

  g_qsort_with_data (houses, (gint) self->houses->len, sizeof *houses, compare_houses, self);
  for (guint i = 0; i < self->houses->len; i++)
    {
      gboolean is_new = TRUE;
      for (guint j = kept; j-- > 0 && kept - j <= 8 && is_new;)
        is_new = !is_double (&houses[j], &houses[i]);
      if (is_new)
        houses[kept++] = houses[i];
    }
  g_array_set_size (self->houses, kept);
  for (guint i = 0, end; i < kept; i = end)
    {
      NaviPlaceDraft *owner = &g_array_index (self->drafts, NaviPlaceDraft, houses[i].owner);
      for (end = i + 1; end < kept && houses[end].owner == houses[i].owner; end++)
        ;
      owner->first_house = i;
      owner->n_houses = end - i;
      if (owner->details[NAVI_DETAIL_POSTCODE] == 0)
        owner->details[NAVI_DETAIL_POSTCODE] = usual_postcode (houses + i, end - i);
    }
}

void
navi_places_give_houses (NaviPlaces *self, const guint32 *owners)
{
  Finder finder = { .places = self };

  finder.folded = g_hash_table_new (NULL, NULL);
  finder.named = g_array_new (FALSE, FALSE, sizeof (Named));
  finder.made = g_array_new (FALSE, FALSE, sizeof (Named));
  finder.last = g_hash_table_new (NULL, NULL);
  gather_names (&finder, owners);
  for (guint i = 0; i < self->houses->len; i++)
    {
      NaviHouseDraft *house = &g_array_index (self->houses, NaviHouseDraft, i);
      NaviPlaceDraft *owner;
      house->owner = owner_of (&finder, house->street, house->city, house->lat_e7, house->lon_e7);
      owner = &g_array_index (self->drafts, NaviPlaceDraft, house->owner);
      if (owner->city == 0)
        owner->city = house->city;
      if (house->city == 0)
        house->city = owner->city;
    }
  for (guint i = 0; i < self->drafts->len; i++)
    {
      const NaviPlaceDraft *draft = &g_array_index (self->drafts, NaviPlaceDraft, i);
      guint32 owner;
      if (draft->street == 0 || draft->type == NAVI_PLACE_STREET)
        continue;
      owner = owner_of (&finder, draft->street, draft->city, draft->lat_e7, draft->lon_e7);
      g_array_index (self->drafts, NaviPlaceDraft, i).address_place = owner + 1;
    }
  sort_houses (self);
  g_hash_table_unref (finder.folded);
  g_array_unref (finder.named);
  g_array_unref (finder.made);
  g_hash_table_unref (finder.last);
}
