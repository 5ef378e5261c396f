/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-service"

#include "navi-answers.h"
#include "config.h"
#include "navi-search.h"

/* Searches all installed regions at once and takes the best of all. */

struct _NaviAnswers
{
  NaviRegions *regions;
  GHashTable *searches; /* NaviRegion -> NaviSearch */
  GHashTable *found;    /* id -> NaviPlace, of the last searches */
};

enum
{
  MOST_HITS = 20,
  MOST_REMEMBERED = 500,
};

NaviAnswers *
navi_answers_new (NaviRegions *regions)
{
  NaviAnswers *self = g_new0 (NaviAnswers, 1);

  self->regions = g_object_ref (regions);
  self->searches = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
navi_answers_free (NaviAnswers *self)
{
  g_hash_table_unref (self->searches);
  g_hash_table_unref (self->found);
  g_object_unref (self->regions);
  g_free (self);
}

/* ---- Searching ---- */

typedef struct
{
  NaviAnswers *self;
  GPtrArray *lists; /* GListModel of NaviPlace */
  guint n_pending;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_ptr_array_unref (search->lists);
  g_free (search);
}

/* The list whose next place is the best of all; G_MAXUINT if all are at their end. */
static guint
find_best (Search *search, const guint *positions)
{
  guint best = G_MAXUINT;
  gint score = G_MININT;

  for (guint i = 0; i < search->lists->len; i++)
    {
      g_autoptr (NaviPlace) place = g_list_model_get_item (g_ptr_array_index (search->lists, i), positions[i]);
      if (place != NULL && navi_place_get_data (place)->score > score)
        {
          score = navi_place_get_data (place)->score;
          best = i;
        }
    }
  return best;
}

static void
take_from (Search *search, GListModel *list, guint position, GPtrArray *ids)
{
  g_autoptr (NaviPlace) place = g_list_model_get_item (list, position);
  g_autofree char *id = navi_place_get_uri (place);

  if (g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
    return;
  g_ptr_array_add (ids, g_strdup (id));
  g_hash_table_replace (search->self->found, g_steal_pointer (&id), g_object_ref (place));
}

static void
one_less (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autoptr (GPtrArray) ids = NULL;
  g_autofree guint *positions = NULL;
  guint best;

  if (--search->n_pending > 0)
    return;
  if (g_hash_table_size (search->self->found) > MOST_REMEMBERED)
    g_hash_table_remove_all (search->self->found);
  ids = g_ptr_array_new_with_free_func (g_free);
  positions = g_new0 (guint, search->lists->len + 1);
  while (ids->len < MOST_HITS && (best = find_best (search, positions)) != G_MAXUINT)
    take_from (search, g_ptr_array_index (search->lists, best), positions[best]++, ids);
  g_ptr_array_add (ids, NULL);
  g_task_return_pointer (task, g_strdupv ((char **) ids->pdata), (GDestroyNotify) g_strfreev);
  g_object_unref (task);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Search *search = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GListModel *list = navi_search_find_finish (NAVI_SEARCH (source), result, &error);

  if (list != NULL)
    g_ptr_array_add (search->lists, list);
  one_less (task);
}

static NaviSearch *
search_of (NaviAnswers *self, NaviRegion *region)
{
  NaviSearch *search = g_hash_table_lookup (self->searches, region);
  g_autoptr (GError) error = NULL;

  if (search != NULL)
    return search;
  search = navi_search_new (region, &error);
  if (search == NULL)
    {
      g_message ("A region is not searched: %s", error->message);
      return NULL;
    }
  g_hash_table_insert (self->searches, g_object_ref (region), search);
  return search;
}

static void
answers_search_async (gpointer user_data, const char *const *terms, const char *const *previous, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer callback_data)
{
  NaviAnswers *self = user_data;
  GTask *task = g_task_new (NULL, cancellable, callback, callback_data);
  g_autofree char *text = g_strjoinv (" ", (char **) terms);
  const NaviSearchQuery query = { .text = text, .limit = MOST_HITS, .typing = TRUE };
  Search *search = g_new0 (Search, 1);

  search->self = self;
  search->lists = g_ptr_array_new_with_free_func (g_object_unref);
  search->n_pending = 1;
  g_task_set_task_data (task, search, search_free);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->regions)); i++)
    {
      g_autoptr (NaviRegion) region = g_list_model_get_item (G_LIST_MODEL (self->regions), i);
      NaviSearch *one = search_of (self, region);
      if (one == NULL)
        continue;
      search->n_pending++;
      navi_search_find_async (one, &query, cancellable, on_found, task);
    }
  one_less (task);
}

static char **
answers_search_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Describing ---- */

static CloudSearchMeta *
make_meta (const char *id, NaviPlace *place)
{
  const char *language = g_get_language_names ()[0];
  g_autofree char *kind = navi_place_get_kind_label (place, language);
  g_autofree char *address = navi_place_get_address (place, language);
  g_autofree char *description = NULL;

  if (*address != '\0' && *kind != '\0')
    description = g_strdup_printf ("%s · %s", kind, address);
  else
    description = g_strdup (*address != '\0' ? address : kind);
  return cloud_search_meta_new (id, navi_place_get_name (place, language), description, "mark-location-symbolic", id);
}

static void
answers_metas_async (gpointer user_data, const char *const *ids, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer callback_data)
{
  NaviAnswers *self = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  GPtrArray *metas = g_ptr_array_new_with_free_func ((GDestroyNotify) cloud_search_meta_free);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      NaviPlace *known = g_hash_table_lookup (self->found, ids[i]);
      g_autoptr (NaviPlace) place = known != NULL ? g_object_ref (known) : navi_place_new_from_uri (ids[i]);
      if (place != NULL)
        g_ptr_array_add (metas, make_meta (ids[i], place));
    }
  g_task_return_pointer (task, metas, (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
answers_metas_finish (gpointer user_data, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Opening ---- */

/* The window is another program: it is asked over the bus, and started if it does not run. */
static void
call_window (const char *method, GVariantBuilder *uris, guint32 timestamp)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  g_autofree char *startup_id = g_strdup_printf ("_TIME%u", timestamp);
  GVariantBuilder platform;

  g_variant_builder_init (&platform, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&platform, "{sv}", "desktop-startup-id", g_variant_new_string (startup_id));
  if (bus != NULL)
    g_dbus_connection_call (bus, CIRRUS_ID_PREFIX ".Navi", CIRRUS_ID_PATH "/Navi", "org.freedesktop.Application", method,
                            uris != NULL ? g_variant_new ("(as@a{sv})", uris, g_variant_builder_end (&platform))
                                         : g_variant_new ("(@a{sv})", g_variant_builder_end (&platform)),
                            NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  else
    g_variant_builder_clear (&platform);
}

static void
answers_activate (gpointer user_data, const char *id, const char *const *terms, guint32 timestamp)
{
  GVariantBuilder uris;

  g_variant_builder_init (&uris, G_VARIANT_TYPE_STRING_ARRAY);
  g_variant_builder_add (&uris, "s", id);
  call_window ("Open", &uris, timestamp);
}

static void
answers_launch (gpointer user_data, const char *const *terms, guint32 timestamp)
{
  call_window ("Activate", NULL, timestamp);
}

const CloudSearchProviderFuncs navi_answers_funcs = {
  .search_async = answers_search_async,
  .search_finish = answers_search_finish,
  .metas_async = answers_metas_async,
  .metas_finish = answers_metas_finish,
  .activate = answers_activate,
  .launch = answers_launch,
};
