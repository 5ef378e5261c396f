/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-marker-layer.h"
#include "navi-text.h"

#include <glib/gi18n.h>

#include <math.h>

/* The few things on the map that the user put there or that move. */

#define PIN_HEIGHT 34.0
#define DOT_RADIUS 8.0
#define REACH 30.0 /* how far a marker is painted from its point */
#define EARTH_CIRCUMFERENCE_M 40075016.686

typedef struct
{
  gboolean shown;
  double lat_deg;
  double lon_deg;
} Marker;

struct _NaviMarkerLayer
{
  ShumateLayer parent_instance;
  Marker markers[NAVI_N_MARKERS];
  double accuracy_m;
  double heading_deg;
  gboolean is_old;
};

G_DEFINE_FINAL_TYPE (NaviMarkerLayer, navi_marker_layer, SHUMATE_TYPE_LAYER)

static void
set_color (cairo_t *cr, guint32 color, double alpha)
{
  cairo_set_source_rgba (cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0, alpha);
}

static void
draw_pin (cairo_t *cr, guint32 color)
{
  double r = 11;
  double cy = -PIN_HEIGHT + r;

  cairo_arc (cr, 0, 0, 3, 0, 2 * G_PI);
  set_color (cr, 0x000000, 0.25);
  cairo_fill (cr);
  cairo_new_path (cr);
  cairo_arc (cr, 0, cy, r, G_PI * 0.82, G_PI * 2.18);
  cairo_curve_to (cr, r * 0.7, cy + r * 0.9, 3, -8, 0, 0);
  cairo_curve_to (cr, -3, -8, -r * 0.7, cy + r * 0.9, -r * cos (G_PI * 0.18), cy + r * sin (G_PI * 0.18));
  cairo_close_path (cr);
  set_color (cr, color, 1);
  cairo_fill_preserve (cr);
  set_color (cr, 0xffffff, 1);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  cairo_arc (cr, 0, cy, 4, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
draw_start (cairo_t *cr)
{
  cairo_arc (cr, 0, 0, 7, 0, 2 * G_PI);
  set_color (cr, 0xffffff, 1);
  cairo_fill_preserve (cr);
  set_color (cr, 0x2b7a3c, 1);
  cairo_set_line_width (cr, 3.5);
  cairo_stroke (cr);
}

static void
draw_position (NaviMarkerLayer *self, cairo_t *cr, double rotation_rad, double accuracy_px)
{
  guint32 color = self->is_old ? 0x8a8f99 : 0x1a73e8;

  if (accuracy_px > DOT_RADIUS)
    {
      cairo_arc (cr, 0, 0, accuracy_px, 0, 2 * G_PI);
      set_color (cr, color, 0.14);
      cairo_fill_preserve (cr);
      set_color (cr, color, 0.4);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
  if (!isnan (self->heading_deg))
    {
      cairo_save (cr);
      cairo_rotate (cr, self->heading_deg * G_PI / 180 + rotation_rad);
      cairo_move_to (cr, 0, -DOT_RADIUS - 11);
      cairo_line_to (cr, 8, -DOT_RADIUS + 1);
      cairo_line_to (cr, -8, -DOT_RADIUS + 1);
      cairo_close_path (cr);
      set_color (cr, color, 1);
      cairo_fill_preserve (cr);
      set_color (cr, 0xffffff, 1);
      cairo_set_line_width (cr, 1.5);
      cairo_stroke (cr);
      cairo_restore (cr);
    }
  cairo_arc (cr, 0, 0, DOT_RADIUS + 2.5, 0, 2 * G_PI);
  set_color (cr, 0xffffff, 1);
  cairo_fill (cr);
  cairo_arc (cr, 0, 0, DOT_RADIUS, 0, 2 * G_PI);
  set_color (cr, color, 1);
  cairo_fill (cr);
}

static double
meters_to_px (ShumateViewport *viewport, double meters, double lat_deg)
{
  ShumateMapSource *source = shumate_viewport_get_reference_map_source (viewport);
  double zoom = shumate_viewport_get_zoom_level (viewport);
  double world = source != NULL ? shumate_map_source_get_tile_size_at_zoom (source, zoom) *
                                    shumate_map_source_get_column_count (source, (guint) zoom)
                                : 256 * pow (2, zoom);

  return meters / (EARTH_CIRCUMFERENCE_M * cos (lat_deg * G_PI / 180)) * world;
}

static void
draw_marker (NaviMarkerLayer *self, GtkSnapshot *snapshot, NaviMarker kind)
{
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (self));
  const Marker *marker = &self->markers[kind];
  double accuracy_px = kind == NAVI_MARKER_POSITION ? meters_to_px (viewport, self->accuracy_m, marker->lat_deg) : 0;
  double reach = MAX (REACH + PIN_HEIGHT, accuracy_px + 2);
  double x, y;
  cairo_t *cr;

  shumate_viewport_location_to_widget_coords (viewport, GTK_WIDGET (self), marker->lat_deg, marker->lon_deg, &x, &y);
  if (x < -reach || y < -reach || x > gtk_widget_get_width (GTK_WIDGET (self)) + reach ||
      y > gtk_widget_get_height (GTK_WIDGET (self)) + reach || accuracy_px > 4000)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (x - reach, y - reach, 2 * reach, 2 * reach));
  cairo_translate (cr, x, y);
  switch (kind)
    {
    case NAVI_MARKER_POSITION:
      draw_position (self, cr, shumate_viewport_get_rotation (viewport), accuracy_px);
      break;
    case NAVI_MARKER_START:
      draw_start (cr);
      break;
    case NAVI_MARKER_DESTINATION:
      draw_pin (cr, 0xd93025);
      break;
    default:
      draw_pin (cr, 0x2b8a4b);
      break;
    }
  cairo_destroy (cr);
}

static void
navi_marker_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  NaviMarkerLayer *self = NAVI_MARKER_LAYER (widget);
  static const NaviMarker order[] = { NAVI_MARKER_START, NAVI_MARKER_POSITION, NAVI_MARKER_SELECTED, NAVI_MARKER_DESTINATION };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (self->markers[order[i]].shown)
      draw_marker (self, snapshot, order[i]);
}

void
navi_marker_layer_show (NaviMarkerLayer *self, NaviMarker marker, double lat_deg, double lon_deg)
{
  g_return_if_fail (NAVI_IS_MARKER_LAYER (self));
  g_return_if_fail (marker < NAVI_N_MARKERS);

  self->markers[marker] = (Marker){ TRUE, lat_deg, lon_deg };
  if (marker == NAVI_MARKER_POSITION)
    {
      g_autofree char *place = navi_text_coordinates (lat_deg, lon_deg);
      /* Translators: what a screen reader says of the dot on the map; coordinates follow */
      g_autofree char *label = g_strdup_printf (_ ("Your position: %s"), place);

      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
navi_marker_layer_hide (NaviMarkerLayer *self, NaviMarker marker)
{
  g_return_if_fail (NAVI_IS_MARKER_LAYER (self));
  g_return_if_fail (marker < NAVI_N_MARKERS);

  self->markers[marker].shown = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
navi_marker_layer_get (NaviMarkerLayer *self, NaviMarker marker, double *lat_deg, double *lon_deg)
{
  g_return_val_if_fail (NAVI_IS_MARKER_LAYER (self), FALSE);
  g_return_val_if_fail (marker < NAVI_N_MARKERS, FALSE);

  if (!self->markers[marker].shown)
    return FALSE;
  *lat_deg = self->markers[marker].lat_deg;
  *lon_deg = self->markers[marker].lon_deg;
  return TRUE;
}

void
navi_marker_layer_set_position_quality (NaviMarkerLayer *self, double accuracy_m, double heading_deg, gboolean is_old)
{
  g_return_if_fail (NAVI_IS_MARKER_LAYER (self));

  self->accuracy_m = accuracy_m;
  self->heading_deg = heading_deg;
  self->is_old = is_old;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
navi_marker_layer_constructed (GObject *object)
{
  ShumateViewport *viewport = shumate_layer_get_viewport (SHUMATE_LAYER (object));

  G_OBJECT_CLASS (navi_marker_layer_parent_class)->constructed (object);
  g_signal_connect_object (viewport, "notify", G_CALLBACK (gtk_widget_queue_draw), object, G_CONNECT_SWAPPED);
}

static void
navi_marker_layer_class_init (NaviMarkerLayerClass *class)
{
  G_OBJECT_CLASS (class)->constructed = navi_marker_layer_constructed;
  GTK_WIDGET_CLASS (class)->snapshot = navi_marker_layer_snapshot;
}

static void
navi_marker_layer_init (NaviMarkerLayer *self)
{
  self->heading_deg = NAN;
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

NaviMarkerLayer *
navi_marker_layer_new (ShumateViewport *viewport)
{
  g_return_val_if_fail (SHUMATE_IS_VIEWPORT (viewport), NULL);
  return g_object_new (NAVI_TYPE_MARKER_LAYER, "viewport", viewport, NULL);
}
