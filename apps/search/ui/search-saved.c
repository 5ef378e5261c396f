/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-search"

#include "search-reader.h"

#include "cirrus-common.h"
#include "search-row.h"
#include "search-url.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The list of saved pages, the latest first; made anew when something kept changes. */

typedef struct
{
  SearchEngine *engine;
  GCancellable *cancellable;
  gulong changed_id;
  GtkWidget *stack;
  GtkListBox *list;
} Saved;

static void
saved_free (gpointer data)
{
  Saved *saved = data;

  g_cancellable_cancel (saved->cancellable);
  g_object_unref (saved->cancellable);
  g_signal_handler_disconnect (saved->engine, saved->changed_id);
  g_object_unref (saved->engine);
  g_free (saved);
}

static GtkWidget *
page_row_new (SearchPage *page)
{
  g_autofree char *address = search_url_display (search_page_get_url (page));
  g_autofree char *age = cirrus_format_age (search_page_get_saved_unix_us (page), g_get_real_time ());
  g_autofree char *subtitle = address != NULL ? g_strdup_printf ("%s · %s", age, address) : g_strdup (age);
  GtkWidget *row = search_row_new_brief ("cirrus-reader-symbolic", search_page_get_title (page), subtitle);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "x", search_page_get_id (page));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "app.show-page");
  return row;
}

static void
on_pages_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Saved *saved = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = search_store_list_finish (NULL, result, &error);
  GtkListBoxRow *row;

  if (error != NULL || pages == NULL)
    return; /* cancelled: the list is gone */
  while ((row = gtk_list_box_get_row_at_index (saved->list, 0)) != NULL)
    gtk_list_box_remove (saved->list, GTK_WIDGET (row));
  for (guint i = 0; i < pages->len; i++)
    gtk_list_box_append (saved->list, page_row_new (g_ptr_array_index (pages, i)));
  gtk_stack_set_visible_child_name (GTK_STACK (saved->stack), pages->len > 0 ? "list" : "empty");
}

static void
reload (Saved *saved)
{
  if (search_engine_get_store (saved->engine) != NULL)
    search_store_list_pages_async (search_engine_get_store (saved->engine), saved->cancellable, on_pages_ready, saved);
}

GtkWidget *
search_saved_page_new (SearchEngine *engine)
{
  Saved *saved = g_new0 (Saved, 1);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *page = cirrus_page_new (_ ("Saved Pages"), NULL);

  saved->engine = g_object_ref (engine);
  saved->cancellable = g_cancellable_new ();
  saved->stack = gtk_stack_new ();
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 680);
  adw_clamp_set_child (ADW_CLAMP (clamp), search_section_new (NULL, NULL, &saved->list));
  gtk_widget_add_css_class (clamp, "search-content");
  gtk_widget_add_css_class (clamp, "search-saved");
  gtk_accessible_update_property (GTK_ACCESSIBLE (saved->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Saved Pages"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_stack_add_named (GTK_STACK (saved->stack), scrolled, "list");
  gtk_stack_add_named (GTK_STACK (saved->stack),
                       cirrus_status_view_new ("pages", _ ("No Saved Pages"), _ ("Save a result with its bookmark to read it offline."), NULL), "empty");
  cirrus_page_set_content (CIRRUS_PAGE (page), saved->stack);
  saved->changed_id = g_signal_connect_swapped (engine, "changed", G_CALLBACK (reload), saved);
  g_object_set_data_full (G_OBJECT (page), "saved", saved, saved_free);
  reload (saved);
  return page;
}
