/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "navi-ui"

#include "navi-scale-bar.h"

#include "cirrus-common.h"

#include <glib/gi18n.h>
#include <math.h>

/* The scale of the map, as a bar of a round length. */

#define MAX_WIDTH 90
#define METERS_PER_FOOT 0.3048
#define METERS_PER_MILE 1609.344

struct _NaviScaleBar
{
  GtkWidget parent_instance;
  ShumateViewport *viewport;
  GtkWidget *label;
  double width_px;
};

G_DEFINE_FINAL_TYPE (NaviScaleBar, navi_scale_bar, GTK_TYPE_WIDGET)

/* The largest 1, 2 or 5 times a power of ten that is not above @limit. */
static double
round_length (double limit)
{
  double power = pow (10, floor (log10 (limit)));

  return limit >= 5 * power ? 5 * power : limit >= 2 * power ? 2 * power : power;
}

static void
update (NaviScaleBar *self)
{
  ShumateMapSource *source = shumate_viewport_get_reference_map_source (self->viewport);
  double px_m = shumate_map_source_get_meters_per_pixel (source, shumate_viewport_get_zoom_level (self->viewport),
                                                         shumate_location_get_latitude (SHUMATE_LOCATION (self->viewport)),
                                                         shumate_location_get_longitude (SHUMATE_LOCATION (self->viewport)));
  double limit_m = px_m * MAX_WIDTH;
  g_autofree char *text = NULL;
  double length_m;

  if (!cirrus_measures_in_miles ())
    {
      length_m = round_length (limit_m);
      text = length_m >= 1000 ? g_strdup_printf (_ ("%.0f km"), length_m / 1000) : g_strdup_printf (_ ("%.0f m"), length_m);
    }
  else if (limit_m < METERS_PER_MILE)
    {
      length_m = round_length (limit_m / METERS_PER_FOOT) * METERS_PER_FOOT;
      text = g_strdup_printf (_ ("%.0f ft"), length_m / METERS_PER_FOOT);
    }
  else
    {
      length_m = round_length (limit_m / METERS_PER_MILE) * METERS_PER_MILE;
      text = g_strdup_printf (_ ("%.0f mi"), length_m / METERS_PER_MILE);
    }
  self->width_px = length_m / px_m;
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
navi_scale_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  NaviScaleBar *self = NAVI_SCALE_BAR (widget);
  int height = gtk_widget_get_height (widget);
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (1, height - 3, self->width_px, 2));
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (1, height - 8, 1.5, 7));
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (self->width_px - 0.5, height - 8, 1.5, 7));
  gtk_widget_snapshot_child (widget, self->label, snapshot);
}

static void
navi_scale_bar_dispose (GObject *object)
{
  NaviScaleBar *self = NAVI_SCALE_BAR (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_object (&self->viewport);
  G_OBJECT_CLASS (navi_scale_bar_parent_class)->dispose (object);
}

static void
navi_scale_bar_class_init (NaviScaleBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = navi_scale_bar_dispose;
  GTK_WIDGET_CLASS (class)->snapshot = navi_scale_bar_snapshot;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
}

static void
navi_scale_bar_init (NaviScaleBar *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_margin_bottom (self->label, 7);
  gtk_widget_set_margin_start (self->label, 4);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_size_request (GTK_WIDGET (self), MAX_WIDTH + 4, 22);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
navi_scale_bar_new (ShumateViewport *viewport)
{
  NaviScaleBar *self = g_object_new (NAVI_TYPE_SCALE_BAR, NULL);

  self->viewport = g_object_ref (viewport);
  g_signal_connect_object (viewport, "notify::zoom-level", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (viewport, "notify::latitude", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
