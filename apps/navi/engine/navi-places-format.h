/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"

G_BEGIN_DECLS

/* The search sections of a region file as they lie (numbers are varints of navi-varint.h unless a width is named; "signed" ones are
 * zigzag-coded; positions are in 1e-6 degrees; a text ends with NUL).
 *
 * NAVI_SECTION_PLACES: a NaviPlacesHeader.
 * NAVI_SECTION_PLACE_BLOCKS: a NaviPlaceBlock for each NAVI_PLACES_PER_BLOCK places, and one more that tells where the last ends.
 * NAVI_SECTION_PLACE_DATA: the blocks.  A block is the length of its numbers, the length of its texts, the numbers as they are, and the texts in one
 * zstd frame.  Places are numbered by type (settlements, streets, points of interest), within a type along a Hilbert curve, so
 * that neighbours lie together.  Of each place:
 *
 *     flags (NaviPlaceFlags), signed latitude and longitude less those of the place before (of the block's south-west corner first)
 *     if they differ from the place before: kind, city, u8 importance
 *     the street of its address as number of a street (which is a place), u8 mask of its details
 *     houses: how many, and of each, sorted by number:
 *         4 * what its number is more than the one before + NaviHouseFlags, signed latitude and longitude less those of the one before (of the street first),
 *         the city if it is another than the street's
 *     texts: name, English name, Chinese name, house number, details in the order of NaviPlaceDetail; of each house what follows its
 *     number ("a"), and its postcode if that is not its street's
 *
 * Houses belong to the street (or named place) of their address; they are no places of their own.
 *
 * NAVI_SECTION_PLACE_TABLES: texts one after another: the kinds; then of each city its name, English name, Chinese name, and the number of
 * its place as decimal text ("" if none).
 *
 * NAVI_SECTION_TERMS: a NaviTermBlock for each NAVI_TERMS_PER_BLOCK terms, and one more that tells where the last ends.
 * NAVI_SECTION_TERM_BYTES: the sorted terms of the text pipeline whose version the metadata's "text-version" says: how many bytes it has in common
 * with the one before (0 for a block's first), how many follow, those, and the length of its postings.
 * NAVI_SECTION_POSTINGS: of each term in turn the rising differences of what it stands for: a place; number of places + a kind; number of places and kinds
 * + a city.  Terms that begin with the byte 1 are the kinds themselves: their postings are all places of the kind. */

enum
{
  NAVI_PLACES_PER_BLOCK = 256,
  NAVI_TERMS_PER_BLOCK = 16,
  NAVI_PLACE_BLOCK_MAX_BYTES = 16 * 1024 * 1024, /* of a block's texts: more is damage */
};

typedef struct
{
  guint32 n_settlements;
  guint32 n_streets;
  guint32 n_pois;
  guint32 n_kinds;
  guint32 n_cities;
  guint32 n_houses;
} NaviPlacesHeader;

/* The box holds the block's places and their houses. */
typedef struct
{
  guint32 first_byte;
  gint32 south_e6;
  gint32 west_e6;
  gint32 north_e6;
  gint32 east_e6;
} NaviPlaceBlock;

typedef enum
{
  NAVI_PLACE_HAS_KIND = 1 << 0,
  NAVI_PLACE_HAS_CITY = 1 << 1,
  NAVI_PLACE_HAS_IMPORTANCE = 1 << 2,
  NAVI_PLACE_HAS_DETAILS = 1 << 3,
  NAVI_PLACE_HAS_NAME_EN = 1 << 4,
  NAVI_PLACE_HAS_HOUSES = 1 << 5,
  NAVI_PLACE_HAS_STREET = 1 << 6,
  NAVI_PLACE_HAS_NUMBER = 1 << 7,
  NAVI_PLACE_HAS_NAME_ZH = 1 << 8,
} NaviPlaceFlags;

typedef enum
{
  NAVI_DETAIL_POSTCODE,
  NAVI_DETAIL_OPENING_HOURS,
  NAVI_DETAIL_PHONE,
  NAVI_DETAIL_WEBSITE,
  NAVI_DETAIL_WHEELCHAIR,
  NAVI_DETAIL_CUISINE,
  NAVI_N_PLACE_DETAILS,
} NaviPlaceDetail;

typedef enum
{
  NAVI_HOUSE_HAS_SUFFIX = 1 << 0,
  NAVI_HOUSE_IS_OTHER = 1 << 1, /* more flags follow */
} NaviHouseFlags;

typedef enum
{
  NAVI_HOUSE_HAS_CITY = 1 << 0,
  NAVI_HOUSE_HAS_POSTCODE = 1 << 1,    /* its own */
  NAVI_HOUSE_IS_APPROXIMATE = 1 << 2,  /* between two that are known */
} NaviHouseMoreFlags;

typedef struct
{
  guint32 bytes;
  guint32 postings;
} NaviTermBlock;

#define NAVI_TERM_OF_KIND '\x01'

G_STATIC_ASSERT (sizeof (NaviPlacesHeader) == 24);
G_STATIC_ASSERT (sizeof (NaviPlaceBlock) == 20);
G_STATIC_ASSERT (sizeof (NaviTermBlock) == 8);

#define NAVI_META_TEXT_VERSION "text-version"

/* 1e-6 degrees of 1e-7, the same way on both sides of zero. */
static inline gint32
navi_e6_of_e7 (gint32 e7)
{
  return (gint32) (((gint64) e7 + 5 + 10000000000) / 10 - 1000000000);
}

G_END_DECLS
