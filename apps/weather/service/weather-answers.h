/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-service.h"

#include "cloud-search-provider.h"

G_BEGIN_DECLS

/* WeatherAnswers: what Weather says to the desktop's search and to Cirrus Search: "porto" finds a place of the user's list,
 * "weather in porto" (or 波尔图天气) any city that the device knows, each with its weather as last known and the age of that.
 *
 * Asking does not wait for the network longer than a few seconds: what is kept is answered at once.
 *
 * Threading: the main context.  Ownership: plain struct, freed by weather_answers_free(). */

typedef struct _WeatherAnswers WeatherAnswers;

WeatherAnswers *weather_answers_new (WeatherService *service, GSettings *settings);
void weather_answers_free (WeatherAnswers *self);

/* For cloud_search_provider_new(), with the WeatherAnswers as user data. */
extern const CloudSearchProviderFuncs weather_answers_funcs;

/* What somebody searching means: the name in @text without words such as "weather in"; @about_weather: whether such a word was
 * there. (transfer full) */
char *weather_answers_parse (const char *text, gboolean *about_weather);

G_END_DECLS
