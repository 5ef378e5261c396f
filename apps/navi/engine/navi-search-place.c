/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-search"

#include "navi-search-place.h"

#include <string.h>

/* Makes what is shown of what was found. */

enum
{
  TIER_SCORE = 1000, /* what was found as it was typed stays before the rest, in whichever region */
};

static void
set_house (NaviPlaceData *data, const NaviPlaceEntry *street, const NaviHouse *house, char **number, char **name)
{
  *number = house->number > 0 ? g_strdup_printf ("%u%s", house->number, house->suffix) : g_strdup (house->suffix);
  *name = navi_place_join_street (street->name, *number);
  *data = (NaviPlaceData){
    .type = NAVI_PLACE_HOUSE,
    .kind = "house",
    .name = *name,
    .street = street->name,
    .number = *number,
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
  g_autofree char *number = NULL, *name = NULL;
  NaviPlaceData data = {
    .type = (NaviPlaceType) entry->type,
    .kind = navi_places_reader_get_kind (places, entry->kind),
    .name = entry->name,
    .name_en = entry->name_en,
    .name_zh = entry->name_zh,
    .street = street != NULL ? street->name : "",
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
    set_house (&data, entry, &candidate->house, &number, &name);
  data.city = navi_places_reader_get_city (places, candidate->has_house ? candidate->house.city : entry->city)->name;
  data.distance_m = (double) candidate->distance_m;
  data.score = candidate->score + (2 - MIN (candidate->tier, 2)) * TIER_SCORE;
  return navi_place_new (&data);
}
