/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-whereabouts.h"
#include "navi-search.h"

#include <string.h>

/* Asks a region what is at a point. */

enum
{
  HOUSE_REACH_M = 60, /* a house farther away is another one's */
};

typedef struct
{
  NaviRegion *region;
  double lat_deg;
  double lon_deg;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_object (&question->region);
  g_free (question);
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  g_autoptr (NaviSearch) search = NULL;
  GListModel *places = NULL;
  GError *error = NULL;

  search = navi_search_new (question->region, &error);
  if (search != NULL)
    places = navi_search_reverse (search, question->lat_deg, question->lon_deg, &error);
  if (places != NULL)
    g_task_return_pointer (task, places, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
navi_whereabouts_ask_async (NaviRegions *regions, double lat_deg, double lon_deg, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  g_task_set_source_tag (task, navi_whereabouts_ask_async);
  g_task_set_task_data (task, question, question_free);
  question->region = navi_regions_find (regions, lat_deg, lon_deg);
  question->lat_deg = lat_deg;
  question->lon_deg = lon_deg;
  if (question->region != NULL)
    g_task_run_in_thread (task, ask_in_thread);
  else
    g_task_return_pointer (task, g_list_store_new (NAVI_TYPE_PLACE), g_object_unref);
}

GListModel *
navi_whereabouts_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_called (const NaviPlaceData *data, const NaviNames *names)
{
  return strcmp (data->name, names->local) == 0 && (*names->local != '\0' || strcmp (data->name_en, names->en) == 0);
}

NaviPlace *
navi_whereabouts_pick (GListModel *places, const NaviNames *names)
{
  gboolean is_named = names != NULL && !navi_names_are_empty (names);

  for (guint i = 0; i < g_list_model_get_n_items (places); i++)
    {
      g_autoptr (NaviPlace) place = g_list_model_get_item (places, i);
      const NaviPlaceData *data = navi_place_get_data (place);
      if (is_named ? is_called (data, names)
                   : data->type == NAVI_PLACE_STREET || (data->type == NAVI_PLACE_HOUSE && data->distance_m <= HOUSE_REACH_M))
        return g_steal_pointer (&place);
    }
  return NULL;
}
