/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "weather-forecast.h"
#include "weather-units.h"

G_BEGIN_DECLS

/* The one sentence on top: what is coming and how it differs from yesterday ("Rain 15:00 to 17:00, 4° colder than yesterday").
 *
 * Made from the forecast alone, for the moment @now_unix_us; says nothing that the data do not.
 * Threading: pure.  Ownership: the string is the caller's; (nullable): NULL if the forecast says nothing of the hours ahead. */
char *weather_sentence (WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us);

/* A spell of rain, snow or the like. */
typedef struct
{
  WeatherCondition condition; /* the worst of its hours */
  gint64 start_unix_us;
  gint64 end_unix_us;
  gboolean open_ended; /* it goes on where the look ahead ends */
} WeatherSpell;

/* The first spell that is on at @from_unix_us or begins before @until_unix_us; FALSE if it stays dry (as far as is known). */
gboolean weather_find_spell (WeatherForecast *forecast, gint64 from_unix_us, gint64 until_unix_us, WeatherSpell *spell);

G_END_DECLS
