/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-sun-arc.h"

#include "weather-sun.h"

/* The elevation of the sun over a day as a curve, the part that has passed bright. */

#define N_STEPS 72
#define HEIGHT 74

struct _WeatherSunArc
{
  GtkWidget parent_instance;

  float elevation_deg[N_STEPS + 1];
  float highest_deg, lowest_deg;
  float now_part; /* of the day that has passed */
  float now_deg;
};

G_DEFINE_FINAL_TYPE (WeatherSunArc, weather_sun_arc, GTK_TYPE_WIDGET)

static float
arc_y (WeatherSunArc *self, float elevation_deg)
{
  float span = MAX (self->highest_deg - self->lowest_deg, 10);

  return 8 + (self->highest_deg - elevation_deg) / span * (HEIGHT - 16);
}

static void
trace (WeatherSunArc *self, cairo_t *cr, float width)
{
  for (guint i = 0; i <= N_STEPS; i++)
    cairo_line_to (cr, 8 + (width - 16) * (float) i / N_STEPS, arc_y (self, self->elevation_deg[i]));
}

static void
stroke_clipped (WeatherSunArc *self, cairo_t *cr, float width, float from_y, float to_y, double alpha)
{
  cairo_save (cr);
  cairo_rectangle (cr, 0, from_y, width, to_y - from_y);
  cairo_clip (cr);
  trace (self, cr, width);
  cairo_set_source_rgba (cr, 1, 1, 1, alpha);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
weather_sun_arc_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WeatherSunArc *self = WEATHER_SUN_ARC (widget);
  float width = (float) gtk_widget_get_width (widget);
  float horizon = CLAMP (arc_y (self, 0), 8, HEIGHT - 8);
  float x = 8 + (width - 16) * self->now_part;
  float y = arc_y (self, self->now_deg);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, HEIGHT));

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    {
      cairo_translate (cr, width, 0);
      cairo_scale (cr, -1, 1);
    }
  cairo_set_line_width (cr, 2.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  stroke_clipped (self, cr, width, 0, horizon, 0.75);
  stroke_clipped (self, cr, width, horizon, HEIGHT, 0.25);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.5);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, 0, horizon);
  cairo_line_to (cr, width, horizon);
  cairo_stroke (cr);
  if (self->now_deg > -0.833f)
    {
      cairo_set_source_rgba (cr, 1, 0.79, 0.26, 0.35);
      cairo_arc (cr, x, y, 8, 0, 2 * G_PI);
      cairo_fill (cr);
      cairo_set_source_rgb (cr, 1, 0.83, 0.35);
    }
  else
    cairo_set_source_rgb (cr, 0.78, 0.84, 0.92);
  cairo_arc (cr, x, y, 5, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
weather_sun_arc_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 100 : HEIGHT;
}

static void
weather_sun_arc_class_init (WeatherSunArcClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = weather_sun_arc_snapshot;
  widget_class->measure = weather_sun_arc_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
weather_sun_arc_init (WeatherSunArc *self)
{
}

GtkWidget *
weather_sun_arc_new (void)
{
  return g_object_new (WEATHER_TYPE_SUN_ARC, NULL);
}

void
weather_sun_arc_set (WeatherSunArc *self, double latitude_deg, double longitude_deg, gint64 day_start_unix_us,
                     gint64 day_end_unix_us, gint64 now_unix_us)
{
  gint64 length_us = day_end_unix_us - day_start_unix_us;

  g_return_if_fail (WEATHER_IS_SUN_ARC (self) && length_us > 0);

  self->highest_deg = -90;
  self->lowest_deg = 90;
  for (guint i = 0; i <= N_STEPS; i++)
    {
      float elevation
          = (float) weather_sun_elevation_deg (latitude_deg, longitude_deg, day_start_unix_us + length_us * i / N_STEPS);

      self->elevation_deg[i] = elevation;
      self->highest_deg = MAX (self->highest_deg, elevation);
      self->lowest_deg = MIN (self->lowest_deg, elevation);
    }
  self->now_part = CLAMP ((float) (now_unix_us - day_start_unix_us) / (float) length_us, 0, 1);
  self->now_deg = (float) weather_sun_elevation_deg (latitude_deg, longitude_deg, now_unix_us);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
