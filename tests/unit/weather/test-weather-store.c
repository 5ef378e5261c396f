/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weather-source-synthetic.h"
#include "weather-store.h"

#include "cloud-time.h"

#include <glib/gstdio.h>

#include <string.h>

/* Places and forecasts in a profile of the test's own; and the made-up weather that fills them. */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static WeatherStore *
open_store (void)
{
  g_autoptr (GError) error = NULL;
  WeatherStore *store = weather_store_open (&error);

  g_assert_no_error (error);
  return store;
}

static GPtrArray *
load (WeatherStore *store)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *records = weather_store_load (store, &error);

  g_assert_no_error (error);
  return records;
}

static void
put_place (WeatherStore *store, const char *id, const char *name)
{
  g_autoptr (WeatherPlace) place = weather_place_new (id, name, NULL, 41.15, -8.61, "Europe/Lisbon");
  g_autoptr (GError) error = NULL;

  g_assert_true (weather_store_put_place (store, place, &error));
  g_assert_no_error (error);
}

static void
assert_order (WeatherStore *store, const char *expected)
{
  g_autoptr (GPtrArray) records = load (store);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (ids, "%s ", weather_place_get_id (((WeatherRecord *) records->pdata[i])->place));
  g_assert_cmpstr (g_strchomp (ids->str), ==, expected);
}

static void
test_order (void)
{
  g_autoptr (WeatherStore) store = open_store ();
  g_autoptr (GError) error = NULL;

  put_place (store, "a", "A");
  put_place (store, "b", "B");
  put_place (store, "c", "C");
  put_place (store, "here", "Where I am");
  assert_order (store, "here a b c");
  g_assert_true (weather_store_move_place (store, "c", 0, &error));
  assert_order (store, "c here a b");
  g_assert_true (weather_store_move_place (store, "c", 99, &error));
  assert_order (store, "here a b c");
  put_place (store, "b", "B again");
  assert_order (store, "here a b c");
  g_assert_true (weather_store_remove_place (store, "a", &error));
  assert_order (store, "here b c");
  g_assert_false (weather_store_remove_place (store, "a", &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (weather_store_move_place (store, "a", 0, &error));
  g_assert_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
}

static const WeatherRecord *
find (GPtrArray *records, const char *id)
{
  for (guint i = 0; i < records->len; i++)
    if (strcmp (weather_place_get_id (((WeatherRecord *) records->pdata[i])->place), id) == 0)
      return records->pdata[i];
  g_assert_not_reached ();
}

static void
put_forecast (WeatherStore *store, const char *id, gint64 at)
{
  g_autoptr (GPtrArray) records = load (store);
  g_autoptr (WeatherForecast) forecast = weather_synthetic_forecast (find (records, id)->place, at);
  g_autoptr (GError) error = NULL;

  g_assert_true (weather_store_put_forecast (store, forecast, &error));
  g_assert_no_error (error);
}

static gint64
fetched (WeatherStore *store, const char *id)
{
  g_autoptr (GPtrArray) records = load (store);
  const WeatherRecord *record = find (records, id);

  return record->forecast != NULL ? weather_forecast_get_fetched_unix_us (record->forecast) : 0;
}

static void
test_newer_stays (void)
{
  g_autoptr (WeatherStore) store = open_store ();
  gint64 now = cloud_time_now_unix_us ();

  put_forecast (store, "b", now - 2 * HOUR_US);
  put_forecast (store, "b", now - HOUR_US);
  g_assert_cmpint (fetched (store, "b"), ==, now - HOUR_US);
  put_forecast (store, "b", now - 3 * HOUR_US);
  g_assert_cmpint (fetched (store, "b"), ==, now - HOUR_US);
  /* Kept while the clock was a day ahead: anything is better. */
  put_forecast (store, "b", now + 24 * HOUR_US);
  put_forecast (store, "b", now);
  g_assert_cmpint (fetched (store, "b"), ==, now);
}

/* Reopened, all is there; and the place that moves on forgets the weather of where it was. */
static void
test_kept_and_moved (void)
{
  g_autoptr (WeatherStore) store = open_store ();
  g_autoptr (WeatherPlace) near = weather_place_new ("b", "B", NULL, 41.16, -8.61, NULL);
  g_autoptr (WeatherPlace) far = weather_place_new ("b", "B", NULL, 48, 11, NULL);

  g_assert_cmpint (fetched (store, "b"), !=, 0);
  g_assert_true (weather_store_put_place (store, near, NULL));
  g_assert_cmpint (fetched (store, "b"), !=, 0);
  g_assert_true (weather_store_put_place (store, far, NULL));
  g_assert_cmpint (fetched (store, "b"), ==, 0);
}

static guint64
disk_usage (WeatherStore *store)
{
  g_autoptr (GFile) file = g_file_new_for_path (weather_store_get_path (store));
  g_autoptr (GFile) folder = g_file_get_parent (file);
  guint64 bytes = 0;

  g_assert_true (g_file_measure_disk_usage (folder, G_FILE_MEASURE_NONE, NULL, NULL, NULL, &bytes, NULL, NULL, NULL));
  return bytes;
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (weather_store_change_finish (WEATHER_STORE (source), result, &error));
  g_assert_no_error (error);
  g_main_loop_quit (user_data);
}

/* The forecasts go, the places stay, and the disk has its room back, also beside another user of the file. */
static void
test_clear_frees_the_disk (void)
{
  g_autoptr (WeatherStore) store = open_store ();
  g_autoptr (WeatherStore) other = open_store ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gint64 now = cloud_time_now_unix_us ();
  guint64 before;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *id = g_strdup_printf ("place-%u", i);

      put_place (store, id, id);
      put_forecast (store, id, now);
    }
  before = disk_usage (store);
  g_assert_cmpint (fetched (other, "place-7"), ==, now);
  weather_store_clear_forecasts_async (store, on_cleared, loop);
  g_main_loop_run (loop);
  g_test_message ("%" G_GUINT64_FORMAT " bytes, then %" G_GUINT64_FORMAT, before, disk_usage (store));
  g_assert_cmpuint (disk_usage (store), <, before / 4);
  g_assert_cmpint (fetched (other, "place-7"), ==, 0);
  g_assert_cmpint (fetched (other, "place-59"), ==, 0);
  put_forecast (other, "place-7", now);
  g_assert_cmpint (fetched (store, "place-7"), ==, now);
}

static void
test_made_up (void)
{
  g_autoptr (WeatherPlace) place = weather_place_new ("x", "Tromsø", NULL, 69.65, 18.96, "Europe/Oslo");
  gint64 at;
  g_autoptr (WeatherForecast) one = NULL;
  g_autoptr (WeatherForecast) two = NULL;
  guint n, m;

  g_assert_true (cloud_time_parse ("2026-10-24T12:00:00Z", &at));
  one = weather_synthetic_forecast (place, at);
  two = weather_synthetic_forecast (place, at + HOUR_US);
  g_assert_true (weather_forecast_is_synthetic (one));
  weather_forecast_get_daily (one, &n);
  g_assert_cmpuint (n, ==, 12);
  weather_forecast_get_hourly (one, &m);
  for (guint i = 0; i < m; i++)
    {
      const WeatherPoint *hour = &weather_forecast_get_hourly (one, &n)[i];
      const WeatherPoint *same = weather_forecast_find_hour (two, hour->start_unix_us);

      g_assert_cmpfloat (hour->temperature_c, >, -60);
      g_assert_cmpfloat (hour->temperature_c, <, 60);
      if (same != NULL)
        g_assert_cmpfloat (hour->temperature_c, ==, same->temperature_c);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *profile = g_dir_make_tmp ("weather-store-XXXXXX", NULL);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", profile);
  int status;

  g_setenv ("CIRRUS_PROFILE", profile, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weather/store/order-of-places", test_order);
  g_test_add_func ("/weather/store/newer-forecast-stays", test_newer_stays);
  g_test_add_func ("/weather/store/kept-and-dropped-when-moved", test_kept_and_moved);
  g_test_add_func ("/weather/store/clearing-frees-the-disk", test_clear_frees_the_disk);
  g_test_add_func ("/weather/synthetic/same-for-the-same-hour", test_made_up);
  status = g_test_run ();
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  return status;
}
