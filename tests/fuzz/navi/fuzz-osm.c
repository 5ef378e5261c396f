/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-osm.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* The readers of OpenStreetMap files, whatever the bytes: PBF, XML, gzip and bzip2 are told apart by the first of them. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
touch_tags (const NaviOsmTags *tags, guint *sum)
{
  for (guint i = 0; i < tags->n_items; i++)
    *sum += g_str_hash (tags->items[i].key) + g_str_hash (tags->items[i].value);
  return TRUE;
}

static gboolean
on_node (const NaviOsmNode *node, gpointer user_data, GError **error)
{
  g_assert_cmpint (ABS ((gint64) node->lat_e7), <=, 900000000);
  g_assert_cmpint (ABS ((gint64) node->lon_e7), <=, 1800000000);
  return touch_tags (&node->tags, user_data);
}

static gboolean
on_way (const NaviOsmWay *way, gpointer user_data, GError **error)
{
  for (guint i = 0; i < way->n_refs; i++)
    *(guint *) user_data += (guint) way->refs[i];
  return touch_tags (&way->tags, user_data);
}

static gboolean
on_relation (const NaviOsmRelation *relation, gpointer user_data, GError **error)
{
  for (guint i = 0; i < relation->n_members; i++)
    *(guint *) user_data += g_str_hash (relation->members[i].role);
  return touch_tags (&relation->tags, user_data);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const NaviOsmHandler handler = { on_node, on_way, on_relation };
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError) error = NULL;
  g_autoptr (NaviOsmReader) reader = NULL;
  guint sum = 0;

  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  reader = navi_osm_reader_open (path, &error);
  if (reader != NULL && navi_osm_reader_run (reader, &handler, &sum, NULL, &error))
    g_assert_true (navi_osm_reader_run (reader, &handler, &sum, NULL, &error));
  close (fd);
  return 0;
}
