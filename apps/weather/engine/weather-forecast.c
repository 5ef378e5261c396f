/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-forecast.h"

#include "cloud-error.h"

#include <math.h>
#include <string.h>

/* One source's word about one place, frozen. */

struct _WeatherForecast
{
  GObject parent_instance;

  WeatherForecastParts *parts;
  GTimeZone *zone;
};

G_DEFINE_FINAL_TYPE (WeatherForecast, weather_forecast, G_TYPE_OBJECT)

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define NOW_IS_NOW_US HOUR_US

/* The records of the stored form: a time, the enumerations, and the doubles in the order of the struct. */
#define POINT_TYPE "a(xyiad)"
#define DAY_TYPE "a(xxiiiyad)"
#define AIR_TYPE "a(xad)"
#define STORED_TYPE "(ussssdddsixxxbb" POINT_TYPE POINT_TYPE POINT_TYPE DAY_TYPE AIR_TYPE ")"
#define STORED_VERSION 1

WeatherForecastParts *
weather_forecast_parts_new (WeatherPlace *place, const char *source_id)
{
  WeatherForecastParts *parts;

  g_return_val_if_fail (WEATHER_IS_PLACE (place), NULL);

  parts = g_new0 (WeatherForecastParts, 1);
  parts->place = g_object_ref (place);
  parts->source_id = g_strdup (source_id);
  parts->latitude_deg = weather_place_get_latitude_deg (place);
  parts->longitude_deg = weather_place_get_longitude_deg (place);
  parts->elevation_m = NAN;
  weather_point_init (&parts->now);
  parts->hourly = g_array_new (FALSE, FALSE, sizeof (WeatherPoint));
  parts->quarters = g_array_new (FALSE, FALSE, sizeof (WeatherPoint));
  parts->daily = g_array_new (FALSE, FALSE, sizeof (WeatherDay));
  parts->air = g_array_new (FALSE, FALSE, sizeof (WeatherAir));
  return parts;
}

void
weather_forecast_parts_free (WeatherForecastParts *parts)
{
  if (parts == NULL)
    return;
  g_clear_object (&parts->place);
  g_free (parts->source_id);
  g_free (parts->credit);
  g_free (parts->credit_url);
  g_free (parts->timezone);
  g_array_unref (parts->hourly);
  g_array_unref (parts->quarters);
  g_array_unref (parts->daily);
  g_array_unref (parts->air);
  g_free (parts);
}

static void
weather_forecast_finalize (GObject *object)
{
  WeatherForecast *self = WEATHER_FORECAST (object);

  weather_forecast_parts_free (self->parts);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (weather_forecast_parent_class)->finalize (object);
}

static void
weather_forecast_class_init (WeatherForecastClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = weather_forecast_finalize;
}

static void
weather_forecast_init (WeatherForecast *self)
{
}

/* Every record starts with its gint64 start. */
static int
compare_start (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a;
  gint64 second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

static void
sort_unique (GArray *series)
{
  guint size = g_array_get_element_size (series);
  guint kept = 0;

  g_array_sort (series, compare_start);
  for (guint i = 0; i < series->len; i++)
    {
      char *from = series->data + (gsize) i * size;

      if (kept > 0 && compare_start (series->data + (gsize) (kept - 1) * size, from) == 0)
        continue;
      if (kept != i)
        memcpy (series->data + (gsize) kept * size, from, size);
      kept++;
    }
  g_array_set_size (series, kept);
}

static GTimeZone *
pick_zone (WeatherForecastParts *parts)
{
  GTimeZone *zone = NULL;

  if (parts->timezone != NULL && *parts->timezone != '\0')
    zone = g_time_zone_new_identifier (parts->timezone);
  return zone != NULL ? zone : weather_place_dup_zone (parts->place, parts->utc_offset_s);
}

WeatherForecast *
weather_forecast_new (WeatherForecastParts *parts)
{
  WeatherForecast *self;

  g_return_val_if_fail (parts != NULL, NULL);

  G_STATIC_ASSERT (G_STRUCT_OFFSET (WeatherPoint, start_unix_us) == 0);
  G_STATIC_ASSERT (G_STRUCT_OFFSET (WeatherDay, start_unix_us) == 0);
  G_STATIC_ASSERT (G_STRUCT_OFFSET (WeatherAir, start_unix_us) == 0);
  self = g_object_new (WEATHER_TYPE_FORECAST, NULL);
  self->parts = parts;
  if (parts->synthetic)
    parts->origin = WEATHER_ORIGIN_SYNTHETIC;
  self->zone = pick_zone (parts);
  sort_unique (parts->hourly);
  sort_unique (parts->quarters);
  sort_unique (parts->daily);
  sort_unique (parts->air);
  return self;
}

WeatherPlace *
weather_forecast_get_place (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->parts->place;
}

const char *
weather_forecast_get_source_id (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->parts->source_id;
}

const char *
weather_forecast_get_credit (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->parts->credit;
}

const char *
weather_forecast_get_credit_url (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->parts->credit_url;
}

double
weather_forecast_get_latitude_deg (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NAN);
  return self->parts->latitude_deg;
}

double
weather_forecast_get_longitude_deg (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NAN);
  return self->parts->longitude_deg;
}

double
weather_forecast_get_elevation_m (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NAN);
  return self->parts->elevation_m;
}

const char *
weather_forecast_get_timezone (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->parts->timezone;
}

int
weather_forecast_get_utc_offset_s (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), 0);
  return self->parts->utc_offset_s;
}

gint64
weather_forecast_get_issued_unix_us (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), 0);
  return self->parts->issued_unix_us;
}

gint64
weather_forecast_get_fetched_unix_us (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), 0);
  return self->parts->fetched_unix_us;
}

gint64
weather_forecast_get_expires_unix_us (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), 0);
  return self->parts->expires_unix_us;
}

WeatherOrigin
weather_forecast_get_origin (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), WEATHER_ORIGIN_FILE);
  return self->parts->origin;
}

gboolean
weather_forecast_is_synthetic (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), FALSE);
  return self->parts->synthetic;
}

GTimeZone *
weather_forecast_get_zone (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->zone;
}

const WeatherPoint *
weather_forecast_get_now (WeatherForecast *self)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);
  return self->parts->has_now ? &self->parts->now : NULL;
}

static gconstpointer
series (GArray *array, guint *n)
{
  *n = array->len;
  return array->data;
}

const WeatherPoint *
weather_forecast_get_hourly (WeatherForecast *self, guint *n)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self) && n != NULL, NULL);
  return series (self->parts->hourly, n);
}

const WeatherPoint *
weather_forecast_get_quarters (WeatherForecast *self, guint *n)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self) && n != NULL, NULL);
  return series (self->parts->quarters, n);
}

const WeatherDay *
weather_forecast_get_daily (WeatherForecast *self, guint *n)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self) && n != NULL, NULL);
  return series (self->parts->daily, n);
}

const WeatherAir *
weather_forecast_get_air (WeatherForecast *self, guint *n)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self) && n != NULL, NULL);
  return series (self->parts->air, n);
}

const WeatherPoint *
weather_forecast_find_hour (WeatherForecast *self, gint64 unix_us)
{
  GArray *hourly;

  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);

  hourly = self->parts->hourly;
  for (guint i = 0; i < hourly->len; i++)
    {
      const WeatherPoint *point = &g_array_index (hourly, WeatherPoint, i);

      if (unix_us >= point->start_unix_us && unix_us < point->start_unix_us + HOUR_US)
        return point;
    }
  return NULL;
}

const WeatherDay *
weather_forecast_find_day (WeatherForecast *self, gint64 unix_us)
{
  GArray *daily;

  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);

  daily = self->parts->daily;
  for (guint i = 0; i < daily->len; i++)
    {
      const WeatherDay *day = &g_array_index (daily, WeatherDay, i);

      if (unix_us >= day->start_unix_us && unix_us < day->end_unix_us)
        return day;
    }
  return NULL;
}

gboolean
weather_forecast_at (WeatherForecast *self, gint64 unix_us, WeatherPoint *point)
{
  const WeatherPoint *now, *hour;
  gboolean now_holds;

  g_return_val_if_fail (WEATHER_IS_FORECAST (self) && point != NULL, FALSE);

  now = weather_forecast_get_now (self);
  hour = weather_forecast_find_hour (self, unix_us);
  now_holds = now != NULL && ABS (unix_us - now->start_unix_us) < NOW_IS_NOW_US;
  if (!now_holds && hour == NULL)
    return FALSE;
  *point = now_holds ? *now : *hour;
  if (now_holds && hour != NULL)
    {
      double *values = weather_point_values (point);
      const double *more = weather_point_values ((WeatherPoint *) hour);

      for (gsize i = 0; i < WEATHER_POINT_N_VALUES; i++)
        if (isnan (values[i]))
          values[i] = more[i];
      /* "now" speaks of the last quarter of an hour; the chance of rain is the hour's. */
      if (point->condition == WEATHER_CONDITION_UNKNOWN)
        point->condition = hour->condition;
      if (point->is_day < 0)
        point->is_day = hour->is_day;
    }
  return TRUE;
}

GArray *
weather_forecast_list_hours (WeatherForecast *self, gint64 unix_us, guint most)
{
  GArray *hourly, *hours;

  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);

  hourly = self->parts->hourly;
  hours = g_array_new (FALSE, FALSE, sizeof (WeatherPoint));
  for (guint i = 0; i < hourly->len && hours->len < most; i++)
    {
      WeatherPoint hour = g_array_index (hourly, WeatherPoint, i);
      WeatherPoint now;

      if (hour.start_unix_us + HOUR_US <= unix_us)
        continue;
      if (hours->len == 0 && weather_forecast_at (self, unix_us, &now))
        {
          now.start_unix_us = hour.start_unix_us;
          now.precipitation_mm = hour.precipitation_mm;
          now.precipitation_chance_pct = hour.precipitation_chance_pct;
          now.snowfall_mm = hour.snowfall_mm;
          hour = now;
        }
      g_array_append_val (hours, hour);
    }
  return hours;
}

gboolean
weather_forecast_is_expired (WeatherForecast *self, gint64 now_unix_us)
{
  g_return_val_if_fail (WEATHER_IS_FORECAST (self), TRUE);
  return now_unix_us >= self->parts->expires_unix_us;
}

WeatherForecast *
weather_forecast_with_place (WeatherForecast *self, WeatherPlace *place)
{
  WeatherForecastParts *old, *parts;

  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);

  old = self->parts;
  parts = g_memdup2 (old, sizeof *old);
  parts->place = g_object_ref (place);
  parts->source_id = g_strdup (old->source_id);
  parts->credit = g_strdup (old->credit);
  parts->credit_url = g_strdup (old->credit_url);
  parts->timezone = g_strdup (old->timezone);
  parts->hourly = g_array_ref (old->hourly);
  parts->quarters = g_array_ref (old->quarters);
  parts->daily = g_array_ref (old->daily);
  parts->air = g_array_ref (old->air);
  return weather_forecast_new (parts);
}

static GVariant *
pack_values (const double *values, gsize n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, values, n, sizeof (double));
}

static void
pack_point (GVariantBuilder *builder, const WeatherPoint *point)
{
  g_variant_builder_add (builder, "(xyi@ad)", point->start_unix_us, (guchar) point->condition, point->is_day,
                         pack_values (weather_point_values ((WeatherPoint *) point), WEATHER_POINT_N_VALUES));
}

static GVariant *
pack_points (GArray *points)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (POINT_TYPE));

  for (guint i = 0; i < points->len; i++)
    pack_point (&builder, &g_array_index (points, WeatherPoint, i));
  return g_variant_builder_end (&builder);
}

static GVariant *
pack_now (WeatherForecastParts *parts)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (POINT_TYPE));

  if (parts->has_now)
    pack_point (&builder, &parts->now);
  return g_variant_builder_end (&builder);
}

static GVariant *
pack_days (GArray *days)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (DAY_TYPE));

  for (guint i = 0; i < days->len; i++)
    {
      WeatherDay *day = &g_array_index (days, WeatherDay, i);

      g_variant_builder_add (&builder, "(xxiiiy@ad)", day->start_unix_us, day->end_unix_us, day->year, day->month, day->day,
                             (guchar) day->condition, pack_values (weather_day_values (day), WEATHER_DAY_N_VALUES));
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
pack_air (GArray *air)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (AIR_TYPE));

  for (guint i = 0; i < air->len; i++)
    {
      WeatherAir *hour = &g_array_index (air, WeatherAir, i);

      g_variant_builder_add (&builder, "(x@ad)", hour->start_unix_us,
                             pack_values (weather_air_values (hour), WEATHER_AIR_N_VALUES));
    }
  return g_variant_builder_end (&builder);
}

GBytes *
weather_forecast_serialize (WeatherForecast *self)
{
  g_autoptr (GVariant) stored = NULL;
  WeatherForecastParts *p;

  g_return_val_if_fail (WEATHER_IS_FORECAST (self), NULL);

  p = self->parts;
  stored = g_variant_ref_sink (g_variant_new (
      "(ussssdddsixxxbb@" POINT_TYPE "@" POINT_TYPE "@" POINT_TYPE "@" DAY_TYPE "@" AIR_TYPE ")", (guint32) STORED_VERSION,
      p->source_id != NULL ? p->source_id : "", p->credit != NULL ? p->credit : "", p->credit_url != NULL ? p->credit_url : "",
      weather_place_get_id (p->place), p->latitude_deg, p->longitude_deg, p->elevation_m, p->timezone != NULL ? p->timezone : "",
      p->utc_offset_s, p->issued_unix_us, p->fetched_unix_us, p->expires_unix_us, p->synthetic, p->has_now, pack_now (p),
      pack_points (p->hourly), pack_points (p->quarters), pack_days (p->daily), pack_air (p->air)));
  if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
    {
      GVariant *swapped = g_variant_byteswap (stored);

      g_variant_unref (stored);
      stored = swapped;
    }
  return g_variant_get_data_as_bytes (stored);
}

static void
unpack_values (GVariant *array, double *values, gsize n)
{
  gsize stored = 0;
  const double *from = g_variant_get_fixed_array (array, &stored, sizeof (double));

  if (from != NULL)
    memcpy (values, from, MIN (n, stored) * sizeof (double));
}

static WeatherCondition
unpack_condition (guchar stored)
{
  return stored < WEATHER_N_CONDITIONS ? stored : WEATHER_CONDITION_UNKNOWN;
}

static void
unpack_points (GVariant *from, GArray *points)
{
  GVariantIter iter;
  gint64 start;
  guchar condition;
  gint32 is_day;
  GVariant *values;

  g_variant_iter_init (&iter, from);
  while (g_variant_iter_next (&iter, "(xyi@ad)", &start, &condition, &is_day, &values))
    {
      WeatherPoint point;

      weather_point_init (&point);
      point.start_unix_us = start;
      point.condition = unpack_condition (condition);
      point.is_day = CLAMP (is_day, -1, 1);
      unpack_values (values, weather_point_values (&point), WEATHER_POINT_N_VALUES);
      g_array_append_val (points, point);
      g_variant_unref (values);
    }
}

static void
unpack_days (GVariant *from, GArray *days)
{
  GVariantIter iter;
  WeatherDay day;
  guchar condition;
  GVariant *values;

  weather_day_init (&day);
  g_variant_iter_init (&iter, from);
  while (g_variant_iter_next (&iter, "(xxiiiy@ad)", &day.start_unix_us, &day.end_unix_us, &day.year, &day.month, &day.day,
                              &condition, &values))
    {
      day.condition = unpack_condition (condition);
      unpack_values (values, weather_day_values (&day), WEATHER_DAY_N_VALUES);
      g_array_append_val (days, day);
      g_variant_unref (values);
      weather_day_init (&day);
    }
}

static void
unpack_air (GVariant *from, GArray *air)
{
  GVariantIter iter;
  WeatherAir hour;
  GVariant *values;

  weather_air_init (&hour);
  g_variant_iter_init (&iter, from);
  while (g_variant_iter_next (&iter, "(x@ad)", &hour.start_unix_us, &values))
    {
      unpack_values (values, weather_air_values (&hour), WEATHER_AIR_N_VALUES);
      g_array_append_val (air, hour);
      g_variant_unref (values);
      weather_air_init (&hour);
    }
}

static void
unpack_series (GVariant *stored, WeatherForecastParts *parts)
{
  g_autoptr (GVariant) now = g_variant_get_child_value (stored, 15);
  g_autoptr (GVariant) hourly = g_variant_get_child_value (stored, 16);
  g_autoptr (GVariant) quarters = g_variant_get_child_value (stored, 17);
  g_autoptr (GVariant) daily = g_variant_get_child_value (stored, 18);
  g_autoptr (GVariant) air = g_variant_get_child_value (stored, 19);
  g_autoptr (GArray) nows = g_array_new (FALSE, FALSE, sizeof (WeatherPoint));

  unpack_points (now, nows);
  parts->has_now = nows->len > 0;
  if (parts->has_now)
    parts->now = g_array_index (nows, WeatherPoint, 0);
  unpack_points (hourly, parts->hourly);
  unpack_points (quarters, parts->quarters);
  unpack_days (daily, parts->daily);
  unpack_air (air, parts->air);
}

WeatherForecast *
weather_forecast_deserialize (GBytes *bytes, WeatherPlace *place, GError **error)
{
  g_autoptr (GVariant) stored = NULL;
  WeatherForecastParts *parts;
  g_autofree char *source_id = NULL;
  guint32 version = 0;

  g_return_val_if_fail (bytes != NULL && WEATHER_IS_PLACE (place), NULL);

  stored = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (STORED_TYPE), bytes, FALSE));
  if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
    {
      GVariant *swapped = g_variant_byteswap (stored);

      g_variant_unref (stored);
      stored = swapped;
    }
  g_variant_get_child (stored, 0, "u", &version);
  if (version != STORED_VERSION)
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_CORRUPT, "the stored forecast is damaged or of version %u", version);
      return NULL;
    }
  g_variant_get_child (stored, 1, "s", &source_id);
  parts = weather_forecast_parts_new (place, source_id);
  parts->origin = WEATHER_ORIGIN_STORE;
  g_variant_get_child (stored, 2, "s", &parts->credit);
  g_variant_get_child (stored, 3, "s", &parts->credit_url);
  g_variant_get_child (stored, 5, "d", &parts->latitude_deg);
  g_variant_get_child (stored, 6, "d", &parts->longitude_deg);
  g_variant_get_child (stored, 7, "d", &parts->elevation_m);
  g_variant_get_child (stored, 8, "s", &parts->timezone);
  g_variant_get_child (stored, 9, "i", &parts->utc_offset_s);
  g_variant_get_child (stored, 10, "x", &parts->issued_unix_us);
  g_variant_get_child (stored, 11, "x", &parts->fetched_unix_us);
  g_variant_get_child (stored, 12, "x", &parts->expires_unix_us);
  g_variant_get_child (stored, 13, "b", &parts->synthetic);
  unpack_series (stored, parts);
  return weather_forecast_new (parts);
}
