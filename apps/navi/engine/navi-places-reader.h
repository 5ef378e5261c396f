/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-places-format.h"
#include "navi-region.h"

G_BEGIN_DECLS

/* NaviPlacesReader: decodes the places of a region block by block, as they are touched, and keeps the blocks used last.
 *
 * A region file may come from a stranger: whatever the bytes are, places have texts and numbers within the bounds of their tables; a
 * damaged block has fewer places or none.
 *
 * Threading: one thread at a time.
 * Ownership: entries and houses are valid until navi_places_reader_trim(); the reader keeps the region alive.
 * Errors: CLOUD_ERROR_CORRUPT. */

typedef struct
{
  gint32 lat_e6;
  gint32 lon_e6;
  guint32 kind; /* index of the kinds */
  guint32 city; /* index of the cities, 0: none */
  guint32 street; /* number of the place that is its address's street + 1; 0: none */
  guint32 n_houses;
  const guint8 *houses; /* where their numbers lie in the block */
  const char *house_texts;
  guint8 type; /* NaviPlaceType */
  guint8 importance;
  const char *name; /* texts are never NULL */
  const char *name_en;
  const char *name_zh;
  const char *number;
  const char *details[NAVI_N_PLACE_DETAILS];
} NaviPlaceEntry;

typedef struct
{
  guint32 number;
  const char *suffix;
  gint32 lat_e6;
  gint32 lon_e6;
  guint32 city;
  const char *postcode;
  gboolean is_approximate;
} NaviHouse;

/* Goes through the houses of an entry. */
typedef struct
{
  const NaviPlaceEntry *entry;
  const guint8 *at;
  const guint8 *end;
  const char *text;
  const char *texts_end;
  guint32 n_left;
  guint32 n_cities;
  NaviHouse house;
} NaviHouseIter;

typedef struct
{
  const char *name;
  const char *name_en;
  const char *name_zh;
  guint32 place; /* its settlement's number + 1; 0: none */
} NaviCity;

typedef struct _NaviPlacesReader NaviPlacesReader;

/* Returns: (transfer full) (nullable): NULL with @error set.  A region without places is no error. */
NaviPlacesReader *navi_places_reader_new (NaviRegion *region, GError **error);
void navi_places_reader_free (NaviPlacesReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NaviPlacesReader, navi_places_reader_free)

guint32 navi_places_reader_get_n_places (const NaviPlacesReader *self);
guint32 navi_places_reader_get_n_kinds (const NaviPlacesReader *self);
guint32 navi_places_reader_get_n_cities (const NaviPlacesReader *self);
guint32 navi_places_reader_get_n_houses (const NaviPlacesReader *self);
guint32 navi_places_reader_get_n_blocks (const NaviPlacesReader *self);

/* Where the block's places and houses lie; the places are those from index * NAVI_PLACES_PER_BLOCK on. */
const NaviPlaceBlock *navi_places_reader_get_block (const NaviPlacesReader *self, guint32 index);

NaviPlaceType navi_places_reader_get_type (const NaviPlacesReader *self, guint32 place);

/* (nullable): NULL if its block is damaged or there is no such place */
const NaviPlaceEntry *navi_places_reader_get (NaviPlacesReader *self, guint32 place);

/* Never NULL; an index that does not exist gives one without names. */
const char *navi_places_reader_get_kind (const NaviPlacesReader *self, guint32 kind);
const NaviCity *navi_places_reader_get_city (const NaviPlacesReader *self, guint32 city);

void navi_house_iter_init (NaviHouseIter *iter, NaviPlacesReader *reader, guint32 place);
/* (nullable): the next house, valid until the next call */
const NaviHouse *navi_house_iter_next (NaviHouseIter *iter);

/* Lets go of all blocks but those used last. */
void navi_places_reader_trim (NaviPlacesReader *self);

G_END_DECLS
