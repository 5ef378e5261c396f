/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-places.h"

#include "cloud-text.h"

#include <glib/gi18n-lib.h>
#include <libgweather/gweather.h>

#include <locale.h>
#include <math.h>
#include <string.h>

/* Search by name over libgweather's cities.  libgweather is not made for threads: one lock covers it and the index. */

#define NEAR_M 15000
#define NAMES_DOMAIN "libgweather-4.0-locations"

typedef struct
{
  char *name;
  char *region;
  char *timezone;
  double latitude_deg;
  double longitude_deg;
  int weight;    /* large cities have a time zone of their name, and people mostly mean those at home */
  char *keys;    /* folded name, English name, pinyin and initials, one a line, each line starting with '\n' */
  char *context; /* folded region, words separated by blanks, starting with a blank */
} City;

typedef struct
{
  guint city;
  int rank; /* lower is better */
} Hit;

static GMutex lock;
static GArray *index_cities; /* of City */

static void
city_clear (gpointer data)
{
  City *city = data;

  g_free (city->name);
  g_free (city->region);
  g_free (city->timezone);
  g_free (city->keys);
  g_free (city->context);
}

/* ---- From libgweather ---- */

static char *
english_country (GWeatherLocation *location)
{
  g_autoptr (GWeatherLocation) at = g_object_ref (location);

  while (at != NULL && gweather_location_get_level (at) > GWEATHER_LOCATION_COUNTRY)
    {
      GWeatherLocation *parent = gweather_location_get_parent (at);

      g_object_unref (at);
      at = parent;
    }
  return at != NULL ? g_strdup (gweather_location_get_english_name (at)) : NULL;
}

/* "City in Illinois, United States", "City in France", "State in China" */
static char *
message_context (GWeatherLocation *location)
{
  g_autoptr (GWeatherLocation) parent = gweather_location_get_parent (location);
  g_autofree char *country = english_country (location);

  if (parent == NULL || country == NULL)
    return NULL;
  if (gweather_location_get_level (location) == GWEATHER_LOCATION_ADM1)
    return g_strdup_printf ("State in %s", country);
  if (gweather_location_get_level (parent) == GWEATHER_LOCATION_ADM1)
    return g_strdup_printf ("City in %s, %s", gweather_location_get_english_name (parent), country);
  return g_strdup_printf ("City in %s", country);
}

/* The name in the user's language.  The database of libgweather 4.2 was made without the contexts that its translators gave to
 * names that occur twice (Paris, Beijing, Shanghai): those stay English unless they are looked up as the translations have them.
 */
static char *
name_of (GWeatherLocation *location)
{
  const char *name = gweather_location_get_name (location);
  const char *english = gweather_location_get_english_name (location);
  g_autofree char *context = NULL;

  if (name == NULL || english == NULL || strcmp (name, english) != 0)
    return g_strdup (name);
  context = message_context (location);
  return g_strdup (context != NULL ? g_dpgettext2 (NAMES_DOMAIN, context, english) : name);
}

static char *
region_of (GWeatherLocation *location)
{
  g_autoptr (GWeatherLocation) parent = gweather_location_get_parent (location);
  g_autofree char *country = gweather_location_get_country_name (location);
  g_autofree char *state = NULL;

  if (parent != NULL && gweather_location_get_level (parent) == GWEATHER_LOCATION_ADM1)
    state = name_of (parent);
  if (state == NULL || country == NULL)
    return g_strdup (state != NULL ? state : country);
  /* Translators: a state or province and its country */
  return g_strdup_printf (_ ("%s, %s"), state, country);
}

static char *
id_of (double latitude, double longitude)
{
  char latitude_text[G_ASCII_DTOSTR_BUF_SIZE], longitude_text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (latitude_text, sizeof latitude_text, "%.4f", latitude);
  g_ascii_formatd (longitude_text, sizeof longitude_text, "%.4f", longitude);
  return g_strconcat (latitude_text, ",", longitude_text, NULL);
}

static WeatherPlace *
place_of (const char *name, const char *region, const char *timezone, double latitude, double longitude)
{
  g_autofree char *id = id_of (latitude, longitude);

  return weather_place_new (id, name, region, latitude, longitude, timezone);
}

static void
append_key (GString *keys, const char *folded)
{
  if (folded != NULL && *folded != '\0')
    g_string_append_printf (keys, "\n%s", folded);
}

static char *
make_keys (const char *name, const char *english_name)
{
  GString *keys = g_string_new (NULL);
  g_autofree char *folded = cloud_text_fold (name, -1);
  g_autofree char *full = NULL;
  g_autofree char *initials = NULL;

  append_key (keys, folded);
  if (english_name != NULL && strcmp (english_name, name) != 0)
    {
      g_autofree char *english = cloud_text_fold (english_name, -1);

      append_key (keys, english);
    }
  if (cloud_text_pinyin (name, -1, &full, &initials))
    {
      append_key (keys, full);
      append_key (keys, initials);
    }
  return g_string_free (keys, FALSE);
}

static char *
make_context (GWeatherLocation *location, const char *region)
{
  g_autofree char *both = g_strjoin (" ", region != NULL ? region : "", gweather_location_get_country (location), NULL);
  g_autofree char *folded = cloud_text_fold (both, -1);

  return g_strconcat (" ", folded, NULL);
}

static const char *
home_country (void)
{
  static char country[3];
  const char *name = setlocale (LC_MESSAGES, NULL);
  const char *at = name != NULL ? strchr (name, '_') : NULL;

  if (at == NULL || strlen (at) < 3)
    return NULL;
  g_strlcpy (country, at + 1, sizeof country);
  return country;
}

static gboolean
names_its_zone (GWeatherLocation *location)
{
  const char *zone = gweather_location_get_timezone_str (location);
  const char *name = gweather_location_get_english_name (location);
  const char *last = zone != NULL ? strrchr (zone, '/') : NULL;

  if (last == NULL || name == NULL || strlen (last + 1) != strlen (name))
    return FALSE;
  for (last++; *name != '\0'; last++, name++)
    if (*last != *name && !(*last == '_' && *name == ' '))
      return FALSE;
  return TRUE;
}

static void
add_city (GWeatherLocation *location, const char *home)
{
  g_autofree char *name = name_of (location);
  const char *country = gweather_location_get_country (location);
  City city = { 0 };

  if (name == NULL || !gweather_location_has_coords (location))
    return;
  gweather_location_get_coords (location, &city.latitude_deg, &city.longitude_deg);
  city.region = region_of (location);
  city.timezone = g_strdup (gweather_location_get_timezone_str (location));
  city.weight = (home != NULL && country != NULL && strcmp (home, country) == 0) + 2 * names_its_zone (location);
  city.keys = make_keys (name, gweather_location_get_english_name (location));
  city.name = g_steal_pointer (&name);
  city.context = make_context (location, city.region);
  g_array_append_val (index_cities, city);
}

static void
add_cities_below (GWeatherLocation *location, const char *home)
{
  GWeatherLocation *child = NULL;

  while ((child = gweather_location_next_child (location, child)) != NULL)
    {
      GWeatherLocationLevel level = gweather_location_get_level (child);

      if (level == GWEATHER_LOCATION_CITY)
        add_city (child, home);
      else if (level < GWEATHER_LOCATION_CITY)
        add_cities_below (child, home);
    }
}

static void
ensure_index (void)
{
  g_autoptr (GWeatherLocation) world = NULL;

  if (index_cities != NULL)
    return;
  world = gweather_location_get_world ();
  index_cities = g_array_new (FALSE, FALSE, sizeof (City));
  g_array_set_clear_func (index_cities, city_clear);
  if (world != NULL)
    add_cities_below (world, home_country ());
}

/* ---- Search ---- */

/* A word begins with @word somewhere in @text. */
static gboolean
has_word_prefix (const char *text, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = strstr (text, word); at != NULL; at = strstr (at + 1, word))
    if (at == text || at[-1] == ' ' || at[-1] == '\n' || at[-1] == '-' || (guchar) at[0] >= 0x80)
      return TRUE;
    else if (length == 0)
      return FALSE;
  return FALSE;
}

/* 0: the name itself; 1: the name begins so; 2: a word of it does; 3: with the region's help; -1: not at all. */
static int
rank_city (const City *city, const char *query, const char *line, char **words)
{
  const char *at;
  int rank = -1;

  for (at = strstr (city->keys, line); at != NULL; at = strstr (at + 1, line))
    {
      char after = at[strlen (line)];

      if (after == '\n' || after == '\0')
        return 0;
      rank = 1;
    }
  if (rank == 1)
    return rank;
  if (has_word_prefix (city->keys, query))
    return 2;
  if (words[0] == NULL || !has_word_prefix (city->keys, words[0]))
    return -1;
  for (guint i = 1; words[i] != NULL; i++)
    if (!has_word_prefix (city->keys, words[i]) && !has_word_prefix (city->context, words[i]))
      return -1;
  return words[1] != NULL ? 3 : -1;
}

static int
compare_hits (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Hit *first = a, *second = b;
  const City *one = &g_array_index (index_cities, City, first->city);
  const City *two = &g_array_index (index_cities, City, second->city);

  if (first->rank != second->rank)
    return first->rank - second->rank;
  if (one->weight != two->weight)
    return two->weight - one->weight;
  if (strlen (one->name) != strlen (two->name))
    return (int) strlen (one->name) - (int) strlen (two->name);
  return g_utf8_collate (one->name, two->name);
}

static GPtrArray *
search_locked (const char *query, guint limit)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *line = g_strconcat ("\n", query, NULL);
  g_auto (GStrv) words = g_strsplit (query, " ", -1);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));

  ensure_index ();
  for (guint i = 0; i < index_cities->len; i++)
    {
      Hit hit = { i, rank_city (&g_array_index (index_cities, City, i), query, line, words) };

      if (hit.rank >= 0)
        g_array_append_val (hits, hit);
    }
  g_array_sort_with_data (hits, compare_hits, NULL);
  for (guint i = 0; i < hits->len && i < limit; i++)
    {
      const City *city = &g_array_index (index_cities, City, g_array_index (hits, Hit, i).city);

      g_ptr_array_add (places, place_of (city->name, city->region, city->timezone, city->latitude_deg, city->longitude_deg));
    }
  return places;
}

GPtrArray *
weather_places_search (const char *text, guint limit)
{
  g_autofree char *query = NULL;
  GPtrArray *places;

  g_return_val_if_fail (text != NULL, NULL);

  query = cloud_text_fold (text, -1);
  g_strstrip (query);
  if (*query == '\0')
    return g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_lock (&lock);
  places = search_locked (query, limit);
  g_mutex_unlock (&lock);
  return places;
}

void
weather_places_forget (void)
{
  g_mutex_lock (&lock);
  g_clear_pointer (&index_cities, g_array_unref);
  g_mutex_unlock (&lock);
}

/* ---- Positions ---- */

WeatherPlace *
weather_places_nearest (double latitude_deg, double longitude_deg)
{
  g_autoptr (GWeatherLocation) world = NULL;
  g_autoptr (GWeatherLocation) city = NULL;
  WeatherPlace *place = NULL;

  g_return_val_if_fail (isfinite (latitude_deg) && isfinite (longitude_deg), NULL);

  g_mutex_lock (&lock);
  world = gweather_location_get_world ();
  if (world != NULL)
    city = gweather_location_find_nearest_city (world, latitude_deg, longitude_deg);
  if (city != NULL)
    {
      g_autofree char *name = name_of (city);
      g_autofree char *region = region_of (city);
      double latitude, longitude;

      gweather_location_get_coords (city, &latitude, &longitude);
      place = place_of (name, region, gweather_location_get_timezone_str (city), latitude, longitude);
    }
  g_clear_object (&city);
  g_clear_object (&world);
  g_mutex_unlock (&lock);
  return place;
}

WeatherPlace *
weather_places_name_position (const char *id, double latitude_deg, double longitude_deg)
{
  g_autoptr (WeatherPlace) city = weather_places_nearest (latitude_deg, longitude_deg);
  g_autofree char *own_name = NULL;
  const char *name;

  if (city == NULL)
    {
      own_name = g_strdup_printf ("%.2f, %.2f", latitude_deg, longitude_deg);
      return weather_place_new (id, own_name, NULL, latitude_deg, longitude_deg, NULL);
    }
  name = weather_place_get_name (city);
  if (weather_place_distance_m (city, latitude_deg, longitude_deg) > NEAR_M)
    /* Translators: %s is a city that is not far: "Near Porto" */
    name = own_name = g_strdup_printf (_ ("Near %s"), name);
  return weather_place_new (id, name, weather_place_get_region (city), latitude_deg, longitude_deg,
                            weather_place_get_timezone (city));
}

/* ---- Other languages ---- */

/* The city that a hit with this id was made of. (nullable) */
static const City *
find_city_locked (WeatherPlace *place)
{
  ensure_index ();
  for (guint i = 0; i < index_cities->len; i++)
    {
      const City *city = &g_array_index (index_cities, City, i);

      if (fabs (city->latitude_deg - weather_place_get_latitude_deg (place)) < 0.0001
          && fabs (city->longitude_deg - weather_place_get_longitude_deg (place)) < 0.0001)
        {
          g_autofree char *id = id_of (city->latitude_deg, city->longitude_deg);

          if (strcmp (id, weather_place_get_id (place)) == 0)
            return city;
        }
    }
  return NULL;
}

static WeatherPlace *
translate (WeatherPlace *place)
{
  WeatherPlace *renamed = NULL;
  const City *city;

  if (weather_place_is_here (place))
    return weather_places_name_position (WEATHER_PLACE_HERE, weather_place_get_latitude_deg (place),
                                         weather_place_get_longitude_deg (place));
  g_mutex_lock (&lock);
  city = find_city_locked (place);
  if (city != NULL)
    renamed = weather_place_with (place, city->name, city->region, NULL);
  g_mutex_unlock (&lock);
  return renamed;
}

GPtrArray *
weather_places_translate (GPtrArray *places)
{
  GPtrArray *renamed;

  g_return_val_if_fail (places != NULL, NULL);

  renamed = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < places->len; i++)
    {
      WeatherPlace *place = places->pdata[i];
      g_autoptr (WeatherPlace) called = translate (place);

      if (called != NULL
          && (strcmp (weather_place_get_name (called), weather_place_get_name (place)) != 0
              || g_strcmp0 (weather_place_get_region (called), weather_place_get_region (place)) != 0))
        g_ptr_array_add (renamed, g_steal_pointer (&called));
    }
  return renamed;
}

/* ---- On a worker thread ---- */

typedef struct
{
  char *text;
  guint limit;
  double latitude_deg;
  double longitude_deg;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->text);
  g_free (job);
}

static void
run_job (GTaskThreadFunc func, gpointer tag, const Job *job, GCancellable *cancellable, GAsyncReadyCallback callback,
         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *own = g_memdup2 (job, sizeof *job);

  own->text = g_strdup (job->text);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, own, job_free);
  g_task_run_in_thread (task, func);
}

static void
search_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, weather_places_search (job->text, job->limit), (GDestroyNotify) g_ptr_array_unref);
}

static void
nearest_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  g_task_return_pointer (task, weather_places_nearest (job->latitude_deg, job->longitude_deg), g_object_unref);
}

static void
name_position_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  g_task_return_pointer (task, weather_places_name_position (job->text, job->latitude_deg, job->longitude_deg), g_object_unref);
}

void
weather_places_search_async (const char *text, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (text != NULL);
  run_job (search_thread, weather_places_search_async, &(Job){ .text = (char *) text, .limit = limit }, cancellable, callback,
           user_data);
}

GPtrArray *
weather_places_search_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, weather_places_search_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
weather_places_nearest_async (double latitude_deg, double longitude_deg, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  run_job (nearest_thread, weather_places_nearest_async, &(Job){ .latitude_deg = latitude_deg, .longitude_deg = longitude_deg },
           cancellable, callback, user_data);
}

WeatherPlace *
weather_places_nearest_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, weather_places_nearest_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
weather_places_name_position_async (const char *id, double latitude_deg, double longitude_deg, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  run_job (name_position_thread, weather_places_name_position_async,
           &(Job){ .text = (char *) id, .latitude_deg = latitude_deg, .longitude_deg = longitude_deg }, cancellable, callback,
           user_data);
}

WeatherPlace *
weather_places_name_position_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, weather_places_name_position_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
