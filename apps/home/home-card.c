/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-home"

#include "home-card.h"

#include "cirrus-common.h"
#include "config.h"
#include "home-lines.h"

#include "cloud-time.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

/* Icon, name, line, and what a press does. */

struct _HomeCard
{
  GtkButton parent;

  char *app;        /* "mail" */
  char *desktop_id; /* "org.cirrussuite.Mail.desktop" */
  char *title;
  GtkLabel *line;
  GFileMonitor *monitor;
};

G_DEFINE_FINAL_TYPE (HomeCard, home_card, GTK_TYPE_BUTTON)

static void
update_line (HomeCard *self)
{
  g_autoptr (CloudStatus) status = cloud_status_read (self->app);
  g_autofree char *line = home_line_for (self->app, status, cloud_time_now_unix_us ());

  gtk_label_set_label (self->line, line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, line, -1);
}

static void
on_status_changed (HomeCard *self)
{
  update_line (self);
}

static void
home_card_clicked (GtkButton *button)
{
  HomeCard *self = HOME_CARD (button);
  g_autoptr (GDesktopAppInfo) info = g_desktop_app_info_new (self->desktop_id);
  g_autoptr (GdkAppLaunchContext) context = gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr (GError) error = NULL;

  if (info == NULL || !g_app_info_launch (G_APP_INFO (info), NULL, G_APP_LAUNCH_CONTEXT (context), &error))
    {
      /* Translators: %s is the name of an app */
      g_autofree char *sentence = g_strdup_printf (_ ("%s is not installed."), self->title);

      g_message ("%s: %s", self->desktop_id, error != NULL ? error->message : "no desktop file");
      cirrus_toast (GTK_WIDGET (self), sentence);
    }
}

static void
home_card_dispose (GObject *object)
{
  HomeCard *self = HOME_CARD (object);

  g_clear_object (&self->monitor);
  G_OBJECT_CLASS (home_card_parent_class)->dispose (object);
}

static void
home_card_finalize (GObject *object)
{
  HomeCard *self = HOME_CARD (object);

  g_free (self->app);
  g_free (self->desktop_id);
  g_free (self->title);
  G_OBJECT_CLASS (home_card_parent_class)->finalize (object);
}

static void
home_card_class_init (HomeCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = home_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = home_card_finalize;
  GTK_BUTTON_CLASS (klass)->clicked = home_card_clicked;
}

static void
home_card_init (HomeCard *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "home-card");
}

GtkWidget *
home_card_new (const char *name, const char *title)
{
  HomeCard *self = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *heading = gtk_label_new (title);
  GtkWidget *line = gtk_label_new (NULL);
  GtkWidget *icon = NULL;
  g_autofree char *id = g_strconcat (CIRRUS_ID_PREFIX ".", name, NULL);

  g_return_val_if_fail (name != NULL && title != NULL, NULL);

  self = g_object_new (HOME_TYPE_CARD, NULL);
  self->app = g_ascii_strdown (name, -1);
  self->desktop_id = g_strconcat (id, ".desktop", NULL);
  self->title = g_strdup (title);
  self->line = GTK_LABEL (line);
  icon = gtk_image_new_from_icon_name (id);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 80);
  gtk_widget_add_css_class (heading, "home-name");
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_label_set_xalign (GTK_LABEL (line), 0);
  gtk_label_set_wrap (GTK_LABEL (line), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (line), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (line), 2);
  gtk_label_set_ellipsize (GTK_LABEL (line), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (line, "home-line");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), heading);
  gtk_box_append (GTK_BOX (texts), line);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_button_set_child (GTK_BUTTON (self), box);
  self->monitor = cloud_status_watch (self->app);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (on_status_changed), self, G_CONNECT_SWAPPED);
  update_line (self);
  return GTK_WIDGET (self);
}
