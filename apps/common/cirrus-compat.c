/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-ui"

#include "cirrus-compat.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* GTK 4.8 and libadwaita 1.2 spellings of things that have other names later. */

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

void
cirrus_open_uri (GtkWidget *widget, const char *uri)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (uri != NULL);

  gtk_show_uri (window_of (widget), uri, GDK_CURRENT_TIME);
}

/* Questions */

typedef struct
{
  CirrusAnswer answer;
  gpointer user_data;
} Question;

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autofree Question *question = user_data;

  question->answer (g_strcmp0 (response, "yes") == 0, question->user_data);
}

void
cirrus_ask (GtkWidget *widget, const char *heading, const char *body, const char *label, gboolean destructive, CirrusAnswer answer,
            gpointer user_data)
{
  GtkWidget *dialog = NULL;
  Question *question = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (heading != NULL && label != NULL && answer != NULL);

  question = g_new0 (Question, 1);
  question->answer = answer;
  question->user_data = user_data;
  dialog = adw_message_dialog_new (window_of (widget), heading, body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "yes", label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), destructive ? "cancel" : "yes");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), question);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Files */

typedef struct
{
  GtkFileChooserNative *native; /* owned: nothing else keeps it alive */
  CirrusFileChosen chosen;
  CirrusFilesChosen chosen_files;
  gpointer user_data;
} Choice;

static void
on_choice (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  Choice *choice = user_data;
  gboolean accepted = response == GTK_RESPONSE_ACCEPT;

  if (choice->chosen != NULL)
    {
      g_autoptr (GFile) file = accepted ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

      choice->chosen (file, choice->user_data);
    }
  else
    {
      g_autoptr (GListModel) files = accepted ? gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog))
                                              : G_LIST_MODEL (g_list_store_new (G_TYPE_FILE));

      choice->chosen_files (files, choice->user_data);
    }
  g_object_unref (choice->native);
  g_free (choice);
}

static void
choose (GtkWidget *widget, const char *title, GtkFileChooserAction action, GtkFileFilter *filter, const char *name, const Choice *what)
{
  Choice *choice = g_memdup2 (what, sizeof *what);

  choice->native = gtk_file_chooser_native_new (title, window_of (widget), action,
                                                action == GTK_FILE_CHOOSER_ACTION_SAVE ? _ ("Save") : _ ("Open"), NULL);
  if (filter != NULL)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (choice->native), filter);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (choice->native), name);
  if (choice->chosen_files != NULL)
    gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (choice->native), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (choice->native), TRUE);
  g_signal_connect (choice->native, "response", G_CALLBACK (on_choice), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choice->native));
}

void
cirrus_choose_file (GtkWidget *widget, const char *title, GtkFileFilter *filter, CirrusFileChosen chosen, gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (widget) && chosen != NULL);

  choose (widget, title, GTK_FILE_CHOOSER_ACTION_OPEN, filter, NULL, &(Choice){ .chosen = chosen, .user_data = user_data });
}

void
cirrus_choose_folder (GtkWidget *widget, const char *title, CirrusFileChosen chosen, gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (widget) && chosen != NULL);

  choose (widget, title, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL, &(Choice){ .chosen = chosen, .user_data = user_data });
}

void
cirrus_save_file (GtkWidget *widget, const char *title, const char *suggested_name, CirrusFileChosen chosen, gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (widget) && chosen != NULL);

  choose (widget, title, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, suggested_name, &(Choice){ .chosen = chosen, .user_data = user_data });
}

void
cirrus_choose_files (GtkWidget *widget, const char *title, CirrusFilesChosen chosen, gpointer user_data)
{
  g_return_if_fail (GTK_IS_WIDGET (widget) && chosen != NULL);

  choose (widget, title, GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL, &(Choice){ .chosen_files = chosen, .user_data = user_data });
}

/* Passwords */

static void
name_buttons (GtkWidget *widget, const char *name)
{
  const char *icon = GTK_IS_BUTTON (widget) ? gtk_button_get_icon_name (GTK_BUTTON (widget)) : NULL;

  if (icon != NULL && g_str_has_prefix (icon, "view-"))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_buttons (child, name);
}

GtkWidget *
cirrus_password_row_new (void)
{
  GtkWidget *row = adw_password_entry_row_new ();

  name_buttons (row, _ ("Show the password"));
  return row;
}
