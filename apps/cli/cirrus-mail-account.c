/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-mail-private.h"

#include "mailer-maildir.h"

#include "cloud-account-change.h"
#include "cloud-error.h"
#include "cloud-status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* `cirrus mail account`: passwords come from a file descriptor or the terminal, never from the command line. */

char *
cirrus_mail_read_secret (const char *fd_text, const char *prompt)
{
  int fd = fd_text != NULL ? (int) g_ascii_strtoll (fd_text, NULL, 10) : STDIN_FILENO;
  gboolean terminal = fd_text == NULL && isatty (STDIN_FILENO);
  g_autoptr (GString) line = g_string_new (NULL);
  struct termios before, quiet;
  char c;

  if (fd_text == NULL && !terminal)
    return NULL;
  if (terminal)
    {
      fprintf (stderr, "%s: ", prompt);
      fflush (stderr);
      tcgetattr (STDIN_FILENO, &before);
      quiet = before;
      quiet.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
    }
  while (line->len < 4096 && read (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  if (terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
      fputc ('\n', stderr);
    }
  return line->len > 0 ? g_string_free (g_steal_pointer (&line), FALSE) : NULL;
}

gboolean
cirrus_mail_unlock (CloudSecrets *secrets, const char *passphrase_fd, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  char *passphrase;
  CloudSecretsState state;
  gboolean ok;

  while (cloud_secrets_get_state (secrets) == CLOUD_SECRETS_STARTING)
    g_main_context_iteration (NULL, TRUE);
  state = cloud_secrets_get_state (secrets);
  if (state == CLOUD_SECRETS_AVAILABLE)
    return TRUE;
  passphrase = cloud_secrets_uses_keyring (secrets) ? NULL : cirrus_mail_read_secret (passphrase_fd, "Passphrase of the passwords' file");
  if (passphrase == NULL && !cloud_secrets_uses_keyring (secrets))
    {
      g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_LOCKED, "The passwords are locked; give their passphrase with --passphrase-fd or on a terminal");
      return FALSE;
    }
  if (state == CLOUD_SECRETS_NONE_YET)
    cloud_secrets_set_passphrase_async (secrets, passphrase, NULL, cirrus_mail_on_ready, &slot);
  else
    cloud_secrets_unlock_async (secrets, passphrase, NULL, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  ok = state == CLOUD_SECRETS_NONE_YET ? cloud_secrets_set_passphrase_finish (secrets, result, error) : cloud_secrets_unlock_finish (secrets, result, error);
  cloud_secret_free (passphrase);
  return ok;
}

/* ---- list ---- */

static json_t *
account_to_json (MailerAccount *account)
{
  const GError *error = mailer_account_get_error (account);

  return json_pack ("{s:s, s:s, s:s, s:b, s:I, s:s?}", "id", mailer_account_get_id (account), "name", mailer_account_get_name (account), "address",
                    mailer_account_get_address (account), "local", mailer_account_is_local (account), "unread", (json_int_t) mailer_account_get_unread (account), "error",
                    error != NULL ? cloud_error_code_name (error->code) : NULL);
}

static int
run_list (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerEngine) engine = NULL;
  GListModel *accounts;
  json_t *list;

  if (!cirrus_mail_parse_options (NULL, &argc, &argv, ""))
    return CIRRUS_EXIT_USAGE;
  engine = mailer_engine_open_sync (&error);
  if (engine == NULL)
    return cirrus_fail (error);
  accounts = mailer_engine_get_accounts (engine);
  list = json_array ();
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      json_array_append_new (list, account_to_json (account));
    }
  cirrus_print_json (list);
  return CIRRUS_EXIT_DONE;
}

/* ---- add ---- */

typedef struct
{
  char *local, *name, *display_name, *address, *user;
  char *imap, *smtp;
  gboolean imap_starttls, smtp_starttls;
  char *password_fd, *passphrase_fd;
} AddOptions;

static void
add_options_clear (AddOptions *self)
{
  char *strings[] = { self->local, self->name, self->display_name, self->address, self->user, self->imap, self->smtp, self->password_fd, self->passphrase_fd };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddOptions, add_options_clear)

/* HOST, HOST:PORT or [v6]:PORT. */
static CloudEndpoint *
endpoint_from_text (CloudEndpointKind kind, const char *text, gboolean starttls, const char *user)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = colon != NULL ? g_strndup (text, colon - text) : g_strdup (text);
  guint standard = kind == CLOUD_ENDPOINT_IMAP ? (starttls ? 143 : 993) : (starttls ? 587 : 465);
  guint port = colon != NULL ? (guint) g_ascii_strtoull (colon + 1, NULL, 10) : standard;

  return cloud_endpoint_new (kind, host, port, starttls ? CLOUD_SECURITY_STARTTLS : CLOUD_SECURITY_TLS, user);
}

static gboolean
keep_account (CloudAccounts *accounts, CloudSecrets *secrets, CloudAccount *account, const char *password, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cloud_account_change_save_async (accounts, secrets, account, password, 1u << CLOUD_ENDPOINT_IMAP | 1u << CLOUD_ENDPOINT_SMTP, cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  return cloud_account_change_save_finish (accounts, result, error);
}

static int
add_remote (AddOptions *options, CloudAccounts *accounts, CloudAccount *account)
{
  g_autoptr (CloudSecrets) secrets = cloud_secrets_new (NULL);
  g_autoptr (CloudEndpoint) imap = endpoint_from_text (CLOUD_ENDPOINT_IMAP, options->imap, options->imap_starttls, options->user);
  g_autoptr (GError) error = NULL;
  char *password;
  gboolean ok;

  cloud_account_set_endpoint (account, imap);
  if (options->smtp != NULL)
    {
      g_autoptr (CloudEndpoint) smtp = endpoint_from_text (CLOUD_ENDPOINT_SMTP, options->smtp, options->smtp_starttls, options->user);

      cloud_account_set_endpoint (account, smtp);
    }
  password = cirrus_mail_read_secret (options->password_fd, "Password");
  if (password == NULL)
    {
      g_printerr ("cirrus: no password; give it with --password-fd or on a terminal\n");
      return CIRRUS_EXIT_FAILED;
    }
  ok = cirrus_mail_unlock (secrets, options->passphrase_fd, &error) && keep_account (accounts, secrets, account, password, &error);
  cloud_secret_free (password);
  if (!ok)
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:s}", "id", cloud_account_get_uuid (account)));
  return CIRRUS_EXIT_DONE;
}

/* Opening the mail writes the line that the home window shows of it. */
static void
write_home_line (void)
{
  g_autoptr (MailerEngine) engine = mailer_engine_open_sync (NULL);
}

static int
add_local (AddOptions *options, CloudAccounts *accounts, CloudAccount *account)
{
  g_autoptr (CloudEndpoint) local = cloud_endpoint_new (CLOUD_ENDPOINT_LOCAL, "", 0, CLOUD_SECURITY_TLS, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (MailerStore) store = mailer_store_open (cloud_account_get_uuid (account), options->address, &error);
  guint n = 0, unread = 0;

  cloud_account_set_endpoint (account, local);
  if (store == NULL || !mailer_maildir_import (store, options->local, &n, &error) || !cloud_accounts_save_sync (accounts, account, &error))
    return cirrus_fail (error);
  if (mailer_store_count_unread (store, &unread, NULL))
    cloud_status_write ("mail", "unread", g_variant_new_parsed ("{'count': <%i>}", (int) unread), NULL);
  g_clear_object (&store);
  write_home_line ();
  cirrus_print_json (json_pack ("{s:s, s:I}", "id", cloud_account_get_uuid (account), "messages", (json_int_t) n));
  return CIRRUS_EXIT_DONE;
}

static int
run_add (int argc, char **argv)
{
  g_auto (AddOptions) options = { 0 };
  const GOptionEntry entries[] = { { "local", 0, 0, G_OPTION_ARG_FILENAME, &options.local, NULL, NULL },
                                   { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, NULL, NULL },
                                   { "display-name", 0, 0, G_OPTION_ARG_STRING, &options.display_name, NULL, NULL },
                                   { "address", 0, 0, G_OPTION_ARG_STRING, &options.address, NULL, NULL },
                                   { "user", 0, 0, G_OPTION_ARG_STRING, &options.user, NULL, NULL },
                                   { "imap", 0, 0, G_OPTION_ARG_STRING, &options.imap, NULL, NULL },
                                   { "smtp", 0, 0, G_OPTION_ARG_STRING, &options.smtp, NULL, NULL },
                                   { "imap-starttls", 0, 0, G_OPTION_ARG_NONE, &options.imap_starttls, NULL, NULL },
                                   { "smtp-starttls", 0, 0, G_OPTION_ARG_NONE, &options.smtp_starttls, NULL, NULL },
                                   { "password-fd", 0, 0, G_OPTION_ARG_STRING, &options.password_fd, NULL, NULL },
                                   { "passphrase-fd", 0, 0, G_OPTION_ARG_STRING, &options.passphrase_fd, NULL, NULL },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudAccounts) accounts = NULL;
  g_autoptr (CloudAccount) account = NULL;

  if (!cirrus_mail_parse_options (entries, &argc, &argv, ""))
    return CIRRUS_EXIT_USAGE;
  if (options.address == NULL)
    return cirrus_mail_misused ("account add: --address is missing");
  if ((options.local == NULL) == (options.imap == NULL))
    return cirrus_mail_misused ("account add: %s", options.imap == NULL ? "--imap or --local is missing" : "--imap and --local exclude each other");
  accounts = cloud_accounts_new (NULL, &error);
  if (error != NULL)
    return cirrus_fail (error);
  account = cloud_account_new (NULL, options.name != NULL ? options.name : options.address, options.display_name != NULL ? options.display_name : "", options.address);
  if (options.user == NULL)
    options.user = g_strdup (options.address);
  return options.local != NULL ? add_local (&options, accounts, account) : add_remote (&options, accounts, account);
}

/* ---- remove ---- */

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        unlink (child);
    }
  rmdir (path);
}

static gboolean
remove_account (CloudAccounts *accounts, CloudAccount *account, GError **error)
{
  g_autoptr (CloudSecrets) secrets = cloud_secrets_new (NULL);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cloud_account_change_remove_async (accounts, secrets, cloud_account_get_uuid (account), cirrus_mail_on_ready, &slot);
  result = cirrus_mail_wait (&slot);
  if (!cloud_account_change_remove_finish (accounts, result, error))
    return FALSE;
  if (*cloud_accounts_get_unused_credentials (accounts) != NULL)
    g_printerr ("cirrus: its passwords are locked; `cirrus account unlock` removes them\n");
  return TRUE;
}

static int
run_remove (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudAccounts) accounts = NULL;
  g_autoptr (CloudAccount) account = NULL;
  g_autofree char *dir = NULL;

  if (!cirrus_mail_parse_options (NULL, &argc, &argv, "ACCOUNT"))
    return CIRRUS_EXIT_USAGE;
  accounts = cloud_accounts_new (NULL, &error);
  account = accounts != NULL && error == NULL ? cloud_accounts_find (accounts, argv[1]) : NULL;
  if (error != NULL)
    return cirrus_fail (error);
  if (account == NULL)
    {
      g_printerr ("cirrus: there is no account \"%s\"\n", argv[1]);
      return CIRRUS_EXIT_NO_ANSWER;
    }
  dir = mailer_store_dup_dir (cloud_account_get_uuid (account));
  if (!remove_account (accounts, account, &error))
    return cirrus_fail (error);
  remove_tree (dir);
  write_home_line ();
  return CIRRUS_EXIT_DONE;
}

int
cirrus_mail_account (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "list") == 0)
    return run_list (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "add") == 0)
    return run_add (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "remove") == 0)
    return run_remove (argc - 1, argv + 1);
  return cirrus_mail_misused_verb (argc, argv);
}
