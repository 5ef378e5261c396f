/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-places-reader.h"
#include "navi-search.h"

#include <stdio.h>
#include <string.h>

/* How long a search in a region takes: bench-search REGION...  Questions are made of the region's own names, the same ones in each run: whole, letter by letter as they are
 * typed, with a mistake, as addresses; and kinds in both languages.  Once with all that was decoded before at hand, once from nothing for
 * each question. */

typedef struct
{
  const char *name;
  gboolean typing;
  GPtrArray *texts;
} Group;

static guint32
next_random (guint32 *state)
{
  *state = *state * 1664525 + 1013904223;
  return *state >> 8;
}

static Group *
add_group (GPtrArray *groups, const char *name, gboolean typing)
{
  Group *group = g_new0 (Group, 1);

  group->name = name;
  group->typing = typing;
  group->texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (groups, group);
  return group;
}

static void
add_typed (Group *group, const char *name)
{
  for (const char *at = name; *at != '\0';)
    {
      at = g_utf8_next_char (at);
      g_ptr_array_add (group->texts, g_strndup (name, (gsize) (at - name)));
    }
}

/* A letter from the middle is left out. */
static void
add_mistaken (Group *group, const char *name)
{
  const char *at = g_utf8_offset_to_pointer (name, g_utf8_strlen (name, -1) / 2);

  g_ptr_array_add (group->texts, g_strdup_printf ("%.*s%s", (int) (at - name), name, g_utf8_next_char (at)));
}

static void
add_address (Group *group, NaviPlacesReader *places, guint32 place, const NaviPlaceEntry *entry)
{
  NaviHouseIter iter;
  const NaviHouse *house;

  navi_house_iter_init (&iter, places, place);
  house = navi_house_iter_next (&iter);
  if (house != NULL)
    g_ptr_array_add (group->texts, g_strdup_printf ("%s %u%s, %s", entry->name, house->number, house->suffix,
                                                    navi_places_reader_get_city (places, house->city)->name));
}

static GPtrArray *
make_groups (NaviRegion *region)
{
  static const char *const kinds[] = { "restaurant", "fuel", "加油站", "餐厅", "supermarket", "parking", "pharmacy", "bus stop", "jiayouzhan", "hotel" };
  GPtrArray *groups = g_ptr_array_new ();
  g_autoptr (NaviPlacesReader) places = navi_places_reader_new (region, NULL);
  Group *whole = add_group (groups, "whole names", FALSE), *typed = add_group (groups, "letter by letter", TRUE);
  Group *mistaken = add_group (groups, "a letter missing", TRUE), *address = add_group (groups, "addresses", FALSE);
  Group *kind = add_group (groups, "kinds", FALSE);
  guint32 n = navi_places_reader_get_n_places (places), state = 1;

  for (guint i = 0; i < 400 && n > 0; i++)
    {
      guint32 place = next_random (&state) % n;
      const NaviPlaceEntry *entry = navi_places_reader_get (places, place);
      if (entry == NULL || *entry->name == '\0')
        continue;
      g_ptr_array_add (whole->texts, g_strdup (entry->name));
      if (i < 60)
        add_typed (typed, entry->name);
      add_mistaken (mistaken, entry->name);
      add_address (address, places, place, entry);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_ptr_array_add (kind->texts, g_strdup (kinds[i]));
  return groups;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static void
print_times (const char *name, GArray *times, guint n_found)
{
  guint n = times->len;

  if (n == 0)
    return;
  g_array_sort (times, compare_times);
  printf ("| %s | %u | %u | %.2f | %.2f | %.2f |\n", name, n, n_found, (double) g_array_index (times, gint64, n / 2) / 1000,
          (double) g_array_index (times, gint64, MIN (n - 1, n * 95 / 100)) / 1000, (double) g_array_index (times, gint64, n - 1) / 1000);
}

static gint64
time_one (NaviSearch *search, const Group *group, const char *text, double lat_deg, double lon_deg, guint *n_found)
{
  const NaviSearchQuery query = { text, TRUE, lat_deg, lon_deg, 20, group->typing };
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (GListModel) found = navi_search_find (search, &query, NULL, NULL);

  *n_found += g_list_model_get_n_items (found) > 0;
  return g_get_monotonic_time () - begun;
}

static void
run (NaviRegion *region, GPtrArray *groups, gboolean is_cold)
{
  g_autoptr (NaviSearch) search = navi_search_new (region, NULL);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  double south = 0, west = 0, north = 0, east = 0;
  guint all_found = 0;

  navi_region_get_bounds (region, &south, &west, &north, &east);
  for (guint i = 0; i < groups->len; i++)
    {
      const Group *group = g_ptr_array_index (groups, i);
      g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
      guint n_found = 0;
      for (guint k = 0; k < group->texts->len; k++)
        {
          gint64 time;
          if (is_cold)
            {
              g_object_unref (search);
              search = navi_search_new (region, NULL);
            }
          time = time_one (search, group, g_ptr_array_index (group->texts, k), (south + north) / 2, (west + east) / 2, &n_found);
          g_array_append_val (times, time);
          g_array_append_val (all, time);
        }
      all_found += n_found;
      if (!is_cold)
        print_times (group->name, times, n_found);
    }
  print_times (is_cold ? "all, from nothing each" : "all", all, all_found);
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NaviRegion) region = navi_region_open (argv[i], &error);
      g_autoptr (GPtrArray) groups = NULL;
      if (region == NULL)
        {
          fprintf (stderr, "%s\n", error->message);
          return 1;
        }
      groups = make_groups (region);
      printf ("\n%s\n\n| questions | n | answered | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|---|\n", navi_region_get_name (region));
      run (region, groups, FALSE);
      run (region, groups, TRUE);
    }
  return argc > 1 ? 0 : 64;
}
