/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-import"

#include "navi-roads-build.h"
#include "navi-varint.h"

#include <zstd.h>

/* Puts ways and strings in the order in which the edges use them, and writes their blocks (navi-graph-format.h). */

enum
{
  COMPRESSION_LEVEL = 19,
};

static void
end_string_block (GByteArray *strings)
{
  static const guint8 zeros[NAVI_STRING_BLOCK_BYTES] = { 0 };
  guint used = strings->len % NAVI_STRING_BLOCK_BYTES;

  if (used != 0)
    g_byte_array_append (strings, zeros, NAVI_STRING_BLOCK_BYTES - used);
}

/* The new offset of an old one; a string does not lie across two blocks. */
static guint32
move_string (const GByteArray *old, GByteArray *strings, guint32 *moved, guint32 offset)
{
  const guint8 *string = old->data + offset;
  gsize length = strlen ((const char *) string) + 1;

  if (offset == 0 || length > NAVI_STRING_BLOCK_BYTES)
    return 0;
  if (moved[offset] != 0)
    return moved[offset];
  if (strings->len % NAVI_STRING_BLOCK_BYTES + length > NAVI_STRING_BLOCK_BYTES)
    end_string_block (strings);
  moved[offset] = strings->len;
  g_byte_array_append (strings, string, (guint) length);
  return moved[offset];
}

static gint
compare_ruled (gconstpointer a, gconstpointer b)
{
  const NaviRoadsRuled *left = a, *right = b;
  return left->index < right->index ? -1 : left->index > right->index;
}

static void
renumber_ruled (NaviRoads *roads, const guint32 *new_way)
{
  guint kept = 0;

  for (guint i = 0; i < roads->ruled_ways->len; i++)
    {
      NaviRoadsRuled ruled = g_array_index (roads->ruled_ways, NaviRoadsRuled, i);
      if (new_way[ruled.index] == 0)
        continue;
      ruled.index = new_way[ruled.index] - 1;
      g_array_index (roads->ruled_ways, NaviRoadsRuled, kept++) = ruled;
    }
  g_array_set_size (roads->ruled_ways, kept);
  g_array_sort (roads->ruled_ways, compare_ruled);
}

void
navi_roads_build_order_ways (NaviRoadsBuild *self)
{
  NaviRoads *roads = self->roads;
  GArray *ways = g_array_new (FALSE, TRUE, sizeof (NaviGraphWay));
  GByteArray *strings = g_byte_array_new ();
  g_autofree guint32 *new_way = g_new0 (guint32, roads->attributes->len + 1); /* plus 1 */
  g_autofree guint32 *moved = g_new0 (guint32, roads->strings->len + 1);

  g_byte_array_append (strings, (const guint8 *) "", 1);
  for (guint i = 0; i < self->edges->len; i++)
    {
      NaviGraphEdge *edge = &g_array_index (self->edges, NaviGraphEdge, i);
      if (new_way[edge->way] == 0)
        {
          NaviGraphWay way = g_array_index (roads->attributes, NaviGraphWay, edge->way);
          for (guint k = 0; k < NAVI_WAY_STRINGS; k++)
            (&way.name)[k] = move_string (roads->strings, strings, moved, (&way.name)[k]);
          g_array_append_val (ways, way);
          new_way[edge->way] = ways->len;
        }
      edge->way = new_way[edge->way] - 1;
    }
  renumber_ruled (roads, new_way);
  g_array_unref (roads->attributes);
  g_byte_array_unref (roads->strings);
  roads->attributes = ways;
  roads->strings = strings;
}

/* ---- What ways have in common ---- */

typedef struct
{
  NaviGraphCommon common;
  guint32 count;
  guint32 number; /* in the order of first use */
} Common;

static gint
compare_commons (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return memcmp (a, b, sizeof (NaviGraphCommon));
}

static gint
compare_counts (gconstpointer a, gconstpointer b)
{
  const Common *left = a, *right = b;

  if (left->count != right->count)
    return left->count > right->count ? -1 : 1;
  return memcmp (left->common.bytes, right->common.bytes, sizeof (NaviGraphCommon));
}

/* The table of what is common, the most frequent first, and in @index_of_way the entry of each way.  (transfer full) */
static GArray *
find_commons (const NaviGraph *graph, guint32 *index_of_way)
{
  GArray *commons = g_array_new (FALSE, TRUE, sizeof (Common));
  g_autoptr (GTree) numbers = g_tree_new_full (compare_commons, NULL, g_free, NULL);
  g_autofree guint32 *place = NULL;

  for (guint32 i = 0; i < graph->n_ways; i++)
    {
      Common common = { .number = commons->len };
      gpointer number;
      memcpy (&common.common, &graph->ways[i].speed_dkmh, sizeof common.common);
      if (g_tree_lookup_extended (numbers, &common.common, NULL, &number))
        common.number = GPOINTER_TO_UINT (number);
      else
        {
          g_tree_insert (numbers, g_memdup2 (&common.common, sizeof common.common), GUINT_TO_POINTER (common.number));
          g_array_append_val (commons, common);
        }
      index_of_way[i] = common.number;
      g_array_index (commons, Common, common.number).count++;
    }
  g_array_sort (commons, compare_counts);
  place = g_new (guint32, commons->len + 1);
  for (guint i = 0; i < commons->len; i++)
    place[g_array_index (commons, Common, i).number] = i;
  for (guint32 i = 0; i < graph->n_ways; i++)
    index_of_way[i] = place[index_of_way[i]];
  return commons;
}

static gboolean
write_commons (const GArray *commons, NaviRegionWriter *writer, GError **error)
{
  g_autoptr (GArray) plain = g_array_new (FALSE, FALSE, sizeof (NaviGraphCommon));
  gsize bytes = commons->len * sizeof (NaviGraphCommon), bound = ZSTD_compressBound (bytes), packed_bytes;
  g_autofree guint8 *packed = g_malloc (bound);

  for (guint i = 0; i < commons->len; i++)
    g_array_append_val (plain, g_array_index (commons, Common, i).common);
  packed_bytes = ZSTD_compress (packed, bound, plain->data, bytes, COMPRESSION_LEVEL);
  g_assert (!ZSTD_isError (packed_bytes));
  return navi_region_writer_add (writer, NAVI_SECTION_GRAPH_COMMONS, 0, packed, packed_bytes, error);
}

/* ---- Ways and strings ---- */

static void
append_way (GByteArray *bytes, const NaviGraphWay *way, guint32 common, guint32 *last)
{
  const guint32 *strings = &way->name;
  guint8 mask = 0;

  for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
    mask |= (guint8) (strings[i] != 0 ? 1 << i : 0);
  navi_varint_append (bytes, common);
  g_byte_array_append (bytes, &mask, 1);
  for (guint i = 0; i < NAVI_WAY_STRINGS; i++)
    {
      if (strings[i] == 0)
        continue;
      if (strings[i] > *last)
        {
          navi_varint_append (bytes, (guint64) (strings[i] - *last) << 1);
          *last = strings[i];
        }
      else
        navi_varint_append (bytes, (guint64) (*last - strings[i]) << 1 | 1);
    }
}

static gboolean
write_ways (const NaviGraph *graph, const guint32 *common_of_way, NaviRegionWriter *writer, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (NaviGraphWayBlock));
  guint32 last = 0;

  for (guint32 i = 0; i < graph->n_ways; i++)
    {
      NaviGraphWayBlock block = { bytes->len, last };
      if (i % NAVI_BLOCK_WAYS == 0)
        g_array_append_val (blocks, block);
      append_way (bytes, &graph->ways[i], common_of_way[i], &last);
    }
  return navi_region_writer_add (writer, NAVI_SECTION_GRAPH_WAY_DATA, 0, bytes->data, bytes->len, error)
         && navi_region_writer_add (writer, NAVI_SECTION_GRAPH_WAY_BLOCKS, sizeof (NaviGraphWayBlock), blocks->data,
                                    blocks->len * sizeof (NaviGraphWayBlock), error);
}

static gboolean
write_strings (const NaviGraph *graph, NaviRegionWriter *writer, GError **error)
{
  gsize bound = ZSTD_compressBound (NAVI_STRING_BLOCK_BYTES);
  g_autofree guint8 *packed = g_malloc (bound);
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 offset = 0;

  navi_region_writer_begin (writer, NAVI_SECTION_GRAPH_STRING_DATA, 0);
  g_array_append_val (offsets, offset);
  for (gsize at = 0; at < graph->strings_bytes; at += NAVI_STRING_BLOCK_BYTES)
    {
      gsize n = ZSTD_compress (packed, bound, graph->strings + at, MIN (graph->strings_bytes - at, NAVI_STRING_BLOCK_BYTES),
                               COMPRESSION_LEVEL);
      g_assert (!ZSTD_isError (n));
      navi_region_writer_append (writer, packed, n);
      offset += (guint32) n;
      g_array_append_val (offsets, offset);
    }
  return navi_region_writer_end (writer, error)
         && navi_region_writer_add (writer, NAVI_SECTION_GRAPH_STRING_BLOCKS, sizeof (guint32), offsets->data,
                                    offsets->len * sizeof (guint32), error);
}

gboolean
navi_roads_build_write_ways (NaviRoadsBuild *self, NaviRegionWriter *writer, guint32 *n_commons, GError **error)
{
  g_autofree guint32 *common_of_way = g_new (guint32, self->graph.n_ways + 1);
  g_autoptr (GArray) commons = find_commons (&self->graph, common_of_way);

  *n_commons = commons->len;
  return write_commons (commons, writer, error) && write_ways (&self->graph, common_of_way, writer, error)
         && write_strings (&self->graph, writer, error);
}
