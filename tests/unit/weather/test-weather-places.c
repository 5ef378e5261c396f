/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-places.h"

#include <string.h>

/* The cities on the device, and their names as people type them. */

static WeatherPlace *
first_hit (const char *text)
{
  g_autoptr (GPtrArray) hits = weather_places_search (text, 5);

  g_assert_cmpuint (hits->len, >, 0);
  g_assert_cmpuint (hits->len, <=, 5);
  return g_object_ref (hits->pdata[0]);
}

static void
test_names (void)
{
  static const struct
  {
    const char *typed;
    const char *name;
  } cases[] = {
    { "Porto", "Porto" },    { "sao paulo", "São Paulo" }, { "REYKJAVIK", "Reykjavík" }, { "new yo", "New York" },
    { "shang", "Shanghai" }, { "paris texas", "Paris" },   { "lond", "London" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WeatherPlace) place = first_hit (cases[i].typed);

      g_assert_cmpstr (weather_place_get_name (place), ==, cases[i].name);
      g_assert_nonnull (weather_place_get_timezone (place));
    }
}

static void
test_region_decides (void)
{
  g_autoptr (WeatherPlace) texas = first_hit ("paris texas");
  g_autoptr (WeatherPlace) france = first_hit ("paris");

  g_assert_cmpstr (weather_place_get_timezone (texas), ==, "America/Chicago");
  g_assert_cmpstr (weather_place_get_timezone (france), ==, "Europe/Paris");
}

static void
test_nothing (void)
{
  g_autoptr (GPtrArray) nonsense = weather_places_search ("qqzzxx", 5);
  g_autoptr (GPtrArray) blank = weather_places_search ("  ", 5);
  g_autoptr (GPtrArray) bytes = weather_places_search ("\xff\xfe", 5);

  g_assert_cmpuint (nonsense->len, ==, 0);
  g_assert_cmpuint (blank->len, ==, 0);
  g_assert_cmpuint (bytes->len, ==, 0);
}

static void
test_same_id (void)
{
  g_autoptr (WeatherPlace) first = first_hit ("porto");
  g_autoptr (WeatherPlace) again = NULL;

  weather_places_forget ();
  again = first_hit ("porto");
  g_assert_cmpstr (weather_place_get_id (first), ==, weather_place_get_id (again));
}

static void
test_positions (void)
{
  g_autoptr (WeatherPlace) in_town = weather_places_name_position (NULL, 41.16, -8.62);
  g_autoptr (WeatherPlace) at_sea = weather_places_name_position ("here", 41.16, -12);
  g_autoptr (WeatherPlace) date_line = weather_places_nearest (-18.1, -179.9);

  g_assert_cmpstr (weather_place_get_name (in_town), ==, "Porto");
  g_assert_cmpstr (weather_place_get_timezone (in_town), ==, "Europe/Lisbon");
  g_assert_cmpfloat (weather_place_get_latitude_deg (in_town), ==, 41.16);
  g_assert_true (g_str_has_prefix (weather_place_get_name (at_sea), "Near "));
  g_assert_true (weather_place_is_here (at_sea));
  g_assert_nonnull (date_line);
  g_assert_cmpfloat (weather_place_distance_m (date_line, -18.1, -179.9), <, 400000);
}

/* In the language of the program; the names that a provider or the user gave stay. */
static void
test_names_in_another_language (void)
{
  g_autoptr (WeatherPlace) porto = first_hit ("porto");
  g_autoptr (WeatherPlace) foreign = weather_place_with (porto, "波尔图", "葡萄牙", NULL);
  g_autoptr (WeatherPlace) here = weather_place_new (WEATHER_PLACE_HERE, "波尔图", "葡萄牙", 41.16, -8.62, "Europe/Lisbon");
  g_autoptr (WeatherPlace) village
      = weather_place_new ("7303945", "Aldeia das Dez", "Coimbra", 40.2958, -7.8694, "Europe/Lisbon");
  g_autoptr (GPtrArray) places = g_ptr_array_new ();
  g_autoptr (GPtrArray) renamed = NULL;

  g_ptr_array_add (places, porto);
  g_ptr_array_add (places, foreign);
  g_ptr_array_add (places, village);
  g_ptr_array_add (places, here);
  renamed = weather_places_translate (places);
  g_assert_cmpuint (renamed->len, ==, 2);
  for (guint i = 0; i < renamed->len; i++)
    {
      g_assert_cmpstr (weather_place_get_name (renamed->pdata[i]), ==, "Porto");
      g_assert_cmpstr (weather_place_get_region (renamed->pdata[i]), ==, "Portugal");
      g_assert_cmpstr (weather_place_get_timezone (renamed->pdata[i]), ==, "Europe/Lisbon");
    }
  g_assert_cmpstr (weather_place_get_id (renamed->pdata[0]), ==, weather_place_get_id (porto));
  g_assert_true (weather_place_is_here (renamed->pdata[1]));
  g_assert_cmpfloat (weather_place_get_latitude_deg (renamed->pdata[1]), ==, 41.16);
}

typedef struct
{
  GMainLoop *loop;
  GPtrArray *hits;
  gboolean cancelled;
} Wait;

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;
  g_autoptr (GError) error = NULL;

  wait->hits = weather_places_search_finish (result, &error);
  wait->cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_main_loop_quit (wait->loop);
}

static void
test_async_and_cancel (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  Wait wait = { .loop = loop };

  weather_places_search_async ("porto", 3, NULL, on_searched, &wait);
  g_main_loop_run (loop);
  g_assert_cmpuint (wait.hits->len, ==, 3);
  g_clear_pointer (&wait.hits, g_ptr_array_unref);
  g_cancellable_cancel (cancelled);
  weather_places_search_async ("porto", 3, cancelled, on_searched, &wait);
  g_main_loop_run (loop);
  g_assert_null (wait.hits);
  g_assert_true (wait.cancelled);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/places/names-as-they-are-typed", test_names);
  g_test_add_func ("/weather/places/the-region-decides", test_region_decides);
  g_test_add_func ("/weather/places/nothing-for-nonsense", test_nothing);
  g_test_add_func ("/weather/places/same-id-each-time", test_same_id);
  g_test_add_func ("/weather/places/positions-are-named", test_positions);
  g_test_add_func ("/weather/places/names-in-another-language", test_names_in_another_language);
  g_test_add_func ("/weather/places/async-and-cancelled", test_async_and_cancel);
  return g_test_run ();
}
