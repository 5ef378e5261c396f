/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-sky.h"

#include "weather-look.h"

#include <adwaita.h>

/* A gradient, a glow where the sun or the moon is, stars in clear nights. */

struct _WeatherSky
{
  GtkWidget parent_instance;

  GtkWidget *child;
  float radius;
  WeatherCondition condition;
  WeatherHour hour;
};

G_DEFINE_FINAL_TYPE (WeatherSky, weather_sky, GTK_TYPE_WIDGET)

static GdkRGBA
opaque (const WeatherColor *color)
{
  return (GdkRGBA){ color->red, color->green, color->blue, 1 };
}

static void
draw_glow (GtkSnapshot *snapshot, float width, float height, const GdkRGBA *tint)
{
  float reach = MIN (width, height) * 0.85f;
  GskColorStop stops[] = { { 0, *tint }, { 0.35f, *tint }, { 1, { tint->red, tint->green, tint->blue, 0 } } };

  stops[1].color.alpha *= 0.45f;
  gtk_snapshot_append_radial_gradient (
      snapshot, &GRAPHENE_RECT_INIT (width - reach, -reach * 0.35f, reach * 1.35f, reach * 1.35f),
      &GRAPHENE_POINT_INIT (width * 0.86f, height * 0.04f), reach, reach, 0, 1, stops, G_N_ELEMENTS (stops));
}

static void
draw_stars (GtkSnapshot *snapshot, float width, float height)
{
  guint seed = 20261123;
  guint n = (guint) CLAMP (width * height / 9000, 4, 60);

  for (guint i = 0; i < n; i++)
    {
      float x, y, size;

      seed = seed * 1664525u + 1013904223u;
      x = (float) (seed >> 8 & 0xffff) / 65535 * width;
      seed = seed * 1664525u + 1013904223u;
      y = (float) (seed >> 8 & 0xffff) / 65535 * height * 0.55f;
      size = 1 + (float) (seed >> 28 & 1);
      gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 0.25f + 0.06f * (float) (seed >> 24 & 7) },
                                 &GRAPHENE_RECT_INIT (x, y, size, size));
    }
}

static gboolean
is_clear (WeatherCondition condition)
{
  return condition == WEATHER_CONDITION_CLEAR || condition == WEATHER_CONDITION_MOSTLY_CLEAR;
}

static void
weather_sky_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WeatherSky *self = WEATHER_SKY (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GskRoundedRect corners;
  WeatherColor top, bottom;

  weather_look_sky (self->condition, self->hour, dark, &top, &bottom);
  gsk_rounded_rect_init_from_rect (&corners, &bounds, self->radius);
  gtk_snapshot_push_rounded_clip (snapshot, &corners);
  gtk_snapshot_append_linear_gradient (snapshot, &bounds, &GRAPHENE_POINT_INIT (0, 0), &GRAPHENE_POINT_INIT (0, height),
                                       (GskColorStop[]){ { 0, opaque (&top) }, { 1, opaque (&bottom) } }, 2);
  if (is_clear (self->condition) && self->hour == WEATHER_HOUR_DAY && self->radius == 0)
    draw_glow (snapshot, width, height, &(GdkRGBA){ 1, 0.86f, 0.5f, dark ? 0.10f : 0.16f });
  if (is_clear (self->condition) && self->hour == WEATHER_HOUR_NIGHT)
    draw_stars (snapshot, width, height);
  gtk_snapshot_pop (snapshot);
  if (self->child != NULL)
    gtk_widget_snapshot_child (widget, self->child, snapshot);
}

static void
weather_sky_dispose (GObject *object)
{
  WeatherSky *self = WEATHER_SKY (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (weather_sky_parent_class)->dispose (object);
}

static void
weather_sky_class_init (WeatherSkyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = weather_sky_dispose;
  widget_class->snapshot = weather_sky_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "weathersky");
}

static void
weather_sky_init (WeatherSky *self)
{
  self->hour = WEATHER_HOUR_DAY;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
weather_sky_new (GtkWidget *child, float radius)
{
  WeatherSky *self = g_object_new (WEATHER_TYPE_SKY, NULL);

  self->radius = radius;
  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

void
weather_sky_set (WeatherSky *self, WeatherCondition condition, double sun_elevation_deg)
{
  WeatherHour hour = weather_look_hour (sun_elevation_deg);

  g_return_if_fail (WEATHER_IS_SKY (self));

  if (self->condition == condition && self->hour == hour)
    return;
  self->condition = condition;
  self->hour = hour;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
