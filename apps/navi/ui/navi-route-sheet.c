/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-route-sheet.h"
#include "navi-mode-bar.h"
#include "navi-options-page.h"
#include "navi-route-choices.h"
#include "navi-sentence.h"
#include "navi-text.h"

#include "cirrus-common.h"
#include "cloud-error.h"

#include <glib/gi18n.h>

/* The card of a route. */

struct _NaviRouteSheet
{
  GtkWidget parent_instance;
  GtkWidget *box;
  NaviPlanner *planner;
  GtkLabel *title; /* "12 min" */
  GtkLabel *subtitle;
  GtkWidget *spinner;
  GtkWidget *toggle; /* shows the steps */
  GtkWidget *revealer;
  GtkListBox *steps;
  GtkLabel *wishes;   /* what the route keeps clear of */
  GtkWidget *notes;   /* what it could not keep clear of */
  GtkWidget *allow;   /* lets in what stood in the way */
  GtkWidget *choices;
};

enum
{
  SIGNAL_STEP_CHOSEN,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NaviRouteSheet, navi_route_sheet, GTK_TYPE_WIDGET)

static GtkWidget *
create_step_row (gpointer item, gpointer user_data)
{
  NaviStep *step = item;
  const NaviStepData *data = navi_step_get_data (step);
  g_autofree char *sentence = navi_sentence_for_step (step, navi_language_from_string (navi_text_language (), NULL));
  g_autofree char *distance = data->maneuver != NAVI_MANEUVER_ARRIVE ? cirrus_format_distance (data->distance_m) : NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (navi_text_step_icon (step));

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 28);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
  if (*data->destination != '\0')
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), data->destination);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (distance != NULL)
    {
      GtkWidget *label = gtk_label_new (distance);

      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_set_margin_end (label, 12); /* clear of the scrollbar */
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  return row;
}

static void
show_words (NaviRouteSheet *self, const char *title, const char *subtitle, gboolean busy)
{
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle), subtitle != NULL && *subtitle != '\0');
  gtk_widget_set_visible (self->spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
}

static const char *
destination_name (NaviRouteSheet *self)
{
  const NaviNames *names = navi_planner_get_destination_names (self->planner);

  return names != NULL ? navi_names_pick (names, navi_text_language (), NULL) : "";
}

static void
show_route (NaviRouteSheet *self, NaviRoute *route)
{
  g_autofree char *duration = cirrus_format_duration (navi_route_get_duration_s (route));
  g_autofree char *distance = cirrus_format_distance (navi_route_get_distance_m (route));
  const char *name = destination_name (self);
  /* Translators: distance and name of the destination under the time of a route: "5.4 km to Main Street 5" */
  g_autofree char *subtitle = *name != '\0' ? g_strdup_printf (_ ("%s to %s"), distance, name) : g_strdup (distance);

  show_words (self, duration, subtitle, FALSE);
  gtk_list_box_bind_model (self->steps, navi_route_get_steps (route), create_step_row, NULL, NULL);
}

/* A line for each kind of road that the route takes although it was to be rather not. */
static void
show_notes (NaviRouteSheet *self, NaviRoute *route)
{
  g_auto (GStrv) sentences = route != NULL ? navi_sentence_for_remained (route, navi_language_from_string (navi_text_language (), NULL)) : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->notes)) != NULL)
    gtk_box_remove (GTK_BOX (self->notes), child);
  for (guint i = 0; sentences != NULL && sentences[i] != NULL; i++)
    {
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *label = gtk_label_new (sentences[i]);

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (row), gtk_image_new_from_icon_name ("dialog-information-symbolic"));
      gtk_box_append (GTK_BOX (row), label);
      gtk_box_append (GTK_BOX (self->notes), row);
    }
  gtk_widget_set_visible (self->notes, gtk_widget_get_first_child (self->notes) != NULL);
}

static void
show_wishes (NaviRouteSheet *self)
{
  g_autofree char *text = navi_options_describe (navi_planner_get_wishes (self->planner), navi_planner_get_profile (self->planner));

  gtk_label_set_text (self->wishes, text);
  gtk_widget_set_visible (GTK_WIDGET (self->wishes), *text != '\0');
}

/* While the steps are shown there is room for them alone. */
static void
show_choices (NaviRouteSheet *self)
{
  gtk_widget_set_visible (self->choices, navi_route_choices_get_any (NAVI_ROUTE_CHOICES (self->choices))
                                           && !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->toggle)));
}

static void
show_failure (NaviRouteSheet *self, const GError *error)
{
  guint obstacles = navi_planner_get_obstacles (self->planner);
  g_autofree char *because = NULL;

  if (!g_error_matches (error, CLOUD_ERROR, CLOUD_ERROR_NOT_FOUND))
    {
      show_words (self, cirrus_error_title (error), cirrus_error_sentence (error), FALSE);
      return;
    }
  if (obstacles != 0)
    because = navi_sentence_for_obstacles (obstacles, navi_language_from_string (navi_text_language (), NULL));
  show_words (self, _ ("No Way There"),
              because != NULL ? because : _ ("No road on the installed maps leads there this way. Try another place or another mode."), FALSE);
}

static void
update (NaviRouteSheet *self)
{
  NaviRoute *route = navi_planner_get_route (self->planner);

  gtk_widget_set_visible (self->toggle, route != NULL);
  gtk_widget_set_visible (self->allow, navi_planner_get_obstacles (self->planner) != 0);
  if (route == NULL)
    gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  show_wishes (self);
  show_notes (self, route);
  show_choices (self);
  switch (navi_planner_get_state (self->planner))
    {
    case NAVI_PLANNER_READY:
      show_route (self, route);
      break;
    case NAVI_PLANNER_SEARCHING:
      show_words (self, _ ("Finding the way…"), destination_name (self), TRUE);
      break;
    case NAVI_PLANNER_NEEDS_START:
      show_words (self, _ ("Where from?"), _ ("Tap the map where the route begins, or wait for your position."), FALSE);
      break;
    case NAVI_PLANNER_FAILED:
      show_failure (self, navi_planner_get_error (self->planner));
      break;
    default:
      show_words (self, "", NULL, FALSE);
    }
}

/* What was never to be used is from now on rather not used. */
static void
on_allow (NaviRouteSheet *self)
{
  guint obstacles = navi_planner_get_obstacles (self->planner);
  NaviWishes wishes = *navi_planner_get_wishes (self->planner);

  for (guint i = 0; i < NAVI_N_AVOIDS; i++)
    if ((obstacles >> i & 1) != 0)
      wishes.wish[i] = NAVI_WISH_RATHER_NOT;
  navi_planner_set_wishes (self->planner, &wishes);
}

static void
on_row_activated (NaviRouteSheet *self, GtkListBoxRow *row)
{
  NaviRoute *route = navi_planner_get_route (self->planner);
  g_autoptr (NaviStep) step = NULL;

  if (route == NULL)
    return;
  step = g_list_model_get_item (navi_route_get_steps (route), gtk_list_box_row_get_index (row));
  g_signal_emit (self, signals[SIGNAL_STEP_CHOSEN], 0, step);
}

static void
on_close (NaviRouteSheet *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static GtkWidget *
create_top (NaviRouteSheet *self)
{
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *modes = navi_mode_bar_new (self->planner);
  GtkWidget *options = cirrus_icon_button_new ("navi-options-symbolic", _ ("Route Options"), "win.options");
  GtkWidget *close = cirrus_icon_button_new ("window-close-symbolic", _ ("Close the Route"), NULL);

  gtk_widget_set_valign (close, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (modes, TRUE);
  gtk_widget_set_halign (modes, GTK_ALIGN_START);
  gtk_widget_set_valign (options, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (top), modes);
  gtk_box_append (GTK_BOX (top), options);
  gtk_box_append (GTK_BOX (top), close);
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (on_close), self);
  return top;
}

static GtkWidget *
create_summary (NaviRouteSheet *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->subtitle = GTK_LABEL (gtk_label_new (NULL));
  self->spinner = gtk_spinner_new ();
  self->toggle = gtk_toggle_button_new_with_label (_ ("Steps"));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_xalign (self->subtitle, 0);
  gtk_label_set_wrap (self->subtitle, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "title-1");
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "dim-label");
  gtk_widget_add_css_class (self->toggle, "pill");
  gtk_widget_set_valign (self->toggle, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->title));
  self->wishes = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->wishes, 0);
  gtk_label_set_wrap (self->wishes, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->wishes), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->wishes), "caption");
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->subtitle));
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->wishes));
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), self->spinner);
  gtk_box_append (GTK_BOX (row), self->toggle);
  return row;
}

static GtkWidget *
create_steps (NaviRouteSheet *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->steps = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->steps, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->steps), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Steps"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->steps), "navi-results");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 340);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->steps));
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_transition_duration (GTK_REVEALER (self->revealer), 200);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), scrolled);
  g_object_bind_property (self->toggle, "active", self->revealer, "reveal-child", G_BINDING_BIDIRECTIONAL);
  g_signal_connect_swapped (self->steps, "row-activated", G_CALLBACK (on_row_activated), self);
  return self->revealer;
}

static void
navi_route_sheet_dispose (GObject *object)
{
  NaviRouteSheet *self = NAVI_ROUTE_SHEET (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->planner);
  G_OBJECT_CLASS (navi_route_sheet_parent_class)->dispose (object);
}

static void
navi_route_sheet_class_init (NaviRouteSheetClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = navi_route_sheet_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  signals[SIGNAL_STEP_CHOSEN] = g_signal_new ("step-chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, NAVI_TYPE_STEP);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
navi_route_sheet_init (NaviRouteSheet *self)
{
}

static void
create_children (NaviRouteSheet *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->notes = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  self->allow = gtk_button_new_with_label (_ ("Allow If Needed"));
  self->choices = navi_route_choices_new (self->planner);
  gtk_widget_add_css_class (self->allow, "pill");
  gtk_widget_set_margin_top (self->allow, 6);
  gtk_box_append (GTK_BOX (head), create_top (self));
  gtk_box_append (GTK_BOX (head), create_summary (self));
  gtk_box_append (GTK_BOX (head), self->notes);
  gtk_box_append (GTK_BOX (head), self->allow);
  gtk_widget_add_css_class (head, "navi-sheet-content");
  gtk_box_append (GTK_BOX (self->box), head);
  gtk_box_append (GTK_BOX (self->box), self->choices);
  gtk_box_append (GTK_BOX (self->box), create_steps (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_swapped (self->allow, "clicked", G_CALLBACK (on_allow), self);
  g_signal_connect_swapped (self->toggle, "toggled", G_CALLBACK (show_choices), self);
}

GtkWidget *
navi_route_sheet_new (NaviPlanner *planner)
{
  NaviRouteSheet *self = g_object_new (NAVI_TYPE_ROUTE_SHEET, NULL);

  self->planner = g_object_ref (planner);
  create_children (self);
  g_signal_connect_object (planner, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
