/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-map"

#include "navi-import-map.h"
#include "navi-map-builder.h"

#include "navi-region.h"

/* From the import's objects to the map builder's points, lines and areas. */

typedef struct
{
  NaviImportPass parent;
  NaviMapBuilder *builder;
  GArray *points; /* scratch: NaviMapPoint */
  GArray *sizes;  /* scratch: guint */
} MapPass;

static gboolean
on_node (NaviImportPass *pass, const NaviImportNode *node, GError **error)
{
  MapPass *self = (MapPass *) pass;

  return navi_map_builder_add_node (self->builder, (NaviMapPoint){ node->lat_e7, node->lon_e7 }, &node->tags, error);
}

static void
append_points (MapPass *self, const NaviImportPoint *points, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      NaviMapPoint p = { points[i].lat_e7, points[i].lon_e7 };

      g_array_append_val (self->points, p);
    }
}

static gboolean
on_way (NaviImportPass *pass, const NaviImportWay *way, GError **error)
{
  MapPass *self = (MapPass *) pass;
  const NaviMapPoint *points;
  guint n_ring = way->n_points - 1;

  if (way->tags.n_items == 0)
    return TRUE;
  g_array_set_size (self->points, 0);
  append_points (self, way->points, way->n_points);
  points = (const NaviMapPoint *) (void *) self->points->data;
  if (way->is_closed && n_ring >= 3 && navi_osm_way_is_area (&way->tags))
    return way->is_outer_of_area || navi_map_builder_add_area (self->builder, points, &n_ring, 1, &way->tags, error);
  return navi_map_builder_add_line (self->builder, points, way->n_points, &way->tags, error);
}

static gboolean
on_area (NaviImportPass *pass, const NaviImportArea *area, GError **error)
{
  MapPass *self = (MapPass *) pass;

  g_array_set_size (self->points, 0);
  g_array_set_size (self->sizes, 0);
  for (guint i = 0; i < area->n_rings; i++)
    {
      append_points (self, area->rings[i].points, area->rings[i].n_points);
      g_array_append_val (self->sizes, area->rings[i].n_points);
    }
  return navi_map_builder_add_area (self->builder, (const NaviMapPoint *) (void *) self->points->data,
                                    (const guint *) (void *) self->sizes->data, self->sizes->len, &area->tags, error);
}

static gboolean
write_data (const guint8 *bytes, gsize n_bytes, gpointer user_data, GError **error)
{
  navi_region_writer_append (user_data, bytes, n_bytes);
  return TRUE;
}

static gboolean
on_finish (NaviImportPass *pass, NaviRegionWriter *writer, GCancellable *cancellable, GError **error)
{
  MapPass *self = (MapPass *) pass;
  g_autoptr (GBytes) index = NULL;

  navi_region_writer_begin (writer, NAVI_SECTION_DRAW_DATA, 0);
  index = navi_map_builder_finish (self->builder, write_data, writer, cancellable, error);
  if (index == NULL || !navi_region_writer_end (writer, error))
    return FALSE;
  return navi_region_writer_add (writer, NAVI_SECTION_DRAW_INDEX, 0, g_bytes_get_data (index, NULL), g_bytes_get_size (index), error);
}

static void
pass_free (NaviImportPass *pass)
{
  MapPass *self = (MapPass *) pass;

  navi_map_builder_free (self->builder);
  g_array_unref (self->points);
  g_array_unref (self->sizes);
  g_free (self);
}

NaviImportPass *
navi_import_map_new (const char *spool_dir, GError **error)
{
  g_autoptr (NaviMapBuilder) builder = navi_map_builder_new (spool_dir, error);
  MapPass *self;

  if (builder == NULL)
    return NULL;
  self = g_new0 (MapPass, 1);
  self->parent = (NaviImportPass){
    .name = "map", .share = 20, .node = on_node, .way = on_way, .area = on_area, .finish = on_finish, .free = pass_free,
  };
  self->builder = g_steal_pointer (&builder);
  self->points = g_array_new (FALSE, FALSE, sizeof (NaviMapPoint));
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  return &self->parent;
}
