/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-graph.h"
#include "navi-map-data.h"
#include "navi-places-reader.h"
#include "navi-region-format.h"
#include "navi-router.h"
#include "navi-search.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* The opener of region files, and what reads their sections: a route and a search on whatever opens.  The frame's checksums are put right
 * first, as somebody who means harm would do, so that the damage reaches the readers of sections. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
mend_checksums (guint8 *bytes, gsize size)
{
  NaviRegionHeader *header = (NaviRegionHeader *) (gpointer) bytes;
  NaviRegionEntry *entries;
  guint64 table_bytes;

  if (size < sizeof *header)
    return;
  header->version = NAVI_REGION_VERSION;
  header->file_bytes = size;
  table_bytes = (guint64) header->n_sections * sizeof (NaviRegionEntry);
  if (header->n_sections <= 64 && header->table_offset % 8 == 0 && header->table_offset <= size && table_bytes <= size - header->table_offset)
    {
      entries = (NaviRegionEntry *) (gpointer) (bytes + header->table_offset);
      for (guint i = 0; i < header->n_sections; i++)
        if (entries[i].item_bytes != 0 && entries[i].item_bytes < 1024)
          entries[i].length -= entries[i].length % entries[i].item_bytes;
      header->table_crc = (guint32) crc32_z (0, bytes + header->table_offset, table_bytes);
    }
  header->header_crc = (guint32) crc32_z (0, bytes, G_STRUCT_OFFSET (NaviRegionHeader, header_crc));
}

/* Each block of roads, ways and strings. */
static void
read_roads (NaviRegion *region)
{
  g_autoptr (NaviGraph) graph = navi_graph_new (region, NULL);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (NaviPoint));

  if (graph == NULL)
    return;
  navi_graph_enter (graph);
  for (guint profile = 0; profile < NAVI_N_PROFILES && graph->rulebook != NULL; profile++)
    {
      const NaviLocalTime at = { 2028, 2, 29, 480 };
      const guint32 sizes[NAVI_N_SIZES] = { 3000, 2000, 8000, 7500, 0 };
      g_autoptr (NaviRules) open = navi_rulebook_get_open (graph->rulebook, (NaviProfile) profile);
      g_autoptr (NaviRules) rules = navi_rulebook_get (graph->rulebook, (NaviProfile) profile, &at, sizes);

      for (guint i = 0; rules != NULL && i < rules->cells->len; i++)
        g_assert_cmpuint (g_array_index (rules->cells, guint32, i), <, graph->levels.n_cells[0]);
    }
  for (guint32 node = 0; node < graph->n_nodes; node++)
    {
      guint32 first, end = navi_graph_out_arcs (graph, node, &first);
      for (guint32 i = first; i < end; i++)
        {
          guint32 arc = navi_graph_out_arc (graph, i);
          const NaviGraphWay *way = navi_graph_way (graph, arc);
          navi_graph_node (graph, navi_graph_head (graph, arc));
          navi_graph_append_shape (graph, arc, points);
          for (guint k = 0; k < NAVI_WAY_STRINGS; k++)
            g_array_set_size (points, (guint) strlen (navi_graph_string (graph, (&way->name)[k])) % 2);
        }
    }
  navi_graph_leave (graph);
}

/* Words, mistakes, houses, kinds, Chinese; and what is where. */
static void
search_in (NaviSearch *search)
{
  static const char *const texts[] = { "a", "ringstrase 9 lindenau", "restaurant near oberdorf", "上海市中山北路12号", "b 191" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const NaviSearchQuery query = { .text = texts[i], .typing = TRUE, .has_near = TRUE };
      g_object_unref (navi_search_find (search, &query, NULL, NULL));
    }
  g_object_unref (navi_search_reverse (search, 47.001, 9.003, NULL));
}

/* Each place and each house. */
static void
read_places (NaviRegion *region)
{
  g_autoptr (NaviPlacesReader) places = navi_places_reader_new (region, NULL);
  guint sum = 0;

  for (guint32 i = 0; places != NULL && i < navi_places_reader_get_n_places (places); i++)
    {
      const NaviPlaceEntry *entry = navi_places_reader_get (places, i);
      NaviHouseIter iter;
      const NaviHouse *house;
      if (entry == NULL)
        break;
      sum += g_str_hash (entry->name) + g_str_hash (entry->name_en) + g_str_hash (entry->name_zh) + g_str_hash (entry->number);
      for (guint k = 0; k < NAVI_N_PLACE_DETAILS; k++)
        sum += g_str_hash (entry->details[k]);
      sum += g_str_hash (navi_places_reader_get_kind (places, entry->kind)) + g_str_hash (navi_places_reader_get_city (places, entry->city)->name);
      navi_house_iter_init (&iter, places, i);
      while ((house = navi_house_iter_next (&iter)) != NULL)
        sum += g_str_hash (house->suffix) + g_str_hash (house->postcode);
    }
  g_test_message ("%u", sum);
}

static void
read_map (NaviRegion *region)
{
  g_autoptr (NaviMapData) map = navi_map_data_new_for_region (region, NULL);
  double south, west, north, east;

  if (map == NULL || !navi_region_get_bounds (region, &south, &west, &north, &east))
    return;
  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      gint32 row = navi_map_cell_row (level, (gint64) (south * 1e7)), col = navi_map_cell_col (level, (gint64) (west * 1e7));
      for (int i = 0; i < 4; i++)
        {
          g_autoptr (NaviMapCell) cell = navi_map_data_get_cell (map, level, row + i / 2, col + i % 2, NULL);
        }
    }
}

static void
use (NaviRegion *region)
{
  g_autoptr (NaviRouter) router = navi_router_new (region, NULL);
  g_autoptr (NaviSearch) search = navi_search_new (region, NULL);
  double south, west, north, east;

  navi_region_verify (region, NULL, NULL);
  read_roads (region);
  read_map (region);
  if (search != NULL)
    search_in (search);
  read_places (region);
  if (router == NULL || !navi_region_get_bounds (region, &south, &west, &north, &east))
    return;
  for (guint profile = 0; profile < NAVI_N_PROFILES; profile++)
    {
      g_autoptr (NaviRouteRequest) request = navi_route_request_new ((NaviProfile) profile);
      g_autoptr (NaviRoute) route = NULL;
      navi_route_request_add_point (request, south, west);
      navi_route_request_add_point (request, north, east);
      route = navi_router_route (router, request, NULL, NULL);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *bytes = g_memdup2 (data, size);
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (NaviRegion) region = NULL;

  mend_checksums (bytes, size);
  g_assert_cmpint (write (fd, bytes, size), ==, (gssize) size);
  region = navi_region_open (path, NULL);
  if (region != NULL)
    use (region);
  close (fd);
  return 0;
}
