/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-search-case.h"

#include "navi-import.h"

#include <glib/gstdio.h>

void
navi_search_case_open (NaviSearchCase *self, const char *text, const char *file)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("navi-search-XXXXXX", NULL);
  self->osm = g_build_filename (self->folder, "town.osm", NULL);
  self->path = g_build_filename (self->folder, "town.region", NULL);
  if (file == NULL)
    g_assert_true (g_file_set_contents (self->osm, text, -1, NULL));
  g_assert_true (navi_import_run (file != NULL ? file : self->osm, self->path, NULL, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  self->region = navi_region_open (self->path, &error);
  g_assert_no_error (error);
  self->search = navi_search_new (self->region, &error);
  g_assert_no_error (error);
}

void
navi_search_case_close (NaviSearchCase *self)
{
  g_clear_object (&self->search);
  g_clear_object (&self->region);
  g_remove (self->osm);
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->osm);
  g_free (self->path);
  g_free (self->folder);
}

char *
navi_search_case_ask (NaviSearchCase *self, const NaviSearchQuery *query, guint most)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) list = navi_search_find (self->search, query, NULL, &error);
  GString *out = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < MIN (most, g_list_model_get_n_items (list)); i++)
    {
      g_autoptr (NaviPlace) place = g_list_model_get_item (list, i);
      const NaviPlaceData *data = navi_place_get_data (place);

      g_string_append_printf (out, "%s%s:%s%s", i > 0 ? "|" : "", data->kind, data->name, data->is_approximate ? "~" : "");
    }
  return g_string_free (out, FALSE);
}
