/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cirrus-cli.h"

G_BEGIN_DECLS

/* The verbs of `cirrus weather` that need the profile; cirrus-weather.c has those that do not. */

#define CIRRUS_WEATHER_USAGE                                                                                                     \
  "usage: cirrus weather forecast [--provider NAME] [--json] PLACE|LAT,LON\n"                                                      \
  "       cirrus weather refresh\n"                                                                                              \
  "       cirrus weather place list\n"                                                                                           \
  "       cirrus weather place add|remove PLACE|LAT,LON\n"                                                                       \
  "       cirrus weather place move PLACE POSITION\n"                                                                            \
  "       cirrus weather decode --provider open-meteo FILE\n"

int cirrus_weather_forecast (int argc, char **argv);
int cirrus_weather_refresh (int argc, char **argv);
int cirrus_weather_place (int argc, char **argv);

G_END_DECLS
