/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-window.h"
#include "navi-canvas.h"
#include "navi-map-kind.h"
#include "navi-maps-page.h"
#include "navi-place-sheet.h"
#include "navi-planner.h"
#include "navi-options-page.h"
#include "navi-route-sheet.h"
#include "navi-route-view.h"
#include "navi-scale-bar.h"
#include "navi-search-box.h"
#include "navi-text.h"
#include "navi-whereabouts.h"

#include "cloud-location.h"
#include "cloud-settings.h"

#include <glib/gi18n.h>
#include <math.h>

/* Navi's window: what is tapped, found, planned and where one is, brought together on the map. */

#define PLACE_ZOOM 16
#define FIX_OLD_S 20
#define EARTH_RADIUS_M 6371008.8

struct _NaviWindow
{
  CirrusWindow parent_instance;
  GSettings *settings;
  NaviRegions *regions;
  NaviImporter *importer;
  NaviPlanner *planner;
  CloudLocation *location;

  CirrusShell *shell;
  NaviCanvas *canvas;
  NaviSearchBox *search;
  GtkWidget *empty;        /* shown while there is no map */
  GtkWidget *sheet;        /* GtkRevealer */
  GtkStack *sheet_stack;   /* "place", "route" */
  NaviPlaceSheet *place_sheet;
  GtkWidget *buttons;
  GtkWidget *position_button;
  GtkWidget *north_button;
  GtkWidget *scale;

  gboolean has_place;
  NaviNames *place_names;
  double place_lat_deg;
  double place_lon_deg;
  GCancellable *whereabouts; /* (nullable): what is at the tapped point is being looked up */
  char *tapped_kind;         /* (nullable): NULL if no place was tapped, only the map */
  NaviNames *tapped_names;   /* (nullable) */
  double tapped_lat_deg;
  double tapped_lon_deg;
  gboolean following; /* the map goes with the position */
  gboolean view_restored;
  NaviPlannerState shown_state; /* what the map was last fitted to */
};

G_DEFINE_FINAL_TYPE (NaviWindow, navi_window, CIRRUS_TYPE_WINDOW)

/* ---- The sheet ---- */

/* Buttons and scale stand above the sheet, whatever its height. */
static void
lift_controls (NaviWindow *self)
{
  int height = 0;

  if (gtk_revealer_get_reveal_child (GTK_REVEALER (self->sheet)))
    gtk_widget_measure (gtk_revealer_get_child (GTK_REVEALER (self->sheet)), GTK_ORIENTATION_VERTICAL,
                        MAX (gtk_widget_get_width (GTK_WIDGET (self->canvas)), 320), NULL, &height, NULL, NULL);
  gtk_widget_set_margin_bottom (self->buttons, 12 + height);
  gtk_widget_set_margin_bottom (self->scale, 6 + height);
}

static void
show_sheet (NaviWindow *self, const char *name)
{
  if (name != NULL)
    gtk_stack_set_visible_child_name (self->sheet_stack, name);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->sheet), name != NULL);
  lift_controls (self);
}

static int
sheet_height (NaviWindow *self)
{
  return gtk_widget_get_margin_bottom (self->buttons) - 12;
}

static double
distance_m (double lat_a, double lon_a, double lat_b, double lon_b)
{
  double rad = G_PI / 180;
  double s = sin ((lat_b - lat_a) * rad / 2);
  double t = sin ((lon_b - lon_a) * rad / 2);

  return 2 * EARTH_RADIUS_M * asin (sqrt (s * s + cos (lat_a * rad) * cos (lat_b * rad) * t * t));
}

/* "Botanical Garden · Park · 350 m", as far as they are known; (transfer full). */
static char *
place_subtitle (NaviWindow *self, const char *other_name, const char *kind, double lat_deg, double lon_deg)
{
  CloudFix *fix = cloud_location_get_fix (self->location);
  g_autofree char *distance = NULL;

  if (fix != NULL)
    distance = cirrus_format_distance (distance_m (fix->latitude_deg, fix->longitude_deg, lat_deg, lon_deg));
  return navi_text_join ((const char *const[]) { other_name, kind, distance }, 3);
}

static void
forget_whereabouts (NaviWindow *self)
{
  g_cancellable_cancel (self->whereabouts);
  g_clear_object (&self->whereabouts);
}

/* What has no name is called by what or where it is. */
static void
select_place (NaviWindow *self, const NaviNames *names, const char *kind, const char *const *details, double lat_deg, double lon_deg)
{
  g_autofree char *coordinates = navi_text_coordinates (lat_deg, lon_deg);
  g_autofree char *subtitle = NULL;
  gboolean named = names != NULL && !navi_names_are_empty (names);

  forget_whereabouts (self);
  self->has_place = TRUE;
  g_clear_pointer (&self->place_names, navi_names_unref);
  self->place_names = named ? navi_names_ref (names) : navi_names_new (kind != NULL && *kind != '\0' ? kind : coordinates, NULL, NULL);
  subtitle = place_subtitle (self, navi_names_get_other (self->place_names, navi_text_language ()), named ? kind : NULL, lat_deg, lon_deg);
  self->place_lat_deg = lat_deg;
  self->place_lon_deg = lon_deg;
  navi_marker_layer_show (navi_canvas_get_markers (self->canvas), NAVI_MARKER_SELECTED, lat_deg, lon_deg);
  navi_place_sheet_set (self->place_sheet, navi_names_pick (self->place_names, navi_text_language (), NULL), subtitle, details);
  show_sheet (self, "place");
}

static void
deselect_place (NaviWindow *self)
{
  forget_whereabouts (self);
  self->has_place = FALSE;
  navi_marker_layer_hide (navi_canvas_get_markers (self->canvas), NAVI_MARKER_SELECTED);
}

void
navi_window_show_place (NaviWindow *self, NaviPlace *place)
{
  const NaviPlaceData *data;
  g_autoptr (NaviNames) names = NULL;
  g_autofree char *kind = NULL;
  g_auto (GStrv) details = NULL;

  g_return_if_fail (NAVI_IS_WINDOW (self));
  g_return_if_fail (NAVI_IS_PLACE (place));

  data = navi_place_get_data (place);
  kind = navi_place_get_kind_label (place, navi_text_language ());
  details = navi_text_place_details (place);
  names = navi_place_get_names (place);
  self->following = FALSE;
  select_place (self, names, kind, (const char *const *) details, data->lat_deg, data->lon_deg);
  navi_canvas_go_to (self->canvas, data->lat_deg, data->lon_deg, PLACE_ZOOM);
}

void
navi_window_search (NaviWindow *self, const char *text)
{
  g_return_if_fail (NAVI_IS_WINDOW (self));

  navi_search_box_ask (self->search, text);
}

/* ---- The plan ---- */

static void
on_plan_changed (NaviWindow *self)
{
  NaviPlannerState state = navi_planner_get_state (self->planner);

  navi_route_view_show (self->canvas, self->planner);
  if (state == NAVI_PLANNER_EMPTY)
    {
      if (g_strcmp0 (gtk_stack_get_visible_child_name (self->sheet_stack), "route") == 0)
        show_sheet (self, NULL);
    }
  else if (!self->has_place)
    show_sheet (self, "route");
  if (state == NAVI_PLANNER_READY && self->shown_state != NAVI_PLANNER_READY && !self->has_place)
    {
      self->following = FALSE;
      navi_route_view_fit (self->canvas, self->planner, sheet_height (self));
    }
  self->shown_state = state;
}

static void
on_route_wanted (NaviWindow *self)
{
  if (!self->has_place)
    return;
  deselect_place (self);
  navi_search_box_end (self->search);
  navi_planner_set_destination (self->planner, self->place_names, self->place_lat_deg, self->place_lon_deg);
}

static void
on_place_closed (NaviWindow *self)
{
  deselect_place (self);
  show_sheet (self, navi_planner_get_state (self->planner) != NAVI_PLANNER_EMPTY ? "route" : NULL);
}

static void
on_step_chosen (NaviWindow *self, NaviStep *step)
{
  const NaviStepData *data = navi_step_get_data (step);

  self->following = FALSE;
  navi_canvas_go_to (self->canvas, data->lat_deg, data->lon_deg, 17);
}

/* ---- Touches ---- */

/* The tapped point gets its address, and a tapped place what else is known of it. */
static void
show_tapped (NaviWindow *self, NaviPlace *place)
{
  g_autofree char *kind = g_strdup (self->tapped_kind);
  g_autoptr (NaviNames) names = self->tapped_names != NULL ? navi_names_ref (self->tapped_names) : NULL;
  g_auto (GStrv) details = NULL;

  if (place != NULL)
    {
      details = navi_text_place_details (place);
      if (kind == NULL)
        kind = navi_place_get_kind_label (place, navi_text_language ());
      g_clear_pointer (&names, navi_names_unref);
      names = navi_place_get_names (place);
    }
  select_place (self, names, kind, (const char *const *) details, self->tapped_lat_deg, self->tapped_lon_deg);
}

static void
on_whereabouts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NaviWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) places = navi_whereabouts_ask_finish (result, &error);
  g_autoptr (NaviPlace) place = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (places != NULL)
    place = navi_whereabouts_pick (places, self->tapped_kind != NULL ? self->tapped_names : NULL);
  else
    g_debug ("%s", error->message);
  show_tapped (self, place);
}

/* The marker stands there at once, the sheet comes with what is known. */
static void
tap_point (NaviWindow *self, double lat_deg, double lon_deg, const char *kind, const NaviNames *names)
{
  forget_whereabouts (self);
  g_free (self->tapped_kind);
  g_clear_pointer (&self->tapped_names, navi_names_unref);
  self->tapped_kind = g_strdup (kind);
  self->tapped_names = names != NULL ? navi_names_ref (names) : NULL;
  self->tapped_lat_deg = lat_deg;
  self->tapped_lon_deg = lon_deg;
  navi_marker_layer_show (navi_canvas_get_markers (self->canvas), NAVI_MARKER_SELECTED, lat_deg, lon_deg);
  self->whereabouts = g_cancellable_new ();
  navi_whereabouts_ask_async (self->regions, lat_deg, lon_deg, self->whereabouts, on_whereabouts, g_object_ref (self));
}

static void
on_tapped (NaviWindow *self, double lat_deg, double lon_deg, int kind, const NaviNames *names)
{
  navi_search_box_end (self->search);
  if (navi_planner_get_state (self->planner) == NAVI_PLANNER_NEEDS_START)
    {
      navi_planner_set_start (self->planner, names, lat_deg, lon_deg);
      return;
    }
  tap_point (self, lat_deg, lon_deg, kind != NAVI_MAP_NONE ? navi_text_map_kind (kind) : NULL, names);
}

static void
on_route_tapped (NaviWindow *self, int index)
{
  navi_planner_choose (self->planner, (guint) index);
}

/* Where a finger rests the point itself is meant, not what stands there. */
static void
on_pressed_long (NaviWindow *self, double lat_deg, double lon_deg)
{
  navi_search_box_end (self->search);
  tap_point (self, lat_deg, lon_deg, NULL, NULL);
}

static void
on_place_chosen (NaviWindow *self, NaviPlace *place)
{
  navi_window_show_place (self, place);
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

/* ---- Position ---- */

static void
update_position_button (NaviWindow *self)
{
  CloudLocationState state = cloud_location_get_state (self->location);
  const char *icon = "navi-position-off-symbolic";
  const char *label = _ ("Show my position");

  if (state == CLOUD_LOCATION_FIX)
    icon = self->following ? "navi-position-follow-symbolic" : "navi-position-symbolic";
  if (state == CLOUD_LOCATION_SEARCHING)
    label = _ ("Searching for satellites…");
  else if (state == CLOUD_LOCATION_UNAVAILABLE)
    label = _ ("No position: this device has no GPS that answers");
  gtk_button_set_icon_name (GTK_BUTTON (self->position_button), icon);
  gtk_widget_set_tooltip_text (self->position_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->position_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (state == CLOUD_LOCATION_SEARCHING)
    gtk_widget_add_css_class (self->position_button, "searching");
  else
    gtk_widget_remove_css_class (self->position_button, "searching");
}

static void
on_fix (NaviWindow *self)
{
  CloudFix *fix = cloud_location_get_fix (self->location);
  gboolean is_old;

  if (fix == NULL)
    return;
  is_old = cloud_fix_get_age_us (fix) > FIX_OLD_S * G_USEC_PER_SEC;
  navi_marker_layer_set_position_quality (navi_canvas_get_markers (self->canvas), isnan (fix->accuracy_m) ? 0 : fix->accuracy_m,
                                          fix->speed_mps > 0.8 ? fix->bearing_deg : NAN, is_old);
  navi_marker_layer_show (navi_canvas_get_markers (self->canvas), NAVI_MARKER_POSITION, fix->latitude_deg, fix->longitude_deg);
  navi_search_box_set_near (self->search, fix->latitude_deg, fix->longitude_deg, TRUE);
  navi_planner_set_position (self->planner, fix->latitude_deg, fix->longitude_deg);
  if (self->following)
    navi_canvas_center_on (self->canvas, fix->latitude_deg, fix->longitude_deg, -1);
  update_position_button (self);
}

static void
on_position_clicked (NaviWindow *self)
{
  CloudFix *fix = cloud_location_get_fix (self->location);

  if (fix == NULL)
    {
      cirrus_toast (GTK_WIDGET (self), cloud_location_get_state (self->location) == CLOUD_LOCATION_UNAVAILABLE
                                         ? _ ("No position: this device has no GPS that answers")
                                         : _ ("Searching for satellites…"));
      return;
    }
  self->following = TRUE;
  navi_canvas_go_to (self->canvas, fix->latitude_deg, fix->longitude_deg,
                     MAX (15, shumate_viewport_get_zoom_level (navi_canvas_get_viewport (self->canvas))));
  update_position_button (self);
}

static void
on_moved_by_hand (NaviWindow *self)
{
  if (!self->following)
    return;
  self->following = FALSE;
  update_position_button (self);
}

/* The GPS runs only while its dot can be seen. */
static void
on_map (NaviWindow *self)
{
  cloud_location_start (self->location, &(CloudLocationNeed){ .interval_ms = 1000 });
}

static void
on_unmap (NaviWindow *self)
{
  cloud_location_stop (self->location);
}

/* ---- Regions and the view ---- */

static gboolean
restore_view (NaviWindow *self)
{
  double lat_deg, lon_deg, zoom;

  g_settings_get (self->settings, "view", "(ddd)", &lat_deg, &lon_deg, &zoom);
  if (zoom <= 0)
    return FALSE;
  navi_canvas_center_on (self->canvas, lat_deg, lon_deg, zoom);
  return TRUE;
}

static void
save_view (NaviWindow *self)
{
  ShumateViewport *viewport = navi_canvas_get_viewport (self->canvas);

  g_settings_set (self->settings, "view", "(ddd)", shumate_location_get_latitude (SHUMATE_LOCATION (viewport)),
                  shumate_location_get_longitude (SHUMATE_LOCATION (viewport)), shumate_viewport_get_zoom_level (viewport));
}

/* The first map comes into view by itself. */
static void
show_region (NaviWindow *self, NaviRegion *region)
{
  double south, west, north, east;

  if (navi_region_get_bounds (region, &south, &west, &north, &east) && west <= east)
    navi_canvas_center_on (self->canvas, (south + north) / 2, (west + east) / 2, 13);
}

static void
on_regions_changed (NaviWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->regions));
  g_autoptr (GPtrArray) maps = g_ptr_array_new_with_free_func ((GDestroyNotify) navi_map_data_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (NaviRegion) region = g_list_model_get_item (G_LIST_MODEL (self->regions), i);
      g_autoptr (GError) error = NULL;
      NaviMapData *map = navi_map_data_new_for_region (region, &error);

      if (map != NULL)
        g_ptr_array_add (maps, map);
      else
        g_message ("%s: %s", navi_region_get_name (region), error->message);
      if (!self->view_restored && i == 0)
        show_region (self, region);
    }
  self->view_restored = self->view_restored || n > 0;
  navi_map_layer_set_regions (navi_canvas_get_map_layer (self->canvas), maps);
  gtk_widget_set_visible (self->empty, n == 0);
  navi_planner_retry (self->planner);
}

static void
on_dark_changed (NaviWindow *self)
{
  navi_map_layer_set_dark (navi_canvas_get_map_layer (self->canvas), adw_style_manager_get_dark (adw_style_manager_get_default ()));
}

static void
on_rotation_changed (NaviWindow *self)
{
  gtk_widget_set_visible (self->north_button, fabs (shumate_viewport_get_rotation (navi_canvas_get_viewport (self->canvas))) > 0.01);
}

static void
on_import_wanted (NaviWindow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.maps", NULL);
  navi_maps_import_file (GTK_WIDGET (self), self->regions, self->importer);
}

/* ---- Actions ---- */

static void
act_maps (GtkWidget *widget, const char *action, GVariant *parameter)
{
  NaviWindow *self = NAVI_WINDOW (widget);

  cirrus_shell_push (self->shell, navi_maps_page_new (self->regions, self->importer));
}

static void
act_options (GtkWidget *widget, const char *action, GVariant *parameter)
{
  NaviWindow *self = NAVI_WINDOW (widget);

  cirrus_shell_push (self->shell, navi_options_page_new (self->planner));
}

static void
act_search (GtkWidget *widget, const char *action, GVariant *parameter)
{
  navi_search_box_begin (NAVI_WINDOW (widget)->search);
}

static void
act_zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  navi_canvas_zoom_by (NAVI_WINDOW (widget)->canvas, g_str_has_suffix (action, "in") ? 1 : -1);
}

static void
act_north (GtkWidget *widget, const char *action, GVariant *parameter)
{
  navi_canvas_set_heading_up (NAVI_WINDOW (widget)->canvas, 0);
}

static void
act_position (GtkWidget *widget, const char *action, GVariant *parameter)
{
  on_position_clicked (NAVI_WINDOW (widget));
}

/* ---- Making it ---- */

static GtkWidget *
create_round_button (const char *icon, const char *label, const char *action)
{
  GtkWidget *button = cirrus_icon_button_new (icon, label, action);

  gtk_widget_remove_css_class (button, "flat");
  gtk_widget_add_css_class (button, "round-button");
  return button;
}

static GtkWidget *
create_buttons (NaviWindow *self)
{
  self->buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->north_button = create_round_button ("navi-north-symbolic", _ ("Turn the map to north"), "win.north");
  self->position_button = create_round_button ("navi-position-off-symbolic", _ ("Show my position"), "win.position");
  gtk_widget_set_visible (self->north_button, FALSE);
  gtk_box_append (GTK_BOX (self->buttons), self->north_button);
  gtk_box_append (GTK_BOX (self->buttons), create_round_button ("list-add-symbolic", _ ("Zoom in"), "win.zoom-in"));
  gtk_box_append (GTK_BOX (self->buttons), create_round_button ("list-remove-symbolic", _ ("Zoom out"), "win.zoom-out"));
  gtk_box_append (GTK_BOX (self->buttons), self->position_button);
  gtk_widget_set_halign (self->buttons, GTK_ALIGN_END);
  gtk_widget_set_valign (self->buttons, GTK_ALIGN_END);
  gtk_widget_set_margin_end (self->buttons, 12);
  return self->buttons;
}

static GtkWidget *
create_sheet (NaviWindow *self)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *route_sheet = navi_route_sheet_new (self->planner);

  self->place_sheet = NAVI_PLACE_SHEET (navi_place_sheet_new ());
  self->sheet_stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->sheet_stack, FALSE);
  gtk_stack_set_interpolate_size (self->sheet_stack, TRUE);
  gtk_stack_add_named (self->sheet_stack, GTK_WIDGET (self->place_sheet), "place");
  gtk_stack_add_named (self->sheet_stack, route_sheet, "route");
  gtk_widget_add_css_class (GTK_WIDGET (self->sheet_stack), "sheet");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 520);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 520);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->sheet_stack));
  self->sheet = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->sheet), GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_transition_duration (GTK_REVEALER (self->sheet), 200);
  gtk_revealer_set_child (GTK_REVEALER (self->sheet), clamp);
  gtk_widget_set_valign (self->sheet, GTK_ALIGN_END);
  g_signal_connect_swapped (self->place_sheet, "route", G_CALLBACK (on_route_wanted), self);
  g_signal_connect_swapped (self->place_sheet, "closed", G_CALLBACK (on_place_closed), self);
  g_signal_connect_swapped (route_sheet, "step-chosen", G_CALLBACK (on_step_chosen), self);
  g_signal_connect_swapped (route_sheet, "closed", G_CALLBACK (navi_planner_clear), self->planner);
  return self->sheet;
}

static GtkWidget *
create_top (NaviWindow *self, CirrusApplication *application)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append (menu, _ ("Maps"), "win.maps");
  g_menu_append (menu, _ ("Route Options"), "win.options");
  self->search = NAVI_SEARCH_BOX (navi_search_box_new (self->regions, cirrus_application_create_menu_button (application, G_MENU_MODEL (menu))));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 520);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 520);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->search));
  gtk_widget_set_hexpand (clamp, TRUE);
  gtk_box_append (GTK_BOX (bar), clamp);
  if (!cirrus_theme_is_small_screen ())
    {
      /* Without a header bar the window is moved and closed here. */
      GtkWidget *handle = gtk_window_handle_new ();
      GtkWidget *controls = gtk_window_controls_new (GTK_PACK_END);

      gtk_widget_add_css_class (controls, "navi-controls");
      gtk_window_handle_set_child (GTK_WINDOW_HANDLE (handle), controls);
      gtk_widget_set_valign (handle, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (bar), handle);
    }
  gtk_widget_set_valign (bar, GTK_ALIGN_START);
  gtk_widget_add_css_class (bar, "navi-top");
  g_signal_connect_swapped (self->search, "place-chosen", G_CALLBACK (on_place_chosen), self);
  return bar;
}

static GtkWidget *
create_empty (NaviWindow *self)
{
  self->empty = cirrus_status_view_new ("map", _ ("No Map Yet"),
                                        _ ("Import an OpenStreetMap extract or a ready map from this device: then search and routes work without a network."),
                                        _ ("Import a Map…"));
  gtk_widget_add_css_class (self->empty, "navi-empty");
  g_signal_connect_swapped (self->empty, "activated", G_CALLBACK (on_import_wanted), self);
  return self->empty;
}

/* Scale and credits, with what the map is if it is none of the world. */
static GtkWidget *
create_plate (NaviWindow *self)
{
  GtkWidget *plate = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *credit = gtk_label_new (_ ("© OpenStreetMap contributors"));
  GtkWidget *chip = cirrus_sample_chip_new ();

  gtk_label_set_xalign (GTK_LABEL (credit), 0);
  gtk_widget_set_hexpand (chip, TRUE);
  gtk_widget_set_halign (chip, GTK_ALIGN_END);
  gtk_widget_set_valign (chip, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (row), navi_scale_bar_new (navi_canvas_get_viewport (self->canvas)));
  gtk_box_append (GTK_BOX (row), chip);
  gtk_box_append (GTK_BOX (plate), row);
  gtk_box_append (GTK_BOX (plate), credit);
  gtk_widget_add_css_class (plate, "navi-plate");
  gtk_widget_set_can_target (plate, FALSE);
  gtk_widget_set_halign (plate, GTK_ALIGN_START);
  gtk_widget_set_valign (plate, GTK_ALIGN_END);
  gtk_widget_set_margin_start (plate, 6);
  self->scale = plate;
  return plate;
}

static GtkWidget *
create_body (NaviWindow *self, CirrusApplication *application)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->canvas = NAVI_CANVAS (navi_canvas_new ());
  gtk_widget_set_focusable (GTK_WIDGET (self->canvas), FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->canvas));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_plate (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_buttons (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_empty (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_sheet (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_top (self, application));
  g_signal_connect_swapped (self->canvas, "tapped", G_CALLBACK (on_tapped), self);
  g_signal_connect_swapped (self->canvas, "route-tapped", G_CALLBACK (on_route_tapped), self);
  g_signal_connect_swapped (self->canvas, "pressed-long", G_CALLBACK (on_pressed_long), self);
  g_signal_connect_swapped (self->canvas, "moved-by-hand", G_CALLBACK (on_moved_by_hand), self);
  g_signal_connect_object (navi_canvas_get_viewport (self->canvas), "notify::rotation", G_CALLBACK (on_rotation_changed), self,
                           G_CONNECT_SWAPPED);
  return overlay;
}

/* Who does not know where one is looks for what is near the middle of the map. */
static void
on_view_moved (NaviWindow *self, GParamSpec *pspec, ShumateViewport *viewport)
{
  if (self->location != NULL && cloud_location_get_fix (self->location) == NULL)
    navi_search_box_set_near (self->search, shumate_location_get_latitude (SHUMATE_LOCATION (viewport)),
                              shumate_location_get_longitude (SHUMATE_LOCATION (viewport)), FALSE);
}

static gboolean
navi_window_close_request (GtkWindow *window)
{
  save_view (NAVI_WINDOW (window));
  return GTK_WINDOW_CLASS (navi_window_parent_class)->close_request (window);
}

static void
navi_window_dispose (GObject *object)
{
  NaviWindow *self = NAVI_WINDOW (object);

  if (self->location != NULL)
    g_signal_handlers_disconnect_by_data (self->location, self);
  g_clear_object (&self->location);
  g_clear_object (&self->planner);
  g_clear_object (&self->importer);
  g_clear_object (&self->regions);
  g_clear_object (&self->settings);
  forget_whereabouts (self);
  g_clear_pointer (&self->place_names, navi_names_unref);
  g_clear_pointer (&self->tapped_kind, g_free);
  g_clear_pointer (&self->tapped_names, navi_names_unref);
  G_OBJECT_CLASS (navi_window_parent_class)->dispose (object);
}

static void
navi_window_class_init (NaviWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = navi_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = navi_window_close_request;
  gtk_widget_class_install_action (widget_class, "win.maps", NULL, act_maps);
  gtk_widget_class_install_action (widget_class, "win.options", NULL, act_options);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, act_search);
  gtk_widget_class_install_action (widget_class, "win.zoom-in", NULL, act_zoom);
  gtk_widget_class_install_action (widget_class, "win.zoom-out", NULL, act_zoom);
  gtk_widget_class_install_action (widget_class, "win.north", NULL, act_north);
  gtk_widget_class_install_action (widget_class, "win.position", NULL, act_position);
}

static void
navi_window_init (NaviWindow *self)
{
}

static void
connect_engine (NaviWindow *self)
{
  g_signal_connect_object (self->planner, "changed", G_CALLBACK (on_plan_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->regions, "items-changed", G_CALLBACK (on_regions_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->location, "notify::fix", G_CALLBACK (on_fix), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->location, "notify::state", G_CALLBACK (update_position_button), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (on_dark_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (navi_canvas_get_viewport (self->canvas), "notify::latitude", G_CALLBACK (on_view_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (navi_canvas_get_viewport (self->canvas), "notify::longitude", G_CALLBACK (on_view_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (on_unmap), NULL);
}

NaviWindow *
navi_window_new (CirrusApplication *application)
{
  NaviWindow *self = g_object_new (NAVI_TYPE_WINDOW, "application", application, "title", cirrus_application_get_title (application), NULL);

  self->settings = cloud_settings_new ("Navi");
  self->regions = navi_regions_new (NULL);
  self->importer = navi_importer_new ();
  self->planner = navi_planner_new (self->regions, self->settings);
  self->location = cloud_location_new ("Navi");
  self->shell = CIRRUS_SHELL (cirrus_shell_new ());
  cirrus_shell_add_pane (self->shell, "map", create_body (self, application), 0);
  cirrus_window_set_body (CIRRUS_WINDOW (self), GTK_WIDGET (self->shell));
  navi_map_layer_set_language (navi_canvas_get_map_layer (self->canvas), navi_text_language ());
  connect_engine (self);
  self->view_restored = restore_view (self);
  on_dark_changed (self);
  on_regions_changed (self);
  on_plan_changed (self);
  update_position_button (self);
  lift_controls (self);
  return self;
}
