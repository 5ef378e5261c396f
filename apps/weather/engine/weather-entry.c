/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "weather"

#include "weather-entry.h"

#include "cloud-time.h"

/* What a screen binds to: one place and all that is known of it. */

struct _WeatherEntry
{
  GObject parent_instance;

  WeatherPlace *place;
  WeatherForecast *forecast;
  gboolean refreshing;
  int failure;
  gint64 not_before_unix_us;
};

enum
{
  PROP_0,
  PROP_PLACE,
  PROP_FORECAST,
  PROP_REFRESHING,
  PROP_FAILURE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WeatherEntry, weather_entry, G_TYPE_OBJECT)

static void
weather_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WeatherEntry *self = WEATHER_ENTRY (object);

  switch (id)
    {
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;
    case PROP_FORECAST:
      g_value_set_object (value, self->forecast);
      break;
    case PROP_REFRESHING:
      g_value_set_boolean (value, self->refreshing);
      break;
    case PROP_FAILURE:
      g_value_set_int (value, self->failure);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
weather_entry_finalize (GObject *object)
{
  WeatherEntry *self = WEATHER_ENTRY (object);

  g_clear_object (&self->place);
  g_clear_object (&self->forecast);
  G_OBJECT_CLASS (weather_entry_parent_class)->finalize (object);
}

static void
weather_entry_class_init (WeatherEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = weather_entry_get_property;
  object_class->finalize = weather_entry_finalize;
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, WEATHER_TYPE_PLACE, flags);
  properties[PROP_FORECAST] = g_param_spec_object ("forecast", NULL, NULL, WEATHER_TYPE_FORECAST, flags);
  properties[PROP_REFRESHING] = g_param_spec_boolean ("refreshing", NULL, NULL, FALSE, flags);
  properties[PROP_FAILURE] = g_param_spec_int ("failure", NULL, NULL, -1, G_MAXINT, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
weather_entry_init (WeatherEntry *self)
{
  self->failure = -1;
}

WeatherEntry *
weather_entry_new (WeatherPlace *place)
{
  WeatherEntry *self = g_object_new (WEATHER_TYPE_ENTRY, NULL);

  self->place = g_object_ref (place);
  return self;
}

WeatherPlace *
weather_entry_get_place (WeatherEntry *self)
{
  g_return_val_if_fail (WEATHER_IS_ENTRY (self), NULL);
  return self->place;
}

const char *
weather_entry_get_id (WeatherEntry *self)
{
  g_return_val_if_fail (WEATHER_IS_ENTRY (self), NULL);
  return weather_place_get_id (self->place);
}

WeatherForecast *
weather_entry_get_forecast (WeatherEntry *self)
{
  g_return_val_if_fail (WEATHER_IS_ENTRY (self), NULL);
  return self->forecast;
}

gboolean
weather_entry_get_refreshing (WeatherEntry *self)
{
  g_return_val_if_fail (WEATHER_IS_ENTRY (self), FALSE);
  return self->refreshing;
}

int
weather_entry_get_failure (WeatherEntry *self)
{
  g_return_val_if_fail (WEATHER_IS_ENTRY (self), -1);
  return self->failure;
}

gint64
weather_entry_get_not_before_unix_us (WeatherEntry *self)
{
  g_return_val_if_fail (WEATHER_IS_ENTRY (self), 0);
  return self->not_before_unix_us;
}

static gboolean
same_place (WeatherPlace *a, WeatherPlace *b)
{
  return g_strcmp0 (weather_place_get_name (a), weather_place_get_name (b)) == 0
         && g_strcmp0 (weather_place_get_region (a), weather_place_get_region (b)) == 0
         && g_strcmp0 (weather_place_get_timezone (a), weather_place_get_timezone (b)) == 0
         && weather_place_get_latitude_deg (a) == weather_place_get_latitude_deg (b)
         && weather_place_get_longitude_deg (a) == weather_place_get_longitude_deg (b);
}

void
weather_entry_set_place (WeatherEntry *self, WeatherPlace *place)
{
  g_return_if_fail (WEATHER_IS_ENTRY (self) && WEATHER_IS_PLACE (place));

  if (same_place (self->place, place))
    return;
  g_set_object (&self->place, place);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
}

/* One that was fetched later than now was fetched while the clock was wrong, and yields to any other. */
static gboolean
is_better (WeatherForecast *offered, WeatherForecast *known)
{
  gint64 now = cloud_time_now_unix_us ();
  gint64 offered_at = weather_forecast_get_fetched_unix_us (offered);
  gint64 known_at = weather_forecast_get_fetched_unix_us (known);

  if ((offered_at > now) != (known_at > now))
    return known_at > now;
  return offered_at > known_at;
}

void
weather_entry_offer_forecast (WeatherEntry *self, WeatherForecast *forecast)
{
  g_return_if_fail (WEATHER_IS_ENTRY (self) && WEATHER_IS_FORECAST (forecast));

  if (self->forecast != NULL && !is_better (forecast, self->forecast)
      && same_place (weather_forecast_get_place (forecast), weather_forecast_get_place (self->forecast)))
    return;
  g_set_object (&self->forecast, forecast);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORECAST]);
}

void
weather_entry_drop_forecast (WeatherEntry *self)
{
  g_return_if_fail (WEATHER_IS_ENTRY (self));

  if (self->forecast == NULL)
    return;
  g_clear_object (&self->forecast);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORECAST]);
}

void
weather_entry_set_refreshing (WeatherEntry *self, gboolean refreshing)
{
  g_return_if_fail (WEATHER_IS_ENTRY (self));

  if (self->refreshing == refreshing)
    return;
  self->refreshing = refreshing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHING]);
}

void
weather_entry_set_failure (WeatherEntry *self, int failure, gint64 not_before_unix_us)
{
  g_return_if_fail (WEATHER_IS_ENTRY (self));

  self->not_before_unix_us = not_before_unix_us;
  if (self->failure == failure)
    return;
  self->failure = failure;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
}
