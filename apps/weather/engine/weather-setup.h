/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include "cloud-http.h"

G_BEGIN_DECLS

/* What window, command line and background service do alike when they start: the source that the settings name, its HTTP client
 * with the profile's cache, and the live line for the home screen.
 *
 * Threading: the main context of the caller.  Ownership: results are the caller's. */

/* The profile's settings of Weather (made once a program).  Returns: (transfer none) */
GSettings *weather_setup_settings (void);

/* The client that all sources of a program share (made once).  Returns: (transfer none) */
CloudHttpClient *weather_setup_http (void);

/* Lets go of both, before a program ends. */
void weather_setup_end (void);

/* By the key "provider": Open-Meteo at "forecast-url", or the synthetic source.  Returns: (transfer full) */
WeatherSource *weather_setup_source (GSettings *settings);

/* A source by its id; (nullable): NULL if there is none of that name.  Returns: (transfer full) */
WeatherSource *weather_setup_source_by_id (const char *id, GSettings *settings);

/* A name of the freedesktop icon naming specification, which every icon theme has, for use outside our windows. (transfer none)
 */
const char *weather_setup_icon_name (WeatherCondition condition, gboolean is_day);

/* Writes the weather of the first place as Weather's live line (cloud-status.h). */
void weather_setup_write_status (WeatherService *service, const WeatherUnits *units);

G_END_DECLS
