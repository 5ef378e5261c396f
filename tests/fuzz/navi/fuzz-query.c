/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-coordinates.h"
#include "navi-import.h"
#include "navi-search.h"

#include <glib/gstdio.h>
#include <stdint.h>

/* What somebody types into the search of a small region, whatever it is: words, positions, URIs.  The first byte says how it is asked. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char town[]
    = "<osm version='0.6'>"
      "<node id='1' lat='47' lon='9'><tag k='place' v='town'/><tag k='name' v='Lindenau'/><tag k='name:zh' v='林登瑙'/></node>"
      "<node id='2' lat='31' lon='121'><tag k='place' v='city'/><tag k='name' v='上海市'/></node>"
      "<node id='3' lat='31.001' lon='121'><tag k='addr:street' v='中山北路'/><tag k='addr:housenumber' v='12号'/></node>"
      "<node id='4' lat='31.001' lon='121.002'><tag k='addr:street' v='中山北路'/><tag k='addr:housenumber' v='20-24'/></node>"
      "<node id='5' lat='47.001' lon='9'><tag k='addr:street' v='Ringstrasse'/><tag k='addr:housenumber' v='2a'/>"
      "<tag k='addr:postcode' v='9490'/></node>"
      "<node id='6' lat='47.001' lon='9.002'><tag k='amenity' v='fuel'/><tag k='name' v='Avia'/></node>"
      "<node id='7' lat='47.002' lon='9'/><node id='8' lat='47.002' lon='9.002'/>"
      "<way id='1'><nd ref='7'/><nd ref='8'/><tag k='highway' v='primary'/><tag k='name' v='Ringstrasse'/><tag k='ref' v='B 191'/></way>"
      "</osm>";

static NaviSearch *
open_search (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-query-XXXXXX", NULL);
  g_autofree char *osm = g_build_filename (folder, "town.osm", NULL);
  g_autofree char *path = g_build_filename (folder, "town.region", NULL);
  g_autoptr (NaviRegion) region = NULL;
  NaviSearch *search;

  g_assert_true (g_file_set_contents (osm, town, -1, NULL));
  g_assert_true (navi_import_run (osm, path, NULL, NULL, NULL, NULL, NULL));
  region = navi_region_open (path, NULL);
  search = navi_search_new (region, NULL);
  g_assert_nonnull (search);
  g_remove (osm);
  g_remove (path);
  g_rmdir (folder);
  return search;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static NaviSearch *search;
  g_autofree char *text = size > 1 ? g_strndup ((const char *) data + 1, size - 1) : g_strdup ("");
  const guint how = size > 0 ? data[0] : 0;
  const NaviSearchQuery query = { text, (how & 1) != 0, 47.0, 9.0, 5, (how & 2) != 0 };
  g_autoptr (GListModel) found = NULL;
  double lat_deg, lon_deg;

  if (search == NULL)
    search = open_search ();
  found = navi_search_find (search, &query, NULL, NULL);
  g_assert_nonnull (found);
  g_assert_cmpuint (g_list_model_get_n_items (found), <=, 5);
  if (navi_coordinates_parse (text, &lat_deg, &lon_deg))
    {
      g_assert_true (lat_deg >= -90 && lat_deg <= 90);
      g_assert_true (lon_deg >= -180 && lon_deg <= 180);
    }
  return 0;
}
