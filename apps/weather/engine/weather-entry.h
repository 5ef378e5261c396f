/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"

#include "cloud-error.h"

G_BEGIN_DECLS

/* WeatherEntry: a place of the user's list with the last forecast known for it and how the last try went; the item of
 * WeatherService.
 *
 * Properties (read-only, notified): "place" (WeatherPlace), "forecast" (WeatherForecast, NULL before the first), "refreshing"
 * (gboolean), "failure" (int: -1, or the CloudError of the last try).
 *
 * Threading: the main context of its service.  Ownership: getters are transfer none. */

#define WEATHER_TYPE_ENTRY (weather_entry_get_type ())
G_DECLARE_FINAL_TYPE (WeatherEntry, weather_entry, WEATHER, ENTRY, GObject)

WeatherPlace *weather_entry_get_place (WeatherEntry *self);
const char *weather_entry_get_id (WeatherEntry *self);
WeatherForecast *weather_entry_get_forecast (WeatherEntry *self); /* (nullable) */
gboolean weather_entry_get_refreshing (WeatherEntry *self);
int weather_entry_get_failure (WeatherEntry *self);

/* Before then, asking the source again is pointless or unwelcome; 0: no such wish. */
gint64 weather_entry_get_not_before_unix_us (WeatherEntry *self);

/* For WeatherService. */
WeatherEntry *weather_entry_new (WeatherPlace *place);
void weather_entry_set_place (WeatherEntry *self, WeatherPlace *place);
/* Takes @forecast unless a newer one is there (one from the future does not count: the clock was wrong then). */
void weather_entry_offer_forecast (WeatherEntry *self, WeatherForecast *forecast);
void weather_entry_drop_forecast (WeatherEntry *self);
void weather_entry_set_refreshing (WeatherEntry *self, gboolean refreshing);
void weather_entry_set_failure (WeatherEntry *self, int failure, gint64 not_before_unix_us);

G_END_DECLS
