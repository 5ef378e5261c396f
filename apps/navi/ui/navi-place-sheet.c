/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-place-sheet.h"

#include "cirrus-common.h"
#include "navi-hours.h"

#include "cloud-time.h"

#include <glib/gi18n.h>
#include <string.h>

/* The card of a place. */

struct _NaviPlaceSheet
{
  GtkWidget parent_instance;
  GtkWidget *box;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *details;
};

enum
{
  SIGNAL_ROUTE,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NaviPlaceSheet, navi_place_sheet, GTK_TYPE_WIDGET)

static void
on_route (NaviPlaceSheet *self)
{
  g_signal_emit (self, signals[SIGNAL_ROUTE], 0);
}

static void
on_close (NaviPlaceSheet *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* The address to open for a detail that is a link; (transfer full) (nullable). */
static char *
detail_uri (const char *icon, const char *text)
{
  if (strcmp (icon, "call-start-symbolic") == 0)
    return g_strconcat ("tel:", text, NULL);
  if (strcmp (icon, "web-browser-symbolic") == 0)
    return g_strrstr (text, "://") != NULL ? g_strdup (text) : g_strconcat ("https://", text, NULL);
  return NULL;
}

static GtkWidget *
create_words (const char *icon, const char *text)
{
  g_autofree char *uri = detail_uri (icon, text);
  GtkWidget *hours
      = strcmp (icon, "preferences-system-time-symbolic") == 0 ? navi_hours_new (text, cloud_time_now_unix_us ()) : NULL;
  GtkWidget *label;

  if (hours != NULL)
    return hours;
  label = gtk_label_new (NULL);
  if (uri != NULL)
    {
      g_autofree char *markup = g_markup_printf_escaped ("<a href=\"%s\">%s</a>", uri, text);

      gtk_label_set_markup (GTK_LABEL (label), markup);
    }
  else
    gtk_label_set_text (GTK_LABEL (label), text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

static GtkWidget *
create_detail (const char *icon, const char *text)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *words = create_words (icon, text);

  gtk_widget_add_css_class (image, "dim-label");
  if (GTK_IS_BOX (words)) /* the hours of the week unfold below the first line */
    {
      gtk_widget_set_valign (image, GTK_ALIGN_START);
      gtk_widget_set_margin_top (image, 4);
    }
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), image);
  gtk_box_append (GTK_BOX (row), words);
  return row;
}

void
navi_place_sheet_set (NaviPlaceSheet *self, const char *title, const char *subtitle, const char *const *details)
{
  GtkWidget *child;

  g_return_if_fail (NAVI_IS_PLACE_SHEET (self));

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), subtitle != NULL && *subtitle != '\0');
  while ((child = gtk_widget_get_first_child (self->details)) != NULL)
    gtk_box_remove (GTK_BOX (self->details), child);
  for (; details != NULL && details[0] != NULL; details += 2)
    gtk_box_append (GTK_BOX (self->details), create_detail (details[0], details[1]));
  gtk_widget_set_visible (self->details, gtk_widget_get_first_child (self->details) != NULL);
}

static GtkWidget *
create_head (NaviPlaceSheet *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *close = cirrus_icon_button_new ("window-close-symbolic", _ ("Close"), NULL);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->subtitle = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_xalign (self->subtitle, 0);
  gtk_label_set_wrap (self->title, TRUE);
  gtk_label_set_wrap (self->subtitle, TRUE);
  gtk_label_set_selectable (self->title, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "title-2");
  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "dim-label");
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->subtitle));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (close, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (head), close);
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (on_close), self);
  return head;
}

static void
navi_place_sheet_dispose (GObject *object)
{
  NaviPlaceSheet *self = NAVI_PLACE_SHEET (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (navi_place_sheet_parent_class)->dispose (object);
}

static void
navi_place_sheet_class_init (NaviPlaceSheetClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = navi_place_sheet_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_ROUTE] = g_signal_new ("route", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
navi_place_sheet_init (NaviPlaceSheet *self)
{
  GtkWidget *route = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "navi-route-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _ ("Route"));
  gtk_button_set_child (GTK_BUTTON (route), content);
  gtk_widget_add_css_class (route, "suggested-action");
  gtk_widget_add_css_class (route, "pill");
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->details = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class (self->box, "navi-sheet-content");
  gtk_box_append (GTK_BOX (self->box), create_head (self));
  gtk_box_append (GTK_BOX (self->box), self->details);
  gtk_box_append (GTK_BOX (self->box), route);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_swapped (route, "clicked", G_CALLBACK (on_route), self);
}

GtkWidget *
navi_place_sheet_new (void)
{
  return g_object_new (NAVI_TYPE_PLACE_SHEET, NULL);
}
