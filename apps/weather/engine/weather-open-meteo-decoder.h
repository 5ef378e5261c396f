/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"

G_BEGIN_DECLS

/* From an Open-Meteo reply to our own data; no network, no clock.
 *
 * Both time formats are read.  `unixtime` is UTC.  `iso8601` is local without an offset: Open-Meteo applies the one offset of
 * `utc_offset_seconds` to the whole reply, also beyond a clock change; where a server leaves that out, the named zone decides,
 * the hour that a clock change repeats being taken in order.  Sums and maxima of "the preceding hour" are moved to the hour in
 * which they fell.  Values in the units of the reply's *_units become ours; nulls, missing arrays and impossible values are "not
 * said".
 *
 * Threading: pure functions, any thread.
 * Errors: PROTOCOL (no JSON, or no series that we know), INVALID (the service refused the question: {"error":true,"reason"}),
 * TRY_LATER (the reason is a limit on requests).
 * Source: https://open-meteo.com/en/docs, /en/docs/air-quality-api, /en/docs/geocoding-api. */

/* What a reply turned out to be. */
typedef enum
{
  WEATHER_REPLY_FORECAST, /* forecast, archive or air quality */
  WEATHER_REPLY_PLACES,   /* geocoding, perhaps without a hit */
} WeatherReplyKind;

gboolean weather_open_meteo_reply_kind (const char *data, gsize length_bytes, WeatherReplyKind *kind, GError **error);

/* @place: (nullable): whom the question was about; NULL: a place is made of the reply's coordinates.  A reply about several
 * places gives the first.  The caller says where it came from, when it was fetched and when it expires. Returns: (transfer full)
 */
WeatherForecast *weather_open_meteo_decode_forecast (const char *data, gsize length_bytes, WeatherPlace *place,
                                                     WeatherOrigin origin, gint64 fetched_unix_us, gint64 expires_unix_us,
                                                     GError **error);

/* Returns: (transfer full) (element-type WeatherPlace): empty if there was no hit. */
GPtrArray *weather_open_meteo_decode_places (const char *data, gsize length_bytes, GError **error);

G_END_DECLS
