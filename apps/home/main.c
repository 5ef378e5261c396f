/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-home"

#include "home-application.h"

/* cirrus-home: four apps at a glance. */

int
main (int argc, char **argv)
{
  return cirrus_application_run (HOME_TYPE_APPLICATION, "Home", argc, argv);
}
