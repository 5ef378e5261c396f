/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"

#include "cloud-error.h"

#include <stdio.h>
#include <string.h>

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
cirrus_no_answer (const char *code, const char *message)
{
  cirrus_print_json (json_pack ("{s:s}", "error", code));
  fprintf (stderr, "cirrus: %s\n", message);
  return CIRRUS_EXIT_NO_ANSWER;
}

int
cirrus_usage (const char *usage, const char *format, ...)
{
  g_autofree char *problem = NULL;
  va_list arguments;

  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "cirrus: %s\n%s", problem, usage);
  return CIRRUS_EXIT_USAGE;
}

int
cirrus_usage_error (const char *usage, const GError *error)
{
  return cirrus_usage (usage, "%s", error->message);
}

int
cirrus_usage_verb (const char *usage, int argc, char **argv)
{
  if (argc < 2)
    return cirrus_usage (usage, "what is \"%s\" to do?", argv[0]);
  return cirrus_usage (usage, "\"%s\" is no verb of \"%s\"", argv[1], argv[0]);
}

gboolean
cirrus_check_words (const char *const *words, const char *wanted, GError **error)
{
  g_auto (GStrv) names = g_strsplit (wanted, " ", -1);
  guint n = 0;

  for (guint i = 0; names[i] != NULL && *names[i] != '\0'; i++)
    {
      gboolean more = g_str_has_suffix (names[i], "...");

      if (more)
        names[i][strlen (names[i]) - strlen ("...")] = '\0';
      if (words[n] == NULL && *names[i] != '[')
        {
          g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s is missing", names[i]);
          return FALSE;
        }
      while (words[n] != NULL)
        {
          n++;
          if (!more)
            break;
        }
    }
  if (words[n] == NULL)
    return TRUE;
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "\"%s\" is one argument too many", words[n]);
  return FALSE;
}

gboolean
cirrus_parse (const GOptionEntry *entries, int *argc, char ***argv, const char *wanted, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_help_enabled (context, FALSE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  for (int i = 1; i < *argc; i++)
    if (i > 1 || strcmp ((*argv)[i], "--") != 0)
      g_ptr_array_add (words, (*argv)[i]);
  for (guint i = 0; i < words->len; i++)
    (*argv)[i + 1] = words->pdata[i];
  *argc = (int) words->len + 1;
  g_ptr_array_add (words, NULL);
  return cirrus_check_words ((const char *const *) words->pdata, wanted, error);
}

gboolean
cirrus_parse_number (const char *text, const char *name, gint64 low, gint64 high, gint64 *number, GError **error)
{
  if (g_ascii_string_to_signed (text, 10, low, high, number, NULL))
    return TRUE;
  if (high == G_MAXINT64)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "%s must be a whole number, not \"%s\"", name, text);
  else
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID,
                 "%s must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", not \"%s\"", name, low, high, text);
  return FALSE;
}
