/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-application.h"

/* cirrus-weather: the weather, now and for ten days. */

int
main (int argc, char **argv)
{
  return cirrus_application_run (WEATHER_TYPE_APPLICATION, "Weather", argc, argv);
}
