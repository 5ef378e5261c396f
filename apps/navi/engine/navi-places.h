/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "navi-import.h"
#include "navi-search-format.h"

G_BEGIN_DECLS

/* NaviPlaces: what the import has gathered for search (navi-places-pass.c gathers, navi-places-build.c builds). */

typedef struct
{
  NaviPlaceRecord record;
  const char *more;  /* (nullable): other names, looked for but not shown; in the chunk */
  gint64 radius_mm;  /* of a settlement: how far its name serves as the city of an address; 0: never */
} NaviPlaceDraft;

typedef struct
{
  GArray *drafts;      /* NaviPlaceDraft */
  GArray *streets;     /* NaviPlaceDraft: one for each piece of a street */
  GByteArray *strings;
  GHashTable *offsets; /* looked up only, never walked */
  GStringChunk *chunk;
} NaviPlaces;

guint32 navi_places_intern (NaviPlaces *self, const char *text);

static inline const char *
navi_places_string (const NaviPlaces *self, guint32 offset)
{
  return (const char *) self->strings->data + offset;
}

/* Joins streets, finds cities, sorts, and writes the sections. */
gboolean navi_places_build (NaviPlaces *self, NaviRegionWriter *writer, GCancellable *cancellable, GError **error);

/* Makes the index of the sorted drafts and writes it. */
gboolean navi_places_write_index (NaviPlaces *self, NaviRegionWriter *writer, GError **error);

G_END_DECLS
