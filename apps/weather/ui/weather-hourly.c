/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "cirrus-weather"

#include "weather-hourly.h"

#include "weather-look.h"
#include "weather-sun.h"

#include <glib/gi18n.h>

#include <math.h>

/* One canvas as wide as 48 hours inside a scrolled window.  GTK keeps what was drawn, so that scrolling draws nothing anew. */

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define N_HOURS 48
#define COLUMN 54
#define ICON 34
#define HOUR_Y 4
#define ICON_Y 28
#define LINE_TOP 94
#define LINE_BOTTOM 132
#define LEAST_SPAN_C 5
#define RAIN_TOP 146
#define RAIN_BOTTOM 176
#define RAIN_NOTE_Y 142
#define SPOKEN_HOURS 12
#define NOTE_HOURS 4 /* as long as this it must be dry for the strip to say so */

/* ---- The canvas ---- */

/* What stands under the line of temperatures: no more than there is to say. */
typedef enum
{
  LANE_DRY,     /* one line of words */
  LANE_CHANCES, /* one line of figures */
  LANE_BARS,    /* amounts, and the figures under them */
} Lane;

#define WEATHER_TYPE_HOURLY_CANVAS (weather_hourly_canvas_get_type ())
G_DECLARE_FINAL_TYPE (WeatherHourlyCanvas, weather_hourly_canvas, WEATHER, HOURLY_CANVAS, GtkWidget)

struct _WeatherHourlyCanvas
{
  GtkWidget parent_instance;

  WeatherForecast *forecast;
  GArray *hours; /* of WeatherPoint */
  WeatherUnits units;
  double low_c, high_c;
  double most_mm;
  guint n_dry; /* hours from now on that show no rain */
  Lane lane;
};

G_DEFINE_FINAL_TYPE (WeatherHourlyCanvas, weather_hourly_canvas, GTK_TYPE_WIDGET)

static float
column_x (guint i)
{
  return (float) (i * COLUMN) + COLUMN / 2.0f;
}

static float
line_y (WeatherHourlyCanvas *self, double celsius)
{
  double span = MAX (self->high_c - self->low_c, LEAST_SPAN_C);

  return (float) (LINE_BOTTOM - (celsius - self->low_c) / span * (LINE_BOTTOM - LINE_TOP));
}

static void
draw_layout (GtkSnapshot *snapshot, PangoLayout *layout, float x, float y, float alpha)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (x), y));
  gtk_snapshot_append_layout (snapshot, layout, &(GdkRGBA){ 1, 1, 1, alpha });
  gtk_snapshot_restore (snapshot);
}

/* Centred on @x. */
static void
draw_text (WeatherHourlyCanvas *self, GtkSnapshot *snapshot, const char *text, float x, float y, float alpha, gboolean bold)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  int width;

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, NULL);
  draw_layout (snapshot, layout, x - (float) width / 2, y, alpha);
}

static gboolean
is_day_at (WeatherHourlyCanvas *self, const WeatherPoint *hour)
{
  WeatherPlace *place = weather_forecast_get_place (self->forecast);

  if (hour->is_day >= 0)
    return hour->is_day;
  return weather_sun_is_up (weather_place_get_latitude_deg (place), weather_place_get_longitude_deg (place),
                            hour->start_unix_us + HOUR_US / 2);
}

static char *
hour_label (WeatherHourlyCanvas *self, guint i, gboolean *is_day_start)
{
  const WeatherPoint *hour = &g_array_index (self->hours, WeatherPoint, i);
  GTimeZone *zone = weather_forecast_get_zone (self->forecast);
  WeatherDay day;

  weather_day_at (zone, hour->start_unix_us, &day);
  *is_day_start = i > 0 && hour->start_unix_us - day.start_unix_us < HOUR_US;
  if (i == 0)
    return g_strdup (_ ("Now"));
  return *is_day_start ? weather_units_weekday (zone, hour->start_unix_us)
                       : weather_units_hour (&self->units, zone, hour->start_unix_us);
}

static void
draw_icon (WeatherHourlyCanvas *self, GtkSnapshot *snapshot, const char *name, float x)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      theme, name, NULL, ICON, gtk_widget_get_scale_factor (GTK_WIDGET (self)), GTK_TEXT_DIR_NONE, 0);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x - ICON / 2.0f, ICON_Y));
  gdk_paintable_snapshot (GDK_PAINTABLE (icon), snapshot, ICON, ICON);
  gtk_snapshot_restore (snapshot);
}

/* Where the chances stand. */
static float
chance_y (WeatherHourlyCanvas *self)
{
  return self->lane == LANE_BARS ? RAIN_BOTTOM + 4 : RAIN_NOTE_Y;
}

static int
canvas_height (WeatherHourlyCanvas *self)
{
  return (int) chance_y (self) + 22;
}

/* What the dry hours at the beginning of the strip say instead of standing empty. (nullable) */
static char *
dry_note (WeatherHourlyCanvas *self)
{
  GTimeZone *zone;
  g_autofree char *clock = NULL;
  g_autofree char *weekday = NULL;
  WeatherDay today;
  gint64 until;

  if (self->n_dry < NOTE_HOURS)
    return NULL;
  if (self->n_dry == self->hours->len)
    /* Translators: %u is a number of hours */
    return g_strdup_printf (ngettext ("No rain in the next %u hour", "No rain in the next %u hours", self->hours->len),
                            self->hours->len);
  zone = weather_forecast_get_zone (self->forecast);
  until = g_array_index (self->hours, WeatherPoint, self->n_dry).start_unix_us;
  clock = weather_units_hour (&self->units, zone, until);
  weather_day_at (zone, g_array_index (self->hours, WeatherPoint, 0).start_unix_us, &today);
  if (until < today.end_unix_us)
    /* Translators: a time of today: "No rain before 15:00" */
    return g_strdup_printf (_ ("No rain before %s"), clock);
  weekday = weather_units_weekday (zone, until);
  /* Translators: a weekday and a time of day: "No rain before Tue 05:00" */
  return g_strdup_printf (_ ("No rain before %s %s"), weekday, clock);
}

/* Over the dry hours and no further. */
static void
draw_dry_note (WeatherHourlyCanvas *self, GtkSnapshot *snapshot)
{
  g_autofree char *note = dry_note (self);
  g_autoptr (PangoLayout) layout = note != NULL ? gtk_widget_create_pango_layout (GTK_WIDGET (self), note) : NULL;

  if (layout == NULL)
    return;
  pango_layout_set_width (layout, (int) (self->n_dry * COLUMN - COLUMN / 2) * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  draw_layout (snapshot, layout, 12, self->lane == LANE_BARS ? (RAIN_TOP + RAIN_BOTTOM) / 2.0f - 6 : RAIN_NOTE_Y, 0.9f);
}

static void
draw_rain (WeatherHourlyCanvas *self, GtkSnapshot *snapshot, const WeatherPoint *hour, float x)
{
  if (weather_shows_rain (hour->precipitation_mm))
    {
      float most = (float) MAX (self->most_mm, 2);
      float height = MAX (3, (float) hour->precipitation_mm / most * (RAIN_BOTTOM - RAIN_TOP));
      graphene_rect_t bar = GRAPHENE_RECT_INIT (x - 9, RAIN_BOTTOM - height, 18, height);
      GskRoundedRect rounded;

      gsk_rounded_rect_init_from_rect (&rounded, &bar, 3);
      gtk_snapshot_push_rounded_clip (snapshot, &rounded);
      gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0.50f, 0.80f, 1, 0.95f }, &bar);
      gtk_snapshot_pop (snapshot);
    }
  if (weather_shows_chance (hour->precipitation_chance_pct))
    {
      g_autofree char *chance = weather_units_percent (&self->units, hour->precipitation_chance_pct);

      draw_text (self, snapshot, chance, x, chance_y (self), 0.9f, FALSE);
    }
}

static void
draw_line (WeatherHourlyCanvas *self, cairo_t *cr)
{
  gboolean drawing = FALSE;
  float last_x = 0, last_y = 0;

  for (guint i = 0; i < self->hours->len; i++)
    {
      const WeatherPoint *hour = &g_array_index (self->hours, WeatherPoint, i);
      float x = column_x (i), y;

      if (isnan (hour->temperature_c))
        {
          drawing = FALSE;
          continue;
        }
      y = line_y (self, hour->temperature_c);
      if (drawing)
        cairo_curve_to (cr, (last_x + x) / 2, last_y, (last_x + x) / 2, y, x, y);
      else
        cairo_move_to (cr, x, y);
      drawing = TRUE;
      last_x = x;
      last_y = y;
    }
}

static void
draw_curve (WeatherHourlyCanvas *self, GtkSnapshot *snapshot, float width)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, LINE_TOP - 6, width, LINE_BOTTOM - LINE_TOP + 12));
  cairo_pattern_t *colors = cairo_pattern_create_linear (0, LINE_BOTTOM, 0, LINE_TOP);

  for (int i = 0; i <= 4; i++)
    {
      WeatherColor color;

      weather_look_temperature (self->low_c + MAX (self->high_c - self->low_c, LEAST_SPAN_C) * i / 4, &color);
      cairo_pattern_add_color_stop_rgb (colors, i / 4.0, color.red, color.green, color.blue);
    }
  draw_line (self, cr);
  cairo_set_source (cr, colors);
  cairo_set_line_width (cr, 3);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
  cairo_pattern_destroy (colors);
  cairo_destroy (cr);
}

static void
weather_hourly_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WeatherHourlyCanvas *self = WEATHER_HOURLY_CANVAS (widget);
  float width = (float) (self->hours->len * COLUMN);

  if (self->hours->len == 0)
    return;
  if (self->lane == LANE_BARS)
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 0.25f }, &GRAPHENE_RECT_INIT (0, RAIN_BOTTOM, width, 1));
  draw_dry_note (self, snapshot);
  for (guint i = 0; i < self->hours->len; i++)
    {
      const WeatherPoint *hour = &g_array_index (self->hours, WeatherPoint, i);
      gboolean is_day_start;
      g_autofree char *label = hour_label (self, i, &is_day_start);
      g_autofree char *temperature = weather_units_temperature (&self->units, hour->temperature_c);
      float x = column_x (i);

      if (is_day_start)
        gtk_snapshot_append_color (
            snapshot, &(GdkRGBA){ 1, 1, 1, 0.25f },
            &GRAPHENE_RECT_INIT ((float) (i * COLUMN), 6, 1, (self->lane == LANE_BARS ? RAIN_BOTTOM : LINE_BOTTOM) - 6));
      draw_text (self, snapshot, label, x, HOUR_Y, 0.95f, i == 0 || is_day_start);
      draw_icon (self, snapshot, weather_look_icon (hour->condition, is_day_at (self, hour)), x);
      if (!isnan (hour->temperature_c))
        draw_text (self, snapshot, temperature, x + 2, line_y (self, hour->temperature_c) - 25, 1, TRUE);
      draw_rain (self, snapshot, hour, x);
    }
  draw_curve (self, snapshot, width);
}

static void
weather_hourly_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                               int *minimum_baseline, int *natural_baseline)
{
  WeatherHourlyCanvas *self = WEATHER_HOURLY_CANVAS (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? (int) self->hours->len * COLUMN : canvas_height (self);
}

static void
weather_hourly_canvas_finalize (GObject *object)
{
  WeatherHourlyCanvas *self = WEATHER_HOURLY_CANVAS (object);

  g_clear_object (&self->forecast);
  g_array_unref (self->hours);
  G_OBJECT_CLASS (weather_hourly_canvas_parent_class)->finalize (object);
}

static void
weather_hourly_canvas_class_init (WeatherHourlyCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = weather_hourly_canvas_finalize;
  widget_class->snapshot = weather_hourly_canvas_snapshot;
  widget_class->measure = weather_hourly_canvas_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "weatherhours");
}

static void
weather_hourly_canvas_init (WeatherHourlyCanvas *self)
{
  self->hours = g_array_new (FALSE, FALSE, sizeof (WeatherPoint));
}

static void
append_spoken (WeatherHourlyCanvas *self, GString *text, guint i)
{
  const WeatherPoint *hour = &g_array_index (self->hours, WeatherPoint, i);
  g_autofree char *clock = weather_units_hour (&self->units, weather_forecast_get_zone (self->forecast), hour->start_unix_us);
  g_autofree char *temperature = weather_units_temperature (&self->units, hour->temperature_c);
  g_autofree char *rain = weather_units_rain (&self->units, hour->precipitation_mm);
  const char *condition = weather_condition_text (hour->condition, is_day_at (self, hour));

  if (weather_shows_rain (hour->precipitation_mm))
    /* Translators: read aloud: time, temperature, what the weather is, how much rain */
    g_string_append_printf (text, _ ("%s: %s, %s, %s. "), clock, temperature, condition, rain);
  else
    /* Translators: read aloud: time, temperature, what the weather is */
    g_string_append_printf (text, _ ("%s: %s, %s. "), clock, temperature, condition);
}

static void
measure_rain (WeatherHourlyCanvas *self)
{
  self->most_mm = 0;
  self->n_dry = self->hours->len;
  self->lane = LANE_DRY;
  for (guint i = 0; i < self->hours->len; i++)
    {
      const WeatherPoint *hour = &g_array_index (self->hours, WeatherPoint, i);
      gboolean amount = weather_shows_rain (hour->precipitation_mm);

      if (hour->precipitation_mm > self->most_mm)
        self->most_mm = hour->precipitation_mm;
      if (!amount && !weather_shows_chance (hour->precipitation_chance_pct) && !weather_condition_is_wet (hour->condition)
          && !isnan (hour->precipitation_mm))
        continue;
      self->n_dry = MIN (self->n_dry, i);
      self->lane = MAX (self->lane, amount ? LANE_BARS : LANE_CHANCES);
    }
}

static void
measure_values (WeatherHourlyCanvas *self)
{
  self->low_c = INFINITY;
  self->high_c = -INFINITY;
  for (guint i = 0; i < self->hours->len; i++)
    {
      const WeatherPoint *hour = &g_array_index (self->hours, WeatherPoint, i);

      if (hour->temperature_c < self->low_c)
        self->low_c = hour->temperature_c;
      if (hour->temperature_c > self->high_c)
        self->high_c = hour->temperature_c;
    }
  if (!isfinite (self->low_c))
    self->low_c = self->high_c = 0;
}

static void
canvas_set (WeatherHourlyCanvas *self, WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  g_autoptr (GString) spoken = g_string_new (NULL);
  g_autofree char *note = NULL;

  g_set_object (&self->forecast, forecast);
  self->units = *units;
  g_array_unref (self->hours);
  self->hours = weather_forecast_list_hours (forecast, now_unix_us, N_HOURS);
  measure_values (self);
  measure_rain (self);
  note = dry_note (self);
  if (note != NULL)
    g_string_append_printf (spoken, "%s. ", note);
  for (guint i = 0; i < self->hours->len && i < SPOKEN_HOURS; i++)
    append_spoken (self, spoken, i);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken->str, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* ---- The scrolled strip ---- */

struct _WeatherHourly
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scrolled;
  WeatherHourlyCanvas *canvas;
};

G_DEFINE_FINAL_TYPE (WeatherHourly, weather_hourly, GTK_TYPE_WIDGET)

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, WeatherHourly *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (self->scrolled);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int step = key == GDK_KEY_Right ? 4 * COLUMN : key == GDK_KEY_Left ? -4 * COLUMN : 0;

  if (step == 0)
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + (rtl ? -step : step));
  return GDK_EVENT_STOP;
}

/* The strip itself only goes sideways, and would swallow the turns of a wheel that are meant for the page. */
static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, WeatherHourly *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;
  double step = 1;

  if (fabs (dx) >= fabs (dy) || (state & GDK_SHIFT_MASK) != 0 || page == NULL)
    return GDK_EVENT_PROPAGATE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));
  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL)
    step = pow (gtk_adjustment_get_page_size (adjustment), 2.0 / 3.0); /* as GtkScrolledWindow does */
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + dy * step);
  return GDK_EVENT_STOP;
}

static void
weather_hourly_dispose (GObject *object)
{
  WeatherHourly *self = WEATHER_HOURLY (object);

  if (self->scrolled != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->scrolled));
  self->scrolled = NULL;
  G_OBJECT_CLASS (weather_hourly_parent_class)->dispose (object);
}

static void
weather_hourly_class_init (WeatherHourlyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = weather_hourly_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
weather_hourly_init (WeatherHourly *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->canvas = g_object_new (WEATHER_TYPE_HOURLY_CANVAS, "focusable", TRUE, NULL);
  self->scrolled = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scrolled, GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (self->scrolled, GTK_WIDGET (self->canvas));
  gtk_widget_set_parent (GTK_WIDGET (self->scrolled), GTK_WIDGET (self));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), keys);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect (wheel, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (GTK_WIDGET (self), wheel);
}

GtkWidget *
weather_hourly_new (void)
{
  return g_object_new (WEATHER_TYPE_HOURLY, NULL);
}

void
weather_hourly_rewind (WeatherHourly *self)
{
  g_return_if_fail (WEATHER_IS_HOURLY (self));

  gtk_scrolled_window_set_kinetic_scrolling (self->scrolled, FALSE); /* ends what a finger's push began */
  gtk_scrolled_window_set_kinetic_scrolling (self->scrolled, TRUE);
  gtk_adjustment_set_value (gtk_scrolled_window_get_hadjustment (self->scrolled), 0);
}

gboolean
weather_hourly_set (WeatherHourly *self, WeatherForecast *forecast, const WeatherUnits *units, gint64 now_unix_us)
{
  g_return_val_if_fail (WEATHER_IS_HOURLY (self) && WEATHER_IS_FORECAST (forecast), FALSE);

  canvas_set (self->canvas, forecast, units, now_unix_us);
  return self->canvas->hours->len > 0;
}
