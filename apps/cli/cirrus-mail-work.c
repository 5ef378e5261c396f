/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-mail-private.h"

#include "mailer-agent.h"
#include "mailer-storage.h"

#include "cloud-error.h"

#include <string.h>

/* `cirrus mail`: what changes something: sync, send, act, outbox. */

#define LEASE_PATIENCE_US (3 * G_USEC_PER_SEC)

/* ---- sync ---- */

typedef struct
{
  guint n_expected, n_ended;
  GError *error; /* the first */
  gboolean outbox_idle;
} SyncWatch;

static void
on_synced (MailerAgent *agent, MailerAccount *account, GError *error, gpointer user_data)
{
  SyncWatch *watch = user_data;

  watch->n_ended++;
  if (error != NULL && watch->error == NULL)
    watch->error = g_error_copy (error);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static guint
count_remote (MailerEngine *engine)
{
  GListModel *accounts = mailer_engine_get_accounts (engine);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      n += !mailer_account_is_local (account);
    }
  return n;
}

static void
on_outbox_idle (CloudOutbox *journal, gpointer user_data)
{
  ((SyncWatch *) user_data)->outbox_idle = TRUE;
}

static void
on_outbox_busy (CloudOutbox *journal, GParamSpec *pspec, gpointer user_data)
{
  ((SyncWatch *) user_data)->outbox_idle = FALSE;
}

/* TRUE while this process may still have something to do.  What the service holds is its affair. */
static gboolean
is_working (MailerAgent *agent, CloudOutbox *journal, const SyncWatch *watch)
{
  gboolean sending;

  g_object_get (journal, "sending", &sending, NULL);
  return watch->n_ended < watch->n_expected || mailer_agent_is_busy (agent) || (sending && !watch->outbox_idle);
}

int
cirrus_mail_sync (int argc, char **argv)
{
  g_autofree char *passphrase_fd = NULL;
  const GOptionEntry entries[] = { { "passphrase-fd", 0, 0, G_OPTION_ARG_STRING, &passphrase_fd, NULL, NULL }, G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (MailerAgent) agent = NULL;
  SyncWatch watch = { 0 };
  gint64 start_us = g_get_monotonic_time ();
  guint tick;

  if (!cirrus_mail_parse_options (entries, &argc, &argv, ""))
    return CIRRUS_EXIT_USAGE;
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  watch.n_expected = count_remote (engine);
  if (watch.n_expected == 0)
    return CIRRUS_EXIT_DONE;
  if (!cirrus_mail_unlock (mailer_engine_get_secrets (engine), passphrase_fd, &error))
    return cirrus_fail (error);
  agent = mailer_agent_new (engine, FALSE);
  g_signal_connect (agent, "synced", G_CALLBACK (on_synced), &watch);
  g_signal_connect (mailer_engine_get_journal (engine), "idle", G_CALLBACK (on_outbox_idle), &watch);
  g_signal_connect (mailer_engine_get_journal (engine), "notify::busy", G_CALLBACK (on_outbox_busy), &watch);
  mailer_agent_start (agent);
  tick = g_timeout_add (100, on_tick, NULL);
  while (is_working (agent, mailer_engine_get_journal (engine), &watch))
    {
      if (!mailer_agent_is_active (agent) && watch.n_ended == 0 && g_get_monotonic_time () - start_us > LEASE_PATIENCE_US)
        {
          /* The service is at work on this profile: it is asked to look now. */
          mailer_engine_wake_service_sync (engine);
          g_printerr ("cirrus: the mail service is at work already; it was asked to look now\n");
          watch.n_ended = watch.n_expected;
          break;
        }
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
  mailer_agent_stop (agent);
  mailer_engine_close (engine);
  if (watch.error != NULL)
    {
      int status = cirrus_fail (watch.error);

      g_error_free (watch.error);
      return status == CIRRUS_EXIT_NO_ANSWER ? CIRRUS_EXIT_FAILED : status;
    }
  return CIRRUS_EXIT_DONE;
}

/* ---- send ---- */

static char *
read_stdin (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (text, buffer, n);
  return g_utf8_make_valid (text->str, text->len);
}

static gboolean
attach_all (MailerDraft *draft, char **paths, GError **error)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (paths[i]);
      GAsyncResult *slot = NULL;
      g_autoptr (GAsyncResult) result = NULL;

      mailer_draft_attach_async (draft, file, NULL, cirrus_mail_on_ready, &slot);
      result = cirrus_mail_wait (&slot);
      if (!mailer_draft_attach_finish (draft, result, error))
        return FALSE;
    }
  return TRUE;
}

/* A reply to, or a forward of, the message that @message_id names, with @text before what it quotes. */
static MailerDraft *
answer (MailerEngine *engine, const char *message_id, gboolean forward, gboolean all, const char *text, GError **error)
{
  g_autoptr (MailerMessageItem) item = cirrus_mail_find_item (engine, message_id, error);
  g_autoptr (MailerBody) body = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *whole = NULL;
  GAsyncResult *slot = NULL;
  MailerDraft *draft;

  if (item == NULL)
    return NULL;
  mailer_message_item_load_body_async (item, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  body = mailer_message_item_load_body_finish (item, result, error);
  if (body == NULL)
    return NULL;
  draft = forward ? mailer_draft_new_forward (engine, item, body) : mailer_draft_new_reply (engine, item, body, all);
  g_object_get (draft, "text", &quoted, NULL);
  whole = g_strconcat (text, quoted, NULL);
  g_object_set (draft, "text", whole, NULL);
  return draft;
}

typedef struct
{
  char *account, *to, *cc, *bcc, *subject, *reply, *forward;
  gboolean all;
  GStrv attach;
} SendOptions;

static void
send_options_clear (SendOptions *self)
{
  char *strings[] = { self->account, self->to, self->cc, self->bcc, self->subject, self->reply, self->forward };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
  g_strfreev (self->attach);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SendOptions, send_options_clear)

static MailerDraft *
make_draft (MailerEngine *engine, const SendOptions *options, GError **error)
{
  g_autofree char *text = read_stdin ();
  g_autoptr (MailerDraft) draft = NULL;
  MailerAccount *account;

  if (options->reply != NULL || options->forward != NULL)
    draft = answer (engine, options->reply != NULL ? options->reply : options->forward, options->reply == NULL, options->all, text, error);
  else
    {
      account = cirrus_mail_pick_account (engine, options->account);
      draft = account != NULL ? mailer_draft_new (engine, account) : NULL;
      if (draft != NULL)
        g_object_set (draft, "text", text, NULL);
    }
  if (draft == NULL)
    return NULL;
  if (options->to != NULL)
    g_object_set (draft, "to", options->to, NULL);
  if (options->cc != NULL)
    g_object_set (draft, "cc", options->cc, NULL);
  if (options->subject != NULL)
    g_object_set (draft, "subject", options->subject, NULL);
  g_object_set (draft, "bcc", options->bcc, NULL);
  return attach_all (draft, options->attach, error) ? g_steal_pointer (&draft) : NULL;
}

int
cirrus_mail_send (int argc, char **argv)
{
  g_auto (SendOptions) options = { 0 };
  const GOptionEntry entries[] = { { "account", 0, 0, G_OPTION_ARG_STRING, &options.account, NULL, NULL },
                                   { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, NULL, NULL },
                                   { "cc", 0, 0, G_OPTION_ARG_STRING, &options.cc, NULL, NULL },
                                   { "bcc", 0, 0, G_OPTION_ARG_STRING, &options.bcc, NULL, NULL },
                                   { "subject", 0, 0, G_OPTION_ARG_STRING, &options.subject, NULL, NULL },
                                   { "reply", 0, 0, G_OPTION_ARG_STRING, &options.reply, NULL, NULL },
                                   { "all", 0, 0, G_OPTION_ARG_NONE, &options.all, NULL, NULL },
                                   { "forward", 0, 0, G_OPTION_ARG_STRING, &options.forward, NULL, NULL },
                                   { "attach", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.attach, NULL, NULL },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (MailerDraft) draft = NULL;
  g_autoptr (MailerAccount) account = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (!cirrus_mail_parse_options (entries, &argc, &argv, ""))
    return CIRRUS_EXIT_USAGE;
  if (options.to == NULL && options.reply == NULL)
    return cirrus_mail_misused ("send: --to is missing: who is to get it?");
  if (options.reply != NULL && options.forward != NULL)
    return cirrus_mail_misused ("send: --reply and --forward exclude each other");
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  mailer_engine_set_serving (engine);
  draft = make_draft (engine, &options, &error);
  if (draft == NULL)
    return error != NULL ? cirrus_fail (error) : CIRRUS_EXIT_FAILED;
  mailer_draft_send_async (draft, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  if (!mailer_draft_send_finish (draft, result, &error))
    return cirrus_fail (error);
  g_object_get (draft, "account", &account, NULL);
  if (!mailer_account_is_local (account))
    mailer_engine_wake_service_sync (engine);
  cirrus_print_json (json_pack ("{s:b}", "queued", !mailer_account_is_local (account)));
  return CIRRUS_EXIT_DONE;
}

/* ---- act ---- */

static gboolean
parse_action (const char *name, MailerAction *action)
{
  static const char *const names[] = { "read", "unread", "star", "unstar", "answered", "forwarded", "archive", "junk", "delete", "move" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      {
        *action = i;
        return TRUE;
      }
  return FALSE;
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
  return NULL;
}

int
cirrus_mail_act (int argc, char **argv)
{
  g_autofree char *to = NULL;
  const GOptionEntry entries[] = { { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL }, G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) undo = NULL;
  MailerFolder *target = NULL;
  GAsyncResult *slot = NULL;
  MailerAction action;

  if (!cirrus_mail_parse_options (entries, &argc, &argv, "ACTION MESSAGE-ID..."))
    return CIRRUS_EXIT_USAGE;
  if (!parse_action (argv[1], &action))
    return cirrus_mail_misused_verb (argc, argv);
  if (action == MAILER_ACTION_MOVE && to == NULL)
    return cirrus_mail_misused ("act move: --to is missing: where to?");
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  for (int i = 2; i < argc; i++)
    {
      MailerMessageItem *item = cirrus_mail_find_item (engine, argv[i], &error);

      if (item == NULL)
        return cirrus_fail (error);
      g_ptr_array_add (items, item);
      if (to != NULL && target == NULL)
        target = find_folder (mailer_message_item_get_account (item), to);
    }
  if (to != NULL && target == NULL)
    {
      g_printerr ("cirrus: there is no folder \"%s\"\n", to);
      return CIRRUS_EXIT_FAILED;
    }
  mailer_engine_act_async (engine, items, action, target, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  undo = mailer_engine_act_finish (engine, result, &error);
  if (undo != NULL && count_remote (engine) > 0)
    mailer_engine_wake_service_sync (engine);
  return error != NULL ? cirrus_fail (error) : CIRRUS_EXIT_DONE;
}

/* ---- outbox ---- */

static int
print_outbox (CloudOutbox *journal)
{
  GListModel *entries = cloud_outbox_get_entries (journal);

  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr (CloudOutboxEntry) entry = g_list_model_get_item (entries, i);
      int code = cloud_outbox_entry_get_error_code (entry);

      cirrus_print_json (json_pack ("{s:s, s:s, s:s, s:s, s:s?, s:s?}", "uuid", cloud_outbox_entry_get_uuid (entry), "kind", cloud_outbox_entry_get_kind (entry),
                                    "label", cloud_outbox_entry_get_label (entry), "state", cloud_outbox_state_name (cloud_outbox_entry_get_state (entry)),
                                    "error", code >= 0 ? cloud_error_code_name (code) : NULL, "message", cloud_outbox_entry_get_error_message (entry)));
    }
  return CIRRUS_EXIT_DONE;
}

static MailerOutboxItem *
find_outbox_item (MailerEngine *engine, const char *uuid)
{
  GListModel *entries = cloud_outbox_get_entries (mailer_engine_get_journal (engine));

  /* The engine's rows stand in the order of the journal's. */
  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr (CloudOutboxEntry) entry = g_list_model_get_item (entries, i);

      if (strcmp (cloud_outbox_entry_get_uuid (entry), uuid) == 0)
        return g_list_model_get_item (mailer_engine_get_outbox (engine), i);
    }
  return NULL;
}

/* Says what had become of a message that is a draft again now. */
static gboolean
finish_cancel (MailerOutboxItem *item, const char *uuid, GAsyncResult *result, GError **error)
{
  static const char *const names[] = { [MAILER_TAKEN_UNSENT] = "no", [MAILER_TAKEN_PERHAPS_SENT] = "perhaps", [MAILER_TAKEN_SENT] = "yes" };
  MailerTaken taken;

  if (!mailer_outbox_item_cancel_finish (item, result, &taken, error))
    return FALSE;
  if (mailer_outbox_item_is_send (item))
    cirrus_print_json (json_pack ("{s:s, s:s}", "uuid", uuid, "sent", names[taken]));
  return TRUE;
}

int
cirrus_mail_outbox (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (MailerOutboxItem) item = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;
  gboolean ok;

  if (!cirrus_mail_parse_options (NULL, &argc, &argv, argc > 1 ? "retry|cancel|confirm UUID" : ""))
    return CIRRUS_EXIT_USAGE;
  if (argc > 1 && strcmp (argv[1], "retry") != 0 && strcmp (argv[1], "cancel") != 0 && strcmp (argv[1], "confirm") != 0)
    return cirrus_mail_misused_verb (argc, argv);
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  mailer_engine_set_serving (engine);
  while (!cloud_outbox_is_loaded (mailer_engine_get_journal (engine)))
    g_main_context_iteration (NULL, TRUE);
  if (argc == 1)
    return print_outbox (mailer_engine_get_journal (engine));
  item = find_outbox_item (engine, argv[2]);
  if (item == NULL)
    {
      g_printerr ("cirrus: the outbox has no entry %s\n", argv[2]);
      return CIRRUS_EXIT_NO_ANSWER;
    }
  if (strcmp (argv[1], "retry") == 0)
    mailer_outbox_item_retry_async (item, NULL, cirrus_mail_on_ready, &slot);
  else if (strcmp (argv[1], "cancel") == 0)
    mailer_outbox_item_cancel_async (item, NULL, cirrus_mail_on_ready, &slot);
  else
    mailer_outbox_item_confirm_async (item, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  if (strcmp (argv[1], "retry") == 0)
    ok = mailer_outbox_item_retry_finish (item, result, &error);
  else if (strcmp (argv[1], "cancel") == 0)
    ok = finish_cancel (item, argv[2], result, &error);
  else
    ok = mailer_outbox_item_confirm_finish (item, result, &error);
  return ok ? CIRRUS_EXIT_DONE : cirrus_fail (error);
}

/* ---- storage ---- */

static void
print_storage (MailerStorage *storage)
{
  MailerStorageSize size;

  mailer_storage_measure (storage, &size);
  cirrus_print_json (json_pack ("{s:I, s:I, s:I}", "bytes", (json_int_t) size.total_bytes, "clearable_bytes", (json_int_t) size.clearable_bytes,
                                "clearable_messages", (json_int_t) size.messages));
}

int
cirrus_mail_storage (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  g_autoptr (MailerStorage) storage = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;
  guint64 freed_bytes;
  guint messages;

  if (!cirrus_mail_parse_options (NULL, &argc, &argv, argc > 1 ? "clear" : ""))
    return CIRRUS_EXIT_USAGE;
  if (argc > 1 && strcmp (argv[1], "clear") != 0)
    return cirrus_mail_misused ("storage: \"%s\" is not \"clear\"", argv[1]);
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  storage = mailer_storage_new (engine);
  if (argc == 1)
    {
      print_storage (storage);
      return CIRRUS_EXIT_DONE;
    }
  mailer_storage_clear_async (storage, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  if (!mailer_storage_clear_finish (storage, result, &messages, &freed_bytes, &error))
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:I, s:I}", "cleared_messages", (json_int_t) messages, "freed_bytes", (json_int_t) freed_bytes));
  return CIRRUS_EXIT_DONE;
}
