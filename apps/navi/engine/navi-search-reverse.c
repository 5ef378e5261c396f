/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search-reverse.h"
#include "navi-geo.h"
#include "navi-search-place.h"
#include "navi-snap.h"

#include <math.h>
#include <string.h>

/* Looks at the blocks of places whose boxes are near the point, the nearest first, until no nearer place can come; the street is
 * the road beside which the point lies, for a street's own place says only where its middle is. */

enum
{
  POI_REACH_M = 40,
  HOUSE_REACH_M = 120,
  STREET_REACH_M = 250,
  CITY_REACH_M = 15000,
};

/* The best of what is looked for. */
typedef struct
{
  guint64 mm; /* G_MAXUINT64: nothing; of settlements in thousandths of their own size */
  NaviSearchCandidate candidate;
} Best;

typedef struct
{
  NaviPlacesReader *places;
  gint32 lat_e7;
  gint32 lon_e7;
  const char *street_name; /* (nullable): of the road beside the point */
  Best poi;
  Best house;
  Best street;
  Best suburb;
  Best city;
} Finder;

static guint64
distance_mm (const Finder *self, gint32 lat_e6, gint32 lon_e6)
{
  return navi_geo_distance_mm (self->lat_e7, self->lon_e7, lat_e6 * 10, lon_e6 * 10);
}

static void
take (Best *best, guint64 mm, guint64 metres, guint32 place, const NaviHouse *house, guint64 measure)
{
  if (mm > metres * 1000 || measure >= best->mm)
    return;
  best->mm = measure;
  best->candidate = (NaviSearchCandidate){ .place = place, .distance_m = (float) mm / 1000.0f, .has_house = house != NULL };
  if (house != NULL)
    best->candidate.house = *house;
}

/* How far a settlement's name serves, in metres; @is_part: it is part of another. */
static guint
reach_of (const char *kind, gboolean *is_part)
{
  static const struct
  {
    const char *kind;
    guint metres;
    gboolean is_part;
  } reaches[] = { { "city", CITY_REACH_M, FALSE },    { "town", 8000, FALSE },        { "municipality", 6000, FALSE },
                  { "village", 5000, FALSE },         { "borough", 3000, TRUE },      { "suburb", 2000, TRUE },
                  { "quarter", 1000, TRUE },          { "neighbourhood", 800, TRUE }, { "hamlet", 800, TRUE },
                  { "isolated_dwelling", 250, TRUE }, { "farm", 250, TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (reaches); i++)
    if (strcmp (kind, reaches[i].kind) == 0)
      {
        *is_part = reaches[i].is_part;
        return reaches[i].metres;
      }
  return 0;
}

static void
try_settlement (Finder *self, guint32 place, const NaviPlaceEntry *entry)
{
  guint64 mm = distance_mm (self, entry->lat_e6, entry->lon_e6);
  gboolean is_part = FALSE;
  guint reach_m = reach_of (navi_places_reader_get_kind (self->places, entry->kind), &is_part);

  if (reach_m > 0)
    take (is_part ? &self->suburb : &self->city, mm, reach_m, place, NULL, mm / reach_m);
}

static void
try_street (Finder *self, guint32 place, const NaviPlaceEntry *entry)
{
  NaviHouseIter iter;
  const NaviHouse *house;
  guint64 mm = distance_mm (self, entry->lat_e6, entry->lon_e6);

  if (self->street_name != NULL && strcmp (entry->name, self->street_name) == 0)
    take (&self->street, mm, 5000, place, NULL, mm);
  navi_house_iter_init (&iter, self->places, place);
  while ((house = navi_house_iter_next (&iter)) != NULL)
    {
      mm = distance_mm (self, house->lat_e6, house->lon_e6);
      take (&self->house, mm, HOUSE_REACH_M, place, house, mm);
    }
}

static void
try_block (Finder *self, guint32 index)
{
  guint32 first = index * NAVI_PLACES_PER_BLOCK, n = navi_places_reader_get_n_places (self->places);

  for (guint32 place = first; place < MIN (n, first + NAVI_PLACES_PER_BLOCK); place++)
    {
      const NaviPlaceEntry *entry = navi_places_reader_get (self->places, place);
      guint64 mm;
      if (entry == NULL)
        return;
      if (entry->type == NAVI_PLACE_SETTLEMENT)
        try_settlement (self, place, entry);
      else if (entry->type == NAVI_PLACE_STREET)
        try_street (self, place, entry);
      else if (*entry->name != '\0')
        {
          mm = distance_mm (self, entry->lat_e6, entry->lon_e6);
          take (&self->poi, mm, POI_REACH_M, place, NULL, mm);
        }
    }
}

/* From the point to the block's box, at least. */
static guint64
box_mm (const Finder *self, const NaviPlaceBlock *block)
{
  gint32 lat_e6 = CLAMP (self->lat_e7 / 10, block->south_e6, MAX (block->south_e6, block->north_e6));
  gint32 lon_e6 = CLAMP (self->lon_e7 / 10, block->west_e6, MAX (block->west_e6, block->east_e6));

  return distance_mm (self, CLAMP (lat_e6, -90000000, 90000000), CLAMP (lon_e6, -180000000, 180000000));
}

/* How far from the point a block may still have something to say. */
static guint64
reach_mm (const Finder *self, guint32 index)
{
  NaviPlaceType type = navi_places_reader_get_type (self->places, index * NAVI_PLACES_PER_BLOCK);

  return (type == NAVI_PLACE_SETTLEMENT ? CITY_REACH_M : type == NAVI_PLACE_STREET ? 5000 : POI_REACH_M) * (guint64) 1000;
}

static void
append (const Finder *self, const Best *best, GListStore *found)
{
  g_autoptr (NaviPlace) place = NULL;

  if (best->mm == G_MAXUINT64)
    return;
  place = navi_search_make_place (self->places, &best->candidate);
  g_list_store_append (found, place);
}

static void
append_street (const Finder *self, const NaviGraph *graph, guint32 arc, const NaviSnap *snap, GListStore *found)
{
  const NaviGraphWay *way = navi_graph_way (graph, arc);
  const Best *where = self->street.mm != G_MAXUINT64 ? &self->street : &self->city;
  const NaviPlaceEntry *entry = where->mm != G_MAXUINT64 ? navi_places_reader_get (self->places, where->candidate.place) : NULL;
  const NaviCity *city = where == &self->street ? navi_places_reader_get_city (self->places, entry->city) : NULL;
  g_autoptr (NaviPlace) place = NULL;
  NaviPlaceData data = {
    .type = NAVI_PLACE_STREET,
    .kind = "street",
    .name = navi_graph_string (graph, way->name),
    .name_en = navi_graph_string (graph, way->name_en),
    .name_zh = navi_graph_string (graph, way->name_zh),
    .postcode = where == &self->street ? entry->details[NAVI_DETAIL_POSTCODE] : NULL,
    .city = city != NULL ? city->name : entry != NULL ? entry->name : NULL,
    .city_en = city != NULL ? city->name_en : entry != NULL ? entry->name_en : NULL,
    .city_zh = city != NULL ? city->name_zh : entry != NULL ? entry->name_zh : NULL,
    .lat_deg = snap->lat_deg,
    .lon_deg = snap->lon_deg,
    .distance_m = snap->distance_m,
  };

  place = navi_place_new (&data);
  g_list_store_append (found, place);
}

void
navi_search_describe (NaviPlacesReader *places, const NaviGraph *graph, double lat_deg, double lon_deg, GListStore *found)
{
  Finder self = { .places = places, .lat_e7 = (gint32) lround (lat_deg * 1e7), .lon_e7 = (gint32) lround (lon_deg * 1e7) };
  guint32 arc = G_MAXUINT32;
  NaviSnap snap;

  self.poi.mm = self.house.mm = self.street.mm = self.suburb.mm = self.city.mm = G_MAXUINT64;
  if (graph != NULL)
    {
      navi_graph_enter (graph);
      if (navi_snap_named (graph, lat_deg, lon_deg, STREET_REACH_M, &snap))
        arc = snap.edge * 2;
      if (arc != G_MAXUINT32)
        self.street_name = navi_graph_string (graph, navi_graph_way (graph, arc)->name);
    }
  for (guint32 i = 0; i < navi_places_reader_get_n_blocks (places); i++)
    /* A block in which two types meet is looked at in any case: there are two of them. */
    if (box_mm (&self, navi_places_reader_get_block (places, i)) <= reach_mm (&self, i)
        || navi_places_reader_get_type (places, i * NAVI_PLACES_PER_BLOCK)
               != navi_places_reader_get_type (places, (i + 1) * NAVI_PLACES_PER_BLOCK - 1))
      try_block (&self, i);
  append (&self, &self.poi, found);
  append (&self, &self.house, found);
  if (arc != G_MAXUINT32)
    append_street (&self, graph, arc, &snap, found);
  append (&self, &self.suburb, found);
  append (&self, &self.city, found);
  if (graph != NULL)
    navi_graph_leave (graph);
}
