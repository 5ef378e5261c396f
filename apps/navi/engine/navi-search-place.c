/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search-place.h"

#include <string.h>

/* Makes what is shown of what was found. */

enum
{
  TIER_SCORE = 1000, /* what was found as it was typed stays before the rest, in whichever region */
};

/* What is made for a house. */
typedef struct
{
  char *number;
  char *name;
  char *name_en;
  char *name_zh;
} HouseTexts;

static void
house_texts_clear (HouseTexts *self)
{
  g_free (self->number);
  g_free (self->name);
  g_free (self->name_en);
  g_free (self->name_zh);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HouseTexts, house_texts_clear)

static void
set_house (NaviPlaceData *data, const NaviPlaceEntry *street, const NaviHouse *house, HouseTexts *texts)
{
  texts->number = house->number > 0 ? g_strdup_printf ("%u%s", house->number, house->suffix) : g_strdup (house->suffix);
  texts->name = navi_place_join_street (street->name, texts->number);
  texts->name_en = *street->name_en != '\0' ? navi_place_join_street (street->name_en, texts->number) : NULL;
  texts->name_zh = *street->name_zh != '\0' ? navi_place_join_street (street->name_zh, texts->number) : NULL;
  *data = (NaviPlaceData){
    .type = NAVI_PLACE_HOUSE,
    .kind = "house",
    .name = texts->name,
    .name_en = texts->name_en,
    .name_zh = texts->name_zh,
    .street = street->name,
    .street_en = street->name_en,
    .street_zh = street->name_zh,
    .number = texts->number,
    .postcode = house->postcode,
    .lat_deg = house->lat_e6 / 1e6,
    .lon_deg = house->lon_e6 / 1e6,
    .importance = street->importance,
    .is_approximate = house->is_approximate,
  };
}

NaviPlace *
navi_search_make_place (NaviPlacesReader *places, const NaviSearchCandidate *candidate)
{
  const NaviPlaceEntry *entry = navi_places_reader_get (places, candidate->place);
  const NaviPlaceEntry *street = entry->street != 0 ? navi_places_reader_get (places, entry->street - 1) : NULL;
  g_auto (HouseTexts) texts = { 0 };
  const NaviCity *city;
  NaviPlaceData data = {
    .type = (NaviPlaceType) entry->type,
    .kind = navi_places_reader_get_kind (places, entry->kind),
    .name = entry->name,
    .name_en = entry->name_en,
    .name_zh = entry->name_zh,
    .street = street != NULL ? street->name : "",
    .street_en = street != NULL ? street->name_en : "",
    .street_zh = street != NULL ? street->name_zh : "",
    .number = entry->number,
    .postcode = entry->details[NAVI_DETAIL_POSTCODE],
    .opening_hours = entry->details[NAVI_DETAIL_OPENING_HOURS],
    .phone = entry->details[NAVI_DETAIL_PHONE],
    .website = entry->details[NAVI_DETAIL_WEBSITE],
    .wheelchair = entry->details[NAVI_DETAIL_WHEELCHAIR],
    .cuisine = entry->details[NAVI_DETAIL_CUISINE],
    .lat_deg = entry->lat_e6 / 1e6,
    .lon_deg = entry->lon_e6 / 1e6,
    .importance = entry->importance,
  };

  if (candidate->has_house)
    set_house (&data, entry, &candidate->house, &texts);
  city = navi_places_reader_get_city (places, candidate->has_house ? candidate->house.city : entry->city);
  data.city = city->name;
  data.city_en = city->name_en;
  data.city_zh = city->name_zh;
  data.distance_m = (double) candidate->distance_m;
  data.score = candidate->score + (2 - MIN (candidate->tier, 2)) * TIER_SCORE;
  return navi_place_new (&data);
}
