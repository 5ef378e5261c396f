/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-place.h"

#include <math.h>
#include <string.h>

/* A place of the user's list or of a search's results. */

struct _WeatherPlace
{
  GObject parent_instance;

  char *id;
  char *name;
  char *region;
  char *timezone;
  double latitude_deg;
  double longitude_deg;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_REGION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WeatherPlace, weather_place, G_TYPE_OBJECT)

static void
weather_place_finalize (GObject *object)
{
  WeatherPlace *self = WEATHER_PLACE (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->region);
  g_free (self->timezone);
  G_OBJECT_CLASS (weather_place_parent_class)->finalize (object);
}

static void
weather_place_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WeatherPlace *self = WEATHER_PLACE (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_REGION:
      g_value_set_string (value, self->region);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
weather_place_class_init (WeatherPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = weather_place_finalize;
  object_class->get_property = weather_place_get_property;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_REGION] = g_param_spec_string ("region", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
weather_place_init (WeatherPlace *self)
{
}

static double
wrap_longitude (double longitude_deg)
{
  double wrapped;

  if (!isfinite (longitude_deg))
    return 0;
  if (longitude_deg >= -180 && longitude_deg <= 180)
    return longitude_deg;
  wrapped = fmod (longitude_deg + 180, 360);
  return (wrapped < 0 ? wrapped + 360 : wrapped) - 180;
}

static char *
dup_nonempty (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

WeatherPlace *
weather_place_new (const char *id, const char *name, const char *region, double latitude_deg, double longitude_deg,
                   const char *timezone)
{
  WeatherPlace *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (WEATHER_TYPE_PLACE, NULL);
  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->name = g_strdup (name);
  self->region = dup_nonempty (region);
  self->timezone = dup_nonempty (timezone);
  self->latitude_deg = isfinite (latitude_deg) ? CLAMP (latitude_deg, -90, 90) : 0;
  self->longitude_deg = wrap_longitude (longitude_deg);
  return self;
}

WeatherPlace *
weather_place_with (WeatherPlace *self, const char *name, const char *region, const char *timezone)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), NULL);

  return weather_place_new (self->id, name != NULL ? name : self->name, region != NULL ? region : self->region,
                            self->latitude_deg, self->longitude_deg, timezone != NULL ? timezone : self->timezone);
}

const char *
weather_place_get_id (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), NULL);
  return self->id;
}

const char *
weather_place_get_name (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), NULL);
  return self->name;
}

const char *
weather_place_get_region (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), NULL);
  return self->region;
}

const char *
weather_place_get_timezone (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), NULL);
  return self->timezone;
}

double
weather_place_get_latitude_deg (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), 0);
  return self->latitude_deg;
}

double
weather_place_get_longitude_deg (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), 0);
  return self->longitude_deg;
}

gboolean
weather_place_is_here (WeatherPlace *self)
{
  g_return_val_if_fail (WEATHER_IS_PLACE (self), FALSE);
  return strcmp (self->id, WEATHER_PLACE_HERE) == 0;
}

double
weather_place_distance_m (WeatherPlace *self, double latitude_deg, double longitude_deg)
{
  double to_rad = G_PI / 180;
  double lat1, lat2, half_dlat, half_dlon, h;

  g_return_val_if_fail (WEATHER_IS_PLACE (self), INFINITY);

  lat1 = self->latitude_deg * to_rad;
  lat2 = latitude_deg * to_rad;
  half_dlat = sin ((lat2 - lat1) / 2);
  half_dlon = sin ((longitude_deg - self->longitude_deg) * to_rad / 2);
  h = half_dlat * half_dlat + cos (lat1) * cos (lat2) * half_dlon * half_dlon;
  return 2 * 6371008.8 * asin (MIN (1, sqrt (h)));
}

GTimeZone *
weather_place_dup_zone (WeatherPlace *self, int fallback_offset_s)
{
  GTimeZone *zone = NULL;

  g_return_val_if_fail (WEATHER_IS_PLACE (self), NULL);

  if (self->timezone != NULL)
    zone = g_time_zone_new_identifier (self->timezone);
  return zone != NULL ? zone : g_time_zone_new_offset (fallback_offset_s);
}
