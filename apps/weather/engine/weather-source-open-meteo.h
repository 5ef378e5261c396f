/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-source.h"

#include "cloud-http.h"

G_BEGIN_DECLS

/* Open-Meteo: forecasts and geocoding without a key, or a server of one's own that speaks the same.
 *
 * One request gives now, the hours and the days of a place.  Open-Meteo says nothing of freshness; what it answers is taken as
 * good for a quarter of an hour (the interval of its "current"), or longer where a header says so.
 *
 * Threading, errors: as WeatherSource and CloudHttpClient.  The reply is decoded on a worker thread.
 * Source: https://open-meteo.com/en/docs, /en/docs/geocoding-api; limits: 600 requests a minute, 10,000 a day. */

#define WEATHER_TYPE_SOURCE_OPEN_METEO (weather_source_open_meteo_get_type ())
G_DECLARE_FINAL_TYPE (WeatherSourceOpenMeteo, weather_source_open_meteo, WEATHER, SOURCE_OPEN_METEO, GObject)

/* @forecast_url, @search_url: the endpoints, up to "?" ("https://api.open-meteo.com/v1/forecast").
 * Returns: (transfer full) */
WeatherSource *weather_source_open_meteo_new (CloudHttpClient *client, const char *forecast_url, const char *search_url);

G_END_DECLS
