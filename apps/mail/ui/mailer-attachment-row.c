/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-attachment-row.h"

#include "mailer-opened.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* A row with two buttons.  The row holds its attachment; what runs holds the row. */

static MailerAttachment *
get_attachment (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "attachment");
}

static void
say_error (GtkWidget *row, const GError *error)
{
  if (gtk_widget_get_root (row) != NULL && cirrus_error_sentence (error) != NULL)
    cirrus_toast (row, cirrus_error_sentence (error));
}

/* ---- Saving ---- */

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) row = user_data;
  g_autoptr (GError) error = NULL;

  if (!mailer_attachment_save_finish (MAILER_ATTACHMENT (source), result, &error))
    say_error (row, error);
  else if (gtk_widget_get_root (row) != NULL)
    cirrus_toast (row, _ ("Saved"));
}

static void
on_save_chosen (GFile *file, gpointer user_data)
{
  g_autoptr (GtkWidget) row = user_data;

  if (file != NULL)
    mailer_attachment_save_async (get_attachment (row), file, NULL, on_saved, g_object_ref (row));
}

static void
on_save_clicked (GtkWidget *row)
{
  cirrus_save_file (row, _ ("Save the Attachment"), mailer_attachment_get_filename (get_attachment (row)), on_save_chosen, g_object_ref (row));
}

/* ---- Opening ---- */

/* What a desktop would start rather than show. */
static gboolean
is_program (MailerAttachment *attachment)
{
  const char *types[] = { "application/x-desktop", "application/x-executable", "application/x-sharedlib", "application/x-shellscript",
                          "application/vnd.appimage", "application/x-ms-dos-executable", "application/x-msdownload", "application/java-archive" };
  g_autofree char *guessed = g_content_type_guess (mailer_attachment_get_filename (attachment), NULL, 0, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_content_type_is_a (guessed, types[i]) || g_ascii_strcasecmp (mailer_attachment_get_mime_type (attachment), types[i]) == 0)
      return TRUE;
  return g_str_has_suffix (mailer_attachment_get_filename (attachment), ".desktop");
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) row = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) copy = mailer_opened_copy_finish (MAILER_ATTACHMENT (source), result, &error);
  g_autofree char *uri = copy != NULL ? g_file_get_uri (copy) : NULL;

  if (uri == NULL)
    say_error (row, error);
  else if (gtk_widget_get_root (row) != NULL)
    cirrus_open_uri (row, uri);
}

static void
on_open_clicked (GtkWidget *row)
{
  MailerAttachment *attachment = get_attachment (row);

  if (is_program (attachment))
    cirrus_toast (row, _ ("This file can run as a program. Save it if you trust the sender."));
  else
    mailer_opened_copy_async (attachment, NULL, on_copied, g_object_ref (row));
}

/* ---- Making it ---- */

static GtkWidget *
create_button (GtkWidget *row, const char *icon, const char *what, GCallback clicked)
{
  g_autofree char *name = g_strdup_printf (what, mailer_attachment_get_filename (get_attachment (row)));
  GtkWidget *button = cirrus_icon_button_new (icon, name, NULL);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", clicked, row);
  return button;
}

GtkWidget *
mailer_attachment_row_new (MailerAttachment *attachment)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *size = cirrus_format_size (MAX (mailer_attachment_get_size (attachment), 0));
  g_autofree char *kind = g_content_type_from_mime_type (mailer_attachment_get_mime_type (attachment));
  g_autofree char *what = kind != NULL ? g_content_type_get_description (kind) : NULL;
  g_autofree char *subtitle = what != NULL ? g_strdup_printf ("%s · %s", size, what) : g_strdup (size);
  g_autoptr (GIcon) icon = kind != NULL ? g_content_type_get_symbolic_icon (kind) : NULL;
  GtkWidget *image = icon != NULL ? gtk_image_new_from_gicon (icon) : gtk_image_new_from_icon_name ("text-x-generic-symbolic");

  g_object_set_data_full (G_OBJECT (row), "attachment", g_object_ref (attachment), g_object_unref);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), mailer_attachment_get_filename (attachment));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_button (row, "document-open-symbolic", _ ("Open %s"), G_CALLBACK (on_open_clicked)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_button (row, "document-save-symbolic", _ ("Save %s"), G_CALLBACK (on_save_clicked)));
  return row;
}
