/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-common.h"

G_BEGIN_DECLS

/* WeatherApplication: opens the profile's store and gives the window its service; preferences, About, and the actions by which
 * the search opens a place ("show-place" with an id, "search-place" with a name).
 *
 * Threading: the main thread.  Ownership: GApplication's. */

#define WEATHER_TYPE_APPLICATION (weather_application_get_type ())
G_DECLARE_FINAL_TYPE (WeatherApplication, weather_application, WEATHER, APPLICATION, CirrusApplication)

G_END_DECLS
