/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-types.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherSky: draws a sky by condition and hour behind its one child; still, so it costs nothing while nothing changes.
 *
 * Threading: the main thread.  Ownership: GtkWidget's; the child is the sky's. */

#define WEATHER_TYPE_SKY (weather_sky_get_type ())
G_DECLARE_FINAL_TYPE (WeatherSky, weather_sky, WEATHER, SKY, GtkWidget)

/* @radius: of the corners; 0 for a sky to the edges. */
GtkWidget *weather_sky_new (GtkWidget *child, float radius);

/* @sun_elevation_deg: where the sun stands. */
void weather_sky_set (WeatherSky *self, WeatherCondition condition, double sun_elevation_deg);

G_END_DECLS
