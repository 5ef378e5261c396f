/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-application.h"

int
main (int argc, char **argv)
{
  return cirrus_application_run (SEARCH_TYPE_APPLICATION, "Search", argc, argv);
}
