/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-store.h"

#include "cloud-paths.h"
#include "cloud-store.h"
#include "cloud-time.h"

/* Places, forecasts and the outcome of the last try, in SQLite.  Every public change is one function on a Change, run by the
 * database's own thread. */

/* Beyond this the weather is another one. */
#define MOVED_M 10000

struct _WeatherStore
{
  GObject parent_instance;

  CloudStore *database;
};

G_DEFINE_FINAL_TYPE (WeatherStore, weather_store, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* ---- Schema ---- */

static gboolean
migrate_1 (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db,
                         "CREATE TABLE place ("
                         "  id TEXT PRIMARY KEY,"
                         "  position INTEGER NOT NULL,"
                         "  name TEXT NOT NULL,"
                         "  region TEXT,"
                         "  latitude REAL NOT NULL,"
                         "  longitude REAL NOT NULL,"
                         "  timezone TEXT,"
                         "  listed INTEGER NOT NULL,"
                         "  visited_unix_us INTEGER NOT NULL);"
                         "CREATE TABLE forecast ("
                         "  place TEXT NOT NULL REFERENCES place (id) ON DELETE CASCADE,"
                         "  source TEXT NOT NULL,"
                         "  fetched_unix_us INTEGER NOT NULL,"
                         "  data BLOB NOT NULL,"
                         "  PRIMARY KEY (place, source)) WITHOUT ROWID;"
                         "CREATE TABLE attempt ("
                         "  place TEXT PRIMARY KEY REFERENCES place (id) ON DELETE CASCADE,"
                         "  tried_unix_us INTEGER NOT NULL,"
                         "  not_before_unix_us INTEGER NOT NULL,"
                         "  failure INTEGER NOT NULL) WITHOUT ROWID;",
                         error);
}

static const CloudStoreMigrate migrations[] = { migrate_1 };

/* The places are the user's; forecasts can be fetched again, but offline they are all there is. */
static int
salvage (sqlite3 *db)
{
  int rows = 0;

  if (cloud_sql_exec (db, "INSERT OR IGNORE INTO place SELECT * FROM damaged.place", NULL))
    rows += sqlite3_changes (db);
  if (cloud_sql_exec (db, "INSERT OR IGNORE INTO forecast SELECT * FROM damaged.forecast WHERE place IN (SELECT id FROM place)",
                      NULL))
    rows += sqlite3_changes (db);
  return rows;
}

static gboolean
prepare (sqlite3 *db, GError **error)
{
  return cloud_sql_exec (db, "PRAGMA foreign_keys = ON", error);
}

static const CloudStoreSchema schema = {
  .name = "weather",
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
  .prepare = prepare,
  .salvage = salvage,
  .durable = TRUE,
};

/* ---- Reading ---- */

void
weather_record_free (WeatherRecord *record)
{
  if (record == NULL)
    return;
  g_clear_object (&record->place);
  g_clear_object (&record->forecast);
  g_free (record);
}

static WeatherRecord *
read_record (sqlite3_stmt *stmt)
{
  WeatherRecord *record = g_new0 (WeatherRecord, 1);
  g_autofree char *id = cloud_sql_column_text (stmt, 0);
  g_autofree char *name = cloud_sql_column_text (stmt, 1);
  g_autofree char *region = cloud_sql_column_text (stmt, 2);
  g_autofree char *timezone = cloud_sql_column_text (stmt, 5);
  g_autoptr (GBytes) data = cloud_sql_column_bytes (stmt, 6);
  g_autoptr (GError) error = NULL;

  record->place
      = weather_place_new (id, name, region, sqlite3_column_double (stmt, 3), sqlite3_column_double (stmt, 4), timezone);
  if (data != NULL)
    record->forecast = weather_forecast_deserialize (data, record->place, &error);
  if (error != NULL)
    g_warning ("The forecast of %s cannot be read: %s", id, error->message);
  record->tried_unix_us = sqlite3_column_int64 (stmt, 7);
  record->not_before_unix_us = sqlite3_column_int64 (stmt, 8);
  record->failure = sqlite3_column_type (stmt, 9) == SQLITE_NULL ? -1 : sqlite3_column_int (stmt, 9);
  record->listed = sqlite3_column_int (stmt, 10) != 0;
  return record;
}

static gpointer
load_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) weather_record_free);
  sqlite3_stmt *stmt
      = cloud_sql_prepare (db,
                           "SELECT p.id, p.name, p.region, p.latitude, p.longitude, p.timezone,"
                           " (SELECT data FROM forecast f WHERE f.place = p.id ORDER BY fetched_unix_us DESC LIMIT 1),"
                           " a.tried_unix_us, a.not_before_unix_us, a.failure, p.listed"
                           " FROM place p LEFT JOIN attempt a ON a.place = p.id"
                           " ORDER BY p.listed DESC, p.position, p.id",
                           error);
  int step;

  if (stmt == NULL)
    return NULL;
  while ((step = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (records, read_record (stmt));
  return step == SQLITE_DONE ? g_steal_pointer (&records) : NULL;
}

/* ---- Changing ---- */

typedef struct _Change Change;
struct _Change
{
  gboolean (*apply) (sqlite3 *db, const Change *change, GError **error);
  WeatherPlace *place;
  char *id;
  guint position;
  GBytes *bytes;
  char *source_id;
  gint64 fetched_unix_us;
  gint64 not_before_unix_us;
  int failure;
};

static void
change_clear (Change *change)
{
  g_clear_object (&change->place);
  g_clear_pointer (&change->id, g_free);
  g_clear_pointer (&change->bytes, g_bytes_unref);
  g_clear_pointer (&change->source_id, g_free);
}

static void
change_free (gpointer data)
{
  change_clear (data);
  g_free (data);
}

static gpointer
change_job (sqlite3 *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Change *change = data;

  return change->apply (db, change, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gboolean
run_with_id (sqlite3 *db, const char *sql, const char *id, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, id);
  return cloud_sql_run (stmt, error);
}

/* The place that follows the device has moved on: what is kept is another place's weather. */
static gboolean
drop_forecast_if_moved (sqlite3 *db, WeatherPlace *place, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT latitude, longitude FROM place WHERE id = ?1", error);
  gboolean moved;
  int step;

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, weather_place_get_id (place));
  step = cloud_sql_step (stmt, error);
  if (step != SQLITE_ROW)
    return step == SQLITE_DONE;
  moved = weather_place_distance_m (place, sqlite3_column_double (stmt, 0), sqlite3_column_double (stmt, 1)) > MOVED_M;
  sqlite3_reset (stmt);
  return !moved || run_with_id (db, "DELETE FROM forecast WHERE place = ?1", weather_place_get_id (place), error);
}

static void
bind_place (sqlite3_stmt *stmt, WeatherPlace *place)
{
  cloud_sql_bind_text (stmt, 1, weather_place_get_id (place));
  cloud_sql_bind_text (stmt, 2, weather_place_get_name (place));
  cloud_sql_bind_text (stmt, 3, weather_place_get_region (place));
  sqlite3_bind_double (stmt, 4, weather_place_get_latitude_deg (place));
  sqlite3_bind_double (stmt, 5, weather_place_get_longitude_deg (place));
  cloud_sql_bind_text (stmt, 6, weather_place_get_timezone (place));
}

/* Positions are dense from 0 on; "here" stands at -1. */
static gboolean
apply_put_place (sqlite3 *db, const Change *change, GError **error)
{
  sqlite3_stmt *stmt;

  if (!drop_forecast_if_moved (db, change->place, error))
    return FALSE;
  stmt = cloud_sql_prepare (
      db,
      "INSERT INTO place (id, position, name, region, latitude, longitude, timezone, listed, visited_unix_us)"
      " VALUES (?1, CASE WHEN ?7 THEN -1 ELSE (SELECT COALESCE (MAX (position), -1) + 1 FROM place) END,"
      " ?2, ?3, ?4, ?5, ?6, 1, 0)"
      " ON CONFLICT (id) DO UPDATE SET name = ?2, region = ?3, latitude = ?4, longitude = ?5, timezone = ?6,"
      " position = CASE WHEN listed THEN position ELSE excluded.position END, listed = 1",
      error);
  if (stmt == NULL)
    return FALSE;
  bind_place (stmt, change->place);
  sqlite3_bind_int (stmt, 7, weather_place_is_here (change->place));
  return cloud_sql_run (stmt, error);
}

/* A place that somebody asked about once: kept for the answer, not in the list; the last few of them. */
static gboolean
apply_visit_place (sqlite3 *db, const Change *change, GError **error)
{
  sqlite3_stmt *stmt;

  stmt = cloud_sql_prepare (
      db,
      "INSERT INTO place (id, position, name, region, latitude, longitude, timezone, listed, visited_unix_us)"
      " VALUES (?1, -2, ?2, ?3, ?4, ?5, ?6, 0, ?7) ON CONFLICT (id) DO UPDATE SET visited_unix_us = ?7",
      error);
  if (stmt == NULL)
    return FALSE;
  bind_place (stmt, change->place);
  sqlite3_bind_int64 (stmt, 7, change->fetched_unix_us);
  if (!cloud_sql_run (stmt, error))
    return FALSE;
  return cloud_sql_exec (db,
                         "DELETE FROM place WHERE NOT listed AND id NOT IN"
                         " (SELECT id FROM place WHERE NOT listed ORDER BY visited_unix_us DESC LIMIT 20)",
                         error);
}

static gboolean
no_such_place (const char *id, GError **error)
{
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "there is no place %s in the list", id);
  return FALSE;
}

static gboolean
apply_remove_place (sqlite3 *db, const Change *change, GError **error)
{
  if (!run_with_id (db, "DELETE FROM place WHERE id = ?1", change->id, error))
    return FALSE;
  return sqlite3_changes (db) > 0 || no_such_place (change->id, error);
}

static gboolean
apply_move_place (sqlite3 *db, const Change *change, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *stmt = cloud_sql_prepare (db, "SELECT id FROM place WHERE listed AND id <> ?1 ORDER BY position, id", error);
  int step;

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, change->id);
  while ((step = cloud_sql_step (stmt, error)) == SQLITE_ROW)
    g_ptr_array_add (ids, cloud_sql_column_text (stmt, 0));
  if (step != SQLITE_DONE)
    return FALSE;
  g_ptr_array_insert (ids, (int) MIN (change->position, ids->len), g_strdup (change->id));
  for (guint i = 0; i < ids->len; i++)
    {
      stmt = cloud_sql_prepare (db, "UPDATE place SET position = ?2 WHERE listed AND id = ?1", error);
      if (stmt == NULL)
        return FALSE;
      cloud_sql_bind_text (stmt, 1, ids->pdata[i]);
      sqlite3_bind_int (stmt, 2, (int) i);
      if (!cloud_sql_run (stmt, error))
        return FALSE;
      if (sqlite3_changes (db) == 0)
        return no_such_place (change->id, error);
    }
  return TRUE;
}

static gboolean
apply_put_forecast (sqlite3 *db, const Change *change, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "INSERT INTO forecast (place, source, fetched_unix_us, data)"
                                          " SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM place WHERE id = ?1)"
                                          " ON CONFLICT (place, source) DO UPDATE SET fetched_unix_us = ?3, data = ?4"
                                          " WHERE ?3 >= fetched_unix_us OR fetched_unix_us > ?5",
                                          error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, change->id);
  cloud_sql_bind_text (stmt, 2, change->source_id);
  sqlite3_bind_int64 (stmt, 3, change->fetched_unix_us);
  cloud_sql_bind_bytes (stmt, 4, change->bytes);
  sqlite3_bind_int64 (stmt, 5, cloud_time_now_unix_us ()); /* later than now: written while the clock was wrong */
  return cloud_sql_run (stmt, error) && run_with_id (db, "DELETE FROM attempt WHERE place = ?1", change->id, error);
}

static gboolean
apply_put_failure (sqlite3 *db, const Change *change, GError **error)
{
  sqlite3_stmt *stmt = cloud_sql_prepare (db,
                                          "INSERT OR REPLACE INTO attempt (place, tried_unix_us, not_before_unix_us, failure)"
                                          " SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM place WHERE id = ?1)",
                                          error);

  if (stmt == NULL)
    return FALSE;
  cloud_sql_bind_text (stmt, 1, change->id);
  sqlite3_bind_int64 (stmt, 2, change->fetched_unix_us);
  sqlite3_bind_int64 (stmt, 3, change->not_before_unix_us);
  sqlite3_bind_int (stmt, 4, change->failure);
  return cloud_sql_run (stmt, error);
}

static gboolean
apply_clear_forecasts (sqlite3 *db, const Change *change, GError **error)
{
  return cloud_sql_exec (db, "DELETE FROM forecast; DELETE FROM attempt", error);
}

/* ---- Object ---- */

static void
weather_store_finalize (GObject *object)
{
  WeatherStore *self = WEATHER_STORE (object);

  g_clear_object (&self->database);
  G_OBJECT_CLASS (weather_store_parent_class)->finalize (object);
}

static void
weather_store_class_init (WeatherStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = weather_store_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_BOOLEAN);
}

static void
weather_store_init (WeatherStore *self)
{
}

static void
on_database_changed (WeatherStore *self, gboolean by_other_process)
{
  g_signal_emit (self, signals[CHANGED], 0, by_other_process);
}

static char *
database_path (void)
{
  g_autofree char *dir = cloud_paths_data_dir ("weather");

  return g_build_filename (dir, "weather.db", NULL);
}

static WeatherStore *
take_database (CloudStore *database)
{
  WeatherStore *self = g_object_new (WEATHER_TYPE_STORE, NULL);

  self->database = database;
  g_signal_connect_object (database, "changed", G_CALLBACK (on_database_changed), self, G_CONNECT_SWAPPED);
  return self;
}

WeatherStore *
weather_store_open (GError **error)
{
  g_autofree char *path = database_path ();
  CloudStore *database = cloud_store_open (path, &schema, error);

  return database != NULL ? take_database (database) : NULL;
}

static void
on_database_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CloudStore *database = cloud_store_open_finish (result, &error);

  if (database == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, take_database (database), g_object_unref);
}

void
weather_store_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *path = database_path ();
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, weather_store_open_async);
  cloud_store_open_async (path, &schema, cancellable, on_database_open, task);
}

WeatherStore *
weather_store_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, weather_store_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
weather_store_get_path (WeatherStore *self)
{
  g_return_val_if_fail (WEATHER_IS_STORE (self), NULL);
  return cloud_store_get_path (self->database);
}

gboolean
weather_store_get_rescued (WeatherStore *self, int *n_salvaged)
{
  g_return_val_if_fail (WEATHER_IS_STORE (self) && n_salvaged != NULL, FALSE);

  *n_salvaged = cloud_store_get_salvaged (self->database);
  return cloud_store_get_damaged_path (self->database) != NULL;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *records = cloud_store_read_finish (CLOUD_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
}

void
weather_store_load_async (WeatherStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (WEATHER_IS_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  cloud_store_read_async (self->database, load_job, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, cancellable, on_loaded, task);
}

GPtrArray *
weather_store_load_finish (WeatherStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

GPtrArray *
weather_store_load (WeatherStore *self, GError **error)
{
  g_return_val_if_fail (WEATHER_IS_STORE (self), NULL);
  return cloud_store_read_sync (self->database, load_job, NULL, NULL, error);
}

static void
on_changed_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cloud_store_write_finish (CLOUD_STORE (source), result, &error) == NULL)
    {
      g_message ("A change was not kept: %s", error->message);
      g_task_return_error (task, error);
    }
  else
    g_task_return_boolean (task, TRUE);
}

static void
run_change (WeatherStore *self, const Change *change, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  cloud_store_write_async (self->database, change_job, g_memdup2 (change, sizeof *change), change_free, NULL, NULL,
                           on_changed_done, task);
}

static gboolean
run_change_sync (WeatherStore *self, Change *change, GError **error)
{
  gboolean done = cloud_store_write_sync (self->database, change_job, change, NULL, error) != NULL;

  change_clear (change);
  return done;
}

gboolean
weather_store_change_finish (WeatherStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static Change
put_forecast_change (WeatherForecast *forecast)
{
  return (Change){
    .apply = apply_put_forecast,
    .id = g_strdup (weather_place_get_id (weather_forecast_get_place (forecast))),
    .source_id = g_strdup (weather_forecast_get_source_id (forecast)),
    .bytes = weather_forecast_serialize (forecast),
    .fetched_unix_us = weather_forecast_get_fetched_unix_us (forecast),
  };
}

void
weather_store_put_place_async (WeatherStore *self, WeatherPlace *place, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_STORE (self) && WEATHER_IS_PLACE (place));
  run_change (self, &(Change){ .apply = apply_put_place, .place = g_object_ref (place) }, callback, user_data);
}

void
weather_store_visit_place_async (WeatherStore *self, WeatherPlace *place, gint64 now_unix_us, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_STORE (self) && WEATHER_IS_PLACE (place));
  run_change (self, &(Change){ .apply = apply_visit_place, .place = g_object_ref (place), .fetched_unix_us = now_unix_us },
              callback, user_data);
}

void
weather_store_remove_place_async (WeatherStore *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_STORE (self) && id != NULL);
  run_change (self, &(Change){ .apply = apply_remove_place, .id = g_strdup (id) }, callback, user_data);
}

void
weather_store_move_place_async (WeatherStore *self, const char *id, guint position, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_STORE (self) && id != NULL);
  run_change (self, &(Change){ .apply = apply_move_place, .id = g_strdup (id), .position = position }, callback, user_data);
}

void
weather_store_put_forecast_async (WeatherStore *self, WeatherForecast *forecast, GAsyncReadyCallback callback, gpointer user_data)
{
  Change change;

  g_return_if_fail (WEATHER_IS_STORE (self) && WEATHER_IS_FORECAST (forecast));

  change = put_forecast_change (forecast);
  run_change (self, &change, callback, user_data);
}

void
weather_store_put_failure_async (WeatherStore *self, const char *place_id, CloudError code, gint64 tried_unix_us,
                                 gint64 not_before_unix_us, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_STORE (self) && place_id != NULL);
  run_change (self,
              &(Change){ .apply = apply_put_failure,
                         .id = g_strdup (place_id),
                         .failure = code,
                         .fetched_unix_us = tried_unix_us,
                         .not_before_unix_us = not_before_unix_us },
              callback, user_data);
}

void
weather_store_clear_forecasts_async (WeatherStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Change change = { .apply = apply_clear_forecasts };

  g_return_if_fail (WEATHER_IS_STORE (self));
  cloud_store_clear_async (self->database, change_job, g_memdup2 (&change, sizeof change), change_free, on_changed_done,
                           g_task_new (self, NULL, callback, user_data));
}

gboolean
weather_store_put_place (WeatherStore *self, WeatherPlace *place, GError **error)
{
  g_return_val_if_fail (WEATHER_IS_STORE (self) && WEATHER_IS_PLACE (place), FALSE);
  return run_change_sync (self, &(Change){ .apply = apply_put_place, .place = g_object_ref (place) }, error);
}

gboolean
weather_store_remove_place (WeatherStore *self, const char *id, GError **error)
{
  g_return_val_if_fail (WEATHER_IS_STORE (self) && id != NULL, FALSE);
  return run_change_sync (self, &(Change){ .apply = apply_remove_place, .id = g_strdup (id) }, error);
}

gboolean
weather_store_move_place (WeatherStore *self, const char *id, guint position, GError **error)
{
  g_return_val_if_fail (WEATHER_IS_STORE (self) && id != NULL, FALSE);
  return run_change_sync (self, &(Change){ .apply = apply_move_place, .id = g_strdup (id), .position = position }, error);
}

gboolean
weather_store_put_forecast (WeatherStore *self, WeatherForecast *forecast, GError **error)
{
  Change change;

  g_return_val_if_fail (WEATHER_IS_STORE (self) && WEATHER_IS_FORECAST (forecast), FALSE);

  change = put_forecast_change (forecast);
  return run_change_sync (self, &change, error);
}
