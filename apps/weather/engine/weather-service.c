/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-service.h"

#include "weather-places.h"
#include "weather-translate.h"

#include "cloud-http.h"
#include "cloud-lease.h"
#include "cloud-time.h"

#include <string.h>

/* The list of places, and the one way by which their forecasts are renewed: take the lease, look again at the store (somebody
 * else may have been faster), ask the source about what is still due, keep the answers, give the lease back. */

#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define MOST_AT_ONCE 4

struct _WeatherService
{
  GObject parent_instance;

  WeatherStore *store;
  WeatherSource *source;
  GSettings *settings;
  CloudLease *lease;
  GCancellable *cancellable;
  GPtrArray *entries;
  GPtrArray *visited; /* entries that are not in the list */
  gboolean loaded;
  gboolean loading;
  gboolean load_again;
  guint n_refreshes; /* under way: they share the lease */
  guint n_kept;      /* forecasts put into the store so far: what was read before the last is behind it */
  guint n_kept_at_load;
};

enum
{
  PROP_0,
  PROP_LOADED,
  PROP_REFRESHING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void weather_service_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WeatherService, weather_service, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, weather_service_list_model_init))

/* ---- The list ---- */

static GType
service_get_item_type (GListModel *model)
{
  return WEATHER_TYPE_ENTRY;
}

static guint
service_get_n_items (GListModel *model)
{
  return WEATHER_SERVICE (model)->entries->len;
}

static gpointer
service_get_item (GListModel *model, guint position)
{
  WeatherService *self = WEATHER_SERVICE (model);

  return position < self->entries->len ? g_object_ref (self->entries->pdata[position]) : NULL;
}

static void
weather_service_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = service_get_item_type;
  iface->get_n_items = service_get_n_items;
  iface->get_item = service_get_item;
}

static WeatherEntry *
find_in (GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    if (strcmp (weather_entry_get_id (entries->pdata[i]), id) == 0)
      return entries->pdata[i];
  return NULL;
}

WeatherEntry *
weather_service_find (WeatherService *self, const char *id)
{
  WeatherEntry *entry;

  g_return_val_if_fail (WEATHER_IS_SERVICE (self), NULL);

  if (id == NULL)
    return NULL;
  entry = find_in (self->entries, id);
  return entry != NULL ? entry : find_in (self->visited, id);
}

gboolean
weather_service_is_listed (WeatherService *self, const char *id)
{
  g_return_val_if_fail (WEATHER_IS_SERVICE (self) && id != NULL, FALSE);
  return find_in (self->entries, id) != NULL;
}

/* @current: the record was read after the last forecast was kept; else the store may have one by now. */
static void
update_entry (WeatherEntry *entry, const WeatherRecord *record, gboolean current)
{
  weather_entry_set_place (entry, record->place);
  if (record->forecast != NULL)
    weather_entry_offer_forecast (entry, record->forecast);
  current = current && !weather_entry_get_refreshing (entry);
  if (record->forecast == NULL && current)
    weather_entry_drop_forecast (entry);
  if (current)
    weather_entry_set_failure (entry, record->failure, record->not_before_unix_us);
}

static gboolean
same_order (GPtrArray *old, GPtrArray *new)
{
  if (old->len != new->len)
    return FALSE;
  for (guint i = 0; i < old->len; i++)
    if (old->pdata[i] != new->pdata[i])
      return FALSE;
  return TRUE;
}

static WeatherEntry *
ref_or_new (GPtrArray *old, GPtrArray *old_visited, const WeatherRecord *record)
{
  const char *id = weather_place_get_id (record->place);
  WeatherEntry *entry = find_in (old, id);

  if (entry == NULL)
    entry = find_in (old_visited, id);
  return entry != NULL ? g_object_ref (entry) : weather_entry_new (record->place);
}

/* Entries keep their identity as long as their place is in the store. */
static void
take_records (WeatherService *self, GPtrArray *records, gboolean current)
{
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->entries);
  g_autoptr (GPtrArray) old_visited = g_steal_pointer (&self->visited);
  guint kept = 0;

  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->visited = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < records->len; i++)
    {
      const WeatherRecord *record = records->pdata[i];
      WeatherEntry *entry = ref_or_new (old, old_visited, record);

      update_entry (entry, record, current);
      g_ptr_array_add (record->listed ? self->entries : self->visited, entry);
    }
  if (!same_order (old, self->entries))
    {
      while (kept < old->len && kept < self->entries->len && old->pdata[kept] == self->entries->pdata[kept])
        kept++;
      g_list_model_items_changed (G_LIST_MODEL (self), kept, old->len - kept, self->entries->len - kept);
    }
  if (!self->loaded)
    {
      self->loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
    }
}

static void load (WeatherService *self);

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WeatherService) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = weather_store_load_finish (WEATHER_STORE (source), result, &error);

  gboolean current = self->n_kept == self->n_kept_at_load;

  self->loading = FALSE;
  self->load_again |= !current;
  if (records != NULL)
    take_records (self, records, current);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("The places cannot be read: %s", error->message);
  if (self->load_again)
    load (self);
}

static void
load (WeatherService *self)
{
  self->load_again = self->loading;
  if (self->loading)
    return;
  self->loading = TRUE;
  self->n_kept_at_load = self->n_kept;
  weather_store_load_async (self->store, self->cancellable, on_loaded, g_object_ref (self));
}

static void
on_store_changed (WeatherService *self)
{
  load (self);
}

/* ---- Refreshing ---- */

typedef struct
{
  char *id; /* (nullable) */
  WeatherRefresh mode;
  GPtrArray *waiting; /* of WeatherEntry */
  guint n_running;
  guint n_fetched;
  guint n_kept_before; /* the service's n_kept when the store was read for this */
  GError *error;
} Refresh;

/* One place of one refresh, on its way to the source and into the store. */
typedef struct
{
  GTask *task;
  WeatherEntry *entry;
  gboolean fetched;
} Fetch;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_free (refresh->id);
  g_clear_pointer (&refresh->waiting, g_ptr_array_unref);
  g_clear_error (&refresh->error);
  g_free (refresh);
}

static void
fetch_free (Fetch *fetch)
{
  g_clear_object (&fetch->task);
  g_clear_object (&fetch->entry);
  g_free (fetch);
}

static gboolean
is_due (WeatherService *self, WeatherEntry *entry, WeatherRefresh mode)
{
  WeatherForecast *forecast = weather_entry_get_forecast (entry);
  gint64 now = cloud_time_now_unix_us ();
  gboolean told_to_wait = weather_entry_get_failure (entry) == CLOUD_ERROR_TRY_LATER || mode == WEATHER_REFRESH_WHEN_DUE;
  gint64 minutes = g_settings_get_uint (self->settings, "refresh-minutes");
  gint64 age;

  if (told_to_wait && now < weather_entry_get_not_before_unix_us (entry))
    return FALSE;
  if (mode == WEATHER_REFRESH_WHEN_DUE && minutes == 0)
    return FALSE;
  if (forecast == NULL || strcmp (weather_forecast_get_source_id (forecast), weather_source_get_id (self->source)) != 0)
    return TRUE;
  age = now - weather_forecast_get_fetched_unix_us (forecast);
  if (age < 0) /* the clock was set back: nothing that is written down can be trusted */
    return TRUE;
  return weather_forecast_is_expired (forecast, now) && (mode == WEATHER_REFRESH_ASKED || age >= minutes * MINUTE_US);
}

static void
end_refresh (GTask *task)
{
  WeatherService *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);

  self->n_refreshes--;
  if (self->n_refreshes == 0)
    {
      cloud_lease_release (self->lease);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHING]);
    }
  if (refresh->error != NULL)
    g_task_return_error (task, g_steal_pointer (&refresh->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void start_waiting (GTask *task);

static void
on_outcome_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  WeatherService *self = g_task_get_source_object (fetch->task);
  Refresh *refresh = g_task_get_task_data (fetch->task);
  GError *error = NULL;

  self->n_kept++;
  if (!weather_store_change_finish (WEATHER_STORE (source), result, &error) && refresh->error == NULL)
    refresh->error = g_steal_pointer (&error);
  g_clear_error (&error);
  weather_entry_set_refreshing (fetch->entry, FALSE);
  refresh->n_fetched += fetch->fetched;
  refresh->n_running--;
  start_waiting (fetch->task);
  fetch_free (fetch);
}

/* How long to leave the source alone after it failed, unless it named a time itself. */
static gint64
wait_after (const GError *error)
{
  gint64 named = (gint64) cloud_http_error_get_retry_s (error) * G_USEC_PER_SEC;

  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
    return MAX (named, MINUTE_US);
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_TRY_LATER))
    return MAX (named, 2 * MINUTE_US);
  return MAX (named, 15 * MINUTE_US);
}

static void
keep_failure (WeatherService *self, Fetch *fetch, GError *error)
{
  Refresh *refresh = g_task_get_task_data (fetch->task);
  gint64 now = cloud_time_now_unix_us ();
  gint64 not_before = now + wait_after (error);
  int code = error->domain == CLOUD_ERROR ? error->code : CLOUD_ERROR_PROTOCOL;

  g_debug ("%s: %s", weather_entry_get_id (fetch->entry), error->message);
  weather_entry_set_failure (fetch->entry, code, not_before);
  weather_store_put_failure_async (self->store, weather_entry_get_id (fetch->entry), code, now, not_before, on_outcome_kept,
                                   fetch);
  if (refresh->error == NULL)
    refresh->error = error;
  else
    g_error_free (error);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  WeatherService *self = g_task_get_source_object (fetch->task);
  Refresh *refresh = g_task_get_task_data (fetch->task);
  GError *error = NULL;
  g_autoptr (WeatherForecast) forecast = weather_source_fetch_finish (WEATHER_SOURCE (source), result, &error);

  if (forecast != NULL && weather_forecast_get_origin (forecast) == WEATHER_ORIGIN_STALE)
    {
      /* What the cache had left is no newer than what the store has; the point is that the network failed. */
      g_clear_object (&forecast);
      error = g_error_new (CLOUD_ERROR, CLOUD_ERROR_OFFLINE, "the source cannot be reached");
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (refresh->error == NULL)
        refresh->error = g_steal_pointer (&error);
      g_clear_error (&error);
      weather_entry_set_refreshing (fetch->entry, FALSE);
      refresh->n_running--;
      start_waiting (fetch->task);
      fetch_free (fetch);
      return;
    }
  if (forecast == NULL)
    {
      keep_failure (self, fetch, error);
      return;
    }
  fetch->fetched = TRUE;
  weather_entry_set_failure (fetch->entry, -1, 0);
  weather_entry_offer_forecast (fetch->entry, forecast);
  weather_store_put_forecast_async (self->store, forecast, on_outcome_kept, fetch);
}

static void
send_off (WeatherService *self, GTask *task, WeatherEntry *entry)
{
  Refresh *refresh = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->task = g_object_ref (task);
  fetch->entry = g_object_ref (entry);
  refresh->n_running++;
  weather_entry_set_refreshing (entry, TRUE);
  weather_source_fetch_async (self->source, weather_entry_get_place (entry),
                              cancellable != NULL ? cancellable : self->cancellable, on_fetched, fetch);
}

static void
on_joined_changed (WeatherEntry *entry, GParamSpec *pspec, GTask *task)
{
  Refresh *refresh = g_task_get_task_data (task);
  int failure = weather_entry_get_failure (entry);

  if (weather_entry_get_refreshing (entry))
    return;
  g_signal_handlers_disconnect_by_func (entry, on_joined_changed, task);
  if (failure >= 0 && refresh->error == NULL)
    refresh->error = g_error_new (CLOUD_ERROR, failure, "the source failed while it was asked");
  refresh->n_running--;
  start_waiting (task);
  g_object_unref (task);
}

/* Another refresh asks about @entry already: waits for that. */
static void
join (GTask *task, WeatherEntry *entry)
{
  Refresh *refresh = g_task_get_task_data (task);

  refresh->n_running++;
  g_signal_connect (entry, "notify::refreshing", G_CALLBACK (on_joined_changed), g_object_ref (task));
}

/* Sends off what may run now; ends the refresh when nothing is left.  Whether an entry is due is looked at only here: while it
 * waited its turn, another refresh may have asked. */
static void
start_waiting (GTask *task)
{
  WeatherService *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);

  while (refresh->waiting->len > 0 && refresh->n_running < MOST_AT_ONCE)
    {
      g_autoptr (WeatherEntry) entry = g_ptr_array_steal_index (refresh->waiting, 0);

      if (weather_entry_get_refreshing (entry))
        join (task, entry);
      else if (is_due (self, entry, refresh->mode))
        send_off (self, task, entry);
    }
  if (refresh->n_running == 0)
    end_refresh (task);
}

static void
collect_wanted (WeatherService *self, GTask *task)
{
  Refresh *refresh = g_task_get_task_data (task);
  WeatherEntry *wanted = weather_service_find (self, refresh->id);

  if (wanted != NULL)
    g_ptr_array_add (refresh->waiting, g_object_ref (wanted));
  for (guint i = 0; refresh->id == NULL && i < self->entries->len; i++)
    g_ptr_array_add (refresh->waiting, g_object_ref (self->entries->pdata[i]));
}

static void
on_reloaded_for_refresh (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WeatherService *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);
  g_autoptr (GPtrArray) records = weather_store_load_finish (WEATHER_STORE (source), result, &refresh->error);

  if (records != NULL)
    {
      take_records (self, records, refresh->n_kept_before == self->n_kept);
      collect_wanted (self, task);
    }
  start_waiting (task);
}

static void
on_lease_held (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WeatherService *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);

  refresh->n_kept_before = self->n_kept;
  if (cloud_lease_acquire_finish (CLOUD_LEASE (source), result, &refresh->error))
    weather_store_load_async (self->store, g_task_get_cancellable (task), on_reloaded_for_refresh, task);
  else
    end_refresh (task);
}

void
weather_service_refresh_async (WeatherService *self, const char *id, WeatherRefresh mode, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Refresh *refresh;
  GTask *task;

  g_return_if_fail (WEATHER_IS_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, weather_service_refresh_async);
  refresh = g_new0 (Refresh, 1);
  refresh->id = g_strdup (id);
  refresh->mode = mode;
  refresh->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, refresh, refresh_free);
  self->n_refreshes++;
  if (self->n_refreshes == 1)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHING]);
  cloud_lease_acquire_async (self->lease, cancellable, on_lease_held, task);
}

gboolean
weather_service_refresh_finish (WeatherService *self, GAsyncResult *result, guint *n_fetched, GError **error)
{
  Refresh *refresh;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  refresh = g_task_get_task_data (G_TASK (result));
  if (n_fetched != NULL)
    *n_fetched = refresh->n_fetched;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Changes of the list ---- */

static void
on_reloaded_after_change (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WeatherService *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) records = weather_store_load_finish (WEATHER_STORE (source), result, &error);

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* After a change the store's word on what is gone counts, unless a forecast came in between. */
  take_records (self, records, GPOINTER_TO_UINT (g_task_get_task_data (task)) == self->n_kept);
  g_task_return_boolean (task, TRUE);
}

static void
on_change_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (weather_store_change_finish (WEATHER_STORE (source), result, &error))
    {
      g_task_set_task_data (task, GUINT_TO_POINTER (WEATHER_SERVICE (g_task_get_source_object (task))->n_kept), NULL);
      weather_store_load_async (WEATHER_STORE (source), NULL, on_reloaded_after_change, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
weather_service_add_async (WeatherService *self, WeatherPlace *place, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self));
  weather_translate_note_added (self->settings, weather_service_get_loaded (self) && g_list_model_get_n_items (G_LIST_MODEL (self)) == 0);
  weather_service_rename_async (self, place, callback, user_data);
}

void
weather_service_rename_async (WeatherService *self, WeatherPlace *place, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self));
  weather_store_put_place_async (self->store, place, on_change_done, g_task_new (self, NULL, callback, user_data));
}

void
weather_service_remove_async (WeatherService *self, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self));
  weather_store_remove_place_async (self->store, id, on_change_done, g_task_new (self, NULL, callback, user_data));
}

void
weather_service_move_async (WeatherService *self, const char *id, guint position, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self));
  weather_store_move_place_async (self->store, id, position, on_change_done, g_task_new (self, NULL, callback, user_data));
}

void
weather_service_clear_async (WeatherService *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self));
  weather_store_clear_forecasts_async (self->store, on_change_done, g_task_new (self, NULL, callback, user_data));
}

gboolean
weather_service_change_finish (WeatherService *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_here_named (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WeatherService *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (WeatherPlace) place = weather_places_name_position_finish (result, &error);

  if (place != NULL)
    {
      weather_store_put_place_async (self->store, place, on_change_done, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
weather_service_set_here_async (WeatherService *self, double latitude_deg, double longitude_deg, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self));
  weather_places_name_position_async (WEATHER_PLACE_HERE, latitude_deg, longitude_deg, NULL, on_here_named,
                                      g_task_new (self, NULL, callback, user_data));
}

/* ---- Places that are not in the list ---- */

static void
on_visit_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WeatherService *self = WEATHER_SERVICE (source);
  GError *error = NULL;
  gboolean fresh = weather_service_refresh_finish (self, result, NULL, &error);
  WeatherEntry *entry = weather_service_find (self, g_task_get_task_data (task));

  if (entry != NULL && weather_entry_get_forecast (entry) != NULL)
    g_task_return_pointer (task, g_object_ref (entry), g_object_unref);
  else if (!fresh)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (entry != NULL && weather_entry_get_failure (entry) >= 0)
    g_task_return_new_error (task, CLOUD_ERROR, weather_entry_get_failure (entry),
                             "the source failed a moment ago and is left alone for a while");
  else
    g_task_return_new_error (task, CLOUD_ERROR, CLOUD_ERROR_BUSY, "the forecast is not there yet");
  g_clear_error (&error);
}

static void
on_visit_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  WeatherService *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (weather_store_change_finish (WEATHER_STORE (source), result, &error))
    {
      weather_service_refresh_async (self, g_task_get_task_data (task), WEATHER_REFRESH_ASKED, g_task_get_cancellable (task),
                                     on_visit_refreshed, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

void
weather_service_visit_async (WeatherService *self, WeatherPlace *place, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (WEATHER_IS_SERVICE (self) && WEATHER_IS_PLACE (place));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (weather_place_get_id (place)), g_free);
  weather_store_visit_place_async (self->store, place, cloud_time_now_unix_us (), on_visit_kept, task);
}

WeatherEntry *
weather_service_visit_finish (WeatherService *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Object ---- */

static void
weather_service_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WeatherService *self = WEATHER_SERVICE (object);

  switch (id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_REFRESHING:
      g_value_set_boolean (value, self->n_refreshes > 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
weather_service_dispose (GObject *object)
{
  WeatherService *self = WEATHER_SERVICE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->lease);
  g_clear_object (&self->store);
  g_clear_object (&self->source);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (weather_service_parent_class)->dispose (object);
}

static void
weather_service_finalize (GObject *object)
{
  WeatherService *self = WEATHER_SERVICE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->visited, g_ptr_array_unref);
  G_OBJECT_CLASS (weather_service_parent_class)->finalize (object);
}

static void
weather_service_class_init (WeatherServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = weather_service_get_property;
  object_class->dispose = weather_service_dispose;
  object_class->finalize = weather_service_finalize;
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_REFRESHING] = g_param_spec_boolean ("refreshing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
weather_service_init (WeatherService *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->visited = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
}

WeatherService *
weather_service_new (WeatherStore *store, WeatherSource *source, GSettings *settings)
{
  WeatherService *self;

  g_return_val_if_fail (WEATHER_IS_STORE (store) && WEATHER_IS_SOURCE (source) && G_IS_SETTINGS (settings), NULL);

  self = g_object_new (WEATHER_TYPE_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->source = g_object_ref (source);
  self->settings = g_object_ref (settings);
  self->lease = cloud_lease_new (weather_store_get_path (store));
  g_signal_connect_object (store, "changed", G_CALLBACK (on_store_changed), self, G_CONNECT_SWAPPED);
  load (self);
  return self;
}

WeatherStore *
weather_service_get_store (WeatherService *self)
{
  g_return_val_if_fail (WEATHER_IS_SERVICE (self), NULL);
  return self->store;
}

GSettings *
weather_service_get_settings (WeatherService *self)
{
  g_return_val_if_fail (WEATHER_IS_SERVICE (self), NULL);
  return self->settings;
}

WeatherSource *
weather_service_get_source (WeatherService *self)
{
  g_return_val_if_fail (WEATHER_IS_SERVICE (self), NULL);
  return self->source;
}

void
weather_service_set_source (WeatherService *self, WeatherSource *source)
{
  g_return_if_fail (WEATHER_IS_SERVICE (self) && WEATHER_IS_SOURCE (source));
  g_set_object (&self->source, source);
}

gboolean
weather_service_get_loaded (WeatherService *self)
{
  g_return_val_if_fail (WEATHER_IS_SERVICE (self), FALSE);
  return self->loaded;
}

gboolean
weather_service_get_refreshing (WeatherService *self)
{
  g_return_val_if_fail (WEATHER_IS_SERVICE (self), FALSE);
  return self->n_refreshes > 0;
}
