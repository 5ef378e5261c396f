/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-home"

#include "home-application.h"

#include "cirrus-common.h"
#include "home-card.h"

#include <glib/gi18n.h>

/* One window: the day, four cards. */

struct _HomeApplication
{
  CirrusApplication parent;
};

G_DEFINE_FINAL_TYPE (HomeApplication, home_application, CIRRUS_TYPE_APPLICATION)

static GtkWidget *
create_day (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* Translators: weekday and date at the top of the home window, for g_date_time_format; in Chinese for instance "%-m月%-d日 %A" */
  g_autofree char *date = g_date_time_format (now, _ ("%A, %-d %B"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (date);
  GtkWidget *chip = cirrus_sample_chip_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "title-1");
  gtk_widget_set_halign (chip, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), chip);
  gtk_widget_add_css_class (box, "home-day");
  return box;
}

static GtkWidget *
create_cards (void)
{
  GtkWidget *flow = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_box_set_homogeneous (GTK_BOX (flow), TRUE);
  gtk_widget_set_vexpand (flow, TRUE);
  gtk_box_append (GTK_BOX (flow), home_card_new ("Mail", _ ("Mail")));
  gtk_box_append (GTK_BOX (flow), home_card_new ("Weather", _ ("Weather")));
  gtk_box_append (GTK_BOX (flow), home_card_new ("Navi", _ ("Navi")));
  gtk_box_append (GTK_BOX (flow), home_card_new ("Search", _ ("Search")));
  return flow;
}

static GtkWindow *
home_application_create_window (CirrusApplication *app)
{
  GtkWidget *window = cirrus_window_new (GTK_APPLICATION (app), cirrus_application_get_title (app));
  GtkWidget *shell = cirrus_shell_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *page = cirrus_page_new ("", scrolled);

  gtk_box_append (GTK_BOX (box), create_day ());
  gtk_box_append (GTK_BOX (box), create_cards ());
  gtk_widget_add_css_class (box, "home-content");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 560);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  cirrus_page_set_flat (CIRRUS_PAGE (page), TRUE);
  cirrus_page_pack_end (CIRRUS_PAGE (page), cirrus_application_create_menu_button (app, NULL));
  cirrus_shell_add_pane (CIRRUS_SHELL (shell), "home", page, 0);
  cirrus_window_set_body (CIRRUS_WINDOW (window), shell);
  return GTK_WINDOW (window);
}

static void
home_application_class_init (HomeApplicationClass *klass)
{
  CIRRUS_APPLICATION_CLASS (klass)->create_window = home_application_create_window;
}

static void
home_application_init (HomeApplication *self)
{
}
