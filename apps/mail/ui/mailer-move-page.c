/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-move-page.h"

#include "mailer-actions.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* A list of one account's folders. */

typedef struct
{
  MailerMoveChosen chosen;
  gpointer user_data;
} Move;

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  MailerFolder *folder = item;
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), mailer_actions_folder_title (folder));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (mailer_actions_folder_icon (mailer_folder_get_role (folder))));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_visible (row, mailer_folder_is_selectable (folder));
  gtk_widget_set_margin_start (row, 18 * MIN (mailer_folder_get_depth (folder), 6));
  g_object_set_data_full (G_OBJECT (row), "folder", g_object_ref (folder), g_object_unref);
  return row;
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, Move *move)
{
  g_autoptr (MailerFolder) folder = g_object_ref (g_object_get_data (G_OBJECT (row), "folder"));
  MailerMoveChosen chosen = move->chosen;
  gpointer user_data = move->user_data;

  cirrus_shell_go_back_from (GTK_WIDGET (list));
  chosen (folder, user_data);
}

GtkWidget *
mailer_move_page_new (MailerAccount *account, MailerMoveChosen chosen, gpointer user_data)
{
  Move *move = g_new0 (Move, 1);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *page = cirrus_page_new (_ ("Move to"), scrolled);

  move->chosen = chosen;
  move->user_data = user_data;
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  gtk_widget_set_margin_start (list, 12);
  gtk_widget_set_margin_end (list, 12);
  gtk_widget_set_margin_top (list, 18);
  gtk_widget_set_margin_bottom (list, 18);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Folders"), -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), mailer_account_get_folders (account), create_row, NULL, NULL);
  g_signal_connect (list, "row-activated", G_CALLBACK (on_row_activated), move);
  g_object_set_data_full (G_OBJECT (page), "move", move, g_free);
  adw_clamp_set_child (ADW_CLAMP (clamp), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return page;
}
