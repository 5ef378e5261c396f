/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-merge.h"
#include "search-url.h"

#include <string.h>

/* Scores add up per address; the first result of an address stands for all, with the longest snippet among them preferred. */

#define RANK_CONSTANT 60.0

typedef struct
{
  SearchResult *result;
  double score;
  guint arrival;
  GPtrArray *sources; /* const char *, different ones */
} Merged;

static void
merged_free (gpointer data)
{
  Merged *merged = data;

  g_ptr_array_unref (merged->sources);
  g_free (merged);
}

static int
compare_merged (gconstpointer a, gconstpointer b)
{
  const Merged *ma = *(Merged *const *) a;
  const Merged *mb = *(Merged *const *) b;

  if (ma->score != mb->score)
    return ma->score > mb->score ? -1 : 1;
  return ma->arrival < mb->arrival ? -1 : ma->arrival > mb->arrival;
}

static void
add_source (Merged *merged, SearchResult *result)
{
  const char *name = search_result_get_provider_name (result);

  for (guint i = 0; i < merged->sources->len; i++)
    if (strcmp (g_ptr_array_index (merged->sources, i), name) == 0)
      return;
  g_ptr_array_add (merged->sources, g_strdup (name));
}

static void
add_result (GHashTable *by_key, GPtrArray *all, SearchResult *result, guint rank)
{
  g_autofree char *key = search_url_key (search_result_get_url (result));
  Merged *merged = key != NULL ? g_hash_table_lookup (by_key, key) : NULL;

  if (merged == NULL)
    {
      merged = g_new0 (Merged, 1);
      merged->result = result;
      merged->arrival = all->len;
      merged->sources = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (all, merged);
      if (key != NULL)
        g_hash_table_insert (by_key, g_steal_pointer (&key), merged);
    }
  else if (search_result_get_snippet (merged->result)[0] == '\0' && search_result_get_snippet (result)[0] != '\0')
    merged->result = result;
  merged->score += 1.0 / (RANK_CONSTANT + rank + 1);
  add_source (merged, result);
}

GPtrArray *
search_merge (const GPtrArray *lists)
{
  g_autoptr (GHashTable) by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (merged_free);
  GPtrArray *results = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (lists != NULL, results);

  for (guint i = 0; i < lists->len; i++)
    {
      const GPtrArray *list = g_ptr_array_index (lists, i);

      for (guint rank = 0; rank < list->len; rank++)
        add_result (by_key, all, g_ptr_array_index (list, rank), rank);
    }
  g_ptr_array_sort (all, compare_merged);
  for (guint i = 0; i < all->len; i++)
    {
      Merged *merged = g_ptr_array_index (all, i);

      g_autofree char *names = NULL;

      g_ptr_array_add (merged->sources, NULL);
      names = g_strjoinv (", ", (char **) merged->sources->pdata);
      search_result_set_source_name (merged->result, names);
      g_ptr_array_add (results, g_object_ref (merged->result));
    }
  return results;
}
