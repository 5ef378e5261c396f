/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "hal-gps"

#include "hal-gps.h"

#include "cloud-error.h"
#include "cloud-time.h"

/* Chooses between the sources and watches over them. */

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_LAST_MS 60000
#define STALE_MIN_US (5 * G_USEC_PER_SEC)

typedef enum
{
  ENTRY_IDLE,
  ENTRY_RUNNING,
  ENTRY_FAILED,
} EntryState;

typedef struct
{
  HalSource *source;
  EntryState state;
  gboolean gave_up; /* until the next demand */
  char *error;
  gint64 retry_at_us;
  guint backoff_ms;
} Entry;

struct _HalGps
{
  GObject parent_instance;

  GPtrArray *entries;
  Entry *serving; /* nullable */
  gboolean demanded;
  HalSourceDemand demand;
  HalGpsState state;
  gint64 state_since_us;
  char *why_text;
  CloudFix *fix;
  GArray *satellites;
  guint retry_id;
  guint stale_id;
};

G_DEFINE_FINAL_TYPE (HalGps, hal_gps, G_TYPE_OBJECT)

enum
{
  SIGNAL_FIX,
  SIGNAL_SATELLITES,
  SIGNAL_NMEA,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void start_best (HalGps *self);

static void
entry_free (Entry *entry)
{
  hal_source_stop (entry->source);
  g_clear_object (&entry->source);
  g_free (entry->error);
  g_free (entry);
}

static Entry *
find_entry (HalGps *self, HalSource *source)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (((Entry *) self->entries->pdata[i])->source == source)
      return self->entries->pdata[i];
  g_assert_not_reached ();
}

static void
set_state (HalGps *self, HalGpsState state)
{
  if (self->state != state)
    self->state_since_us = cloud_time_now_unix_us ();
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
start_entry (HalGps *self, Entry *entry)
{
  entry->state = ENTRY_RUNNING;
  g_debug ("starting %s", hal_source_get_name (entry->source));
  hal_source_start (entry->source, &self->demand);
}

static void
stop_entry (HalGps *self, Entry *entry)
{
  if (entry->state != ENTRY_RUNNING)
    return;
  entry->state = ENTRY_IDLE;
  hal_source_stop (entry->source);
}

static gboolean
on_retry (gpointer data)
{
  HalGps *self = data;

  self->retry_id = 0;
  start_best (self);
  return G_SOURCE_REMOVE;
}

/* Wakes when the first of the failed sources that are better than what runs may be tried again. */
static void
schedule_retry (HalGps *self)
{
  gint64 first_us = G_MAXINT64;
  gint64 wait_ms;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (entry->state == ENTRY_RUNNING && entry->error == NULL)
        break;
      if (entry->state == ENTRY_FAILED && !entry->gave_up)
        first_us = MIN (first_us, entry->retry_at_us);
    }
  if (first_us == G_MAXINT64)
    return;
  wait_ms = (first_us - g_get_monotonic_time ()) / 1000 + 1;
  self->retry_id = g_timeout_add ((guint) CLAMP (wait_ms, 0, BACKOFF_LAST_MS), on_retry, self);
}

/* Starts the best source that has not failed, unless one runs, and any better failed one whose time has come. */
static void
start_best (HalGps *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gboolean trusted = FALSE;
  gboolean runs = FALSE;

  if (!self->demanded)
    return;
  for (guint i = 0; i < self->entries->len && !trusted; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (entry->state == ENTRY_IDLE || (entry->state == ENTRY_FAILED && !entry->gave_up && entry->retry_at_us <= now_us))
        start_entry (self, entry);
      runs = runs || entry->state == ENTRY_RUNNING;
      /* One that failed before must first give a fix: until then the next serves. */
      trusted = entry->state == ENTRY_RUNNING && entry->error == NULL;
    }
  if (!runs)
    set_state (self, HAL_GPS_FAILED);
  else if (self->serving == NULL)
    set_state (self, HAL_GPS_SEARCHING);
  schedule_retry (self);
}

static gboolean
on_stale (gpointer data)
{
  HalGps *self = data;
  gint64 limit_us = MAX (STALE_MIN_US, (gint64) self->demand.interval_ms * 3000);
  gint64 age_us = cloud_fix_get_age_us (self->fix);

  self->stale_id = 0;
  if (self->state != HAL_GPS_FIX)
    return G_SOURCE_REMOVE;
  if (age_us >= limit_us)
    set_state (self, HAL_GPS_SEARCHING);
  else
    self->stale_id = g_timeout_add ((guint) ((limit_us - age_us) / 1000 + 1), on_stale, self);
  return G_SOURCE_REMOVE;
}

static void
on_fix (HalSource *source, CloudFix *fix, gpointer data)
{
  HalGps *self = data;
  Entry *entry = find_entry (self, source);
  gboolean better = TRUE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *other = self->entries->pdata[i];

      if (other == entry)
        better = FALSE;
      else if (better && other == self->serving)
        return;
      else if (!better)
        stop_entry (self, other);
    }
  g_clear_pointer (&entry->error, g_free);
  entry->backoff_ms = BACKOFF_FIRST_MS;
  if (self->fix != fix)
    {
      g_clear_pointer (&self->fix, cloud_fix_unref);
      self->fix = cloud_fix_ref (fix);
    }
  if (self->serving != entry || self->state != HAL_GPS_FIX)
    {
      self->serving = entry;
      g_free (self->why_text);
      self->why_text = g_strdup ("");
      set_state (self, HAL_GPS_FIX);
    }
  if (self->stale_id == 0)
    self->stale_id = g_timeout_add (STALE_MIN_US / 1000, on_stale, self);
  g_signal_emit (self, signals[SIGNAL_FIX], 0, fix);
}

static void
on_satellites (HalSource *source, GArray *satellites, gpointer data)
{
  HalGps *self = data;

  if (self->serving != NULL && self->serving->source != source)
    return;
  if (self->satellites != satellites)
    {
      g_clear_pointer (&self->satellites, g_array_unref);
      self->satellites = g_array_ref (satellites);
    }
  g_signal_emit (self, signals[SIGNAL_SATELLITES], 0, satellites);
}

static void
on_nmea (HalSource *source, const char *sentence, gpointer data)
{
  HalGps *self = data;

  if (self->serving == NULL || self->serving->source == source)
    g_signal_emit (self, signals[SIGNAL_NMEA], 0, sentence);
}

static void
on_failed (HalSource *source, const GError *error, gpointer data)
{
  HalGps *self = data;
  Entry *entry = find_entry (self, source);

  g_message ("%s: %s", hal_source_get_name (source), error->message);
  entry->state = ENTRY_FAILED;
  entry->gave_up = g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND);
  entry->retry_at_us = g_get_monotonic_time () + (gint64) entry->backoff_ms * 1000;
  entry->backoff_ms = MIN (entry->backoff_ms * 2, BACKOFF_LAST_MS);
  g_free (entry->error);
  entry->error = g_strdup (error->message);
  g_free (self->why_text);
  self->why_text = g_strdup (error->message);
  if (self->serving == entry)
    self->serving = NULL;
  start_best (self);
}

static void
stop_all (HalGps *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->stale_id, g_source_remove);
  self->serving = NULL;
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      stop_entry (self, entry);
      entry->state = ENTRY_IDLE;
      entry->gave_up = FALSE;
      entry->backoff_ms = BACKOFF_FIRST_MS;
      g_clear_pointer (&entry->error, g_free);
    }
}

static void
hal_gps_dispose (GObject *object)
{
  HalGps *self = HAL_GPS (object);

  stop_all (self);
  for (guint i = 0; i < self->entries->len; i++)
    g_signal_handlers_disconnect_by_data (((Entry *) self->entries->pdata[i])->source, self);
  g_ptr_array_set_size (self->entries, 0);
  G_OBJECT_CLASS (hal_gps_parent_class)->dispose (object);
}

static void
hal_gps_finalize (GObject *object)
{
  HalGps *self = HAL_GPS (object);

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->why_text, g_free);
  g_clear_pointer (&self->fix, cloud_fix_unref);
  g_clear_pointer (&self->satellites, g_array_unref);
  G_OBJECT_CLASS (hal_gps_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n_parameters, GType type)
{
  return g_signal_new (name, HAL_TYPE_GPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n_parameters,
                       type | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
hal_gps_class_init (HalGpsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = hal_gps_dispose;
  G_OBJECT_CLASS (klass)->finalize = hal_gps_finalize;
  signals[SIGNAL_FIX] = add_signal ("fix", 1, CLOUD_TYPE_FIX);
  signals[SIGNAL_SATELLITES] = add_signal ("satellites", 1, G_TYPE_ARRAY);
  signals[SIGNAL_NMEA] = add_signal ("nmea", 1, G_TYPE_STRING);
  signals[SIGNAL_CHANGED] = add_signal ("changed", 0, G_TYPE_NONE);
}

static void
hal_gps_init (HalGps *self)
{
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  self->why_text = g_strdup ("");
  self->state_since_us = cloud_time_now_unix_us ();
}

HalGps *
hal_gps_new (void)
{
  return g_object_new (HAL_TYPE_GPS, NULL);
}

void
hal_gps_add_source (HalGps *self, HalSource *source)
{
  Entry *entry;

  g_return_if_fail (HAL_IS_GPS (self));
  g_return_if_fail (HAL_IS_SOURCE (source));
  g_return_if_fail (!self->demanded);

  entry = g_new0 (Entry, 1);
  entry->source = g_object_ref (source);
  entry->backoff_ms = BACKOFF_FIRST_MS;
  g_ptr_array_add (self->entries, entry);
  g_signal_connect (source, "fix", G_CALLBACK (on_fix), self);
  g_signal_connect (source, "satellites", G_CALLBACK (on_satellites), self);
  g_signal_connect (source, "nmea", G_CALLBACK (on_nmea), self);
  g_signal_connect (source, "failed", G_CALLBACK (on_failed), self);
}

void
hal_gps_set_demand (HalGps *self, const HalSourceDemand *demand)
{
  g_return_if_fail (HAL_IS_GPS (self));

  if (demand == NULL)
    {
      if (!self->demanded)
        return;
      self->demanded = FALSE;
      stop_all (self);
      set_state (self, HAL_GPS_OFF);
      return;
    }
  self->demand = *demand;
  if (!self->demanded)
    {
      self->demanded = TRUE;
      g_free (self->why_text);
      self->why_text = g_strdup (self->entries->len > 0 ? "" : "no position source is configured");
      start_best (self);
      return;
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      if (entry->state == ENTRY_RUNNING)
        hal_source_start (entry->source, &self->demand);
    }
}

HalGpsState
hal_gps_get_state (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), HAL_GPS_OFF);

  return self->state;
}

gint64
hal_gps_get_state_since (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), 0);

  return self->state_since_us;
}

const char *
hal_gps_get_state_name (HalGps *self)
{
  static const char *const names[] = { "off", "searching", "fix", "failed" };

  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  return names[self->state];
}

const char *
hal_gps_get_why (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  if (self->state != HAL_GPS_FAILED)
    return "";
  return self->entries->len == 0 ? "no-source" : "source-failed";
}

const char *
hal_gps_get_why_text (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  return self->state == HAL_GPS_FAILED ? self->why_text : "";
}

const char *
hal_gps_get_source_name (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  return self->serving != NULL ? hal_source_get_name (self->serving->source) : "";
}

static GVariant *
capabilities_to_variant (HalSourceCapabilities capabilities)
{
  static const char *const names[] = { "altitude", "speed", "satellites", "nmea", "interval", "time" };
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (capabilities & (1u << i))
      g_variant_builder_add (&builder, "s", names[i]);
  return g_variant_builder_end (&builder);
}

GVariant *
hal_gps_get_sources (HalGps *self)
{
  static const char *const states[] = { "idle", "running", "failed" };
  GVariantBuilder builder;

  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];

      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (hal_source_get_name (entry->source)));
      g_variant_builder_add (&builder, "{sv}", "state", g_variant_new_string (states[entry->state]));
      g_variant_builder_add (&builder, "{sv}", "capabilities",
                             capabilities_to_variant (hal_source_get_capabilities (entry->source)));
      if (entry->error != NULL)
        g_variant_builder_add (&builder, "{sv}", "error", g_variant_new_string (entry->error));
      g_variant_builder_close (&builder);
    }
  return g_variant_builder_end (&builder);
}

CloudFix *
hal_gps_get_fix (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  return self->fix;
}

GArray *
hal_gps_get_satellites (HalGps *self)
{
  g_return_val_if_fail (HAL_IS_GPS (self), NULL);

  return self->satellites;
}
