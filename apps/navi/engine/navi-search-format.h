/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-place.h"

G_BEGIN_DECLS

/* The search sections of a region file as they lie.
 *
 * Places are in the order of their types and then of a space-filling curve; strings are offsets into the section of strings, 0 the
 * empty one.  Terms (of the text pipeline whose version the metadata's "text-version" says) are sorted by their bytes; each has a list of postings:
 * varints of the differences of 2 * place + 1 if the term stands in a name, else 2 * place. */

typedef struct
{
  gint32 lat_e7;
  gint32 lon_e7;
  guint32 name;
  guint32 name_en;
  guint32 name_zh;
  guint32 kind;
  guint32 street;
  guint32 number;
  guint32 city;
  guint32 details; /* postcode, opening hours, phone, website, wheelchair, cuisine: one after another, each ended by NUL; 0: none */
  guint8 type;     /* NaviPlaceType */
  guint8 importance;
  guint16 zero;
} NaviPlaceRecord;

#define NAVI_N_PLACE_DETAILS 6

typedef struct
{
  guint32 bytes;    /* where it begins; it ends where the next one begins */
  guint32 postings; /* likewise */
} NaviTermRecord;

G_STATIC_ASSERT (sizeof (NaviPlaceRecord) == 44);
G_STATIC_ASSERT (sizeof (NaviTermRecord) == 8);

#define NAVI_META_TEXT_VERSION "text-version"

G_END_DECLS
