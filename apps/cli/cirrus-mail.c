/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-mail-private.h"

#include "mailer-message.h"

#include "cloud-error.h"
#include "cloud-time.h"

#include <string.h>

/* `cirrus mail`: the mail engine from a terminal.  Here: what only reads. */

static const char usage[] =
  "usage: cirrus mail VERB\n"
  "\n"
  "  parse FILE.eml                      what a message says\n"
  "  account list\n"
  "  account add --local MAILDIR --name NAME --address ADDRESS\n"
  "  account add --name NAME --address ADDRESS --imap HOST[:PORT] [--imap-starttls] --smtp HOST[:PORT] [--smtp-starttls]\n"
  "              [--user USER] [--password-fd N] [--passphrase-fd N]     (else asked on the terminal)\n"
  "  account remove ACCOUNT\n"
  "  sync [--account ACCOUNT] [--passphrase-fd N]\n"
  "  folders [--account ACCOUNT]\n"
  "  list [--account ACCOUNT] [--folder PATH] [--limit N]\n"
  "  show MESSAGE-ID [--save FOLDER]     with its attachments saved\n"
  "  search [--limit N] [--json] TEXT    a hit a line; \"snippet\" is plain text, \"highlights\" the [from, to) of its characters that matched\n"
  "  send [--account ACCOUNT] --to ADDRESSES [--cc A] [--bcc A] [--subject TEXT] [--attach FILE]... <TEXT\n"
  "  send --reply MESSAGE-ID [--all] | --forward MESSAGE-ID --to ADDRESSES   [--subject TEXT] [--attach FILE]... <TEXT\n"
  "  act read|unread|star|unstar|answered|forwarded|archive|junk|delete|move MESSAGE-ID... [--to FOLDER]\n"
  "  outbox [retry|cancel|confirm UUID]\n"
  "  storage [clear]                     what the mail takes; clear: texts and attachments that the servers have, fetched again when shown\n";

/* ---- Shared ---- */

int
cirrus_mail_misused (const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return cirrus_usage (usage, "mail %s", what);
}

int
cirrus_mail_misused_verb (int argc, char **argv)
{
  return cirrus_usage_verb (usage, argc, argv);
}

gboolean
cirrus_mail_parse_options (const GOptionEntry *entries, int *argc, char ***argv, const char *operands)
{
  g_autoptr (GError) error = NULL;

  if (cirrus_parse (entries, argc, argv, operands, &error))
    return TRUE;
  cirrus_mail_misused ("%s: %s", (*argv)[0], error->message);
  return FALSE;
}

void
cirrus_mail_on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GAsyncResult *
cirrus_mail_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (result);
}

MailerAccount *
cirrus_mail_pick_account (MailerEngine *engine, const char *text)
{
  GListModel *accounts = mailer_engine_get_accounts (engine);
  guint n = g_list_model_get_n_items (accounts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      if ((text == NULL && n == 1) || g_strcmp0 (text, mailer_account_get_id (account)) == 0 || g_strcmp0 (text, mailer_account_get_name (account)) == 0 ||
          g_strcmp0 (text, mailer_account_get_address (account)) == 0)
        return account;
    }
  if (n == 0)
    g_printerr ("cirrus: there is no mail account; add one with `cirrus mail account add`\n");
  else if (text == NULL)
    g_printerr ("cirrus: there are several accounts; name one with --account\n");
  else
    g_printerr ("cirrus: there is no account \"%s\"\n", text);
  return NULL;
}

json_t *
cirrus_mail_addresses_to_json (const GPtrArray *addresses)
{
  json_t *list = json_array ();

  for (guint i = 0; i < addresses->len; i++)
    {
      const MailerAddress *address = g_ptr_array_index (addresses, i);

      json_array_append_new (list, json_pack ("{s:s, s:s}", "name", address->name, "address", address->address));
    }
  return list;
}

json_t *
cirrus_mail_item_to_json (MailerMessageItem *item)
{
  g_autofree char *date = cloud_time_format_utc (mailer_message_item_get_date (item));

  return json_pack ("{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:s}", "account", mailer_account_get_id (mailer_message_item_get_account (item)),
                    "folder", mailer_message_item_get_folder_name (item), "message_id", mailer_message_item_get_message_id (item), "subject",
                    mailer_message_item_get_subject (item), "from", "name", mailer_message_item_get_from_name (item), "address",
                    mailer_message_item_get_from_address (item), "to", mailer_message_item_get_to (item), "date", date, "unread",
                    mailer_message_item_is_unread (item), "starred", mailer_message_item_is_starred (item), "answered",
                    mailer_message_item_is_answered (item), "forwarded", mailer_message_item_is_forwarded (item), "has_attachment",
                    mailer_message_item_has_attachment (item), "has_body", mailer_message_item_has_body (item), "preview", mailer_message_item_get_preview (item));
}

/* ---- parse ---- */

static json_t *
parts_to_json (MailerMessage *message)
{
  json_t *list = json_array ();

  for (guint i = 0; i < mailer_message_get_n_parts (message); i++)
    {
      MailerPart *part = mailer_message_get_part (message, i);
      g_autofree char *sha256 = mailer_part_dup_sha256 (part);

      json_array_append_new (list, json_pack ("{s:s?, s:s, s:I, s:s, s:s?}", "filename", mailer_part_get_filename (part), "mime_type",
                                              mailer_part_get_mime_type (part), "size", (json_int_t) mailer_part_get_size (part), "sha256", sha256,
                                              "content_id", mailer_part_get_content_id (part)));
    }
  return list;
}

static json_t *
message_to_json (MailerMessage *message)
{
  g_autofree char *date = NULL;
  gint64 unix_us;

  if (mailer_message_get_date (message, &unix_us))
    date = cloud_time_format_utc (unix_us);
  return json_pack ("{s:s, s:o, s:o, s:o, s:s?, s:s?, s:s, s:s?, s:o}", "subject", mailer_message_get_subject (message), "from",
                    cirrus_mail_addresses_to_json (mailer_message_get_from (message)), "to", cirrus_mail_addresses_to_json (mailer_message_get_to (message)), "cc",
                    cirrus_mail_addresses_to_json (mailer_message_get_cc (message)), "date", date, "message_id", mailer_message_get_id (message), "text",
                    mailer_message_get_text (message), "html", mailer_message_get_html (message), "attachments", parts_to_json (message));
}

static int
run_parse (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerMessage) message = NULL;

  if (!cirrus_mail_parse_options (NULL, &argc, &argv, "FILE.eml"))
    return CIRRUS_EXIT_USAGE;
  message = mailer_message_new_from_file (argv[1], &error);
  if (message == NULL)
    {
      cirrus_fail (error);
      return CIRRUS_EXIT_FAILED;
    }
  cirrus_print_json (message_to_json (message));
  return CIRRUS_EXIT_DONE;
}

/* ---- folders, list ---- */

static int
run_folders (int argc, char **argv)
{
  g_autofree char *account_text = NULL;
  const GOptionEntry options[] = { { "account", 0, 0, G_OPTION_ARG_STRING, &account_text, NULL, NULL }, G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  MailerAccount *account;
  GListModel *folders;
  json_t *list;

  if (!cirrus_mail_parse_options (options, &argc, &argv, ""))
    return CIRRUS_EXIT_USAGE;
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  account = cirrus_mail_pick_account (engine, account_text);
  if (account == NULL)
    return CIRRUS_EXIT_FAILED;
  folders = mailer_account_get_folders (account);
  list = json_array ();
  for (guint i = 0; i < g_list_model_get_n_items (folders); i++)
    {
      g_autoptr (MailerFolder) folder = g_list_model_get_item (folders, i);

      json_array_append_new (list, json_pack ("{s:s, s:i, s:I, s:I}", "path", mailer_folder_get_path (folder), "role", (int) mailer_folder_get_role (folder), "unread",
                                              (json_int_t) mailer_folder_get_unread (folder), "total", (json_int_t) mailer_folder_get_total (folder)));
    }
  cirrus_print_json (list);
  return CIRRUS_EXIT_DONE;
}

static gboolean
print_folder (MailerEngine *engine, MailerFolder *folder, int limit, GError **error)
{
  g_autoptr (GPtrArray) items = mailer_engine_load_folder_sync (engine, folder, limit < 0 ? G_MAXINT : (guint) limit, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    cirrus_print_json (cirrus_mail_item_to_json (g_ptr_array_index (items, i)));
  return items != NULL;
}

static MailerFolder *
find_folder (MailerAccount *account, const char *path)
{
  GListModel *folders = mailer_account_get_folders (account);

  for (guint i = 0; i < g_list_model_get_n_items (folders); i++)
    {
      g_autoptr (MailerFolder) folder = g_list_model_get_item (folders, i);

      if (g_ascii_strcasecmp (mailer_folder_get_path (folder), path) == 0)
        return folder;
    }
  g_printerr ("cirrus: %s has no folder \"%s\"\n", mailer_account_get_name (account), path);
  return NULL;
}

static int
run_list (int argc, char **argv)
{
  g_autofree char *account_text = NULL;
  g_autofree char *folder_path = NULL;
  int limit = 20;
  const GOptionEntry options[] = { { "account", 0, 0, G_OPTION_ARG_STRING, &account_text, NULL, NULL },
                                   { "folder", 0, 0, G_OPTION_ARG_STRING, &folder_path, NULL, NULL },
                                   { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  GListModel *accounts;

  if (!cirrus_mail_parse_options (options, &argc, &argv, ""))
    return CIRRUS_EXIT_USAGE;
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  if (account_text != NULL || folder_path != NULL)
    {
      MailerAccount *account = cirrus_mail_pick_account (engine, account_text);
      MailerFolder *folder = account != NULL ? find_folder (account, folder_path != NULL ? folder_path : "INBOX") : NULL;

      if (folder == NULL)
        return CIRRUS_EXIT_FAILED;
      return print_folder (engine, folder, limit, &error) ? CIRRUS_EXIT_DONE : cirrus_fail (error);
    }
  accounts = mailer_engine_get_accounts (engine);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);
      MailerFolder *inbox = mailer_account_find_folder_by_role (account, MAILER_ROLE_INBOX);

      if (inbox != NULL && !print_folder (engine, inbox, limit, &error))
        return cirrus_fail (error);
    }
  return CIRRUS_EXIT_DONE;
}

/* ---- show ---- */

MailerMessageItem *
cirrus_mail_find_item (MailerEngine *engine, const char *message_id, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MailerConversation) conversation = NULL;
  g_autoptr (GListModel) messages = NULL;

  mailer_engine_find_message_async (engine, message_id, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  conversation = mailer_engine_find_message_finish (engine, result, error);
  if (conversation == NULL)
    return NULL;
  messages = mailer_conversation_list_messages (conversation);
  while (g_list_model_get_n_items (messages) == 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr (MailerMessageItem) item = g_list_model_get_item (messages, i);

      const char *id = mailer_message_item_get_message_id (item);

      if (id != NULL && *id != '\0' && strstr (message_id, id) != NULL)
        return g_steal_pointer (&item);
    }
  g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND, "There is no message %s", message_id);
  return NULL;
}

static gboolean
save_attachments (MailerBody *body, const char *folder, GError **error)
{
  GListModel *attachments = mailer_body_get_attachments (body);

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (MailerAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autoptr (GFile) file = g_file_new_build_filename (folder, mailer_attachment_get_filename (attachment), NULL);
      GAsyncResult *slot = NULL;
      g_autoptr (GAsyncResult) result = NULL;

      mailer_attachment_save_async (attachment, file, NULL, cirrus_mail_on_ready, &slot);
      result = cirrus_mail_wait (&slot);
      if (!mailer_attachment_save_finish (attachment, result, error))
        return FALSE;
    }
  return TRUE;
}

static int
run_show (int argc, char **argv)
{
  g_autofree char *save = NULL;
  const GOptionEntry options[] = { { "save", 0, 0, G_OPTION_ARG_FILENAME, &save, NULL, NULL }, G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (MailerMessageItem) item = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (MailerBody) body = NULL;
  g_autoptr (MailerMessage) message = NULL;
  GAsyncResult *slot = NULL;
  json_t *json;

  if (!cirrus_mail_parse_options (options, &argc, &argv, "MESSAGE-ID"))
    return CIRRUS_EXIT_USAGE;
  engine = mailer_engine_open_sync (&error);
  if (engine != NULL)
    mailer_engine_set_serving (engine);
  item = engine != NULL ? cirrus_mail_find_item (engine, argv[1], &error) : NULL;
  if (item == NULL)
    return cirrus_fail (error);
  mailer_message_item_load_body_async (item, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  body = mailer_message_item_load_body_finish (item, result, &error);
  if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_OFFLINE))
    mailer_engine_wake_service_sync (engine);
  if (body == NULL || (save != NULL && !save_attachments (body, save, &error)))
    return cirrus_fail (error);
  message = mailer_message_new_from_bytes (mailer_body_get_source (body));
  json = message_to_json (message);
  json_object_set_new (json, "folder", json_string (mailer_message_item_get_folder_name (item)));
  json_object_set_new (json, "unread", json_boolean (mailer_message_item_is_unread (item)));
  json_object_set_new (json, "starred", json_boolean (mailer_message_item_is_starred (item)));
  cirrus_print_json (json);
  return CIRRUS_EXIT_DONE;
}

/* ---- search ---- */

/* In characters, from the first that stands out to the one after the last: Python's text[a:b]. */
static json_t *
highlights_to_json (MailerHit *hit)
{
  const char *snippet = mailer_hit_get_snippet (hit);
  const GArray *ranges = mailer_hit_get_ranges (hit);
  json_t *list = json_array ();

  for (guint i = 0; i < ranges->len; i++)
    {
      const MailerRange *range = &g_array_index (ranges, MailerRange, i);

      json_array_append_new (list, json_pack ("[I, I]", (json_int_t) g_utf8_pointer_to_offset (snippet, snippet + range->start_byte),
                                              (json_int_t) g_utf8_pointer_to_offset (snippet, snippet + range->end_byte)));
    }
  return list;
}

static int
run_search (int argc, char **argv)
{
  int limit = 20;
  gboolean json_wanted = FALSE;
  const GOptionEntry options[] = { { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
                                   { "json", 0, 0, G_OPTION_ARG_NONE, &json_wanted, NULL, NULL }, /* the only form there is */
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (MailerSearch) search = NULL;
  g_autofree char *query = NULL;
  guint n;

  if (!cirrus_mail_parse_options (options, &argc, &argv, "TEXT..."))
    return CIRRUS_EXIT_USAGE;
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  query = g_strjoinv (" ", argv + 1);
  search = mailer_engine_search (engine, query);
  while (mailer_search_is_loading (search))
    g_main_context_iteration (NULL, TRUE);
  n = g_list_model_get_n_items (G_LIST_MODEL (search));
  for (guint i = 0; i < n && (limit < 0 || i < (guint) limit); i++)
    {
      g_autoptr (MailerHit) hit = g_list_model_get_item (G_LIST_MODEL (search), i);
      json_t *json = cirrus_mail_item_to_json (mailer_hit_get_item (hit));

      json_object_set_new (json, "snippet", json_string (mailer_hit_get_snippet (hit)));
      json_object_set_new (json, "highlights", highlights_to_json (hit));
      cirrus_print_json (json);
    }
  return n > 0 ? CIRRUS_EXIT_DONE : CIRRUS_EXIT_NO_ANSWER;
}

static const struct
{
  const char *name;
  CirrusArea run;
} verbs[] = {
  { "parse", run_parse },   { "account", cirrus_mail_account }, { "sync", cirrus_mail_sync }, { "folders", run_folders },       { "list", run_list },
  { "show", run_show },     { "search", run_search },           { "send", cirrus_mail_send }, { "act", cirrus_mail_act }, { "outbox", cirrus_mail_outbox },
  { "storage", cirrus_mail_storage },
};

int
cirrus_mail_main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "--help") == 0)
    {
      g_print ("%s", usage);
      return CIRRUS_EXIT_DONE;
    }
  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0)
      return verbs[i].run (argc - 1, argv + 1);
  return cirrus_mail_misused_verb (argc, argv);
}
