/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-outbox-page.h"

#include "mailer-list-page.h"
#include "mailer-outbox-item.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* The outbox. */

/* What the item's state means, in a sentence; (transfer full). */
static char *
state_sentence (MailerOutboxItem *item)
{
  const GError *error = mailer_outbox_item_get_error (item);
  const char *why = error != NULL ? cirrus_error_sentence (error) : NULL;

  switch (mailer_outbox_item_get_state (item))
    {
    case MAILER_OUTBOX_SENDING:
      return g_strdup (_ ("Being sent…"));
    case MAILER_OUTBOX_UNCERTAIN:
      return g_strdup (_ ("The connection broke while the server may already have had it. Look whether it arrived before sending it again."));
    case MAILER_OUTBOX_FAILED:
      return g_strdup (why != NULL ? why : _ ("The server refused it."));
    default:
      return g_strdup (why != NULL ? why : _ ("Waiting for the network"));
    }
}

/* A message is a draft again, whatever became of it: what was written is not lost. */
static const char *
taken_sentence (MailerTaken taken)
{
  switch (taken)
    {
    case MAILER_TAKEN_PERHAPS_SENT:
      return _ ("It is a draft again, but it may have been sent");
    case MAILER_TAKEN_SENT:
      return _ ("It is a draft again, but it was sent already");
    default:
      return _ ("Not sent: it is a draft again");
    }
}

static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  g_autoptr (GError) error = NULL;
  MailerTaken taken;

  if (!mailer_outbox_item_cancel_finish (MAILER_OUTBOX_ITEM (source), result, &taken, &error))
    cirrus_toast (page, cirrus_error_sentence (error));
  else if (mailer_outbox_item_is_send (MAILER_OUTBOX_ITEM (source)))
    cirrus_toast (page, taken_sentence (taken));
}

static void
on_retried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  g_autoptr (GError) error = NULL;

  if (!mailer_outbox_item_retry_finish (MAILER_OUTBOX_ITEM (source), result, &error))
    cirrus_toast (page, cirrus_error_sentence (error));
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  g_autoptr (GError) error = NULL;

  if (!mailer_outbox_item_confirm_finish (MAILER_OUTBOX_ITEM (source), result, &error))
    cirrus_toast (page, cirrus_error_sentence (error));
}

static void
on_cancel (GtkWidget *button, MailerOutboxItem *item)
{
  mailer_outbox_item_cancel_async (item, NULL, on_cancelled, g_object_ref (gtk_widget_get_ancestor (button, CIRRUS_TYPE_PAGE)));
}

static void
on_retry (GtkWidget *button, MailerOutboxItem *item)
{
  mailer_outbox_item_retry_async (item, NULL, on_retried, g_object_ref (gtk_widget_get_ancestor (button, CIRRUS_TYPE_PAGE)));
}

static void
on_confirm (GtkWidget *button, MailerOutboxItem *item)
{
  mailer_outbox_item_confirm_async (item, NULL, on_confirmed, g_object_ref (gtk_widget_get_ancestor (button, CIRRUS_TYPE_PAGE)));
}

static GtkWidget *
add_button (GtkWidget *row, const char *icon, const char *label, GCallback callback, MailerOutboxItem *item)
{
  GtkWidget *button = cirrus_icon_button_new (icon, label, NULL);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_data (button, "clicked", callback, g_object_ref (item), (GClosureNotify) g_object_unref, 0);
  return button;
}

typedef struct
{
  MailerOutboxItem *item;
  GtkWidget *row;
  GtkWidget *confirm;
  GtkWidget *retry;
  GtkWidget *cancel;
} RowState;

static void
update_row (RowState *state)
{
  MailerOutboxState item_state = mailer_outbox_item_get_state (state->item);
  g_autofree char *sentence = state_sentence (state->item);
  const char *recipients = mailer_outbox_item_get_recipients (state->item);
  g_autofree char *subtitle = recipients != NULL && *recipients != '\0' ? g_strdup_printf ("%s\n%s", recipients, sentence) : g_strdup (sentence);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (state->row), subtitle);
  gtk_widget_set_visible (state->confirm, item_state == MAILER_OUTBOX_UNCERTAIN);
  gtk_widget_set_visible (state->retry, item_state == MAILER_OUTBOX_FAILED || item_state == MAILER_OUTBOX_UNCERTAIN);
  gtk_widget_set_visible (state->cancel, item_state != MAILER_OUTBOX_SENDING);
}

static void
row_state_free (gpointer data)
{
  RowState *state = data;

  g_signal_handlers_disconnect_by_data (state->item, state);
  g_object_unref (state->item);
  g_free (state);
}

static GtkWidget *
create_row (gpointer object, gpointer user_data)
{
  MailerOutboxItem *item = object;
  gboolean is_send = mailer_outbox_item_is_send (item);
  const char *title = mailer_outbox_item_get_title (item);
  RowState *state = g_new0 (RowState, 1);

  state->item = g_object_ref (item);
  state->row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (state->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (state->row), !is_send ? _ ("A change on the server")
                                                                           : title != NULL && *title != '\0' ? title : _ ("(no subject)"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (state->row), 5);
  adw_action_row_add_prefix (ADW_ACTION_ROW (state->row),
                             gtk_image_new_from_icon_name (is_send ? "mail-send-symbolic" : "emblem-synchronizing-symbolic"));
  state->confirm = add_button (state->row, "object-select-symbolic", _ ("It Arrived"), G_CALLBACK (on_confirm), item);
  state->retry = add_button (state->row, "view-refresh-symbolic", _ ("Try Again"), G_CALLBACK (on_retry), item);
  state->cancel = add_button (state->row, "edit-undo-symbolic", is_send ? _ ("Do Not Send") : _ ("Take Back"), G_CALLBACK (on_cancel), item);
  g_signal_connect_swapped (item, "notify", G_CALLBACK (update_row), state);
  g_object_set_data_full (G_OBJECT (state->row), "mailer-row-state", state, row_state_free);
  update_row (state);
  return state->row;
}

static void
on_items_changed (GtkWidget *page, guint position, guint removed, guint added, GListModel *outbox)
{
  mailer_list_page_set_empty (page, g_list_model_get_n_items (outbox) == 0);
}

GtkWidget *
mailer_outbox_page_new (MailerEngine *engine)
{
  GListModel *outbox = mailer_engine_get_outbox (engine);
  GtkListBox *list = GTK_LIST_BOX (gtk_list_box_new ());
  GtkWidget *page = mailer_list_page_new (_ ("Outbox"), list, _ ("Nothing Waits"), _ ("What you send without a network is kept here until it is on its way."));

  gtk_list_box_bind_model (list, outbox, create_row, NULL, NULL);
  g_signal_connect_object (outbox, "items-changed", G_CALLBACK (on_items_changed), page, G_CONNECT_SWAPPED);
  on_items_changed (page, 0, 0, 0, outbox);
  return page;
}
