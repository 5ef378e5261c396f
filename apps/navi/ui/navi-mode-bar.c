/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-mode-bar.h"

#include <glib/gi18n.h>

/* The ways of travelling, side by side. */

struct _NaviModeBar
{
  GtkWidget parent_instance;
  GtkWidget *box;
  NaviPlanner *planner;
  GtkWidget *modes[NAVI_N_PROFILES];
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (NaviModeBar, navi_mode_bar, GTK_TYPE_WIDGET)

static void
update (NaviModeBar *self)
{
  self->updating = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->modes[navi_planner_get_profile (self->planner)]), TRUE);
  self->updating = FALSE;
}

static void
on_mode_toggled (NaviModeBar *self, GtkToggleButton *button)
{
  if (self->updating || !gtk_toggle_button_get_active (button))
    return;
  for (int i = 0; i < NAVI_N_PROFILES; i++)
    if (self->modes[i] == GTK_WIDGET (button))
      navi_planner_set_profile (self->planner, i);
}

static void
navi_mode_bar_dispose (GObject *object)
{
  NaviModeBar *self = NAVI_MODE_BAR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->planner);
  G_OBJECT_CLASS (navi_mode_bar_parent_class)->dispose (object);
}

static void
navi_mode_bar_class_init (NaviModeBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = navi_mode_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
navi_mode_bar_init (NaviModeBar *self)
{
  static const struct
  {
    NaviProfile profile;
    const char *icon;
    const char *label;
  } modes[] = {
    { NAVI_CAR, "navi-car-symbolic", N_ ("By Car") },
    { NAVI_BICYCLE, "navi-bicycle-symbolic", N_ ("By Bicycle") },
    { NAVI_FOOT, "navi-foot-symbolic", N_ ("On Foot") },
  };

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->box, "linked");
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      GtkWidget *button = gtk_toggle_button_new ();

      gtk_button_set_icon_name (GTK_BUTTON (button), modes[i].icon);
      gtk_widget_set_tooltip_text (button, _ (modes[i].label));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (modes[i].label), -1);
      gtk_widget_add_css_class (button, "navi-mode");
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (self->modes[modes[0].profile]));
      self->modes[modes[i].profile] = button;
      gtk_box_append (GTK_BOX (self->box), button);
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_mode_toggled), self);
    }
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
navi_mode_bar_new (NaviPlanner *planner)
{
  NaviModeBar *self = g_object_new (NAVI_TYPE_MODE_BAR, NULL);

  self->planner = g_object_ref (planner);
  g_signal_connect_object (planner, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
