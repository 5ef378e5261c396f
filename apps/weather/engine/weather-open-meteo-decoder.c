/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-open-meteo-decoder.h"

#include "cloud-error.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Open-Meteo's JSON, read with a table of fields for each series. */

#define SOURCE_ID "open-meteo"
#define CREDIT "Weather data by Open-Meteo.com (CC BY 4.0)"
#define CREDIT_URL "https://open-meteo.com/"

typedef enum
{
  KIND_TEMPERATURE,
  KIND_SPEED,
  KIND_WATER,
  KIND_SNOW,
  KIND_PRESSURE,
  KIND_DISTANCE,
  KIND_PERCENT,
  KIND_DIRECTION,
  KIND_UV,
  KIND_CONCENTRATION,
  KIND_INDEX,
} FieldKind;

/* Beyond these a value is a fault of the sender. */
static const struct
{
  double low, high;
} plausible[] = {
  [KIND_TEMPERATURE] = { -110, 80 }, [KIND_SPEED] = { 0, 200 },       [KIND_WATER] = { 0, 5000 },
  [KIND_SNOW] = { 0, 5000 },         [KIND_PRESSURE] = { 300, 1200 }, [KIND_DISTANCE] = { 0, 1000000 },
  [KIND_PERCENT] = { 0, 100 },       [KIND_DIRECTION] = { 0, 360 },   [KIND_UV] = { 0, 60 },
  [KIND_CONCENTRATION] = { 0, 1e6 }, [KIND_INDEX] = { 0, 10000 },
};

typedef struct
{
  const char *name;
  gsize offset;
  FieldKind kind;
  gboolean of_the_hour_before; /* the value at 15:00 is about 14:00 to 15:00 */
} Field;

#define POINT(name, member, kind)                                                                                                \
  {                                                                                                                              \
    name, G_STRUCT_OFFSET (WeatherPoint, member), kind, FALSE                                                                    \
  }
#define POINT_BEFORE(name, member, kind)                                                                                         \
  {                                                                                                                              \
    name, G_STRUCT_OFFSET (WeatherPoint, member), kind, TRUE                                                                     \
  }
#define DAY(name, member, kind)                                                                                                  \
  {                                                                                                                              \
    name, G_STRUCT_OFFSET (WeatherDay, member), kind, FALSE                                                                      \
  }
#define AIR(name, member, kind)                                                                                                  \
  {                                                                                                                              \
    name, G_STRUCT_OFFSET (WeatherAir, member), kind, FALSE                                                                      \
  }

static const Field point_fields[] = {
  POINT ("temperature_2m", temperature_c, KIND_TEMPERATURE),
  POINT ("apparent_temperature", feels_like_c, KIND_TEMPERATURE),
  POINT ("dew_point_2m", dew_point_c, KIND_TEMPERATURE),
  POINT ("relative_humidity_2m", humidity_pct, KIND_PERCENT),
  POINT_BEFORE ("precipitation", precipitation_mm, KIND_WATER),
  POINT_BEFORE ("precipitation_probability", precipitation_chance_pct, KIND_PERCENT),
  POINT_BEFORE ("snowfall", snowfall_mm, KIND_SNOW),
  POINT ("cloud_cover", cloud_cover_pct, KIND_PERCENT),
  POINT ("pressure_msl", pressure_hpa, KIND_PRESSURE),
  POINT ("visibility", visibility_m, KIND_DISTANCE),
  POINT ("wind_speed_10m", wind_mps, KIND_SPEED),
  POINT_BEFORE ("wind_gusts_10m", gust_mps, KIND_SPEED),
  POINT ("wind_direction_10m", wind_from_deg, KIND_DIRECTION),
  POINT ("uv_index", uv_index, KIND_UV),
  /* names of before 2023, and those of `current_weather` */
  POINT ("dewpoint_2m", dew_point_c, KIND_TEMPERATURE),
  POINT ("relativehumidity_2m", humidity_pct, KIND_PERCENT),
  POINT ("cloudcover", cloud_cover_pct, KIND_PERCENT),
  POINT ("windspeed_10m", wind_mps, KIND_SPEED),
  POINT_BEFORE ("windgusts_10m", gust_mps, KIND_SPEED),
  POINT ("winddirection_10m", wind_from_deg, KIND_DIRECTION),
  POINT ("temperature", temperature_c, KIND_TEMPERATURE),
  POINT ("windspeed", wind_mps, KIND_SPEED),
  POINT ("winddirection", wind_from_deg, KIND_DIRECTION),
};

static const Field day_fields[] = {
  DAY ("temperature_2m_min", min_c, KIND_TEMPERATURE),
  DAY ("temperature_2m_max", max_c, KIND_TEMPERATURE),
  DAY ("apparent_temperature_min", feels_min_c, KIND_TEMPERATURE),
  DAY ("apparent_temperature_max", feels_max_c, KIND_TEMPERATURE),
  DAY ("precipitation_sum", precipitation_mm, KIND_WATER),
  DAY ("precipitation_probability_max", precipitation_chance_pct, KIND_PERCENT),
  DAY ("snowfall_sum", snowfall_mm, KIND_SNOW),
  DAY ("wind_speed_10m_max", wind_max_mps, KIND_SPEED),
  DAY ("wind_gusts_10m_max", gust_max_mps, KIND_SPEED),
  DAY ("wind_direction_10m_dominant", wind_from_deg, KIND_DIRECTION),
  DAY ("uv_index_max", uv_max, KIND_UV),
  DAY ("windspeed_10m_max", wind_max_mps, KIND_SPEED),
  DAY ("windgusts_10m_max", gust_max_mps, KIND_SPEED),
  DAY ("winddirection_10m_dominant", wind_from_deg, KIND_DIRECTION),
};

static const Field air_fields[] = {
  AIR ("pm2_5", pm2_5_ugm3, KIND_CONCENTRATION),
  AIR ("pm10", pm10_ugm3, KIND_CONCENTRATION),
  AIR ("carbon_monoxide", carbon_monoxide_ugm3, KIND_CONCENTRATION),
  AIR ("nitrogen_dioxide", nitrogen_dioxide_ugm3, KIND_CONCENTRATION),
  AIR ("sulphur_dioxide", sulphur_dioxide_ugm3, KIND_CONCENTRATION),
  AIR ("ozone", ozone_ugm3, KIND_CONCENTRATION),
  AIR ("european_aqi", european_aqi, KIND_INDEX),
  AIR ("us_aqi", us_aqi, KIND_INDEX),
};

/* How times of one reply become UTC. */
typedef struct
{
  GTimeZone *zone;
  gboolean fixed_offset;
  int utc_offset_s;
} Clock;

/* ---- Values ---- */

static double
to_our_unit (double value, FieldKind kind, const char *unit)
{
  switch (kind)
    {
    case KIND_TEMPERATURE:
      return g_str_has_suffix (unit, "F") ? (value - 32) * 5 / 9 : value;
    case KIND_SPEED:
      /* The service's own default is km/h, so that is also what silence means. */
      if (strcmp (unit, "m/s") == 0)
        return value;
      if (strcmp (unit, "mp/h") == 0 || strcmp (unit, "mph") == 0)
        return value * 0.44704;
      if (strcmp (unit, "kn") == 0)
        return value * 1852 / 3600;
      return value / 3.6;
    case KIND_WATER:
      return strcmp (unit, "inch") == 0 ? value * 25.4 : value;
    case KIND_SNOW:
      /* Depth of snow in cm (or inch); the service's own rule is 7 cm for 10 mm of water. */
      return strcmp (unit, "inch") == 0 ? value * 25.4 / 7 : value * 10 / 7;
    case KIND_DISTANCE:
      return strcmp (unit, "ft") == 0 ? value * 0.3048 : value;
    case KIND_PRESSURE:
    case KIND_PERCENT:
    case KIND_DIRECTION:
    case KIND_UV:
    case KIND_CONCENTRATION:
    case KIND_INDEX:
      return value;
    }
  return value;
}

static double
read_value (json_t *value, FieldKind kind, const char *unit)
{
  double number;

  if (!json_is_number (value))
    return NAN;
  number = to_our_unit (json_number_value (value), kind, unit);
  return number >= plausible[kind].low && number <= plausible[kind].high ? number : NAN;
}

static const char *
unit_of (json_t *units, const char *name)
{
  const char *unit = json_string_value (json_object_get (units, name));

  return unit != NULL ? unit : "";
}

static WeatherCondition
read_condition (json_t *value)
{
  double code = json_number_value (value);

  return json_is_number (value) && code >= 0 && code < 256 ? weather_condition_from_wmo ((int) code) : WEATHER_CONDITION_UNKNOWN;
}

/* ---- Times ---- */

static gboolean
read_digits (const char **text, int n, int *value)
{
  *value = 0;
  for (int i = 0; i < n; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      *value = *value * 10 + (**text - '0');
    }
  return TRUE;
}

/* "2026-11-23" or "2026-11-23T20:15[:00]", without a zone, as seconds since 1970-01-01 of the same clock. */
static gboolean
read_local (const char *text, gint64 *local_s)
{
  int year, month, day, hour = 0, minute = 0, second = 0;

  if (!read_digits (&text, 4, &year) || *text++ != '-' || !read_digits (&text, 2, &month) || *text++ != '-'
      || !read_digits (&text, 2, &day))
    return FALSE;
  if (*text == 'T')
    {
      text++;
      if (!read_digits (&text, 2, &hour) || *text++ != ':' || !read_digits (&text, 2, &minute))
        return FALSE;
      if (*text == ':' && (text++, !read_digits (&text, 2, &second)))
        return FALSE;
    }
  if (*text != '\0' || !g_date_valid_dmy (day, month, year) || hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *local_s = weather_days_from_civil (year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
  return TRUE;
}

static gint64
local_to_utc_s (const Clock *clock, gint64 local_s, gint64 previous_utc_s)
{
  static const GTimeType order[] = { G_TIME_TYPE_DAYLIGHT, G_TIME_TYPE_STANDARD };
  gint64 utc_s = local_s - clock->utc_offset_s;

  if (clock->fixed_offset)
    return utc_s;
  utc_s = local_s - weather_offset_at (clock->zone, local_s * G_USEC_PER_SEC);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      int interval = g_time_zone_find_interval (clock->zone, order[i], local_s);

      if (interval < 0)
        continue;
      utc_s = local_s - g_time_zone_get_offset (clock->zone, interval);
      if (utc_s > previous_utc_s)
        return utc_s;
    }
  return utc_s;
}

/* A stamp of the reply as UTC seconds; FALSE if it is none. */
static gboolean
read_time (json_t *value, const Clock *clock, gint64 previous_utc_s, gint64 *utc_s)
{
  if (json_is_number (value))
    {
      double seconds = json_number_value (value);

      if (!(seconds > -1e11 && seconds < 1e11))
        return FALSE;
      *utc_s = (gint64) seconds;
      return TRUE;
    }
  if (!json_is_string (value) || !read_local (json_string_value (value), utc_s))
    return FALSE;
  *utc_s = local_to_utc_s (clock, *utc_s, previous_utc_s);
  return TRUE;
}

/* ---- Series ---- */

typedef void (*RecordInit) (gpointer record);

typedef struct
{
  const Field *fields;
  gsize n_fields;
  RecordInit init;
} Layout;

static const Layout point_layout = { point_fields, G_N_ELEMENTS (point_fields), (RecordInit) weather_point_init };
static const Layout day_layout = { day_fields, G_N_ELEMENTS (day_fields), (RecordInit) weather_day_init };
static const Layout air_layout = { air_fields, G_N_ELEMENTS (air_fields), (RecordInit) weather_air_init };

/* Appends a record for each readable time; rows[i] says which element of the reply's arrays record i came from. */
static GArray *
read_times (json_t *series, const Clock *clock, const Layout *layout, GArray *records)
{
  json_t *times = json_object_get (series, "time");
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 previous_utc_s = G_MININT64;

  for (guint i = 0; i < json_array_size (times); i++)
    {
      gint64 utc_s;
      char *record;

      if (!read_time (json_array_get (times, i), clock, previous_utc_s, &utc_s))
        continue;
      g_array_set_size (records, records->len + 1);
      record = records->data + (gsize) (records->len - 1) * g_array_get_element_size (records);
      layout->init (record);
      *(gint64 *) record = utc_s * G_USEC_PER_SEC;
      g_array_append_val (rows, i);
      previous_utc_s = utc_s;
    }
  return rows;
}

static void
read_field (json_t *values, const Field *field, const char *unit, GArray *rows, GArray *records, gint64 step_us)
{
  gsize size = g_array_get_element_size (records);

  for (guint i = 0; i < rows->len; i++)
    {
      char *record = records->data + (gsize) i * size;
      guint row = g_array_index (rows, guint, i);
      double value;

      if (field->of_the_hour_before && step_us > 0)
        {
          /* What is said at the next stamp fell in this one, if the next is the next indeed. */
          if (i + 1 >= rows->len || *(gint64 *) (record + size) - *(gint64 *) record != step_us)
            continue;
          row = g_array_index (rows, guint, i + 1);
        }
      value = read_value (json_array_get (values, row), field->kind, unit);
      if (!isnan (value))
        *(double *) (record + field->offset) = value;
    }
}

/* Whether the series has anything but times that we know. */
static gboolean
read_fields (json_t *series, json_t *units, const Layout *layout, GArray *rows, GArray *records, gint64 step_us)
{
  gboolean any = FALSE;

  for (gsize i = 0; i < layout->n_fields; i++)
    {
      json_t *values = json_object_get (series, layout->fields[i].name);

      if (!json_is_array (values))
        continue;
      any = TRUE;
      read_field (values, &layout->fields[i], unit_of (units, layout->fields[i].name), rows, records, step_us);
    }
  return any;
}

/* Some models give the code of the instant, some that of the hour before: where it contradicts what falls in the hour, the next
 * stamp's is the one that was meant. */
static void
reconcile_conditions (GArray *points, gint64 step_us)
{
  for (guint i = 0; i + 1 < points->len; i++)
    {
      WeatherPoint *point = &g_array_index (points, WeatherPoint, i);
      const WeatherPoint *next = point + 1;
      gboolean wet = weather_condition_is_wet (point->condition);

      if (isnan (point->precipitation_mm) || next->start_unix_us - point->start_unix_us != step_us
          || next->condition == WEATHER_CONDITION_UNKNOWN)
        continue;
      if (wet != (point->precipitation_mm >= 0.1) && wet != weather_condition_is_wet (next->condition))
        point->condition = next->condition;
    }
}

static json_t *
get_either (json_t *object, const char *name, const char *old_name)
{
  json_t *value = json_object_get (object, name);

  return value != NULL ? value : json_object_get (object, old_name);
}

static gboolean
read_points (json_t *root, const char *name, const Clock *clock, gint64 step_us, GArray *points)
{
  g_autofree char *units_name = g_strconcat (name, "_units", NULL);
  json_t *series = json_object_get (root, name);
  json_t *codes = get_either (series, "weather_code", "weathercode");
  json_t *is_day = json_object_get (series, "is_day");
  g_autoptr (GArray) rows = read_times (series, clock, &point_layout, points);
  gboolean any = read_fields (series, json_object_get (root, units_name), &point_layout, rows, points, step_us);

  for (guint i = 0; i < rows->len; i++)
    {
      WeatherPoint *point = &g_array_index (points, WeatherPoint, i);
      guint row = g_array_index (rows, guint, i);
      json_t *day = json_array_get (is_day, row);

      point->condition = read_condition (json_array_get (codes, row));
      if (json_is_number (day))
        point->is_day = json_number_value (day) != 0;
    }
  reconcile_conditions (points, step_us);
  if (!any && !json_is_array (codes))
    g_array_set_size (points, 0);
  return points->len > 0;
}

static gboolean
read_days (json_t *root, const Clock *clock, GArray *days)
{
  json_t *series = json_object_get (root, "daily");
  json_t *codes = get_either (series, "weather_code", "weathercode");
  g_autoptr (GArray) rows = read_times (series, clock, &day_layout, days);
  gboolean any = read_fields (series, json_object_get (root, "daily_units"), &day_layout, rows, days, 0);

  for (guint i = 0; i < rows->len; i++)
    {
      WeatherDay *day = &g_array_index (days, WeatherDay, i);
      gint64 utc_s = day->start_unix_us / G_USEC_PER_SEC;

      /* The stamp is the date's midnight by the reply's own offset: noon of that date names the civil day beyond doubt. */
      if (clock->fixed_offset)
        {
          gint64 local_s = utc_s + clock->utc_offset_s;
          gint64 date = local_s >= 0 ? local_s / 86400 : -((-local_s + 86399) / 86400);

          weather_civil_from_days (date, &day->year, &day->month, &day->day);
          day->start_unix_us = weather_day_start (clock->zone, day->year, day->month, day->day);
        }
      weather_day_at (clock->zone, day->start_unix_us, day);
      day->condition = read_condition (json_array_get (codes, g_array_index (rows, guint, i)));
    }
  if (!any && !json_is_array (codes))
    g_array_set_size (days, 0);
  return days->len > 0;
}

static gboolean
read_air (json_t *root, const Clock *clock, GArray *air)
{
  json_t *series = json_object_get (root, "hourly");
  g_autoptr (GArray) rows = read_times (series, clock, &air_layout, air);

  if (!read_fields (series, json_object_get (root, "hourly_units"), &air_layout, rows, air, 0))
    g_array_set_size (air, 0);
  return air->len > 0;
}

static gboolean
read_now (json_t *root, const Clock *clock, WeatherForecastParts *parts)
{
  json_t *now = get_either (root, "current", "current_weather");
  json_t *units = get_either (root, "current_units", "current_weather_units");
  json_t *is_day = json_object_get (now, "is_day");
  gint64 utc_s;

  if (!read_time (json_object_get (now, "time"), clock, G_MININT64, &utc_s))
    return FALSE;
  parts->now.start_unix_us = utc_s * G_USEC_PER_SEC;
  for (gsize i = 0; i < G_N_ELEMENTS (point_fields); i++)
    {
      const Field *field = &point_fields[i];
      double value = read_value (json_object_get (now, field->name), field->kind, unit_of (units, field->name));

      if (!isnan (value))
        *(double *) ((char *) &parts->now + field->offset) = value;
    }
  parts->now.condition = read_condition (get_either (now, "weather_code", "weathercode"));
  if (json_is_number (is_day))
    parts->now.is_day = json_number_value (is_day) != 0;
  parts->has_now = TRUE;
  return TRUE;
}

/* ---- Replies ---- */

static json_t *
load (const char *data, gsize length_bytes, GError **error)
{
  json_error_t problem;
  json_t *root = json_loadb (data, length_bytes, 0, &problem);
  const char *reason;

  if (json_is_array (root))
    {
      json_t *first = json_incref (json_array_get (root, 0));

      json_decref (root);
      root = first;
    }
  if (!json_is_object (root))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "no Open-Meteo reply: %s",
                   root == NULL ? problem.text : "it is no JSON object");
      json_decref (root);
      return NULL;
    }
  if (!json_is_true (json_object_get (root, "error")))
    return root;
  reason = json_string_value (json_object_get (root, "reason"));
  g_set_error (error, CLOUD_ERROR,
               reason != NULL && strstr (reason, "limit exceeded") != NULL ? CLOUD_ERROR_TRY_LATER : CLOUD_ERROR_INVALID,
               "Open-Meteo refused: %s", reason != NULL ? reason : "it gave no reason");
  json_decref (root);
  return NULL;
}

static gboolean
is_places (json_t *root)
{
  return json_object_get (root, "results") != NULL
         || (json_object_get (root, "latitude") == NULL && json_object_get (root, "generationtime_ms") != NULL);
}

gboolean
weather_open_meteo_reply_kind (const char *data, gsize length_bytes, WeatherReplyKind *kind, GError **error)
{
  json_t *root;

  g_return_val_if_fail ((data != NULL || length_bytes == 0) && kind != NULL, FALSE);

  root = load (data, length_bytes, error);
  if (root == NULL)
    return FALSE;
  *kind = is_places (root) ? WEATHER_REPLY_PLACES : WEATHER_REPLY_FORECAST;
  json_decref (root);
  return TRUE;
}

static double
read_coordinate (json_t *root, const char *name, double limit)
{
  json_t *value = json_object_get (root, name);
  double number = json_number_value (value);

  return json_is_number (value) && ABS (number) <= limit ? number : NAN;
}

static WeatherPlace *
place_of_reply (json_t *root)
{
  double latitude = read_coordinate (root, "latitude", 90);
  double longitude = read_coordinate (root, "longitude", 180);
  char name[64];

  if (isnan (latitude) || isnan (longitude))
    return NULL;
  g_snprintf (name, sizeof name, "%.4f, %.4f", latitude, longitude);
  return weather_place_new ("", name, NULL, latitude, longitude, json_string_value (json_object_get (root, "timezone")));
}

static void
read_clock (json_t *root, WeatherForecastParts *parts, Clock *clock)
{
  json_t *offset = json_object_get (root, "utc_offset_seconds");
  double seconds = json_number_value (offset);

  clock->fixed_offset = json_is_number (offset) && ABS (seconds) <= 86400;
  clock->utc_offset_s = clock->fixed_offset ? (int) seconds : 0;
  parts->timezone = g_strdup (json_string_value (json_object_get (root, "timezone")));
  parts->utc_offset_s = clock->utc_offset_s;
  clock->zone = parts->timezone != NULL ? g_time_zone_new_identifier (parts->timezone) : NULL;
  if (clock->zone == NULL)
    {
      g_clear_pointer (&parts->timezone, g_free);
      clock->zone = g_time_zone_new_offset (clock->utc_offset_s);
    }
}

static WeatherForecast *
decode_object (json_t *root, WeatherPlace *place, WeatherOrigin origin, gint64 fetched_unix_us, gint64 expires_unix_us,
               GError **error)
{
  g_autoptr (WeatherForecastParts) parts = weather_forecast_parts_new (place, SOURCE_ID);
  double latitude = read_coordinate (root, "latitude", 90);
  double longitude = read_coordinate (root, "longitude", 180);
  Clock clock;
  gboolean any;

  parts->credit = g_strdup (CREDIT);
  parts->credit_url = g_strdup (CREDIT_URL);
  parts->origin = origin;
  parts->fetched_unix_us = fetched_unix_us;
  parts->expires_unix_us = expires_unix_us;
  if (!isnan (latitude))
    parts->latitude_deg = latitude;
  if (!isnan (longitude))
    parts->longitude_deg = longitude;
  parts->elevation_m = read_coordinate (root, "elevation", 10000);
  read_clock (root, parts, &clock);
  any = read_now (root, &clock, parts);
  any |= read_points (root, "hourly", &clock, G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC, parts->hourly);
  any |= read_points (root, "minutely_15", &clock, G_GINT64_CONSTANT (900) * G_USEC_PER_SEC, parts->quarters);
  any |= read_days (root, &clock, parts->daily);
  any |= read_air (root, &clock, parts->air);
  g_time_zone_unref (clock.zone);
  if (any)
    return weather_forecast_new (g_steal_pointer (&parts));
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "the Open-Meteo reply holds no series of weather");
  return NULL;
}

WeatherForecast *
weather_open_meteo_decode_forecast (const char *data, gsize length_bytes, WeatherPlace *place, WeatherOrigin origin,
                                    gint64 fetched_unix_us, gint64 expires_unix_us, GError **error)
{
  g_autoptr (WeatherPlace) own_place = NULL;
  WeatherForecast *forecast = NULL;
  json_t *root;

  g_return_val_if_fail (data != NULL || length_bytes == 0, NULL);

  root = load (data, length_bytes, error);
  if (root == NULL)
    return NULL;
  own_place = place != NULL ? g_object_ref (place) : place_of_reply (root);
  if (own_place == NULL)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "the Open-Meteo reply does not say where it is about");
  else
    forecast = decode_object (root, own_place, origin, fetched_unix_us, expires_unix_us, error);
  json_decref (root);
  return forecast;
}

static WeatherPlace *
read_hit (json_t *hit)
{
  const char *name = json_string_value (json_object_get (hit, "name"));
  const char *admin = json_string_value (json_object_get (hit, "admin1"));
  const char *country = json_string_value (json_object_get (hit, "country"));
  double latitude = read_coordinate (hit, "latitude", 90);
  double longitude = read_coordinate (hit, "longitude", 180);
  json_t *number = json_object_get (hit, "id");
  g_autofree char *region = NULL;
  g_autofree char *id = NULL;

  if (name == NULL || isnan (latitude) || isnan (longitude))
    return NULL;
  if (json_is_integer (number))
    id = g_strdup_printf (SOURCE_ID "-%" JSON_INTEGER_FORMAT, json_integer_value (number));
  if (admin != NULL && country != NULL && strcmp (admin, name) != 0)
    region = g_strdup_printf ("%s, %s", admin, country);
  return weather_place_new (id, name, region != NULL ? region : country, latitude, longitude,
                            json_string_value (json_object_get (hit, "timezone")));
}

GPtrArray *
weather_open_meteo_decode_places (const char *data, gsize length_bytes, GError **error)
{
  GPtrArray *places;
  json_t *root, *results;

  g_return_val_if_fail (data != NULL || length_bytes == 0, NULL);

  root = load (data, length_bytes, error);
  if (root == NULL)
    return NULL;
  if (!is_places (root))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_PROTOCOL, "no reply of Open-Meteo's geocoding");
      json_decref (root);
      return NULL;
    }
  results = json_object_get (root, "results");
  places = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < json_array_size (results); i++)
    {
      WeatherPlace *place = read_hit (json_array_get (results, i));

      if (place != NULL)
        g_ptr_array_add (places, place);
    }
  json_decref (root);
  return places;
}
