/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-names.h"

G_BEGIN_DECLS

/* NaviPlace: something with a name or an address that a search found.
 *
 * Threading: immutable; any thread.
 * Ownership: strings belong to the place; never NULL, "" where there is none. */

typedef enum
{
  NAVI_PLACE_SETTLEMENT, /* city, town, village... */
  NAVI_PLACE_STREET,
  NAVI_PLACE_POI,
  NAVI_PLACE_HOUSE,
  NAVI_PLACE_COORDINATE, /* typed as numbers or as a geo: URI */
  NAVI_N_PLACE_TYPES,
} NaviPlaceType;

/* What a place is made of; navi_place_new() copies it. */
typedef struct
{
  NaviPlaceType type;
  const char *kind;    /* OpenStreetMap's word: "town", "restaurant", "street", "house"... */
  const char *name;    /* as on the ground; for a house street and number */
  const char *name_en;
  const char *name_zh;
  const char *street;  /* as on the ground, and in the other languages */
  const char *street_en;
  const char *street_zh;
  const char *number;
  const char *postcode;
  const char *city;
  const char *city_en;
  const char *city_zh;
  const char *opening_hours;
  const char *phone;
  const char *website;
  const char *wheelchair;
  const char *cuisine;
  double lat_deg;
  double lon_deg;
  double distance_m;   /* from where the search was asked to be near; negative if from nowhere */
  guint importance;    /* 0 to 100 */
  gint score;          /* how good an answer it is, the more the better: to merge the answers of several regions */
  gboolean is_approximate; /* a house whose number is not on the map, between two that are */
} NaviPlaceData;

#define NAVI_TYPE_PLACE (navi_place_get_type ())
G_DECLARE_FINAL_TYPE (NaviPlace, navi_place, NAVI, PLACE, GObject)

/* Properties (read only): "name", "kind" (strings). */

NaviPlace *navi_place_new (const NaviPlaceData *data);

/* (transfer none) */
const NaviPlaceData *navi_place_get_data (NaviPlace *self);

/* (transfer full) */
NaviNames *navi_place_get_names (NaviPlace *self);

/* The name to show in @language ("en", "zh") by the rule of navi-names.h; where it has none, what it is ("Fuel").  (transfer none) */
const char *navi_place_get_name (NaviPlace *self, const char *language);

/* What it is called besides; NULL if nothing else.  (transfer none) (nullable) */
const char *navi_place_get_other_name (NaviPlace *self, const char *language);

/* What it is, in @language: "Restaurant", "餐厅".  (transfer full) */
char *navi_place_get_kind_label (NaviPlace *self, const char *language);

/* Street and number in the order of the street's language: "Städtle 5", "10 Bayfront Avenue", "31 Rue Grimaldi", "中山路12号".  Each may be "".
 * (transfer full) */
char *navi_place_join_street (const char *street, const char *number);

/* Where it is, in one line and in the names to show in @language: "Städtle 5, 9490 Vaduz"; "" if nothing is known.  (transfer full) */
char *navi_place_get_address (NaviPlace *self, const char *language);

/* "geo:47.141,9.521?q=47.141,9.521(Name)" (RFC 5870 and what maps add to it).  (transfer full) */
char *navi_place_get_uri (NaviPlace *self);

/* The place that a geo: URI means; (transfer full) (nullable). */
NaviPlace *navi_place_new_from_uri (const char *uri);

G_END_DECLS
