/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailer-application.h"

int
main (int argc, char **argv)
{
  return cirrus_application_run (MAILER_TYPE_APPLICATION, "Mail", argc, argv);
}
