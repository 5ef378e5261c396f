/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-message-list.h"

#include "mailer-actions.h"
#include "mailer-message-row.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* The list of conversations.  Two models take turns in one GtkListView: the folder's, and the search's while something is typed. */

enum
{
  OPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

struct _MailerMessageList
{
  GtkWidget parent_instance;
  MailerEngine *engine;
  MailerFolder *folder; /* NULL: all inboxes */
  MailerConversationList *conversations;
  MailerSearch *search;

  CirrusPage *page;
  GtkSearchBar *search_bar;
  GtkSearchEntry *entry;
  CirrusOfflineBanner *banner;
  MailerAccount *troubled; /* whose error the banner tells */
  GtkStack *stack;         /* "list", "loading", "empty" */
  CirrusStatusView *empty;
  GtkListView *view;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (MailerMessageList, mailer_message_list, GTK_TYPE_WIDGET)

/* ---- What is shown ---- */

static gboolean
is_searching (MailerMessageList *self)
{
  return gtk_search_bar_get_search_mode (self->search_bar) && *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0';
}

static void
describe_empty (MailerMessageList *self)
{
  if (is_searching (self))
    cirrus_status_view_set (self->empty, "search", _ ("Nothing Found"), _ ("No message has these words. Try fewer or other ones."), NULL);
  else if (self->folder == NULL || mailer_folder_get_role (self->folder) == MAILER_ROLE_INBOX)
    cirrus_status_view_set (self->empty, "mail", _ ("No Mail"), _ ("New messages appear here by themselves."), _ ("Look for New Mail"));
  else
    cirrus_status_view_set (self->empty, "empty", _ ("No Messages"), _ ("This folder is empty."), NULL);
}

static void
update_state (MailerMessageList *self)
{
  GListModel *model = gtk_single_selection_get_model (self->selection);
  gboolean loading = FALSE;

  if (model == NULL)
    return;
  loading = MAILER_IS_SEARCH (model) ? mailer_search_is_loading (MAILER_SEARCH (model))
                                     : mailer_conversation_list_is_loading (MAILER_CONVERSATION_LIST (model));
  if (g_list_model_get_n_items (model) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (loading)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else
    {
      describe_empty (self);
      gtk_stack_set_visible_child_name (self->stack, "empty");
    }
}

static void
show_model (MailerMessageList *self)
{
  GListModel *model = is_searching (self) ? G_LIST_MODEL (self->search) : G_LIST_MODEL (self->conversations);

  if (gtk_single_selection_get_model (self->selection) != model)
    gtk_single_selection_set_model (self->selection, model);
  update_state (self);
}

static void
watch_model (MailerMessageList *self, gpointer model)
{
  g_signal_connect_object (model, "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::loading", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
}

/* ---- Searching ---- */

static void
on_search_changed (MailerMessageList *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (is_searching (self))
    {
      if (self->search == NULL)
        {
          self->search = mailer_engine_search (self->engine, text);
          watch_model (self, self->search);
        }
      else
        mailer_search_set_query (self->search, text);
    }
  show_model (self);
}

/* ---- How the accounts are ---- */

static MailerAccount *
find_trouble (MailerMessageList *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      if (mailer_account_get_error (account) != NULL
          && (self->folder == NULL || mailer_folder_get_account (self->folder) == account))
        return account;
    }
  return NULL;
}

static gboolean
is_syncing (MailerMessageList *self)
{
  GListModel *accounts = mailer_engine_get_accounts (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      if (mailer_account_get_sync_state (account) == MAILER_SYNC_RUNNING)
        return TRUE;
    }
  return FALSE;
}

static void
update_accounts (MailerMessageList *self)
{
  MailerAccount *account = find_trouble (self);
  const GError *error = account != NULL ? mailer_account_get_error (account) : NULL;

  g_set_object (&self->troubled, account);
  cirrus_offline_banner_set_error (self->banner, error);
  if (error != NULL && cirrus_error_remedy (error) == CIRRUS_REMEDY_SIGN_IN)
    {
      g_autofree char *text = g_strdup_printf (_ ("%s does not accept the password."), mailer_account_get_name (account));

      cirrus_offline_banner_set_text (self->banner, text, cirrus_remedy_label (CIRRUS_REMEDY_SIGN_IN));
    }
  cirrus_page_set_subtitle (self->page, is_syncing (self) ? _ ("Looking for new mail…") : NULL);
}

static void
on_banner_button (MailerMessageList *self)
{
  const GError *error = self->troubled != NULL ? mailer_account_get_error (self->troubled) : NULL;

  if (error != NULL && cirrus_error_remedy (error) == CIRRUS_REMEDY_SIGN_IN)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.account", "s", mailer_account_get_id (self->troubled));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.sync", NULL);
}

static void
on_accounts_changed (MailerMessageList *self, guint position, guint n_removed, guint n_added, GListModel *accounts)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (MailerAccount) account = g_list_model_get_item (accounts, i);

      g_signal_connect_object (account, "notify::error", G_CALLBACK (update_accounts), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (account, "notify::sync-state", G_CALLBACK (update_accounts), self, G_CONNECT_SWAPPED);
    }
  update_accounts (self);
}

/* ---- Rows ---- */

static void
on_star_toggled (MailerMessageRow *row, MailerMessageList *self)
{
  GObject *item = mailer_message_row_get_item (row);
  gboolean starred = FALSE;

  if (item == NULL)
    return;
  if (MAILER_IS_HIT (item))
    item = G_OBJECT (mailer_hit_get_item (MAILER_HIT (item)));
  g_object_get (item, "starred", &starred, NULL);
  mailer_actions_run (GTK_WIDGET (self), self->engine, item, starred ? MAILER_ACTION_UNSTAR : MAILER_ACTION_STAR, NULL);
}

static void
on_setup (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *row = mailer_message_row_new ();

  g_signal_connect (row, "star-toggled", G_CALLBACK (on_star_toggled), user_data);
  gtk_list_item_set_child (list_item, row);
}

static void
on_bind (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  mailer_message_row_bind (MAILER_MESSAGE_ROW (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
on_unbind (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  mailer_message_row_bind (MAILER_MESSAGE_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static void
on_selected (MailerMessageList *self)
{
  GObject *item = gtk_single_selection_get_selected_item (self->selection);

  if (item != NULL)
    g_signal_emit (self, signals[OPENED], 0, item);
}

/* Enter or a second click on the row that is open already. */
static void
on_activated (MailerMessageList *self, guint position)
{
  if (gtk_single_selection_get_selected (self->selection) == position)
    on_selected (self);
  else
    gtk_single_selection_set_selected (self->selection, position);
}

/* ---- Making it ---- */

static GtkWidget *
create_view (MailerMessageList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "mail-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Messages"), -1);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (on_activated), self);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
create_search_bar (MailerMessageList *self)
{
  self->search_bar = GTK_SEARCH_BAR (gtk_search_bar_new ());
  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->entry, "placeholder-text", _ ("Words, from:name, is:unread…"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search in all mail"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  gtk_search_bar_set_child (self->search_bar, GTK_WIDGET (self->entry));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->entry));
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (on_search_changed), self);
  g_signal_connect_swapped (self->search_bar, "notify::search-mode-enabled", G_CALLBACK (on_search_changed), self);
  return GTK_WIDGET (self->search_bar);
}

static void
create_header (MailerMessageList *self)
{
  GtkWidget *search = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (search), "system-search-symbolic");
  gtk_widget_set_tooltip_text (search, _ ("Search"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (search), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search"), -1);
  g_object_bind_property (search, "active", self->search_bar, "search-mode-enabled", G_BINDING_BIDIRECTIONAL);
  cirrus_page_pack_end (self->page, cirrus_icon_button_new ("document-edit-symbolic", _ ("Write a Message"), "win.compose"));
  cirrus_page_pack_end (self->page, search);
}

static void
mailer_message_list_dispose (GObject *object)
{
  MailerMessageList *self = MAILER_MESSAGE_LIST (object);

  g_clear_pointer ((GtkWidget **) &self->page, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->conversations);
  g_clear_object (&self->search);
  g_clear_object (&self->troubled);
  g_clear_object (&self->folder);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (mailer_message_list_parent_class)->dispose (object);
}

static void
mailer_message_list_class_init (MailerMessageListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = mailer_message_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);

  signals[OPENED] = g_signal_new ("opened", MAILER_TYPE_MESSAGE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
mailer_message_list_init (MailerMessageList *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  self->empty = CIRRUS_STATUS_VIEW (cirrus_status_view_new ("mail", "", "", NULL));
  cirrus_status_view_set_action_name (self->empty, "win.sync");
  gtk_stack_add_named (self->stack, cirrus_skeleton_list_new (10, 72, TRUE), "loading");
  gtk_stack_add_named (self->stack, create_view (self), "list");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->empty), "empty");
  self->page = CIRRUS_PAGE (cirrus_page_new (_ ("Mail"), GTK_WIDGET (self->stack)));
  self->banner = CIRRUS_OFFLINE_BANNER (cirrus_offline_banner_new ());
  g_signal_connect_swapped (self->banner, "retry", G_CALLBACK (on_banner_button), self);
  cirrus_page_add_top (self->page, create_search_bar (self));
  cirrus_page_add_top (self->page, GTK_WIDGET (self->banner));
  create_header (self);
  gtk_widget_set_parent (GTK_WIDGET (self->page), GTK_WIDGET (self));
}

GtkWidget *
mailer_message_list_new (MailerEngine *engine)
{
  MailerMessageList *self = g_object_new (MAILER_TYPE_MESSAGE_LIST, NULL);
  GListModel *accounts = mailer_engine_get_accounts (engine);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, g_list_model_get_n_items (accounts), accounts);
  mailer_message_list_show_folder (self, NULL);
  return GTK_WIDGET (self);
}

void
mailer_message_list_show_folder (MailerMessageList *self, MailerFolder *folder)
{
  g_return_if_fail (MAILER_IS_MESSAGE_LIST (self));
  g_return_if_fail (folder == NULL || MAILER_IS_FOLDER (folder));

  g_set_object (&self->folder, folder);
  g_clear_object (&self->conversations);
  self->conversations = folder != NULL ? mailer_engine_list_folder (self->engine, folder) : mailer_engine_list_inbox (self->engine);
  watch_model (self, self->conversations);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  cirrus_page_set_title (self->page, folder != NULL ? mailer_actions_folder_title (folder) : _ ("All Inboxes"));
  show_model (self);
  update_accounts (self);
}

MailerFolder *
mailer_message_list_get_folder (MailerMessageList *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_LIST (self), NULL);

  return self->folder;
}

void
mailer_message_list_begin_search (MailerMessageList *self)
{
  g_return_if_fail (MAILER_IS_MESSAGE_LIST (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
mailer_message_list_unselect (MailerMessageList *self)
{
  g_return_if_fail (MAILER_IS_MESSAGE_LIST (self));

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

gboolean
mailer_message_list_select_next (MailerMessageList *self, GObject *item)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n = g_list_model_get_n_items (model);
  guint position = gtk_single_selection_get_selected (self->selection);

  g_return_val_if_fail (MAILER_IS_MESSAGE_LIST (self), FALSE);

  if (position == GTK_INVALID_LIST_POSITION || gtk_single_selection_get_selected_item (self->selection) != item || n < 2)
    return FALSE;
  gtk_single_selection_set_selected (self->selection, position + 1 < n ? position + 1 : position - 1);
  return TRUE;
}
