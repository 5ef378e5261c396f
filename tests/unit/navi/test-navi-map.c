/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-map-builder.h"
#include "navi-map-cell.h"
#include "navi-map-chain.h"
#include "navi-map-labels.h"
#include "navi-map-render.h"

#include "cloud-error.h"

#include <math.h>
#include <string.h>

/* The map from tags to pixels: a made-up crossroads is built, stored, read back, drawn and labelled. */

#define LAT_E7 472000000
#define LON_E7 95000000

#define TAGS(...) \
  (const NaviOsmTags) \
  { \
    .items = (const NaviOsmTag[]){ __VA_ARGS__ }, .n_items = sizeof ((const NaviOsmTag[]){ __VA_ARGS__ }) / sizeof (NaviOsmTag) \
  }

static gboolean
append (const guint8 *bytes, gsize n_bytes, gpointer user_data, GError **error)
{
  g_byte_array_append (user_data, bytes, n_bytes);
  return TRUE;
}

static void
add_sample (NaviMapBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  const NaviMapPoint street[] = { { LAT_E7, LON_E7 - 200000 }, { LAT_E7, LON_E7 + 200000 } };
  const NaviMapPoint lake[] = { { LAT_E7 + 20000, LON_E7 + 20000 },
                                { LAT_E7 + 20000, LON_E7 + 120000 },
                                { LAT_E7 + 90000, LON_E7 + 120000 },
                                { LAT_E7 + 90000, LON_E7 + 20000 },
                                /* an island */
                                { LAT_E7 + 40000, LON_E7 + 50000 },
                                { LAT_E7 + 40000, LON_E7 + 80000 },
                                { LAT_E7 + 65000, LON_E7 + 80000 },
                                { LAT_E7 + 65000, LON_E7 + 50000 } };
  const guint ring_sizes[] = { 4, 4 };
  const NaviOsmTags street_tags = TAGS ({ "highway", "primary" }, { "name", "Lange Straße" }, { "name:zh", "长街" }, { "ref", "B7" });
  const NaviOsmTags lake_tags = TAGS ({ "natural", "water" }, { "name", "Stillsee" });
  const NaviOsmTags town_tags = TAGS ({ "place", "town" }, { "name", "Lindenau" }, { "name:zh", "林登瑙" });
  const NaviOsmTags nothing = TAGS ({ "power", "tower" });

  g_assert_true (navi_map_builder_add_line (builder, street, 2, &street_tags, &error));
  g_assert_true (navi_map_builder_add_area (builder, lake, ring_sizes, 2, &lake_tags, &error));
  g_assert_true (navi_map_builder_add_node (builder, (NaviMapPoint){ LAT_E7 - 60000, LON_E7 - 90000 }, &town_tags, &error));
  g_assert_true (navi_map_builder_add_node (builder, (NaviMapPoint){ LAT_E7, LON_E7 }, &nothing, &error));
  g_assert_no_error (error);
}

/* (transfer full) both. */
static void
build (GBytes **index, GBytes **data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviMapBuilder) builder = navi_map_builder_new (g_get_tmp_dir (), &error);
  GByteArray *bytes = g_byte_array_new ();

  g_assert_no_error (error);
  add_sample (builder);
  *index = navi_map_builder_finish (builder, append, bytes, NULL, &error);
  g_assert_no_error (error);
  *data = g_byte_array_free_to_bytes (bytes);
}

static GPtrArray *
open_sample (void)
{
  g_autoptr (GBytes) index = NULL;
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_data_unref);

  build (&index, &data);
  g_ptr_array_add (regions, navi_map_data_new (index, data, &error));
  g_assert_no_error (error);
  return regions;
}

static void
test_same_bytes_twice (void)
{
  g_autoptr (GBytes) index_a = NULL;
  g_autoptr (GBytes) index_b = NULL;
  g_autoptr (GBytes) data_a = NULL;
  g_autoptr (GBytes) data_b = NULL;

  build (&index_a, &data_a);
  build (&index_b, &data_b);
  g_assert_cmpuint (g_bytes_get_size (data_a), >, 100);
  g_assert_true (g_bytes_equal (index_a, index_b));
  g_assert_true (g_bytes_equal (data_a, data_b));
}

static const NaviMapFeature *
find_kind (const NaviMapCell *cell, int kind)
{
  for (guint i = 0; i < cell->n_features; i++)
    if (cell->features[i].kind == kind)
      return &cell->features[i];
  return NULL;
}

static void
test_every_level (void)
{
  g_autoptr (GPtrArray) regions = open_sample ();

  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NaviMapCell) cell = navi_map_data_get_cell (g_ptr_array_index (regions, 0), level, navi_map_cell_row (level, LAT_E7),
                                                             navi_map_cell_col (level, LON_E7), &error);
      g_autoptr (NaviNames) names = NULL;
      const NaviMapFeature *street;

      g_assert_no_error (error);
      if (level == 0)
        {
          /* Neither a town nor a primary road is shown before zoom 8. */
          g_assert_true (cell == NULL || find_kind (cell, NAVI_MAP_ROAD_PRIMARY) == NULL);
          continue;
        }
      g_assert_nonnull (cell);
      street = find_kind (cell, NAVI_MAP_ROAD_PRIMARY);
      g_assert_nonnull (street);
      g_assert_cmpint (street->flags, ==, 0);
      names = navi_map_cell_get_names (cell, street->name);
      if (level < 3)
        {
          g_assert_null (names);
          continue;
        }
      /* Its name is written along it from zoom 13 on. */
      g_assert_cmpstr (names->local, ==, "Lange Straße");
      g_assert_cmpstr (names->zh, ==, "长街");
      if (level == NAVI_MAP_N_LEVELS - 1)
        g_assert_cmpuint (find_kind (cell, NAVI_MAP_AREA_WATER)->n_rings, ==, 2);
    }
}

static guint32
pixel_at (cairo_surface_t *surface, double lat_deg, double lon_deg, const NaviMapFrame *frame)
{
  double world = navi_map_frame_world (frame);
  int x = (int) (navi_map_world_x (lon_deg, world) - frame->x);
  int y = (int) (navi_map_world_y (lat_deg, world) - frame->y);
  guint32 pixel;

  g_assert_true (x >= 0 && y >= 0 && x < frame->width && y < frame->height);
  memcpy (&pixel, cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface) + 4 * x, 4);
  return pixel & 0xffffff;
}

static void
test_pixels (void)
{
  g_autoptr (GPtrArray) regions = open_sample ();
  NaviMapFrame frame = { .width = 400, .height = 400, .zoom = 14, .scale = 1 };
  double world = navi_map_frame_world (&frame);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 400, 400);
  cairo_t *cr = cairo_create (surface);

  frame.x = navi_map_world_x (LON_E7 * 1e-7, world) - 200;
  frame.y = navi_map_world_y (LAT_E7 * 1e-7, world) - 200;
  navi_map_render (cr, regions, &frame, FALSE);
  cairo_surface_flush (surface);
  g_assert_cmphex (pixel_at (surface, LAT_E7 * 1e-7, LON_E7 * 1e-7, &frame), ==, 0xfcd682);      /* the street */
  g_assert_cmphex (pixel_at (surface, 47.2030, 9.5025, &frame), ==, 0xa8d2ee);                    /* the lake */
  g_assert_cmphex (pixel_at (surface, 47.2052, 9.5065, &frame), ==, 0xf5f2ec);                    /* its island: land */
  g_assert_cmphex (pixel_at (surface, 47.1950, 9.4900, &frame), ==, 0xf5f2ec);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* A coast running east over three cells, an island off it, all of it cut where the extract ends: south is water. */
static void
test_sea (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviMapBuilder) builder = navi_map_builder_new (g_get_tmp_dir (), &error);
  const NaviMapPoint coast[] = { { LAT_E7, LON_E7 - 260000 }, { LAT_E7 + 20000, LON_E7 }, { LAT_E7, LON_E7 + 260000 } };
  const NaviMapPoint island[] = { { LAT_E7 - 90000, LON_E7 + 40000 },
                                  { LAT_E7 - 90000, LON_E7 + 90000 },
                                  { LAT_E7 - 50000, LON_E7 + 90000 },
                                  { LAT_E7 - 50000, LON_E7 + 40000 },
                                  { LAT_E7 - 90000, LON_E7 + 40000 } };
  const NaviMapPoint ferry[] = { { LAT_E7 - 700000, LON_E7 }, { LAT_E7 + 100000, LON_E7 } };
  const NaviOsmTags coast_tags = TAGS ({ "natural", "coastline" });
  const NaviOsmTags ferry_tags = TAGS ({ "route", "ferry" });
  g_autoptr (GPtrArray) regions = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_data_unref);
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GBytes) index = NULL;
  g_autoptr (GBytes) data = NULL;
  NaviMapFrame frame = { .width = 400, .height = 1600, .scale = 1 };

  g_assert_no_error (error);
  g_assert_true (navi_map_builder_add_line (builder, coast + 1, 2, &coast_tags, &error));
  g_assert_true (navi_map_builder_add_line (builder, coast, 2, &coast_tags, &error));
  g_assert_true (navi_map_builder_add_line (builder, island, 5, &coast_tags, &error));
  g_assert_true (navi_map_builder_add_line (builder, ferry, 2, &ferry_tags, &error));
  index = navi_map_builder_finish (builder, append, bytes, NULL, &error);
  g_assert_no_error (error);
  data = g_byte_array_free_to_bytes (bytes);
  g_ptr_array_add (regions, navi_map_data_new (index, data, &error));
  for (frame.zoom = 12; frame.zoom <= 14; frame.zoom++)
    {
      double world = navi_map_frame_world (&frame);
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, frame.width, frame.height);
      cairo_t *cr = cairo_create (surface);

      frame.x = navi_map_world_x (LON_E7 * 1e-7, world) - 200;
      frame.y = navi_map_world_y (LAT_E7 * 1e-7, world) - 200;
      navi_map_render (cr, regions, &frame, FALSE);
      cairo_surface_flush (surface);
      g_assert_cmphex (pixel_at (surface, 47.1975, 9.4930, &frame), ==, 0xa8d2ee); /* beside the coast */
      g_assert_cmphex (pixel_at (surface, 47.1550, 9.5030, &frame), ==, 0xa8d2ee); /* a cell that no coast crosses */
      g_assert_cmphex (pixel_at (surface, 47.1930, 9.5065, &frame), ==, 0xf5f2ec); /* the island */
      g_assert_cmphex (pixel_at (surface, 47.2060, 9.4930, &frame), ==, 0xf5f2ec); /* the mainland */
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

static void
test_labels (void)
{
  g_autoptr (GPtrArray) regions = open_sample ();
  g_autoptr (NaviMapLabeler) labeler = navi_map_labeler_new ("zh", 1);
  NaviMapView view = { LAT_E7 * 1e-7, LON_E7 * 1e-7, 14, 0, 480, 480 };

  for (int turns = 0; turns < 4; turns++)
    {
      g_autoptr (NaviMapLabels) labels = NULL;
      g_autoptr (NaviNames) names = NULL;
      double world = 256 * pow (2, view.zoom);
      double dx, dy, lat_deg, lon_deg;
      int kind = 0;

      view.rotation_rad = turns * 0.7;
      labels = navi_map_labeler_layout (labeler, regions, &view, 0, turns % 2);
      /* The town, the street, its number, the lake: all fit. */
      g_assert_cmpuint (navi_map_labels_get_n (labels), >=, 4);
      dx = navi_map_world_x (LON_E7 * 1e-7 - 0.009, world) - navi_map_world_x (view.lon_deg, world);
      dy = navi_map_world_y (LAT_E7 * 1e-7 - 0.006, world) - navi_map_world_y (view.lat_deg, world);
      g_assert_true (navi_map_labels_pick (labels, &view, 240 + dx * cos (view.rotation_rad) - dy * sin (view.rotation_rad),
                                           240 + dx * sin (view.rotation_rad) + dy * cos (view.rotation_rad), &kind, &names, &lat_deg,
                                           &lon_deg));
      g_assert_cmpint (kind, ==, NAVI_MAP_PLACE_TOWN);
      g_assert_cmpstr (names->zh, ==, "林登瑙");
      g_assert_cmpfloat_with_epsilon (lat_deg, LAT_E7 * 1e-7 - 0.006, 1e-5);
      g_assert_cmpfloat_with_epsilon (lon_deg, LON_E7 * 1e-7 - 0.009, 1e-5);
    }
}

static void
test_damage (void)
{
  g_autoptr (GBytes) index = NULL;
  g_autoptr (GBytes) data = NULL;
  gsize n_bytes;
  const guint8 *bytes;

  build (&index, &data);
  bytes = g_bytes_get_data (data, &n_bytes);
  for (gsize at = 0; at < n_bytes; at += 7)
    {
      g_autoptr (GError) error = NULL;
      g_autofree guint8 *copy = g_memdup2 (bytes, n_bytes);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (NaviMapData) map = NULL;
      guint refused = 0;

      copy[at] ^= 0x40;
      damaged = g_bytes_new (copy, n_bytes);
      map = navi_map_data_new (index, damaged, &error);
      g_assert_no_error (error);
      for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
        for (int d = -1; d <= 1; d++)
          {
            g_autoptr (NaviMapCell) cell = navi_map_data_get_cell (map, level, navi_map_cell_row (level, LAT_E7),
                                                                   navi_map_cell_col (level, LON_E7) + d, &error);

            if (error != NULL)
              {
                g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
                g_clear_error (&error);
                refused++;
              }
          }
      g_assert_cmpuint (refused, <=, 1);
    }
}

/* ---- Blocks ---- */

static NaviMapXY
random_xy (GRand *rand, gint32 grid)
{
  return (NaviMapXY){ g_rand_int_range (rand, -500, 10500) * grid, g_rand_int_range (rand, -500, 10500) * grid };
}

/* What went into a cell, one line of text for each feature. */
static char *
describe (int kind, int flags, int layer, int rank, const char *name, const char *ref, const NaviMapXY *points, guint n)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%d %d %d %d %s %s", kind, flags, layer, rank, name, ref);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, " %d,%d", points[i].x, points[i].y);
  return g_string_free (text, FALSE);
}

static char *
add_random (NaviMapCellWriter *writer, GRand *rand, gint32 grid)
{
  static const int kinds[] = { NAVI_MAP_AREA_BUILDING, NAVI_MAP_ROAD_TRUNK, NAVI_MAP_LINE_RAIL, NAVI_MAP_HOUSE_NUMBER };
  static const char *const names[] = { NULL, "A", "Lange Straße", "长街", "B", "Hof\x1fYard\x1f院子" };
  NaviMapClass class = { .kind = kinds[g_rand_int_range (rand, 0, 4)], .flags = g_rand_int_range (rand, 0, 3) };
  const char *name = names[g_rand_int_range (rand, 0, 6)], *ref = NULL;
  NaviMapXY points[40];
  guint n = navi_map_kind_is_point (class.kind) ? 1 : (guint) g_rand_int_range (rand, 3, 40);

  class.layer = (gint8) (g_rand_int_range (rand, 0, 4) == 0 ? g_rand_int_range (rand, -5, 6) : 0);
  class.rank = (guint8) (g_rand_int_range (rand, 0, 4) == 0 ? g_rand_int_range (rand, 0, 9) : 0);
  for (guint i = 0; i < n; i++)
    {
      points[i] = i == 0 || g_rand_int_range (rand, 0, 20) == 0 ? random_xy (rand, grid) : points[i - 1];
      points[i].x += g_rand_int_range (rand, -300, 301) * grid;
    }
  if (n == 1)
    navi_map_cell_writer_add_point (writer, &class, name, points[0]);
  else
    {
      ref = class.kind == NAVI_MAP_ROAD_TRUNK ? names[g_rand_int_range (rand, 0, 3)] : NULL;
      navi_map_cell_writer_begin (writer, &class, name, ref, 1);
      navi_map_cell_writer_add_ring (writer, points, n);
    }
  return describe (class.kind, class.flags, class.layer, class.rank, name, ref, points, n);
}

static gint
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
describe_cell (const NaviMapCell *cell)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < cell->n_features; i++)
    {
      const NaviMapFeature *feature = &cell->features[i];
      gboolean is_point = navi_map_kind_is_point (feature->kind);
      const NaviMapRing *ring = is_point ? NULL : &cell->rings[feature->first_ring];

      if (i > 0)
        g_assert_cmpint (cell->features[i - 1].kind, <=, feature->kind);
      g_ptr_array_add (lines, describe (feature->kind, feature->flags, feature->layer, feature->rank,
                                        feature->name != 0 ? cell->strings[feature->name - 1] : NULL,
                                        feature->ref != 0 ? cell->strings[feature->ref - 1] : NULL,
                                        cell->points + (is_point ? feature->first_ring : ring->first_point), is_point ? 1 : ring->n_points));
    }
  return lines;
}

static void
test_blocks (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  g_autoptr (NaviMapCellWriter) writer = navi_map_cell_writer_new ();

  for (int level = 0; level < NAVI_MAP_N_LEVELS; level++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) expected = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GPtrArray) got = NULL;
      g_autoptr (NaviMapCell) cell = NULL;
      NaviMapCellParts parts;

      g_assert_false (navi_map_cell_writer_finish (writer, level, &parts));
      for (int i = 0; i < 400; i++)
        g_ptr_array_add (expected, add_random (writer, rand, navi_map_levels[level].grid));
      g_assert_true (navi_map_cell_writer_finish (writer, level, &parts));
      cell = navi_map_cell_decode (&parts, level, 1, 2, &error);
      g_assert_no_error (error);
      got = describe_cell (cell);
      g_ptr_array_sort (expected, compare_strings);
      g_ptr_array_sort (got, compare_strings);
      g_assert_cmpuint (got->len, ==, expected->len);
      for (guint i = 0; i < got->len; i++)
        g_assert_cmpstr (g_ptr_array_index (got, i), ==, g_ptr_array_index (expected, i));
      /* Cut short anywhere, it is refused. */
      for (parts.n_bits -= 1; parts.n_bits > 0; parts.n_bits /= 2)
        {
          g_autoptr (NaviMapCell) cut = navi_map_cell_decode (&parts, level, 1, 2, &error);

          g_assert_null (cut);
          g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
          g_clear_error (&error);
        }
    }
}

/* ---- Lines in pieces ---- */

static void
on_chain (guint key, const NaviMapPoint *points, guint n, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s%u:", text->len > 0 ? " " : "", key);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%c", 'a' + points[i].lat_e7 * 3 + points[i].lon_e7);
}

/* @pieces: "ab cd", letters of a grid of three columns. */
static void
assert_chains (const char *pieces, gboolean directed, const char *expected)
{
  g_autoptr (NaviMapChains) chains = navi_map_chains_new ();
  g_auto (GStrv) words = g_strsplit (pieces, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint w = 0; words[w] != NULL; w++)
    {
      NaviMapPoint points[16];
      guint n = 0;

      for (const char *p = words[w]; *p != '\0'; p++)
        points[n++] = (NaviMapPoint){ (*p - 'a') / 3, (*p - 'a') % 3 };
      navi_map_chains_add (chains, 7, directed, points, n);
    }
  navi_map_chains_finish (chains, on_chain, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_chains (void)
{
  assert_chains ("ab bc", FALSE, "7:abc");
  assert_chains ("ab cb", FALSE, "7:abc");
  assert_chains ("ab cb", TRUE, "7:ab 7:cb");
  assert_chains ("bc ab", TRUE, "7:abc");
  assert_chains ("ab de", FALSE, "7:ab 7:de");
  /* A crossing: straight on. */
  assert_chains ("be eh de ef", FALSE, "7:beh 7:def");
  assert_chains ("be ef eh", FALSE, "7:beh 7:ef");
  /* A ring, and one piece that is a ring. */
  assert_chains ("ab be ed da", FALSE, "7:abeda");
  assert_chains ("abeda", FALSE, "7:abeda");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/map/same-input-gives-the-same-bytes", test_same_bytes_twice);
  g_test_add_func ("/navi/map/each-level-shows-what-it-should", test_every_level);
  g_test_add_func ("/navi/map/draws-street-lake-and-island", test_pixels);
  g_test_add_func ("/navi/map/sea-lies-to-the-right-of-the-coast", test_sea);
  g_test_add_func ("/navi/map/labels-are-placed-and-found-however-turned", test_labels);
  g_test_add_func ("/navi/map/blocks-give-back-what-they-got", test_blocks);
  g_test_add_func ("/navi/map/pieces-of-lines-are-joined-straight-on", test_chains);
  g_test_add_func ("/navi/map/a-damaged-block-is-refused-alone", test_damage);
  return g_test_run ();
}
