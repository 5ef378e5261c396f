/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"

#include "cloud-error.h"

#include <stdio.h>

/* Output and errors, the same for every verb. */

void
cirrus_print_json (json_t *json)
{
  g_assert (json != NULL);

  json_dumpf (json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION (15));
  putchar ('\n');
  fflush (stdout);
  json_decref (json);
}

int
cirrus_fail (const GError *error)
{
  fprintf (stderr, "cirrus: %s\n", error != NULL ? error->message : "failed");
  return g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND) ? CIRRUS_EXIT_NO_ANSWER : CIRRUS_EXIT_FAILED;
}

int
cirrus_usage (const char *usage)
{
  fputs (usage, stderr);
  return CIRRUS_EXIT_USAGE;
}
