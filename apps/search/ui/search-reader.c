/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-reader.h"

#include "cirrus-common.h"
#include "search-extract.h"
#include "search-url.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

/* One text view for the whole page, its paragraphs set by tags. */

typedef struct
{
  SearchEngine *engine;
  gint64 page_id;
  SearchPage *page;
  GtkWidget *cirrus_page; /* weak */
  GtkWidget *stack;
  GtkWidget *view;
  GtkWidget *status;
} Reader;

static void
reader_clear (gpointer data)
{
  Reader *reader = data;

  g_clear_object (&reader->engine);
  g_clear_object (&reader->page);
  g_clear_weak_pointer (&reader->cirrus_page);
}

static void
reader_unref (gpointer data)
{
  g_rc_box_release_full (data, reader_clear);
}

static void
add_tags (GtkTextBuffer *buffer)
{
  gtk_text_buffer_create_tag (buffer, "title", "scale", 1.6, "weight", PANGO_WEIGHT_BOLD, "pixels-below-lines", 4, NULL);
  gtk_text_buffer_create_tag (buffer, "origin", "scale", 0.85, "foreground-rgba", &(GdkRGBA) { 0.5, 0.5, 0.5, 1 }, "pixels-below-lines", 14, NULL);
  gtk_text_buffer_create_tag (buffer, "p", "pixels-below-lines", 12, NULL);
  gtk_text_buffer_create_tag (buffer, "h", "scale", 1.2, "weight", PANGO_WEIGHT_BOLD, "pixels-above-lines", 8, "pixels-below-lines", 8, NULL);
  gtk_text_buffer_create_tag (buffer, "l", "left-margin", 24, "indent", -14, "pixels-below-lines", 6, NULL);
  gtk_text_buffer_create_tag (buffer, "q", "left-margin", 24, "style", PANGO_STYLE_ITALIC, "pixels-below-lines", 12, NULL);
  gtk_text_buffer_create_tag (buffer, "c", "family", "monospace", "scale", 0.9, "pixels-below-lines", 12, NULL);
}

static void
append (GtkTextBuffer *buffer, const char *text, const char *tag)
{
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, text, -1, tag, NULL);
}

static void
show_text (GtkTextBuffer *buffer, SearchPage *page)
{
  g_auto (GStrv) paragraphs = g_strsplit (search_page_get_text (page), "\n\n", -1);
  const char *kinds = search_page_get_kinds (page);
  g_autofree char *origin = search_url_display (search_page_get_url (page));
  gsize n_kinds = strlen (kinds);

  append (buffer, search_page_get_title (page), "title");
  append (buffer, "\n", "title");
  append (buffer, origin != NULL ? origin : search_page_get_url (page), "origin");
  for (gsize i = 0; paragraphs[i] != NULL; i++)
    {
      char tag[2] = { i < n_kinds ? kinds[i] : 'p', '\0' };

      append (buffer, "\n", i == 0 ? "origin" : "p");
      if (tag[0] == SEARCH_PARAGRAPH_ITEM)
        append (buffer, "• ", "l");
      append (buffer, paragraphs[i], strchr ("phlqc", tag[0]) != NULL ? tag : "p");
    }
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reader *reader = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) page = search_store_object_finish (NULL, result, &error);

  if (reader->cirrus_page != NULL && page != NULL)
    {
      reader->page = SEARCH_PAGE (g_object_ref (page));
      show_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (reader->view)), reader->page);
      gtk_stack_set_visible_child_name (GTK_STACK (reader->stack), "text");
      gtk_widget_grab_focus (reader->view);
    }
  else if (reader->cirrus_page != NULL)
    {
      if (error != NULL)
        cirrus_status_view_set_error (CIRRUS_STATUS_VIEW (reader->status), error);
      gtk_stack_set_visible_child (GTK_STACK (reader->stack), reader->status);
    }
  reader_unref (reader);
}

static void
on_open_original (GtkButton *button, Reader *reader)
{
  if (reader->page != NULL)
    cirrus_open_uri (GTK_WIDGET (button), search_page_get_url (reader->page));
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  g_autoptr (GError) error = NULL;

  if (search_store_done_finish (NULL, result, &error))
    cirrus_shell_go_back_from (page);
  else if (cirrus_error_sentence (error) != NULL)
    cirrus_toast (page, cirrus_error_sentence (error));
}

static void
on_remove_answered (gboolean yes, gpointer user_data)
{
  GtkWidget *page = user_data;
  Reader *reader = g_object_get_data (G_OBJECT (page), "reader");

  if (yes && search_engine_get_store (reader->engine) != NULL)
    search_store_remove_page_async (search_engine_get_store (reader->engine), reader->page_id, on_removed, g_object_ref (page));
  g_object_unref (page);
}

static void
on_remove (GtkButton *button, Reader *reader)
{
  if (reader->cirrus_page != NULL)
    cirrus_ask (GTK_WIDGET (button), _ ("Remove This Page?"), _ ("It can no longer be read or searched offline."), _ ("Remove"), TRUE,
                on_remove_answered, g_object_ref (reader->cirrus_page));
}

static GtkWidget *
create_text (Reader *reader)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_scrollable_new ();

  reader->view = gtk_text_view_new ();
  gtk_text_view_set_editable (GTK_TEXT_VIEW (reader->view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (reader->view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (reader->view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (reader->view), 18);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (reader->view), 18);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (reader->view), 18);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (reader->view), 24);
  gtk_text_view_set_pixels_inside_wrap (GTK_TEXT_VIEW (reader->view), 4);
  gtk_widget_add_css_class (reader->view, "search-reader");
  gtk_accessible_update_property (GTK_ACCESSIBLE (reader->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Page text"), -1);
  add_tags (gtk_text_view_get_buffer (GTK_TEXT_VIEW (reader->view)));
  adw_clamp_scrollable_set_maximum_size (ADW_CLAMP_SCROLLABLE (clamp), 680);
  adw_clamp_scrollable_set_child (ADW_CLAMP_SCROLLABLE (clamp), reader->view);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

GtkWidget *
search_reader_new (SearchEngine *engine, gint64 page_id)
{
  Reader *reader = g_rc_box_new0 (Reader);
  GtkWidget *page = cirrus_page_new (_ ("Saved Page"), NULL);
  GtkWidget *open = cirrus_icon_button_new ("web-browser-symbolic", _ ("Open in the browser"), NULL);
  GtkWidget *remove = cirrus_icon_button_new ("user-trash-symbolic", _ ("Remove"), NULL);

  reader->engine = g_object_ref (engine);
  reader->page_id = page_id;
  g_set_weak_pointer (&reader->cirrus_page, page);
  reader->stack = gtk_stack_new ();
  reader->status = cirrus_status_view_new ("pages", _ ("Not Here Any More"), _ ("This page was removed."), NULL);
  gtk_stack_add_named (GTK_STACK (reader->stack), cirrus_skeleton_list_new (6, 72, FALSE), "waiting");
  gtk_stack_add_named (GTK_STACK (reader->stack), create_text (reader), "text");
  gtk_stack_add_named (GTK_STACK (reader->stack), reader->status, "status");
  g_object_set_data_full (G_OBJECT (page), "reader", reader, reader_unref);
  g_signal_connect (open, "clicked", G_CALLBACK (on_open_original), reader);
  g_signal_connect (remove, "clicked", G_CALLBACK (on_remove), reader);
  cirrus_page_pack_end (CIRRUS_PAGE (page), remove);
  cirrus_page_pack_end (CIRRUS_PAGE (page), open);
  cirrus_page_set_content (CIRRUS_PAGE (page), reader->stack);
  search_store_load_page_async (search_engine_get_store (engine), page_id, NULL, on_loaded, g_rc_box_acquire (reader));
  return page;
}
