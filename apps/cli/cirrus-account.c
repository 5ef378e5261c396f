/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus"

#include "cirrus-cli.h"
#include "cirrus-secret-input.h"

#include "cloud-account-change.h"
#include "cloud-error.h"

#include <stdio.h>
#include <string.h>

/* `cirrus account`: the accounts that all apps share, and their secrets.  Passphrases and passwords are typed at the terminal or
 * read from a file descriptor, never taken from the command line or the environment, where every process can read them. */

static const char usage[]
    = "usage: cirrus account list                          the accounts, without their secrets\n"
      "       cirrus account remove ACCOUNT                an account and its secrets; ACCOUNT: UUID, name or address\n"
      "       cirrus account status                        where secrets are kept and whether they are unlocked\n"
      "       cirrus account passphrase [--fd N]           choose or change the passphrase (where there is no keyring)\n"
      "       cirrus account unlock [--fd N]               unlock the secrets for all of the user's programs\n"
      "       cirrus account lock\n"
      "       cirrus account secret ACCOUNT SERVICE [--fd N]   store the password of imap, smtp, webdav, s3 or carddav\n"
      "--fd N: read it from that file descriptor, up to the end of its first line, instead of asking at the terminal\n";

/* ---- Waiting for an answer ---- */

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static gboolean
refresh (CloudSecrets *secrets, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_refresh_async (secrets, NULL, on_result, &result);
  return cloud_secrets_refresh_finish (secrets, wait_for (&result), error);
}

/* ---- Verbs ---- */

static json_t *
endpoint_json (const CloudEndpoint *endpoint)
{
  json_t *json = json_object ();

  json_object_set_new (json, "service", json_string (cloud_endpoint_kind_name (endpoint->kind)));
  json_object_set_new (json, "host", json_string (endpoint->host));
  json_object_set_new (json, "port", json_integer (endpoint->port));
  json_object_set_new (json, "security", json_string (endpoint->security == CLOUD_SECURITY_STARTTLS ? "starttls" : "tls"));
  json_object_set_new (json, "user", json_string (endpoint->user));
  json_object_set_new (json, "method", json_string (endpoint->method == CLOUD_AUTH_OAUTH2 ? "oauth2" : "password"));
  return json;
}

static int
run_list (CloudAccounts *accounts)
{
  json_t *list = json_array ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (accounts)); i++)
    {
      g_autoptr (CloudAccount) account = g_list_model_get_item (G_LIST_MODEL (accounts), i);
      json_t *json = json_object ();
      json_t *services = json_array ();

      json_object_set_new (json, "uuid", json_string (cloud_account_get_uuid (account)));
      json_object_set_new (json, "name", json_string (cloud_account_get_name (account)));
      json_object_set_new (json, "display_name", json_string (cloud_account_get_display_name (account)));
      json_object_set_new (json, "address", json_string (cloud_account_get_address (account)));
      for (guint kind = 0; kind < CLOUD_ENDPOINT_N_KINDS; kind++)
        if (cloud_account_get_endpoint (account, (CloudEndpointKind) kind) != NULL)
          json_array_append_new (services, endpoint_json (cloud_account_get_endpoint (account, (CloudEndpointKind) kind)));
      json_object_set_new (json, "services", services);
      json_array_append_new (list, json);
    }
  cirrus_print_json (list);
  return CIRRUS_EXIT_DONE;
}

static CloudAccount *
find_account (CloudAccounts *accounts, const char *text, GError **error)
{
  CloudAccount *account = cloud_accounts_find (accounts, text);

  if (account == NULL)
    g_set_error (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "there is no account \"%s\"; `cirrus account list` names them", text);
  return account;
}

/* What became of the secrets that nothing names any more; an account that is gone is gone either way. */
static void
say_what_stays (CloudAccounts *accounts)
{
  if (*cloud_accounts_get_unused_credentials (accounts) != NULL)
    g_printerr ("cirrus: passwords of removed accounts are locked; `cirrus account unlock` removes them\n");
}

static int
run_remove (CloudAccounts *accounts, CloudSecrets *secrets, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CloudAccount) account = find_account (accounts, text, &error);

  if (account == NULL)
    return cirrus_fail (error);
  cloud_account_change_remove_async (accounts, secrets, cloud_account_get_uuid (account), on_result, &result);
  if (!cloud_account_change_remove_finish (accounts, wait_for (&result), &error))
    return cirrus_fail (error);
  say_what_stays (accounts);
  cirrus_print_json (json_pack ("{s:s}", "removed", cloud_account_get_uuid (account)));
  return CIRRUS_EXIT_DONE;
}

static const char *
state_name (CloudSecretsState state)
{
  switch (state)
    {
    case CLOUD_SECRETS_AVAILABLE:
      return "available";
    case CLOUD_SECRETS_LOCKED:
      return "locked";
    default:
      return "none-yet";
    }
}

static int
print_status (CloudSecrets *secrets)
{
  cirrus_print_json (json_pack ("{s:s, s:s}", "secrets", state_name (cloud_secrets_get_state (secrets)), "kept_in",
                                cloud_secrets_uses_keyring (secrets) ? "keyring" : "file"));
  return CIRRUS_EXIT_DONE;
}

/* Secrets of accounts that went while they were locked go now. */
static void
sweep (CloudAccounts *accounts, CloudSecrets *secrets)
{
  g_autoptr (GAsyncResult) result = NULL;

  cloud_account_change_sweep_async (accounts, secrets, on_result, &result);
  cloud_account_change_sweep_finish (accounts, wait_for (&result), NULL);
  say_what_stays (accounts);
}

static int
run_unlock (CloudAccounts *accounts, CloudSecrets *secrets, int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  char *passphrase = NULL;

  if (cloud_secrets_get_state (secrets) == CLOUD_SECRETS_NONE_YET)
    {
      g_set_error_literal (&error, CLOUD_ERROR, CLOUD_ERROR_INVALID,
                           "there is nothing to unlock yet; `cirrus account passphrase` begins");
      return cirrus_fail (error);
    }
  if (!cloud_secrets_uses_keyring (secrets))
    {
      passphrase = cirrus_secret_input ("Passphrase: ", fd, &error);
      if (passphrase == NULL)
        return cirrus_fail (error);
    }
  cloud_secrets_unlock_async (secrets, passphrase, NULL, on_result, &result);
  cloud_secret_free (passphrase);
  if (!cloud_secrets_unlock_finish (secrets, wait_for (&result), &error))
    return cirrus_fail (error);
  sweep (accounts, secrets);
  return print_status (secrets);
}

/* (transfer full) (nullable): typed twice at a terminal, because nothing could correct a slip. */
static char *
new_passphrase (int fd, GError **error)
{
  char *first = cirrus_secret_input ("New passphrase: ", fd, error);
  char *second;
  gboolean same;

  if (first == NULL || fd >= 0)
    return first;
  second = cirrus_secret_input ("Again: ", fd, error);
  same = second != NULL && strcmp (first, second) == 0;
  if (second != NULL && !same)
    g_set_error_literal (error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "the two are not the same; nothing was changed");
  cloud_secret_free (second);
  if (same)
    return first;
  cloud_secret_free (first);
  return NULL;
}

static int
run_passphrase (CloudSecrets *secrets, int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  char *passphrase = new_passphrase (fd, &error);

  if (passphrase == NULL)
    return cirrus_fail (error);
  cloud_secrets_set_passphrase_async (secrets, passphrase, NULL, on_result, &result);
  cloud_secret_free (passphrase);
  if (!cloud_secrets_set_passphrase_finish (secrets, wait_for (&result), &error))
    return cirrus_fail (error);
  return print_status (secrets);
}

static int
run_lock (CloudSecrets *secrets)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  cloud_secrets_lock_async (secrets, NULL, on_result, &result);
  if (!cloud_secrets_lock_finish (secrets, wait_for (&result), &error))
    return cirrus_fail (error);
  return print_status (secrets);
}

static int
run_secret (CloudAccounts *accounts, CloudSecrets *secrets, const char *text, const char *service, int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CloudAccount) account = find_account (accounts, text, &error);
  const CloudEndpoint *endpoint = NULL;
  CloudEndpointKind kind;
  g_autofree char *label = NULL;
  char *secret;

  if (account == NULL)
    return cirrus_fail (error);
  if (cloud_endpoint_kind_parse (service, &kind))
    endpoint = cloud_account_get_endpoint (account, kind);
  if (endpoint == NULL || *endpoint->credential == '\0')
    {
      g_set_error (&error, CLOUD_ERROR, CLOUD_ERROR_INVALID, "that account has no service \"%s\" with a password", service);
      return cirrus_fail (error);
    }
  secret = cirrus_secret_input ("Password: ", fd, &error);
  if (secret == NULL)
    return cirrus_fail (error);
  label = cloud_account_dup_secret_label (account);
  cloud_secrets_store_async (secrets, endpoint->credential, label, secret, NULL, on_result, &result);
  cloud_secret_free (secret);
  if (!cloud_secrets_store_finish (secrets, wait_for (&result), &error))
    return cirrus_fail (error);
  cirrus_print_json (json_pack ("{s:s}", "stored", endpoint->credential));
  return CIRRUS_EXIT_DONE;
}

/* What each verb wants. (nullable): there is no such verb */
static const char *
verb_words (const char *verb)
{
  static const char *const wanted[][2] = {
    { "list", "" }, { "remove", "ACCOUNT" }, { "status", "" }, { "unlock", "" }, { "lock", "" }, { "passphrase", "" }, { "secret", "ACCOUNT SERVICE" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strcmp (wanted[i][0], verb) == 0)
      return wanted[i][1];
  return NULL;
}

int
cirrus_account_main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CloudAccounts) accounts = NULL;
  g_autoptr (CloudSecrets) secrets = NULL;
  const char *verb = argc > 1 ? argv[1] : "";
  const char *wanted;
  int fd = -1;
  const GOptionEntry entries[] = { { "fd", 0, 0, G_OPTION_ARG_INT, &fd, NULL, NULL }, { NULL } };

  if (strcmp (verb, "--help") == 0)
    {
      fputs (usage, stdout);
      return CIRRUS_EXIT_DONE;
    }
  wanted = verb_words (verb);
  if (wanted == NULL)
    return cirrus_usage_verb (usage, argc, argv);
  argc--;
  argv++;
  if (!cirrus_parse (entries, &argc, &argv, wanted, &error))
    return cirrus_usage_error (usage, error);
  accounts = cloud_accounts_new (NULL, &error);
  if (error != NULL)
    return cirrus_fail (error);
  if (strcmp (verb, "list") == 0)
    return run_list (accounts);
  secrets = cloud_secrets_new (NULL);
  if (!refresh (secrets, &error))
    return cirrus_fail (error);
  if (strcmp (verb, "remove") == 0)
    return run_remove (accounts, secrets, argv[1]);
  if (strcmp (verb, "status") == 0)
    return print_status (secrets);
  if (strcmp (verb, "unlock") == 0)
    return run_unlock (accounts, secrets, fd);
  if (strcmp (verb, "lock") == 0)
    return run_lock (secrets);
  if (strcmp (verb, "passphrase") == 0)
    return run_passphrase (secrets, fd);
  return run_secret (accounts, secrets, argv[1], argv[2], fd);
}
