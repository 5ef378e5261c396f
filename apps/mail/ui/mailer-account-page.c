/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-account-page.h"
#include "mailer-account.h"

#include "cirrus-common.h"
#include "cloud-account-change.h"
#include "cloud-error.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* Entering an account. */

enum
{
  PORT_IMAPS = 993,
  PORT_IMAP = 143,
  PORT_SUBMISSIONS = 465,
  PORT_SUBMISSION = 587,
};

/* One server's rows. */
typedef struct
{
  GtkWidget *host;
  GtkWidget *port;
  GtkWidget *security; /* AdwComboRow: 0 TLS, 1 STARTTLS */
  gboolean guessed;    /* still what the address suggests */
} Server;

typedef struct
{
  MailerEngine *engine;
  CloudAccount *account; /* as it is kept, or new; never written to */
  gboolean is_new;
  GtkWidget *page;
  GtkWidget *name;
  GtkWidget *address;
  GtkWidget *password;
  GtkWidget *user;
  GtkWidget *save;
  GtkWidget *spinner;
  Server imap;
  Server smtp;
  CloudAccount *edited; /* (nullable): what is being kept */
} Page;

static void
page_free (gpointer data)
{
  Page *self = data;

  g_object_unref (self->engine);
  g_object_unref (self->account);
  g_clear_object (&self->edited);
  g_free (self);
}

static const char *
text_of (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

/* ---- Guessing: what most providers call their servers ---- */

static void
guess (Server *server, const char *prefix, const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *host = at != NULL && at[1] != '\0' ? g_strconcat (prefix, at + 1, NULL) : g_strdup ("");

  if (!server->guessed)
    return;
  gtk_editable_set_text (GTK_EDITABLE (server->host), host);
  server->guessed = TRUE; /* the row's own handler took it for the user's */
}

static gboolean
is_complete (Page *self)
{
  const char *at = strchr (text_of (self->address), '@');

  return at != NULL && at != text_of (self->address) && at[1] != '\0' && *text_of (self->imap.host) != '\0' &&
         *text_of (self->smtp.host) != '\0' && (!self->is_new || *text_of (self->password) != '\0');
}

static void
on_changed (Page *self)
{
  gtk_widget_set_sensitive (self->save, is_complete (self));
}

static void
on_address_changed (Page *self)
{
  guess (&self->imap, "imap.", text_of (self->address));
  guess (&self->smtp, "smtp.", text_of (self->address));
  on_changed (self);
}

static void
on_host_changed (GtkWidget *row, Server *server)
{
  server->guessed = *text_of (row) == '\0';
}

/* The usual port of the other kind of security, unless another was entered. */
static void
on_security_changed (AdwComboRow *row, GParamSpec *pspec, Server *server)
{
  gboolean starttls = adw_combo_row_get_selected (row) == 1;
  int port = atoi (text_of (server->port));
  int other = port;

  if (starttls)
    other = port == PORT_IMAPS ? PORT_IMAP : port == PORT_SUBMISSIONS ? PORT_SUBMISSION : port;
  else
    other = port == PORT_IMAP ? PORT_IMAPS : port == PORT_SUBMISSION ? PORT_SUBMISSIONS : port;
  if (other != port)
    {
      g_autofree char *text = g_strdup_printf ("%d", other);

      gtk_editable_set_text (GTK_EDITABLE (server->port), text);
    }
}

/* ---- Keeping it ---- */

static void
set_busy (Page *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->save, !busy);
  gtk_widget_set_visible (self->spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
}

static void
fail (Page *self, const GError *error)
{
  set_busy (self, FALSE);
  cirrus_toast (self->page, cirrus_error_sentence (error));
}

static Page *
page_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "mailer-account-page");
}

static void
on_account_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  Page *self = page_of (widget);
  g_autoptr (GError) error = NULL;

  if (!cloud_account_change_save_finish (CLOUD_ACCOUNTS (source), result, &error))
    {
      fail (self, error);
      return;
    }
  cirrus_toast (widget, _ ("Kept. Mail arrives as soon as the server answers."));
  mailer_engine_sync (self->engine, NULL);
  cirrus_shell_go_back_from (widget);
}

static void
save_account (Page *self)
{
  const char *secret = text_of (self->password);

  cloud_account_change_save_async (mailer_engine_get_configs (self->engine), mailer_engine_get_secrets (self->engine), self->edited,
                                   *secret != '\0' ? secret : NULL, 1u << CLOUD_ENDPOINT_IMAP | 1u << CLOUD_ENDPOINT_SMTP, on_account_saved,
                                   g_object_ref (self->page));
}

/* ---- The passphrase, where no keyring keeps secrets ---- */

static void
on_secrets_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  Page *self = page_of (widget);
  CloudSecrets *secrets = CLOUD_SECRETS (source);
  g_autoptr (GError) error = NULL;
  gboolean making = g_object_get_data (G_OBJECT (widget), "mailer-making-passphrase") != NULL;
  gboolean ok = making ? cloud_secrets_set_passphrase_finish (secrets, result, &error) : cloud_secrets_unlock_finish (secrets, result, &error);

  if (ok)
    save_account (self);
  else if (g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_AUTH_REQUIRED))
    {
      set_busy (self, FALSE);
      cirrus_toast (widget, _ ("That is not the passphrase"));
    }
  else
    fail (self, error);
}

static void
on_passphrase (AdwMessageDialog *dialog, const char *response, GtkWidget *widget)
{
  Page *self = page_of (widget);
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  CloudSecrets *secrets = mailer_engine_get_secrets (self->engine);
  gboolean making = cloud_secrets_get_state (secrets) == CLOUD_SECRETS_NONE_YET;

  if (strcmp (response, "ok") != 0 || *text_of (entry) == '\0')
    {
      set_busy (self, FALSE);
      return;
    }
  g_object_set_data (G_OBJECT (widget), "mailer-making-passphrase", GINT_TO_POINTER (making));
  if (making)
    cloud_secrets_set_passphrase_async (secrets, text_of (entry), NULL, on_secrets_ready, g_object_ref (widget));
  else
    cloud_secrets_unlock_async (secrets, text_of (entry), NULL, on_secrets_ready, g_object_ref (widget));
}

static void
ask_passphrase (Page *self, gboolean making)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (self->page)), making ? _ ("Choose a Passphrase") : _ ("Unlock"),
                                              making ? _ ("No keyring runs here: your passwords are kept in a file encrypted with a passphrase. It cannot be recovered.")
                                                     : _ ("Your passwords are in a file encrypted with your passphrase."));
  GtkWidget *entry = gtk_password_entry_new ();

  gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Passphrase"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "ok", _ ("_Continue"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "ok");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_passphrase), self->page, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- Saving ---- */

static void
set_endpoint (Page *self, CloudEndpointKind kind, const Server *server)
{
  const char *user = *text_of (self->user) != '\0' ? text_of (self->user) : text_of (self->address);
  const CloudEndpoint *old = cloud_account_get_endpoint (self->edited, kind);
  g_autoptr (CloudEndpoint) endpoint = cloud_endpoint_new (kind, text_of (server->host), (guint) atoi (text_of (server->port)),
                                                           adw_combo_row_get_selected (ADW_COMBO_ROW (server->security)) == 1
                                                             ? CLOUD_SECURITY_STARTTLS
                                                             : CLOUD_SECURITY_TLS,
                                                           user);

  if (old != NULL)
    {
      g_free (endpoint->credential);
      endpoint->credential = g_strdup (old->credential);
      endpoint->method = old->method;
      endpoint->path = g_strdup (old->path);
    }
  cloud_account_set_endpoint (self->edited, endpoint);
}

static void
on_save (Page *self)
{
  CloudSecretsState state = cloud_secrets_get_state (mailer_engine_get_secrets (self->engine));

  set_busy (self, TRUE);
  g_clear_object (&self->edited);
  self->edited = cloud_account_copy (self->account);
  if (self->is_new || g_strcmp0 (cloud_account_get_name (self->account), cloud_account_get_address (self->account)) == 0)
    cloud_account_set_name (self->edited, text_of (self->address));
  cloud_account_set_display_name (self->edited, text_of (self->name));
  cloud_account_set_address (self->edited, text_of (self->address));
  set_endpoint (self, CLOUD_ENDPOINT_IMAP, &self->imap);
  set_endpoint (self, CLOUD_ENDPOINT_SMTP, &self->smtp);
  if (*text_of (self->password) != '\0' && (state == CLOUD_SECRETS_NONE_YET || state == CLOUD_SECRETS_LOCKED) &&
      !cloud_secrets_uses_keyring (mailer_engine_get_secrets (self->engine)))
    ask_passphrase (self, state == CLOUD_SECRETS_NONE_YET);
  else
    save_account (self);
}

/* ---- Removing ---- */

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  Page *self = page_of (widget);
  g_autoptr (GError) error = NULL;

  if (cloud_account_change_remove_finish (CLOUD_ACCOUNTS (source), result, &error))
    cirrus_shell_go_back_from (widget);
  else
    fail (self, error);
}

static void
on_remove_answer (gboolean yes, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  Page *self = page_of (widget);

  if (!yes || self == NULL)
    return;
  set_busy (self, TRUE);
  cloud_account_change_remove_async (mailer_engine_get_configs (self->engine), mailer_engine_get_secrets (self->engine),
                                     cloud_account_get_uuid (self->account), on_removed, g_object_ref (widget));
}

static void
on_remove (Page *self)
{
  cirrus_ask (self->page, _ ("Remove the Account?"),
              _ ("Its messages are removed from this device. On the server they stay."), _ ("Remove"), TRUE, on_remove_answer,
              g_object_ref (self->page));
}

/* ---- Making it ---- */

static GtkWidget *
add_entry (Page *self, GtkWidget *group, GtkWidget *row, const char *title, const char *text)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (on_changed), self);
  return row;
}

static GtkWidget *
add_server (Page *self, Server *server, const char *title, CloudEndpointKind kind, int port)
{
  const CloudEndpoint *old = cloud_account_get_endpoint (self->account, kind);
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GtkStringList) securities = gtk_string_list_new ((const char *const[]){ "TLS", "STARTTLS", NULL });
  g_autofree char *port_text = g_strdup_printf ("%d", old != NULL ? (int) old->port : port);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  server->guessed = old == NULL;
  server->security = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (server->security), _ ("Security"));
  adw_combo_row_set_model (ADW_COMBO_ROW (server->security), G_LIST_MODEL (securities));
  adw_combo_row_set_selected (ADW_COMBO_ROW (server->security), old != NULL && old->security == CLOUD_SECURITY_STARTTLS ? 1 : 0);
  server->host = add_entry (self, group, adw_entry_row_new (), _ ("Server"), old != NULL ? old->host : "");
  server->port = add_entry (self, group, adw_entry_row_new (), _ ("Port"), port_text);
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (server->port), GTK_INPUT_PURPOSE_DIGITS);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), server->security);
  g_signal_connect (server->host, "changed", G_CALLBACK (on_host_changed), server);
  g_signal_connect (server->security, "notify::selected", G_CALLBACK (on_security_changed), server);
  return group;
}

static GtkWidget *
create_identity (Page *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  const CloudEndpoint *imap = cloud_account_get_endpoint (self->account, CLOUD_ENDPOINT_IMAP);

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         _ ("Some providers want an app password or an authorization code here instead of your usual password."));
  self->name = add_entry (self, group, adw_entry_row_new (), _ ("Your Name"), cloud_account_get_display_name (self->account));
  self->address = add_entry (self, group, adw_entry_row_new (), _ ("E-Mail Address"), cloud_account_get_address (self->account));
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (self->address), GTK_INPUT_PURPOSE_EMAIL);
  self->password = add_entry (self, group, cirrus_password_row_new (), self->is_new ? _ ("Password") : _ ("New Password"), "");
  self->user = add_entry (self, group, adw_entry_row_new (), _ ("User Name (if it is not the address)"),
                          imap != NULL && g_strcmp0 (imap->user, cloud_account_get_address (self->account)) != 0 ? imap->user : "");
  return group;
}

static GtkWidget *
create_content (Page *self)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *identity = create_identity (self);

  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (identity));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            ADW_PREFERENCES_GROUP (add_server (self, &self->imap, _ ("Incoming Mail (IMAP)"), CLOUD_ENDPOINT_IMAP, PORT_IMAPS)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            ADW_PREFERENCES_GROUP (add_server (self, &self->smtp, _ ("Outgoing Mail (SMTP)"), CLOUD_ENDPOINT_SMTP, PORT_SUBMISSIONS)));
  g_signal_connect_swapped (self->address, "changed", G_CALLBACK (on_address_changed), self);
  if (!self->is_new)
    {
      GtkWidget *group = adw_preferences_group_new ();
      GtkWidget *remove = gtk_button_new_with_label (_ ("Remove Account"));

      gtk_widget_add_css_class (remove, "destructive-action");
      gtk_widget_add_css_class (remove, "pill");
      gtk_widget_set_halign (remove, GTK_ALIGN_CENTER);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), remove);
      adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
      g_signal_connect_swapped (remove, "clicked", G_CALLBACK (on_remove), self);
    }
  return page;
}

GtkWidget *
mailer_account_page_new (MailerEngine *engine, MailerAccount *account)
{
  Page *self = g_new0 (Page, 1);
  CloudAccount *config = account != NULL ? cloud_accounts_lookup (mailer_engine_get_configs (engine), mailer_account_get_id (account)) : NULL;

  self->engine = g_object_ref (engine);
  self->is_new = config == NULL;
  self->account = config != NULL ? g_object_ref (config) : cloud_account_new (NULL, "", "", "");
  self->page = cirrus_page_new (self->is_new ? _ ("Add an Account") : _ ("Account"), NULL);
  self->save = gtk_button_new_with_label (self->is_new ? _ ("Add") : _ ("Save"));
  self->spinner = gtk_spinner_new ();
  gtk_widget_add_css_class (self->save, "suggested-action");
  gtk_widget_set_visible (self->spinner, FALSE);
  g_object_set_data_full (G_OBJECT (self->page), "mailer-account-page", self, page_free);
  cirrus_page_set_content (CIRRUS_PAGE (self->page), create_content (self));
  cirrus_page_pack_end (CIRRUS_PAGE (self->page), self->save);
  cirrus_page_pack_end (CIRRUS_PAGE (self->page), self->spinner);
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (on_save), self);
  on_changed (self);
  return self->page;
}
