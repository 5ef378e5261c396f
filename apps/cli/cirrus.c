/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"
#include "cirrus-navi.h"
#include "config.h"

#include "cloud-log.h"

#include <stdio.h>
#include <string.h>

/* `cirrus AREA VERB ...`: every engine from a terminal. */

static const struct
{
  const char *name;
  CirrusArea run;
  const char *summary;
} areas[] = {
  { "mail", cirrus_mail_main, "messages: parse, account, sync, folders, list, show, search, send, act, outbox, storage" },
  { "hal", cirrus_hal_main, "the position: decode, watch, status" },
  { "weather", cirrus_weather_main, "the weather: forecast, refresh, place, decode" },
  { "navi", cirrus_navi, "maps: import, route, search, reverse, render, match, plan" },
  { "account", cirrus_account_main, "accounts of all apps and their secrets: list, remove, status, passphrase, unlock, lock, secret" },
  { "search", cirrus_search_main, "the Web and this device: query, suggest, save, import, pages, show, provider, history" },
  { NULL, NULL, NULL },
};

static int
print_help (FILE *out)
{
  fputs ("usage: cirrus AREA VERB [OPTION...]\n\n", out);
  for (gsize i = 0; areas[i].name != NULL; i++)
    fprintf (out, "  %-8s %s\n", areas[i].name, areas[i].summary);
  fputs ("\n`cirrus AREA --help` lists an area's verbs.  Results are JSON on stdout, with --json or without.\n", out);
  return out == stdout ? CIRRUS_EXIT_DONE : CIRRUS_EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  cloud_log_init ("cirrus");
  if (argc < 2)
    {
      fputs ("cirrus: AREA is missing\n", stderr);
      return print_help (stderr);
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "help") == 0)
    return print_help (stdout);
  if (strcmp (argv[1], "--version") == 0)
    {
      puts ("cirrus " CIRRUS_VERSION);
      return CIRRUS_EXIT_DONE;
    }
  for (gsize i = 0; areas[i].name != NULL; i++)
    if (strcmp (argv[1], areas[i].name) == 0)
      return areas[i].run (argc - 1, argv + 1);
  fprintf (stderr, "cirrus: \"%s\" is no area\n", argv[1]);
  return print_help (stderr);
}
