/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "navi-application.h"

int
main (int argc, char **argv)
{
  return cirrus_application_run (NAVI_TYPE_APPLICATION, "Navi", argc, argv);
}
