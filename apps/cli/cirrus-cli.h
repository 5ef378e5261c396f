/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

/* What the verbs of `cirrus` share.  Each area is one file, cirrus-<area>.c, with one entry function in the table of cirrus.c.
 *
 * The contract: one JSON document (or one object a line) on stdout, human messages on stderr, and these exit codes. */

enum
{
  CIRRUS_EXIT_DONE = 0,
  CIRRUS_EXIT_FAILED = 1,    /* stderr says why and what to do */
  CIRRUS_EXIT_NO_ANSWER = 2, /* no route, no hit */
  CIRRUS_EXIT_USAGE = 64,
};

/* @argv[0] is the area's name, the rest what followed it. */
typedef int (*CirrusArea) (int argc, char **argv);

/* The areas. */
int cirrus_mail_main (int argc, char **argv);
int cirrus_hal_main (int argc, char **argv);
int cirrus_account_main (int argc, char **argv);
int cirrus_weather_main (int argc, char **argv);
int cirrus_search_main (int argc, char **argv);

/* Prints @json (stolen) as one line on stdout. */
void cirrus_print_json (json_t *json);

/* Says @error on stderr ("cirrus: ...") and gives the exit code for it (NOT_FOUND: no answer; INVALID: failed). */
int cirrus_fail (const GError *error);

/* Prints @usage on stderr; always CIRRUS_EXIT_USAGE. */
int cirrus_usage (const char *usage);

G_END_DECLS
