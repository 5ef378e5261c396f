/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-import.h"

/* Which closed ways are surfaces.  Source: https://wiki.openstreetmap.org/wiki/Key:area, .../Way#Area */

gboolean
navi_osm_way_is_area (const NaviOsmTags *tags)
{
  static const char *const keys[] = {
    "building", "building:part", "landuse", "natural", "leisure", "amenity", "shop", "tourism", "water", "place", "military", "historic",
    "office", "craft", "aeroway", "public_transport", "power", "man_made", "waterway", "boundary", "wetland", "golf", "healthcare", NULL,
  };
  /* Of these keys, values that are lines even when closed. */
  static const struct
  {
    const char *key;
    const char *value;
  } lines[] = {
    { "natural", "coastline" }, { "natural", "cliff" },     { "natural", "ridge" },     { "natural", "arete" },   { "natural", "tree_row" },
    { "natural", "valley" },    { "leisure", "track" },     { "leisure", "slipway" },   { "power", "line" },      { "power", "minor_line" },
    { "power", "cable" },       { "man_made", "pipeline" }, { "man_made", "embankment" }, { "man_made", "cutline" }, { "waterway", "river" },
    { "waterway", "stream" },   { "waterway", "canal" },    { "waterway", "drain" },    { "waterway", "ditch" },  { "waterway", "dam" },
    { "waterway", "weir" },     { "aeroway", "runway" },    { "aeroway", "taxiway" },   { "aeroway", "taxilane" }, { "boundary", "administrative" },
    { "historic", "citywalls" }, { "man_made", "pier" },    { "man_made", "breakwater" }, { "man_made", "groyne" },
  };
  const char *area = navi_osm_tag (tags, "area");

  if (area != NULL)
    return strcmp (area, "no") != 0;
  if (navi_osm_tag (tags, "highway") != NULL || navi_osm_tag (tags, "barrier") != NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (navi_osm_tag_is (tags, lines[i].key, lines[i].value))
      return FALSE;
  for (guint i = 0; i < tags->n_items; i++)
    if (g_strv_contains (keys, tags->items[i].key) && strcmp (tags->items[i].value, "no") != 0)
      return TRUE;
  return FALSE;
}
