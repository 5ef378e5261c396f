/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-message-view.h"

#include "mailer-message-card.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* A conversation.  The list box follows the model of its messages: what arrives while it is open appears below. */

struct _MailerMessageView
{
  GtkWidget parent_instance;
  GObject *item; /* MailerConversation, MailerMessageItem */
  GListModel *messages;

  CirrusPage *page;
  GtkStack *stack; /* "none", "message" */
  GtkLabel *subject;
  GtkListBox *cards;
  GtkScrolledWindow *scrolled;
  GtkWidget *bar;
  GPtrArray *header_buttons;
  gboolean is_opening; /* the first messages: which are unfolded is decided once */
};

G_DEFINE_FINAL_TYPE (MailerMessageView, mailer_message_view, GTK_TYPE_WIDGET)

/* ---- Cards ---- */

static MailerMessageCard *
get_card (MailerMessageView *self, guint index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->cards, index);

  return row != NULL ? MAILER_MESSAGE_CARD (gtk_list_box_row_get_child (row)) : NULL;
}

static GtkWidget *
create_card (gpointer item, gpointer user_data)
{
  MailerMessageView *self = user_data;
  GtkWidget *card = mailer_message_card_new (item);
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), card);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  if (!self->is_opening)
    mailer_message_card_set_expanded (MAILER_MESSAGE_CARD (card), mailer_message_item_is_unread (item));
  return row;
}

/* The newest is open, and so is what is not read yet. */
static void
unfold_first (MailerMessageView *self)
{
  guint n = g_list_model_get_n_items (self->messages);

  if (!self->is_opening || n == 0)
    return;
  self->is_opening = FALSE;
  for (guint i = 0; i < n; i++)
    {
      MailerMessageCard *card = get_card (self, i);

      if (i == n - 1 || mailer_message_item_is_unread (mailer_message_card_get_item (card)))
        mailer_message_card_set_expanded (card, TRUE);
    }
}

static void
show_subject (MailerMessageView *self)
{
  g_autofree char *subject = NULL;

  g_object_get (self->item, "subject", &subject, NULL);
  gtk_label_set_text (self->subject, subject != NULL && *subject != '\0' ? subject : _ ("No subject"));
}

/* ---- Making it ---- */

static GMenuModel *
create_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) answers = g_menu_new ();
  g_autoptr (GMenu) marks = g_menu_new ();
  g_autoptr (GMenu) places = g_menu_new ();

  g_menu_append (answers, _ ("Reply to All"), "win.reply-all");
  g_menu_append (answers, _ ("Forward"), "win.forward");
  g_menu_append (marks, _ ("Star or Unstar"), "win.star");
  g_menu_append (marks, _ ("Mark as Unread"), "win.unread");
  g_menu_append (places, _ ("Move to…"), "win.move");
  g_menu_append (places, _ ("Junk"), "win.junk");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (answers));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (marks));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (places));
  return G_MENU_MODEL (menu);
}

static void
create_header (MailerMessageView *self)
{
  GtkWidget *menu_button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) menu = create_menu ();
  GtkWidget *archive = cirrus_icon_button_new ("cirrus-archive-symbolic", _ ("Archive"), "win.archive");
  GtkWidget *delete = cirrus_icon_button_new ("user-trash-symbolic", _ ("Delete"), "win.delete");

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (menu_button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (menu_button), menu);
  gtk_widget_set_tooltip_text (menu_button, _ ("More"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("More"), -1);
  cirrus_page_pack_start (self->page, archive);
  cirrus_page_pack_end (self->page, menu_button);
  cirrus_page_pack_end (self->page, delete);
  self->header_buttons = g_ptr_array_new ();
  g_ptr_array_add (self->header_buttons, archive);
  g_ptr_array_add (self->header_buttons, delete);
  g_ptr_array_add (self->header_buttons, menu_button);
}

static GtkWidget *
create_bar_button (const char *icon, const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (button, TRUE);
  return button;
}

static GtkWidget *
create_bar (MailerMessageView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), create_bar_button ("mail-reply-sender-symbolic", _ ("Reply"), "win.reply"));
  gtk_box_append (GTK_BOX (box), create_bar_button ("mail-reply-all-symbolic", _ ("Reply to All"), "win.reply-all"));
  gtk_box_append (GTK_BOX (box), create_bar_button ("mail-forward-symbolic", _ ("Forward"), "win.forward"));
  gtk_widget_add_css_class (box, "toolbar");
  self->bar = box;
  return box;
}

static GtkWidget *
create_content (MailerMessageView *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();

  self->subject = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->subject, TRUE);
  gtk_label_set_wrap_mode (self->subject, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (self->subject, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->subject), "mail-subject");
  self->cards = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->cards, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->cards), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->cards), GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cards), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Messages of this conversation"), -1);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->subject));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->cards));
  gtk_widget_set_margin_start (column, 12);
  gtk_widget_set_margin_end (column, 12);
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 24);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 760);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  self->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scrolled, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->scrolled, clamp);
  gtk_widget_set_vexpand (GTK_WIDGET (self->scrolled), TRUE);
  return GTK_WIDGET (self->scrolled);
}

static void
mailer_message_view_dispose (GObject *object)
{
  MailerMessageView *self = MAILER_MESSAGE_VIEW (object);

  g_clear_pointer ((GtkWidget **) &self->page, gtk_widget_unparent);
  g_clear_pointer (&self->header_buttons, g_ptr_array_unref);
  g_clear_object (&self->messages);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (mailer_message_view_parent_class)->dispose (object);
}

static void
mailer_message_view_class_init (MailerMessageViewClass *class)
{
  G_OBJECT_CLASS (class)->dispose = mailer_message_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
mailer_message_view_init (MailerMessageView *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, cirrus_status_view_new ("mail", _ ("No Message Chosen"), _ ("Choose one from the list to read it here."), NULL), "none");
  gtk_stack_add_named (self->stack, create_content (self), "message");
  self->page = CIRRUS_PAGE (cirrus_page_new ("", GTK_WIDGET (self->stack)));
  cirrus_page_add_bottom (self->page, create_bar (self));
  create_header (self);
  gtk_widget_set_parent (GTK_WIDGET (self->page), GTK_WIDGET (self));
  mailer_message_view_show (self, NULL);
}

GtkWidget *
mailer_message_view_new (void)
{
  return g_object_new (MAILER_TYPE_MESSAGE_VIEW, NULL);
}

void
mailer_message_view_show (MailerMessageView *self, gpointer item)
{
  g_return_if_fail (MAILER_IS_MESSAGE_VIEW (self));
  g_return_if_fail (item == NULL || MAILER_IS_CONVERSATION (item) || MAILER_IS_MESSAGE_ITEM (item));

  gtk_list_box_bind_model (self->cards, NULL, NULL, NULL, NULL);
  if (self->messages != NULL)
    g_signal_handlers_disconnect_by_data (self->messages, self);
  g_clear_object (&self->messages);
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  gtk_stack_set_visible_child_name (self->stack, item != NULL ? "message" : "none");
  gtk_widget_set_visible (self->bar, item != NULL);
  for (guint i = 0; i < self->header_buttons->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->header_buttons, i), item != NULL);
  if (item == NULL)
    return;

  if (MAILER_IS_CONVERSATION (item))
    self->messages = mailer_conversation_list_messages (item);
  else
    {
      self->messages = G_LIST_MODEL (g_list_store_new (MAILER_TYPE_MESSAGE_ITEM));
      g_list_store_append (G_LIST_STORE (self->messages), item);
    }
  self->is_opening = TRUE;
  gtk_list_box_bind_model (self->cards, self->messages, create_card, self, NULL);
  g_signal_connect_object (self->messages, "items-changed", G_CALLBACK (unfold_first), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (item, "notify::subject", G_CALLBACK (show_subject), self, G_CONNECT_SWAPPED);
  show_subject (self);
  unfold_first (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
}

gpointer
mailer_message_view_get_item (MailerMessageView *self)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_VIEW (self), NULL);

  return self->item;
}

gboolean
mailer_message_view_get_latest (MailerMessageView *self, MailerMessageItem **item, MailerBody **body)
{
  g_return_val_if_fail (MAILER_IS_MESSAGE_VIEW (self), FALSE);

  for (guint i = self->messages != NULL ? g_list_model_get_n_items (self->messages) : 0; i > 0; i--)
    {
      MailerMessageCard *card = get_card (self, i - 1);

      if (card == NULL || mailer_message_card_get_body (card) == NULL)
        continue;
      *item = mailer_message_card_get_item (card);
      *body = mailer_message_card_get_body (card);
      return TRUE;
    }
  return FALSE;
}
