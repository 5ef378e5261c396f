/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-region-writer.h"
#include "navi-region.h"

#include "cloud-error.h"

#include <glib/gstdio.h>
#include <string.h>

/* The region file's frame: what is written is read back, and what is not whole is refused with the code that tells what to do. */

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
write_region (const char *path, guint n_items)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegionWriter) writer = navi_region_writer_new (path, &error);

  g_assert_no_error (error);
  navi_region_writer_set_meta (writer, "name", "Test 测试");
  navi_region_writer_set_meta (writer, "bounds", "-10000000,20000000,30000000,45000000");
  navi_region_writer_begin (writer, NAVI_SECTION_DRAW_INDEX, sizeof (guint32));
  for (guint32 i = 0; i < n_items; i++)
    navi_region_writer_append (writer, &i, sizeof i);
  g_assert_true (navi_region_writer_end (writer, &error));
  g_assert_true (navi_region_writer_add (writer, NAVI_SECTION_GRAPH_BLOCK_DATA, 0, "abc", 3, &error));
  g_assert_true (navi_region_writer_commit (writer, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("navi-region-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "x.region", NULL);
  write_region (fixture->path, 100000);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = navi_region_open (fixture->path, &error);
  const guint32 *items;
  const char *text;
  gsize n;
  double south, west, north, east;

  g_assert_no_error (error);
  g_assert_cmpstr (navi_region_get_name (region), ==, "Test 测试");
  g_assert_true (navi_region_get_bounds (region, &south, &west, &north, &east));
  g_assert_cmpfloat (west, ==, -1.0);
  g_assert_cmpfloat (south, ==, 2.0);
  g_assert_cmpfloat (east, ==, 3.0);
  g_assert_cmpfloat (north, ==, 4.5);
  items = navi_region_get_array (region, NAVI_SECTION_DRAW_INDEX, sizeof (guint32), &n);
  g_assert_cmpuint (n, ==, 100000);
  g_assert_cmpuint (GPOINTER_TO_SIZE (items) % 8, ==, 0);
  for (guint32 i = 0; i < n; i++)
    g_assert_cmpuint (items[i], ==, i);
  g_assert_null (navi_region_get_array (region, NAVI_SECTION_DRAW_INDEX, 8, &n));
  text = navi_region_get_section (region, NAVI_SECTION_GRAPH_BLOCK_DATA, &n);
  g_assert_cmpmem (text, n, "abc", 3);
  g_assert_null (navi_region_get_section (region, NAVI_SECTION_PLACES, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (navi_region_verify (region, NULL, &error));
  g_assert_no_error (error);
}

static void
test_same_input_same_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL;
  gsize first_bytes, second_bytes;

  g_assert_true (g_file_get_contents (fixture->path, &first, &first_bytes, NULL));
  write_region (fixture->path, 100000);
  g_assert_true (g_file_get_contents (fixture->path, &second, &second_bytes, NULL));
  g_assert_cmpmem (first, first_bytes, second, second_bytes);
}

static void
assert_refused (const char *path, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviRegion) region = navi_region_open (path, &error);

  g_assert_null (region);
  g_assert_error (error, CLOUD_ERROR, code);
}

/* Overwrites a byte, tells how opening ends, and puts it back. */
static void
assert_refused_with_byte (Fixture *fixture, gsize offset, int code)
{
  g_autofree char *content = NULL;
  gsize bytes;

  g_assert_true (g_file_get_contents (fixture->path, &content, &bytes, NULL));
  content[offset] ^= 0x40;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) bytes, NULL));
  assert_refused (fixture->path, code);
  content[offset] ^= 0x40;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) bytes, NULL));
}

static void
test_refuses_what_it_cannot_read (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;
  g_autofree char *missing = g_build_filename (fixture->folder, "no.region", NULL);
  gsize bytes;

  assert_refused (missing, CLOUD_ERROR_NOT_FOUND);
  assert_refused_with_byte (fixture, 0, CLOUD_ERROR_INVALID);
  assert_refused_with_byte (fixture, 8, CLOUD_ERROR_UNSUPPORTED);
  assert_refused_with_byte (fixture, 13, CLOUD_ERROR_CORRUPT);
  g_assert_true (g_file_get_contents (fixture->path, &content, &bytes, NULL));
  assert_refused_with_byte (fixture, bytes - 5, CLOUD_ERROR_CORRUPT);
  for (gsize cut = 0; cut < bytes; cut += cut < 100 ? 9 : 40009)
    {
      g_assert_true (g_file_set_contents (fixture->path, content, (gssize) cut, NULL));
      assert_refused (fixture->path, cut < 64 ? CLOUD_ERROR_INVALID : CLOUD_ERROR_CORRUPT);
    }
}

static void
test_verify_finds_a_flipped_bit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;
  gsize bytes;

  g_assert_true (g_file_get_contents (fixture->path, &content, &bytes, NULL));
  for (gsize offset = 64; offset < 400000; offset += 65000)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NaviRegion) region = NULL;
      content[offset] ^= 1;
      g_assert_true (g_file_set_contents (fixture->path, content, (gssize) bytes, NULL));
      region = navi_region_open (fixture->path, &error);
      g_assert_no_error (error);
      g_assert_false (navi_region_verify (region, NULL, &error));
      g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT);
      content[offset] ^= 1;
    }
}

static void
test_without_commit_nothing_is_left (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *other = g_build_filename (fixture->folder, "y.region", NULL);
  NaviRegionWriter *writer = navi_region_writer_new (other, &error);

  g_assert_no_error (error);
  g_assert_true (navi_region_writer_add (writer, NAVI_SECTION_PLACES, 0, "abc", 3, &error));
  navi_region_writer_free (writer);
  /* tear_down removes the folder, which must hold only the fixture's file. */
}

static void
test_a_folder_that_cannot_be_written (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (navi_region_writer_new ("/nonexistent/folder/x.region", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/navi/region/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("same-input-same-bytes", test_same_input_same_bytes);
  ADD ("refuses-what-it-cannot-read", test_refuses_what_it_cannot_read);
  ADD ("verify-finds-a-flipped-bit", test_verify_finds_a_flipped_bit);
  ADD ("without-commit-nothing-is-left", test_without_commit_nothing_is_left);
  ADD ("a-folder-that-cannot-be-written", test_a_folder_that_cannot_be_written);
  return g_test_run ();
}
