/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-region"

#include "navi-regions.h"

#include "cloud-error.h"
#include "cloud-paths.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Watches the folder of installed regions. */

struct _NaviRegions
{
  GObject parent_instance;

  char *folder;
  GPtrArray *regions; /* NaviRegion, sorted by name */
  GFileMonitor *monitor;
  guint refresh_id;
  GError *problem;
};

enum
{
  SETTLE_MS = 200, /* a burst of changes is looked at once */
};

static void navi_regions_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NaviRegions, navi_regions, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, navi_regions_list_model_init))

static GType
navi_regions_get_item_type (GListModel *model)
{
  return NAVI_TYPE_REGION;
}

static guint
navi_regions_get_n_items (GListModel *model)
{
  return NAVI_REGIONS (model)->regions->len;
}

static gpointer
navi_regions_get_item (GListModel *model, guint position)
{
  NaviRegions *self = NAVI_REGIONS (model);

  return position < self->regions->len ? g_object_ref (g_ptr_array_index (self->regions, position)) : NULL;
}

static void
navi_regions_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = navi_regions_get_item_type;
  iface->get_n_items = navi_regions_get_n_items;
  iface->get_item = navi_regions_get_item;
}

static void
navi_regions_finalize (GObject *object)
{
  NaviRegions *self = NAVI_REGIONS (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_error (&self->problem);
  g_ptr_array_unref (self->regions);
  g_free (self->folder);
  G_OBJECT_CLASS (navi_regions_parent_class)->finalize (object);
}

static void
navi_regions_class_init (NaviRegionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = navi_regions_finalize;
}

static void
navi_regions_init (NaviRegions *self)
{
  self->regions = g_ptr_array_new_with_free_func (g_object_unref);
}

static gint
compare_regions (gconstpointer a, gconstpointer b)
{
  NaviRegion *left = *(NaviRegion *const *) a, *right = *(NaviRegion *const *) b;
  gint order = g_utf8_collate (navi_region_get_name (left), navi_region_get_name (right));

  return order != 0 ? order : strcmp (navi_region_get_path (left), navi_region_get_path (right));
}

static gboolean
on_settled (gpointer user_data)
{
  NaviRegions *self = user_data;

  self->refresh_id = 0;
  navi_regions_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
on_folder_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  NaviRegions *self = user_data;

  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (SETTLE_MS, on_settled, self);
}

NaviRegions *
navi_regions_new (const char *folder)
{
  NaviRegions *self = g_object_new (NAVI_TYPE_REGIONS, NULL);
  g_autoptr (GFile) file = NULL;

  if (folder != NULL)
    self->folder = g_strdup (folder);
  else
    {
      g_autofree char *data = cloud_paths_data_dir ("navi");
      self->folder = g_build_filename (data, "regions", NULL);
    }
  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    g_warning ("Cannot make %s: %s", self->folder, g_strerror (errno));
  file = g_file_new_for_path (self->folder);
  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (on_folder_changed), self);
  navi_regions_refresh (self);
  return self;
}

const char *
navi_regions_get_folder (NaviRegions *self)
{
  g_return_val_if_fail (NAVI_IS_REGIONS (self), NULL);
  return self->folder;
}

/* The object of an earlier look, if the file has not been replaced meanwhile. */
static NaviRegion *
find_open (NaviRegions *self, NaviRegion *fresh)
{
  for (guint i = 0; i < self->regions->len; i++)
    {
      NaviRegion *old = g_ptr_array_index (self->regions, i);
      if (strcmp (navi_region_get_path (old), navi_region_get_path (fresh)) == 0 && navi_region_is_same_file (old, fresh))
        return old;
    }
  return fresh;
}

void
navi_regions_refresh (NaviRegions *self)
{
  g_autoptr (GDir) dir = NULL;
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  const char *name;
  guint n_before;
  gboolean changed;

  g_return_if_fail (NAVI_IS_REGIONS (self));

  g_clear_error (&self->problem);
  dir = g_dir_open (self->folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_autoptr (NaviRegion) region = NULL;
      g_autoptr (GError) error = NULL;
      if (!g_str_has_suffix (name, ".region"))
        continue;
      region = navi_region_open (path, &error);
      if (region != NULL)
        g_ptr_array_add (found, g_object_ref (find_open (self, region)));
      else if (self->problem == NULL)
        self->problem = g_steal_pointer (&error);
    }
  g_ptr_array_sort (found, compare_regions);
  n_before = self->regions->len;
  changed = n_before != found->len;
  for (guint i = 0; !changed && i < found->len; i++)
    changed = g_ptr_array_index (found, i) != g_ptr_array_index (self->regions, i);
  g_ptr_array_unref (self->regions);
  self->regions = found;
  if (changed)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, found->len);
}

char *
navi_regions_get_path_for (NaviRegions *self, const char *in)
{
  static const char *const endings[] = { ".bz2", ".gz", ".pbf", ".osm", ".region" };
  g_autofree char *base = NULL;

  g_return_val_if_fail (NAVI_IS_REGIONS (self) && in != NULL, NULL);

  base = g_path_get_basename (in);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (base, endings[i]) && strlen (base) > strlen (endings[i]))
      base[strlen (base) - strlen (endings[i])] = '\0';
  for (guint n = 1;; n++)
    {
      g_autofree char *file = n == 1 ? g_strdup_printf ("%s.region", base) : g_strdup_printf ("%s-%u.region", base, n);
      g_autofree char *path = g_build_filename (self->folder, file, NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

gboolean
navi_regions_remove (NaviRegions *self, NaviRegion *region, GError **error)
{
  g_return_val_if_fail (NAVI_IS_REGIONS (self) && NAVI_IS_REGION (region), FALSE);

  if (g_unlink (navi_region_get_path (region)) != 0)
    {
      int err_no = errno;
      g_set_error (error, CLOUD_ERROR, cloud_error_code_from_errno (err_no), "Cannot remove %s: %s", navi_region_get_path (region),
                   g_strerror (err_no));
      return FALSE;
    }
  navi_regions_refresh (self);
  return TRUE;
}

NaviRegion *
navi_regions_find (NaviRegions *self, double lat_deg, double lon_deg)
{
  NaviRegion *best = NULL;
  double best_size = 0;

  g_return_val_if_fail (NAVI_IS_REGIONS (self), NULL);

  for (guint i = 0; i < self->regions->len; i++)
    {
      NaviRegion *region = g_ptr_array_index (self->regions, i);
      double south, west, north, east, width, x;
      if (!navi_region_get_bounds (region, &south, &west, &north, &east))
        continue;
      width = east >= west ? east - west : east - west + 360;
      x = lon_deg >= west ? lon_deg - west : lon_deg - west + 360;
      if (lat_deg < south || lat_deg > north || x > width)
        continue;
      if (best == NULL || width * (north - south) < best_size)
        {
          best = region;
          best_size = width * (north - south);
        }
    }
  return best != NULL ? g_object_ref (best) : NULL;
}

const GError *
navi_regions_get_problem (NaviRegions *self)
{
  g_return_val_if_fail (NAVI_IS_REGIONS (self), NULL);
  return self->problem;
}
