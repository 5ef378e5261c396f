/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-route-choices.h"
#include "navi-sentence.h"
#include "navi-text.h"

#include <glib/gi18n.h>

/* One row for each route. */

struct _NaviRouteChoices
{
  GtkWidget parent_instance;
  GtkListBox *list;
  NaviPlanner *planner;
  GPtrArray *shown; /* (nullable): whose rows there are */
};

G_DEFINE_FINAL_TYPE (NaviRouteChoices, navi_route_choices, GTK_TYPE_WIDGET)

/* "The best route, via Ringstraße"; (transfer full). */
static char *
describe (GPtrArray *routes, guint index)
{
  NaviRoute *route = g_ptr_array_index (routes, index);
  NaviLanguage language = navi_language_from_string (navi_text_language (), NULL);
  g_autofree char *via = NULL;

  if (index > 0)
    return navi_sentence_for_alternative (g_ptr_array_index (routes, 0), route, language);
  if (navi_names_are_empty (navi_route_get_via (route)))
    return g_strdup (_ ("The best route"));
  via = navi_names_to_text (navi_route_get_via (route), navi_text_language ());
  /* Translators: %s is a road */
  return g_strdup_printf (_ ("The best route, via %s"), via);
}

static GtkWidget *
create_row (GPtrArray *routes, guint index)
{
  NaviRoute *route = g_ptr_array_index (routes, index);
  g_autofree char *duration = cirrus_format_duration (navi_route_get_duration_s (route));
  g_autofree char *distance = cirrus_format_distance (navi_route_get_distance_m (route));
  g_autofree char *title = g_strdup_printf ("%s · %s", duration, distance);
  g_autofree char *words = describe (routes, index);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), check);
  gtk_widget_add_css_class (row, "numeric");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "navi-check", check);
  return row;
}

static void
fill (NaviRouteChoices *self, GPtrArray *routes)
{
  GtkWidget *child;

  g_clear_pointer (&self->shown, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  if (routes == NULL || routes->len < 2)
    return;
  self->shown = g_ptr_array_ref (routes);
  for (guint i = 0; i < routes->len; i++)
    gtk_list_box_append (self->list, create_row (routes, i));
}

static void
update (NaviRouteChoices *self)
{
  guint chosen;
  GPtrArray *routes = navi_planner_get_routes (self->planner, &chosen);

  if (routes != self->shown || routes == NULL)
    fill (self, routes);
  for (guint i = 0; self->shown != NULL && i < self->shown->len; i++)
    {
      GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, (int) i));

      gtk_widget_set_opacity (g_object_get_data (G_OBJECT (row), "navi-check"), i == chosen ? 1 : 0);
      gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, i == chosen, -1);
    }
}

static void
on_row_activated (NaviRouteChoices *self, GtkListBoxRow *row)
{
  navi_planner_choose (self->planner, (guint) gtk_list_box_row_get_index (row));
}

gboolean
navi_route_choices_get_any (NaviRouteChoices *self)
{
  g_return_val_if_fail (NAVI_IS_ROUTE_CHOICES (self), FALSE);
  return self->shown != NULL;
}

static void
navi_route_choices_dispose (GObject *object)
{
  NaviRouteChoices *self = NAVI_ROUTE_CHOICES (object);

  if (self->list != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->list));
  self->list = NULL;
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_object (&self->planner);
  G_OBJECT_CLASS (navi_route_choices_parent_class)->dispose (object);
}

static void
navi_route_choices_class_init (NaviRouteChoicesClass *class)
{
  G_OBJECT_CLASS (class)->dispose = navi_route_choices_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
navi_route_choices_init (NaviRouteChoices *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Routes"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navi-results");
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
}

GtkWidget *
navi_route_choices_new (NaviPlanner *planner)
{
  NaviRouteChoices *self = g_object_new (NAVI_TYPE_ROUTE_CHOICES, NULL);

  self->planner = g_object_ref (planner);
  g_signal_connect_object (planner, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
