/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import.h"
#include "navi-places-format.h"

G_BEGIN_DECLS

/* NaviPlaces: what the import has gathered for search.  navi-places-pass.c gathers, -streets.c joins the pieces of streets, -houses.c gives houses
 * to streets, -build.c puts all in order, -write.c and -index.c write the sections.
 *
 * Texts are offsets into NaviPlaces.strings, equal for equal texts, 0 for none. */

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  guint32 name;
  guint32 name_en;
  guint32 name_zh;
  guint32 kind;
  guint32 street; /* of its address */
  guint32 number;
  guint32 city;
  guint32 details[NAVI_N_PLACE_DETAILS];
  guint32 more;          /* other names, looked for but not shown */
  guint32 radius_m;      /* of a settlement: how far its name serves as the city of an address; 0: never */
  guint32 address_place; /* number of the place that is its address's street + 1 */
  guint32 first_house;
  guint32 n_houses;
  guint8 type;
  guint8 importance;
} NaviPlaceDraft;

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  guint32 name;
  guint32 name_en;
  guint32 name_zh;
  guint32 kind;
  guint32 more;
  guint32 city;
  guint8 importance;
} NaviStreetPiece;

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  guint32 street;
  guint32 number;
  guint32 city;
  guint32 postcode;
  guint32 owner; /* the draft of its street */
  gboolean is_approximate;
} NaviHouseDraft;

/* The outer ring of a municipality or the like; its points lie in NaviPlaces.ring_points. */
typedef struct
{
  guint32 name;
  guint32 first_point;
  guint32 n_points;
  gint32 south_e7;
  gint32 west_e7;
  gint32 north_e7;
  gint32 east_e7;
} NaviTownRing;

typedef struct
{
  GArray *drafts; /* NaviPlaceDraft */
  GArray *pieces; /* NaviStreetPiece */
  GArray *houses; /* NaviHouseDraft */
  GArray *rings;  /* NaviTownRing */
  GArray *ring_points; /* gint32: latitude and longitude in turn */
  GByteArray *strings;
  GHashTable *offsets; /* looked up only, never walked */
} NaviPlaces;

guint32 navi_places_intern (NaviPlaces *self, const char *text);

static inline const char *
navi_places_string (const NaviPlaces *self, guint32 offset)
{
  return (const char *) self->strings->data + offset;
}

/* A house number's digits, at most 9 of them; *suffix is what follows ("a"), the whole if it does not begin with one. */
guint32 navi_places_number (const char *number, const char **suffix);

/* Makes drafts of the pieces.  @owners: the draft of each piece. */
void navi_places_join_streets (NaviPlaces *self, guint32 *owners);

/* Gives each house, and each address of a point of interest, to a street, making streets that have no road.  Afterwards houses are sorted by owner
 * and number, first_house and n_houses of the drafts are set, and address_place is the draft + 1. */
void navi_places_give_houses (NaviPlaces *self, const guint32 *owners);

/* The town in whose bounds the settlement lies besides its own; TRUE if any bounds hold it.  @towns: the names of settlements. */
gboolean navi_places_find_town (const NaviPlaces *self, const NaviPlaceDraft *draft, GHashTable *towns, guint32 *town);

/* Finds cities, joins, sorts, and writes the sections. */
gboolean navi_places_build (NaviPlaces *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error);

/* The kinds and cities of the sorted drafts, numbered in the order of their first use. */
typedef struct
{
  GArray *kinds;        /* guint32 */
  GArray *cities;       /* guint32; the first is 0, no city */
  GArray *city_places;  /* guint32: the settlement's number + 1 */
  GHashTable *kind_ids; /* text -> index; looked up only */
  GHashTable *city_ids;
} NaviPlaceTables;

gboolean navi_places_write (const NaviPlaces *self, const NaviPlaceTables *tables, NaviRegionWriter *writer, GError **error);
gboolean navi_places_write_index (const NaviPlaces *self, const NaviPlaceTables *tables, NaviRegionWriter *writer, GError **error);

G_END_DECLS
