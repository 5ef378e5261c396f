/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Weather's pages of the preferences: units, refreshing, the service, and what is kept on the device.
 *
 * @service: (nullable): without one nothing can be cleared.
 * Threading: the main thread. */
void weather_preferences_fill (AdwPreferencesWindow *window, GSettings *settings, WeatherService *service);

G_END_DECLS
