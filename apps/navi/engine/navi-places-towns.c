/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-places.h"

/* Tells in whose bounds a settlement lies. */

static gboolean
is_in_box (const NaviTownRing *ring, gint32 lat_e7, gint32 lon_e7)
{
  return ring->n_points >= 3 && lat_e7 >= ring->south_e7 && lat_e7 <= ring->north_e7 && lon_e7 >= ring->west_e7
         && lon_e7 <= ring->east_e7;
}

/* Whether an odd number of the ring's sides is crossed on the way east; with integers, so that it is the same everywhere. */
static gboolean
is_inside (const NaviPlaces *self, const NaviTownRing *ring, gint32 lat_e7, gint32 lon_e7)
{
  const gint32 *points = &g_array_index (self->ring_points, gint32, ring->first_point * 2);
  gboolean inside = FALSE;

  for (guint i = 0, j = ring->n_points - 1; i < ring->n_points; j = i++)
    {
      gint64 lat_a = points[i * 2], lon_a = points[i * 2 + 1], lat_b = points[j * 2], lon_b = points[j * 2 + 1];
      gint64 left, right;
      if ((lat_a > lat_e7) == (lat_b > lat_e7))
        continue;
      left = (lon_e7 - lon_a) * (lat_b - lat_a);
      right = (lon_b - lon_a) * (lat_e7 - lat_a);
      if (lat_b > lat_a ? left < right : left > right)
        inside = !inside;
    }
  return inside;
}

static guint64
size_of (const NaviTownRing *ring)
{
  return (guint64) ((gint64) ring->north_e7 - ring->south_e7) / 1000
         * ((guint64) ((gint64) ring->east_e7 - ring->west_e7) / 1000);
}

gboolean
navi_places_find_town (const NaviPlaces *self, const NaviPlaceDraft *draft, GHashTable *towns, guint32 *town)
{
  guint64 least = G_MAXUINT64;
  gboolean any = FALSE;

  *town = 0;
  for (guint i = 0; i < self->rings->len; i++)
    {
      const NaviTownRing *ring = &g_array_index (self->rings, NaviTownRing, i);
      if (!is_in_box (ring, draft->lat_e7, draft->lon_e7) || !is_inside (self, ring, draft->lat_e7, draft->lon_e7))
        continue;
      any = TRUE;
      if (ring->name != draft->name && size_of (ring) < least && g_hash_table_contains (towns, GUINT_TO_POINTER (ring->name)))
        {
          least = size_of (ring);
          *town = ring->name;
        }
    }
  return any;
}
