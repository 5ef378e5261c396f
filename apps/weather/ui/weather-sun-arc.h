/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* WeatherSunArc: the sun's way over the horizon today, and where on it the sun is now.
 *
 * Threading: the main thread.  Ownership: GtkWidget's. */

#define WEATHER_TYPE_SUN_ARC (weather_sun_arc_get_type ())
G_DECLARE_FINAL_TYPE (WeatherSunArc, weather_sun_arc, WEATHER, SUN_ARC, GtkWidget)

GtkWidget *weather_sun_arc_new (void);

void weather_sun_arc_set (WeatherSunArc *self, double latitude_deg, double longitude_deg, gint64 day_start_unix_us,
                          gint64 day_end_unix_us, gint64 now_unix_us);

G_END_DECLS
