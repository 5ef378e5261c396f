/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-osm.h"

#include "cloud-error.h"

#include <bzlib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zlib.h>

/* The readers of OpenStreetMap files: every format gives the same objects, and a file that is cut or damaged anywhere gives an error. */

static gboolean
append_tags (GString *out, const NaviOsmTags *tags)
{
  for (guint i = 0; i < tags->n_items; i++)
    g_string_append_printf (out, " %s=%s", tags->items[i].key, tags->items[i].value);
  g_string_append_c (out, '\n');
  return TRUE;
}

static gboolean
on_node (const NaviOsmNode *node, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "n%" G_GINT64_FORMAT " %d %d", node->id, node->lat_e7, node->lon_e7);
  return append_tags (user_data, &node->tags);
}

static gboolean
on_way (const NaviOsmWay *way, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "w%" G_GINT64_FORMAT, way->id);
  for (guint i = 0; i < way->n_refs; i++)
    g_string_append_printf (user_data, " %" G_GINT64_FORMAT, way->refs[i]);
  return append_tags (user_data, &way->tags);
}

static gboolean
on_relation (const NaviOsmRelation *relation, gpointer user_data, GError **error)
{
  g_string_append_printf (user_data, "r%" G_GINT64_FORMAT, relation->id);
  for (guint i = 0; i < relation->n_members; i++)
    g_string_append_printf (user_data, " %d/%" G_GINT64_FORMAT "/%s", relation->members[i].type, relation->members[i].ref,
                            relation->members[i].role);
  return append_tags (user_data, &relation->tags);
}

static const NaviOsmHandler all = { on_node, on_way, on_relation };

static const char expected[] = "n13000000001 471234567 95000000 name=Bäcker & Söhne name:zh=面包店\n"
                               "n13000000002 -180000001 -1799999999\n"
                               "n13000000003 0 1800000000\n"
                               "w77 13000000001 13000000002 13000000003 highway=residential\n"
                               "r5 1/77/from 0/13000000002/via 2/5/ type=restriction\n";

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("CIRRUS_SOURCE_ROOT"), "tests", "data", "osm", name, NULL);
}

/* (transfer full): what the file says, or NULL with an error */
static char *
dump (const char *path, GError **error)
{
  g_autoptr (NaviOsmReader) reader = navi_osm_reader_open (path, error);
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);

  if (reader == NULL || !navi_osm_reader_run (reader, &all, first, NULL, error))
    return NULL;
  g_assert_true (navi_osm_reader_run (reader, &all, again, NULL, error));
  g_assert_cmpstr (first->str, ==, again->str);
  return g_string_free (g_steal_pointer (&first), FALSE);
}

static void
assert_reads (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = dump (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static char *
temporary (gconstpointer data, gsize bytes)
{
  char *path;
  int fd = g_file_open_tmp ("navi-osm-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, data, (gssize) bytes, NULL));
  return path;
}

static char *
packed (gboolean bzip2, gsize *bytes)
{
  g_autofree char *path = data_path ("reader.osm");
  g_autofree char *xml = NULL;
  char *out = g_malloc (65536);
  gsize xml_bytes;

  g_assert_true (g_file_get_contents (path, &xml, &xml_bytes, NULL));
  if (bzip2)
    {
      guint n = 65536;
      g_assert_cmpint (BZ2_bzBuffToBuffCompress (out, &n, xml, (guint) xml_bytes, 9, 0, 0), ==, BZ_OK);
      *bytes = n;
    }
  else
    {
      z_stream z = { .next_in = (Bytef *) xml, .avail_in = (guint) xml_bytes, .next_out = (Bytef *) out, .avail_out = 65536 };
      g_assert_cmpint (deflateInit2 (&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
      g_assert_cmpint (deflate (&z, Z_FINISH), ==, Z_STREAM_END);
      *bytes = z.total_out;
      deflateEnd (&z);
    }
  return out;
}

static void
test_formats_agree (void)
{
  static const char *const names[] = { "reader.osm", "reader.osm.pbf", "reader-plain.osm.pbf" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = data_path (names[i]);
      assert_reads (path);
    }
  for (int bzip2 = 0; bzip2 < 2; bzip2++)
    {
      gsize bytes;
      g_autofree char *content = packed (bzip2 != 0, &bytes);
      g_autofree char *path = temporary (content, bytes);
      assert_reads (path);
      g_remove (path);
    }
}

static void
test_only_what_is_wanted (void)
{
  const NaviOsmHandler ways = { .way = on_way };
  g_autofree char *path = data_path ("reader.osm.pbf");
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviOsmReader) reader = navi_osm_reader_open (path, &error);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_assert_true (navi_osm_reader_run (reader, &ways, out, NULL, &error));
      g_assert_cmpstr (out->str, ==, "w77 13000000001 13000000002 13000000003 highway=residential\n");
    }
}

static void
assert_cut_is_refused (const char *content, gsize bytes)
{
  for (gsize cut = 0; cut < bytes; cut++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = temporary (content, cut);
      g_autofree char *text = dump (path, &error);
      if (text != NULL && cut + 2 >= bytes)
        g_assert_cmpstr (text, ==, expected); /* only the last line's end was cut */
      else if (text != NULL)
        g_assert_cmpuint (strlen (text), <, strlen (expected)); /* between two blobs: nothing in the format tells */
      else
        g_assert_true (error->domain == CLOUD_ERROR);
      g_remove (path);
    }
}

static void
test_cut_files (void)
{
  static const char *const names[] = { "reader.osm", "reader.osm.pbf", "reader-plain.osm.pbf" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = data_path (names[i]);
      g_autofree char *content = NULL;
      gsize bytes;
      g_assert_true (g_file_get_contents (path, &content, &bytes, NULL));
      assert_cut_is_refused (content, bytes);
    }
  for (int bzip2 = 0; bzip2 < 2; bzip2++)
    {
      gsize bytes;
      g_autofree char *content = packed (bzip2 != 0, &bytes);
      assert_cut_is_refused (content, bytes);
    }
}

static void
assert_refused (const char *content, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = temporary (content, strlen (content));
  g_autofree char *text = dump (path, &error);

  g_assert_null (text);
  g_assert_error (error, CLOUD_ERROR, code);
  g_remove (path);
}

static void
test_other_files (void)
{
  assert_refused ("", CLOUD_ERROR_INVALID);
  assert_refused ("hello", CLOUD_ERROR_INVALID);
  assert_refused ("<html><body/></html>", CLOUD_ERROR_INVALID);
  assert_refused ("<osm><node id='1' lat='91' lon='0'/></osm>", CLOUD_ERROR_CORRUPT);
  assert_refused ("<osm><node id='1' lat='1e1' lon='0'/></osm>", CLOUD_ERROR_CORRUPT);
  assert_refused ("<osm><node lat='1' lon='0'/></osm>", CLOUD_ERROR_CORRUPT);
  assert_refused ("<osm><way id='1'><nd/></way></osm>", CLOUD_ERROR_CORRUPT);
  assert_refused ("<osm><node id='1' lat='1' lon='0'></osm>", CLOUD_ERROR_CORRUPT);
  assert_refused ("<!DOCTYPE osm [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><osm><node id='1' lat='1' lon='0'>"
                  "<tag k='x' v='&b;'/></node></osm>",
                  CLOUD_ERROR_CORRUPT);
}

static gboolean
refuse (const NaviOsmNode *node, gpointer user_data, GError **error)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_BUSY, "enough");
  return FALSE;
}

static void
test_a_callback_ends_the_reading (void)
{
  static const char *const names[] = { "reader.osm", "reader.osm.pbf" };
  const NaviOsmHandler handler = { .node = refuse };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = data_path (names[i]);
      g_autoptr (NaviOsmReader) reader = navi_osm_reader_open (path, NULL);
      g_assert_false (navi_osm_reader_run (reader, &handler, NULL, NULL, &error));
      g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_BUSY);
    }
}

static void
test_cancel (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *path = data_path ("reader.osm.pbf");
  g_autoptr (NaviOsmReader) reader = navi_osm_reader_open (path, NULL);

  g_cancellable_cancel (cancellable);
  g_assert_false (navi_osm_reader_run (reader, &all, out, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/navi/osm/formats-agree", test_formats_agree);
  g_test_add_func ("/navi/osm/only-what-is-wanted", test_only_what_is_wanted);
  g_test_add_func ("/navi/osm/cut-files", test_cut_files);
  g_test_add_func ("/navi/osm/other-files", test_other_files);
  g_test_add_func ("/navi/osm/a-callback-ends-the-reading", test_a_callback_ends_the_reading);
  g_test_add_func ("/navi/osm/cancel", test_cancel);
  return g_test_run ();
}
