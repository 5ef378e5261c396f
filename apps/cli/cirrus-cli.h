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

/* An honest "there is none": {"error": @code} on stdout, @message on stderr; always CIRRUS_EXIT_NO_ANSWER. */
int cirrus_no_answer (const char *code, const char *message);

/* Says on stderr which argument is wrong and how, then @usage; always CIRRUS_EXIT_USAGE. */
int cirrus_usage (const char *usage, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The same where the arguments were looked at by one of the functions below. */
int cirrus_usage_error (const char *usage, const GError *error);

/* The same where argv[1] is no verb of the area argv[0], or there is none. */
int cirrus_usage_verb (const char *usage, int argc, char **argv);

/* Takes the options in @entries out of @argv and looks whether what is left behind argv[0] is what @wanted names: "IN OUT"; "MESSAGE-ID..." is one or
 * more; "[ID]" may be missing.  Errors: INVALID, with a message for the user. */
gboolean cirrus_parse (const GOptionEntry *entries, int *argc, char ***argv, const char *wanted, GError **error);

/* The latter alone, for verbs whose words may begin with a dash (-8.61,41.15). */
gboolean cirrus_check_words (const char *const *words, const char *wanted, GError **error);

/* A whole number from @low to @high; @name says of which argument a message speaks ("--limit", "ID"). */
gboolean cirrus_parse_number (const char *text, const char *name, gint64 low, gint64 high, gint64 *number, GError **error);

G_END_DECLS
