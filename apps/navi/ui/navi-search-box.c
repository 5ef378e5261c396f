/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-search-box.h"
#include "navi-search.h"
#include "navi-text.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>

/* Search over the map. */

#define MAX_RESULTS 30

struct _NaviSearchBox
{
  GtkWidget parent_instance;
  GtkWidget *box;
  GtkEntry *text;
  GtkWidget *clear;
  GtkWidget *revealer;
  GtkWidget *stack; /* "list" or "nothing" */
  GtkListBox *list;
  GtkLabel *nothing;
  NaviRegions *regions;
  GPtrArray *searches; /* NaviSearch, one for each region */
  GListStore *found;   /* NaviPlace */
  GCancellable *cancellable;
  guint n_running;
  gboolean has_near;
  gboolean is_position;
  double near_lat_deg;
  double near_lon_deg;
};

static guint chosen_signal;

G_DEFINE_FINAL_TYPE (NaviSearchBox, navi_search_box, GTK_TYPE_WIDGET)

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  NaviPlace *place = item;
  NaviSearchBox *self = user_data;
  const NaviPlaceData *data = navi_place_get_data (place);
  g_autofree char *kind = navi_place_get_kind_label (place, navi_text_language ());
  g_autofree char *address = navi_place_get_address (place, navi_text_language ());
  g_autofree char *distance = self->is_position && data->distance_m >= 0 ? cirrus_format_distance (data->distance_m) : NULL;
  const char *name = navi_place_get_name (place, navi_text_language ());
  const char *const about[] = { navi_place_get_other_name (place, navi_text_language ()), kind, data->type != NAVI_PLACE_HOUSE ? address : NULL };
  g_autofree char *subtitle = navi_text_join (about, G_N_ELEMENTS (about));
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (distance != NULL)
    {
      GtkWidget *label = gtk_label_new (distance);

      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  return row;
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const NaviPlaceData *x = navi_place_get_data ((NaviPlace *) a);
  const NaviPlaceData *y = navi_place_get_data ((NaviPlace *) b);

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;
  return x->distance_m < y->distance_m ? -1 : x->distance_m > y->distance_m;
}

static void
show_results (NaviSearchBox *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->found)) > 0;

  if (self->searches->len == 0)
    gtk_label_set_text (self->nothing, _ ("There is no map to search yet"));
  else
    gtk_label_set_text (self->nothing, _ ("Nothing of that name on the installed maps"));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), any ? "list" : "nothing");
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

typedef struct
{
  NaviSearchBox *box;
  GCancellable *cancellable;
} Asked;

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  NaviSearchBox *self = asked->box;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) places = navi_search_find_finish (NAVI_SEARCH (source), result, &error);

  if (asked->cancellable == self->cancellable && places != NULL)
    {
      /* The first answer takes the place of the last question's results; each region has ranked its own. */
      if (self->n_running == self->searches->len)
        g_list_store_remove_all (self->found);
      for (guint i = 0; i < g_list_model_get_n_items (places); i++)
        {
          g_autoptr (NaviPlace) place = g_list_model_get_item (places, i);

          g_list_store_append (self->found, place);
        }
      if (--self->n_running == 0 && self->searches->len > 1)
        g_list_store_sort (self->found, compare_places, NULL);
      show_results (self);
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("%s", error->message);
  g_object_unref (asked->cancellable);
  g_object_unref (asked->box);
  g_free (asked);
}

static void
on_text_changed (NaviSearchBox *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->text));
  NaviSearchQuery query = { text, self->has_near, self->near_lat_deg, self->near_lon_deg, MAX_RESULTS, TRUE };

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (self->clear, *text != '\0');
  if (*text == '\0')
    {
      gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
      g_list_store_remove_all (self->found);
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->n_running = self->searches->len;
  if (self->searches->len == 0)
    show_results (self);
  for (guint i = 0; i < self->searches->len; i++)
    {
      Asked *asked = g_new0 (Asked, 1);

      asked->box = g_object_ref (self);
      asked->cancellable = g_object_ref (self->cancellable);
      navi_search_find_async (g_ptr_array_index (self->searches, i), &query, self->cancellable, on_found, asked);
    }
}

static void
choose (NaviSearchBox *self, guint position)
{
  g_autoptr (NaviPlace) place = g_list_model_get_item (G_LIST_MODEL (self->found), position);

  if (place == NULL)
    return;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  g_signal_emit (self, chosen_signal, 0, place);
}

static void
on_row_activated (NaviSearchBox *self, GtkListBoxRow *row)
{
  choose (self, gtk_list_box_row_get_index (row));
}

static void
on_entered (NaviSearchBox *self)
{
  choose (self, 0);
}

static void
on_regions_changed (NaviSearchBox *self)
{
  /* What is being looked for in the former regions is asked anew with the next key. */
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_ptr_array_set_size (self->searches, 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->regions)); i++)
    {
      g_autoptr (NaviRegion) region = g_list_model_get_item (G_LIST_MODEL (self->regions), i);
      g_autoptr (GError) error = NULL;
      NaviSearch *search = navi_search_new (region, &error);

      if (search != NULL)
        g_ptr_array_add (self->searches, search);
      else
        g_message ("%s: %s", navi_region_get_name (region), error->message);
    }
}

static gboolean
on_key (NaviSearchBox *self, guint keyval)
{
  if (keyval == GDK_KEY_Escape)
    {
      navi_search_box_end (self);
      return GDK_EVENT_STOP;
    }
  if (keyval == GDK_KEY_Down && gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer)))
    return gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  return GDK_EVENT_PROPAGATE;
}

void
navi_search_box_set_near (NaviSearchBox *self, double lat_deg, double lon_deg, gboolean is_position)
{
  g_return_if_fail (NAVI_IS_SEARCH_BOX (self));

  self->has_near = TRUE;
  self->is_position = is_position;
  self->near_lat_deg = lat_deg;
  self->near_lon_deg = lon_deg;
}

void
navi_search_box_begin (NaviSearchBox *self)
{
  g_return_if_fail (NAVI_IS_SEARCH_BOX (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

void
navi_search_box_ask (NaviSearchBox *self, const char *text)
{
  g_return_if_fail (NAVI_IS_SEARCH_BOX (self));

  gtk_editable_set_text (GTK_EDITABLE (self->text), text);
  gtk_editable_set_position (GTK_EDITABLE (self->text), -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

void
navi_search_box_end (NaviSearchBox *self)
{
  g_return_if_fail (NAVI_IS_SEARCH_BOX (self));
  gtk_editable_set_text (GTK_EDITABLE (self->text), "");
}

static GtkWidget *
create_pill (NaviSearchBox *self, GtkWidget *end_widget)
{
  GtkWidget *pill = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("system-search-symbolic");
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->text = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_placeholder_text (self->text, _ ("Search places, streets, addresses"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search places"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->text), TRUE);
  gtk_widget_set_margin_start (icon, 10);
  gtk_widget_add_css_class (icon, "dim-label");
  self->clear = cirrus_icon_button_new ("edit-clear-symbolic", _ ("Clear"), NULL);
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->clear, FALSE);
  gtk_widget_add_css_class (pill, "search-pill");
  gtk_box_append (GTK_BOX (pill), icon);
  gtk_box_append (GTK_BOX (pill), GTK_WIDGET (self->text));
  gtk_box_append (GTK_BOX (pill), self->clear);
  if (end_widget != NULL)
    {
      gtk_widget_set_valign (end_widget, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (pill), end_widget);
    }
  g_signal_connect_swapped (self->text, "changed", G_CALLBACK (on_text_changed), self);
  g_signal_connect_swapped (self->text, "activate", G_CALLBACK (on_entered), self);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (navi_search_box_end), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text), keys);
  return pill;
}

static GtkWidget *
create_results (NaviSearchBox *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->found), create_row, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Places found"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navi-results");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 420);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  self->nothing = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->nothing, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->nothing), "dim-label");
  gtk_widget_set_margin_top (GTK_WIDGET (self->nothing), 18);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->nothing), 18);
  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "list");
  gtk_stack_add_named (GTK_STACK (self->stack), GTK_WIDGET (self->nothing), "nothing");
  gtk_widget_add_css_class (self->stack, "floating");
  gtk_widget_add_css_class (self->stack, "navi-card");
  gtk_widget_set_overflow (self->stack, GTK_OVERFLOW_HIDDEN);
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_duration (GTK_REVEALER (self->revealer), 150);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->stack);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated), self);
  return self->revealer;
}

static void
navi_search_box_dispose (GObject *object)
{
  NaviSearchBox *self = NAVI_SEARCH_BOX (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->searches, g_ptr_array_unref);
  g_clear_object (&self->regions);
  g_clear_object (&self->found);
  G_OBJECT_CLASS (navi_search_box_parent_class)->dispose (object);
}

static void
navi_search_box_class_init (NaviSearchBoxClass *class)
{
  G_OBJECT_CLASS (class)->dispose = navi_search_box_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  chosen_signal = g_signal_new ("place-chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                NAVI_TYPE_PLACE);
}

static void
navi_search_box_init (NaviSearchBox *self)
{
  self->searches = g_ptr_array_new_with_free_func (g_object_unref);
  self->found = g_list_store_new (NAVI_TYPE_PLACE);
}

GtkWidget *
navi_search_box_new (NaviRegions *regions, GtkWidget *end_widget)
{
  NaviSearchBox *self = g_object_new (NAVI_TYPE_SEARCH_BOX, NULL);

  self->regions = g_object_ref (regions);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (self->box), create_pill (self, end_widget));
  gtk_box_append (GTK_BOX (self->box), create_results (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_object (regions, "items-changed", G_CALLBACK (on_regions_changed), self, G_CONNECT_SWAPPED);
  on_regions_changed (self);
  return GTK_WIDGET (self);
}
