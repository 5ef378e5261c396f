/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-picture.h"

#include <glib/gi18n.h>

/* Bytes of a stranger to a picture on the screen. */

#define MAX_PIXELS (40 * 1000 * 1000)
#define MAX_SIDE_PX 1600
#define MAX_SHOWN_HEIGHT_PX 480

static void
on_gone (gpointer data)
{
  GCancellable *cancellable = data;

  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
}

/* ---- On the worker's thread ---- */

static void
on_size (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  gboolean *refused = user_data;
  double scale = MIN (1.0, (double) MAX_SIDE_PX / MAX (MAX (width, height), 1));

  *refused = (gint64) width * height > MAX_PIXELS;
  gdk_pixbuf_loader_set_size (loader, *refused ? 1 : MAX (1, (int) (width * scale)), *refused ? 1 : MAX (1, (int) (height * scale)));
}

static void
decode (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GError) error = NULL;
  gboolean refused = FALSE;
  gboolean ok = FALSE;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &refused);
  ok = gdk_pixbuf_loader_write_bytes (loader, task_data, &error);
  ok = gdk_pixbuf_loader_close (loader, ok ? &error : NULL) && ok;
  if (ok && !refused && gdk_pixbuf_loader_get_pixbuf (loader) != NULL)
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (gdk_pixbuf_loader_get_pixbuf (loader)), g_object_unref);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "a picture that is not shown");
}

/* ---- On the main thread ---- */

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);
  GtkPicture *picture = NULL;

  if (texture == NULL)
    return;
  picture = GTK_PICTURE (gtk_stack_get_child_by_name (GTK_STACK (source), "picture"));
  gtk_picture_set_paintable (picture, GDK_PAINTABLE (texture));
  gtk_widget_set_size_request (GTK_WIDGET (picture), -1, MIN (gdk_texture_get_height (texture), MAX_SHOWN_HEIGHT_PX));
  gtk_stack_set_visible_child_name (GTK_STACK (source), "picture");
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkStack) stack = user_data;
  g_autoptr (GBytes) bytes = mailer_attachment_load_finish (MAILER_ATTACHMENT (source), result, NULL);
  g_autoptr (GTask) task = NULL;

  if (bytes == NULL)
    return;
  task = g_task_new (stack, g_object_get_data (G_OBJECT (stack), "cancellable"), on_decoded, NULL);
  g_task_set_task_data (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, decode);
}

GtkWidget *
mailer_picture_new (MailerAttachment *attachment, const char *description)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *picture = gtk_picture_new ();
  GCancellable *cancellable = g_cancellable_new ();
  const char *name = description != NULL && *description != '\0' ? description : mailer_attachment_get_filename (attachment);
  GtkWidget *label = gtk_label_new (name);

  g_object_set_data_full (G_OBJECT (stack), "cancellable", cancellable, on_gone);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "mail-picture");
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_widget_set_halign (picture, GTK_ALIGN_START);
  gtk_stack_set_vhomogeneous (GTK_STACK (stack), FALSE);
  gtk_stack_add_named (GTK_STACK (stack), label, "name");
  gtk_stack_add_named (GTK_STACK (stack), picture, "picture");
  mailer_attachment_load_async (attachment, cancellable, on_loaded, g_object_ref (stack));
  return stack;
}
