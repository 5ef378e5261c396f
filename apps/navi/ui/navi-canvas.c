/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-canvas.h"
#include "navi-map-kind.h"
#include "navi-map-render.h"

#include <glib/gi18n.h>
#include <math.h>

/* ShumateMap with our layers, and the touches that the window wants to hear of. */

#define MIN_ZOOM 3
#define MAX_ZOOM 19
#define GO_TO_MS 250 /* the library's own reckoning takes seconds when zoomed in */
#define TAP_SLACK_PX 8

/* A source that never fills a tile: libshumate needs one for its projection and zoom bounds. */
#define NAVI_TYPE_GRID_SOURCE (navi_grid_source_get_type ())
G_DECLARE_FINAL_TYPE (NaviGridSource, navi_grid_source, NAVI, GRID_SOURCE, ShumateMapSource)

struct _NaviGridSource
{
  ShumateMapSource parent_instance;
};

G_DEFINE_FINAL_TYPE (NaviGridSource, navi_grid_source, SHUMATE_TYPE_MAP_SOURCE)

static void
navi_grid_source_class_init (NaviGridSourceClass *class)
{
}

static void
navi_grid_source_init (NaviGridSource *self)
{
}

struct _NaviCanvas
{
  GtkWidget parent_instance;
  ShumateMap *map;
  NaviMapLayer *map_layer;
  NaviMarkerLayer *markers;
  double press_x;
  double press_y;

  /* A box to be shown as soon as the size is known. */
  guint fit_tick;
  double fit_south, fit_west, fit_north, fit_east;
  int fit_top, fit_bottom;
};

enum
{
  SIGNAL_TAPPED,
  SIGNAL_ROUTE_TAPPED,
  SIGNAL_PRESSED_LONG,
  SIGNAL_MOVED_BY_HAND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NaviCanvas, navi_canvas, GTK_TYPE_WIDGET)

static void
on_pressed (NaviCanvas *self, int n_press, double x, double y)
{
  self->press_x = x;
  self->press_y = y;
}

static void
on_released (NaviCanvas *self, int n_press, double x, double y)
{
  g_autoptr (NaviNames) names = NULL;
  double lat_deg, lon_deg;
  int kind = NAVI_MAP_NONE;

  if (n_press != 1 || hypot (x - self->press_x, y - self->press_y) > TAP_SLACK_PX)
    return;
  if (!navi_map_layer_pick (self->map_layer, x, y, &kind, &names, &lat_deg, &lon_deg))
    {
      int route = navi_map_layer_pick_route (self->map_layer, x, y);

      if (route >= 0)
        {
          g_signal_emit (self, signals[SIGNAL_ROUTE_TAPPED], 0, route);
          return;
        }
      shumate_viewport_widget_coords_to_location (shumate_map_get_viewport (self->map), GTK_WIDGET (self->map), x, y, &lat_deg, &lon_deg);
    }
  g_signal_emit (self, signals[SIGNAL_TAPPED], 0, lat_deg, lon_deg, kind, names);
}

static void
on_long_press (NaviCanvas *self, double x, double y)
{
  double lat_deg, lon_deg;

  shumate_viewport_widget_coords_to_location (shumate_map_get_viewport (self->map), GTK_WIDGET (self->map), x, y, &lat_deg, &lon_deg);
  g_signal_emit (self, signals[SIGNAL_PRESSED_LONG], 0, lat_deg, lon_deg);
}

static void
on_drag_update (NaviCanvas *self, double dx, double dy)
{
  if (hypot (dx, dy) <= TAP_SLACK_PX)
    return;
  /* A drag doesn't stop the library's motion by itself. */
  shumate_map_stop_go_to (self->map);
  g_signal_emit (self, signals[SIGNAL_MOVED_BY_HAND], 0);
}

static gboolean
on_scroll (NaviCanvas *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED_BY_HAND], 0);
  return GDK_EVENT_PROPAGATE;
}

static void
add_gestures (NaviCanvas *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *hold = gtk_gesture_long_press_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (hold, "pressed", G_CALLBACK (on_long_press), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  /* Heard before libshumate's own gestures, which go on undisturbed. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (hold), GTK_PHASE_CAPTURE);
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (hold));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}

NaviMapLayer *
navi_canvas_get_map_layer (NaviCanvas *self)
{
  g_return_val_if_fail (NAVI_IS_CANVAS (self), NULL);
  return self->map_layer;
}

NaviMarkerLayer *
navi_canvas_get_markers (NaviCanvas *self)
{
  g_return_val_if_fail (NAVI_IS_CANVAS (self), NULL);
  return self->markers;
}

ShumateViewport *
navi_canvas_get_viewport (NaviCanvas *self)
{
  g_return_val_if_fail (NAVI_IS_CANVAS (self), NULL);
  return shumate_map_get_viewport (self->map);
}

void
navi_canvas_center_on (NaviCanvas *self, double lat_deg, double lon_deg, double zoom)
{
  ShumateViewport *viewport;

  g_return_if_fail (NAVI_IS_CANVAS (self));

  viewport = shumate_map_get_viewport (self->map);
  shumate_map_stop_go_to (self->map);
  if (zoom >= 0)
    shumate_viewport_set_zoom_level (viewport, CLAMP (zoom, MIN_ZOOM, MAX_ZOOM));
  shumate_location_set_location (SHUMATE_LOCATION (viewport), lat_deg, lon_deg);
}

void
navi_canvas_go_to (NaviCanvas *self, double lat_deg, double lon_deg, double zoom)
{
  gboolean animate = TRUE;

  g_return_if_fail (NAVI_IS_CANVAS (self));

  if (zoom < 0)
    zoom = shumate_viewport_get_zoom_level (shumate_map_get_viewport (self->map));
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animate, NULL);
  if (animate && gtk_widget_get_mapped (GTK_WIDGET (self)))
    shumate_map_go_to_full_with_duration (self->map, lat_deg, lon_deg, CLAMP (zoom, MIN_ZOOM, MAX_ZOOM), GO_TO_MS);
  else
    navi_canvas_center_on (self, lat_deg, lon_deg, zoom);
}

static gboolean
on_fit_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  NaviCanvas *self = NAVI_CANVAS (widget);

  if (gtk_widget_get_width (widget) == 0)
    return G_SOURCE_CONTINUE;
  self->fit_tick = 0;
  navi_canvas_fit (self, self->fit_south, self->fit_west, self->fit_north, self->fit_east, self->fit_top, self->fit_bottom);
  return G_SOURCE_REMOVE;
}

void
navi_canvas_fit (NaviCanvas *self, double south, double west, double north, double east, int covered_top, int covered_bottom)
{
  int width, height;
  double dx, dy, zoom, world, middle_y;

  g_return_if_fail (NAVI_IS_CANVAS (self));

  if (self->fit_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->fit_tick);
  self->fit_tick = 0;
  if (gtk_widget_get_width (GTK_WIDGET (self)) == 0)
    {
      self->fit_south = south;
      self->fit_west = west;
      self->fit_north = north;
      self->fit_east = east;
      self->fit_top = covered_top;
      self->fit_bottom = covered_bottom;
      self->fit_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_fit_tick, NULL, NULL);
      return;
    }
  width = MAX (160, gtk_widget_get_width (GTK_WIDGET (self)) - 48);
  height = MAX (120, gtk_widget_get_height (GTK_WIDGET (self)) - covered_top - covered_bottom - 48);
  dx = MAX (1e-7, navi_map_world_x (east, 1) - navi_map_world_x (west, 1));
  dy = MAX (1e-7, navi_map_world_y (south, 1) - navi_map_world_y (north, 1));
  zoom = floor (CLAMP (log2 (MIN (width / dx, height / dy) / 256), MIN_ZOOM, 17));
  world = 256 * pow (2, zoom);
  /* The middle of what is not covered is not the middle of the widget. */
  middle_y = (navi_map_world_y (south, 1) + navi_map_world_y (north, 1)) / 2 * world + (covered_bottom - covered_top) / 2.0;
  navi_canvas_center_on (self, navi_map_world_lat_deg (middle_y, world), (west + east) / 2, zoom);
}

void
navi_canvas_zoom_by (NaviCanvas *self, double steps)
{
  ShumateViewport *viewport;

  g_return_if_fail (NAVI_IS_CANVAS (self));

  viewport = shumate_map_get_viewport (self->map);
  navi_canvas_go_to (self, shumate_location_get_latitude (SHUMATE_LOCATION (viewport)),
                     shumate_location_get_longitude (SHUMATE_LOCATION (viewport)),
                     round (shumate_viewport_get_zoom_level (viewport)) + steps);
}

void
navi_canvas_set_heading_up (NaviCanvas *self, double heading_deg)
{
  double rotation;

  g_return_if_fail (NAVI_IS_CANVAS (self));

  rotation = fmod (360 - heading_deg, 360) * G_PI / 180;
  shumate_viewport_set_rotation (shumate_map_get_viewport (self->map), rotation);
}

static void
navi_canvas_dispose (GObject *object)
{
  NaviCanvas *self = NAVI_CANVAS (object);
  GtkWidget *map = GTK_WIDGET (self->map);

  self->map = NULL;
  g_clear_pointer (&map, gtk_widget_unparent);
  G_OBJECT_CLASS (navi_canvas_parent_class)->dispose (object);
}

static void
navi_canvas_class_init (NaviCanvasClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = navi_canvas_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "navicanvas");
  signals[SIGNAL_TAPPED] = g_signal_new ("tapped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4, G_TYPE_DOUBLE,
                                         G_TYPE_DOUBLE, G_TYPE_INT, NAVI_TYPE_NAMES);
  signals[SIGNAL_ROUTE_TAPPED] = g_signal_new ("route-tapped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_PRESSED_LONG] = g_signal_new ("pressed-long", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                               G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_MOVED_BY_HAND] = g_signal_new ("moved-by-hand", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
navi_canvas_init (NaviCanvas *self)
{
  g_autoptr (ShumateMapSource) source = g_object_new (NAVI_TYPE_GRID_SOURCE, NULL);
  ShumateViewport *viewport;

  self->map = shumate_map_new ();
  viewport = shumate_map_get_viewport (self->map);
  shumate_map_source_set_id (source, "cirrus-grid");
  shumate_map_source_set_tile_size (source, 256);
  shumate_map_source_set_min_zoom_level (source, MIN_ZOOM);
  shumate_map_source_set_max_zoom_level (source, MAX_ZOOM);
  shumate_viewport_set_min_zoom_level (viewport, MIN_ZOOM);
  shumate_viewport_set_max_zoom_level (viewport, MAX_ZOOM);
  shumate_viewport_set_reference_map_source (viewport, source);
  shumate_map_set_go_to_duration (self->map, GO_TO_MS);
  self->map_layer = navi_map_layer_new (viewport);
  self->markers = navi_marker_layer_new (viewport);
  shumate_map_add_layer (self->map, SHUMATE_LAYER (self->map_layer));
  shumate_map_add_layer (self->map, SHUMATE_LAYER (self->markers));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->map), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Map"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->map), GTK_WIDGET (self));
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  add_gestures (self);
}

GtkWidget *
navi_canvas_new (void)
{
  return g_object_new (NAVI_TYPE_CANVAS, NULL);
}
