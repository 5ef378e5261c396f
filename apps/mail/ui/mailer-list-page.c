/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "mailer-ui"

#include "mailer-list-page.h"

#include "cirrus-common.h"

/* A list, or what is said in its place. */

static GtkWidget *
create_content (GtkListBox *list, const char *name)
{
  GtkWidget *widget = GTK_WIDGET (list);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  gtk_list_box_set_selection_mode (list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (widget, "boxed-list");
  gtk_widget_set_valign (widget, GTK_ALIGN_START);
  gtk_widget_set_margin_top (widget, 12);
  gtk_widget_set_margin_bottom (widget, 12);
  gtk_widget_set_margin_start (widget, 12);
  gtk_widget_set_margin_end (widget, 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), widget);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  return scrolled;
}

GtkWidget *
mailer_list_page_new (const char *title, GtkListBox *list, const char *empty_title, const char *empty_description)
{
  GtkStack *stack = GTK_STACK (gtk_stack_new ());
  GtkWidget *page;

  g_return_val_if_fail (GTK_IS_LIST_BOX (list), NULL);

  gtk_stack_add_named (stack, create_content (list, title), "list");
  gtk_stack_add_named (stack, cirrus_status_view_new ("mail", empty_title, empty_description, NULL), "empty");
  page = cirrus_page_new (title, GTK_WIDGET (stack));
  g_object_set_data (G_OBJECT (page), "mailer-list-stack", stack);
  return page;
}

void
mailer_list_page_set_empty (GtkWidget *page, gboolean is_empty)
{
  g_return_if_fail (CIRRUS_IS_PAGE (page));

  gtk_stack_set_visible_child_name (g_object_get_data (G_OBJECT (page), "mailer-list-stack"), is_empty ? "empty" : "list");
}
