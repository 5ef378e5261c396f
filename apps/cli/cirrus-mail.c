/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"

#include "mailer-message.h"

#include "cloud-time.h"

#include <string.h>

/* `cirrus mail`: the mail engine from a terminal. */

static const char usage[] =
  "usage: cirrus mail VERB\n"
  "\n"
  "  parse FILE.eml        what a message says, as JSON\n";

static json_t *
addresses_to_json (const GPtrArray *addresses)
{
  json_t *list = json_array ();

  for (guint i = 0; i < addresses->len; i++)
    {
      const MailerAddress *address = g_ptr_array_index (addresses, i);

      json_array_append_new (list, json_pack ("{s:s, s:s}", "name", address->name, "address", address->address));
    }
  return list;
}

static json_t *
parts_to_json (MailerMessage *message)
{
  json_t *list = json_array ();

  for (guint i = 0; i < mailer_message_get_n_parts (message); i++)
    {
      MailerPart *part = mailer_message_get_part (message, i);
      g_autofree char *sha256 = mailer_part_dup_sha256 (part);

      json_array_append_new (list, json_pack ("{s:s?, s:s, s:I, s:s, s:s?}", "filename", mailer_part_get_filename (part), "mime_type",
                                              mailer_part_get_mime_type (part), "size", (json_int_t) mailer_part_get_size (part), "sha256",
                                              sha256, "content_id", mailer_part_get_content_id (part)));
    }
  return list;
}

static int
run_parse (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerMessage) message = NULL;
  g_autofree char *date = NULL;
  gint64 unix_us;

  if (argc != 2)
    return cirrus_usage (usage);
  message = mailer_message_new_from_file (argv[1], &error);
  if (message == NULL)
    return cirrus_fail (error);
  if (mailer_message_get_date (message, &unix_us))
    date = cloud_time_format_utc (unix_us);
  cirrus_print_json (json_pack ("{s:s, s:o, s:o, s:o, s:s?, s:s?, s:s, s:s?, s:o}", "subject", mailer_message_get_subject (message), "from",
                                addresses_to_json (mailer_message_get_from (message)), "to",
                                addresses_to_json (mailer_message_get_to (message)), "cc",
                                addresses_to_json (mailer_message_get_cc (message)), "date", date, "message_id",
                                mailer_message_get_id (message), "text", mailer_message_get_text (message), "html",
                                mailer_message_get_html (message), "attachments", parts_to_json (message)));
  return CIRRUS_EXIT_DONE;
}

static const struct
{
  const char *name;
  CirrusArea run;
} verbs[] = {
  { "parse", run_parse },
};

int
cirrus_mail_main (int argc, char **argv)
{
  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return cirrus_usage (usage);
}
